"""Who says so, and who is meant: the words of a picture about its ledger."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from orgsim.chart import OrgChart
from orgsim.ledger import Ledger
from orgsim.model import Appointment, Person, Source
from orgsim.plotting.data import Who
from orgsim.plotting.paper import count, long_date

if TYPE_CHECKING:
    from orgsim.columns.ledger import ColumnarLedger


def source_of(of: "Ledger | OrgChart | ColumnarLedger", name: str = "", known: dt.date | None = None) -> str:
    """How the ledger is called, and how many documents it cites, from when to when; of those published by a day."""
    sources = [source for source in of.index.sources.values() if _was_out(source, known)]
    if not sources:
        return f"ledger {name}" if name else ""
    days = sorted({source.published for source in sources if source.published is not None})
    when = f", published {long_date(days[0])}" if days else ""
    when += f" to {long_date(days[-1])}" if len(days) > 1 else ""
    documents = f"{count(len(sources), 'document')}{when}"
    return f"ledger {name}, after {documents}" if name else documents


def called(ledger: Ledger) -> str:
    """How a ledger is called: by its file, or by the folder if there are several or the file has no name of its own."""
    files = sorted({event.where.file for event in ledger.events if event.where is not None})
    if not files:
        return ""
    only = Path(files[0])
    return only.stem if len(files) == 1 and only.stem != "ledger" else only.resolve().parent.name


def _was_out(source: Source, known: dt.date | None) -> bool:
    """Whether a document was published by a day; one without a date was."""
    return known is None or source.published is None or source.published <= known


def who_of(chart: OrgChart, person: str) -> Who:
    """How a person of a chart is called."""
    noun = chart.get(person)
    return Who(noun.name if isinstance(noun, Person) else person, person)


def who_holds(chart: OrgChart, holder: Appointment) -> Who:
    """How a holder of a post is called, named or not."""
    if holder.person is not None:
        return who_of(chart, holder.person)
    return Who("somebody, not named" if holder.seats == 1 else f"{holder.seats} people, not named")


def is_away(chart: OrgChart, holder: Appointment) -> bool:
    """Whether a holder of a post is on leave."""
    person = chart.get(holder.person) if holder.person is not None else None
    return isinstance(person, Person) and person.leave is not None
