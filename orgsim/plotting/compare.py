"""The picture of a comparison: how much each variant differs from the baseline, with the interval, on the same luck.

Several measures stand beneath each other, each on a scale of its own around the one line of no difference.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D, Transform

from orgsim.plotting.data import Comparison, Comparisons, Contrast
from orgsim.plotting.fan import FOOT, short_number
from orgsim.plotting.lettering import clean, width_of
from orgsim.plotting.paper import (
    ALARM,
    BODY,
    GRID,
    HUES,
    INK,
    SMALL,
    SOFT,
    WASH,
    Pen,
    bare,
    foot_room,
    round_step,
    sheet,
)

WIDTH, ROW = 300.0, 24.0
HEADING, SCALE = 22.0, 30.0
"""Points above the rows of a measure for its name, and beneath them for its scale."""
LEAST_LABEL, MOST_LABEL = 80.0, 210.0
DIFFERENCE, BETTER, SAME, REDUCTION = 150.0, 92.0, 52.0, 66.0
"""The columns of numbers beside the picture, in points, unless what stands in them is wider."""
BETTER_COLOR, WORSE_COLOR, UNCLEAR_COLOR = HUES[0], ALARM, "#6b6b6b"
HUGE = 1_000_000
"""Savings beyond this are told as more than it."""


def plot_compare(data: Comparison | Comparisons, *, ax: Axes | None = None) -> Axes:
    """Draw the mean difference of each variant from the baseline, with its interval and what the numbers say."""
    blocks = data.comparisons if isinstance(data, Comparisons) else (data,)
    rows = [row for block in blocks for row in block.rows]
    longest = max((width_of(clean(row.name), BODY, bold=True) for row in rows), default=0.0)
    label = min(max(longest + 16, LEAST_LABEL), MOST_LABEL)
    beside = sum(wide for _, wide in _columns(rows))
    notes = _notes(data, blocks)
    if ax is None:
        height = sum(map(_height, blocks)) if rows else 90.0
        bottom = 14 + foot_room(*notes, width=label + WIDTH + FOOT * beside, source=data.source)
        ax = sheet(WIDTH, height, left=label + 14, right=beside + 28, top=62, bottom=bottom)
    pen = Pen(ax)
    first = blocks[0] if blocks else None
    below = f"Differences from {first.baseline}, on the same luck" if first else ""
    pen.head(data.title, below, left=-label)
    bare(ax)
    if not rows:
        pen.sentence("There is nothing to compare: only the baseline has been run, or nothing differs.")
    else:
        _heads(pen, rows)
        for block in _blocks(pen, blocks):
            block.draw(label, rows)
    pen.foot(data, *notes, left=-label, right=FOOT * beside, down=10)
    return ax


def _notes(data: Comparison | Comparisons, blocks: Sequence[Comparison]) -> list[str]:
    """How to read bars and columns."""
    rows = [row for block in blocks for row in block.rows]
    level = f"{blocks[0].level:.0%}" if blocks else "95%"
    words = f"Bars: {level} intervals of the mean of paired differences; hollow where the difference may be none."
    if any(row.better is not None for row in rows):
        words += " Better in: the share of futures in which the variant does better on the same luck"
        words += f", with its {level} interval." if any(row.better_range for row in rows) else "."
    if any(row.variance_reduction is not None for row in rows):
        words += " Saves runs: how many times more runs without common luck would be as precise."
    left = f"Not shown: {data.left_out}." if isinstance(data, Comparisons) and data.left_out else ""
    return list(dict.fromkeys([words if rows else "", *(block.note for block in blocks), left]))


def _columns(rows: Sequence[Contrast]) -> list[tuple[str, float]]:
    """The columns of numbers with their widths, those that any row has."""
    found = [("mean difference", DIFFERENCE)]
    if any(row.better is not None for row in rows):
        found.append(("better in", BETTER if any(row.better_range for row in rows) else BETTER - 20))
    if any(row.same is not None for row in rows):
        found.append(("same in", SAME))
    if any(row.variance_reduction is not None for row in rows):
        found.append(("saves runs", REDUCTION))
    told = [_told(row) for row in rows]
    sizes = {word: max(width_of(one[word], BODY - 0.5, bold=True) for one in told) for word, _ in found} if told else {}
    return [(word, max(wide, sizes.get(word, 0.0) + 16)) for word, wide in found]


def _height(block: Comparison) -> float:
    return HEADING + ROW * len(block.rows) + SCALE


def _heads(pen: Pen, rows: Sequence[Contrast]) -> None:
    """The names of the columns."""
    x = pen.width + 14
    for word, wide in _columns(rows):
        pen.beside(x + wide - 12, pen.height - HEADING + 9, word, SMALL, color=SOFT, ha="right")
        x += wide


def _blocks(pen: Pen, blocks: Sequence[Comparison]) -> Iterator["_Block"]:
    """A block for each measure; one alone is drawn in the units of the axes, others through a transform."""
    blocks = [block for block in blocks if block.rows]
    stretch = pen.height / sum(map(_height, blocks))
    top = pen.height
    for block in blocks:
        low, high = _span(block.rows)
        if len(blocks) == 1:
            pen.ax.set_xlim(low, high)
            across: Transform = pen.ax.transData
        else:
            pen.ax.set_xlim(0, pen.width)
            across = Affine2D().translate(-low, 0).scale(pen.width / (high - low), 1) + pen.ax.transData
        pen.ax.set_ylim(0, pen.height)
        yield _Block(pen, block, low, high, top - HEADING * stretch, ROW * stretch, across)
        top -= _height(block) * stretch


def _span(rows: Sequence[Contrast]) -> tuple[float, float]:
    """From the least to the most any bar reaches, zero among them, with some air."""
    ends = [end for row in rows for end in (row.low, row.high, row.difference) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = (high - low) * 0.06 or 1.0
    return low - room, high + room


@attrs.frozen
class _Block:
    """One measure on its part of the axes, whose rows begin `top` points from the lower edge."""

    pen: Pen
    data: Comparison
    low: float
    high: float
    top: float
    row_height: float
    across: Transform

    def draw(self, label: float, every: Sequence[Contrast]) -> None:
        """The name of the measure, its scale and its rows."""
        pen, data = self.pen, self.data
        goal = f"{data.goal} is better" if data.goal else ""
        words = ", ".join(filter(None, (data.unit, goal)))
        name = pen.fit(data.measure, label + pen.width * 0.5, BODY + 0.5, bold=True)
        x = -label + width_of(clean(name), BODY + 0.5, bold=True) + 8
        pen.beside(-label, self.top + 9, name, BODY + 0.5, bold=True)
        pen.beside(x, self.top + 9, pen.fit(words, max(pen.width - x, 40), BODY - 0.5), BODY - 0.5, color=SOFT)
        self._scale()
        for at in range(len(data.rows)):
            self._row(at, label, every)

    def _scale(self) -> None:
        """The line of no difference, and round numbers beneath."""
        pen, ax = self.pen, self.pen.ax
        bottom = self.top - self.row_height * len(self.data.rows)
        look: dict[str, Any] = {"transform": self.across}
        ax.plot([0, 0], [bottom, self.top], color=INK, lw=1, zorder=2, label="_no difference", **look)
        step = round_step(self.high - self.low, 6)
        for at in range(math.ceil(self.low / step), math.floor(self.high / step) + 1):
            value = round(at * step, 9)
            x = (value - self.low) / (self.high - self.low) * pen.width
            ax.plot([value, value], [bottom, self.top], color=GRID, lw=0.7, zorder=0.5, **look)
            words = f"{'+' if value > 0 else ''}{short_number(value)}"
            pen.beside(x, bottom - 8, words, SMALL + 0.5, color=SOFT, ha="center")

    def _row(self, at: int, label: float, every: Sequence[Contrast]) -> None:
        """One variant: name, point and interval, and the numbers."""
        row, pen, ax = self.data.rows[at], self.pen, self.pen.ax
        y = self.top - (at + 0.5) * self.row_height
        color, clear = _color(self.data, row), _is_clear(row)
        if at % 2 == 0:
            low, high = ((y + sign * self.row_height / 2) / pen.height for sign in (-1, 1))
            beside = sum(wide for _, wide in _columns(every))
            ends = [-label / pen.width, 1 + (beside + 8) / pen.width]
            ax.fill_between(ends, low, high, color=WASH, lw=0, zorder=0, transform=ax.transAxes, clip_on=False)
        look: dict[str, Any] = {"transform": self.across, "color": color}
        if row.low is not None and row.high is not None:
            bar = {**look, "label": f"_interval {row.name}", "solid_capstyle": "butt"}
            ax.plot([row.low, row.high], [y, y], lw=2.4, zorder=3, **bar)
            for end in (row.low, row.high):
                ax.plot([end, end], [y - 3.5, y + 3.5], lw=1.4, zorder=3, **look)
        point = {**look, "mfc": color if clear else "white", "mec": color, "label": f"_mean {row.name}"}
        ax.plot([row.difference], [y], "o", ms=6, mew=1.6, zorder=4, **point)
        pen.beside(-label, y, pen.fit(row.name, label - 10, BODY, bold=clear), BODY, bold=clear)
        x = pen.width + 14
        told = _told(row)
        for word, wide in _columns(every):
            first = word == "mean difference"
            text = pen.fit(told[word], wide - 14, BODY - 0.5, bold=first and clear)
            shown: dict[str, Any] = {"color": color if first else INK, "bold": first and clear}
            pen.beside(x + wide - 12, y, text, BODY - 0.5, ha="right", **shown)
            x += wide


def _told(row: Contrast) -> dict[str, str]:
    """What stands in each column."""
    sign = "+" if row.difference > 0 else ""
    mean, interval = short_number(row.difference), "no interval"
    if row.low is not None and row.high is not None:
        mean, low, high = (rounded(one, row.high - row.low) for one in (row.difference, row.low, row.high))
        interval = f"{low} to {high}"
    better = "–" if row.better is None else _percent(row.better)
    if row.better_range is not None:
        better += f" ({100 * row.better_range[0]:.0f}–{100 * row.better_range[1]:.0f})"
    return {
        "mean difference": f"{sign}{mean} ({interval})",
        "better in": better,
        "same in": "–" if row.same is None else _percent(row.same),
        "saves runs": "–" if row.same == 1 else _times(row.variance_reduction),
    }


def rounded(value: float, width: float) -> str:
    """A number with so many decimals that the width of its interval shows in two digits."""
    digits = 1 - math.floor(math.log10(width)) if width > 0 else 0 if value == round(value) else 2
    digits = min(max(digits, 0), 6)
    return f"{round(value, digits) + 0.0:,.{digits}f}".replace("-", "−")


def _times(reduction: float | None) -> str:
    """How many times more runs it would have taken."""
    if reduction is None:
        return "–"
    if reduction > HUGE:
        return f"> {HUGE:,} ×"
    return f"{reduction:,.0f} ×" if reduction >= 10 else f"{reduction:,.2g} ×"  # noqa: PLR2004 - two digits are enough


def _is_clear(row: Contrast) -> bool:
    """Whether there is a difference for sure: the interval does not hold zero."""
    return row.low is not None and row.high is not None and (row.low > 0 or row.high < 0)


def _color(data: Comparison, row: Contrast) -> str:
    """Whether the difference is clear, and for the better."""
    if not _is_clear(row):
        return UNCLEAR_COLOR
    if data.goal is None:
        return BETTER_COLOR
    return BETTER_COLOR if (row.difference > 0) == (data.goal == "more") else WORSE_COLOR


def _percent(share: float) -> str:
    """A probability in percent, never rounded to certainty."""
    if 0 < share < 0.01:  # noqa: PLR2004
        return "< 1%"
    if 0.99 < share < 1:  # noqa: PLR2004
        return "> 99%"
    return f"{share:.0%}"
