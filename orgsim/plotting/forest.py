"""From a chart to trees of boxes: which posts hang under which, what each box says, and what is folded away.

Posts whose manager is not known stand apart; they report to somebody, nobody tells to whom.  Nothing here draws.
"""

import datetime as dt
from collections.abc import Iterator

import attrs

from orgsim.chart import OrgChart
from orgsim.hierarchy import Hierarchy, called, find_organization, hierarchy, is_empty, outside
from orgsim.model import Appointment, Post, Unit
from orgsim.plotting.data import SURE, Who
from orgsim.plotting.paper import since_words
from orgsim.plotting.witness import is_away, who_holds

MOST_BOXES = 200
MOST_NAMES = 4


@attrs.frozen
class Holder:
    """Somebody in a box: how they hold the post, and how sure that is."""

    who: Who
    acting: bool = False
    on_leave: bool = False
    certainty: str = "stated"


@attrs.define(eq=False)
class Box:
    """One post, or a unit that posts report to: what it says, and what hangs under it.

    `seats` are those of a board, told in its box.  `folded` counts the posts beneath that are not drawn, and
    `folded_vacant` the vacant ones of them.
    """

    id: str
    title: str
    holders: tuple[Holder, ...] = ()
    unnamed: int = 0
    vacant: bool = False
    since: str = ""
    critical: bool = False
    is_unit: bool = False
    dotted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seats: tuple["Box", ...] = ()
    below: list["Box"] = attrs.field(factory=list)
    folded: int = 0
    folded_vacant: int = 0

    def walk(self) -> Iterator["Box"]:
        """This box and all beneath it, from the top down."""
        waiting = [self]
        while waiting:
            box = waiting.pop()
            yield box
            waiting += reversed(box.below)

    @property
    def size(self) -> int:
        """How many boxes there are, this one included."""
        return sum(1 for _ in self.walk())


@attrs.frozen
class Forest:
    """The boxes of one organization: the trees under its tops, and those whose manager is not known."""

    organization: str
    at: dt.date
    known: dt.date | None
    people: int
    posts: int
    vacant: int
    trees: tuple[Box, ...]
    apart: tuple[Box, ...]
    folded: int

    def boxes(self) -> Iterator[Box]:
        """Everything that is drawn: boxes, and the seats told in them."""
        for tree in (*self.trees, *self.apart):
            for box in tree.walk():
                yield box
                yield from box.seats


def forest(chart: OrgChart, organization: str | None = None, most: int = MOST_BOXES) -> Forest:
    """The boxes of an organization; of several, the one with the most people, unless one is named.

    Of more than `most` boxes the highest are kept, and the others counted where they hang.  Raises UnknownIdError for
    a unit that is not open, `UserError` for one that is no organization.
    """
    if organization is not None:
        unit = find_organization(chart, organization)
    elif chart.organizations:
        unit = max(chart.organizations, key=lambda unit: chart.headcount(unit.id))
    else:
        return Forest("", chart.at, chart.known, 0, 0, 0, (), (), 0)
    found = hierarchy(chart, unit.id)
    trees, apart = _hang(chart, found)
    folded = _fold(trees, apart, most)
    return Forest(
        unit.name,
        chart.at,
        chart.known,
        chart.headcount(unit.id),
        *found.counted,
        tuple(trees),
        tuple(apart),
        folded,
    )


def _hang(chart: OrgChart, found: Hierarchy) -> tuple[list[Box], list[Box]]:
    """Every post in a box, under the box it reports to; units without a head that posts report to have a box too."""
    boxes = {post.id: _box(chart, post) for post in found.posts}
    for above, posts in found.below.items():
        boxes[above].below += [boxes[post.id] for post in posts]
    units: dict[str, Box] = {}
    trees: list[Box] = []
    for post in found.tops:
        end = chart.get(post.line.to) if post.line is not None else None
        if isinstance(end, Unit):
            if end.id not in units:
                units[end.id] = _unit(end)
                trees.append(units[end.id])
            units[end.id].below.append(boxes[post.id])
        else:
            trees.append(boxes[post.id])
    apart = [boxes[post.id] for post in found.unknown]
    for unit in chart.units:  # seats on a board have no manager, but a place
        seats = [box for box in apart if unit.is_body and chart.post(box.id).unit == unit.id and not box.below]
        if seats and unit.id not in units:
            units[unit.id] = _unit(unit)
            trees.insert(0, units[unit.id])
        if seats:
            units[unit.id].seats = tuple(seats)
            apart = [box for box in apart if box not in seats]
    # Whoever has reports comes before those of whom only the post is told.
    return trees, sorted(apart, key=lambda box: not box.below)


def _unit(unit: Unit) -> Box:
    return Box(unit.id, unit.name, is_unit=True)


def _box(chart: OrgChart, post: Post) -> Box:
    holders = [_holder(chart, post, holder) for holder in post.holders if holder.person is not None]
    vacant = is_empty(post)
    dotted = tuple(line.to for line in post.lines if line.dotted)
    notes = [f"also to {called(chart, id_)}" for id_ in dotted]
    above = chart.get(outside(chart, post) or "")
    if above is not None and not (isinstance(above, Unit) and above.is_body):  # a body has a box of its own
        notes.append(f"reports to {called(chart, above.id)}")
    return Box(
        post.id,
        "" if post.personal is not None and holders else post.title,
        tuple(holders),
        unnamed=sum(holder.seats for holder in post.holders if holder.person is None),
        vacant=vacant,
        since=_since(chart, post) if vacant else "",
        critical=post.critical,
        dotted=dotted,
        notes=tuple(notes),
    )


def _since(chart: OrgChart, post: Post) -> str:
    """Since when a post is vacant, as far as it is told."""
    if post.vacated is None:
        return ""
    date, certainty = post.vacated.date, chart.certainty(post.vacated)
    return since_words(date.first, date.last) + (f", {certainty}" if certainty not in SURE else "")


def _holder(chart: OrgChart, post: Post, holder: Appointment) -> Holder:
    certainty = chart.holding_certainty(post, holder)
    return Holder(who_holds(chart, holder), holder.acting, is_away(chart, holder), certainty)


def _fold(trees: list[Box], apart: list[Box], most: int) -> int:
    """Keep the highest boxes, level by level; count what hangs lower in the box it hangs under."""
    total = sum(tree.size for tree in (*trees, *apart))
    if total <= most:
        return 0
    del apart[max(most - len(trees), 0) :]
    del trees[most:]
    level = [*trees, *apart]
    kept = len(level)
    while level:
        following: list[Box] = []
        # A level is drawn whole or not at all, so that branches compare; unless hardly anything would be left.
        whole = kept + sum(len(box.below) for box in level) <= most
        for box in level:
            if kept + len(box.below) <= most and (whole or kept < most // 4):
                kept += len(box.below)
                following += box.below
            else:
                hidden = [one for below in box.below for one in below.walk()]
                box.folded, box.folded_vacant = len(hidden), sum(one.vacant for one in hidden)
                box.below = []
        level = following
    return total - kept
