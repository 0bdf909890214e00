"""Names of periods above a panel: each is found, none lies on another, and no hair crosses one."""

import datetime as dt
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orgsim.plotting import Fan, Period, plot_fan
from orgsim.plotting.lettering import width_of
from orgsim.plotting.marks import MOST_ROWS, Mark, height_of, placed, unnamed
from orgsim.plotting.paper import SMALL
from tests.plotting.pictures import marked, outside, overlaps, said

FIRST, LAST, WIDTH = dt.date(2024, 1, 1), dt.date(2026, 1, 1), 540.0


def period(start: int, days: int, label: str) -> Period:
    """A period that begins so many days after the first."""
    day = FIRST + dt.timedelta(days=start)
    return Period(day, day + dt.timedelta(days=days), label)


NEAR = [
    period(31, 200, "retention-bonus"),
    period(69, 0, "takeover"),
    period(84, 1, "strike-at-the-plant"),
    period(91, 240, "new-career-paths"),
    period(420, 0, "merger"),
]


def fan(periods: list[Period]) -> Fan:
    """A fan of two dates with these periods."""
    return Fan(dates=[FIRST, LAST], quantiles={0.5: [1, 2]}, periods=periods)


def test_every_period_is_named_however_close() -> None:
    """One above the other, and on nothing else."""
    ax = plot_fan(fan(NEAR))
    assert {one.label for one in NEAR} <= set(said(ax))
    assert all(marked(ax, f"period {one.label}") for one in NEAR)
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_what_has_no_room_is_told_beneath() -> None:
    """With its days; of what has room nothing is repeated."""
    many = [period(30 + at, 10 if at % 2 else 0, f"measure-{at}") for at in range(MOST_ROWS + 3)]
    words = " ".join(said(plot_fan(fan(many))))
    assert "Also marked: measure-0, 31 Jan 2024; measure-1, 1 Feb 2024 to 10 Feb 2024; measure-2, 2 Feb 2024." in words
    assert words.count("measure-7") == 1
    assert unnamed(placed(NEAR, FIRST, LAST, WIDTH)) == ""


def test_names_far_apart_share_a_row() -> None:
    """Nothing is stacked without need."""
    marks = placed([period(0, 30, "a"), period(365, 30, "b"), period(730, 0, "the end")], FIRST, LAST, WIDTH)
    assert [mark.row for mark in marks] == [0, 0, 0]
    assert height_of(marks) < 14
    assert height_of([]) == 0


def test_names_at_the_right_edge_stand_to_the_left() -> None:
    """One above the other as well, each beside where its period begins."""
    marks = placed([period(700, 0, "a-late-and-long-name"), period(715, 0, "another-long-name")], FIRST, LAST, WIDTH)
    assert [mark.row for mark in marks] == [0, 1]
    assert all(mark.reach < mark.begin for mark in marks)


def span(mark: Mark) -> tuple[float, float]:
    """From where to where a name is written."""
    return mark.x, mark.x + width_of(mark.words, SMALL)


@given(
    st.lists(st.builds(period, st.integers(0, 730), st.integers(0, 300), st.sampled_from(["a", "freeze", "W" * 30])))
)
def test_no_name_lies_on_another_and_no_hair_crosses_one(periods: list[Period]) -> None:
    """Whatever the periods; every one is placed or told, and none is outside."""
    marks = placed(periods, FIRST, LAST, WIDTH)
    assert sorted(map(repr, (mark.period for mark in marks))) == sorted(map(repr, periods))
    named = [mark for mark in marks if mark.row is not None]
    assert unnamed(marks).count("; ") == max(len(marks) - len(named) - 1, 0)
    for mark in named:
        assert 0 <= span(mark)[0] <= span(mark)[1] <= WIDTH
    for one, other in combinations(named, 2):
        (low, high), (begin, end) = span(one), span(other)
        if one.row == other.row:
            assert high < begin or end < low
        higher, lower = (one, other) if (one.row or 0) > (other.row or 0) else (other, one)
        if higher.row != lower.row:
            assert not span(lower)[0] < higher.begin < span(lower)[1]
