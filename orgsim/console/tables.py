"""Histories, evidence, differences and search results as lines and tables for the terminal."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from orgsim.changes import TEXTS, Change
from orgsim.chart import OrgChart
from orgsim.console.terminal import safe, styled
from orgsim.dating import Dated
from orgsim.differences import Diff
from orgsim.events import Event
from orgsim.model import Source
from orgsim.phrases import Name, name_from, phrase
from orgsim.story import Entry, Evidence

NamesOf = Callable[[Event], Name]
"""The names to tell an event with: those of its time."""

_CHANGE = {
    "joined": "green",
    "left": "red",
    "promoted": "green",
    "vacated": "red",
    "post-closed": "red",
    "unit-closed": "red",
    "post-opened": "green",
    "unit-opened": "green",
}


def plain_table(*headers: str) -> Table:
    """A table without boxes: columns, a thin head, nothing else."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, overflow="fold")
    return table


def found_table(found: Iterable[tuple[str, str, str]]) -> Table:
    """What `find` found: id, what it is, name."""
    table = plain_table("id", "is a", "name")
    for id_, noun, name in found:
        table.add_row(styled(id_, "cyan"), noun, styled(name))
    return table


# ------------------------------------------------------------------------------------------------------------ history


def history_lines(
    entries: Sequence[Entry], names: NamesOf, sources: dict[str, Source], known: dt.date | None = None
) -> RenderableType:
    """A history: one event a row, with what counts against it, and who says so beneath, as known on a day."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for entry in entries:
        event = entry.event
        text = styled(_sentence(phrase(event, names(event))))
        if entry.status == "asserted":
            text = Text("seen: ", style="dim").append_text(text)
        elif entry.status != "applied":
            text.append(f" [{entry.status}]", style="yellow")
        if event.certainty != "stated":
            text.append(f" [{event.certainty}]", style="yellow")
        table.add_row(safe(event.date.words), text)
        table.add_row("", _source_line(event, sources, known))
    return table


def event_table(events: Iterable[Event], name: Name) -> Table:
    """Events with their days as they are told, one a row."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for event in events:
        table.add_row(safe(event.date.words), styled(_sentence(phrase(event, name))))
    return table


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _source_line(event: Event, sources: dict[str, Source], known: dt.date | None) -> Text:
    """Since when it is known, from which document and line, and where it stands in the ledger."""
    parts = [f"known {event.known}"] if event.known != event.date.day else []
    parts += [_cite(event, sources, known)] if event.source else []
    parts += [f"note: {safe(' '.join(event.note.split()))}"] if event.note else []
    parts += [safe(str(event.where))] if event.where is not None else []
    return Text(" · ".join(parts), style="dim")


def _cite(event: Event, sources: dict[str, Source], known: dt.date | None) -> str:
    """The documents with their lines, those not yet published marked, and the words of the first."""
    days = {ref.id: source.published for ref in event.source if (source := sources.get(ref.id)) is not None}
    later = {id_ for id_, day in days.items() if day is not None and known is not None and day > known}
    places = []
    for id_ in dict.fromkeys(ref.id for ref in event.source):
        published = f" ({days[id_]}{', published later' if id_ in later else ''})" if days.get(id_) else ""
        refs = [ref for ref in event.source if ref.id == id_]
        where = _numbers("line", [ref.line for ref in refs]) + _numbers("page", [ref.page for ref in refs])
        places.append(f"{id_}{published}{where}")
    quotes = sorted((ref for ref in event.source if ref.quote), key=lambda ref: ref.id in later)
    quote = quotes[0].quote if quotes else None
    return safe("; ".join(places)) + (f" “{safe(quote)}”" if quote else "")


def _numbers(what: str, places: Iterable[int | str | None]) -> str:
    found = list(dict.fromkeys(str(place) for place in places if place is not None))
    return f" {what}{'s' * (len(found) > 1)} {', '.join(found)}" if found else ""


# --------------------------------------------------------------------------------------------------------- evidence


def why_lines(
    found: Sequence[Evidence], names: NamesOf, sources: dict[str, Source], known: dt.date | None = None
) -> RenderableType:
    """What is true of somebody or something, each with the events that say so."""
    lines: list[RenderableType] = []
    for evidence in found:
        head = styled(_sentence(evidence.statement), "bold")
        if evidence.certainty not in ("stated", "unknown"):
            head.append(f"  [{evidence.certainty}]", style="yellow")
        if evidence.last_evidence is not None:
            head.append(f"  last evidence {evidence.last_evidence}", style="dim")
        lines.append(head)
        said = [(event, "") for event in evidence.events] + [(event, "another account: ") for event in evidence.rivals]
        lines += [_because(event, names(event), _source_line(event, sources, known), prefix) for event, prefix in said]
    return Group(*lines)


def _because(event: Event, name: Name, source: Text, prefix: str) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    text = Text(prefix, style="yellow").append_text(styled(f"{event.date.words}: {_sentence(phrase(event, name))}"))
    text.append("\n").append_text(source)
    grid.add_row("  ·", text)
    return grid


# ------------------------------------------------------------------------------------------------------- differences


def diff_table(found: Diff, old: OrgChart, new: OrgChart) -> RenderableType:
    """What differs, by kind: who or what, from what to what, and when, as far as the ledger tells."""
    if not found.changes:
        return Text("nothing differs", style="dim")
    name = name_from(new.get, old.get, names=new.index.names)
    back = old.at > new.at  # what is told was undone: it is so before the day
    table = plain_table("", "who or what", "was", "is", "before" if back else "when")
    for change in found.changes:
        kind = Text(change.kind, style=_CHANGE.get(change.kind, "cyan"))
        was, now = (", ".join(_shown(change, part, name)) for part in (change.before, change.after))
        when = found.when.get(change)
        table.add_row(kind, styled(name(change.subject)), styled(was), styled(now), _when(change, when) if when else "")
    return table


def _when(change: Change, when: Dated) -> Text:
    text = Text(safe(when.date.words), style="" if when.date.is_exact else "yellow")
    if change.first_seen:  # the sources saw it, and do not tell that it began then
        text = Text(f"first seen {safe(when.date.text[2:])}", style="yellow")
    return text.append(f" [{when.certainty}]", style="yellow") if when.certainty != "stated" else text


def _shown(change: Change, part: tuple[str, ...], name: Name) -> list[str]:
    if change.kind.endswith(("-opened", "-closed")):
        return []  # the first column says it all
    if change.kind in TEXTS:
        return list(part)
    return [{"none": "nobody", "unknown": "not known"}.get(id_) or name(id_) for id_ in part]


def title(at: dt.date, known: dt.date | None, *, today: bool) -> Text:
    """The line above a chart: its date, and what was known when."""
    text = Text(f"{at}", style="bold")
    text.append(" (today)" if today else "", style="dim")
    text.append(f"  as known on {known}" if known else "", style="yellow")
    return text
