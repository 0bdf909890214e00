"""The picture of succession: for each post who holds it, and who might follow, by how ready they are."""

from collections import Counter
from collections.abc import Sequence

import attrs
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from orgsim.plotting.data import ACTING, READINESS, SURE, VACANT, Candidate, Succession, SuccessionRow, Who
from orgsim.plotting.lettering import width_of
from orgsim.plotting.paper import (
    ALARM,
    BODY,
    COVER,
    GRID,
    INK,
    LINE,
    SMALL,
    SOFT,
    Pen,
    bare,
    count,
    foot_room,
    long_date,
    sheet,
)

POST, COLUMN, CHIP, AIR = 220.0, 150.0, 16.0, 9.0
"""Points: the column of posts, a column of candidates, one candidate, and around a row."""
MOST_CHIPS = 7
FILLS = ("#7fb3d8", "#bcd3e6", "#e6eef5", "#f3f3f3")
"""From the readiest grade on; grades further out look like the last."""
NARROW = 190.0
"""Points of a column whose candidates have notes."""


def plot_succession(data: Succession, *, ax: Axes | None = None) -> Axes:
    """Draw each post with its incumbent and its bench, and mark whoever stands behind more than one post."""
    columns = data.grades or _columns(data.rows)
    heights = [_height(row, columns) for row in data.rows]
    column = COLUMN * 2 if columns == READINESS[3:] else NARROW if data.grades else COLUMN
    width, height = POST + column * len(columns), max(sum(heights) + 18, 120.0)
    twice = _twice(data.rows)
    notes = [data.note, f"{count(data.left_out, 'more post')} left out." if data.left_out else "", _warning(twice)]
    if ax is None:
        ax = sheet(
            width, height, left=14, right=14, top=54, bottom=6 + foot_room(*notes, width=width, source=data.source)
        )
    pen = Pen(ax)
    bare(ax)
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    ready = sum(any(one.readiness == READINESS[0] for one in row.candidates) for row in data.rows)
    rated = f", {ready:,} with somebody ready now" if columns != READINESS[3:] else ""
    pen.head(data.title, f"{long_date(data.at)} · {count(len(data.rows), 'post')}{rated}")
    if not data.rows:
        pen.sentence(f"No post is open on {long_date(data.at)}, so there is no succession to show.")
    else:
        drawing = _Drawing(pen, columns, column, twice, bool(data.grades))
        drawing.heads()
        y = 18.0
        for row, high in zip(data.rows, heights, strict=True):
            drawing.row(row, y, width)
            y += high
    pen.foot(data, *notes, down=6)
    return ax


def _columns(rows: Sequence[SuccessionRow]) -> tuple[str, ...]:
    """The grades of readiness; only one column where nobody is rated."""
    found = {one.readiness for row in rows for one in row.candidates}
    if found <= {READINESS[3]}:
        return READINESS[3:]
    return READINESS if READINESS[3] in found else READINESS[:3]


def _height(row: SuccessionRow, columns: Sequence[str]) -> float:
    most = max((sum(one.readiness == column for one in row.candidates) for column in columns), default=0)
    lines = (
        2
        + (row.emergency is not None)
        + len(row.holders)
        + (row.state in (VACANT, ACTING))
        - (not row.since or len(row.holders) > 1)
    )
    return max(min(most, MOST_CHIPS + 1) * CHIP, lines * 11.5) + 2 * AIR


def _twice(rows: Sequence[SuccessionRow]) -> dict[str, int]:
    """Who stands behind more than one post, and behind how many: they can follow only one."""
    counts = Counter(key for row in rows for key in _behind(row))
    return {key: number for key, number in counts.items() if number > 1}


def _behind(row: SuccessionRow) -> set[str]:
    """Who stands behind a post, on its plan or for an emergency."""
    found = {one.who.id or one.who.name for one in row.candidates}
    return found if row.emergency is None else found | {row.emergency.id or row.emergency.name}


def _warning(twice: dict[str, int]) -> str:
    who = count(len(twice), "person", "people")
    return f"×2 and more: behind so many posts, while one person can take only one ({who})." if twice else ""


@attrs.frozen
class _Drawing:
    """The table being drawn."""

    pen: Pen
    columns: tuple[str, ...]
    column: float
    twice: dict[str, int]
    planned: bool

    def heads(self) -> None:
        """The names of the columns."""
        for at, column in enumerate(self.columns):
            words = "right beneath, not rated" if self.columns == READINESS[3:] else column.replace("-", "–")
            words = column if self.planned else words
            words = self.pen.fit(words, self.column - 12, BODY - 0.5, bold=True)
            self.pen.write(POST + self.column * at + 6, 8, words, BODY - 0.5, color=SOFT, bold=True)

    def row(self, row: SuccessionRow, y: float, width: float) -> None:
        """One post: its title, who holds it, and a chip for each candidate."""
        self.pen.ax.plot([0, width], [y, y], color=GRID, lw=0.8, zorder=1)
        at = y + AIR + 5
        title = self.pen.name(Who(row.title, row.post))
        self.pen.write(0, at, self.pen.fit(title, POST - 12, BODY, bold=True), BODY, bold=True)
        for text, color in self._said(row):
            at += 11.5
            self.pen.write(0, at, self.pen.fit(text, POST - 12, BODY - 0.5), BODY - 0.5, color=color)
        if not row.candidates:
            self._empty(row, POST + 6, y + AIR)
        for n, column in enumerate(self.columns):
            self._bench(row, column, POST + self.column * n, y + AIR)

    def _said(self, row: SuccessionRow) -> list[tuple[str, str]]:
        sure = f", {row.certainty}" if row.certainty not in SURE else ""
        word = ", acting" * (row.state == ACTING) + ", on leave" * row.on_leave
        said = [("vacant", ALARM)] if row.state in (VACANT, ACTING) else []
        said += [(f"{self.pen.name(who)}{word}{sure}", INK) for who in row.holders]
        said += [(row.since, SOFT)] if row.since and len(row.holders) <= 1 else []
        if row.emergency is not None:
            said.append((f"in an emergency: {self.pen.name(row.emergency)}{self._mark(row.emergency)}", INK))
        return said

    def _mark(self, who: Who) -> str:
        """How many posts somebody stands behind, if it is more than one."""
        many = self.twice.get(who.id or who.name, 0)
        return f" ×{many}" if many else ""

    def _empty(self, row: SuccessionRow, x: float, y: float) -> None:
        rated = self.columns != READINESS[3:] and row.planned
        words = "nobody" if rated else "nobody is told of" if row.planned else "no plan"  # an unknown is not none
        self.pen.write(x, y + 6, words, BODY - 0.5, color=ALARM if rated else SOFT, bold=rated)

    def _bench(self, row: SuccessionRow, column: str, x: float, y: float) -> None:
        chips = [one for one in row.candidates if one.readiness == column]
        shown = chips if len(chips) <= MOST_CHIPS + 1 else chips[:MOST_CHIPS]
        for at, one in enumerate(shown):
            self._chip(row, one, x, y + CHIP * at)
        if len(shown) < len(chips):
            self.pen.write(
                x + 8, y + CHIP * (len(shown) + 0.5), f"and {len(chips) - len(shown):,} more", SMALL, color=SOFT
            )

    def _chip(self, row: SuccessionRow, one: Candidate, x: float, y: float) -> None:
        many = self.twice.get(one.who.id or one.who.name, 0)
        box = FancyBboxPatch(
            (x + 4, y),
            self.column - 12,
            CHIP - 3,
            boxstyle="round,pad=0,rounding_size=3",
            facecolor=FILLS[min(self.columns.index(one.readiness), 3) if len(self.columns) > 1 or self.planned else 3],
            edgecolor=COVER if many else LINE,
            linewidth=1.4 if many else 0.5,
            label=f"_candidate {row.post} {one.who.id}",
            zorder=2,
        )
        self.pen.ax.add_patch(box)
        mark = self._mark(one.who)
        room = self.column - 24 - width_of(mark, BODY)
        rank = f"{one.rank}  " if one.rank is not None else ""
        name = self.pen.fit(rank + self.pen.name(one.who), room, BODY - 0.5)
        self.pen.write(x + 9, y + (CHIP - 3) / 2, name + mark, BODY - 0.5, zorder=3)
        rest = room - width_of(name, BODY - 0.5) - 8
        if one.note and rest > 30:  # noqa: PLR2004 - points; less is no word
            note = self.pen.fit(one.note, rest, SMALL)
            self.pen.write(x + self.column - 13, y + (CHIP - 3) / 2, note, SMALL, color=SOFT, ha="right", zorder=3)
