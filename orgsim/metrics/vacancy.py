"""Vacant seats, and their share of all seats."""

import datetime as dt
from collections.abc import Iterable

import attrs

from orgsim.ledger import Ledger
from orgsim.metrics.formulas import rate
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Tally, overlap
from orgsim.metrics.structure import Structure
from orgsim.model import Post, Unit


@attrs.frozen
class VacancyRate:
    """The seats of the open posts of a unit, or of all units, on a date, and how many are vacant."""

    at: dt.date
    vacant: int
    seats: int

    @property
    def rate(self) -> float | None:
        """Vacant seats as a share of all; None where there are no seats."""
        return rate(self.vacant, self.seats)


def is_established(post: Post) -> bool:
    """Whether a post has a number of seats that somebody decided on: not `any`, and no personal post."""
    return post.personal is None and post.seats != "any"


def seats_of(post: Post) -> int:
    """How many seats a post has; those of a post without a limit are the ones taken."""
    return post.taken if post.seats == "any" else post.seats


def vacancy_rate(
    ledger: Ledger, dates: Iterable[dt.date], unit: str | None = None, *, known: dt.date | None = None
) -> tuple[VacancyRate, ...]:
    """What share of the seats is vacant on each date.

    Formula: vacant seats / seats of open posts, where a seat is vacant without a substantive holder.  Acting holders
    fill no seat; holders who are not named do, and so do those on leave.  Posts with `seats: any` and personal posts
    have no number of seats and are left out; seats on boards and committees are counted.
    Unit: share of seats (0.125 is 12.5 %); None where there are none.  Raises UnknownIdError for an unknown unit.
    Source: the seat version of vacant / authorized FTE (Infor, "Vacancy calculations").  Not the job openings rate of
    BLS JOLTS, which is openings / (employment + openings).
    """
    history, days = History(ledger, known), tuple(dates)
    structure = Structure(history)
    if unit is not None:
        history.require(unit, Unit)
    vacant, seats = Tally(days), Tally(days)
    for start, end, post in history.posts():
        if is_established(post):
            whole = [(0, FOREVER)] if unit is None else structure.inside(post.unit, unit)
            for span in overlap([(start, end)], whole):
                seats.add(span, seats_of(post))
                vacant.add(span, seats_of(post) - post.taken)
    return tuple(VacancyRate(*row) for row in zip(days, vacant.counts(), seats.counts(), strict=True))
