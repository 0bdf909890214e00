"""Whether the rows of a file have the shape of events: the kind known, its keys given, every value of its type.

Columns are looked at word by word, each word once; only a row that may be wrong is read as the strict reader would,
and told with its line.
"""

from collections import Counter
from string import ascii_letters, digits, punctuation
from typing import Any

import numpy as np

from orgsim.columns.files.parquet import ArrowPool, Columns
from orgsim.columns.rows.arrays import Ints, side_by_side, where
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.errors import Location, OrgsimError, Problem, closest, missing_key, shown, unknown_key, unknown_kind
from orgsim.events import CLASSES, KINDS, RESERVED_IDS, BadEventError, Event
from orgsim.values import ID, MAX_ID, MAX_NAME, BadValueError, TypedField, typed_fields

SHOWN = 100
"""How many problems of rows are told; a file so wrong is mended in rounds."""
_LIBERAL = {"where", "when"}


def misshapen(columns: Columns, file: str) -> None:
    """Raise OrgsimError with the problems of the rows that are no events, if there are any."""
    known = {field.key for cls in CLASSES for field in typed_fields(cls)} | {"event"} | _LIBERAL
    if "event" not in columns.names and not known.issuperset(columns.names):
        hint = "a table of employees, or of snapshots, becomes a ledger by 'orgsim import'; see 'orgsim import --help'"
        raise OrgsimError([Problem(Location(file, 1, 1), "missing-key", "no column is called 'event'", hint)])
    problems = [_unknown_column(name, file, known) for name in columns.names if name not in known]
    problems += [_twice(name, file) for name, count in Counter(columns.names).items() if count > 1]
    if not problems and columns.count:
        for row in suspects(columns).tolist():
            problems += _problems(columns, row, file)
            if len(problems) >= SHOWN:
                break
    if problems:
        raise OrgsimError(problems)


def _unknown_column(name: str, file: str, known: set[str]) -> Problem:
    hint = closest(name, sorted(known - _LIBERAL), "keys")
    return Problem(Location(file, 1, 1), "unknown-key", f"no event has the key {shown(name)}", hint)


def _twice(name: str, file: str) -> Problem:
    return Problem(Location(file, 1, 1), "duplicate-key", f"the key {shown(name)} is given twice", "keep one of them")


def suspects(columns: Columns) -> Ints:
    """The rows that may be wrong, in order."""
    kinds, keys = columns.kinds, [name for name in columns.names if name != "event"]
    several = side_by_side(
        columns.count, lambda: _looked_at(columns, keys[::2]), lambda: _looked_at(columns, keys[1::2])
    )
    given = {key: there for found in several for key, (there, _) in found.items()}
    bad = [rows for found in several for _, rows in found.values() if rows is not None]
    nothing = np.zeros(-(-columns.count // 8), np.uint8)
    wrong = np.packbits(kinds == ABSENT, bitorder="little")
    for cls in CLASSES:
        of_kind = np.packbits(kinds == KIND[cls.kind], bitorder="little")
        if not of_kind.any():
            continue
        fields = {field.key: field for field in typed_fields(cls)}
        for key, there in given.items():
            if key not in fields and key not in _LIBERAL:
                wrong |= of_kind & there
        for key, field in fields.items():
            if field.name in _needed(cls):
                wrong |= of_kind & ~given.get(key, nothing)
        if cls.kind in ("appoint", "vacate", "report", "expect"):
            wrong |= of_kind & ~_fits(cls, {key: given.get(key, nothing) for key in _TOGETHER})
    found = where(np.unpackbits(wrong, count=columns.count, bitorder="little"))
    return np.unique(np.concatenate([found, *bad])) if bad else found


def _looked_at(columns: Columns, keys: list[str]) -> dict[str, tuple[Any, Ints | None]]:
    """Of columns, which rows have something there, and those whose word may be no value of its type, if any.

    Which do is told in bits, eight to a byte: so it is an eighth of the work to put columns together.
    """
    return {key: (columns.has(key), _bad_rows(columns, key)) for key in keys}


def _needed(cls: type[Event]) -> set[str]:
    import attrs

    needed = {field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING}
    return needed - {"date"} | {"known"} if cls.kind == "retract" else needed


_TOGETHER = ("person", "post", "holder", "seats", "line", "end")


def _fits(cls: type[Event], have: dict[str, Any]) -> Any:
    """Rows, eight to a byte, of which the keys surely go together; of the others the class itself decides."""
    if cls.kind == "report":
        return (have["post"] ^ have["person"]) & ~have["line"] & ~have["end"]
    if cls.kind == "expect":
        return np.zeros_like(have["person"])
    return have["person"] & ~have["holder"] & ~have["seats"]


def _bad_rows(columns: Columns, key: str) -> Ints | None:
    """The rows with a word that may be no value of its type; None if there are no such words."""
    words = columns.words(key)
    if words is None or key in ("when", "where", "source"):
        return None
    type_ = next(field.type for cls in CLASSES for field in typed_fields(cls) if field.key == key)
    bad = _bad_words(columns.pa, words, type_, key)
    return where(columns.through(key, np.append(bad, False))) if bad.any() else None


def _bad_words(pa: Any, words: Any, type_: str, key: str) -> Any:
    words = words.cast(pa.string())
    fields = {field.type: field for cls in CLASSES for field in typed_fields(cls) if field.key == key}.values()
    is_id, bad = type_.startswith("id"), np.zeros(len(words), np.bool_)
    odd = np.arange(len(words))
    if is_id or type_ in ("name", "text"):
        pool = ArrowPool(words)
        odd = np.union1d(odd_words(pool, *_PLAIN_ID), reserved(pool)) if is_id else odd_words(pool, *_PLAIN_TEXT)
        if len(odd):
            odd = odd[where((_no_id if is_id else _no_text)(pa, words.take(pa.array(odd))))]
    told = words.take(pa.array(odd)).to_pylist()
    bad[odd] = [any(_wrong(field, word) is not None for field in fields) for word in told]
    return bad


def odd_words(words: Pool, plain: bytes, most: int) -> Ints:
    """The texts that are not surely in order: empty, long, with a byte that is not plain, or that begin oddly.

    Of each byte `plain` says how plain it is: 2 if a text may begin with it, 1 if it may come later.
    """
    lengths = words.offsets[1:] - words.offsets[:-1]
    odd = (lengths < 1) | (lengths > most)
    if len(words.buffer):
        how = np.frombuffer(words.buffer.tobytes().translate(plain), np.uint8)
        odd |= how[np.minimum(words.offsets[:-1], len(how) - 1)] < 2  # noqa: PLR2004 - as told above
        if not how.all():
            odd[np.searchsorted(words.offsets, where(how == 0), side="right") - 1] = True
    return where(odd)


def reserved(words: Pool) -> Ints:
    """The texts that are as long as a reserved word and begin with the same letter."""
    if not len(words.buffer):
        return where(words.offsets[1:] < 0)
    lengths, found = words.offsets[1:] - words.offsets[:-1], np.zeros(len(words), np.bool_)
    first = words.buffer[np.minimum(words.offsets[:-1], len(words.buffer) - 1)]
    for word in RESERVED_IDS:
        found |= (lengths == len(word)) & (first == ord(word[0]))
    return where(found)


def _bytes(later: str, *, first: str) -> bytes:
    return bytes(2 if chr(byte) in first else chr(byte) in later for byte in range(256))


_PLAIN_ID = _bytes("._/-", first=ascii_letters + digits), MAX_ID
_PLAIN_TEXT = _bytes(" ", first=ascii_letters + digits + punctuation), MAX_NAME


def _no_id(pa: Any, words: Any) -> Any:
    compute = pa.compute
    good = compute.match_substring_regex(words, f"^{ID}$")
    short = compute.less_equal(compute.binary_length(words), MAX_ID)
    plain = compute.invert(compute.is_in(words, value_set=pa.array(RESERVED_IDS)))
    return ~compute.and_(compute.and_(good, short), plain).to_numpy(zero_copy_only=False)


def _no_text(pa: Any, words: Any) -> Any:
    compute = pa.compute
    shows = compute.utf8_is_printable(words)
    short = compute.less_equal(compute.binary_length(words), MAX_NAME)
    blank = compute.or_(compute.utf8_is_space(words), compute.equal(compute.binary_length(words), 0))
    return ~compute.and_(compute.and_(shows, short), compute.invert(blank)).to_numpy(zero_copy_only=False)


def _wrong(field: TypedField, word: str) -> BadValueError | None:
    if field.kind is None:
        return None
    try:
        field.kind.parse(word)
    except BadValueError as error:
        return error
    return None


# ------------------------------------------------------------------------------------------------------- row by row


def _problems(columns: Columns, row: int, file: str) -> list[Problem]:
    """What is wrong with a row; nothing, if it only looked so."""
    where_ = Location(file, row + columns.first_line, 1)
    texts = {name: columns.text(name, row) for name in columns.names}
    given = {name: text for name, text in texts.items() if text is not None and name not in _LIBERAL}
    kind = given.pop("event", None)
    if kind is None:
        return [missing_key(where_, "an event", "event")]
    cls = KINDS.get(kind)
    if cls is None:
        return [unknown_kind(where_, kind, KINDS)]
    return _of_kind(cls, given, where_)


def _of_kind(cls: type[Event], given: dict[str, str], where_: Location) -> list[Problem]:
    fields = {field.key: field for field in typed_fields(cls)}
    problems = []
    found: dict[str, Any] = {}
    for key, text in given.items():
        field = fields.get(key)
        if field is None:
            problems.append(unknown_key(where_, repr(cls.kind), key, fields))
            continue
        error = _wrong(field, text)
        if error is not None:
            problems.append(Problem(where_, error.rule, error.message, error.hint))
        elif field.kind is not None:
            found[field.name] = field.kind.parse(text)
    missing = sorted(_needed(cls) - found.keys() - {fields[key].name for key in given if key in fields})
    problems += [missing_key(where_, repr(cls.kind), name) for name in missing]
    if problems:
        return problems
    try:
        if "date" in found:
            cls(**found)
    except BadEventError as error:
        return [Problem(where_, error.rule, error.message, error.hint)]
    return []
