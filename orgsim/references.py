"""What must hold between events whatever the state: ids of events and sources that are named exist, once."""

from collections.abc import Iterable, Sequence

import attrs

from orgsim.errors import Problem, did_you_mean
from orgsim.events import Event, Retract
from orgsim.index import Index
from orgsim.values import all_hold, wrong_value

_SUBJECTS = ("person", "post", "unit", "organization")


def check_references(events: Sequence[Event], index: Index) -> list[Problem]:
    """All problems of references, in the order of the events."""
    named: dict[str, Event] = {}
    retracted: dict[str, Retract] = {}
    uncited: dict[str, list[Event]] = {}
    problems: list[Problem] = []
    for event in events:
        for source in event.source:
            if source.id not in index.sources:
                uncited.setdefault(source.id, []).append(event)
        if event.id is not None:
            problems += duplicate_event_id(event, event.id, named)
        if event.disputes is not None:
            problems += unknown_event(event, event.disputes, "disputes", index) or bad_dispute(event, index)
        if isinstance(event, Retract):
            problems += unknown_event(event, event.of, "of", index) or bad_retraction(event, index, retracted)
    return problems + [unknown_source(id_, citing, index) for id_, citing in uncited.items()]


def bad_dispute(event: Event, index: Index) -> list[Problem]:
    """A rival account disputes an event that counts, is no retraction, and names what the ledger knows."""
    disputed = index.events[event.disputes or ""]
    if event.disputes == event.id:
        hint = "name the event that says otherwise, or remove 'disputes'"
        return [Problem(event.where, "bad-dispute", f"{event.id!r} disputes itself", hint)]
    if isinstance(event, Retract):
        message = "'retract' and 'disputes' do not go together"
        return [Problem(event.where, "bad-dispute", message, "retract the event, or give a rival account")]
    if disputed.disputes is not None:
        message = f"{event.disputes!r} is itself a rival account, of {disputed.disputes!r}"
        places = (disputed.where,) if disputed.where else ()
        return [Problem(event.where, "bad-dispute", message, "dispute the event that counts", places)]
    for name in _SUBJECTS:
        id_ = getattr(event, name, None)
        if id_ is not None and id_ not in index.ids:
            hint = did_you_mean(id_, index.ids) or "name what other events of this ledger make up"
            return [Problem(event.where, "bad-dispute", f"the ledger knows no {name} {id_!r}", hint)]
    return []


def check_values(made: Sequence[attrs.AttrsInstance]) -> list[Problem]:
    """What was made in Python is held to the types of its fields, as a file is."""
    if all_hold(made):
        return []
    wrong = filter(None, map(wrong_value, made))
    return [Problem(None, error.rule, error.message, error.hint) for error in wrong]


def unknown_source(id_: str, citing: list[Event], index: Index) -> Problem:
    """A source is declared under `sources:` before events cite it."""
    hint = did_you_mean(id_, index.sources) or "declare it under 'sources:'"
    more = f", cited here and {len(citing) - 1} more times" if len(citing) > 1 else ""
    return Problem(citing[0].where, "unknown-source", f"there is no source {id_!r}{more}", hint)


def duplicate_event_id(event: Event, id_: str, named: dict[str, Event]) -> Iterable[Problem]:
    """The id of an event names one event."""
    first = named.setdefault(id_, event)
    if first is not event:
        places = (first.where,) if first.where else ()
        message = f"two events have the id {id_!r}"
        yield Problem(event.where, "duplicate-event-id", message, "give one of them another id", places)


def unknown_event(event: Event, id_: str, key: str, index: Index) -> list[Problem]:
    """`retract` and `disputes` name an event of this ledger by its id."""
    if id_ in index.events:
        return []
    hint = did_you_mean(id_, index.events) or "give the event meant an 'id'"
    return [Problem(event.where, "unknown-event", f"no event has the id {id_!r}, which {key!r} names", hint)]


def bad_retraction(event: Retract, index: Index, retracted: dict[str, Retract]) -> list[Problem]:
    """An event is retracted once, not before it is known; a retraction itself cannot be retracted."""
    target = index.events[event.of]
    first = retracted.setdefault(event.of, event)
    message = hint = None
    related = target
    if isinstance(target, Retract):
        message, hint = f"{event.of!r} is itself a retraction", "record the fact again with its own 'known' date"
    elif first is not event:
        message, hint, related = f"{event.of!r} is retracted twice", "remove one of them", first
    elif event.known < target.known:
        message = f"{event.of!r} is known since {target.known}, so it cannot be retracted on {event.known}"
        hint = "correct one of the 'known' dates"
    if message is None:
        return []
    places = (related.where,) if related.where else ()
    return [Problem(event.where, "bad-retraction", message, hint, places)]
