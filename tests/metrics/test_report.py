"""The report of a period, in the small form and in columns: what is not known, and what is known only between days."""

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from orgsim.columns.counts.report import counted as counted_in_columns
from orgsim.columns.ledger import ColumnarLedger
from orgsim.console.metrics import metrics_tables
from orgsim.ledger import Ledger
from orgsim.plotting.gaps import summary
from orgsim.plotting.leadership import leadership
from orgsim.reading.reader import read_texts
from orgsim.report import counted, metrics_report

DAY = dt.date.fromisoformat
TEXT = """\
orgsim: ledger/1
organization: acme
people:
  ann: {name: Ann Lee}
  bea: {name: Béa Roy}
events:
- {date: 2024-01-01, event: open-unit, unit: acme}
- {date: ..2024-02-10, event: open-unit, unit: sales, parent: acme}
- {date: 2024-01-01, event: create-post, post: head-1, title: Head, critical: true}
- {date: 2024-01-01, event: create-post, post: head-2, title: Head, critical: true}
- {date: 2024-01-01, event: create-post, post: chief, title: Chief, critical: true}
- {date: 2024-01-01, event: hire, person: ann}
- {date: 2024-01-01, event: hire, person: bea}
- {date: 2024-01-01, event: appoint, person: ann, post: head-1}
- {date: 2024-01-01, event: appoint, person: bea, post: head-2}
- {date: 2024-01-01, event: appoint, person: bea, post: chief}
- {date: 2024-02, event: vacate, person: ann, post: head-1}
- {date: 2024-02-20, event: appoint, person: bea, post: head-1, acting: true}
- {date: 2024-03-10..2024-03-20, event: appoint, person: ann, post: head-1}
- {date: 2024-05-01..2024-05-06, event: vacate, person: bea, post: head-2}
"""
Maker = Callable[..., dict[str, Any]]


def of_small(ledger: Ledger, start: str, end: str, **more: Any) -> dict[str, Any]:
    """The report of a ledger."""
    return metrics_report(ledger, counted, DAY(start), DAY(end), every="month", **more)


def of_columns(ledger: Ledger, start: str, end: str, **more: Any) -> dict[str, Any]:
    """The same, counted in columns."""
    book = ColumnarLedger.of(ledger)
    return metrics_report(book, counted_in_columns, DAY(start), DAY(end), every="month", **more)


both = pytest.mark.parametrize("report", [of_small, of_columns])


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """Two heads and a chief, with vague dates."""
    return read_texts([("ledger.yaml", TEXT.encode())])


def shown(report: dict[str, Any]) -> str:
    """The tables as text."""
    out = StringIO()
    Console(file=out, width=120).print(metrics_tables(report))
    return out.getvalue()


@both
def test_before_the_first_event_nothing_is_known(ledger: Ledger, report: Maker) -> None:
    """Dates before it have no numbers, and the tables say since when there are some."""
    found = report(ledger, "2023-11-01", "2024-02-02")
    assert found["begins"] == "2024-01-01"
    assert found["series"]["headcount"] == [None, None, 2, 2]
    assert found["series"]["uncovered"] == [None, None, 0, 1]
    assert "nothing is known of the time before 2024-01-01: it is counted as nobody" in shown(found)
    assert "nothing is known" not in shown(report(ledger, "2024-01-01", "2024-02-01"))


@both
def test_a_period_of_which_nothing_is_known_has_no_bridge(ledger: Ledger, report: Maker) -> None:
    """Neither bridge nor turnover are shown as nought."""
    for found in (
        report(ledger, "2022-01-01", "2024-01-01"),
        report(ledger, "2024-01-01", "2024-03-01", known=DAY("2023-06-01")),
    ):
        assert "Headcount bridge\n–" in shown(found)
        assert "Turnover\n–" in shown(found)
        assert set(found["series"]["headcount"]) == {None}


@both
def test_before_a_unit_is_seen_nothing_is_known_of_it(ledger: Ledger, report: Maker) -> None:
    """It may have been there, with people: `..2024-02-10` tells nothing of the days before."""
    found = report(ledger, "2024-01-01", "2024-04-01", unit="sales")
    assert (found["begins"], found["series"]["headcount"]) == ("2024-02-10", [None, None, 0])


@both
def test_gaps_between_vague_dates_have_bounds(ledger: Ledger, report: Maker) -> None:
    """By hand: 38 days from 1 February to 10 March; 10 from the 29th on, 48 up to 20 March."""
    gaps = {post["post"]: post for post in report(ledger, "2024-01-01", "2024-06-01")["gaps"]}
    (gap,) = gaps["head-1"]["gaps"]
    assert (gap["days"], gap["least_days"], gap["most_days"]) == (38, 10, 48)
    assert gap["told"] == ["2024-02", "2024-03-10..2024-03-20"]
    assert gap["acting_names"] == ["Béa Roy"]
    (gap,) = gaps["head-2"]["gaps"]
    assert (gap["days"], gap["least_days"], gap["most_days"], gap["open_at_end"]) == (31, 26, 31, True)
    (cut,) = {post["post"]: post for post in report(ledger, "2024-02-10", "2024-03-01")["gaps"]}["head-1"]["gaps"]
    assert (cut["days"], cut["least_days"], cut["most_days"], cut["told"]) == (20, 20, 20, [None, None])


@both
def test_the_table_of_gaps_has_titles_names_and_ranges(ledger: Ledger, report: Maker) -> None:
    """Two posts of one title are told apart by their ids; a third is called by its title."""
    lines = [" ".join(line.split()) for line in shown(report(ledger, "2024-01-01", "2024-06-01")).splitlines()]
    assert "Head (head-1) 114 10 to 48 19 19 0 2024-02 to 2024-03-10..2024-03-20 (Béa Roy acting)" in lines
    assert "Head (head-2) 121 26 to 31 0 31 0 2024-05-01..2024-05-06 to open" in lines
    assert "Chief 152 0 0 0 0" in lines


def test_the_picture_of_gaps_says_the_same(ledger: Ledger) -> None:
    """What is drawn beside a row are the bounds of the table."""
    drawn = {row.post: row for row in leadership(ledger, DAY("2024-01-01"), DAY("2024-06-01")).rows}
    assert summary(drawn["head-1"])[0] == "10 to 48 days vacant or acting"
