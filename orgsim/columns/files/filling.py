"""From columns of a file to the table of events: as numbers wherever it can be, row by row what few rows have.

Which rows do not have the shape of an event is told by `shapes`, before.
"""

import json
from collections.abc import Iterable
from functools import partial
from json.encoder import encode_basestring as quoted
from typing import Any

import numpy as np

from orgsim.columns.files.parquet import KEYS, ArrowPool, Columns
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Ints, where
from orgsim.columns.rows.numbering import numbered
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.sidebyside import side_by_side
from orgsim.columns.rows.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.columns.rows.writing import ENCODE, Ids, Rest, arranged, introductions
from orgsim.dates import parse_when
from orgsim.events import CLASSES, LEAVES, REASONS
from orgsim.model import Person

_IDS = ("person", "post", "unit", "organization", "to", "reports_to", "parent", "into", "heads")
_COLUMN = {"unit": t.PLACE, "organization": t.PLACE, "to": t.TO, "reports_to": t.TO, "parent": t.TO, "into": t.TO}
FLAGS = (
    ("acting", "true", t.ACTING, ("appoint",)),
    ("primary", "true", t.PRIMARY, ("appoint",)),
    ("line", "dotted", t.DOTTED, ("report",)),
    ("end", "true", t.END, ("report",)),
    ("critical", "true", t.CRITICAL, ("create-post", "change-post")),
    ("critical", "false", t.UNCRITICAL, ("change-post",)),
    ("contract", "contractor", t.CONTRACTOR, ("hire",)),
    ("holder", "unnamed", t.UNNAMED, ("appoint", "vacate")),
    ("holder", "unknown", t.UNNAMED | t.VAGUE, ("appoint", "vacate")),
    ("regretted", "true", 0, ("depart",)),
    ("regretted", "false", 0, ("depart",)),
)


def columns_to_table(columns: Columns, known: Iterable[Person] = (), file: str | None = None) -> Table:
    """The table of events of columns whose rows have the shape of events."""
    ids, (texts, others, sparse, rest) = side_by_side(
        columns.count, lambda: _ids(columns, known), lambda: _besides(columns)
    )
    origin = np.arange(columns.count) + columns.first_line
    return arranged(others, sparse, rest, ids, texts=texts.pool(columns.pa), file=file, origin=origin)


def _besides(columns: Columns) -> tuple["_Texts", dict[str, Ints], dict[str, tuple[Ints, Ints]], Rest]:
    """All that is no id: texts, columns of all rows, columns of few rows, and what has none."""
    texts, dense = _Texts(), {"kind": columns.kinds}
    dense["text"] = np.full(columns.count, ABSENT, np.int32)
    for key in ("name", "title"):
        pair = columns.dictionary(key)
        if pair is not None:
            codes = texts.add(pair)
            np.copyto(dense["text"], codes, where=codes != ABSENT)
    dense["day"], dense["known"], dates = _days(columns)
    dense["flags"], dense["detail"] = _flags(columns)
    dense["flags"][[row for row, text in dates.items() if text.startswith("..")]] |= t.SINCE
    sparse = {name: _sparse(columns, name, texts) for name in SPARSE if name != "heads"}
    return texts, dense, sparse, _rest(columns, dates)


def _ids(columns: Columns, known: Iterable[Person]) -> Ids:
    """All ids in one pool, and the columns that are made of them."""
    pa = columns.pa
    found = {key: pair for key in _IDS if (pair := columns.dictionary(key)) is not None}
    pieces = [pair[1].cast(pa.string()) for pair in found.values()]
    pieces.append(pa.array([person.id for person in known], pa.string()))
    together = pa.concat_arrays(pieces)
    pool = ArrowPool(together)
    numbers, ids = numbered(pa, together, pool)
    edges = np.cumsum([0, *map(len, pieces)])
    said = numbers.astype(np.int32)
    for word, number in (("none", NONE), ("unknown", UNKNOWN)):
        said[pool.places(word)] = number
    coded = {
        key: (codes, np.append(said[edges[at] : edges[at + 1]], ABSENT).astype(np.int32))
        for at, (key, (codes, _)) in enumerate(found.items())
    }
    introduced = {}
    for name, rows in introductions(columns.kinds).items():
        key = "unit" if name == "place" else name
        codes, lookup = coded.get(key, (rows, rows))
        introduced[name] = lookup[codes[rows]] if key in coded else rows[:0]
    return Ids(ArrowPool(ids), numbers[edges[-2] :], introduced, partial(_dense, columns, coded))


def _dense(
    columns: Columns, coded: dict[str, tuple[Ints, Ints]], final: Ints
) -> tuple[dict[str, Ints], tuple[Ints, Ints]]:
    """The columns of ids, by their final numbers, and the rows that say what a post heads with the units."""
    dense = {}
    for key in ("person", "post"):
        codes, lookup = coded.get(key, (np.full(columns.count, ABSENT), np.full(1, ABSENT)))
        dense[key] = final[lookup][codes]
    dense |= {name: np.full(columns.count, ABSENT, np.int32) for name in ("place", "to")}
    for key, target in _COLUMN.items():
        if key in coded:
            codes, lookup = coded[key]
            rows = where(codes != ABSENT)
            fits = np.array([target.get(cls.kind) == key for cls in CLASSES])[columns.kinds[rows]]
            if not fits.all():
                rows = rows[where(fits)]
            dense["place" if target is t.PLACE else "to"][rows] = final[lookup][codes[rows]]
    if "heads" not in coded:
        return dense, (np.zeros(0, np.int32), np.zeros(0, np.int32))
    codes, lookup = coded["heads"]
    rows = where(codes != ABSENT)
    return dense, (rows.astype(np.int32), final[lookup][codes[rows]])


class _Texts:
    """Names, titles and levels of several columns as one pool."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []
        self.count = 0

    def add(self, pair: tuple[Ints, Any]) -> Ints:
        codes, words = pair
        codes = np.where(codes == ABSENT, ABSENT, codes + self.count).astype(np.int32)
        self.pieces.append(words)
        self.count += len(words)
        return codes

    def pool(self, pa: Any) -> Pool:
        if not self.pieces:
            return Pool.of(())
        return ArrowPool(pa.concat_arrays([piece.cast(pa.large_string()) for piece in self.pieces]))


def _days(columns: Columns) -> tuple[Ints, Ints, dict[int, str]]:
    """When events take effect and are known; and by row what is written for a date that is no plain day."""
    dates: dict[int, str] = {}
    known, _ = columns.days("known")
    day, odd = columns.days("date")
    codes, words = columns.coded("date") if len(odd) else (day, [])
    for row in odd.tolist():
        dates[row] = text = words[codes[row]]
        day[row] = parse_when(text).day.toordinal()
    if "when" in columns.names:  # Parquet keeps days as dates, and beside them what is no plain day
        codes, words = columns.coded("when")
        for row in where(codes != ABSENT).tolist():
            dates[row] = words[codes[row]]
    retracts = where((day == 0) & (columns.kinds == KIND["retract"]))
    day = day.copy()
    day[retracts] = known[retracts]
    return day, np.where(known == 0, day, known).astype(np.int32), dates


def _flags(columns: Columns) -> tuple[Ints, Ints]:
    flags, detail = np.zeros(columns.count, np.int16), np.zeros(columns.count, np.int8)
    for key, word, bit, kinds in FLAGS:
        codes, words = columns.coded(key)
        if word not in (told := [text.lower() for text in words]):
            continue
        of_kind = np.isin(columns.kinds, [KIND[kind] for kind in kinds])
        rows = where(np.isin(codes, [at for at, text in enumerate(told) if text == word]) & of_kind)
        if key == "regretted":
            detail[rows] |= t.REGRETTED if word == "true" else t.UNREGRETTED
        else:
            flags[rows] |= bit
    codes, _ = columns.coded("disputes")
    flags[where(codes != ABSENT)] |= t.RIVAL
    codes, words = columns.coded("reason")
    for kind, options in (("depart", REASONS), ("start-leave", LEAVES)):
        lookup = np.array(
            [options.index(word) if word in options else 0 for word in words] + [options.index("unknown")], np.int8
        )
        rows = where(columns.kinds == KIND[kind])
        detail[rows] |= lookup[codes[rows]]
    return flags, detail


def _sparse(columns: Columns, name: str, texts: _Texts) -> tuple[Ints, Ints]:
    pair = columns.dictionary(name)
    if pair is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float64 if name == "fte" else np.int32)
    codes = pair[0]
    rows = where(codes != ABSENT)
    if name == "level":
        return rows.astype(np.int32), texts.add(pair)[rows]
    words = pair[1].to_pylist()
    if name == "fte":
        shares = np.array([float(word) for word in words])[codes[rows]]
        keep = where(shares != 1.0)
        return rows[keep].astype(np.int32), shares[keep]
    numbers = np.array([-1 if word == "any" else int(word) for word in words], np.int32)[codes[rows]]
    keep = where((numbers != 1) | (columns.kinds[rows] == KIND["change-post"]))
    return rows[keep].astype(np.int32), numbers[keep]


_DONE = {
    *(
        "event",
        "date",
        "known",
        "person",
        "post",
        "organization",
        "to",
        "reports_to",
        "parent",
        "into",
        "name",
        "title",
    ),
    *(
        "acting",
        "primary",
        "line",
        "end",
        "critical",
        "contract",
        "regretted",
        "reason",
        "seats",
        "fte",
        "heads",
        "level",
    ),
}
_EXPECTED = {"acting", "reports_to"}
"""Keys that mean something else in `expect`, and have no column there."""


def _rest(columns: Columns, dates: dict[int, str]) -> Rest:
    """What few rows have, as texts; sources as JSON."""
    parts = {row: f'"date": {quoted(text)}' for row, text in dates.items()}
    told: dict[str, list[tuple[int, str]]] = {"id": [], "of": []}
    for key in (*KEYS, "where"):
        if key in _DONE - _EXPECTED or key not in columns.names or key == "unit":
            continue
        codes, words = columns.coded(key)
        rows = where(codes != ABSENT)
        if key in _EXPECTED:
            rows = rows[where(columns.kinds[rows] == KIND["expect"])]
        if key == "certainty" and "stated" in words:
            rows = rows[where(codes[rows] != words.index("stated"))]
        said = [words[code] for code in codes[rows].tolist()]
        written = [ENCODE(_parsed(key, word)) for word in said] if key in _STRUCTURED else map(quoted, said)
        for row, text in zip(rows.tolist(), written, strict=True):
            parts[row] = f'{parts[row]}, "{key}": {text}' if row in parts else f'"{key}": {text}'
        if key in told:
            told[key] = list(zip(rows.tolist(), said, strict=True))
    some = sorted(parts)
    return Rest(some, [f"{{{parts[row]}}}" for row in some], told["id"], told["of"])


_STRUCTURED = {"where", "source"}


def _parsed(key: str, word: str) -> Any:
    if key == "where":
        return json.loads(word)
    return json.loads(word) if word.startswith("[") else [{"id": word}]
