"""From columns of a file to the table of events: as numbers wherever it can be, row by row what few rows have.

Which rows do not have the shape of an event is told by `shapes`, before.
"""

import json
from collections.abc import Iterable
from functools import partial
from itertools import groupby
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from typing import Any

import numpy as np

from orgsim.columns.files.numbering import numbered
from orgsim.columns.files.parquet import KEYS, ArrowPool, Columns
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Ints, side_by_side, where
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.columns.rows.writing import ENCODE, INTRODUCES, Ids, Rest, arranged
from orgsim.dates import parse_when
from orgsim.events import CLASSES, LEAVES, REASONS
from orgsim.model import Person

_IDS = ("person", "post", "unit", "organization", "to", "reports_to", "parent", "into", "heads")
_COLUMN = {"unit": t.PLACE, "organization": t.PLACE, "to": t.TO, "reports_to": t.TO, "parent": t.TO, "into": t.TO}


def columns_to_table(columns: Columns, known: Iterable[Person] = (), file: str | None = None) -> Table:
    """The table of events of columns whose rows have the shape of events."""
    ids, (texts, others, sparse, rest) = side_by_side(
        columns.count, lambda: _ids(columns, known), lambda: _besides(columns)
    )
    origin = np.arange(columns.first_line, columns.first_line + columns.count, dtype=np.int32)
    return arranged(others, sparse, rest, ids, texts=texts.pool(columns.pa), file=file, origin=origin)


def _besides(columns: Columns) -> tuple["_Texts", dict[str, Ints], dict[str, tuple[Ints, Ints]], Rest]:
    """All that is no id: texts, columns of all rows, columns of few rows, and what has none."""
    texts, dense = _Texts(), {"kind": columns.kinds}
    dense["text"] = np.full(columns.count, ABSENT, np.int32)
    for key in ("name", "title"):
        words = columns.words(key)
        if words is not None:
            low = texts.add(words)
            for part, codes in columns.blocks(key):
                np.add(codes, low, out=dense["text"][part], where=codes != ABSENT)
    dense["day"], dense["known"], dates = _days(columns)
    dense["flags"], dense["detail"] = _flags(columns)
    dense["flags"][[row for row, text in dates.items() if text.startswith("..")]] |= t.SINCE
    sparse = {name: _sparse(columns, name, texts) for name in SPARSE if name != "heads"}
    return texts, dense, sparse, _rest(columns, dates)


def _ids(columns: Columns, known: Iterable[Person]) -> Ids:
    """All ids in one pool, and the columns that are made of them."""
    pa = columns.pa
    found = {key: words for key in _IDS if (words := columns.words(key)) is not None}
    pieces = [words.cast(pa.string()) for words in found.values()]
    pieces.append(pa.array([person.id for person in known], pa.string()))
    together = pa.concat_arrays(pieces)
    pool = ArrowPool(together)
    numbers, ids = numbered(pa, together, pool)
    edges = np.cumsum([0, *map(len, pieces)])
    said = numbers.astype(np.int32)
    for word, number in (("none", NONE), ("unknown", UNKNOWN)):
        said[pool.places(word)] = number
    lookups = {key: np.append(said[edges[at] : edges[at + 1]], ABSENT).astype(np.int32) for at, key in enumerate(found)}
    introduced = {name: _introduced(columns, name, lookups) for name in INTRODUCES}
    return Ids(ArrowPool(ids), numbers[edges[-2] :], introduced, partial(_dense, columns, lookups))


def _introduced(columns: Columns, name: str, lookups: dict[str, Ints]) -> Ints:
    """The ids of the rows that introduce people, posts or units."""
    key, kind = "unit" if name == "place" else name, KIND[INTRODUCES[name]]
    if key not in lookups:
        return np.zeros(0, np.int32)
    blocks = columns.blocks(key)
    return np.concatenate([lookups[key][codes[where(columns.kinds[part] == kind)]] for part, codes in blocks])


def _dense(columns: Columns, lookups: dict[str, Ints], final: Ints) -> tuple[dict[str, Ints], tuple[Ints, Ints]]:
    """The columns of ids, by their final numbers, and the rows that say what a post heads with the units."""
    nobody = np.full(1, ABSENT, np.int32)
    whole = (columns.through(key, final[lookups.get(key, nobody)]) for key in ("person", "post"))
    dense = dict(zip(("person", "post"), whole, strict=True))
    dense |= {name: np.full(columns.count, ABSENT, np.int32) for name in ("place", "to")}
    for key, target in _COLUMN.items():
        if key not in lookups:
            continue
        column, numbers = dense["place" if target is t.PLACE else "to"], final[lookups[key]]
        fits = np.array([target.get(cls.kind) == key for cls in CLASSES])
        for part, codes in columns.blocks(key):
            rows = where(codes != ABSENT)
            rows = rows[where(fits[columns.kinds[part][rows]])]
            column[part][rows] = numbers[codes[rows]]
    rows, codes = columns.told("heads")
    heads = final[lookups.get("heads", nobody)][codes]
    columns.forget(*columns.names)  # whoever holds on to the columns need not hold on to what was made of them
    return dense, (rows.astype(np.int32), heads)


class _Texts:
    """Names, titles and levels of several columns as one pool."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []
        self.count = 0

    def add(self, words: Any) -> np.int32:
        """Take the words of one more column; the number of the first."""
        low = np.int32(self.count)
        self.pieces.append(words)
        self.count += len(words)
        return low

    def pool(self, pa: Any) -> Pool:
        if not self.pieces:
            return Pool.of(())
        return ArrowPool(pa.concat_arrays([piece.cast(pa.large_string()) for piece in self.pieces]))


def _days(columns: Columns) -> tuple[Ints, Ints, dict[int, str]]:
    """When events take effect and are known; and by row what is written for a date that is no plain day."""
    dates: dict[int, str] = {}
    known, _ = columns.days("known")
    day, odd = columns.days("date")
    for row in odd.tolist():
        dates[row] = text = columns.text("date", row) or ""
        day[row] = parse_when(text).day.toordinal()
    # Parquet keeps days as dates, and beside them what is no plain day.
    dates |= columns.texts("when")
    retracts = where((day == 0) & (columns.kinds == KIND["retract"]))
    day[retracts] = known[retracts]
    np.copyto(known, day, where=known == 0)
    return day, known, dates


def _flags(columns: Columns) -> tuple[Ints, Ints]:
    flags, detail = np.zeros(columns.count, np.int16), np.zeros(columns.count, np.int8)
    for key, options in groupby(t.told_in_bits(flags, detail), itemgetter(0)):
        rows, codes = columns.told(key)
        words = columns.words(key).to_pylist() if len(rows) else ()
        for _, word, bits, bit, kinds in options if words else ():
            says = np.array([said.lower() == word for said in words])
            bits[rows[where(says[codes] & t.of_kinds(*kinds)[columns.kinds[rows]])]] |= bit
    flags[columns.told("disputes")[0]] |= t.RIVAL
    reasons = columns.words("reason")
    said = [] if reasons is None else reasons.to_pylist()
    for kind, options_ in (("depart", REASONS), ("start-leave", LEAVES)):
        known = [options_.index(word) if word in options_ else 0 for word in said]
        lookup = np.array([*known, options_.index("unknown")], np.int8)
        for part, codes in columns.blocks("reason"):
            rows = where(columns.kinds[part] == KIND[kind])
            detail[part][rows] |= lookup[codes[rows]]
    return flags, detail


def _sparse(columns: Columns, name: str, texts: _Texts) -> tuple[Ints, Ints]:
    told = columns.words(name)
    if told is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float64 if name == "fte" else np.int32)
    rows, codes = columns.told(name)
    if name == "level":
        return rows.astype(np.int32), codes + texts.add(told)
    words = told.to_pylist()
    if name == "fte":
        values = np.array([float(word) for word in words])[codes]
    else:
        values = np.array([-1 if word == "any" else int(word) for word in words], np.int32)[codes]
    keep = where((values != 1) | t.of_kinds(*t.CHANGES)[columns.kinds[rows]])
    return rows[keep].astype(np.int32), values[keep]


_DONE = {"event", "date", "known", "person", "post", "reason", "regretted", *_COLUMN, *t.TEXT.values(), *SPARSE} | {
    key for key, *_ in t.FLAGS if key != "holder"
}
"""The keys with a column of their own in the table."""
_EXPECTED = {"acting", "reports_to"}
"""Keys that mean something else in `expect`, and have no column there."""


def _rest(columns: Columns, dates: dict[int, str]) -> Rest:
    """What few rows have, as texts; sources as JSON."""
    parts = {row: f'"date": {quoted(text)}' for row, text in dates.items()}
    told: dict[str, list[tuple[int, str]]] = {"id": [], "of": []}
    for key in (*KEYS, "where"):
        if key in _DONE - _EXPECTED or key not in columns.names:
            continue
        said = columns.texts(key, KIND["expect"] if key in _EXPECTED else None)
        if key == "certainty":
            said = {row: word for row, word in said.items() if word != "stated"}
        write = (lambda word, key=key: ENCODE(_parsed(key, word))) if key in _STRUCTURED else quoted
        new = {row: f'"{key}": {text}' for row, text in zip(said, map(write, said.values()), strict=True)}
        for row in parts.keys() & new.keys():
            new[row] = f"{parts[row]}, {new[row]}"
        parts |= new
        if key in told:
            told[key] = list(said.items())
    some = sorted(parts)
    return Rest(some, [f"{{{parts[row]}}}" for row in some], told["id"], told["of"])


_STRUCTURED = {"where", "source"}


def _parsed(key: str, word: str) -> Any:
    if key == "where":
        return json.loads(word)
    return json.loads(word) if word.startswith("[") else [{"id": word}]
