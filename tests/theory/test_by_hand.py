"""V17: where nothing is left to luck, or luck is known, a replication is worked out by hand, and is exactly that."""

import datetime as dt
import math

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Event, Hire
from orgsim.laws import Constant
from orgsim.scenario.model import (
    Acting,
    Hiring,
    Plan,
    Promote,
    Recruiters,
    Scenario,
    Shock,
    Stage,
    Succession,
    Successor,
)
from orgsim.simulate.draws import Luck
from orgsim.simulate.replication import Replication
from tests.theory.conftest import Told
from tests.theory.judging import Equality
from tests.theory.worlds import STAY, YEAR, exits, leaving, replications, scenario, seats, yearly

Row = tuple[float, str, str, str, object]


def staff() -> list[Event]:
    """A chief and two who report to the chief: the one longest employed, and the successor."""
    events: list[Event] = []
    for year, person, post in ((2021, "ada", "chief"), (2022, "cy", "sales"), (2023, "bea", "tech")):
        day = When.on(dt.date(year, 1, 1))
        boss = "none" if post == "chief" else "chief"
        events += [
            CreatePost(date=day, post=post, unit="acme", reports_to=boss, critical=post == "chief"),
            Hire(date=day, person=person, organization="acme", name=person.title()),
            Appoint(date=day, person=person, post=post),
        ]
    return events


def plan(days: int) -> Scenario:
    """Two leave on set days; everything takes as long as it always takes; one recruiter."""
    return scenario(
        days=days, past=staff(),
        shocks=(Shock("first", 5.0, post="chief"), Shock("second", 20.0, person="cy", reason="retirement")),
        succession=Succession(
            {"chief": Plan((Successor("bea"),))}, promote=Promote(decide_in=Constant(10.0)),
            acting=Acting(after=2.0, candidates=("deputy",)),
        ),
        hiring=Hiring(
            (Stage("search", Constant(30.0), recruiter=True), Stage("notice", Constant(20.0))),
            recruiters=(Recruiters("team", 1),), approve_in=Constant(1.0),
        ),
    )  # fmt: skip


BY_HAND: list[Row] = [
    (5.0, "depart", "ada", "", "resignation"),
    (7.0, "act", "cy", "chief", None),  # deputy: of those who report to the chief, the longest employed
    (15.0, "vacate", "cy", "chief", None),  # ten days after the exit it is decided
    (15.0, "appoint", "bea", "chief", None),
    (15.0, "vacate", "bea", "tech", None),  # a requisition on day 15, approved on day 16
    (20.0, "depart", "cy", "", "retirement"),  # a requisition on day 20, approved on day 21: it waits
    (66.0, "hire", "hire/tech/1", "", "acme"),  # 16 + 30 + 20; the recruiter was free on day 46
    (66.0, "appoint", "hire/tech/1", "tech", None),
    (96.0, "hire", "hire/sales/1", "", "acme"),  # 46 + 30 + 20
    (96.0, "appoint", "hire/sales/1", "sales", None),
]


def check_by_hand() -> tuple[Equality, ...]:
    """The horizon is the first instant at which nothing happens any more."""
    for days, rows in ((97, BY_HAND), (96, BY_HAND[:-2]), (66, BY_HAND[:6]), (5, [])):
        (found,) = replications(plan(days), 1)
        assert found.rows == rows, days
    return (Equality("V17", "two exits, acting, a promotion, one recruiter: the ledger", "4 horizons"),)


def test_by_hand(told: Told) -> None:
    """Shocks, cover, promotion and hiring on set days give the ledger worked out by hand, and stop at the horizon."""
    told(*check_by_hand())


def test_cascade_by_hand() -> None:
    """Vacancies of one exit are one cascade, and know how they ended."""
    (found,) = replications(plan(97), 1)
    assert [(v.post, v.opened, v.cascade, v.cause, v.ended, v.how) for v in found.vacancies] == [
        ("chief", 5.0, 0, "departure", 15.0, "promoted"),
        ("tech", 15.0, 0, "promotion", 66.0, "hired"),
        ("sales", 20.0, 1, "departure", 96.0, "hired"),
    ]
    assert found.vacancies[0].acting == (("cy", 7.0, 15.0),)


def check_nothing() -> tuple[Equality, ...]:
    """Nobody leaves who has no hazard."""
    (found,) = replications(scenario(seats(50), days=40_000, attrition=(leaving(yearly(0.0)),)), 1)
    assert {row[1] for row in found.rows} == {"create-post", "hire", "appoint"}
    assert {row[0] for row in found.rows} == {0.0}
    return (Equality("V17", "no hazard: the ledger of the first day", "a century"),)


def test_nothing(told: Told) -> None:
    """Without a hazard nothing happens, however long one waits."""
    told(*check_nothing())


def check_inverse() -> tuple[Equality, ...]:
    """Whoever has the number u leaves when the integral of the hazard reaches -ln u: here at -ln u / 0.15 years."""
    found: Replication
    plan = scenario(seats(200), days=4000, attrition=(leaving(yearly(0.15)),))
    for k, found in enumerate(replications(plan, 5)):
        luck = Luck(plan.seed, k)
        budgets = {
            f"seat/{i}/0": -math.log(luck.uniform(f"seat/{i}/0", "attrition/resignation")) for i in range(1, 201)
        }
        expected = sorted((budget * STAY, person) for person, budget in budgets.items() if budget * STAY < 4000.0)
        times = exits(found)
        assert [person for _, person in times] == [person for _, person in expected]
        assert all(abs(a - b) <= 1e-12 * b for (a, _), (b, _) in zip(times, expected, strict=True))
    return (Equality("V17", "exits, and the inverse of the integrated hazard", "1,000 people"),)


def test_inverse(told: Told) -> None:
    """Everybody's exit is the inverse of the integrated hazard at the number drawn."""
    told(*check_inverse())


def check_year() -> tuple[Equality, ...]:
    """A rate of 15 % a year is no probability of 15 %, and the year has 365.25 days."""
    assert abs(yearly(0.15).yearly(0.0) - (1.0 - math.exp(-0.15))) < 1e-15
    assert abs(yearly(0.15).cumulative(YEAR) - 0.15) < 1e-15
    return (Equality("V17", "15 % a year, 13.93 % within a year", "the law"),)


def test_year(told: Told) -> None:
    """Of those at 15 % a year, 13.93 % leave within a year."""
    told(*check_year())
