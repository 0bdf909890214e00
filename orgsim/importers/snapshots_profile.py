"""Mapping profiles of the snapshots importer: which column, or which place of a tree, says what.

A profile is data.  It knows no file and no date; what its fields mean is told in `snapshots_records`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from orgsim.errors import UserError, did_you_mean
from orgsim.importers.cells import folded
from orgsim.importers.report import Place
from orgsim.importers.tabular import ImportProblem
from orgsim.reading.foreign import ForeignError, read_yaml, texts

FOLDER = Path(__file__).parent / "profiles"
PREFIX = "snapshots-"
HEADER = "import-profile/1"

FIELDS = {
    "entries": (
        *("entry", "person", "name", "title", "level", "post", "reports_to", "manager", "manager_name", "acting"),
        *("hired", "fte", "unit", "unit_name", "parent", "date", "from", "to", "since_unknown"),
    ),
    "units": ("unit", "name", "kind", "parent", "date", "from", "to", "since_unknown"),
    "links": ("post", "unit", "name", "date", "from", "to", "since_unknown"),
}
"""What the records of each kind of table can say."""
NEEDED = {"entries": ("person", "name", "post"), "units": ("unit",), "links": ("post",)}
"""Of these, a table must say at least one."""

Path_ = tuple[str, ...]


@attrs.frozen
class Expression:
    """Parts to be joined with dots: each a constant (`=chair`), a column, or a path from the record."""

    text: str
    parts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Expression":
        """Read `group + role`, `=Chair`, `../../dir`."""
        return cls(text, tuple(part.strip() for part in text.split(" + ")))


@attrs.frozen
class Table:
    """One kind of record: where the records are (`at`, in trees), and what says what."""

    kind: str
    fields: Mapping[str, tuple[Expression, ...]]
    at: Path_ | None = None
    words: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    among: str = ""


@attrs.frozen
class Profile:
    """All tables of a format, and what holds for all of them."""

    name: str
    tables: tuple[Table, ...]
    organization: str | None = None
    employed: bool = True
    seats: str | None = None
    fold_keys: bool = False
    acting_words: tuple[str, ...] = ()


def profile_names() -> list[str]:
    """The names of the packaged profiles."""
    return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.yaml"))


def find_profile(name: str | None) -> Profile:
    """A packaged profile by its name, or one of the user's by its path; without either, the generic one."""
    packaged = FOLDER / f"{PREFIX}{name or 'generic'}.yaml"
    path = packaged if packaged.is_file() else Path(name or "")
    if not path.is_file():
        names = profile_names()
        hint = did_you_mean(name or "", names) or f"the profiles are {', '.join(names)}; or give the path of a file"
        raise UserError(f"there is no profile {name!r}; {hint}")
    return read_profile(path)


def read_profile(path: Path) -> Profile:
    """The profile of a file; raises `ImportProblem` where it is none."""
    try:
        plain = texts(read_yaml(path.read_bytes()).root)
    except ForeignError as error:
        raise ImportProblem(Place(path.name, error.line), error.message, error.hint) from None
    place = Place(path.name)
    if not isinstance(plain, dict) or plain.get("orgsim") != HEADER or plain.get("format") != "snapshots":
        hint = f"begin with 'orgsim: {HEADER}' and 'format: snapshots'"
        raise ImportProblem(place, "this is no profile of snapshots", hint)
    known = {"orgsim", "format", "about", "organization", "employed", "seats", "fold_keys", "acting_words", "tables"}
    _only(plain, known, place)
    tables = plain.get("tables")
    if not isinstance(tables, list) or not tables:
        raise ImportProblem(place, "a profile has a list of tables", "add 'tables:'")
    employed = _text(plain.get("employed"), place) != "false"
    read = [_table(table, place) for table in tables]
    if not employed and any({"hired", "fte"} & table.fields.keys() for table in read):
        hint = "leave them out, or 'employed'"
        raise ImportProblem(place, "'hired' and 'fte' are of those who are employed", hint)
    return Profile(
        name=path.stem.removeprefix(PREFIX),
        tables=tuple(read),
        organization=_text(plain.get("organization"), place),
        employed=employed,
        seats=_text(plain.get("seats"), place),
        fold_keys=_text(plain.get("fold_keys"), place) == "true",
        acting_words=tuple(_texts(plain.get("acting_words") or [], place)),
    )


def _table(plain: Any, place: Place) -> Table:
    if not isinstance(plain, dict) or plain.get("kind") not in FIELDS:
        raise ImportProblem(place, "a table has no known kind", f"the kinds are {', '.join(FIELDS)}")
    _only(plain, {"kind", "at", "fields", "words", "among"}, place)
    kind, fields = plain["kind"], plain.get("fields")
    if not isinstance(fields, dict) or not any(fields.get(name) for name in NEEDED[kind]):
        hint = f"say where {' or '.join(map(repr, NEEDED[kind]))} stands"
        raise ImportProblem(place, f"a table of {kind} maps too little", hint)
    _only(fields, FIELDS[kind], place)
    at = _text(plain.get("at"), place)
    words = plain.get("words") or {}
    if not isinstance(words, dict) or not all(isinstance(table, dict) for table in words.values()):
        raise ImportProblem(place, "'words' is no mapping of mappings", "write FIELD: {WORD: MEANING}")
    return Table(
        kind=kind,
        fields={name: tuple(map(Expression.of, _texts(told, place))) for name, told in fields.items()},
        at=tuple(at.split("/")) if at is not None else None,
        words={f: {folded(k): _text(v, place) or "" for k, v in table.items()} for f, table in words.items()},
        among=_text(plain.get("among"), place) or "",
    )


def _only(plain: Mapping[str, Any], known: "set[str] | tuple[str, ...]", place: Place) -> None:
    for key in plain:
        if key not in known:
            hint = did_you_mean(key, known) or f"the keys are {', '.join(sorted(known))}"
            raise ImportProblem(place, f"a profile has no key {key!r} here", hint)


def _text(value: Any, place: Place) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ImportProblem(place, f"{value!r} should be a text", "write it on one line")


def _texts(value: Any, place: Place) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values if (text := _text(item, place))]
