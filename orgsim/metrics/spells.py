"""Stretches of whole days, and sums over them.

A span is a pair of day numbers, half-open: `[start, end)`, as `date.toordinal` counts them.  Nothing here knows what
happened on a day, so that the same sums serve any form of a ledger.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import fsum

Span = tuple[int, int]
FOREVER = dt.date.max.toordinal() + 1


def period(start: dt.date, end: dt.date) -> Span:
    """The days of `[start, end)`; an end before its start raises ValueError."""
    if end < start:
        raise ValueError(f"the period ends on {end}, before it begins on {start}")
    return start.toordinal(), end.toordinal()


def joined(spans: Iterable[Span]) -> list[Span]:
    """The days in any of the spans, as spans in order that do not touch."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole


def overlap(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The days in both; each comes in order and without overlaps."""
    if not some or not others:
        return []
    both: list[Span] = []
    at = 0
    for start, end in some:
        while at > 0 and others[at - 1][1] > start:
            at -= 1
        while at < len(others) and others[at][1] <= start:
            at += 1
        while at < len(others) and others[at][0] < end:
            first, last = max(start, others[at][0]), min(end, others[at][1])
            if first < last:
                both.append((first, last))
            at += 1
    return both


def without(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The days in the first spans that are not in the others; each comes in order and without overlaps."""
    if not others:
        return list(some)
    edges = [0, *(edge for span in others for edge in span), FOREVER]
    return overlap(some, [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b])


def covers(spans: Iterable[Span], day: int) -> bool:
    """Whether a day lies in any of the spans."""
    return any(start <= day < end for start, end in spans)


def days_within(spans: Iterable[Span], window: Span) -> int:
    """How many days of the spans, which do not overlap, lie in a window."""
    first, last = window
    return sum(max(0, min(end, last) - max(start, first)) for start, end in spans)


class Tally:
    """A sum for each of several dates: what is added for a span counts on the dates in it."""

    def __init__(self, dates: Iterable[dt.date]) -> None:
        """Nothing is added yet; the dates may come in any order, and more than once."""
        self.dates = tuple(dates)
        self._days = sorted({date.toordinal() for date in self.dates})
        self._rises: dict[float, list[int]] = {}

    def add(self, span: Span, weight: float = 1) -> None:
        """Add a weight on each date of a span."""
        rises = self._rises.get(weight)
        if rises is None:
            rises = self._rises[weight] = [0] * (len(self._days) + 1)
        rises[bisect_left(self._days, span[0])] += 1
        rises[bisect_left(self._days, span[1])] -= 1

    def totals(self) -> list[float]:
        """The sums in the order of the dates.

        Spans are counted, weight by weight, and multiplied in the end, so that rounding does not add up on the way.
        """
        counts = dict.fromkeys(self._rises, 0)
        sums: dict[int, float] = {}
        for at, day in enumerate(self._days):
            for weight, rises in self._rises.items():
                counts[weight] += rises[at]
            sums[day] = fsum(weight * count for weight, count in counts.items())
        return [sums[date.toordinal()] for date in self.dates]

    def counts(self) -> list[int]:
        """The sums as whole numbers, where all weights are."""
        return [round(total) for total in self.totals()]
