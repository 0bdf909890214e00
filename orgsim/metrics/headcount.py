"""Headcount and FTE: how many people are employed, and how much of a full-time job they fill."""

import datetime as dt
from collections.abc import Callable, Iterable

import attrs

from orgsim.ledger import Ledger
from orgsim.metrics.formulas import average
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Span, Tally, covers, days_within, overlap, period, without
from orgsim.metrics.workforce import Workforce


@attrs.frozen
class Headcount:
    """The people of a unit, or of all organizations, on a date.

    `unnamed` is how many seats are held by people the ledger does not name: they are in no other number.
    """

    at: dt.date
    headcount: int
    fte: float
    contractors: int
    unnamed: int


def headcount(
    ledger: Ledger, dates: Iterable[dt.date], unit: str | None = None, *, known: dt.date | None = None
) -> tuple[Headcount, ...]:
    """How many people are employed on each date, with the FTE beside it.

    Formula: headcount = people employed, each once, those on leave included: of an organization, those it employs; of
    another unit, those of them whose primary post lies in it or below.  FTE = sum of their shares of a full-time job.
    Contractors are counted apart, as are the seats of people who are not named.  Without a unit, somebody employed by
    two organizations is one head with the FTE of both.  A unit that is not open on a date has nobody.
    Unit: people; full-time jobs.  Raises UnknownIdError for a unit the ledger never opens.
    Source: head count as in SHRM, "How to determine turnover rate" (leave included, contractors not); FTE as the sum
    of working-time shares, ISO 30414.
    """
    return _count(Workforce(History(ledger, known)), tuple(dates), unit)


def headcount_by_unit(
    ledger: Ledger, dates: Iterable[dt.date], *, known: dt.date | None = None
) -> dict[str, tuple[Headcount, ...]]:
    """The headcount of every unit the ledger ever opens, organizations included, in the order first named.

    Formula, unit and source as for `headcount`.  A unit counts the people of the units below it too, so the numbers
    do not add up to that of the organization.
    """
    staff, days = Workforce(History(ledger, known)), tuple(dates)
    return {unit: _count(staff, days, unit) for unit in staff.structure.ids}


def average_headcount(
    ledger: Ledger,
    start: dt.date,
    end: dt.date,
    unit: str | None = None,
    *,
    known: dt.date | None = None,
    convention: str = "daily",
) -> float | None:
    """The average headcount of the days in [start, end).

    Formula: `daily` (exact): person-days / days.  `monthly`: the mean of the headcounts on the last day of each month
    (of a month that the period ends within, on the last day of the period).  None for a period without days.
    Unit: people.  Raises ValueError if the end is before the start, or for another convention.
    Source: SHRM, "How to determine turnover rate", which averages counts within the month and says that more of them
    make it more accurate: the daily average is that with all of them.
    """
    window = period(start, end)
    staff = Workforce(History(ledger, known))
    return mean_headcount([span for id_ in staff.of(unit) for span in staff.member(id_, unit)], window, convention)


def mean_headcount(spans: list[Span], window: Span, convention: str) -> float | None:
    """The average over a window of the spans for which people count; `daily` or `monthly`."""

    def on(days: list[int]) -> int:
        return sum(covers([span], day) for span in spans for day in days)

    return mean(window, convention, lambda: days_within(spans, window), on)


def mean(window: Span, convention: str, person_days: Callable[[], int], on: Callable[[list[int]], int]) -> float | None:
    """The same, of whoever counts: the person-days of the window, or how many there are on days, added up."""
    if convention == "daily":
        return average(person_days(), window[1] - window[0])
    if convention == "monthly":
        days = month_ends(window)
        return average(on(days), len(days))
    raise ValueError(f"there is no convention {convention!r} for an average headcount; use 'daily' or 'monthly'")


def month_ends(window: Span) -> list[int]:
    """The last day of each month that a window touches, or of the window."""
    days: list[int] = []
    at, last = window
    while at < last:
        day = dt.date.fromordinal(at)
        after = (
            (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) if (day.year, day.month) != (9999, 12) else None
        )
        at = min(last, after.toordinal()) if after is not None else last
        days.append(at - 1)
    return days


def _count(staff: Workforce, dates: tuple[dt.date, ...], unit: str | None) -> tuple[Headcount, ...]:
    heads, fte, contractors, unnamed = Tally(dates), Tally(dates), Tally(dates), Tally(dates)
    for id_ in staff.of(unit):
        for span, share in staff.pieces(id_, unit):
            fte.add(span, share)
        here = staff.member(id_, unit)
        for span in here:
            heads.add(span)
        for span in without(staff.member(id_, unit, "contractor"), here):
            contractors.add(span)
    for span, where, seats in staff.unnamed:
        whole = [(0, FOREVER)] if unit is None else staff.structure.inside(where, unit)
        for part in overlap([span], whole):
            unnamed.add(part, seats)
    rows = zip(dates, heads.counts(), fte.totals(), contractors.counts(), unnamed.counts(), strict=True)
    return tuple(Headcount(*row) for row in rows)
