"""What a scalar means is said by its key alone: no text is taken for a number, a date or a truth it does not say."""

import calendar
import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.dates import FIRST_YEAR, LAST_YEAR, When
from orgsim.values import TYPES, BadValueError
from tests.reading.shape import HEAD, shape

# A key of each type, with the rest of an event that has it; and the field it becomes.
FIELDS = {
    "id": ("unit: {}\n  date: 2024-01-01\n  event: open-unit", "unit"),
    "word": ("kind: {}\n  date: 2024-01-01\n  event: open-unit\n  unit: u", "unit_kind"),
    "name": ("name: {}\n  date: 2024-01-01\n  event: open-unit\n  unit: u", "name"),
    "text": ("note: {}\n  date: 2024-01-01\n  event: open-unit\n  unit: u", "note"),
    "day": ("known: {}\n  date: 2024-01-01\n  event: open-unit\n  unit: u", "known"),
    "when": ("date: {}\n  event: open-unit\n  unit: u", "date"),
    "yes-no": ("critical: {}\n  date: 2024-01-01\n  event: change-post\n  post: p", "critical"),
    "count": ("headcount: {}\n  date: 2024-01-01\n  event: expect\n  unit: u", "headcount"),
    "positive": ("seats: {}\n  date: 2024-01-01\n  event: appoint\n  holder: unnamed\n  post: p", "seats"),
    "seats": ("seats: {}\n  date: 2024-01-01\n  event: change-post\n  post: p", "seats"),
    "fraction": ("fte: {}\n  date: 2024-01-01\n  event: hire\n  person: p\n  organization: o", "fte"),
    "choice": ("reason: {}\n  date: 2024-01-01\n  event: depart\n  person: p\n  organization: o", "reason"),
}
SHORT = {"name": "text", "when": "date", **dict.fromkeys(["count", "positive", "seats", "fraction"], "number")}
"""What a rule about a type is called, where it is not called after the type."""
ANY = ("name", "text")
NUMBER = ("id", *ANY, "count", "positive", "seats")
# Every literal that YAML 1.1, YAML 1.2 or a careless reader takes for something: the types that may read it.
LITERALS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["NO", "No", "ON", "Off", "Y", "N", "Yes", "nUll", "tRUE"], ("id", *ANY)),
    **dict.fromkeys(["no", "on", "off", "y", "n", "yes"], ("id", "word", *ANY)),
    **dict.fromkeys(["true", "false"], ("id", "word", *ANY, "yes-no")),
    **dict.fromkeys(["True", "TRUE", "False", "FALSE"], ("id", *ANY, "yes-no")),
    **dict.fromkeys(["null", "Null", "NULL", "~", ""], ()),
    **dict.fromkeys(["012", "010", "08", "685230", "20240209", "999999999"], NUMBER),
    **dict.fromkeys(["1", "01", "000000001"], (*NUMBER, "fraction")),
    **dict.fromkeys(["0", "00", "000"], ("id", *ANY, "count")),
    **dict.fromkeys(["2024", "9998"], (*NUMBER, "when")),
    "0001": (*NUMBER, "when", "fraction"),
    "0000": ("id", *ANY, "count"),
    "9999": NUMBER,
    **dict.fromkeys(["0o10", "0x10", "0b1", "1e3", "1E3", "0.1e1", "1_000", "1.", "1.5", "0.0"], ("id", *ANY)),
    **dict.fromkeys(["1234567890", "0.1234567891", "1.000000001"], ("id", *ANY)),
    **dict.fromkeys(["1.0", "0.5", "0.000000001", "1.000000000"], ("id", *ANY, "fraction")),
    ".5": (*ANY, "fraction"),
    **dict.fromkeys(["+1", "-1", "1:30", "12:30:45", "190:20:30", "1.0e+400", ".nan", ".NaN", ".inf", "-.inf"], ANY),
    **dict.fromkeys(["=", "<<", "1,5", "１２", "٣", "é", "a b", "語", "1 000", "50%", "a::b", "a:b"], ANY),
    **dict.fromkeys(["Infinity", "NaN", "02/09/2024", "2024-2-9", "2024-02-30", "2024-13", "2024-00-01"], ("id", *ANY)),
    **dict.fromkeys(["0000-01-01", "9999-12-31", "02024-01-01", "2024-02-09T10"], ("id", *ANY)),
    **dict.fromkeys(["2024-02-09T10:00:00Z", "2024-01-01 10:00:00", "２０２４-01-01"], ANY),
    **dict.fromkeys(["2024-02-09", "0001-01-01", "9998-12-31"], ("id", *ANY, "day", "when")),
    **dict.fromkeys(["2024-02", "2024..2025", "2024-02-09..2024-03", "2024..2024"], ("id", *ANY, "when")),
    **dict.fromkeys(["..2024", "..2024-02-09"], (*ANY, "when")),
    **dict.fromkeys(["2025..2024", "2024..", "2024...2025", "2024..2025..2026"], ("id", *ANY)),
    "..": ANY,
    **dict.fromkeys(["none"], ("word", *ANY)),
    "unknown": ("word", *ANY, "choice"),
    "unnamed": ("word", *ANY),
    "any": ("word", *ANY, "seats"),
    "resignation": ("id", "word", *ANY, "choice"),
    "end-of-term": ("id", "word", *ANY, "choice"),
}


def value_of(literal: str, type_: str) -> tuple[Any, set[str]]:
    """What a field of a type makes of a plain scalar, and the rules that it breaks."""
    rest, name = FIELDS[type_]
    events, problems = shape(f"{HEAD}events:\n- {rest.format(literal)}\n")
    return (getattr(events[0], name) if events else None), {problem.rule for problem in problems}


@pytest.mark.parametrize("literal", LITERALS, ids=repr)
def test_a_literal_is_read_by_the_types_that_know_it(literal: str) -> None:
    """Of every literal that has ever surprised anybody, it is written here which types read it; the rest refuse."""
    for type_ in FIELDS:
        value, rules = value_of(literal, type_)
        if type_ in LITERALS[literal]:
            assert rules == set(), type_
            assert as_text(value) == literal or type_ in ("count", "positive", "seats", "fraction", "yes-no"), type_
        else:
            rule = "missing-value" if literal in ("null", "Null", "NULL", "~", "") else f"bad-{SHORT.get(type_, type_)}"
            assert rules == {rule}, type_


def as_text(value: object) -> str:
    """A value in the words of the file."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def test_numbers_are_what_they_say() -> None:
    """Digits are decimal, leading zeros or not; a truth is a truth, however it is written."""
    assert [value_of(text, "count")[0] for text in ("012", "08", "0", "999999999")] == [12, 8, 0, 999_999_999]
    assert [value_of(text, "fraction")[0] for text in ("1", ".5", "0.25", "1.0")] == [1.0, 0.5, 0.25, 1.0]
    assert [value_of(text, "yes-no")[0] for text in ("true", "True", "TRUE", "false")] == [True, True, True, False]
    assert [value_of(text, "seats")[0] for text in ("any", "3")] == ["any", 3]


@pytest.mark.parametrize("quoted", ["'{}'", '"{}"'])
def test_quotes_change_nothing_but_nothing(quoted: str) -> None:
    """A quoted value reads like a plain one; only an empty or null word in quotes is a text."""
    for literal, type_ in itertools.product(["2024", "true", "1", "none", "NO"], FIELDS):
        assert value_of(quoted.format(literal), type_) == value_of(literal, type_)
    assert value_of(quoted.format("null"), "name") == ("null", set())
    assert value_of(quoted.format(""), "name")[1] == {"bad-text"}


# ------------------------------------------------------------------------------------------------------------ dates


def readable(parse: Callable[[str], Any], text: str) -> bool:
    """Whether a text is read without complaint."""
    try:
        parse(text)
    except BadValueError:
        return False
    return True


def test_exactly_the_days_of_the_calendar_are_days() -> None:
    """From 1582 to 2200, of all days that can be written, exactly those that exist are read, as themselves."""
    read_day, read_when = TYPES["day"].parse, TYPES["when"].parse
    for year, month in itertools.product(range(1582, 2201), range(14)):
        last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
        for day in range(33):
            text = f"{year:04}-{month:02}-{day:02}"
            if 1 <= day <= last:
                exact = dt.date(year, month, day)
                assert read_day(text) == exact
                assert read_when(text) == When(exact, exact, text)
            elif day in (0, last + 1, 32):
                assert not readable(read_day, text), text
                assert not readable(read_when, text), text


def test_months_and_years_stand_for_their_first_and_last_days() -> None:
    """A month, a year or a range is in force from its first day and keeps its last."""
    read = TYPES["when"].parse
    for year, month in itertools.product(range(1582, 2201, 3), range(1, 13)):
        last = dt.date(year, month, calendar.monthrange(year, month)[1])
        text = f"{year:04}-{month:02}"
        assert read(text) == When(dt.date(year, month, 1), last, text)
        assert read(f"..{text}") == When(None, last, f"..{text}")
        assert read(f"{year:04}..{text}") == When(dt.date(year, 1, 1), last, f"{year:04}..{text}")
        assert read(f"{year:04}") == When(dt.date(year, 1, 1), dt.date(year, 12, 31), f"{year:04}")


def test_years_have_bounds() -> None:
    """There is room for a day before and after every date of a ledger."""
    for year, fine in ((0, False), (FIRST_YEAR, True), (LAST_YEAR, True), (LAST_YEAR + 1, False)):
        assert readable(TYPES["day"].parse, f"{year:04}-12-31") is fine
        assert readable(TYPES["when"].parse, f"{year:04}") is fine


# ---------------------------------------------------------------------------------------------------- any text at all

HOSTILE = st.text() | st.text(st.sampled_from("0123456789-.:TZ eE+_xo٣１\n\t\r\0 ~"), max_size=40)


@pytest.mark.parametrize("type_", TYPES)
@given(text=HOSTILE)
def test_whatever_the_text_a_parser_refuses_in_its_own_words(type_: str, text: str) -> None:
    """A parser gives a value or a `BadValueError` with rule, sentence and remedy, and nothing else ever."""
    try:
        TYPES[type_].parse(text)
    except BadValueError as error:
        assert error.rule.startswith("bad-")  # noqa: PT017 - reading it is what is tested
        assert error.message  # noqa: PT017
        assert error.hint  # noqa: PT017


@pytest.mark.parametrize("type_", sorted(set(TYPES) - {"names", "sources"}))
@given(text=HOSTILE)
def test_what_is_read_is_written_so_that_it_reads_the_same(type_: str, text: str) -> None:
    """Value to text to value is the identity, for every type."""
    try:
        value = TYPES[type_].parse(text)
    except BadValueError:
        return
    assert TYPES[type_].parse(TYPES[type_].write(value)) == value


def test_small_fractions_are_written_in_digits() -> None:
    """A share of a job is written so that the reader takes it, however small it is."""
    for text in ("0.000000001", "0.00001", "0.1", "0.333333333", "1", "0.999999999", "0.8"):
        assert TYPES["fraction"].write(TYPES["fraction"].parse(text)) == text
