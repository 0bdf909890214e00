"""The formulas of the metrics, as functions of counts: one definition of each, whatever the counts came from.

Rates are shares, not percentages: 0.125 is 12.5 %.  A rate of nothing is not zero but undefined, and is None.
"""

from collections import Counter
from collections.abc import Iterable

import attrs

DAYS_PER_YEAR = 365.25


def average(person_days: float, days: int) -> float | None:
    """An exact daily average: person-days / days; None for a period without days."""
    return person_days / days if days else None


def rate(count: float, base: float | None) -> float | None:
    """A count as a share of a base; None where there is no base."""
    return count / base if base else None


def annualized(share: float | None, days: int) -> float | None:
    """A rate of some days as a rate per year: share x 365.25 / days."""
    return share * DAYS_PER_YEAR / days if share is not None and days else None


def years(days: int) -> float:
    """Days as years of 365.25 days."""
    return days / DAYS_PER_YEAR


@attrs.frozen
class Distribution:
    """How often each value occurs: pairs of a value and a count, in order of the values."""

    counts: tuple[tuple[float, int], ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Distribution":
        """Count the values."""
        return cls(tuple(sorted(Counter(values).items())))

    @property
    def n(self) -> int:
        """How many values there are."""
        return sum(count for _, count in self.counts)

    @property
    def mean(self) -> float | None:
        """The arithmetic mean; None without values."""
        return rate(sum(value * count for value, count in self.counts), self.n)

    @property
    def median(self) -> float | None:
        """The middle value, or the mean of the two middle ones; None without values."""
        n = self.n
        if not n:
            return None
        low, high = self._ranked((n - 1) // 2), self._ranked(n // 2)
        return low if low == high else (low + high) / 2

    @property
    def max(self) -> float | None:
        """The largest value; None without values."""
        return self.counts[-1][0] if self.counts else None

    def _ranked(self, rank: int) -> float:
        for value, count in self.counts:
            if rank < count:
                return value
            rank -= count
        raise IndexError(rank)
