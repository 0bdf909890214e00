"""The page of the Python interface, made from the signatures and docstrings of everything in `orgsim.__all__`."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import attrs

import orgsim
from docs._generate.markdown import NOTICE, docstring, table
from orgsim.events import CLASSES

INTRO = """\
# Python

Everything public is importable from `orgsim`, and loaded when first used, so that `import orgsim` costs little.
All values are frozen: nothing that a ledger or a chart gives can be changed by accident.
A wrong ledger raises `OrgsimError` with every problem.
A question about an id that is not there raises `UnknownIdError`, a `KeyError`.
A wrong call raises `ValueError` or `TypeError`.
The guide [Use it from Python](../guides/use-it-from-python.md) shows them at work.
"""
GROUPS: dict[str, tuple[str, ...]] = {
    "Read and write": ("read", "read_texts", "to_yaml", "event_line", "ledger_schema"),
    "A ledger": ("Ledger",),
    "A chart": ("OrgChart", "chart_data"),
    "A large ledger, in columns": ("ColumnarLedger", "open_columns", "columns_from", "save_columns"),
    "What changed": ("diff", "Diff", "Change"),
    "Stories and evidence": ("history", "Entry", "why", "Evidence", "phrase", "name_from"),
    "Pictures": (
        *("plot_chart", "plot_headcount", "plot_gaps", "plot_tenure", "plot_succession", "plot_flows", "plot_fan"),
        *("plot_compare", "save_picture"),
    ),
    "Simulated futures": ("run_experiment", "read_outcome", "Outcome", "Summary", "Estimate", "compare", "Comparison"),
    "Nouns": ("Person", "Employment", "Leave", "Post", "Appointment", "ReportingLine", "Unit", "Source"),
    "Dates": ("When", "parse_when", "parse_day"),
    "What is wrong": ("OrgsimError", "Problem", "Location", "UnknownIdError"),
    "Events": ("Event", "SourceRef"),
}
ASKED = {"ColumnarLedger": ("of", "events", "chart", "charts", "diff", "versions", "history")}
"""Of classes with more methods than a reader needs, those to be told; the others are for what is built upon it."""
EVENTS = """\
One class for each kind of event, with the keys of the file as fields, except that `kind` of a unit is `unit_kind`.
`date` is a `When`, and `known` is that day unless given.
What each field means is told in [the table of events](events.md).
"""


def page() -> str:
    """The page as Markdown."""
    parts = [INTRO, f"{NOTICE}\n"]
    placed = {name for names in GROUPS.values() for name in names} | event_classes().keys()
    others = tuple(name for name in orgsim.__all__ if name not in placed)
    for title, names in {**GROUPS, **({"More": others} if others else {})}.items():
        parts.append(f"## {title}\n")
        if title == "Events":
            parts += [EVENTS, _event_classes()]
        parts += [_entry(name) for name in names]
    text = "\n".join(parts)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def event_classes() -> dict[str, type[Any]]:
    """The public classes of events, by name, in the order of the table of kinds."""
    return {cls.__name__: cls for cls in CLASSES}


def _event_classes() -> str:
    classes = event_classes().items()
    rows = ([f"`{name}`", f"[`{cls.kind}`](events.md#{cls.kind})", _first_line(cls)] for name, cls in classes)
    return table(("class", "kind", "says"), rows) + "\n"


def _first_line(thing: object) -> str:
    return docstring(thing).partition("\n")[0]


def _entry(name: str) -> str:
    thing = getattr(orgsim, name)
    if not inspect.isclass(thing):
        return f"### {name}\n\n{_signature(name, thing)}\n\n{docstring(thing)}\n"
    parts = [f"### {name}\n\n{docstring(thing)}\n"]
    fields = list(_fields(thing))
    if fields:
        parts.append(f"{_field_table(fields)}\n")
    members = [_member(member, value) for member, value in _members(thing)]
    return "\n".join([*parts, *members, ""] if members else parts)


def _field_table(fields: list[tuple[str, str, str]]) -> str:
    if any(doc for _, _, doc in fields):
        return table(("field", "type", "means"), fields)
    return table(("field", "type"), (field[:2] for field in fields))


def _fields(cls: type[Any]) -> Iterator[tuple[str, str, str]]:
    if not attrs.has(cls):
        return
    for field in attrs.fields(cls):
        if field.name.startswith("_"):
            continue
        yield f"`{field.name}`", f"`{_type(field.type)}`", str(field.metadata.get("doc", ""))


def _members(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    """The public methods and properties that a class itself defines, in the order of the source."""
    fields = {field.name for field in attrs.fields(cls)} if attrs.has(cls) else set()
    asked = ASKED.get(cls.__name__)
    for name, value in vars(cls).items():
        if asked is not None and name not in asked:
            continue
        kinds = (property, classmethod, staticmethod)
        if name.startswith("_") or name in fields or not (inspect.isfunction(value) or isinstance(value, kinds)):
            continue
        yield name, value


def _member(name: str, value: Any) -> str:
    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    head = f"`{name}`" if isinstance(value, property) else f"`{_call(name, function)}`"
    body = "\n".join(f"  {line}".rstrip() for line in docstring(value).split("\n")).strip()
    return f"- {head}\n  {body}"


def _signature(name: str, thing: Any) -> str:
    return f"```text\n{_call(name, thing)}\n```"


def _call(name: str, function: Any) -> str:
    """A call as one writes it: parameters with types and defaults, and what it gives."""
    signature = inspect.signature(function)
    parameters = [p for at, p in enumerate(signature.parameters.values()) if at or p.name not in ("self", "cls")]
    bare = signature.replace(
        parameters=[p.replace(annotation=_Bare(p.annotation)) for p in parameters],
        return_annotation=_Bare(signature.return_annotation),
    )
    return f"{name}{bare}"


class _Bare:
    """An annotation that prints as one writes it, without the names of modules."""

    def __init__(self, annotation: Any) -> None:
        self.text = _type(annotation)

    def __repr__(self) -> str:
        return self.text


def _type(annotation: Any) -> str:
    if annotation is None or annotation is type(None):
        return "None"
    text = inspect.formatannotation(annotation)
    text = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", text)
    text = re.sub(r"\b(?:datetime|dt)\.date\b", "date", text)
    for long, short in _ALIASES.items():
        text = text.replace(long, short)
    return text.strip("'\"")


_ALIASES = {
    "Callable[[str], Person | Post | Unit | None]": "Callable[[str], Noun | None]",
    "Person | Post | Unit": "Noun",
    "Union[int, Literal['any']]": "int | Literal['any']",
}
