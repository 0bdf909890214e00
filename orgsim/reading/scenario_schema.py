"""The JSON Schema (draft 7) of a scenario file, made from the kinds of values that the reader reads.

A file that extends another, and a variant, need not give what the base gives: for these there is a second form of each
mapping, in which nothing is required and `none` may take something away.  An editor cannot see what is named, whether
days and numbers fit together, nor what stands in other files.
"""

from collections.abc import Iterator
from typing import Any

from orgsim.reading.scenario_laws import LAWS
from orgsim.reading.scenario_leaving import CAUSE, CauseKind
from orgsim.reading.scenario_root import SCENARIO, VARIANT
from orgsim.reading.scenario_shapes import ALL_TYPES, Form, Kind, Many, Schema, Table

PART = "part-of-"
_DEFINED = "#/definitions/"


def definitions() -> Schema:
    """All definitions but that of events: types, laws, mappings, and mappings of which only a part is given."""
    forms = {form.definition_name: form for form in _forms(SCENARIO, set())}
    forms |= {form.definition_name: form for form in _forms(VARIANT, set())}
    for law in LAWS:
        for kind, _ in law.named.values():
            forms |= {form.definition_name: form for form in _forms(kind, set())}
    whole = {name: form.definition() for name, form in forms.items()}
    variants = whole[SCENARIO.definition_name]["properties"]["variants"]["allOf"][0]
    variants["additionalProperties"] = {"$ref": f"{_DEFINED}{PART}{VARIANT.definition_name}"}
    return {
        **whole,
        **{PART + name: _partial(content, whole) for name, content in whole.items()},
        **{law.name: law.definition() for law in LAWS},
        "types": {name: type_.schema for name, type_ in ALL_TYPES.items()},
    }


def root() -> Schema:
    """A whole scenario, or a file that extends one."""
    there = f"{_DEFINED}{SCENARIO.definition_name}"
    part = f"{_DEFINED}{PART}{SCENARIO.definition_name}"
    return {"if": {"required": ["extends"]}, "then": {"$ref": part}, "else": {"$ref": there}}


def _forms(kind: Kind, seen: set[str]) -> Iterator[Form]:
    """Every form within a kind, itself included."""
    if isinstance(kind, Form):
        if kind.name in seen:
            return
        seen.add(kind.name)
        yield kind
        for key in kind.keys.values():
            yield from _forms(key.kind, seen)
    elif isinstance(kind, Many | Table):
        yield from _forms(kind.of, seen)
    elif isinstance(kind, CauseKind):
        yield from _forms(CAUSE, seen)


def _partial(schema: Any, whole: Schema) -> Any:
    """A definition of which only a part is given."""
    if isinstance(schema, list):
        return [_partial(item, whole) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _partial(value, whole) for key, value in schema.items() if key != "required"}
    reference = schema.get("$ref")
    if reference == f"{_DEFINED}event":
        return {"if": {"required": ["id"]}, "then": {"type": "object"}, "else": schema}
    if isinstance(reference, str) and reference.removeprefix(_DEFINED) in whole:
        found["$ref"] = f"{_DEFINED}{PART}{reference.removeprefix(_DEFINED)}"
    properties = found.get("properties")
    if isinstance(properties, dict):
        found["properties"] = {key: {"anyOf": [value, {"const": "none"}]} for key, value in properties.items()}
    return found
