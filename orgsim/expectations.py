"""Judging `expect`: what an assertion says against what is true at the end of its day."""

from orgsim.errors import Location
from orgsim.events import Expect
from orgsim.lookups import by_rank, headcount, manager_of
from orgsim.model import Appointment, Person, Post
from orgsim.rules.ids import unknown_person, unknown_post, unknown_unit
from orgsim.rules.refusal import Refusal
from orgsim.timeline import State


def expectation_failed(event: Expect, state: State) -> Refusal | None:
    """What a ledger expects of a date is what its events give on that date."""
    if event.post is not None:
        refusal = unknown_post(event.post, state)
        post = state.post(event.post)
        return refusal if refusal or post is None else _of_post(event, post)
    if event.person is not None:
        refusal = unknown_person(event.person, state)
        person = state.person(event.person)
        return refusal if refusal or person is None else _of_person(event, person, state)
    if event.unit is not None:
        refusal = unknown_unit(event.unit, state)
        return refusal or _of_unit(event, event.unit, state)
    return None


def _failed(event: Expect, said: str, told: str, *places: Location | None) -> Refusal:
    message = f"expected {said} at the end of {event.date}, but {told}"
    hint = "correct the expectation, or the events before it"
    return Refusal("expectation-failed", message, hint, tuple(p for p in places if p))


def _names(post: Post) -> str:
    who = (f"{h.person or h.holder!r}{' acting' if h.acting else ''} since {h.since}" for h in post.holders)
    return ", ".join(who) or "nobody"


def _of_post(event: Expect, post: Post) -> Refusal | None:
    places = [h.event.where for h in post.holders]
    if event.vacant is not None and event.vacant != post.vacant:
        said = f"{post.id!r} to be {'vacant' if event.vacant else 'held'}"
        return _failed(event, said, f"it is held by {_names(post)}", *places)
    if event.holder is not None and not any(_is_holder(h, event) for h in post.holders):
        manner = {None: "", True: " acting", False: " substantively"}[event.acting]
        return _failed(event, f"{event.holder!r} to hold {post.id!r}{manner}", f"{_names(post)} does", *places)
    if event.reports_to is not None:
        line = post.line
        to = line.to if line is not None else "unknown"
        if to != event.reports_to:
            where = line.event.where if line is not None else None
            said = f"{post.id!r} to report to {event.reports_to!r}"
            told = "its manager is not known" if to == "unknown" else f"it reports to {to!r}"
            return _failed(event, said, told, where)
    return None


def _is_holder(holder: Appointment, event: Expect) -> bool:
    return event.holder in (holder.person, holder.holder) and event.acting in (None, holder.acting)


def _of_person(event: Expect, person: Person, state: State) -> Refusal | None:
    if event.on_leave is not None and event.on_leave != (person.leave is not None):
        said = f"{person.id!r} {'' if event.on_leave else 'not '}to be on leave"
        return _failed(event, said, "it is not so", person.leave.event.where if person.leave else None)
    if event.employer is not None:
        employers = [e.organization for e in person.employments]
        if event.employer not in (employers or ["none"]):
            told = f"the employer is {', '.join(map(repr, employers)) or 'none'}"
            return _failed(event, f"{person.id!r} to be employed by {event.employer!r}", told)
    if event.manager is not None:
        told = _manager(person, state)
        if told != event.manager:
            return _failed(event, f"{person.id!r} to report to {event.manager!r}", f"the manager is {told!r}")
    return None


def _manager(person: Person, state: State) -> str:
    posts = by_rank(state, person)
    if not posts:
        return "unknown"
    line = posts[0].line
    if line is not None and line.to == "none":
        return "none"
    return manager_of(state, person) or "unknown"


def _of_unit(event: Expect, unit: str, state: State) -> Refusal | None:
    if event.headcount is None:
        return None
    counted = headcount(state, unit)
    if counted == event.headcount:
        return None
    return _failed(event, f"{unit!r} to have {event.headcount} employees", f"it has {counted}")
