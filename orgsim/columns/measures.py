"""Measures over time in columns: headcount, FTE, vacancies, on many dates, of a unit with all below it.

The definitions are those of `orgsim.metrics`: an organization has the people it employs, another unit those of them
whose primary post lies in it or below.  The formulas themselves are `metrics.formulas`.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from math import fsum
from typing import Any

import attrs
import numpy as np

from orgsim.columns import relations as r
from orgsim.columns.arrays import FOREVER, Bools, Ints, distinct, first_of, spread, where
from orgsim.columns.moment import Moment
from orgsim.columns.relations import Relations
from orgsim.columns.spells import Spells, unions
from orgsim.columns.table import ABSENT, Table
from orgsim.columns.tally import Changes, changes, rolled_up
from orgsim.metrics.formulas import average, rate
from orgsim.metrics.headcount import Headcount, month_ends
from orgsim.metrics.series import Series
from orgsim.metrics.spells import Span, period

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""


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
    found = [(subject[:0].astype(np.int64), edges[:0], start[:0], end[:0])]
    for first in range(0, len(subject), BLOCK):  # what lies between stays small, and so at hand
        part = slice(first, first + BLOCK)
        low = edges[subject[part]]
        owner, offset = spread(edges[subject[part] + 1] - low)
        other = low[owner] + offset
        begin = np.maximum(start[part][owner], spells.start[other])
        until = np.minimum(end[part][owner], spells.end[other])
        keep = where(begin < until)
        found.append((owner[keep] + first, other[keep], begin[keep], until[keep]))
    own, others, begins, ends = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return own, others, begins, ends


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
        return primary.subject[own], spells.value[other], start, end

    @cached_property
    def work(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        """Person, unit of the primary post, place of a job, first day, day after the last."""
        person, unit, start, end = self.places
        jobs, edges = self.relations.jobs, self.relations.all_edges("jobs")
        own, job, start, end = crossed(person, start, end, jobs, edges)
        return person[own], unit[own], job, start, end

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
        relations, first = self.relations, self.table.posts
        _, place, job, start, end = self.work
        if relations.contract.any():
            here = where(relations.contract[job] == 0)
            place, start, end, job = place[here], start[here], end[here], job[here]
        place, employer = place - first, relations.jobs.value[job]

        def pieces() -> Iterator[tuple[Ints, Ints, Ints]]:
            for begin, until, roots in self.roots:
                ours = (employer == roots[place]) & (start < until) & (end > begin)
                here = slice(None) if ours.all() else where(ours)
                yield place[here], np.maximum(start[here], begin), np.minimum(end[here], until)

        return changes(pieces(), self.table.units - first)

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
        jobs, first = relations.jobs, self.table.posts
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
        first = self.table.posts
        found = []
        for begin, until, moment in self.segments():
            part = whole.take(where(moment.within(unit)[places - first]))
            start, end = np.maximum(part.start, begin), np.minimum(part.end, until)
            found.append(Pieces(part.person, start, end, part.weight))
        return together(found)


def headcount(
    ledger: Columnar, dates: Iterable[dt.date], unit: str | None = None, *, known: dt.date | None = None
) -> tuple[Headcount, ...]:
    """How many people are employed on each date, with the FTE beside it; as `metrics.headcount`."""
    staff, days = ledger.staff(known), tuple(dates)
    number = ledger.unit_number(unit)
    at = np.array([day.toordinal() for day in days], np.int64)
    pieces = staff.pieces(number)
    heads = staff.members(number).count(at)
    contractors = staff.pieces(number, contract=True)
    either = together([pieces, contractors]).once().count(at) if len(contractors.person) else heads
    unnamed = staff.unnamed(number).total(at)
    rows = zip(days, heads.tolist(), pieces.total(at), (either - heads).tolist(), map(round, unnamed), strict=True)
    return tuple(Headcount(*row) for row in rows)


def headcounts_by_unit(ledger: Columnar, dates: Iterable[dt.date], known: dt.date | None = None) -> Ints:
    """The headcount of every unit on each date, people of the units below included: a row for each date.

    The columns are the units in the order of their numbers.  Employees of an organization whose primary post lies
    nowhere count for the organization alone.
    """
    staff, first = ledger.staff(known), ledger.table.posts
    at = np.array([day.toordinal() for day in dates], np.int64)
    order = np.argsort(at, kind="stable")
    days = at[order]
    counts = staff.own_changes.counts(days)
    epochs = np.searchsorted(np.array(staff.changes, np.int64), days, side="right")
    for rows in np.split(np.arange(len(days)), where(first_of(epochs))[1:]) if len(days) else ():
        tree = Moment(ledger.table, staff.relations, int(days[rows[-1]]))
        counts[rows] = rolled_up(counts[rows], tree.units[0], first)
    for root in staff.employers:
        counts[:, root - first] = staff.members(root).count(days)
    found: Ints = np.empty_like(counts)
    found[order] = counts
    return found


def average_headcount(
    ledger: Columnar,
    start: dt.date,
    end: dt.date,
    unit: str | None = None,
    *,
    known: dt.date | None = None,
    convention: str = "daily",
) -> float | None:
    """The average headcount of the days in [start, end); as `metrics.average_headcount`."""
    window = period(start, end)
    return mean(ledger.staff(known).members(ledger.unit_number(unit)), window, convention)


def mean(members: Pieces, window: Span, convention: str) -> float | None:
    """The average of a window, daily or of month ends."""
    if convention == "daily":
        return average(members.days_within(window), window[1] - window[0])
    if convention == "monthly":
        days = month_ends(window)
        return average(int(members.count(np.array(days, np.int64)).sum()), len(days))
    raise ValueError(f"there is no convention {convention!r} for an average headcount; use 'daily' or 'monthly'")


# ------------------------------------------------------------------------------------------------------- on a day


def series(
    ledger: Columnar,
    measure: str,
    dates: Iterable[dt.date],
    unit: str | None = None,
    known: dt.date | None = None,
) -> Series:
    """A measure on each of the dates, for a unit with all below it, or for everything; as `metrics.series`."""
    days = tuple(dates)
    number = ledger.unit_number(unit)
    if measure in ("headcount", "fte"):
        rows = headcount(ledger, days, unit, known=known)
        return Series(measure, unit, known, days, tuple(getattr(row, measure) for row in rows))
    if measure == "uncovered":
        return Series(measure, unit, known, days, ledger.excerpt_of_critical(known).uncovered(days, unit))
    count = MEASURES[measure]
    values = (count(ledger.moment(day, known), number) for day in days)
    return Series(measure, unit, known, days, tuple(values))


def several(
    ledger: Columnar,
    names: Iterable[str],
    dates: Iterable[dt.date],
    unit: str | None = None,
    known: dt.date | None = None,
) -> dict[str, list[float | None]]:
    """Several measures on the same dates, each day worked out once."""
    days, number = list(dates), ledger.unit_number(unit)
    names = list(names)
    found: dict[str, list[float | None]] = {}
    if {"headcount", "fte"} <= set(names):
        rows = headcount(ledger, days, unit, known=known)
        found["headcount"], found["fte"] = [row.headcount for row in rows], [row.fte for row in rows]
    for name in names:
        if name not in MEASURES and name not in found:
            found[name] = list(series(ledger, name, days, unit, known).values)
    for day in days:
        moment = ledger.moment(day, known)
        for name in names:
            if name in MEASURES:
                found.setdefault(name, []).append(MEASURES[name](moment, number))
    return {name: found.get(name, []) for name in names}


def _posts_of(moment: Moment, unit: int | None) -> Ints:
    """The open posts of a unit with all below it."""
    posts = moment.open_posts
    if unit is None:
        return posts
    return posts[where(moment.within(unit)[moment.unit[posts] - moment.table.posts])]


def _limited(moment: Moment, posts: Ints) -> Ints:
    """Those of some open posts that are not personal and have so many seats and no more."""
    posts = posts[where(posts < moment.relations.base)]
    return posts[where(moment.seats[posts] != r.ANY)] if len(moment.seats_told) else posts


def _established(moment: Moment, unit: int | None) -> Ints:
    return _limited(moment, _posts_of(moment, unit))


def _filled(moment: Moment, unit: int | None) -> tuple[Ints, Ints]:
    """The substantive holdings of established posts: the posts in order, and how many seats each takes."""
    here, holds = moment.owned, moment.relations.holds
    place = moment.unit[holds.post[here]]
    inside = place != ABSENT
    if unit is not None:
        inside &= moment.within(unit)[np.maximum(place - moment.table.posts, 0)]
    inside &= holds.post[here] < moment.relations.base
    if len(moment.seats_told):
        inside &= moment.seats[holds.post[here]] != r.ANY
    here = here[where(inside)]
    return holds.post[here], holds.seats[here]


def _vacancies(moment: Moment, unit: int | None) -> int:
    return len(_established(moment, unit)) - len(distinct(_filled(moment, unit)[0]))


def _vacancy_rate(moment: Moment, unit: int | None) -> float | None:
    posts = _established(moment, unit)
    seats = int(moment.seats[posts].sum()) if len(moment.seats_told) else len(posts)
    return rate(seats - int(_filled(moment, unit)[1].sum()), seats)


def _acting(moment: Moment, unit: int | None) -> int:
    places = moment.unit[moment.relations.holds.post[moment.acted]]
    places = places[where(places != ABSENT)]
    return len(places) if unit is None else int(moment.within(unit)[places - moment.table.posts].sum())


def _on_leave(moment: Moment, unit: int | None) -> int:
    return int(moment.on_leave[moment.employees(unit)].sum())


def _posts(moment: Moment, unit: int | None) -> int:
    return int((_posts_of(moment, unit) < moment.relations.base).sum())


def _units(moment: Moment, unit: int | None) -> int:
    is_open = moment.units[1]
    return int((is_open if unit is None else is_open & moment.within(unit)).sum())


MEASURES: dict[str, Callable[[Moment, int | None], float | None]] = {
    "vacancies": _vacancies,
    "vacancy_rate": _vacancy_rate,
    "acting": _acting,
    "on_leave": _on_leave,
    "posts": _posts,
    "units": _units,
}
