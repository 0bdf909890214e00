"""A ledger as YAML text that reads back as the same ledger, here and in any YAML 1.1 or 1.2 parser.

One event per line.  Whatever a parser might take for something else than text is quoted.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from orgsim.events import Event, SourceRef
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.values import TypedField, typed_fields

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*(?:[ .][A-Za-z0-9_/-]+)*")
_BARE = ("day", "when", "yes-no", "count", "positive", "seats", "fraction")
"""Types whose text needs no quotes: an editor may take it for a number, a boolean or a date, and so do we."""
_MEANS_MORE = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"])
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def to_yaml(ledger: Ledger) -> str:
    """The whole ledger as the text of one file."""
    return "".join(ledger_lines(ledger))


def ledger_lines(ledger: Ledger) -> Iterator[str]:
    """The lines of that text, one after the other: a large ledger is never one text."""
    yield "orgsim: ledger/1\n"
    if ledger.sources:
        yield "sources:\n"
        yield from (f"  {_text(source.id)}: {_flow(_declared(source))}\n" for source in ledger.sources)
    if ledger.people:
        yield "people:\n"
        yield from (f"  {_text(person.id)}: {_flow(_declared(person))}\n" for person in ledger.people)
    if ledger.events:
        yield "events:\n"
        yield from (f"- {_flow(_event(event))}\n" for event in ledger.events)


def event_line(event: Event) -> str:
    """One event as it stands in a file: a mapping on one line."""
    return _flow(_event(event))


def _flow(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"


def _declared(noun: Person | Source) -> Iterator[tuple[str, str]]:
    for field in typed_fields(type(noun)):
        value = getattr(noun, field.name)
        if value is not None and value != ():
            yield field.key, _value(field, value)


def _event(event: Event) -> Iterator[tuple[str, str]]:
    yield "date", event.date.text
    if event.known != event.date.day or event.kind == "retract":
        yield "known", event.known.isoformat()
    yield "event", event.kind
    for field in _order(type(event)):
        value = getattr(event, field.name)
        required = field.default is attrs.NOTHING
        if value is not None and (required or value != field.default):
            yield field.key, _value(field, value)


_ORDER: dict[type[Event], tuple[TypedField, ...]] = {}


def _order(cls: type[Event]) -> tuple[TypedField, ...]:
    """The fields of an event as they are written: its own, then what every event has."""
    found = _ORDER.get(cls)
    if found is None:
        common = {field.name for field in typed_fields(Event)}
        own = [field for field in typed_fields(cls) if field.name not in common]
        others = [field for field in typed_fields(cls) if field.name in common - {"date", "known"}]
        found = _ORDER[cls] = (*own, *others)
    return found


def _value(field: TypedField, value: Any) -> str:
    if field.type == "sources":
        texts = [_source(source) for source in value]
        return texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    if field.kind is None:
        return "[" + ", ".join(_text(name) for name in value) + "]"
    text = field.kind.write(value)
    return text if field.type in _BARE else _text(text)


def _source(source: SourceRef) -> str:
    values = ((field, getattr(source, field.name)) for field in typed_fields(SourceRef))
    pairs = [(field.key, _value(field, value)) for field, value in values if value is not None]
    return pairs[0][1] if len(pairs) == 1 else _flow(pairs)


def _text(text: str) -> str:
    """A scalar, quoted unless every parser reads it as this very text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANS_MORE:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else f"\\U{ord(char):08x}"
