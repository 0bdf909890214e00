"""A replication ends: what could go on for ever at one instant does not."""

import datetime as dt

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Event, Hire, OpenUnit
from orgsim.laws import Constant
from orgsim.ledger import Ledger
from orgsim.scenario.model import Hiring, Plan, Promote, Scenario, Stage, Succession, Successor
from orgsim.simulate.engine import compile_world, simulate

ON = When.on(dt.date(2024, 1, 1))


def company() -> Ledger:
    """Two vacant posts, and somebody who could take either."""
    posts = [CreatePost(date=ON, post=id_, unit="acme", reports_to="none") for id_ in ("ceo", "chief", "aide")]
    events: list[Event] = [OpenUnit(date=ON, unit="acme"), *posts, Hire(date=ON, person="bob", organization="acme")]
    return Ledger([*events, Appoint(date=ON, person="bob", post="aide")])


def scenario(**parts: object) -> Scenario:
    """A year of that company."""
    period = {"start": dt.date(2025, 1, 1), "end": dt.date(2026, 1, 1)}
    return Scenario(title="Ends", ledger=company(), organization="acme", **period, **parts)  # type: ignore[arg-type]


def test_a_successor_of_two_posts_does_not_go_around_in_circles() -> None:
    """Whoever may be promoted again soon is not at the same instant: Bob takes one post, and the other stays vacant."""
    plans = {post: Plan((Successor("bob"),)) for post in ("ceo", "chief")}
    both = scenario(succession=Succession(plans=plans, promote=Promote(candidates="plan", stay=0.0)))
    rows = simulate(compile_world(both), 0).rows
    assert [row[3] for row in rows if row[1] == "appoint"] == ["ceo"]


def test_an_offer_that_nobody_accepts_is_given_up() -> None:
    """Without any time between them, refusals come to an end."""
    never = Hiring((Stage("offer", Constant(0.0), accept=0.0, otherwise="offer"),))
    found = simulate(compile_world(scenario(hiring=never)), 0)
    assert not found.rows
    assert [vacancy.ended for vacancy in found.vacancies] == [None, None]
