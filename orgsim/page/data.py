"""What a page shows of a simulation: a fan of what may come after what was, and how long gaps may last.

Plain values, made by whoever has the numbers; nothing here knows how they were computed.
"""

import datetime as dt
from itertools import pairwise

import attrs

_MANY = 10_000
"""More dates than any screen has dots."""


@attrs.frozen
class GapBar:
    """The share of futures with `low` up to `high` days of gaps in all, and the interval in which the true share lies.

    `high` is None for everything from `low` on.
    """

    low: int
    high: int | None
    share: float
    lowest: float
    highest: float

    def __attrs_post_init__(self) -> None:
        """Days in order, shares from 0 to 1, the interval around the share."""
        if self.low < 0 or (self.high is not None and self.high <= self.low):
            raise ValueError(f"a bar goes from {self.low} to {self.high} days, which is no stretch of time")
        if not 0 <= self.lowest <= self.share <= self.highest <= 1:
            raise ValueError(
                f"the share {self.share} must lie within {self.lowest} and {self.highest}, and all in 0..1"
            )


@attrs.frozen
class Outlook:
    """The result of a simulation as a page shows it.

    `quantiles` are pairs of a probability and one value for each date, the probabilities in order; `history` are
    dates and values before them; `gaps` is the distribution of the days of gaps, `note` a line beneath
    (replications, seed, scenario).
    """

    title: str
    measure: str
    dates: tuple[dt.date, ...]
    quantiles: tuple[tuple[float, tuple[float, ...]], ...]
    history: tuple[tuple[dt.date, float], ...] = ()
    gaps: tuple[GapBar, ...] = ()
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Every quantile has a value for each date; dates and probabilities go up, and quantiles do not cross."""
        if not self.dates or len(self.dates) > _MANY or any(a >= b for a, b in pairwise(self.dates)):
            raise ValueError(f"an outlook has 1 to {_MANY} dates, each later than the one before")
        chances = [chance for chance, _ in self.quantiles]
        if not chances or not all(0 < c < 1 for c in chances) or any(a >= b for a, b in pairwise(chances)):
            raise ValueError(f"the probabilities of an outlook lie between 0 and 1 and go up, not {chances}")
        if any(len(values) != len(self.dates) for _, values in self.quantiles):
            raise ValueError("every quantile has one value for each date")
        for (_, low), (_, high) in pairwise(self.quantiles):
            if any(a > b for a, b in zip(low, high, strict=True)):
                raise ValueError("a higher quantile is never below a lower one")


def outlook_data(outlook: Outlook) -> dict[str, object]:
    """An outlook as mappings, lists, texts and numbers."""
    return {
        "title": outlook.title,
        "measure": outlook.measure,
        "dates": [day.isoformat() for day in outlook.dates],
        "quantiles": [[chance, list(values)] for chance, values in outlook.quantiles],
        "history": [[day.isoformat(), value] for day, value in outlook.history],
        "gaps": [[bar.low, bar.high, bar.share, bar.lowest, bar.highest] for bar in outlook.gaps],
        "note": outlook.note,
    }
