"""Quantities of scenario files, from text: durations, shares, rates, factors, amounts; in days and per day.

Units are mandatory: a number that could be days or months, percent or a fraction, is refused with what to write.
A parser raises `BadValueError`; nothing here knows where a text stands.
"""

import re
from collections.abc import Callable
from typing import Any

from orgsim.errors import did_you_mean, shown
from orgsim.events import REASONS
from orgsim.laws import DAYS_PER_YEAR
from orgsim.values import BadValueError, ValueType

DAYS = {"d": 1.0, "w": 7.0, "m": DAYS_PER_YEAR / 12, "y": DAYS_PER_YEAR}
"""The days of each unit of time."""

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_NAMES = {"d": "days?", "w": "weeks?", "m": "months?", "y": "years?"}
_TIME = "(?:" + "|".join(f"{unit}|{name}" for unit, name in _NAMES.items()) + ")"
_DURATION = re.compile(rf"({_NUMBER}) ?({_TIME})")
_SHARE = re.compile(rf"({_NUMBER}) ?%")
_RATE = re.compile(rf"({_NUMBER}) ?% ?/ ?({_TIME})")
_PLAIN = re.compile(_NUMBER)
_CURRENCY = re.compile("[A-Z]{3}")
_UNITS = "write for example 90 d, 12 w, 6 m or 2 y"
MAX_SEED = 2**63 - 1
LONGEST = 1000 * DAYS_PER_YEAR


def duration(text: str) -> float:
    """Days, from `90 d`, `12 w`, `6 m` (of 365.25 / 12 days) or `2 y` (of 365.25)."""
    found = _DURATION.fullmatch(text)
    if found is not None:
        days = float(found[1]) * DAYS[found[2][0]]
        if days > LONGEST:
            raise BadValueError("bad-duration", f"{shown(text)} is more than a thousand years", "write less")
        return days
    if _PLAIN.fullmatch(text):
        raise BadValueError(
            "bad-duration", f"{shown(text)} has no unit", f"write {text} d, {text} w, {text} m or {text} y"
        )
    if text.startswith("-"):
        raise BadValueError("bad-duration", f"{shown(text)} is negative", "write a duration of 0 d or more")
    raise BadValueError("bad-duration", f"{shown(text)} is not a duration", _UNITS)


def positive_duration(text: str) -> float:
    """Days, more than none."""
    days = duration(text)
    if not days:
        raise BadValueError("bad-duration", f"{shown(text)} is no time at all", "write more than 0 d")
    return days


def percent(text: str) -> float:
    """A share, from `15 %`; may be more than the whole."""
    found = _SHARE.fullmatch(text)
    if found is not None:
        return float(found[1]) / 100
    if _PLAIN.fullmatch(text):
        is_part = "." in text and float(text) <= 1
        hint = f"write {float(text) * 100:g} %, or {text} % if that is meant" if is_part else f"write {text} %"
        raise BadValueError("bad-share", f"{shown(text)} has no unit", hint)
    if text.startswith("-"):
        raise BadValueError("bad-share", f"{shown(text)} is negative", "write 0 % or more")
    raise BadValueError("bad-share", f"{shown(text)} is not a share", "write for example 15 %")


def share(text: str) -> float:
    """A share or a probability, at most the whole."""
    number = percent(text)
    if number > 1:
        raise BadValueError("bad-share", f"{shown(text)} is more than the whole", "write at most 100 %")
    return number


def chance(text: str) -> float:
    """A probability of something that must be possible."""
    number = share(text)
    if not number:
        raise BadValueError("bad-share", "a chance of 0 % never comes true", "write more than 0 %")
    return number


def yearly_chance(text: str) -> float:
    """A probability within a year of less than 100 %, for which there is a hazard."""
    number = share(text)
    if number == 1:
        raise BadValueError("bad-share", "no hazard is so high that all leave within a year", "write less than 100 %")
    return number


def part(text: str) -> float:
    """A share that is neither nothing nor the whole."""
    number = chance(text)
    if number == 1:
        raise BadValueError("bad-share", f"{shown(text)} is the whole", "write less than 100 %")
    return number


def rate(text: str) -> float:
    """A rate per day, from `15 % / y`: the share of those present that leaves, per time."""
    part, days = _rate(text)
    return part / days


def yearly(text: str) -> float:
    """A share per year, from `60 % / y`."""
    part, days = _rate(text)
    return part * (DAYS_PER_YEAR / days)


def _rate(text: str) -> tuple[float, float]:
    """A share and the days in which it comes up."""
    found = _RATE.fullmatch(text)
    if found is not None:
        return float(found[1]) / 100, DAYS[found[2][0]]
    number = text.partition("%")[0].strip()
    if _PLAIN.fullmatch(number):
        raise BadValueError("bad-rate", f"{shown(text)} is not a rate: something is missing", f"write {number} % / y")
    if text.startswith("-"):
        raise BadValueError("bad-rate", f"{shown(text)} is negative", "write 0 % / y or more")
    raise BadValueError("bad-rate", f"{shown(text)} is not a rate", "write for example 15 % / y")


def factor(text: str) -> float:
    """A number without unit that multiplies something, 0 or more."""
    if _PLAIN.fullmatch(text) is None:
        hint = "write for example 0.7 or 1.6"
        raise BadValueError("bad-factor", f"{shown(text)} is not a factor of 0 or more", hint)
    return float(text)


def positive_factor(text: str) -> float:
    """A factor, or the shape of a law, of more than 0."""
    number = factor(text)
    if not number:
        raise BadValueError("bad-factor", "a factor of 0 makes no sense here", "write more than 0")
    return number


def amount(text: str) -> float:
    """An amount of money: a number, without the currency."""
    if _PLAIN.fullmatch(text) is None:
        hint = "write a number of 0 or more without currency and commas, for example 15000"
        raise BadValueError("bad-amount", f"{shown(text)} is not an amount", hint)
    return float(text)


def currency(text: str) -> str:
    """The three letters of a currency."""
    if _CURRENCY.fullmatch(text) is None:
        raise BadValueError("bad-currency", f"{shown(text)} is not a currency", "write three letters, for example EUR")
    return text


def seed(text: str) -> int:
    """A whole number from 0 on, below 2^63."""
    if re.fullmatch("[0-9]{1,19}", text) is None or int(text) > MAX_SEED:
        hint = f"write digits only, for example 20260105, at most {MAX_SEED}"
        raise BadValueError("bad-seed", f"{shown(text)} is not a seed", hint)
    return int(text)


def law_of_cause(text: str) -> str:
    """The name of a cause: a reason of the ledger's departures."""
    if text not in REASONS:
        hint = did_you_mean(text, REASONS) or f"the causes are {', '.join(REASONS)}"
        raise BadValueError("no-such-cause", f"there is no cause of departure {shown(text)}", hint)
    return text


# ------------------------------------------------------------------------------------------- as types, for the schema

_TIME_SCHEMA, _ANY = (pattern.replace("(?:", "(") for pattern in (_TIME, _NUMBER))


def _text(parse: Callable[[str], Any], pattern: str, description: str) -> ValueType:
    return ValueType(parse, {"description": description, "type": "string", "pattern": f"^{pattern}$"})


def _number(parse: Callable[[str], Any], least: dict[str, Any]) -> ValueType:
    return ValueType(parse, {"type": ["number", "string"], **least, "pattern": f"^{_ANY}$"})


QUANTITIES: dict[str, ValueType] = {
    "duration": _text(duration, f"{_ANY} ?{_TIME_SCHEMA}", "A duration: 90 d, 12 w, 6 m, 2 y."),
    "positive-duration": _text(positive_duration, f"{_ANY} ?{_TIME_SCHEMA}", "A duration of more than 0 d: 90 d, 2 y."),
    "share": _text(share, f"{_ANY} ?%", "A share or probability, at most 100 %."),
    "chance": _text(chance, f"{_ANY} ?%", "A probability of more than 0 %."),
    "part": _text(part, f"{_ANY} ?%", "A share of more than 0 % and less than 100 %."),
    "yearly-chance": _text(yearly_chance, f"{_ANY} ?%", "A probability within a year, less than 100 %."),
    "percent": _text(percent, f"{_ANY} ?%", "A share, which may be more than 100 %."),
    "rate": _text(rate, f"{_ANY} ?% ?/ ?{_TIME_SCHEMA}", "A rate: 15 % / y."),
    "yearly": _text(yearly, f"{_ANY} ?% ?/ ?{_TIME_SCHEMA}", "A share per time: 60 % / y."),
    "factor": _number(factor, {"minimum": 0}),
    "positive-factor": _number(positive_factor, {"exclusiveMinimum": 0}),
    "amount": _number(amount, {"minimum": 0}),
    "currency": ValueType(currency, {"type": "string", "pattern": "^[A-Z]{3}$"}),
    "seed": ValueType(seed, {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,19}$"}),
    "cause": ValueType(law_of_cause, {"enum": list(REASONS)}),
}
