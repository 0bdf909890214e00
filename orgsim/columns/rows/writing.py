"""Making the table of events: from events one by one, numbering ids as they come.

Columns that were filled elsewhere (by Parquet or CSV) are put in order by the same `arranged`.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

import attrs
import numpy as np

from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Ints, order_by, side_by_side, where
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.events import LEAVES, REASONS, Event
from orgsim.model import Person

_DENSE = ("kind", "day", "known", "person", "post", "place", "to", "text", "flags", "detail")
_OF_IDS = ("person", "post", "place", "to")
INTRODUCES = {"person": "hire", "post": "create-post", "place": "open-unit"}
_CODES = {"kind": "b", "flags": "h", "detail": "b"}


class Writer:
    """Takes events in any order, keeps numbers."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self.ids: dict[str, int] = {}
        self.texts: dict[str, int] = {}
        # Numbers side by side: as Python's own they would take ten times the room.
        self.columns: dict[str, array[int]] = {name: array(_CODES.get(name, "i")) for name in _DENSE}
        self.sparse: dict[str, list[tuple[int, float]]] = {name: [] for name in SPARSE}
        self.rest: list[tuple[int, dict[str, Any]]] = []

    def _number(self, id_: str | None) -> int:
        if id_ is None:
            return ABSENT
        if id_ in ("none", "unknown"):
            return NONE if id_ == "none" else UNKNOWN
        return self.ids.setdefault(id_, len(self.ids))

    def _text(self, text: str | None) -> int:
        return ABSENT if text is None else self.texts.setdefault(text, len(self.texts))

    def add(self, event: Event) -> None:
        """Take one event."""
        kind, get = event.kind, partial(_get, event)
        row = len(self.columns["kind"])
        flags = sum(bit for name, value, bit in t.FLAGS_OF[kind] if get(name) == value)
        if event.date.is_open:
            flags |= t.SINCE
        if event.disputes is not None:
            flags |= t.RIVAL
        values = (
            KIND[kind],
            event.date.day.toordinal(),
            event.known.toordinal(),
            self._number(get("person")),
            self._number(get("post")),
            self._number(get(t.PLACE.get(kind, ""))),
            self._number(get(t.TO.get(kind, ""))),
            self._text(get(t.TEXT.get(kind, ""))),
            flags,
            _detail(event),
        )
        for column, value in zip(self.columns.values(), values, strict=True):
            column.append(value)
        self._add_sparse(event, row)
        rest = t.rest_text(event)
        if rest:
            self.rest.append((row, rest))

    def _add_sparse(self, event: Event, row: int) -> None:
        seats, fte, heads, level = (_get(event, name) for name in SPARSE)
        if seats is not None and (seats != 1 or event.kind in t.CHANGES):
            self.sparse["seats"].append((row, -1 if seats == "any" else seats))
        if fte is not None and (fte != 1.0 or event.kind in t.CHANGES):
            self.sparse["fte"].append((row, fte))
        if heads is not None:
            self.sparse["heads"].append((row, self._number(heads)))
        if level is not None:
            self.sparse["level"].append((row, self._text(level)))

    def table(self, people: Iterable[Person] = ()) -> Table:
        """The table of all events taken, with the people declared."""
        declared = [self._number(person.id) for person in people]
        columns: dict[str, Ints] = {name: np.array(values) for name, values in self.columns.items()}
        sparse = {
            name: (
                np.array([row for row, _ in pairs], np.int32),
                np.array([value for _, value in pairs], np.float64 if name == "fte" else np.int32),
            )
            for name, pairs in self.sparse.items()
        }
        rest = Rest(
            [row for row, _ in self.rest],
            [ENCODE(said) for _, said in self.rest],
            [(row, said["id"]) for row, said in self.rest if "id" in said],
            [(row, said["of"]) for row, said in self.rest if "of" in said],
        )
        numbers, texts = np.array(declared, np.int32), Pool.of(self.texts)
        told = {name: columns.pop(name) for name in _OF_IDS}
        introduced = {name: told[name][rows] for name, rows in introductions(columns["kind"]).items()}
        rows, heads = sparse.pop("heads")

        def columns_of(final: Ints) -> tuple[dict[str, Ints], tuple[Ints, Ints]]:
            return {name: final[column] for name, column in told.items()}, (rows, final[heads])

        return arranged(columns, sparse, rest, Ids(Pool.of(self.ids), numbers, introduced, columns_of), texts=texts)


def _get(event: Event, name: str) -> Any:
    return getattr(event, name, None)


def _detail(event: Event) -> int:
    if event.kind == "depart":
        return REASONS.index(_get(event, "reason")) | t.REGRETTED.get(_get(event, "regretted"), 0)
    return LEAVES.index(_get(event, "reason")) if event.kind == "start-leave" else 0


def table_of(events: Iterable[Event], people: Iterable[Person] = ()) -> Table:
    """The table of a stream of events, each of which is forgotten when taken."""
    writer = Writer()
    for event in events:
        writer.add(event)
    return writer.table(people)


Sparse = Mapping[str, tuple[Ints, Ints]]
ENCODE = json.JSONEncoder(ensure_ascii=False).encode


@attrs.frozen
class Rest:
    """What few rows say beyond their columns: rows with a text each; the ids some have, and those some take back."""

    rows: list[int]
    texts: list[str]
    named: list[tuple[int, str]]
    of: list[tuple[int, str]]


@attrs.frozen(eq=False)
class Ids:
    """Ids in one pool, by numbers that do not yet say what they are.

    `introduced` are those of the rows of `introductions`.  `columns` makes the columns of ids, and those that posts
    head, of the final numbers; the last three of these are what stands for unknown, for none and for nothing.
    """

    pool: Pool
    declared: Ints
    introduced: dict[str, Ints]
    columns: Callable[[Ints], tuple[dict[str, Ints], tuple[Ints, Ints]]]


def introductions(kind: Ints) -> dict[str, Ints]:
    """The rows that introduce people, posts and units, by the column that says whom."""
    return {name: where(kind == KIND[of_kind]) for name, of_kind in INTRODUCES.items()}


def arranged(
    columns: dict[str, Ints],
    sparse: Sparse,
    rest: Rest,
    ids: Ids,
    *,
    texts: Pool,
    file: str | None = None,
    origin: Ints | None = None,
) -> Table:
    """The table of columns in any order: rows sorted by day, ids numbered by what they are."""
    count = len(columns["kind"])
    order = place = None  # in order already
    if not (columns["day"][1:] >= columns["day"][:-1]).all():
        order, place = order_by(columns["day"]), np.empty(count, np.int64)
        place[order] = np.arange(count)
    rows_of = introductions(columns["kind"])
    introduced = [(_moved(rows_of.pop(name), place), ids.introduced[name]) for name in INTRODUCES]
    back, sizes = _classes(introduced, ids.declared, len(ids.pool), count)
    del introduced
    final = np.empty(len(back) + 3, np.int32)
    final[back] = np.arange(len(back), dtype=np.int32)
    final[-3:] = UNKNOWN, NONE, ABSENT  # small negative numbers, and so they count from the end
    pool, (made, heads) = side_by_side(count, lambda: ids.pool.take(back), lambda: ids.columns(final))
    columns = columns | made
    origin = np.arange(count, dtype=np.int32) if origin is None else origin
    if order is not None:
        columns = {name: column[order] for name, column in columns.items()}
        origin = origin[order].astype(np.int32)
    few = {name: _in_order(rows, values, place) for name, (rows, values) in (*sparse.items(), ("heads", heads))}
    said, texts_at = _in_order(np.array(rest.rows, np.int64), np.arange(len(rest.rows)), place)
    return Table(
        pool,
        sizes,
        texts,
        **columns,
        sparse={name: few[name] for name in SPARSE},
        rest=(said, Pool.of([rest.texts[one] for one in texts_at.tolist()])),
        gone=_retracted(columns, rest, place),
        origin=origin,
        declared=len(ids.declared),
        file=file,
    )


def _moved(rows: Ints, place: Ints | None) -> Ints:
    """Where rows have come to; `place` is that of each, None if all are where they were."""
    return rows if place is None else place[rows]


def _in_order(rows: Ints, values: Ints, place: Ints | None) -> tuple[Ints, Ints]:
    """What few rows have, in the order of where these have come to."""
    at = _moved(rows, place)
    by_row = np.argsort(at)
    return at[by_row].astype(np.int32), values[by_row]


def _classes(
    introduced: list[tuple[Ints, Ints]], declared: Ints, count: int, never: int
) -> tuple[Ints, tuple[int, int, int]]:
    """The ids in the order of what they are: people as declared, then in the order first hired; posts; units; others.

    What an id is says the row that introduces it first.
    """
    first = np.full((3, count), never, np.int32)
    for number, (rows, ids) in enumerate(introduced):
        if not (rows[1:] >= rows[:-1]).all():
            by_row = np.argsort(rows)
            rows, ids = rows[by_row], ids[by_row]  # noqa: PLW2901
            introduced[number] = rows, ids
        first[number, ids[::-1]] = rows[::-1]  # the first of several is written last
    first[0, declared] = -1
    earliest, found = first.min(axis=0), [declared]
    for number, (rows, ids) in enumerate(introduced):
        mine = first[number, ids]
        found.append(ids[where((mine == rows) & (mine == earliest[ids]))])
    others = np.ones(count, np.bool_)
    for ids in found:
        others[ids] = False
    people, posts, units = len(found[0]) + len(found[1]), len(found[2]), len(found[3])
    return np.concatenate([*found, where(others)]).astype(np.int64), (people, posts, units)


def _retracted(columns: dict[str, Ints], rest: Rest, place: Ints | None) -> tuple[Ints, Ints]:
    """The rows that are retracted, and since when that is known; `place` is where each row has come to."""
    named, until = (_first_rows(pairs, place) for pairs in (rest.named, rest.of))
    back = [(named[id_], row) for id_, row in until.items() if id_ in named]
    pairs = np.array(back, np.int64).reshape(-1, 2)
    pairs = pairs[np.argsort(pairs[:, 0])]
    return pairs[:, 0].astype(np.int32), columns["known"][pairs[:, 1]].astype(np.int32)


def _first_rows(pairs: list[tuple[int, str]], place: Ints | None) -> dict[str, int]:
    """The first row of those that say the same, in the order in which events apply."""
    rows = _moved(np.array([row for row, _ in pairs], np.int64), place).tolist()
    moved = sorted(zip(rows, (said for _, said in pairs), strict=True), reverse=True)
    return {said: row for row, said in moved}  # the first is put down last
