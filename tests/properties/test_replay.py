"""What replay promises for every ledger: prefixes, order, both time axes, and the answers of the naive ledger."""

import datetime as dt
from collections.abc import Sequence

import attrs
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.errors import OrgsimError
from orgsim.ledger import Ledger
from orgsim.testing import ledgers
from tests.oracle import Oracle
from tests.properties.comparing import differences
from tests.properties.invariants import broken

DAY = dt.timedelta(days=1)
FAR = dt.date(2500, 1, 1)


def naive(ledger: Ledger, events: Sequence[ev.Event] | None = None) -> Oracle:
    """The naive ledger of the same events, or of others."""
    people = [(person.id, person.name) for person in ledger.people]
    return Oracle(ledger.events if events is None else events, people, [source.id for source in ledger.sources])


def moments(ledger: Ledger) -> st.SearchStrategy[dt.date]:
    """The days on which something happens, those around them, and a day far away."""
    days = {event.date.day + shift for event in ledger.events for shift in (-DAY, 0 * DAY, DAY)}
    return st.sampled_from(sorted(days | {FAR}))


def days_known(ledger: Ledger) -> st.SearchStrategy[dt.date | None]:
    """Any day on which something became known, the day before, or all that is known."""
    days = {event.known - shift for event in ledger.events for shift in (0 * DAY, DAY)}
    return st.sampled_from([None, *sorted(days)])


def again(ledger: Ledger, events: Sequence[ev.Event]) -> Ledger:
    """A ledger of other events with the same people and sources."""
    return Ledger(events, people=ledger.people, sources=ledger.sources)


def snapshot(chart: OrgChart) -> object:
    """All nouns of a chart by id, to compare charts of two ledgers; events not known may order a list otherwise."""
    return [{noun.id: noun for noun in nouns} for nouns in (chart.people, chart.posts, chart.units)]


# ------------------------------------------------------------------ the naive ledger


@given(st.data())
def test_a_chart_answers_like_the_naive_ledger(data: st.DataObject) -> None:
    """Any chart of any ledger, as known on any day, gives every answer that the naive ledger gives."""
    ledger = data.draw(ledgers())
    oracle = naive(ledger)
    for _ in range(5):
        at, known = data.draw(moments(ledger)), data.draw(days_known(ledger))
        assert not differences(ledger.chart(at, known), oracle.state(at, known))


@given(st.data())
def test_every_chart_keeps_the_invariants(data: st.DataObject) -> None:
    """No chart of any ledger, as known on any day, breaks an invariant."""
    ledger = data.draw(ledgers())
    assert not broken(ledger.chart(data.draw(moments(ledger)), data.draw(days_known(ledger))))


@given(ledgers())
def test_the_naive_ledger_takes_every_generated_ledger(ledger: Ledger) -> None:
    """What is generated as legal is legal for the naive ledger too."""
    assert naive(ledger).problems() == {}


@given(st.data())
def test_what_is_disputed_depends_on_what_is_known(data: st.DataObject) -> None:
    """What an event made is shown as disputed exactly if a rival account is known."""
    ledger = data.draw(ledgers())
    oracle, known = naive(ledger), data.draw(days_known(ledger))
    chart = ledger.chart(FAR, known)
    for event in ledger.events:
        assert (chart.certainty(event) == "disputed") == (
            oracle.disputed(event, known) or event.certainty == "disputed"
        )


# ------------------------------------------------------------------ prefixes and orders


@given(st.data())
def test_the_future_does_not_change_the_past(data: st.DataObject) -> None:
    """The events up to a day make the same charts of days up to it as all events do."""
    ledger = data.draw(ledgers())
    until = data.draw(moments(ledger))
    told = {event.id for event in ledger.events if event.date.day <= until}
    past: list[ev.Event] = []
    for event in ledger.events:
        about = event.of if isinstance(event, ev.Retract) else event.disputes
        # A retraction is dated when it is learned, so it belongs to the past if what it retracts does.
        if (about is None or about in told) and (event.date.day <= until or isinstance(event, ev.Retract)):
            past.append(event)
    shorter = again(ledger, past)
    for at in (until, data.draw(moments(ledger).filter(lambda day: day <= until) | st.just(until))):
        assert snapshot(shorter.chart(at)) == snapshot(ledger.chart(at))


@given(st.data())
def test_the_order_of_writing_counts_only_within_a_day(data: st.DataObject) -> None:
    """Events of different days may be written in any order, with those of each day kept in theirs."""
    ledger = data.draw(ledgers())
    days = data.draw(st.permutations(sorted({event.date.day for event in ledger.events})))
    shuffled = [event for day in days for event in ledger.events if event.date.day == day]
    assert again(ledger, shuffled) == ledger


@given(st.data())
def test_what_is_not_known_might_as_well_not_be_written(data: st.DataObject) -> None:
    """A chart as known on a day is the chart of a ledger of only the events that count on that day."""
    ledger = data.draw(ledgers())
    at, known = data.draw(moments(ledger)), data.draw(days_known(ledger))
    counted = [event for event in naive(ledger).counted(known) if not isinstance(event, ev.Retract)]
    assert snapshot(again(ledger, counted).chart(at)) == snapshot(ledger.chart(at, known))


@given(st.data())
def test_many_charts_are_charts(data: st.DataObject) -> None:
    """`charts(dates)` gives the chart of each date, in the order of the dates."""
    ledger = data.draw(ledgers())
    dates, known = data.draw(st.lists(moments(ledger))), data.draw(days_known(ledger))
    charts = list(ledger.charts(dates, known))
    assert [chart.at for chart in charts] == dates
    for chart in charts:
        assert snapshot(chart) == snapshot(ledger.chart(chart.at, known))


# ------------------------------------------------------------------ what is refused


@st.composite
def nearly_legal(draw: st.DrawFn) -> tuple[list[ev.Event], Ledger]:
    """The events of a legal ledger with a few of them dropped, moved, retracted, or known at another time."""
    ledger = draw(ledgers(max_events=25))
    events = list(ledger.events)
    for number in range(draw(st.integers(0, 3))):
        if not events:
            break
        at = draw(st.integers(0, len(events) - 1))
        event, days = events[at], draw(st.integers(-60, 400)) * DAY
        match draw(st.sampled_from(("known", "known", "known at once", "drop", "date", "retract"))):
            case "known":
                events[at] = attrs.evolve(event, known=event.known + days)
            case "known at once":
                events[at] = attrs.evolve(event, known=min(other.known for other in events))
            case "date":
                events[at] = attrs.evolve(event, date=When.on(event.date.day + days))
            case "retract" if not isinstance(event, ev.Retract):
                events[at] = event = attrs.evolve(event, id=event.id or f"gone-{number}")
                on = event.known + abs(days)
                events.append(ev.Retract(of=event.id or "", date=When.on(on), known=on))
            case _:
                del events[at]
    return events, ledger


@given(nearly_legal())
def test_a_ledger_is_proven_at_every_day_of_knowledge(drawn: tuple[list[ev.Event], Ledger]) -> None:
    """A ledger is refused exactly if the naive ledger finds a problem on a day on which something became known."""
    events, ledger = drawn
    wrong = naive(ledger, events).problems()
    try:
        again(ledger, events)
    except OrgsimError as error:
        rules = {problem.rule for problem in error.problems}
        assert wrong, rules
        assert rules & set().union(*wrong.values()), (rules, wrong)
    else:
        assert not wrong


@given(nearly_legal())
def test_the_days_of_knowledge_with_a_problem_are_those_of_the_naive_ledger(
    drawn: tuple[list[ev.Event], Ledger],
) -> None:
    """What is known on a day makes a ledger of its own exactly if the naive ledger finds no problem on that day."""
    events, ledger = drawn
    oracle = naive(ledger, events)
    if oracle.bad_references():
        return
    for known in oracle.days_of_knowledge():
        told = [event for event in oracle.counted(known) if not isinstance(event, ev.Retract)]
        # What is known at once is proven once.
        at_once = [attrs.evolve(event, known=known) for event in told]
        try:
            again(ledger, at_once)
        except OrgsimError:
            assert oracle.refused(known)
        else:
            assert not oracle.refused(known)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_a_reporting_cycle_is_what_networkx_calls_one(pairs: list[tuple[int, int]]) -> None:
    """Lines between posts are refused exactly if they make a cycle at the end of the day."""
    on = When.on(dt.date(2024, 1, 1))
    posts = [ev.CreatePost(date=on, post=f"p{number}", unit="acme") for number in range(6)]
    lines = [(below, above) for below, above in pairs if below != above]
    reports = [ev.Report(date=on, post=f"p{below}", to=f"p{above}") for below, above in lines]
    last = dict(lines)  # a new solid line replaces the one before
    graph: nx.DiGraph[int] = nx.DiGraph(list(last.items()))
    events = [ev.OpenUnit(date=on, unit="acme"), *posts, *reports]
    if nx.is_directed_acyclic_graph(graph):
        assert {p.id: len(p.lines) for p in Ledger(events).chart(on.day).posts} == {
            f"p{number}": int(number in last) for number in range(6)
        }
    else:
        with pytest.raises(OrgsimError) as error:
            Ledger(events)
        assert {problem.rule for problem in error.value.problems} == {"reporting-cycle"}


# What is written reads back, and a difference applied gives the other chart: see `test_roundtrips`.
