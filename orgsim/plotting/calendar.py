"""A date axis whose labels never collide: days, months or years, whatever fits, with the next larger unit beneath.

matplotlib's own locators know hours and seconds; an organization has whole days.
"""

import datetime as dt
from collections.abc import Iterator

import attrs
from matplotlib.dates import date2num

from orgsim.plotting.lettering import width_of
from orgsim.plotting.paper import BODY, GRID, LINE, MONTHS, SOFT, Pen

STEPS = (
    *(("day", days) for days in (1, 2, 7)),
    *(("month", months) for months in (1, 3, 6)),
    *(("year", years) for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)),
)
MOST = 16
"""More labels are not read."""
AIR = 8.0
"""Points between two labels."""
YEAR = 12


@attrs.frozen
class Tick:
    """A mark on the axis: its day, its label, and the label of the group it opens, if any."""

    day: dt.date
    label: str
    group: str = ""


def ticks(start: dt.date, end: dt.date, width: float) -> list[Tick]:
    """The ticks from `start` to `end` on an axis of a width in points: as many as have room."""
    days = max((end - start).days, 1)
    for unit, step in STEPS:
        marks = list(_marks(start, end, unit, step)) if _about(unit, step, days) <= MOST else []
        if marks and _have_room(marks, days, width):
            return _grouped(marks, start, days, width)
    return [Tick(start, str(start.year))]


def date_axis(pen: Pen, start: dt.date, end: dt.date, *, top: bool = False, grid: tuple[float, float] = (0, 1)) -> None:
    """Set the limits, and draw ticks, labels and grid lines between two heights (shares of the axes)."""
    ax = pen.ax
    ax.xaxis_date()
    ax.set_xlim(number(start), number(max(end, start + dt.timedelta(days=1))))
    ax.set_xticks([])
    where = ax.get_xaxis_transform()
    height = grid[1] if top else grid[0]
    sign = 1 if top else -1
    ax.plot([0, 1], [height] * 2, transform=ax.transAxes, color=LINE, lw=0.8, clip_on=False, zorder=1)
    for tick in ticks(start, end, pen.width):
        x = number(tick.day)
        ax.plot([x, x], grid, transform=where, color=GRID, lw=0.7, zorder=0.5, clip_on=False)
        y = height + sign * 9 / pen.height
        pen.write(x, y, tick.label, BODY - 0.5, transform=where, color=SOFT, ha="center", clip_on=False)
        if tick.group:
            y = height + sign * 20 / pen.height
            pen.write(x, y, tick.group, BODY - 0.5, transform=where, color=SOFT, ha="center", clip_on=False, bold=True)


def number(day: dt.date) -> float:
    """A day as matplotlib counts them."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _about(unit: str, step: int, days: int) -> float:
    return days / (step * {"day": 1, "month": 30.4, "year": 365.25}[unit])


def _marks(start: dt.date, end: dt.date, unit: str, step: int) -> Iterator[tuple[dt.date, str, str]]:
    """Days that begin a unit, with their label and the group they are of."""
    if unit == "day":
        day = start
        while day <= end:
            if step < 7 or day.weekday() == 0:  # noqa: PLR2004 - weeks begin on Monday
                yield day, str(day.day), f"{MONTHS[day.month - 1]} {day.year}"
            if day == dt.date.max:
                return
            day += dt.timedelta(days=1 if step == 7 else step)  # noqa: PLR2004
        return
    months = step if unit == "month" else step * YEAR
    at = -(-(start.year * YEAR + start.month - 1 + (start.day > 1)) // months) * months
    while at <= end.year * YEAR + end.month - 1:
        year, month = divmod(at, YEAR)
        if 1 <= year <= dt.MAXYEAR:
            label = MONTHS[month] if unit == "month" else str(year)
            yield dt.date(year, month + 1, 1), label, str(year) if unit == "month" else ""
        at += months


def _have_room(marks: list[tuple[dt.date, str, str]], days: int, width: float) -> bool:
    """Whether no two labels touch, and there are enough of them to read the axis by."""
    places = [(mark[0] - marks[0][0]).days * width / days for mark in marks]
    wide = [width_of(mark[1], BODY) for mark in marks]
    gaps = zip(places, places[1:], wide, wide[1:], strict=False)
    return all(second - first >= (one + two) / 2 + AIR for first, second, one, two in gaps)


def _grouped(marks: list[tuple[dt.date, str, str]], start: dt.date, days: int, width: float) -> list[Tick]:
    """The ticks, each group named at its first tick where the name has room."""
    found: list[Tick] = []
    reach, last = -1e9, ""
    for at, (day, label, group) in enumerate(marks):
        shown = ""
        x, half = (day - start).days * width / days, width_of(group, BODY, bold=True) / 2
        following = next((m for m in marks[at:] if m[2] != group), None)
        until = (following[0] - start).days * width / days if following else 1e9
        if group and group != last and x - half >= reach and (x + 2 * half + AIR <= until or found):
            shown, reach, last = group, x + half + AIR, group
        found.append(Tick(day, label, shown))
    return found
