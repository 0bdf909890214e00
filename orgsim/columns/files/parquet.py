"""Ledgers as Parquet or CSV: files in and out, with one column for each key of an event.

This is where pyarrow is at home: `filling` and `saving` turn its columns into the table of events and back, with what
is offered here.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import date
from itertools import takewhile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from orgsim.columns.rows.arrays import Bools, Ints, where
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

    Each is looked at once, and then only the codes are kept: the texts of a million rows take much room.
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
        self._pairs: dict[str, tuple[Ints, Any] | None] = {}
        self._days: dict[str, Ints] = {}
        self._words: dict[str, list[str]] = {}
        self._nothing = np.full(self.count, ABSENT, np.int32)
        self.kinds = self._kinds()

    def _kinds(self) -> Ints:
        codes, words = self.coded("event")
        lookup = np.array([KIND.get(word, ABSENT) for word in words] + [ABSENT], np.int8)
        return lookup[codes]

    def _look(self, key: str) -> None:
        """Take a column, if there is one and anything in it, as days or as codes and words."""
        if key not in self._pairs:  # set last, for another thread may look as well
            with self._alone:
                self._pairs[key] = self._taken(key)

    def _taken(self, key: str) -> tuple[Ints, Any] | None:
        column = self._table[key] if self.names.count(key) == 1 else None
        if column is None or column.null_count == len(column):
            return None
        if key in ("date", "known") and (days := self._as_days(column)) is not None:
            self._days[key] = np.concatenate([_filled(chunk, -EPOCH) for chunk in days.chunks]) + np.int32(EPOCH)
            return None
        if not self.pa.types.is_dictionary(column.type):
            column = column.cast(self.pa.string()).dictionary_encode()
        elif column.num_chunks > 1:
            column = column.unify_dictionaries()
        codes = [_filled(chunk.indices.cast(self.pa.int32()), ABSENT) for chunk in column.chunks]
        return np.concatenate(codes) if len(codes) > 1 else codes[0], column.chunk(0).dictionary

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

    def dictionary(self, key: str) -> tuple[Ints, Any] | None:
        """Codes (ABSENT where there is nothing) and the words as pyarrow has them; None without any, and of days."""
        self._look(key)
        return self._pairs[key]

    def coded(self, key: str) -> tuple[Ints, list[str]]:
        """Codes and words of a column with few words."""
        pair = self.dictionary(key)
        if pair is None:
            return self._nothing, []
        if key not in self._words:
            self._words[key] = pair[1].to_pylist()
        return pair[0], self._words[key]

    def has(self, key: str) -> Bools:
        """Which rows have something in a column."""
        pair = self.dictionary(key)
        if pair is not None:
            here: Bools = pair[0] != ABSENT
            return here
        days = self._days.get(key)
        return np.zeros(self.count, np.bool_) if days is None else days != 0

    def days(self, key: str) -> tuple[Ints, Ints]:
        """The days of a column of dates, and the rows whose text is no plain day; 0 where there is nothing."""
        pair = self.dictionary(key)
        if pair is None:
            return self._days.get(key, np.zeros(self.count, np.int32)), np.zeros(0, np.int64)
        codes, words = self.coded(key)
        days = np.zeros(len(words) + 1, np.int32)
        for at, word in enumerate(words):
            days[at] = plain_day(word)
        found = days[codes]
        return found, where((found == 0) & (codes != ABSENT))

    def text(self, key: str, row: int) -> str | None:
        """What is written in a row."""
        pair = self.dictionary(key)
        if pair is not None:
            code = int(pair[0][row])
            return None if code == ABSENT else str(pair[1][code].as_py())
        day = int(self._days[key][row]) if key in self._days else 0
        return date.fromordinal(day).isoformat() if day else None


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
