"""Rows of a table of employees as records: each cell read as what its column means, by a profile.

What a cell says is taken as it stands; what follows from several rows is worked out in `people`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.events import SourceRef
from orgsim.importers import Options
from orgsim.importers.cells import NO_END, Dates, day_after, folded, is_nothing, share_of
from orgsim.importers.employees.profile import FIELDS, Profile, UnitColumn
from orgsim.importers.naming import LONGEST_NAME, tidy
from orgsim.importers.report import ImportReport, Place, Tally
from orgsim.importers.tabular import ImportProblem, Row

_UNTIDY = re.compile("^ | [ ,;.]| $")
_PARENTHESES = re.compile(r"\s*\([^()]*\)$")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq"})


@attrs.define(kw_only=True, eq=False)
class Record:
    """One row: who, from when to when, and what the row tells; `None` is not told."""

    place: Place
    source: tuple[SourceRef, ...]
    id: str
    name: str
    others: tuple[str, ...] = ()
    begins: When | None = None
    ends: When | None = None
    sequence: tuple[int, str] = (0, "")
    hired: When | None = None
    left: When | None = None
    gone: bool = False
    leave: bool = False
    reason: str = "unknown"
    reason_told: str | None = None
    manager_id: str | None = None
    manager_name: str | None = None
    top: bool = False
    position: str | None = None
    title: str | None = None
    level: str | None = None
    units: tuple[tuple[str, str], ...] = ()
    fte: float | None = None
    contract: str | None = None
    columns: dict[str, str] = attrs.field(factory=dict, repr=False)
    """The column of each meaning, for places."""

    @property
    def row(self) -> int:
        """The number of the row in its file."""
        return self.place.row or 1

    @property
    def order(self) -> tuple[str, int]:
        """The place of the row among all rows."""
        return self.source[0].id, self.row

    def at(self, *fields: str) -> Place:
        """The cell of a meaning: of several, the first there is a column for."""
        return attrs.evolve(self.place, column=next(filter(None, map(self.columns.get, fields)), None))

    def told(self) -> tuple[object, ...]:
        """What the row tells, without its place."""
        return tuple(getattr(self, name) for name in _TOLD)


_TOLD = tuple(field.name for field in attrs.fields(Record) if field.name not in ("place", "source", "columns"))


@attrs.frozen
class Columns:
    """Which column of a file means what."""

    of: dict[str, str]
    others: tuple[str, ...]
    units: tuple[tuple[UnitColumn, str], ...]

    @classmethod
    def find(cls, header: Sequence[str], profile: Profile, place: Place, report: ImportReport) -> "Columns":
        """Match the headers of a file with the names a profile knows; say which are not read."""
        by_name = {_folded_header(name): name for name in reversed(header)}
        found: dict[str, str] = {}
        for field in FIELDS:
            column = next(
                (by_name[key] for name in profile.columns.get(field, ()) if (key := _folded_header(name)) in by_name),
                None,
            )
            if column is not None and column not in found.values() and field != "other_id":
                found[field] = column
        others = [by_name[k] for n in profile.columns.get("other_id", ()) if (k := _folded_header(n)) in by_name]
        units = [
            (unit, by_name[key])
            for unit in profile.units
            if (key := next((k for n in unit.columns if (k := _folded_header(n)) in by_name), "\0")) in by_name
        ]
        others = [name for name in dict.fromkeys(others) if name not in found.values()]
        used = {*found.values(), *others, *(name for _, name in units)}
        for name in header:
            if name not in used:
                report.refused(attrs.evolve(place, column=name), "the column is not read: a ledger has no place for it")
            elif name in others:
                report.refused(attrs.evolve(place, column=name), "the column is only used to find managers")
        if not {"id", "name", "last_name"} & found.keys():
            raise ImportProblem(
                place,
                f"no column names the people; the columns are {', '.join(map(repr, header[:20]))}",
                "give --profile: a packaged one, or a file of your own that says 'columns: {id: [...], name: [...]}'",
            )
        if not {"hired", "from"} & found.keys():
            raise ImportProblem(
                place,
                f"no column tells when people were hired; the columns are {', '.join(map(repr, header[:20]))}",
                "give --profile: a packaged one, or a file of your own that says 'columns: {hired: [...]}'",
            )
        if "id" not in found:
            report.flagged(place, "no column has ids; people are told apart by name")
        return cls(found, tuple(others), tuple(units))


def _folded_header(text: str) -> str:
    """A header for comparing: case, blanks, `_` and `-` do not matter."""
    return re.sub(r"[\s_-]", "", text).casefold()


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Columns, profile: Profile, options: Options, source: str, tally: Tally) -> None:
        """Prepare what is the same for every row."""
        self.columns = columns
        self.profile = profile
        self.source = source
        self.tally = tally
        self.inclusive = options.end_inclusive or profile.end_inclusive
        formats = (options.date_format,) if options.date_format else profile.date_formats
        self.dates = [Dates(text) for text in formats] or [Dates(None)]
        self.strict = bool(options.date_format)
        self._days: dict[str, When | str] = {}
        self._names: dict[str, str] = {}
        self.blanks = {field: {folded(t) or t for t in texts} for field, texts in profile.blanks.items()}
        self.words = {
            "top": _words(profile.tops),
            "gone": _words(profile.status.get("gone", ())),
            "leave": _words(profile.status.get("leave", ())),
            "contractor": _words(profile.contractors),
            "employee": _words(profile.employees),
        }
        self.reasons = {folded(text): reason for reason, texts in profile.reasons.items() for text in texts}
        self._folded: dict[str, str] = {}
        self._shared: dict[Any, Any] = {}

    # ------------------------------------------------------------------------------------------------------- a row

    def read(self, row: Row) -> Record | None:
        """The record of a row; None for a row of nobody."""
        get = row.cells.get
        cells = {field: get(column, "") for field, column in self.columns.of.items()}
        name = self._name(row, cells)
        id_ = cells.get("id", "") if "id" in self.columns.of else name
        if not id_:
            told = f", but the name {shown(name)}" if name else ""
            self.tally.report.refused(row.place, f"the row has no id{told}; nobody is made of it")
            return None
        cited = (SourceRef(self.source, row.place.row),)
        record = Record(place=row.place, source=cited, id=id_, name=name or id_, columns=self.columns.of)
        if not name:
            self.tally.report.flagged(row.place, f"the row has no name; the person is called {shown(id_)}")
        if self.columns.others:
            record.others = tuple(text for column in self.columns.others if (text := get(column, "")))
        self._dated(record, row, cells)
        self._employed(record, row, cells)
        self._placed(record, row, cells)
        return record

    def _name(self, row: Row, cells: dict[str, str]) -> str:
        """First and last name, turned if told as `Last, First`."""
        text = cells.get("name", "")
        if not text:
            parts = (cells.get("first_name", ""), cells.get("middle_name", ""), cells.get("last_name", ""))
            text = " ".join(part for part in parts if part)
        known = self._names.get(text)
        if known is None:
            known = self._names[text] = turned(self.clean(row, "name", text)) if text else ""
        if "," in text and known != text:
            self.tally.note("mended", self.at(row, "name"), "names told as 'Last, First' are written 'First Last'")
        return known

    def _dated(self, record: Record, row: Row, cells: dict[str, str]) -> None:
        record.begins = self.day(row, cells, "from")
        record.hired = self.day(row, cells, "hired")
        record.left = self.end(row, cells, "left")
        record.ends = self.end(row, cells, "to")
        text = cells.get("sequence", "")
        if text:
            record.sequence = (int(text), "") if text.isascii() and text.isdigit() and len(text) < 10 else (0, text)  # noqa: PLR2004

    def _employed(self, record: Record, row: Row, cells: dict[str, str]) -> None:
        status = self.fold(cells.get("status", ""))
        record.gone = status in self.words["gone"]
        record.leave = status in self.words["leave"]
        if record.gone or record.left is not None:
            self._reason(record, row, cells)
        if cells.get("fte"):
            record.fte = self._fte(row, cells["fte"])
        kind = cells.get("contract", "")
        if kind:
            word = self.fold(kind)
            record.contract = "contractor" if word in self.words["contractor"] else "employee"
            if record.contract == "employee" and word not in self.words["employee"]:
                message = f"{shown(kind)} is taken for an employee, not a contractor"
                self.tally.note("guessed", self.at(row, "contract"), message)

    def _reason(self, record: Record, row: Row, cells: dict[str, str]) -> None:
        told, status = cells.get("reason", ""), cells.get("status", "")
        if told and self.fold(told) in self.blanks.get("reason", ()):
            told = ""
        reason = self.reasons.get(self.fold(told)) if told else None
        by_status = self.reasons.get(self.fold(status)) if status else None
        record.reason = reason or by_status or ("other" if told else "unknown")
        if told:
            record.reason_told = self.clean(row, "reason", told)
            if reason is None:
                self.tally.note(
                    "guessed", self.at(row, "reason"), f"the reason {shown(told)} is taken for {record.reason!r}"
                )

    def _placed(self, record: Record, row: Row, cells: dict[str, str]) -> None:
        for field in ("manager", "manager_id", "manager_name"):
            text = cells.get(field, "")
            word = self.fold(text)
            if not text or word in self.blanks.get(field, ()):
                continue
            if word in self.words["top"]:
                record.top = True
            elif field == "manager_id":
                record.manager_id = text
            else:  # the column `manager` has an id or a name; who reads it tries both
                record.manager_name = text
        record.position = self.kept(row, cells, "position") if "position" in cells else None
        record.title = self._one(self.kept(row, cells, "title"))
        record.level = self._one(self.kept(row, cells, "level"))
        record.units = self._one(tuple(self._units(row)))

    def _one(self, value: Any) -> Any:
        """The same for all rows that tell the same: of titles and units there are few, of rows many."""
        return self._shared.setdefault(value, value)

    def _units(self, row: Row) -> Iterator[tuple[str, str]]:
        blanks = self.blanks.get("units")
        for unit, column in self.columns.units:
            text = row.cells.get(column, "")
            if not text or (blanks and self.fold(text) in blanks):
                continue
            name = self.clean(row, column, text)
            if unit.drop_parentheses and (short := _PARENTHESES.sub("", name)) and short != name:
                place = row.at(column)
                self.tally.note("mended", place, "what stands in parentheses after the name of a unit is left out")
                name = short
            if name:
                yield unit.kind, name

    # -------------------------------------------------------------------------------------------------------- cells

    def at(self, row: Row, field: str) -> Place:
        """The place of the cell that means something."""
        return row.at(self.columns.of.get(field, field))

    def fold(self, text: str) -> str:
        """A word for comparing, remembered."""
        known = self._folded.get(text)
        if known is None:
            known = folded(text) or text
            if len(self._folded) < 1 << 16:
                self._folded[text] = known
        return known

    def kept(self, row: Row, cells: dict[str, str], field: str) -> str | None:
        """A text as a ledger can hold it, or None if there is none."""
        text = cells.get(field, "")
        if not text:
            return None
        blanks = self.blanks.get(field)
        if blanks and self.fold(text) in blanks:
            return None
        return self.clean(row, field, text) or None

    def clean(self, row: Row, field: str, text: str) -> str:
        """A name in one line without hidden characters; told where that changes it."""
        if text.isascii() and text.isprintable() and len(text) < LONGEST_NAME and not _UNTIDY.search(text):
            return text  # nearly always
        clean = tidy(text)
        if clean != text:
            message = "blanks too many, line breaks and hidden characters in names are removed"
            if len(clean) < len(text) // 2:
                message = "a text too long for a name is cut"
            self.tally.note("mended", self.at(row, field), message)
        return clean

    def day(self, row: Row, cells: dict[str, str], field: str) -> When | None:
        """The date in a cell, or None; what is no date is refused."""
        text = cells.get(field, "")
        if not text:
            return None
        known = self._days.get(text)
        if known is None:
            known = self._days[text] = self._read_day(row, field, text)
        if isinstance(known, When):
            if known.last.year < NO_END:
                return known
            if field not in ("left", "to"):
                self.tally.report.refused(self.at(row, field), f"{shown(text)} is no date of anything that happened")
            return None
        if not (is_nothing(text) or self.fold(text) in self.blanks.get(field, ())):
            self.tally.report.refused(self.at(row, field), f"{known}{self._without(field, cells)}")
        return None

    def _without(self, field: str, cells: dict[str, str]) -> str:
        """What follows from an end that cannot be read: somebody who left is still there."""
        if field != "left" or self.fold(cells.get("status", "")) in self.words["gone"]:
            return ""  # what follows from a missing hire, or from gone without a date, is said with the person
        unless = " unless another row says so" if "from" in self.columns.of else ""
        return f"; nothing says that the person left: employed on and on{unless}"

    def _read_day(self, row: Row, field: str, text: str) -> When | str:
        """A date; or, as a text, why it is none."""
        nothing = is_nothing(text) or self.fold(text) in self.blanks.get(field, ())
        why = text
        for dates in () if nothing and self.strict else self.dates:
            try:
                return dates.read(text, self.at(row, field))
            except (ValueError, OverflowError) as error:
                why = str(error)
            except ImportProblem:
                if not nothing:
                    raise
        if not self.strict and self.dates[0].date_format is not None:
            try:  # a date of another kind than the profile knows may still be read in two ways
                Dates(None).read(text, self.at(row, field))
            except ValueError as error:
                why = str(error)
        return why

    def end(self, row: Row, cells: dict[str, str], field: str) -> When | None:
        """The first day after, from a cell that has the last day or the first day after."""
        when = self.day(row, cells, field)
        if when is None or not self.inclusive:
            return when
        return day_after(when)

    def _fte(self, row: Row, text: str) -> float | None:
        share, remedy = share_of(text, percent="%" in self.columns.of["fte"])
        if share is not None:
            return share
        counted = "counted as 1.0" + (" unless another row tells one" if "from" in self.columns.of else "")
        message = f"{shown(text)} is not a share of a full-time job; {counted}; {remedy}"
        self.tally.note("refused", self.at(row, "fte"), message)  # hours stand in every row
        return None


def _words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(folded(text) or text for text in texts)


def turned(name: str) -> str:
    """`Last, First Middle` as `First Middle Last`; anything else as it is."""
    if "," not in name:
        return name
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or not first or "," in first or folded(first) in _SUFFIXES:
        return name
    return f"{first} {last}"


def all_dates(records: Sequence[Record]) -> Iterator[dt.date]:
    """Every day that rows name."""
    for record in records:
        for when in (record.hired, record.left, record.begins):
            if when is not None:
                yield when.day
