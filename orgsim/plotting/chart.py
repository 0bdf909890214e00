"""The picture of an org chart on a date: a box for each post, with vacancies, acting cover, leave and dotted lines."""

import attrs
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import FancyBboxPatch

from orgsim.chart import OrgChart
from orgsim.plotting.data import SURE, Picture, Who
from orgsim.plotting.forest import MOST_BOXES, MOST_NAMES, Box, Forest, Holder, forest
from orgsim.plotting.lettering import readable, width_of, wrapped
from orgsim.plotting.paper import (
    ALARM,
    COVER,
    INK,
    LINE,
    PAPER,
    SOFT,
    WASH,
    Pen,
    bare,
    count,
    foot_room,
    long_date,
    sheet,
)
from orgsim.plotting.tidy import Place, Plan, plan, shelves
from orgsim.plotting.witness import source_of

BOX, INSET, LEADING = 138.0, 6.0, 10.4
LETTER, TITLE_LINES = 7.6, 2
LEAST_WIDTH, HEADING = 420.0, 26.0
MOST_CURVES = 24
"""More dotted lines than this are only told in words."""


@attrs.frozen
class Line:
    """One line in a box: a text, or a name with what is said after it."""

    text: str
    color: str = INK
    bold: bool = False
    italic: bool = False
    who: Who | None = None


def plot_chart(
    data: OrgChart, *, organization: str | None = None, ax: Axes | None = None, most: int = MOST_BOXES, name: str = ""
) -> Axes:
    """Draw an organization on the date of a chart; of several, the one with the most people, unless one is named.

    Of more than `most` posts the highest are drawn, and the others counted in the box they hang under.
    """
    found = forest(data, organization, most)
    lines = {box.id: _lines(box) for box in found.boxes()}
    trees = plan(found.trees, BOX, lambda box: _height(lines[box.id]))
    apart = shelves(found.apart, BOX, lambda box: _height(lines[box.id]), max(trees.width, LEAST_WIDTH * 1.6))
    width = max(trees.width, apart.width, LEAST_WIDTH)
    heading = HEADING if apart.places and trees.places else 0
    height = max(trees.height + (24 if heading else 0) + heading + apart.height, 90)
    source, folded = source_of(data, name, data.known), _folded(found)
    if ax is None:
        ax = sheet(width, height, left=16, right=16, top=52, bottom=10 + foot_room(folded, width=width, source=source))
    pen = Pen(ax)
    bare(ax)
    ax.set_xlim(0, width)
    ax.set_ylim(height, 0)
    for box in found.boxes():
        pen.see(box.title)
    pen.head(found.organization or "No organization", _below(found))
    scale = min(pen.width / width, pen.height / height)
    drawing = _Drawing(pen, lines, {box.id: box for box in found.boxes()}, scale)
    drawing.draw(trees, (width - trees.width) / 2, 0)
    top = trees.height + (24 if heading else 0)
    if heading:
        ax.plot([0, width], [top - 6] * 2, color=LINE, lw=0.6, ls=(0, (1, 2)))
        pen.write(0, top + 8, "Whom they report to is not told", 8, color=SOFT, bold=True)
    drawing.draw(apart, 0, top + heading)
    drawing.dotted()
    if not trees.places and not apart.places:
        pen.sentence(_nothing(data, found))
    pen.foot(Picture(source=source, known=data.known), folded, down=10)
    return ax


def _below(found: Forest) -> str:
    """The date and the size, in one line."""
    size = f"{count(found.people, 'person', 'people')} employed, {count(found.posts, 'post')}, {found.vacant:,} vacant"
    known = f", as known on {long_date(found.known)}" if found.known else ""
    return f"{long_date(found.at)}{known} · {size}"


def _nothing(chart: OrgChart, found: Forest) -> str:
    if not found.organization:
        return f"No organization is open on {long_date(chart.at)}: there is nothing to draw. Try another date."
    return f"{found.organization} has no posts and no people on {long_date(chart.at)}."


def _folded(found: Forest) -> str:
    if not found.folded:
        return ""
    drawn = sum(1 for box in found.boxes() if not box.is_unit)
    return f"The {drawn:,} highest of {drawn + found.folded:,} posts are drawn; the others are counted where they hang."


# ------------------------------------------------------------------------------------------------------- what boxes say


def _lines(box: Box) -> list[Line]:
    """What a box says, line by line."""
    room = BOX - 2 * INSET
    bold = box.critical or box.is_unit
    title = readable(box.title, box.id) if box.title else ""
    found = [Line(text, bold=bold) for text in _wrapped(title, room, bold=bold)]
    if box.vacant:
        found.append(Line("VACANT", ALARM, bold=True))
        found += [Line(text, ALARM) for text in _wrapped(box.since, room)]
    for seat in box.seats:
        found += _lines(seat)
    names = box.holders[:MOST_NAMES] if len(box.holders) > MOST_NAMES + 1 else box.holders
    found += map(_holder, names)
    more = len(box.holders) - len(names) + box.unnamed
    if more:
        words = f"{count(more, 'person', 'people')} not named" if more == box.unnamed else f"and {more:,} more"
        found.append(Line(words, SOFT, italic=True))
    found += [Line(text, SOFT, italic=True) for note in box.notes for text in _wrapped(note, room)]
    if box.folded:
        vacant = f", {box.folded_vacant:,} vacant" if box.folded_vacant else ""
        found.append(Line(f"+ {count(box.folded, 'post')} beneath{vacant}", SOFT, bold=True))
    return found if found or box.is_unit else [Line("nobody", SOFT, italic=True)]


def _wrapped(text: str, room: float, *, bold: bool = False) -> list[str]:
    return wrapped(text, room, LETTER, TITLE_LINES, bold=bold)


def _holder(holder: Holder) -> Line:
    """A name with what is special about it."""
    words = [word for word, so in (("acting", holder.acting), ("on leave", holder.on_leave)) if so]
    words += [holder.certainty] if holder.certainty not in SURE else []
    return Line("".join(f", {word}" for word in words), SOFT if holder.on_leave else INK, who=holder.who)


def _height(lines: list[Line]) -> float:
    return LEADING * len(lines) + 2 * INSET - 2


# -------------------------------------------------------------------------------------------------------------- drawing


@attrs.define
class _Drawing:
    """Boxes and lines being drawn."""

    pen: Pen
    lines: dict[str, list[Line]]
    boxes: dict[str, Box]
    scale: float
    places: dict[str, Place] = attrs.field(factory=dict)

    def draw(self, layout: Plan, x: float, y: float) -> None:
        """Draw a plan with its left upper corner at a place."""
        moved = [[(a + x, b + y) for a, b in line] for line in layout.lines]
        self.pen.ax.add_collection(
            LineCollection(moved, colors=LINE, linewidths=0.8 * self.scale, zorder=1), autolim=False
        )
        for id_, place in layout.places.items():
            self.places[id_] = place.moved(x, y)
            self._box(self.boxes[id_], self.places[id_])

    def _box(self, box: Box, place: Place) -> None:
        gap = box.vacant
        acting = any(holder.acting for holder in box.holders)
        away = bool(box.holders) and all(holder.on_leave for holder in box.holders)
        self.pen.ax.add_patch(
            FancyBboxPatch(
                (place.x, place.y),
                place.width,
                place.height,
                boxstyle="round,pad=0,rounding_size=3",
                facecolor="#fdf3e3" if acting and gap else PAPER if not box.is_unit else WASH,
                edgecolor=ALARM if gap else LINE if away else INK if box.critical else "#6f8aa3",
                linewidth=(1.5 if gap or box.critical else 0.9) * self.scale,
                linestyle=(0, (4, 2)) if gap else (0, (1, 1.5)) if away else "-",
                label=f"_box {box.id}",
                zorder=2,
                clip_on=False,
            )
        )
        if acting:
            self.pen.ax.add_patch(
                FancyBboxPatch(
                    (place.x, place.y), 3.5, place.height, boxstyle="square,pad=0", fc=COVER, lw=0, zorder=2.5
                )
            )
        for at, line in enumerate(self.lines[box.id]):
            self._write(line, place.x + INSET, place.y + INSET - 1 + LEADING * (at + 0.5), place.width - 2 * INSET)

    def _write(self, line: Line, x: float, y: float, room: float) -> None:
        size = LETTER * self.scale
        style = {"fontstyle": "italic"} if line.italic else {}
        if line.who is None:
            self.pen.write(
                x,
                y,
                self.pen.fit(line.text, room, LETTER, bold=line.bold),
                size,
                color=line.color,
                bold=line.bold,
                zorder=3,
                **style,
            )
            return
        shown = self.pen.fit(self.pen.name(line.who), room - width_of(line.text, LETTER), LETTER)
        self.pen.write(x, y, shown + line.text, size, color=line.color, zorder=3)

    def dotted(self) -> None:
        """Draw the dotted lines as curves behind the boxes, unless they are too many to follow."""
        pairs = [(id_, to) for id_ in self.places for to in self.boxes[id_].dotted if to in self.places]
        for one, other in pairs if len(pairs) <= MOST_CURVES else ():
            a, b = self.places[one], self.places[other]
            self.pen.ax.annotate(
                "",
                xy=(b.x + b.width / 2, b.y + b.height),
                xytext=(a.x + a.width, a.y + a.height / 2),
                arrowprops={
                    "arrowstyle": "-",
                    "connectionstyle": "arc3,rad=0.25",
                    "linestyle": (0, (1, 2)),
                    "color": "#7a4d8f",
                    "linewidth": 1.2 * self.scale,
                    "zorder": 1.5,
                },
                zorder=1.5,
                label=f"_dotted {one} {other}",
            )
