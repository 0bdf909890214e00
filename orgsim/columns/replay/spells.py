"""Stretches of days for many subjects at once: what had which value from which day to which.

Rows are steps: the number of an event in its table, so that what happened first on a day is known while a history is
worked out; what leaves this module is in days, and stretches that begin and end on one day are gone.
"""

from collections.abc import Callable

import attrs
import numpy as np

from orgsim.columns.rows.arrays import (
    Bools,
    Ints,
    first_of,
    in_blocks,
    is_sorted,
    order_by,
    picked,
    running_max,
    spread,
    where,
)
from orgsim.columns.rows.table import ABSENT
from orgsim.metrics.spells import FOREVER


@attrs.frozen(eq=False)
class Spells:
    """For each stretch [start, end) a subject, a value, and the row of the event that made it; sorted by subject."""

    subject: Ints
    start: Ints
    end: Ints
    value: Ints
    row: Ints

    def __len__(self) -> int:
        return len(self.subject)

    def at(self, day: int) -> Ints:
        """The places of the stretches that cover a day."""
        return where((self.start <= day) & (self.end > day))

    def dense(self, day: int, size: int, base: int = 0) -> Ints:
        """The value of each subject from `base` on, on a day; ABSENT where it has none."""
        values = np.full(size, ABSENT, np.int32)
        here = self.at(day)
        values[self.subject[here] - base] = self.value[here]
        return values

    def take(self, places: Ints) -> "Spells":
        """Some of the stretches."""
        return Spells(*(getattr(self, name)[places] for name in NAMES))


class OneByOne:
    """Stretches asked subject by subject: Python reads single numbers from a memory view quicker than from an array."""

    __slots__ = ("edges", "end", "start", "value")

    def __init__(self, spells: Spells, edges: Ints) -> None:
        """`edges` are where the stretches of each subject begin, and where the last end."""
        self.edges, self.start, self.end, self.value = edges.data, spells.start.data, spells.end.data, spells.value.data

    def at(self, subject: int, day: int) -> int:
        """The value of a subject on a day; ABSENT where it has none."""
        start, first = self.start, self.edges[subject]
        at: int = self.edges[subject + 1]
        while at > first:
            at -= 1
            if start[at] <= day:
                return int(self.value[at]) if self.end[at] > day else ABSENT
        return ABSENT

    def follow(self, subject: int, day: int, last: int) -> tuple[list[int], int]:
        """The values of a subject, of that value, and so on, as long as they are subjects up to a last one.

        Beside them is the value that is not.
        """
        edges, starts, ends, values = self.edges, self.start, self.end, self.value
        found: list[int] = []
        while True:
            first, at = edges[subject], edges[subject + 1] - 1
            while at >= first and starts[at] > day:
                at -= 1
            subject = values[at] if at >= first and ends[at] > day else ABSENT
            if not 0 <= subject < last:
                return found, subject
            found.append(subject)


NAMES = ("subject", "start", "end", "value", "row")


def sorted_spells(subject: Ints, start: Ints, end: Ints, value: Ints, row: Ints) -> Spells:
    """Stretches in any order, those without a day left out."""
    columns: tuple[Ints, ...] = (subject, start, end, value, row)
    lasts, keep = start < end, None
    if not lasts.all():
        keep = where(lasts)
        subject, start = subject[keep], start[keep]
    if not is_sorted(subject, start):
        order = order_by(subject, start)
        keep = order if keep is None else keep[order]
    if keep is not None:
        columns = tuple(picked(column, keep) for column in columns)
    return Spells(*(column.astype(np.int32, copy=False) for column in columns))


def joined(*several: Spells) -> Spells:
    """The stretches of several, as one."""
    several = tuple(one for one in several if len(one)) or several[:1]
    if len(several) == 1:
        return several[0]
    return sorted_spells(*(np.concatenate([getattr(one, name) for one in several]) for name in NAMES))


def without(spells: Spells, subjects: Bools, base: int = 0) -> Spells:
    """The stretches whose subject is none of some."""
    return spells.take(where(~subjects[spells.subject - base])) if len(spells) else spells


@attrs.frozen(eq=False)
class Steps:
    """The days of rows: the row after the last is never."""

    day: Ints
    never: int

    def days(self, rows: Ints) -> Ints:
        """The day of each row; FOREVER for never."""
        found = np.full(len(rows), FOREVER, np.int32)
        for part in in_blocks(len(rows)) if self.never else ():
            some = rows[part]
            np.copyto(found[part], self.day.take(some, mode="clip"), where=some < self.never)
        return found

    def spells(self, subject: Ints, start: Ints, end: Ints, value: Ints, row: Ints | None = None) -> Spells:
        """Stretches from row to row, as stretches of days."""
        return sorted_spells(subject, self.days(start), self.days(end), value, start if row is None else row)


def from_sets(steps: Steps, subject: Ints, row: Ints, value: Ints) -> Spells:
    """What holds since it was set, until it is set again; what is set to ABSENT holds nowhere.  Rows come in order."""
    if not (subject[1:] >= subject[:-1]).all():
        order = order_by(subject)
        subject, row, value = subject[order], row[order], value[order]
    start = steps.days(row)
    end = np.full(len(row), FOREVER, np.int32)
    np.copyto(end[:-1], start[1:], where=subject[1:] == subject[:-1])
    keep = where((value != ABSENT) & (start < end))
    columns = (subject, start, end, value, row)
    if len(keep) == len(row):
        return Spells(*(column.astype(np.int32, copy=False) for column in columns))
    return Spells(*(column[keep].astype(np.int32, copy=False) for column in columns))


def value_before(sets: tuple[Ints, Ints, Ints], wanted: Ints, at: Ints, never: int) -> Ints:
    """Of sets sorted by subject and row, the value each wanted subject has at a row; ABSENT before any."""
    subject, row, value = sets
    if not len(subject):
        return np.full(len(wanted), ABSENT, np.int32)
    keys = subject.astype(np.int64) * (never + 1) + row
    place = np.searchsorted(keys, wanted.astype(np.int64) * (never + 1) + at, side="right") - 1
    found = np.maximum(place, 0)
    return np.where((place >= 0) & (subject[found] == wanted), value[found], ABSENT)


def unions(subject: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """The stretches that cover what any of a subject's stretches cover; sorted."""
    if not len(subject):
        return subject, start, end
    if not is_sorted(subject, start):
        order = order_by(subject, start)
        subject, start, end = subject[order], start[order], end[order]
    first = first_of(subject)
    if (first[1:] | (start[1:] > end[:-1])).all():  # none touches the next, and so any other
        return subject, start, end
    reach = running_max(first, end)
    begins = first.copy()
    begins[1:] |= start[1:] > reach[:-1]
    heads = where(begins)
    last = np.append(heads[1:], len(subject)) - 1
    return subject[heads], start[heads], reach[last]


def overlapping(subject: Ints, start: Ints, end: Ints) -> Bools:
    """Which stretches belong to a subject of which any two overlap."""
    if not len(subject):
        return np.zeros(0, np.bool_)
    if is_sorted(subject, start) and (first_of(subject)[1:] | (start[1:] >= end[:-1])).all():
        return np.zeros(len(subject), np.bool_)
    order = order_by(subject, start)
    sorted_subject, first = subject[order], first_of(subject[order])
    reach = running_max(first, end[order])
    crosses = np.zeros(len(subject), np.bool_)
    crosses[1:] = ~first[1:] & (start[order][1:] < reach[:-1])
    tangled = np.zeros(int(subject.max()) + 1, np.bool_)
    tangled[sorted_subject[crosses]] = True
    return tangled[subject]


def best_over_time(spells: Spells, rank: Callable[[Ints], Ints]) -> Spells:
    """Of stretches that may overlap, at every time the one of the lowest rank; `rank` tells it of some places.

    Those of a subject that never overlap are themselves; the others are cut at every day on which one begins or ends.
    """
    places = None
    if not is_sorted(spells.subject, spells.start):
        places = order_by(spells.subject, spells.start)
        spells = spells.take(places)
    tangled = overlapping(spells.subject, spells.start, spells.end)
    rest = where(tangled)
    plain = spells.take(where(~tangled)) if len(rest) else spells
    simple = sorted_spells(plain.subject, plain.start, plain.end, plain.value, plain.row)
    if not len(rest):
        return simple
    return joined(simple, _cut(spells.take(rest), rank(rest if places is None else places[rest])))


def _cut(spells: Spells, rank: Ints) -> Spells:
    subject = spells.subject.astype(np.int64) << 32
    starts, ends = subject | spells.start, subject | spells.end
    edges = np.unique(np.concatenate([starts, ends]))
    low, high = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
    owner, offset = spread(high - low)
    piece = low[owner] + offset
    order = np.lexsort((rank[owner], piece))
    chosen = order[first_of(piece[order])]
    piece, best = piece[chosen], spells.take(owner[chosen])
    return sorted_spells(best.subject, edges[piece] & _DAY, edges[piece + 1] & _DAY, best.value, best.row)


_DAY = 0xFFFFFFFF
"""The part of a key that is a day; the part above is a subject."""
