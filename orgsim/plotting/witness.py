"""Who says so, and since when: the words of a picture about its ledger."""

from orgsim.chart import OrgChart
from orgsim.dates import When
from orgsim.ledger import Ledger
from orgsim.plotting.paper import count, long_date, when_words


def since_words(when: When) -> str:
    """Since when something is so, as short as it can be said."""
    if when.first is None:
        return f"since unknown, seen {long_date(when.last)}"
    return f"since {when_words(when.first, when.last)}"


def source_of(of: Ledger | OrgChart, name: str = "") -> str:
    """How the ledger is called, and how many documents it cites, from when to when."""
    sources = of.index.sources.values()
    if not sources:
        return f"ledger {name}" if name else ""
    days = sorted(source.published for source in sources if source.published is not None)
    when = (
        f", published {long_date(days[0])} to {long_date(days[-1])}"
        if len(set(days)) > 1
        else f", published {long_date(days[0])}"
        if days
        else ""
    )
    documents = f"{count(len(sources), 'document')}{when}"
    return f"ledger {name}, after {documents}" if name else documents
