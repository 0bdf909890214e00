"""A naive second ledger, written from `docs/reference/ledger.md` alone: slow, mutable, and obviously right.

It sorts the events, throws away what was not known, and applies the rest one after the other to dictionaries and
lists; nothing is indexed, cached or shared.  The tests ask it and the real ledger the same questions.  It must not
import anything that answers them: only dates and events.  Facts, rules and effects are in `tests/properties/naive_*`.
"""

import datetime as dt
from collections.abc import Iterable

from orgsim import events as ev
from tests.properties.naive_effects import State


class Oracle:
    """The naive ledger: events, and the people and sources they name."""

    def __init__(
        self, events: Iterable[ev.Event], people: Iterable[tuple[str, str]] = (), sources: Iterable[str] = ()
    ) -> None:
        self.events = sorted(events, key=lambda event: event.date.day)
        self.people = dict(people)
        self.sources = set(sources)
        self.personal = {f"{event.person}/{event.organization}" for event in self.events if isinstance(event, ev.Hire)}
        self.opened = {event.unit for event in self.events if isinstance(event, ev.OpenUnit)}

    def seen(self, known: dt.date | None) -> list[ev.Event]:
        """The events that count with what was known on a day, rival accounts among them."""
        until = known or dt.date.max
        gone = {e.of for e in self.events if isinstance(e, ev.Retract) and e.known <= until}
        return [e for e in self.events if e.known <= until and (e.id is None or e.id not in gone)]

    def counted(self, known: dt.date | None) -> list[ev.Event]:
        """The events that are applied or judged with what was known on a day."""
        return [e for e in self.seen(known) if e.disputes is None]

    def state(self, at: dt.date, known: dt.date | None = None) -> State:
        """What is true at the end of a day, if the ledger is legal."""
        state = State(self.opened, self.personal, self.people)
        for event in self.counted(known):
            if event.date.day <= at:
                state.apply(event)
        return state

    def refused(self, known: dt.date | None = None) -> set[str]:
        """The rules that refuse the first wrong day with what was known on a day; empty if there is none."""
        state = State(self.opened, self.personal, self.people)
        counted = self.counted(known)
        for day in sorted({event.date.day for event in counted}):
            today = [event for event in counted if event.date.day == day]
            for event in today:
                if not isinstance(event, ev.Expect):
                    if rules := state.against(event):
                        return rules
                    state.apply(event)
            if any(state.in_a_cycle(post) for post in state.posts):
                return {"reporting-cycle"}
            for event in today:
                if isinstance(event, ev.Expect):
                    if rules := state.against(event):
                        return rules
                    if state.fails(event):
                        return {"expectation-failed"}
        return set()

    def days_of_knowledge(self) -> list[dt.date]:
        """Every date on which something became known."""
        return sorted({event.known for event in self.events})

    def bad_references(self) -> set[str]:
        """What is wrong with the ids of events and sources."""
        ids = [event.id for event in self.events if event.id is not None]
        bad = {"duplicate-event-id"} if len(ids) != len(set(ids)) else set()
        by_id = {event.id: event for event in self.events if event.id is not None}
        for event in self.events:
            if any(source.id not in self.sources for source in event.source):
                bad.add("unknown-source")
            if event.disputes is not None and event.disputes not in by_id:
                bad.add("unknown-event")
            elif event.disputes is not None and self.is_no_rival(event, by_id[event.disputes]):
                bad.add("bad-dispute")
            if isinstance(event, ev.Retract):
                if event.of not in by_id:
                    bad.add("unknown-event")
                elif isinstance(by_id[event.of], ev.Retract) or event.known < by_id[event.of].known:
                    bad.add("bad-retraction")
        gone = [event.of for event in self.events if isinstance(event, ev.Retract)]
        return bad if len(gone) == len(set(gone)) else bad | {"bad-retraction"}

    def is_no_rival(self, event: ev.Event, other: ev.Event) -> bool:
        """Whether an event cannot be a rival account of another."""
        known = set(self.people)
        for told in self.events:
            for kind, names in ((ev.OpenUnit, ["unit"]), (ev.CreatePost, ["post"]), (ev.Hire, ["person"])):
                if isinstance(told, kind):
                    known.update(getattr(told, name) for name in names)
        subjects = (getattr(event, name, None) for name in ("person", "post", "unit", "organization"))
        strange = any(id_ is not None and id_ not in known and "/" not in id_ for id_ in subjects)
        return other.disputes is not None or isinstance(event, ev.Retract) or strange

    def problems(self) -> dict[dt.date | None, set[str]]:
        """What is wrong at each date on which something became known; under None, what is wrong at all."""
        found: dict[dt.date | None, set[str]] = {None: self.bad_references()}
        found.update((known, self.refused(known)) for known in self.days_of_knowledge())
        return {known: rules for known, rules in found.items() if rules}

    def disputed(self, event: ev.Event, known: dt.date | None = None) -> bool:
        """Whether a rival account of an event is known."""
        return event.id is not None and any(rival.disputes == event.id for rival in self.seen(known))
