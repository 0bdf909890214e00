"""Who belonged to which unit from when to when: stretches of days of people, and how to count them.

The definitions are those of `orgsim.metrics`: an organization has the people it employs, another unit those of them
whose primary post lies in it or below.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise, product
from math import fsum

import attrs
import numpy as np

from orgsim.columns.days.moment import Moment
from orgsim.columns.replay.relations import Relations
from orgsim.columns.replay.spells import Spells, unions
from orgsim.columns.rows.arrays import Bools, Ints, first_of, in_blocks, picked, side_by_side, spread, where
from orgsim.columns.rows.table import ABSENT, Table
from orgsim.metrics.spells import FOREVER, Span

BLOCK = 1 << 16
"""How many stretches are crossed with others at a time."""


@attrs.frozen(eq=False, slots=False)
class Pieces:
    """Stretches of days of people, with a weight each: their share of a job, or a number of seats."""

    person: Ints
    start: Ints
    end: Ints
    weight: Ints

    def once(self) -> "Pieces":
        """Each person once, whatever the number of jobs."""
        person, start, end = unions(self.person, self.start, self.end)
        return Pieces(person, start, end, np.ones(len(person), np.int64))

    @cached_property
    def _edges(self) -> tuple[Ints, Ints]:
        """The days on which they begin, and on which they end, in order."""
        return np.sort(self.start), np.sort(self.end)

    def count(self, days: Ints) -> Ints:
        """How many there are on each day."""
        begun, over = (np.searchsorted(edges, days.astype(edges.dtype), "right") for edges in self._edges)
        return begun - over

    def total(self, days: Ints) -> list[float]:
        """The sum of the weights on each day: counted weight by weight, so that rounding does not add up."""
        if len(self.weight) and (self.weight == self.weight[0]).all():
            return [float(self.weight[0] * count) for count in self.count(days).tolist()]
        weights = np.unique(self.weight).tolist()
        counts = [self.take(where(self.weight == weight)).count(days).tolist() for weight in weights]
        return [
            fsum(weight * count for weight, count in zip(weights, row, strict=True))
            for row in zip(*counts, strict=True)
        ] or [0.0] * len(days)

    def days_within(self, window: Span) -> int:
        """How many days there are in a window, over all."""
        first, last = window
        return int(np.maximum(np.minimum(self.end, last) - np.maximum(self.start, first), 0).sum())

    def take(self, places: Ints) -> "Pieces":
        """Some of them."""
        return Pieces(self.person[places], self.start[places], self.end[places], self.weight[places])


def together(several: Iterable[Pieces]) -> Pieces:
    """All the stretches of several, those without a day left out."""
    every = list(several)
    names = ("person", "start", "end", "weight")
    if not every:
        return Pieces(*(np.zeros(0, np.int64) for _ in names))
    whole = Pieces(*(np.concatenate([getattr(one, name) for one in every]) for name in names))
    return whole.take(where(whole.start < whole.end))


def crossed(subject: Ints, start: Ints, end: Ints, spells: Spells, edges: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Where stretches meet those of the same subject among others: the places in both, and the days they share.

    `edges` are where the stretches of each subject begin among the others.
    """

    def meeting(part: slice) -> tuple[Ints, ...]:
        low = edges[subject[part]]
        owner, offset = spread(edges[subject[part] + 1] - low)
        other = low[owner] + offset
        begin = np.maximum(start[part][owner], spells.start[other])
        until = np.minimum(end[part][owner], spells.end[other])
        keep = where(begin < until)
        own = owner[keep] + part.start
        return own.astype(np.int32), other[keep].astype(np.int32), begin[keep], until[keep]

    parts = list(in_blocks(len(subject), BLOCK)) or [slice(0, 0)]  # what lies between stays small, and so at hand
    half = len(parts) // 2
    found = side_by_side(
        len(subject), lambda: [meeting(part) for part in parts[:half]], lambda: [meeting(part) for part in parts[half:]]
    )
    own, others, begins, ends = (np.concatenate(columns) for columns in zip(*found[0], *found[1], strict=True))
    return own, others, begins, ends


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


class Staff:
    """Who belonged to which unit from when to when, as relations tell it."""

    def __init__(self, table: Table, relations: Relations) -> None:
        """Nothing is worked out yet."""
        self.table, self.relations = table, relations

    @cached_property
    def places(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Person, unit of the primary post, first day, day after the last."""
        primary = self.relations.primary
        spells, edges = self.relations.unit, self.relations.all_edges("unit")
        own, other, start, end = crossed(primary.value, primary.start, primary.end, spells, edges)
        return picked(primary.subject, own), picked(spells.value, other), start, end

    @cached_property
    def work(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Person, unit of the primary post, place of a job, first day, day after the last."""
        person, unit, start, end = self.places
        jobs, edges = self.relations.jobs, self.relations.all_edges("jobs")
        own, job, start, end = crossed(person, start, end, jobs, edges)
        return picked(person, own), picked(unit, own), job, start, end

    @cached_property
    def changes(self) -> list[int]:
        """The days on which any unit came under another parent than before."""
        tree, days = self.relations.structure, set[int]()
        last: dict[int, int] = {}
        table = self.table
        for unit, row, parent in zip(tree.unit.tolist(), tree.row.tolist(), tree.parent.tolist(), strict=True):
            if last.get(unit, parent) != parent:
                days.add(int(table.day[row]))
            last[unit] = parent
        return sorted(days)

    @cached_property
    def employers(self) -> list[int]:
        """The organizations that ever employ anybody."""
        numbers: list[int] = where(np.bincount(self.relations.jobs.value, minlength=1) > 0).tolist()
        return numbers

    @cached_property
    def own_changes(self) -> Changes:
        """The employees whose primary post is in each unit itself, as they come and go."""
        relations, first = self.relations, self.table.first_unit
        _, place, job, start, end = self.work
        if relations.contract.any():
            here = where(relations.contract[job] == 0)
            place, start, end, job = place[here], start[here], end[here], job[here]

        def pieces() -> Iterator[tuple[Ints, Ints, Ints]]:
            for (begin, until, roots), part in product(self.roots, in_blocks(len(place))):
                unit, since, over = place[part] - first, start[part], end[part]
                ours = (relations.jobs.value[job[part]] == roots[unit]) & (since < until) & (over > begin)
                here = slice(None) if ours.all() else where(ours)
                yield unit[here], np.maximum(since[here], begin), np.minimum(over[here], until)

        return changes(pieces(), self.table.first_other - first)

    def prepare(self) -> None:
        """Work out what headcounts of all units rest on."""
        _ = self.own_changes, self.changes
        for root in self.employers:
            self.members(root).count(np.zeros(0, np.int64))

    @cached_property
    def roots(self) -> list[tuple[int, int, Ints]]:
        """The stretches of days in which no unit changes its organization, with the organization of each unit."""
        found: list[tuple[int, int, Ints]] = []
        for start, end, moment in self.segments():
            if found and np.array_equal(found[-1][2], moment.roots):
                found[-1] = found[-1][0], end, moment.roots
            else:
                found.append((start, end, moment.roots))
        return found

    def segments(self) -> Iterator[tuple[int, int, Moment]]:
        """The stretches of days in which the tree of units does not change, with a day of each."""
        edges = [0, *self.changes, FOREVER]
        for start, end in pairwise(edges):
            # Before the first change and after the last, the tree only grows: its last day knows every unit.
            yield start, end, Moment(self.table, self.relations, end - 1)

    def pieces(self, unit: int | None, *, contract: bool = False) -> Pieces:
        """The stretches of jobs that belong to a unit (None: to any organization), with their FTE."""
        relations = self.relations
        jobs, first = relations.jobs, self.table.first_unit
        wanted = relations.contract == int(contract)
        if unit is None:
            here = slice(None) if wanted.all() else where(wanted)
            return Pieces(jobs.subject[here], jobs.start[here], jobs.end[here], relations.fte[here])
        return together(self._of(unit, first, wanted))

    def _of(self, unit: int, first: int, wanted: Bools) -> Iterator[Pieces]:
        relations, jobs = self.relations, self.relations.jobs
        for begin, until, moment in self.segments():
            root = int(moment.roots[unit - first])
            if root == unit:
                here = where(wanted & (jobs.value == unit))
                start, end = np.maximum(jobs.start[here], begin), np.minimum(jobs.end[here], until)
                yield Pieces(jobs.subject[here], start, end, relations.fte[here])
                continue
            person, place, job, start, end = self.work
            inside = moment.within(unit)[place - first] & wanted[job] & (jobs.value[job] == root)
            here = where(inside)
            start, end = np.maximum(start[here], begin), np.minimum(end[here], until)
            yield Pieces(person[here], start, end, relations.fte[job[here]])

    def members(self, unit: int | None, *, contract: bool = False) -> Pieces:
        """When people count for a unit: each once."""
        key = (unit, contract)
        if key not in self._members:
            self._members[key] = self.pieces(unit, contract=contract).once()
        return self._members[key]

    @cached_property
    def _members(self) -> dict[tuple[int | None, bool], Pieces]:
        return {}

    def unnamed(self, unit: int | None) -> Pieces:
        """The seats of people who are not named."""
        holds = self.relations.holds.take(where(self.relations.holds.person == ABSENT))
        edges = self.relations.all_edges("unit")
        own, other, start, end = crossed(holds.post, holds.start, holds.end, self.relations.unit, edges)
        seats, places = holds.seats[own].astype(np.int64), self.relations.unit.value[other]
        whole = Pieces(holds.post[own], start, end, seats)
        if unit is None:
            return whole
        first = self.table.first_unit
        found = []
        for begin, until, moment in self.segments():
            part = whole.take(where(moment.within(unit)[places - first]))
            start, end = np.maximum(part.start, begin), np.minimum(part.end, until)
            found.append(Pieces(part.person, start, end, part.weight))
        return together(found)
