"""Pictures of numbers: headcount, tenure, fans and comparisons draw the numbers they are given."""

import datetime as dt
from itertools import pairwise
from math import exp, log, sqrt

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from orgsim.columns.ledger import ColumnarLedger
from orgsim.metrics import headcount
from orgsim.plotting import (
    Comparison,
    Contrast,
    Fan,
    Line,
    Series,
    Stay,
    Stays,
    plot_compare,
    plot_fan,
    plot_headcount,
    plot_tenure,
    staffing,
    stays,
)
from orgsim.plotting.calendar import number, ticks
from orgsim.plotting.headcount import nice_ticks, spread
from orgsim.plotting.lettering import clean, width_of, wrapped
from orgsim.plotting.paper import since_words, when_words
from orgsim.plotting.staffing import dates_of
from orgsim.plotting.survival import kaplan_meier, median_of
from orgsim.reading.reader import read
from tests.plotting.pictures import EMPTY, ONE, STORY, day, ledger_of, mark_of, marked, outside, overlaps, said

MONTHS = [dt.date(2024, month, 1) for month in range(1, 13)]

# ----------------------------------------------------------------------------------------------------------- headcount


def test_the_lines_are_the_headcounts() -> None:
    """What is drawn is what the metric counts, unit by unit."""
    ledger = read(STORY)
    dates = dates_of(ledger, day("2023-01-01"), day("2024-10-05"), "month")
    ax = plot_headcount(staffing(ledger, dates, organization="openai"))
    (line,) = marked(ax, "line OpenAI")
    assert list(line.get_ydata()) == [row.headcount for row in headcount(ledger, dates, "openai")]
    assert list(line.get_xdata()) == [number(date) for date in dates]
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_vague_dates_make_a_band() -> None:
    """Somebody hired in some month of 2021 and seen gone in 2022 is counted surely only in between."""
    ledger = ledger_of(
        """\
- {date: 2021, event: hire, person: ada, name: Ada}
- {date: 2022-03-01..2022-05-01, event: depart, person: ada}
- {date: ..2022-02-01, event: hire, person: ben, name: Ben}
"""
    )
    dates = [day(text) for text in ("2020-06-01", "2021-06-01", "2022-01-15", "2022-04-01", "2022-06-01")]
    (line,) = staffing(ledger, dates).lines
    assert (line.low, line.values, line.high) == ([0, 0, 1, 1, 1], [0, 1, 1, 1, 1], [1, 2, 2, 2, 1])
    assert any("The band shows" in word for word in said(plot_headcount(staffing(ledger, dates))))


def test_changes_are_drawn_on_their_days() -> None:
    """Lines and bands step where a count of every day does, if changes are few; one who counts by months is told so."""
    ledger = read(STORY)
    dates = dates_of(ledger, day("2023-01-01"), None)
    data = staffing(ledger, dates, organization="openai")
    days = [dates[0] + dt.timedelta(days=at) for at in range((dates[-1] - dates[0]).days + 1)]
    for few, every in zip(data.lines, staffing(ledger, days, organization="openai").lines, strict=True):
        for at, one in enumerate(days):
            last = max(n for n, date in enumerate(dates) if date <= one)
            assert few.values[last] == every.values[at]
            if few.low is not None and few.high is not None and every.low is not None and every.high is not None:
                assert (few.low[last], few.high[last]) == (every.low[at], every.high[at])
    assert (data.exact, data.note) == (True, "")
    assert len(dates) < 50
    for step in ("week", "month", "quarter", "year"):
        seldom = staffing(ledger, dates_of(ledger, day("2015-01-01"), None, step), organization="openai")
        assert f"Counted once a {step}, not on the days of the changes." in said(plot_headcount(seldom))


def test_many_changes_are_counted_by_months() -> None:
    """A change on each of a thousand days is too much to draw."""
    first = day("2020-01-01")
    hires = (f"- {{date: {first + dt.timedelta(days=n)}, event: hire, person: p{n}}}\n" for n in range(1000))
    ledger = ledger_of("".join(hires))
    dates = dates_of(ledger, None, None)
    assert all(date.day == 1 for date in dates[:-1])
    assert not staffing(ledger, dates).exact


def test_changes_are_the_same_in_columns() -> None:
    """The days on which the picture of the story steps are those of its small form, also as known in the crisis."""
    ledger = read(STORY)
    for known in (None, day("2023-11-20")):
        assert dates_of(ColumnarLedger.of(ledger), None, None, None, known) == dates_of(ledger, None, None, None, known)


def test_an_organization_alone_has_its_band() -> None:
    """Asked for by its name it is as unsure as by default, and a dot shows where its line ends."""
    ledger = read(STORY)
    dates = dates_of(ledger, None, None)
    (asked,) = staffing(ledger, dates, ["openai"]).lines
    usual = staffing(ledger, dates, organization="openai").lines[0]
    assert (asked.low, asked.values, asked.high) == (usual.low, usual.values, usual.high)
    ax = plot_headcount(staffing(ledger, dates, ["openai"]))
    assert any("The band shows" in word for word in said(ax))
    (end,) = marked(ax, "end OpenAI")
    assert list(end.get_ydata()) == [asked.values[-1]]


def test_a_plain_series_is_drawn() -> None:
    """Any numbers of any units will do, with holes in them."""
    lines = tuple(Line(name=f"Unit {n}", values=[n * 10.0, None, *[n * 11.0] * 10]) for n in range(1, 10))
    ax = plot_headcount(Series(title="FTE", unit="full-time jobs", dates=MONTHS, lines=lines, has_total=False))
    assert len(marked(ax, "line Unit")) == 9
    assert "In light gray: 2 more." in said(ax)
    assert "99 Unit 9" not in said(ax), "the first seven have names"
    assert overlaps(ax) == []


def test_lines_differ_without_color() -> None:
    """No two named lines have the same dashes."""
    lines = tuple(Line(name=f"U{n}", values=[n] * 12) for n in range(7))
    ax = plot_headcount(Series(dates=MONTHS, lines=lines, has_total=True))
    looks = [
        str((line.get_linestyle(), line._unscaled_dash_pattern, line.get_linewidth())) for line in marked(ax, "line")
    ]
    assert len(set(looks)) == 7


def test_nobody_is_said() -> None:
    """Where all counts are zero there is a sentence, and for one person a picture with whole numbers."""
    assert any("nothing to count" in word for word in said(plot_headcount(staffing(EMPTY, MONTHS))))
    assert any("nothing to count" in word for word in said(plot_headcount(Series(dates=(), lines=()))))
    words = said(plot_headcount(staffing(ONE, MONTHS)))
    assert "1 Acme" in words
    assert "0.5" not in words


@given(st.lists(st.floats(0, 300), max_size=12).map(sorted))
def test_labels_are_moved_apart_in_order(wanted: list[float]) -> None:
    """Labels keep their order and a distance, whatever they would like."""
    found = spread(wanted, 11.5, 300)
    assert all(b - a >= 11.5 - 1e-6 for a, b in pairwise(found))
    assert all(y >= 0 for y in found)


def test_labels_that_have_room_stay() -> None:
    """Nothing moves without need."""
    assert spread([10, 50, 200], 11.5, 300) == pytest.approx([10, 50, 200])


def test_ticks_are_round() -> None:
    """And few."""
    assert nice_ticks(97) == [0, 20, 40, 60, 80]
    assert nice_ticks(1.06, whole=True) == [0, 1]
    assert nice_ticks(0.35) == pytest.approx([0, 0.1, 0.2, 0.3])


# --------------------------------------------------------------------------------------------------------------- dates


@given(st.dates(), st.dates(), st.floats(120, 900))
def test_dates_never_collide(one: dt.date, other: dt.date, width: float) -> None:
    """Whatever the period and the room, labels do not touch, and groups neither."""
    start, end = sorted((one, other))
    found = ticks(start, end, width)
    days = max((end - start).days, 1)
    for texts in ([(t.day, t.label) for t in found], [(t.day, t.group) for t in found if t.group]):
        places = [((at - start).days * width / days, width_of(text, 8.5)) for at, text in texts]
        for (a, wide), (b, other_wide) in pairwise(places):
            assert b - a >= (wide + other_wide) / 2


def test_dates_are_said_as_far_as_they_are_told() -> None:
    """A month is no day."""
    assert when_words(day("2024-05-01"), day("2024-05-31")) == "May 2024"
    assert when_words(day("2024-01-01"), day("2024-12-31")) == "2024"
    assert when_words(day("2024-09-25"), day("2024-10-04")) == "25 Sep–4 Oct 2024"
    assert when_words(day("2023-11-17"), day("2023-11-20")) == "17–20 Nov 2023"
    assert when_words(None, day("2023-11-20")) == "by 20 Nov 2023"
    assert when_words(day("2018-01-01"), day("2024-09-24")) == "1 Jan 2018–24 Sep 2024"


def test_a_beginning_that_is_not_sure_does_not_read_like_a_period() -> None:
    """Both bounds are told, and that they are bounds."""
    said = {
        ("2023-11-17", "2023-11-17"): "since 17 Nov 2023",
        ("2024-05-01", "2024-05-31"): "since May 2024",
        ("2023-11-17", "2023-11-20"): "since some day from 17 to 20 Nov 2023",
        ("2023-11-21", "2024-08-06"): "since some day from 21 Nov 2023 to 6 Aug 2024",
    }
    for (first, last), words in said.items():
        assert clean(since_words(day(first), day(last))) == words
    assert since_words(None, day("2023-11-20")) == "since unknown, seen 20 Nov 2023"


def test_a_date_is_not_broken_over_two_lines() -> None:
    """Where a label needs two lines, each date stays whole."""
    lines = wrapped(since_words(day("2024-09-25"), day("2024-10-04")), 130, 7.6, 2)
    assert [clean(line) for line in lines] == ["since some day from 25 Sep", "to 4 Oct 2024"]


# -------------------------------------------------------------------------------------------------------------- tenure

# Weeks of remission under 6-mercaptopurine, Freireich and others 1963; the estimates as printed by Cox and Oakes,
# "Analysis of Survival Data" (1984), and many since.
ENDED = (6, 6, 6, 7, 10, 13, 16, 22, 23)
GOING_ON = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
REMISSION = [(float(t), True) for t in ENDED] + [(float(t), False) for t in GOING_ON]
PRINTED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
ERRORS = {6: 0.0764, 7: 0.0869, 10: 0.0963, 13: 0.1068, 16: 0.1141, 22: 0.1282, 23: 0.1346}


def test_the_estimate_is_the_printed_one() -> None:
    """Kaplan and Meier's estimate of a famous table, to the digits printed."""
    steps = {step.time: step for step in kaplan_meier(REMISSION)}
    assert {time: round(step.share, 3) for time, step in steps.items()} == PRINTED
    assert median_of(steps.values()) == 23


def test_the_interval_follows_from_the_printed_errors() -> None:
    """On the scale of log(-log S), Greenwood's standard error is that of S over S log S."""
    for step in kaplan_meier(REMISSION):
        spread_ = 1.959964 * ERRORS[int(step.time)] / (step.share * abs(log(step.share)))
        assert step.low == pytest.approx(step.share ** exp(spread_), abs=2e-3)
        assert step.high == pytest.approx(step.share ** exp(-spread_), abs=2e-3)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40))
def test_without_anybody_left_it_is_the_plain_share(lengths: list[int]) -> None:
    """When all stays have ended, the estimate is the share that lasted longer."""
    for step in kaplan_meier([(float(length), True) for length in lengths]):
        assert step.share == pytest.approx(sum(length > step.time for length in lengths) / len(lengths))
        assert 0 <= step.low <= step.share <= step.high <= 1


def test_the_interval_narrows_with_more_people() -> None:
    """A hundred times the people, a tenth of the interval."""
    few, many = (kaplan_meier(REMISSION * times)[3] for times in (1, 100))
    assert (many.high - many.low) / (few.high - few.low) == pytest.approx(1 / sqrt(100), rel=0.15)


def test_stays_end_continue_or_are_left_out() -> None:
    """A departure ends a stay, the last day of the picture does not, and of an unknown beginning nothing is said."""
    ledger = ledger_of(
        """\
- {date: 2020-01-01, event: hire, person: ada, name: Ada}
- {date: 2021-01-01, event: hire, person: ben, name: Ben}
- {date: ..2021-02-01, event: hire, person: cyd, name: Cyd}
- {date: 2022-01-01, event: depart, person: ada}
- {date: 2020-06, event: hire, person: dee, name: Dee}
"""
    )
    data = stays(ledger, day("2023-01-01"))
    found = {stay.name: (round(stay.least, 2), round(stay.most, 2), stay.ended) for stay in data.stays}
    assert found == {"Ada": (2.0, 2.0, True), "Ben": (2.0, 2.0, False), "Dee": (2.51, 2.58, False)}
    assert data.left_out == 1
    words = said(plot_tenure(data))
    assert any("1 more stay left out" in word for word in words)
    assert any("With only 3 stays" in word for word in words)


def test_tenure_draws_curve_interval_and_who_is_still_there() -> None:
    """The estimate is a line, the interval a band, those still there are ticks, and the median has a label."""
    made = tuple(Stay(least=t, most=t, years=t, ended=ended) for t, ended in REMISSION)
    ax = plot_tenure(Stays(title="Remission", stays=made))
    (curve,) = marked(ax, "estimate")
    shares = dict(zip(curve.get_xdata(), curve.get_ydata(), strict=True))
    assert shares[10] == pytest.approx(0.753, abs=1e-3)
    assert len(marked(ax, "interval")) == 1
    assert len(marked(ax, "still there")[0].get_xdata()) == len(GOING_ON)
    assert "half stay longer than 23.0 years" in said(ax)
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_no_tenure_is_said() -> None:
    """An empty ledger."""
    assert any("Nobody's tenure" in word for word in said(plot_tenure(stays(EMPTY))))


# ---------------------------------------------------------------------------------------------------- fans, comparisons

QUANTILES = {
    q: [50 + z * (n + 1) for n in range(12)] for q, z in ((0.05, -2), (0.25, -1), (0.5, 0), (0.75, 1), (0.95, 2))
}
FAN = Fan(
    title="Headcount",
    unit="people",
    dates=MONTHS,
    quantiles=QUANTILES,
    history=[(dt.date(2023, 6, 1), 40), (dt.date(2024, 1, 1), 50)],
    replications=1000,
)


def test_a_fan_draws_bands_median_and_history() -> None:
    """Each pair of quantiles is a band, named at its end."""
    ax = plot_fan(FAN)
    assert [mark_of(band) for band in marked(ax, "band")] == ["band 0.05 0.95", "band 0.25 0.75"]
    (median,) = marked(ax, "median")
    assert list(median.get_ydata())[-12:] == QUANTILES[0.5]
    (history,) = marked(ax, "history")
    assert list(history.get_ydata()) == [40, 50]
    words = said(ax)
    assert {"median 50", "5% at most 26", "95% at most 74"} <= set(words)
    assert "Of 1,000 simulated futures, 90% lie within the widest band at each date, 50% within the darkest." in words
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_a_fan_of_one_quantile_or_of_nothing() -> None:
    """Whatever there is is drawn; nothing is said to be nothing."""
    assert marked(plot_fan(Fan(dates=MONTHS, quantiles={0.9: [1.0] * 12})), "quantile 0.9")
    assert any("no future to show" in word for word in said(plot_fan(Fan(dates=(), quantiles={}))))


COMPARISON = Comparison(
    title="What shortens gaps",
    measure="Uncovered days",
    unit="days",
    goal="less",
    rows=(
        Contrast(name="deputies", difference=-41.2, low=-44.5, high=-37.9, better=0.995, variance_reduction=310.4),
        Contrast(name="no freeze", difference=-3.1, low=-7.2, high=1.0, better=0.52),
    ),
)


def test_a_comparison_draws_intervals_and_numbers() -> None:
    """Each variant has its interval, and what is not clear is hollow."""
    ax = plot_compare(COMPARISON)
    intervals = {mark_of(line): tuple(line.get_xdata()) for line in marked(ax, "interval")}
    assert intervals == {"interval deputies": (-44.5, -37.9), "interval no freeze": (-7.2, 1.0)}
    assert marked(ax, "mean no freeze")[0].get_markerfacecolor() == "white"
    assert {"−41.2 (−44.5 to −37.9)", "> 99%", "310 ×", "52%"} <= set(said(ax))
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_no_number_of_a_comparison_is_cut_off() -> None:
    """The columns are as wide as what stands in them; where nothing differs, nothing is told of saving."""
    wide = Contrast(name="raise", difference=-114_517_000, low=-116_626_000, high=-112_408_000, variance_reduction=1e7)
    same = Contrast(name="same", difference=0, low=0, high=0, same=1.0, variance_reduction=1e7)
    ax = plot_compare(attrs.evolve(COMPARISON, rows=(*COMPARISON.rows, wide, same)))
    words = said(ax)
    assert {"−114,517,000 (−116,626,000 to −112,408,000)", "> 1,000,000 ×"} <= set(words)
    assert sum("×" in word for word in words) == 2, "of two rows, and not of the one in which nothing differs"
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_nothing_to_compare_is_said() -> None:
    """Only the baseline."""
    assert any("nothing to compare" in word for word in said(plot_compare(Comparison(rows=(), measure="gap days"))))


@pytest.mark.parametrize(("draw", "data"), [(plot_fan, FAN), (plot_compare, COMPARISON)])
def test_given_axes_are_drawn_on(draw: object, data: object) -> None:
    """With `ax` no figure is made."""
    ax = Figure((6, 4)).add_subplot()
    assert callable(draw)
    assert draw(data, ax=ax) is ax
