"""From columns of a file to the table of events: as numbers wherever it can be, row by row what few rows have.

Which rows do not have the shape of an event is told by `shapes`, before.
"""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import Ints, where
from orgsim.columns.parquet import KEYS, ArrowPool, Columns
from orgsim.columns.pool import Pool
from orgsim.columns.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.columns.writing import arranged
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
    ids, coded = _ids(columns, known)
    kinds, count = columns.kinds, columns.count
    dense = {name: np.full(count, ABSENT, np.int32) for name in ("person", "post", "place", "to", "text")}
    dense["kind"] = kinds
    for key in ("person", "post"):
        if key in coded:
            dense[key] = coded[key]
    for key, target in _COLUMN.items():
        if key in coded:
            name = "place" if target is t.PLACE else "to"
            fits = np.array([target.get(cls.kind) == key for cls in CLASSES])
            rows = where((coded[key] != ABSENT) & fits[kinds])
            dense[name][rows] = coded[key][rows]
    texts = _Texts()
    for key in ("name", "title"):
        pair = columns.dictionary(key)
        if pair is not None:
            codes = texts.add(pair)
            rows = where(codes != ABSENT)
            dense["text"][rows] = codes[rows]
    rest: dict[int, dict[str, Any]] = {}
    dense["day"], dense["known"] = _days(columns, rest)
    dense["flags"], dense["detail"] = _flags(columns)
    sparse = {name: _sparse(columns, name, coded, texts) for name in SPARSE}
    _add_rest(columns, rest)
    for row, said in rest.items():
        if said.get("date", "").startswith(".."):
            dense["flags"][row] |= t.SINCE
    rows = np.array(sorted(rest), np.int32)
    number = {id_: at for at, id_ in enumerate(ids.to_pylist())} if known else {}
    people = np.array([number[person.id] for person in known], np.int32)
    texts_of = [rest[row] for row in rows.tolist()]
    pools = {"ids": ArrowPool(ids), "texts": texts.pool(columns.pa)}
    return arranged(
        dense,
        sparse,
        (rows, texts_of),
        **pools,
        declared=people,
        file=file,
        origin=np.arange(count) + columns.first_line,
    )


def _ids(columns: Columns, known: Iterable[Person]) -> tuple[Any, dict[str, Ints]]:
    """All ids in one array of strings, and each column of ids as numbers of it."""
    pa = columns.pa
    found = {key: pair for key in _IDS if (pair := columns.dictionary(key)) is not None}
    pieces = [pair[1].cast(pa.string()) for pair in found.values()]
    pieces.append(pa.array([person.id for person in known], pa.string()))
    lengths = [len(piece) for piece in pieces]
    together = pa.concat_arrays(pieces).dictionary_encode()
    numbers = together.indices.to_numpy(zero_copy_only=False)
    ids = together.dictionary
    words = {word: ids.index(word).as_py() for word in ("none", "unknown")}
    edges = np.cumsum([0, *lengths])
    coded = {}
    for at, (key, (codes, _)) in enumerate(found.items()):
        lookup = np.append(numbers[edges[at] : edges[at + 1]], ABSENT).astype(np.int32)
        if words["none"] >= 0:
            lookup[lookup == words["none"]] = NONE
        if words["unknown"] >= 0:
            lookup[lookup == words["unknown"]] = UNKNOWN
        coded[key] = lookup[codes]
    return ids, coded


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


def _days(columns: Columns, rest: dict[int, dict[str, Any]]) -> tuple[Ints, Ints]:
    """When events take effect and are known; a date that is no plain day is kept as it is written."""
    known, _ = columns.days("known")
    day, odd = columns.days("date")
    codes, words = columns.coded("date") if len(odd) else (day, [])
    for row in odd.tolist():
        text = words[codes[row]]
        rest.setdefault(row, {})["date"] = text
        day[row] = parse_when(text).day.toordinal()
    if "when" in columns.names:  # Parquet keeps days as dates, and beside them what is no plain day
        codes, words = columns.coded("when")
        for row in where(codes != ABSENT).tolist():
            rest.setdefault(row, {})["date"] = words[codes[row]]
    retracts = where((day == 0) & (columns.kinds == KIND["retract"]))
    day = day.copy()
    day[retracts] = known[retracts]
    return day, np.where(known == 0, day, known).astype(np.int32)


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


def _sparse(columns: Columns, name: str, coded: dict[str, Ints], texts: _Texts) -> tuple[Ints, Ints]:
    if name == "heads":
        rows = where(coded["heads"] != ABSENT) if "heads" in coded else np.zeros(0, np.int64)
        return rows.astype(np.int32), coded["heads"][rows] if len(rows) else np.zeros(0, np.int32)
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


def _add_rest(columns: Columns, rest: dict[int, dict[str, Any]]) -> None:
    """What few rows have, as texts; sources as JSON."""
    defaults = {"certainty": "stated"}
    for key in (*KEYS, "where"):
        if key in _DONE - _EXPECTED or key not in columns.names or key == "unit":
            continue
        codes, words = columns.coded(key)
        rows = where(codes != ABSENT)
        if key in _EXPECTED:
            rows = rows[where(columns.kinds[rows] == KIND["expect"])]
        for row in rows.tolist():
            word = words[codes[row]]
            if key == "holder" and columns.kinds[row] != KIND["expect"]:
                rest.setdefault(row, {})[key] = word
            elif defaults.get(key) != word:
                rest.setdefault(row, {})[key] = _parsed(key, word)


def _parsed(key: str, word: str) -> Any:
    if key == "where":
        return json.loads(word)
    if key != "source":
        return word
    return json.loads(word) if word.startswith("[") else [{"id": word}]
