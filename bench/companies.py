"""Companies of any size, and what may happen to them with everything switched on, for the benchmarks of simulation."""

import datetime as dt

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Event, Hire, OpenUnit
from orgsim.laws import DAYS_PER_YEAR, Constant, Exponential, LognormalDuration, Piecewise, UniformDuration
from orgsim.ledger import Ledger
from orgsim.scenario.model import (
    Acting,
    Cause,
    Contagion,
    Cost,
    Freeze,
    Growth,
    Hiring,
    Intervention,
    Plan,
    Population,
    Promote,
    Recruiters,
    Rule,
    Salary,
    Scenario,
    Shock,
    Stage,
    Succession,
    Successor,
    Where,
)

START, END = dt.date(2025, 1, 1), dt.date(2030, 1, 1)
LEVELS = ("chief", "executive", "director", "manager", "staff")
LEADERS = Where(levels=LEVELS[:-1])
SPAN = 6


def company(size: int) -> Ledger:
    """A tree of posts in which everybody leads six, and one holder for each, hired at some time in ten years."""
    long_ago = When.on(dt.date(2000, 1, 1))
    depth = [0] * size
    for number in range(1, size):
        depth[number] = depth[(number - 1) // SPAN] + 1
    deepest = max(depth)
    events: list[Event] = [OpenUnit(date=long_ago, unit="acme"), OpenUnit(date=long_ago, unit="lab", parent="acme")]
    for number in range(size):
        level = LEVELS[max(0, len(LEVELS) - 1 - deepest + depth[number])] if number else "chief"
        boss = f"post-{(number - 1) // SPAN}" if number else "none"
        unit = "lab" if number % 3 else "acme"
        critical = depth[number] < 2
        post = f"post-{number}"
        events.append(CreatePost(date=long_ago, post=post, unit=unit, reports_to=boss, level=level, critical=critical))
    for number in range(size):
        when = When.on(START - dt.timedelta(days=1 + number * 7919 % 3650))
        person = f"person-{number}"
        events.append(Hire(date=when, person=person, organization="acme", name=f"Person {number}"))
        events.append(Appoint(date=when, person=person, post=f"post-{number}"))
    return Ledger(tuple(events))


def bench(number: int) -> Plan:
    """Two of the six who report to a post: one ready now, one soon."""
    return Plan((Successor(f"person-{SPAN * number + 1}"), Successor(f"person-{SPAN * number + 2}", "soon")))


def seats(size: int) -> Scenario:
    """Nothing but seats that are left and filled again: the alternating renewal of every engine's first chapter."""
    ledger = Ledger((OpenUnit(date=When.on(dt.date(2000, 1, 1)), unit="acme"),))
    return Scenario(
        title="Seats", ledger=ledger, organization="acme", start=START, end=END, seed=1,
        population=(Population("seat", size, "acme", "made up"),),
        attrition=(Cause("resignation", (Rule(Exponential(0.15 / DAYS_PER_YEAR)),)),),
        hiring=Hiring((Stage("search", LognormalDuration(60.0, 0.6)),)),
    )  # fmt: skip


def organization(size: int) -> Scenario:
    """A tree in which exits infect reports, posts have a bench or are promoted to, and levels have their recruiters."""
    leaders = max(1, size * 8 // 1000)
    return Scenario(
        title="Organization", ledger=company(size), organization="acme", start=START, end=END, seed=1, levels=LEVELS,
        attrition=(Cause("resignation", (Rule(Exponential(0.15 / DAYS_PER_YEAR)),)),),
        contagion=(Contagion("leader", 1.3, 180.0, of=LEADERS),),
        succession=Succession(
            plans={f"post-{number}": bench(number) for number in range(43)},
            readiness={"soon": UniformDuration(365.0, 730.0)},
            promote=Promote(LEADERS, "reports", 0.67, accept=0.8),
        ),
        hiring=Hiring(
            (
                Stage("search", LognormalDuration(42.0, 0.6), recruiter=True),
                Stage("offer", LognormalDuration(7.0, 0.5), recruiter=True, accept=0.78, otherwise="search"),
                Stage("notice", LognormalDuration(30.0, 0.7)),
            ),
            recruiters=(Recruiters("leaders", leaders, LEADERS), Recruiters("staff", max(1, size * 28 // 1000))),
            order=("critical", "level", "age"), freezes=(Freeze("half-year", 455.0, 638.0, Where(levels=LEVELS[:2])),),
        ),
    )  # fmt: skip


def everything(size: int) -> Scenario:
    """A company with everything switched on."""
    year = DAYS_PER_YEAR
    return Scenario(
        title="Everything", ledger=company(size), organization="acme", start=START, end=END, seed=1, levels=LEVELS,
        attrition=(
            Cause("resignation", (
                Rule(Exponential(0.08 / year), Where(levels=("chief", "executive", "director"))),
                Rule(Piecewise((0.0, year), (0.20 / year, 0.13 / year))),
            )),
            Cause("dismissal", (Rule(Exponential(0.012 / year)),)),
        ),
        contagion=(Contagion("leader", 1.3, 180.0, of=LEADERS, after=14.0),),
        shocks=(Shock("wave", (200.0, 260.0), group=Where(units=("lab",)), share=0.02, source="made up"),),
        succession=Succession(
            plans={f"post-{number}": bench(number) for number in range(43)},
            readiness={"soon": UniformDuration(365.0, 730.0)},
            promote=Promote(LEADERS, "reports", 0.67, decide_in=LognormalDuration(20.0, 0.6), accept=0.8),
            acting=Acting(after=3.0, at_most=210.0),
        ),
        hiring=Hiring(
            (
                Stage("search", LognormalDuration(42.0, 0.6), recruiter=True),
                Stage("offer", LognormalDuration(7.0, 0.5), recruiter=True, accept=0.78, otherwise="search"),
                Stage("notice", LognormalDuration(30.0, 0.7)),
            ),
            recruiters=(Recruiters("all", size * 36 // 1000),), approve_in=Constant(7.0),
            order=("critical", "level", "age"), freezes=(Freeze("half-year", 455.0, 638.0, Where(levels=LEVELS[:2])),),
        ),
        growth=(Growth("new", max(1, size // 200), f"post-{size - 1}", (90.0, 180.0, 270.0), under="post-1"),),
        interventions=(Intervention("stay", 60.0, 425.0, Where(units=("lab",)), {"resignation": 0.8}, cost=1e6),),
        cost=Cost("EUR", (Salary(60000.0),), vacancy=0.6, hire=0.21),
    )  # fmt: skip
