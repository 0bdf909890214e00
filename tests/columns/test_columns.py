"""The columnar form gives the answers of the small form, whatever is asked of whatever ledger."""

import datetime as dt

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from orgsim import metrics
from orgsim.columns.counts import measures
from orgsim.columns.counts.measures import headcounts_by_unit
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.writing import table_of
from orgsim.dates import When
from orgsim.events import OpenUnit
from orgsim.ledger import Ledger
from orgsim.model import Person
from orgsim.testing import ledgers
from tests.columns import comparing

QUICK = settings(max_examples=25, suppress_health_check=list(HealthCheck))
THOROUGH = settings(max_examples=300, suppress_health_check=list(HealthCheck))


def _wrong(ledger: Ledger, *questions: str) -> list[str]:
    if not ledger.events:
        return []
    columns = ColumnarLedger.of(ledger)
    return [said for question in questions for said in comparing.wrong(getattr(comparing, question)(ledger, columns))]


@pytest.mark.parametrize("people", [(), (Person("ada", "Ada Rossi"),)], ids=["nobody", "somebody declared"])
def test_a_ledger_without_events(people: tuple[Person, ...]) -> None:
    """Nothing has a chart without anybody, no differences, and no units to count people in."""
    day, later = dt.date(2024, 1, 1), dt.date(2024, 2, 1)
    small = Ledger((), people=people)
    columns = ColumnarLedger.of(small)
    for known in (None, day):
        assert comparing.wrong(comparing.chart(small.chart(day, known), columns.chart(day, known))) == []
        assert comparing.wrong(comparing.shapes(small.chart(day, known), columns.moment(day, known))) == []
        assert comparing.wrong(comparing.flowing(small, columns, (day, later), None, known)) == []
        assert headcounts_by_unit(columns, [day, later], known).shape == (2, 0)


@QUICK
@given(ledgers())
def test_events_survive_the_table(ledger: Ledger) -> None:
    """Every event made into a row is made from it again, and ids keep their order."""
    table = table_of(ledger.events, ledger.people)
    assert tuple(table.events(range(len(table)))) == ledger.events
    assert [table.ids[number] for number in range(table.people)] == ledger.index.person_ids


@QUICK
@given(ledgers())
def test_charts(ledger: Ledger) -> None:
    """Charts answer every question alike, on every day and as known on every day."""
    assert _wrong(ledger, "charts") == []


@QUICK
@given(ledgers())
def test_differences(ledger: Ledger) -> None:
    """Differences are the same, as values and counted in columns."""
    assert _wrong(ledger, "differences") == []


@QUICK
@given(ledgers())
def test_metrics_and_histories(ledger: Ledger) -> None:
    """Whatever is counted over time is the same, and so is the history of every id."""
    assert _wrong(ledger, "counted", "histories") == []


@pytest.mark.slow
@THOROUGH
@given(ledgers(max_events=60))
def test_everything(ledger: Ledger) -> None:
    """Every question, on larger ledgers and more of them."""
    assert _wrong(ledger, "charts", "differences", "counted", "histories") == []


@given(ledgers())
def test_a_prepared_ledger_says_the_same(ledger: Ledger) -> None:
    """What is worked out beforehand is what the first question would have worked out."""
    columns, prepared = ColumnarLedger.of(ledger), ColumnarLedger.of(ledger)
    prepared.prepare()
    days = sorted({event.date.day for event in ledger.events} | {dt.date(2020, 1, 1)})
    for day in days:
        assert np.array_equal(headcounts_by_unit(prepared, [day]), headcounts_by_unit(columns, [day]))
        for known in (None, days[0]):
            mine, theirs = (attrs.astuple(each.chart(day, known).whole) for each in (prepared, columns))
            assert all(map(np.array_equal, mine, theirs))


@QUICK
@given(ledgers())
def test_what_all_that_is_known_rests_on_is_kept(ledger: Ledger) -> None:
    """However many days of knowing are asked for, what is worked out of all that is known is not made again."""
    columns, day = ColumnarLedger.of(ledger), dt.date(2024, 1, 1)
    whole = columns.relations()
    for days in range(9):
        columns.relations(day + dt.timedelta(days))
    assert columns.relations() is whole


def test_a_measure_that_there_is_not_is_refused_alike() -> None:
    """Either form says what is meant."""
    days = [dt.date(2024, 1, 1)]
    small = Ledger((OpenUnit(date=When.on(days[0]), unit="acme"),))
    with pytest.raises(ValueError, match="there is no measure 'headcnt'; did you mean 'headcount'"):
        metrics.series(small, "headcnt", days)
    with pytest.raises(ValueError, match="there is no measure 'headcnt'; did you mean 'headcount'"):
        measures.series(ColumnarLedger.of(small), "headcnt", days)
