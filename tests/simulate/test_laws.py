"""Laws of chance agree with scipy, with closed forms, and with themselves turned around."""

import itertools
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

from orgsim import normal
from orgsim.laws import (
    Competing,
    Constant,
    DurationLaw,
    EmpiricalDuration,
    Equilibrium,
    Exponential,
    ExponentialDuration,
    HazardLaw,
    Lognormal,
    LognormalDuration,
    Piecewise,
    Spliced,
    UniformDuration,
    Weibull,
    WeibullDuration,
    equilibrium,
)

# From the least number that a draw can be to the greatest, dense in both tails.
UNIFORMS = np.concatenate([np.logspace(-16, -1, 400), np.linspace(0.1, 0.9, 401), 1 - np.logspace(-1, -15, 400)])

DURATIONS: dict[str, tuple[DurationLaw, Any]] = {
    "exponential": (ExponentialDuration(50.0), stats.expon(scale=50.0)),
    "lognormal": (LognormalDuration(60.0, 0.6), stats.lognorm(0.6, scale=60.0)),
    "weibull, early": (WeibullDuration(0.8, 50.0), stats.weibull_min(0.8, scale=50.0)),
    "weibull, late": (WeibullDuration(3.0, 50.0), stats.weibull_min(3.0, scale=50.0)),
    "uniform": (UniformDuration(30.0, 90.0), stats.uniform(30.0, 60.0)),
}
OBSERVED = EmpiricalDuration((1.0, 2.0, 2.0, 5.0, 9.5))
ALL = {**{name: law for name, (law, _) in DURATIONS.items()}, "constant": Constant(7.0), "empirical": OBSERVED}

HAZARDS: dict[str, tuple[HazardLaw, Any]] = {
    "exponential": (Exponential(1 / 2435), stats.expon(scale=2435.0)),
    "weibull, early": (Weibull(0.8, 2000.0), stats.weibull_min(0.8, scale=2000.0)),
    "weibull, late": (Weibull(2.5, 2000.0), stats.weibull_min(2.5, scale=2000.0)),
    "lognormal": (Lognormal(1500.0, 1.1), stats.lognorm(1.1, scale=1500.0)),
    "lognormal, narrow": (Lognormal(1500.0, 0.05), stats.lognorm(0.05, scale=1500.0)),
}
BANDS = Piecewise((0.0, 365.0, 1000.0, 2000.0), (1e-3, 0.0, 5e-4, 2e-3))
SPLICED = Spliced((0.0, 365.0, 900.0), (Weibull(0.8, 900.0), Exponential(0.0), Lognormal(1500.0, 1.1)))
WAITING = {**{name: law for name, (law, _) in HAZARDS.items()}, "bands": BANDS, "spliced": SPLICED}


# ------------------------------------------------------------------ the normal law


def test_normal_quantiles_are_those_of_scipy() -> None:
    """One at a time and in columns, to the last digits, in the middle and in both tails."""
    known = special.ndtri(UNIFORMS)
    np.testing.assert_allclose(normal.quantiles(UNIFORMS), known, rtol=2e-15, atol=1e-16)
    np.testing.assert_allclose([normal.quantile(u) for u in UNIFORMS.tolist()], known, rtol=2e-15, atol=1e-16)


def test_the_normal_hazard_is_that_of_scipy() -> None:
    """Also where the chance to get so far is too small for a number of the machine."""
    z = np.concatenate([np.linspace(-30, 60, 901), [24.999999, 25.0, 25.000001, 1e3]])
    known = -special.log_ndtr(-z)
    np.testing.assert_allclose([normal.hazard(x) for x in z.tolist()], known, rtol=1e-12)


def test_the_normal_hazard_is_turned_around() -> None:
    """The inverse of the hazard gives the number back, on both sides of each seam."""
    for z in np.linspace(-8, 60, 500).tolist():
        assert normal.hazard_inverse(normal.hazard(z)) == pytest.approx(z, rel=1e-13, abs=1e-13)


# ------------------------------------------------------------------ durations


@pytest.mark.parametrize("name", DURATIONS)
def test_durations_are_those_of_scipy(name: str) -> None:
    """Quantiles, mean and survival agree with scipy's distribution."""
    law, known = DURATIONS[name]
    wanted = known.ppf(UNIFORMS)
    np.testing.assert_allclose([law.quantile(u) for u in UNIFORMS.tolist()], wanted, rtol=1e-13)
    assert law.mean() == pytest.approx(known.mean(), rel=1e-14)
    days = np.linspace(0, 400, 801)
    np.testing.assert_allclose([law.survival(d) for d in days.tolist()], known.sf(days), rtol=1e-12, atol=1e-300)


def test_empirical_quantiles_are_those_of_numpy() -> None:
    """The quantile is the inverse of the empirical distribution function, one of the values seen."""
    u = np.linspace(0.0005, 0.9995, 1000)
    wanted = np.quantile(OBSERVED.values, u, method="inverted_cdf")
    away = np.abs(u * 5 - np.round(u * 5)) > 1e-9  # at the steps themselves, either side will do
    np.testing.assert_array_equal(OBSERVED.quantiles(u)[away], wanted[away])
    assert OBSERVED.mean() == np.mean(OBSERVED.values)
    assert [OBSERVED.survival(d) for d in (0.0, 1.0, 2.0, 9.5)] == pytest.approx([1.0, 0.8, 0.4, 0.0])


@pytest.mark.parametrize("name", ALL)
def test_columns_say_the_same_as_scalars(name: str) -> None:
    """Where only the four kinds of arithmetic are used, to the last bit; else to the last digit or so."""
    law = ALL[name]
    scalars = np.array([law.quantile(u) for u in UNIFORMS.tolist()])
    if name in {"constant", "uniform", "empirical"}:
        np.testing.assert_array_equal(law.quantiles(UNIFORMS), scalars)
    else:
        np.testing.assert_allclose(law.quantiles(UNIFORMS), scalars, rtol=2e-15)


@pytest.mark.parametrize("name", ALL)
def test_many_say_the_same_as_one_by_one(name: str) -> None:
    """What the seats apart are told is what the calendar is told, to the last bit."""
    law = ALL[name]
    assert law.each(UNIFORMS.tolist()) == [law.quantile(u) for u in UNIFORMS.tolist()]


# ------------------------------------------------------------------ hazards


@pytest.mark.parametrize("name", HAZARDS)
def test_waits_of_many_are_those_one_by_one(name: str) -> None:
    """Also where no age is asked for, and to the last bit."""
    law, ages = HAZARDS[name][0], np.linspace(0.0, 5000.0, len(UNIFORMS))
    wanted = [law.wait(age, -math.log(u)) for age, u in zip(ages.tolist(), UNIFORMS.tolist(), strict=True)]
    budgets = np.array([-math.log(u) for u in UNIFORMS.tolist()])
    assert law.waits(ages.tolist(), budgets).tolist() == wanted


@pytest.mark.parametrize("name", HAZARDS)
def test_hazards_are_those_of_scipy(name: str) -> None:
    """The cumulative hazard is minus the logarithm of scipy's survival; mean and yearly chance agree too."""
    law, known = HAZARDS[name]
    ages = np.linspace(0, 20000, 2001)
    np.testing.assert_allclose([law.cumulative(a) for a in ages.tolist()], -known.logsf(ages), rtol=1e-10, atol=1e-300)
    assert law.mean() == pytest.approx(known.mean(), rel=1e-14)
    kept = known.sf(1000.0 + 365.25) / known.sf(1000.0)
    assert law.yearly(1000.0) == pytest.approx(1 - kept, rel=1e-9)


@pytest.mark.parametrize("name", WAITING)
def test_waiting_spends_the_budget(name: str) -> None:
    """`wait` is the inverse of `between`: after so many days the hazard has grown by the budget, and not before."""
    law = WAITING[name]
    for age in (0.0, 1.0, 364.9, 365.0, 400.0, 1234.5, 5000.0):
        for budget in (1e-9, 0.01, 0.3, 1.0, 5.0, 36.0):
            days = law.wait(age, budget)
            assert days >= 0.0
            total = law.cumulative(age) + budget  # what the precision of the machine is about
            assert law.between(age, age + days) == pytest.approx(budget, rel=1e-9, abs=1e-12 * total)


@pytest.mark.parametrize("name", WAITING)
def test_the_hazard_between_adds_up(name: str) -> None:
    """Hazards of neighboring stretches sum to that of both, and begin with nothing."""
    law = WAITING[name]
    assert law.cumulative(0.0) == 0.0
    for a, b, c in ((0.0, 10.0, 20.0), (300.0, 365.0, 400.0), (100.0, 365.0, 365.0), (364.0, 1500.0, 5000.0)):
        assert law.between(a, b) + law.between(b, c) == pytest.approx(law.between(a, c), rel=1e-12, abs=1e-15)
        assert law.between(a, b) == pytest.approx(law.cumulative(b) - law.cumulative(a), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("name", [*WAITING, "none"])
def test_a_spent_budget_waits_no_more(name: str) -> None:
    """With nothing left to spend the wait is over, even where the hazard is 0."""
    law = WAITING.get(name, Exponential(0.0))
    assert law.wait(500.0, 0.0) == 0.0


def test_without_hazard_nobody_leaves() -> None:
    """A budget that no hazard will ever spend lasts forever."""
    assert Exponential(0.0).wait(10.0, 0.5) == math.inf
    assert Piecewise((0.0, 100.0), (1e-3, 0.0)).wait(50.0, 0.06) == math.inf
    assert Piecewise((0.0, 100.0), (1e-3, 0.0)).wait(50.0, 0.04) == pytest.approx(40.0)
    assert Spliced((0.0, 100.0), (Exponential(1e-3), Exponential(0.0))).wait(50.0, 0.06) == math.inf
    assert Exponential(0.0).mean() == math.inf
    assert Piecewise((0.0, 100.0), (1e-3, 0.0)).mean() == math.inf


def test_bands_skip_what_has_no_hazard() -> None:
    """In a band without hazard nobody leaves: the wait ends in the next."""
    assert BANDS.wait(365.0, 0.05) == pytest.approx(1000.0 - 365.0 + 0.05 / 5e-4)
    assert SPLICED.wait(365.0, 1e-12) >= 900.0 - 365.0


def test_a_splice_of_one_law_is_that_law() -> None:
    """Splicing a law with itself changes nothing."""
    law = Weibull(1.7, 800.0)
    twice = Spliced((0.0, 400.0), (law, law))
    for age, budget in ((0.0, 2.0), (399.0, 0.5), (700.0, 1.0)):
        assert twice.wait(age, budget) == pytest.approx(law.wait(age, budget), rel=1e-12)


@pytest.mark.parametrize("law", [BANDS, SPLICED, Competing((Weibull(0.8, 900.0), BANDS))], ids=repr)
def test_means_without_a_formula_are_integrals_of_the_survival(law: HazardLaw) -> None:
    """The mean is the integral of the survival, as scipy integrates it piece by piece."""
    ends = [*law.breaks(), 3e3, 1e4, 3e4, 1e5, 1e6, 1e7]
    known = sum(integrate.quad(law.survival, a, b, epsabs=1e-10, epsrel=1e-12)[0] for a, b in itertools.pairwise(ends))
    assert law.mean() == pytest.approx(known, rel=1e-9)


def test_competing_laws_sum() -> None:
    """The first of several exits comes under the sum of their hazards."""
    both = Competing((Exponential(0.12), Exponential(0.03)))
    assert both.mean() == pytest.approx(1 / 0.15, rel=1e-12)
    with pytest.raises(NotImplementedError):
        both.wait(0.0, 1.0)


# ------------------------------------------------------------------ equilibrium


def weibull_age(shape: float, scale: float) -> Callable[[float], float]:
    """The quantile of the age in equilibrium: P(1/shape, (x/scale)^shape) is its distribution function."""
    return lambda u: float(scale * special.gammaincinv(1 / shape, u) ** (1 / shape))


def steps_age(u: float) -> float:
    """The same for the observed values: the area under their survival, by hand."""
    left = u * OBSERVED.mean()
    for start, end, height in ((0.0, 1.0, 1.0), (1.0, 2.0, 0.8), (2.0, 5.0, 0.4), (5.0, 9.5, 0.2)):
        if left <= (end - start) * height:
            return start + left / height
        left -= (end - start) * height
    return 9.5


AGES: dict[str, tuple[Equilibrium, Callable[[float], float]]] = {
    "exponential": (equilibrium(Exponential(1 / 2435).survival), lambda u: -2435 * math.log1p(-u)),
    "weibull, early": (equilibrium(Weibull(0.8, 2000.0).survival), weibull_age(0.8, 2000.0)),
    "weibull, very early": (equilibrium(Weibull(0.3, 20.0).survival), weibull_age(0.3, 20.0)),
    "weibull, late": (equilibrium(Weibull(3.0, 2000.0).survival), weibull_age(3.0, 2000.0)),
    "two causes": (
        equilibrium(Competing((Exponential(1e-3), Exponential(4e-3))).survival),
        lambda u: -200 * math.log1p(-u),
    ),
    "constant": (equilibrium(Constant(7.0).survival, (7.0,)), lambda u: 7.0 * u),
    "uniform": (
        equilibrium(UniformDuration(0.0, 90.0).survival, (0.0, 90.0)),
        lambda u: 90.0 * (1 - math.sqrt(1 - u)),
    ),
    "empirical": (equilibrium(OBSERVED.survival, OBSERVED.breaks()), steps_age),
}


@pytest.mark.parametrize("name", AGES)
def test_ages_in_equilibrium_have_their_closed_forms(name: str) -> None:
    """Exponential spells have exponential ages, Weibull ones the regularized gamma function, others areas."""
    found, known = AGES[name]
    for u in np.linspace(0.001, 0.999, 333).tolist():
        assert found.quantile(u) == pytest.approx(known(u), rel=1e-9)


def test_ages_in_equilibrium_of_lognormal_spells() -> None:
    """The distribution function is the limited expectation over the mean, in closed form."""
    law = LognormalDuration(60.0, 0.6)
    ages = equilibrium(law.survival)
    assert ages.mean == pytest.approx(law.mean(), rel=1e-12)
    for u in (1e-6, 0.1, 0.5, 0.9, 0.999999):
        x = ages.quantile(u)
        z = math.log(x / 60.0) / 0.6
        limited = law.mean() * stats.norm.cdf(z - 0.6) + x * stats.norm.sf(z)
        assert limited / law.mean() == pytest.approx(u, rel=1e-9)


def test_what_never_ends_has_no_equilibrium() -> None:
    """Asking for an age where spells may last forever is refused; where they take no time, it is 0."""
    with pytest.raises(ValueError, match="may never end"):
        equilibrium(Exponential(0.0).survival).quantile(0.5)
    assert equilibrium(Constant(0.0).survival).quantile(0.5) == 0.0


# ------------------------------------------------------------------ values


def test_laws_travel() -> None:
    """Laws and ages in equilibrium are values that go to another process and come back."""
    for law in (*ALL.values(), *WAITING.values()):
        assert pickle.loads(pickle.dumps(law)) == law  # noqa: S301
    ages = equilibrium(BANDS.survival, BANDS.breaks())
    assert pickle.loads(pickle.dumps(ages)).quantile(0.3) == ages.quantile(0.3)  # noqa: S301


WRONG: dict[str, Callable[[], object]] = {
    "negative days": lambda: Constant(-1.0),
    "no mean": lambda: ExponentialDuration(0.0),
    "turned around": lambda: UniformDuration(3.0, 2.0),
    "unsorted": lambda: EmpiricalDuration((2.0, 1.0)),
    "nothing observed": lambda: EmpiricalDuration(()),
    "negative rate": lambda: Exponential(-0.1),
    "no shape": lambda: Weibull(0.0, 1.0),
    "not a number": lambda: Lognormal(math.nan, 1.0),
    "first start not 0": lambda: Piecewise((1.0,), (0.1,)),
    "starts that fall": lambda: Piecewise((0.0, 2.0, 1.0), (0.1, 0.1, 0.1)),
    "too few rates": lambda: Piecewise((0.0, 2.0), (0.1,)),
    "too few laws": lambda: Spliced((0.0, 2.0), (Exponential(0.1),)),
}


@pytest.mark.parametrize("make", WRONG.values(), ids=WRONG.keys())
def test_impossible_laws_are_refused(make: Callable[[], object]) -> None:
    """A law with parameters that make no law is not made."""
    with pytest.raises(ValueError, match=r"must|give"):
        make()
