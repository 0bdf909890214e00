"""The picture of a comparison: how much each variant differs from the baseline, with the interval, on the same luck."""

from matplotlib.axes import Axes

from orgsim.plotting.data import Comparison, Contrast
from orgsim.plotting.fan import short_number
from orgsim.plotting.lettering import clean, width_of
from orgsim.plotting.paper import ALARM, BODY, GRID, HUES, INK, SMALL, SOFT, WASH, Pen, foot_room, round_step, sheet

WIDTH, ROW = 330.0, 30.0
LEAST_LABEL, MOST_LABEL = 80.0, 210.0
DIFFERENCE, BETTER, REDUCTION = 150.0, 72.0, 76.0
"""The columns of numbers beside the picture, in points."""
BETTER_COLOR, WORSE_COLOR, UNCLEAR_COLOR = HUES[0], ALARM, "#6b6b6b"


def plot_compare(data: Comparison, *, ax: Axes | None = None) -> Axes:
    """Draw the mean difference of each variant from the baseline, with its interval and what the numbers say."""
    longest = max((width_of(clean(row.name), BODY, bold=True) for row in data.rows), default=0.0)
    label = min(max(longest + 16, LEAST_LABEL), MOST_LABEL)
    beside = DIFFERENCE + BETTER + REDUCTION
    notes = (
        f"Bars: {data.level:.0%} intervals of the mean of paired differences. A bar that crosses the line says that the"
        " difference may be none. Better in: the share of futures in which the variant does better on the same luck."
        " Saves runs: how many times more runs without common luck would be as precise."
    )
    if ax is None:
        bottom = 40 + foot_room(notes, width=label + WIDTH + beside, source=data.source)
        ax = sheet(WIDTH, ROW * max(len(data.rows), 3), left=label + 14, right=beside + 14, top=86, bottom=bottom)
    pen = Pen(ax)
    goal = f"; {data.goal} is better" if data.goal else ""
    pen.head(data.title, f"{data.measure}, difference from {data.baseline}{goal}", left=-label, up=20)
    ax.set_yticks([])
    ax.set_xticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    if not data.rows:
        pen.sentence("There is nothing to compare: only the baseline has been run.")
    else:
        _scale(pen, data)
        for at in range(len(data.rows)):
            _row(pen, data, at, label)
    pen.foot(data, notes, left=-label, down=36)
    return ax


def _scale(pen: Pen, data: Comparison) -> None:
    """The axis of differences, with the line of no difference."""
    ax = pen.ax
    low, high = min([0.0, *(row.low for row in data.rows)]), max([0.0, *(row.high for row in data.rows)])
    room = (high - low) * 0.06 or 1.0
    low, high = low - room, high + room
    ax.set_xlim(low, high)
    ax.set_ylim(len(data.rows), 0)
    ax.axvline(0, color=INK, lw=1, zorder=2, label="_no difference")
    step = round_step(high - low, 6)
    at = -(-low // step)
    while at * step <= high:
        value = round(at * step, 9)
        x = (value - low) / (high - low) * pen.width
        ax.axvline(value, color=GRID, lw=0.7, zorder=0.5)
        pen.beside(x, -10, f"{'+' if value > 0 else ''}{short_number(value)}", BODY - 0.5, color=SOFT, ha="center")
        at += 1
    pen.beside(pen.width / 2, -25, pen.fit(data.unit, pen.width, BODY - 0.5), BODY - 0.5, color=SOFT, ha="center")
    x, y = pen.width + 14, pen.height + 8
    for word, wide in (("mean difference", DIFFERENCE), ("better in", BETTER), ("saves runs", REDUCTION)):
        pen.beside(x + wide - 12, y, word, SMALL, color=SOFT, ha="right")
        x += wide


def _row(pen: Pen, data: Comparison, at: int, label: float) -> None:
    """One variant: name, point and interval, and the numbers."""
    row, ax, y = data.rows[at], pen.ax, pen.height * (1 - (at + 0.5) / len(data.rows))
    color = _color(data, row)
    if at % 2:
        ax.axhspan(at, at + 1, color=WASH, lw=0, zorder=0)
    clear = row.low > 0 or row.high < 0
    ax.plot(
        [row.low, row.high],
        [at + 0.5] * 2,
        color=color,
        lw=2.4,
        zorder=3,
        label=f"_interval {row.name}",
        solid_capstyle="butt",
    )
    for end in (row.low, row.high):
        ax.plot([end, end], [at + 0.36, at + 0.64], color=color, lw=1.4, zorder=3)
    ax.plot(
        [row.difference],
        [at + 0.5],
        "o",
        ms=6.5,
        mfc=color if clear else "white",
        mec=color,
        mew=1.6,
        zorder=4,
        label=f"_mean {row.name}",
    )
    pen.beside(-label, y, pen.fit(row.name, label - 10, BODY, bold=clear), BODY, bold=clear)
    x = pen.width + 14
    sign = "+" if row.difference > 0 else ""
    text = f"{sign}{short_number(row.difference)} ({short_number(row.low)} to {short_number(row.high)})"
    better = "–" if row.better is None else _percent(row.better)
    saved = "–" if row.variance_reduction is None else f"{row.variance_reduction:,.3g} ×"
    for shown, wide in ((text, DIFFERENCE), (better, BETTER), (saved, REDUCTION)):
        pen.beside(
            x + wide - 12,
            y,
            shown,
            BODY - 0.5,
            ha="right",
            color=color if wide == DIFFERENCE else INK,
            bold=wide == DIFFERENCE and clear,
        )
        x += wide


def _color(data: Comparison, row: Contrast) -> str:
    """Whether the difference is clear, and for the better."""
    if row.low <= 0 <= row.high:
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
