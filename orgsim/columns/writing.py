"""Making the table of events: from events one by one, numbering ids as they come.

Columns that were filled elsewhere (by Parquet or CSV) are put in order by the same `arranged`.
"""

import json
from array import array
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import Ints, order_by
from orgsim.columns.pool import Pool
from orgsim.columns.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.events import CLASSES, LEAVES, REASONS, Event
from orgsim.model import Person

_DENSE = ("kind", "day", "known", "person", "post", "place", "to", "text", "flags", "detail")
_CODES = {"kind": "b", "flags": "h", "detail": "b"}
_BITS = (
    ("acting", True, t.ACTING),
    ("primary", True, t.PRIMARY),
    ("line", "dotted", t.DOTTED),
    ("end", True, t.END),
    ("critical", True, t.CRITICAL),
    ("contract", "contractor", t.CONTRACTOR),
)


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
        flags = sum(bit for name, value, bit in _BITS if get(name) == value and kind != "expect")
        if get("critical") is False and kind == "change-post":
            flags |= t.UNCRITICAL
        if event.date.is_open:
            flags |= t.SINCE
        if event.disputes is not None:
            flags |= t.RIVAL
        if get("holder") is not None and kind in ("appoint", "vacate"):
            flags |= t.UNNAMED | (t.VAGUE if get("holder") == "unknown" else 0)
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
        seats, fte = getattr(event, "seats", None), getattr(event, "fte", 1.0)
        heads, level = getattr(event, "heads", None), getattr(event, "level", None)
        if seats is not None and (seats != 1 or event.kind == "change-post"):
            self.sparse["seats"].append((row, -1 if seats == "any" else seats))
        if fte != 1.0:
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
        rest = (np.array([row for row, _ in self.rest], np.int32), [dict(r) for _, r in self.rest])
        numbers = np.array(declared, np.int32)
        ids, texts = Pool.of(self.ids), Pool.of(self.texts)
        return arranged(columns, sparse, rest, ids=ids, texts=texts, declared=numbers)


def _get(event: Event, name: str) -> Any:
    return getattr(event, name, None)


def _detail(event: Event) -> int:
    if event.kind == "depart":
        regretted = getattr(event, "regretted", None)
        extra = 0 if regretted is None else t.REGRETTED if regretted else t.UNREGRETTED
        return REASONS.index(getattr(event, "reason", "")) | extra
    return LEAVES.index(getattr(event, "reason", "")) if event.kind == "start-leave" else 0


def table_of(events: Iterable[Event], people: Iterable[Person] = ()) -> Table:
    """The table of a stream of events, each of which is forgotten when taken."""
    writer = Writer()
    for event in events:
        writer.add(event)
    return writer.table(people)


Sparse = Mapping[str, tuple[Ints, Ints]]


def arranged(
    columns: dict[str, Ints],
    sparse: Sparse,
    rest: tuple[Ints, list[dict[str, Any]]],
    *,
    ids: Pool,
    texts: Pool,
    declared: Ints,
    file: str | None = None,
    origin: Ints | None = None,
) -> Table:
    """The table of columns in any order: rows sorted by day, ids numbered by what they are."""
    count = len(columns["kind"])
    order = order_by(columns["day"]) if count else np.zeros(0, np.int64)
    in_order = bool(count == 0 or (columns["day"][1:] >= columns["day"][:-1]).all())
    place = np.empty(count, np.int64)
    place[order] = np.arange(count)
    if not in_order:
        columns = {name: column[order] for name, column in columns.items()}
    renumber, sizes = _classes(columns, declared, len(ids))
    for name in ("person", "post", "place", "to"):
        columns[name] = renumbered(columns[name], renumber)
    moved: dict[str, tuple[Ints, Ints]] = {}
    for name, (rows, values) in sparse.items():
        at = place[rows]
        by_row = np.argsort(at)
        if name == "heads":
            values = renumbered(values, renumber)  # noqa: PLW2901
        moved[name] = (at[by_row].astype(np.int32), values[by_row])
    at = place[rest[0]]
    by_row = np.argsort(at)
    back = np.argsort(renumber)
    said = [rest[1][i] for i in by_row.tolist()]
    rest_rows = at[by_row].astype(np.int32)
    return Table(
        ids.take(back),
        sizes,
        texts,
        **columns,
        sparse=moved,
        rest=(rest_rows, Pool.of(json.dumps(one, ensure_ascii=False) for one in said)),
        gone=_retracted(columns, rest_rows, said),
        origin=(order if origin is None else origin[order]).astype(np.int32),
        declared=len(declared),
        file=file,
    )


def renumbered(column: Ints, renumber: Ints) -> Ints:
    """A column of ids with other numbers; what is no id stays."""
    # What is no id is a small negative number, and so counts from the end.
    return np.append(renumber, [UNKNOWN, NONE, ABSENT]).astype(np.int32)[column]


def _classes(columns: dict[str, Ints], declared: Ints, count: int) -> tuple[Ints, tuple[int, int, int]]:
    """The number of each id by what it is: people as declared, then in the order first hired; posts; units; others."""
    kind = columns["kind"]
    never = len(kind)
    first = np.full((3, count), never, np.int64)
    for number, (name, of_kind) in enumerate((("person", "hire"), ("post", "create-post"), ("place", "open-unit"))):
        rows = np.flatnonzero(kind == KIND[of_kind])
        ids = columns[name][rows]
        first[number, ids[::-1]] = rows[::-1]  # the first of several is written last
    first[0, declared] = np.arange(len(declared)) - len(declared)
    earliest = first.min(axis=0) if count else np.zeros(0, np.int64)
    what = np.where(earliest == never, 3, first.argmin(axis=0)) if count else np.zeros(0, np.int64)
    order = order_by(what, earliest) if count else np.zeros(0, np.int64)
    renumber = np.empty(count, np.int64)
    renumber[order] = np.arange(count)
    people, posts, units = (int((what == number).sum()) for number in range(3))
    return renumber, (people, posts, units)


def _retracted(columns: dict[str, Ints], rows: Ints, said: list[dict[str, Any]]) -> tuple[Ints, Ints]:
    """The rows that are retracted, and since when that is known."""
    named: dict[str, int] = {}
    until: dict[str, int] = {}
    for row, rest in zip(rows.tolist(), said, strict=True):
        if "id" in rest:
            named.setdefault(rest["id"], row)
        if "of" in rest and CLASSES[columns["kind"][row]].kind == "retract":
            until.setdefault(rest["of"], int(columns["known"][row]))
    pairs = sorted((named[id_], day) for id_, day in until.items() if id_ in named)
    return np.array([row for row, _ in pairs], np.int32), np.array([day for _, day in pairs], np.int32)
