"""The table of events: one row for each, in the order in which they apply, in columns of numbers.

What many events have stands in columns, ids as numbers in one pool; what few have stands as text in `rest`, by row.
A row can be made into the very event it came from.  Nothing here knows what events do.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np

from orgsim.columns.rows.arrays import Bools, Ints
from orgsim.columns.rows.pool import Pool
from orgsim.dates import When, parse_when
from orgsim.errors import Location
from orgsim.events import CLASSES, LEAVES, REASONS, Event, SourceRef
from orgsim.values import typed_fields

KIND = {cls.kind: number for number, cls in enumerate(CLASSES)}


def of_kinds(*names: str) -> Bools:
    """Of each number of a kind of event, whether it is one of these kinds."""
    return np.isin(np.arange(len(KIND)), [KIND[name] for name in names])


def among_kinds(kind: Ints, *names: str) -> Bools:
    """Which of many numbers are of some kinds: a few comparisons are quicker than a look-up."""
    wanted: Bools = kind == KIND[names[0]]
    for other in names[1:]:
        wanted |= kind == KIND[other]
    return wanted


OF_UNITS = of_kinds("open-unit", "change-unit", "close-unit")
OF_POSTS = of_kinds("create-post", "change-post", "abolish-post")
"""Masks to look kinds up in: which events tell what units are like, and which what posts are."""
ABSENT, NONE, UNKNOWN = -1, -2, -3
"""Where a column of ids names nothing, a stated nothing, or a stated unknown."""

PLACE = {
    **dict.fromkeys(("open-unit", "change-unit", "close-unit", "create-post", "change-post", "expect"), "unit"),
    **dict.fromkeys(("hire", "depart", "change-employment", "report"), "organization"),
}
TO = {
    **dict.fromkeys(("open-unit", "change-unit"), "parent"),
    "close-unit": "into",
    **dict.fromkeys(("create-post", "change-post"), "reports_to"),
    "report": "to",
}
TEXT = {
    **dict.fromkeys(("open-unit", "change-unit", "hire", "change-person"), "name"),
    **dict.fromkeys(("create-post", "change-post"), "title"),
}
ACTING, PRIMARY, DOTTED, END, CRITICAL, UNCRITICAL, CONTRACTOR, SINCE, RIVAL, UNNAMED, VAGUE = (
    1 << bit for bit in range(11)
)
FLAGS: tuple[tuple[str, bool | str, int, tuple[str, ...]], ...] = (
    ("acting", True, ACTING, ("appoint",)),
    ("primary", True, PRIMARY, ("appoint",)),
    ("line", "dotted", DOTTED, ("report",)),
    ("end", True, END, ("report",)),
    ("critical", True, CRITICAL, ("create-post", "change-post")),
    ("critical", False, UNCRITICAL, ("change-post",)),
    ("contract", "contractor", CONTRACTOR, ("hire",)),
    ("holder", "unnamed", UNNAMED, ("appoint", "vacate")),
    ("holder", "unknown", UNNAMED | VAGUE, ("appoint", "vacate")),
)
"""What the bits of `flags` say: a key and its value, in events of some kinds."""
FLAGS_OF = {name: [flag[:3] for flag in FLAGS if name in flag[3]] for name in KIND}
REGRETTED = {True: 16, False: 32}
"""The bits of `detail` beside the reason of a departure."""


def told_in_bits(flags: Ints, detail: Ints) -> Iterator[tuple[str, str, Ints, int, tuple[str, ...]]]:
    """What bits of two columns say, as files write it: a key and its word, the column, the bit, the kinds of events."""
    yield from ((key, str(value).lower(), flags, bit, kinds) for key, value, bit, kinds in FLAGS)
    yield from (("regretted", str(value).lower(), detail, bit, ("depart",)) for value, bit in REGRETTED.items())


KEPT = 100_000
"""How many ids that were told are remembered as texts."""
SPARSE = ("seats", "fte", "heads", "level")
"""Columns of which few rows have a value that is not the usual one; `seats` of any number is -1."""
CHANGES = ("change-post", "change-employment")
"""The kinds in which the usual value of such a column, one seat and a full-time job, is told as well."""
_DENSE = {"date", "known", "person", "post", "line", "end", "acting", "primary", "critical", "contract", "regretted"}


@attrs.frozen(eq=False, slots=False)
class Table:
    """Events as columns.  Ids are numbers of `ids`: first people, then posts, then units, then all others.

    `sizes` are how many of each there are; `origin` is the place of a row before sorting, for telling its line.
    """

    ids: Pool
    sizes: tuple[int, int, int]
    texts: Pool
    kind: Ints
    day: Ints
    known: Ints
    person: Ints
    post: Ints
    place: Ints
    to: Ints
    text: Ints
    flags: Ints
    detail: Ints
    sparse: Mapping[str, tuple[Ints, Ints]]
    rest: tuple[Ints, Pool]
    gone: tuple[Ints, Ints]
    """Rows that are retracted, in order, and the day on which that is known."""
    origin: Ints
    declared: int = 0
    """How many people are declared; theirs are the first numbers."""
    file: str | None = None

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def people(self) -> int:
        """How many people there are: they have the numbers from 0 on, and the first post the one after them."""
        return self.sizes[0]

    @property
    def first_unit(self) -> int:
        """The number of the first unit, after people and posts."""
        return self.sizes[0] + self.sizes[1]

    @property
    def first_other(self) -> int:
        """The number of the first id that nobody introduces: that of a personal post, or a mistake."""
        return sum(self.sizes)

    def rest_of(self, row: int) -> dict[str, Any]:
        """What a row says beyond its columns: texts by key."""
        rows, texts = self.rest
        at = int(np.searchsorted(rows, np.int32(row)))
        if at == len(rows) or rows[at] != row:
            return {}
        found: dict[str, Any] = json.loads(texts[at])
        return found

    @cached_property
    def vague_rows(self) -> dict[int, When]:
        """The rows whose date is no plain day, with what is written."""
        found = {}
        for row, text in zip(self.rest[0].tolist(), self.rest[1], strict=True):
            if '"date"' in text and "date" in (rest := json.loads(text)):
                found[row] = parse_when(rest["date"])
        return found

    @cached_property
    def expected_rows(self) -> list[int]:
        """The rows of what is only expected."""
        texts = zip(self.rest[0].tolist(), self.rest[1], strict=True)
        return [row for row, text in texts if '"expected"' in text and json.loads(text).get("certainty") == "expected"]

    def sparse_of(self, name: str, row: int) -> Any:
        """The value of a row in a column of which few rows have one, or None."""
        rows, values = self.sparse[name]
        at = int(np.searchsorted(rows, np.int32(row)))
        return values[at] if at < len(rows) and rows[at] == row else None

    def event(self, row: int) -> Event:
        """The event of a row, equal to the one it was made from."""
        cls = CLASSES[self.kind[row]]
        rest = self.rest_of(row)
        fields: dict[str, Any] = _rest_fields(cls, rest)
        fields.update(self._ids_of(cls.kind, row))
        if self.text[row] >= 0:
            fields[TEXT[cls.kind]] = self.texts[int(self.text[row])]
        fields.update(_flagged(cls.kind, int(self.flags[row]), int(self.detail[row])))
        fields.setdefault("date", When.on(date.fromordinal(int(self.day[row]))))
        fields["known"] = date.fromordinal(int(self.known[row]))
        self._add_sparse(cls, row, fields)
        if "where" in rest:
            fields["where"] = Location(*rest["where"])
        elif self.file is not None:
            fields["where"] = Location(self.file, int(self.origin[row]), 1)
        event: Event = cls(**fields)
        return event

    def _ids_of(self, kind: str, row: int) -> Iterator[tuple[str, str]]:
        for name, column in (
            ("person", self.person),
            ("post", self.post),
            (PLACE.get(kind, ""), self.place),
            (TO.get(kind, ""), self.to),
        ):
            number = int(column[row])
            if number != ABSENT:
                yield name, self.name(number)

    def name(self, number: int) -> str:
        """The id of a number, or the word for none or unknown."""
        found = self._named.get(number)
        if found is None:
            found = self.ids[number] if number >= 0 else "none" if number == NONE else "unknown"
            if len(self._named) < KEPT:
                self._named[number] = found
        return found

    @cached_property
    def _named(self) -> dict[int, str]:
        """Ids that were told before."""
        return {}

    def _add_sparse(self, cls: type[Event], row: int, fields: dict[str, Any]) -> None:
        for name in SPARSE:
            if name not in attrs.fields_dict(cls):
                continue
            value = self.sparse_of(name, row)
            if value is None:
                continue
            if name == "heads":
                fields[name] = self.name(int(value))
            elif name == "level":
                fields[name] = self.texts[int(value)]
            else:
                fields[name] = float(value) if name == "fte" else "any" if value < 0 else int(value)

    def events(self, rows: Iterable[int]) -> list[Event]:
        """The events of several rows."""
        return [self.event(row) for row in rows]


def _rest_fields(cls: type[Event], rest: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for field in typed_fields(cls) if rest else ():
        if field.key not in rest:
            continue
        given = rest[field.key]
        if field.kind is None:
            fields[field.name] = tuple(
                SourceRef(one["id"], int(one["line"]) if "line" in one else None, one.get("page"), one.get("quote"))
                for one in given
            )
        else:
            fields[field.name] = field.kind.parse(given)
    return fields


def _flagged(kind: str, flags: int, detail: int) -> Iterator[tuple[str, Any]]:
    for name, value, bit in FLAGS_OF[kind]:
        if flags & bit and name != "holder":  # which stands in `rest` as well, as it is written
            yield name, value
    if kind == "depart":
        yield "reason", REASONS[detail & 15]
        yield from (("regretted", value) for value, bit in REGRETTED.items() if detail & bit)
    elif kind == "start-leave":
        yield "reason", LEAVES[detail]


def rest_text(event: Event) -> dict[str, Any]:
    """What an event says that has no column, as texts by key."""
    kind = event.kind
    skip = _DENSE | {PLACE.get(kind), TO.get(kind), TEXT.get(kind), *SPARSE}
    if kind in ("depart", "start-leave"):
        skip |= {"reason"}
    found: dict[str, Any] = {}
    for field in typed_fields(type(event)):
        value = getattr(event, field.name)
        if field.name == "date":
            if not value.is_exact or value.text != value.day.isoformat():
                found["date"] = value.text
        elif field.name == "acting" and kind == "expect":
            if value is not None:
                found["acting"] = "true" if value else "false"
        elif field.name in skip or value is None or value == field.default:
            continue
        elif field.kind is None:
            found[field.key] = [_reference(one) for one in value]
        else:
            found[field.key] = field.kind.write(value)
    if event.where is not None:
        found["where"] = [event.where.file, event.where.line, event.where.column]
    return found


def _reference(ref: SourceRef) -> dict[str, str]:
    given = {"id": ref.id, "line": ref.line, "page": ref.page, "quote": ref.quote}
    return {name: str(value) for name, value in given.items() if value is not None}
