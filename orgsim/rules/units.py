"""Rules about units: what may be opened, moved, merged and closed."""

from orgsim.events import ChangeUnit, CloseUnit, OpenUnit
from orgsim.lookups import open_post, open_unit, reporters, root_of
from orgsim.model import BODIES, Unit
from orgsim.rules.ids import id_is_taken, unknown_unit
from orgsim.rules.moves import unit_transition
from orgsim.rules.refusal import Refusal, some
from orgsim.timeline import State


def not_an_organization(id_: str, state: State) -> Refusal | None:
    """An employer is an organization: an open unit without a parent, and no board or committee."""
    unit = state.unit(id_)
    if unit is None or not unit.open:
        return unknown_unit(id_, state)
    if unit.is_body:
        message = f"{id_!r} is a {unit.kind}, which employs nobody"
        return Refusal("not-an-organization", message, "name the organization, or appoint without hiring", about=(id_,))
    if unit.parent is None:
        return None
    message = f"{id_!r} is part of {unit.parent!r}, not an organization"
    return Refusal("not-an-organization", message, f"name the organization: {root_of(state, id_)!r}", about=(id_,))


def unit_in_itself(unit: str, under: str, state: State) -> Refusal | None:
    """A unit cannot move or merge into itself or into a unit below it."""
    at: str | None = under
    while at is not None and at != unit:
        noun = state.unit(at)
        at = noun.parent if noun else None
    if at is None:
        return None
    where = "itself" if unit == under else f"{under!r}, which lies below it"
    return Refusal("unit-in-itself", f"{unit!r} cannot move into {where}", "name another unit", about=(unit, under))


def crosses_organizations(what: str, here: str, there: str, state: State) -> Refusal | None:
    """People are employed by organizations, so what they work in cannot move to another one under them."""
    home, away = root_of(state, here), root_of(state, there)
    if home == away:
        return None
    where = f"to {there!r}" if there == away else f"to {there!r}, which belongs to {away!r}"
    message = f"{what!r} belongs to {home!r}, so it cannot move {where}"
    hint = "merge the organization with 'close-unit' and 'into', or create it anew there and hire the people"
    return Refusal("crosses-organizations", message, hint, about=(what,))


def unit_not_empty(event: CloseUnit, state: State) -> Refusal | None:
    """A unit closes when it has no open units, posts, lines or employed people, or merges `into` another."""
    index, unit = state.index, event.unit
    left = [u for u in index.units_under.get(unit, ()) if (o := open_unit(state, u)) and o.parent == unit]
    left += [p for p in index.posts_of_unit.get(unit, ()) if (q := open_post(state, p)) and q.unit == unit]
    for id_ in index.people_of.get(unit, ()):
        person = state.person(id_)
        if person is not None and person.employment(unit) is not None and id_ not in left:
            left.append(id_)
    left += [f"{post.id} (reports to it)" for post in reporters(state, unit)]
    if not left:
        return None
    hint = "close or move these first, or merge the unit with 'into'"
    return Refusal("unit-not-empty", f"unit {unit!r} still has {some(left)}", hint, about=(unit, *left))


def body_has_members(unit: str, *, becomes_body: bool, state: State) -> Refusal | None:
    """Members of a board or committee need no employment, so held posts do not pass between a body and another unit."""
    noun, index = state.unit(unit), state.index
    if noun is None or noun.is_body == becomes_body:
        return None
    posts = (open_post(state, id_) for id_ in index.posts_of_unit.get(unit, ()))
    held = [post.id for post in posts if post is not None and post.unit == unit and post.holders]
    people = (state.person(id_) for id_ in index.people_of.get(unit, ()))
    staff = [person.id for person in people if person is not None and person.employment(unit) is not None]
    if not held and not staff:
        return None
    what = "is a board or committee" if noun.is_body else "is no board or committee"
    why = f"{some(held)} {'is' if len(held) == 1 else 'are'} held in it" if held else f"it employs {some(staff)}"
    hint = "vacate first, and appoint again afterwards" if held else "open the body as a unit of the organization"
    return Refusal("body-has-members", f"{unit!r} {what}, and {why}", hint, about=(unit, *held))


def check_open_unit(event: OpenUnit, state: State) -> Refusal | None:
    """All that must hold for `open-unit`."""
    return (
        id_is_taken(event.unit, Unit, state)
        or unit_transition(event, state)
        or (unknown_unit(event.parent, state) if event.parent is not None else None)
    )


def check_change_unit(event: ChangeUnit, state: State) -> Refusal | None:
    """All that must hold for `change-unit`."""
    refusal = unit_transition(event, state)
    if refusal is None and event.unit_kind is not None:
        refusal = body_has_members(event.unit, becomes_body=event.unit_kind in BODIES, state=state)
    if refusal is not None or event.parent is None:
        return refusal
    return (
        unknown_unit(event.parent, state)
        or unit_in_itself(event.unit, event.parent, state)
        or crosses_organizations(event.unit, event.unit, event.parent, state)
    )


def check_close_unit(event: CloseUnit, state: State) -> Refusal | None:
    """All that must hold for `close-unit`."""
    refusal = unit_transition(event, state)
    if refusal is not None:
        return refusal
    if event.into is None:
        return unit_not_empty(event, state)
    refusal = unknown_unit(event.into, state) or unit_in_itself(event.unit, event.into, state)
    unit, into = state.unit(event.unit), state.unit(event.into)
    if refusal is None and unit is not None and unit.parent is not None:
        refusal = crosses_organizations(event.unit, event.unit, event.into, state)
    elif refusal is None:
        refusal = not_an_organization(root_of(state, event.into), state)
    if refusal is None and into is not None:
        refusal = body_has_members(event.unit, becomes_body=into.is_body, state=state)
    return refusal
