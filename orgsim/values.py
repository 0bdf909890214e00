"""The types a field of a ledger can have: text to value, value to text, and the JSON Schema of the text.

Every scalar of a file stays text until the type of its field reads it, so YAML's guesses (`NO`, `012`, `1:30`)
cannot surprise anybody.  A parser raises `BadValueError` with the rule broken and a sentence.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain, islice, repeat
from operator import attrgetter, is_
from typing import Any

import attrs

from orgsim.dates import parse_day, parse_when
from orgsim.errors import shown
from orgsim.events import RESERVED_IDS

ID = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
MAX_ID, MAX_NAME, MAX_DATE = 200, 1000, 40
_ID = re.compile(ID)
_WORD = re.compile(r"[a-z][a-z0-9-]*")
_COUNT = re.compile("[0-9]{1,9}")
_FRACTION = re.compile(r"[0-9]{0,9}(\.[0-9]{1,9})?")
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\u00ad\u180e\u200b\u2060-\u2064\U000e0000-\U000e007f]"
)
_AT_A_TIME = 5000
_BREAKS = re.compile(r"[\t\n\r]")


class BadValueError(ValueError):
    """A text that is no value of its type: the rule it breaks, a sentence, and a remedy."""

    def __init__(self, rule: str, message: str, hint: str | None = None) -> None:
        """Keep the parts; `str()` is the sentence."""
        super().__init__(message)
        self.rule, self.message, self.hint = rule, message, hint


@lru_cache(maxsize=1 << 16)
def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        hint = "use letters, digits and . _ / -, beginning with a letter or digit; names may be any text"
        raise BadValueError("bad-id", f"{shown(text)} is not an id", hint)
    if len(text) > MAX_ID:
        raise BadValueError("bad-id", f"an id of {len(text)} characters is longer than {MAX_ID}", "choose a shorter id")
    if text in RESERVED_IDS:
        raise BadValueError("bad-id", f"{text!r} is a reserved word, not an id", "choose another id")
    return text


def _id_or(words: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: text if text in words else _id(text)


def _word(text: str) -> str:
    if _WORD.fullmatch(text) is None or len(text) > MAX_ID:
        raise BadValueError(
            "bad-word", f"{shown(text)} is not a word of small letters", "write for example team or board"
        )
    return text


def _text(text: str) -> str:
    if not text or text.isspace():
        raise BadValueError("bad-text", "the text is empty", "write something, or leave the key out")
    if text.isprintable():
        return text
    hidden = _HIDDEN.search(text)
    if hidden is not None:
        message = f"the text has the invisible character U+{ord(hidden[0]):04X}"
        raise BadValueError("bad-text", message, "remove it")
    return text


def _name(text: str) -> str:
    text = _text(text)
    if len(text) > MAX_NAME:
        message = f"a name of {len(text)} characters is longer than {MAX_NAME}"
        raise BadValueError("bad-text", message, "put what is no name into a note")
    if not text.isprintable() and _BREAKS.search(text):
        raise BadValueError("bad-text", "a name has no tabs and no line breaks", "write it on one line")
    return text


def _dated(parse: Callable[[str], Any], rule: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if len(text) > MAX_DATE:
            raise BadValueError(rule, f"{shown(text)} is not a date", "write YYYY-MM-DD, YYYY-MM, YYYY or a range")
        try:
            return parse(text)
        except ValueError as error:
            message, _, hint = str(error).rpartition("; ")  # the text itself may have a semicolon
            if not message:
                message, hint = hint, "correct the date"
            raise BadValueError(rule, message, hint) from None

    return read


def _yes_no(text: str) -> bool:
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    raise BadValueError("bad-yes-no", f"{shown(text)} is neither true nor false", "write true or false")


def _count(text: str) -> int:
    if _COUNT.fullmatch(text) is None:
        raise BadValueError("bad-number", f"{shown(text)} is not a whole number", "write digits only, at most nine")
    return int(text)


def _positive(text: str) -> int:
    number = _count(text)
    if number == 0:
        raise BadValueError("bad-number", "the number must be at least 1", "write 1 or more")
    return number


def _seats(text: str) -> int | str:
    return text if text == "any" else _positive(text)


def _fraction(text: str) -> float:
    if not text or _FRACTION.fullmatch(text) is None:
        message = f"{shown(text)} is not a share of a full-time job"
        raise BadValueError("bad-number", message, "write for example 1, 0.8 or 0.5")
    number = float(text)
    if not 0 < number <= 1:
        raise BadValueError(
            "bad-number", f"{text} is not a share of a full-time job", "write more than 0 and at most 1"
        )
    return number


def _choice(options: Iterable[str]) -> Callable[[str], str]:
    words = tuple(options)

    def read(text: str) -> str:
        if text in words:
            return text
        raise BadValueError("bad-choice", f"{shown(text)} is not one of {', '.join(words)}", "choose one of these")

    return read


def fraction(number: float) -> str:
    """A share as it is written: to nine digits, without an exponent."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


# Exactly the days of the calendar: 31 in seven months, 30 in four, 28 in February, and one more in leap years.
_YEAR = "(?!0000|9999)[0-9]{4}"
_LEAP = "(?!0000)([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAYS_31 = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_DAYS_30 = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_DAY = f"({_YEAR}-({_DAYS_31}|{_DAYS_30}|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
_DATE = f"({_DAY}|{_YEAR}(-(0[1-9]|1[0-2]))?)"
# An editor sees `2024`, `1.5` or `true` as a number or a truth, where our reader sees a text.
_TEXTUAL = {"type": ["string", "number", "boolean"]}
_ID_SCHEMA = {**_TEXTUAL, "minimum": 0, "maxLength": MAX_ID, "pattern": f"^{ID}$"}
_RESERVED = {"not": {"enum": [*RESERVED_IDS]}}


@attrs.frozen
class ValueType:
    """One type: how its text is read and written, and its JSON Schema (draft 7)."""

    parse: Callable[[str], Any]
    schema: dict[str, Any]
    write: Callable[[Any], str] = str


def _id_type(*words: str) -> ValueType:
    reserved = [word for word in RESERVED_IDS if word not in words]
    return ValueType(_id_or(words), {**_ID_SCHEMA, "not": {"enum": reserved}})


TYPES: dict[str, ValueType] = {
    "id": ValueType(_id, {**_ID_SCHEMA, **_RESERVED}),
    "id-or-none": _id_type("none"),
    "id-or-none-or-unknown": _id_type("none", "unknown"),
    "id-or-unnamed": _id_type("unknown", "unnamed"),
    "word": ValueType(_word, {"type": ["string", "boolean"], "maxLength": MAX_ID, "pattern": "^[a-z][a-z0-9-]*$"}),
    "text": ValueType(_text, {**_TEXTUAL, "pattern": r"\S"}),
    "name": ValueType(_name, {**_TEXTUAL, "maxLength": MAX_NAME, "pattern": r"^[^\S\t\n\r]*\S[^\t\n\r]*$"}),
    "day": ValueType(
        _dated(parse_day, "bad-day"),
        {"type": "string", "pattern": f"^{_DAY}$", "format": "date"},
        lambda d: d.isoformat(),
    ),
    "when": ValueType(
        _dated(parse_when, "bad-date"),
        {
            "type": ["string", "integer"],
            "minimum": 1,
            "maximum": 9998,
            "pattern": rf"^({_DATE}|({_DATE})?\.\.{_DATE})$",
        },
    ),
    "yes-no": ValueType(
        _yes_no,
        {"enum": [True, False, "true", "True", "TRUE", "false", "False", "FALSE"]},
        lambda yes: "true" if yes else "false",
    ),
    "count": ValueType(
        _count, {"type": ["integer", "string"], "minimum": 0, "maximum": 999_999_999, "pattern": "^[0-9]{1,9}$"}
    ),
    "positive": ValueType(
        _positive,
        {"type": ["integer", "string"], "minimum": 1, "maximum": 999_999_999, "pattern": "^(?!0+$)[0-9]{1,9}$"},
    ),
    "seats": ValueType(
        _seats,
        {"type": ["integer", "string"], "minimum": 1, "maximum": 999_999_999, "pattern": "^(any|(?!0+$)[0-9]{1,9})$"},
    ),
    "fraction": ValueType(
        _fraction,
        {
            "type": ["number", "string"],
            "exclusiveMinimum": 0,
            "maximum": 1,
            "pattern": r"^(0{0,9}\.(?!0+$)[0-9]{1,9}|0{0,8}1(\.0{1,9})?)$",
        },
        fraction,
    ),
}


@attrs.frozen
class TypedField:
    """A field as files have it: its name in Python, its key, the name of its type, the type itself and the default.

    `kind` is None for lists (`sources`, `names`), which have no text of their own.
    """

    name: str
    key: str
    type: str
    kind: ValueType | None
    default: Any


_TYPED: dict[type[Any], tuple[TypedField, ...]] = {}


def typed_fields(cls: type[Any]) -> tuple[TypedField, ...]:
    """The fields of an event or a noun that a file can give, in order."""
    found = _TYPED.get(cls)
    if found is None:
        fields = [field for field in attrs.fields(cls) if "type" in field.metadata]
        found = _TYPED[cls] = tuple(map(_typed, fields))
    return found


def _typed(field: "attrs.Attribute[Any]") -> TypedField:
    type_: str = field.metadata["type"]
    kind = None if type_ in ("sources", "names") else type_of(field)
    return TypedField(field.name, key_of(field), type_, kind, field.default)


def all_hold(values: "Iterable[attrs.AttrsInstance]") -> bool:
    """Whether `wrong_value` finds nothing in any of many: what neighbors share is looked at once."""
    rest = iter(values)
    return all(map(_all_hold, iter(lambda: list(islice(rest, _AT_A_TIME)), [])))


def _all_hold(values: "list[attrs.AttrsInstance]") -> bool:
    alike: dict[type[Any], list[Any]] = {}
    for value in values:
        alike.setdefault(type(value), []).append(value)
    contents: dict[int | str, tuple[TypedField, dict[int, Any]]] = {}
    for cls, found in alike.items():
        for field in typed_fields(cls):
            column = list(map(attrgetter(field.name), found))
            if all(map(is_, column, repeat(field.default))):
                continue
            _, told = contents.setdefault(id(field.kind) if field.kind else field.type, (field, {}))
            told.update(zip(map(id, column), column, strict=True))
            for nothing in (None, field.default):
                told.pop(id(nothing), None)
    return all(_hold(field, told.values()) for field, told in contents.values())


def _hold(field: TypedField, contents: Iterable[Any]) -> bool:
    if field.type == "sources":
        return all_hold(chain.from_iterable(contents))
    try:
        for content in contents:
            _hold_to(field, content)
    except (TypeError, AttributeError, ValueError):
        return False
    return True


def wrong_value(value: "attrs.AttrsInstance") -> BadValueError | None:
    """What is wrong with the fields of an event or a noun made in Python, by the types a file is held to."""
    for field in typed_fields(type(value)):
        content = getattr(value, field.name)
        if content is None or content is field.default or content == ():
            continue
        try:
            _hold_to(field, content)
        except BadValueError as error:
            return error
        except (TypeError, AttributeError, ValueError):
            message = f"{field.name!r} cannot be {shown(str(content))}"
            return BadValueError("bad-value", message, f"give a value of the type {field.type!r}")
    return None


def _hold_to(field: TypedField, content: Any) -> None:
    """Raise if the content of a field cannot stand in a file, or would be read back as something else."""
    if field.type == "sources":
        wrong = next(filter(None, map(wrong_value, content)), None)
        if wrong is not None:
            raise wrong
    elif field.kind is None:
        for name in content:
            _name(name)
    elif field.kind.parse(field.kind.write(content)) != content:
        raise ValueError(content)


def type_of(field: "attrs.Attribute[Any]") -> ValueType:
    """The type of an event's or a noun's field, from its metadata."""
    metadata = field.metadata
    name = metadata["type"]
    if name == "choice":
        options = list(metadata["options"])
        return ValueType(_choice(options), {"enum": options})
    if name == "id-or-none" and metadata.get("unknown"):
        name = "id-or-none-or-unknown"
    return TYPES[name]


def key_of(field: "attrs.Attribute[Any]") -> str:
    """The key of a field in a file, which may differ from its name in Python."""
    return str(field.metadata.get("key", field.name))
