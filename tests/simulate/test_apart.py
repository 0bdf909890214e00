"""Seats followed on their own tell the same as the calendar, to the last bit, where no fate touches another."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.dates import When
from orgsim.laws import Constant, Exponential, LognormalDuration, Piecewise, UniformDuration, Weibull
from orgsim.ledger import Ledger
from orgsim.scenario import model as m
from orgsim.simulate import engine
from orgsim.simulate.apart import is_apart
from orgsim.simulate.engine import compile_world, simulate
from orgsim.simulate.measures import measure
from orgsim.simulate.replication import Replication
from orgsim.simulate.run import Run
from orgsim.simulate.world import World
from tests.simulate.test_oracle import compare

LONG_AGO = When.on(dt.date(2020, 3, 1))
TEAM = m.Where(units=("team",))


def ledger(people: int) -> Ledger:
    """A company of two units and so many people, each in a post of their own; one of them is a contractor."""
    events: list[ev.Event] = [
        ev.OpenUnit(date=LONG_AGO, unit="acme"),
        ev.OpenUnit(date=LONG_AGO, unit="team", parent="acme"),
    ]
    for number in range(people):
        contract = "contractor" if number == 1 else "employee"
        events += [
            ev.CreatePost(date=LONG_AGO, post=f"post-{number}", unit=("acme", "team")[number % 2]),
            ev.Hire(date=LONG_AGO, person=f"p{number}", organization="acme", contract=contract),
            ev.Appoint(date=When.on(dt.date(2021, 5, 1 + number)), person=f"p{number}", post=f"post-{number}"),
        ]
    return Ledger(events)


def group(count: int, tenure: Any) -> m.Population:
    """A population in the team."""
    return m.Population("staff", count, "team", "made up", tenure=tenure)


def has_an_end(cause: m.Cause) -> bool:
    """Whether everybody leaves at last, by how long they have been there: a stationary start asks for that."""
    return cause.clock != "age" and all(rule.law != Exponential(0.0) for rule in cause.rules)


durations = st.sampled_from([Constant(0.0), Constant(20.0), LognormalDuration(40.0, 0.6), UniformDuration(5.0, 90.0)])
hazards = st.sampled_from([
    Exponential(0.0), Exponential(0.003), Weibull(0.7, 400.0), Piecewise((0.0, 300.0), (0.004, 0.001)),
])  # fmt: skip
rules = st.tuples(hazards, hazards).map(lambda laws: (m.Rule(laws[0], TEAM), m.Rule(laws[1])))
causes = st.tuples(rules, rules, st.sampled_from(["organization", "post", "age"]))
stages = st.lists(st.tuples(durations, st.sampled_from([None, 0.5])), min_size=1, max_size=3).map(
    lambda drawn: tuple(
        m.Stage(f"s{n}", takes, accept=accept, otherwise="s0" if n == 1 else None)
        for n, (takes, accept) in enumerate(drawn)
    )
)
hirings = st.builds(
    m.Hiring, stages=stages, where=st.sampled_from([m.EVERYWHERE, TEAM]), approve_in=st.none() | durations,
    age=st.none() | st.just(UniformDuration(7000.0, 20000.0)),
)  # fmt: skip
scenarios = st.builds(
    lambda people, count, tenure, drawn, hiring: m.Scenario(
        title="Apart",
        ledger=ledger(people),
        organization="acme",
        start=dt.date(2025, 1, 1),
        end=dt.date(2029, 1, 1),
        seed=people,
        born={"p0": dt.date(1980, 1, 1)},
        population=(group(count, tenure),),
        attrition=(m.Cause("resignation", drawn[0]), m.Cause("retirement", drawn[1], drawn[2])),
        hiring=hiring,
    ),
    st.integers(0, 4),
    st.integers(1, 6),
    st.sampled_from(["new", "stationary"]) | durations,
    causes,
    st.none() | hirings,
).filter(lambda s: s.population[0].tenure != "stationary" or all(has_an_end(cause) for cause in s.attrition))


def by_the_flows(world: World, number: int) -> Replication:
    """The same replication by the calendar: a flow of one's own, even one that does nothing, asks for it."""
    return simulate(world, number, flows=[lambda _run: None])


@settings(deadline=None)
@given(scenarios, st.integers(0, 3))
def test_seats_apart_tell_what_the_flows_tell(scenario: m.Scenario, number: int) -> None:
    """Rows, vacancies, gaps, stocks and measures are the same, and those of the second engine."""
    world = compile_world(scenario)
    assert is_apart(world)
    ours, theirs = simulate(world, number), by_the_flows(world, number)
    names = ["rows", *(field.name for field in attrs.fields(Replication) if field.name not in ("world", "written"))]
    assert {name: getattr(ours, name) for name in names} == {name: getattr(theirs, name) for name in names}
    assert repr(measure(world, ours)) == repr(measure(world, theirs))
    compare(scenario, number)


def plain() -> m.Scenario:
    """Four people and three more, who may leave and are replaced."""
    return m.Scenario(
        title="Plain", ledger=ledger(4), organization="acme", start=dt.date(2025, 1, 1), end=dt.date(2028, 1, 1),
        population=(group(3, "new"),), attrition=(m.Cause("resignation", (m.Rule(Exponential(0.002)),)),),
        hiring=m.Hiring((m.Stage("search", Constant(30.0)),)),
    )  # fmt: skip


def touching() -> Iterator[m.Scenario]:
    """The same with one thing more by which one seat touches another."""
    s = plain()
    assert s.hiring is not None
    on: dict[str, Any] = {"date": When.on(dt.date(2026, 1, 1))}
    yield attrs.evolve(s, hiring=attrs.evolve(s.hiring, recruiters=(m.Recruiters("all", 1),)))
    yield attrs.evolve(s, hiring=attrs.evolve(s.hiring, freezes=(m.Freeze("spring", 60.0, 90.0),)))
    yield attrs.evolve(s, succession=m.Succession(promote=m.Promote(candidates="reports")))
    yield attrs.evolve(s, contagion=(m.Contagion("wave", 2.0, 90.0),))
    yield attrs.evolve(s, shocks=(m.Shock("coup", 10.0, post="post-0"),))
    yield attrs.evolve(s, growth=(m.Growth("more", 1, "post-0", (50.0,)),))
    yield attrs.evolve(s, reorganization=(m.Reorganization("new", 50.0, posts=(("post-1", "post-0"),)),))
    yield attrs.evolve(s, interventions=(m.Intervention("stay", 10.0, 90.0, hazards={"resignation": 0.5}),))
    yield attrs.evolve(s, events=(ev.Hire(**on, person="new", organization="acme"),))
    yield attrs.evolve(s, population=(attrs.evolve(s.population[0], vacant=0.2),))
    yield attrs.evolve(s, attrition=(m.Cause("resignation", (m.Rule(Exponential(0.1), m.Where(people=("p0",))),)),))
    for event in (
        ev.CreatePost(date=LONG_AGO, post="empty", unit="acme"),
        ev.Hire(date=LONG_AGO, person="free", organization="acme"),
        ev.Appoint(date=LONG_AGO, person="p0", post="post-1", acting=True),
        ev.ChangePost(date=LONG_AGO, post="post-2", seats=2),
    ):
        yield attrs.evolve(s, ledger=Ledger([*s.ledger.events, event]))


@pytest.mark.parametrize("number", range(15))
def test_seats_that_touch_are_not_apart(number: int) -> None:
    """Whatever lets one seat touch another asks for the calendar."""
    assert is_apart(compile_world(plain()))
    assert not is_apart(compile_world(list(touching())[number]))
    compare(list(touching())[number], 0)


def test_seats_that_change_at_one_instant_are_left_to_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of two exits at the same instant is the calendar's to tell."""
    monkeypatch.setattr(Weibull, "wait", lambda *_: 100.0)
    asked: list[Run] = []
    run_flows = engine._run

    def spy(run: Run, *more: Any) -> None:
        asked.append(run)
        run_flows(run, *more)

    monkeypatch.setattr(engine, "_run", spy)
    monkeypatch.setattr(engine, "is_standing", lambda _world: False)
    cause = m.Cause("resignation", (m.Rule(Weibull(1.0, 500.0)),))
    world = compile_world(attrs.evolve(plain(), attrition=(cause,)))
    assert is_apart(world)
    found = simulate(world, 0)
    assert len(asked) == 1
    leavers = [person for time, verb, person, *_ in found.rows if (time, verb) == (100.0, "depart")]
    assert len(leavers) > 1
