"""The metrics of a period in one piece, as plain data: what `orgsim metrics` prints."""

import calendar
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import attrs

from orgsim.errors import UserError
from orgsim.events import Expect, Retract
from orgsim.ledger import Ledger
from orgsim.metrics import (
    Distribution,
    Gap,
    Headcount,
    PostGaps,
    TenureSummary,
    Turnover,
    bridge,
    gaps,
    headcount,
    layers,
    series,
    spans,
    summarize,
    tenure,
    turnover,
)
from orgsim.metrics.formulas import years

Data = dict[str, Any]
Book = TypeVar("Book")
Period = tuple[dt.date, dt.date]
"""Its first day, and the first day after it."""
STEPS = ("day", "week", "month", "quarter", "year")
MEASURES = ("headcount", "fte", "posts", "vacancies", "vacancy_rate", "acting", "on_leave", "uncovered")
DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
MOST_DATES = 2000
"""How many dates a table may have; ten years of days are more than anybody reads."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def dates_between(start: dt.date, end: dt.date, every: str) -> Iterator[dt.date]:
    """Dates from `start`, a step apart, up to and including `end`; months keep the day where there is one."""
    count = 0
    while (date := _step(start, every, count)) <= end:
        yield date
        count += 1


def _step(start: dt.date, every: str, count: int) -> dt.date:
    if every in ("day", "week"):
        return start + dt.timedelta(days=count * (7 if every == "week" else 1))
    month = start.month - 1 + count * _MONTHS[every]
    year, month = start.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def year_before(day: dt.date) -> dt.date:
    """The same day a year earlier; of a 29 February, the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


@attrs.frozen(kw_only=True)
class Counted:
    """The numbers of a report, whoever counted them; from `headcount` on, those of its last day.

    Of the days before `begins` nothing is known; of no day, where that is None.
    """

    begins: dt.date | None
    series: Mapping[str, Sequence[float | None]]
    bridge: Any
    turnover: Turnover
    gaps: Iterable[PostGaps]
    headcount: Headcount
    spans: Distribution
    manager_unknown: int
    tops: int
    layers: Distribution
    in_organization: TenureSummary
    in_post: TenureSummary


def counted(
    ledger: Ledger, within: Period, dates: Sequence[dt.date], unit: str | None, known: dt.date | None
) -> Counted:
    """The numbers of a period, and those of a table on these dates."""
    start, end = within
    last = end - dt.timedelta(days=1)
    chart = ledger.chart(last, known)
    found, stays = spans(chart), tenure(chart)
    told = (event for event in ledger.events if not isinstance(event, Retract | Expect) and event.disputes is None)
    first = next((event.date.day for event in told if ledger.sees(event, known)), None)
    return Counted(
        begins=known_from(ledger, first, unit, known),
        series={name: list(series(ledger, name, dates, unit, known).values) for name in MEASURES},
        bridge=bridge(ledger, start, end, unit, known),
        turnover=turnover(ledger, start, end, unit, known=known),
        gaps=gaps(ledger, start, end, known=known),
        headcount=headcount(ledger, [last], unit, known=known)[0],
        spans=found.distribution,
        manager_unknown=len(found.unknown),
        tops=len(found.tops),
        layers=layers(chart).distribution,
        in_organization=summarize(stays.in_organization),
        in_post=summarize(stays.in_post),
    )


def known_from(ledger: Any, first: dt.date | None, unit: str | None, known: dt.date | None) -> dt.date | None:
    """The first day of which something is known: that of the first event, or on which a unit was seen to be there."""
    opened = next((noun for _, noun in ledger.versions(unit, known) if noun is not None), None) if unit else None
    if opened is None or not opened.events[0].date.is_open:
        return first
    seen: dt.date = opened.events[0].date.day
    return seen


def metrics_report(
    ledger: Book,
    count: Callable[[Book, Period, Sequence[dt.date], str | None, dt.date | None], Counted],
    start: dt.date,
    end: dt.date,
    *,
    every: str,
    unit: str | None = None,
    known: dt.date | None = None,
) -> Data:
    """Every metric of the period [start, end), ready for JSON; spans, layers and tenure on its last day.

    `count` is `counted`, or for a ledger in columns `columns.counts.report.counted`.
    """
    if (end - start).days > MOST_DATES * DAYS[every]:
        message = f"from {start} to {end} there is a {every} more than {MOST_DATES:,} times"
        raise UserError(f"{message}; choose a shorter period, or a longer step with --every")
    dates = list(dates_between(start, end - dt.timedelta(days=1), every))
    found = count(ledger, (start, end), dates, unit, known)
    begins = found.begins or dt.date.max
    series = {
        name: [value if date >= begins else None for value, date in zip(values, dates, strict=True)]
        for name, values in found.series.items()
    }
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "known": known.isoformat() if known else None,
        "unit": unit,
        "begins": found.begins.isoformat() if found.begins else None,
        "series": {"dates": [date.isoformat() for date in dates], **series},
        "bridge": _bridge(found.bridge),
        "turnover": _turnover(found.turnover),
        "gaps": [_gaps(post, partial(_called, ledger, known)) for post in found.gaps],
        "last_day": {
            "contractors": found.headcount.contractors,
            "unnamed": found.headcount.unnamed,
            "span": {**_distribution(found.spans), "manager_unknown": found.manager_unknown, "tops": found.tops},
            "layers": _distribution(found.layers),
            "tenure_in_organization": _tenure(found.in_organization),
            "tenure_in_post": _tenure(found.in_post),
        },
    }


def _bridge(found: Any) -> Data:
    """A bridge, in numbers of people by line."""
    names = (
        *("opening", "hires", "first_seen", "moves_in", "restructured_in"),
        *("departures", "moves_out", "restructured_out", "closing"),
    )
    return {name: getattr(found, name) for name in names}


def _turnover(found: Turnover) -> Data:
    """Turnover, in counts and rates."""
    return {
        "departures": found.departures,
        "average_headcount": found.average,
        "rate": found.rate(),
        "annualized": found.annualized(),
        "voluntary": found.voluntary,
        "involuntary": found.involuntary,
        "retirements": found.retirements,
        "regretted": found.regretted,
        "by_reason": dict(found.by_reason),
    }


def _called(ledger: Any, known: dt.date | None, person: str, at: dt.date) -> str:
    """What a person was called on a date."""
    names = [noun.name for day, noun in ledger.versions(person, known) if noun is not None and day <= at]
    return names[-1] if names else person


def _gaps(post: PostGaps, called: Callable[[str, dt.date], str]) -> Data:
    """The days of a post by state, and its gaps."""
    return {
        "post": post.post,
        "title": post.title,
        "held_days": post.held_days,
        "gap_days": post.gap_days,
        "least_gap_days": sum(gap.least_days for gap in post.gaps),
        "most_gap_days": sum(gap.most_days for gap in post.gaps),
        "acting_days": post.acting_days,
        "uncovered_days": post.uncovered_days,
        "unknown_days": post.unknown_days,
        "gaps": [_gap(gap, called) for gap in post.gaps],
    }


def _gap(gap: Gap, called: Callable[[str, dt.date], str]) -> Data:
    return {
        "from": gap.start.isoformat(),
        "to": gap.end.isoformat(),
        "told": [str(when) if when is not None else None for when in gap.told],
        "days": gap.days,
        "least_days": gap.least_days,
        "most_days": gap.most_days,
        "acting_days": gap.acting_days,
        "acting": [cover.person or cover.holder for cover in gap.acting],
        "acting_names": [called(c.person, c.start) if c.person else c.holder for c in gap.acting],
        "began_before": gap.began_before,
        "open_at_end": gap.open_at_end,
        "certainty": [gap.opening_certainty, gap.closing_certainty],
    }


def _distribution(found: Distribution) -> Data:
    """A distribution in a few numbers, and whole."""
    return {"n": found.n, "median": found.median, "mean": found.mean, "max": found.max, "counts": list(found.counts)}


def _tenure(summary: TenureSummary) -> Data:
    """Tenures in a few numbers."""
    data = attrs.asdict(summary, filter=lambda field, _: field.name in ("n", "exact", "at_least"))
    for name in ("median_least", "median_most"):
        days = getattr(summary, name)
        data[f"{name}_years"] = years(days) if days is not None else None
    return data
