"""Which column of a table means what: by its header under one of many names, or as a profile says.

A profile is plain data, packaged or the user's own: `columns` (for each meaning, headers), `values` (where no column
tells it), `notes` (columns kept in the note), `reasons` (words of the file for reasons of a departure).
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from orgsim.errors import UserError, did_you_mean, shown
from orgsim.events import REASONS
from orgsim.importers.cells import folded
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem, Row
from orgsim.reading.foreign import ForeignError, read_yaml, texts

LARGEST = 256 * 2**10
HEADER = "import-profile/1"
PARTS = ("orgsim", "format", "about", "columns", "values", "notes", "reasons")


def _texts(value: Any) -> tuple[str, ...]:
    texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else (None,)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("names must be texts")
    return texts


def _table(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise ValueError("'values' and 'reasons' must be mappings of texts")
    return value


@attrs.frozen
class Profile:
    """What the columns of a file mean."""

    columns: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    values: Mapping[str, str] = attrs.field(factory=dict)
    notes: Sequence[str] = ()
    reasons: Mapping[str, str] = attrs.field(factory=dict)


def read_profile(format_: str, name: str | None, meanings: Iterable[str]) -> Profile:
    """A packaged profile by its name, or a file by its path."""
    if name is None:
        return Profile()
    folder = Path(__file__).parent / "profiles"
    packaged = {path.stem.removeprefix(f"{format_}-"): path for path in sorted(folder.glob(f"{format_}-*.yaml"))}
    path = packaged.get(name, Path(name))
    if not path.is_file():
        hint = did_you_mean(name, packaged) or f"the packaged ones are {', '.join(packaged) or 'none'}"
        raise UserError(f"there is no profile {shown(name)}; {hint}, or give the path of a file")
    place = Place(path.name)
    if path.stat().st_size > LARGEST:
        raise ImportProblem(place, f"the file is larger than {LARGEST:,} bytes", "is this a profile?")
    try:
        return _profile(texts(read_yaml(path.read_bytes()).root), format_, set(meanings))
    except ForeignError as error:
        raise ImportProblem(Place(path.name, error.line), error.message, error.hint) from None
    except ValueError as error:
        hint = "a profile has 'columns', 'values', 'notes' and 'reasons'"
        raise ImportProblem(place, f"this is no profile: {error}", hint) from None


def _profile(data: Any, format_: str, meanings: set[str]) -> Profile:
    if not isinstance(data, dict) or (data.get("orgsim"), data.get("format")) != (HEADER, format_):
        raise ValueError(f"it does not begin with 'orgsim: {HEADER}' and 'format: {format_}'")
    unknown = [key for key in data if key not in PARTS]
    if unknown:
        raise ValueError(f"it has the key {shown(unknown[0])}")
    columns = data.get("columns", {})
    if not isinstance(columns, dict):
        raise ValueError("'columns' is no mapping")  # noqa: TRY004
    values, reasons = _table(data.get("values", {})), _table(data.get("reasons", {}))
    strange = [key for key in (*columns, *values) if key not in meanings]
    if strange:
        raise ValueError(f"nothing is called {shown(strange[0])}; there is {', '.join(sorted(meanings))}")
    wrong = [reason for reason in reasons.values() if reason not in REASONS]
    if wrong:
        raise ValueError(f"{shown(wrong[0])} is no reason; there is {', '.join(REASONS)}")
    return Profile(
        {key: _texts(value) for key, value in columns.items()}, values, _texts(data.get("notes", [])), reasons
    )


def find_columns(
    header: Sequence[str],
    profile: Profile,
    aliases: Mapping[str, Sequence[str]],
    *,
    file: str,
    report: ImportReport,
    rows: Iterable[Row] | None = None,
) -> dict[str, str]:
    """For each meaning the column that has it; says which columns are not read (of `rows`, only if one has a text)."""
    by_name = {folded(column): column for column in reversed(header)}
    found: dict[str, str] = {}
    for meaning in aliases:
        if profile.columns:
            missing = [name for name in profile.columns.get(meaning, ()) if folded(name) not in by_name]
            if missing and len(missing) == len(profile.columns[meaning]):
                hint = f"its columns are {', '.join(header[:20])}"
                raise ImportProblem(Place(file, 1), f"there is no column {missing[0]!r}, which the profile names", hint)
        names = profile.columns.get(meaning, ()) if profile.columns else aliases[meaning]
        column = next((by_name[folded(name)] for name in names if folded(name) in by_name), None)
        if column is not None and column not in found.values():
            found[meaning] = column
    noted = {folded(name) for name in profile.notes}
    used = set(header) if rows is None else {column for row in rows for column, text in row.cells.items() if text}
    for column in header:
        if column in used and column not in found.values() and folded(column) not in noted:
            report.refused(Place(file, 1, column), "the column is not read")
    return found
