"""Counts of many units on many days: who came and who went in the order of days, added up, and up the tree of units."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import attrs
import numpy as np

from orgsim.columns.rows.arrays import FOREVER, Ints, first_of, where
from orgsim.columns.rows.table import ABSENT


@attrs.frozen(eq=False)
class Changes:
    """Everyone who came to one of `units` places or went, by day: `code` is the place, `units` more for who went."""

    units: int
    day: Ints
    code: Ints

    def counts(self, days: Ints) -> Ints:
        """How many are at each place on days, which come in order: a row for each day."""
        found = np.empty((len(days), self.units), np.int64)
        now = np.zeros(self.units, np.int64)
        edges = np.searchsorted(self.day, days.astype(np.int32), side="right").tolist()
        for row, (begin, end) in enumerate(pairwise([0, *edges])):
            if begin < end:
                steps = np.bincount(self.code[begin:end], minlength=2 * self.units)
                now += steps[: self.units]
                now -= steps[self.units :]
            found[row] = now
        return found


def changes(pieces: Iterable[tuple[Ints, Ints, Ints]], units: int) -> Changes:
    """The changes of stretches [start, end) of days at places."""
    room = (2 * units).bit_length()
    found: list[Ints] = [np.zeros(0, np.int64)]
    for place, start, end in pieces:
        here = where(start < end)
        gone = here[where(end[here] < FOREVER)]
        for day, code in ((start[here], place[here]), (end[gone], place[gone] + units)):
            found.append(day.astype(np.int64) << room | code)
    both = np.concatenate(found)
    found.clear()
    both.sort()  # whole numbers are sorted much quicker than places by them; of one day, any order will do
    day, code = np.empty(len(both), np.int32), np.empty(len(both), np.int32)
    np.right_shift(both, room, out=day, casting="same_kind")
    np.bitwise_and(both, (1 << room) - 1, out=code, casting="same_kind")
    return Changes(units, day, code)


def rolled_up(counts: Ints, parent: Ints, first: int) -> Ints:
    """The counts of units, a row for each day, with those of all units below; units are numbered from `first` on."""
    found = counts.copy()
    for below in _levels(parent, first):
        above = parent[below] - first
        begins = first_of(above)
        found[:, above[begins]] += np.add.reduceat(found[:, below], where(begins), axis=1)
    return found


def _levels(parent: Ints, first: int) -> Iterator[Ints]:
    """Units by their depth, the deepest first, those at the top left out; each level in the order of their parents."""
    depth = np.zeros(len(parent), np.int64)
    at = parent.copy()
    for _ in range(len(parent)):
        below = where(at != ABSENT)
        if not len(below):
            break
        depth[below] += 1
        at[below] = parent[at[below] - first]
    order = np.lexsort((parent, -depth))
    order = order[where(depth[order] > 0)]
    yield from np.split(order, where(first_of(depth[order]))[1:]) if len(order) else ()
