"""From the table of events to columns of a file, and what a file declares beside its events."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orgsim.columns.files.parquet import EPOCH, arrow
from orgsim.columns.rows import table as t
from orgsim.columns.rows.arrays import Ints, where
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND, NONE, SPARSE, UNKNOWN, Table, among_kinds
from orgsim.columns.rows.writing import table_of
from orgsim.events import CLASSES, KINDS, LEAVES, REASONS
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.values import typed_fields

if TYPE_CHECKING:
    from orgsim.columns.ledger import ColumnarLedger


def table_to_arrow(table: Table, people: Iterable[Person], sources: Iterable[Source]) -> Any:
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
    for key, word, bits, bit, kinds in t.told_in_bits(table.flags, table.detail):
        rows = ((bits & bit) != 0) & among_kinds(table.kind, *kinds)
        if key == "holder" or not rows.any():  # which `rest` tells
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


def save_columns(ledger: "ColumnarLedger | Ledger", path: "Path | str") -> None:
    """Write a ledger, in columns or not, as a Parquet file: whole or not at all.

    Raises OSError when the file cannot be written.
    """
    pa, path = arrow(), Path(path)
    if isinstance(ledger, Ledger):
        table = table_to_arrow(table_of(ledger.events, ledger.people), ledger.people, ledger.sources)
    else:
        table = table_to_arrow(ledger.table, ledger.people, ledger.sources)
    # As plain texts: a dictionary would be read again with every group of rows.
    plain = [
        pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in table.schema
    ]
    table = table.cast(pa.schema(plain, metadata=table.schema.metadata))
    made = path.with_name(f".{path.name}.new")
    try:
        pa.parquet.write_table(table, made, compression="zstd")
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
