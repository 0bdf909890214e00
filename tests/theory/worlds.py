"""What the scenarios of theory have in common: one organization, seats nobody names, rates by the year.

`YEAR` stands here once more: a package that counts other days must not count its own expectation with them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from orgsim import laws
from orgsim.dates import When
from orgsim.events import Event, OpenUnit
from orgsim.laws import DurationLaw, Exponential, HazardLaw, LognormalDuration
from orgsim.ledger import Ledger
from orgsim.scenario.model import Cause, Hiring, Population, Recruiters, Rule, Scenario, Stage, Where
from orgsim.simulate.engine import FlowMaker, compile_world, simulate
from orgsim.simulate.flows.succession import Choose
from orgsim.simulate.replication import Replication

YEAR = 365.25
STAY = YEAR / 0.15
"""The mean days somebody stays who leaves at 15 % a year."""
START = dt.date(2025, 1, 1)
FILL = LognormalDuration(60.0, 0.6)


def yearly(rate: float) -> HazardLaw:
    """A hazard of so much a year, as the package counts years."""
    return Exponential(rate / laws.DAYS_PER_YEAR)


def seats(count: int, id_: str = "seat", unit: str = "acme", **more: Any) -> Population:
    """Posts of one kind."""
    return Population(id_, count, unit, "made up", **more)


def leaving(law: HazardLaw, reason: str = "resignation", **where: Any) -> Cause:
    """A cause of departure with one rule."""
    return Cause(reason, (Rule(law, Where(**where)),))


def hiring(takes: DurationLaw, recruiters: int | None = None, **more: Any) -> Hiring:
    """One stage; with a number of recruiters, it needs one of them."""
    pool = () if recruiters is None else (Recruiters("team", recruiters),)
    return Hiring((Stage("work", takes, recruiter=recruiters is not None),), recruiters=pool, **more)


def scenario(*population: Population, days: int, past: Sequence[Event] = (), **more: Any) -> Scenario:
    """An organization from its first day, for so many days."""
    opened = OpenUnit(date=When.on(dt.date(2020, 1, 1)), unit="acme")
    ledger = Ledger((opened, *past))
    end = START + dt.timedelta(days)
    title = more.pop("title", "theory")
    return Scenario(
        title=title,
        ledger=ledger,
        organization="acme",
        start=START,
        end=end,
        population=population,
        **{"seed": 1, **more},
    )


def replications(
    plan: Scenario, count: int, *, flows: Sequence[FlowMaker] = (), choose: Choose | None = None
) -> Iterator[Replication]:
    """The first so many replications."""
    world = compile_world(plan)
    for k in range(count):
        yield simulate(world, k, choose=choose, flows=flows)


def vacant_days(found: Replication, until: float | None = None) -> float:
    """Days of vacancies, of all seats."""
    last = found.world.horizon if until is None else until
    return sum(max(0.0, min(last, last if v.ended is None else v.ended) - v.opened) for v in found.vacancies)


def vacant_at(found: Replication, time: float) -> int:
    """How many seats are vacant at an instant."""
    return sum(v.opened <= time and (v.ended is None or v.ended > time) for v in found.vacancies)


def exits(found: Replication, until: float = float("inf"), reason: str | None = None) -> list[tuple[float, str]]:
    """When who left."""
    return [
        (row[0], row[2]) for row in found.rows if row[1] == "depart" and row[0] < until and reason in (None, row[4])
    ]
