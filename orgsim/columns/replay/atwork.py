"""Who is employed where, from row to row: what holdings, leaves and the rules rest on.

It is the first half of `relations.Replay`.  The rows are taken to be legal; `screen` looks at that.
"""

from functools import cached_property

import attrs
import numpy as np

from orgsim.columns.replay.facts import Facts, Hidden, JobFacts
from orgsim.columns.replay.spells import Spells, Steps, from_sets, unions, value_before
from orgsim.columns.replay.structure import MIXED, Structure, structure
from orgsim.columns.rows.arrays import Bools, Ints, first_of, next_of, picked, side_by_side, where
from orgsim.columns.rows.table import ABSENT, KIND, Table, among_kinds
from orgsim.metrics.spells import FOREVER

FEW = 8
"""Where the posts are more than so many times the rows, what is asked of all posts is asked of those named only."""


class Employment:
    """Who works where, of the visible rows of a table, and what the posts that people hold belong to."""

    def __init__(
        self,
        table: Table,
        rows: Ints,
        structure_: Structure | None = None,
        facts: tuple[Facts, Facts] | None = None,
    ) -> None:
        """`rows` come in order, without retractions, expectations and rival accounts.

        `facts` are all rows of the table by person and by post, if they are known.
        """
        self.table, self.rows, self.never = table, rows, len(table)
        self._facts = facts
        self.steps = Steps(table.day, self.never)
        self._whole = len(rows) == len(table)
        self._structure = structure_

    @cached_property
    def structure(self) -> Structure:
        """The tree of units."""
        if self._structure is not None:
            return self._structure
        return structure(self.table, self.of("open-unit", "change-unit", "close-unit"))

    def of(self, *kinds: str) -> Ints:
        """The rows of events of some kinds."""
        some = self._facts is None and not self._whole  # else most rows of the table
        kind = self.table.kind[self.rows] if some else self.table.kind
        here = where(among_kinds(kind, *kinds))
        if some:
            return self.rows[here].astype(np.intp)
        if self.hidden is not None and self.hidden.any_of(*kinds):
            here = here[where(self.hidden.seen[here])]
        return here

    @cached_property
    def hidden(self) -> Hidden | None:
        """The rows of the table that are not replayed, where others come from all rows."""
        return None if self._facts is None or self._whole else Hidden.but(self.table, self.rows)

    @cached_property
    def facts(self) -> tuple[Facts, Facts]:
        """Rows by person and by post; those that are not replayed are hidden."""
        table = self.table
        if self._facts is not None:
            return self._facts
        return Facts.some(table, table.person, self.rows), Facts.some(table, table.post, self.rows)

    def of_people(self, *kinds: str) -> tuple[Ints, Ints]:
        """The rows of events of some kinds, by person and then in order, and the people."""
        return self.facts[0].of(kinds, self.hidden)

    def of_posts(self, *kinds: str) -> tuple[Ints, Ints]:
        """The rows of events of some kinds, by post and then in order, and the posts."""
        return self.facts[1].of(kinds, self.hidden)

    def get(self, name: str, rows: Ints) -> Ints:
        """A column at some rows."""
        return picked(getattr(self.table, name), rows)

    def sparse(self, name: str, rows: Ints, otherwise: float) -> Ints:
        """A column of which few rows have a value."""
        have, values = self.table.sparse[name]
        if not len(have):
            return np.full(len(rows), otherwise, values.dtype if len(values) else np.int32)
        if len(rows) * FEW > self.never:
            found, told = np.full(len(rows), otherwise, values.dtype), np.zeros(self.never, np.bool_)
            told[have] = True
            here = where(told[rows])
            found[here] = values[np.searchsorted(have, rows[here].astype(have.dtype))]
            return found
        place = np.minimum(np.searchsorted(have, rows.astype(np.int32)), len(have) - 1)
        return np.where(have[place] == rows, values[place], otherwise)

    # ------------------------------------------------------------------------------------------------------- posts

    @cached_property
    def unit_sets(self) -> tuple[Ints, Ints, Ints]:
        """Post, row, unit: ABSENT where the post is abolished; sorted by post and row."""
        at, post = self.of_posts("create-post", "change-post", "abolish-post")
        told, unit = units_told(self.get("kind", at), self.get("place", at))
        here = where(told)
        return post[here], at[here], unit[here]

    @cached_property
    def _employer_of_post(self) -> Ints:
        post, _, unit = self.unit_sets
        found = np.full(self.table.first_unit, ABSENT, np.int32)
        keep = where(unit != ABSENT)
        employer = self.structure.constant[unit[keep] - self.table.first_unit]
        found[post[keep]] = employer  # the last one, and MIXED if any other differs from it
        odd = where((found[post[keep]] != employer) | (employer == MIXED))
        found[post[keep][odd]] = MIXED
        return found

    def employer(self, posts: Ints, rows: Ints) -> Ints:
        """The organization that employs the holders of posts at rows; ABSENT for boards and committees."""
        found = np.full(len(posts), ABSENT, np.int32)
        ours = where((posts >= 0) & (posts < self.table.first_unit))
        if len(self.rows) * FEW < self.table.first_unit:  # not worth an array over all posts
            unit = value_before(self.unit_sets, posts[ours], rows[ours], self.never)
            found[ours] = np.where(unit == ABSENT, ABSENT, self.structure.constant[unit - self.table.first_unit])
        else:
            found[ours] = self._employer_of_post[posts[ours]]
        mixed = where(found == MIXED)
        if len(mixed):
            unit = value_before(self.unit_sets, posts[mixed], rows[mixed], self.never)
            found[mixed] = self.structure.employer_at(unit, rows[mixed], self.never)
        return found

    def prepare(self) -> None:
        """Work out what both the rules and the stretches of days rest on."""
        side_by_side(self.never, lambda: self._employer_of_post, lambda: self.job_facts.last_anywhere)

    # ------------------------------------------------------------------------------------------------------- people

    @cached_property
    def job_facts(self) -> JobFacts:
        """Hires and departures, sorted by person, organization and row."""
        return JobFacts(self.facts[0], self.hidden)

    @cached_property
    def job_rows(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Person, organization, first row, row of the departure; sorted in this order."""
        jobs = self.job_facts
        end = next_of(jobs.first, jobs.row, self.never)
        hired = where(jobs.hires)
        return jobs.person[hired], jobs.place[hired], jobs.row[hired], end[hired]

    def stretches_at_work(self) -> tuple[Spells, Ints]:
        """Who works where, and with which share of a full-time job: from the row of the hire, anew from each change."""
        person, organization, start, end = self.job_rows
        at, who = self.of_people("change-employment")
        job = self.job_at(who, self.get("place", at), at)
        told = where(job != ABSENT)
        at, job = at[told], job[told]
        if not len(at):
            jobs = self.steps.spells(person, start, end, organization)
            return jobs, self.sparse("fte", jobs.row, 1.0)
        of, begin = np.concatenate([np.arange(len(start)), job]), np.concatenate([start, at])
        order = np.lexsort((begin, of))
        of, begin = of[order], begin[order]
        until = np.minimum(next_of(first_of(of), begin, self.never), end[of])
        jobs = self.steps.spells(person[of], begin, until, organization[of], np.arange(len(of)))
        share = self.sparse("fte", begin[jobs.row], 1.0)
        return attrs.evolve(jobs, row=start[of[jobs.row]].astype(np.int32)), share

    def job_at(self, person: Ints, organization: Ints, rows: Ints) -> Ints:
        """The place of the job each person has with an organization at a row that names them, or ABSENT."""
        jobs = self.job_facts
        # Of few rows, an array over all is not worth it.
        last = jobs.among if self._facts is None else jobs.last
        number = np.full(len(jobs.hires) + 1, ABSENT, np.int32)  # the last is for ABSENT
        np.copyto(number[:-1], np.cumsum(jobs.hires, dtype=np.int32) - np.int32(1), where=jobs.hires)
        return picked(number, last(person, organization, rows))

    @cached_property
    def spells_at_work(self) -> tuple[Ints, Ints, Ints]:
        """Person, first row, last row: employed by any organization."""
        person, _, start, end = self.job_rows
        return unions(person, start, end)

    def leaves(self) -> Spells:
        """Who is on leave; a leave ends with the last employment."""
        rows, person = self.of_people("start-leave", "end-leave")
        end = next_of(first_of(person), rows, self.never)
        begun = where(self.get("kind", rows) == KIND["start-leave"])
        person, rows, end = person[begun], rows[begun], end[begun]
        gone = value_before(self.spells_at_work, person, rows, self.never)
        return self.steps.spells(person, rows, np.where(gone == ABSENT, end, np.minimum(end, gone)), rows * 0 + 1)

    def names(self) -> Spells:
        """What people are called, where a hire or a change of name tells it."""
        at, person = self.of_people("hire", "change-person")
        text = self.get("text", at)
        here = where(text != ABSENT)
        return from_sets(self.steps, person[here], at[here], text[here])

    def introduced(self) -> Ints:
        """Of each person, the day of the first hire; 0 for those declared."""
        person, _, start, _ = self.job_rows
        days = np.full(self.table.people, FOREVER, np.int32)
        np.minimum.at(days, person, self.steps.days(start))
        days[: self.table.declared] = 0
        return days


def units_told(kind: Ints, place: Ints) -> tuple[Bools, Ints]:
    """Which events of posts tell their unit, and what it is; ABSENT where the post is abolished."""
    return (kind == KIND["abolish-post"]) | (place != ABSENT), place
