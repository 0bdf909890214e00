"""A state machine that proposes events, legal and not, and holds the ledger against the naive one after each."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from orgsim import events as ev
from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.errors import OrgsimError
from orgsim.ledger import Ledger
from tests.oracle import Oracle
from tests.properties.comparing import differences
from tests.properties.invariants import broken
from tests.properties.naive_facts import Facts

START = dt.date(2024, 1, 1)
ORGANIZATIONS = ("acme", "umbrella")
UNITS = ("team", "labs", "board")
POSTS = ("ceo", "cto", "rep", "chair")
PEOPLE = ("ann", "bob", "cho")
PERSONAL = ("ann/acme", "bob/acme", "ann/umbrella")

people = st.sampled_from(PEOPLE)
organizations = st.sampled_from(ORGANIZATIONS)
units = st.sampled_from(UNITS + ORGANIZATIONS)
posts = st.sampled_from(POSTS) | st.sampled_from(POSTS + PERSONAL)
seats = st.sampled_from((1, 1, 2, "any"))
ends = posts | units | st.just("none")
rarely = st.sampled_from((False, False, False, True))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nothing, or something."""
    return st.none() | strategy


def same(chart: OrgChart, facts: Facts) -> None:
    """The chart gives the naive answers."""
    found = differences(chart, facts)
    assert not found, found


def sound(chart: OrgChart) -> None:
    """The chart keeps the invariants."""
    found = broken(chart)
    assert not found, found


@attrs.frozen
class Stamp:
    """How long before today an event takes effect, and how long after that it is known."""

    back: int
    late: int


now = st.just(Stamp(0, 0))
stamps = now | now | st.builds(Stamp, st.integers(0, 30), st.just(0) | st.integers(-5, 30))


class LedgerMachine(RuleBasedStateMachine):
    """Events are proposed day after day; those that both ledgers take are kept, the others change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.today = START
        self.events: list[ev.Event] = []
        self.proposed = 0
        self.ledger = Ledger(())
        self.oracle = Oracle(())

    # -------------------------------------------------------------- proposing

    def propose(self, cls: Callable[..., ev.Event], stamp: Stamp = Stamp(0, 0), **fields: Any) -> None:
        """Both ledgers take the event, or both refuse it, for the same reason."""
        date = self.today - dt.timedelta(days=stamp.back)
        known = date + dt.timedelta(days=stamp.late)
        self.proposed += 1
        try:
            event = cls(date=When.on(date), known=known, id=f"e{self.proposed}", **fields)
        except ev.BadEventError:
            return  # its fields do not go together, whatever has happened
        events = [*self.events, event]
        oracle = Oracle(events)
        wrong = oracle.problems()
        try:
            ledger = Ledger(events)
        except OrgsimError as error:
            rules = {problem.rule for problem in error.problems}
            assert wrong, f"refused by {rules}, but the naive ledger takes {event}"
            assert rules & set().union(*wrong.values()), f"{rules}, not {wrong}, for {event}"
        else:
            assert not wrong, f"taken, but the naive ledger refuses it by {wrong}: {event}"
            self.events, self.ledger, self.oracle = events, ledger, oracle

    @initialize(rich=st.booleans())
    def begin(self, *, rich: bool) -> None:
        """Begin with nothing, or with two organizations, a board, posts and people."""
        if rich:
            self.propose(ev.OpenUnit, unit="acme")
            self.propose(ev.OpenUnit, unit="umbrella")
            self.propose(ev.OpenUnit, unit="team", parent="acme")
            self.propose(ev.OpenUnit, unit="board", parent="acme", unit_kind="board")
            self.propose(ev.CreatePost, post="ceo", unit="acme", heads="acme")
            self.propose(ev.CreatePost, post="rep", unit="team", seats=2, reports_to="ceo")
            self.propose(ev.CreatePost, post="chair", unit="board", seats="any")
            self.propose(ev.Hire, person="ann", organization="acme")
            self.propose(ev.Hire, person="bob", organization="acme")

    @rule(days=st.sampled_from((1, 1, 7, 31, 365)))
    def next_day(self, days: int) -> None:
        """Time passes."""
        self.today += dt.timedelta(days=days)

    # -------------------------------------------------------------- units

    @rule(unit=units, parent=maybe(units), kind=st.sampled_from(("team", "team", "board")), stamp=stamps)
    def open_unit(self, unit: str, parent: str | None, kind: str, stamp: Stamp) -> None:
        """A unit opens."""
        self.propose(ev.OpenUnit, stamp, unit=unit, parent=None if unit in ORGANIZATIONS else parent, unit_kind=kind)

    @rule(unit=units, parent=maybe(units), kind=maybe(st.sampled_from(("team", "board"))), stamp=stamps)
    def change_unit(self, unit: str, parent: str | None, kind: str | None, stamp: Stamp) -> None:
        """A unit moves, is renamed, or becomes of another kind."""
        self.propose(ev.ChangeUnit, stamp, unit=unit, parent=parent, unit_kind=kind, name="Other")

    @rule(unit=units, into=maybe(units), stamp=stamps)
    def close_unit(self, unit: str, into: str | None, stamp: Stamp) -> None:
        """A unit closes, or is merged into another."""
        self.propose(ev.CloseUnit, stamp, unit=unit, into=into)

    # -------------------------------------------------------------- posts

    @rule(post=posts, unit=units, to=maybe(ends), seats=seats, heads=maybe(units), stamp=stamps)
    def create_post(self, post: str, unit: str, to: str | None, seats: ev.Seats, heads: str, *, stamp: Stamp) -> None:
        """A post is created."""
        self.propose(ev.CreatePost, stamp, post=post, unit=unit, reports_to=to, seats=seats, heads=heads)

    @rule(post=posts, change=st.fixed_dictionaries({}, optional={
        "title": st.just("Title"), "unit": units, "reports_to": ends, "seats": seats,
        "heads": units | st.just("none"), "critical": st.booleans(),
    }), stamp=stamps)  # fmt: skip
    def change_post(self, post: str, change: dict[str, Any], stamp: Stamp) -> None:
        """A post changes."""
        self.propose(ev.ChangePost, stamp, post=post, **change)

    @rule(post=posts, stamp=stamps)
    def abolish_post(self, post: str, stamp: Stamp) -> None:
        """A post is abolished."""
        self.propose(ev.AbolishPost, stamp, post=post)

    # -------------------------------------------------------------- people

    @rule(person=people, organization=organizations, contractor=rarely, stamp=stamps)
    def hire(self, person: str, organization: str, *, contractor: bool, stamp: Stamp) -> None:
        """A person is hired."""
        contract = "contractor" if contractor else "employee"
        self.propose(ev.Hire, stamp, person=person, organization=organization, contract=contract)

    @rule(person=people, unit=units)
    def hire_by_a_unit(self, person: str, unit: str) -> None:
        """Only organizations hire."""
        self.propose(ev.Hire, person=person, organization=unit)

    @rule(person=people, organization=organizations, stamp=stamps)
    def depart(self, person: str, organization: str, stamp: Stamp) -> None:
        """A person departs."""
        self.propose(ev.Depart, stamp, person=person, organization=organization)

    @rule(person=people, organization=organizations, fte=st.sampled_from((0.5, 1.0)), stamp=stamps)
    def change_employment(self, person: str, organization: str, fte: float, stamp: Stamp) -> None:
        """A person works more or less."""
        self.propose(ev.ChangeEmployment, stamp, person=person, organization=organization, fte=fte)

    @rule(person=people, name=st.sampled_from(("Ann", "Anne")), stamp=stamps)
    def change_person(self, person: str, name: str, stamp: Stamp) -> None:
        """A person changes name."""
        self.propose(ev.ChangePerson, stamp, person=person, name=name)

    @rule(person=people, stamp=stamps)
    def start_leave(self, person: str, stamp: Stamp) -> None:
        """A person goes on leave."""
        self.propose(ev.StartLeave, stamp, person=person)

    @rule(person=people, stamp=stamps)
    def end_leave(self, person: str, stamp: Stamp) -> None:
        """A person comes back."""
        self.propose(ev.EndLeave, stamp, person=person)

    # -------------------------------------------------------------- appointments

    @rule(person=people, post=posts, acting=rarely, primary=rarely, stamp=stamps)
    def appoint(self, person: str, post: str, *, acting: bool, primary: bool, stamp: Stamp) -> None:
        """A person is appointed, or confirmed."""
        self.propose(ev.Appoint, stamp, person=person, post=post, acting=acting, primary=primary)

    @rule(holder=st.sampled_from(ev.UNNAMED), post=posts, acting=rarely, seats=st.integers(1, 3), stamp=stamps)
    def appoint_unnamed(self, holder: str, post: str, *, acting: bool, seats: int, stamp: Stamp) -> None:
        """Somebody is appointed who is not named."""
        self.propose(ev.Appoint, stamp, holder=holder, post=post, acting=acting, seats=seats)

    @rule(person=people, post=posts, stamp=stamps)
    def vacate(self, person: str, post: str, stamp: Stamp) -> None:
        """A person gives up a post."""
        self.propose(ev.Vacate, stamp, person=person, post=post)

    @rule(holder=st.sampled_from(ev.UNNAMED), post=posts, stamp=stamps)
    def vacate_unnamed(self, holder: str, post: str, stamp: Stamp) -> None:
        """Those who are not named give up a post."""
        self.propose(ev.Vacate, stamp, holder=holder, post=post)

    # -------------------------------------------------------------- lines

    @rule(post=posts, to=ends | people | st.just("unknown"), dotted=rarely, end=rarely, stamp=stamps)
    def report_of_a_post(self, post: str, to: str, *, dotted: bool, end: bool, stamp: Stamp) -> None:
        """A post reports to something, or no longer."""
        self.propose(ev.Report, stamp, post=post, to=to, line="dotted" if dotted else "solid", end=end)

    @rule(
        person=people,
        organization=maybe(organizations),
        to=ends | people | people | st.just("unknown"),
        dotted=rarely,
        end=rarely,
        stamp=stamps,
    )
    def report_of_a_person(
        self, person: str, organization: str | None, to: str, *, dotted: bool, end: bool, stamp: Stamp
    ) -> None:
        """A person reports to something, or no longer."""
        line = "dotted" if dotted else "solid"
        self.propose(ev.Report, stamp, person=person, organization=organization, to=to, line=line, end=end)

    # -------------------------------------------------------------- evidence

    @precondition(lambda self: self.events)
    @rule(which=st.integers(0, 1000), late=st.integers(-2, 40))
    def retract(self, which: int, late: int) -> None:
        """Something turns out not to hold."""
        event = self.events[which % len(self.events)]
        back = (self.today - event.known).days
        self.propose(ev.Retract, Stamp(back - late, 0), of=event.id)

    @precondition(lambda self: self.events)
    @rule(which=st.integers(0, 1000), stamp=stamps)
    def dispute(self, which: int, stamp: Stamp) -> None:
        """Somebody tells it otherwise, in words that need make no sense."""
        event = self.events[which % len(self.events)]
        self.propose(ev.Hire, stamp, person="nobody", organization="nowhere", disputes=event.id)

    @rule(post=posts, what=st.sampled_from(({"vacant": True}, {"vacant": False}, {"holder": "unnamed"})), stamp=stamps)
    def expect_of_a_post(self, post: str, what: dict[str, Any], stamp: Stamp) -> None:
        """Something is asserted of a post."""
        self.propose(ev.Expect, stamp, post=post, **what)

    @rule(post=posts, who=people, acting=maybe(st.booleans()), stamp=stamps)
    def expect_a_holder(self, post: str, who: str, *, acting: bool | None, stamp: Stamp) -> None:
        """Somebody is said to hold a post."""
        self.propose(ev.Expect, stamp, post=post, holder=who, acting=acting)

    @rule(post=posts, to=ends | st.just("unknown"), stamp=stamps)
    def expect_a_line(self, post: str, to: str, stamp: Stamp) -> None:
        """A post is said to report to something."""
        self.propose(ev.Expect, stamp, post=post, reports_to=to)

    @rule(person=people, what=st.fixed_dictionaries({}, optional={
        "manager": people | st.sampled_from(("none", "unknown")),
        "employer": organizations | st.just("none"), "on_leave": st.booleans(),
    }), stamp=stamps)  # fmt: skip
    def expect_of_a_person(self, person: str, what: dict[str, Any], stamp: Stamp) -> None:
        """Something is asserted of a person."""
        self.propose(ev.Expect, stamp, person=person, **what)

    @rule(unit=units, headcount=st.integers(0, 3), stamp=stamps)
    def expect_of_a_unit(self, unit: str, headcount: int, stamp: Stamp) -> None:
        """A unit is said to have so many employees."""
        self.propose(ev.Expect, stamp, unit=unit, headcount=headcount)

    # -------------------------------------------------------------- looking

    @rule(back=st.integers(-10, 400), known=maybe(st.integers(-40, 400)))
    def jump_to_a_date(self, back: int, known: int | None) -> None:
        """Any chart, as known on any day, answers like the naive ledger; and as if the rest had never been written."""
        at = self.today - dt.timedelta(days=back)
        on = None if known is None else self.today - dt.timedelta(days=known)
        chart, naive = self.ledger.chart(at, on), self.oracle.state(at, on)
        same(chart, naive)
        sound(chart)
        if on is not None:
            unknown = Ledger(event for event in self.oracle.counted(on) if not isinstance(event, ev.Retract))
            same(unknown.chart(at), naive)

    @invariant()
    def today_is_as_the_naive_ledger_says(self) -> None:
        """The chart of today answers like the naive ledger."""
        same(self.ledger.chart(self.today), self.oracle.state(self.today))

    @invariant()
    def today_keeps_the_invariants(self) -> None:
        """No invariant of a chart is broken."""
        sound(self.ledger.chart(self.today))

    @invariant()
    def before_everything_there_is_nothing(self) -> None:
        """The chart of a day before the first event is empty."""
        chart = self.ledger.chart(START - dt.timedelta(days=400))
        assert (chart.people, chart.posts, chart.units) == ((), (), ())

    @invariant()
    def employments_are_hires_less_departures(self) -> None:
        """As long as no organization merges, employments are hires less departures."""
        counted = [event for event in self.oracle.counted(None) if event.date.day <= self.today]
        if any(isinstance(event, ev.CloseUnit) and event.into for event in counted):
            return
        hires, departures = (sum(isinstance(event, kind) for event in counted) for kind in (ev.Hire, ev.Depart))
        employments = sum(len(person.employments) for person in self.ledger.chart(self.today).people)
        assert employments == hires - departures

    @invariant()
    def disputes_are_shown(self) -> None:
        """An event is shown as disputed exactly if a rival account counts."""
        chart = self.ledger.chart(self.today)
        for event in self.events:
            disputed = self.oracle.disputed(event)
            assert chart.certainty(event) == ("disputed" if disputed else event.certainty)


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(stateful_step_count=40)
