"""Whether the rows of a file have the shape of events: the kind known, its keys given, every value of its type.

Columns are looked at word by word, each word once; only a row that may be wrong is read as the strict reader would,
and told with its line.
"""

from collections import Counter
from typing import Any

import numpy as np

from orgsim.columns.arrays import Ints, where
from orgsim.columns.parquet import Columns
from orgsim.columns.table import ABSENT, KIND
from orgsim.errors import Location, OrgsimError, Problem, did_you_mean, shown
from orgsim.events import CLASSES, KINDS, RESERVED_IDS, BadEventError, Event
from orgsim.values import ID, MAX_ID, MAX_NAME, BadValueError, TypedField, typed_fields

SHOWN = 100
"""How many problems of rows are told; a file so wrong is mended in rounds."""
_LIBERAL = {"where", "when"}


def misshapen(columns: Columns, file: str) -> None:
    """Raise OrgsimError with the problems of the rows that are no events, if there are any."""
    known = {field.key for cls in CLASSES for field in typed_fields(cls)} | {"event"} | _LIBERAL
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
    hint = did_you_mean(name, known) or f"the keys are {', '.join(sorted(known - _LIBERAL))}"
    return Problem(Location(file, 1, 1), "unknown-key", f"no event has the key {shown(name)}", hint)


def _twice(name: str, file: str) -> Problem:
    return Problem(Location(file, 1, 1), "duplicate-key", f"the key {shown(name)} is given twice", "keep one of them")


def suspects(columns: Columns) -> Ints:
    """The rows that may be wrong, in order."""
    kinds = columns.kinds
    wrong = kinds == ABSENT
    given = {name: columns.have(name) for name in columns.names if name != "event"}
    for cls in CLASSES:
        of_kind = kinds == KIND[cls.kind]
        if not of_kind.any():
            continue
        fields = {field.key: field for field in typed_fields(cls)}
        for key, rows in given.items():
            if key not in fields and key not in _LIBERAL:
                wrong[rows[where(of_kind[rows])]] = True
        for key, field in fields.items():
            if field.name in _needed(cls):
                have = np.zeros(columns.count, np.bool_)
                have[given.get(key, np.zeros(0, np.int64))] = True
                wrong |= of_kind & ~have
        if cls.kind in ("appoint", "vacate", "report", "expect"):
            wrong |= of_kind & ~_fits(columns, cls, given)
    for key in tuple(given):
        wrong |= _bad_values(columns, key)
    return where(wrong)


def _needed(cls: type[Event]) -> set[str]:
    import attrs

    needed = {field.name for field in attrs.fields(cls) if field.default is attrs.NOTHING}
    return needed - {"date"} | {"known"} if cls.kind == "retract" else needed


def _fits(columns: Columns, cls: type[Event], given: dict[str, Ints]) -> Any:
    """Rows of which the keys surely go together; of the others the class itself decides."""
    have = {key: np.zeros(columns.count, np.bool_) for key in ("person", "post", "holder", "seats", "line", "end")}
    for key, rows in have.items():
        rows[given.get(key, np.zeros(0, np.int64))] = True
    if cls.kind == "report":
        return (have["post"] ^ have["person"]) & ~have["line"] & ~have["end"]
    if cls.kind == "expect":
        return np.zeros(columns.count, np.bool_)
    return have["person"] & ~have["holder"] & ~have["seats"]


def _bad_values(columns: Columns, key: str) -> Any:
    """Rows with a word that may be no value of its type."""
    wrong = np.zeros(columns.count, np.bool_)
    pa, pair = columns.pa, columns.dictionary(key)
    if pair is None or key in ("when", "where", "source"):
        return wrong
    codes, words = pair
    type_ = next(field.type for cls in CLASSES for field in typed_fields(cls) if field.key == key)
    bad = np.append(_bad_words(pa, words.cast(pa.string()), type_, key), False)
    return bad[codes]


def _bad_words(pa: Any, words: Any, type_: str, key: str) -> Any:
    compute = pa.compute
    if type_.startswith("id"):
        good = compute.match_substring_regex(words, f"^{ID}$")
        short = compute.less_equal(compute.binary_length(words), MAX_ID)
        plain = compute.invert(compute.is_in(words, value_set=pa.array(RESERVED_IDS)))
        return ~compute.and_(compute.and_(good, short), plain).to_numpy(zero_copy_only=False)
    if type_ in ("name", "text"):
        shows = compute.utf8_is_printable(words)
        short = compute.less_equal(compute.binary_length(words), MAX_NAME)
        blank = compute.utf8_is_space(words)
        return ~compute.and_(compute.and_(shows, short), compute.invert(blank)).to_numpy(zero_copy_only=False)
    fields = {field.type: field for cls in CLASSES for field in typed_fields(cls) if field.key == key}.values()
    return np.array([any(_wrong(field, word) is not None for field in fields) for word in words.to_pylist()], np.bool_)


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
        return [Problem(where_, "missing-key", "an event needs the key 'event'", "add 'event: ...'")]
    cls = KINDS.get(kind)
    if cls is None:
        hint = did_you_mean(kind, KINDS) or f"the kinds are {', '.join(KINDS)}"
        return [Problem(where_, "unknown-event-kind", f"there is no kind of event {shown(kind)}", hint)]
    return _of_kind(cls, given, where_)


def _of_kind(cls: type[Event], given: dict[str, str], where_: Location) -> list[Problem]:
    fields = {field.key: field for field in typed_fields(cls)}
    problems = []
    found: dict[str, Any] = {}
    for key, text in given.items():
        field = fields.get(key)
        if field is None:
            hint = did_you_mean(key, fields) or f"the keys are {', '.join(fields)}"
            problems.append(Problem(where_, "unknown-key", f"{cls.kind!r} has no key {shown(key)}", hint))
            continue
        error = _wrong(field, text)
        if error is not None:
            problems.append(Problem(where_, error.rule, error.message, error.hint))
        elif field.kind is not None:
            found[field.name] = field.kind.parse(text)
    missing = sorted(_needed(cls) - found.keys() - {fields[key].name for key in given if key in fields})
    problems += [
        Problem(where_, "missing-key", f"{cls.kind!r} needs the key {name!r}", f"add '{name}: ...'") for name in missing
    ]
    if problems:
        return problems
    try:
        if "date" in found:
            cls(**found)
    except BadEventError as error:
        return [Problem(where_, error.rule, error.message, error.hint)]
    return []
