"""From a ledger to the lines of the headcount picture, with the bounds that vague dates leave.  Nothing here draws."""

import datetime as dt
from collections.abc import Iterable, Sequence

from orgsim.dates import When
from orgsim.errors import UserError
from orgsim.ledger import Ledger
from orgsim.metrics.headcount import headcount
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER, Tally, joined
from orgsim.metrics.workforce import Job, Workforce
from orgsim.model import Unit
from orgsim.plotting.data import Line, Series
from orgsim.plotting.leadership import last_news
from orgsim.plotting.witness import source_of
from orgsim.report import DAYS, MOST_DATES, dates_between

LEAST_PEOPLE, LEAST_SHARE = 3, 0.05
"""How large a unit must have been, in people and as a share of the whole, to have a line if nobody asks for it."""


def staffing(
    ledger: Ledger,
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
    been there all the time before.  Raises UnknownIdError for a unit never opened.
    """
    history = History(ledger, known)
    named = [history.require(id_, Unit) for id_ in units or ()]
    root = history.require(organization, Unit) if organization is not None else None
    if root is None and not named:
        root = _largest(ledger, dates, known)
    staff = Workforce(history)
    lines = []
    if not named:
        whole = [row.headcount for row in headcount(ledger, dates, root, known=known)]
        low, high = _bounds(staff, dates, root)
        lines.append(Line(name=_called(ledger, root), values=whole, low=low, high=high))
        named = _beneath(ledger, root) if root is not None else []
    parts = []
    least = max(LEAST_PEOPLE, LEAST_SHARE * max((v or 0 for line in lines for v in line.values), default=0))
    for id_ in named:
        values = [row.headcount for row in headcount(ledger, dates, id_, known=known)]
        if not lines or max(values, default=0) >= least:
            parts.append(Line(name=_called(ledger, id_), values=values))
    parts.sort(key=lambda line: -max((value or 0 for value in line.values), default=0))
    unnamed = headcount(ledger, dates[-1:], root, known=known)[0].unnamed if dates else 0
    return Series(
        title=f"Headcount of {_called(ledger, root)}" if lines and root is not None else "Headcount",
        source=source_of(ledger, name, known),
        known=known,
        dates=tuple(dates),
        lines=(*lines, *parts),
        unit="people employed, of those the ledger names",
        has_total=bool(lines),
        note=f"Besides, {unnamed:,} posts are held by people whom nobody names." if unnamed else "",
    )


def period_of(ledger: Ledger, known: dt.date | None) -> tuple[dt.date, dt.date]:
    """From the first year of which the ledger tells much to its last news: the first 2 % of the events are left out."""
    days = sorted(event.date.day for event in ledger.events if known is None or event.known <= known)
    last = last_news(ledger, known)
    first = min(days[len(days) // 50], last) if days else last
    return dt.date(first.year, 1, 1), last


def dates_of(
    ledger: Ledger, start: dt.date | None, end: dt.date | None, every: str, known: dt.date | None = None
) -> list[dt.date]:
    """The dates of a picture, a step apart, and the last day besides; a period that ends before it begins has none.

    Raises `UserError` where they are too many to draw.
    """
    usual = period_of(ledger, known)
    last = end - dt.timedelta(days=1) if end is not None and end > dt.date.min else usual[1]
    start = min(usual[0], last) if start is None else start
    if (last - start).days > MOST_DATES * DAYS[every]:
        message = f"from {start} to {last} there is a {every} more than {MOST_DATES:,} times"
        raise UserError(f"{message}; choose a shorter period, or a longer step with --every")
    dates = list(dates_between(start, last, every))
    return [*dates, last] if dates and dates[-1] != last else dates


def _largest(ledger: Ledger, dates: Sequence[dt.date], known: dt.date | None) -> str | None:
    """The organization with the most people on any of the dates."""
    found = (
        noun for id_ in ledger.index.unit_ids if isinstance(noun := ledger.last(id_), Unit) and noun.parent is None
    )
    sizes = {
        unit.id: max((h.headcount for h in headcount(ledger, dates, unit.id, known=known)), default=0) for unit in found
    }
    return max(sizes, key=lambda id_: sizes[id_]) if sizes else None


def _beneath(ledger: Ledger, organization: str) -> list[str]:
    nouns = ((id_, ledger.last(id_)) for id_ in ledger.index.unit_ids)
    return [id_ for id_, unit in nouns if isinstance(unit, Unit) and unit.parent == organization and not unit.is_body]


def _called(ledger: Ledger, unit: str | None) -> str:
    noun = ledger.last(unit) if unit is not None else None
    return noun.name if isinstance(noun, Unit) else unit or "everybody"


def _bounds(staff: Workforce, dates: Sequence[dt.date], root: str | None) -> tuple[list[int], list[int]]:
    """The fewest and the most people there may have been on each date."""
    low, high = Tally(dates), Tally(dates)
    for person, jobs in staff.jobs.items():
        here = [job for job in jobs if job.contract == "employee" and root in (None, job.organization)]
        certain, possible = [], []
        for job in here:
            began, ended = job.event.date, _ended(staff, person, job)
            certain.append((max(job.start, began.last.toordinal()), job.end))
            possible.append((0 if began.is_open else job.start, ended.last.toordinal() if ended else job.end))
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
