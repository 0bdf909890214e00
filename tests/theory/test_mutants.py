"""The tests of theory bite: an engine with a mistake in it, of a kind that people make, fails at least one of them."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from orgsim import laws
from orgsim.laws import Exponential
from orgsim.simulate import draws, engine
from orgsim.simulate.draws import Luck
from orgsim.simulate.flows import contagion
from orgsim.simulate.flows.attrition import Attrition, Clock
from orgsim.simulate.flows.hiring import HiringFlow
from orgsim.simulate.kernel import Calendar
from orgsim.simulate.run import Run
from tests.theory.test_by_hand import check_by_hand, check_inverse, check_year
from tests.theory.test_chains import check_ladder
from tests.theory.test_leaving import check_causes, check_contagion, check_retention, eager
from tests.theory.test_luck import check_unlike
from tests.theory.test_queues import check_stages
from tests.theory.test_seats import WEIBULL, check_freeze, check_vacancy
from tests.theory.worlds import YEAR, yearly

Patch = pytest.MonkeyPatch


def year_of_365_days(patch: Patch) -> None:
    """A year of 365 days."""
    patch.setattr(laws, "DAYS_PER_YEAR", 365.0)


def hazard_as_probability(patch: Patch) -> None:
    """15 % a year read as the chance to leave within a year, which is a hazard of 16.25 %."""

    def rate(law: Exponential) -> float:
        return -math.log1p(-law.rate * YEAR) / YEAR

    patch.setattr(Exponential, "wait", lambda law, _age, budget: budget / rate(law))
    patch.setattr(Exponential, "waits", lambda law, _ages, budgets: budgets / rate(law))
    patch.setattr(Exponential, "between", lambda law, a, b: rate(law) * (b - a))
    patch.setattr(Exponential, "cumulative", lambda law, age: rate(law) * age)


def start_with_full_tenures(patch: Patch) -> None:
    """Who is there at first stays as long again as somebody hired that day."""
    patch.setattr(engine, "_tenure", lambda *_: 0.0)


def resampled_when_interrupted(patch: Patch) -> None:
    """A clock that is interrupted begins anew, as only those without memory may."""
    change = Attrition._change

    def anew(self: Attrition, clock: Clock, law: Any, origin: float, factor: float) -> None:
        interrupted = factor != clock.factor
        change(self, clock, law, origin, factor)
        if interrupted:
            now = self.run.now
            self.run.calendar.cancel(clock.alarm)
            clock.left = -math.log(self.run.luck.uniform(clock.person.id, "again", int(now)))
            clock.origin = clock.planned = now
            self._start(clock)

    patch.setattr(Attrition, "_change", anew)
    patch.setattr(
        Attrition, "_hasten", lambda self, clock, factor: self._change(clock, clock.law, clock.origin, factor)
    )


def freed_before_the_offer(patch: Patch) -> None:
    """The recruiter goes on to the next search when the first is done, before the offer."""
    go = HiringFlow._go

    def early(self: HiringFlow, requisition: Any, index: int) -> None:
        go(self, requisition, index)
        self.release(requisition)

    patch.setattr(HiringFlow, "_go", early)


def freeze_starts_work(patch: Patch) -> None:
    """Work begins in a freeze."""
    patch.setattr(HiringFlow, "may_begin", lambda *_: True)


def promotion_leaves_no_vacancy(patch: Patch) -> None:
    """Nobody looks for a successor of the successor."""
    open_ = Run.open

    def only_others(self: Run, post: Any, cause: str, cascade: int | None = None) -> Any:
        return None if cause == "promotion" else open_(self, post, cause, cascade)

    patch.setattr(Run, "open", only_others)


def contagion_doubled(patch: Patch) -> None:
    """Effects twice as strong."""
    strength = contagion.strength
    patch.setattr(contagion, "strength", lambda entry, count: 2.0 * strength(entry, count))


def horizon_included(patch: Patch) -> None:
    """What is due at the horizon happens."""
    init = Calendar.__init__
    patch.setattr(Calendar, "__init__", lambda self, horizon: init(self, math.nextafter(horizon, math.inf)))


def key_without_purpose(patch: Patch) -> None:
    """Everything about a person is decided by the same number."""
    patch.setattr(draws, "_purpose", lambda _: 0)


def key_without_replication(patch: Patch) -> None:
    """Every replication is the same."""
    init = Luck.__init__
    patch.setattr(Luck, "__init__", lambda self, seed, _replication: init(self, seed, 0))


def contagion_to(law: Callable[[], Any]) -> Callable[[], object]:
    """The test of contagion, with a law."""
    return lambda: check_contagion("mutant", law, 40, sees=0.05)


Mutant = tuple[Callable[[Patch], None], Callable[[], object]]
QUICK: list[Mutant] = [
    (year_of_365_days, check_year),
    (year_of_365_days, check_inverse),
    (hazard_as_probability, check_year),
    (hazard_as_probability, check_inverse),
    (promotion_leaves_no_vacancy, lambda: check_ladder(0, 4, sees=0.06)),
    (horizon_included, check_by_hand),
    (key_without_purpose, lambda: check_causes(20, sees=0.05)),
    (key_without_replication, lambda: check_unlike(6)),
    (contagion_doubled, contagion_to(lambda: yearly(0.15))),
]
SLOW: list[Mutant] = [
    (hazard_as_probability, lambda: check_vacancy("mutant", yearly(0.15), 20, sees=0.039, spread=0.2)),
    (start_with_full_tenures, lambda: check_vacancy("mutant", WEIBULL, 40, sees=0.04, spread=0.2)),
    (resampled_when_interrupted, contagion_to(eager)),
    (resampled_when_interrupted, lambda: check_retention("mutant", eager, YEAR, 60, sees=0.12)),
    (freed_before_the_offer, lambda: check_stages(24, sees=0.08)),
    (freeze_starts_work, lambda: check_freeze(30, sees=0.08)),
    (key_without_replication, lambda: check_causes(20, sees=0.05)),
]
MUTANTS = [
    pytest.param(mutant, check, id=f"{mutant.__name__}-{number}", marks=marks)
    for mutants, marks in ((QUICK, ()), (SLOW, (pytest.mark.slow,)))
    for number, (mutant, check) in enumerate(mutants)
]


@pytest.mark.parametrize(("mutant", "check"), MUTANTS)
def test_mutant(mutant: Callable[[Patch], None], check: Callable[[], object], monkeypatch: Patch) -> None:
    """A test of theory notices the mistake, made in the flows: the number is wrong, and not only blurred."""
    monkeypatch.setattr(engine, "is_standing", lambda _world: False)
    mutant(monkeypatch)
    with pytest.raises(AssertionError) as caught:
        check()
    assert "sees a bias" not in str(caught.value)
