"""Laws of chance: how long something takes, and how a hazard grows with age.

A *duration law* has a quantile function; a *hazard law* has a cumulative hazard and its inverse.  No law draws
anything: uniforms come from `simulate.draws`.  Time is in days, hazards are per day, a year has 365.25 days.

Scalars go through `math`, columns through numpy; the two agree to the last digit or so, and only scalars decide when
something happens, so that every engine gets the same times.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from math import exp, expm1, fsum, gamma, inf, log, log1p
from math import pow as power
from typing import TYPE_CHECKING, Any

import attrs

from orgsim import normal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAYS_PER_YEAR = 365.25

_positive = attrs.validators.gt(0)
_not_negative = attrs.validators.ge(0)


def _rising(_: object, attribute: "attrs.Attribute[Any]", starts: Sequence[float]) -> None:
    """Refuse starts that do not begin with 0 and rise."""
    if not starts or starts[0] != 0 or any(a >= b for a, b in pairwise(starts)):
        raise ValueError(f"{attribute.name} must begin with 0 and rise: {starts}")


def _sorted(_: object, attribute: "attrs.Attribute[Any]", values: Sequence[float]) -> None:
    """Refuse values that are none, negative or out of order."""
    if not values or values[0] < 0 or any(a > b for a, b in pairwise(values)):
        raise ValueError(f"{attribute.name} must be sorted and not negative: {values}")


# ------------------------------------------------------------------ durations


class DurationLaw:
    """How long something takes, in days."""

    __slots__ = ()

    def quantile(self, u: float) -> float:
        """The number of days that is not exceeded with chance `u`, in (0, 1)."""
        raise NotImplementedError

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The same for a column."""
        raise NotImplementedError

    def each(self, u: Iterable[float]) -> list[float]:
        """The quantiles of many numbers, one by one: the same as `quantile` to the last bit."""
        return [self.quantile(each) for each in u]

    def mean(self) -> float:
        """The mean number of days."""
        raise NotImplementedError

    def survival(self, days: float) -> float:
        """The chance that it takes longer than this."""
        raise NotImplementedError

    def breaks(self) -> tuple[float, ...]:
        """The days at which the survival is not smooth."""
        return ()


@attrs.frozen
class Constant(DurationLaw):
    """Always the same."""

    days: float = attrs.field(validator=_not_negative)

    def quantile(self, u: float) -> float:  # noqa: ARG002
        """The days, whatever `u`."""
        return self.days

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The days, as often as asked."""
        return 0.0 * u + self.days

    def mean(self) -> float:
        """The days."""
        return self.days

    def survival(self, days: float) -> float:
        """1 before the days are over, then 0."""
        return 1.0 if days < self.days else 0.0

    def breaks(self) -> tuple[float, ...]:
        """The one step."""
        return (self.days,)


@attrs.frozen
class ExponentialDuration(DurationLaw):
    """Without memory, with this mean."""

    scale: float = attrs.field(validator=_positive, alias="mean")

    def quantile(self, u: float) -> float:
        """-mean * ln(1 - u)."""
        return -self.scale * log1p(-u)

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """-mean * ln(1 - u)."""
        import numpy as np

        return -self.scale * np.log1p(-u)

    def mean(self) -> float:
        """The parameter."""
        return self.scale

    def survival(self, days: float) -> float:
        """exp(-days / mean)."""
        return exp(-days / self.scale)


@attrs.frozen
class LognormalDuration(DurationLaw):
    """The logarithm is normal around that of the median, with standard deviation `sigma`."""

    median: float = attrs.field(validator=_positive)
    sigma: float = attrs.field(validator=_positive)

    def quantile(self, u: float) -> float:
        """It is median * exp(sigma * z), with z the normal quantile."""
        return self.median * exp(self.sigma * normal.quantile(u))

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """It is median * exp(sigma * z), with z the normal quantile."""
        import numpy as np

        return self.median * np.exp(self.sigma * normal.quantiles(u))

    def each(self, u: Iterable[float]) -> list[float]:
        """It is median * exp(sigma * z), with z the normal quantile."""
        median, sigma = self.median, self.sigma
        return [median * exp(sigma * z) for z in map(normal.quantile, u)]

    def mean(self) -> float:
        """It is median * exp(sigma^2 / 2)."""
        return self.median * exp(0.5 * self.sigma * self.sigma)

    def survival(self, days: float) -> float:
        """The normal survival at ln(days / median) / sigma."""
        return normal.survival(log(days / self.median) / self.sigma) if days > 0.0 else 1.0


@attrs.frozen
class WeibullDuration(DurationLaw):
    """The survival is exp(-(days / scale)^shape)."""

    shape: float = attrs.field(validator=_positive)
    scale: float = attrs.field(validator=_positive)

    def quantile(self, u: float) -> float:
        """It is scale * (-ln(1 - u))^(1 / shape)."""
        return self.scale * power(-log1p(-u), 1.0 / self.shape)

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """It is scale * (-ln(1 - u))^(1 / shape)."""
        import numpy as np

        return self.scale * (-np.log1p(-u)) ** (1.0 / self.shape)

    def mean(self) -> float:
        """It is scale * Gamma(1 + 1 / shape)."""
        return self.scale * gamma(1.0 + 1.0 / self.shape)

    def survival(self, days: float) -> float:
        """exp(-(days / scale)^shape)."""
        return exp(-power(days / self.scale, self.shape))


@attrs.frozen
class UniformDuration(DurationLaw):
    """Anything from the least to the most alike."""

    least: float = attrs.field(validator=_not_negative)
    most: float

    def __attrs_post_init__(self) -> None:
        if self.most < self.least:
            raise ValueError(f"most must not be below least: {self.most} < {self.least}")

    def quantile(self, u: float) -> float:
        """It is least + u * (most - least)."""
        return self.least + u * (self.most - self.least)

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """It is least + u * (most - least)."""
        return self.least + u * (self.most - self.least)

    def mean(self) -> float:
        """The middle."""
        return 0.5 * (self.least + self.most)

    def survival(self, days: float) -> float:
        """Falls in a straight line from 1 to 0."""
        if days < self.least:
            return 1.0
        return (self.most - days) / (self.most - self.least) if days < self.most else 0.0

    def breaks(self) -> tuple[float, ...]:
        """The two ends."""
        return (self.least, self.most)


@attrs.frozen
class EmpiricalDuration(DurationLaw):
    """One of the values observed, which are given in order, each as likely as it is frequent."""

    values: tuple[float, ...] = attrs.field(validator=_sorted)

    def quantile(self, u: float) -> float:
        """The value number floor(u * n), from 0: the inverse of the empirical distribution function."""
        return self.values[int(u * len(self.values))]

    def quantiles(self, u: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The values number floor(u * n), from 0."""
        import numpy as np

        found: NDArray[np.float64] = np.array(self.values, np.float64)[(u * len(self.values)).astype(np.intp)]
        return found

    def mean(self) -> float:
        """The mean of the values."""
        return fsum(self.values) / len(self.values)

    def survival(self, days: float) -> float:
        """The share of values above this."""
        return 1.0 - bisect_right(self.values, days) / len(self.values)

    def breaks(self) -> tuple[float, ...]:
        """The values, each once."""
        return tuple(sorted(set(self.values)))


# ------------------------------------------------------------------ hazards


class HazardLaw:
    """How a hazard grows with age; ages are days and not negative."""

    __slots__ = ()

    def cumulative(self, age: float) -> float:
        """The hazard up to an age, summed up: -ln of the chance to reach it."""
        raise NotImplementedError

    def between(self, a: float, b: float) -> float:
        """The hazard from age `a` to age `b`, summed up."""
        return self.cumulative(b) - self.cumulative(a)

    def wait(self, age: float, budget: float) -> float:
        """The days from an age until the cumulative hazard has grown by a budget; infinity if it never does."""
        raise NotImplementedError

    def waits(self, ages: Iterable[float], budgets: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The same for a column, to the last bit; where the age makes no difference, none is asked for."""
        import numpy as np

        return np.array([self.wait(age, budget) for age, budget in zip(ages, budgets.tolist(), strict=False)])

    def yearly(self, age: float) -> float:
        """The chance that somebody of this age leaves within a year."""
        return -expm1(-self.between(age, age + DAYS_PER_YEAR))

    def survival(self, age: float) -> float:
        """The chance to reach an age."""
        return exp(-self.cumulative(age))

    def breaks(self) -> tuple[float, ...]:
        """The ages at which the hazard jumps."""
        return ()

    def mean(self) -> float:
        """The mean age at the end; infinity if there may be none."""
        return equilibrium(self.survival, self.breaks()).mean


@attrs.frozen
class Exponential(HazardLaw):
    """The same hazard at any age, a rate per day; none if it is 0."""

    rate: float = attrs.field(validator=_not_negative)

    def cumulative(self, age: float) -> float:
        """Rate times age."""
        return self.rate * age

    def between(self, a: float, b: float) -> float:
        """Rate times days."""
        return self.rate * (b - a)

    def wait(self, age: float, budget: float) -> float:  # noqa: ARG002
        """Budget / rate, whatever the age."""
        if budget <= 0.0:
            return 0.0
        return budget / self.rate if self.rate else inf

    def waits(self, ages: Iterable[float], budgets: "NDArray[np.float64]") -> "NDArray[np.float64]":  # noqa: ARG002
        """Budgets / rate, whatever the ages."""
        import numpy as np

        return budgets / self.rate if self.rate else np.full(len(budgets), inf)

    def mean(self) -> float:
        """1 / rate."""
        return 1.0 / self.rate if self.rate else inf


@attrs.frozen
class Weibull(HazardLaw):
    """The cumulative hazard is (age / scale)^shape: newcomers leave first if the shape is below 1."""

    shape: float = attrs.field(validator=_positive)
    scale: float = attrs.field(validator=_positive)

    def cumulative(self, age: float) -> float:
        """(age / scale)^shape."""
        return power(age / self.scale, self.shape)

    def wait(self, age: float, budget: float) -> float:
        """The inverse in closed form, less the age."""
        if budget <= 0.0:
            return 0.0
        reached = power(age / self.scale, self.shape) + budget
        return max(0.0, self.scale * power(reached, 1.0 / self.shape) - age)

    def mean(self) -> float:
        """It is scale * Gamma(1 + 1 / shape)."""
        return self.scale * gamma(1.0 + 1.0 / self.shape)


@attrs.frozen
class Lognormal(HazardLaw):
    """The logarithm of the age at the end is normal: the hazard rises, then falls."""

    median: float = attrs.field(validator=_positive)
    sigma: float = attrs.field(validator=_positive)

    def cumulative(self, age: float) -> float:
        """-ln(1 - Phi(ln(age / median) / sigma))."""
        return normal.hazard(log(age / self.median) / self.sigma) if age > 0.0 else 0.0

    def wait(self, age: float, budget: float) -> float:
        """The inverse by the normal quantile, less the age."""
        if budget <= 0.0:
            return 0.0
        z = normal.hazard_inverse(self.cumulative(age) + budget)
        return max(0.0, self.median * exp(self.sigma * z) - age)

    def mean(self) -> float:
        """It is median * exp(sigma^2 / 2)."""
        return self.median * exp(0.5 * self.sigma * self.sigma)


@attrs.frozen
class Piecewise(HazardLaw):
    """A constant rate from each start to the next; tables by age or tenure are such laws."""

    starts: tuple[float, ...] = attrs.field(validator=_rising)
    rates: tuple[float, ...]
    _before: tuple[float, ...] = attrs.field(init=False, eq=False, repr=False)

    @_before.default
    def _sums(self) -> tuple[float, ...]:
        """The cumulative hazard at each start."""
        gathered = (rate * (b - a) for (a, b), rate in zip(pairwise(self.starts), self.rates, strict=False))
        return tuple(accumulate(gathered, initial=0.0))

    def __attrs_post_init__(self) -> None:
        if len(self.rates) != len(self.starts) or min(self.rates) < 0:
            raise ValueError(f"give one rate, not negative, for each start: {self.rates}")

    def cumulative(self, age: float) -> float:
        """What is gathered before the piece, and the rate times the days in it."""
        i = bisect_right(self.starts, age) - 1
        return self._before[i] + self.rates[i] * (age - self.starts[i])

    def between(self, a: float, b: float) -> float:
        """The difference of the two, to the same digit."""
        starts, before, rates = self.starts, self._before, self.rates
        i, j = bisect_right(starts, a) - 1, bisect_right(starts, b) - 1
        return (before[j] + rates[j] * (b - starts[j])) - (before[i] + rates[i] * (a - starts[i]))

    def wait(self, age: float, budget: float) -> float:
        """The first age at which the sum is reached, found by bisection, less the age."""
        if budget <= 0.0:
            return 0.0
        i = bisect_right(self.starts, age) - 1
        rate, last = self.rates[i], len(self.rates) - 1
        if rate and (i == last or age + budget / rate <= self.starts[i + 1]):
            return budget / rate
        total = self._before[i] + rate * (age - self.starts[i]) + budget
        j = bisect_left(self._before, total, i + 1) - 1
        if not self.rates[j]:
            return inf
        return max(0.0, self.starts[j] + (total - self._before[j]) / self.rates[j] - age)

    def breaks(self) -> tuple[float, ...]:
        """The starts."""
        return self.starts


@attrs.frozen
class Spliced(HazardLaw):
    """From each start to the next another law, each at the same age."""

    starts: tuple[float, ...] = attrs.field(validator=_rising)
    laws: tuple[HazardLaw, ...]
    _before: tuple[float, ...] = attrs.field(init=False, eq=False, repr=False)

    @_before.default
    def _sums(self) -> tuple[float, ...]:
        """The cumulative hazard at each start."""
        gathered = (law.between(a, b) for (a, b), law in zip(pairwise(self.starts), self.laws, strict=False))
        return tuple(accumulate(gathered, initial=0.0))

    def __attrs_post_init__(self) -> None:
        if len(self.laws) != len(self.starts):
            raise ValueError("give one law for each start")

    def cumulative(self, age: float) -> float:
        """What is gathered before the piece, and its law's hazard in it."""
        i = bisect_right(self.starts, age) - 1
        return self._before[i] + self.laws[i].between(self.starts[i], age)

    def between(self, a: float, b: float) -> float:
        """Within one piece as its law has it; else the difference."""
        i = bisect_right(self.starts, a) - 1
        if i + 1 == len(self.starts) or b < self.starts[i + 1]:
            return self.laws[i].between(a, b)
        return self.cumulative(b) - self.cumulative(a)

    def wait(self, age: float, budget: float) -> float:
        """Piece by piece, until one has enough."""
        if budget <= 0.0:
            return 0.0
        at = age
        for i in range(bisect_right(self.starts, age) - 1, len(self.starts) - 1):
            law, end = self.laws[i], self.starts[i + 1]
            has = law.between(at, end)
            if budget <= has:
                return min(at + law.wait(at, budget), end) - age
            budget, at = budget - has, end
        return at - age + self.laws[-1].wait(at, budget)

    def breaks(self) -> tuple[float, ...]:
        """The starts, and where the laws themselves jump."""
        return tuple(sorted({*self.starts, *(b for law in self.laws for b in law.breaks())}))


@attrs.frozen
class Competing(HazardLaw):
    """Several laws at the same age, of which the first counts."""

    laws: tuple[HazardLaw, ...]

    def cumulative(self, age: float) -> float:
        """The sum."""
        return fsum([law.cumulative(age) for law in self.laws])

    def wait(self, age: float, budget: float) -> float:
        """Not in closed form: whoever wants to know gives each law a budget of its own."""
        raise NotImplementedError

    def breaks(self) -> tuple[float, ...]:
        """Where any of them jumps."""
        return tuple(sorted({b for law in self.laws for b in law.breaks()}))


# ------------------------------------------------------------------ stationary starts

_FIRST, _FARTHEST, _STEP = 1e-6, 1e15, 1.5
_NEGLIGIBLE = 1e-17
# Gauss-Legendre, ten points on (-1, 1): Abramowitz and Stegun, table 25.4.
_POINTS = (
    (0.1488743389816312, 0.2955242247147529),
    (0.4333953941292472, 0.2692667193099963),
    (0.6794095682990244, 0.2190863625159821),
    (0.8650633666889845, 0.1494513491505806),
    (0.9739065285171717, 0.0666713443086881),
)


@attrs.frozen
class Equilibrium:
    """How long the present spell has lasted, in a renewal process that has run forever.

    The distribution function of that age is the integral of the survival up to it, over the whole integral, which is
    the mean of a spell (Cox, Renewal Theory, 1962, chapter 5).  The rest of the spell has the same law.
    """

    survival: Callable[[float], float]
    nodes: tuple[float, ...] = attrs.field(repr=False)
    integrals: tuple[float, ...] = attrs.field(repr=False)
    mean: float

    def quantile(self, u: float) -> float:
        """The age that is not exceeded with chance `u`, in (0, 1), to about 1e-12 of itself; needs a finite mean."""
        if self.mean == inf:
            raise ValueError("what may never end has no age in equilibrium")
        if not self.mean:
            return 0.0
        wanted = u * self.integrals[-1]
        i = max(0, min(bisect_right(self.integrals, wanted), len(self.nodes) - 1) - 1)
        low, high, start = self.nodes[i], self.nodes[i + 1], self.nodes[i]
        age = low + (wanted - self.integrals[i]) / (self.integrals[i + 1] - self.integrals[i]) * (high - low)
        for _ in range(60):  # Newton's method, kept between bounds that close in
            excess = self.integrals[i] + _integral(self.survival, start, age) - wanted
            low, high = (low, age) if excess > 0.0 else (age, high)
            slope = self.survival(age)
            step = age - excess / slope if slope > 0.0 else low
            step = step if low <= step <= high else 0.5 * (low + high)
            if abs(step - age) <= 1e-14 * age:
                return step
            age = step
        return age


def _integral(f: Callable[[float], float], a: float, b: float) -> float:
    """The integral of a smooth function over a short stretch."""
    middle, half = 0.5 * (a + b), 0.5 * (b - a)
    return half * fsum([w * (f(middle - half * x) + f(middle + half * x)) for x, w in _POINTS])


def equilibrium(survival: Callable[[float], float], breaks: Sequence[float] = ()) -> Equilibrium:
    """The ages in equilibrium of spells with this survival, smooth between the breaks.

    Integrates over stretches that grow by half, which suits any scale and heavy tails alike.
    """
    jumps = sorted({b for b in breaks if 0.0 < b < _FARTHEST})
    nodes, sums, total = [0.0], [0.0], 0.0
    at, next_grid = 0.0, _FIRST
    while at <= _FIRST or (at < _FARTHEST and survival(at) * at > _NEGLIGIBLE * total):
        end = next_grid
        if jumps and jumps[0] <= end:
            end = jumps.pop(0)
        if end == next_grid:
            next_grid *= _STEP
        total += _integral(survival, at, end)
        at = end
        nodes.append(at)
        sums.append(total)
    endless = survival(_FARTHEST) * _FARTHEST > 1e-6 * total
    return Equilibrium(survival, tuple(nodes), tuple(sums), inf if endless else total)
