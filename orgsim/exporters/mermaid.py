"""Mermaid: the chart of a date as a flowchart.

Ids are made here, and in labels every ASCII sign that is no letter, digit or space is written as a character code, so
that no name can end its label or begin a directive, a link, a tag or Markdown.
"""

import re

from orgsim.exporters import Options
from orgsim.exporters.graph import PSEUDONYMS, graph_of, title_of
from orgsim.ledger import Ledger

_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_ARROW = {"solid": "-->", "dotted": "-.->"}


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file."""
    at, graph, ids = graph_of(ledger, options)
    remark = [f"  %% {PSEUDONYMS}"] if options.pseudonym_key is not None else []
    lines = [
        "flowchart BT",
        f"  %% {title_of(at, options.known)}",
        *remark,
        *(f"  {ids[node.id]}[{quoted(node.lines)}]" for node in graph.nodes),
        *(f"  {ids[edge.start]} {_ARROW[edge.line]} {ids[edge.end]}" for edge in graph.edges),
    ]
    return {"chart.mmd": ("\n".join(lines) + "\n").encode()}


def quoted(lines: list[str] | tuple[str, ...]) -> str:
    """Lines of text as one quoted label."""
    return '"' + "<br/>".join(_SIGN.sub(lambda sign: f"#{ord(sign[0])};", line) for line in lines) + '"'
