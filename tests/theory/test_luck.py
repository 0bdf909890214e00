"""Luck is keyed: a what-if changes nobody else's numbers, so few replications tell two futures apart.

The organization: 300 unlike seats, 7 recruiters who are busy two thirds of the time, five years.  What is measured are
the days of vacancies of these seats.  The variance of the difference between replications of the same number is
compared with that of independent ones, which is the sum of the variances of both.
"""

from collections.abc import Sequence

import attrs
import numpy as np
import pytest

from orgsim.laws import LognormalDuration, Weibull
from orgsim.scenario.model import Cause, Population, Rule, Scenario, Shock, Where
from orgsim.simulate.replication import Replication
from tests.theory.conftest import Told
from tests.theory.judging import AtLeast, Equality
from tests.theory.worlds import exits, hiring, replications, scenario, seats, vacant_days, yearly

DAYS = 1826
KINDS = 30


def organization(*more: Population, shocks: Sequence[Shock] = (), work: float = 30.0) -> Scenario:
    """Thirty kinds of seats, ten of each; their hazards are from 8 to 22 % a year, some of them fall with tenure."""
    groups = [seats(10, f"kind{i:02}", level=f"kind{i:02}") for i in range(KINDS)]
    rules = [
        Rule(
            yearly(0.08 + 0.14 * i / KINDS) if i % 3 else Weibull(0.8, 1500.0 + 100.0 * i),
            Where(levels=(f"kind{i:02}",)),
        )
        for i in range(KINDS)
    ]
    causes = (Cause("resignation", (*rules, Rule(yearly(0.15)))),)
    return scenario(
        *groups,
        *more,
        days=DAYS,
        attrition=causes,
        hiring=hiring(LognormalDuration(work, 0.6), 7),
        shocks=tuple(shocks),
    )


def check_untouched(count: int) -> tuple[Equality, ...]:
    """One post more: everybody else leaves for the first time when they did."""
    plan, grown = organization(), organization(seats(1, "added"))
    for before, after in zip(replications(plan, count), replications(grown, count), strict=True):
        first = {person: time for time, person in exits(before) if not person.startswith("hire/")}
        again = {person: time for time, person in exits(after) if not person.startswith(("hire/", "added/"))}
        assert first == again
        assert len(first) > 50
    return (Equality("L0", "first exits of 300 people, with a post more or without", f"{count} replications"),)


def test_untouched(told: Told) -> None:
    """One post more leaves everybody else's first exit where it was, to the last bit."""
    told(*check_untouched(6))


def reduction(plan: Scenario, other: Scenario, count: int) -> float:
    """How many times smaller the variance of the difference is than that of independent runs."""
    a = np.array([common_days(found) for found in replications(plan, count)])
    b = np.array([common_days(found) for found in replications(other, count)])
    assert a.std() > 0.0
    return float((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))


def common_days(found: Replication) -> float:
    """The days of vacancies of the posts that both organizations have."""
    return vacant_days(
        attrs.evolve(found, vacancies=tuple(v for v in found.vacancies if not v.post.startswith("added")))
    )


@pytest.mark.slow
def test_post_added(told: Told) -> None:
    """One post more, compared on the same luck, needs five hundred times fewer replications."""
    found = reduction(organization(), organization(seats(1, "added")), 150)
    told(AtLeast("L1", "variance reduction, one post more", 500.0, found))


@pytest.mark.slow
def test_departure(told: Told) -> None:
    """The departure of somebody named on day 100, compared on the same luck, needs a hundred times fewer."""
    leaves = Shock("leaves", 100.0, person="kind07/3/0")
    found = reduction(organization(), organization(shocks=[leaves]), 150)
    told(AtLeast("L2", "variance reduction, one named departure", 100.0, found))


@pytest.mark.slow
def test_long_queue(told: Told) -> None:
    """Where the queue is hardly ever empty, one post more delays many others, and luck helps less."""
    found = reduction(organization(work=45.0), organization(seats(1, "added"), work=45.0), 60)
    told(AtLeast("L3", "variance reduction, one post more, recruiters busy 95 % of the time", 100.0, found))


def check_unlike(count: int) -> tuple[Equality, ...]:
    """No two replications are alike."""
    futures = {tuple(exits(found)) for found in replications(organization(), count)}
    assert len(futures) == count
    return (Equality("L4", "no two replications alike", f"{count} replications"),)


def test_unlike(told: Told) -> None:
    """Every replication has luck of its own."""
    told(*check_unlike(6))
