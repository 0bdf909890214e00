"""Bars for the states of a post over time: held, acting, vacant, not told; with all that is not sure about them.

A gap has a heavy outline, so that it is seen in gray too.  Days on which a change may or may not have happened yet are
striped; where the sources only saw a state, the bar begins with a fading tail.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import attrs
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from orgsim.plotting.calendar import number
from orgsim.plotting.data import ACTING, GAP, HELD, UNKNOWN, VACANT, Leadership, PostRow, Stretch
from orgsim.plotting.lettering import width_of
from orgsim.plotting.paper import ALARM, BODY, COVER, INK, LINE, PAPER, SMALL, SOFT, Pen
from orgsim.plotting.paper import HELD as BLUE

EDGE, PALE, STRIPE = "#4f7698", "#e6eef5", "#dfe9f2"
FILLS = {HELD: BLUE, ACTING: COVER, VACANT: PAPER}
THIN = 2.2
"""Points that the shortest gap is wide, so that it is seen."""
TAIL = 34.0
"""Points that the tail of a state "since unknown" is long, where there is room."""
PAD = 4.0


@attrs.frozen
class Lane:
    """Where a row of bars is drawn: on which axes, at which height, and how many points a day is."""

    pen: Pen
    ax: Axes
    y: float
    height: float
    start: float
    end: float
    day: float
    size: float = BODY - 0.5

    def x(self, when: Any) -> float:
        """A day as a number, within the lane."""
        return min(max(number(when), self.start), self.end)


def draw_row(lane: Lane, row: PostRow) -> None:
    """Draw every stretch of a post, then their names."""
    before: Stretch | None = None
    for stretch in row.stretches:
        if number(stretch.end) > lane.start and number(stretch.start) < lane.end:
            _bar(lane, row, stretch, before)
        before = stretch
    if row.ends is not None:
        _end(lane, row, *row.ends)
    shown = [one for one in row.stretches if number(one.end) > lane.start and number(one.start) < lane.end]
    for _, group in groupby(shown, key=lambda one: (one.state, one.who)):
        stretches = list(group)
        room = 0.0
        if stretches[0] is shown[0] and stretches[0].earliest is None:  # nothing but the tail stands before it
            room = (lane.x(stretches[0].start) - lane.start) * lane.day - TAIL
        _name(lane, stretches, room)


def _bar(lane: Lane, row: PostRow, stretch: Stretch, before: Stretch | None) -> None:
    left, right = lane.x(stretch.start), lane.x(stretch.end)
    mark = f"{stretch.state} {row.post} {stretch.start}"
    if stretch.state == UNKNOWN:
        lane.ax.plot([left, right], [lane.y] * 2, color=LINE, lw=1, ls=(0, (1, 2.5)), label=f"_{mark}", zorder=2)
        return
    if stretch.state in GAP and (right - left) * lane.day < THIN:
        right = left + THIN / lane.day
    if stretch.earliest is None and stretch.latest >= stretch.start and (before is None or before.state == UNKNOWN):
        _tail(lane, left, FILLS[stretch.state], f"since-unknown {row.post} {stretch.start}")
    fill = PALE if stretch.on_leave else FILLS[stretch.state]
    gap = stretch.state in GAP
    unsure = stretch.certainty != "stated" and not gap
    lane.ax.add_patch(
        Rectangle(
            (left, lane.y - lane.height / 2),
            right - left,
            lane.height,
            facecolor=fill,
            edgecolor=ALARM if gap else EDGE if unsure or stretch.on_leave else PAPER,
            linewidth=1.6 if gap else 0.9,
            linestyle=(0, (3, 2)) if stretch.certainty in ("expected", "inferred") else "-",
            label=f"_{mark}",
            zorder=3 if gap else 2,
        )
    )
    if stretch.certainty == "disputed":
        _hatch(lane, left, right, "xxxx", f"disputed {row.post} {stretch.start}", gap=gap)
    if stretch.latest > stretch.start and stretch.earliest is not None and _begins(stretch, before):
        _stripes(lane, left, min(lane.x(stretch.latest), right), f"between {row.post} {stretch.start}", gap=gap)


def _end(lane: Lane, row: PostRow, first: Any, last: Any) -> None:
    """Say that the post was closed, and when it may have been."""
    if number(first) <= lane.start or number(first) >= lane.end:
        return
    x = lane.x(first)
    if last > first:
        _stripes(lane, x, lane.x(last), f"ends {row.post}")
        x = lane.x(last)
    word = "post closed"
    if (lane.end - x) * lane.day >= width_of(word, lane.size - 1) + PAD:
        lane.pen.write(
            x + PAD / lane.day, lane.y, word, lane.size - 1, color=SOFT, transform=lane.ax.transData, zorder=6
        )


def _begins(stretch: Stretch, before: Stretch | None) -> bool:
    """Whether a stretch is the first of its holders, so that its beginning is what is not sure."""
    return before is None or (before.state, before.who) != (stretch.state, stretch.who)


def _stripes(lane: Lane, left: float, right: float, mark: str, *, gap: bool = False) -> None:
    _hatch(lane, left, right, "/////", mark, gap=gap)


def _hatch(lane: Lane, left: float, right: float, hatch: str, mark: str, *, gap: bool = False) -> None:
    """A pattern over a bar: white on color, or red on the white of a vacancy."""
    if right <= left:
        return
    edge = 1.3 if gap else 0.0  # the outline of a gap stays whole
    left, right = left + edge / lane.day, max(right - edge / lane.day, left + edge / lane.day)
    box = ((left, lane.y - lane.height / 2 + edge), right - left, lane.height - 2 * edge)
    color = "#e9b9b5" if gap else STRIPE
    lane.ax.add_patch(
        Rectangle(
            *box,
            facecolor="none",
            edgecolor=color,
            linewidth=0,
            hatch=hatch,
            label=f"_{mark}",
            zorder=3.2 if gap else 2.2,
        )
    )


def _tail(lane: Lane, right: float, fill: str, mark: str) -> None:
    """Pieces that fade to the left: it was so before, nobody tells since when."""
    length = min(TAIL / lane.day, right - lane.start)
    pieces = 4
    for at in range(pieces):
        left = right - length * (at + 1) / pieces
        height = lane.height * (1 - 0.16 * (at + 1))
        lane.ax.add_patch(
            Rectangle(
                (left, lane.y - height / 2),
                length / pieces * 0.8,
                height,
                facecolor=fill,
                alpha=0.9 - 0.18 * at,
                linewidth=0,
                label=f"_{mark}",
                zorder=2,
            )
        )


# --------------------------------------------------------------------------------------------------------------- names


def _name(lane: Lane, group: Sequence[Stretch], room_before: float) -> None:
    """Write the name into the widest stretch of its holders, into the others what changed.

    A name that does not fit goes before the tail of a state "since unknown", if there is room.
    """
    widest = max(group, key=lambda one: lane.x(one.end) - lane.x(one.start))
    for stretch in group:
        left, right = lane.x(stretch.start), lane.x(stretch.end)
        room = (right - left) * lane.day - 2 * PAD
        texts = _labels(lane, stretch, full=stretch is widest)
        fitting = next((text for text in texts if text and width_of(text, lane.size) <= room), None)
        if fitting is not None:
            _write(lane, left, stretch, fitting)
        elif stretch is not widest or not stretch.who:
            continue
        elif width_of(texts[-1], lane.size) + PAD <= room_before:
            _write(lane, left - (TAIL + PAD) / lane.day, stretch, texts[-1], ha="right")
        elif room > width_of("Mmmm…", lane.size):
            _write(lane, left, stretch, lane.pen.fit(texts[-1], room, lane.size))


def _write(lane: Lane, left: float, stretch: Stretch, text: str, ha: str = "left") -> None:
    color = ALARM if stretch.state == VACANT else SOFT if stretch.state == UNKNOWN else INK
    patterned = stretch.latest > stretch.start or stretch.certainty == "disputed"
    box = None
    if stretch.state == UNKNOWN or (patterned and ha == "left"):
        color_behind = PAPER if stretch.state == UNKNOWN else PALE if stretch.on_leave else FILLS[stretch.state]
        box = {"facecolor": color_behind, "edgecolor": "none", "pad": 1.2, "alpha": 0.9}
    lane.pen.write(
        left + (PAD / lane.day if ha == "left" else 0),
        lane.y,
        text,
        lane.size,
        color=color,
        ha=ha,
        bold=stretch.state == VACANT,
        transform=lane.ax.transData,
        zorder=6,
        bbox=box,
    )


def _labels(lane: Lane, stretch: Stretch, *, full: bool) -> list[str]:
    """What may be written into a bar, the most telling first."""
    if stretch.state == VACANT:
        return ["vacant"]
    if stretch.state == UNKNOWN:
        return ["not told"]
    names = ", ".join(lane.pen.name(who) for who in stretch.who)
    notes = [word for word, so in _notes(stretch).items() if so]
    if not full:
        return [", ".join(notes), *notes]
    longer = [f"{names}, {', '.join(notes[:keep])}" for keep in range(len(notes), 0, -1)]
    return [*longer, names]


def _notes(stretch: Stretch) -> dict[str, bool]:
    return {
        "acting": stretch.state == ACTING,
        "on leave": stretch.on_leave,
        stretch.certainty: stretch.certainty in ("disputed", "expected", "inferred"),
    }


# ----------------------------------------------------------------------------------------------------------------- key

KEY: dict[str, tuple[Callable[[Stretch], bool], dict[str, Any]]] = {
    "held": (lambda one: one.state == HELD, {}),
    "on leave": (lambda one: one.on_leave, {"facecolor": PALE, "edgecolor": EDGE}),
    "acting": (lambda one: one.state == ACTING, {"facecolor": COVER, "edgecolor": ALARM, "linewidth": 1.4}),
    "vacant": (lambda one: one.state == VACANT, {"facecolor": PAPER, "edgecolor": ALARM, "linewidth": 1.4}),
    "some day in between": (lambda one: one.latest > one.start, {"edgecolor": PAPER, "hatch": "/////"}),
    "fading: since unknown": (lambda one: one.earliest is None and one.latest >= one.start, {"alpha": 0.4}),
    "inferred or expected": (
        lambda one: one.certainty in ("inferred", "expected"),
        {"edgecolor": EDGE, "linestyle": (0, (3, 2)), "linewidth": 0.9},
    ),
    "disputed": (lambda one: one.certainty == "disputed", {"edgecolor": PAPER, "hatch": "xxxx"}),
}
"""What the patterns mean: when one occurs, and how it looks where that differs from a held post."""


def draw_key(pen: Pen, data: Leadership, x: float, y: float) -> None:
    """Draw in one line what the patterns mean that occur; the place is in points from the lower left corner."""
    stretches = [stretch for row in data.rows for stretch in row.stretches]
    for word, (occurs, look) in KEY.items():
        if not any(map(occurs, stretches)):
            continue
        place = (x / pen.width, (y - 4) / pen.height)
        size = (14 / pen.width, 8 / pen.height)
        style = {"facecolor": BLUE, "linewidth": 0 if "hatch" in look else 0.9, "label": "_key", **look}
        pen.ax.add_patch(Rectangle(place, *size, transform=pen.ax.transAxes, clip_on=False, **style))
        pen.beside(x + 18, y, word, SMALL, color=SOFT)
        x += 18 + width_of(word, SMALL) + 14
