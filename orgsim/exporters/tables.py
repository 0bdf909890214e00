"""CSV: every table of the ledger as a file; `people`, `sources` and `events` read back as the same ledger."""

from orgsim.exporters import Options
from orgsim.frames import tables
from orgsim.ledger import Ledger


def dump(ledger: Ledger, options: Options) -> dict[str, bytes]:
    """One file for each table."""
    return {f"{name}.csv": table.to_csv(raw=options.raw).encode() for name, table in tables(ledger).items()}
