"""Histories from elsewhere: files of other formats, turned into a ledger with a report of what was done.

`FORMATS` is the table of importers; each is a module with a function `load(paths, options) -> Imported`.
"""

import datetime as dt
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import attrs

from orgsim.collector import paused
from orgsim.errors import UserError, did_you_mean
from orgsim.events import Event
from orgsim.importers.report import ImportReport
from orgsim.ledger import Ledger
from orgsim.model import Person, Source


@attrs.frozen(kw_only=True)
class Options:
    """What the user says about the files; each format reads what it needs."""

    organization: str | None = None
    """The id of the organization, where the files do not name one."""
    profile: str | None = None
    """The name of a packaged profile, or the path of one, that maps columns."""
    date_format: str | None = None
    """How dates are written, as for `strptime`; needed where they are ambiguous."""
    encoding: str = "utf-8-sig"
    delimiter: str | None = None
    end_inclusive: bool = False
    """Whether an end date is the last day, rather than the first day after."""
    gap_days: int = 0
    """Spells of one person in one post with at most so many days between them are one."""
    known: dt.date | None = None
    """The day the files were published, for events that took effect before."""
    today: dt.date = attrs.field(factory=dt.date.today)
    """The day of the import: no day after it is ever taken for that of an export."""


@attrs.frozen
class Imported:
    """What an importer found: events, the people and documents they name, and the report."""

    events: Sequence[Event]
    people: Sequence[Person]
    sources: Sequence[Source]
    report: ImportReport

    def ledger(self) -> Ledger:
        """The ledger; raises `OrgsimError` where the events do not hold together."""
        return Ledger(self.events, self.people, self.sources)


FORMATS = {
    "snapshots": "orgsim.importers.snapshots",
    "employees": "orgsim.importers.employees",
    "orders": "orgsim.importers.orders",
    "spells": "orgsim.importers.spells",
    "tables": "orgsim.importers.tables",
    "popolo": "orgsim.importers.popolo",
    "organogram": "orgsim.importers.organogram",
}


def load(format_: str, paths: Sequence[Path], options: Options | None = None) -> Imported:
    """Import files of a format; raises `UserError` for an unknown format, `ImportProblem` for unreadable files."""
    module = FORMATS.get(format_)
    if module is None:
        hint = did_you_mean(format_, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise UserError(f"there is no import format {format_!r}; {hint}")
    with paused():
        imported: Imported = import_module(module).load(paths, options or Options())
    return imported
