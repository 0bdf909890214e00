"""Who was employed where, and in which unit, from which day to which.

The definition is the chart's: an organization has the people it employs, another unit those of them whose primary
post lies in it or below.  What is counted from it is told by each metric.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cached_property

import attrs

from orgsim.events import Depart, Event
from orgsim.lookups import by_rank
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Span, joined, overlap
from orgsim.metrics.structure import Structure
from orgsim.model import Employment, Person, Post, Unit


@attrs.frozen
class Job:
    """A stretch of days on which an organization employs a person under the same contract and with the same share."""

    organization: str
    contract: str
    fte: float
    start: int
    end: int
    event: Event


def unbroken(jobs: Iterable[Job]) -> list[list[Job]]:
    """The jobs of a person that follow each other without a day between, in one organization."""
    spells: list[list[Job]] = []
    for job in sorted(jobs, key=lambda job: (job.organization, job.start)):
        before = spells[-1][-1] if spells else None
        if before is not None and before.organization == job.organization and before.end >= job.start:
            spells[-1].append(job)
        else:
            spells.append([job])
    return spells


@attrs.frozen
class Place:
    """A stretch of days on which a person's primary post lies in the same unit."""

    post: str
    unit: str
    start: int
    end: int


class Workforce:
    """Everybody's jobs and places."""

    def __init__(self, history: History) -> None:
        """Nothing is walked yet."""
        self.history = history
        self.structure = Structure(history)
        self._places: dict[str, list[Place]] = {}
        self._units: dict[str, list[tuple[int, int, str]]] = {}

    # ---------------------------------------------------------------------------------------------- what each one has

    @cached_property
    def jobs(self) -> dict[str, list[Job]]:
        """The jobs of everybody who ever had one, in order."""
        found = {id_: self._jobs(id_) for id_ in self.history.index.person_ids}
        return {id_: jobs for id_, jobs in found.items() if jobs}

    def _jobs(self, id_: str) -> list[Job]:
        running: dict[tuple[str, str, float], tuple[int, Employment]] = {}
        jobs: list[Job] = []
        for start, _, person in self.history.spells(id_, Person):
            now = {(e.organization, e.contract, e.fte): e for e in person.employments}
            for key in running.keys() - now.keys():
                since, employment = running.pop(key)
                jobs.append(Job(*key, since, start, employment.event))
            for key, employment in now.items():
                running.setdefault(key, (start, employment))
        jobs += [Job(*key, since, FOREVER, employment.event) for key, (since, employment) in running.items()]
        return sorted(jobs, key=lambda job: (job.start, job.organization))

    def places(self, id_: str) -> list[Place]:
        """The units of a person's primary post, in order."""
        found = self._places.get(id_)
        if found is None:
            found = self._places[id_] = [
                Place(post, unit, max(start, since), min(end, until))
                for start, end, post in self._primary_posts(id_)
                for since, until, unit in self._units_of(post)
                if since < end and start < until
            ]
        return found

    def _primary_posts(self, id_: str) -> Iterator[tuple[int, int, str]]:
        """The primary post over time; whatever changes a person's rank of posts writes the person too."""
        ledger, known = self.history.ledger, self.history.known
        for start, end, person in self.history.spells(id_, Person):
            if len(person.posts) == 1:
                yield start, end, person.posts[0]
            elif person.posts:
                chart = ledger.chart(dt.date.fromordinal(start), known)
                yield start, end, by_rank(chart, person)[0].id

    def _units_of(self, post: str) -> list[tuple[int, int, str]]:
        """The units a post belonged to, in order."""
        found = self._units.get(post)
        if found is None:
            found = self._units[post] = []
            for start, end, noun in self.history.spells(post, Post):
                if found and found[-1][1] == start and found[-1][2] == noun.unit:
                    found[-1] = (found[-1][0], end, noun.unit)
                else:
                    found.append((start, end, noun.unit))
        return found

    def place_on(self, id_: str, day: int) -> Place | None:
        """Where a person's primary post lies on a day."""
        return next((place for place in self.places(id_) if place.start <= day < place.end), None)

    def jobs_on(self, id_: str, day: int) -> list[Job]:
        """The jobs of a person as an employee on a day."""
        return [j for j in self.jobs.get(id_, ()) if j.start <= day < j.end and j.contract == "employee"]

    @cached_property
    def departures(self) -> dict[tuple[str, str, int], Depart]:
        """The departures that count, by person, organization and day."""
        ledger, known = self.history.ledger, self.history.known
        return {
            (event.person, event.organization, event.date.day.toordinal()): event
            for event in ledger.events
            if isinstance(event, Depart) and event.disputes is None and ledger.sees(event, known)
        }

    @cached_property
    def unnamed(self) -> list[tuple[Span, str, int]]:
        """The seats of people who are not named: when, in which unit, and how many."""
        found = []
        for start, end, post in self.history.posts():
            seats = sum(holder.seats for holder in post.holders if holder.person is None)
            if seats:
                found.append(((start, end), post.unit, seats))
        return found

    # ------------------------------------------------------------------------------------------------ who a unit has

    def of(self, unit: str | None) -> Iterable[str]:
        """Everybody who may ever have been of a unit, or of any organization."""
        if unit is None:
            return self.jobs
        self.history.require(unit, Unit)
        ids = dict.fromkeys(self._by_employer.get(unit, ()))
        for other, people in self._by_unit.items():
            if other in self.structure.merged or self.structure.inside(other, unit):
                ids.update(people)
        return ids

    @cached_property
    def _by_employer(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for id_, jobs in self.jobs.items():
            for job in jobs:
                found.setdefault(job.organization, {})[id_] = None
        return found

    @cached_property
    def _by_unit(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = {}
        for id_ in self.jobs:
            for place in self.places(id_):
                found.setdefault(place.unit, {})[id_] = None
        return found

    def pieces(self, id_: str, unit: str | None, contract: str = "employee") -> list[tuple[Span, float]]:
        """The stretches of a person's jobs that belong to a unit (None: to any organization), with their FTE."""
        jobs = [job for job in self.jobs[id_] if job.contract == contract]
        if unit is None:
            return [((job.start, job.end), job.fte) for job in jobs]
        found: list[tuple[Span, float]] = []
        for start, end, chain in self.structure.chains(unit):
            here = [job for job in jobs if job.organization == chain[-1] and job.start < end and start < job.end]
            if not here:
                continue
            allowed = [(start, end)]
            if chain[-1] != unit:
                allowed = overlap(allowed, self._inside(id_, unit))
            found += [(span, job.fte) for job in here for span in overlap([(job.start, job.end)], allowed)]
        return found

    def _inside(self, id_: str, unit: str) -> list[Span]:
        return joined(
            span
            for place in self.places(id_)
            for span in overlap([(place.start, place.end)], self.structure.inside(place.unit, unit))
        )

    def member(self, id_: str, unit: str | None, contract: str = "employee") -> list[Span]:
        """When a person counts for a unit, or for any organization: once, whatever the number of jobs."""
        return joined(span for span, _ in self.pieces(id_, unit, contract))
