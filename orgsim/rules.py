"""What may happen: small named rules, each with a sentence for the person who keeps the ledger.

A rule looks at an event and the state before it, and returns a `Refusal` or None.  `CHECKS` lists the rules of each
kind of event in order; the first that refuses decides.  Rules change nothing, and know nothing of files.
"""

from collections.abc import Callable
from typing import Any

import attrs

from orgsim import transitions
from orgsim.errors import Location, did_you_mean
from orgsim.events import (
    AbolishPost,
    Appoint,
    ChangePerson,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Expect,
    Hire,
    OpenUnit,
    Report,
    Retract,
    StartLeave,
    Vacate,
)
from orgsim.lookups import (
    by_rank,
    heads,
    is_body,
    open_post,
    open_unit,
    organization_of,
    reporters,
    root_of,
)
from orgsim.model import Person, Post, Unit
from orgsim.timeline import State


@attrs.frozen
class Refusal:
    """Why an event cannot apply: the rule, a sentence, a remedy, places that matter, and the ids it is about."""

    rule: str
    message: str
    hint: str | None = None
    related: tuple[Location, ...] = ()
    about: tuple[str, ...] = ()


Rule = Callable[[Any, State], Refusal | None]


def _places(*events: Event | None) -> tuple[Location, ...]:
    return tuple(event.where for event in events if event is not None and event.where is not None)


# ------------------------------------------------------------------------------------------- ids that are not there


def unknown_person(id_: str, state: State) -> Refusal | None:
    """A person is introduced under `people:` or by `hire`, before anything else is said of them."""
    if isinstance(state.get(id_), Person):
        return None
    hint = did_you_mean(id_, state.index.person_ids) or "add the person under 'people:', or hire them first"
    return Refusal("unknown-person", f"there is no person {id_!r} yet", hint, about=(id_,))


def unknown_post(id_: str, state: State) -> Refusal | None:
    """A post is created by `create-post` before it is held, changed or reported to."""
    noun = state.get(id_)
    if isinstance(noun, Post):
        return None if noun.open else post_is_abolished(noun)
    hint = did_you_mean(id_, state.index.post_ids) or "create it first with 'create-post'"
    return Refusal("unknown-post", f"there is no post {id_!r} yet", hint, about=(id_,))


def unknown_unit(id_: str, state: State) -> Refusal | None:
    """A unit is opened by `open-unit` before anything belongs to it."""
    noun = state.get(id_)
    if isinstance(noun, Unit):
        return None if noun.open else unit_is_closed(noun)
    hint = did_you_mean(id_, state.index.unit_ids) or "open it first with 'open-unit'"
    return Refusal("unknown-unit", f"there is no unit {id_!r} yet", hint, about=(id_,))


def unknown_target(id_: str, state: State) -> Refusal | None:
    """A line goes to a post, a person or a unit that exists."""
    noun = state.get(id_)
    if isinstance(noun, Post):
        return None if noun.open else post_is_abolished(noun)
    if isinstance(noun, Unit):
        return None if noun.open else unit_is_closed(noun)
    if isinstance(noun, Person):
        return None
    index = state.index
    hint = did_you_mean(id_, index.ids) or "create the post or open the unit first, or declare the person"
    return Refusal("unknown-target", f"there is no post, person or unit {id_!r} yet", hint, about=(id_,))


def id_is_taken(id_: str, noun: type, state: State) -> Refusal | None:
    """People, posts and units share one set of ids, so that an id means one thing."""
    other = state.get(id_)
    if other is None or isinstance(other, noun):
        return None
    what = type(other).__name__.lower()
    return Refusal("id-is-taken", f"{id_!r} is already the id of a {what}", "choose another id", about=(id_,))


# ------------------------------------------------------------------------------------------------- legal transitions


def post_is_abolished(post: Post) -> Refusal:
    """An abolished post cannot be held, changed or reported to."""
    last = post.events[-1]
    message = f"post {post.id!r} is abolished since {last.date}"
    return Refusal("post-is-abolished", message, "name an open post, or create it again", _places(last), (post.id,))


def unit_is_closed(unit: Unit) -> Refusal:
    """Nothing can belong to a closed unit."""
    last = unit.events[-1]
    message = f"unit {unit.id!r} is closed since {last.date}"
    return Refusal("unit-is-closed", message, "name an open unit, or open it again", _places(last), (unit.id,))


def post_exists(post: Post) -> Refusal:
    """A post is created once, until it is abolished."""
    message = f"post {post.id!r} exists since {post.events[0].date}"
    hint = "use 'change-post' to change it, or choose another id"
    return Refusal("post-exists", message, hint, _places(post.events[0]), (post.id,))


def unit_exists(unit: Unit) -> Refusal:
    """A unit is opened once, until it is closed."""
    message = f"unit {unit.id!r} exists since {unit.events[0].date}"
    hint = "use 'change-unit' to change it, or choose another id"
    return Refusal("unit-exists", message, hint, _places(unit.events[0]), (unit.id,))


def post_is_held(post: Post) -> Refusal:
    """A post is abolished when nobody holds it."""
    who = ", ".join(repr(h.person or h.holder) for h in post.holders)
    places = _places(*(h.event for h in post.holders))
    about = (post.id, *(h.person for h in post.holders if h.person))
    return Refusal("post-is-held", f"post {post.id!r} is held by {who}", "vacate it first", places, about)


def not_employed(person: str, organization: str, state: State) -> Refusal:
    """Only somebody employed can leave, go on leave, or hold a post (seats on boards and committees aside)."""
    noun = state.person(person)
    elsewhere = [e.organization for e in noun.employments] if noun else []
    message = f"{person!r} is not employed in {organization!r} then" if organization else f"{person!r} is not employed then"
    if elsewhere:
        message += f", but in {', '.join(map(repr, elsewhere))}"
    return Refusal("not-employed", message, "hire the person first, or correct the date", about=(person,))


def already_employed(event: Hire, state: State) -> Refusal:
    """A person is hired into an organization once, until departing."""
    person = state.person(event.person)
    employment = person.employment(event.organization) if person else None
    since = employment.event if employment else None
    when = f" since {employment.since}" if employment else ""
    message = f"{event.person!r} is employed in {event.organization!r}{when}"
    return Refusal("already-employed", message, "remove this, or let the person depart first", _places(since))


def already_on_leave(event: StartLeave, state: State) -> Refusal:
    """A leave starts once, until it ends."""
    leave = (state.person(event.person) or Person(event.person, "")).leave
    when = f" since {leave.since}" if leave else ""
    message = f"{event.person!r} is on leave{when}"
    return Refusal("already-on-leave", message, "end that leave first", _places(leave.event if leave else None))


def not_on_leave(event: EndLeave, _state: State) -> Refusal:
    """A leave ends that has started."""
    return Refusal("not-on-leave", f"{event.person!r} is not on leave then", "start the leave first")


def person_transition(event: Hire | Depart | StartLeave | EndLeave, state: State) -> Refusal | None:
    """The table of a person in an organization."""
    person = state.person(event.person)
    here: object = None
    if person is not None:
        in_one = isinstance(event, Hire | Depart)
        here = person.employment(event.organization) if in_one else person.employments
    stage = "outside" if not here else "on leave" if person and person.leave else "employed"
    rule = transitions.PERSON[stage, event.kind]
    if not isinstance(rule, str):
        return None
    if rule == "not-employed":
        return not_employed(event.person, getattr(event, "organization", ""), state)
    return _PERSON_REFUSALS[rule](event, state)


_PERSON_REFUSALS: dict[str, Callable[[Any, State], Refusal]] = {
    "already-employed": already_employed,
    "already-on-leave": already_on_leave,
    "not-on-leave": not_on_leave,
}


def post_stage(post: Post | None) -> str:
    """The state of a post, in the words of the table."""
    if post is None:
        return "unknown"
    if not post.open:
        return "abolished"
    if not post.holders:
        return "vacant"
    taken = post.taken
    if post.seats != "any" and taken >= post.seats:
        return "full"
    return "partly held" if taken else "vacant"


def post_transition(id_: str, kind: str, state: State) -> Refusal | None:
    """The table of a post."""
    post = state.post(id_)
    rule = transitions.POST[post_stage(post), kind]
    if not isinstance(rule, str):
        return None
    if post is None:
        return unknown_post(id_, state)
    return _POST_REFUSALS[rule](post)


_POST_REFUSALS = {"post-is-abolished": post_is_abolished, "post-exists": post_exists, "post-is-held": post_is_held}


def unit_transition(event: OpenUnit | ChangeUnit | CloseUnit, state: State) -> Refusal | None:
    """The table of a unit."""
    unit = state.unit(event.unit)
    stage = "unknown" if unit is None else "open" if unit.open else "closed"
    rule = transitions.UNIT[stage, event.kind]
    if not isinstance(rule, str):
        return None
    if unit is None:
        return unknown_unit(event.unit, state)
    return unit_exists(unit) if rule == "unit-exists" else unit_is_closed(unit)


# ------------------------------------------------------------------------------------------------------------- units


def not_an_organization(id_: str, state: State) -> Refusal | None:
    """An employer is an organization: an open unit without a parent."""
    refusal = unknown_unit(id_, state)
    if refusal is not None:
        return refusal
    unit = state.unit(id_)
    if unit is None or unit.parent is None:
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
    return Refusal("unit-in-itself", f"{under!r} is {unit!r} or below it", "name another unit", about=(unit, under))


def crosses_organizations(what: str, here: str, there: str, state: State) -> Refusal | None:
    """People are employed by organizations, so what they work in cannot move to another one under them."""
    home, away = root_of(state, here), root_of(state, there)
    if home == away:
        return None
    message = f"{what!r} belongs to {home!r}, and {there!r} to {away!r}"
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
    shown = ", ".join(repr(id_) for id_ in left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
    hint = "close or move these first, or merge the unit with 'into'"
    return Refusal("unit-not-empty", f"unit {unit!r} still has {shown}", hint, about=(unit, *left))


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
    if refusal is not None or event.parent is None:
        return refusal
    refusal = unknown_unit(event.parent, state) or unit_in_itself(event.unit, event.parent, state)
    if refusal is None and state.index.people_of.get(root_of(state, event.unit)):
        refusal = crosses_organizations(event.unit, event.unit, event.parent, state)
    return refusal


def check_close_unit(event: CloseUnit, state: State) -> Refusal | None:
    """All that must hold for `close-unit`."""
    refusal = unit_transition(event, state)
    if refusal is not None:
        return refusal
    if event.into is None:
        return unit_not_empty(event, state)
    refusal = unknown_unit(event.into, state) or unit_in_itself(event.unit, event.into, state)
    unit = state.unit(event.unit)
    if refusal is None and unit is not None and unit.parent is not None:
        refusal = crosses_organizations(event.unit, event.unit, event.into, state)
    return refusal


# ------------------------------------------------------------------------------------------------------------- posts


def reports_to_itself(post: str, to: str) -> Refusal | None:
    """A post does not report to itself."""
    if post != to:
        return None
    hint = "name the post above it, or 'none' if it is the top"
    return Refusal("reports-to-itself", f"{post!r} would report to itself", hint, about=(post,))


def post_has_reports(post: str, state: State) -> Refusal | None:
    """A post is abolished when no post reports to it."""
    below = reporters(state, post)
    if not below:
        return None
    shown = ", ".join(repr(p.id) for p in below[:5]) + (f" and {len(below) - 5} more" if len(below) > 5 else "")
    places = _places(*(line.event for p in below[:3] for line in p.lines if line.to == post))
    hint = "let them report to somebody else first"
    return Refusal("post-has-reports", f"{shown} still reports to {post!r}", hint, places, (post,))


def seats_below_holders(event: ChangePost, state: State) -> Refusal | None:
    """A post has at least as many seats as substantive holders."""
    post = state.post(event.post)
    if post is None or event.seats is None or event.seats == "any" or event.seats >= post.taken:
        return None
    message = f"post {event.post!r} has {post.taken} holders, more than {event.seats} seats"
    places = _places(*(h.event for h in post.holders))
    return Refusal("seats-below-holders", message, "vacate first", places)


def _reports_to(event: CreatePost | ChangePost, state: State) -> Refusal | None:
    if event.reports_to is None or event.reports_to == "none":
        return None
    refusal = reports_to_itself(event.post, event.reports_to) or unknown_target(event.reports_to, state)
    if refusal is None and isinstance(state.get(event.reports_to), Person):
        message = f"{event.reports_to!r} is a person; 'reports_to' names a post or a unit"
        hint = "name the person's post, or use a 'report' event, which takes people"
        return Refusal("unknown-target", message, hint)
    return refusal


def check_create_post(event: CreatePost, state: State) -> Refusal | None:
    """All that must hold for `create-post`."""
    return (
        id_is_taken(event.post, Post, state)
        or post_transition(event.post, event.kind, state)
        or unknown_unit(event.unit, state)
        or (unknown_unit(event.heads, state) if event.heads is not None else None)
        or _reports_to(event, state)
    )


def check_change_post(event: ChangePost, state: State) -> Refusal | None:
    """All that must hold for `change-post`."""
    refusal = post_transition(event.post, event.kind, state)
    if refusal is None and event.unit is not None:
        post = state.post(event.post)
        refusal = unknown_unit(event.unit, state)
        if refusal is None and post is not None and post.holders:
            refusal = crosses_organizations(event.post, post.unit, event.unit, state)
    if refusal is None and event.heads is not None and event.heads != "none":
        refusal = unknown_unit(event.heads, state)
    return refusal or seats_below_holders(event, state) or _reports_to(event, state)


def check_abolish_post(event: AbolishPost, state: State) -> Refusal | None:
    """All that must hold for `abolish-post`."""
    return post_transition(event.post, event.kind, state) or post_has_reports(event.post, state)


# ------------------------------------------------------------------------------------------------------------ people


def check_hire(event: Hire, state: State) -> Refusal | None:
    """All that must hold for `hire`."""
    refusal = (
        id_is_taken(event.person, Person, state)
        or not_an_organization(event.organization, state)
        or person_transition(event, state)
    )
    if refusal is None and event.name is None and state.index.people and state.get(event.person) is None:
        refusal = unknown_person(event.person, state)
    return refusal or id_is_taken(f"{event.person}/{event.organization}", Post, state)


def check_depart(event: Depart, state: State) -> Refusal | None:
    """All that must hold for `depart`."""
    return (
        unknown_person(event.person, state)
        or unknown_unit(event.organization, state)
        or person_transition(event, state)
    )


def check_leave(event: StartLeave | EndLeave, state: State) -> Refusal | None:
    """All that must hold for `start-leave` and `end-leave`."""
    return unknown_person(event.person, state) or person_transition(event, state)


def check_change_person(event: ChangePerson, state: State) -> Refusal | None:
    """All that must hold for `change-person`."""
    return unknown_person(event.person, state)


# ------------------------------------------------------------------------------------------------------ appointments


def post_is_full(event: Appoint, state: State) -> Refusal | None:
    """A seat takes one substantive holder; a handover or a job share needs a second seat for that time."""
    post = state.post(event.post)
    if post is None or event.acting or post.seats == "any" or post.taken + event.seats <= post.seats:
        return None
    held = [h for h in post.holders if not h.acting]
    if not held:
        message = f"post {post.id!r} has {post.seats} seat{'s' if post.seats != 1 else ''}, fewer than {event.seats}"
        return Refusal("post-is-full", message, "give the post more seats")
    who = ", ".join(f"{h.person or h.holder!r} since {h.since}" for h in held[:5])
    about = tuple(h.person for h in held if h.person)
    hint = "vacate it first, or give the post more seats"
    return Refusal("post-is-full", f"post {post.id!r} is full: held by {who}", hint, _places(*(h.event for h in held)), about)


def already_holds(event: Appoint, state: State) -> Refusal | None:
    """A person holds a post once; acting may become substantive, not the other way around."""
    post = state.post(event.post)
    held = post.held_by(event.person) if post is not None and event.person is not None else None
    if held is None or (held.acting and not event.acting):
        return None
    message = f"{event.person!r} holds {event.post!r} since {held.since}"
    return Refusal("already-holds", message, "remove this, or vacate the post first", _places(held.event))


def does_not_hold(event: Vacate, state: State) -> Refusal | None:
    """Only a holder can vacate a post."""
    post = state.post(event.post)
    if post is None or any(h.person == event.person and h.holder == event.holder for h in post.holders):
        return None
    who = event.person or event.holder
    held = ", ".join(repr(h.person or h.holder) for h in post.holders) or "nobody"
    message = f"{who!r} does not hold {event.post!r} then; {held} does"
    hint = did_you_mean(who or "", [h.person for h in post.holders if h.person])
    return Refusal("does-not-hold", message, hint or "appoint first, or correct the date")


def check_appoint(event: Appoint, state: State) -> Refusal | None:
    """All that must hold for `appoint`."""
    refusal = unknown_person(event.person, state) if event.person is not None else None
    refusal = refusal or post_transition(event.post, event.kind, state) or already_holds(event, state)
    if refusal is not None:
        return refusal
    post, person = state.post(event.post), state.person(event.person or "")
    if post is not None and person is not None and not is_body(state, post.unit):
        employer = organization_of(state, post)
        if person.employment(employer) is None:
            return not_employed(person.id, employer, state)
    if post is not None and post.personal is not None and post.personal != event.person:
        message = f"{post.id!r} is the personal post of {post.personal!r}"
        return Refusal("personal-post", message, "create a post for it", about=(post.id,))
    return _seat(event, state)


def _seat(event: Appoint, state: State) -> Refusal | None:
    """Confirming an acting holder needs a seat like any other appointment."""
    return post_is_full(event, state)


def check_vacate(event: Vacate, state: State) -> Refusal | None:
    """All that must hold for `vacate`."""
    return (
        (unknown_person(event.person, state) if event.person is not None else None)
        or post_transition(event.post, event.kind, state)
        or does_not_hold(event, state)
        or personal_post(event, state)
    )


def personal_post(event: Vacate, state: State) -> Refusal | None:
    """A person's own post is theirs while employed: it is not vacated, nor held by anybody else."""
    post = state.post(event.post)
    if post is None or post.personal is None:
        return None
    message = f"{post.id!r} is the personal post of {post.personal!r}"
    return Refusal("personal-post", message, "let the person depart, or appoint them to another post", about=(post.id,))


# ------------------------------------------------------------------------------------------------------------- lines


def post_of(id_: str, organization: str | None, state: State) -> Post | Refusal:
    """The post a line given for a person means: the primary one, in the organization if given."""
    person = state.person(id_)
    if person is None:
        return unknown_person(id_, state) or Refusal("unknown-person", id_)
    posts = by_rank(state, person)
    here = [post for post in posts if organization_of(state, post) == organization]
    posts = here or posts
    if not posts:
        return has_no_post(id_)
    first = posts[0].held_by(id_)
    places = {organization_of(state, post) for post in posts}
    if len(places) > 1 and not (first and first.primary):
        return ambiguous_person(id_, posts)
    return posts[0]


def has_no_post(person: str) -> Refusal:
    """A line given for a person means one of their posts, so the person must hold one."""
    message = f"{person!r} holds no post then, and is not employed"
    return Refusal("has-no-post", message, "hire or appoint the person first, or name a post", about=(person,))


def ambiguous_person(person: str, posts: list[Post]) -> Refusal:
    """A line given for a person with posts in several organizations must say which post is meant."""
    names = ", ".join(repr(post.id) for post in posts)
    message = f"{person!r} holds posts in several organizations: {names}"
    return Refusal("ambiguous-person", message, "name the post, or mark one appointment 'primary: true'", about=(person,))


def ends(event: Report, state: State) -> tuple[Post, str] | Refusal:
    """The reporting post and the id at the other end of a `report`, people resolved to their posts."""
    if event.post is not None:
        refusal = post_transition(event.post, event.kind, state)
        post = state.post(event.post)
        if refusal is not None or post is None:
            return refusal or Refusal("unknown-post", event.post)
    else:
        found = post_of(event.person or "", event.organization, state)
        if isinstance(found, Refusal):
            return found
        post = found
    if event.to in ("none", "unknown"):
        return post, event.to
    refusal = unknown_target(event.to, state)
    if refusal is not None:
        return refusal
    if isinstance(state.get(event.to), Person):
        other = post_of(event.to, organization_of(state, post), state)
        return other if isinstance(other, Refusal) else (post, other.id)
    return post, event.to


def no_such_line(event: Report, post: Post, to: str) -> Refusal | None:
    """A line ends that exists."""
    dotted = event.line == "dotted"
    if not event.end or any(line.to == to and line.dotted == dotted for line in post.lines):
        return None
    now = ", ".join(f"{'dotted' if line.dotted else 'solid'} to {line.to!r}" for line in post.lines) or "none"
    message = f"{post.id!r} has no {event.line} line to {to!r} then; its lines: {now}"
    return Refusal("no-such-line", message, "correct 'to' or 'line', or remove this")


def check_report(event: Report, state: State) -> Refusal | None:
    """All that must hold for `report`."""
    found = ends(event, state)
    if isinstance(found, Refusal):
        return found
    post, to = found
    return reports_to_itself(post.id, to) or no_such_line(event, post, to)


def reporting_cycle(post: str, state: State) -> Refusal | None:
    """At the end of a day, no post reports to itself by way of others."""
    path = [post]
    while True:
        at = open_post(state, path[-1])
        line = at.line if at else None
        if line is None or line.to == "none":
            return None
        up = line.to
        if isinstance(state.get(up), Unit):
            leaders = heads(state, up)
            if not leaders:
                return None
            up = leaders[0].id
        if up in path:
            break
        path.append(up)
    circle = [*path[path.index(up) :], up]
    if post not in circle:
        return None
    message = "reporting lines run in a circle: " + " → ".join(map(repr, circle))
    lines = (open_post(state, id_) for id_ in circle[:-1])
    places = _places(*(p.line.event for p in lines if p is not None and p.line is not None))
    return Refusal("reporting-cycle", message, "end or change one of these lines", places, tuple(circle))


CHECKS: dict[type[Event], Rule] = {
    OpenUnit: check_open_unit,
    ChangeUnit: check_change_unit,
    CloseUnit: check_close_unit,
    CreatePost: check_create_post,
    ChangePost: check_change_post,
    AbolishPost: check_abolish_post,
    Hire: check_hire,
    Depart: check_depart,
    ChangePerson: check_change_person,
    Appoint: check_appoint,
    Vacate: check_vacate,
    Report: check_report,
    StartLeave: check_leave,
    EndLeave: check_leave,
}
NEVER_APPLIED = (Retract, Expect)
