"""One fold of all events into a timeline, and the proof that it holds at every known date.

Every event is a step, in the order (date, place in the ledger); each day ends with a closing step that judges what
must hold only then.  Known date after known date, the events that become known then are queued, and the timeline
runs them and whatever they change.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby
from operator import itemgetter

import attrs

from orgsim.errors import Problem
from orgsim.events import Event, Expect, Retract
from orgsim.expectations import expectation_failed
from orgsim.index import Index
from orgsim.model import Noun
from orgsim.replay import HANDLERS, settle
from orgsim.rules import CHECKS, Refusal, reporting_cycle
from orgsim.timeline import Timeline, WakingTimeline

_NAMES = ("person", "post", "unit", "to", "organization", "reports_to", "parent", "into", "heads", "holder", "manager")


Entry = tuple[dt.date, bool, Event, int]
"""On a day, an event becomes known (True) or turns out not to hold (False); and its step, or that which judges it."""


@attrs.define
class Closing:
    """The end of a day: the expectations to judge, and the steps whose lines may close a circle."""

    expects: list[tuple[int, Expect]] = attrs.field(factory=list)
    steps: list[int] = attrs.field(factory=list)


class Steps:
    """The order in which events apply, and which of them are known when."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Number the events, which come sorted by date; a closing step ends each day."""
        self.events = events
        self.order: list[Event | Closing] = []
        self.days: list[int] = []
        self.ends: list[int] = []
        self._number(events)

    @cached_property
    def one_pass(self) -> bool:
        """Whether no step ever runs twice: what was known on a day is a beginning of the whole, or nothing."""
        if any(isinstance(event, Retract) for event in self.events):
            return False
        on_their_day = all(event.known == event.date.day for event in self.events)
        return on_their_day or len({event.known for event in self.events}) == 1

    @cached_property
    def closings(self) -> dict[int, int]:
        """For each step, the one that ends its day."""
        days = ((end, self.order[end]) for end in self.ends)
        return {step: end for end, item in days if isinstance(item, Closing) for step in item.steps}

    @cached_property
    def schedule(self) -> list[Entry]:
        """What becomes known, or turns out not to hold, in the order of the days on which it does."""
        found: list[Entry] = []
        for step, item in enumerate(self.order):
            if isinstance(item, Closing):
                found += [(e.known, True, e, step) for _, e in item.expects]
            else:
                found.append((item.known, True, item, step))
        ends = {event.of: event.known for event in self.events if isinstance(event, Retract)}
        found += [(ends[e.id], False, e, step) for _, _, e, step in found if e.id in ends]
        return sorted(found, key=itemgetter(0))

    def _number(self, events: Sequence[Event]) -> None:
        closing, today = Closing(), None
        for place, event in enumerate(events):
            if isinstance(event, Retract) or event.disputes is not None:
                continue
            day = event.date.day
            if day != today:
                if today is not None:
                    self._end(today, closing)
                closing, today = Closing(), day
            if isinstance(event, Expect):
                closing.expects.append((place, event))
            else:
                closing.steps.append(len(self.order))
                self.order.append(event)
        if today is not None:
            self._end(today, closing)

    def _end(self, day: dt.date, closing: Closing) -> None:
        self.days.append(day.toordinal())
        self.ends.append(len(self.order))
        self.order.append(closing)

    def until(self, day: dt.date) -> int:
        """The first step after a day: the chart of the day is what holds before it."""
        at = bisect_right(self.days, day.toordinal())
        return self.ends[at - 1] + 1 if at else 0


class Fold:
    """A timeline being made: which events are seen, and which of them are refused."""

    def __init__(self, steps: Steps, index: Index, timeline: Timeline) -> None:
        """Nothing is seen yet."""
        self.steps = steps
        self.index = index
        self.timeline = timeline
        self.seen: set[int] = set()
        """The `id()` of every event seen; events may be equal, so they cannot be told apart by value."""
        self.refused: dict[tuple[int, int], tuple[Event, Refusal]] = {}
        self.fresh: list[tuple[int, int]] = []
        """What was refused since somebody last looked."""
        self.lines: dict[int, list[str]] = {}

    def see(self, entries: Iterable[Entry]) -> list[int]:
        """Take note of what becomes known, or turns out not to hold; give the steps concerned."""
        steps = []
        for _, holds, event, step in entries:
            (self.seen.add if holds else self.seen.discard)(id(event))
            steps.append(step)
        return steps

    def run_all(self) -> None:
        """Run every step once, in order."""
        today = 0
        for step, item in enumerate(self.steps.order):
            if not isinstance(item, Closing):
                self.run(step, item)
            elif item.expects or len(self.lines) > today:
                self.close(step, item)
                today = len(self.lines)

    def run(self, step: int, event: Event) -> None:
        """Apply an event if it is seen and the rules let it pass."""
        state = self.timeline.state
        state.begin(step)
        writes: dict[str, Noun] = {}
        refusal = None
        if id(event) in self.seen:
            refusal = CHECKS[type(event)](event, state)
            if refusal is None:
                HANDLERS[type(event)](event, state)
                if self.index.lingering:
                    settle(event, state)
                writes = state.writes
        if refusal is not None:
            self._refuse((step, -1), event, refusal)
        elif self.refused:
            self.refused.pop((step, -1), None)
        self.timeline.commit(step, writes)
        if state.lines_changed or step in self.lines:
            self.lines[step] = state.lines_changed

    def _refuse(self, key: tuple[int, int], event: Event, refusal: Refusal) -> None:
        if key not in self.refused:
            self.fresh.append(key)
        self.refused[key] = (event, refusal)

    def close(self, step: int, closing: Closing) -> None:
        """Judge what must hold at the end of a day."""
        state = self.timeline.state
        state.begin(step)
        circles: set[str] = set()
        safe: set[str] = set()
        for at in reversed(closing.steps):  # the last line drawn is the one that closed a circle
            self.refused.pop((step, at), None)
            for post in self.lines.get(at, ()):
                refusal = reporting_cycle(post, state, safe) if post not in circles else None
                event = self.steps.order[at]
                if refusal is not None and isinstance(event, Event):
                    circles.update(refusal.about)
                    self._refuse((step, at), event, refusal)
        for place, expect in closing.expects:
            refusal = expectation_failed(expect, state) if id(expect) in self.seen else None
            if refusal is not None:
                self._refuse((step, -2 - place), expect, refusal)
            else:
                self.refused.pop((step, -2 - place), None)
        self.timeline.commit(step, {})


MANY = 300
"""On how many known dates new problems are told; a ledger so wrong is mended in rounds."""


def prove(steps: Steps, index: Index) -> tuple[Timeline, list[Problem]]:
    """Fold the events at every distinct known date; give the timeline as known in the end, and all problems."""
    if steps.one_pass:
        fold = Fold(steps, index, Timeline(index, index.people.values(), steps.order))
        fold.seen = set(map(id, steps.events))
        fold.run_all()
        return fold.timeline, list(_problems(fold, None).values())
    timeline = WakingTimeline(index, index.people.values(), steps.order)
    fold = Fold(steps, index, timeline)
    passing: dict[int, Problem] = {}
    looks = 0
    for known, entries in groupby(steps.schedule, key=itemgetter(0)):
        fold.fresh.clear()
        _learn(fold, timeline, entries)
        if looks < MANY and any(key in fold.refused for key in fold.fresh):
            looks += 1
            for event, problem in _problems(fold, known).items():
                passing.setdefault(event, problem)
    final = _problems(fold, None)
    lasting = {id(event) for event, _ in fold.refused.values()}
    return timeline, [*final.values(), *(p for key, p in passing.items() if key not in lasting)]


def _learn(fold: Fold, timeline: WakingTimeline, entries: Iterable[Entry]) -> None:
    """Run what becomes known on a day, whatever that changes later, and the ends of the days concerned."""
    order, closings = fold.steps.order, fold.steps.closings
    timeline.queue_all(fold.see(entries))
    while (step := timeline.next_step()) is not None:
        item = order[step]
        if isinstance(item, Closing):
            fold.close(step, item)
            continue
        fold.run(step, item)
        if step in fold.lines:
            timeline.queue(closings[step])


def as_known(steps: Steps, index: Index, known: dt.date) -> Timeline:
    """The timeline as it was known on a day."""
    fold = Fold(steps, index, Timeline(index, index.people.values(), steps.order))
    fold.see(entry for entry in steps.schedule if entry[0] <= known)
    fold.run_all()
    return fold.timeline


def _problems(fold: Fold, known: dt.date | None) -> dict[int, Problem]:
    """The refusals as problems, in order, without those that follow from an earlier one."""
    doubtful: set[str] = set()
    problems: dict[int, Problem] = {}
    for key in sorted(fold.refused):
        event, refusal = fold.refused[key]
        named = {getattr(event, name, None) for name in _NAMES} | set(refusal.about)
        if doubtful.isdisjoint(named) and id(event) not in problems:
            suffix = f", as known on {known}" if known else ""
            hint = refusal.hint
            if known and hint:
                hint += "; or correct a 'known' date"
            problems[id(event)] = Problem(event.where, refusal.rule, refusal.message + suffix, hint, refusal.related)
        for name in ("person", "unit", "post"):
            subject = getattr(event, name, None)
            if subject is not None and not isinstance(event, Expect):
                doubtful.add(subject)
                break
    return problems
