"""Flows that only theory needs: exits that come as a Poisson process, and organizations that begin in equilibrium."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from orgsim.simulate.engine import FlowMaker
from orgsim.simulate.kernel import SHOCK
from orgsim.simulate.run import Run


class Exits:
    """People leave at random instants, a Poisson process, and the post of each is the next in turn.

    So vacancies open at a rate that does not depend on how many there are, which no hazard of the people themselves
    can bring about exactly.  Before the first instant, as many leave as luck says, by the chances given.
    """

    def __init__(self, run: Run, rate: float, standing: Sequence[float] = (1.0,)) -> None:
        """So many exits a day; and the chance of each number that has left when it all begins."""
        self.run = run
        self.rate = rate
        self.standing = standing
        self.posts = [post for post in run.posts.values() if post.in_play]
        self.turn = 0
        self.number = 0

    def open(self) -> None:
        """Those who have left before."""
        chances = list(accumulate(self.standing))
        for _ in range(bisect_right(chances, self.run.luck.uniform("exits", "standing") * chances[-1])):
            self._strike()
        self._wait()

    def _wait(self) -> None:
        if self.rate > 0.0:
            gap = -math.log(self.run.luck.uniform("exits", "gap", self.number)) / self.rate
            self.number += 1
            self.run.calendar.after(gap, SHOCK, 0, self._arrive, None)

    def _arrive(self, _: None) -> None:
        self._strike()
        self._wait()

    def _strike(self) -> None:
        while True:
            post = self.posts[self.turn % len(self.posts)]
            self.turn += 1
            if post.holders:
                break
        self.run.depart(post.holders[0], "resignation")


def exits(rate: float = 0.0, standing: Sequence[float] = (1.0,)) -> FlowMaker:
    """The flow of exits, for `simulate`."""

    def make(run: Run) -> Any:
        return Exits(run, rate, standing)

    return make
