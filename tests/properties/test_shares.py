"""Another share of a full-time job: where it is told, since when, how surely, and what stays as it was."""

import datetime as dt

import pytest

from orgsim import metrics
from orgsim.columns.counts import flows, measures, shape
from orgsim.columns.files.opening import columns_from
from orgsim.differences import diff
from orgsim.errors import OrgsimError
from orgsim.frames import employments_table
from orgsim.metrics.bridge import IN, OUT
from orgsim.reading.reader import read_texts
from orgsim.story import why

BOOK = b"""\
orgsim: ledger/1
organization: acme
events:
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2023-01-01, event: open-unit, unit: bolt, name: Bolt}
- {date: 2023-01-01, event: create-post, post: clerk}
- {date: 2023-01-10, event: hire, person: bob, name: Bob, fte: 0.8}
- {date: 2023-01-10, event: appoint, person: bob, post: clerk}
- {date: ..2023-02-01, event: hire, person: ann, name: Ann}
- {date: 2023-02-01, event: change-employment, person: ann, fte: 0.3333}
- {date: 2023-03-01, event: hire, person: bob, organization: bolt, fte: 0.5}
- {date: 2023-06, event: change-employment, person: bob, fte: 0.5, certainty: reported}
- {date: 2023-07-01, event: depart, person: bob, organization: bolt, reason: resignation}
- {date: 2023-09-01, event: depart, person: bob, reason: layoff}
"""
LEDGER = read_texts([("book.yaml", BOOK)])
COLUMNS = columns_from(LEDGER.events)
LINES = (*IN, *OUT)


def test_a_difference_tells_the_employer_and_the_day_of_that_change() -> None:
    """Not the day on which another employer came, who happens to have Bob for just as much."""
    days = dt.date(2023, 2, 1), dt.date(2023, 8, 1)
    small = diff(LEDGER.chart(days[0]), LEDGER.chart(days[1]))
    for found in (small, COLUMNS.diff(COLUMNS.chart(days[0]), COLUMNS.chart(days[1])).exact):
        (change,) = found.changes
        assert (change.kind, change.subject) == ("fte-changed", "bob")
        assert (change.before, change.after) == (("acme", "0.8 FTE"), ("acme", "0.5 FTE"))
        assert found.when[change].words == "2023-06 [reported]"


def test_who_works_elsewhere_is_told_where() -> None:
    """Ann never worked for Bolt: the remedy names the employer that may be meant."""
    line = b"- {date: 2023-03-01, event: change-employment, person: ann, organization: bolt, fte: 1}\n"
    with pytest.raises(OrgsimError) as error:
        read_texts([("book.yaml", BOOK + line)])
    (problem,) = error.value.problems
    assert problem.rule == "not-employed"
    assert "but in 'acme'" in problem.message
    assert "name 'organization: acme'" in str(problem.hint)


def test_why_tells_the_share_since_it_is_so() -> None:
    """A share that was told at the hire stands beside it; one that came later stands alone, as sure as it is."""
    told = {one.statement: one.certainty for one in why(LEDGER.chart(dt.date(2023, 5, 1)), "bob")}
    assert told["works for Acme since 2023-01-10, 0.8 FTE"] == "stated"
    told = {one.statement: one.certainty for one in why(LEDGER.chart(dt.date(2023, 8, 1)), "bob")}
    assert told["works for Acme since 2023-01-10"] == "stated"
    assert told["works 0.5 FTE for Acme since 2023-06"] == "reported"


def test_a_table_has_a_row_for_each_share() -> None:
    """Each row says since when it holds and since when the person is there; only the last says why it ended."""
    rows = [
        tuple(row[name] for name in ("person", "organization", "hired", "fte", "since", "certainty", "reason"))
        for row in employments_table(LEDGER).to_dicts()
    ]
    assert sorted(rows, key=str) == [
        ("ann", "acme", "..2023-02-01", 0.3333, "..2023-02-01", "stated", None),
        ("bob", "acme", "2023-01-10", 0.5, "2023-06", "reported", "layoff"),
        ("bob", "acme", "2023-01-10", 0.8, "2023-01-10", "stated", None),
        ("bob", "bolt", "2023-03-01", 0.5, "2023-03-01", "stated", "resignation"),
    ]


def test_only_fte_is_another() -> None:
    """Nobody comes, goes or moves with it, and tenure goes on."""
    days, april = [dt.date(2023, 5, 31), dt.date(2023, 6, 1)], (dt.date(2023, 4, 1), dt.date(2023, 7, 1), "acme")
    for rows in (metrics.headcount(LEDGER, days, "acme"), measures.headcount(COLUMNS, days, "acme")):
        assert [row.headcount for row in rows] == [2, 2]
        assert [row.fte for row in rows] == [pytest.approx(1.1333), pytest.approx(0.8333)]
    assert metrics.bridge(LEDGER, *april).flows == ()
    bridge = flows.bridge(COLUMNS, *april)
    assert [getattr(bridge, line) for line in LINES] == [0] * len(LINES)
    since = (dt.date(2023, 8, 1) - dt.date(2023, 1, 10)).days
    tenures = metrics.tenure(LEDGER.chart(dt.date(2023, 8, 1))).in_organization
    assert [(one.least, one.most) for one in tenures if one.person == "bob"] == [(since, since)]
    summary = shape.tenure_in_organization(COLUMNS.moment(dt.date(2023, 8, 1)))
    assert (summary.n, summary.exact, summary.at_least) == (2, 1, 1)
    assert dict(summary.least.counts) == {since: 1, 181: 1}
