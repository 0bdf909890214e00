"""A ledger as YAML text that reads back as the same ledger, here and in any YAML 1.1 or 1.2 parser.

One event per line.  Whatever a parser might take for something else than text is quoted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

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
        yield from (f"  {_text(source.id)}: {_flow(_pairs(source))}\n" for source in ledger.sources)
    if ledger.people:
        yield "people:\n"
        yield from (f"  {_text(person.id)}: {_flow(_pairs(person))}\n" for person in ledger.people)
    if ledger.events:
        yield "events:\n"
        yield from (f"- {_flow(_event(event))}\n" for event in ledger.events)


def event_line(event: Event) -> str:
    """One event as it stands in a file: a mapping on one line."""
    return _flow(_event(event))


def _flow(pairs: Iterable[str]) -> str:
    return "{" + ", ".join(pairs) + "}"


def _event(event: Event) -> list[str]:
    when = [f"date: {event.date.text}"]
    if event.known != event.date.day or event.kind == "retract":
        when.append(f"known: {event.known}")
    return [*when, f"event: {event.kind}", *_pairs(event)]


def _pairs(value: Event | Person | Source | SourceRef) -> list[str]:
    """The fields that say something; of an event, those but its dates."""
    cls: Any = type(value)
    forms, get = _forms(cls)
    return [
        f"{key}: {write(content)}"
        for (key, default, write), content in zip(forms, get(value), strict=True)
        if content is not default and content is not None and content != default
    ]


@cache
def _forms(cls: type[Any]) -> tuple[list[tuple[str, Any, Callable[[Any], str]]], Callable[[Any], tuple[Any, ...]]]:
    """The key, the default and the writer of each field, its own before what every event has; and what gets them."""
    common = {field.name for field in typed_fields(Event)} if issubclass(cls, Event) else set()
    fields = [field for field in typed_fields(cls) if field.name not in ("date", "known")]
    fields.sort(key=lambda field: field.name in common)
    return [(field.key, field.default, _writer(field)) for field in fields], attrgetter(*(f.name for f in fields))


def _writer(field: TypedField) -> Callable[[Any], str]:
    if field.type == "sources":
        return _sources
    if field.kind is None:
        return _names
    return field.kind.write if field.type in _BARE else _text


def _sources(sources: tuple[SourceRef, ...]) -> str:
    if len(sources) == 1:
        return _source(sources[0])
    return "[" + ", ".join(map(_source, sources)) + "]"


def _source(source: SourceRef) -> str:
    if source.page is not None or source.quote is not None:
        return _flow(_pairs(source))
    id_ = _text(source.id)
    return id_ if source.line is None else f"{{id: {id_}, line: {source.line}}}"  # nearly always


def _names(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_text, names)) + "]"


@lru_cache(maxsize=1 << 14)
def _text(text: str) -> str:
    """A scalar, quoted unless every parser reads it as this very text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANS_MORE:
        return text
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    return char if char.isprintable() else f"\\U{ord(char):08x}"
