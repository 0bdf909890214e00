"""DOT: the chart of a date for Graphviz.

Ids are made here, and every text is quoted: no name can end its label, begin a tag, or be taken for a command.
"""

from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS, graph_of, title_of
from orgsim.ledger import Ledger

_STYLE = {"solid": "", "dotted": " [style=dashed]"}


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    at, graph, ids = graph_of(ledger, options)
    remark = [f"// {PSEUDONYMS}"] if options.pseudonym_key is not None else []
    lines = [
        *remark,
        "digraph chart {",
        f"  graph [label={quoted([title_of(at, options.known)])}, rankdir=BT];",
        "  node [shape=box];",
        *(f"  {ids[node.id]} [label={quoted(node.lines)}];" for node in graph.nodes),
        *(f"  {ids[edge.start]} -> {ids[edge.end]}{_STYLE[edge.line]};" for edge in graph.edges),
        "}",
    ]
    return {"chart.dot": ("\n".join(lines) + "\n").encode()}


def quoted(lines: list[str] | tuple[str, ...]) -> str:
    """Lines of text as one quoted label, in which nothing means more than itself."""
    # Graphviz reads `\\N` and the like in labels, and entities such as `&lt;` in any text.
    texts = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(texts) + '"'
