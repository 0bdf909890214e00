"""What queueing theory says of few recruiters: exact values of M/M/c, with a finite source too, and of work in stages.

Arrivals come at `arrival` a day, each takes `work` days of one of `servers`; times are days.
Formulas: Gross, Shortle, Thompson, Harris, *Fundamentals of Queueing Theory*, 4th edition, sections 2.3 and 2.8.
"""

import math
from itertools import accumulate

import attrs
import numpy as np
from numpy.typing import NDArray


@attrs.frozen
class Open:
    """M/M/c with arrivals from everywhere, in equilibrium."""

    arrival: float
    work: float
    servers: int

    @property
    def load(self) -> float:
        """How many servers are busy in the mean."""
        return self.arrival * self.work

    @property
    def waiting_chance(self) -> float:
        """Erlang's C: the chance that all servers are busy."""
        a, c = self.load, self.servers
        last = a**c / math.factorial(c) / (1.0 - a / c)
        return last / (sum(a**k / math.factorial(k) for k in range(c)) + last)

    @property
    def slack(self) -> float:
        """How much faster the servers together work than arrivals come, a day."""
        return self.servers / self.work - self.arrival

    @property
    def wait(self) -> float:
        """The mean wait for a server."""
        return self.waiting_chance / self.slack

    def waits_longer(self, days: float) -> float:
        """The chance to wait longer than this."""
        return self.waiting_chance * math.exp(-self.slack * days)

    @property
    def present(self) -> float:
        """How many are there in the mean, waiting or served."""
        return self.load + self.arrival * self.wait

    def shares(self) -> list[float]:
        """The chance that so many are there, up to a number that is never reached."""
        weights, weight = [], 1.0
        for n in range(2000):
            weights.append(weight)
            weight *= self.load / min(n + 1, self.servers)
        return [weight / math.fsum(weights) for weight in weights]


@attrs.frozen
class Finite:
    """M/M/c of which the customers are `seats`, each of which is held for `stay` days in the mean."""

    seats: int
    stay: float
    work: float
    servers: int

    def shares(self) -> list[float]:
        """The chance that so many are vacant: a birth and death process."""
        logs = accumulate(
            (
                math.log((self.seats - n) * self.work / (min(n + 1, self.servers) * self.stay))
                for n in range(self.seats)
            ),
            initial=0.0,
        )
        weights = [math.exp(log) for log in logs]
        return [weight / math.fsum(weights) for weight in weights]

    @property
    def vacant(self) -> float:
        """The share of seats vacant."""
        return sum(n * share for n, share in enumerate(self.shares())) / self.seats

    @property
    def fill(self) -> float:
        """The mean days until a vacancy is filled, by Little's law."""
        return self.vacant / (1.0 - self.vacant) * self.stay

    @property
    def busy(self) -> float:
        """The chance that all servers are busy."""
        return sum(self.shares()[self.servers :])


def one_in_stages(seats: int, stay: float, stages: tuple[float, float]) -> NDArray[np.float64]:
    """The chances of a finite source and one server who does two exponential stages of work in a row.

    States: nobody is waited for; then, for each number vacant, the stage being worked on.
    """
    size = 1 + 2 * seats
    rates = np.zeros((size, size))

    def state(vacant: int, stage: int) -> int:
        return 0 if vacant == 0 else 2 * vacant - 1 + stage

    for n in range(seats + 1):
        for stage in (0, 1) if n else (0,):
            if n < seats:
                rates[state(n, stage), state(n + 1, stage)] += (seats - n) / stay
            if n:
                after = state(n, 1) if stage == 0 else state(n - 1, 0)
                rates[state(n, stage), after] += 1.0 / stages[stage]
    balance = rates.T - np.diag(rates.sum(axis=1))
    balance[-1] = 1.0
    found: NDArray[np.float64] = np.linalg.solve(balance, np.eye(size)[-1])
    return found


def vacant_in_stages(seats: int, stay: float, stages: tuple[float, float]) -> float:
    """The share of seats vacant then."""
    shares = one_in_stages(seats, stay, stages)
    return float(sum((1 + i) // 2 * share for i, share in enumerate(shares))) / seats
