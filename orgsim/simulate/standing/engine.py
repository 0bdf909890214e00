"""A replication in which the structure stands still, from the first day to the horizon."""

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs

from orgsim.scenario.model import EVERYWHERE, Intervention, Population, Shock
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.flows.interventions import BEGINS, ENDS
from orgsim.simulate.kernel import EDGE, EXIT, SHOCK
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import population_posts
from orgsim.simulate.replication import Replication, VacancyRecord
from orgsim.simulate.run import Run
from orgsim.simulate.standing.filling import Filling, Freezing
from orgsim.simulate.standing.leaving import Leaving
from orgsim.simulate.standing.organization import Organization, Person, Vacancy
from orgsim.simulate.standing.succeeding import Succeeding
from orgsim.simulate.standing.tables import tables_of
from orgsim.simulate.world import birth

Tenure = Callable[[Run, Population, Any], float]
"""How long the holder of a post of a population has been there; of the post, its facts and rank are asked."""


@attrs.frozen(eq=False)
class Place:
    """A post of a population."""

    facts: Facts
    rank: int


def simulate_standing(run: Run, number: int, tenure: Tenure) -> Replication:
    """The replication of a run in which only the opening is told."""
    attrition = Attrition(run)
    org = Organization(run, tables_of(run.world, attrition))
    leaving = Leaving(org, attrition)
    hiring = run.scenario.hiring
    filling = Filling(org, hiring, leaving) if hiring is not None else None
    succeeding = Succeeding(org, leaving, filling.require if filling is not None else _leave_vacant)
    leaving.opened, leaving.uncovered = succeeding.opened, succeeding.look
    _people_the_posts(org, run, tenure)
    for rank, holder in enumerate(org.holder):
        if holder is None:
            succeeding.opened(org.open(rank, 0.0, "start"))
    leaving.open()
    freezing = Freezing(filling, succeeding) if filling is not None else None
    interventions, shocks = Interventions(org, leaving, filling), Shocks(org, leaving)
    for each in (freezing, interventions, shocks):
        if each is not None:
            each.open()
    org.alone = True
    run.calendar.run((), _nothing)
    replication = _replication(org, number, run.opening)
    _dissolve(org, leaving, filling, succeeding, freezing, interventions)
    run.dissolve()
    return replication


def _dissolve(org: Organization, *flows: Any) -> None:
    """Let go of everything: people and clocks hold each other, and would wait for the collector of cycles."""
    for person in org.people.values():
        person.clocks = None
    for each in (*flows, org):
        if each is not None:
            each.__dict__.clear()


def _leave_vacant(_vacancy: Vacancy) -> None:
    """Nobody is hired from outside."""


def _nothing() -> None:
    """Nothing is settled afterwards: it was when it happened."""


def _people_the_posts(org: Organization, run: Run, tenure: Tenure) -> None:
    world, ranks = org.world, org.world.ranks
    seeds = world.cache.get("standing people")
    if seeds is None:
        seeds = world.cache["standing people"] = [
            (
                seed.id,
                ranks[seed.posts[0][0]],
                number,
                seed.hired,
                seed.posts[0][2],
                seed.birth,
                seed.counted,
                seed.leave,
            )
            for number, seed in enumerate(world.people)
        ]
    for seed in seeds:
        person = org.people[seed[0]] = Person(*seed)
        org.holder[person.rank] = person
    number = len(seeds)
    for group in world.scenario.population:
        for event in population_posts(group, world.scenario):
            rank, id_ = ranks[event.post], f"{event.post}/0"
            hired = -tenure(run, group, Place(org.tables.facts[rank], rank))
            org.holder[rank] = org.people[id_] = Person(id_, rank, number, hired, hired, birth(world.scenario, id_))
            number += 1


def _replication(org: Organization, number: int, opening: int) -> Replication:
    posts, horizon, make = org.posts, org.world.horizon, VacancyRecord
    gaps: dict[str, list[tuple[float, float]]] = {}
    records = []
    for v in org.vacancies:
        post, opened, ended = posts[v.rank], v.opened, v.ended
        how, person, until = (None, None, horizon) if ended is None else (v.how, v.person, ended)
        acting = () if v.acting is None else tuple(map(tuple, v.acting))
        records.append(
            make(post, v.number, opened, v.cascade, v.cause, ended, how, person, v.requisition, v.accepted, acting)
        )
        if v.number == 1:
            gaps[post] = [(opened, until)]
        else:
            gaps[post].append((opened, until))
    return Replication(
        world=org.world, number=number, written=partial(list, org.rows), vacancies=tuple(records), missed=org.missed,
        reached=org.reached, staff=org.staff, seats=[], exits=dict(org.exits), gaps=gaps, opening=opening,
    )  # fmt: skip


class Interventions:
    """The interventions in force, in the order written, and how many people each reached when it began."""

    def __init__(self, org: Organization, leaving: Leaving, filling: Filling | None) -> None:
        """Nothing is in force yet."""
        self.org, self.leaving = org, leaving
        self.all = org.world.scenario.interventions
        self.force: list[Intervention] = []
        if filling is not None and any(each.stages for each in self.all):
            filling.speeds = self._speed

    def open(self) -> None:
        """Put the edges on the calendar."""
        for each in self.all:
            if each.end > 0.0:
                self.org.calendar.after(max(0.0, each.start), EDGE, BEGINS, self._begin, each)
                self.org.calendar.after(max(0.0, each.end), EDGE, ENDS, self._end, each)

    def _begin(self, each: Intervention) -> None:
        self.force = [other for other in self.all if other in self.force or other is each]
        group = self.org.group(each.where)
        self.org.reached[each.id] = len(group)
        self.leaving.enforce(self.force, group if each.hazards else [])

    def _end(self, each: Intervention) -> None:
        self.force.remove(each)
        self.leaving.enforce(self.force, self.org.group(each.where) if each.hazards else [])

    def _speed(self, rank: int, stage: str) -> float:
        factor = 1.0
        for each in self.force:
            times = each.stages.get(stage)
            if times is not None and self.org.tables.facts[rank].match(each.where):
                factor *= times
        return factor


class Shocks:
    """What may strike."""

    def __init__(self, org: Organization, leaving: Leaving) -> None:
        """Nothing has struck yet."""
        self.org, self.leaving = org, leaving

    def open(self) -> None:
        """Put on the calendar what will strike."""
        luck = self.org.luck
        for rank, shock in enumerate(self.org.world.scenario.shocks):
            entity = f"shock/{shock.id}"
            if luck.uniform(entity, "happens", 0) < shock.probability:
                day = shock.day
                if isinstance(day, tuple):
                    day = day[0] + luck.uniform(entity, "day", 0) * (day[1] + 1 - day[0])
                self.org.calendar.after(day, SHOCK, rank, self._strike, shock)

    def _strike(self, shock: Shock) -> None:
        people = self._people(shock)
        if not people and shock.group is None:
            self.org.missed += 1
        if people:
            self.org.calendar.after(shock.notice, EXIT, 0, self._leave, (shock, people))

    def _people(self, shock: Shock) -> list[Person]:
        org = self.org
        if shock.person is not None:
            person = org.people.get(shock.person)
            return [person] if person is not None else []
        if shock.post is not None:
            rank = org.world.ranks.get(shock.post)
            return org.holders(() if rank is None else (rank,))
        group = sorted(org.group(shock.group or EVERYWHERE), key=lambda person: person.id)
        if shock.share >= 1.0:
            return group
        purpose = f"shock/{shock.id}"
        return [person for person in group if self._luck_of(person, purpose) < shock.share]

    def _luck_of(self, person: Person, purpose: str) -> float:
        columns, number = self.org.columns, person.number
        return columns.person(number, purpose) if number.__class__ is int else columns.hire(number, purpose)

    def _leave(self, notice: tuple[Shock, list[Person]]) -> None:
        shock, people = notice
        self.org.alone = False
        for person in people:
            if person.employed:
                self.leaving.depart(person, shock.reason)
            else:
                self.org.missed += 1
        self.org.alone = True
