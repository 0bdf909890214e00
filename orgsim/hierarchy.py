"""The posts of one organization, by what they hang under: what every drawing of a chart begins with."""

from collections.abc import Mapping, Sequence

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import UserError
from orgsim.lookups import manager_post, organization_of, root_of
from orgsim.model import Post, Unit


@attrs.frozen
class Hierarchy:
    """The posts of an organization that say something, in order.

    `below` has those that report to each, `tops` those that report to none of them, and `unknown` those of which nobody
    tells to whom they report; seats on boards and committees are among these.
    """

    posts: Sequence[Post]
    below: Mapping[str, Sequence[Post]]
    tops: Sequence[Post]
    unknown: Sequence[Post]

    @property
    def counted(self) -> tuple[int, int]:
        """How many posts there are, personal ones left out, and how many of them are vacant."""
        own = [post for post in self.posts if post.personal is None]
        return len(own), sum(map(is_empty, own))


def hierarchy(chart: OrgChart, organization: str) -> Hierarchy:
    """Sort the posts of an organization by what they hang under."""
    posts = {p.id: p for p in chart.posts if organization_of(chart, p) == organization and _shows(chart, p)}
    below: dict[str, list[Post]] = {}
    tops: list[Post] = []
    unknown: list[Post] = []
    for post in posts.values():
        above = manager_post(chart, post)
        if above is not None and above.id in posts:
            below.setdefault(above.id, []).append(post)
        else:
            (tops if post.line is not None else unknown).append(post)
    return Hierarchy(tuple(posts.values()), below, tops, unknown)


def _shows(chart: OrgChart, post: Post) -> bool:
    """A post with any number of seats says nothing while nobody holds it."""
    return post.seats != "any" or bool(post.holders) or bool(chart.reports(post.id))


def is_empty(post: Post) -> bool:
    """Whether nobody holds a post that somebody should; of posts with any number of seats, none is too few."""
    return post.vacant and post.seats != "any"


def outside(chart: OrgChart, post: Post) -> str | None:
    """What a post reports to besides posts of its organization: a unit that nobody heads, or a post elsewhere."""
    above = manager_post(chart, post)
    if above is not None:
        return above.id if organization_of(chart, above) != organization_of(chart, post) else None
    return post.line.to if post.line is not None and post.line.to != "none" else None


def called(chart: OrgChart, id_: str) -> str:
    """What a post, unit or person is called."""
    noun = chart.get(id_)
    return noun.title if isinstance(noun, Post) else noun.name if noun is not None else id_


def find_organization(chart: OrgChart, id_: str) -> Unit:
    """The organization of that id; raises UnknownIdError if it is not open, `UserError` if it is part of another."""
    unit = chart.unit(id_)
    if unit.parent is not None:
        raise UserError(f"{id_!r} is no organization; it belongs to {root_of(chart, id_)!r}")
    return unit
