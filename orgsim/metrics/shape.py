"""The shape of a chart: spans of control and layers, as distributions.

An average hides what matters, so each post is listed, and posts of which no manager is known are counted apart.
"""

import datetime as dt

import attrs

from orgsim.chart import OrgChart
from orgsim.lookups import heads, manager_post
from orgsim.metrics.formulas import Distribution
from orgsim.metrics.vacancy import seats_of
from orgsim.model import Post, Unit


@attrs.frozen
class Span:
    """What reports to a post: how many posts, their seats, how many of these are vacant, and dotted lines apart."""

    post: str
    posts: int
    seats: int
    vacant: int
    dotted: int


@attrs.frozen
class Spans:
    """The spans of control of a chart, and the posts without a manager, by why they have none."""

    at: dt.date
    vacancies: bool
    managers: tuple[Span, ...]
    tops: tuple[str, ...]
    unknown: tuple[str, ...]
    headless: tuple[str, ...]
    members: tuple[str, ...]

    def span(self, manager: Span) -> int:
        """The span of one manager post: seats, with or without the vacant ones."""
        return manager.seats if self.vacancies else manager.seats - manager.vacant

    @property
    def distribution(self) -> Distribution:
        """How many manager posts have which span."""
        return Distribution.of(self.span(manager) for manager in self.managers)

    @property
    def mean(self) -> float | None:
        """The mean span; None without managers."""
        return self.distribution.mean

    @property
    def median(self) -> float | None:
        """The median span; None without managers."""
        return self.distribution.median

    @property
    def max(self) -> float | None:
        """The largest span; None without managers."""
        return self.distribution.max


def spans(chart: OrgChart, *, vacancies: bool = True) -> Spans:
    """How many seats report to each post that any post reports to, by solid lines.

    Formula: span = seats of the posts that report to a post, or to the unit it heads; with `vacancies=False` those
    with a substantive holder only.  A post with `seats: any` counts the seats taken.  Dotted lines are counted beside.
    A manager post counts whether or not anybody holds it.  Posts without a manager post are listed apart: tops (stated
    ones, and posts that report to a board or committee as a whole), posts whose manager is unknown, posts that report
    to another unit without a head (`headless`), and seats on boards and committees without a line (`members`).
    Unit: seats per manager post.  Source: ISO/TS 30431, "Span of control" (employees and other workers who report to
    one manager), counted in seats as in Nakisa's organization charts.
    """
    solid: dict[str, list[Post]] = {}
    dotted: dict[str, int] = {}
    apart: dict[str, list[str]] = {"tops": [], "unknown": [], "headless": [], "members": []}
    for post in chart.posts:
        above = manager_post(chart, post)
        if above is not None:
            solid.setdefault(above.id, []).append(post)
        else:
            apart[_why_none(chart, post)].append(post.id)
        for line in post.lines:
            target = _end(chart, line.to) if line.dotted else None
            if target is not None:
                dotted[target] = dotted.get(target, 0) + 1
    rows = tuple(
        Span(
            post.id,
            posts=len(solid.get(post.id, ())),
            seats=sum(map(seats_of, solid.get(post.id, ()))),
            vacant=sum(seats_of(below) - below.taken for below in solid.get(post.id, ())),
            dotted=dotted.get(post.id, 0),
        )
        for post in chart.posts
        if post.id in solid
    )
    return Spans(chart.at, vacancies, rows, **{name: tuple(ids) for name, ids in apart.items()})


def _why_none(chart: OrgChart, post: Post) -> str:
    """Why a post has no manager post."""
    if post.line is None:
        unit = chart.get(post.unit)
        return "members" if isinstance(unit, Unit) and unit.is_body else "unknown"
    return "tops" if _is_top(chart, post) else "headless"


def _end(chart: OrgChart, to: str) -> str | None:
    """The post at the end of a line: of a line to a unit, the first that heads it."""
    if not isinstance(chart.get(to), Unit):
        return to
    return next((post.id for post in heads(chart, to)), None)


@attrs.frozen
class Layer:
    """How many posts stand above a post; not `known` if the topmost of them has an unknown manager: it is a least."""

    post: str
    above: int
    known: bool


@attrs.frozen
class Layers:
    """The layers of a chart: 0 is the top."""

    at: dt.date
    vacancies: bool
    posts: tuple[Layer, ...]
    members: tuple[str, ...]

    @property
    def distribution(self) -> Distribution:
        """How many posts are in which layer, of those under a stated top."""
        return Distribution.of(layer.above for layer in self.posts if layer.known)

    @property
    def unknown(self) -> Distribution:
        """How many posts are at least so deep, of those under a post whose manager is unknown."""
        return Distribution.of(layer.above for layer in self.posts if not layer.known)

    @property
    def mean(self) -> float | None:
        """The mean layer of the posts under a stated top."""
        return self.distribution.mean

    @property
    def median(self) -> float | None:
        """The median layer of the posts under a stated top."""
        return self.distribution.median

    @property
    def max(self) -> float | None:
        """The deepest layer of the posts under a stated top."""
        return self.distribution.max


def layers(chart: OrgChart, *, vacancies: bool = True) -> Layers:
    """How many posts stand above each post, along solid lines.

    Formula: layer = number of posts from the next one above up to the top; a stated top (`reports_to: none`) is in
    layer 0, and so is a post that reports to a board or committee as a whole.  Where the chain ends in a post whose
    manager is unknown, or in another unit without a head, the layer is a least only, and counted apart.  Vacant posts
    are passed through; they are counted unless `vacancies=False`.
    Seats on boards and committees without a line are in no layer (`members`).
    Unit: posts.  Source: levels below the root, as in Nakisa's organization charts; ISO/TS 30431 advises to read spans
    by layer.
    """
    found: dict[str, tuple[int, bool]] = {}
    counted, members = [], []
    for post in chart.posts:
        if post.line is None and _why_none(chart, post) == "members" and not chart.reports(post.id):
            members.append(post.id)
            continue
        above, known = _layer(chart, post, found)
        if vacancies or not post.vacant:
            counted.append(Layer(post.id, above, known))
    return Layers(chart.at, vacancies, tuple(counted), tuple(members))


def _is_top(chart: OrgChart, post: Post) -> bool:
    """A stated top, or a post that reports to a board or committee."""
    unit = chart.get(post.line.to) if post.line is not None else None
    return (post.line is not None and post.line.to == "none") or (isinstance(unit, Unit) and unit.is_body)


def _layer(chart: OrgChart, post: Post, found: dict[str, tuple[int, bool]]) -> tuple[int, bool]:
    """The layer of a post and whether it is known; what is found on the way up is kept for the next."""
    path: list[Post] = []
    at: Post | None = post
    while at is not None and at.id not in found:
        path.append(at)
        at = manager_post(chart, at)
    if at is not None:
        above, known = found[at.id]
    else:
        top = path[-1]
        above, known = -1, _is_top(chart, top)
    for below in reversed(path):
        above += 1
        found[below.id] = (above, known)
    return found[post.id]
