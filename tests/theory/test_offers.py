"""V11: offers that are declined."""

import numpy as np

from orgsim.laws import Constant
from orgsim.scenario.model import Hiring, Stage
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge
from tests.theory.worlds import replications, scenario, seats


def check_offers(count: int, sees: float) -> tuple[Finding, ...]:
    """A thousand vacant seats; twenty days of search and seven of an offer, which seven in ten accept."""
    stages = (Stage("search", Constant(20.0)), Stage("offer", Constant(7.0), accept=0.7, otherwise="search"))
    plan = scenario(seats(1000, vacant=1.0), days=2000, hiring=Hiring(stages))
    days = []
    for found in replications(plan, count):
        days += [vacancy.ended - vacancy.opened for vacancy in found.vacancies if vacancy.ended is not None]
        assert len(days) % 1000 == 0
    offers = np.asarray(days) / 27.0
    assert bool((offers == offers.round()).all())
    return (
        judge("V11", "offers a hire", 1.0 / 0.7, offers.tolist(), sees=sees),
        judge("V11", "days to fill with offers declined", 27.0 / 0.7, days, sees=sees),
    )


def test_offers(told: Told) -> None:
    """Whoever declines sends the search back to its beginning."""
    told(*check_offers(10, sees=0.03))
