"""A ledger as long, tidy tables, and a chart as a graph, for the tools that analyze such things.

One row is one fact from a day to a day: a person in a post in [start, end).  An end that is not told is None.  The
exporters write these very tables.  A `Table` holds plain Python values; the library it is turned into is loaded only
then.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import MissingExtraError
from orgsim.events import CLASSES, Depart, Event, SourceRef
from orgsim.exporters.cells import cell
from orgsim.ledger import Ledger
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER
from orgsim.model import Noun, Person, Post, Unit
from orgsim.values import key_of, type_of

TYPES = ("text", "date", "int", "float", "bool", "texts")
"""What a column can hold, besides None; `texts` is a list of texts, in CSV as JSON."""


@attrs.frozen(eq=False, repr=False)
class Table:
    """Columns of equal length, each with a name and one of `TYPES`."""

    name: str
    types: Mapping[str, str]
    columns: Mapping[str, list[Any]]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(next(iter(self.columns.values())))

    def __repr__(self) -> str:
        """One line: the name, the size, the columns."""
        return f"<Table {self.name}: {len(self)} rows of {', '.join(self.columns)}>"

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows as tuples."""
        return zip(*self.columns.values(), strict=True)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rows as mappings."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows()]

    def to_csv(self, *, raw: bool = False) -> str:
        """CSV with a header; text that a spreadsheet would calculate gets an apostrophe in front, unless `raw`."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([cell(value, raw=raw) for value in row] for row in self.rows())
        return file.getvalue()

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`."""
        try:
            import pyarrow as pa  # type: ignore[import-untyped]
        except ImportError:
            raise MissingExtraError("parquet") from None
        types = {
            "text": pa.string(),
            "date": pa.date32(),
            "int": pa.int64(),
            "float": pa.float64(),
            "bool": pa.bool_(),
            "texts": pa.list_(pa.string()),
        }
        schema = pa.schema([(name, types[type_]) for name, type_ in self.types.items()])
        return pa.table(dict(self.columns), schema=schema)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as a stream that any library that knows Arrow can take without knowing us."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame`; dates have no time of day, and whole numbers stay whole where some are missing."""
        try:
            import pandas as pd  # type: ignore[import-untyped]
        except ImportError:
            raise MissingExtraError("pandas") from None
        types = {"date": "datetime64[s]", "int": "Int64", "float": "Float64", "bool": "boolean", "text": "string"}
        return pd.DataFrame(
            {name: pd.Series(column, dtype=types.get(self.types[name])) for name, column in self.columns.items()}
        )

    def to_polars(self) -> Any:
        """A `polars.DataFrame`."""
        try:
            import polars as pl
        except ImportError:
            raise MissingExtraError("polars") from None
        types = {
            "text": pl.String,
            "date": pl.Date,
            "int": pl.Int64,
            "float": pl.Float64,
            "bool": pl.Boolean,
            "texts": pl.List(pl.String),
        }
        schema: Any = {name: types[type_] for name, type_ in self.types.items()}
        return pl.DataFrame(dict(self.columns), schema=schema)


def table(name: str, types: Mapping[str, str], rows: Iterable[Iterable[Any]]) -> Table:
    """A table from its rows."""
    columns: dict[str, list[Any]] = {column: [] for column in types}
    for row in rows:
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return Table(name, types, columns)


def tables(ledger: Ledger, known: dt.date | None = None) -> dict[str, Table]:
    """Every table of a ledger, by name."""
    return {made.name: made for made in (make(ledger, known) for make in MAKERS)}


# ------------------------------------------------------------------------------------------------- what the ledger says

_SOURCES = {
    **dict.fromkeys(("source", "title", "file", "url"), "text"),
    "published": "date",
    **dict.fromkeys(("publisher", "language", "note"), "text"),
}
_PEOPLE = {"person": "text", "name": "text", "declared": "text", "aliases": "texts", "note": "text"}
_OF_FIELD = {"day": "date", "yes-no": "bool", "count": "int", "positive": "int", "fraction": "float"}
_FIRST = {"number": "int", "event": "text", "date": "text", "day": "date", "known": "date"}


def sources_table(ledger: Ledger, _: dt.date | None = None) -> Table:
    """The documents that events cite."""
    rows = (attrs.astuple(source) for source in ledger.sources)
    return table("sources", _SOURCES, rows)


def people_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Everybody the ledger knows: the latest name, and the name, aliases and note declared for them, if they are."""
    return table("people", _PEOPLE, _people(ledger, known))


def _people(ledger: Ledger, known: dt.date | None) -> Iterator[tuple[Any, ...]]:
    for id_ in ledger.index.person_ids:
        declared = ledger.index.people.get(id_)
        versions = [noun for _, noun in ledger.versions(id_, known) if isinstance(noun, Person)]
        if not versions and declared is None:
            continue
        name = versions[-1].name if versions else id_
        aliases = list(declared.aliases) if declared else []
        yield id_, name, declared.name if declared else None, aliases, declared.note if declared else None


def _event_types() -> dict[str, str]:
    """The columns of events: first what every event has, then the fields of each kind, then the evidence."""
    found: dict[str, str] = dict(_FIRST)
    common = {field.name for field in attrs.fields(Event)}
    own = [field for cls in CLASSES for field in attrs.fields(cls) if field.name not in common]
    for field in [*own, *attrs.fields(Event)]:
        key = key_of(field)
        if "type" in field.metadata and key not in _FIRST:
            type_ = _OF_FIELD.get(field.metadata["type"], "text")
            found[key] = type_ if found.get(key, type_) == type_ else "text"
    return found


EVENT_TYPES = _event_types()
"""The columns of the table of events and their types: `seats`, which may be `any`, is text."""


def events_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Every event with every field, retracted ones too; with `known`, those known by that day."""
    events = [event for event in ledger.events if known is None or event.known <= known]
    return table("events", EVENT_TYPES, (_event(number, event) for number, event in enumerate(events, 1)))


def _event(number: int, event: Event) -> list[Any]:
    found: dict[str, Any] = {"number": number, "event": event.kind, "day": event.date.day}
    for field in attrs.fields(type(event)):
        if "type" not in field.metadata:
            continue
        key, value = key_of(field), getattr(event, field.name)
        if field.name == "source":
            value = json.dumps([_reference(ref) for ref in value], ensure_ascii=False) if value else None
        elif value is not None and EVENT_TYPES[key] == "text":
            value = type_of(field).write(value)
        found[key] = value
    return [found.get(column) for column in EVENT_TYPES]


def _reference(ref: SourceRef) -> dict[str, Any]:
    return {name: value for name, value in attrs.asdict(ref).items() if value is not None}


# ------------------------------------------------------------------------------------------------- what follows from it

_SPELL = {"start": "date", "end": "date", "since": "text", "certainty": "text"}
_UNITS = {**dict.fromkeys(("unit", "name", "kind", "parent"), "text"), "start": "date", "end": "date"}
_POSTS = {
    **dict.fromkeys(("post", "title", "unit", "seats", "level"), "text"),
    "critical": "bool",
    **dict.fromkeys(("heads", "personal"), "text"),
    "start": "date",
    "end": "date",
}
_EMPLOYMENTS = {
    **dict.fromkeys(("person", "organization", "contract"), "text"),
    "fte": "float",
    "hired": "text",
    **_SPELL,
    "reason": "text",
    "regretted": "bool",
}
_APPOINTMENTS = {
    **dict.fromkeys(("post", "person", "holder"), "text"),
    "seats": "int",
    **dict.fromkeys(("acting", "primary", "personal"), "bool"),
    **_SPELL,
}
_LINES = {"post": "text", "to": "text", "line": "text", **_SPELL}
_LEAVES = {"person": "text", "reason": "text", **_SPELL}

Facts = Mapping[Any, tuple[Any, ...]]
N = TypeVar("N", bound=Noun)


def _stretches(
    history: History, id_: str, cls: type[N], facts: Callable[[N], Facts]
) -> list[tuple[int, int, tuple[Any, ...]]]:
    """From when to when each fact about a noun holds without a break, in order."""
    found: list[tuple[int, int, tuple[Any, ...]]] = []
    running: dict[Any, tuple[int, tuple[Any, ...]]] = {}
    until = 0
    for start, end, noun in history.spells(id_, cls):
        now = facts(noun) if start < end else {}
        for key in [key for key in running if key not in now or start != until]:
            since, fact = running.pop(key)
            found.append((since, until, fact))
        for key, fact in now.items():
            running.setdefault(key, (start, fact))
        until = end
    found += [(since, until, fact) for since, fact in running.values()]
    return sorted(found, key=lambda stretch: stretch[0])


def _span(start: int, end: int) -> tuple[dt.date, dt.date | None]:
    return dt.date.fromordinal(start), None if end >= FOREVER else dt.date.fromordinal(end)


class _Maker:
    """Makes the rows of the tables that follow from a ledger as known on a day."""

    def __init__(self, ledger: Ledger, known: dt.date | None) -> None:
        self.ledger, self.known, self.history = ledger, known, History(ledger, known)

    def spell(self, start: int, end: int, since: str, event: Event) -> tuple[Any, ...]:
        """The columns of `_SPELL`."""
        rivals = self.ledger.index.disputes.get(event.id, ()) if event.id is not None else ()
        disputed = any(self.ledger.sees(rival, self.known) for rival in rivals)
        return *_span(start, end), since, "disputed" if disputed else event.certainty

    def units(self) -> Iterator[tuple[Any, ...]]:
        """Rows of units."""

        def facts(noun: Unit) -> Facts:
            values = (noun.name, noun.kind, noun.parent)
            return {(values, id(noun.events[0])): values} if noun.open else {}

        for id_ in self.ledger.index.unit_ids:
            yield from ((id_, *values, *_span(a, b)) for a, b, values in _stretches(self.history, id_, Unit, facts))

    def posts(self) -> Iterator[tuple[Any, ...]]:
        """Rows of posts."""

        def facts(noun: Post) -> Facts:
            values = (noun.title, noun.unit, str(noun.seats), noun.level, noun.critical, noun.heads, noun.personal)
            return {(values, id(noun.events[0])): values} if noun.open else {}

        for id_ in self.ledger.index.post_ids:
            yield from ((id_, *values, *_span(a, b)) for a, b, values in _stretches(self.history, id_, Post, facts))

    def employments(self) -> Iterator[tuple[Any, ...]]:
        """Rows of employments."""
        departures = {
            (event.person, event.organization, event.date.day): event
            for event in self.ledger.events
            if isinstance(event, Depart) and event.disputes is None and self.ledger.sees(event, self.known)
        }

        def facts(noun: Person) -> Facts:
            return {(e.organization, id(e.event), e.fte): (e,) for e in noun.employments}

        for id_ in self.ledger.index.person_ids:
            gone_on: set[tuple[str, int, int]] = set()
            for start, end, (job,) in _stretches(self.history, id_, Person, facts):
                same = job.organization, id(job.event)
                made = job.changed if job.changed is not None and (*same, start) in gone_on else job.event
                gone_on.add((*same, end))
                spell = self.spell(start, end, (job.since if made is job.event else made.date).text, made)
                left = departures.get((id_, job.organization, spell[1]))
                why = (left.reason, left.regretted) if left is not None else (None, None)
                yield id_, job.organization, job.contract, job.fte, job.since.text, *spell, *why

    def appointments(self) -> Iterator[tuple[Any, ...]]:
        """Rows of appointments."""

        def facts(noun: Post) -> Facts:
            personal = noun.personal is not None
            return {(id(h.event), h.person, h.primary): (h, personal) for h in noun.holders} if noun.open else {}

        for id_ in self.ledger.index.post_ids:
            for start, end, (held, personal) in _stretches(self.history, id_, Post, facts):
                spell = self.spell(start, end, held.since.text, held.event)
                yield id_, held.person, held.holder, held.seats, held.acting, held.primary, personal, *spell

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """Rows of reporting lines."""

        def facts(noun: Post) -> Facts:
            return {(id(line.event), line.to, line.dotted): (line,) for line in noun.lines} if noun.open else {}

        for id_ in self.ledger.index.post_ids:
            for start, end, (line,) in _stretches(self.history, id_, Post, facts):
                kind = "dotted" if line.dotted else "solid"
                yield id_, line.to, kind, *self.spell(start, end, line.since.text, line.event)

    def leaves(self) -> Iterator[tuple[Any, ...]]:
        """Rows of leaves."""

        def facts(noun: Person) -> Facts:
            return {id(noun.leave.event): (noun.leave,)} if noun.leave is not None else {}

        for id_ in self.ledger.index.person_ids:
            for start, end, (leave,) in _stretches(self.history, id_, Person, facts):
                yield id_, leave.reason, *self.spell(start, end, leave.since.text, leave.event)


def units_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Units from when to when: one row for each name, kind and parent a unit had."""
    return table("units", _UNITS, _Maker(ledger, known).units())


def posts_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Posts from when to when, personal ones with their person: one row for each title, unit, ... a post had."""
    return table("posts", _POSTS, _Maker(ledger, known).posts())


def employments_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Who was employed where from when to when, and why it ended: one row for each share of a full-time job.

    `hired` is when the employment began, in the words of the ledger, and the same in all its rows.
    """
    return table("employments", _EMPLOYMENTS, _Maker(ledger, known).employments())


def appointments_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Who held which post from when to when; `holder` instead of a person where the ledger names nobody."""
    return table("appointments", _APPOINTMENTS, _Maker(ledger, known).appointments())


def lines_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Which post reported to which post or unit, or to `none`, from when to when."""
    return table("lines", _LINES, _Maker(ledger, known).lines())


def leaves_table(ledger: Ledger, known: dt.date | None = None) -> Table:
    """Who was on leave from when to when."""
    return table("leaves", _LEAVES, _Maker(ledger, known).leaves())


MAKERS: tuple[Callable[[Ledger, dt.date | None], Table], ...] = (
    people_table,
    units_table,
    posts_table,
    employments_table,
    appointments_table,
    lines_table,
    leaves_table,
    events_table,
    sources_table,
)


# -------------------------------------------------------------------------------------------------------------- a graph


def to_networkx(chart: OrgChart, top_levels: int | None = None) -> Any:
    """The chart as a `networkx.MultiDiGraph`: posts by id, and a line from each to the post it reports to."""
    try:
        import networkx as nx
    except ImportError:
        raise MissingExtraError("networkx") from None
    from orgsim.exporters.graph import chart_graph

    found = chart_graph(chart, top_levels)
    graph: Any = nx.MultiDiGraph(at=chart.at.isoformat(), known=chart.known.isoformat() if chart.known else "")
    for node in found.nodes:
        graph.add_node(node.id, **node.attributes)
    for edge in found.edges:
        graph.add_edge(edge.start, edge.end, key=edge.line, line=edge.line)
    return graph
