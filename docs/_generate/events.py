"""The page of events, made from the fields of the classes in `orgsim.events` and `orgsim.model`.

What the fields cannot say stands here, and `tests/docs/test_reference.py` holds it to what the program does: how each
type is written, which keys go together, and an example of each kind, all from one ledger that is proved.
"""

import datetime as dt
from typing import Any

import attrs

from docs._generate.markdown import NOTICE, docstring, sentence, table
from orgsim.events import CLASSES, Event, SourceRef
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.phrases import Name, name_from, phrase
from orgsim.reading.reader import EVENT_PLANS, read_texts
from orgsim.values import key_of
from orgsim.writing import event_line

INTRO = """\
# Events

Every kind of event, with its keys.
What they mean together is told in [the ledger](ledger.md), what may follow what in [the legal moves](transitions.md), \
and what is refused in [the rules](rules.md).
An event is a mapping; `event` names its kind, and the order of keys does not matter.
"""

Type = tuple[str, tuple[str, ...]]
TYPES: dict[str, Type] = {
    "id": ("an id: letters, digits and `.` `_` `/` `-`, beginning with a letter or digit", ("mark-chen", "vp/sales")),
    "id-or-none": ("an id, or `none`", ("ceo", "none")),
    "id-or-none-or-unknown": ("an id, `none` or `unknown`", ("ceo", "none", "unknown")),
    "id-or-unnamed": ("an id, `unknown` or `unnamed`", ("ada", "unnamed")),
    "word": ("a word of small letters, digits and `-`", ("team", "board")),
    "name": ("a text on one line, in any script", ("Mark Chen", "マーク・チェン")),
    "text": ("a text of one or more lines", ("Seen in passing.",)),
    "day": ("a day", ("2024-09-25",)),
    "when": (
        "a day, a month, a year, a range, or `..` before a day on which the state was seen",
        ("2024-09-25", "2024-11", "2024", "2023-11-17..2023-11-20", "..2023-11-20"),
    ),
    "yes-no": ("`true` or `false`", ("true", "false")),
    "count": ("a whole number, 0 or more", ("0", "42")),
    "positive": ("a whole number, 1 or more", ("1", "2")),
    "seats": ("a whole number, 1 or more, or `any`", ("2", "any")),
    "fraction": ("a number more than 0 and at most 1", ("1", "0.8")),
    "choice": ("one of the words named beside it", ()),
    "names": ("a name, or a list of names", ()),
    "sources": ("the id of a source, a mapping with a place in it (above), or a list of these", ()),
}
"""How each type of value is written, with examples."""

TOGETHER: dict[str, str] = {
    "appoint": "Give either `person` or `holder`.\n`seats` goes only with `holder`: one person takes one seat.",
    "vacate": "Give either `person` or `holder`.",
    "report": (
        "Give either `post` or `person`.\n"
        "`to: none` and `to: unknown` name no other end, so neither goes with `line: dotted`; "
        "nor does `to: unknown` with `end`."
    ),
    "expect": (
        "Give one of `post`, `person` and `unit`, and at least one thing to expect of it: of a post `vacant`, `holder` "
        "or `reports_to`; of a person `manager`, `employer` or `on_leave`; of a unit `headcount`.\n"
        "`acting` goes only with `holder`."
    ),
    "retract": (
        "`known` is the day on which one learned better; where it is left out, that is `date`, and one of the two is "
        "needed."
    ),
}
"""Which keys of a kind go together, where that is not told key by key."""

FILLED = "the file's `organization`"
LEFT_OUT: dict[tuple[str, str], str] = {
    ("open-unit", "name"): "the id",
    ("open-unit", "unit_kind"): "`team`; without a parent `organization`",
    ("open-unit", "parent"): "it is an organization",
    ("close-unit", "into"): "the unit must be empty",
    ("create-post", "title"): "the id",
    ("create-post", "reports_to"): "not known",
    ("hire", "name"): "the name known before, or the id",
}
"""What counts where a key is left out, if its default does not say it."""

HEADER: dict[type[Any], dict[str, str]] = {
    Source: {
        "title": "what the document is called",
        "file": "the name of a copy",
        "url": "where it can be read",
        "published": "the day it was published",
        "publisher": "who published it",
        "language": "the language it is written in",
        "note": "a remark, for example how far to trust it",
    },
    Person: {
        "name": "the name",
        "aliases": "other names and spellings, which `orgsim find` finds too",
        "note": "a remark",
    },
}
"""What the keys of a declared source and person mean."""

EXAMPLE = """\
orgsim: ledger/1
organization: acme
sources:
  minutes: {title: Minutes of the board, published: 2024-02-01}
people:
  ada: {name: Ada Rossi}
  ben: {name: Ben Okafor}
  cleo: {name: Cleo Martin}
events:
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2023-01-01, event: open-unit, unit: research, name: Research, kind: division, parent: acme}
- {date: 2023-01-01, event: open-unit, unit: labs, name: Labs, parent: acme}
- {date: 2023-01-01, event: create-post, post: ceo, title: Chief Executive, reports_to: none, critical: true}
- {date: 2023-01-01, event: create-post, post: aide, title: Aide to the Chief Executive}
- {date: 2023-01-01, event: create-post, post: scientist, title: Scientist, unit: research, seats: any}
- {date: 2023-01-01, event: hire, person: ada}
- {date: 2023-01-01, event: hire, person: ben}
- {date: 2023-01-01, event: hire, person: cleo, fte: 0.8}
- {date: 2023-01-01, event: appoint, person: ada, post: ceo}
- {date: 2023-03, id: ben-scientist, event: appoint, person: ben, post: scientist}
- {date: 2023-03, event: report, post: scientist, to: ceo}
- {date: 2023-05-01, event: report, person: cleo, to: ada, line: dotted}
- {date: 2023-06-01, event: start-leave, person: ben, reason: parental}
- {date: 2023-06-01, event: appoint, person: ada, post: scientist, acting: true}
- {date: 2023-09-01, event: end-leave, person: ben}
- {date: 2023-09-01, event: vacate, person: ada, post: scientist}
- {date: 2023-10-01, event: change-employment, person: cleo, fte: 1}
- {date: 2023-10-01, event: change-person, person: cleo, name: Cleo Martin-Roy}
- {date: 2023-10-01, event: change-post, post: scientist, title: Senior Scientist, seats: 2}
- {date: 2023-11-01, event: change-unit, unit: research, name: Research and Design}
- {date: 2023-11-01, event: close-unit, unit: labs, into: research}
- {date: 2023-12-01, event: abolish-post, post: aide}
- {date: 2024-01-31, event: expect, post: ceo, holder: ada, source: {id: minutes, line: 12}}
- {date: 2024-02-01, known: 2024-01-15, event: depart, person: cleo, reason: resignation, source: minutes}
- {known: 2024-02-01, event: retract, of: ben-scientist, source: minutes}
"""
"""A ledger in which every kind of event occurs; the last of a kind is shown."""

CHOSEN = {"appoint": 2, "create-post": 0, "hire": 2, "open-unit": 1, "report": 1}
"""Which event of a kind is shown, where it is not the only one."""


def page() -> str:
    """The page as Markdown."""
    rows = ([f"[`{cls.kind}`](#{cls.kind})", docstring(cls).partition("\n")[0]] for cls in CLASSES)
    parts = [INTRO, f"{NOTICE}\n", table(("event", "says"), rows) + "\n", _common()]
    examples = _examples()
    parts += [_section(cls, *examples[cls.kind]) for cls in CLASSES]
    return "\n".join([*parts, _header(), _types()])


def _examples() -> dict[str, tuple[str, str]]:
    """For each kind an event as it is written, and the sentence in which `orgsim history` tells it."""
    ledger = read_texts([("example.yaml", EXAMPLE.encode())])
    found: dict[str, list[Event]] = {}
    for event in ledger.events:
        found.setdefault(event.kind, []).append(event)
    shown = {kind: events[CHOSEN.get(kind, 0)] for kind, events in found.items()}
    return {kind: (event_line(event), phrase(event, _names(ledger, event))) for kind, event in shown.items()}


def _names(ledger: Ledger, event: Event) -> Name:
    """The names as they were before the event, and those it brings."""
    before = ledger.chart(event.date.day - dt.timedelta(days=1))
    return name_from(before.get, ledger.chart(event.date.day).get)


def _common() -> str:
    return f"""\
## Keys of every event

`date` is required; all others may be left out.

{_table(Event, "")}

A mapping under `source` has these keys:

{_table(SourceRef, "")}
"""


def _section(cls: type[Event], line: str, said: str) -> str:
    own = [field for field in attrs.fields(cls) if field.name not in _common_names()]
    parts = [f"## {cls.kind}\n", docstring(cls), f"\n```yaml\n- {line}\n```\n", f"In words: {said}.\n"]
    parts.append(_rows(own, cls.kind))
    if cls.kind in TOGETHER:
        parts.append(f"\n{TOGETHER[cls.kind]}")
    return "\n".join(parts) + "\n"


def _common_names() -> set[str]:
    return {field.name for field in attrs.fields(Event)}


def _table(cls: type[Any], kind: str) -> str:
    return _rows(attrs.fields(cls), kind)


def _rows(fields: Any, kind: str) -> str:
    rows = [_row(field, kind) for field in fields if "type" in field.metadata]
    return table(("key", "takes", "if left out", "means"), rows)


def _row(field: "attrs.Attribute[Any]", kind: str) -> tuple[str, str, str, str]:
    return f"`{key_of(field)}`", takes(field), _left_out(field, kind), sentence(field.metadata["doc"])


def takes(field: "attrs.Attribute[Any]") -> str:
    """The type of a key, linked to how it is written; of a choice, the words."""
    if field.metadata["type"] == "choice":
        return ", ".join(f"`{word}`" for word in field.metadata["options"])
    return f"[{type_name(field)}](#how-values-are-written)"


def type_name(field: "attrs.Attribute[Any]") -> str:
    """The name of a field's type, as in `TYPES`."""
    name = str(field.metadata["type"])
    return "id-or-none-or-unknown" if name == "id-or-none" and field.metadata.get("unknown") else name


def _left_out(field: "attrs.Attribute[Any]", kind: str) -> str:
    if kind and EVENT_PLANS[kind].filled == field.name:
        return FILLED
    if (kind, field.name) in LEFT_OUT:
        return LEFT_OUT[kind, field.name]
    if kind in ("change-unit", "change-post") and field.default is None:
        return "as it was"
    if field.name == "known":
        return "the day from which the event is in force"
    if field.default is attrs.NOTHING:
        return "**required**"
    return "" if field.default in (None, ()) else f"`{_default(field.default)}`"


def _default(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _header() -> str:
    parts = ["## Sources and people\n", "Under `sources:` and `people:` stand mappings from ids to these keys.\n"]
    for cls, meanings in HEADER.items():
        fields = {field.name: field for field in attrs.fields(cls) if "type" in field.metadata}
        rows = [
            (f"`{key_of(f)}`", takes(f), "**required**" if f.default is attrs.NOTHING else "", sentence(meanings[name]))
            for name, f in fields.items()
        ]
        parts.append(f"A {cls.__name__.lower()}:\n\n{table(('key', 'takes', 'if left out', 'means'), rows)}\n")
    return "\n".join(parts)


def _types() -> str:
    rows = ([name, how, ", ".join(f"`{example}`" for example in examples)] for name, (how, examples) in TYPES.items())
    return f"""\
## How values are written

{table(("takes", "is written as", "for example"), rows)}

What a value may not be, and what the program says then, is told in [the rules of shape](rules.md#shape).
"""
