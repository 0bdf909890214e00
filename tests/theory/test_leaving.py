"""V8, V9, V12, V14: who leaves, when, and why: small groups, contagion, causes, retention."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from scipy.integrate import quad
from scipy.stats import binom

from orgsim.laws import Constant, HazardLaw, Weibull
from orgsim.scenario.model import Cause, Contagion, Intervention, Population, Rule, Where
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge, judge_ratio
from tests.theory.worlds import (
    FILL,
    STAY,
    YEAR,
    exits,
    hiring,
    leaving,
    replications,
    scenario,
    seats,
    yearly,
)

TEAMS = 100

# -------------------------------------------------------------------------------------------------------- small groups


def teams(size: int, count: int = TEAMS, **more: Any) -> list[Population]:
    """Independent teams, many in one replication."""
    return [seats(size, f"team{i}", **more) for i in range(count)]


def team_of(id_: str) -> int:
    """The number of the team, from the id of a post or of somebody who was there at first or was hired."""
    return int(id_.removeprefix("hire/").partition("/")[0].removeprefix("team"))


def check_leaders(count: int, sees: float) -> tuple[Finding, ...]:
    """Eight leaders at 15 % a year whom nobody follows."""
    plan = scenario(*teams(8), days=73_050, attrition=(leaving(yearly(0.15)),))
    both, first, second, last = [], [], [], []
    for found in replications(plan, count):
        when: list[list[float]] = [[] for _ in range(TEAMS)]
        for time, person in exits(found):
            when[team_of(person)].append(time)
        both += [float(sum(time < 90.0 for time in times) >= 2) for times in when]
        first += [times[0] for times in when]
        second += [times[1] for times in when]
        last += [times[-1] for times in when]
        assert all(len(times) == 8 for times in when)
    leave = 1.0 - math.exp(-90.0 / STAY)
    return (
        judge("V8", "chance that two of eight leave in 90 d", float(binom.sf(1, 8, leave)), both, sees=8 * sees),
        judge("V8", "days until the first of eight leaves", STAY / 8, first, sees=sees),
        judge("V8", "days until the second of eight leaves", STAY * (1 / 8 + 1 / 7), second, sees=sees),
        judge("V8", "days until the last of eight leaves", STAY * sum(1 / n for n in range(1, 9)), last, sees=sees),
    )


def check_two_at_once(count: int, sees: float) -> tuple[Finding, ...]:
    """Eight leaders, each replaced at once: two exits within 30 days of each other, in five years."""
    days, window, rate = 5 * YEAR, 30.0, 8 / STAY
    plan = scenario(*teams(8), days=1827, attrition=(leaving(yearly(0.15)),), hiring=hiring(Constant(0.0)))
    near = []
    for found in replications(plan, count):
        when: list[list[float]] = [[] for _ in range(TEAMS)]
        for time, person in exits(found, days):
            when[team_of(person)].append(time)
        near += [float(any(b - a < window for a, b in pairwise(t))) for t in when]
    # The chance of n exits, all at least the window apart: T^n / n! shrinks to (T - (n - 1) w)^n / n!.
    apart = math.exp(-rate * days) * math.fsum(
        rate**n * (days - (n - 1) * window) ** n / math.factorial(n) for n in range(1, 1 + int(days / window))
    )
    exact = 1.0 - apart - math.exp(-rate * days)
    return (judge("V8", "chance of two exits of eight within 30 d, in 5 y", exact, near, sees=sees),)


def check_two_vacant(count: int, sees: float) -> tuple[Finding, ...]:
    """Eight leaders in equilibrium: two or more posts vacant on the first day."""
    group = teams(8, tenure="stationary", vacant="stationary")
    plan = scenario(*group, days=2, attrition=(leaving(yearly(0.15)),), hiring=hiring(FILL))
    both = []
    for found in replications(plan, count):
        vacant = [0] * TEAMS
        for vacancy in found.vacancies:
            vacant[team_of(vacancy.post)] += vacancy.opened == 0.0
        both += [float(number >= 2) for number in vacant]
    exact = float(binom.sf(1, 8, FILL.mean() / (FILL.mean() + STAY)))
    return (judge("V8", "chance that two of eight posts are vacant", exact, both, sees=sees),)


def test_leaders(told: Told) -> None:
    """The first, the second, the last of eight leaders leave when order statistics say."""
    told(*check_leaders(30, sees=0.08))


@pytest.mark.slow
def test_two_at_once(told: Told) -> None:
    """Exits come near each other as often as in a Poisson process."""
    told(*check_two_at_once(60, sees=0.07))


@pytest.mark.slow
def test_two_vacant(told: Told) -> None:
    """Posts are vacant independently of each other."""
    told(*check_two_vacant(60, sees=0.4))


# ----------------------------------------------------------------------------------------------------------- contagion


def exposed(law: HazardLaw, days: float, leader: float, times: float, lasting: float) -> float:
    """The chance that a report leaves in so many days, if the leader's exit multiplies the hazard for a time."""

    def stays(exit_: float) -> float:
        extra = law.between(exit_, min(days, exit_ + lasting))
        return math.exp(-law.cumulative(days) - (times - 1.0) * extra)

    kinks = [days - lasting] if lasting < days else None
    meanwhile = quad(lambda t: leader * math.exp(-leader * t) * stays(t), 0.0, days, points=kinks, epsabs=1e-12)[0]
    return 1.0 - meanwhile - math.exp(-leader * days) * stays(days)


def check_contagion(name: str, law: Callable[[], HazardLaw], count: int, sees: float) -> tuple[Finding, ...]:
    """Leaders at 20 % a year; eight reports each, whose hazard is tripled for 180 days when the leader leaves."""
    days = 2 * YEAR
    groups = [
        part
        for i in range(TEAMS)
        for part in (
            seats(1, f"leader{i}", level="leader"),
            seats(8, f"team{i}", level="report", reports_to=f"leader{i}/1"),
        )
    ]
    causes = (Rule(yearly(0.20), Where(levels=("leader",))), Rule(law()))
    spreads = Contagion("grief", 3.0, 180.0, of=Where(levels=("leader",)))
    plan = scenario(*groups, days=731, attrition=(Cause("resignation", causes),), contagion=(spreads,))
    gone = []
    for found in replications(plan, count):
        reports = [person for _, person in exits(found, days) if person.startswith("team")]
        by_team = [0.0] * TEAMS
        for person in reports:
            by_team[team_of(person)] += 1.0
        gone += by_team
    exact = 8.0 * exposed(law(), days, 0.20 / YEAR, 3.0, 180.0)
    return (judge("V9", f"of eight reports, leave in 2 y, {name}", exact, gone, sees=sees),)


def eager() -> HazardLaw:
    """Newcomers leave first."""
    return Weibull(0.6, 8.0 * YEAR)


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("exponential", lambda: yearly(0.15)),
        pytest.param("Weibull 0.6, new on the first day", eager, marks=pytest.mark.slow),
    ],
)
def test_contagion(name: str, law: Callable[[], HazardLaw], told: Told) -> None:
    """A leader's exit speeds up the clocks of the reports; the clocks keep what they have run already."""
    told(*check_contagion(name, law, 40, sees=0.05))


def test_exposure() -> None:
    """The exact values are those that were worked out by hand."""
    law = yearly(0.15)
    assert 8.0 * exposed(law, 730.5, 0.2 / YEAR, 3.0, 180.0) == pytest.approx(2.31486532, abs=1e-8)
    assert 8.0 * exposed(law, 730.5, 0.2 / YEAR, 1.0, 180.0) == pytest.approx(8.0 * (1.0 - math.exp(-0.3)))


# --------------------------------------------------------------------------------------------------------------- causes


def check_causes(count: int, sees: float) -> tuple[Finding, ...]:
    """Resignation at 12 % a year, dismissal at 3 %."""
    causes = (leaving(yearly(0.12)), leaving(yearly(0.03), "dismissal"))
    plan = scenario(seats(1000), days=1827, attrition=causes)
    until = 5 * YEAR
    resigned, left = [], []
    for found in replications(plan, count):
        resigned.append(float(len(exits(found, until, "resignation"))))
        left.append(float(len(exits(found, until))))
    incidence = 0.8 * (1.0 - math.exp(-0.15 * 5.0))
    return (
        judge_ratio("V12", "share of resignations among exits", 0.8, resigned, left, sees=sees),
        judge("V12", "chance to resign in 5 y", incidence, [number / 1000 for number in resigned], sees=sees),
    )


def test_causes(told: Told) -> None:
    """Causes compete, and each has as many as its share of the hazard."""
    told(*check_causes(20, sees=0.05))


# ----------------------------------------------------------------------------------------------------------- retention


def check_retention(
    name: str, law: Callable[[], HazardLaw], begin: float, count: int, sees: float
) -> tuple[Finding, ...]:
    """A thousand people whose hazard is multiplied by 0.7 for a year, against the same people without that."""
    end = begin + YEAR
    plan: dict[str, Any] = {"days": 2000, "attrition": (leaving(law()),)}
    stay = Intervention("bonus", begin, end, hazards={"resignation": 0.7})
    without = replications(scenario(seats(1000), **plan), count)
    with_it = replications(scenario(seats(1000), interventions=(stay,), **plan), count)
    saved = []
    for before, after in zip(without, with_it, strict=True):
        a, b = exits(before, end), exits(after, end)
        assert {person for _, person in b} <= {person for _, person in a}  # on the same luck, nobody leaves earlier
        saved.append(float(len(a) - len(b)))
    meanwhile = law().between(begin, end)
    reach = math.exp(-law().cumulative(begin))
    exact = 1000.0 * reach * (math.exp(-0.7 * meanwhile) - math.exp(-meanwhile))
    return (judge("V14", f"exits avoided among 1,000, {name}", exact, saved, sees=sees),)


def test_retention(told: Told) -> None:
    """A program that takes three tenths off the hazard avoids as many exits as arithmetic says."""
    told(*check_retention("exponential, first year", lambda: yearly(0.15), 0.0, 15, sees=0.25))


@pytest.mark.slow
def test_retention_of_those_who_stayed(told: Told) -> None:
    """It finds those who are still there, with what is left of their clocks."""
    told(*check_retention("Weibull 0.6, second year", eager, YEAR, 60, sees=0.12))
