"""From a chart to trees of boxes: which posts hang under which, what each box says, and what is folded away.

Posts whose manager is not known stand apart; they report to somebody, nobody tells to whom.  Nothing here draws.
"""

import datetime as dt
from collections.abc import Iterator

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import UserError
from orgsim.lookups import heads, manager_post, organization_of, root_of
from orgsim.model import Appointment, Person, Post, Unit
from orgsim.plotting.data import Who
from orgsim.plotting.witness import since_words

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
    unit = _organization(chart, organization)
    if unit is None:
        return Forest("", chart.at, chart.known, 0, 0, 0, (), (), 0)
    posts = [p for p in chart.posts if organization_of(chart, p) == unit.id and _shows(chart, p)]
    trees, apart = _hang(chart, posts)
    folded = _fold(trees, apart, most)
    own = [post for post in posts if post.personal is None]
    return Forest(
        unit.name,
        chart.at,
        chart.known,
        chart.headcount(unit.id),
        len(own),
        sum(post.vacant and post.seats != "any" for post in own),
        tuple(trees),
        tuple(apart),
        folded,
    )


def _organization(chart: OrgChart, id_: str | None) -> Unit | None:
    if id_ is not None:
        unit = chart.unit(id_)
        if unit.parent is not None:
            raise UserError(f"{id_!r} is no organization; it belongs to {root_of(chart, id_)!r}")
        return unit
    return max(chart.organizations, key=lambda unit: chart.headcount(unit.id), default=None)


def _shows(chart: OrgChart, post: Post) -> bool:
    """A post with any number of seats says nothing while nobody holds it."""
    return post.seats != "any" or bool(post.holders) or bool(chart.reports(post.id))


def _hang(chart: OrgChart, posts: list[Post]) -> tuple[list[Box], list[Box]]:
    """Every post in a box, under the box it reports to; units without a head that posts report to have a box too."""
    boxes = {post.id: _box(chart, post) for post in posts}
    units: dict[str, Box] = {}
    trees: list[Box] = []
    apart: list[Box] = []
    for post in posts:
        box, above = boxes[post.id], manager_post(chart, post)
        end = chart.get(post.line.to) if post.line is not None else None
        if above is not None and above.id in boxes:
            boxes[above.id].below.append(box)
        elif isinstance(end, Unit):
            if end.id not in units:
                units[end.id] = _unit(end)
                trees.append(units[end.id])
            units[end.id].below.append(box)
        elif post.line is not None:
            trees.append(box)
        else:
            apart.append(box)
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
    vacant = post.vacant and post.seats != "any"
    dotted = tuple(line.to for line in post.lines if line.dotted)
    notes = [f"also to {_called(chart, id_)}" for id_ in dotted]
    end = chart.get(post.line.to) if post.line is not None else None
    if isinstance(end, Unit) and not heads(chart, end.id) and not end.is_body:
        notes.append(f"reports to {end.name}")
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
    certainty = chart.certainty(post.vacated)
    return since_words(post.vacated.date) + (f", {certainty}" if certainty not in ("stated", "reported") else "")


def _holder(chart: OrgChart, post: Post, holder: Appointment) -> Holder:
    person = chart.get(holder.person or "")
    name = person.name if isinstance(person, Person) else holder.person or ""
    away = isinstance(person, Person) and person.leave is not None
    return Holder(Who(name, holder.person or ""), holder.acting, away, chart.holding_certainty(post, holder))


def _called(chart: OrgChart, id_: str) -> str:
    noun = chart.get(id_)
    return noun.title if isinstance(noun, Post) else noun.name if noun is not None else id_


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
