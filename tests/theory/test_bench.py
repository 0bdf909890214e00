"""V4, V13: posts whose successors stand ready, until there are none."""

import numpy as np
import pytest

from orgsim.laws import Constant, Exponential, ExponentialDuration
from orgsim.scenario.model import (
    Hiring,
    Plan,
    Promote,
    Recruiters,
    Shock,
    Stage,
    Succession,
    Successor,
    Where,
)
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, Vacancy
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge
from tests.theory.worlds import leaving, replications, scenario, seats

# ------------------------------------------------------------------------------------------------- the repair problem


class Crash:
    """Ends the story when a post stays without anybody: from then on nobody leaves."""

    def __init__(self, run: Run) -> None:
        """Watch who cannot be replaced."""
        self.run = run
        self.crashed = False
        run.opened.append(self.opened)
        run.factors.append(self.factor)

    def opened(self, vacancy: Vacancy) -> None:
        """A post that opens while the bench is empty is the last."""
        if vacancy.post.facts.level == "post" and not self.run.at_level("bench"):
            self.crashed = True
            self.run.notice(self.run.people.values())

    def factor(self, _person: PersonState, _reason: str, factor: float) -> float:
        """The hazard of everybody, times this."""
        return 0.0 if self.crashed else factor


def moments(ready: int, posts: int = 10, life: float = 100.0, repair: float = 1.0) -> tuple[float, float]:
    """The time until more have left than are ready: its mean and standard deviation.

    A birth and death process, from nobody in repair: by the matrix of its rates.
    """
    rates = np.diag([posts / life] * ready, 1) + np.diag([1.0 / repair] * ready, -1)
    rates -= np.diag(rates.sum(axis=1))
    rates[ready, ready] -= posts / life
    first = np.linalg.solve(-rates, np.ones(ready + 1))
    second = 2.0 * np.linalg.solve(-rates, first)
    return float(first[0]), float(np.sqrt(second[0] - first[0] ** 2))


def check_repair(ready: int, count: int, sees: float) -> tuple[Finding, ...]:
    """Ten posts held for 100 days; a bench whose seats one developer fills anew, in a day each."""
    plan = scenario(
        seats(10, "post", level="post"), seats(ready, "bench", level="bench"), days=300_000,
        levels=("post", "bench"), attrition=(leaving(Exponential(1.0 / 100.0), levels=("post",)),),
        succession=Succession(promote=Promote(candidates="below", stay=0.0)),
        hiring=Hiring(
            (Stage("develop", ExponentialDuration(1.0), recruiter=True),), Where(levels=("bench",)),
            recruiters=(Recruiters("developer", 1),),
        ),
    )  # fmt: skip
    crashes = []
    for found in replications(plan, count, flows=[Crash]):
        (crash,) = [v.opened for v in found.vacancies if v.post.startswith("post/") and v.ended is None]
        crashes.append(crash)
    name = f"days until a post cannot be covered, {ready} on the bench"
    exact, deviation = moments(ready)
    return (judge("V4", name, exact, crashes, sees=sees, deviation=deviation),)


@pytest.mark.parametrize(
    ("ready", "count", "sees"),
    [
        (1, 300, 0.24),
        pytest.param(2, 300, 0.24, marks=pytest.mark.slow),
        pytest.param(3, 80, 0.45, marks=pytest.mark.slow),
    ],
)
def test_repair(ready: int, count: int, sees: float, told: Told) -> None:
    """A bench lasts as long as the spares of the repair problem (Ross, *Simulation*, section 7.7)."""
    told(*check_repair(ready, count, sees))


def test_repair_problem() -> None:
    """The exact value of the published problem is a round number."""
    assert moments(3)[0] == pytest.approx(12_340.0)


# -------------------------------------------------------------------------------------------------- who is available


def check_bench(bench: int, count: int, sees: float) -> tuple[Finding, ...]:
    """Posts with so many successors, each of whom accepts six times in ten, all vacated at once."""
    size = 300
    plans = {
        f"post/{i}": Plan(tuple(Successor(f"bench/{bench * (i - 1) + j}/0") for j in range(1, bench + 1)))
        for i in range(1, size + 1)
    }
    plan = scenario(
        seats(size, "post", level="post"), seats(bench * size, "bench", level="bench"), days=100,
        seed=bench, shocks=(Shock("all", 10.0, group=Where(levels=("post",))),),
        succession=Succession(plans, promote=Promote(accept=0.6)),
        hiring=Hiring((Stage("work", Constant(20.0)),), Where(levels=("post",))),
    )  # fmt: skip
    internal = []
    for found in replications(plan, count):
        filled = [v.how == "promoted" for v in found.vacancies if v.post.startswith("post/") and v.how is not None]
        assert len(filled) == size
        internal += [float(how) for how in filled]
    return (judge("V13", f"share filled from a bench of {bench}", 1.0 - 0.4**bench, internal, sees=sees),)


@pytest.mark.parametrize(
    ("bench", "sees"),
    [pytest.param(1, 0.05, marks=pytest.mark.slow), (2, 0.03), pytest.param(3, 0.02, marks=pytest.mark.slow)],
)
def test_bench(bench: int, sees: float, told: Told) -> None:
    """Somebody of the bench takes the post unless all decline."""
    told(*check_bench(bench, 20, sees))
