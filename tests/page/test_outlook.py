"""A result on the page: the fan of its series, what was before, and the days of gaps, each with its uncertainty."""

import datetime as dt

import pytest

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Hire, OpenUnit
from orgsim.experiments.experiment import run_experiment
from orgsim.experiments.outcome import Outcome
from orgsim.laws import Constant, Exponential
from orgsim.ledger import Ledger
from orgsim.page import write_page
from orgsim.page.outlook import gap_bars, outlook_of
from orgsim.scenario.model import Cause, Hiring, Rule, Scenario, Stage

RUNS = 200


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Four people, one of them a critical leader, who leave about once a year and are replaced in sixty days."""
    day = When.on(dt.date(2024, 3, 1))
    events: list[object] = [OpenUnit(date=day, unit="acme")]
    for number in range(4):
        events.append(CreatePost(date=day, post=f"post-{number}", unit="acme", critical=number == 0))
        events.append(Hire(date=day, person=f"person-{number}", organization="acme", name=f"Person {number}"))
        events.append(Appoint(date=day, person=f"person-{number}", post=f"post-{number}"))
    scenario = Scenario(
        title="Four <b>people</b>",
        ledger=Ledger(tuple(events)),  # type: ignore[arg-type]
        organization="acme",
        start=dt.date(2025, 1, 1),
        end=dt.date(2026, 1, 1),
        attrition=(Cause("resignation", (Rule(Exponential(1 / 365)),)),),
        hiring=Hiring((Stage("search", Constant(60.0)),)),
    )
    return run_experiment(scenario, replications=RUNS, executor="serial")


def test_the_fan_is_that_of_the_result(outcome: Outcome) -> None:
    """Dates and quantiles are the result's; the history is the headcount of the months before."""
    shown = outlook_of(outcome)
    fan = outcome.fan("headcount")
    assert shown.dates == fan.dates
    assert dict(shown.quantiles) == fan.quantiles
    assert dict(shown.history)[dt.date(2024, 3, 1)] == 4
    assert dict(shown.history)[dt.date(2024, 2, 1)] == 0
    assert all(date < shown.dates[0] for date, _ in shown.history)


def test_every_future_is_in_one_bar(outcome: Outcome) -> None:
    """The bars of days of gaps add up to all futures, and none lies outside its interval."""
    bars = outlook_of(outcome).gaps
    assert sum(bar.share for bar in bars) == pytest.approx(1)
    assert all(bar.lowest <= bar.share <= bar.highest for bar in bars)


def test_bars_have_round_widths_and_count_what_is_there() -> None:
    """Four futures with 0, 10, 59 and 60 days: bars of ten days, and a quarter of them in each that has one."""
    bars = list(gap_bars([0.0, 10.0, 59.0, 60.0]))
    assert [(bar.low, bar.share) for bar in bars if bar.share] == [(0, 0.25), (10, 0.25), (50, 0.25), (60, 0.25)]


def test_a_result_stands_in_the_page_escaped(outcome: Outcome) -> None:
    """The title of a scenario is text in the page's data, never markup."""
    page = write_page(outcome.ledger(0), outlook_of(outcome))
    assert "Four \\u003cb" in page
    assert "Four <b>" not in page
