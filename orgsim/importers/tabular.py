"""Tables in files: CSV read strictly, every cell text, every row with its number, within bounds.

No type is guessed: `001`, `NA` and `3e5` stay what they are.  What is wrong with a file ends in an `ImportProblem`
with its place.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

import attrs

from orgsim.errors import UserError
from orgsim.importers.report import Place

MAX_CELL = 64 * 2**10
MAX_LINE = 2**20
MAX_UNPACKED, MAX_UNPACKED_LINES = 2**28, 2**20
DELIMITERS = (",", ";", "\t", "|")


class ImportProblem(UserError):  # noqa: N818 - told to the user, not a bug
    """Why a file cannot be imported at all: the place, a sentence, a remedy."""

    def __init__(self, place: Place, message: str, hint: str) -> None:
        """Keep the parts; `str()` is what the user reads."""
        super().__init__(f"{place}: {message}\n  hint: {hint}", exit_code=1)
        self.place, self.message, self.hint = place, message, hint


@attrs.frozen
class Row:
    """One row: its number in the file, and its cells by column name."""

    place: Place
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell of a column, empty if there is none."""
        return self.cells.get(column, "")

    def at(self, column: str) -> Place:
        """The place of a cell."""
        return attrs.evolve(self.place, column=column)


def read_table(
    path: Path, *, encoding: str = "utf-8-sig", delimiter: str | None = None, headers: int = 1, strip: bool = True
) -> Iterator[Row]:
    """The rows of a CSV file, one at a time; with `headers=2` the second header row (labels) is skipped.

    The delimiter is found in the header unless given; a first line `sep=;` is obeyed.  Blanks around cells are
    stripped, but for tables of our own.
    """
    with _opened(path) as file:
        lines = _lines(path, file, encoding)
        first = next(lines, None)
        if first is None:
            raise ImportProblem(Place(path.name, 1), "the file is empty", "export it again, with its header")
        start = 1
        if first.lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
            delimiter, first, start = first.strip()[-1], next(lines, ""), 2
        delimiter = delimiter or max(DELIMITERS, key=first.count)
        yield from _rows(path, _chain(first, lines), delimiter, start, headers, strip=strip)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _opened(path: Path) -> "io.BufferedReader | gzip.GzipFile":
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _raw_lines(path: Path, file: "io.BufferedReader | gzip.GzipFile") -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers; of a packed one only so much."""
    number = size = 0
    try:
        while data := file.readline(MAX_LINE + 1):
            number += 1
            size += len(data)
            if (size > MAX_UNPACKED or number > MAX_UNPACKED_LINES) and isinstance(file, gzip.GzipFile):
                message = f"the file unpacks to more than {MAX_UNPACKED:,} bytes or {MAX_UNPACKED_LINES:,} lines"
                raise ImportProblem(Place(path.name, number), message, "unpack it, and look at it")
            yield number, data
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ImportProblem(Place(path.name, number), f"not gzip: {error}", "pack the file again") from None


def _lines(path: Path, file: "io.BufferedReader | gzip.GzipFile", encoding: str) -> Iterator[str]:
    """The lines of a file as text, each bounded in length."""
    later = encoding.removesuffix("-sig")
    for number, data in _raw_lines(path, file):
        if len(data) > MAX_LINE:
            place = Place(path.name, number)
            raise ImportProblem(place, f"the line is longer than {MAX_LINE:,} bytes", "is this a CSV file?")
        if b"\0" in data:
            raise ImportProblem(Place(path.name, number), "the line has a NUL byte", "save the file as CSV in UTF-8")
        try:
            # Only the first line may have a mark; later ones would hide it in a cell.
            yield data.decode(encoding if number == 1 else later)
        except (UnicodeDecodeError, LookupError) as error:
            hint = "save the file as UTF-8, or give --encoding, for example cp1252"
            raise ImportProblem(Place(path.name, number), f"the line is not {later}: {error}", hint) from None


def _rows(path: Path, lines: Iterator[str], delimiter: str, start: int, headers: int, *, strip: bool) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    skip = headers
    number, name = start, path.name
    while True:
        place = Place(name, number)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "look for a quote that is not closed, here or above"
            raise ImportProblem(place, f"not CSV: {error}", hint) from None
        number = start + reader.line_num
        if skip > 0:
            skip -= 1
            header = header or header_of(cells, Place(path.name, start))
        elif any(cells):
            yield _row(place, header or [], [*map(str.strip, cells)] if strip else cells)


def header_of(cells: Sequence[str], place: Place) -> list[str]:
    """The names of columns; one without a name is called by its number."""
    names: list[str] = []
    for at, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"column {at}"
        if name in names:
            message = f"two columns are called {name!r}"
            raise ImportProblem(attrs.evolve(place, column=name), message, "give every column a name of its own")
        names.append(name)
    return names


def _row(place: Place, header: list[str], cells: list[str]) -> Row:
    if len(cells) > len(header):
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra:
            message = f"the row has {len(cells)} cells, the header {len(header)}"
            raise ImportProblem(place, message, "quote cells that contain the delimiter")
    return Row(place, dict(zip_longest(header, cells[: len(header)], fillvalue="")))  # a short row ends in empty cells
