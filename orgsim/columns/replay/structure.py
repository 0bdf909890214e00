"""The tree of units over time, event by event: units are few, even where people are many.

For each unit, its versions by row: parent, whether it is open, whether it is a body, and the organization that must
employ whoever holds a post in it.  Mergers are told here as they concern units.
"""

from collections.abc import Iterable

import attrs
import numpy as np

from orgsim.columns.replay.spells import value_before
from orgsim.columns.rows.arrays import Ints, among, where
from orgsim.columns.rows.table import ABSENT, KIND, Table
from orgsim.model import BODIES

OPEN, CHANGE = KIND["open-unit"], KIND["change-unit"]


@attrs.frozen(eq=False)
class Structure:
    """Versions of units, sorted by unit and row; `employer` is ABSENT for bodies."""

    unit: Ints
    row: Ints
    parent: Ints
    open: Ints
    kind: Ints
    name: Ints
    body: Ints
    employer: Ints
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    constant: Ints
    """By unit, from the first one on: the employer if there is only ever one, else MIXED."""

    def employer_at(self, units: Ints, rows: Ints, never: int) -> Ints:
        """The organization that must employ the holders of posts in units at rows."""
        return value_before((self.unit, self.row, self.employer), units, rows, never)


MIXED = -9


class _Units:
    """Units while their events are walked."""

    def __init__(self, table: Table, rows: Ints) -> None:
        self.table, self.saying = table, set(rows[where(among(rows, table.rest[0]))].tolist())
        self.now: dict[int, tuple[int, bool, str, str]] = {}  # parent, open, kind, name
        self.below: dict[int, set[int]] = {}
        self.versions: list[tuple[int, int, int, bool, str, str, int]] = []

    def root(self, unit: int) -> int:
        seen = set()
        while unit in self.now and unit not in seen and self.now[unit][0] != ABSENT:
            seen.add(unit)
            unit = self.now[unit][0]
        return unit

    def put(self, row: int, unit: int, state: tuple[int, bool, str, str]) -> None:
        before = self.now.get(unit)
        if before is not None and before[0] != state[0]:
            self.below.get(before[0], set()).discard(unit)
        if state[0] != ABSENT:
            self.below.setdefault(state[0], set()).add(unit)
        self.now[unit] = state
        self.note(row, unit)

    def note(self, row: int, unit: int) -> None:
        parent, is_open, kind, name = self.now[unit]
        employer = ABSENT if kind in BODIES else self.root(unit)
        self.versions.append((unit, row, parent, is_open, kind, name, employer))

    def all_below(self, unit: int) -> Iterable[int]:
        waiting = list(self.below.get(unit, ()))
        while waiting:
            at = waiting.pop()
            yield at
            waiting += self.below.get(at, ())

    def step(self, row: int) -> None:
        table, kind = self.table, self.table.kind[row]
        unit, to = int(table.place[row]), int(table.to[row])
        text, rest = int(table.text[row]), table.rest_of(row) if row in self.saying else {}
        name = table.texts[text] if text >= 0 else None
        if kind == OPEN:
            what = rest.get("kind") or ("team" if to != ABSENT else "organization")
            self.put(row, unit, (to, True, what, name or table.ids[unit]))
            return
        parent, is_open, what, called = self.now.get(unit, (ABSENT, True, "organization", table.ids[unit]))
        if kind == CHANGE:
            self.put(row, unit, (to if to != ABSENT else parent, is_open, rest.get("kind") or what, name or called))
            return
        if to != ABSENT:
            moved = [below for below in self.below.get(unit, ()) if self.now[below][1]]
            for below in moved:
                self.put(row, below, (to, *self.now[below][1:]))
            for below in moved:
                for deeper in self.all_below(below):
                    self.note(row, deeper)
        self.put(row, unit, (parent, False, what, called))


def structure(table: Table, rows: Ints) -> Structure:
    """The tree of units as the events of some rows, which are all of units, make it."""
    units = _Units(table, rows)
    for row in rows.tolist():
        units.step(row)
    last: dict[tuple[int, int], tuple[int, int, int, bool, str, str, int]] = {}
    for version in units.versions:
        last[version[:2]] = version  # of one row, the last counts
    found = sorted(last.values(), key=lambda v: v[:2])
    kinds = tuple(dict.fromkeys(v[4] for v in found))
    names = tuple(dict.fromkeys(v[5] for v in found))
    number, called = {word: i for i, word in enumerate(kinds)}, {word: i for i, word in enumerate(names)}
    columns = (
        np.array([(*v[:4], number[v[4]], called[v[5]], v[4] in BODIES, v[6]) for v in found], np.int32).reshape(-1, 8).T
    )
    constant = np.full(len(table.ids) - table.first_unit, ABSENT, np.int32)
    seen: dict[int, int] = {}
    for version in found:
        unit, employer = version[0], version[6]
        seen[unit] = employer if seen.get(unit, employer) == employer else MIXED
    for unit, employer in seen.items():
        constant[unit - table.first_unit] = employer
    named = {field: columns[at] for at, field in enumerate(_COLUMNS)}
    return Structure(**named, kinds=kinds, names=names, constant=constant)


_COLUMNS = ("unit", "row", "parent", "open", "kind", "name", "body", "employer")
