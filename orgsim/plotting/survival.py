"""How many stay how long: the estimate of Kaplan and Meier, with its interval.

Formula: S(t) = product over the times t_i <= t at which somebody left of (1 - d_i / n_i), where d_i left and n_i were
still there; who is still there at the end counts until then.  The interval is Greenwood's variance on the scale of
log(-log S), which stays within 0 and 1.
Source: Kaplan and Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958); Kalbfleisch and
Prentice, "The Statistical Analysis of Failure Time Data" (2002), section 1.4.
"""

from collections.abc import Iterable
from math import exp, log, sqrt
from statistics import NormalDist

import attrs


@attrs.frozen
class Step:
    """From a time on: the share that stays longer, its interval, how many were there just before, how many left."""

    time: float
    share: float
    low: float
    high: float
    there: int
    left: int


def kaplan_meier(stays: Iterable[tuple[float, bool]], level: float = 0.95) -> tuple[Step, ...]:
    """The estimate from pairs of a length and whether the stay has ended; a step for each length at which one ended."""
    every = sorted(stays)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    steps = []
    share, variance = 1.0, 0.0
    for time in sorted({length for length, ended in every if ended}):
        there = sum(length >= time for length, _ in every)
        left = sum(length == time and ended for length, ended in every)
        share *= 1 - left / there
        if share > 0:
            variance += left / (there * (there - left))
            spread = z * sqrt(variance) / abs(log(share))
            low, high = share ** exp(spread), share ** exp(-spread)
        else:  # all have left: nothing is estimated beyond
            low = high = 0.0
        steps.append(Step(time, share, low, high, there, left))
    return tuple(steps)


def median_of(steps: Iterable[Step]) -> float | None:
    """The time by which half have left; None while more than half stay."""
    return next((step.time for step in steps if step.share <= 1 / 2 + 1e-12), None)


def at_risk(stays: Iterable[tuple[float, bool]], time: float) -> int:
    """How many were still observed just before a time."""
    return sum(length >= time for length, _ in stays)
