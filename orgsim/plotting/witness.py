"""Who says so, and since when: the words of a picture about its ledger."""

import datetime as dt
from pathlib import Path

from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.ledger import Ledger
from orgsim.model import Source
from orgsim.plotting.paper import count, long_date, when_words


def since_words(when: When) -> str:
    """Since when something is so, as short as it can be said."""
    if when.first is None:
        return f"since unknown, seen {long_date(when.last)}"
    return f"since {when_words(when.first, when.last)}"


def source_of(of: Ledger | OrgChart, name: str = "", known: dt.date | None = None) -> str:
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
