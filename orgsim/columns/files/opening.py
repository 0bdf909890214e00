"""Opening a ledger in columns: from Parquet or CSV, by way of the index that lies beside it, or from a stream.

What is read is held to the rules; what an index holds was, when it was made.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from orgsim.columns.files import store
from orgsim.columns.files.content import content_of, look, note_down
from orgsim.columns.files.filling import columns_to_table
from orgsim.columns.files.parquet import Columns, ParquetColumns, arrow, read_csv
from orgsim.columns.files.saving import header_of
from orgsim.columns.files.shapes import misshapen
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.writing import table_of
from orgsim.columns.screen import screened
from orgsim.errors import OrgsimError, Problem, UserError
from orgsim.events import Event
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.references import check_values

SUFFIXES = (".parquet", ".csv")
MANY = 20_000
"""From how many events on a ledger is asked in columns, if nobody says otherwise."""
SAVED = 200_000
"""From how many events on an index is kept beside the file: below, making it takes no second."""


BATCH = 10_000
"""How many events of a stream are looked at together."""


def open_columns(path: Path | str, *, keep: bool = True) -> ColumnarLedger:
    """The ledger in a Parquet or CSV file, in columns, every rule checked.

    An index in a folder beside the file is used if it is of the same content, and made for a large file if `keep` is
    true.  Raises `OrgsimError` with every problem, and `UserError` when the file cannot be read.
    """
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise UserError(f"{path} is neither a .parquet nor a .csv file", 2)
    folder = store.folder_of(path)
    try:
        content = content_of(path, folder)
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}", 4) from error
    found = store.load(folder, content.hash, str(path))
    if found is None:
        found = read_ledger(path)
        if not keep or len(found) < SAVED or look(path) != content.look:  # else nobody knows what was read
            return found
        try:
            store.save(found, folder, content.hash)
        except OSError:  # a folder that cannot be written to: the ledger is as good without
            return found
        found = store.load(folder, content.hash, str(path)) or found
    elif content.noted:
        return found
    note_down(folder, content)
    return found


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


def columns_from(
    events: Iterable[Event], people: Iterable[Person] = (), sources: Iterable[Source] = ()
) -> ColumnarLedger:
    """The ledger of a stream of events in any order, in columns; each event is forgotten when it is taken.

    Raises `OrgsimError` with every problem, as making a `Ledger` does.
    """
    declared = Ledger((), people=people, sources=sources)
    problems: list[Problem] = []
    table = table_of(_looked_at(events, problems), declared.people)
    if problems:
        raise OrgsimError(problems)
    ledger = ColumnarLedger(table, declared.people, declared.sources)
    screened(ledger)
    return ledger


def _looked_at(events: Iterable[Event], problems: list[Problem]) -> Iterator[Event]:
    """Events with values of their types; the problems of the others are noted, and they are left out."""
    stream = iter(events)
    while batch := list(islice(stream, BATCH)):
        found = check_values([event for event in batch if event.where is None])
        problems += found
        yield from batch if not found else ()


def read_ledger(path: Path) -> ColumnarLedger:
    """The ledger of a Parquet or CSV file; raises OrgsimError with every problem, UserError if it is no such file."""
    try:
        columns = Columns(ParquetColumns(path) if path.suffix == ".parquet" else read_csv(path))
        people, sources = header_of(columns.metadata)
        misshapen(columns, str(path))
        made = columns_to_table(columns, people, str(path))
    except (arrow().ArrowException, OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}", 4) from error
    del columns
    ledger = ColumnarLedger(made, people, sources)
    screened(ledger)
    return ledger
