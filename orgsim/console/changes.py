"""What differs between two charts, for the terminal: every change, and of a large difference how many of each kind."""

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from orgsim.chart import OrgChart
from orgsim.console.tables import diff_table, plain_table
from orgsim.console.terminal import safe
from orgsim.differences import Diff, diff
from orgsim.ledger import Ledger

ALL, FEW = 300, 4
"""Up to how many changes each is told; and how many of each kind as examples, when there are more."""


def compare(ledger: Any, old: OrgChart, new: OrgChart) -> Any:
    """What differs between two charts of a ledger, in either form."""
    return diff(old, new) if isinstance(ledger, Ledger) else ledger.diff(old, new)


def shown(found: Any, old: OrgChart, new: OrgChart) -> RenderableType:
    """What differs: each change, or how many there are of each kind and a few of them."""
    if isinstance(found, Diff):
        return diff_table(found, old, new)
    if sum(found.counts.values()) <= ALL:
        return diff_table(found.exact, old, new)
    table = plain_table("", "how many", "for example")
    for kind, count in found.counts.items():
        names = ", ".join(safe(name) for name in found.examples(kind, FEW))
        table.add_row(Text(kind, style="cyan"), f"{count:,}", Text(names + (", …" if count > FEW else ""), style="dim"))
    table.columns[1].justify = "right"
    return table
