"""Events by what they name, put in order once: of each person, and of each post, the rows of some kinds.

Whoever asks what became of people and posts asks for the same rows, sorted the same way; only the kinds differ.
"""

from functools import cached_property

import attrs
import numpy as np

from orgsim.columns.rows.arrays import (
    Bools,
    Ints,
    first_of,
    in_blocks,
    next_of,
    order_by,
    order_within,
    picked,
    running_max,
    where,
)
from orgsim.columns.rows.table import ABSENT, KIND, Table, among_kinds


@attrs.frozen(eq=False)
class Hidden:
    """Rows that do not count: whether each row is seen, and of each kind whether any row of it is not.

    Rows of other kinds need not be looked at one by one.
    """

    seen: Bools
    kinds: Bools

    @classmethod
    def but(cls, table: Table, rows: Ints) -> "Hidden":
        """All rows of a table but some."""
        seen, kinds = np.zeros(len(table), np.bool_), np.zeros(len(KIND), np.bool_)
        seen[rows] = True
        kinds[table.kind[where(~seen)]] = True
        return cls(seen, kinds)

    def any_of(self, *kinds: str) -> bool:
        """Whether any row of some kinds is hidden."""
        return bool(self.kinds[[KIND[kind] for kind in kinds]].any())


class Facts:
    """The rows that name somebody in a column, sorted by whom they name and then as they apply."""

    def __init__(self, table: Table, column: Ints, rows: Ints) -> None:
        """`rows` come in that order."""
        self.table, self.column, self.rows = table, column, rows

    @classmethod
    def some(cls, table: Table, column: Ints, rows: Ints) -> "Facts":
        """Those of some rows, which come as they apply."""
        named = column[rows]
        here = where(named >= 0)
        return cls(table, column, rows[here[order_by(named[here])]] if len(here) else rows[here])

    @cached_property
    def kind(self) -> Ints:
        """The kind of each."""
        return picked(self.table.kind, self.rows)

    def of(self, kinds: tuple[str, ...], hidden: Hidden | None = None) -> tuple[Ints, Ints]:
        """The rows of some kinds, hidden ones aside, and whom they name."""
        rows = self.rows[where(among_kinds(self.kind, *kinds))].astype(np.intp)
        if hidden is not None and hidden.any_of(*kinds):
            rows = rows[where(hidden.seen[rows])]
        return rows, picked(self.column, rows)


class JobFacts:
    """Hires and departures, sorted by person, organization and row."""

    def __init__(self, people: Facts, hidden: Hidden | None) -> None:
        """Of all rows by person, some hidden."""
        self._facts, self._hidden, self.table = people, hidden, people.table
        rows, person = people.of(("hire", "depart"), hidden)
        place = self.table.place[rows]
        self._order = order = order_within(person, place)
        if order is not None:
            rows, person, place = rows[order], person[order], place[order]
        self.row, self.person, self.place = rows, person, place
        self.hires: Bools = self.table.kind[rows] == KIND["hire"]
        self.first = first_of(person, place)

    @cached_property
    def several(self) -> Bools:
        """Of each person, whether they are at several organizations; the last place is for whoever is nobody."""
        found = np.zeros(self.table.people + 1, np.bool_)
        other = where((self.place[1:] != self.place[:-1]) & (self.person[1:] == self.person[:-1]))
        found[np.minimum(self.person[other], self.table.people)] = True
        return found

    @cached_property
    def latest(self) -> Ints:
        """When each and all before it, of the same person and organization, were known."""
        return latest_in(self.first, self.table.known[self.row])

    def following(self, places: Ints) -> Ints:
        """The row of what follows each of some places, of the same person and organization; else one never reached."""
        never = len(self.table)
        return np.append(next_of(self.first, self.row, never), never)[places]  # the last is for ABSENT

    def last(self, person: Ints, place: Ints, rows: Ints) -> Ints:
        """The last of people, whom rows name, at an organization by then: its place, or ABSENT."""
        if not len(self.row):
            return np.full(len(person), ABSENT, np.int32)
        found = picked(self.last_anywhere, rows)
        found[where(picked(self.place, found) != place)] = ABSENT
        several = where(self.several[np.minimum(person, self.table.people)])
        if len(several):
            found[several] = self.among(person[several], place[several], rows[several])
        return found

    @cached_property
    def last_anywhere(self) -> Ints:
        """Of each row that names a person, the place of their last one so far anywhere, or ABSENT."""
        rows, kind = self._facts.rows, self._facts.kind
        counts = (kind == KIND["hire"]) | (kind == KIND["depart"])
        if self._hidden is not None and self._hidden.any_of("hire", "depart"):
            counts &= self._hidden.seen[rows]
        found, first = np.cumsum(counts, dtype=np.int32), first_of(picked(self._facts.column, rows))
        found -= np.int32(1)
        if not (counts | ~first).all():  # else what is last is of the same person
            begun = np.maximum.accumulate(np.where(first, found - counts, np.int32(-1)))
            found[where(found <= begun)] = ABSENT
        if self._order is not None:
            place = np.full(len(self._order) + 1, ABSENT, np.int32)  # the last is for ABSENT
            place[self._order] = np.arange(len(self._order))
            found = place[found]
        of_row = np.full(len(self.table), ABSENT, np.int32)
        for part in in_blocks(len(rows)):
            of_row[rows[part]] = found[part]
        return of_row

    def among(self, person: Ints, place: Ints, rows: Ints) -> Ints:
        """As `last`, for a few: found by a search."""
        if not len(self.row):
            return np.full(len(person), ABSENT, np.int32)
        keys = self._key(self.person, self.place) + self.row
        found = np.searchsorted(keys, self._key(person, place) + rows, side="right") - 1
        at = np.maximum(found, 0)
        good = (found >= 0) & (self.person[at] == person) & (self.place[at] == place)
        return np.where(good, found, ABSENT)

    def _key(self, person: Ints, place: Ints) -> Ints:
        units = len(self.table.ids) - self.table.first_unit + 1
        local = np.clip(place - self.table.first_unit, 0, units - 1)
        keys: Ints = (person.astype(np.int64) * units + local) * (len(self.table) + 1)
        return keys


def latest_in(first: Bools, known: Ints) -> Ints:
    """Of rows in groups, in order: when each and all before it were known; mostly just when it was."""
    in_order = (first[1:] | (known[1:] >= known[:-1])).all()
    return known if in_order else running_max(first, known)
