"""Replications in which nobody's fate touches another's: each seat is followed on its own, without a calendar.

Where a scenario has attrition and hiring and nothing else (no limit on recruiters, no promotion, no plans, no shocks),
what happens to one seat depends on no other, so each can be followed from the first day to the horizon, and all of it
put in order afterwards.  The rows are the same as those of the flows, to the last bit, and come several times sooner;
should two seats change at the same instant, whose order the calendar alone knows, the flows are asked after all.
"""

from collections.abc import Callable
from math import log
from operator import itemgetter
from typing import Any

import attrs

from orgsim.laws import DurationLaw, HazardLaw
from orgsim.scenario.model import Hiring, Population
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.flows.succession import WIDTH
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.replication import Replication, VacancyRecord
from orgsim.simulate.run import Run
from orgsim.simulate.world import World

Change = tuple[float, str, str | None, list[Any]]
"""When, who, why they leave (None: they come), and the fields of the vacancy."""
Tenure = Callable[[Run, Population, Facts, int], float]
"""How long the holder of a post of a population has been there, given the facts of the post and its rank."""


@attrs.frozen
class Seat:
    """A seat and who holds it on the first day; `laws` are the hazards of the causes, `fills` whether anybody is hired."""

    post: str
    rank: int
    facts: Facts
    person: str
    hired: float
    counted: bool
    group: Population | None
    laws: tuple[HazardLaw | None, ...]
    fills: bool


def seats_apart(world: World, attrition: Attrition) -> tuple[Seat, ...] | None:
    """The seats in the order of the people's numbers, if what happens to each depends on no other; else None."""
    if "apart" not in world.cache:
        world.cache["apart"] = tuple(_seats(world, attrition)) if _is_apart(world) else None
    found: tuple[Seat, ...] | None = world.cache["apart"]
    return found


def _is_apart(world: World) -> bool:
    """Whether the scenario has nothing but attrition and hiring, and every seat one holder who holds no other."""
    s = world.scenario
    if s.succession or s.contagion or s.shocks or s.growth or s.reorganization or s.interventions or planned(s):
        return False
    if s.hiring is not None and (s.hiring.recruiters or s.hiring.freezes):
        return False
    if any(rule.where.people for cause in s.attrition for rule in cause.rules) or any(g.vacant for g in s.population):
        return False
    held = [post for person in world.people for post, acting, _ in person.posts if not acting]
    alone = all(len(person.posts) == 1 and person.personal is None for person in world.people)
    made = sum(group.count for group in s.population)
    in_play = [seed for seed in world.posts if seed.in_play]
    single = all(seed.seats == 1 and not seed.unnamed for seed in in_play)
    ids = {seed.facts.id for seed in in_play}
    return (
        alone and single and len(held) == len(world.people) and ids.issuperset(held) and len(ids) == len(held) + made
    )


def _seats(world: World, attrition: Attrition) -> list[Seat]:
    hiring, groups = world.scenario.hiring, {group.id: group for group in world.scenario.population}
    facts = {seed.facts.id: seed.facts for seed in world.posts}
    found = []
    for number, opening in enumerate(world.openings):
        seed = world.people[number] if number < len(world.people) else None
        post = seed.posts[0][0] if seed is not None else opening.person.removesuffix("/0")
        group = None if seed is not None else groups[post.rpartition("/")[0]]
        laws = attrition.laws_of(opening.person, facts[post])
        fills = hiring is not None and facts[post].match(hiring.where)
        found.append(
            Seat(
                post, world.ranks[post], facts[post], opening.person, 0.0 if seed is None else seed.hired,
                seed is None or seed.counted, group, laws, fills,
            )
        )  # fmt: skip
    return found


class Follower:
    """Follows seats one by one, and keeps what changes."""

    def __init__(self, run: Run, attrition: Attrition) -> None:
        """Nothing has changed yet."""
        self.run = run
        self.horizon = run.world.horizon
        self.attrition = attrition
        self.changes: list[Change] = []
        self.columns: dict[int, list[Any]] = {}
        hiring: Hiring | None = run.scenario.hiring
        self.age = hiring.age if hiring is not None else None
        self.approve_in: DurationLaw | None = hiring.approve_in if hiring is not None else None
        self.stages = hiring.stages if hiring is not None else ()
        names = {stage.id: index for index, stage in enumerate(self.stages)}
        self.back = [names[stage.otherwise] if stage.otherwise else index for index, stage in enumerate(self.stages)]
        self.offer = max((n for n, stage in enumerate(self.stages) if stage.accept is not None), default=None)

    def follow(self, seat: Seat, due: float, cause: int) -> None:
        """From the first exit on: leave, fill, leave, fill, until the horizon."""
        horizon, person, changes = self.horizon, seat.person, self.changes
        post, number = seat.post, 0
        while due < horizon:
            number += 1
            vacancy: list[Any] = [post, number, due, 0, "departure", None, None, None, None, None, ()]
            changes.append((due, person, self.attrition.causes[cause].reason, vacancy))
            if not seat.fills:
                return
            vacancy[8] = due
            filled = self._fill(seat.rank, number, due, vacancy)
            if filled >= horizon:
                return
            person = f"hire/{post}/{number}"
            vacancy[5:8] = filled, "hired", person
            changes.append((filled, person, None, vacancy))
            due, cause = self._exit(seat, number, filled)

    def _fill(self, rank: int, number: int, now: float, vacancy: list[Any]) -> float:
        """When the vacancy of a number is filled; at the horizon or later, it is not."""
        draw, horizon, stages = self.run.columns.post, self.horizon, self.stages
        if self.approve_in is not None:
            now += self.approve_in.quantile(draw(rank, "approve", number))
        index, ordinal, end = 0, WIDTH * number, WIDTH * (number + 1)
        while index < len(stages) and now < horizon:
            stage = stages[index]
            now += stage.takes.quantile(draw(rank, self.attrition.stage_purposes[index][0], ordinal))
            if stage.accept is not None and now < horizon:
                if draw(rank, self.attrition.stage_purposes[index][1], ordinal) >= stage.accept:
                    ordinal += 1
                    if ordinal == end:
                        return horizon  # given up
                    index = self.back[index]
                    continue
                if index == self.offer:
                    vacancy[9] = now
            index += 1
        if self.offer is None and now < horizon:
            vacancy[9] = now
        return now
