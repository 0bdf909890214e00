"""The chart of a date as a graph: a node for each post, an edge for each line; what the graph formats write.

Whatever a format needs as its own id is made there; here stand the ids of the ledger, and texts as they are.
"""

import datetime as dt
from typing import Any

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import UserError
from orgsim.exporters import Options
from orgsim.hierarchy import is_empty
from orgsim.ledger import Ledger
from orgsim.lookups import heads, organization_of
from orgsim.model import Person, Post, Unit

PSEUDONYMS = "Pseudonymized data are still personal data."
"""What every output with pseudonyms says that can carry a remark."""


@attrs.frozen
class Node:
    """A post, or a unit without a head that posts report to; `lines` are the lines of its label."""

    id: str
    lines: tuple[str, ...]
    attributes: dict[str, Any]


@attrs.frozen
class Edge:
    """A reporting line, `solid` or `dotted`, from the post that reports to what it reports to."""

    start: str
    end: str
    line: str


@attrs.frozen
class Graph:
    """Nodes and edges, in the order of the ledger."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def title_of(at: dt.date, known: dt.date | None) -> str:
    """What a chart is of."""
    return f"at {at}, known {known}" if known is not None else f"at {at}"


def chart_graph(chart: OrgChart, top_levels: int | None = None) -> Graph:
    """The graph of a chart, or of its posts with fewer than so many posts above them."""
    posts = [post for post in chart.posts if top_levels is None or chart.layer(post.id) < top_levels]
    nodes = {post.id: _post(chart, post) for post in posts}
    edges: list[Edge] = []
    for post in posts:
        for line in post.lines:
            end = _end(chart, line.to)
            if end is None or end.id == post.id:
                continue
            if isinstance(end, Unit):
                nodes.setdefault(end.id, _unit(end))
            if end.id in nodes:
                edges.append(Edge(post.id, end.id, "dotted" if line.dotted else "solid"))
    return Graph(tuple(nodes.values()), tuple(edges))


def graph_of(ledger: Ledger, options: Options) -> tuple[dt.date, Graph, dict[str, str]]:
    """The date that is asked for, the graph of its chart, and the ids of nodes in a file; refuses an empty one."""
    at = options.at or dt.date.today()  # noqa: DTZ011 - as `orgsim replay`
    graph = chart_graph(ledger.chart(at), options.top_levels)
    if not graph.nodes:
        raise UserError(f"there is no post on {at}; name another date with --at", exit_code=1)
    return at, graph, {node.id: f"n{number}" for number, node in enumerate(graph.nodes, 1)}


def _end(chart: OrgChart, to: str) -> Post | Unit | None:
    """What a line leads to: a post, the one that heads a unit, the unit if none does; nothing for a stated top."""
    noun = chart.get(to) if to != "none" else None
    if isinstance(noun, Unit):
        return next(iter(heads(chart, noun.id)), noun)
    return noun if isinstance(noun, Post) else None


def _post(chart: OrgChart, post: Post) -> Node:
    holders = []
    for holder in post.holders:
        person = chart.get(holder.person) if holder.person is not None else None
        name = person.name if isinstance(person, Person) else f"{holder.seats} {holder.holder}"
        holders.append(f"{name} (acting)" if holder.acting else name)
    own = post.personal is not None and holders  # its title is the name of its holder
    vacant = is_empty(post)
    lines = tuple(holders) if own else (post.title, *(holders or ["(vacant)"] * vacant))
    attributes = {
        "kind": "post",
        "title": post.title,
        "unit": post.unit,
        "organization": organization_of(chart, post),
        "holders": "; ".join(holders),
        "people": " ".join(holder.person for holder in post.holders if holder.person is not None),
        "vacant": vacant,
        "critical": post.critical,
        "level": post.level or "",
        "manager": chart.line_status(post.line),
    }
    return Node(post.id, lines, attributes)


def _unit(unit: Unit) -> Node:
    return Node(unit.id, (unit.name,), {"kind": "unit", "title": unit.name, "unit": unit.id})
