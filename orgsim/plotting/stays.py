"""From a ledger to the stays of the tenure picture: who came when, and who is still there.  Nothing here draws."""

import datetime as dt

from orgsim.ledger import Ledger
from orgsim.metrics.formulas import years
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER
from orgsim.metrics.workforce import Workforce, unbroken
from orgsim.model import Unit
from orgsim.plotting.data import Stay, Stays
from orgsim.plotting.leadership import last_news
from orgsim.plotting.witness import source_of


def stays(
    ledger: Ledger,
    until: dt.date | None = None,
    known: dt.date | None = None,
    *,
    organization: str | None = None,
    name: str = "",
) -> Stays:
    """How long people stayed in an organization, or in any, from the last hire on; to the last news if not told.

    Who came "since unknown" is left out and counted, for nobody knows how long they had been there.  A contract that
    changes is no end.  Raises UnknownIdError for a unit never opened.
    """
    history = History(ledger, known)
    if organization is not None:
        history.require(organization, Unit)
    until = until or last_news(ledger, known)
    staff, found, left = Workforce(history), [], 0
    for person, jobs in staff.jobs.items():
        for spell in unbroken([job for job in jobs if organization in (None, job.organization)]):
            began, first, last = spell[0].event.date, spell[0].start, spell[-1].end
            if first >= until.toordinal():
                continue
            if began.is_open:
                left += 1
                continue
            gone = staff.departures.get((person, spell[-1].organization, last)) if last < FOREVER else None
            ended = last <= until.toordinal()
            end = min(last, until.toordinal())
            latest = min(gone.date.last.toordinal(), until.toordinal()) if ended and gone is not None else end
            least = max(end - began.last.toordinal(), 0)
            found.append(
                Stay(
                    least=years(least),
                    most=years(latest - first),
                    years=years(end - first),
                    ended=ended,
                    name=ledger.index.names.get(person, person),
                )
            )
    where = ledger.last(organization) if organization is not None else None
    return Stays(
        title=f"How long people stay at {where.name}" if isinstance(where, Unit) else "How long people stay",
        source=source_of(ledger, name, known),
        known=known,
        stays=tuple(found),
        left_out=left,
    )
