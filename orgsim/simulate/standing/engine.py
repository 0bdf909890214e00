"""A replication in which the structure stands still, from the first day to the horizon."""

from functools import partial
from typing import Any

import attrs

from orgsim.simulate.apart import Tenure
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.flows.interventions import Interventions
from orgsim.simulate.flows.shocks import Shocks
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
    interventions, shocks = Programs(org, leaving, filling), Shocks(org)
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


class Programs(Interventions):
    """Interventions, told to the clocks and the stages of a structure that stands still."""

    def __init__(self, org: Organization, leaving: Leaving, filling: Filling | None) -> None:
        """Nothing is in force yet."""
        self.run: Any = org
        self.leaving = leaving
        self.all = org.scenario.interventions
        self.force = []
        self.hazards = {}
        if filling is not None and any(each.stages for each in self.all):
            filling.speeds = lambda rank, stage: self.speed_of(org.tables.facts[rank], stage, 1.0)

    def _sort(self) -> None:
        super()._sort()
        self.leaving.force = self.hazards

    def _notice(self, group: list[Any]) -> None:
        for person in group:
            self.leaving.replan(person, self.run.calendar.now)
