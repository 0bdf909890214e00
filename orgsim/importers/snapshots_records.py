"""Files of snapshots as records: what each row, or each place of a tree, says in the words of a profile.

Nothing here compares or dates anything, but for the date that a whole file is of.  What a profile does not ask for
is counted and said.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from orgsim.dates import parse_day
from orgsim.importers import Options
from orgsim.importers.cells import folded
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.snapshots_profile import Expression, Profile, Table
from orgsim.importers.tabular import ImportProblem, Row, read_table
from orgsim.reading.compose import MAX_BYTES
from orgsim.reading.foreign import ForeignError, Node, read_json, read_yaml

TREES = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json}
NOT_STATE = frozenset({"date", "from", "to", "since_unknown"})
_ISO = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
_COMPACT = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?![0-9])")


@attrs.frozen
class Record:
    """What one row says: texts by field, none of them empty, and where."""

    table: Table
    place: Place
    fields: Mapping[str, str]
    file: int
    """The number of the file, in the order of their dates and names."""
    columns: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    """What each field is called there."""
    state: frozenset[tuple[str, str]] = attrs.field(init=False, repr=False, eq=False)
    """What it says, but for when."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "state", frozenset(item for item in self.fields.items() if item[0] not in NOT_STATE))

    def get(self, name: str) -> str:
        """What is said of a field, empty if nothing."""
        return self.fields.get(name, "")

    def at(self, name: str) -> Place:
        """The place of a field."""
        column = self.columns.get(name)
        return attrs.evolve(self.place, column=column) if column is not None else self.place


def date_of_name(path: Path) -> dt.date | None:
    """The date in the name of a file (`team-2022-03-31.yml`, `20220331.csv`), None without one."""
    found = set(_ISO.findall(path.stem)) or {"-".join(parts) for parts in _COMPACT.findall(path.stem)}
    try:
        days = {parse_day(text) for text in found}
    except ValueError as error:
        raise ImportProblem(Place(path.name), f"the name of the file: {error}", "rename the file") from None
    if len(days) > 1:
        raise ImportProblem(Place(path.name), "the name of the file has two dates", "rename the file")
    return days.pop() if days else None


class Unread:
    """What no table of the profile asks for: said once for all files, for a series has a file for each date."""

    def __init__(self) -> None:
        """Nothing is unread yet."""
        self._first: dict[tuple[str, str | None], Place] = {}
        self._values: Counter[tuple[str, str | None]] = Counter()
        self._files: Counter[tuple[str, str | None]] = Counter()

    def note(self, place: Place, what: str, values: int) -> None:
        """So many values of a column of one file, or of a place in its tree."""
        key = what, place.column
        self._first.setdefault(key, place)
        self._values[key] += values
        self._files[key] += 1

    def tell(self, report: ImportReport) -> None:
        """Put all of it into the report, each with its first place."""
        for (what, column), place in self._first.items():
            values, files = self._values[what, column], self._files[what, column]
            many = f"its {values:,} values" if values > 1 else "its value"
            where = f" in {files:,} files" if files > 1 else ""
            report.refused(place, f"{what} not read: the profile does not ask for {many}{where}")


def read_records(
    path: Path, number: int, profile: Profile, report: ImportReport, *, unread: Unread, options: Options
) -> list[Record]:
    """All records of a file; raises `ImportProblem` where no table of the profile fits."""
    tree = TREES.get(path.suffix.lower())
    if tree is None:
        return _from_rows(path, number, profile, report, unread=unread, options=options)
    try:
        with path.open("rb") as file:
            found = tree(file.read(MAX_BYTES + 1), options.encoding)
    except ForeignError as error:
        raise ImportProblem(Place(path.name, error.line), error.message, error.hint) from None
    for line, key in found.doubles:
        report.refused(Place(path.name, line), f"the key {key[:80]!r} is given twice; the first counts")
    return _Walk(path, number, profile, report).records(found.root, unread)


# ------------------------------------------------------------------------------------------------------------- tables


def _from_rows(
    path: Path, number: int, profile: Profile, report: ImportReport, *, unread: Unread, options: Options
) -> list[Record]:
    rows = list(read_table(path, encoding=options.encoding, delimiter=options.delimiter))
    report.count("rows", len(rows))
    header = list(dict.fromkeys(name for row in rows for name in row.cells))
    if not rows:
        return []
    names = {folded(name): name for name in reversed(header)}
    table, columns = _fitting(path, profile, names)
    used = {name for parts in columns.values() for name in parts if not name.startswith("=")}
    for name in header:
        if name not in used and (filled := [row for row in rows if row[name] not in ("", "0")]):
            unread.note(Place(path.name, None, name), "the column is", len(filled))
    words = _Words(report)
    called = {field: " + ".join(part for part in parts if part[:1] != "=") for field, parts in columns.items()}
    return [Record(table, row.place, dict(_cells(row, columns, table, words)), number, called) for row in rows]


def _fitting(path: Path, profile: Profile, names: Mapping[str, str]) -> tuple[Table, dict[str, tuple[str, ...]]]:
    """The table of a profile that finds most of its fields in a header, the first of several; all its needs first."""
    best: tuple[Table, dict[str, tuple[str, ...]]] | None = None
    for table in profile.tables:
        if table.at is not None:
            continue
        found = {}
        for field, told in table.fields.items():
            columns = next(filter(None, (_columns(expression, names) for expression in told)), None)
            if columns is not None:
                found[field] = columns
        first = next(name for name in table.fields if name in ("entry", "person", "unit", "post", "name"))
        whole = first in found or (table.kind == "entries" and "name" in found)
        if whole and (best is None or len(found) / len(table.fields) > len(best[1]) / len(best[0].fields)):
            best = table, found
    if best is None:
        wanted = ", ".join(repr(e.text) for table in profile.tables for told in table.fields.values() for e in told[:1])
        hint = f"give another --profile; {profile.name!r} looks for columns such as {wanted or 'none: it reads YAML'}"
        raise ImportProblem(Place(path.name, 1), "the header fits no table of the profile", hint)
    return best


def _columns(expression: Expression, names: Mapping[str, str]) -> tuple[str, ...] | None:
    parts = tuple(part if part.startswith("=") else names.get(folded(part), "") for part in expression.parts)
    return parts if all(parts) else None


def _cells(
    row: Row, columns: Mapping[str, tuple[str, ...]], table: Table, words: "_Words"
) -> Iterator[tuple[str, str]]:
    cells = row.cells
    for field, parts in columns.items():
        if len(parts) == 1 and parts[0][0] != "=":
            text = cells.get(parts[0], "")
        else:
            texts = [part[1:] if part[0] == "=" else cells.get(part, "") for part in parts]
            text = ".".join(texts) if all(texts) else ""
        if text:
            yield field, words.read(table, field, text, row.place) if field in table.words else text


class _Words:
    """The words that a profile has others for; each change of meaning is said once."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        self.known: dict[tuple[str, str], str] = {}

    def read(self, table: Table, field: str, text: str, place: Place) -> str:
        known = self.known.get((field, text))
        if known is not None:
            return known
        word = table.words.get(field, {}).get(folded(text), text)
        if folded(word) != folded(text):
            column = table.fields[field][0].text
            self.report.mended(attrs.evolve(place, row=None, column=column), f"{text!r} is written {word!r}")
        self.known[field, text] = word
        return word


# -------------------------------------------------------------------------------------------------------------- trees

Trail = tuple[tuple[str, Node], ...]


class _Walk:
    """The records of one tree, and what of it no table asks for."""

    def __init__(self, path: Path, number: int, profile: Profile, report: ImportReport) -> None:
        self.file, self.number, self.profile, self.report = path.name, number, profile, report
        self.used: set[int] = set()
        self.starred: set[int] = set()
        self.words = _Words(report)

    def records(self, root: Node, left: Unread) -> list[Record]:
        tables = [table for table in self.profile.tables if table.at is not None]
        found: list[Record] = []
        for table in tables:
            found += [self._record(table, trail) for trail in self._trails((("", root),), table.at or ())]
        if not found:
            wanted = ", ".join("/".join(table.at or ()) for table in tables) or "columns of a table"
            hint = f"give another --profile; {self.profile.name!r} looks at {wanted}"
            raise ImportProblem(Place(self.file), "nothing in the file fits the profile", hint)
        self.report.count("records", len(found))
        unread: Counter[str] = Counter()
        lines: dict[str, int | None] = {}
        self._unread(root, "", unread, lines)
        for pattern, count in unread.items():
            left.note(Place(self.file, lines[pattern], pattern), "it is", count)
        return found

    def _trails(self, trail: Trail, at: tuple[str, ...]) -> Iterator[Trail]:
        """The places that a pattern leads to: `*` is every item, `a|b` one or the other."""
        if not at:
            yield trail
            return
        value = trail[-1][1].value
        items: Iterable[tuple[str, Node]] = ()
        if isinstance(value, dict):
            if at[0] == "*":
                self.starred.add(id(trail[-1][1]))
            items = value.items() if at[0] == "*" else [(k, value[k]) for k in at[0].split("|") if k in value]
        elif isinstance(value, list) and at[0] == "*":
            items = ((str(number), node) for number, node in enumerate(value, 1))
        for item in items:
            yield from self._trails((*trail, item), at[1:])

    def _record(self, table: Table, trail: Trail) -> Record:
        node = trail[-1][1]
        self.used.add(id(node))
        column = None if node.line is not None else "/".join(key for key, _ in trail[1:])
        place = Place(self.file, node.line, column)
        fields = {}
        for field, told in table.fields.items():
            text = next(filter(None, (self._text(expression, trail) for expression in told)), "")
            if text:
                fields[field] = self.words.read(table, field, text, place)
        called = {field: told[0].text for field, told in table.fields.items()} if node.line is not None else {}
        return Record(table, place, fields, self.number, called)

    def _text(self, expression: Expression, trail: Trail) -> str:
        texts = [part[1:] if part.startswith("=") else self._look(part, trail) for part in expression.parts]
        return ".".join(texts) if all(texts) else ""

    def _look(self, path: str, trail: Trail) -> str:
        for part in path.split("/"):
            if part == "..":
                trail = trail[:-1]
            elif part == "@key":
                return trail[-1][0] if trail else ""
            elif part != "." and trail:
                value = trail[-1][1].value
                if not isinstance(value, dict) or part not in value:
                    return ""
                trail = (*trail, (part, value[part]))
            if not trail:
                return ""
        node = trail[-1][1]
        if not isinstance(node.value, str):
            return ""
        self.used.add(id(node))
        return node.value.strip()

    def _unread(self, node: Node, pattern: str, unread: Counter[str], lines: dict[str, int | None]) -> bool:
        """Note the largest parts of the tree that nothing asks for; give whether anything of this part is asked for."""
        value = node.value
        if value is None:
            return True  # nothing is said here
        if isinstance(value, str):
            return id(node) in self.used
        children = [*value.items()] if isinstance(value, dict) else [("*", item) for item in value]
        left: list[tuple[str, Node]] = []
        any_used = id(node) in self.used
        for key, child in children:
            name = "*" if id(node) in self.starred else key
            below = f"{pattern}/{name}" if pattern else name
            if self._unread(child, below, unread, lines):
                any_used = True
            else:
                left.append((below, child))
        if any_used:
            for below, child in left:
                unread[below] += 1
                lines.setdefault(below, child.line)
        return any_used
