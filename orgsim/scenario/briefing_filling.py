"""The part of a briefing about how posts are filled: plans, promotion, acting cover, hiring, recruiters."""

from typing import Any, Protocol

from orgsim.laws import DAYS_PER_YEAR, DurationLaw
from orgsim.scenario import words
from orgsim.scenario.filling import time_to_fill
from orgsim.scenario.model import Freeze, Hiring, Plan, Scenario, Stage, Successor, Where
from orgsim.scenario.staff import Member, exits
from orgsim.simulate.matching import Facts

Data = dict[str, Any]
FULL = 0.9
"""The load of recruiters above which queues grow long."""


class Opening(Protocol):
    """A scenario with the people and posts of its first day, and their names."""

    scenario: Scenario
    people: list[Member]
    posts: dict[str, Facts]

    def day(self, day: float) -> str:
        """A day of the scenario as a date."""

    def person(self, id_: str) -> str:
        """The name of a person."""

    def post(self, id_: str) -> str:
        """The title of a post."""

    def where(self, where: Where | None, everything: str = "") -> str:
        """A condition in words."""

    def holders(self, post: str) -> list[str]:
        """Who holds a post."""

    def is_vacant(self, post: str) -> bool:
        """Whether nobody does."""


def _law(law: DurationLaw | None) -> str | None:
    return words.duration(law) if law is not None else None


# ------------------------------------------------------------------------------------------------------- succession


def succession(at: Opening) -> Data | None:
    """Plans, and who is on several; readiness, promotion, acting cover."""
    found = at.scenario.succession
    if found is None:
        return None
    several: dict[str, list[str]] = {}
    for post, plan in found.plans.items():
        for name in dict.fromkeys((*(s.person for s in plan.successors), plan.emergency)):
            if name is not None:
                several.setdefault(at.person(name), []).append(at.post(post))
    critical = [id_ for id_, facts in at.posts.items() if facts.critical]
    return {
        "plans": [_plan(at, post, plan) for post, plan in found.plans.items()],
        "on_several_plans": {name: posts for name, posts in several.items() if len(posts) > 1},
        "critical_without_plan": [at.post(id_) for id_ in critical if id_ not in found.plans],
        "readiness": {label: _law(law) or "never" for label, law in found.readiness.items()},
        "promote": _promote(at),
        "acting": _acting(at),
        "backfill": found.backfill,
    }


def _promote(at: Opening) -> Data | None:
    promote = at.scenario.succession.promote if at.scenario.succession is not None else None
    if promote is None:
        return None
    return {
        "where": at.where(promote.where, "any post"),
        "candidates": promote.candidates,
        "internal": promote.internal,
        "choose": promote.choose,
        "decide_in": _law(promote.decide_in),
        "accept": promote.accept,
        "stay": promote.stay,
    }


def _acting(at: Opening) -> Data | None:
    acting = at.scenario.succession.acting if at.scenario.succession is not None else None
    if acting is None:
        return None
    return {
        "where": at.where(acting.where, "any post"),
        "after": acting.after,
        "candidates": list(acting.candidates),
        "at_most": acting.at_most,
        "span": acting.span,
    }


def _plan(at: Opening, post: str, plan: Plan) -> Data:
    return {
        "post": at.post(post),
        "there": post in at.posts,
        "holders": [at.person(who) for who in at.holders(post)],
        "successors": [_successor(at, item) for item in plan.successors],
        "emergency": at.person(plan.emergency) if plan.emergency else None,
    }


def _successor(at: Opening, item: Successor) -> Data:
    """A successor; `ready_by` is the day by which half of such are ready, None for never."""
    readiness = at.scenario.succession.readiness if at.scenario.succession is not None else {}
    law = readiness.get(item.ready)
    by: float | None = 0.0 if item.ready == "now" and law is None else None
    if law is not None:
        by = max(0.0, item.rated + law.quantile(0.5))
    return {"person": at.person(item.person), "ready": item.ready, "ready_by": None if by is None else at.day(by)}


# ----------------------------------------------------------------------------------------------------------- hiring


def hiring(at: Opening) -> Data | None:
    """Stages, the time to fill, how busy recruiters are, freezes."""
    found = at.scenario.hiring
    if found is None:
        return None
    fill = time_to_fill(found)
    return {
        "where": at.where(found.where, "any post"),
        "approve_in": _law(found.approve_in),
        "stages": [_stage(stage) for stage in found.stages],
        "time_to_fill": {"mean": fill.mean, "median": fill.median, "p90": fill.p90},
        "recruiter_days": fill.recruiter,
        "order": list(found.order),
        "pools": _pools(at, found, fill.recruiter),
        "freezes": [_freeze(at, freeze) for freeze in found.freezes],
    }


def _stage(stage: Stage) -> Data:
    return {
        "id": stage.id,
        "takes": words.duration(stage.takes),
        "recruiter": stage.recruiter,
        "accept": stage.accept,
        "else": stage.otherwise or stage.id if stage.accept is not None else None,
    }


def _freeze(at: Opening, freeze: Freeze) -> Data:
    return {
        "id": freeze.id,
        "from": at.day(freeze.start),
        "until": at.day(freeze.end),
        "days": freeze.end - freeze.start,
        "except": at.where(freeze.excepted) or None,
        "pending": freeze.pending,
        "promotions": freeze.promotions,
        "source": freeze.source,
    }


def _pools(at: Opening, found: Hiring, busy: float) -> list[Data]:
    """The load offered to each pool: a year's exits from its posts, each of which is in the end filled from outside."""
    arrivals, vacant = [0.0] * len(found.recruiters), [0] * len(found.recruiters)

    def pool(facts: Facts) -> int | None:
        if facts.id not in at.posts or not facts.match(found.where):
            return None
        return next((n for n, one in enumerate(found.recruiters) if facts.match(one.where)), None)

    for member in at.people:
        number = pool(member.facts)
        if number is not None:
            arrivals[number] += member.weight * exits(member, at.scenario)
    for id_, facts in at.posts.items():
        number = pool(facts)
        if number is not None and at.is_vacant(id_):
            vacant[number] += 1
    loads = [yearly / DAYS_PER_YEAR * busy for yearly in arrivals]
    return [
        {
            "id": one.id,
            "count": one.count,
            "where": at.where(one.where, "any post"),
            "vacant_at_start": vacant[number],
            "requisitions_per_year": arrivals[number],
            "load": loads[number],
            "share": loads[number] / one.count,
            "overloaded": loads[number] / one.count > FULL,
        }
        for number, one in enumerate(found.recruiters)
    ]
