"""The chart as DOT, Mermaid and GraphML, parsed back: nothing lost, and no name means more than itself."""

import datetime as dt
import html
import io
import re

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim import exporters
from orgsim.errors import UserError
from orgsim.exporters.graph import chart_graph
from orgsim.frames import to_networkx
from orgsim.ledger import Ledger
from orgsim.testing import ledgers, names
from tests.exporters.hostile import HOSTILE, ledger_of

AT = dt.date(2024, 6, 1)
Picture = tuple[dict[str, str], list[tuple[str, str, str]]]
"""Labels by id; edges with their line."""


def text_of(format_: str, ledger: Ledger, at: dt.date = AT, **options: int) -> str:
    """The one file of a format."""
    made = exporters.Options(at=at, top_levels=options.get("top_levels"))
    (content,) = exporters.dump(format_, ledger, made).values()
    return content.decode()


# ------------------------------------------------------------------------------------------- readers of the languages

# The language of Graphviz as its scanner has it: quoted strings, in which \" and \\ are read in pairs; comments; signs.
DOT_TOKEN = re.compile(
    r'\s+|//[^\n]*\n|/\*.*?\*/|("(?:\\["\\]|[^"\\]|\\(?!["\\]))*")|(->|[{}\[\];=,])|([A-Za-z_][A-Za-z0-9_]*)', re.DOTALL
)


def dot_tokens(text: str) -> list[str]:
    """Every token; whatever is none is an error."""
    at, found = 0, []
    while at < len(text):
        match = DOT_TOKEN.match(text, at)
        assert match is not None, text[at : at + 40]
        found += [token for token in match.groups() if token is not None]
        at = match.end()
    return found


def shown_by_graphviz(label: str) -> str:
    """What is drawn for the inside of a quoted label: the scanner's quotes, names of objects, entities, line breaks."""
    text = re.sub(r'\\(["\\])', lambda m: m[1] if m[1] == '"' else m[0], label[1:-1])
    text = re.sub(r"\\(.)", lambda m: "<id>" if m[1] in "NGETHL" else m[0], text)
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nlr" else m[1], html.unescape(text))


def read_dot(text: str) -> Picture:
    """Nodes and edges of the statements in a digraph."""
    tokens = dot_tokens(text)
    assert tokens[:3] == ["digraph", "chart", "{"]
    assert tokens[-1] == "}"
    labels: dict[str, str] = {}
    edges: list[tuple[str, str, str]] = []
    statement: list[str] = []
    for part in tokens[3:-1]:
        if part != ";":
            statement.append(part)
            continue
        if statement[0] not in ("graph", "node"):
            if "->" in statement:
                edges.append((statement[0], statement[2], "dotted" if "dashed" in statement else "solid"))
            else:
                assert statement[1:4] == ["[", "label", "="], statement
                assert len(statement) == 6, statement
                labels[statement[0]] = shown_by_graphviz(statement[4])
        statement = []
    assert not statement
    return labels, edges


MERMAID_NODE = re.compile(r'  (n[0-9]+)\["([^"\n]*)"\]')
MERMAID_EDGE = re.compile(r"  (n[0-9]+) (-->|-\.->) (n[0-9]+)")


def read_mermaid(text: str) -> Picture:
    """Nodes and edges, one to a line; between quotes no sign but those of character codes may stand."""
    first, *lines = text.splitlines()
    assert first == "flowchart BT"
    labels: dict[str, str] = {}
    edges: list[tuple[str, str, str]] = []
    for line in lines:
        if node := MERMAID_NODE.fullmatch(line):
            parts = node[2].split("<br/>")
            assert not any(re.search(r"[!-\"$-/:<-@\[-`{-~]", part) for part in parts), line
            decoded = [re.sub(r"#([0-9]+);", lambda m: chr(int(m[1])), part) for part in parts]
            labels[node[1]] = "\n".join(decoded)
        elif edge := MERMAID_EDGE.fullmatch(line):
            edges.append((edge[1], edge[3], "solid" if edge[2] == "-->" else "dotted"))
        else:
            assert line.startswith("  %% at "), line
    return labels, edges


def read_graphml(text: str) -> Picture:
    """By networkx."""
    graph = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    labels = {node: data["label"] for node, data in graph.nodes(data=True)}
    return labels, [(start, end, data["line"]) for start, end, data in graph.edges(data=True)]


READERS = {"dot": read_dot, "mermaid": read_mermaid, "graphml": read_graphml}
BETWEEN = {"dot": "\n", "mermaid": "\n", "graphml": " / "}


def expected(format_: str, ledger: Ledger, at: dt.date) -> Picture:
    """What the chart says, counted from the posts and lines themselves."""
    chart = ledger.chart(at)
    labels: dict[str, str] = {}
    posts = {post.id: f"n{number}" for number, post in enumerate(chart.posts, 1)}
    for post in chart.posts:
        told = []
        for holder in post.holders:
            name = chart.person(holder.person).name if holder.person else f"{holder.seats} {holder.holder}"
            told.append(name + (" (acting)" if holder.acting else ""))
        if not told and post.seats != "any":
            told = ["(vacant)"]
        title = [] if post.personal and post.holders else [post.title]
        labels[posts[post.id]] = BETWEEN[format_].join([*title, *told])
    return labels, [
        (posts[post.id], posts[line.to], "dotted" if line.dotted else "solid")
        for post in chart.posts
        for line in post.lines
        if line.to in posts
    ]


# -------------------------------------------------------------------------------------------------------------- tests


@pytest.mark.parametrize("format_", READERS)
def test_hostile_names_come_back_as_they_are(format_: str) -> None:
    """Of forty names that have broken software, each is a label of its own, and the edges are those of the chart."""
    assert len(HOSTILE) >= 40
    ledger = ledger_of(HOSTILE)
    labels, edges = READERS[format_](text_of(format_, ledger))
    assert (labels, edges) == expected(format_, ledger, AT)
    assert len(labels) == len(HOSTILE)
    assert len(edges) == 2 * len(HOSTILE) - 3


@pytest.mark.parametrize("format_", READERS)
@given(told=st.lists(names(), min_size=1, max_size=6))
def test_any_names_come_back_as_they_are(format_: str, told: list[str]) -> None:
    """Whatever the names: as many nodes and edges as the chart has, with the same labels."""
    ledger = ledger_of(told)
    assert READERS[format_](text_of(format_, ledger)) == expected(format_, ledger, AT)


@given(ledgers(), st.data())
def test_all_pictures_show_the_same_chart(ledger: Ledger, data: st.DataObject) -> None:
    """Of any ledger on any date, all three hold the posts of the chart and its lines, those to units among them."""
    days = sorted({event.date.day for event in ledger.events}) or [AT]
    at = data.draw(st.sampled_from(days))
    graph = chart_graph(ledger.chart(at))
    if not graph.nodes:
        with pytest.raises(UserError, match="there is no post"):
            text_of("dot", ledger, at)
        return
    pictures = {format_: READERS[format_](text_of(format_, ledger, at)) for format_ in READERS}
    assert pictures["dot"] == pictures["mermaid"]
    assert sorted(pictures["graphml"][1]) == sorted(pictures["dot"][1])
    labels, edges = pictures["dot"]
    chart = ledger.chart(at)
    assert [f"n{n}" for n in range(1, len(labels) + 1)] == list(labels)
    assert len(labels) >= len(chart.posts)
    solid = sum(chart.manager_post(post.id) is not None for post in chart.posts)
    headless = sum(node.attributes["kind"] == "unit" for node in graph.nodes)
    assert solid <= sum(line == "solid" for _, _, line in edges)
    assert headless or solid == sum(line == "solid" for _, _, line in edges)
    both = to_networkx(chart)
    assert sorted(both.nodes) == sorted(node.id for node in graph.nodes)
    assert len(both.edges) == len({(edge.start, edge.end, edge.line) for edge in graph.edges})


def test_graphml_tells_more_than_labels() -> None:
    """Each node of GraphML has the ledger's id, the unit, who holds it, and whether it is vacant."""
    graph = nx.read_graphml(io.BytesIO(text_of("graphml", ledger_of(["Ann", "Bob"])).encode()))
    assert graph.nodes["n2"] | {"label": ""} == {
        "id": "post2",
        "label": "",
        "kind": "post",
        "title": "Bob",
        "unit": "acme",
        "organization": "acme",
        "holders": "Bob",
        "people": "person2",
        "vacant": False,
        "critical": False,
        "manager": "stated",
        "level": "",
    }
    assert graph.graph["at"] == "2024-06-01"


@pytest.mark.parametrize("format_", READERS)
def test_top_levels_leave_the_lower_ones_out(format_: str) -> None:
    """`top_levels=2` shows the top and whoever reports to it, and nobody's name below."""
    text = text_of(format_, ledger_of(["Top", "Second", "Third"]), top_levels=2)
    labels, edges = READERS[format_](text)
    assert (len(labels), len(edges)) == (2, 1)
    assert "Third" not in text


def test_a_line_to_a_unit_without_a_head_leads_to_the_unit() -> None:
    """Who reports to a unit that nobody heads is not shown as reporting to nobody."""
    from orgsim.reading.reader import read_texts

    text = """
orgsim: ledger/1
organization: acme
events:
- {date: 2024-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2024-01-01, event: open-unit, unit: lab, name: The lab, parent: acme}
- {date: 2024-01-01, event: create-post, post: aide, title: Aide, reports_to: lab}
- {date: 2024-02-01, event: create-post, post: boss, title: Boss, unit: lab, heads: lab}
"""
    ledger = read_texts([("x.yaml", text.encode())])
    labels, edges = read_dot(text_of("dot", ledger, dt.date(2024, 1, 15)))
    assert (labels, edges) == ({"n1": "Aide\n(vacant)", "n2": "The lab"}, [("n1", "n2", "solid")])
    labels, edges = read_dot(text_of("dot", ledger, dt.date(2024, 2, 15)))
    assert (labels, edges) == ({"n1": "Aide\n(vacant)", "n2": "Boss\n(vacant)"}, [("n1", "n2", "solid")])


UNSAFE = {
    "dot": 'digraph chart {\n  n1 [label="x"; y"];\n}\n',
    "mermaid": 'flowchart BT\n  n1["x<script>"]\n',
    "graphml": '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="<b>"/>',
}


@pytest.mark.parametrize("format_", READERS)
def test_the_readers_bite(format_: str) -> None:
    """A name that was not escaped is noticed by the reader of its language."""
    with pytest.raises((AssertionError, SyntaxError, IndexError)):
        READERS[format_](UNSAFE[format_])
