"""Opening a ledger in columns from a file: Parquet or CSV, by way of the index that lies beside it.

What is read from a file is held to the rules; what an index holds was, when it was made.
"""

from pathlib import Path

from orgsim.columns import store
from orgsim.columns.filling import columns_to_table
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.parquet import Columns, arrow, read_csv, read_parquet
from orgsim.columns.saving import header_of
from orgsim.columns.screen import screened
from orgsim.columns.shapes import misshapen
from orgsim.errors import UserError
from orgsim.ledger import Ledger

SUFFIXES = (".parquet", ".csv")
MANY = 20_000
"""From how many events on a ledger is asked in columns, if nobody says otherwise."""
SAVED = 200_000
"""From how many events on an index is kept beside the file: below, making it takes no second."""


def open_columns(path: Path, *, keep: bool = True) -> ColumnarLedger:
    """The ledger of a Parquet or CSV file; an index beside it is used, and made for a large one.

    Raises OrgsimError with every problem, UserError if the file cannot be read.
    """
    if path.suffix not in SUFFIXES:
        raise UserError(f"{path} is neither a .parquet nor a .csv file", 2)
    try:
        content = store.digest(path)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", 4) from error
    folder = store.folder_of(path)
    found = store.load(folder, content)
    if found is not None:
        return found
    ledger = read_ledger(path)
    if keep and len(ledger) >= SAVED:
        try:
            store.save(ledger, folder, content)
        except OSError:  # a folder that cannot be written to: the ledger is as good without
            return ledger
        return store.load(folder, content) or ledger
    return ledger


def fitting(path: Path, *, columnar: bool | None = None) -> ColumnarLedger | Ledger:
    """The ledger of a file in the form that fits its size, or in columns if that is asked for."""
    ledger = open_columns(path)
    if columnar or len(ledger) >= MANY:
        return ledger
    return _made(ledger)


def small(path: Path) -> Ledger:
    """The ledger of a file in its small form, however large."""
    return _made(open_columns(path))


def _made(ledger: ColumnarLedger) -> Ledger:
    return Ledger(tuple(ledger.events), people=ledger.people, sources=ledger.sources)


def read_ledger(path: Path) -> ColumnarLedger:
    """The ledger of a Parquet or CSV file; raises OrgsimError with every problem, UserError if it is no such file."""
    pa = arrow()
    try:
        table = read_parquet(path) if path.suffix == ".parquet" else read_csv(path)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}", 4) from error
    people, sources = header_of(table.schema.metadata)
    columns = Columns(table)
    misshapen(columns, str(path))
    made = columns_to_table(columns, people, str(path))
    ledger = ColumnarLedger(made, people, sources)
    screened(ledger)
    return ledger
