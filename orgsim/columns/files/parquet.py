"""Ledgers as Parquet or CSV: files in and out, with one column for each key of an event.

This is where pyarrow is at home: `filling` and `saving` turn its columns into the table of events and back, with what
is offered here.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from orgsim.columns.rows.arrays import Ints, in_blocks, where
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.errors import MissingExtraError
from orgsim.events import CLASSES
from orgsim.values import typed_fields

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

EPOCH = 719163
"""What `date.toordinal` says of the first day of pyarrow's dates, 1970-01-01."""
KEYS = tuple(dict.fromkeys(("event", *(field.key for cls in CLASSES for field in typed_fields(cls)))))


def arrow() -> Any:
    """pyarrow, or how to get it."""
    try:
        import pyarrow as pa
        import pyarrow.compute  # type: ignore[import-untyped]
        import pyarrow.csv  # type: ignore[import-untyped]
        import pyarrow.parquet  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtraError("parquet") from error
    return pa


class Columns:
    """The columns of a pyarrow table, or of a file, each as codes of a dictionary of texts.

    Codes are made of so many rows at a time and let go of: those of all columns would take much room.
    """

    def __init__(self, table: "pa.Table | ParquetColumns") -> None:
        """Only what kinds of events there are is looked at yet."""
        self.pa, self._table = arrow(), table
        self.count, self.names = table.num_rows, tuple(table.column_names)
        self.metadata: dict[bytes, bytes] = table.schema.metadata or {}
        remarks = self.metadata.get(b"remarks")
        self.first_line = 1 if remarks is None else 2 + int(remarks)  # of text, the names take a line
        # The texts of a file are read one column at a time, for those of two would take too much room.
        self._alone: AbstractContextManager[Any] = Lock() if isinstance(table, ParquetColumns) else nullcontext()
        self._looked: dict[str, Any] = {}
        self.kinds = self._kinds()

    def _kinds(self) -> Ints:
        words = self.words("event")
        told = () if words is None else words.to_pylist()
        lookup = np.array([*(KIND.get(word, ABSENT) for word in told), ABSENT], np.int8)
        return self.through("event", lookup)

    def _look(self, key: str) -> Any:
        """A column with anything in it, as days or with a dictionary of words; else None."""
        if key not in self._looked:  # set last, for another thread may look as well
            with self._alone:
                self._looked[key] = self._taken(key)
        return self._looked[key]

    def forget(self, *keys: str) -> None:
        """Let go of columns; whoever asks for one again has it looked at again."""
        for key in keys:
            self._looked.pop(key, None)

    def _taken(self, key: str) -> Any:
        column = self._table[key] if self.names.count(key) == 1 else None
        if column is None or column.null_count == len(column):
            return None
        if key in ("date", "known") and (days := self._as_days(column)) is not None:
            column = days
        elif not self.pa.types.is_dictionary(column.type):
            column = column.cast(self.pa.string()).dictionary_encode()
        elif column.num_chunks > 1:
            column = column.unify_dictionaries()
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def _as_days(self, column: Any) -> Any:
        """Days as whole numbers, of a column of days or of midnights, as other tools write them; else None."""
        types = self.pa.types
        if not types.is_date(column.type) and not (types.is_timestamp(column.type) and column.type.tz is None):
            return None
        days = column.cast(self.pa.date32())
        if types.is_timestamp(column.type):
            midnight = self.pa.compute.equal(days.cast(column.type), column)
            if not self.pa.compute.all(midnight).as_py():  # some hour of a day: each is told as it is written
                return None
        return days.cast(self.pa.int32())

    def words(self, key: str) -> Any:
        """The words of a column, as pyarrow has them; None of one without any, and of days."""
        column = self._look(key)
        return None if column is None or not self.pa.types.is_dictionary(column.type) else column.dictionary

    def blocks(self, key: str) -> Iterator[tuple[slice, Ints]]:
        """The codes of the words of a column, of so many rows at a time; ABSENT where there is nothing."""
        if self.words(key) is None:
            for part in in_blocks(self.count):
                yield part, np.full(part.stop - part.start, ABSENT, np.int32)
            return
        for part, piece in _pieces(self._look(key)):
            yield part, _filled(piece.indices.cast(self.pa.int32()), ABSENT)

    def told(self, key: str) -> tuple[Ints, Ints]:
        """The rows with something in a column, and the codes of the words there."""
        if self.words(key) is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int32)
        rows = where(np.unpackbits(self.has(key), count=self.count, bitorder="little"))
        indices = self._look(key).indices
        codes = np.frombuffer(indices.buffers()[1], indices.type.to_pandas_dtype())
        return rows, codes[indices.offset + rows].astype(np.int32)

    def texts(self, key: str, kind: int | None = None) -> dict[int, str]:
        """What is written in a column, by row; of rows of one kind of event, if one is given."""
        rows, codes = self.told(key)
        if kind is not None:
            here = where(self.kinds[rows] == kind)
            rows, codes = rows[here], codes[here]
        words = self.words(key).to_pylist() if len(rows) else []
        return dict(zip(rows.tolist(), map(words.__getitem__, codes.tolist()), strict=True))

    def through(self, key: str, lookup: Ints) -> Ints:
        """What a table has for the words of a column, row by row; its last value is for nothing."""
        found = np.empty(self.count, lookup.dtype)
        for part, codes in self.blocks(key):
            np.take(lookup, codes, out=found[part], mode="wrap")  # ABSENT comes to be the last
        return found

    def has(self, key: str) -> Ints:
        """Which rows have something in a column, in bits, eight to a byte, the first row the lowest bit.

        What the bits after the last row are has no meaning.
        """
        column, count = self._look(key), -(-self.count // 8)
        if column is None:
            return np.zeros(count, np.uint8)
        if self.words(key) is None:
            return np.packbits(_filled(column, -EPOCH) != -EPOCH, bitorder="little")
        there = column.indices.is_valid()
        first, odd = divmod(there.offset, 8)
        if odd:
            return np.packbits(there.to_numpy(zero_copy_only=False), bitorder="little")
        found: Ints = np.frombuffer(there.buffers()[1], np.uint8)[first : first + count]
        return found

    def days(self, key: str) -> tuple[Ints, Ints]:
        """The days of a column of dates, and the rows whose text is no plain day; 0 where there is nothing."""
        column, words = self._look(key), self.words(key)
        if words is None:
            days = np.zeros(self.count, np.int32)
            for part, piece in _pieces(column) if column is not None else ():
                np.add(_filled(piece, -EPOCH), np.int32(EPOCH), out=days[part])
            return days, np.zeros(0, np.int64)
        plain = [plain_day(word) for word in words.to_pylist()]
        found = self.through(key, np.array([*plain, 0], np.int32))
        rows, codes = self.told(key)
        return found, rows[where(np.array(plain, np.int32)[codes] == 0)]

    def text(self, key: str, row: int) -> str | None:
        """What is written in a row."""
        column = self._look(key)
        found = None if column is None else column[row].as_py()
        if found is None or self.words(key) is not None:
            return None if found is None else str(found)
        return date.fromordinal(found + EPOCH).isoformat() if found + EPOCH else None


def _pieces(column: Any) -> Iterator[tuple[slice, Any]]:
    """So many rows of a column at a time."""
    return ((part, column.slice(part.start, part.stop - part.start)) for part in in_blocks(len(column)))


def _filled(array: Any, otherwise: int) -> Ints:
    """Whole numbers, with another where there is none."""
    found: Ints = array.fill_null(otherwise).to_numpy(zero_copy_only=False)
    return found


class ParquetColumns:
    """The columns of a Parquet file, each read when asked for."""

    def __init__(self, path: Path) -> None:
        """Only the foot of the file is read yet."""
        self._file = arrow().parquet.ParquetFile(path)
        self.num_rows: int = self._file.metadata.num_rows
        self.schema = self._file.schema_arrow
        self.column_names: list[str] = self.schema.names

    def __getitem__(self, key: str) -> "pa.ChunkedArray":
        return self._file.read([key])[key]


def plain_day(text: str) -> int:
    """The number of a day written YYYY-MM-DD, or 0."""
    from orgsim.dates import parse_day

    try:
        return parse_day(text).toordinal()
    except ValueError:
        return 0


class ArrowPool(Pool):
    """A pool over a pyarrow array of strings, which reorders them quickly."""

    __slots__ = ("strings",)

    def __init__(self, strings: Any) -> None:
        """Look at the very bytes of the array."""
        self.strings = strings.cast(arrow().large_string())
        _, offsets, data = self.strings.buffers()
        first = self.strings.offset
        edges = np.frombuffer(offsets, np.int64)[first : first + len(self.strings) + 1]
        buffer = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
        super().__init__(buffer[edges[0] : edges[-1]], edges - edges[0])

    def take(self, numbers: Ints) -> Pool:
        """Another pool, of these texts in this order."""
        return ArrowPool(self.strings.take(arrow().array(numbers)))

    def sorted(self) -> Pool:
        """The same pool, with the order in which texts are looked up."""
        if self.order is None:
            order = arrow().compute.array_sort_indices(self.strings)
            self.order = order.to_numpy(zero_copy_only=False).astype(np.int32)
        return self


def read_csv(path: Path) -> "pa.Table":
    """The columns of a CSV file with one column for each key.

    An empty cell is no value; lines before the header that begin with `#` are remarks.
    """
    pa = arrow()
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(KEYS, pa.dictionary(pa.int32(), pa.string())),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    with path.open("rb") as file:
        remarks = sum(1 for _ in takewhile(lambda line: line.startswith(b"#"), file))
    read = pa.csv.ReadOptions(skip_rows=remarks)
    table = pa.csv.read_csv(path, convert_options=convert, read_options=read)
    return table.replace_schema_metadata({"remarks": str(remarks)})
