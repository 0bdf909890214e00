"""The tables that `orgsim export csv` writes, read back as the ledger they came from.

`events.csv` holds every field of every event; `people.csv` and `sources.csv` what the ledger declares.  The other
tables follow from these and are not read.  Nothing is guessed and nothing mended: a cell that is no value of its column
ends the import with its place.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs

from orgsim.errors import Location, UserError, did_you_mean
from orgsim.events import KINDS, BadEventError, Event, SourceRef
from orgsim.exporters.cells import unguarded
from orgsim.frames import EVENT_TYPES, MAKERS
from orgsim.importers import Imported, Options
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem, Row, read_table
from orgsim.model import Person, Source
from orgsim.values import TYPES, BadValueError, key_of, type_of

READ = ("people", "sources", "events")
DERIVED = tuple(name for make in MAKERS if (name := make.__name__.removesuffix("_table")) not in READ)
_OURS = ("number", "event", "day")
"""Columns of events that are no field of any."""


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Read the tables by the names of their files; a folder stands for the files in it."""
    report = ImportReport()
    found = _files(paths, report)
    if "events" not in found:
        raise UserError("there is no events.csv; it holds the history the other tables follow from", exit_code=1)
    rows = {
        name: list(read_table(path, encoding=options.encoding, delimiter=options.delimiter, strip=False))
        for name, path in found.items()
    }
    for name in READ:
        report.count(name, len(rows.get(name, ())))
    people = [person for row in rows.get("people", ()) if (person := _person(row)) is not None]
    sources = [_source(row) for row in rows.get("sources", ())]
    events = sorted(map(_numbered, rows["events"]), key=lambda pair: pair[0])
    return Imported([_event(row) for _, row in events], people, sources, report)


def _files(paths: Sequence[Path], report: ImportReport) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in (file for given in paths for file in (sorted(given.glob("*.csv")) if given.is_dir() else [given])):
        if path.stem in DERIVED:
            report.flagged(Place(path.name), "not read, because it follows from events.csv; so do changes made in it")
        elif path.stem not in READ:
            hint = did_you_mean(path.stem, READ) or f"the tables are {', '.join(f'{name}.csv' for name in READ)}"
            raise ImportProblem(Place(path.name), "this is none of the tables of a ledger", hint)
        elif path.stem in found:
            raise ImportProblem(Place(path.name), f"two files are called {path.name!r}", "give one of them")
        else:
            found[path.stem] = path
    return found


def _value(row: Row, column: str, parse: Callable[[str], Any]) -> Any:
    """The value of a cell, or None where it is empty."""
    text = unguarded(row[column])
    if not text:
        return None
    try:
        return parse(text)
    except BadValueError as error:
        raise ImportProblem(row.at(column), error.message, error.hint or "correct the cell") from None
    except ValueError as error:
        raise ImportProblem(row.at(column), f"the cell cannot be read: {error}", "correct the cell") from None


def _needed(row: Row, column: str, parse: Callable[[str], Any]) -> Any:
    value = _value(row, column, parse)
    if value is None:
        raise ImportProblem(row.at(column), "the cell is empty", "every row needs it")
    return value


def _columns(row: Row, known: Sequence[str]) -> None:
    for column in row.cells:
        if column not in known:
            hint = did_you_mean(column, known) or f"the columns are {', '.join(known)}"
            raise ImportProblem(row.at(column), f"there is no column {column!r} in this table", hint)


def _texts(text: str) -> tuple[str, ...]:
    names = json.loads(text)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("it is no list of texts")
    return tuple(TYPES["name"].parse(name) for name in names)


def _references(text: str) -> tuple[SourceRef, ...]:
    found = json.loads(text)
    known = {field.name: type_of(field).parse for field in attrs.fields(SourceRef)}
    if not isinstance(found, list) or not all(
        isinstance(ref, dict) and {"id"} <= ref.keys() <= set(known) for ref in found
    ):
        raise ValueError(f"it is no list of sources, which have {', '.join(known)}")
    return tuple(SourceRef(**{name: known[name](str(value)) for name, value in ref.items()}) for ref in found)


def _person(row: Row) -> Person | None:
    """The declaration of a person; whoever is hired without one is not declared here either."""
    _columns(row, ("person", "name", "declared", "aliases", "note"))
    declared = _value(row, "declared", TYPES["name"].parse)
    if declared is None:
        return None
    aliases = _value(row, "aliases", _texts) or ()
    return Person(
        _needed(row, "person", TYPES["id"].parse), declared, aliases, _value(row, "note", TYPES["text"].parse)
    )


def _source(row: Row) -> Source:
    fields = {("source" if field.name == "id" else field.name): field for field in attrs.fields(Source)}
    _columns(row, tuple(fields))
    id_ = _needed(row, "source", TYPES["id"].parse)
    return Source(id_, **{name: _value(row, name, type_of(f).parse) for name, f in fields.items() if name != "source"})


def _numbered(row: Row) -> tuple[int, Row]:
    _columns(row, tuple(EVENT_TYPES))
    return _needed(row, "number", TYPES["positive"].parse), row


def _event(row: Row) -> Event:
    cls = _needed(row, "event", _kind)
    given: dict[str, Any] = {}
    fields = {key_of(field): field for field in attrs.fields(cls) if "type" in field.metadata}
    for column in row.cells:
        field = fields.get(column)
        if field is not None:
            value = _value(row, column, _references if column == "source" else type_of(field).parse)
            if value is not None:
                given[field.name] = value
        elif column not in _OURS and row[column]:
            raise ImportProblem(row.at(column), f"{cls.kind!r} has no {column!r}", "empty the cell")
    for name in (field.name for field in fields.values() if field.default is attrs.NOTHING):
        if name not in given:
            raise ImportProblem(row.at(name), f"{cls.kind!r} needs {name!r}", "fill the cell")
    try:
        event: Event = cls(where=Location(row.place.file, row.place.row or 1, 1), **given)
    except BadEventError as error:
        raise ImportProblem(row.place, error.message, error.hint) from None
    return event


def _kind(text: str) -> type[Event]:
    if text not in KINDS:
        raise ValueError(
            f"there is no kind of event {text!r}; {did_you_mean(text, KINDS) or 'see the table of events'}"
        )
    return KINDS[text]
