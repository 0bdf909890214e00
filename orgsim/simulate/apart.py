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
Tenure = Callable[[Run, Population, Any], float]
"""How long the holder of a post of a population has been there; of the post, its facts and rank are asked."""


@attrs.frozen
class Seat:
    """A seat and who holds it on the first day; `fills` says whether anybody is hired.

    `laws` are the hazards of whoever holds it, each with the number of its cause; there need not be one of every cause.
    """

    post: str
    rank: int
    facts: Facts
    person: str
    hired: float
    counted: bool
    group: Population | None
    laws: tuple[tuple[int, HazardLaw], ...]
    fills: bool


def is_apart(world: World) -> bool:
    """Whether what happens to each seat depends on no other."""
    if "apart" not in world.cache:
        world.cache["apart"] = _is_apart(world)
    found: bool = world.cache["apart"]
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
    return alone and single and len(held) == len(world.people) and ids.issuperset(held) and len(ids) == len(held) + made


def _seats(world: World, attrition: Attrition) -> list[Seat]:
    hiring, groups = world.scenario.hiring, {group.id: group for group in world.scenario.population}
    facts = {seed.facts.id: seed.facts for seed in world.posts}
    found = []
    for number, opening in enumerate(world.openings):
        seed = world.people[number] if number < len(world.people) else None
        post = seed.posts[0][0] if seed is not None else opening.person.removesuffix("/0")
        group = None if seed is not None else groups[post.rpartition("/")[0]]
        hazards = enumerate(attrition.laws_of(opening.person, facts[post]))
        laws = tuple((index, law) for index, law in hazards if law is not None)
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
        self.causes = attrition.causes
        self.draw, self.hire = run.columns.post, run.columns.hire
        hiring: Hiring | None = run.scenario.hiring
        self.age = hiring.age if hiring is not None else None
        self.approve_in: DurationLaw | None = hiring.approve_in if hiring is not None else None
        self.stages = hiring.stages if hiring is not None else ()
        self.purposes = [(f"stage/{stage.id}", f"accept/{stage.id}") for stage in self.stages]
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
            changes.append((due, person, self.causes[cause].reason, vacancy))
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
        draw, horizon, stages = self.draw, self.horizon, self.stages
        if self.approve_in is not None:
            now += self.approve_in.quantile(draw(rank, "approve", number))
        index, ordinal, end = 0, WIDTH * number, WIDTH * (number + 1)
        while index < len(stages) and now < horizon:
            stage = stages[index]
            now += stage.takes.quantile(draw(rank, self.purposes[index][0], ordinal))
            if stage.accept is not None and now < horizon:
                if draw(rank, self.purposes[index][1], ordinal) >= stage.accept:
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

    def _exit(self, seat: Seat, number: int, now: float) -> tuple[float, int]:
        """When, and of which cause, whoever is hired now for the vacancy of a number leaves."""
        draw, purposes, whom = self.hire, self.attrition.purposes, (seat.rank, number)
        due, first, age = self.horizon, -1, 0.0
        for index, law in seat.laws:
            if self.causes[index].clock == "age":
                if self.age is None:
                    continue
                age = now - (now - self.age.quantile(draw(whom, "age")))
            at = now + law.wait(age, -log(draw(whom, purposes[index])))
            if at < due:
                due, first = at, index
            age = 0.0
        return due, first

    def first_exits(self, seats: list[Seat], tenure: Tenure) -> dict[int, tuple[float, int]]:
        """Who leaves before the horizon of those there on the first day, by number: when, and of which cause."""
        run, found = self.run, dict[int, tuple[float, int]]()
        for index, cause in enumerate(self.causes):
            laws, least, posted, _ = self.attrition.table(index)
            uniforms = run.columns.column("person", self.attrition.purposes[index])
            values = uniforms.data
            for number in (uniforms > least).nonzero()[0].tolist():
                law, seat = laws[number], seats[number]
                origin = run.world.openings[number].birth if cause.clock == "age" else None
                if origin is None:
                    origin = posted[number] if cause.clock == "post" else None
                if origin is None:
                    origin = seat.hired if seat.group is None else -tenure(run, seat.group, seat)
                if law is not None:
                    due = law.wait(-origin, -log(values[number]))
                    if due < found.get(number, (self.horizon, 0))[0]:
                        found[number] = due, index
        return found


def simulate_apart(run: Run, number: int, tenure: Tenure) -> Replication | None:
    """The replication of a run in which only the opening is told; None if what happens needs the flows."""
    attrition = Attrition(run)
    seats: list[Seat] | None = run.world.cache.get("seats apart")
    if seats is None:
        seats = run.world.cache["seats apart"] = _seats(run.world, attrition)
    follower = Follower(run, attrition)
    exits = follower.first_exits(seats, tenure)
    for person, (due, cause) in exits.items():
        follower.follow(seats[person], due, cause)
    changes = sorted(follower.changes, key=itemgetter(0))
    uncounted = {seat.person for seat in seats if not seat.counted} if run.world.people else set()
    return _told(run, number, changes, uncounted)


def _told(run: Run, number: int, changes: list[Change], uncounted: set[str]) -> Replication | None:
    """What has changed, in order, as the flows would tell it; None if two seats changed at the same instant."""
    organization, horizon = run.scenario.organization, run.world.horizon
    rows, staff, left = run.rows, run.staff, run.exits
    gaps: dict[str, list[tuple[float, float]]] = {}
    vacancies: list[VacancyRecord] = []
    before, last = -1.0, ""
    for now, person, reason, vacancy in changes:
        post = vacancy[0]
        if now == before and post != last:
            return None
        before, last = now, post
        if reason is None:
            rows += ((now, "hire", person, "", organization), (now, "appoint", person, post, None))
            staff.append((now, 1))
            continue
        rows.append((now, "depart", person, "", reason))
        left[reason] = left.get(reason, 0) + 1
        if person not in uncounted:
            staff.append((now, -1))
        vacancy[3] = len(vacancies)
        vacancies.append(VacancyRecord(*vacancy))
        gap = (now, horizon if vacancy[5] is None else vacancy[5])
        if post in gaps:
            gaps[post].append(gap)
        else:
            gaps[post] = [gap]
    return Replication(
        world=run.world, number=number, rows=rows, vacancies=tuple(vacancies), missed=0, reached={}, staff=staff,
        seats=[], exits=left, gaps=gaps, opening=run.opening,
    )  # fmt: skip
