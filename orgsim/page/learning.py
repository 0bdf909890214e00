"""What was known, day after day: the timeline of a ledger as each piece of news is learned, and what the news changed.

The ledger is proven, so the steps are only run, not judged.  Nothing here knows what is drawn of it.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from orgsim.events import Event, Expect, Retract
from orgsim.fold import Closing, Fold, Steps
from orgsim.ledger import Ledger
from orgsim.metrics.history import History, N
from orgsim.metrics.spells import FOREVER
from orgsim.model import Noun
from orgsim.timeline import WakingTimeline

Changes = dict[Hashable, int]
"""What the news of a day changed, and the first day of the chart on which it shows.

A key is the id of a noun, or the `id()` of an event that counts or no longer counts.
"""


class NotingTimeline(WakingTimeline):
    """A timeline that notes which nouns were written otherwise than before, and the first step at which."""

    changed: dict[str, int]

    def commit(self, step: int, writes: dict[str, Noun]) -> None:
        """Keep what a step wrote, and note the difference."""
        before = self.written.get(step, {})
        for id_ in before.keys() | writes.keys():
            if before.get(id_) != writes.get(id_):
                self.changed[id_] = min(step, self.changed.get(id_, step))
        super().commit(step, writes)


class Learning:
    """A ledger that is learned: after each turn of `days` the timeline is the one as known on that day."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing is known yet but the people declared."""
        self.ledger = ledger
        self.known = dt.date.min
        self.steps = Steps(ledger.events)
        self.timeline = NotingTimeline(ledger.index, ledger.index.people.values())
        self.retracted = {e.of: e.known for e in ledger.events if isinstance(e, Retract)}
        self.day_of: list[int] = []
        """For each step, the day it belongs to."""
        for day, end in zip(self.steps.days, self.steps.ends, strict=True):
            self.day_of += [day] * (end + 1 - len(self.day_of))

    def days(self) -> Iterator[Changes]:
        """Learn the news of one day after the other; `known` is the day, and what is given is what it changed."""
        fold = Fold(self.steps, self.ledger.index, self.timeline)
        order = self.steps.order
        news = {known: list(entries) for known, entries in groupby(self.steps.schedule, key=itemgetter(0))}
        asides = self._asides()
        for known in sorted(news.keys() | asides.keys()):
            self.known = known
            self.timeline.changed = {}
            steps = fold.see(news.get(known, ()))
            self.timeline.queue_all(step for step in steps if not isinstance(order[step], Closing))
            while (step := self.timeline.next_step()) is not None:
                item = order[step]
                if isinstance(item, Event):
                    fold.run(step, item)
            changes: Changes = {id_: self.day_of[step] for id_, step in self.timeline.changed.items()}
            yield changes | asides.get(known, {})

    def _asides(self) -> dict[dt.date, Changes]:
        """When assertions and rival accounts, which change no noun, begin and cease to count."""
        found: dict[dt.date, Changes] = {}
        for event in self.ledger.events:
            if event.disputes is not None:
                rivaled = self.ledger.index.events[event.disputes]
                day = rivaled.date.day.toordinal()
            elif isinstance(event, Expect):
                day = event.date.day.toordinal()
            else:
                continue
            found.setdefault(event.known, {})[id(event)] = day
            if event.id in self.retracted:
                found.setdefault(self.retracted[event.id], {})[id(event)] = day
        return found

    def until(self, day: int) -> int:
        """The first step after a day."""
        return self.steps.until(dt.date.fromordinal(day))

    def get(self, id_: str, until: int) -> Noun | None:
        """The noun of that id as it is before a step."""
        track = self.timeline.tracks.get(id_)
        return track.before(until) if track is not None else None

    def first_day(self, id_: str) -> int | None:
        """The first day on which a noun is there; 1 for the people declared; None for one that is not there yet."""
        track = self.timeline.tracks.get(id_)
        if track is None or not track.steps:
            return None
        return self.day_of[track.steps[0]] if track.steps[0] >= 0 else 1

    def next_day(self, ids: Iterable[Hashable], until: int) -> int:
        """The first day after a step on which any of the nouns is written."""
        best = len(self.day_of)
        for id_ in ids:
            track = self.timeline.tracks.get(id_) if isinstance(id_, str) else None
            if track is not None and track.steps and track.steps[-1] >= until:
                best = min(best, track.steps[bisect_left(track.steps, until)])
        return self.day_of[best] if best < len(self.day_of) else FOREVER


class LearnedHistory(History):
    """The versions of every noun as learned so far, for whatever is computed from a history."""

    def __init__(self, learning: Learning) -> None:
        """Look at what is known now."""
        super().__init__(learning.ledger, learning.known)
        self.learning = learning

    def spells(self, id_: str, cls: type[N]) -> Iterator[tuple[int, int, N]]:
        """The versions of a noun, each with the span of days at whose end it holds."""
        track = self.learning.timeline.tracks.get(id_)
        if track is None or not track.steps:
            return
        days = [self.learning.day_of[step] if step >= 0 else 0 for step in track.steps]
        for since, until, noun in zip(days, [*days[1:], FOREVER], track.values, strict=True):
            if since < until and isinstance(noun, cls):
                yield since, until, noun
