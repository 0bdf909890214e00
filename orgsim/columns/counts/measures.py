"""Measures over time in columns: headcount, FTE, vacancies, on many dates, of a unit with all below it.

The definitions are those of `orgsim.metrics`, and the formulas themselves `metrics.formulas`.
"""

import datetime as dt
from collections.abc import Callable, Iterable

import numpy as np

from orgsim.columns.days.moment import Moment
from orgsim.columns.days.staff import Pieces, rolled_up, together
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.replay import relations as r
from orgsim.columns.rows.arrays import Ints, distinct, first_of, where
from orgsim.columns.rows.table import ABSENT
from orgsim.metrics.formulas import rate
from orgsim.metrics.headcount import Headcount
from orgsim.metrics.headcount import mean as mean_of
from orgsim.metrics.series import Series, counting
from orgsim.metrics.spells import Span, period


def headcount(
    ledger: ColumnarLedger, dates: Iterable[dt.date], unit: str | None = None, *, known: dt.date | None = None
) -> tuple[Headcount, ...]:
    """How many people are employed on each date, with the FTE beside it; as `metrics.headcount`."""
    staff, days = ledger.staff(known), tuple(dates)
    number = ledger.unit_number(unit)
    at = np.array([day.toordinal() for day in days], np.int64)
    pieces = staff.pieces(number)
    heads = staff.members(number).count(at)
    contractors = staff.pieces(number, contract=True)
    either = together([pieces, contractors]).once().count(at) if len(contractors.person) else heads
    unnamed = staff.unnamed(number).total(at)
    rows = zip(days, heads.tolist(), pieces.total(at), (either - heads).tolist(), map(round, unnamed), strict=True)
    return tuple(Headcount(*row) for row in rows)


def headcounts_by_unit(ledger: ColumnarLedger, dates: Iterable[dt.date], known: dt.date | None = None) -> Ints:
    """The headcount of every unit on each date, people of the units below included: a row for each date.

    The columns are the units in the order of their numbers.  Employees of an organization whose primary post lies
    nowhere count for the organization alone.
    """
    staff, first = ledger.staff(known), ledger.table.first_unit
    at = np.array([day.toordinal() for day in dates], np.int64)
    order = np.argsort(at, kind="stable")
    days = at[order]
    counts = staff.own_changes.counts(days)
    epochs = np.searchsorted(np.array(staff.changes, np.int64), days, side="right")
    for rows in np.split(np.arange(len(days)), where(first_of(epochs))[1:]) if len(days) else ():
        tree = Moment(ledger.table, staff.relations, int(days[rows[-1]]))
        counts[rows] = rolled_up(counts[rows], tree.units[0], first)
    for root in staff.employers:
        counts[:, root - first] = staff.members(root).count(days)
    found: Ints = np.empty_like(counts)
    found[order] = counts
    return found


def average_headcount(
    ledger: ColumnarLedger,
    start: dt.date,
    end: dt.date,
    unit: str | None = None,
    *,
    known: dt.date | None = None,
    convention: str = "daily",
) -> float | None:
    """The average headcount of the days in [start, end); as `metrics.average_headcount`."""
    window = period(start, end)
    return mean(ledger.staff(known).members(ledger.unit_number(unit)), window, convention)


def mean(members: Pieces, window: Span, convention: str) -> float | None:
    """The average of a window, daily or of month ends."""

    def on(days: list[int]) -> int:
        return int(members.count(np.array(days, np.int64)).sum())

    return mean_of(window, convention, lambda: members.days_within(window), on)


# ------------------------------------------------------------------------------------------------------- on a day


def series(
    ledger: ColumnarLedger,
    measure: str,
    dates: Iterable[dt.date],
    unit: str | None = None,
    known: dt.date | None = None,
) -> Series:
    """A measure on each of the dates, for a unit with all below it, or for everything; as `metrics.series`."""
    counting(measure)
    days = tuple(dates)
    number = ledger.unit_number(unit)
    if measure in ("headcount", "fte"):
        rows = headcount(ledger, days, unit, known=known)
        return Series(measure, unit, known, days, tuple(getattr(row, measure) for row in rows))
    if measure == "uncovered":
        return Series(measure, unit, known, days, ledger.excerpt_of_critical(known).uncovered(days, unit))
    count = MEASURES[measure]
    values = (count(ledger.moment(day, known), number) for day in days)
    return Series(measure, unit, known, days, tuple(values))


def several(
    ledger: ColumnarLedger,
    names: Iterable[str],
    dates: Iterable[dt.date],
    unit: str | None = None,
    known: dt.date | None = None,
) -> dict[str, list[float | None]]:
    """Several measures on the same dates, each day worked out once."""
    days, number = list(dates), ledger.unit_number(unit)
    names = list(names)
    found: dict[str, list[float | None]] = {}
    if {"headcount", "fte"} <= set(names):
        rows = headcount(ledger, days, unit, known=known)
        found["headcount"], found["fte"] = [row.headcount for row in rows], [row.fte for row in rows]
    for name in names:
        if name not in MEASURES and name not in found:
            found[name] = list(series(ledger, name, days, unit, known).values)
    for day in days:
        moment = ledger.moment(day, known)
        for name in names:
            if name in MEASURES:
                found.setdefault(name, []).append(MEASURES[name](moment, number))
    return {name: found.get(name, []) for name in names}


def _posts_of(moment: Moment, unit: int | None) -> Ints:
    """The open posts of a unit with all below it."""
    posts = moment.open_posts
    if unit is None:
        return posts
    return posts[where(moment.within(unit)[moment.unit[posts] - moment.table.first_unit])]


def _limited(moment: Moment, posts: Ints) -> Ints:
    """Those of some open posts that are not personal and have so many seats and no more."""
    posts = posts[where(posts < moment.relations.base)]
    return posts[where(moment.seats[posts] != r.ANY)] if len(moment.seats_told) else posts


def _established(moment: Moment, unit: int | None) -> Ints:
    return _limited(moment, _posts_of(moment, unit))


def _filled(moment: Moment, unit: int | None) -> tuple[Ints, Ints]:
    """The substantive holdings of established posts: the posts in order, and how many seats each takes."""
    here, holds = moment.owned, moment.relations.holds
    place = moment.unit[holds.post[here]]
    inside = place != ABSENT
    if unit is not None:
        inside &= moment.within(unit)[np.maximum(place - moment.table.first_unit, 0)]
    inside &= holds.post[here] < moment.relations.base
    if len(moment.seats_told):
        inside &= moment.seats[holds.post[here]] != r.ANY
    here = here[where(inside)]
    return holds.post[here], holds.seats[here]


def _vacancies(moment: Moment, unit: int | None) -> int:
    return len(_established(moment, unit)) - len(distinct(_filled(moment, unit)[0]))


def _vacancy_rate(moment: Moment, unit: int | None) -> float | None:
    posts = _established(moment, unit)
    seats = int(moment.seats[posts].sum()) if len(moment.seats_told) else len(posts)
    return rate(seats - int(_filled(moment, unit)[1].sum()), seats)


def _acting(moment: Moment, unit: int | None) -> int:
    places = moment.unit[moment.relations.holds.post[moment.acted]]
    places = places[where(places != ABSENT)]
    return len(places) if unit is None else int(moment.within(unit)[places - moment.table.first_unit].sum())


def _on_leave(moment: Moment, unit: int | None) -> int:
    return int(moment.on_leave[moment.employees(unit)].sum())


def _posts(moment: Moment, unit: int | None) -> int:
    return int((_posts_of(moment, unit) < moment.relations.base).sum())


def _units(moment: Moment, unit: int | None) -> int:
    is_open = moment.units[1]
    return int((is_open if unit is None else is_open & moment.within(unit)).sum())


MEASURES: dict[str, Callable[[Moment, int | None], float | None]] = {
    "vacancies": _vacancies,
    "vacancy_rate": _vacancy_rate,
    "acting": _acting,
    "on_leave": _on_leave,
    "posts": _posts,
    "units": _units,
}
