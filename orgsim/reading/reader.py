"""From the nodes of a file to events, people and sources: every problem of shape, told where it is.

What a key may be and how its value reads comes from the fields of the classes in `events` and `model`; this module
knows only how to walk.  Whether the history makes sense is judged by `Ledger`, and only if all files have shape.
"""

import errno
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
from yaml.events import ScalarEvent

from orgsim.collector import paused
from orgsim.dates import When
from orgsim.errors import (
    Location,
    OrgsimError,
    Problem,
    did_you_mean,
    missing_key,
    shown,
    unknown_key,
    unknown_kind,
)
from orgsim.events import KINDS, BadEventError, Event, Retract, SourceRef
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.reading.compose import MAX_BYTES, Broken, Composer, Mapping, Node, Sequence, decode
from orgsim.values import TYPES, BadValueError, key_of, type_of

VERSION = "ledger/1"
MAX_PROBLEMS = 1000
HEADER = ("orgsim", "organization", "sources", "people", "events")
NULLS = frozenset(["", "~", "null", "Null", "NULL"])
LISTS = ("sources", "names")
"""Types that take one thing or a list of them."""
_FILLED = {
    **dict.fromkeys(("hire", "depart", "change-employment", "report"), "organization"),
    "create-post": "unit",
}
"""The field of each kind that the file's organization fills in."""

Parse = Callable[[str], Any]


@attrs.define
class Plan:
    """How one class reads: for each key the field and its parser; the fields that must be there."""

    cls: type[Any]
    fields: dict[str, tuple[str, Parse]]
    required: frozenset[str]
    order: tuple[str, ...]
    filled: str | None
    lists: frozenset[str]


def _plan(cls: type[Any], kind: str = "") -> Plan:
    fields: dict[str, tuple[str, Parse]] = {}
    required: list[str] = []
    lists: set[str] = set()
    filled = _FILLED.get(kind)
    for field in attrs.fields(cls):
        type_ = field.metadata.get("type")
        if type_ is None:
            continue
        parse = _one_source if type_ == "sources" else _one_name if type_ == "names" else type_of(field).parse
        if type_ in LISTS:
            lists.add(field.name)
        fields[key_of(field)] = (field.name, parse)
        if field.default is attrs.NOTHING and field.name != filled and not (cls is Retract and field.name == "date"):
            required.append(field.name)
    return Plan(cls, fields, frozenset(required), tuple(required), filled, frozenset(lists))


@lru_cache(maxsize=4096)
def _one_source(text: str) -> tuple[SourceRef, ...]:
    return (SourceRef(TYPES["id"].parse(text)),)


def _one_name(text: str) -> tuple[str, ...]:
    return (TYPES["name"].parse(text),)


EVENT_PLANS = {kind: _plan(cls, kind) for kind, cls in KINDS.items()}
REF_PLAN, SOURCE_PLAN, PERSON_PLAN = _plan(SourceRef), _plan(Source), _plan(Person)


def read(path: str | Path) -> Ledger:
    """The ledger in a file, or in the `*.yaml` files of a folder in the order of their names.

    Raises `OrgsimError` with every problem, and `OSError` when a file cannot be read.
    """
    files = ledger_files(Path(path))
    return read_texts((str(file), _bytes(file)) for file in files)


def _bytes(path: Path) -> bytes:
    """The bytes of a file, one more than a ledger file may have at the most, so that a huge one is not held."""
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file", str(path))  # a pipe would be waited for, forever
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def ledger_files(path: Path) -> list[Path]:
    """The files a ledger is read from."""
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
    if not files:
        message = f"the folder {str(path)!r} has no .yaml file"
        raise OrgsimError([Problem(None, "no-files", message, "name a ledger file, or a folder of them")])
    return files


def read_texts(files: Iterable[tuple[str, bytes]]) -> Ledger:
    """The ledger made of the given files, as pairs of name and content."""
    reader = Reader()
    with paused():
        for name, data in files:
            reader.read_file(name, data)
    if reader.problems:
        raise OrgsimError(reader.problems)
    return Ledger(reader.events, reader.people.values(), reader.sources.values())


class Reader:
    """Collects what the files of one ledger say, and what is wrong with them."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.events: list[Event] = []
        self.people: dict[str, Person] = {}
        self.sources: dict[str, Source] = {}
        self.problems: list[Problem] = []
        self._declared: dict[str, Location] = {}
        self._file = ""
        self._organization: str | None = None
        self._organization_told = True

    def read_file(self, name: str, data: bytes) -> None:
        """Read one file; its problems join the others."""
        text = decode(data, name)
        if isinstance(text, Problem):
            self.problems.append(text)
            return
        self._file, self._organization, self._organization_told = name, None, True
        composer = Composer(text, name)
        seen: set[str] = set()
        before = len(self.problems)
        for key, node in composer.pairs():
            word = key.value
            if "events" in seen and word != "events":
                hint = "move this above 'events:'"
                self._tell(key, "events-not-last", f"the key {shown(word)} comes after the events", hint)
            seen.add(word)
            self._top(key, word, node)
            if len(self.problems) - before + len(composer.problems) > MAX_PROBLEMS:
                message = f"more than {MAX_PROBLEMS:,} problems in this file; the rest of it is not read"
                self._tell(key if node is None else node, "too-many-problems", message, "correct these first")
                break
        if "orgsim" not in seen and not composer.problems:
            where = Location(name, 1, 1)
            hint = f"begin the file with 'orgsim: {VERSION}'"
            self.problems.append(Problem(where, "missing-key", "the key 'orgsim' is missing", hint))
        self.problems += composer.problems

    # ----------------------------------------------------------------------------------------------------- top level

    def _top(self, key: ScalarEvent, word: str, node: Node | None) -> None:
        if word == "events":
            if node is None:
                return
            if not isinstance(node, Mapping):
                self._not_a(node, "write an event as '{date: ..., event: ..., ...}'")
            elif (event := self._event(node)) is not None:
                self.events.append(event)
        elif word == "orgsim":
            version = self._scalar(key, node, str)
            if version is not None and version != VERSION:
                message = f"this file is {version!r}; a ledger is {VERSION!r}"
                self._tell(node or key, "unknown-version", message, f"write 'orgsim: {VERSION}'")
        elif word == "organization":
            self._organization = self._scalar(key, node, TYPES["id"].parse)
            self._organization_told = self._organization is not None
        elif word == "people":
            self._declare(node, PERSON_PLAN, self.people)
        elif word == "sources":
            self._declare(node, SOURCE_PLAN, self.sources)
        else:
            self.problems.append(unknown_key(self._where(key), "a ledger file", word, HEADER))
            if did_you_mean(word, ("organization",)):
                self._organization_told = False

    def _declare(self, node: Node | None, plan: Plan, known: dict[str, Any]) -> None:
        """The people or sources of a header: id to what is said of each."""
        if not isinstance(node, Mapping):
            self._not_a(node, "write one 'ID: {...}' for each")
            return
        for id_, (key, value) in node.items.items():
            if self._parse(key, TYPES["id"].parse) is None:
                continue
            if not isinstance(value, Mapping):
                self._not_a(value, "write one 'ID: {...}' for each")
                continue
            fields = self._fields(value, plan, key)
            where = self._where(key)
            first = self._declared.setdefault(f"{plan.cls.__name__} {id_}", where)
            if first is not where:
                message = f"{plan.cls.__name__.lower()} {id_!r} is declared twice"
                self._tell(key, "declared-twice", message, "keep one of them", first)
            elif fields is not None:
                known[id_] = plan.cls(id=id_, **fields)

    # -------------------------------------------------------------------------------------------------------- events

    def _event(self, node: Mapping) -> Event | None:
        items = node.items
        pair = items.get("event")
        if pair is None:
            self._missing(node, "event", "an event")
            return None
        value = pair[1]
        kind = value.value if type(value) is ScalarEvent and value.value in EVENT_PLANS else self._scalar(*pair, str)
        plan = EVENT_PLANS.get(kind) if kind is not None else None
        if plan is None:
            if kind is not None:
                self.problems.append(unknown_kind(self._where(pair[1]), kind, KINDS))
            return None
        fields = self._fields(node, plan, node, kind)
        if fields is None:
            return None
        if plan.filled is not None and plan.filled not in fields:
            if self._organization is not None:
                fields[plan.filled] = self._organization
            elif not self._organization_told:
                return None  # its problem is told once, at the top of the file
            elif kind != "report":
                self._missing(node, plan.filled, repr(kind), "or 'organization:' at the top of the file")
                return None
        if kind == "retract" and "date" not in fields:
            if "known" not in fields:
                self._missing(node, "known", repr(kind))
                return None
            fields["date"] = When.on(fields["known"])
        try:
            event: Event = plan.cls(where=self._where(node), **fields)
        except BadEventError as error:
            self._tell(node, error.rule, error.message, error.hint)
            return None
        return event

    def _fields(self, node: Mapping, plan: Plan, place: Any, kind: str = "") -> dict[str, Any] | None:
        """The values of a mapping by field, or None after telling what is wrong with it."""
        known = plan.fields
        found: dict[str, Any] = {}
        unknown: list[str] = []
        good = True
        for word, (key, value) in node.items.items():
            entry = known.get(word)
            if entry is None:
                if word != "event" or not kind:
                    unknown.append(word)
                    what = repr(kind) if kind else "this"
                    self.problems.append(unknown_key(self._where(key), what, word, plan.fields))
                continue
            name, parse = entry
            if type(value) is ScalarEvent and (value.style or value.value not in NULLS):
                try:
                    found[name] = parse(value.value)
                except BadValueError as error:
                    self._tell(value, error.rule, error.message, error.hint)
                    good = False
                continue
            listed = self._list(key, value, word) if name in plan.lists else self._scalar(key, value, parse)
            if listed is None:
                good = False
            else:
                found[name] = listed
        if plan.required <= found.keys():
            return found if good and not unknown else None
        for name in plan.order:
            told = node.refused or _given(node, plan, name) or _misspelled(name, unknown)
            if name not in found and not told:
                self._missing(place, name, repr(kind) if kind else "this")
        return None

    def _list(self, key: ScalarEvent, value: Node, word: str) -> tuple[Any, ...] | None:
        """One thing or a list of them: the names of a person, the sources of an event."""
        read_one = self._source_ref if word == "source" else self._alias
        if not isinstance(value, Sequence):
            one = read_one(key, value)
            return None if one is None else (one,)
        if not value.items:
            self._tell(value, "missing-value", f"{word!r} is an empty list", "give at least one, or remove the key")
        read = [read_one(key, node) for node in value.items]
        return None if not read or None in read else tuple(read)

    def _alias(self, key: ScalarEvent, node: Node) -> str | None:
        alias: str | None = self._scalar(key, node, TYPES["name"].parse)
        return alias

    def _source_ref(self, key: ScalarEvent, node: Node) -> SourceRef | None:
        if isinstance(node, Mapping):
            fields = self._fields(node, REF_PLAN, node)
            return SourceRef(**fields) if fields is not None else None
        id_ = self._scalar(key, node, TYPES["id"].parse)
        return SourceRef(id_) if id_ is not None else None

    # ------------------------------------------------------------------------------------------------------- scalars

    def _scalar(self, key: ScalarEvent, node: Node | None, parse: Parse) -> Any:
        """The value of a scalar, or None after telling what is wrong with it."""
        if not isinstance(node, ScalarEvent):
            self._not_a(node, f"{key.value!r} takes one value")
            return None
        if not node.style and node.value in NULLS:
            message = f"the key {shown(key.value)} has no value"
            self._tell(node if node.value else key, "missing-value", message, "give one, or remove the key")
            return None
        return self._parse(node, parse)

    def _parse(self, node: ScalarEvent, parse: Parse) -> Any:
        try:
            return parse(node.value)
        except BadValueError as error:
            self._tell(node, error.rule, error.message, error.hint)
            return None

    # ------------------------------------------------------------------------------------------------------ problems

    def _where(self, node: Any) -> Location:
        mark = node.start_mark
        return Location(self._file, mark.line + 1, mark.column + 1)

    def _tell(self, node: Any, rule: str, message: str, hint: str | None, *related: Location) -> None:
        self.problems.append(Problem(self._where(node), rule, message, hint, related))

    def _not_a(self, node: Node | None, hint: str) -> None:
        if isinstance(node, Broken) or node is None:
            return
        what = {Mapping: "a mapping", Sequence: "a list"}.get(type(node), "one value")
        self._tell(node, "wrong-shape", f"{what} does not fit here", hint)

    def _missing(self, place: Any, name: str, what: str, also: str = "") -> None:
        self.problems.append(missing_key(self._where(place), what, name, also))


def _given(node: Mapping, plan: Plan, name: str) -> bool:
    """Whether the key of a field is there at all, be its value good or bad."""
    return any(plan.fields[word][0] == name for word in node.items if word in plan.fields)


def _misspelled(name: str, unknown: list[str]) -> bool:
    """Whether an unknown key is likely to be the one that is missing: one mistake is told once."""
    return any(did_you_mean(word, (name,)) for word in unknown)
