"""In what a variant differs from its scenario, in words and in the order of the file."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from orgsim.events import Event
from orgsim.laws import DurationLaw, HazardLaw
from orgsim.ledger import Ledger
from orgsim.scenario import words
from orgsim.scenario.model import Scenario, Successor, Where

_SAME = frozenset(["variant", "digest", "where", "assumptions", "story"])
"""Fields of a scenario that are no difference between what may happen."""
_KEYS = {
    "lasting": "for",
    "otherwise": "else",
    "excepted": "except",
    "start": "from",
    "end": "until",
    "group": "where",
    "day": "date",
}
_DATES = frozenset(["start", "end", "day", "days", "rated"])
_DURATIONS = frozenset(["after", "lasting", "at_most", "notice", "stay"])
_SHARES = frozenset(["probability", "share", "accept", "internal", "vacant", "vacancy", "acting", "hire"])
_NAMED = ("id", "reason", "person", "post")
NOTHING = "nothing"


def differing(base: Scenario, variant: Scenario) -> list[str]:
    """One line for each difference: what, and instead of what."""
    found = []
    for field in attrs.fields(Scenario):
        if field.name not in _SAME and field.eq:
            lines = _between(getattr(base, field.name), getattr(variant, field.name), field.name, base.start)
            found += [f"{_KEYS.get(field.name, field.name)}{line}" for line in lines]
    return found


def _between(old: Any, new: Any, name: str, start: dt.date) -> Iterator[str]:
    """What comes after the name of a field that differs."""
    if old == new or (isinstance(old, Ledger) and isinstance(new, Ledger) and old.events == new.events):
        return
    if _is_part(old) and type(old) is type(new):
        for field in attrs.fields(type(old)):
            for line in _between(getattr(old, field.name), getattr(new, field.name), field.name, start):
                yield f".{_KEYS.get(field.name, field.name)}{line}"
        return
    mine, others = _by_name(old), _by_name(new)
    if mine is not None and others is not None and (mine or others):
        for key in dict.fromkeys((*mine, *others)):
            for line in _between(mine.get(key), others.get(key), name, start):
                yield f" {key}{line}"
        return
    if old is None or old in ((), {}):
        yield f": {_words(new, name, start)}"
    elif new is None or new in ((), {}):
        yield ": none"
    else:
        yield f": {_words(new, name, start)} instead of {_words(old, name, start)}"


def _is_part(value: Any) -> bool:
    return attrs.has(type(value)) and not isinstance(value, DurationLaw | HazardLaw | Where | Event | Ledger)


def _by_name(value: Any) -> dict[str, Any] | None:
    """Things by their names; None for what has none."""
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, tuple):
        return None
    names = [
        next((str(getattr(v, n)) for n in _NAMED if getattr(v, n, None)), None) if _is_part(v) else None for v in value
    ]
    if None in names or len(set(names)) < len(names):
        return None
    return dict(zip(names, value, strict=True))  # type: ignore[arg-type]


def _words(value: Any, name: str, start: dt.date) -> str:
    """A value in words, by the field it stands in."""
    if isinstance(value, DurationLaw):
        return words.duration(value)
    if isinstance(value, HazardLaw):
        return words.hazard(value)
    if isinstance(value, Where):
        return words.where(value, str, str, str) or "all"
    if isinstance(value, Event):
        return f"{value.date.text} {value.kind}"
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, tuple):
        return words.listed([_words(item, name, start) for item in value])
    if isinstance(value, Successor):
        return value.person if value.ready == "now" else f"{value.person} ({value.ready})"
    if _is_part(value):
        return _summary(value, start)
    if isinstance(value, float):
        if name in _DATES:
            return words.date(start, value)
        if name in _DURATIONS:
            return words.days(value)
        return words.share(value) if name in _SHARES else f"{value:g}"
    return str(value)


def _summary(value: Any, start: dt.date) -> str:
    """A whole part, as its fields that are not as if left out."""
    told = []
    for field in attrs.fields(type(value)):
        content = getattr(value, field.name)
        default = field.default.factory() if isinstance(field.default, attrs.Factory) else field.default  # type: ignore[arg-type]
        if content != default and field.name not in ("id", "source"):
            told.append(f"{_KEYS.get(field.name, field.name)} {_words(content, field.name, start)}")
    return ", ".join(told) or "given"
