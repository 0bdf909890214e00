"""The picture of leadership gaps: a row for each post, who held it when, and where nobody did.

Gaps too short to be read at the scale of the whole are shown once more beneath, day by day.
"""

import datetime as dt
from collections.abc import Sequence

import attrs
from matplotlib.axes import Axes
from matplotlib.patches import Polygon, Rectangle

from orgsim.plotting import lenses
from orgsim.plotting.bars import Lane, draw_key, draw_row
from orgsim.plotting.calendar import date_axis, number
from orgsim.plotting.data import ACTING, VACANT, Leadership, PostRow, Stretch, Who
from orgsim.plotting.lettering import width_of, wrapped
from orgsim.plotting.paper import (
    ALARM,
    BODY,
    GRID,
    PAPER,
    SMALL,
    SOFT,
    WASH,
    Pen,
    count,
    foot_room,
    long_date,
    sheet,
    since_words,
    span_of,
)

WIDTH, ROW = 560.0, 24.0
FAINT = "#f9f9f9"
AXIS = 44.0
"""Points above the rows for dates and the key."""
LEAST_LABEL, MOST_LABEL = 60.0, 190.0
SUMMARY = 168.0
"""Points beside the bars for how long each gap was."""
HEAD, LAST, LEADING = 28.0, 6.0, 9.5


def plot_gaps(data: Leadership, *, ax: Axes | None = None) -> Axes:
    """Draw who held each leading post, who acted in it, and when nobody did."""
    closer = lenses.lenses_of(data, WIDTH)
    label = _label_width(data, closer)
    height = HEAD + ROW * max(len(data.rows), 4) + sum(lens.height for lens in closer)
    notes = [data.note, _left_out(data)]
    if ax is None:
        room = LAST + foot_room(*notes, width=label + WIDTH + SUMMARY, source=data.source)
        ax = sheet(WIDTH, height, left=label + 14, right=SUMMARY + 12, top=84, bottom=room)
    pen = Pen(ax)
    below = f"{span_of(data.start, data.end)}{_counted(data)}" if data.rows else ""
    pen.head(data.title, below, left=-label, up=AXIS if data.rows else 0)
    if not data.rows:
        pen.sentence(
            "No post is told of in this period, so there is nobody to show. Add posts, and mark them critical."
        )
    else:
        _Drawing(data, pen, label, height).draw(closer)
        draw_key(pen, data, -label, pen.height + AXIS - 8)
    pen.foot(data, *notes, left=-label, down=LAST)
    return ax


def _label_width(data: Leadership, closer: Sequence[lenses.Lens]) -> float:
    wide = [width_of(row.title, BODY) for row in data.rows]
    longest = max([*wide, *(width_of(span_of(lens.first, lens.last), BODY, bold=True) for lens in closer)], default=0.0)
    return min(max(longest + 14, LEAST_LABEL), MOST_LABEL)


def _left_out(data: Leadership) -> str:
    return f"{count(data.left_out, 'more post')} without a gap left out." if data.left_out else ""


def _counted(data: Leadership) -> str:
    """How many gaps there are, and how many last."""
    gaps = [gap for row in data.rows for gap in row.gaps]
    if not gaps:
        return " · no gaps"
    lasting = sum(gap[-1].goes_on for gap in gaps)
    return f" · {count(len(gaps), 'gap')} in {count(len(data.rows), 'post')}" + (
        f", {lasting} still open" * bool(lasting)
    )


# ----------------------------------------------------------------------------------------------------------- drawing


@attrs.frozen
class _Drawing:
    """The rows, and the lenses beneath them."""

    data: Leadership
    pen: Pen
    label: float
    height: float

    @property
    def scale(self) -> float:
        """Points on the axes for each point of the plan: 1, but where somebody gave axes of another size."""
        return self.pen.height / self.height

    def draw(self, closer: Sequence[lenses.Lens]) -> None:
        ax, data = self.pen.ax, self.data
        rows_end = self.height - sum(lens.height for lens in closer)
        ax.set_ylim(self.height, 0)
        ax.set_yticks([])
        for spine in ax.spines.values():
            spine.set_visible(False)
        bottom = 1 - rows_end / self.height
        date_axis(self.pen, data.start, data.end, top=True, grid=(bottom, 1 - (HEAD - 22) / self.height))
        self._not_told(rows_end)
        for at, row in enumerate(data.rows):
            self._row(ax, row, HEAD - 16 + ROW * (at + 0.5), ROW * 0.66, (data.start, data.end))
            self._summary(row, HEAD - 16 + ROW * (at + 0.5))
        top = rows_end
        for lens in closer:
            self._lens(lens, top, rows_end)
            top += lens.height

    def _row(self, ax: Axes, row: PostRow, y: float, height: float, window: tuple[dt.date, dt.date]) -> None:
        start, end = map(number, window)
        lane = Lane(self.pen, ax, y, height, start, end, self.pen.width / max(end - start, 1))
        draw_row(lane, row)
        down = (self.height - y) * self.scale
        title = self.pen.name(Who(row.title, row.post))
        self.pen.beside(-self.label, down, self.pen.fit(title, self.label - 8), BODY)

    def _summary(self, row: PostRow, y: float) -> None:
        """How long the gaps of a post were, beside its row."""
        gaps = row.gaps
        if not gaps:
            return
        text, lasting = summary(row)
        size = BODY - 0.5
        lines = wrapped(text, SUMMARY - 8, size, 2, bold=lasting)
        up = (self.height - y) * self.scale + LEADING * (len(lines) - 1) / 2
        for at, line in enumerate(lines):
            self.pen.beside(self.pen.width + 8, up - LEADING * at, line, size, bold=lasting, color=ALARM)

    def _not_told(self, bottom: float) -> None:
        """Wash over the days of which nothing is told yet."""
        until = self.data.told_until
        if until is None or not self.data.start < until < self.data.end:
            return
        x, end = number(until), number(self.data.end)
        self.pen.ax.add_patch(
            Rectangle((x, HEAD - 16), end - x, bottom - HEAD + 16, facecolor=PAPER, alpha=0.55, lw=0, zorder=3.6)
        )
        self.pen.ax.plot([x, x], [HEAD - 16, bottom + 1], color=SOFT, lw=0.9, ls=(0, (1, 1.5)), zorder=3.7)
        self.pen.write(x, bottom + 7, f"last news {long_date(until)}", SMALL, color=SOFT, ha="center", zorder=5)

    def _lens(self, lens: lenses.Lens, top: float, rows_end: float) -> None:
        """A few days at a scale at which they can be read, tied to their place above."""
        ax, high = self.pen.ax, self.height
        x0, x1 = number(lens.start), number(lens.end)
        ax.add_patch(Rectangle((x0, HEAD - 16), x1 - x0, rows_end - HEAD + 16, facecolor=WASH, lw=0, zorder=0.4))
        left, right = number(self.data.start), number(self.data.end)
        corner = top + 14
        shape = [(x0, rows_end), (x1, rows_end), (right, corner)]
        ax.add_patch(Polygon([*shape, (left, corner)], facecolor=FAINT, lw=0, zorder=0.2))
        ax.add_patch(Rectangle((left, corner), right - left, lens.height - 18, facecolor=WASH, lw=0, zorder=0.3))
        share = lenses.ROW * len(lens.rows) / high
        inner = ax.inset_axes((0, 1 - (top + lens.height - lenses.FOOT) / high, 1, share), zorder=3)
        inner.set_xlim(x0, x1)
        inner.set_ylim(top + lens.height - lenses.FOOT, top + lenses.HEAD)
        inner.axis("off")
        for at, row in enumerate(lens.rows):
            self._row(inner, row, top + lenses.HEAD + lenses.ROW * (at + 0.5), lenses.ROW * 0.7, (lens.start, lens.end))
        self._lens_axis(inner, lens, top)

    def _lens_axis(self, inner: Axes, lens: lenses.Lens, top: float) -> None:
        y = (self.height - top - 24) * self.scale
        self.pen.beside(-self.label, y, span_of(lens.first, lens.last), BODY, bold=True)
        self.pen.beside(6, y, self.pen.fit(lens.why, self.pen.width - 12, BODY - 0.5), BODY - 0.5)
        day, scale = lens.start, self.pen.width / max((lens.end - lens.start).days, 1)
        step = 1 if scale > 16 else max(2, round(20 / scale))  # noqa: PLR2004 - points that a number needs
        while day < lens.end:
            x = number(day)
            inner.plot(
                [x, x],
                [top + lenses.HEAD - 3, top + lens.height - lenses.FOOT],
                color=GRID,
                lw=0.7,
                zorder=0.6,
                clip_on=False,
            )
            if not (day - lens.start).days % step:
                middle = x + 0.5 if step == 1 else x
                self.pen.write(
                    middle,
                    top + lenses.HEAD - 6,
                    str(day.day),
                    SMALL,
                    color=SOFT,
                    ha="center",
                    transform=inner.transData,
                    zorder=6,
                )
            day += dt.timedelta(days=1)


def summary(row: PostRow) -> tuple[str, bool]:
    """How long a post was without a holder, in words, between bounds where a date is not sure; and whether it lasts."""
    gaps = row.gaps
    last = gaps[-1]
    if last[-1].goes_on:
        since = last[0]
        word = "vacant" if last[-1].state == VACANT else "acting"
        return f"{word} {since_words(since.start, max(since.start, since.latest))}", True
    least = most = 0
    for gap in gaps:
        low, high = _bounds(row, gap)
        least, most = least + low, most + high
    days = count(least, "day") if least == most else f"{least:,} to {most:,} days"
    states = {stretch.state for gap in gaps for stretch in gap}
    how = "acting" if states == {ACTING} else "vacant" if states == {VACANT} else "vacant or acting"
    return f"{days} {how}", False


def _bounds(row: PostRow, gap: tuple[Stretch, ...]) -> tuple[int, int]:
    """The fewest and the most days a gap may have lasted."""
    first, end = gap[0], gap[-1].end
    after = next((one for one in row.stretches if one.start == end), None)
    latest_end = after.latest if after is not None and after.latest > end else end
    if after is None and row.ends is not None:
        latest_end = row.ends[1]
    latest_start = max(first.latest, first.start)
    earliest = first.earliest if first.earliest is not None and first.earliest < first.start else first.start
    return max((end - latest_start).days, 0), (latest_end - earliest).days
