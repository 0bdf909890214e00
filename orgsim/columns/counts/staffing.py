"""What the headcount picture shows of a ledger in columns: counts of units, and the bounds that vague dates leave.

`orgsim.plotting.staffing` asks it, as it asks a ledger in its small form.
"""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from orgsim.columns.counts.measures import headcounts_by_unit
from orgsim.columns.days.staff import Pieces, together
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.replay.spells import Spells
from orgsim.columns.rows.arrays import Bools, Ints, first_of, where
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.metrics.spells import FOREVER

Bounds = tuple[list[int], list[int]]


class StaffingInColumns:
    """A ledger in columns, as the headcount picture asks it."""

    def __init__(self, ledger: ColumnarLedger, known: dt.date | None = None) -> None:
        """Nothing is counted yet."""
        self.ledger, self.known, self.table = ledger, known, ledger.table

    # --------------------------------------------------------------------------------------------------------- units

    def require(self, unit: str) -> str:
        """The id of a unit the ledger ever opens; else UnknownIdError."""
        self.ledger.unit_number(unit)
        return unit

    @cached_property
    def _last(self) -> dict[str, int]:
        """Of each unit that was ever there, the place of its last version."""
        numbers = self.ledger.relations().structure.unit
        last = where(np.append(numbers[1:] != numbers[:-1], True)) if len(numbers) else numbers
        return dict(zip(self.table.ids.many(numbers[last]), last.tolist(), strict=True))

    def organizations(self) -> list[str]:
        """The units without a parent, as they last were."""
        parent = self.ledger.relations().structure.parent
        return [unit for unit, at in self._last.items() if parent[at] == ABSENT]

    def beneath(self, unit: str) -> list[str]:
        """The units right beneath one, as they last were; boards and committees left out."""
        tree, number = self.ledger.relations().structure, self.ledger.unit_number(unit)
        wanted = ((tree.parent == number) & (tree.body == 0)).tolist()
        return [below for below, at in self._last.items() if wanted[at]]

    def called(self, unit: str) -> str:
        """The last name of a unit; its id, if it has none."""
        tree, at = self.ledger.relations().structure, self._last.get(unit)
        return unit if at is None else tree.names[tree.name[at]]

    def _number(self, unit: str) -> int:
        at = self._last.get(unit)
        return int(self.ledger.relations().structure.unit[at]) if at is not None else self.ledger.unit_number(unit) or 0

    # -------------------------------------------------------------------------------------------------------- counts

    def headcount(self, dates: Sequence[dt.date], unit: str | None) -> list[int]:
        """The headcount of an organization, or of all, on dates."""
        counts: list[int] = self._members(unit).count(_days(dates)).tolist()
        return counts

    def _members(self, unit: str | None) -> Pieces:
        return self.ledger.staff(self.known).members(self.ledger.unit_number(unit))

    def headcounts(self, dates: Sequence[dt.date], units: Sequence[str], least: float) -> dict[str, list[int]]:
        """The headcount on dates of those of some units that ever have so many people on any of them."""
        if not units:
            return {}
        counts = headcounts_by_unit(self.ledger, dates, self.known)
        places = [self._number(unit) - self.table.first_unit for unit in units]
        enough = where(counts[:, places].max(axis=0, initial=0) >= least).tolist()
        return {units[at]: counts[:, places[at]].tolist() for at in enough}

    def unnamed(self, date: dt.date, unit: str | None) -> int:
        """How many seats are held by people whom nobody names."""
        seats = self.ledger.staff(self.known).unnamed(self.ledger.unit_number(unit))
        return round(seats.total(_days([date]))[0])

    def told(self) -> tuple[dt.date | None, dt.date | None]:
        """The day before which one in fifty events takes effect, and the last on which anything became known."""
        day, known = self.table.day, self.table.known
        if self.known is not None:
            here = where(known <= np.int32(self.known.toordinal()))
            day, known = day[here], known[here]
        if not len(day):
            return None, None
        return dt.date.fromordinal(int(day[len(day) // 50])), dt.date.fromordinal(int(known.max()))

    def changes(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days after the first, to the last, on which any event takes effect for certain or possibly, in order."""
        rows, lasts, _ = self._vague
        days, known = self.table.day, self.table.known
        low, high = (int(np.searchsorted(days, np.int32(day.toordinal()), side="right")) for day in (first, last))
        days = days[low:high]
        if self.known is not None:
            days = days[known[low:high] <= np.int32(self.known.toordinal())]
            lasts = lasts[known[rows] <= np.int32(self.known.toordinal())]
        lasts = lasts[(lasts > first.toordinal()) & (lasts <= last.toordinal())]
        every = np.union1d(days[first_of(days)], lasts)  # rows come in the order of days
        return [dt.date.fromordinal(day) for day in every.tolist()]

    # -------------------------------------------------------------------------------------------------------- bounds

    def bounds(self, dates: Sequence[dt.date], organization: str | None) -> Bounds:
        """The fewest and the most employees there may have been on each date."""
        days, (places, number) = _days(dates), self._jobs(organization)
        jobs = self.ledger.relations(self.known).jobs
        whole = self._members(organization) if self._always_apart(number) else _pieces(jobs.take(places)).once()
        odd = places[where(self._vague_people()[jobs.subject[places]])]
        told, *stretched = (
            together([one]).once().count(days) for one in (_pieces(jobs.take(odd)), *self._stretched(odd))
        )
        low, high = ((whole.count(days) - told + count).tolist() for count in stretched)
        return low, high

    def _jobs(self, organization: str | None) -> tuple[Ints, int | None]:
        """The places of the jobs of employees of an organization, or of all."""
        relations, number = self.ledger.relations(self.known), self.ledger.unit_number(organization)
        employed = relations.contract == 0
        return where(employed if number is None else employed & (relations.jobs.value == number)), number

    def _always_apart(self, number: int | None) -> bool:
        """Whether an organization is never part of another, so that its members are all whom it employs."""
        roots = self.ledger.staff(self.known).roots
        return number is None or all(root[number - self.table.first_unit] == number for _, _, root in roots)

    @cached_property
    def _vague(self) -> tuple[Ints, Ints, Bools]:
        """The rows whose date is no plain day, the last day each may mean, and whether it has no first."""
        rows = sorted(self.table.vague_rows.items())
        return (
            np.array([row for row, _ in rows], np.int64),
            np.array([when.last.toordinal() for _, when in rows], np.int64),
            np.array([when.is_open for _, when in rows], np.bool_),
        )

    def _lasts(self, rows: Ints, otherwise: Ints) -> tuple[Ints, Bools]:
        """The last day that the date of each row may mean, and whether it has no first; a plain day is as given."""
        vague, last, is_open = self._vague
        if not len(vague):
            return otherwise, np.zeros(len(rows), np.bool_)
        place = np.minimum(np.searchsorted(vague, rows), len(vague) - 1)
        found = vague[place] == rows
        return np.where(found, last[place], otherwise), found & is_open[place]

    def _vague_people(self) -> Bools:
        """Of each person, whether a job of theirs begins or may end on a day that is not told."""
        found = np.zeros(self.table.people, np.bool_)
        vague, jobs = self._vague[0], self.ledger.relations(self.known).jobs
        found[jobs.subject[where(np.isin(jobs.row, vague))]] = True
        found[self.table.person[vague[where(self.table.kind[vague] == KIND["depart"])]]] = True
        return found

    def _stretched(self, places: Ints) -> tuple[Pieces, Pieces]:
        """Some jobs from the last day on which each may have begun, and from the first, to when it may have ended."""
        relations = self.ledger.relations(self.known)
        jobs = relations.jobs.take(places)
        jobs = jobs.take(np.lexsort((jobs.start, jobs.value, jobs.subject)))
        # What goes on from one day to the next is one job, and began with the first.
        begins = first_of(jobs.subject, jobs.value)
        begins[1:] |= jobs.start[1:] > jobs.end[:-1]
        heads = where(begins)
        tails = np.append(heads[1:], len(jobs)) - 1 if len(heads) else heads
        person, start, end = jobs.subject[heads], jobs.start[heads].astype(np.int64), jobs.end[tails].astype(np.int64)
        last, is_open = self._lasts(jobs.row[heads], start)
        gone = np.maximum(self._may_end(person, jobs.value[heads], end), end)
        weight = np.ones(len(heads), np.int64)
        certain = Pieces(person, np.maximum(start, last), end, weight)
        return certain, Pieces(person, np.where(is_open, 0, start), gone, weight)

    def _may_end(self, person: Ints, organization: Ints, end: Ints) -> Ints:
        """The last day on which the departure that ended each job may have been; the end itself where none did."""
        table, ledger = self.table, self.ledger
        rows = np.sort(ledger.nearby.by_person.of_all(np.unique(person)))
        rows = ledger.counting(rows[where(table.kind[rows] == KIND["depart"])], FOREVER, self.known)
        ends: dict[tuple[int, int, int], int] = {}
        last, _ = self._lasts(rows, table.day[rows])
        told = (column[rows].tolist() for column in (table.person, table.place, table.day))
        for *key, until in zip(*told, last.tolist(), strict=True):
            ends[key[0], key[1], key[2]] = until  # of several on one day, the last counts
        keys = zip(person.tolist(), organization.tolist(), end.tolist(), strict=True)
        return np.array([ends.get(key, key[2]) for key in keys], np.int64)


def _pieces(jobs: Spells) -> Pieces:
    return Pieces(jobs.subject, jobs.start, jobs.end, np.ones(len(jobs), np.int64))


def _days(dates: Sequence[dt.date]) -> Ints:
    return np.array([date.toordinal() for date in dates], np.int64)
