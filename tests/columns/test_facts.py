"""Events by whom they name: in order, hidden ones aside, and where somebody works by then, beside a plain look."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.columns import screen
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.replay.facts import Facts, Hidden, JobFacts, latest_in
from orgsim.columns.rows import arrays
from orgsim.columns.rows.arrays import order_within, rows_by, side_by_side
from orgsim.columns.rows.table import KIND, Table
from orgsim.columns.screen import screened
from orgsim.ledger import Ledger
from orgsim.testing import ledgers

SETTINGS = settings(max_examples=60, suppress_health_check=list(HealthCheck))


@given(st.lists(st.integers(-2, 9)))
def test_rows_by_number(numbers: list[int]) -> None:
    """Rows come by their number and then in order, with where each number begins."""
    rows, edges = rows_by(np.array(numbers, np.int32), 10)
    wanted = sorted((number, row) for row, number in enumerate(numbers) if number >= 0)
    assert rows.tolist() == [row for _, row in wanted]
    assert edges.tolist() == [sum(number < edge for number, _ in wanted) for edge in range(11)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_order_within(pairs: list[tuple[int, int]]) -> None:
    """What comes by its first key is put in the order of both, equal ones as they come."""
    pairs.sort(key=lambda pair: pair[0])
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    order = order_within(first, second)
    wanted = sorted(range(len(pairs)), key=lambda at: pairs[at])
    assert (list(range(len(pairs))) if order is None else order.tolist()) == wanted
    assert (order is None) == (pairs == sorted(pairs))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1))
def test_latest(groups: list[tuple[bool, int]]) -> None:
    """The latest so far is that of the group."""
    first = np.array([True, *(begins for begins, _ in groups[1:])])
    wanted: list[int] = []
    for begins, (_, day) in zip(first, groups, strict=True):
        wanted.append(day if begins else max(day, wanted[-1]))
    assert latest_in(first, np.array([day for _, day in groups])).tolist() == wanted


def by_person(table: Table) -> Facts:
    """The rows of a table by person."""
    return Facts(table, table.person, rows_by(table.person, len(table.ids))[0])


@SETTINGS
@given(ledgers(), st.data())
def test_where_people_work_by_then(ledger: Ledger, data: st.DataObject) -> None:
    """The last hire or departure of a person at an organization, of those that are not hidden."""
    table = ColumnarLedger.of(ledger).table
    kept = [row for row in range(len(table)) if data.draw(st.booleans() | st.just(value=True))]
    hidden = Hidden.but(table, np.array(kept, np.int64))
    jobs = JobFacts(by_person(table), hidden)
    kinds = KIND["hire"], KIND["depart"]
    every = [row for row in kept if table.kind[row] in kinds]
    assert sorted(jobs.row.tolist()) == every
    asked = [
        (row, place)
        for row in range(len(table))
        for place in sorted({int(table.place[row]) for row in every})
        if table.person[row] >= 0
    ]
    rows = np.array([row for row, _ in asked], np.int64)
    places = np.array([place for _, place in asked], np.int64)
    wanted = [
        max(
            (e for e in every if e <= row and table.person[e] == table.person[row] and table.place[e] == place),
            default=-1,
        )
        for row, place in asked
    ]
    for find in (jobs.last, jobs.among):
        found = find(table.person[rows], places, rows)
        assert [int(jobs.row[at]) if at >= 0 else -1 for at in found.tolist()] == wanted


@SETTINGS
@given(ledgers())
def test_rules_beside_stretches_of_days(ledger: Ledger) -> None:
    """In two threads as in one: no legal ledger is refused, and the stretches of days are the same."""
    alone = ColumnarLedger.of(ledger)
    screened(alone)
    with pytest.MonkeyPatch.context() as patch:
        for module in (screen, arrays):
            patch.setattr(module, "WORTH", 0)
        beside = ColumnarLedger.of(ledger)
        screened(beside)
        made, wanted = beside.relations(), alone.relations()
    for name in ("jobs", "unit", "solid", "dotted", "leaves", "primary", "answer", "level"):
        for column in ("subject", "start", "end", "value", "row"):
            one, other = (getattr(getattr(relations, name), column) for relations in (made, wanted))
            assert one.tolist() == other.tolist()


def test_whoever_asks_a_busy_helper_does_it_alone() -> None:
    """Asked within what is asked already, on both sides and from several threads, it all comes back."""

    def deep(depth: int) -> int:
        return 1 if depth == 0 else sum(side_by_side(arrays.WORTH, lambda: deep(depth - 1), lambda: deep(depth - 1)))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(deep, [6] * 8, timeout=60)) == [2**6] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_has_a_helper_of_its_own() -> None:
    """A process that is forked after the helper began does not wait for a thread that only its parent has."""
    assert side_by_side(arrays.WORTH, lambda: 1, lambda: 2) == (1, 2)
    child = multiprocessing.get_context("fork").Process(target=_answer)
    child.start()
    child.join(60)
    assert child.exitcode == 0


def _answer() -> None:
    begun = Event()  # the first does not end until the second has begun, so the second is not done by this thread
    assert side_by_side(arrays.WORTH, lambda: begun.wait(30), begun.set) == (True, None)


@pytest.mark.parametrize("rows", [0, arrays.WORTH])
def test_both_are_done(rows: int) -> None:
    """Both results come back, in the order asked for; what either raises is raised, the first before the second."""

    def fails(what: str) -> str:
        raise KeyError(what)

    assert side_by_side(rows, lambda: 1, lambda: "two") == (1, "two")
    for first, second, told in ((True, False, "a"), (False, True, "b"), (True, True, "a")):
        with pytest.raises(KeyError, match=told):
            side_by_side(rows, lambda: fails("a") if first else 1, lambda: fails("b") if second else 2)  # noqa: B023
