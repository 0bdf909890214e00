"""Who came, went and moved in a period, in columns: the bridge and turnover.

The definitions are those of `orgsim.metrics`.  Whoever has jobs in several organizations at a time, or touches what is
irregular, is counted by the small form itself; so is everybody, where the tree of units changed in the period.
"""

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from orgsim.columns.counts.measures import mean
from orgsim.columns.days.moment import Moment
from orgsim.columns.days.staff import Pieces, Staff
from orgsim.columns.excerpt import Excerpt
from orgsim.columns.replay.spells import Spells, overlapping
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Bools, Ints, where
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.events import REASONS, Depart
from orgsim.metrics.bridge import IN, OUT, BridgeCounts, bridge_of
from orgsim.metrics.spells import FOREVER, Span, period
from orgsim.metrics.turnover import Turnover

if TYPE_CHECKING:
    from orgsim.columns.ledger import ColumnarLedger


class Flows:
    """Everyone who came or went in a window, as numbers by line; and the departures by reason and regret."""

    def __init__(self, ledger: "ColumnarLedger", window: Span, unit: str | None, known: dt.date | None) -> None:
        """Count."""
        self.ledger, self.window, self.known = ledger, window, known
        self.number = ledger.unit_number(unit)
        self.staff: Staff = ledger.staff(known)
        self.members: Pieces = self.staff.members(self.number)
        self.lines = dict.fromkeys((*IN, *OUT), 0)
        self.reasons = dict.fromkeys(REASONS, 0)
        self.regretted = {True: 0, False: 0}
        apart = self._apart(unit)
        self._count_apart(where(apart), unit)
        self._count(self.members.take(where(~apart[self.members.person])) if apart.any() else self.members)

    def _apart(self, unit: str | None) -> Bools:
        """Whom the small form counts."""
        people = np.zeros(self.ledger.table.people, np.bool_)
        jobs = self.staff.relations.jobs
        people[jobs.subject[where(overlapping(jobs.subject, jobs.start, jobs.end))]] = True
        people[self.ledger.core.people] = True
        first, last = self.window
        if unit is not None and any(first <= day < last for day in self.staff.changes):
            people[jobs.subject] = True
        return people

    def _count_apart(self, people: Ints, unit: str | None) -> None:
        if not len(people):
            return
        staff = Excerpt(self.ledger, people, people[:0], self.known).staff
        for flow in bridge_of(staff, self.window, unit).flows:
            self.lines[flow.line] += 1
            if isinstance(flow.event, Depart):
                self.reasons[flow.event.reason] += 1
                if flow.event.regretted is not None:
                    self.regretted[flow.event.regretted] += 1

    # ------------------------------------------------------------------------------------------------ in columns

    def _count(self, members: Pieces) -> None:
        first, last = self.window
        gone = members.take(where((members.end >= first) & (members.end < last)))
        came = members.take(where((members.start >= first) & (members.start < last)))
        self._count_gone(gone.person, gone.end)
        self._count_came(came.person, came.start)

    def _root(self, day: int) -> int | None:
        """The organization of the unit; it does not change in the window."""
        if self.number is None:
            return None
        moment = Moment(self.ledger.table, self.staff.relations, day)
        return int(moment.roots[self.number - self.ledger.table.first_unit])

    def _jobs_on(self, person: Ints, day: Ints) -> Ints:
        """The place of each person's job as an employee on a day, of the organization of the unit; or ABSENT."""
        jobs: Spells = self.staff.relations.jobs
        if not len(jobs):
            return np.full(len(person), ABSENT)
        keys = jobs.subject.astype(np.int64) << 32 | jobs.start
        place = np.searchsorted(keys, person.astype(np.int64) << 32 | day, side="right") - 1
        found = np.maximum(place, 0)
        good = (place >= 0) & (jobs.subject[found] == person) & (jobs.end[found] > day)
        good &= self.staff.relations.contract[found] == 0
        root = self._root(self.window[1] - 1)
        if root is not None:
            good &= jobs.value[found] == root
        return np.where(good, found, ABSENT)

    def _stay(self, before: Ints, after: Ints) -> Bools:
        """Who goes on working for the organization of a unit that is no organization itself."""
        if self.number is None or self.number == self._root(self.window[1] - 1):
            return np.zeros(len(before), np.bool_)
        stays: Bools = (before != ABSENT) & (after != ABSENT)
        return stays

    def _count_gone(self, person: Ints, day: Ints) -> None:
        before, after = self._jobs_on(person, day - 1), self._jobs_on(person, day)
        stays = self._stay(before, after)
        self.lines["moves_out"] += int(stays.sum())
        left = where(~stays)
        rows = self._departures(person[left], before[left], day[left])
        told = rows[where(rows != ABSENT)]
        self.lines["departures"] += len(told)
        self.lines["restructured_out"] += len(rows) - len(told)
        detail = self.ledger.table.detail[told]
        for reason, count in enumerate(np.bincount(detail & 15, minlength=len(REASONS)).tolist()):
            self.reasons[REASONS[reason]] += count
        self.regretted[True] += int(((detail & t.REGRETTED[True]) != 0).sum())
        self.regretted[False] += int(((detail & t.REGRETTED[False]) != 0).sum())

    def _departures(self, person: Ints, job: Ints, day: Ints) -> Ints:
        """The row of the departure that ended each job on a day, or ABSENT."""
        table = self.ledger.table
        low, high = np.searchsorted(table.day, np.array(self.window, np.int32)).tolist()
        rows = low + where(table.kind[low:high] == KIND["depart"])
        rows = rows[where(self.ledger.seen(rows, self.known))]
        key = self._ending(table.person[rows], table.place[rows], table.day[rows])
        order = np.lexsort((rows, key))
        key, rows = key[order], rows[order]
        if not len(key):
            return np.full(len(person), ABSENT)
        organization = self.staff.relations.jobs.value[np.maximum(job, 0)]
        wanted = self._ending(person, organization, day)
        place = np.searchsorted(key, wanted, side="right") - 1  # of several, the last counts
        found = np.maximum(place, 0)
        good = (place >= 0) & (key[found] == wanted) & (job != ABSENT)
        return np.where(good, rows[found], ABSENT)

    def _ending(self, person: Ints, organization: Ints, day: Ints) -> Ints:
        """One number for a person, an organization and a day."""
        table = self.ledger.table
        places = len(table.ids) - table.first_unit
        keys: Ints = (person.astype(np.int64) * places + organization - table.first_unit) * FOREVER + day
        return keys

    def _count_came(self, person: Ints, day: Ints) -> None:
        before, after = self._jobs_on(person, day - 1), self._jobs_on(person, day)
        stays = self._stay(before, after)
        self.lines["moves_in"] += int(stays.sum())
        new, day = after[where(~stays)], day[where(~stays)]
        jobs, table = self.staff.relations.jobs, self.ledger.table
        hired = (new != ABSENT) & (jobs.start[np.maximum(new, 0)] == day) if len(jobs) else new != ABSENT
        seen = (table.flags[jobs.row[new[where(hired)]]] & t.SINCE) != 0
        self.lines["first_seen"] += int(seen.sum())
        self.lines["hires"] += int((~seen).sum())
        self.lines["restructured_in"] += len(new) - int(hired.sum())


def bridge(
    ledger: "ColumnarLedger", start: dt.date, end: dt.date, unit: str | None = None, known: dt.date | None = None
) -> BridgeCounts:
    """How the headcount before `start` became that at the end of the period [start, end); as `metrics.bridge`."""
    window = period(start, end)
    return bridge_from(Flows(ledger, window, unit, known), start, end, unit)


def bridge_from(flows: Flows, start: dt.date, end: dt.date, unit: str | None) -> BridgeCounts:
    """The bridge of flows that are counted."""
    days = np.array([flows.window[0] - 1, flows.window[1] - 1])
    opening, closing = flows.members.count(days).tolist()
    return BridgeCounts(start, end, unit, opening=opening, closing=closing, **flows.lines)


def turnover(
    ledger: "ColumnarLedger",
    start: dt.date,
    end: dt.date,
    unit: str | None = None,
    *,
    known: dt.date | None = None,
    convention: str = "daily",
) -> Turnover:
    """Who left in [start, end), by reason, and the rate for the average headcount; as `metrics.turnover`."""
    return turnover_from(Flows(ledger, period(start, end), unit, known), start, end, unit, convention)


def turnover_from(flows: Flows, start: dt.date, end: dt.date, unit: str | None, convention: str = "daily") -> Turnover:
    """The turnover of flows that are counted."""
    return Turnover(
        start,
        end,
        unit,
        by_reason=tuple(flows.reasons.items()),
        regretted=flows.regretted[True],
        not_regretted=flows.regretted[False],
        average=mean(flows.members, flows.window, convention),
        convention=convention,
    )
