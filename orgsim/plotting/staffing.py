"""From a ledger to the lines of the headcount picture, with the bounds that vague dates leave.  Nothing here draws."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import attrs

from orgsim.dates import When
from orgsim.errors import UserError
from orgsim.ledger import Ledger
from orgsim.metrics.headcount import headcount
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Tally, joined
from orgsim.metrics.workforce import Job, Workforce, unbroken
from orgsim.model import Unit
from orgsim.plotting.data import Line, Series
from orgsim.plotting.leadership import last_news
from orgsim.plotting.witness import source_of
from orgsim.report import DAYS, MOST_DATES, dates_between

if TYPE_CHECKING:
    from orgsim.columns.ledger import ColumnarLedger

LEAST_PEOPLE, LEAST_SHARE = 3, 0.05
"""How large a unit must have been, in people and as a share of the whole, to have a line if nobody asks for it."""
MOST_CHANGES = 400
"""On no more days than these every change is drawn on its day, if nobody says how often to count."""
_OFTEN = (("week", range(7, 8)), ("month", range(28, 32)), ("quarter", range(89, 93)), ("year", range(365, 367)))
"""How many days lie between two dates that are so far apart."""


class Staffing(Protocol):
    """What a ledger is asked for the picture, in its small form or in columns."""

    def require(self, unit: str) -> str:
        """The id of a unit the ledger ever opens; else UnknownIdError."""

    def organizations(self) -> list[str]:
        """The units without a parent, as they last were."""

    def beneath(self, unit: str) -> list[str]:
        """The units right beneath one, as they last were; boards and committees left out."""

    def called(self, unit: str) -> str:
        """The last name of a unit; its id, if it has none."""

    def headcount(self, dates: Sequence[dt.date], unit: str | None) -> list[int]:
        """The headcount of an organization, or of all, on dates."""

    def headcounts(self, dates: Sequence[dt.date], units: Sequence[str], least: float) -> dict[str, list[int]]:
        """The headcount on dates of those of some units that ever have so many people on any of them."""

    def unnamed(self, date: dt.date, unit: str | None) -> int:
        """How many seats are held by people whom nobody names."""

    def told(self) -> tuple[dt.date | None, dt.date | None]:
        """The day before which one in fifty events takes effect, and the last on which anything became known."""

    def changes(self, first: dt.date, last: dt.date) -> list[dt.date]:
        """The days after the first, to the last, on which any event takes effect for certain or possibly, in order."""

    def bounds(self, dates: Sequence[dt.date], organization: str | None) -> tuple[list[int], list[int]]:
        """The fewest and the most employees there may have been on each date."""


def staffing(
    ledger: "Ledger | ColumnarLedger",
    dates: Sequence[dt.date],
    units: Iterable[str] | None = None,
    known: dt.date | None = None,
    *,
    organization: str | None = None,
    name: str = "",
) -> Series:
    """The headcount on dates, of an organization and of the units right beneath it, or of the units named.

    The bounds of the whole count people from the last day on which they may have come to the first on which they may
    have gone, and from the first to the last; of whom the sources only saw, nobody tells since when, so they may have
    been there all the time before.  Of units named, only an organization alone has them.  Raises UnknownIdError for a
    unit never opened.
    """
    staff = _staffing(ledger, known)
    named = [staff.require(id_) for id_ in units or ()]
    root = staff.require(organization) if organization is not None else None
    if root is None and not named:
        root = _largest(staff, dates)
    lines = []
    title = _called(staff, root)
    if not named:
        low, high = staff.bounds(dates, root)
        lines.append(Line(name=title, values=staff.headcount(dates, root), low=low, high=high))
        named = staff.beneath(root) if root is not None else []
    least = max([LEAST_PEOPLE, *(LEAST_SHARE * (value or 0) for value in lines[0].values)]) if lines else 0
    found = staff.headcounts(dates, named, least)
    largest = sorted(found, key=lambda id_: -max(found[id_], default=0))
    parts = [Line(name=staff.called(id_), values=found[id_]) for id_ in largest]
    if not lines and len(parts) == 1 and largest[0] in staff.organizations():
        low, high = staff.bounds(dates, largest[0])
        parts = [attrs.evolve(parts[0], low=low, high=high)]
    unnamed = staff.unnamed(dates[-1], root) if dates else 0
    exact = bool(dates) and set(dates).issuperset(staff.changes(dates[0], dates[-1]))
    besides = f"Besides, {unnamed:,} posts are held by people whom nobody names." if unnamed else ""
    return Series(
        title=f"Headcount of {title}" if lines and root is not None else "Headcount",
        source=source_of(ledger, name, known),
        known=known,
        dates=tuple(dates),
        lines=(*lines, *parts),
        unit="people employed, of those the ledger names",
        has_total=bool(lines),
        note=" ".join(filter(None, (besides, "" if exact else _counted(dates)))),
        exact=exact,
    )


def _counted(dates: Sequence[dt.date]) -> str:
    """How often it is counted, in words: what comes and goes in between is not seen."""
    gaps = sorted((after - day).days for day, after in pairwise(dates))
    if not gaps:
        return ""
    usual = gaps[len(gaps) // 2]
    often = next((f"once a {step}" for step, days in _OFTEN if usual in days), f"on {len(dates):,} days")
    return f"Counted {often}, not on the days of the changes."


def _staffing(ledger: "Ledger | ColumnarLedger", known: dt.date | None) -> Staffing:
    """A ledger of either form, as it is asked here."""
    if isinstance(ledger, Ledger):
        return _Small(ledger, known)
    from orgsim.columns.counts.staffing import StaffingInColumns

    return StaffingInColumns(ledger, known)


def _largest(staff: Staffing, dates: Sequence[dt.date]) -> str | None:
    """The organization with the most people on any of the dates."""
    found = staff.organizations()
    if len(found) < 2:  # noqa: PLR2004 - there is nothing to compare
        return found[0] if found else None
    sizes = {id_: max(staff.headcount(dates, id_), default=0) for id_ in found}
    return max(sizes, key=lambda id_: sizes[id_])


def _called(staff: Staffing, unit: str | None) -> str:
    return staff.called(unit) if unit is not None else "everybody"


# ---------------------------------------------------------------------------------------------------------------- dates


def days_of_change(
    ledger: "Ledger | ColumnarLedger", first: dt.date, last: dt.date, known: dt.date | None
) -> tuple[list[dt.date], bool]:
    """The first and last day and those between on which anything changes, and True; months and False, if too many."""
    changes = _staffing(ledger, known).changes(first, last)
    if len(changes) <= MOST_CHANGES:
        return sorted({first, *changes, last}), True
    return sorted({*dates_between(first, last, "month"), last}), False


def period_of(ledger: "Ledger | ColumnarLedger", known: dt.date | None) -> tuple[dt.date, dt.date]:
    """From the first year of which the ledger tells much to its last news: the first 2 % of the events are left out."""
    first, last = _staffing(ledger, known).told()
    last = dt.date(2000, 1, 1) if last is None else last
    first = last if first is None else min(first, last)
    return dt.date(first.year, 1, 1), last


def dates_of(
    ledger: "Ledger | ColumnarLedger",
    start: dt.date | None,
    end: dt.date | None,
    every: str | None = None,
    known: dt.date | None = None,
) -> list[dt.date]:
    """The dates of a picture, a step apart, and the last day besides; a period that ends before it begins has none.

    Without a step, every day on which something changes; a month apart, if those are many.  Raises `UserError` where
    they are too many to draw.
    """
    usual = period_of(ledger, known)
    last = end - dt.timedelta(days=1) if end is not None and end > dt.date.min else usual[1]
    start = min(usual[0], last) if start is None else start
    if every is None and start <= last:
        dates, exact = days_of_change(ledger, start, last, known)
        if exact:
            return dates
    every = every or "month"
    if (last - start).days > MOST_DATES * DAYS[every]:
        message = f"from {start} to {last} there is a {every} more than {MOST_DATES:,} times"
        raise UserError(f"{message}; choose a shorter period, or a longer step with --every")
    dates = list(dates_between(start, last, every))
    return [*dates, last] if dates and dates[-1] != last else dates


# ------------------------------------------------------------------------------------------------------ the small form


class _Small:
    """A ledger in its small form, as it is asked here."""

    def __init__(self, ledger: Ledger, known: dt.date | None) -> None:
        self.ledger, self.known = ledger, known

    @cached_property
    def history(self) -> History:
        return History(self.ledger, self.known)

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Every unit that was ever there, as it last was."""
        nouns = ((id_, self.ledger.last(id_)) for id_ in self.ledger.index.unit_ids)
        return {id_: noun for id_, noun in nouns if isinstance(noun, Unit)}

    def require(self, unit: str) -> str:
        return self.history.require(unit, Unit)

    def organizations(self) -> list[str]:
        return [id_ for id_, unit in self.units.items() if unit.parent is None]

    def beneath(self, unit: str) -> list[str]:
        return [id_ for id_, below in self.units.items() if below.parent == unit and not below.is_body]

    def called(self, unit: str) -> str:
        return self.units[unit].name if unit in self.units else unit

    def headcount(self, dates: Sequence[dt.date], unit: str | None) -> list[int]:
        return [row.headcount for row in headcount(self.ledger, dates, unit, known=self.known)]

    def headcounts(self, dates: Sequence[dt.date], units: Sequence[str], least: float) -> dict[str, list[int]]:
        found = {unit: self.headcount(dates, unit) for unit in units}
        return {unit: values for unit, values in found.items() if max(values, default=0) >= least}

    def unnamed(self, date: dt.date, unit: str | None) -> int:
        return headcount(self.ledger, [date], unit, known=self.known)[0].unnamed

    def told(self) -> tuple[dt.date | None, dt.date | None]:
        days = sorted(e.date.day for e in self.ledger.events if self.known is None or e.known <= self.known)
        return (days[len(days) // 50], last_news(self.ledger, self.known)) if days else (None, None)

    def changes(self, first: dt.date, last: dt.date) -> list[dt.date]:
        known = (e.date for e in self.ledger.events if self.known is None or e.known <= self.known)
        return sorted({day for date in known for day in (date.day, date.last) if first < day <= last})

    def bounds(self, dates: Sequence[dt.date], organization: str | None) -> tuple[list[int], list[int]]:
        staff = Workforce(self.history)
        low, high = Tally(dates), Tally(dates)
        for person, jobs in staff.jobs.items():
            here = [job for job in jobs if job.contract == "employee" and organization in (None, job.organization)]
            certain, possible = [], []
            for spell in unbroken(here):
                began, start, end = spell[0].event.date, spell[0].start, spell[-1].end
                ended = _ended(staff, person, spell[-1])
                certain.append((max(start, began.last.toordinal()), end))
                possible.append((0 if began.is_open else start, ended.last.toordinal() if ended else end))
            for tally, spans in ((low, certain), (high, possible)):
                for span in joined(spans):
                    tally.add(span)
        return low.counts(), high.counts()


def _ended(staff: Workforce, person: str, job: Job) -> When | None:
    """When a departure took effect, with its bounds."""
    if job.end >= FOREVER:
        return None
    departure = staff.departures.get((person, job.organization, job.end))
    return departure.date if departure is not None and departure.date.last.toordinal() > job.end else None
