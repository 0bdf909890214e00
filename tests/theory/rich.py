"""An organization with everything switched on, to keep books on: forty named people, sixty unnamed, six years."""

import datetime as dt

from orgsim.dates import When
from orgsim.events import AbolishPost, Appoint, ChangePost, CreatePost, Depart, Event, Hire, OpenUnit, Vacate
from orgsim.laws import Constant, LognormalDuration, UniformDuration, Weibull
from orgsim.scenario.model import (
    Acting,
    Cause,
    Closing,
    Contagion,
    Freeze,
    Growth,
    Hiring,
    Intervention,
    Plan,
    Promote,
    Recruiters,
    Reorganization,
    Rule,
    Scenario,
    Shock,
    Stage,
    Succession,
    Successor,
    Where,
)
from tests.theory.worlds import START, scenario, seats, yearly

BEGUN = When.on(dt.date(2021, 1, 1))
TEAMS = 6
LEADERS = Where(levels=("leader",))


def on(day: int) -> When:
    """A day of the scenario."""
    return When.on(START + dt.timedelta(day))


def past() -> list[Event]:
    """A chief, two vice presidents, six leaders and their specialists; one who holds two posts, one who only acts."""
    events: list[Event] = [OpenUnit(date=BEGUN, unit=unit, parent="acme") for unit in ("tech", "sales")]

    def create(post: str, unit: str, boss: str, level: str, *, critical: bool = False, count: int = 1) -> None:
        events.append(
            CreatePost(
                date=BEGUN, post=post, unit=unit, reports_to=boss, level=level, critical=critical, seats=count
            )
        )  # fmt: skip

    def staff(person: str, post: str) -> None:
        events.append(Hire(date=BEGUN, person=person, organization="acme", name=person.title()))
        events.append(Appoint(date=BEGUN, person=person, post=post))

    create("chief", "acme", "none", "chief", critical=True)
    staff("ada", "chief")
    for unit in ("tech", "sales"):
        create(f"vp-{unit}", unit, "chief", "leader", critical=True)
        staff(f"vice-{unit}", f"vp-{unit}")
    for i in range(TEAMS):
        unit = ("tech", "sales")[i % 2]
        create(f"lead{i}", unit, f"vp-{unit}", "leader")
        staff(f"leader{i}", f"lead{i}")
        create(f"desk{i}", unit, f"lead{i}", "staff", count=5)
        for j in range(4):  # one of five seats is vacant
            staff(f"person{i}-{j}", f"desk{i}")
    create("safety", "acme", "chief", "leader", critical=True)
    events.append(Appoint(date=BEGUN, person="leader0", post="safety"))
    create("press", "acme", "chief", "leader", critical=True)
    events.append(Appoint(date=BEGUN, person="person0-0", post="press", acting=True))
    return events


def plans() -> tuple[Event, ...]:
    """What is planned: a post that comes, one that gets seats and loses some, one who steps down, one who goes."""
    return (
        CreatePost(date=on(200), post="legal", unit="acme", reports_to="chief", level="leader"),
        ChangePost(date=on(300), post="desk0", seats=8),
        ChangePost(date=on(900), post="desk0", seats=5),
        Vacate(date=on(400), person="vice-tech", post="vp-tech"),
        Depart(date=on(500), person="leader1", organization="acme", reason="retirement"),
        Hire(date=on(610), person="zoe", organization="acme", name="Zoe"),
        Appoint(date=on(610), person="zoe", post="legal"),
        AbolishPost(date=on(1200), post="press"),
    )


def rich(days: int = 2191) -> Scenario:
    """All flows at once, with hazards high enough that they meet."""
    stages = (
        Stage("search", LognormalDuration(50.0, 0.5), recruiter=True),
        Stage("offer", UniformDuration(5.0, 15.0), recruiter=True, accept=0.7, otherwise="search"),
        Stage("notice", UniformDuration(0.0, 90.0)),
    )
    return scenario(
        seats(30, "coder", unit="tech", reports_to="lead0", level="staff", tenure="stationary", vacant=0.1),
        seats(30, "clerk", unit="sales", reports_to="lead1", level="staff", vacant=0.05),
        days=days, past=past(), events=plans(), levels=("chief", "leader", "staff"),
        attrition=(
            Cause(
                "resignation",
                (
                    Rule(Weibull(0.7, 1000.0), Where(tenure_under=365.0)),
                    Rule(yearly(0.30), Where(levels=("staff",))),
                    Rule(yearly(0.20)),
                ),
            ),
            Cause("dismissal", (Rule(yearly(0.05)),), "post"),
        ),
        contagion=(
            Contagion("grief", 3.0, 180.0, exits=("resignation",), of=LEADERS, after=10.0),
            Contagion("talk", 1.3, 60.0, hits="peers", combine="multiply", at_most=2.0),
        ),
        shocks=(
            Shock("chief", (100.0, 150.0), post="chief", notice=20.0, probability=0.7),
            Shock("walk-out", 700.0, group=Where(units=("sales",)), share=0.2),
        ),
        succession=Succession(
            {
                "chief": Plan((Successor("vice-tech"), Successor("leader2", "soon", -100.0)), "vice-sales"),
                "vp-tech": Plan((Successor("leader0"), Successor("leader2"))),
            },
            {"soon": Constant(500.0)},
            Promote(LEADERS, "reports", 0.7, "random", UniformDuration(5.0, 30.0), 0.8),
            Acting(after=3.0, at_most=150.0),
        ),
        hiring=Hiring(
            stages, Where(), (Recruiters("tech", 2, Where(units=("tech",))), Recruiters("others", 2)), Constant(7.0),
            ("critical", "level", "age"),
            (Freeze("spring", 300.0, 400.0, Where(critical=True)), Freeze("crisis", 1000.0, 1100.0, pending="suspend")),
        ),
        growth=(Growth("expansion", 3, "clerk/1", (365.0, 730.0), unit="sales"),),
        reorganization=(
            Reorganization(
                "merge", 1500.0, posts=(("lead2", "vp-sales"),), close=(Closing("lead4"), Closing("desk4", "layoff"))
            ),
        ),
        interventions=(Intervention("bonus", 800.0, 1200.0, LEADERS, {"resignation": 0.5}, {"search": 0.8}),),
    )  # fmt: skip
