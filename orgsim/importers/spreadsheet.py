"""Spreadsheets as tables: the first sheet of an XLSX file, every cell as text, within bounds.

An XLSX file is an archive that can hold a thousand times its size, so its members are measured before any is
unpacked.  The libraries come with the extra `xlsx`, and are loaded only here.
"""

import datetime as dt
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from orgsim.errors import MissingExtraError
from orgsim.importers.report import Place
from orgsim.importers.tabular import MAX_CELL, ImportProblem, Row, header_of

MAX_MEMBER = 512 * 2**20
MAX_TOTAL = 1024 * 2**20
MAX_MEMBERS = 10_000
MAX_RATIO = 100
HARMLESS = 2**20
"""What a small member unpacks to does no harm, whatever its ratio."""
MAX_ROWS = 2_000_000
MAX_COLUMNS = 2_000
MAX_BLANK = 100_000

Note = Callable[[str, Place, str], None]


def is_spreadsheet(path: Path) -> bool:
    """Whether a file is to be read as a spreadsheet: by its name, or by the archive it is."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return True
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def read_sheet(path: Path, *, headers: int, note: Note, numbers: dict[str, Place]) -> Iterator[Row]:
    """The rows of the first sheet; with more header rows than one, the first counts.

    `numbers` fills with the first cell of each column that is stored as a number, and so may have lost its zeros.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("xlsx") from None
    if not openpyxl.DEFUSEDXML:
        raise MissingExtraError("xlsx")
    measure(path)
    with path.open("rb") as file:  # opened here, because the library forgets to close what it cannot read
        try:
            with _silent():
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # noqa: BLE001 - whatever a broken archive makes of the library
            raise _unreadable(path, error) from None
        try:
            yield from _rows(path, book, headers, note, numbers)
        finally:
            book.close()


@contextmanager
def _silent() -> Iterator[None]:
    """The library warns of what it leaves out, such as colors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def measure(path: Path) -> None:
    """Refuse an archive that unpacks to far more than it is."""
    place = Place(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _unreadable(path, error) from None
    hint = "save it again, or export it as CSV"
    if len(members) > MAX_MEMBERS:
        raise ImportProblem(place, f"the spreadsheet has {len(members):,} parts", hint)
    for member in members:
        size = member.file_size
        if size > MAX_MEMBER:
            raise ImportProblem(place, f"a part of the spreadsheet unpacks to {size:,} bytes", hint)
        if size > HARMLESS and size > MAX_RATIO * max(member.compress_size, 1):
            message = f"a part of the spreadsheet unpacks to {size:,} bytes, more than {MAX_RATIO} times what is stored"
            raise ImportProblem(place, message, hint)
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL:
        raise ImportProblem(place, f"the spreadsheet unpacks to {total:,} bytes", hint)


def _unreadable(path: Path, error: Exception) -> ImportProblem:
    message = f"this is no spreadsheet that can be read ({type(error).__name__})"
    return ImportProblem(Place(path.name), message, "save it again as XLSX, or export it as CSV")


def _rows(path: Path, book: Any, headers: int, note: Note, numbers: dict[str, Place]) -> Iterator[Row]:
    if len(book.sheetnames) > 1:
        others = ", ".join(map(repr, book.sheetnames[1:4]))
        note("refused", Place(path.name), f"only the first sheet is read, not {others}")
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a sheet says of its own size is not to be trusted
        found = enumerate(sheet.iter_rows(values_only=True), 1)
    except Exception as error:  # noqa: BLE001 - as above
        raise _unreadable(path, error) from None
    header: list[str] = []
    skip, blank = headers, 0
    while True:
        try:
            with _silent():
                number, values = next(found)
        except StopIteration:
            return
        except Exception as error:  # noqa: BLE001 - as above
            raise _unreadable(path, error) from None
        place = Place(path.name, number)
        blank = 0 if any(value is not None for value in values) else blank + 1
        if number > MAX_ROWS or blank > MAX_BLANK:
            raise ImportProblem(place, f"the sheet has more than {number - 1:,} rows", "split it, or remove empty rows")
        if len(values) > MAX_COLUMNS:
            raise ImportProblem(place, f"the row has {len(values):,} cells", "remove empty columns")
        if blank:
            continue
        cells = [_text(value, place) for value in values]
        if skip > 0:
            skip -= 1
            while cells and not cells[-1]:
                cells.pop()
            header = header or header_of(cells, place)
            continue
        extra = [cell for cell in cells[len(header) :] if cell]
        if extra:
            raise ImportProblem(place, f"the cell {extra[0]!r} stands under no header", "give its column a header")
        for name, value in zip(header, values, strict=False):
            if isinstance(value, int | float) and not isinstance(value, bool):
                numbers.setdefault(name, attrs.evolve(place, column=name))
        yield Row(place, dict(zip(header, cells, strict=False)))


def _text(value: Any, place: Place) -> str:
    """A cell as the text that CSV would have: dates as ISO writes them, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    text = str(value).strip()
    if len(text) > MAX_CELL:
        raise ImportProblem(place, f"a cell has {len(text):,} characters", f"shorten it below {MAX_CELL:,}")
    return text
