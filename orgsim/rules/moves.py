"""The legal moves: what the tables of `transitions` allow, and the words for what they refuse."""

from collections.abc import Callable
from typing import Any

from orgsim import transitions
from orgsim.events import ChangeEmployment, ChangeUnit, CloseUnit, Depart, EndLeave, Event, Hire, OpenUnit, StartLeave
from orgsim.model import Person, Post, Unit
from orgsim.rules.ids import post_is_abolished, unit_is_closed, unknown_post, unknown_unit
from orgsim.rules.refusal import FEW, Refusal, places
from orgsim.timeline import State


def post_exists(post: Post) -> Refusal:
    """A post is created once, until it is abolished."""
    message = f"post {post.id!r} exists since {post.events[0].date}"
    hint = "use 'change-post' to change it, or choose another id"
    return Refusal("post-exists", message, hint, places(post.events[0]), (post.id,))


def unit_exists(unit: Unit) -> Refusal:
    """A unit is opened once, until it is closed."""
    message = f"unit {unit.id!r} exists since {unit.events[0].date}"
    hint = "use 'change-unit' to change it, or choose another id"
    return Refusal("unit-exists", message, hint, places(unit.events[0]), (unit.id,))


def post_is_held(post: Post) -> Refusal:
    """A post is abolished when nobody holds it."""
    who = ", ".join(f"{h.person or h.holder!r} since {h.since}" for h in post.holders[:FEW])
    related = places(*(h.event for h in post.holders))
    about = (post.id, *(h.person for h in post.holders if h.person))
    return Refusal("post-is-held", f"post {post.id!r} is held by {who}", "vacate it first", related, about)


def not_employed(person: str, organization: str | None, event: Event, state: State) -> Refusal:
    """Only somebody employed can leave, go on leave, or hold a post (seats on boards and committees aside)."""
    noun = state.person(person)
    elsewhere = [e.organization for e in noun.employments] if noun else []
    where = f" in {organization!r}" if organization else ""
    message = f"{person!r} is not employed{where} on {event.date}"
    if elsewhere:
        message += f", but in {', '.join(map(repr, elsewhere))}"
    hint = "hire the person first, or correct the date"
    if elsewhere and isinstance(event, Depart | ChangeEmployment):
        hint = f"name 'organization: {elsewhere[0]}', {hint}"
    return Refusal("not-employed", message, hint, about=(person,))


def already_employed(event: Hire, state: State) -> Refusal:
    """A person is hired into an organization once, until departing."""
    person = state.person(event.person)
    employment = person.employment(event.organization) if person else None
    since = employment.event if employment else None
    when = f" since {employment.since}" if employment else ""
    message = f"{event.person!r} is employed in {event.organization!r}{when}"
    return Refusal("already-employed", message, "remove this, or let the person depart first", places(since))


def already_on_leave(event: StartLeave, state: State) -> Refusal:
    """A leave starts once, until it ends."""
    leave = (state.person(event.person) or Person(event.person, "")).leave
    when = f" since {leave.since}" if leave else ""
    message = f"{event.person!r} is on leave{when}"
    return Refusal("already-on-leave", message, "end that leave first", places(leave.event if leave else None))


def not_on_leave(event: EndLeave, _state: State) -> Refusal:
    """A leave ends that has started."""
    return Refusal("not-on-leave", f"{event.person!r} is not on leave on {event.date}", "start the leave first")


def person_transition(event: Hire | Depart | ChangeEmployment | StartLeave | EndLeave, state: State) -> Refusal | None:
    """The table of a person in an organization."""
    person = state.person(event.person)
    organization = event.organization if isinstance(event, Hire | Depart | ChangeEmployment) else None
    here: object = None
    if person is not None:
        here = person.employments if organization is None else person.employment(organization)
    stage = "outside" if not here else "on leave" if person and person.leave else "employed"
    rule = transitions.PERSON[stage, event.kind]
    if not isinstance(rule, str):
        return None
    if rule == "not-employed":
        return not_employed(event.person, organization, event, state)
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
    return "partly held" if taken else "covered"


def post_transition(id_: str, kind: str, state: State) -> Refusal | None:
    """The table of a post, for the post of an id."""
    return post_move(id_, state.post(id_), kind, state)


def post_move(id_: str, post: Post | None, kind: str, state: State) -> Refusal | None:
    """The table of a post."""
    rule = transitions.POST[post_stage(post), kind]
    if not isinstance(rule, str):
        return None
    if post is None:
        return unknown_post(id_, state)
    if rule == "does-not-hold":
        return None  # the rule itself says who does not hold it
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
