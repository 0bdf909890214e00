"""The engine does what a second engine does, written plainly from the contract: the same rows, to the last bit."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.dates import When
from orgsim.laws import Constant, Exponential, LognormalDuration, UniformDuration, Weibull
from orgsim.ledger import Ledger
from orgsim.scenario import model as m
from orgsim.simulate.engine import compile_world, simulate
from tests.simulate.oracle import replay
from tests.simulate.oracle_vacancies import Vacancy
from tests.simulate.reducing import reduced
from tests.simulate.strategies import scenarios

# Drawing a scenario takes many choices, and being slow is no mistake.  What fails is made small by `reduced`.
drawn = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
Check = Callable[[m.Scenario, int], object]


def told(vacancy: Vacancy) -> tuple[object, ...]:
    """A vacancy as a record of the engine has it."""
    v = vacancy
    record = (v.post, v.number, v.opened, v.cascade, v.cause, v.ended, v.how, v.person, v.asked, v.accepted)
    return (*record, tuple((cover.person, cover.began, cover.ended) for cover in v.cover))


def compare(scenario: m.Scenario, replication: int, of_oracle: int | None = None) -> None:
    """Both engines tell the same (of another replication, if asked, to see that it would be noticed)."""
    rows, vacancies, missed = replay(scenario, replication if of_oracle is None else of_oracle)
    found = simulate(compile_world(scenario), replication)
    for ours, theirs in zip(found.rows, rows, strict=False):
        assert ours == theirs
    assert len(found.rows) == len(rows)
    vacancies.sort(key=lambda v: (v.post, v.number))
    records = sorted(found.vacancies, key=lambda v: (v.post, v.number))
    for record, vacancy in zip(records, vacancies, strict=True):
        assert tuple(record) == told(vacancy)
    assert found.missed == missed


def prove(scenario: m.Scenario, replication: int) -> None:
    """The future is a ledger: proven at every date on which something became known."""
    assert isinstance(simulate(compile_world(scenario), replication).ledger(), Ledger)


def holds(check: Check, scenario: m.Scenario, replication: int) -> bool:
    """Whether a check passes."""
    try:
        check(scenario, replication)
    except Exception:  # noqa: BLE001
        return False
    return True


def hold(check: Check, scenario: m.Scenario, replication: int) -> None:
    """Check; if it fails, fail with a scenario that is as small as may be."""
    if not holds(check, scenario, replication):
        scenario = reduced(scenario, lambda each: not holds(check, each, replication))
        note(f"{scenario}\n{list(scenario.ledger.events)}")
        check(scenario, replication)


@drawn
@given(scenarios(), st.integers(0, 5))
def test_two_engines_tell_the_same(scenario: m.Scenario, replication: int) -> None:
    """Every row, vacancy and miss of the engine is one of the oracle, at the same time to the last bit."""
    hold(compare, scenario, replication)


@drawn
@given(scenarios(), st.integers(0, 5))
def test_a_future_is_a_ledger(scenario: m.Scenario, replication: int) -> None:
    """Whatever is simulated is a legal ledger."""
    hold(prove, scenario, replication)


@pytest.mark.slow
@settings(drawn, max_examples=1500)
@given(scenarios(), st.integers(0, 5))
def test_two_engines_tell_the_same_of_many_scenarios(scenario: m.Scenario, replication: int) -> None:
    """The same two, for many more scenarios."""
    hold(compare, scenario, replication)
    hold(prove, scenario, replication)


# ------------------------------------------------------------------ a scenario with everything


def acme() -> Ledger:
    """A chief, a deputy, and a team with a seat too many."""
    on: dict[str, Any] = {"date": When.on(dt.date(2024, 1, 1))}
    events: list[ev.Event] = [
        ev.OpenUnit(**on, unit="acme"),
        ev.OpenUnit(**on, unit="sales", parent="acme"),
        ev.CreatePost(**on, post="ceo", unit="acme", reports_to="none", critical=True, level="A"),
        ev.CreatePost(**on, post="vp", unit="sales", reports_to="ceo", critical=True, level="B"),
        ev.CreatePost(**on, post="rep", unit="sales", reports_to="vp", level="C", seats=3),
    ]
    for person, post in (("ann", "ceo"), ("bob", "vp"), ("cho", "rep"), ("dee", "rep")):
        events.append(ev.Hire(**on, person=person, organization="acme"))
        events.append(ev.Appoint(**on, person=person, post=post))
    return Ledger([*events, ev.Hire(**on, person="eli", organization="acme")])


BUSY = m.Scenario(
    title="Busy",
    ledger=acme(),
    organization="acme",
    start=dt.date(2025, 1, 1),
    end=dt.date(2028, 1, 1),
    levels=("A", "B", "C"),
    population=(
        m.Population("staff", 5, "sales", "made up", reports_to="vp", level="C", tenure="stationary", vacant=0.2),
    ),
    attrition=(
        m.Cause("resignation", (m.Rule(Weibull(0.8, 600.0), m.Where(tenure_under=800.0)), m.Rule(Exponential(0.002)))),
        m.Cause("retirement", (m.Rule(Exponential(1 / 3000)),)),
    ),
    contagion=(m.Contagion("wave", 3.0, 180.0),),
    shocks=(m.Shock("coup", (30.0, 60.0), post="ceo", notice=10.0, probability=0.7),),
    succession=m.Succession(
        plans={"ceo": m.Plan((m.Successor("bob"),), emergency="bob")},
        promote=m.Promote(candidates="reports", decide_in=LognormalDuration(20.0, 0.4), accept=0.8),
        acting=m.Acting(at_most=90.0),
    ),
    hiring=m.Hiring(
        stages=(
            m.Stage("search", LognormalDuration(40.0, 0.5), recruiter=True),
            m.Stage("offer", Constant(7.0), accept=0.7, otherwise="search"),
            m.Stage("notice", UniformDuration(30.0, 90.0)),
        ),
        recruiters=(m.Recruiters("all", 1),),
        approve_in=Constant(3.0),
        freezes=(m.Freeze("spring", 200.0, 300.0, pending="suspend", promotions=False),),
    ),
    growth=(m.Growth("more", 2, "rep", (50.0, 400.0)),),
    interventions=(m.Intervention("stay", 100.0, 400.0, hazards={"resignation": 0.5}, stages={"search": 0.5}),),
)


@pytest.mark.parametrize("replication", range(5))
def test_two_engines_tell_the_same_of_a_busy_scenario(replication: int) -> None:
    """Three years in which everything happens that a scenario may say."""
    compare(BUSY, replication)
    assert len(simulate(compile_world(BUSY), replication).rows) > 50


def test_both_engines_give_up_after_4096_rounds() -> None:
    """An offer that is never accepted is not made forever."""
    hiring = m.Hiring(stages=(m.Stage("offer", Constant(0.0), recruiter=True, accept=0.0),))
    compare(attrs.evolve(BUSY, hiring=hiring, end=dt.date(2025, 3, 1)), 0)


def test_a_unit_does_not_merge_into_one_of_an_organization_whose_own_merger_is_not_simulated() -> None:
    """The ledger announces that Initech merges into Acme, and then sales into Initech's lab: both are missed."""
    on: dict[str, Any] = {"date": When.on(dt.date(2024, 1, 1))}
    told: dict[str, Any] = {"date": When.on(dt.date(2025, 2, 1)), "known": dt.date(2024, 1, 1)}
    lab = (ev.OpenUnit(**on, unit="initech"), ev.OpenUnit(**on, unit="lab", parent="initech"))
    mergers = [ev.CloseUnit(**told, unit=unit, into=into) for unit, into in [("initech", "acme"), ("sales", "lab")]]
    scenario = m.Scenario(
        title="Mergers",
        ledger=Ledger([*acme().events, *lab, *mergers]),
        organization="acme",
        start=dt.date(2025, 1, 1),
        end=dt.date(2025, 3, 1),
    )
    compare(scenario, 0)
    prove(scenario, 0)
    found = simulate(compile_world(scenario), 0)
    assert (list(found.rows), found.missed) == ([], 2)


def test_a_failing_scenario_is_made_small() -> None:
    """Of a busy scenario only what a mistake needs is left: here, a chief who leaves in the end."""

    def chief_leaves(scenario: m.Scenario) -> bool:
        """Stands for a mistake."""
        return any(row[1:3] == ("depart", "ann") for row in simulate(compile_world(scenario), 0).rows)

    assert chief_leaves(BUSY)
    small = reduced(BUSY, chief_leaves)
    assert (small.hiring, small.succession, small.growth, small.population) == (None, None, (), ())
    assert len(small.shocks) + len(small.attrition) == 1
    assert not chief_leaves(attrs.evolve(small, end=small.end - dt.timedelta(days=1)))


def test_a_difference_would_be_noticed() -> None:
    """The comparison fails if one engine tells another replication, or of a scenario that differs a little."""
    with pytest.raises(AssertionError):
        compare(BUSY, 0, of_oracle=1)
    rows, _, _ = replay(BUSY, 0)
    intervention = attrs.evolve(BUSY.interventions[0], hazards={"resignation": 0.5000001})
    assert simulate(compile_world(attrs.evolve(BUSY, interventions=(intervention,))), 0).rows != rows
