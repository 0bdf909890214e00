"""Where the structure stands still, everything is told as the flows tell it, to the last bit."""

import datetime as dt
from math import inf
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.dates import When
from orgsim.laws import Constant, Exponential, HazardLaw, LognormalDuration, Piecewise, UniformDuration, Weibull
from orgsim.ledger import Ledger
from orgsim.scenario import model as m
from orgsim.simulate.engine import compile_world, simulate
from orgsim.simulate.measures import measure
from orgsim.simulate.replication import Replication
from orgsim.simulate.standing.engine import Programs
from orgsim.simulate.standing.filling import Filling, Freezing
from orgsim.simulate.standing.leaving import Leaving
from orgsim.simulate.standing.organization import Organization
from orgsim.simulate.standing.succeeding import Succeeding
from orgsim.simulate.standing.tables import KNOWN, is_standing
from orgsim.simulate.world import World
from tests.simulate.test_oracle import compare

LONG_AGO = When.on(dt.date(2020, 3, 1))
LEVELS = ("top", "middle", "low")
REASONS = ("resignation", "retirement")
PLACES = ("acme", "team")


def ledger(people: int, span: int, vacant: int | None) -> Ledger:
    """A tree of posts with one holder each but for one, if any; somebody is a contractor, and somebody on leave."""
    found: list[ev.Event] = [
        ev.OpenUnit(date=LONG_AGO, unit="acme"),
        ev.OpenUnit(date=LONG_AGO, unit="team", parent="acme"),
    ]
    for number in range(people):
        on: dict[str, Any] = {"date": When.on(dt.date(2021, 5, 1 + number % 28))}
        boss = f"post-{(number - 1) // span}" if number else "none"
        level = LEVELS[min(2, number.bit_length())]
        found.append(
            ev.CreatePost(
                date=LONG_AGO, post=f"post-{number}", unit=PLACES[number % 2], reports_to=boss, level=level,
                critical=number < 2,
            )
        )  # fmt: skip
        if number != vacant:
            contract = "contractor" if number == 4 else "employee"
            found.append(ev.Hire(date=LONG_AGO, person=f"p{number}", organization="acme", contract=contract))
            found.append(ev.Appoint(person=f"p{number}", post=f"post-{number}", **on))
        if number == 3 != vacant:
            found.append(ev.StartLeave(person="p3", **on))
    return Ledger(found)


days = st.sampled_from([0.0, 1.0, 14.0, 180.0])
durations = st.sampled_from([
    Constant(0.0), Constant(20.0), LognormalDuration(40.0, 0.6), LognormalDuration(9.0, 1.0),
    UniformDuration(5.0, 90.0),
])  # fmt: skip
hazards: st.SearchStrategy[HazardLaw] = st.sampled_from([
    Exponential(0.0), Exponential(0.001), Exponential(0.006), Weibull(0.7, 600.0),
    Piecewise((0.0, 300.0), (0.004, 0.001)),
])  # fmt: skip
wheres = st.sampled_from([
    m.EVERYWHERE, m.Where(units=("team",)), m.Where(levels=("top", "middle")), m.Where(critical=True),
    m.Where(tenure_over=400.0), m.Where(tenure_under=400.0), m.Where(people=("p0", "p1", "p4")),
    m.Where(posts=("post-1",)),
])  # fmt: skip
of_posts = st.sampled_from([m.EVERYWHERE, m.Where(units=("team",)), m.Where(levels=("top", "middle"))])
timeless = wheres.filter(lambda where: where.tenure_over is None and where.tenure_under is None)


def causes_of(reason: str, clock: str) -> st.SearchStrategy[m.Cause]:
    """A cause with some rules; those on tenure go with the clock of the organization alone."""
    whom = (wheres if clock == "organization" else timeless).filter(lambda where: not where.people)
    rules = st.lists(st.builds(m.Rule, hazards, whom), min_size=1, max_size=3).map(tuple)
    return st.builds(m.Cause, st.just(reason), rules, st.just(clock))


causes = st.tuples(
    st.sampled_from(["organization", "post"]).flatmap(lambda clock: causes_of("resignation", clock)),
    st.sampled_from(["organization", "age"]).flatmap(lambda clock: causes_of("retirement", clock)),
)
contagion = st.lists(
    st.builds(
        m.Contagion, st.sampled_from(["one", "two"]), st.sampled_from([0.5, 3.0, 8.0]), st.sampled_from([30.0, 180.0]),
        st.sampled_from(["reports", "peers", "manager"]), st.sampled_from([(), ("resignation",)]), wheres,
        st.sampled_from(REASONS), days, st.sampled_from(["max", "multiply"]), st.sampled_from([None, 4.0]),
    ),
    max_size=2,
).map(tuple)  # fmt: skip
successors = st.lists(
    st.builds(
        m.Successor, st.sampled_from(["p1", "p2", "p3", "p5", "p6", "nobody"]),
        st.sampled_from(["now", "soon", "never"]),
    ),
    max_size=3, unique_by=lambda each: each.person,
).map(tuple)  # fmt: skip
plans = st.dictionaries(
    st.sampled_from(["post-0", "post-1", "post-2", "post-5"]),
    st.builds(m.Plan, successors, st.sampled_from([None, "p1", "p4"])), max_size=4,
)  # fmt: skip
promotes = st.builds(
    m.Promote, of_posts, st.sampled_from(["plan", "reports", "below"]), st.sampled_from([1.0, 0.7]),
    st.sampled_from(["tenure", "random"]), st.none() | durations, st.sampled_from([1.0, 0.6]),
    st.sampled_from([0.0, 90.0, 365.0]),
)  # fmt: skip
actings = st.builds(
    m.Acting, st.sampled_from([m.EVERYWHERE, m.Where(critical=True)]), days,
    st.sampled_from([("emergency", "successors", "deputy", "manager"), ("manager",), ("deputy",)]),
    st.sampled_from([None, 60.0]), st.integers(1, 2),
)  # fmt: skip
successions = st.builds(
    m.Succession, plans, st.just({"soon": UniformDuration(100.0, 500.0), "never": None}), st.none() | promotes,
    st.none() | actings, st.sampled_from(["always", "critical", "never"]),
)  # fmt: skip
stages = st.lists(
    st.tuples(durations, st.booleans(), st.sampled_from([None, 0.5, 0.9]), st.booleans()), min_size=1, max_size=4
).map(
    lambda drawn: tuple(
        m.Stage(f"s{n}", takes, recruiter, accept, "s0" if back else None)
        for n, (takes, recruiter, accept, back) in enumerate(drawn)
    )
)
windows = st.tuples(st.sampled_from([-30.0, 0.0, 200.0, 365.0]), st.sampled_from([20.0, 250.0]))
freezes = st.builds(
    lambda window, excepted, pending, promotions: m.Freeze(
        "ice", window[0], window[0] + window[1], excepted, pending, promotions
    ),
    windows, st.none() | of_posts, st.sampled_from(["pause", "continue", "cancel", "suspend"]), st.booleans(),
)  # fmt: skip
hirings = st.builds(
    m.Hiring, stages, of_posts,
    st.sampled_from([
        (), (m.Recruiters("all", 1),), (m.Recruiters("team", 1, m.Where(units=("team",))),),
        (m.Recruiters("high", 1, m.Where(levels=("top", "middle"))), m.Recruiters("rest", 2)),
    ]),
    st.none() | durations,
    st.sampled_from([("age",), ("critical", "level", "age"), ("level",), ("age", "critical"), ("critical",)]),
    st.lists(freezes, max_size=2).map(tuple), st.none() | st.just(UniformDuration(7000.0, 20000.0)),
)  # fmt: skip
interventions = st.lists(
    st.builds(
        lambda id_, window, where, hazards, stages: m.Intervention(
            id_, window[0], window[0] + window[1], where, hazards, stages
        ),
        st.sampled_from(["stay", "hurry"]), windows, timeless,
        st.dictionaries(st.sampled_from(REASONS), st.sampled_from([0.5, 2.0, 5.0])),
        st.dictionaries(st.sampled_from(["s0", "s1"]), st.sampled_from([0.5, 2.0])),
    ),
    max_size=2, unique_by=lambda each: each.id,
).map(tuple)  # fmt: skip
shocks = st.lists(
    st.builds(
        m.Shock, st.sampled_from(["wave", "coup"]), st.sampled_from([10.0, 250.0, (20.0, 300.0)]),
        group=wheres, share=st.sampled_from([1.0, 0.4]), notice=days,
    )
    | st.builds(m.Shock, st.just("exit"), st.just(90.0), post=st.sampled_from(["post-1", "post-2"]), notice=days)
    | st.builds(m.Shock, st.just("way"), st.just(90.0), person=st.sampled_from(["p1", "p2"])),
    max_size=2, unique_by=lambda each: each.id,
).map(tuple)  # fmt: skip
groups = st.lists(
    st.builds(
        m.Population, st.just("staff"), st.integers(1, 5), st.just("team"), st.just("made up"),
        reports_to=st.sampled_from([None, "post-1"]), level=st.sampled_from([None, "low"]),
        tenure=st.sampled_from(["new", LognormalDuration(300.0, 0.5)]),
    ),
    max_size=1,
).map(tuple)  # fmt: skip


@st.composite
def scenarios(draw: st.DrawFn) -> m.Scenario:
    """A company that may do whatever leaves its structure alone."""
    people = draw(st.integers(1, 9))
    return m.Scenario(
        title="Standing",
        ledger=ledger(people, draw(st.integers(1, 3)), draw(st.none() | st.integers(0, people - 1))),
        organization="acme",
        start=dt.date(2025, 1, 1),
        end=dt.date(2025, 1, 1) + dt.timedelta(draw(st.sampled_from([400, 1500]))),
        seed=draw(st.integers(0, 1000)),
        levels=LEVELS,
        born={"p0": dt.date(1980, 1, 1), "p2": dt.date(1999, 1, 1)},
        population=draw(groups),
        attrition=draw(causes),
        contagion=draw(contagion),
        succession=draw(st.none() | successions),
        hiring=draw(st.none() | hirings),
        interventions=draw(interventions),
        shocks=draw(shocks),
    )


def by_the_flows(world: World, number: int) -> Replication:
    """The same replication by the flows: one of one's own, even one that does nothing, asks for them."""
    return simulate(world, number, flows=[lambda _run: None])


def told(replication: Replication) -> dict[str, Any]:
    """Everything a replication tells."""
    names = ["rows", *(field.name for field in attrs.fields(Replication) if field.name not in ("world", "written"))]
    return {name: getattr(replication, name) for name in names}


@settings(deadline=None)
@given(scenarios(), st.integers(0, 3))
def test_standing_organizations_tell_what_the_flows_tell(scenario: m.Scenario, number: int) -> None:
    """Rows, vacancies, gaps, stocks and measures are the same, and those of the second engine."""
    world = compile_world(scenario)
    assert is_standing(world)
    ours, theirs = simulate(world, number), by_the_flows(world, number)
    assert told(ours) == told(theirs)
    assert repr(measure(world, ours)) == repr(measure(world, theirs))
    compare(scenario, number)


# ------------------------------------------------------------------------------------------------- what it leaves alone


def plain() -> m.Scenario:
    """Seven people, who leave, are promoted, covered and replaced."""
    return m.Scenario(
        title="Plain", ledger=ledger(7, 2, None), organization="acme", start=dt.date(2025, 1, 1),
        end=dt.date(2028, 1, 1), levels=LEVELS,
        attrition=(
            m.Cause("resignation", (m.Rule(Exponential(0.003)),)),
            m.Cause("dismissal", (m.Rule(Weibull(1.5, 900.0)),), "post"),
        ),
        contagion=(m.Contagion("wave", 3.0, 180.0),),
        succession=m.Succession(
            plans={"post-0": m.Plan((m.Successor("p1"),))}, promote=m.Promote(candidates="reports"),
            acting=m.Acting(m.EVERYWHERE, 3.0, ("manager", "deputy"), 90.0),
        ),
        hiring=m.Hiring(
            (
                m.Stage("search", LognormalDuration(40.0, 0.6), recruiter=True),
                m.Stage("offer", LognormalDuration(7.0, 0.5), recruiter=True, accept=0.7, otherwise="search"),
                m.Stage("notice", LognormalDuration(30.0, 0.7)),
            ),
            recruiters=(m.Recruiters("all", 1),), freezes=(m.Freeze("spring", 100.0, 200.0, pending="suspend"),),
        ),
        interventions=(m.Intervention("stay", 300.0, 500.0, hazards={"resignation": 0.5}),),
        shocks=(m.Shock("coup", 250.0, group=m.EVERYWHERE, share=0.4),),
    )  # fmt: skip


def moving() -> dict[str, m.Scenario]:
    """The same with one thing more that the flows alone can tell."""
    s = plain()
    on: dict[str, Any] = {"date": When.on(dt.date(2026, 1, 1))}
    people = m.Where(people=("p0",))

    def with_event(*events: ev.Event) -> m.Scenario:
        return attrs.evolve(s, ledger=Ledger([*s.ledger.events, *events]))

    assert s.hiring is not None
    return {
        "growth": attrs.evolve(s, growth=(m.Growth("more", 1, "post-0", (50.0,)),)),
        "reorganization": attrs.evolve(
            s, reorganization=(m.Reorganization("new", 50.0, posts=(("post-4", "post-0"),)),)
        ),
        "planned": attrs.evolve(s, events=(ev.Hire(**on, person="new", organization="acme"),)),
        "announced": with_event(ev.Vacate(**on, known=dt.date(2024, 1, 1), person="p1", post="post-1")),
        "hired away": attrs.evolve(s, shocks=(m.Shock("coup", 10.0, post="post-0", to="other"),)),
        "vacant": attrs.evolve(s, population=(m.Population("staff", 3, "team", "made up", vacant=0.2),)),
        "somebody's own rule": attrs.evolve(
            s, attrition=(m.Cause("resignation", (m.Rule(Exponential(0.1), people), m.Rule(Exponential(0.001)))),)
        ),
        "no post": with_event(ev.Hire(date=LONG_AGO, person="free", organization="acme")),
        "two posts": with_event(
            ev.CreatePost(date=LONG_AGO, post="more", unit="acme"),
            ev.Appoint(date=LONG_AGO, person="p0", post="more"),
        ),
        "acting": with_event(ev.Appoint(date=When.on(dt.date(2024, 1, 1)), person="p0", post="post-1", acting=True)),
        "two seats": with_event(ev.ChangePost(date=When.on(dt.date(2024, 1, 1)), post="post-2", seats=2)),
        "a board": with_event(
            ev.OpenUnit(date=LONG_AGO, unit="board", parent="acme", unit_kind="board"),
            ev.CreatePost(date=LONG_AGO, post="director", unit="board"),
        ),
    }


@pytest.mark.parametrize("what", moving())
def test_what_moves_is_left_to_the_flows(what: str) -> None:
    """Whatever changes the structure, or gives somebody another number of posts than one, is told by the flows."""
    assert is_standing(compile_world(plain()))
    assert not is_standing(compile_world(moving()[what]))


def test_new_parts_of_a_scenario_are_left_to_the_flows() -> None:
    """Each part of a scenario is either understood where the structure stands, or known to move it."""
    assert {field.name for field in attrs.fields(m.Scenario)} == {*KNOWN, "growth", "reorganization", "events"}


Mutant = tuple[type, str, Any]
MUTANTS: dict[str, Mutant] = {
    "nobody is infected": (Leaving, "_infect", lambda *_: None),
    "nobody changes law": (Leaving, "move", lambda *_: None),
    "clocks go on as they are": (Leaving, "_change", lambda *_: None),
    "recruiters are kept": (Filling, "release", lambda *_: None),
    "freezes are looked past": (Filling, "_edge", lambda _filling, _now: inf),
    "work is not suspended": (Freezing, "_suspend", lambda *_: None),
    "nobody acts": (Succeeding, "_act", lambda *_: None),
    "nobody stops acting": (Organization, "release_actors", lambda *_: None),
    "programs do nothing": (Programs, "_notice", lambda *_: None),
    "nobody is asked": (Succeeding, "_others", lambda *_: []),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_difference_is_noticed(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in any part of it tells something else than the flows in one replication of a few."""
    world = compile_world(plain())
    assert all(told(simulate(world, number)) == told(by_the_flows(world, number)) for number in range(6))
    home, name, wrong = MUTANTS[mutant]
    monkeypatch.setattr(home, name, wrong)
    assert any(told(simulate(world, number)) != told(by_the_flows(world, number)) for number in range(6))
