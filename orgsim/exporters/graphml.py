"""GraphML: the chart of a date for graph tools; ids are made here, the ledger's own stand in the data."""

from typing import Any
from xml.sax.saxutils import escape

from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS, graph_of
from orgsim.ledger import Ledger

_NODE = {
    **dict.fromkeys(("id", "label", "kind", "title", "unit", "organization", "holders", "people"), "string"),
    **dict.fromkeys(("vacant", "critical"), "boolean"),
    **dict.fromkeys(("level", "manager"), "string"),
}
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    at, graph, ids = graph_of(ledger, options)
    about = {"at": at.isoformat(), "known": options.known.isoformat() if options.known else ""}
    if options.pseudonym_key is not None:
        about["comment"] = PSEUDONYMS
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<graphml xmlns="{_NAMESPACE}">',
        *(_key("graph", name, "string") for name in about),
        *(_key("node", name, type_) for name, type_ in _NODE.items()),
        _key("edge", "line", "string"),
        '<graph id="chart" edgedefault="directed">',
        *(_data("graph", name, value) for name, value in about.items()),
    ]
    for node in graph.nodes:
        values = {"id": node.id, "label": " / ".join(node.lines), **node.attributes}
        data = "".join(_data("node", name, values[name]) for name in _NODE if name in values)
        lines.append(f'<node id="{ids[node.id]}">{data}</node>')
    for number, edge in enumerate(graph.edges, 1):
        ends = f'source="{ids[edge.start]}" target="{ids[edge.end]}"'
        lines.append(f'<edge id="e{number}" {ends}>{_data("edge", "line", edge.line)}</edge>')
    lines += ["</graph>", "</graphml>"]
    return {"chart.graphml": ("\n".join(lines) + "\n").encode()}


def _key(of: str, name: str, type_: str) -> str:
    return f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{type_}"/>'


def _data(of: str, name: str, value: Any) -> str:
    text = ("true" if value else "false") if isinstance(value, bool) else escape(value)
    return f'<data key="{of}-{name}">{text}</data>'
