"""A ledger as it was on a day: only what was known by then, so that nothing learned later can leak."""

import datetime as dt

import attrs

from orgsim.events import Event, Retract
from orgsim.ledger import Ledger


def as_known_on(ledger: Ledger, day: dt.date) -> Ledger:
    """The ledger of the events known by then, with the people and sources they name.

    What was retracted by then stays, with its retraction: what was known in between rests on it.
    """
    events = [event for event in ledger.events if event.known <= day]
    there = {event.id for event in events if event.id is not None}
    # A rival account of something not yet known applies to nothing, and has nothing to rival.
    while rivals := {id(event): event.id for event in events if _names_nothing(event, there)}:
        events = [event for event in events if id(event) not in rivals]
        there -= {id_ for id_ in rivals.values() if id_ is not None}
    people, sources = _named(events), {ref.id for event in events for ref in event.source}
    return Ledger(
        events,
        [person for person in ledger.people if person.id in people],
        [source for source in ledger.sources if source.id in sources],
    )


def _names_nothing(event: Event, there: set[str]) -> bool:
    named = event.of if isinstance(event, Retract) else event.disputes
    return named is not None and named not in there


def _named(events: list[Event]) -> set[str]:
    """Every id that any event names, whatever it is of."""
    return {
        value
        for event in events
        for field in attrs.fields(type(event))
        if str(field.metadata.get("type", "")).startswith("id") and isinstance(value := getattr(event, field.name), str)
    }
