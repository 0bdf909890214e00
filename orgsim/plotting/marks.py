"""Periods marked on a panel: shaded days, or a line for a single one, and their names above it in rows.

Each name stands beside where its period begins, with a hair down to it, and no hair crosses a name.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from orgsim.plotting.calendar import number
from orgsim.plotting.data import Period
from orgsim.plotting.lettering import drawable, fitted, width_of
from orgsim.plotting.paper import SMALL, SOFT, Pen, long_date

SHADE, THICK = "#d7c392", 0.35
"""The color of shaded days, and how much of it is seen: where two periods meet, they are darker."""
MOST_ROWS, ROW = 5, 11.5
"""How many rows of names there may be, and how many points each takes."""
AIR, BESIDE = 7.0, 2.5
"""Points between two names, and from a hair to its name."""


@attrs.frozen
class Mark:
    """A period on a panel: where it begins, and from where its name is written, in points from the left edge.

    `row` counts upward from 0; None where no row has room.
    """

    period: Period
    begin: float
    x: float
    words: str
    row: int | None = None

    @property
    def reach(self) -> float:
        """Where the name ends."""
        return self.x + BESIDE + width_of(self.words, SMALL)

    def covers(self, x: float) -> bool:
        """Whether a hair at a place would cross the name."""
        return self.x < x < self.reach

    def hinders(self, other: "Mark", row: int) -> bool:
        """Whether another could not stand in a row, for the name of this one or a hair."""
        if self.row is None:
            return False
        if self.row == row:
            return self.x < other.reach + AIR and other.x < self.reach + AIR
        return other.covers(self.begin) if self.row > row else self.covers(other.begin)


def placed(periods: Iterable[Period], first: dt.date, last: dt.date, width: float) -> list[Mark]:
    """Where periods lie on a panel from one day to another.

    A name stands to the right of where its period begins, or to the left where there is no room.  Of names to the
    right, the last has the lowest row, of names to the left the first: so hairs pass beside the names beneath.
    """
    days = max((last - first).days, 1)
    marks = []
    for period in sorted(periods, key=lambda period: period.start):
        begin = (min(max(period.start, first), last) - first).days / days * width
        words = fitted(drawable(period.label), width / 2 - 4 * BESIDE, SMALL)
        taken = width_of(words, SMALL)
        x = begin if begin + BESIDE + taken <= width else begin - 2 * BESIDE - taken
        marks.append(Mark(period, begin, x, words))
    to_the_left = [mark for mark in marks if mark.x < mark.begin]
    found: list[Mark] = []
    for mark in (*to_the_left, *(mark for mark in reversed(marks) if mark.x == mark.begin)):
        rows = (row for row in range(MOST_ROWS) if not any(other.hinders(mark, row) for other in found))
        found.append(attrs.evolve(mark, row=next(rows, None)))
    return sorted(found, key=lambda mark: mark.begin)


def height_of(marks: Sequence[Mark]) -> float:
    """How many points the names take above the panel."""
    rows = [mark.row for mark in marks if mark.row is not None]
    return 1.5 + ROW * (max(rows) + 1) if rows else 0.0


def unnamed(marks: Iterable[Mark]) -> str:
    """The periods that no row had room for, in words."""
    said = [f"{mark.period.label}, {_when(mark.period)}" for mark in marks if mark.row is None]
    return f"Also marked: {'; '.join(said)}." if said else ""


def _when(period: Period) -> str:
    if (period.end - period.start).days <= 1:
        return long_date(period.start)
    return f"{long_date(period.start)} to {long_date(period.end - dt.timedelta(days=1))}"


def draw_marks(pen: Pen, marks: Iterable[Mark], first: dt.date, bottom: float, top: float) -> None:
    """Draw periods between two heights, in points, on an axis that begins on a day, and their names above."""
    ax = pen.ax
    edges = (bottom / pen.height, top / pen.height)
    for mark in marks:
        look: dict[str, Any] = {
            "transform": ax.get_xaxis_transform(),
            "zorder": 0.3,
            "label": f"_period {mark.period.label}",
        }
        start, end = (number(max(day, first)) for day in (mark.period.start, mark.period.end))
        if end - start > 1:
            ax.fill_between([start, end], *edges, color=SHADE, alpha=THICK, lw=0, **look)
        else:
            ax.plot([start, start], edges, color=SOFT, lw=1, **look)
        pen.see(mark.period.label)
        if mark.row is None:
            continue
        y = top + 6 + ROW * mark.row
        side = "left" if mark.x == mark.begin else "right"
        pen.beside(mark.begin + (BESIDE if side == "left" else -BESIDE), y, mark.words, SMALL, color=SOFT, ha=side)
        if mark.row:
            hair = ([mark.begin / pen.width] * 2, [top / pen.height, (y + 3) / pen.height])
            ax.plot(*hair, transform=ax.transAxes, color=SOFT, lw=0.5, zorder=0.8, clip_on=False)
