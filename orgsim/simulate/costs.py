"""What a replication costs: vacancies, acting, hires and interventions, each apart."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import attrs

from orgsim.events import ChangePost, ChangeUnit, CloseUnit, CreatePost, OpenUnit
from orgsim.laws import DAYS_PER_YEAR
from orgsim.scenario.model import Cost, Growth, Intervention, Reorganization
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import growth_posts, planned
from orgsim.simulate.replication import Replication
from orgsim.simulate.world import World, ancestors


def costs(world: World, replication: Replication) -> dict[str, float]:
    """The cost of each kind that the scenario knows of, and of all, in its currency.

    A vacancy costs a share of the post's yearly salary for each year it lasts; that the salary is saved meanwhile is
    counted apart, as `saved`, and not subtracted.  Acting costs a share a year, a hire a share once.  An intervention
    costs what it costs, and so much for everyone it reached on its first day, in proportion to how much of it lies
    before the horizon.
    """
    cost, horizon = world.scenario.cost, world.horizon
    found: dict[str, float] = {}
    if cost is not None:
        found = {"vacancy": 0.0, "acting": 0.0, "hire": 0.0, "saved": 0.0}
        pay = _Salaries(world, cost)
        for vacancy in replication.vacancies:
            ended = horizon if vacancy.ended is None else vacancy.ended
            for yearly, days in pay.spans(vacancy.post, vacancy.opened, ended):
                found["vacancy"] += cost.vacancy * yearly * days
                found["saved"] += yearly * days
            for _, begin, end in vacancy.acting:
                for yearly, days in pay.spans(vacancy.post, max(0.0, begin), horizon if end is None else end):
                    found["acting"] += cost.acting * yearly * days
            if vacancy.how == "hired":
                found["hire"] += cost.hire * pay.on(vacancy.post, ended)
    found["interventions"] = 0.0
    for each in world.scenario.interventions:
        reached = replication.reached.get(each.id, 0)
        found["interventions"] += charged(each, horizon) * (each.cost + each.cost_per_person * reached)
    total = math.fsum(value for kind, value in found.items() if kind != "saved")
    return {"cost": total, **{f"cost/{kind}": value for kind, value in found.items()}}


def charged(intervention: Intervention, horizon: float) -> float:
    """The share of an intervention that lies before the horizon."""
    begin, end = intervention.start, intervention.end
    return (min(end, horizon) - begin) / (end - begin) if begin < horizon else 0.0


# ------------------------------------------------------------------------------------------------------------ salaries


@attrs.frozen
class _Place:
    """Since when a post is where it is; conditions on posts also find it as the one it is `like`."""

    since: float
    like: str
    unit: str
    level: str | None
    critical: bool


@attrs.frozen
class _Course:
    """How posts change as planned, and what units lie under, since when; both by time."""

    places: dict[str, list[_Place]]
    parents: list[tuple[float, dict[str, str | None]]]


class _Salaries:
    """The salary of each post, by the first rule that matches it as it is at the time, should all go as planned."""

    def __init__(self, world: World, cost: Cost) -> None:
        self._cost = cost
        course: _Course | None = world.cache.get("course")
        if course is None:
            course = world.cache["course"] = _course(world)
        self._course = course
        self._known: dict[str, tuple[tuple[float, float], ...]] = world.cache.setdefault("salaries", {})

    def spans(self, post: str, begin: float, end: float) -> Sequence[tuple[float, float]]:
        """The salary for one day, and for how many days, from one time to another; 0 where no rule matches."""
        steps = self._steps(post)
        if len(steps) == 1:
            return ((steps[0][1] / DAYS_PER_YEAR, end - begin),)
        found = []
        for (since, salary), (until, _) in pairwise((*steps, (math.inf, 0.0))):
            days = min(end, until) - max(begin, since)
            if days > 0.0:
                found.append((salary / DAYS_PER_YEAR, days))
        return found

    def on(self, post: str, time: float) -> float:
        """The yearly salary at a time."""
        return next(salary for since, salary in reversed(self._steps(post)) if since <= time)

    def _steps(self, post: str) -> tuple[tuple[float, float], ...]:
        """The yearly salaries, each with when it begins; the first always holds before."""
        steps = self._known.get(post)
        if steps is None:
            steps = self._known[post] = tuple(self._work_out(post)) or ((-math.inf, 0.0),)
        return steps

    def _work_out(self, post: str) -> Iterator[tuple[float, float]]:
        places, trees = self._course.places.get(post, []), self._course.parents
        times = sorted({place.since for place in places} | {since for since, _ in trees[1:]})
        before: float | None = None
        for time in times if places else ():
            place = next((place for place in reversed(places) if place.since <= time), places[0])
            parents = next(tree for since, tree in reversed(trees) if since <= time)
            salary = self._salary(post, place, parents)
            if salary != before:
                yield (-math.inf if before is None else time), salary
            before = salary

    def _salary(self, post: str, place: _Place, parents: dict[str, str | None]) -> float:
        units = ancestors(place.unit, parents)
        named = [Facts(id_, place.unit, units, place.level, critical=place.critical) for id_ in (post, place.like)]
        return next((rule.amount for rule in self._cost.salaries if any(f.match(rule.where) for f in named)), 0.0)


def _course(world: World) -> _Course:
    """Follow planned events, reorganizations and growth, in the order of the engine's edges."""
    seeds = (seed.facts for seed in world.posts)
    opening = {f.id: [_Place(-math.inf, f.id, f.unit, f.level, f.critical)] for f in seeds}
    course = _Course(opening, [(-math.inf, world.parents)])
    scenario = world.scenario
    changes: list[tuple[float, Any]] = [((event.date.day - scenario.start).days, event) for event in planned(scenario)]
    changes += [(change.day, change) for change in scenario.reorganization]
    changes += [(day, (growth, post)) for growth in scenario.growth for day, post in growth_posts(growth)]
    for day, change in sorted(changes, key=lambda each: each[0]):
        if isinstance(change, CreatePost | ChangePost):
            _set(course, day, change)
        elif isinstance(change, OpenUnit | ChangeUnit | CloseUnit | Reorganization):
            _move(course, day, change)
        elif isinstance(change, tuple):
            _grow(course, day, *change)
    return course


def _set(course: _Course, day: float, event: CreatePost | ChangePost) -> None:
    steps = course.places.setdefault(event.post, [])
    if isinstance(event, CreatePost):
        steps.append(_Place(day, event.post, event.unit, event.level, event.critical))
    elif steps:
        last = steps[-1]
        critical = last.critical if event.critical is None else event.critical
        steps.append(_Place(day, last.like, event.unit or last.unit, event.level or last.level, critical))


def _grow(course: _Course, day: float, growth: Growth, post: str) -> None:
    for like in course.places.get(growth.like, ())[-1:]:
        course.places[post] = [attrs.evolve(like, since=day, like=growth.like, unit=growth.unit or like.unit)]


def _move(course: _Course, day: float, change: OpenUnit | ChangeUnit | CloseUnit | Reorganization) -> None:
    parents = dict(course.parents[-1][1])
    if isinstance(change, Reorganization):
        parents |= change.units
    elif not isinstance(change, CloseUnit):
        if isinstance(change, OpenUnit) or change.parent is not None:
            parents[change.unit] = change.parent
    elif change.into is not None:
        parents = {unit: change.into if above == change.unit else above for unit, above in parents.items()}
        for steps in course.places.values():
            if steps and steps[-1].unit == change.unit:
                steps.append(attrs.evolve(steps[-1], since=day, unit=change.into))
    course.parents.append((day, parents))
