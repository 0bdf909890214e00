"""Any legal ledger can be drawn: every kind of picture, on any date, without an exception or a warning."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orgsim.ledger import Ledger
from orgsim.metrics import gaps
from orgsim.plotting import (
    bench,
    leadership,
    moves,
    plot_chart,
    plot_flows,
    plot_gaps,
    plot_headcount,
    plot_succession,
    plot_tenure,
    staffing,
    stays,
)
from orgsim.plotting.notebook import chart_html
from orgsim.plotting.staffing import dates_of
from orgsim.testing import ledgers
from tests.plotting.pictures import marked

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def questions(draw: st.DrawFn) -> tuple[Ledger, dt.date, dt.date | None]:
    """A ledger, one of its dates, and what was known on another, or all."""
    ledger = draw(ledgers(max_events=25))
    days = sorted({event.date.day for event in ledger.events} | {event.known for event in ledger.events})
    known = draw(st.none() | st.sampled_from(days)) if days else None
    return ledger, draw(st.sampled_from(days)) if days else dt.date(2020, 1, 1), known


@pytest.mark.slow
@FEW
@given(questions())
def test_any_ledger_is_drawn(asked: tuple[Ledger, dt.date, dt.date | None]) -> None:
    """Every kind, as known on any day."""
    ledger, at, known = asked
    chart = ledger.chart(at, known)
    assert len(marked(plot_chart(chart), "box ")) <= 200
    assert chart_html(chart)
    plot_succession(bench(chart))
    plot_headcount(staffing(ledger, dates_of(ledger, None, None, "year", known)[:500], known=known))
    plot_tenure(stays(ledger, known=known))
    plot_flows(moves(ledger, known=known))
    plot_gaps(leadership(ledger, known=known))


@pytest.mark.slow
@FEW
@given(questions())
def test_gaps_are_those_of_the_metrics(asked: tuple[Ledger, dt.date, dt.date | None]) -> None:
    """In any ledger the days without a holder that are drawn are those that are counted, post by post."""
    ledger, _, known = asked
    posts = [id_ for id_ in ledger.index.post_ids if id_ not in ledger.index.personal]
    data = leadership(ledger, posts=posts, known=known)
    counted = {one.post: one.gap_days for one in gaps(ledger, data.start, data.end, posts, known)}
    drawn = {row.post: sum((one.end - one.start).days for gap in row.gaps for one in gap) for row in data.rows}
    assert {post: days for post, days in drawn.items() if days} == {
        post: days for post, days in counted.items() if days
    }
    for row in data.rows:
        for one, after in zip(row.stretches, row.stretches[1:], strict=False):
            assert one.start < one.end <= after.start < after.end
