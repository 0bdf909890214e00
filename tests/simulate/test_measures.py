"""What the engine counts while it runs is what replaying its events counts."""

import datetime as dt
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.events import ChangePost, CloseUnit, CreatePost, Depart, Hire
from orgsim.laws import Constant
from orgsim.lookups import employer_of
from orgsim.metrics import gaps
from orgsim.model import Unit
from orgsim.scenario.model import Scenario, Shock
from orgsim.simulate.engine import compile_world, simulate
from orgsim.simulate.measures import NAMES, measure
from orgsim.simulate.opening import history, planned
from orgsim.simulate.replication import Replication
from tests.simulate.strategies import scenarios
from tests.theory.worlds import hiring, seats
from tests.theory.worlds import scenario as theory


def on_dates(found: dict[str, float], name: str) -> dict[dt.date, float]:
    """The values of a measure by date."""
    return {dt.date.fromisoformat(key.partition("@")[2]): v for key, v in found.items() if key.startswith(f"{name}@")}


def simulated(scenario: Scenario, k: int) -> tuple[Replication, dict[str, float]]:
    """A replication and its measures."""
    world = compile_world(scenario)
    replication = simulate(world, k)
    return replication, measure(world, replication)


@given(scenarios(), st.integers(0, 3))
def test_headcount_is_that_of_the_charts(scenario: Scenario, k: int) -> None:
    """The headcount of each date is the chart's."""
    replication, found = simulated(scenario, k)
    ledger = replication.ledger()
    for date, headcount in on_dates(found, "headcount").items():
        assert ledger.chart(date).headcount(scenario.organization) == headcount


@given(scenarios(), st.integers(0, 3))
def test_vacant_seats_are_those_of_the_charts(scenario: Scenario, k: int) -> None:
    """The vacant seats of the organization, boards and personal posts aside, are the chart's, and so is their share."""
    replication, found = simulated(scenario, k)
    ledger = replication.ledger()
    rates = on_dates(found, "vacancy_rate")
    for date, vacant in on_dates(found, "vacancies").items():
        chart = ledger.chart(date)
        posts = [
            post
            for post in chart.posts
            if employer_of(chart, post) == scenario.organization and post.personal is None and post.seats != "any"
        ]
        seats = sum(post.seats for post in posts if post.seats != "any")
        empty = sum(post.seats - post.taken for post in posts if post.seats != "any")
        assert empty == vacant
        assert (math.isnan(rates[date]) and not seats) or rates[date] == empty / seats


def _root(chart: OrgChart, unit: Unit) -> str:
    """The organization a unit is of."""
    while unit.parent is not None:
        unit = chart.unit(unit.parent)
    return unit.id


@given(scenarios(), st.integers(0, 3))
def test_gap_days_are_those_of_the_metrics(scenario: Scenario, k: int) -> None:
    """For each post of the report, gap days, acting days and uncovered days are those of its ledger.

    Where the ledger does not tell whether somebody held a post, the metrics say so; the simulation takes it as vacant.
    """
    replication, found = simulated(scenario, k)
    ledger = replication.ledger()
    # What is created or moved elsewhere, on a board, or for any number, perhaps anew, is not counted (any more).
    made = [event for event in planned(scenario) if isinstance(event, CreatePost | ChangePost)]
    charts = [ledger.chart(event.date.day) for event in made]
    units = {(unit, _root(chart, unit)) for chart in charts for unit in chart.units}
    home = {unit.id for unit, root in units if root == scenario.organization}
    home -= {unit.id for unit, _ in units if unit.is_body}
    anew = {event.post for event in made if event.unit not in {*home, None} or event.seats == "any"}
    posts = [post for post in replication.world.reported if post not in anew]
    counted = gaps(ledger, scenario.start, scenario.end, posts=posts) if posts else ()
    for told in counted:
        ours = [found[f"{name}/{told.post}"] for name in ("gap_days", "acting_days", "uncovered_days")]
        untold = told.unknown_days
        assert ours == [told.gap_days + untold, told.acting_days, told.uncovered_days + untold]


@given(scenarios(), st.integers(0, 3))
def test_departures_are_told_by_reason(scenario: Scenario, k: int) -> None:
    """Whatever makes employees leave, departures for each reason are those of the ledger, and add up to all."""
    replication, found = simulated(scenario, k)
    before = {id(event) for event in history(scenario)}
    contract: dict[tuple[str, str], str] = {}
    left: Counter[str] = Counter()
    ledger = replication.ledger()
    for event in ledger.events:
        if event.disputes is not None or not ledger.sees(event):
            continue
        if isinstance(event, Hire):
            contract[event.person, event.organization] = event.contract
        elif isinstance(event, CloseUnit) and event.into is not None:  # whoever an organization employed goes along
            moved = {who: how for (who, where), how in contract.items() if where == event.unit}
            for who, how in moved.items():
                contract.setdefault((who, scenario.organization), how)
        elif isinstance(event, Depart) and event.organization == scenario.organization:
            how = contract.pop((event.person, event.organization))
            left[event.reason] += id(event) not in before and how == "employee"
    left = +left
    by_reason = {name.partition("/")[2]: value for name, value in found.items() if name.startswith("departures/")}
    assert sum(by_reason.values()) == found["departures"]
    assert {reason: count for reason, count in by_reason.items() if count} == left


def test_contractors_are_neither_headcount_nor_departures() -> None:
    """Of three employees and a contractor, the contractor and an employee leave in 100 days: by hand, 1 leaver.

    The employees work 3 x 10 and 2 x 90 days, so that turnover is 1 / 210 a day.
    """
    long_ago = When.on(dt.date(2024, 1, 1))
    people = {"ann": "employee", "bob": "employee", "cid": "employee", "dan": "contractor"}
    past = [Hire(date=long_ago, person=who, organization="acme", contract=how) for who, how in people.items()]
    shocks = (Shock("external", 5.0, person="dan"), Shock("internal", 10.0, person="ann"))
    _, found = simulated(theory(days=100, past=past, shocks=shocks), 0)
    stocks = list(on_dates(found, "headcount").values())
    assert (stocks[0], stocks[-1], found["hires"]) == (3, 2, 0)
    assert found["departures"] == 1
    assert found["turnover"] == pytest.approx(365.25 / 210)


def test_searches_that_go_on_are_counted() -> None:
    """Of two posts, one is filled after thirty days, and the other still looked for at the end, or no longer."""
    for days, still_open in ((40, 1 / 2), (60, 0.0), (20, 1.0), (1, math.nan)):
        shocks = tuple(Shock(f"of {n}", 5.0 * n, post=f"seat/{n}") for n in (1, 4) if 5 * n < days)
        _, found = simulated(theory(seats(4), days=days, shocks=shocks, hiring=hiring(Constant(30.0))), 0)
        for measured in ("time_to_fill", "vacancy_duration"):
            assert found[f"{measured}/open"] == pytest.approx(still_open, nan_ok=True)
            assert found[measured] == pytest.approx(30.0 if days > 35 else math.nan, nan_ok=True)


def test_vacancies_that_nobody_searches_for_are_no_searches() -> None:
    """Without hiring, all vacancies stay open, and there is no search of which any could."""
    _, found = simulated(theory(seats(2), days=40, shocks=(Shock("x", 5.0, post="seat/1"),)), 0)
    assert found["vacancy_duration/open"] == 1.0
    assert math.isnan(found["time_to_fill/open"])


@given(scenarios())
def test_every_measure_has_a_unit(scenario: Scenario) -> None:
    """Every measure is one of those named, of a date, a post, a reason or a kind."""
    _, found = simulated(scenario, 0)
    assert {key.partition("@")[0].partition("/")[0] for key in found} <= set(NAMES)
