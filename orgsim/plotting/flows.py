"""The picture of people between organizations: a ribbon for each who went, or for many together."""

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from orgsim.plotting.data import SURE, Move, Moves
from orgsim.plotting.lettering import clean, width_of
from orgsim.plotting.paper import (
    BODY,
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
    sheet,
    span_of,
)

WIDTH, LEAST_HEIGHT = 380.0, 150.0
RIBBON, BAR, BETWEEN = 15.0, 7.0, 16.0
"""Points: a ribbon of one person, the bars at both ends, and between organizations."""
NAMED = 40
"""So many people have a ribbon each; more are drawn together."""
MOST_ENDS = 12
TALL = 460.0
LEAST_LABEL, MOST_LABEL = 50.0, 170.0
NOT_TOLD, OTHERS = "not told", "others"
TINTS = ("#bcd3e6", "#f3cfa6", "#b5dccf", "#dcc3d8", "#dcdca8", "#cfcfcf", "#c9e0f2")
"""Pale enough to write on; one for each organization left, in turn."""


def plot_flows(data: Moves, *, ax: Axes | None = None) -> Axes:
    """Draw who left which organization for which other, by name where they are few."""
    left = [move for move in data.moves if move.origin is not None]
    came = len(data.moves) - len(left)
    notes = [
        f"Besides, {count(came, 'person', 'people')} came of whom it is not told where from." if came else "",
        "“By” a day: when is not told, and may have been before this period." if any(m.undated for m in left) else "",
        _unsure(left),
    ]
    ends = _Ends.of(left)
    labels = [f"{n:,} {name}" for side in (ends.origins, ends.targets) for name, n in side.items()]
    label = min(max((width_of(clean(text), BODY, bold=True) for text in labels), default=0) + 14, MOST_LABEL)
    if ax is None:
        bottom = 8 + foot_room(*notes, width=WIDTH + 2 * label, source=data.source)
        ax = sheet(WIDTH, ends.height, left=label + 12, right=label + 12, top=64, bottom=bottom)
    pen = Pen(ax)
    bare(ax)
    below = f"{count(len(left), 'departure')}, {span_of(data.start, data.end)}" if left else ""
    pen.head(data.title, below, left=-label)
    if not left:
        pen.sentence("Nobody left an organization in this period, as far as the ledger tells.")
    else:
        ax.set_xlim(0, WIDTH)
        ax.set_ylim(ends.height, 0)
        _draw(pen, ends, label)
    pen.foot(data, *notes, left=-label, down=8)
    return ax


def _unsure(left: Sequence[Move]) -> str:
    unsure = any(map(_doubt, left))
    return "Dashed ribbons are inferred, expected or disputed." if unsure else ""


def _doubt(move: Move) -> str:
    """What is not sure about a move, in words: that somebody left, or else that somebody came."""
    if move.certainty not in SURE:
        return move.certainty
    return f"arrival {move.arrival}" if move.arrival not in SURE else ""


@attrs.frozen
class _Ends:
    """The organizations on both sides, each with how many people, the largest first, and the moves between them."""

    moves: tuple[tuple[str, str, Move], ...]
    origins: Mapping[str, int]
    targets: Mapping[str, int]

    @classmethod
    def of(cls, moves: Sequence[Move]) -> "_Ends":
        """Fold the smallest organizations together where there are too many."""
        origin, target = (_folded([side(move) for move in moves]) for side in (_origin, _target))
        named = tuple((origin.get(_origin(m), OTHERS), target.get(_target(m), OTHERS), m) for m in moves)
        return cls(named, _counted([one for one, _, _ in named]), _counted([other for _, other, _ in named]))

    @property
    def ribbon(self) -> float:
        """How thick the ribbon of one person is."""
        return RIBBON if len(self.moves) <= NAMED else TALL / len(self.moves)

    @property
    def height(self) -> float:
        """The points that the taller side needs."""
        most = max(len(self.origins), len(self.targets), 1)
        return max(len(self.moves) * self.ribbon + (most - 1) * BETWEEN, LEAST_HEIGHT)

    def tops(self, side: Mapping[str, int]) -> dict[str, float]:
        """Where each organization of a side begins, the side centered."""
        whole = sum(side.values()) * self.ribbon + (len(side) - 1) * BETWEEN
        y, found = (self.height - whole) / 2, {}
        for name, number in side.items():
            found[name] = y
            y += number * self.ribbon + BETWEEN
        return found


def _origin(move: Move) -> str:
    return move.origin or NOT_TOLD


def _target(move: Move) -> str:
    return f"back at {move.target}" if move.target == move.origin else move.target or NOT_TOLD


def _folded(names: Sequence[str]) -> dict[str, str]:
    largest = [name for name, _ in Counter(names).most_common() if name != NOT_TOLD][: MOST_ENDS - 1]
    return {name: name for name in [*largest, NOT_TOLD]}


def _counted(names: Sequence[str]) -> dict[str, int]:
    """The largest first; what is not told, and the others, last."""
    return dict(sorted(Counter(names).items(), key=lambda item: (item[0] in (NOT_TOLD, OTHERS), -item[1], item[0])))


def _draw(pen: Pen, ends: _Ends, label: float) -> None:
    left, right = ends.tops(ends.origins), ends.tops(ends.targets)
    for side, tops, x, ha in ((ends.origins, left, 0.0, "right"), (ends.targets, right, WIDTH, "left")):
        for name, number in side.items():
            high = number * ends.ribbon
            pen.ax.add_patch(
                Rectangle((x - (BAR if ha == "right" else 0), tops[name]), BAR, high, color=INK, lw=0, clip_on=False)
            )
            shown = pen.fit(f"{number:,} {name}", label - 12, BODY, bold=True)
            color = SOFT if name in (NOT_TOLD, OTHERS) else INK
            at = x + (BAR + 5) * (1 if ha == "left" else -1)
            pen.write(
                at,
                tops[name] + high / 2,
                shown,
                BODY,
                ha=ha,
                bold=name not in (NOT_TOLD, OTHERS),
                color=color,
                clip_on=False,
            )
    tints = {name: TINTS[at % len(TINTS)] for at, name in enumerate(ends.origins)}
    order_left, order_right = list(ends.origins), list(ends.targets)
    starts: dict[int, float] = {}
    free = dict(left)
    for at in sorted(
        range(len(ends.moves)),
        key=lambda n: (order_left.index(ends.moves[n][0]), order_right.index(ends.moves[n][1]), n),
    ):
        starts[at] = free[ends.moves[at][0]]
        free[ends.moves[at][0]] += ends.ribbon
    free = dict(right)
    for at in sorted(range(len(ends.moves)), key=lambda n: (order_right.index(ends.moves[n][1]), starts[n])):
        origin, target, move = ends.moves[at]
        _ribbon(pen, move, (starts[at], free[target]), ends.ribbon, tints[origin])
        free[target] += ends.ribbon


def _ribbon(pen: Pen, move: Move, heights: tuple[float, float], thick: float, color: str) -> None:
    """One person, as a band that bends from left to right."""
    start, end = heights
    bend, air = WIDTH * 0.5, min(0.7, thick * 0.08)
    top, low = start + air, start + thick - air
    edge, deep = end + air, end + thick - air
    corners = [
        (0, top),
        (bend, top),
        (WIDTH - bend, edge),
        (WIDTH, edge),
        (WIDTH, deep),
        (WIDTH - bend, deep),
        (bend, low),
        (0, low),
        (0, top),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    unsure = _doubt(move)
    pen.ax.add_patch(
        PathPatch(
            Path(corners, codes),
            facecolor=color,
            alpha=0.55 if unsure else 0.9,
            edgecolor=LINE if unsure else PAPER,
            linestyle=(0, (3, 2)) if unsure else "-",
            linewidth=0.8 if unsure else 0.3,
            label=f"_move {move.who.id} {move.day}",
            zorder=1,
        )
    )
    if thick == RIBBON:
        words = (move.when or long_date(move.day)) + (f", {unsure}" if unsure else "")
        name = pen.fit(pen.name(move.who), WIDTH / 2 - 20, SMALL + 0.5)
        pen.write(5, start + thick / 2, name, SMALL + 0.5, zorder=3)
        pen.write(WIDTH - 5, end + thick / 2, words, SMALL, color=SOFT, ha="right", zorder=3)
