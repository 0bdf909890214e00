"""What stands still: of each post, by rank, whatever depends on nothing but the world."""

from typing import Any

import attrs

from orgsim.laws import HazardLaw
from orgsim.scenario.model import CRITICAL, NEVER, Contagion, Plan, Scenario, Where
from orgsim.simulate.flows.attrition import Attrition
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.world import World

KNOWN = frozenset({
    "assumptions", "attrition", "born", "contagion", "cost", "digest", "end", "hiring", "interventions", "kept",
    "known", "ledger", "levels", "organization", "population", "replications", "report", "seed", "shocks", "start",
    "story", "succession", "title", "variant", "where",
})  # fmt: skip
"""The parts of a scenario that are understood here; any other must be as if nothing were said."""
_NO_PLAN = Plan()


@attrs.frozen(eq=False)
class Tables:
    """Of each post, by rank; `boss` is -1 where a line leads nowhere."""

    facts: list[Facts]
    boss: list[int]
    reports: list[tuple[int, ...]]
    laws: list[tuple[HazardLaw | None, ...]]
    spreads: list[tuple[tuple[int, Contagion], ...]]
    """The entries of contagion that an exit from there may set off."""
    plans: list[Plan]
    promotes: list[bool]
    """Whether people on no plan are asked, by the rule of promotion."""
    backfills: list[bool]
    """Whether the post is filled again when its holder was promoted."""
    covers: list[bool]
    """Whether somebody acts while it is vacant."""
    hires: list[bool]
    pool: list[int | None]
    before: list[tuple[float, ...]]
    after: list[tuple[float, ...]]
    """What stands before and after the age of a requisition in the order of a queue."""
    by_age: bool
    """Whether the age counts there at all."""


def is_standing(world: World) -> bool:
    """Whether posts, units and lines stay as they are, and everybody holds one post of a single seat."""
    found: bool | None = world.cache.get("is standing")
    if found is None:
        found = world.cache["is standing"] = _is_standing(world)
    return found


def _is_standing(world: World) -> bool:
    scenario = world.scenario
    for field in attrs.fields(Scenario):
        if field.name not in KNOWN and getattr(scenario, field.name):
            return False
    if planned(scenario) or any(shock.to for shock in scenario.shocks) or any(g.vacant for g in scenario.population):
        return False
    if any(rule.where.people for cause in scenario.attrition for rule in cause.rules):
        return False
    if scenario.hiring is not None and scenario.hiring.order.count("age") > 1:
        return False
    for seed in world.posts:
        if not seed.in_play or seed.seats != 1 or seed.unnamed or len(seed.order) > 1:
            return False
    held = [post for person in world.people for post, acting, _ in person.posts if not acting]
    alone = all(len(person.posts) == 1 and person.personal is None for person in world.people)
    return alone and len(set(held)) == len(held) == len(world.people) and len(world.ranks) == len(world.posts)


def tables_of(world: World, attrition: Attrition) -> Tables:
    """The tables of a world, made once."""
    found: Tables | None = world.cache.get("standing")
    if found is None:
        found = world.cache["standing"] = _tables(world, attrition)
    return found


def _tables(world: World, attrition: Attrition) -> Tables:
    scenario, ranks = world.scenario, world.ranks
    facts = [seed.facts for seed in world.posts]  # in the order of ids, which is that of ranks
    boss = [-1] * len(facts)
    reports: list[list[int]] = [[] for _ in facts]
    for below, above in world.lines:
        boss[ranks[below]] = ranks[above]
        reports[ranks[above]].append(ranks[below])
    succession, hiring = scenario.succession, scenario.hiring
    plans = succession.plans if succession is not None else {}
    rule = succession.promote if succession is not None else None
    acting = succession.acting if succession is not None else None
    backfill = succession.backfill if succession is not None else "always"
    looks = rule is not None and rule.candidates != "plan"
    pools, order = (hiring.recruiters, hiring.order) if hiring is not None else ((), ())
    places = [_place(scenario, each) for each in facts]
    age = order.index("age") if "age" in order else len(order)
    return Tables(
        facts=facts,
        boss=boss,
        reports=[tuple(below) for below in reports],
        laws=[attrition.laws_of("", each) for each in facts],
        spreads=[
            tuple((n, entry) for n, entry in enumerate(scenario.contagion) if each.decide(entry.of) is not False)
            for each in facts
        ],
        plans=[plans.get(each.id, _NO_PLAN) for each in facts],
        promotes=[looks and rule is not None and each.match(rule.where) for each in facts],
        backfills=[backfill != NEVER and (backfill != CRITICAL or each.critical) for each in facts],
        covers=[acting is not None and each.match(acting.where) for each in facts],
        hires=[hiring is not None and each.match(hiring.where) for each in facts],
        pool=[next((n for n, p in enumerate(pools) if each.match(p.where)), None) for each in facts],
        before=[tuple(place[what] for what in order[:age]) for place in places],
        after=[tuple(place[what] for what in order[age + 1 :]) for place in places],
        by_age="age" in order,
    )


def _place(scenario: Scenario, facts: Facts) -> dict[str, float]:
    """The place of a post in a queue of requisitions, by each part of the order but the age."""
    levels: dict[Any, int] = {level: rank for rank, level in enumerate(scenario.levels)}
    return {"critical": float(not facts.critical), "level": float(levels.get(facts.level or "", len(levels)))}


def covered(tables: Tables, excepted: Where | None) -> list[bool]:
    """Which posts something is about, by rank, if it is about all but some."""
    return [excepted is None or not facts.match(excepted) for facts in tables.facts]
