"""Ledgers as Parquet or CSV: one column for each key of an event, read and written without making events.

This is where pyarrow is at home.  A column is read as numbers wherever it can be; what few rows have is read row by
row, with the types of the fields.  Which rows do not have the shape of an event is told by `shapes`.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orgsim.columns import table as t
from orgsim.columns.arrays import Ints, where
from orgsim.columns.pool import Pool
from orgsim.columns.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table
from orgsim.columns.writing import arranged
from orgsim.errors import MissingExtraError, UserError
from orgsim.events import CLASSES, KINDS, LEAVES, REASONS
from orgsim.model import Person, Source
from orgsim.values import typed_fields

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from orgsim.columns.ledger import ColumnarLedger

EPOCH = 719163
"""What `date.toordinal` says of the first day of pyarrow's dates, 1970-01-01."""
KEYS = tuple(dict.fromkeys(("event", *(field.key for cls in CLASSES for field in typed_fields(cls)))))
_IDS = ("person", "post", "unit", "organization", "to", "reports_to", "parent", "into", "heads")
_COLUMN = {"unit": t.PLACE, "organization": t.PLACE, "to": t.TO, "reports_to": t.TO, "parent": t.TO, "into": t.TO}
_FLAGS = (
    ("acting", "true", t.ACTING, ("appoint",)),
    ("primary", "true", t.PRIMARY, ("appoint",)),
    ("line", "dotted", t.DOTTED, ("report",)),
    ("end", "true", t.END, ("report",)),
    ("critical", "true", t.CRITICAL, ("create-post", "change-post")),
    ("critical", "false", t.UNCRITICAL, ("change-post",)),
    ("contract", "contractor", t.CONTRACTOR, ("hire",)),
    ("holder", "unnamed", t.UNNAMED, ("appoint", "vacate")),
    ("holder", "unknown", t.UNNAMED | t.VAGUE, ("appoint", "vacate")),
    ("regretted", "true", 0, ("depart",)),
    ("regretted", "false", 0, ("depart",)),
)


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


def columns_to_table(columns: Columns, known: Iterable[Person] = (), file: str | None = None) -> Table:
    """The table of events of columns whose rows have the shape of events."""
    ids, coded = _ids(columns, known)
    kinds, count = columns.kinds, columns.count
    dense = {name: np.full(count, ABSENT, np.int32) for name in ("person", "post", "place", "to", "text")}
    dense["kind"] = kinds
    for key in ("person", "post"):
        if key in coded:
            dense[key] = coded[key]
    for key, target in _COLUMN.items():
        if key in coded:
            name = "place" if target is t.PLACE else "to"
            fits = np.array([target.get(cls.kind) == key for cls in CLASSES])
            rows = where((coded[key] != ABSENT) & fits[kinds])
            dense[name][rows] = coded[key][rows]
    texts = _Texts()
    for key in ("name", "title"):
        pair = columns.dictionary(key)
        if pair is not None:
            codes = texts.add(pair)
            rows = where(codes != ABSENT)
            dense["text"][rows] = codes[rows]
    rest: dict[int, dict[str, Any]] = {}
    dense["day"], dense["known"] = _days(columns, rest)
    dense["flags"], dense["detail"] = _flags(columns)
    sparse = {name: _sparse(columns, name, coded, texts) for name in SPARSE}
    _add_rest(columns, rest)
    for row, said in rest.items():
        if said.get("date", "").startswith(".."):
            dense["flags"][row] |= t.SINCE
    rows = np.array(sorted(rest), np.int32)
    number = {id_: at for at, id_ in enumerate(ids.to_pylist())} if known else {}
    people = np.array([number[person.id] for person in known], np.int32)
    texts_of = [rest[row] for row in rows.tolist()]
    pools = {"ids": ArrowPool(ids), "texts": texts.pool(columns.pa)}
    return arranged(dense, sparse, (rows, texts_of), **pools, declared=people, file=file, origin=np.arange(count) + 2)


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


def _ids(columns: Columns, known: Iterable[Person]) -> tuple[Any, dict[str, Ints]]:
    """All ids in one array of strings, and each column of ids as numbers of it."""
    pa = columns.pa
    found = {key: pair for key in _IDS if (pair := columns.dictionary(key)) is not None}
    pieces = [pair[1].cast(pa.string()) for pair in found.values()]
    pieces.append(pa.array([person.id for person in known], pa.string()))
    lengths = [len(piece) for piece in pieces]
    together = pa.concat_arrays(pieces).dictionary_encode()
    numbers = together.indices.to_numpy(zero_copy_only=False)
    ids = together.dictionary
    words = {word: ids.index(word).as_py() for word in ("none", "unknown")}
    edges = np.cumsum([0, *lengths])
    coded = {}
    for at, (key, (codes, _)) in enumerate(found.items()):
        lookup = np.append(numbers[edges[at] : edges[at + 1]], ABSENT).astype(np.int32)
        if words["none"] >= 0:
            lookup[lookup == words["none"]] = NONE
        if words["unknown"] >= 0:
            lookup[lookup == words["unknown"]] = UNKNOWN
        coded[key] = lookup[codes]
    return ids, coded


class _Texts:
    """Names, titles and levels of several columns as one pool."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []
        self.count = 0

    def add(self, pair: tuple[Ints, Any]) -> Ints:
        codes, words = pair
        codes = np.where(codes == ABSENT, ABSENT, codes + self.count).astype(np.int32)
        self.pieces.append(words)
        self.count += len(words)
        return codes

    def pool(self, pa: Any) -> Pool:
        if not self.pieces:
            return Pool.of(())
        return ArrowPool(pa.concat_arrays([piece.cast(pa.large_string()) for piece in self.pieces]))


def _days(columns: Columns, rest: dict[int, dict[str, Any]]) -> tuple[Ints, Ints]:
    """When events take effect and are known; a date that is no plain day is kept as it is written."""
    from orgsim.dates import parse_when

    known, _ = columns.days("known")
    day, odd = columns.days("date")
    codes, words = columns.coded("date") if len(odd) else (day, [])
    for row in odd.tolist():
        text = words[codes[row]]
        rest.setdefault(row, {})["date"] = text
        day[row] = parse_when(text).day.toordinal()
    if "when" in columns.table.column_names:  # Parquet keeps days as dates, and beside them what is no plain day
        codes, words = columns.coded("when")
        for row in where(codes != ABSENT).tolist():
            rest.setdefault(row, {})["date"] = words[codes[row]]
    retracts = where((day == 0) & (columns.kinds == KIND["retract"]))
    day = day.copy()
    day[retracts] = known[retracts]
    return day, np.where(known == 0, day, known).astype(np.int32)


def _flags(columns: Columns) -> tuple[Ints, Ints]:
    flags, detail = np.zeros(columns.count, np.int16), np.zeros(columns.count, np.int8)
    for key, word, bit, kinds in _FLAGS:
        codes, words = columns.coded(key)
        if word not in (told := [text.lower() for text in words]):
            continue
        of_kind = np.isin(columns.kinds, [KIND[kind] for kind in kinds])
        rows = where(np.isin(codes, [at for at, text in enumerate(told) if text == word]) & of_kind)
        if key == "regretted":
            detail[rows] |= t.REGRETTED if word == "true" else t.UNREGRETTED
        else:
            flags[rows] |= bit
    codes, _ = columns.coded("disputes")
    flags[where(codes != ABSENT)] |= t.RIVAL
    codes, words = columns.coded("reason")
    for kind, options in (("depart", REASONS), ("start-leave", LEAVES)):
        lookup = np.array(
            [options.index(word) if word in options else 0 for word in words] + [options.index("unknown")], np.int8
        )
        rows = where(columns.kinds == KIND[kind])
        detail[rows] |= lookup[codes[rows]]
    return flags, detail


def _sparse(columns: Columns, name: str, coded: dict[str, Ints], texts: _Texts) -> tuple[Ints, Ints]:
    if name == "heads":
        rows = where(coded["heads"] != ABSENT) if "heads" in coded else np.zeros(0, np.int64)
        return rows.astype(np.int32), coded["heads"][rows] if len(rows) else np.zeros(0, np.int32)
    pair = columns.dictionary(name)
    if pair is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float64 if name == "fte" else np.int32)
    codes = pair[0]
    rows = where(codes != ABSENT)
    if name == "level":
        return rows.astype(np.int32), texts.add(pair)[rows]
    words = pair[1].to_pylist()
    if name == "fte":
        shares = np.array([float(word) for word in words])[codes[rows]]
        keep = where(shares != 1.0)
        return rows[keep].astype(np.int32), shares[keep]
    numbers = np.array([-1 if word == "any" else int(word) for word in words], np.int32)[codes[rows]]
    keep = where((numbers != 1) | (columns.kinds[rows] == KIND["change-post"]))
    return rows[keep].astype(np.int32), numbers[keep]


_DONE = {
    *(
        "event",
        "date",
        "known",
        "person",
        "post",
        "organization",
        "to",
        "reports_to",
        "parent",
        "into",
        "name",
        "title",
    ),
    *(
        "acting",
        "primary",
        "line",
        "end",
        "critical",
        "contract",
        "regretted",
        "reason",
        "seats",
        "fte",
        "heads",
        "level",
    ),
}
_EXPECTED = {"acting", "reports_to"}
"""Keys that mean something else in `expect`, and have no column there."""


def _add_rest(columns: Columns, rest: dict[int, dict[str, Any]]) -> None:
    """What few rows have, as texts; sources as JSON."""
    defaults = {"certainty": "stated"}
    for key in (*KEYS, "where"):
        if key in _DONE - _EXPECTED or key not in columns.table.column_names or key == "unit":
            continue
        codes, words = columns.coded(key)
        rows = where(codes != ABSENT)
        if key in _EXPECTED:
            rows = rows[where(columns.kinds[rows] == KIND["expect"])]
        for row in rows.tolist():
            word = words[codes[row]]
            if key == "holder" and columns.kinds[row] != KIND["expect"]:
                rest.setdefault(row, {})[key] = word
            elif defaults.get(key) != word:
                rest.setdefault(row, {})[key] = _parsed(key, word)


def _parsed(key: str, word: str) -> Any:
    if key == "where":
        return json.loads(word)
    if key != "source":
        return word
    return json.loads(word) if word.startswith("[") else [{"id": word}]


# ------------------------------------------------------------------------------------------------------------- writing


def table_to_arrow(table: Table, people: Iterable[Person], sources: Iterable[Source]) -> "pa.Table":
    """The columns of a table, as they are saved."""
    pa = arrow()
    ids = _strings(pa, table.ids, ("none", "unknown"))
    texts = _strings(pa, table.texts, ())
    count = len(table.ids)

    def named(codes: Ints) -> Any:
        shown = np.where(codes == NONE, count, np.where(codes == UNKNOWN, count + 1, codes)).astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(shown, mask=codes == ABSENT), ids)

    columns: dict[str, Any] = {
        "event": pa.DictionaryArray.from_arrays(pa.array(table.kind), pa.array(list(KINDS))),
        "date": pa.array((table.day - EPOCH).astype(np.int32), pa.date32()),
        "known": pa.array((table.known - EPOCH).astype(np.int32), pa.date32()),
        "person": named(table.person),
        "post": named(table.post),
    }
    for names, column in ((t.PLACE, table.place), (t.TO, table.to)):
        for key in dict.fromkeys(names.values()):
            of_kind = np.array([names.get(cls.kind) == key for cls in CLASSES])[table.kind]
            columns[key] = named(np.where(of_kind, column, ABSENT))
    for key in ("name", "title"):
        of_kind = np.array([t.TEXT.get(cls.kind) == key for cls in CLASSES])[table.kind]
        codes = np.where(of_kind, table.text, ABSENT).astype(np.int32)
        columns[key] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == ABSENT), texts)
    _put_words(pa, table, columns)
    _put_sparse(pa, table, columns, named, texts)
    _put_rest(pa, table, columns)
    kept = {key: column for key, column in columns.items() if column.null_count < len(column) or not len(column)}
    header = {
        "orgsim": "ledger/1",
        "people": json.dumps([declared(person) for person in people], ensure_ascii=False),
        "sources": json.dumps([declared(source) for source in sources], ensure_ascii=False),
    }
    return pa.table(kept).replace_schema_metadata(header)


def _strings(pa: Any, pool: Pool, more: tuple[str, ...]) -> Any:
    offsets = pa.py_buffer(np.ascontiguousarray(pool.offsets, np.int64))
    strings = pa.Array.from_buffers(
        pa.large_string(), len(pool), [None, offsets, pa.py_buffer(np.ascontiguousarray(pool.buffer))]
    ).cast(pa.string())
    return pa.concat_arrays([strings, pa.array(more, pa.string())]) if more else strings


def _put_words(pa: Any, table: Table, columns: dict[str, Any]) -> None:
    for key, word, bit, kinds in _FLAGS:
        of_kind = np.isin(table.kind, [KIND[kind] for kind in kinds])
        if key == "regretted":
            on = (table.detail & (t.REGRETTED if word == "true" else t.UNREGRETTED)) != 0
        else:
            on = (table.flags & bit) == bit
        rows = on & of_kind if key != "holder" else np.zeros(len(table), np.bool_)
        if not rows.any():
            continue
        words = pa.array(np.where(rows, word, ""), mask=~rows)
        columns[key] = words if key not in columns else pa.compute.coalesce(columns[key], words)
    codes = np.full(len(table), ABSENT, np.int32)
    options = list(dict.fromkeys((*REASONS, *LEAVES)))
    for kind, of in (("depart", REASONS), ("start-leave", LEAVES)):
        rows = where(table.kind == KIND[kind])
        codes[rows] = np.array([options.index(word) for word in of], np.int32)[table.detail[rows] & 15]
    columns["reason"] = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == ABSENT), pa.array(options))


def _put_sparse(pa: Any, table: Table, columns: dict[str, Any], named: Any, texts: Any) -> None:
    for name in SPARSE:
        rows, values = table.sparse[name]
        if not len(rows):
            continue
        full = np.full(len(table), ABSENT if name in ("heads", "level") else 0, values.dtype)
        full[rows] = values
        if name == "heads":
            columns[name] = named(full)
        elif name == "level":
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(full, mask=full == ABSENT), texts)
        elif name == "fte":
            columns[name] = pa.array(full, mask=full == 0)
        else:
            words = pa.array(full, mask=full == 0).cast(pa.string())
            columns[name] = pa.compute.if_else(pa.compute.equal(words, "-1"), "any", words)


def _put_rest(pa: Any, table: Table, columns: dict[str, Any]) -> None:
    """What few rows have, each key as a column of texts."""
    found: dict[str, tuple[list[int], list[str]]] = {}
    for row, text in zip(table.rest[0].tolist(), table.rest[1], strict=True):
        for key, value in json.loads(text).items():
            rows, words = found.setdefault("when" if key == "date" else key, ([], []))
            rows.append(row)
            words.append(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    for key, (rows, words) in found.items():
        codes = np.full(len(table), ABSENT, np.int32)
        codes[rows] = np.arange(len(rows))
        added = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes == ABSENT), pa.array(words)).cast(pa.string())
        columns[key] = added if key not in columns else pa.compute.coalesce(columns[key].cast(pa.string()), added)


def declared(noun: Person | Source) -> dict[str, Any]:
    """A person or source as texts by key."""
    found: dict[str, Any] = {"id": noun.id}
    for field in typed_fields(type(noun)):
        value = getattr(noun, field.name)
        if value is not None and value != field.default:
            found[field.name] = list(value) if field.kind is None else field.kind.write(value)
    return found


def header_of(metadata: dict[bytes, bytes] | None) -> tuple[list[Person], list[Source]]:
    """The people and sources that a file declares."""
    told = metadata or {}
    people = [Person(**_read(Person, one)) for one in json.loads(told.get(b"people", b"[]"))]
    return people, [Source(**_read(Source, one)) for one in json.loads(told.get(b"sources", b"[]"))]


def _read(cls: type[Any], texts: dict[str, Any]) -> dict[str, Any]:
    fields = {field.name: field for field in typed_fields(cls)}
    found: dict[str, Any] = {"id": texts["id"]}
    for name, value in texts.items():
        if name in fields:
            kind = fields[name].kind
            found[name] = tuple(value) if kind is None else kind.parse(value)
    return found


def read_parquet(path: Path) -> "pa.Table":
    """The columns of a Parquet file."""
    pa = arrow()
    return pa.parquet.read_table(path)


def read_csv(path: Path) -> "pa.Table":
    """The columns of a CSV file with one column for each key; an empty cell is no value."""
    pa = arrow()
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(KEYS, pa.dictionary(pa.int32(), pa.string())),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return pa.csv.read_csv(path, convert_options=convert).unify_dictionaries()


def read_ledger(path: Path) -> "ColumnarLedger":
    """The ledger of a Parquet or CSV file; raises OrgsimError with every problem, UserError if it is no such file."""
    from orgsim.columns.ledger import ColumnarLedger
    from orgsim.columns.screen import screened
    from orgsim.columns.shapes import misshapen

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


def write_ledger(ledger: "ColumnarLedger", path: Path) -> None:
    """Save a ledger as Parquet, whole or not at all."""
    pa = arrow()
    made = path.with_name(f".{path.name}.new")
    table = table_to_arrow(ledger.table, ledger.people, ledger.sources)
    pa.parquet.write_table(table, made, compression="zstd", store_schema=False)
    made.replace(path)
