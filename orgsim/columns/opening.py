"""Opening a ledger in columns from a file: Parquet or CSV, by way of the index that lies beside it.

What is read from a file is held to the rules; what an index holds was, when it was made.
"""

from pathlib import Path

from orgsim.columns import parquet, store
from orgsim.columns.ledger import ColumnarLedger
from orgsim.errors import UserError

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
    ledger = parquet.read_ledger(path)
    if keep and len(ledger) >= SAVED:
        try:
            store.save(ledger, folder, content)
        except OSError:  # a folder that cannot be written to: the ledger is as good without
            return ledger
        return store.load(folder, content) or ledger
    return ledger
