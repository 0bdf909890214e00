"""The picture of what may come: a measure in the past, then the bands in which simulated futures lie.

Variants stand above each other on the same scales, so that they are told apart in gray, and each shows the median of
the first as a dashed line.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import Any

import attrs
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, Transform

from orgsim.plotting.calendar import date_axis, number
from orgsim.plotting.data import Fan, Fans
from orgsim.plotting.headcount import APART, spread
from orgsim.plotting.lettering import clean, fitted, width_of
from orgsim.plotting.marks import Mark, draw_marks, height_of, placed, unnamed
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
    bare,
    count,
    foot_room,
    long_date,
    round_step,
    sheet,
    span_of,
)

WIDTH, HEIGHT = 540.0, 300.0
ROOM = {1: HEIGHT, 2: 165.0, 3: 135.0, 4: 118.0}
LEAST_ROOM = 100.0
"""Heights of a panel, by how many there are."""
NAMES = 20.0
"""Points above a panel for its name."""
LEAST_LABEL, MOST_LABEL = 100.0, 220.0
FOOT = 0.6
"""How much of the room for labels the foot may use: some letters are wider than can be told beforehand."""
BANDS = ("#dbe7f1", "#b3cde2", "#85aed0", "#5a8fbd")
"""From the widest band to the narrowest: darker in gray too."""
MIDDLE = 0.5
FROM_ZERO = 0.6
"""A scale begins at zero, unless all values are above this share of the highest."""
DOTTED, DASHED = (0, (1, 1.5)), (0, (4, 2))


def plot_fan(data: Fan | Fans, *, ax: Axes | None = None) -> Axes:
    """Draw the history of a measure and the quantile bands of its simulated futures, each named at its end."""
    fans = data.fans if isinstance(data, Fans) else (data,)
    days = _days(fans)
    width = WIDTH if ax is None else Pen(ax).width
    marked = [placed(fan.periods, min(days), max(days), width) if days else [] for fan in fans]
    above = [_above(fan, marks) for fan, marks in zip(fans, marked, strict=True)]
    notes = [*_notes(data, fans), *dict.fromkeys(filter(None, map(unnamed, marked)))]
    labels = [label.text for fan in fans for label in _labels(fan, fans[0])]
    beside = min(max(LEAST_LABEL, *(width_of(clean(text), BODY, bold=True) + 18 for text in labels), 0.0), MOST_LABEL)
    if ax is None:
        height = len(fans) * ROOM.get(len(fans), LEAST_ROOM) + sum(above[1:])
        first = above[0] if fans else 0.0
        bottom = 34 + foot_room(*notes, width=WIDTH + 38 + FOOT * beside, source=data.source)
        ax = sheet(WIDTH, max(height, LEAST_ROOM), left=52, right=beside + 12, top=56 + first, bottom=bottom)
    pen = Pen(ax)
    unit = next((fan.unit for fan in fans if fan.unit), "")
    period = span_of(min(days), max(days) + dt.timedelta(days=1)) if days else ""
    pen.head(
        data.title,
        ", ".join(filter(None, (f"{unit[:1].upper()}{unit[1:]}", period))),
        left=-38,
        up=above[0] - 2 if fans else 0,
    )
    if not days or not list(_values(fans)):
        pen.sentence("There is no future to show: no replication has been run, or none has a value.")
    else:
        bare(ax)
        for panel in _panels(pen, fans, marked, above):
            panel.draw(fans[0], min(days), beside)
        date_axis(pen, min(days), max(*days, min(days) + dt.timedelta(days=1)))
    pen.foot(data, *notes, left=-38, right=FOOT * beside, down=32)
    return ax


def _notes(data: Fan | Fans, fans: Sequence[Fan]) -> list[str]:
    """What the bands, brackets and lines mean."""
    first = fans[0] if fans else Fan(dates=(), quantiles={})
    low, high = min(first.quantiles, default=0.5), max(first.quantiles, default=0.5)
    words = []
    if low < high:
        runs, each = first.replications, " of each" if len(fans) > 1 else ""
        of = f"Of {count(runs, 'simulated future')}{each}" if runs else "Of the simulated futures"
        inner = [q for q in first.quantiles if low < q < MIDDLE and _mirror(first, q) is not None]
        darker = f", {1 - 2 * max(inner):.0%} within the darkest" if inner else ""
        words.append(f"{of}, {high - low:.0%} lie within the widest band at each date{darker}.")
    if any(fan.ranges for fan in fans):
        words.append("In brackets: 95% intervals, as there are only so many.")
    if len(fans) > 1 and MIDDLE in first.quantiles:
        words.append(f"Dashed: the median of {fitted(first.name, 150, SMALL)}.")
    values = list(_values(fans))
    if values and _scale(values)[0] > 0:
        words.append("The scale does not begin at zero.")
    more = f"{count(data.left_out, 'more variant')} left out." if isinstance(data, Fans) and data.left_out else ""
    return list(dict.fromkeys([" ".join(words), *(fan.note for fan in fans), more]))


def _above(fan: Fan, marks: Sequence[Mark]) -> float:
    """How much is written above a panel."""
    return 4.0 + NAMES * bool(fan.name) + height_of(marks)


def _days(fans: Iterable[Fan]) -> list[dt.date]:
    return [day for fan in fans for day in (*(day for day, _ in fan.history), *fan.dates)]


def _values(fans: Iterable[Fan]) -> Iterator[float]:
    for fan in fans:
        for row in (*fan.quantiles.values(), *fan.paths, [value for _, value in fan.history]):
            yield from row


def _panels(pen: Pen, fans: Sequence[Fan], marked: Sequence[list[Mark]], above: Sequence[float]) -> Iterator["_Panel"]:
    """A panel for each fan, the first on top, all on the scale that holds every value."""
    low, high = _scale(list(_values(fans)))
    height, bottom = (pen.height - sum(above[1:])) / len(fans), pen.height
    if len(fans) == 1:
        pen.ax.set_ylim(low, high)
    else:
        pen.ax.set_ylim(0, pen.height)
    for at, fan in enumerate(fans):
        bottom -= height + above[at] * (at > 0)
        up = Affine2D().translate(0, -low).scale(1, height / (high - low)).translate(0, bottom)
        transform = pen.ax.transData if len(fans) == 1 else up + pen.ax.transData
        yield _Panel(pen, fan, bottom, height, low, high, transform, marked[at], above[at])


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """From zero to a little above the highest value; where all are high, from a round number beneath them."""
    least, most = min(values), max(values)
    if least > FROM_ZERO * most > 0:
        step = round_step(max(most - least, most * 0.02), 4)
        return (least - 0.35 * step) // step * step, most + 0.06 * (most - least) + step * 0.3
    most = max(most, 0.0) * 1.06 or (1.0 if least >= 0 else 0.0)
    return min(least * 1.06, 0.0), most


@attrs.frozen
class _Label:
    """What is written at the end of a line: its place on the scale, and how it looks."""

    value: float
    text: str
    color: str = HUES[0]
    bold: bool = False


@attrs.frozen
class _Panel:
    """One fan on its part of the axes: values are drawn through `transform`, texts placed in points."""

    pen: Pen
    fan: Fan
    bottom: float
    height: float
    low: float
    high: float
    transform: Transform
    marks: list[Mark]
    above: float

    def y(self, value: float) -> float:
        """A value in points from the lower edge of the axes."""
        return self.bottom + (value - self.low) / (self.high - self.low) * self.height

    def draw(self, first: Fan, start: dt.date, beside: float) -> None:
        """Everything of this fan, from the first day of all, and the median of the first fan."""
        self._grid()
        draw_marks(self.pen, self.marks, start, self.bottom, self.bottom + self.height)
        self._bands()
        self._past(said=self.fan is first)
        if self.fan is not first and MIDDLE in first.quantiles:
            days = [number(day) for day in first.dates]
            look: dict[str, Any] = {"color": INK, "lw": 1.1, "ls": DASHED, "zorder": 3.2, "label": "_usual"}
            self.pen.ax.plot(days, first.quantiles[MIDDLE], transform=self.transform, **look)
        self._ends(first, beside)
        name = self.pen.fit(self.fan.name, self.pen.width, BODY + 1, bold=True)
        y = self.bottom + self.height + 7 + height_of(self.marks)
        self.pen.beside(0, y, name, BODY + 1, bold=True)

    def _grid(self) -> None:
        """Few quiet lines at round numbers, and none above the panel."""
        pen = self.pen
        top = (self.bottom + self.height) / pen.height
        gap = ([0, 1], top, top + self.above / pen.height)
        pen.ax.fill_between(*gap, color=PAPER, lw=0, transform=pen.ax.transAxes, zorder=0.7, clip_on=False)
        step = round_step(self.high - self.low, int(self.height / 48) + 2)
        for at in range(ceil(self.low / step - 1e-9), int(self.high / step + 1e-9) + 1):
            value = round(step * at, 9)
            y = self.y(value)
            pen.ax.plot(
                *([0, 1], [y / pen.height] * 2),
                transform=pen.ax.transAxes,
                color=GRID if value else LINE,
                lw=0.7,
                zorder=0.5,
            )
            pen.beside(-7, y, short_number(value), BODY - 0.5, color=SOFT, ha="right")

    def _bands(self) -> None:
        """Bands from the widest to the narrowest, the median, and single futures."""
        ax, fan = self.pen.ax, self.fan
        join = fan.history[-1:] if fan.history and fan.dates and fan.history[-1][0] < fan.dates[0] else ()
        days = [number(day) for day in (*(day for day, _ in join), *fan.dates)]
        before = [value for _, value in join]
        pairs = [(q, upper) for q in sorted(fan.quantiles) if q < MIDDLE and (upper := _mirror(fan, q)) is not None]
        for at, (low, high) in enumerate(pairs):
            edges = ([*before, *fan.quantiles[low]], [*before, *fan.quantiles[high]])
            look: dict[str, Any] = {
                "color": BANDS[min(at, len(BANDS) - 1)],
                "zorder": 1 + at / 10,
                "label": f"_band {low} {high}",
            }
            ax.fill_between(days, *edges, lw=0, transform=self.transform, **look)
        paired = {q for pair in pairs for q in pair}
        lines = [(q, "_median" if q == MIDDLE else f"_quantile {q}") for q in sorted(fan.quantiles.keys() - paired)]
        for q, mark in lines:
            wide: dict[str, Any] = {"lw": 2.0} if q == MIDDLE else {"lw": 0.9, "ls": (0, (3, 2))}
            row = [*before, *fan.quantiles[q]]
            ax.plot(days, row, transform=self.transform, color=HUES[0], zorder=3, label=mark, **wide)
        for path in fan.paths:
            row = [*before, *path]
            ax.plot(days, row, transform=self.transform, color=HUES[0], lw=1, zorder=2, label="_path")

    def _past(self, *, said: bool) -> None:
        """The history, and where it ends."""
        fan, pen = self.fan, self.pen
        if not fan.history:
            return
        past = [number(day) for day, _ in fan.history]
        values = [value for _, value in fan.history]
        look: dict[str, Any] = {
            "color": INK,
            "lw": 2.2,
            "zorder": 3.5,
            "label": "_history",
            "drawstyle": "steps-post" if fan.exact else "default",
            "transform": self.transform,
        }
        pen.ax.plot(past, values, **look)
        if not fan.dates:
            return
        edges = (self.bottom / pen.height, (self.bottom + self.height) / pen.height)
        where = pen.ax.get_xaxis_transform()
        pen.ax.plot([past[-1]] * 2, edges, transform=where, color=SOFT, lw=0.8, ls=DOTTED, zorder=0.8)
        if not said:
            return
        words = f"simulated from {long_date(fan.history[-1][0])}"
        air = 4 * (number(fan.dates[-1]) - past[0]) / pen.width
        look = {"color": SOFT, "transform": where, "va": "top", "zorder": 4}  # no box: it would hide a band
        pen.write(past[-1] + air, edges[1] - 4 / pen.height, words, SMALL, **look)

    def _ends(self, first: Fan, beside: float) -> None:
        """What each line and edge means, at its end, with its value."""
        pen = self.pen
        labels = sorted(_labels(self.fan, first), key=lambda label: label.value)
        wanted = [self.y(label.value) - self.bottom for label in labels]
        for label, place, wish in zip(labels, spread(wanted, APART, self.height), wanted, strict=True):
            y, at = self.bottom + place, self.bottom + wish
            text = pen.fit(label.text, beside, BODY - 0.5, bold=label.bold)
            pen.beside(pen.width + 9, y, text, BODY - 0.5, color=label.color, bold=label.bold)
            line = ([1, 1 + 6 / pen.width], [at / pen.height, y / pen.height])
            pen.ax.plot(*line, transform=pen.ax.transAxes, color=label.color, lw=0.6, clip_on=False)


def _mirror(data: Fan, low: float) -> float | None:
    """The quantile as far above the middle as another is below it."""
    return next((q for q in data.quantiles if abs(q - (1 - low)) < 1e-9), None)  # noqa: PLR2004 - rounding


def _labels(fan: Fan, first: Fan) -> list[_Label]:
    """What stands at the ends of the outermost lines and the middle, equal ones together."""
    shares: dict[tuple[float, tuple[float, float] | None], list[float]] = {}
    found = []
    for q, values in sorted(fan.quantiles.items()):
        inner = q != min(fan.quantiles) and q != max(fan.quantiles) and _mirror(fan, q) is not None
        if not len(values) or (inner and q != MIDDLE):
            continue
        if abs(q - MIDDLE) < 1e-9:  # noqa: PLR2004 - rounding
            found.append(_Label(values[-1], f"median {_told(values[-1], fan.ranges.get(q))}", bold=True))
        else:
            shares.setdefault((values[-1], fan.ranges.get(q)), []).append(q)
    for (value, span), group in shares.items():
        names = " and ".join(f"{100 * q:.10g}%" for q in group)
        found.append(_Label(value, f"{names} at most {_told(value, span)}"))
    if len(fan.paths) == 1 and len(fan.paths[0]):
        found.append(_Label(fan.paths[0][-1], f"one future: {short_number(fan.paths[0][-1])}", bold=True))
    if fan is not first and len(first.quantiles.get(MIDDLE, ())):
        usual = first.quantiles[MIDDLE][-1]
        found.append(_Label(usual, f"{first.name[:24]} {short_number(usual)}", color=INK))
    return found


def _told(value: float, span: tuple[float, float] | None) -> str:
    """A number, with its interval if that says anything."""
    if span is None or span[0] == span[1]:
        return short_number(value)
    return f"{short_number(value)} ({short_number(span[0])}–{short_number(span[1])})"


def short_number(value: float) -> str:
    """A number with no more digits than one reads."""
    if value == int(value) or abs(value) >= 100:  # noqa: PLR2004 - decimals say nothing there
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:,.3g}".replace("-", "−")
