"""V1, V10: seats that fall vacant and are filled again, in equilibrium from the first day; and a freeze upon them."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from orgsim.laws import Exponential, HazardLaw, Weibull
from orgsim.scenario.model import Cause, Freeze, Rule, Scenario, Where
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge, judge_variance
from tests.theory.renewal import Renewal, renewal
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
    vacant_at,
    vacant_days,
    yearly,
)

DAYS = 1826
WEIBULL = Weibull(0.8, STAY / math.gamma(1.0 + 1.0 / 0.8))


def equilibrium(law: HazardLaw, count: int = 1000, days: int = DAYS, **more: Any) -> Scenario:
    """Seats whose holders have been there, and whose vacancies have lasted, as in a process that has run forever."""
    group = seats(count, tenure="stationary", vacant="stationary")
    return scenario(group, days=days, attrition=(leaving(law),), hiring=hiring(FILL, **more))


def exact(law: HazardLaw, days: float = DAYS, step: float = 1.0) -> Renewal:
    """What renewal theory says of them."""
    return renewal(law.survival, FILL.survival, (STAY, 60.0 * math.exp(0.5 * 0.6**2)), days, step)


# ------------------------------------------------------------------------------------------------- alternating renewal


def check_vacancy(name: str, law: HazardLaw, count: int, sees: float, spread: float) -> tuple[Finding, ...]:
    """The share of time seats are vacant, its spread from seat to seat, and how many are vacant at an instant."""
    theory = exact(law)
    fill = 60.0 * math.exp(0.5 * 0.6**2)
    share = fill / (fill + STAY)
    size, instants = 1000, np.array([0.0, 300.0, 900.0, 1800.0])
    by_seat = np.zeros((count, size))
    snapshots = np.zeros((count, len(instants)))
    for k, found in enumerate(replications(equilibrium(law, size), count)):
        for vacancy in found.vacancies:
            ended = DAYS if vacancy.ended is None else vacancy.ended
            by_seat[k, int(vacancy.post.removeprefix("seat/")) - 1] += (ended - vacancy.opened) / DAYS
            snapshots[k] += (vacancy.opened <= instants) & (instants < ended)
    whole = theory.deviation()
    variance = judge_variance(
        "V1", f"variance of a seat's share of five years vacant, {name}", whole**2, by_seat.ravel().tolist(),
        about=share, sees=spread,
    )  # fmt: skip
    snapshot = snapshots[:, [1, 3]].ravel().tolist()
    return (
        judge(
            "V1", f"share of time vacant, {name}", share, by_seat.mean(axis=1).tolist(), sees=sees,
            deviation=whole / math.sqrt(size),
        ),
        variance,
        judge("V1", f"seats vacant on the first day, {name}", size * share, snapshots[:, 0].tolist(), sees=0.2),
        judge_variance(
            "V1", f"variance of the seats vacant at an instant, {name}", float(binom.var(size, share)), snapshot,
            about=float(binom.mean(size, share)), sees=1.2,
        ),
    )  # fmt: skip


def test_vacancy(told: Told) -> None:
    """A thousand seats at 15 % a year are vacant as long as an alternating renewal process is."""
    told(*check_vacancy("exponential, 20 runs", yearly(0.15), 20, sees=0.039, spread=0.2))


@pytest.mark.slow
def test_vacancy_to_one_percent(told: Told) -> None:
    """Enough runs of a thousand seats to see a bias of one percent at four standard errors."""
    told(*check_vacancy("exponential", yearly(0.15), 291, sees=0.01, spread=0.06))


@pytest.mark.slow
def test_vacancy_whatever_the_law(told: Told) -> None:
    """Those who leave early more often leave as many vacancies, from the first day on."""
    told(*check_vacancy("Weibull 0.8", WEIBULL, 100, sees=0.02, spread=0.1))


def check_rules(count: int, sees: float) -> tuple[Finding, ...]:
    """Thirty percent a year in the first year, then twelve; beside that, three by dismissal."""
    newcomers = Cause("resignation", (Rule(yearly(0.30), Where(tenure_under=YEAR)), Rule(yearly(0.12))))
    group = seats(1000, tenure="stationary", vacant="stationary")
    causes = (newcomers, leaving(yearly(0.03), "dismissal"))
    plan = scenario(group, days=DAYS, attrition=causes, hiring=hiring(FILL))
    # The mean stay is the integral of the survival: with hazard a until the first year is over, then b.
    a, b = 0.33 / YEAR, 0.15 / YEAR
    stay = (1.0 - math.exp(-a * YEAR)) / a + math.exp(-a * YEAR) / b
    share = FILL.mean() / (FILL.mean() + stay)
    vacant, last, left = [], [], []
    for found in replications(plan, count):
        vacant.append(vacant_days(found) / DAYS / 1000)
        last.append(vacant_at(found, DAYS - 1.0) / 1000)
        left.append(float(len(exits(found))))
    cycles = 1000 * DAYS / (stay + FILL.mean())
    return (
        judge("V1", "share of time vacant, newcomers leave more, two causes", share, vacant, sees=sees),
        judge("V1", "share vacant on the last day, newcomers leave more, two causes", share, last, sees=4 * sees),
        judge("V1", "exits in five years, newcomers leave more, two causes", cycles, left, sees=sees),
    )


@pytest.mark.slow
def test_vacancy_by_rules(told: Told) -> None:
    """Rules by tenure and several causes have an equilibrium too, and it lasts from the first day to the last."""
    told(*check_rules(40, sees=0.03))


def test_renewal_equations() -> None:
    """The solver of the exact values agrees with the closed form for two exponential laws."""
    stay, fill, days = 500.0, 70.0, 1000.0
    found = renewal(lambda t: math.exp(-t / stay), lambda t: math.exp(-t / fill), (stay, fill), days, 0.5)
    share, speed = fill / (fill + stay), 1.0 / fill + 1.0 / stay
    assert found.at("vacant", 100.0) == pytest.approx(share + (1.0 - share) * math.exp(-100.0 * speed), rel=1e-4)
    assert found.at("after_hire", 100.0) == pytest.approx(share * (1.0 - math.exp(-100.0 * speed)), rel=1e-4)
    integral = (days - (1.0 - math.exp(-speed * days)) / speed) / speed
    assert found.deviation() == pytest.approx(math.sqrt(2.0 * share * (1.0 - share) * integral) / days, rel=1e-4)


# ------------------------------------------------------------------------------------------------------------- freezes


def check_freeze(count: int, sees: float) -> tuple[Finding, ...]:
    """While everything is suspended, seats only fall vacant; afterwards what was left of each search goes on."""
    theory = exact(Exponential(0.15 / YEAR), days=90.0, step=0.5)
    p, leave = theory.share, 1.0 - math.exp(-180.0 / STAY)
    at_end = 1.0 - (1.0 - p) * math.exp(-180.0 / STAY)
    later = p * theory.at("vacant", 60.0) + (1.0 - p) * (
        leave * theory.at("after_exit", 60.0) + (1.0 - leave) * theory.at("after_hire", 60.0)
    )
    findings = []
    for begin, when in ((0.0, "on the first day"), (200.0, "on day 200")):
        plan = equilibrium(yearly(0.15), days=461, freezes=(Freeze("freeze", begin, begin + 180.0, pending="suspend"),))
        end, after = [], []
        for found in replications(plan, count):
            end.append(vacant_at(found, begin + 180.0 - 1e-6) / 1000)
            after.append(vacant_at(found, begin + 240.0) / 1000)
        findings += [
            judge("V10", f"vacant after a freeze of 180 d {when}", at_end, end, sees=sees),
            judge("V10", f"vacant 60 d after that freeze {when}", later, after, sees=1.5 * sees),
        ]
    return tuple(findings)


@pytest.mark.slow
def test_freeze(told: Told) -> None:
    """A freeze that suspends everything lets vacancies grow as people leave, and resumes where it stopped."""
    told(*check_freeze(30, sees=0.08))
