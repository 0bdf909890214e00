"""The picture of tenure: which share of people stays longer than so many years."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from orgsim.plotting.data import Stays
from orgsim.plotting.headcount import nice_ticks
from orgsim.plotting.lettering import width_of
from orgsim.plotting.paper import (
    ALARM,
    BODY,
    GRID,
    HELD,
    HUES,
    INK,
    LINE,
    PAPER,
    SMALL,
    SOFT,
    Pen,
    count,
    foot_room,
    sheet,
)
from orgsim.plotting.survival import Step, at_risk, kaplan_meier, median_of

WIDTH, HEIGHT = 520.0, 280.0
FEW = 10
"""With fewer stays, a picture says little, and says so."""
MANY_TICKS = 80
TOP = 1.03
"""The height of the axes, in shares."""
Observed = Sequence[tuple[float, bool]]


def plot_tenure(data: Stays, *, ax: Axes | None = None) -> Axes:
    """Draw the share of people who stay longer than so many years, with its interval, and who is still there."""
    notes = _notes(data)
    if ax is None:
        bottom = 74 + foot_room(*notes, width=WIDTH + 120, source=data.source)
        ax = sheet(WIDTH, HEIGHT, left=52, right=128, top=62, bottom=bottom)
    pen = Pen(ax)
    still = sum(not stay.ended for stay in data.stays)
    below = (
        f"Share of people still {data.what} after so many years; {count(len(data.stays), 'stay')}, {still:,} going on"
    )
    pen.head(data.title, below if data.stays else "", left=-38)
    observed = [(stay.years, stay.ended) for stay in data.stays]
    longest = max((stay.most for stay in data.stays), default=0.0)
    if not data.stays or longest <= 0:
        pen.sentence("Nobody's tenure can be told: no stay has a beginning that is known.")
    else:
        _axes(pen, longest, observed)
        _curve(pen, data, observed, longest)
    pen.foot(data, *notes, left=-38, down=72)
    return ax


def _notes(data: Stays) -> list[str]:
    notes = [
        f"The band is the {data.level:.0%} interval of Kaplan and Meier's estimate, over all readings of vague dates."
    ]
    if 0 < len(data.stays) < FEW:
        notes.append(f"With only {count(len(data.stays), 'stay')}, little is sure.")
    if data.left_out:
        notes.append(f"{count(data.left_out, 'more stay')} left out: since when they last is not told.")
    return notes if data.stays else notes[1:]


def _axes(pen: Pen, longest: float, observed: Observed) -> None:
    """Years to the right, shares up, and beneath how many were still observed."""
    ax = pen.ax
    top = longest * 1.02
    ax.set_xlim(0, top)
    ax.set_ylim(0, TOP)
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_visible(False)
    for share in (0, 0.25, 0.5, 0.75, 1):
        ax.axhline(share, color=GRID if share else LINE, lw=0.7, zorder=0.5)
        pen.beside(-7, share / TOP * pen.height, f"{share:.0%}", BODY - 0.5, color=SOFT, ha="right")
    ticks = nice_ticks(top, 8)
    for time in ticks:
        x = time / top * pen.width
        pen.beside(x, -9, f"{time:.10g}", BODY - 0.5, color=SOFT, ha="center")
        pen.beside(x, -48, f"{at_risk(observed, time):,}", SMALL, color=SOFT, ha="center")
    pen.beside(pen.width / 2, -23, "years", BODY - 0.5, color=SOFT, ha="center")
    pen.beside(-38, -37, "Still observed then", SMALL, color=SOFT, bold=True)


def _curve(pen: Pen, data: Stays, observed: Observed, longest: float) -> None:
    """The estimate as steps, its interval as a band, and a tick for each who is still there."""
    ax = pen.ax
    steps = kaplan_meier(observed, data.level)
    _interval(ax, data, steps, longest)
    end = max(length for length, _ in observed)
    xs, ys = [0.0, *(step.time for step in steps), end], [1.0, *(step.share for step in steps)]
    look: dict[str, Any] = {"drawstyle": "steps-post", "color": HUES[0], "lw": 2, "zorder": 3, "label": "_estimate"}
    ax.plot(xs, [*ys, ys[-1]], **look)
    there = sorted(length for length, ended in observed if not ended)
    few = len(there) <= MANY_TICKS
    tick: dict[str, Any] = {
        "ls": "",
        "color": INK,
        "ms": 7 if few else 4,
        "mew": 1 if few else 0.4,
        "zorder": 4,
        "label": "_still there",
    }
    ax.plot(there, [_at(steps, x).share for x in there], "|", **tick)
    y = ys[-1] / TOP * pen.height
    pen.beside(pen.width + 8, y, f"{ys[-1]:.0%} after {end:.1f} years", BODY, color=HUES[0], bold=True)
    if there:
        pen.beside(pen.width + 8, y - 12, "tick: still there", SMALL, color=SOFT)
    median = median_of(steps)
    if median is not None:
        _median(pen, median)


def _interval(ax: Axes, data: Stays, steps: Sequence[Step], longest: float) -> None:
    """The widest of the intervals that come of reading every vague date as early or as late as may be."""
    ended = [stay.ended for stay in data.stays]
    vague = ([stay.least for stay in data.stays], [stay.most for stay in data.stays])
    readings = [steps, *(kaplan_meier(zip(lengths, ended, strict=True), data.level) for lengths in vague)]
    times = sorted({0.0, longest, *(step.time for reading in readings for step in reading)})
    low = [min(_at(reading, time).low for reading in readings) for time in times]
    high = [max(_at(reading, time).high for reading in readings) for time in times]
    ax.fill_between(times, low, high, step="post", color=HELD, alpha=0.5, lw=0, zorder=1, label="_interval")


def _median(pen: Pen, median: float) -> None:
    """By when half have left."""
    look: dict[str, Any] = {"color": ALARM, "lw": 0.9, "ls": (0, (3, 2)), "zorder": 2, "label": "_median"}
    pen.ax.plot([0, median, median], [0.5, 0.5, 0], **look)
    x = median / pen.ax.get_xlim()[1] * pen.width
    text = f"half stay longer than {median:.1f} years"
    right = x + width_of(text, BODY) > pen.width
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.85}
    place: dict[str, Any] = {"ha": "right" if right else "left", "bbox": box, "zorder": 5}
    pen.beside(x - 5 if right else x + 5, 9, text, BODY - 0.5, color=ALARM, **place)


def _at(steps: Sequence[Step], time: float) -> Step:
    """The step that holds at a time."""
    found = Step(0, 1, 1, 1, 0, 0)
    for step in steps:
        if step.time > time:
            break
        found = step
    return found
