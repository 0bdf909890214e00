"""The kinds of values a scenario file can have: how each reads from a node, and its JSON Schema.

A `Form` is a mapping with fixed keys and reads as an `Entry`; the other kinds read as plain values.  What names
something (a post, a cause, a stage) is noted as a `Reference` and judged when all names are known.
"""

from collections.abc import Callable
from typing import Any

import attrs
from yaml.events import ScalarEvent

from orgsim.errors import Location, did_you_mean, shown, unknown_key
from orgsim.events import Event
from orgsim.reading.compose import Broken, Mapping, Node, Sequence
from orgsim.reading.reader import NULLS, Reader
from orgsim.reading.scenario_files import Files
from orgsim.reading.scenario_values import QUANTITIES
from orgsim.values import TYPES, BadValueError, ValueType

Schema = dict[str, Any]
ALL_TYPES: dict[str, ValueType] = {**TYPES, **QUANTITIES}


class Bad:
    """What is read where something is wrong, once it is told."""


BAD = Bad()


@attrs.frozen
class Reference:
    """Something a scenario names: of which kind, its id, and where."""

    kind: str
    id: str
    where: Location


@attrs.frozen
class Entry:
    """A mapping that was read: its values by key, and where each stands."""

    where: Location
    values: dict[str, Any]
    places: dict[str, Location]

    def __getitem__(self, key: str) -> Any:
        """The value of a key; None if it is not given."""
        return self.values.get(key)

    def __contains__(self, key: str) -> bool:
        """Whether a key is given."""
        return key in self.values

    def given(self, *keys: str) -> dict[str, Any]:
        """The values of those of the keys that are given, for making a value with defaults."""
        return {key: self.values[key] for key in keys if key in self.values}


class Walker(Reader):
    """Reads nodes that know their file; collects problems and references."""

    def __init__(self, files: Files) -> None:
        """Nothing is read yet."""
        super().__init__()
        self.files = files
        self.references: list[Reference] = []

    def _where(self, node: Any) -> Location:
        location: Location = node.start_mark.location
        return location

    def where(self, node: Any) -> Location:
        """The place of a node."""
        return self._where(node)

    def tell(self, node: Any, rule: str, message: str, hint: str | None, *related: Location) -> None:
        """Note a problem at a node."""
        self._tell(node, rule, message, hint, *related)

    def scalar(self, key: ScalarEvent, node: Node, parse: Callable[[str], Any]) -> Any:
        """What a parser makes of a scalar; BAD after telling what is wrong with it."""
        value = self._scalar(key, node, parse)
        return BAD if value is None else value

    def misfit(self, node: Node, hint: str) -> Bad:
        """Tell that another kind of node is expected."""
        if isinstance(node, ScalarEvent) and not node.style and node.value in NULLS:
            self._tell(node, "missing-value", "there is no value", hint)
        else:
            self._not_a(node, hint)
        return BAD

    def missing(self, place: Any, key: str, what: str) -> None:
        """Tell that a key is missing."""
        self._missing(place, key, what)

    def event(self, node: Mapping, organization: str | None) -> Event | None:
        """A planned event, read as in a ledger; None after telling what is wrong with it."""
        self._organization, self._organization_told = organization, organization is not None
        return self._event(node)


class Kind:
    """A kind of value."""

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The value of a node, or BAD after telling what is wrong."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """Its JSON Schema."""
        raise NotImplementedError


@attrs.frozen
class Value(Kind):
    """A scalar of one of the types; a word of `words` stands for itself."""

    type: str
    words: tuple[str, ...] = ()

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """As the type has it."""
        if isinstance(node, ScalarEvent) and node.value in self.words:
            return node.value
        return at.scalar(key, node, ALL_TYPES[self.type].parse)

    def schema(self) -> Schema:
        """A reference to the type."""
        there = {"$ref": f"#/definitions/types/{self.type}"}
        return {"anyOf": [{"enum": list(self.words)}, there]} if self.words else there


@attrs.frozen
class Choice(Kind):
    """One of some words."""

    options: tuple[str, ...]

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The word."""
        return at.scalar(key, node, self._parse)

    def _parse(self, text: str) -> str:
        if text in self.options:
            return text
        hint = did_you_mean(text, self.options) or "choose one of these"
        raise BadValueError("bad-choice", f"{shown(text)} is not one of {', '.join(self.options)}", hint)

    def schema(self) -> Schema:
        """The words."""
        return {"enum": list(self.options)}


@attrs.frozen
class Ref(Kind):
    """The id of something: `kind` says of what; a word of `words` stands for itself."""

    kind: str
    type: str = "id"
    words: tuple[str, ...] = ()

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The id, noted as a reference."""
        if isinstance(node, ScalarEvent) and node.value in self.words:
            return node.value
        value = at.scalar(key, node, ALL_TYPES[self.type].parse)
        if value is not BAD:
            at.references.append(Reference(self.kind, value, at.where(node)))
        return value

    def schema(self) -> Schema:
        """An id."""
        one = {"$ref": f"#/definitions/types/{self.type}"}
        return {"anyOf": [{"enum": list(self.words)}, one]} if self.words else one


@attrs.frozen
class Date(Kind):
    """A day that has to lie in the period of the scenario."""

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The day, noted to be compared with the period."""
        value = at.scalar(key, node, TYPES["day"].parse)
        if value is not BAD:
            at.references.append(Reference("day", value.isoformat(), at.where(node)))
        return value

    def schema(self) -> Schema:
        """A day."""
        return {"$ref": "#/definitions/types/day"}


@attrs.frozen
class Many(Kind):
    """A list; with `single`, one thing may stand for a list of one, with `empty` there may be none."""

    of: Kind
    single: bool = False
    empty: bool = True

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The things, as a tuple."""
        if not isinstance(node, Sequence):
            if not self.single:
                return at.misfit(node, f"{key.value!r} is a list: write each item on a line of its own, after '- '")
            one = self.of.read(at, key, node)
            return BAD if one is BAD else (one,)
        if not node.items and not self.empty:
            at.tell(node, "missing-value", f"{key.value!r} is an empty list", "give at least one, or remove the key")
            return BAD
        found = [self.of.read(at, key, item) for item in node.items]
        self._ids(at, node)
        return BAD if BAD in found else tuple(found)

    def _ids(self, at: Walker, node: Sequence) -> None:
        """Two things of one list do not have the same id."""
        seen: dict[str, ScalarEvent] = {}
        for item in node.items if isinstance(self.of, Form) and "id" in self.of.keys else ():
            pair = item.items.get("id") if isinstance(item, Mapping) else None
            if pair is not None and isinstance(pair[1], ScalarEvent):
                first = seen.setdefault(pair[1].value, pair[1])
                if first is not pair[1]:
                    message = f"the id {shown(first.value)} is given twice"
                    at.tell(pair[1], "id-given-twice", message, "give one of them another id", at.where(first))

    def schema(self) -> Schema:
        """An array, or one."""
        one = self.of.schema()
        many: Schema = {"type": "array", "items": one} if self.empty else {"type": "array", "minItems": 1, "items": one}
        return {"anyOf": [one, many]} if self.single else many


@attrs.frozen
class Table(Kind):
    """A mapping whose keys are ids or words, each to a value of one kind."""

    keys: Kind
    of: Kind
    hint: str

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:  # noqa: ARG002
        """The values by key, as a dict."""
        if not isinstance(node, Mapping):
            return at.misfit(node, self.hint)
        found: dict[str, Any] = {}
        good = not node.refused
        for word, (place, value) in node.items.items():
            name = self.keys.read(at, place, place)
            content = self.of.read(at, place, value)
            good = good and name is not BAD and content is not BAD
            found[word] = content
        return found if good else BAD

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "propertyNames": self.keys.schema(), "additionalProperties": self.of.schema()}


@attrs.frozen
class Key:
    """A key of a form: the kind of its value, what it says, whether it must be given."""

    kind: Kind
    doc: str
    required: bool = False


@attrs.frozen
class Form(Kind):
    """A mapping with fixed keys; `short` is what may stand for it, `check` looks at what was read."""

    name: str
    doc: str
    keys: dict[str, Key]
    short: Kind | None = None
    check: "Callable[[Entry], None] | None" = None

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The entry; with `short`, also anything that is no mapping, as that kind."""
        if not isinstance(node, Mapping):
            if self.short is not None and not isinstance(node, Broken):
                return self.short.read(at, key, node)
            return at.misfit(node, f"write {self.name} as a mapping, with the keys {', '.join(self.keys)}")
        return self.entry(at, node)

    def entry(self, at: Walker, node: Mapping) -> Any:
        """The values of a mapping by key; BAD after telling what is wrong with any."""
        values: dict[str, Any] = {}
        places: dict[str, Location] = {}
        unknown = [word for word in node.items if word not in self.keys]
        for word, (place, value) in node.items.items():
            entry = self.keys.get(word)
            if entry is None:
                at.problems.append(unknown_key(at.where(place), self.name, word, self.keys))
                continue
            values[word] = entry.kind.read(at, place, value)
            places[word] = at.where(value)
        missing = [word for word, entry in self.keys.items() if entry.required and word not in values]
        for word in missing:
            if not node.refused and not any(did_you_mean(other, (word,)) for other in unknown):
                at.missing(node, word, self.name)
        if unknown or missing or node.refused or any(value is BAD for value in values.values()):
            return BAD
        found = Entry(at.where(node), values, places)
        return found if self.check is None or at_ease(at, node, self.check, found) else BAD

    def schema(self) -> Schema:
        """A reference to the definition of this form."""
        there = {"$ref": f"#/definitions/{self.definition_name}"}
        return there if self.short is None else {"anyOf": [self.short.schema(), there]}

    @property
    def definition_name(self) -> str:
        """The name under which the schema defines it."""
        return self.name.replace(" ", "-")

    def definition(self) -> Schema:
        """An object with the keys."""
        schema: Schema = {
            "description": self.doc,
            "type": "object",
            "properties": {
                word: {"description": entry.doc, "allOf": [entry.kind.schema()]} for word, entry in self.keys.items()
            },
            "additionalProperties": False,
        }
        required = [word for word, entry in self.keys.items() if entry.required]
        return {**schema, "required": required} if required else schema


def at_ease(at: Walker, node: Mapping, check: Callable[[Entry], None], entry: Entry) -> bool:
    """Whether the keys of an entry fit together; a complaint that begins with a key points at it."""
    try:
        check(entry)
    except KeysError as error:
        pair = node.items.get(error.key) if error.key else None
        at.tell(pair[0] if pair is not None else node, error.rule, error.message, error.hint)
        return False
    return True


class KeysError(BadValueError):
    """Keys of a mapping that do not go together: the rule, a sentence, a remedy, and the key to point at."""

    def __init__(self, rule: str, message: str, hint: str, key: str | None = None) -> None:
        """Keep the parts."""
        super().__init__(rule, message, hint)
        self.key = key
