"""What differs between two charts, for the terminal: every change, and of a large difference how many of each kind."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from orgsim.chart import OrgChart
from orgsim.console.tables import diff_table, event_table, plain_table
from orgsim.console.terminal import safe
from orgsim.differences import Diff, diff
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.phrases import Name, name_from

ALL, FEW, MOST = 300, 4, 12
"""Up to how many changes each is told; how many of each kind as examples, when there are more; how many vague days."""


def compare(ledger: Any, old: OrgChart, new: OrgChart) -> Any:
    """What differs between two charts of a ledger, in either form."""
    return diff(old, new) if isinstance(ledger, Ledger) else ledger.diff(old, new)


def outstanding(ledger: Any, chart: OrgChart) -> list[RenderableType]:
    """What a chart shows as having come about although it was only expected, and nothing tells it since."""
    head = f"Only expected by {chart.at}; nothing tells that it came about:"
    return _listed(head, ledger.outstanding(chart.at, chart.known), name_from(chart.get, names=chart.index.names))


def _listed(head: str, events: Sequence[Event], name: Name) -> list[RenderableType]:
    """Some events beneath a heading; nothing if there are none."""
    if not events:
        return []
    more = [Text(f"and {len(events) - MOST:,} more", style="dim")] if len(events) > MOST else []
    return ["", Text(head, style="yellow"), event_table(events[:MOST], name), *more]


def undecided(ledger: Any, old: OrgChart, new: OrgChart) -> list[RenderableType]:
    """What counts by the earlier day and may have happened after it, in the words of the ledger; the sharpest first."""
    first = min(old, new, key=attrgetter("at"))
    events = ledger.undecided(first.at, first.known) if old.at != new.at else ()
    events = sorted(events, key=lambda event: event.date.last - event.date.day)
    name = name_from(new.get, old.get, names=new.index.names)
    return _listed(f"Of vague days, counted by {first.at} and perhaps later:", events, name)


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
