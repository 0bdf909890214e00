"""A large ledger is held to the same rules: what columns cannot prove is judged, in the same words."""

from typing import Any
from unittest.mock import patch

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.columns import screen
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.writing import table_of
from orgsim.columns.screen import screened
from orgsim.errors import Location, OrgsimError, Problem
from orgsim.events import Event, Expect
from orgsim.ledger import Ledger
from orgsim.testing import ledgers

SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


def problems(make: Any) -> tuple[Problem, ...]:
    """What is wrong with a ledger, if anything, judged by the events around what is doubtful, as in large ones."""
    try:
        with patch.object(screen, "WHOLE", 0):
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
