"""Exact values of seats that are held, then vacant, then held again: an alternating renewal process.

The equations are those of Cox, *Renewal Theory* (1962), chapter 7, solved on a grid of days by the trapezoidal rule.
"""

import math
from collections.abc import Callable

import attrs
import numpy as np
from numpy.typing import NDArray

Survival = Callable[[float], float]


@attrs.frozen
class Renewal:
    """The chance that a seat is vacant, on a grid of instants.

    `after_hire`: if it was filled at 0; `after_exit`: if it fell vacant at 0; `vacant`: if it is vacant at 0, in
    equilibrium; `share` is the chance at any time in equilibrium.
    """

    step: float
    share: float
    after_hire: NDArray[np.float64]
    after_exit: NDArray[np.float64]
    vacant: NDArray[np.float64]

    def at(self, what: str, days: float) -> float:
        """A chance so many days later."""
        found: NDArray[np.float64] = getattr(self, what)
        return float(found[round(days / self.step)])

    def deviation(self) -> float:
        """The standard deviation of the share of time a seat is vacant, over the whole grid, in equilibrium."""
        days = self.step * (len(self.vacant) - 1)
        covariance = self.share * (self.vacant - self.share)
        lag = self.step * np.arange(len(covariance))
        integral = float(np.trapezoid((days - lag) * covariance, dx=self.step))
        return math.sqrt(2.0 * integral) / days


def renewal(stay: Survival, fill: Survival, means: tuple[float, float], days: float, step: float) -> Renewal:
    """Solve the renewal equations for how long people stay, and how long seats take to fill."""
    grid = step * np.arange(round(days / step) + 1)
    held = np.array([stay(t) for t in grid])
    empty = np.array([fill(t) for t in grid])
    exit_, filled = -np.diff(held), -np.diff(empty)
    after_hire, after_exit = np.zeros_like(grid), np.ones_like(grid)
    for n in range(1, len(grid)):
        # The integral of g(t - x) dF(x), with g at the ends of each step averaged; its value at t itself is unknown.
        known_hire = 0.5 * (exit_[:n] @ after_exit[n - 1 :: -1] + exit_[1:n] @ after_exit[n - 1 : 0 : -1])
        known_exit = 0.5 * (filled[:n] @ after_hire[n - 1 :: -1] + filled[1:n] @ after_hire[n - 1 : 0 : -1])
        a, b = 0.5 * exit_[0], 0.5 * filled[0]
        after_hire[n] = (known_hire + a * (empty[n] + known_exit)) / (1.0 - a * b)
        after_exit[n] = empty[n] + known_exit + b * after_hire[n]
    mean_stay, mean_fill = means
    left = np.concatenate(([0.0], np.cumsum(0.5 * step * (empty[1:] + empty[:-1])))) / mean_fill
    chance = np.diff(left)
    vacant = 1.0 - left
    for n in range(1, len(grid)):
        vacant[n] += 0.5 * (chance[:n] @ after_hire[n - 1 :: -1] + chance[:n] @ after_hire[n:0:-1])
    return Renewal(step, mean_fill / (mean_fill + mean_stay), after_hire, after_exit, vacant)
