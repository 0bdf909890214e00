"""V6: vacancy chains, as long as the fundamental matrix of a Markov chain says (White, *Chains of Opportunity*, 1970).

A vacancy in stratum i moves to stratum j with chance Q[i, j], when somebody is promoted or moved from there, and
leaves the organization otherwise, when somebody is hired.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from orgsim.laws import Constant
from orgsim.scenario.model import Promote, Succession
from orgsim.simulate.engine import FlowMaker
from orgsim.simulate.kernel import DECISION, SHOCK
from orgsim.simulate.replication import Replication
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState, Vacancy
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge, judge_variance
from tests.theory.worlds import hiring, replications, scenario, seats

Matrix = NDArray[np.floating[Any]]
Q = np.array([[0.3, 0.4, 0.1], [0.1, 0.4, 0.4], [0.05, 0.05, 0.2]])
SIZE = 30


def lengths(chances: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and variance of the length of a chain that begins in each stratum."""
    unit = np.eye(len(chances))
    fundamental: Matrix = np.linalg.inv(unit - chances)
    mean: Matrix = fundamental.sum(axis=1)
    return mean, (2.0 * fundamental - unit) @ mean - mean**2


class Daily:
    """Each day somebody of one stratum leaves; the posts of the stratum take turns."""

    def __init__(self, run: Run, level: str) -> None:
        """Nobody has left yet."""
        self.run = run
        self.posts = [post for post in run.posts.values() if post.facts.level == level]

    def open(self) -> None:
        """Put all exits on the calendar."""
        for day in range(1, int(self.run.world.horizon)):
            self.run.calendar.after(float(day), SHOCK, 0, self._strike, self.posts[day % len(self.posts)])

    def _strike(self, post: PostState) -> None:
        (holder,) = post.holders
        self.run.depart(holder, "resignation")


class Opportunity:
    """Fills vacancies by the matrix, at once: instead of succession and hiring, which know levels only."""

    def __init__(self, run: Run, chances: Matrix) -> None:
        """Watch vacancies."""
        self.run = run
        self.ends = np.cumsum(chances, axis=1)
        self.turn = 0
        run.opened.append(self.opened)

    def opened(self, vacancy: Vacancy) -> None:
        """A move, or a hire, is due at once."""
        self.run.calendar.after(0.0, DECISION, vacancy.post.rank, self._fill, vacancy)

    def _fill(self, vacancy: Vacancy) -> None:
        run, post = self.run, vacancy.post
        here = int(post.facts.level or 0)
        there = int(np.searchsorted(self.ends[here], run.draw(vacancy, "move", vacancy.number), side="right"))
        if there == len(self.ends):
            person = PersonState(f"hire/{post.id}/{vacancy.number}", run.now)
            run.hire(person)
            run.end(vacancy, "hired", person.id)
            run.appoint(person, post)
            run.settle(person)
            return
        posts = [other for other in run.posts.values() if other.facts.level == str(there) and other is not post]
        person = next(other for other in posts if other.holders).holders[0]
        left = person.posts[0]
        run.end(vacancy, "promoted", person.id)
        run.appoint(person, post)
        run.vacate(person, left)
        run.open(left, "promotion", vacancy.cascade)


def daily(level: str) -> FlowMaker:
    """The flow of daily exits, for `simulate`."""
    return lambda run: Daily(run, level)


def opportunity(chances: Matrix) -> FlowMaker:
    """The flow of opportunity, for `simulate`."""
    return lambda run: Opportunity(run, chances)


def chains(found: Replication) -> list[float]:
    """How many vacancies each cascade has."""
    cascades = [vacancy.cascade for vacancy in found.vacancies]
    return [float(length) for length in np.bincount(cascades)]


def judge_chains(what: str, chances: Matrix, at: int, found: list[float], sees: float) -> tuple[Finding, ...]:
    """Compare mean and variance of the lengths of chains that begin in a stratum."""
    mean, variance = lengths(chances)
    findings = [judge("V6", f"length of a chain from {what}", float(mean[at]), found, sees=sees)]
    if variance[at] > 0.0:
        findings.append(
            judge_variance(
                "V6", f"variance of the length of a chain from {what}", float(variance[at]), found,
                about=float(mean[at]), sees=5 * sees,
            )
        )  # fmt: skip
    return tuple(findings)


def check_matrix(at: int, count: int, sees: float) -> tuple[Finding, ...]:
    """Vacancies move between three strata by the matrix."""
    groups = [seats(SIZE, f"stratum{i}", level=str(i)) for i in range(3)]
    plan = scenario(*groups, days=1000)
    flows = [opportunity(Q), daily(str(at))]
    found = [length for replication in replications(plan, count, flows=flows) for length in chains(replication)]
    return judge_chains(f"stratum {at + 1} of three", Q, at, found, sees)


def check_ladder(at: int, count: int, sees: float) -> tuple[Finding, ...]:
    """Five levels; seven vacancies in ten are filled from the level below, those of the lowest from outside."""
    groups = [seats(SIZE, f"level{i}", level=str(i)) for i in range(5)]
    plan = scenario(
        *groups, days=1000, levels=("0", "1", "2", "3", "4"), hiring=hiring(Constant(0.0)),
        succession=Succession(promote=Promote(candidates="below", internal=0.7, choose="random", stay=0.0)),
    )  # fmt: skip
    found = [
        length for replication in replications(plan, count, flows=[daily(str(at))]) for length in chains(replication)
    ]
    return judge_chains(f"level {at + 1} of five", np.diag([0.7] * 4, 1), at, found, sees)


@pytest.mark.parametrize("at", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in (1, 2))])
def test_matrix(at: int, told: Told) -> None:
    """Chains between strata are as long as the matrix says."""
    told(*check_matrix(at, 4, sees=0.06))


@pytest.mark.parametrize("at", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in (1, 2, 3))])
def test_ladder(at: int, told: Told) -> None:
    """Where promotions go up one level only, a chain from the d-th from below has (1 - q^d) / (1 - q) vacancies."""
    told(*check_ladder(at, 4, sees=0.06))


def test_lengths() -> None:
    """The exact values are the published ones."""
    mean, variance = lengths(Q)
    assert mean == pytest.approx([3.60861759, 3.39317774, 1.68761221], abs=5e-9)
    assert variance == pytest.approx([5.8757, 4.723206, 2.316913], abs=5e-6)
    assert lengths(np.diag([0.7] * 4, 1))[0] == pytest.approx([2.7731, 2.533, 2.19, 1.7, 1.0])
