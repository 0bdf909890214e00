"""V2, V3, V7: vacancies that wait for few recruiters, in equilibrium from the first instant.

The number of vacancies at the beginning is drawn from the exact law; as work is exponential, nothing more need be
known of them.  Then no time is lost on warming up, and no bias comes from too little of it.
"""

import pytest
from scipy.integrate import quad

from orgsim.laws import Constant, DurationLaw, ExponentialDuration, UniformDuration
from orgsim.scenario.model import Hiring, Recruiters, Stage
from orgsim.simulate.draws import Luck
from tests.theory.conftest import Told
from tests.theory.flows import exits
from tests.theory.judging import Finding, judge, judge_ratio, judge_variance
from tests.theory.queues import Finite, Open, vacant_in_stages
from tests.theory.worlds import (
    FILL,
    STAY,
    YEAR,
    hiring,
    leaving,
    replications,
    scenario,
    seats,
    vacant_at,
    vacant_days,
    yearly,
)

# ---------------------------------------------------------------------------------------------- open, limited: M/M/c


def check_open(servers: int, count: int, years: int, sees: tuple[float, float, float, float]) -> tuple[Finding, ...]:
    """150 requisitions a year, 45 days of work each."""
    theory = Open(150.0 / YEAR, 45.0, servers)
    days, law = round(years * YEAR), ExponentialDuration(45.0)
    plan = scenario(seats(400), days=days, hiring=hiring(law, servers))
    waits: list[list[float]] = []
    present = []
    for k, found in enumerate(replications(plan, count, flows=[exits(theory.arrival, theory.shares())])):
        luck = Luck(plan.seed, k)
        waits.append([])
        present.append(vacant_days(found) / days)
        for v in found.vacancies:
            # Nobody waits as long as the 1,000 days before the end, so none of these is cut off by it.
            if 0.0 < v.opened < days - 1000 and v.ended is not None:
                work = law.quantile(luck.uniform(v.post, "stage/work", 4096 * v.number))
                waits[-1].append(v.ended - v.opened - work)
    number = [float(len(column)) for column in waits]

    def share(least: float) -> list[float]:
        return [float(sum(wait > least for wait in column)) for column in waits]

    name = f"{servers} recruiters, open"
    return (
        judge_ratio("V2", f"mean wait for one of {name}", theory.wait, [*map(sum, waits)], number, sees=sees[0]),
        judge_ratio(
            "V2", f"chance to wait for one of {name}", theory.waiting_chance, share(1e-6), number, sees=sees[1]
        ),
        judge_ratio(
            "V2", f"chance to wait 30 d for one of {name}", theory.waits_longer(30.0), share(30.0), number, sees=sees[2]
        ),
        judge("V2", f"open requisitions, {name}", theory.present, present, sees=sees[3]),
    )


@pytest.mark.slow
def test_open(told: Told) -> None:
    """Requisitions that come as a Poisson process wait for recruiters as in M/M/c, close to its limit."""
    told(*check_open(20, 60, 30, sees=(0.25, 0.07, 0.25, 0.08)))


# ------------------------------------------------------------------------------------- closed, limited: finite source


def check_closed(theory: Finite, count: int, years: int, sees: float) -> tuple[Finding, ...]:
    """Seats at 15 % a year, and few recruiters who do exponential work."""
    days = round(years * YEAR)
    plan = scenario(
        seats(theory.seats), days=days, attrition=(leaving(yearly(0.15)),),
        hiring=hiring(ExponentialDuration(theory.work), theory.servers),
    )  # fmt: skip
    vacant, fill, fills = [], [], []
    for found in replications(plan, count, flows=[exits(standing=theory.shares())]):
        vacant.append(vacant_days(found) / days / theory.seats)
        filled = [v.ended - v.opened for v in found.vacancies if 0.0 < v.opened < days - 1000.0 and v.ended is not None]
        fill.append(sum(filled))
        fills.append(float(len(filled)))
    name = f"{theory.seats:,} seats, {theory.servers} recruiter{'s' * (theory.servers > 1)}, {theory.work:g} d"
    return (
        judge("V3", f"share vacant, {name}", theory.vacant, vacant, sees=sees),
        judge_ratio("V3", f"days to fill, {name}", theory.fill, fill, fills, sees=sees),
    )


@pytest.mark.parametrize(
    ("plan", "count", "years", "sees"),
    [
        (Finite(40, STAY, 30.0, 1), 20, 150, 0.1),
        pytest.param(Finite(100, STAY, 30.0, 2), 30, 80, 0.07, marks=pytest.mark.slow),
        pytest.param(Finite(200, STAY, 25.0, 3), 30, 40, 0.07, marks=pytest.mark.slow),
        pytest.param(Finite(1000, STAY, 45.0, 20), 20, 25, 0.08, marks=pytest.mark.slow),
        pytest.param(Finite(1000, STAY, 45.0, 16), 20, 25, 0.14, marks=pytest.mark.slow),
    ],
    ids=lambda value: f"{value.seats}-{value.servers}" if isinstance(value, Finite) else "",
)
def test_closed(plan: Finite, count: int, years: int, sees: float, told: Told) -> None:
    """Seats wait for recruiters as in the queue with a finite source, on both sides of the cliff."""
    told(*check_closed(plan, count, years, sees))


def check_stages(count: int, sees: float) -> tuple[Finding, ...]:
    """One recruiter who searches and makes the offer, before turning to the next seat."""
    days = 40_000
    stages = tuple(Stage(name, ExponentialDuration(15.0), recruiter=True) for name in ("search", "offer"))
    plan = scenario(
        seats(40, vacant=0.02), days=days, attrition=(leaving(yearly(0.15)),),
        hiring=Hiring(stages, recruiters=(Recruiters("team", 1),)),
    )  # fmt: skip
    # From anywhere, the chain is in equilibrium within a thousand days, as far as 40,000 can show.
    vacant = [
        (vacant_days(found) - vacant_days(found, 1000.0)) / (days - 1000.0) / 40 for found in replications(plan, count)
    ]
    exact = vacant_in_stages(40, STAY, (15.0, 15.0))
    return (judge("V3", "share vacant, 40 seats, one recruiter for two stages", exact, vacant, sees=sees),)


@pytest.mark.slow
def test_stages(told: Told) -> None:
    """A recruiter is kept from one stage to the next: then work in two stages makes queues, less than in one."""
    told(*check_stages(24, sees=0.08))


def test_queues_agree() -> None:
    """The exact values agree among themselves, and with the published ones."""
    assert Open(150.0 / YEAR, 45.0, 20).waiting_chance == pytest.approx(0.64414637, abs=5e-9)
    assert Open(150.0 / YEAR, 45.0, 20).wait == pytest.approx(19.076308, abs=5e-7)
    assert sum(n * p for n, p in enumerate(Open(150.0 / YEAR, 45.0, 20).shares())) == pytest.approx(
        18.480493 + 7.834213
    )
    for seats_, work, servers, vacant in (
        (1000, 45, 16, 0.13422495),
        (1000, 45, 20, 0.02262374),
        (40, 30, 1, 0.02231615),
    ):
        assert Finite(seats_, STAY, work, servers).vacant == pytest.approx(vacant, abs=5e-9)
    assert Finite(1000, STAY, 45.0, 18).busy == pytest.approx(0.911339, abs=5e-7)
    assert vacant_in_stages(40, STAY, (30.0, 1e-9)) == pytest.approx(Finite(40, STAY, 30.0, 1).vacant, rel=1e-6)


# --------------------------------------------------------------------------------------- open, without limit: M/G/inf


def check_ample(name: str, law: DurationLaw, count: int, sees: float) -> tuple[Finding, ...]:
    """150 requisitions a year, and recruiters for all: a look once a year, after those of before are gone."""
    rate, days = 150.0 / YEAR, 12_000
    plan = scenario(seats(400), days=days, hiring=hiring(law))
    looks = [2000.0 + 500.0 * i for i in range(20)]
    exact = rate * quad(law.survival, 0.0, 2000.0, limit=500, points=law.breaks() or None)[0]
    numbers = [[vacant_at(found, look) for look in looks] for found in replications(plan, count, flows=[exits(rate)])]
    flat = [float(number) for row in numbers for number in row]
    return (
        judge("V7", f"open requisitions, {name}", exact, flat, sees=sees),
        judge_variance("V7", f"variance of open requisitions, {name}", exact, flat, about=exact, sees=8 * sees),
    )


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("lognormal", FILL),
        pytest.param("uniform", UniformDuration(0.0, 2.0 * FILL.mean()), marks=pytest.mark.slow),
        pytest.param("constant", Constant(FILL.mean()), marks=pytest.mark.slow),
    ],
)
def test_ample(name: str, law: DurationLaw, told: Told) -> None:
    """With recruiters for all, open requisitions are Poisson, and of the law of the work only its mean counts."""
    told(*check_ample(name, law, 6, sees=0.09))
