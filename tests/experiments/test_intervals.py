"""Intervals against SciPy, against known ranks, and by how often they hold what they should."""

import math

import numpy as np
import pytest
from scipy import stats

from orgsim.experiments.intervals import (
    Estimate,
    incomplete_beta,
    least_count,
    mean_interval,
    quantile_interval,
    ranks,
    share_interval,
    student_quantile,
    variance,
)


@pytest.mark.parametrize("freedom", [1, 2, 3, 5, 19, 100, 999, 10_000])
@pytest.mark.parametrize("share", [0.6, 0.9, 0.95, 0.975, 0.995])
def test_students_quantile_is_scipys(share: float, freedom: int) -> None:
    """The quantile of Student's distribution is right to eight digits."""
    assert student_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-8)


def test_the_incomplete_beta_function_is_scipys() -> None:
    """Over four decades of both parameters, and from one end to the other."""
    from scipy.special import betainc

    for a in (0.5, 1, 7.5, 100, 5000):
        for b in (0.5, 1, 7.5, 100, 5000):
            for x in (0, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1):
                assert incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("count", "expected"), [(200, (184, 197)), (1000, (936, 964)), (10_000, (9457, 9543))])
def test_ranks_around_the_95th_percentile(count: int, expected: tuple[int, int]) -> None:
    """The order statistics that hold it, as tables of the binomial distribution have them."""
    assert ranks(count, 0.95) == expected


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5, 0.9])
def test_ranks_hold_a_quantile_as_often_as_they_say(share: float) -> None:
    """P(low ≤ B < high) is at least the level, and one rank less on either side is not enough."""
    for count in (100, 137, 1000):
        low, high = ranks(count, share)
        tail = stats.binom(count, share)
        assert tail.cdf(low - 1) <= 0.025 < tail.cdf(low)
        assert 1 - tail.cdf(high - 1) <= 0.025 < 1 - tail.cdf(high - 2)


def test_the_interval_of_a_mean_is_scipys() -> None:
    """Student's interval of some numbers."""
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]
    low, high = stats.t.interval(0.95, 7, np.mean(values), stats.sem(values))
    found = mean_interval(values)
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high))
    assert found.half_width == pytest.approx((high - low) / 2)


def test_the_interval_of_a_mean_covers_it() -> None:
    """Of 2,000 means of 20 normal numbers, 94 to 96 % of the intervals hold the true one."""
    drawn = np.random.default_rng(20260105).normal(7, 3, (2000, 20)).tolist()
    found = [mean_interval(row) for row in drawn]
    held = sum(one.low is not None and one.high is not None and one.low <= 7 <= one.high for one in found)
    assert 0.94 <= held / 2000 <= 0.96


def test_the_interval_of_a_quantile_covers_it() -> None:
    """Of 500 samples of 200 lognormal numbers, at least 93.5 % of the intervals hold the 95th percentile."""
    drawn = np.sort(np.random.default_rng(7).lognormal(1, 0.8, (500, 200)), axis=1).tolist()
    true = math.exp(1 + 0.8 * stats.norm.ppf(0.95))
    found = [quantile_interval(row, 0.95) for row in drawn]
    held = sum(one.low is not None and one.high is not None and one.low <= true <= one.high for one in found)
    assert held / 500 >= 0.935


def test_a_quantile_is_one_of_the_values() -> None:
    """The inverse of the empirical distribution: of 1 to 200, the 5th percentile is 10 and the median 100."""
    ordered = [float(number) for number in range(1, 201)]
    assert [quantile_interval(ordered, share).value for share in (0.05, 0.5, 0.95)] == [10, 100, 190]


@pytest.mark.parametrize(("share", "least"), [(0.99, 500), (0.95, 100), (0.05, 100), (0.5, 10), (0.999, 5000)])
def test_a_quantile_of_too_few_is_refused(share: float, least: int) -> None:
    """Five replications must be expected beyond a quantile, and the refusal says how many are needed."""
    assert least_count(share) == least
    quantile_interval([0.0] * least, share)
    with pytest.raises(ValueError, match=f"needs at least {least:,} replications, and there are {least - 1:,}"):
        quantile_interval([0.0] * (least - 1), share)


def test_equal_values_vary_by_exactly_nothing() -> None:
    """Ten times 0.1 has no variance, and its interval is a point."""
    assert variance([0.1] * 10) == 0
    assert mean_interval([0.25] * 10) == Estimate(0.25, 0.25, 0.25)


def test_one_value_has_no_interval() -> None:
    """One replication tells nothing of how others would differ."""
    assert mean_interval([5.0]) == Estimate(5.0)
    assert mean_interval([5.0]).half_width == math.inf


@pytest.mark.parametrize(("hits", "count"), [(0, 10), (3, 10), (10, 10), (250, 1000)])
def test_wilsons_interval_is_scipys(hits: int, count: int) -> None:
    """The interval of a share, also where nothing or everything was a hit."""
    expected = stats.binomtest(hits, count).proportion_ci(method="wilson")
    found = share_interval(hits, count)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
