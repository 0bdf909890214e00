"""YAML and JSON that others wrote, as a tree of texts with lines.

Unlike a ledger, such a file may use anchors and merge keys; tags are passed over, for every scalar stays text.
The size of the tree is bounded, whatever aliases promise, and so is its depth.  Nothing here knows what is in a file.
"""

import json
from typing import Any

import attrs
import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from orgsim.reading.compose import MAX_BYTES, MAX_SCALAR, decode

MAX_DEPTH = 64
MAX_NODES = 2_000_000
_NOTHING = frozenset(["", "~", "null", "Null", "NULL"])
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ForeignError(ValueError):
    """Why a file cannot be read: a line where known, a sentence, a remedy."""

    def __init__(self, line: int | None, message: str, hint: str) -> None:
        """Keep the parts; `str()` is the sentence."""
        super().__init__(message)
        self.line, self.message, self.hint = line, message, hint


@attrs.frozen(eq=False)
class Node:
    """A text, nothing, a mapping or a list; `line` is where it begins, `size` how many nodes it has."""

    value: "str | dict[str, Node] | list[Node] | None"
    line: int | None
    size: int = 1


@attrs.frozen
class Tree:
    """A file: its root, and the keys given twice (line, key), of which the first counts."""

    root: Node
    doubles: list[tuple[int | None, str]]


def read_yaml(data: bytes, encoding: str = "utf-8-sig") -> Tree:
    """The tree of a YAML file; raises `ForeignError`."""
    text = _decoded(data, encoding)
    reader = _Yaml(text)
    try:
        return Tree(reader.document(), reader.doubles)
    except yaml.YAMLError as error:
        mark: Any = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or "the text cannot be read")
        hint = "check indentation, colons, quotes and brackets here and just above"
        raise ForeignError(mark.line + 1 if mark is not None else None, f"not YAML: {what}", hint) from None
    finally:
        reader.close()


def read_json(data: bytes, encoding: str = "utf-8-sig") -> Tree:
    """The tree of a JSON file, its numbers as written; raises `ForeignError`."""
    text = _decoded(data, encoding)
    doubles: list[tuple[int | None, str]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in found:
            if key in made:
                doubles.append((None, key))
            made.setdefault(key, value)
        return made

    try:
        plain = json.loads(text, object_pairs_hook=pairs, parse_int=str, parse_float=str, parse_constant=str)
        return Tree(_from_plain(plain, 0), doubles)
    except json.JSONDecodeError as error:
        hint = "check commas, quotes and brackets here and just above"
        raise ForeignError(error.lineno, f"not JSON: {error.msg}", hint) from None
    except RecursionError:
        raise _too_deep(None) from None


def _decoded(data: bytes, encoding: str) -> str:
    plain = encoding.removesuffix("-sig")
    if plain.lower().replace("_", "-") not in ("utf-8", "utf8"):
        try:
            data = data[: MAX_BYTES + 1].decode(plain).encode()
        except (UnicodeError, LookupError) as error:
            raise ForeignError(None, f"the file is not {plain}: {error}", "give another --encoding") from None
    text = decode(data, "")
    if isinstance(text, str):
        return text
    raise ForeignError(
        text.where.line if text.where is not None else None, text.message, text.hint or "correct the file"
    )


def _too_deep(line: int | None) -> ForeignError:
    return ForeignError(line, f"the nesting is deeper than {MAX_DEPTH} levels", "is this the right file?")


def _too_large(line: int | None) -> ForeignError:
    return ForeignError(line, f"the file stands for more than {MAX_NODES:,} values", "write aliases out, or split it")


def _from_plain(value: Any, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise _too_deep(None)
    if isinstance(value, dict):
        return _mapping({key: _from_plain(item, depth + 1) for key, item in value.items()}, None)
    if isinstance(value, list):
        return _sequence([_from_plain(item, depth + 1) for item in value], None)
    if isinstance(value, bool):
        value = "true" if value else "false"
    return Node(value, None)


def _mapping(items: dict[str, Node], line: int | None) -> Node:
    return Node(items, line, 1 + sum(item.size for item in items.values()))


def _sequence(items: list[Node], line: int | None) -> Node:
    return Node(items, line, 1 + sum(item.size for item in items))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


class _Yaml:
    """One document, event by event."""

    def __init__(self, text: str) -> None:
        self._loader = _Loader(text)
        self._next = self._loader.get_event
        self._anchors: dict[str, Node] = {}
        self._nodes = 0
        self.doubles: list[tuple[int | None, str]] = []

    def close(self) -> None:
        self._loader.dispose()

    def document(self) -> Node:
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            raise ForeignError(1, "the file is empty", "export it again")
        root = self._node(self._next(), 0)
        self._next()
        after: Any = self._next()
        if isinstance(after, DocumentStartEvent):
            raise ForeignError(_line(after), "the file has a second document", "split it")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        if depth > MAX_DEPTH:
            raise _too_deep(line)
        if isinstance(event, AliasEvent):
            node = self._anchors.get(str(event.anchor))
            if node is None:
                raise ForeignError(line, f"the alias '*{str(event.anchor)[:40]}' names nothing above", "write it out")
            self._count(node.size, line)
            return node
        self._count(1, line)
        if isinstance(event, ScalarEvent):
            if len(event.value) > MAX_SCALAR:
                raise ForeignError(line, f"a text is longer than {MAX_SCALAR:,} characters", "shorten it")
            empty = not event.style and event.value in _NOTHING
            node = Node(None if empty else event.value, line)
        elif isinstance(event, MappingStartEvent):
            node = self._pairs(line, depth)
        elif isinstance(event, SequenceStartEvent):
            items = []
            while not isinstance(item := self._next(), SequenceEndEvent):
                items.append(self._node(item, depth + 1))
            node = _sequence(items, line)
        else:  # no other event begins a node
            raise ForeignError(line, "the text cannot be read", "is this YAML?")
        if event.anchor is not None:
            self._anchors[str(event.anchor)] = node
        return node

    def _pairs(self, line: int, depth: int) -> Node:
        items: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        while True:
            key: Any = self._next()
            if isinstance(key, MappingEndEvent):
                break
            if not isinstance(key, ScalarEvent):
                raise ForeignError(_line(key), "a key is no text", "write KEY: VALUE")
            value = self._node(self._next(), depth + 1)
            if key.value == "<<":
                above = value.value if isinstance(value.value, list) else [value]
                for node in above:
                    if isinstance(node.value, dict):
                        merged = {**node.value, **merged}
            elif key.value in items:
                self.doubles.append((_line(key), key.value))
            else:
                items[key.value] = value
        return _mapping({**merged, **items}, line)

    def _count(self, size: int, line: int) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise _too_large(line)


def texts(node: Node) -> Any:
    """A node as plain dicts, lists and texts, for files that are read whole, such as profiles."""
    if isinstance(node.value, dict):
        return {key: texts(item) for key, item in node.value.items()}
    if isinstance(node.value, list):
        return [texts(item) for item in node.value]
    return node.value
