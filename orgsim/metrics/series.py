"""One number on many dates: what a plot, a table or a comparison with a simulation asks for."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

import attrs

from orgsim.errors import closest
from orgsim.ledger import Ledger
from orgsim.metrics.covering import UNCOVERED, runs
from orgsim.metrics.gaps import critical_spans
from orgsim.metrics.headcount import headcount
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Span, Tally, overlap
from orgsim.metrics.structure import Structure
from orgsim.metrics.vacancy import is_established, vacancy_rate
from orgsim.metrics.workforce import Workforce
from orgsim.model import Person, Post, Unit

Values = Sequence[float | None]


@attrs.frozen
class Series:
    """A measure on each of several dates; None where it is undefined."""

    measure: str
    unit: str | None
    known: dt.date | None
    dates: tuple[dt.date, ...]
    values: tuple[float | None, ...]


def series(
    ledger: Ledger,
    measure: str,
    dates: Iterable[dt.date],
    unit: str | None = None,
    known: dt.date | None = None,
) -> Series:
    """A measure on each of the dates, for a unit with all below it, or for everything.

    Formula: `headcount` and `fte` as in `headcount`; `vacancy_rate` as there; `posts` = open posts, personal ones left
    out; `vacancies` = those of them without a substantive holder, `seats: any` left out; `acting` = acting holders;
    `on_leave` = the people of the headcount who are on leave; `uncovered` = critical posts in an uncovered gap (see
    `gaps`); `units` = open units, the one asked for and organizations included.
    Unit: people, full-time jobs, posts, holders or units; the rate is a share, and None where there are no seats.
    Raises ValueError for another measure, and UnknownIdError for a unit the ledger never opens.
    Source: as for the metrics named.
    """
    count, days = counting(measure), tuple(dates)
    if unit is not None:
        History(ledger, known).require(unit, Unit)
    return Series(measure, unit, known, days, tuple(count(ledger, days, unit, known)))


Dates = tuple[dt.date, ...]
Measure = Callable[[Ledger, Dates, str | None, dt.date | None], Values]


def _headcount(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    return [row.headcount for row in headcount(ledger, dates, unit, known=known)]


def _fte(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    return [row.fte for row in headcount(ledger, dates, unit, known=known)]


def _vacancy_rate(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    return [row.rate for row in vacancy_rate(ledger, dates, unit, known=known)]


def _on_leave(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    history, tally = History(ledger, known), Tally(dates)
    staff = Workforce(history)
    for id_ in staff.of(unit):
        away = [(start, end) for start, end, person in history.spells(id_, Person) if person.leave is not None]
        for span in overlap(away, staff.member(id_, unit)) if away else ():
            tally.add(span)
    return tally.counts()


def _uncovered(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    history, tally = History(ledger, known), Tally(dates)
    structure = Structure(history)
    for id_ in history.index.post_ids:
        critical = critical_spans(history, id_)
        if not critical:
            continue
        empty = [(run.start, run.end) for run in runs(history, id_) if run.state == UNCOVERED]
        for start, end, post in history.posts([id_]):
            for span in overlap(overlap([(start, end)], _where(structure, post.unit, unit)), overlap(critical, empty)):
                tally.add(span)
    return tally.counts()


def _units(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
    history, tally = History(ledger, known), Tally(dates)
    structure = Structure(history)
    for id_ in structure.ids:
        for start, end, noun in history.spells(id_, Unit):
            for span in overlap([(start, end)], _where(structure, id_, unit)) if noun.open else ():
                tally.add(span)
    return tally.counts()


def _of_posts(weight: Callable[[Post], int]) -> Measure:
    """A measure that adds up a number of each open post."""

    def count(ledger: Ledger, dates: Dates, unit: str | None, known: dt.date | None) -> Values:
        history, tally = History(ledger, known), Tally(dates)
        structure = Structure(history)
        for start, end, post in history.posts():
            number = weight(post)
            for span in overlap([(start, end)], _where(structure, post.unit, unit)) if number else ():
                tally.add(span, number)
        return tally.counts()

    return count


def _where(structure: Structure, inner: str, unit: str | None) -> list[Span]:
    """When a unit belongs to the one asked for."""
    return [(0, FOREVER)] if unit is None else structure.inside(inner, unit)


MEASURES: dict[str, Measure] = {
    "headcount": _headcount,
    "fte": _fte,
    "vacancies": _of_posts(lambda post: is_established(post) and post.vacant),
    "vacancy_rate": _vacancy_rate,
    "acting": _of_posts(lambda post: sum(holder.acting for holder in post.holders)),
    "on_leave": _on_leave,
    "uncovered": _uncovered,
    "posts": _of_posts(lambda post: post.personal is None),
    "units": _units,
}
"""What can be asked of `series`."""


def counting(measure: str) -> Measure:
    """How a measure is counted; raises ValueError where there is none of that name."""
    count = MEASURES.get(measure)
    if count is None:
        raise ValueError(f"there is no measure {measure!r}; {closest(measure, MEASURES, 'measures')}")
    return count
