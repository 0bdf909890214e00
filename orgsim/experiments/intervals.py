"""Intervals for what a sample says: of a mean, of a quantile, of a share.

Formulas only; it must not know what is measured.  Student's quantile comes from the incomplete beta function, so that
running a scenario needs no library of statistics.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

import attrs

LEVEL = 0.95
BEYOND = 5
"""How many replications must be expected beyond a quantile before it is shown."""
_TINY, _CLOSE = 1e-300, 1e-15


@attrs.frozen
class Estimate:
    """A number with the interval it lies in at the stated level; the bounds are None where there is no saying."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def half_width(self) -> float:
        """Half the width of the interval; infinite where there is none."""
        return math.inf if self.low is None or self.high is None else (self.high - self.low) / 2


def mean_interval(values: Sequence[float], level: float = LEVEL) -> Estimate:
    """The mean with Student's interval, mean ± t·s/√n; of one value, no interval."""
    count = len(values)
    mean = math.fsum(values) / count
    if count == 1:
        return Estimate(mean)
    spread = math.sqrt(variance(values) / count)
    reach = student_quantile((1 + level) / 2, count - 1) * spread if spread else 0.0
    return Estimate(mean, mean - reach, mean + reach)


def variance(values: Sequence[float]) -> float:
    """The sample variance, with n - 1 below; exactly 0 for values that are all the same."""
    first = values[0]
    moved = [value - first for value in values]  # so that equal values leave no rounding error
    mean = math.fsum(moved) / len(moved)
    return math.fsum((value - mean) ** 2 for value in moved) / (len(moved) - 1)


def quantile_interval(ordered: Sequence[float], share: float, level: float = LEVEL) -> Estimate:
    """The quantile of values sorted from the least, between two of them: an interval free of any law of the values.

    The quantile is the inverse of the empirical distribution.  Raises ValueError where too few are beyond it.
    """
    count = len(ordered)
    least = least_count(share)
    if count < least:
        raise ValueError(
            f"the {percent(share)} quantile needs at least {least:,} replications, and there are {count:,}"
        )
    low, high = ranks(count, share, level)
    # The rounding keeps a share of 0.95 times 200 at 190.
    at = min(max(math.ceil(round(share * count, 9)), 1), count)
    return Estimate(ordered[at - 1], ordered[low - 1], ordered[high - 1])


def least_count(share: float) -> int:
    """How many replications a quantile needs: so many that `BEYOND` of them are expected on its rarer side."""
    return math.ceil(round(BEYOND / min(share, 1 - share), 9))


@lru_cache(maxsize=256)
def ranks(count: int, share: float, level: float = LEVEL) -> tuple[int, int]:
    """The ranks, from 1, of the two order statistics that hold a quantile between them at least at the level.

    The number of values below the quantile is binomial: P(low ≤ B < high) ≥ level, with equal tails.
    """
    tail = (1 - level) / 2
    return _binomial_quantile(tail, count, share), _binomial_quantile(1 - tail, count, share) + 1


def share_interval(hits: int, count: int, level: float = LEVEL) -> Estimate:
    """A share with Wilson's interval (1927), which stays within 0 and 1 and does not shrink to nothing at them."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = hits / count
    below = 1 + z * z / count
    middle = (share + z * z / (2 * count)) / below
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / below
    return Estimate(share, max(0.0, middle - reach) if hits else 0.0, min(1.0, middle + reach) if hits < count else 1.0)


def percent(share: float) -> str:
    """A share in words: `5 %`, `2.5 %`."""
    return f"{round(100 * share, 6):g} %"


# ----------------------------------------------------------------------------------------------------- distributions


@lru_cache(maxsize=1024)
def student_quantile(share: float, freedom: int) -> float:
    """The quantile of Student's distribution, for a share of at least one half.

    Newton's steps from the normal quantile: right of 0 the distribution function is concave, so they come from below.
    """
    at = NormalDist().inv_cdf(share)
    constant = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    for _ in range(100):
        below = (1 + incomplete_beta(0.5, freedom / 2, at * at / (freedom + at * at))) / 2
        density = math.exp(constant - (freedom + 1) / 2 * math.log1p(at * at / freedom))
        step = (share - below) / density
        at += step
        if abs(step) <= 1e-13 * at:
            break
    return at


def _binomial_quantile(share: float, count: int, chance: float) -> int:
    """The least number that a binomial variable is at most with probability `share`."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if incomplete_beta(count - middle, middle + 1, 1 - chance) >= share:  # = P(B ≤ middle), for middle < count
            high = middle
        else:
            low = middle + 1
    return low


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b) for a, b > 0 and x in [0, 1], by its continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The fraction converges fast on this side of the mean, and I_x(a, b) = 1 - I_{1-x}(b, a).
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method."""
    value, up, down = 1.0, 1.0, 0.0
    for m in range(100_000):
        for step in (
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            (m + 1) * (b - m - 1) * x / ((a + 2 * m + 1) * (a + 2 * m + 2)),
        ):
            down = 1 / ((1 + step * down) or _TINY)
            up = (1 + step / up) or _TINY
            value *= up * down
        if abs(up * down - 1) < _CLOSE:
            break
    return 1 / value
