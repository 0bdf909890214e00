"""A ledger, or a chart of it, in the formats other tools read.

`FORMATS` is the table of exporters; each is a module with a function `dump(ledger, options) -> dict[str, bytes]`: file
names and contents.
"""

import datetime as dt
from importlib import import_module

import attrs

from orgsim.errors import UserError, did_you_mean
from orgsim.ledger import Ledger


@attrs.frozen(kw_only=True)
class Options:
    """What is exported: the whole history, or the chart of a date; with what was known; how much of it."""

    at: dt.date | None = None
    known: dt.date | None = None
    top_levels: int | None = None
    """Only posts with fewer than so many posts above them."""
    pseudonym_key: bytes | None = None
    """Names, notes and quotations are left out, and ids of people replaced, the same way for the same key."""
    raw: bool = False
    """Leave cells of CSV that a spreadsheet would take for formulas as they are."""


FORMATS = {
    "csv": "orgsim.exporters.tables",
    "parquet": "orgsim.exporters.parquet",
    "popolo": "orgsim.exporters.popolo",
    "org": "orgsim.exporters.w3c_org",
    "graphml": "orgsim.exporters.graphml",
    "dot": "orgsim.exporters.dot",
    "mermaid": "orgsim.exporters.mermaid",
    "yaml": "orgsim.exporters.yaml",
}


def dump(format_: str, ledger: Ledger, options: Options | None = None) -> dict[str, bytes]:
    """The files of a format, by name; raises `UserError` for a format there is not."""
    module = FORMATS.get(format_)
    if module is None:
        hint = did_you_mean(format_, FORMATS) or f"the formats are {', '.join(FORMATS)}"
        raise UserError(f"there is no export format {format_!r}; {hint}")
    files: dict[str, bytes] = import_module(module).dump(ledger, options or Options())
    return files
