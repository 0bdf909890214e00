"""The picture of what may come: a measure in the past, then the bands in which simulated futures lie."""

import datetime as dt
from collections.abc import Sequence

from matplotlib.axes import Axes

from orgsim.plotting.calendar import date_axis, number
from orgsim.plotting.data import Fan
from orgsim.plotting.headcount import APART, nice_ticks, spread
from orgsim.plotting.paper import (
    BODY,
    GRID,
    HUES,
    INK,
    LINE,
    PAPER,
    SMALL,
    SOFT,
    Pen,
    count,
    foot_room,
    long_date,
    sheet,
    span_of,
)

WIDTH, HEIGHT = 540.0, 300.0
BANDS = ("#dbe7f1", "#b3cde2", "#85aed0", "#5a8fbd")
"""From the widest band to the narrowest: darker in gray too."""
MIDDLE = 0.5


def plot_fan(data: Fan, *, ax: Axes | None = None) -> Axes:
    """Draw the history of a measure and the quantile bands of its simulated futures, each named at its end."""
    notes = [_runs(data)]
    if ax is None:
        ax = sheet(
            WIDTH,
            HEIGHT,
            left=52,
            right=128,
            top=62,
            bottom=34 + foot_room(*notes, width=WIDTH + 120, source=data.source),
        )
    pen = Pen(ax)
    days = [*(day for day, _ in data.history), *data.dates]
    period = span_of(min(days), max(days) + dt.timedelta(days=1)) if days else ""
    pen.head(data.title, ", ".join(filter(None, (f"{data.unit[:1].upper()}{data.unit[1:]}", period))), left=-38)
    if not days or not any(len(values) for values in (*data.quantiles.values(), data.history)):
        pen.sentence("There is no future to show: no replication has been run, or none has a value.")
    else:
        _axes(pen, data, days)
        _draw(pen, data)
        _labels(pen, data)
    pen.foot(data, *notes, left=-38, down=32)
    return ax


def _runs(data: Fan) -> str:
    """What the bands are made of."""
    low, high = min(data.quantiles, default=0.5), max(data.quantiles, default=0.5)
    if low == high:
        return ""
    of = f"Of {count(data.replications, 'simulated future')}" if data.replications else "Of the simulated futures"
    return f"{of}, {high - low:.0%} lie within the widest band at each date."


def _axes(pen: Pen, data: Fan, days: Sequence[dt.date]) -> None:
    ax = pen.ax
    values = [value for row in data.quantiles.values() for value in row] + [value for _, value in data.history]
    top = max(*values, 0.0) * 1.06 or 1.0
    ax.set_ylim(min([*values, 0]), top)
    low, high = ax.get_ylim()
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_yticks([])
    for value in nice_ticks(top):
        ax.axhline(value, color=GRID if value else LINE, lw=0.7, zorder=0.5)
        y = (value - low) / (high - low) * pen.height
        pen.beside(-7, y, f"{value:,.10g}", BODY - 0.5, color=SOFT, ha="right")
    date_axis(pen, min(days), max(*days, min(days) + dt.timedelta(days=1)))


def _draw(pen: Pen, data: Fan) -> None:
    """Bands from the widest to the narrowest, the median, and the history before them."""
    ax = pen.ax
    join = data.history[-1:] if data.history and data.dates and data.history[-1][0] <= data.dates[0] else ()
    days = [number(day) for day in (*(day for day, _ in join), *data.dates)]
    before = [value for _, value in join]
    lower = sorted(q for q in data.quantiles if q < MIDDLE)
    pairs = [(q, upper) for q in lower if (upper := _mirror(data, q)) is not None]
    for at, (low, high) in enumerate(pairs):
        color = BANDS[min(at, len(BANDS) - 1)]
        edges = ([*before, *data.quantiles[low]], [*before, *data.quantiles[high]])
        ax.fill_between(days, *edges, color=color, lw=0, zorder=1 + at / 10, label=f"_band {low} {high}")
    paired = {q for pair in pairs for q in pair}
    for q in sorted(data.quantiles.keys() - paired - {MIDDLE}):
        ax.plot(
            days, [*before, *data.quantiles[q]], color=HUES[0], lw=0.9, ls=(0, (3, 2)), zorder=2, label=f"_quantile {q}"
        )
    if MIDDLE in data.quantiles:
        ax.plot(days, [*before, *data.quantiles[MIDDLE]], color=HUES[0], lw=2, zorder=3, label="_median")
    if data.history:
        past = [number(day) for day, _ in data.history]
        ax.plot(past, [value for _, value in data.history], color=INK, lw=2.2, zorder=3.5, label="_history")
    if data.history and data.dates:
        ax.axvline(number(data.history[-1][0]), color=SOFT, lw=0.8, ls=(0, (1, 1.5)), zorder=0.8)
        text = f"simulated from {long_date(data.history[-1][0])}"
        box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85}
        pen.write(
            number(data.history[-1][0]),
            0.985,
            f" {text}",
            SMALL,
            color=SOFT,
            transform=ax.get_xaxis_transform(),
            va="top",
            bbox=box,
            zorder=4,
        )


def _mirror(data: Fan, low: float) -> float | None:
    """The quantile as far above the middle as another is below it."""
    return next((q for q in data.quantiles if abs(q - (1 - low)) < 1e-9), None)  # noqa: PLR2004 - rounding


def _labels(pen: Pen, data: Fan) -> None:
    """What each edge of a band means, at its end, with its value."""
    low, high = pen.ax.get_ylim()
    ends = sorted((values[-1], q) for q, values in data.quantiles.items() if len(values))
    wanted = [(value - low) / (high - low) * pen.height for value, _ in ends]
    for (value, q), y, at in zip(ends, spread(wanted, APART, pen.height), wanted, strict=True):
        median = abs(q - MIDDLE) < 1e-9  # noqa: PLR2004 - rounding
        share = f"{100 * q:.10g}%"
        words = f"median {short_number(value)}" if median else f"{share} below {short_number(value)}"
        pen.beside(pen.width + 8, y, words, BODY - 0.5 + median * 0.5, color=HUES[0], bold=median)
        if abs(y - at) > 3:  # noqa: PLR2004 - points
            pen.ax.plot(
                [1, 1 + 6 / pen.width],
                [at / pen.height, y / pen.height],
                transform=pen.ax.transAxes,
                color=HUES[0],
                lw=0.6,
                clip_on=False,
            )


def short_number(value: float) -> str:
    """A number with no more digits than one reads."""
    if value == int(value) or abs(value) >= 100:  # noqa: PLR2004 - decimals say nothing there
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:,.3g}".replace("-", "−")
