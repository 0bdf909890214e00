"""Ledgers as Parquet or CSV: files in and out, with one column for each key of an event.

This is where pyarrow is at home: `filling` and `saving` turn its columns into the table of events and back, with what
is offered here.
"""

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orgsim.columns.arrays import Ints, where
from orgsim.columns.pool import Pool
from orgsim.columns.table import ABSENT, KIND
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
    """The columns of a pyarrow table, each as codes of a dictionary of texts."""

    def __init__(self, table: "pa.Table") -> None:
        """Nothing is read yet."""
        self.pa, self.table = arrow(), table
        self.count = table.num_rows
        self.first_line = 2 + int((table.schema.metadata or {}).get(b"remarks", b"0"))
        self._coded: dict[str, tuple[Ints, list[str]]] = {}
        self.kinds = self._kinds()

    def _kinds(self) -> Ints:
        codes, words = self.coded("event")
        lookup = np.array([KIND.get(word, ABSENT) for word in words] + [ABSENT], np.int8)
        return lookup[codes]

    def array(self, key: str) -> Any:
        """A column in one piece, or None if there is none, or nothing in it."""
        if key not in self.table.column_names:
            return None
        column = self.table[key]
        if column.null_count == len(column):
            return None
        column = column.combine_chunks()
        return column.chunk(0) if isinstance(column, self.pa.ChunkedArray) else column

    def dictionary(self, key: str) -> tuple[Ints, Any] | None:
        """Codes (ABSENT where there is nothing) and the dictionary, as pyarrow has it."""
        column = self.array(key)
        if column is None:
            return None
        if not self.pa.types.is_dictionary(column.type):
            if self.pa.types.is_boolean(column.type) or not self.pa.types.is_string(column.type):
                column = column.cast(self.pa.string())
            column = column.dictionary_encode()
        codes = column.indices.cast(self.pa.int32())
        return codes.fill_null(ABSENT).to_numpy(zero_copy_only=False), column.dictionary

    def coded(self, key: str) -> tuple[Ints, list[str]]:
        """Codes and words of a column with few words."""
        found = self._coded.get(key)
        if found is None:
            pair = self.dictionary(key)
            none = np.full(self.count, ABSENT, np.int32)
            found = self._coded[key] = (none, []) if pair is None else (pair[0], pair[1].to_pylist())
        return found

    def have(self, key: str) -> Ints:
        """The rows that have something in a column."""
        column = self.array(key)
        return where(column.is_valid().to_numpy(zero_copy_only=False)) if column is not None else np.zeros(0, np.int64)

    def days(self, key: str) -> tuple[Ints, Ints]:
        """The days of a column of dates, and the rows whose text is no plain day; 0 where there is nothing."""
        column = self.array(key)
        if column is None:
            return np.zeros(self.count, np.int32), np.zeros(0, np.int64)
        if self.pa.types.is_string(column.type) or self.pa.types.is_dictionary(column.type):
            return self._days_of_texts(key)
        days = column.cast(self.pa.date32()).cast(self.pa.int32())
        known = column.is_valid().to_numpy(zero_copy_only=False)
        return np.where(known, days.fill_null(0).to_numpy(zero_copy_only=False) + EPOCH, 0).astype(np.int32), where(
            ~known
        )[:0]

    def _days_of_texts(self, key: str) -> tuple[Ints, Ints]:
        codes, words = self.coded(key)
        days = np.zeros(len(words) + 1, np.int32)
        for at, word in enumerate(words):
            days[at] = plain_day(word)
        found = days[codes]
        found[codes == ABSENT] = 0
        return found, where((found == 0) & (codes != ABSENT))


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
        pa = arrow()
        self.strings = pa.concat_arrays([strings.cast(pa.large_string())])
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


def read_parquet(path: Path) -> "pa.Table":
    """The columns of a Parquet file."""
    pa = arrow()
    return pa.parquet.read_table(path)


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
    table = pa.csv.read_csv(path, convert_options=convert, read_options=read).unify_dictionaries()
    return table.replace_schema_metadata({"remarks": str(remarks)})
