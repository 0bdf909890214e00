"""The arithmetic under the metrics: spans of days, tallies, formulas, distributions."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.metrics.formulas import Distribution, annualized, average, rate, years
from orgsim.metrics.spells import FOREVER, Span, Tally, covers, days_within, joined, overlap, period, without
from tests.metrics.making import day

spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def days(some: list[Span]) -> set[int]:
    """The days in any of the spans."""
    return {number for start, end in some for number in range(start, end)}


@given(spans, spans)
def test_spans_are_sets_of_days(some: list[Span], others: list[Span]) -> None:
    """Joining, overlapping and removing do with spans what union, intersection and difference do with days."""
    one, two = joined(some), joined(others)
    assert days(one) == days(some)
    assert all(before[1] < after[0] for before, after in pairwise(one))
    assert days(overlap(one, two)) == days(one) & days(two)
    assert days(without(one, two)) == days(one) - days(two)
    assert days_within(one, (10, 20)) == len(days(one) & set(range(10, 20)))
    assert [covers(one, number) for number in range(42)] == [number in days(one) for number in range(42)]


def test_overlap_allows_many_answers_to_one_span() -> None:
    """Jobs of one person in two organizations overlap; each meets all spans of the other side."""
    assert overlap([(0, 10), (1, 3)], [(0, 2), (2, 5)]) == [(0, 2), (2, 5), (1, 2), (2, 3)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from([1, 0.1, 3])), max_size=8))
def test_a_tally_sums_what_covers_each_date(added: list[tuple[int, int, float]]) -> None:
    """The total of a date is the sum of the weights whose span covers it, dates in any order and twice."""
    dates = [dt.date.fromordinal(number) for number in (20, 3, 40, 3)]
    tally = Tally(dates)
    spans_added = [((min(a, b), max(a, b)), weight) for a, b, weight in added]
    for span, weight in spans_added:
        tally.add(span, weight)
    assert tally.totals() == [
        pytest.approx(sum(weight for span, weight in spans_added if covers([span], date.toordinal()))) for date in dates
    ]


def test_tallies_do_not_drift() -> None:
    """Ten people of a tenth make one, and none when they have left: not 0.9999999999999999 and a rest."""
    tally = Tally([day("2024-01-01"), day("2024-01-02")])
    for _ in range(10):
        tally.add((day("2024-01-01").toordinal(), day("2024-01-02").toordinal()), 0.1)
    assert tally.totals() == [1.0, 0.0]


def test_the_order_of_adding_does_not_matter() -> None:
    """0.1, 0.2 and 0.3 make 0.6 in any order, where adding one by one makes 0.6000000000000001 in some."""
    for weights in ((0.1, 0.2, 0.3), (0.3, 0.2, 0.1)):
        tally = Tally([day("2024-01-01")])
        for weight in weights:
            tally.add((0, FOREVER), weight)
        assert tally.totals() == [0.6]


def test_a_tally_without_dates_or_additions() -> None:
    """No dates, no totals; nothing added, zero."""
    assert Tally([]).totals() == []
    assert Tally([day("2024-01-01")]).counts() == [0]


def test_a_period_does_not_end_before_it_begins() -> None:
    """A period of no days is one; an end before the start is a mistake of the caller."""
    assert period(day("2024-01-01"), day("2024-01-01")) == (738886, 738886)
    with pytest.raises(ValueError, match="ends on 2023-12-31, before it begins on 2024-01-01"):
        period(day("2024-01-01"), day("2023-12-31"))


def test_forever_is_after_every_date() -> None:
    """What does not end covers the last date there is."""
    assert covers([(0, FOREVER)], dt.date.max.toordinal())


def test_rates_of_nothing_are_undefined() -> None:
    """Dividing by nobody or by no days gives None, not zero."""
    assert (rate(1, 8), rate(1, 0), rate(1, None)) == (0.125, None, None)
    assert (average(732, 366), average(0, 0)) == (2.0, None)
    assert (annualized(0.5, 0), annualized(None, 10)) == (None, None)


def test_a_year_has_a_quarter_of_a_leap_day() -> None:
    """Four years with a leap day, 1461 days, are four years, and their rate is annual as it is."""
    assert years(1461) == 4
    assert annualized(4.0, 1461) == 1.0


def test_distributions() -> None:
    """1, 2, 2, 7: mean 12/4 = 3, median 2, largest 7; without the 7, mean 5/3 and median 2; 1 and 2 have median 1.5."""
    full = Distribution.of([2, 7, 1, 2])
    assert list(full.counts) == [(1, 1), (2, 2), (7, 1)]
    assert [full.n, full.mean, full.median, full.max] == [4, 3, 2, 7]
    odd = Distribution.of([2, 1, 2])
    assert [odd.mean, odd.median] == [pytest.approx(5 / 3), 2]
    assert Distribution.of([1, 2]).median == 1.5
    empty = Distribution.of([])
    assert [empty.n, empty.mean, empty.median, empty.max] == [0, None, None, None]
