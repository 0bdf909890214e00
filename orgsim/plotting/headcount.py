"""The picture of headcounts over time, or of any other number of any units: it takes plain series."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import attrs
from matplotlib.axes import Axes

from orgsim.plotting.calendar import date_axis, number
from orgsim.plotting.data import Line, Number, Series
from orgsim.plotting.lettering import clean, width_of
from orgsim.plotting.paper import (
    BODY,
    GRID,
    HELD,
    HUES,
    INK,
    LINE,
    SMALL,
    SOFT,
    Pen,
    foot_room,
    round_step,
    sheet,
    span_of,
)

WIDTH, HEIGHT = 560.0, 300.0
MOST_LINES = 7
LEAST_LABEL, MOST_LABEL = 60.0, 150.0
STEPS_UP_TO = 60
APART = 11.5
"""Points between two labels above each other."""
STYLES = ("-", (0, (5, 1.5)), (0, (1, 1)), (0, (5, 1.5, 1, 1.5)), (0, (8, 2)), (0, (3, 1)), (0, (2, 2)))
"""Dashes, so that lines are told apart without their colors."""


def plot_headcount(data: Series, *, ax: Axes | None = None) -> Axes:
    """Draw lines over time, each named at its end; bounds of the whole as a band."""
    shown = [line for line in data.lines if any(value is not None for value in line.values)]
    shown, others = shown[:MOST_LINES], shown[MOST_LINES:]
    notes = [data.note, _smaller(others), _band(data)]
    label = min(max((width_of(clean(line.name), BODY, bold=True) for line in shown), default=0.0) + 46, MOST_LABEL + 46)
    gutter = _gutter(shown)
    if ax is None:
        bottom = 34 + foot_room(*notes, width=WIDTH + label, source=data.source)
        ax = sheet(WIDTH, HEIGHT, left=gutter + 14, right=label + 8, top=62, bottom=bottom)
    pen = Pen(ax)
    dates = list(data.dates)
    period = span_of(dates[0], dates[-1] + dt.timedelta(days=1)) if dates and dates[-1] < dt.date.max else ""
    pen.head(data.title, f"{data.unit[:1].upper()}{data.unit[1:]}, {period}" if period else "", left=-gutter)
    if (
        not dates
        or not shown
        or not any(value for line in shown for row in (line.values, line.high or ()) for value in row)
    ):
        pen.sentence("There is nothing to count on any of these dates: all are zero.")
    else:
        _axes(pen, data, [*shown, *others])
        for line in others:
            _line(pen, dates, line.values, color=GRID, lw=1.0, zorder=1.5, label=f"_line {line.name}")
        for at, line in enumerate(shown):
            _draw(pen, data, line, at)
        _labels(pen, data, shown)
    pen.foot(data, *notes, left=-gutter, down=32)
    return ax


def _gutter(lines: Sequence[Line]) -> float:
    """The room for the numbers of the axis: for the largest value, and the next round one above it."""
    most = max(
        (value for line in lines for value in (*line.values, *(line.high or ())) if value is not None), default=0
    )
    return max(34.0, width_of(f"{1.1 * most:,.0f}", SMALL) + 8)


def _smaller(others: Sequence[Line]) -> str:
    return f"In light gray: {len(others):,} more." if others else ""


def _band(data: Series) -> str:
    """What the band means, if there is one to see."""
    first = data.lines[0] if data.lines else None
    if first is None or first.low is None or first.high is None or list(first.low) == list(first.high):
        return ""
    return (
        "The band shows how many there may have been where sources give a range of dates, or only saw somebody there."
    )


def _axes(pen: Pen, data: Series, lines: Sequence[Line]) -> None:
    """From zero to a little above the highest value, with few quiet grid lines."""
    ax = pen.ax
    values = [v for line in lines for row in (line.values, line.high or ()) for v in row if v is not None]
    top = max([*values, 1]) * 1.06
    ax.set_ylim(0, top)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_yticks([])
    for value in nice_ticks(top, whole=all(value == int(value) for value in values)):
        ax.axhline(value, color=GRID if value else LINE, lw=0.7, zorder=0.5)
        pen.beside(-7, value / top * pen.height, f"{value:,.10g}", BODY - 0.5, color=SOFT, ha="right")
    last = data.dates[-1] if data.dates[-1] > data.dates[0] else data.dates[0] + dt.timedelta(days=1)
    date_axis(pen, data.dates[0], last, grid=(0, 1))


def nice_ticks(top: float, most: int = 6, *, whole: bool = False) -> list[float]:
    """Round numbers from zero up to a top: multiples of 1, 2 or 5 times a power of ten; of what is counted, whole."""
    step = max(round_step(top, most), 1.0 if whole else 0.0)
    return [round(step * at, 9) for at in range(int(top / step + 1e-9) + 1)]


def _draw(pen: Pen, data: Series, line: Line, at: int) -> None:
    is_total = data.has_total and at == 0
    color = INK if is_total else HUES[(at - data.has_total) % len(HUES)]
    if line.low is not None and line.high is not None:
        days = [number(day) for day in data.dates]
        low, high = ([float(v or 0) for v in row] for row in (line.low, line.high))
        pen.ax.fill_between(
            days, low, high, color=HELD, alpha=0.55, lw=0, step=_step(data), zorder=1, label=f"_band {line.name}"
        )
    style = "-" if is_total else STYLES[(at - data.has_total) % len(STYLES)]
    look = {"color": color, "lw": 2.2 if is_total else 1.5, "ls": style, "label": f"_line {line.name}", "zorder": 3}
    _line(pen, data.dates, line.values, drawstyle=f"steps-{step}" if (step := _step(data)) else "default", **look)


def _step(data: Series) -> Literal["post"] | None:
    """Known changes jump, and small numbers do: a slope between them would show people in parts."""
    values = [value for line in data.lines for value in line.values if value is not None]
    whole = all(value == int(value) for value in values)
    return "post" if data.exact or (whole and max(values, default=0) <= STEPS_UP_TO) else None


def _line(pen: Pen, dates: Sequence[dt.date], values: Sequence[Number], **look: Any) -> None:
    """A line with gaps where a value is undefined; a value alone is a dot."""
    days = [number(day) for day in dates]
    shown = [float("nan") if value is None else value for value in values]
    pen.ax.plot(days, shown, solid_capstyle="round", clip_on=False, **look)
    if len(days) == 1:
        pen.ax.plot(days, shown, "o", color=look["color"], ms=5, clip_on=False, zorder=3)


@attrs.define
class _Label:
    """A name at the end of a line, and the height it would like to have."""

    text: str
    y: float
    color: str
    bold: bool


def _labels(pen: Pen, data: Series, lines: Sequence[Line]) -> None:
    """The names at the ends of the lines, moved apart where they would touch."""
    top = pen.ax.get_ylim()[1]
    labels = []
    for at, line in enumerate(lines):
        value = next((value for value in reversed(line.values) if value is not None), 0)
        is_total = data.has_total and at == 0
        color = INK if is_total else HUES[(at - data.has_total) % len(HUES)]
        end: dict[str, Any] = {"color": color, "ms": 4.5 if is_total else 3.5, "label": f"_end {line.name}"}
        if line.values[-1] is not None:  # a change on the last day has no length of its own
            pen.ax.plot([number(data.dates[-1])], [value], "o", clip_on=False, zorder=3.1, **end)
        labels.append(_Label(f"{value:,.10g} {line.name}", value / top * pen.height, color, is_total))
    labels.sort(key=lambda label: label.y)
    for label, y in zip(labels, spread([label.y for label in labels], APART, pen.height), strict=True):
        room = MOST_LABEL + 34
        pen.beside(
            pen.width + 8, y, pen.fit(label.text, room, BODY, bold=label.bold), BODY, color=label.color, bold=label.bold
        )
        if abs(y - label.y) > 3:  # noqa: PLR2004 - points; a hair shows which line a moved label is of
            pen.ax.plot(
                [1, 1 + 6 / pen.width],
                [label.y / pen.height, y / pen.height],
                transform=pen.ax.transAxes,
                color=label.color,
                lw=0.6,
                clip_on=False,
            )


def spread(wanted: Sequence[float], apart: float, top: float) -> list[float]:
    """Heights at least so far apart, in their order, each as near as may be to the one wanted, none below zero."""
    blocks: list[list[float]] = []  # the sum of what its members want, and how many they are
    for at, y in enumerate(wanted):
        blocks.append([y - at * apart, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, size = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += size
    base = [total / size for total, size in blocks for _ in range(int(size))]
    found = [y + at * apart for at, y in enumerate(base)]
    over = max((found[-1] - top if found else 0), 0)
    return [max(y - over, at * apart) for at, y in enumerate(found)]
