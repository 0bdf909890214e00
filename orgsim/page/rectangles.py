"""Facts as rectangles: a value that holds between two dates, for whoever knows what was known between two dates.

Every fact is computed by the chart itself; which nouns it looked at is noted, and it is computed again only where
one of them is another.  So the rectangles are the charts of all dates, as known on all dates.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import attrs

from orgsim.chart import OrgChart
from orgsim.events import Event
from orgsim.metrics.spells import FOREVER
from orgsim.model import Noun
from orgsim.page.learning import Changes, Learning

Point = tuple[int, Hashable]
"""From a day on, a value; None where nothing is so."""
Facts = Callable[[OrgChart, str], Sequence[Hashable]]
"""What a chart says of an id: a value for each aspect."""


@attrs.frozen
class Rectangle:
    """A value of a subject: true in [since, until), to whoever knows what was known in [seen, unseen)."""

    subject: int
    value: int
    since: int
    until: int
    seen: int
    unseen: int


@attrs.define
class _Span:
    since: int
    until: int
    value: Hashable
    seen: int = 0


class Aspect:
    """The rectangles of one question, asked of many subjects, while the answers are learned."""

    def __init__(self) -> None:
        """No answers yet."""
        self._values: dict[Hashable, int] = {}
        self._spans: dict[int, list[_Span]] = {}
        self._closed: list[Rectangle] = []

    @property
    def values(self) -> list[Any]:
        """Every value there ever was; rectangles tell the place in this list."""
        return list(self._values)

    @property
    def rectangles(self) -> list[Rectangle]:
        """All rectangles, by the day from which they hold."""
        live = [self._closing(s, span, FOREVER) for s, spans in self._spans.items() for span in spans]
        return sorted([*self._closed, *live], key=lambda r: (r.since, r.subject, r.seen))

    def learn(self, subject: int, day: int, points: Iterable[Point], known: int) -> None:
        """From a known day on, what holds from a day on is told by the points, which come in order."""
        spans = self._spans.setdefault(subject, [])
        at = bisect_right(spans, day, key=lambda span: span.until)
        gone = spans[at:]
        del spans[at:]
        told = list(points)
        if gone and gone[0].since < day:
            told.insert(0, (gone[0].since, gone[0].value))
        same = {(span.since, span.until, span.value): span for span in gone}
        for span in _spans(told):
            old = same.pop((span.since, span.until, span.value), None)
            span.seen = known if old is None else old.seen
            spans.append(span)
        self._closed += [self._closing(subject, span, known) for span in same.values()]

    def _closing(self, subject: int, span: _Span, unseen: int) -> Rectangle:
        value = self._values.setdefault(span.value, len(self._values))
        return Rectangle(subject, value, span.since, span.until, span.seen, unseen)


def _spans(points: list[Point]) -> list[_Span]:
    """The points as spans; equal neighbors are one."""
    spans: list[_Span] = []
    for place, (since, value) in enumerate(points):
        until = points[place + 1][0] if place + 1 < len(points) else FOREVER
        if value is None:
            continue
        if spans and spans[-1].until == since and spans[-1].value == value:
            spans[-1].until = until
        else:
            spans.append(_Span(since, until, value))
    return spans


class Watch:
    """Facts of many ids, kept up to date while a ledger is learned."""

    def __init__(self, learning: Learning, facts: Facts, aspects: Sequence[Aspect], ids: dict[str, int]) -> None:
        """`ids` numbers the ids to watch."""
        self.learning, self.facts, self.aspects, self.ids = learning, facts, aspects, ids
        self._watchers: dict[Hashable, set[str]] = {}

    def learn(self, changes: Changes) -> None:
        """Compute again what the news may have changed."""
        stale: dict[str, int] = {}
        for key, day in changes.items():
            own = {key} if isinstance(key, str) and key in self.ids else set()
            for id_ in self._watchers.get(key, set()) | own:
                stale[id_] = min(day, stale.get(id_, day))
        for id_, day in sorted(stale.items(), key=lambda item: self.ids[item[0]]):
            self._again(id_, day)

    def _again(self, id_: str, day: int) -> None:
        points: list[list[Point]] = [[] for _ in self.aspects]
        expected = sorted({e.date.day.toordinal() for e in self.learning.ledger.index.expectations.get(id_, ())})
        at = day
        while at < FOREVER:
            values, asked = self._look(id_, at)
            for told, value in zip(points, values, strict=True):
                told.append((at, value))
            for key in asked:
                self._watchers.setdefault(key, set()).add(id_)
            later = bisect_right(expected, at)
            at = min(
                self.learning.next_day(asked, self.learning.until(at)),
                expected[later] if later < len(expected) else FOREVER,
            )
        for aspect, told in zip(self.aspects, points, strict=True):
            aspect.learn(self.ids[id_], day, told, self.learning.known.toordinal())

    def _look(self, id_: str, day: int) -> tuple[Sequence[Hashable], set[Hashable]]:
        """What the chart of a day says, and the ids and events it looked at."""
        learning, until = self.learning, self.learning.until(day)
        asked: set[Hashable] = {id_}

        def get(other: str) -> Noun | None:
            asked.add(other)
            return learning.get(other, until)

        def sees(event: Event) -> bool:
            asked.add(id(event))
            return learning.ledger.sees(event, learning.known)

        chart = OrgChart(dt.date.fromordinal(day), learning.known, learning.ledger.index, get, sees)
        return self.facts(chart, id_), asked
