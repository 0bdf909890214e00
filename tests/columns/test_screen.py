"""A large ledger is held to the same rules: what columns cannot prove is judged, in the same words."""

import datetime as dt
from typing import Any
from unittest.mock import patch

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.columns import judging
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.writing import table_of
from orgsim.columns.screen import Screen, screened
from orgsim.dates import When
from orgsim.errors import Location, OrgsimError, Problem
from orgsim.events import Event, Expect
from orgsim.ledger import Ledger
from orgsim.reading.reader import read_texts
from orgsim.testing import ledgers

SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def problems(make: Any) -> tuple[Problem, ...]:
    """What is wrong with a ledger, if anything, judged by the events around what is doubtful, as in large ones."""
    try:
        with patch.object(judging, "WHOLE", 0):
            make()
    except OrgsimError as error:
        return error.problems
    return ()


def numbered(events: list[Event]) -> list[Event]:
    """The events with a line each."""
    return [attrs.evolve(event, where=Location("ledger", line, 1)) for line, event in enumerate(events, 1)]


def damaged(ledger: Ledger, data: st.DataObject) -> list[Event]:
    """The events of a ledger, one of them left out, twice there, or known on another day."""
    events = list(ledger.events)
    at = data.draw(st.integers(0, len(events) - 1), label="which")
    match data.draw(st.sampled_from(("drop", "twice", "known", "later")), label="how"):
        case "drop":
            del events[at]
        case "twice":
            events.insert(at, events[at])
        case "known":
            events[at] = attrs.evolve(events[at], known=data.draw(st.sampled_from(events)).known)
        case _:
            events[at] = attrs.evolve(events[at], date=data.draw(st.sampled_from(events)).date)
    return numbered(events)


EVERY_KIND = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: lab, parent: acme}
- {date: 2020-01-01, event: create-post, post: head}
- {date: 2020-01-01, event: create-post, post: aide, unit: lab, reports_to: head}
- {date: 2020-01-01, event: hire, person: ann, name: Ann}
- {date: 2020-01-01, event: hire, person: bob, name: Bob, fte: 0.5}
- {date: 2020-01-01, event: appoint, person: ann, post: head}
- {date: 2020-01-02, id: aide, event: appoint, person: bob, post: aide}
- {date: 2020-01-03, event: appoint, person: ann, post: aide, disputes: aide}
- {date: 2020-01-04, event: change-employment, person: bob, fte: 0.8}
- {date: 2020-01-04, event: change-person, person: bob, name: Rob}
- {date: 2020-01-05, event: start-leave, person: ann}
- {date: 2020-01-06, event: end-leave, person: ann}
- {date: 2020-01-06, event: report, post: aide, to: head, line: dotted}
- {date: 2020-01-07, event: change-post, post: aide, title: Aide}
- {date: 2020-01-07, event: change-unit, unit: lab, name: Lab}
- {date: 2020-01-08, event: vacate, person: bob, post: aide}
- {date: 2020-01-09, event: abolish-post, post: aide}
- {date: 2020-01-10, id: gone, event: depart, person: bob}
- {date: 2020-01-10, event: hire, person: eve, name: Eve}
- {date: 2020-01-10, event: depart, person: eve, disputes: gone}
- {date: 2020-01-11, event: close-unit, unit: lab}
- {date: 2020-01-12, event: expect, post: head, holder: ann}
"""


@pytest.mark.parametrize("how", ["as it is", "left out", "twice", "last"])
def test_every_event_that_is_missed_or_too_much(how: str) -> None:
    """Of a small book of every kind of event, each in turn: refused at the lines at which the small form refuses it."""
    book = list(read_texts([("book.yaml", EVERY_KIND)]).events)
    for at in range(len(book)):
        others = [*book[:at], *book[at + 1 :]]
        last = attrs.evolve(book[at], date=book[-1].date, known=book[-1].known)
        ways = {"as it is": book, "left out": others, "twice": [*book[:at], book[at], *book[at:]]}
        events = numbered(ways.get(how, [*others, last]))
        small = problems(lambda events=events: Ledger(events))
        columns = ColumnarLedger(table_of(events), (), ())
        large = problems(lambda columns=columns: screened(columns))
        assert {one.where for one in large} == {one.where for one in small}, (book[at], small, large)
        doubtful = {columns.table.event(row).where for row in Screen(columns).doubtful().tolist()}
        assert {one.where for one in small} <= doubtful, book[at]


FORECAST = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: hire, person: ann, name: Ann}
- {date: 2020-01-02, event: depart, person: ann}
- {date: 2020-02-01, event: hire, person: ann}
- {date: 2020-03-01, known: 2020-01-01, event: expect, EXPECTED}
"""


@pytest.mark.parametrize("expected", ["person: ann, employer: acme", "post: ann/acme, vacant: false"])
def test_an_expectation_holds_on_every_day_since_it_was_known(expected: str) -> None:
    """Ann is there when it becomes known and in the end, and not as known in between."""
    text = FORECAST.replace(b"EXPECTED", expected.encode())
    with pytest.raises(OrgsimError) as small:
        read_texts([("forecast.yaml", text)])
    book = read_texts([("forecast.yaml", FORECAST.partition(b"- {date: 2020-03-01")[0])])
    fields = dict(part.split(": ") for part in expected.split(", "))
    forecast = Expect(
        date=When.on(dt.date(2020, 3, 1)), known=dt.date(2020, 1, 1), person=fields.get("person"),
        employer=fields.get("employer"), post=fields.get("post"), vacant=False if "vacant" in fields else None,
    )  # fmt: skip
    large = problems(lambda: screened(ColumnarLedger(table_of([*book.events, forecast]), (), ())))
    assert [one.rule for one in large] == [one.rule for one in small.value.problems]


RIVALS = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: hire, person: bob, name: Bob}
- {date: 2020-01-01, event: hire, person: eve, name: Eve}
- {date: 2020-01-10, id: gone, event: depart, person: bob}
- {date: 2020-01-10, event: depart, person: eve, disputes: gone}
"""


def test_a_rival_account_may_be_of_somebody_else() -> None:
    """What it disputes is looked at with it, although nothing else connects the two."""
    book = list(read_texts([("rivals.yaml", RIVALS)]).events)
    assert problems(lambda: screened(ColumnarLedger(table_of(book), (), ()))) == ()


@SETTINGS
@given(ledgers())
def test_what_is_legal_passes(ledger: Ledger) -> None:
    """No legal ledger is refused."""
    columns = ColumnarLedger(table_of(numbered(list(ledger.events)), ledger.people), ledger.people, ledger.sources)
    assert problems(lambda: screened(columns)) == ()


@SETTINGS
@given(ledgers(), st.data())
def test_what_is_not_is_found(ledger: Ledger, data: st.DataObject) -> None:
    """Whatever the small form refuses is refused, at a line that the small form names too."""
    if not ledger.events:
        return
    events = damaged(ledger, data)
    small = problems(lambda: Ledger(events, people=ledger.people, sources=ledger.sources))
    columns = ColumnarLedger(table_of(events, ledger.people), ledger.people, ledger.sources)
    large = problems(lambda: screened(columns))
    of_expectations = {event.where for event in events if isinstance(event, Expect)}
    assert bool(small) == bool(large), (small, large)
    assert {one.where for one in large} - of_expectations <= {one.where for one in small}, (small, large)
