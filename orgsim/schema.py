"""The JSON Schema (draft 7) of ledger files, and of scenario files, for editors: made from what the reader reads.

Types, keys and sentences come from the fields of the classes; only what several keys say together is written here.
An editor may pass what the reader refuses, but never the other way around.  It cannot see

- how a number or a truth is written: to YAML 1.2, and so to an editor, `0x10`, `+16` and `16` are one number, and
  a year without its four digits is a number as well;
- whether a range ends before it begins, and whether an id is known to the ledger;
- the order of keys, keys given twice, hidden characters, and the limits of size and depth.
"""

import copy
import inspect
from typing import Any

import attrs

from orgsim.events import CLASSES, EXPECTED, Event, Expect, Retract
from orgsim.reading.reader import EVENT_PLANS, LISTS, PERSON_PLAN, REF_PLAN, SOURCE_PLAN, VERSION, Plan
from orgsim.values import TYPES, key_of, type_of

Schema = dict[str, Any]

_NO = {"enum": [False, "false", "False", "FALSE"]}
_ONE = {"maximum": 1, "pattern": "^0*1$"}


def ledger_schema() -> Schema:
    """The schema of a ledger file, as data for `json.dump`; a copy, so that whoever changes it changes nothing else."""
    return copy.deepcopy(_ledger([cls.kind for cls in CLASSES]))


def scenario_schema() -> Schema:
    """The schema of a scenario file, as data for `json.dump`."""
    from orgsim.reading import scenario_schema as scenarios

    kinds = [cls.kind for cls in CLASSES if cls not in (Expect, Retract)]
    of_ledger = ledger_schema()["definitions"]
    of_events = {name: of_ledger[name] for name in ("citation", *kinds)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of orgsim",
        "description": "What may happen to an organization: who may leave, who succeeds, how posts are filled.",
        "type": "object",
        **scenarios.root(),
        "definitions": {
            **of_events,
            "event": {
                "type": "object",
                "required": ["event"],
                "properties": {"event": {"description": "What is planned.", "enum": kinds}},
                "allOf": [_when_kind(kind, {"$ref": f"#/definitions/{kind}"}) for kind in kinds],
            },
            **scenarios.definitions(),
        },
    }


def _ledger(kinds: list[str]) -> Schema:
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A ledger of orgsim",
        "description": "Dated events of an organization: who holds which post, and who reports to whom.",
        "type": "object",
        "required": ["orgsim"],
        "additionalProperties": False,
        "properties": {
            "orgsim": {"description": "The format of this file.", "const": VERSION},
            "organization": _of_type("id", "The default for this file's events."),
            "sources": _by_id("source", "Documents that events cite, by id."),
            "people": _by_id("person", "Everybody the ledger tells of, by id."),
            "events": {
                "description": "What happened, in the order written within a day; the last key of a file.",
                "type": "array",
                "items": {"$ref": "#/definitions/event"},
            },
        },
        "if": {"required": ["organization"]},
        "else": {"properties": {"events": {"items": {"allOf": [_filled(kind) for kind in kinds if _is_filled(kind)]}}}},
        "definitions": {
            "event": {
                "type": "object",
                "required": ["event"],
                "properties": {"event": {"description": "What happened.", "enum": kinds}},
                "allOf": [_when_kind(kind, {"$ref": f"#/definitions/{kind}"}) for kind in kinds],
            },
            "person": _mapping(PERSON_PLAN),
            "source": _mapping(SOURCE_PLAN),
            "citation": _mapping(REF_PLAN),
            **{cls.kind: _event(cls) for cls in CLASSES},
            "types": {name: type_.schema for name, type_ in TYPES.items()},
        },
    }


def _by_id(name: str, description: str) -> Schema:
    each = {"$ref": f"#/definitions/{name}"}
    ids = _of_type("id")
    return {"description": description, "type": "object", "propertyNames": ids, "additionalProperties": each}


def _of_type(name: str, description: str | None = None) -> Schema:
    """One of the types; what stands beside a `$ref` would not count, so a description goes around it."""
    there = {"$ref": f"#/definitions/types/{name}"}
    return there if description is None else {"description": description, "allOf": [there]}


def _when_kind(kind: str, then: Schema) -> Schema:
    return {"if": {"required": ["event"], "properties": {"event": {"const": kind}}}, "then": then}


def _is_filled(kind: str) -> bool:
    """Whether the file's organization fills in what this kind of event cannot do without."""
    filled = EVENT_PLANS[kind].filled
    return any(field.name == filled and field.default is attrs.NOTHING for field in attrs.fields(EVENT_PLANS[kind].cls))


def _filled(kind: str) -> Schema:
    return _when_kind(kind, {"required": [EVENT_PLANS[kind].filled]})


def _mapping(plan: Plan) -> Schema:
    """A mapping with the keys of a class, described by its docstring."""
    fields = [field for field in attrs.fields(plan.cls) if "type" in field.metadata]
    schema: Schema = {
        "description": inspect.cleandoc(plan.cls.__doc__ or "").replace("\n", " "),
        "type": "object",
        "properties": {key_of(field): _value(field) for field in fields if _is_key(plan, field)},
        "additionalProperties": False,
    }
    required = [key_of(field) for field in fields if field.name in plan.required]
    return {**schema, "required": required} if required else schema


def _is_key(plan: Plan, field: "attrs.Attribute[Any]") -> bool:
    return key_of(field) in plan.fields


def _value(field: "attrs.Attribute[Any]") -> Schema:
    """What a key takes, described by the words of its field."""
    doc = field.metadata.get("doc")
    described = {"description": doc[0].upper() + doc[1:]} if doc else {}
    type_ = field.metadata["type"]
    if type_ in LISTS:
        one = _of_type("name")
        if type_ == "sources":
            one = {"anyOf": [_of_type("id"), {"$ref": "#/definitions/citation"}]}
        return {**described, "anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}
    schema = type_of(field).schema
    name = next((name for name, known in TYPES.items() if known.schema is schema), None)
    return {**described, **(schema if name is None else {"allOf": [_of_type(name)]})}


def _event(cls: type[Event]) -> Schema:
    schema = _mapping(EVENT_PLANS[cls.kind])
    keys = {"event": {"description": "What happened.", "const": cls.kind}, **schema["properties"]}
    required = ["event", *schema.get("required", ())]
    del schema["type"]  # that an event is a mapping is said of all kinds at once
    return {"title": cls.kind, **schema, "properties": keys, "required": required, **_TOGETHER.get(cls.kind, {})}


# --------------------------------------------------------------------------------------- what keys say together


def _one_of(*names: str) -> list[Schema]:
    return [{"required": [name]} for name in names]


def _given(name: str, value: Schema) -> Schema:
    return {"required": [name], "properties": {name: value}}


def _expected(subject: str) -> Schema:
    """Something is expected of one subject, and nothing of the others."""
    others = {key: False for other, keys in EXPECTED.items() if other != subject for key in (other, *keys)}
    return {"required": [subject], "anyOf": _one_of(*EXPECTED[subject]), "properties": others}


_TOGETHER: dict[str, Schema] = {
    "appoint": {
        "oneOf": _one_of("person", "holder"),
        "if": {"required": ["person"]},
        "then": {"properties": {"seats": _ONE}},
    },
    "vacate": {"oneOf": _one_of("person", "holder")},
    "report": {
        "oneOf": _one_of("post", "person"),
        "allOf": [
            {
                "if": _given("to", {"enum": ["none", "unknown"]}),
                "then": {"properties": {"line": {"not": {"const": "dotted"}}}},
            },
            {"if": _given("to", {"const": "unknown"}), "then": {"properties": {"end": _NO}}},
        ],
    },
    "retract": {"anyOf": _one_of("date", "known")},
    "expect": {"oneOf": [_expected(subject) for subject in EXPECTED], "dependencies": {"acting": ["holder"]}},
}
