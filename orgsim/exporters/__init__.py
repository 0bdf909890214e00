"""A ledger, or a chart of it, in the formats other tools read.

`FORMATS` is the table of exporters; each is a module with a function `dump(ledger, options) -> dict[str, bytes]`: file
names and contents.  File names are fixed; none is made from data.  What a module gets is already cut to what was known
and pseudonymized, so that no format can forget it.
"""

import datetime as dt
from importlib import import_module

import attrs

from orgsim.errors import UserError, did_you_mean
from orgsim.ledger import Ledger

MIN_GROUP, SMALLEST_GROUP = 5, 3
GROUPS = ("organization", "unit", "level", "contract")


@attrs.frozen(kw_only=True)
class Options:
    """What is exported: the whole history, or the chart of a date; with what was known; how much of it."""

    at: dt.date | None = None
    """The date of the chart, for formats that hold one; today if not given."""
    known: dt.date | None = None
    top_levels: int | None = None
    """Only posts with fewer than so many posts above them, for formats that hold a chart."""
    pseudonym_key: bytes | None = None
    """Names, notes and quotations are left out, and ids of people replaced, the same way for the same key."""
    raw: bool = False
    """Leave cells of CSV that a spreadsheet would take for formulas as they are."""
    min_group: int = MIN_GROUP
    """For `groups`: numbers of people smaller than this are hidden; at least 3."""
    group_by: tuple[str, ...] = ("unit",)
    """For `groups`: what people are grouped by, of `GROUPS`."""
    start: dt.date | None = None
    """For `groups`: the first date; the ledger's first day if not given."""
    end: dt.date | None = None
    """For `groups`: the last date; today if not given."""
    every: str = "year"
    """For `groups`: the step between dates."""


FORMATS = {
    "csv": "orgsim.exporters.tables",
    "parquet": "orgsim.exporters.parquet",
    "popolo": "orgsim.exporters.popolo",
    "org": "orgsim.exporters.w3c_org",
    "graphml": "orgsim.exporters.graphml",
    "dot": "orgsim.exporters.dot",
    "mermaid": "orgsim.exporters.mermaid",
    "groups": "orgsim.exporters.groups",
    "yaml": "orgsim.exporters.yaml",
}
CHARTS = ("dot", "graphml", "mermaid", "org")
"""The formats that hold, alone or among other things, the chart of a date."""
PICTURES = ("dot", "graphml", "mermaid")
"""The formats that hold nothing but the chart of a date."""
ONLY = {
    "at": CHARTS,
    "top_levels": PICTURES,
    "raw": ("csv", "groups"),
    **dict.fromkeys(("min_group", "group_by", "start", "end", "every"), ("groups",)),
}
"""The formats that can obey each option; the others go with all."""
FLAGS = {"raw": "raw-csv", "start": "from", "end": "to"}


def dump(format_: str, ledger: Ledger, options: Options | None = None) -> dict[str, bytes]:
    """The files of a format, by name; raises `UserError` for a format or an option there is not."""
    module = FORMATS.get(format_)
    if module is None:
        hint = did_you_mean(format_, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise UserError(f"there is no export format {format_!r}; {hint}")
    options = options or Options()
    _check(format_, options)
    if options.known is not None:
        from orgsim.exporters.knowledge import as_known_on

        ledger = as_known_on(ledger, options.known)
    if options.pseudonym_key is not None:
        from orgsim.exporters.pseudonyms import pseudonymized

        ledger = pseudonymized(ledger, options.pseudonym_key)
    files: dict[str, bytes] = import_module(module).dump(ledger, options)
    return files


def _check(format_: str, options: Options) -> None:
    """An option that a format cannot obey is refused, not ignored."""
    for name, formats in ONLY.items():
        if format_ not in formats and getattr(options, name) != getattr(_DEFAULTS, name):
            flag = FLAGS.get(name, name.replace("_", "-"))
            raise UserError(f"{format_!r} has no use for --{flag}, which goes with {', '.join(formats)}")
    if options.min_group < SMALLEST_GROUP:
        raise UserError(f"a group of fewer than {SMALLEST_GROUP} hides nobody; --min-group is at least that")


_DEFAULTS = Options()
