"""Plain YAML as a stream of nodes with positions, from untrusted bytes.

Only PyYAML's event interface is used: its composers recurse, guess types and drop duplicate keys.  What is not plain
YAML (anchors, aliases, tags, merge keys, directives, second documents, hidden characters) is a problem with a
place.  Items of the top-level list named `events` are handed out one by one, so a file is never held as a tree.
Nothing here knows what a ledger is.
"""

import re
from collections.abc import Iterator
from typing import Any

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

from orgsim.errors import Location, Problem, shown

MAX_DEPTH = 32
MAX_BYTES = 64 * 2**20
MAX_SCALAR = 64 * 2**10
MAX_PROBLEMS = 1000
STREAMED = "events"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]|\r(?!\n)"
)


_HARMLESS = bytes({*range(0x20, 0x7F), *range(0x80, 0x100), 0x09, 0x0A})
_LEADS = (
    b"\xc2",
    b"\xe2\x80",
    b"\xe2\x81",
    b"\xef\xb7",
    b"\xef\xbb",
    b"\xef\xbf",
    b"\xf0",
    b"\xf1",
    b"\xf2",
    b"\xf3",
    b"\xf4",
)
"""What the UTF-8 form of every forbidden character beyond ASCII begins with."""


_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon cannot stand here",
        "put a text with ': ' in quotes, or check the indentation",
    ),
    ("',' or '}'", "a comma or a closing brace is missing", "add it, or put a text with , : { } [ ] in quotes"),
    ("',' or ']'", "a comma or a closing bracket is missing", "add it, or put a text with , : { } [ ] in quotes"),
    ("expected ':'", "a key without a colon", "write KEY: VALUE, or indent a text that goes on from the line before"),
    (
        "'-' indicator",
        "the list ends here, but what follows is no key",
        "begin each item with '- ', in the same column",
    ),
    ("expected key", "the indentation fits no key above", "begin all keys of one entry in the same column"),
    ("end of stream", "a quote is opened and not closed", "close it"),
    ("escape", "a backslash in double quotes begins no known escape", "write it twice, or use single quotes"),
    ("document start", "something is left after the end", "remove it, or check brackets and indentation"),
    ("alphabetic or numeric", "a value cannot begin with & or *", "put it in quotes"),
    ("YAML document", "the file names another version of YAML", "remove the line with '%'"),
    ("directive", "directives are not used here", "remove the line with '%'"),
)
"""Parts of the parser's complaints, with the same in our words and a remedy."""


class Mapping:
    """A mapping: by key, the place of the key and the value; `refused` when a key of it was."""

    __slots__ = ("items", "refused", "start_mark")

    def __init__(self, start: Any) -> None:
        """Begin where YAML says it begins."""
        self.start_mark = start.start_mark
        self.items: dict[str, tuple[ScalarEvent, Node]] = {}
        self.refused = False


class Sequence:
    """A list of nodes."""

    __slots__ = ("items", "start_mark")

    def __init__(self, start: Any) -> None:
        """Begin where YAML says it begins."""
        self.start_mark = start.start_mark
        self.items: list[Node] = []


class Broken:
    """Where a node should be that was refused; its problem is already told."""

    __slots__ = ("start_mark",)

    def __init__(self, start: Any) -> None:
        """Remember the place."""
        self.start_mark = start.start_mark


Node = ScalarEvent | Mapping | Sequence | Broken


class Stop(Exception):  # noqa: N818 - a signal inside this module, never seen outside
    """The rest of the file cannot be read."""


def decode(data: bytes, file: str) -> str | Problem:
    """The text of a file: UTF-8 without hidden characters, or the first problem."""
    if len(data) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES:,} bytes"
        return Problem(Location(file, 1, 1), "file-too-large", message, "split it into several files of one folder")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return Problem(_at(file, before), "not-utf-8", message, "save the file as UTF-8")
    # The expression looks at every character; a file without any of its first bytes can be passed at once.
    if not data.translate(None, _HARMLESS) and not any(lead in data for lead in _LEADS):
        return text
    found = _FORBIDDEN.search(text)
    if found is None:
        return text
    message = f"the file has the hidden character U+{ord(found[0]):04X}"
    return Problem(
        _at(file, text[: found.start()]), "hidden-character", message, "remove it, or write a space or a line break"
    )


def _at(file: str, before: str) -> Location:
    line_start = before.rfind("\n") + 1
    return Location(file, before.count("\n") + 1, len(before) - line_start + 1)


class Composer:
    """Reads one file; `problems` fills while `pairs()` is iterated."""

    def __init__(self, text: str, file: str) -> None:
        """Nothing is parsed yet."""
        self.file = file
        self._text = text
        self.problems: list[Problem] = []
        self._loader = _Loader(text)
        self._next = self._loader.get_event

    def pairs(self) -> Iterator[tuple[ScalarEvent, Node | None]]:
        """Each key of the top-level mapping with its value; `events` first with None, then once for each item."""
        try:
            yield from self._document()
        except Stop:
            pass
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # The parser without libyaml lets the last two out, for absurd escapes and versions.
            self._syntax(error)
        finally:
            self._loader.dispose()

    def tell(self, mark: Any, rule: str, message: str, hint: str | None = None, *related: Any) -> None:
        """Note a problem at a mark."""
        places = tuple(Location(self.file, m.line + 1, m.column + 1) for m in related)
        where = Location(self.file, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(where, rule, message, hint, places))
        if len(self.problems) > MAX_PROBLEMS:
            message = f"more than {MAX_PROBLEMS:,} problems in this file; the rest of it is not read"
            self.problems.append(Problem(where, "too-many-problems", message, "correct these first"))
            raise Stop

    def _document(self) -> Iterator[tuple[ScalarEvent, Node | None]]:
        self._next()
        start = self._next()
        if isinstance(start, StreamEndEvent):
            self._empty()
            return
        if start.version or start.tags:
            self.tell(start.start_mark, "yaml-directive", "directives are not used here", "remove the line with '%'")
        root = self._next()
        if isinstance(root, MappingStartEvent):
            self._plain(root)
            yield from self._top()
        elif isinstance(root, ScalarEvent) and not root.value and not root.style:
            self._empty()
        else:
            self.tell(root.start_mark, "wrong-shape", "the file is not a mapping", "begin with 'orgsim: ledger/1'")
            return
        self._next()
        after = self._next()
        if isinstance(after, DocumentStartEvent):
            message, hint = "the file has a second document", "put it into a file of its own in the same folder"
            self.tell(after.start_mark, "second-document", message, hint)

    def _empty(self) -> None:
        message, hint = "the file is empty", "begin with 'orgsim: ledger/1'"
        self.problems.append(Problem(Location(self.file, 1, 1), "empty-file", message, hint))

    def _top(self) -> Iterator[tuple[ScalarEvent, Node | None]]:
        seen: dict[str, tuple[ScalarEvent, Node | None]] = {}
        while True:
            key = self._next()
            if isinstance(key, MappingEndEvent):
                return
            name = self._key(key, seen, 1)
            if name is not None:
                seen[name] = (key, None)
            value = self._next()
            if name != STREAMED or not isinstance(value, SequenceStartEvent):
                node = self._value(key, value) if isinstance(value, ScalarEvent) else self._node(value, 1)
                if name == STREAMED and not isinstance(node, Broken):
                    message, hint = f"{STREAMED!r} is a list", "write each item on a line of its own, after '- '"
                    self.tell(value.start_mark, "wrong-shape", message, hint)
                elif name is not None:
                    yield key, node
                continue
            self._plain(value)
            yield key, None
            while not isinstance(item := self._next(), SequenceEndEvent):
                yield key, self._node(item, 2)

    def _key(self, key: Any, seen: dict[str, tuple[ScalarEvent, Any]], depth: int) -> str | None:
        """The text of a key, or None if it is refused (its value must then be skipped)."""
        if not isinstance(key, ScalarEvent):
            self.tell(key.start_mark, "bad-key", "a key must be a word", "write KEY: VALUE")
            self._skip(key, depth)
            return None
        name: str = key.value
        if key.anchor is not None or key.tag is not None:
            self._plain(key)
            return None
        if name == "<<":
            self.tell(key.start_mark, "merge-key", "merge keys are not used here", "write the keys out")
            return None
        if name in seen:
            message = f"the key {shown(name)} is given twice"
            self.tell(key.start_mark, "duplicate-key", message, "keep one of them", seen[name][0].start_mark)
            return None
        return name

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, ScalarEvent):
            return event if self._scalar(event) else Broken(event)
        if isinstance(event, AliasEvent):
            message = f"the alias '*{str(event.anchor)[:40]}' is not used here"
            self.tell(event.start_mark, "anchor", message, "write the value out")
            return Broken(event)
        self._at_depth(event, depth)
        self._plain(event)
        if isinstance(event, MappingStartEvent):
            return self._mapping(event, depth)
        node = Sequence(event)
        while not isinstance(item := self._next(), SequenceEndEvent):
            node.items.append(self._node(item, depth + 1))
        return node

    def _mapping(self, start: Any, depth: int) -> Mapping:
        node = Mapping(start)
        items, get = node.items, self._next
        while True:
            key = get()
            if type(key) is MappingEndEvent:
                return node
            value = get() if type(key) is ScalarEvent else None
            if (
                value is not None
                and key.value not in items
                and key.value != "<<"
                and key.anchor is None
                and key.tag is None
            ):
                # The plain case, written out for speed: nearly every scalar of a ledger passes here.
                if type(value) is ScalarEvent:
                    size = len(value.value)
                    if value.anchor is None and value.tag is None and not value.style and 0 < size < MAX_SCALAR:
                        items[key.value] = (key, value)
                    else:
                        items[key.value] = (key, self._value(key, value))
                else:
                    items[key.value] = (key, self._node(value, depth + 1))
                continue
            self._key(key, items, depth + 1)
            node.refused = True
            self._node(value if value is not None else get(), depth + 1)

    def _skip(self, event: Any, depth: int) -> None:
        """Pass over a node whatever is in it; its place alone is wrong."""
        inside = depth
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                self._at_depth(event, inside)
                inside += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                inside -= 1
            if inside == depth:
                return
            event = self._next()

    def _at_depth(self, event: Any, depth: int) -> None:
        """Nodes are made by recursion, so how deep it goes is ours to say, not the file's."""
        if depth > MAX_DEPTH:
            message = f"the nesting is deeper than {MAX_DEPTH} levels"
            self.tell(event.start_mark, "too-deep", message, "a ledger needs no more than four")
            raise Stop

    def _value(self, key: Any, value: Any) -> Node:
        """The scalar of a key; one that is not there has the place of its key, for the parser puts it anywhere."""
        if not value.value and not value.style and value.anchor is None and value.tag is None:
            value.start_mark = key.start_mark
        return value if self._scalar(value) else Broken(value)

    def _scalar(self, event: Any) -> bool:
        if event.anchor is not None or event.tag is not None:
            self._plain(event)
            return False
        if len(event.value) > MAX_SCALAR:
            message = f"a text of {len(event.value):,} characters is longer than {MAX_SCALAR:,}"
            self.tell(event.start_mark, "text-too-long", message, "shorten it")
            return False
        if event.style == '"' and (found := _FORBIDDEN.search(event.value)):
            message = f"the text has the hidden character U+{ord(found[0]):04X}"
            self.tell(event.start_mark, "hidden-character", message, "remove the escape")
            return False
        return True

    def _plain(self, event: Any) -> None:
        if event.anchor is not None:
            message = f"the anchor '&{event.anchor[:40]}' is not used here"
            self.tell(event.start_mark, "anchor", message, "write the value out where it is needed")
        if event.tag is not None:
            message = f"the tag {shown(event.tag.replace('tag:yaml.org,2002:', '!!'))} is not used here"
            self.tell(event.start_mark, "tag", message, "remove it; the type follows from the key")

    def _syntax(self, error: Exception) -> None:
        """The parser's complaint in our words, at a place inside the file, with the place where it began."""
        mark: Any = getattr(error, "problem_mark", None)
        began: Any = getattr(error, "context_mark", None)
        what = str(getattr(error, "problem", None) or "the text cannot be read")
        if mark is None or (began is not None and ("expected ':'" in what or "end of stream" in what)):
            mark, began = began, None
        if mark is None and hasattr(self._loader, "get_mark"):
            mark = self._loader.get_mark()
        if mark is None:
            self.problems.append(Problem(Location(self.file, 1, 1), "yaml-syntax", f"not YAML: {what}"))
            return
        message, hint = _in_our_words(what, self._text[: mark.index].rpartition("\n")[2], self._text[mark.index :][:1])
        related = (self._inside(began),) if began is not None and began.line != mark.line else ()
        self.problems.append(Problem(self._inside(mark), "yaml-syntax", f"not YAML: {message}", hint, related))

    def _inside(self, mark: Any) -> Location:
        """A mark as a place; what is missing at the end of the file is missing after its last word."""
        if self._text[mark.index :].strip():
            return Location(self.file, mark.line + 1, mark.column + 1)
        return _at(self.file, self._text.rstrip())


def _in_our_words(what: str, before: str, at: str) -> tuple[str, str]:
    """What a parser's complaint means and what to do, given what stands before it on the line, and the character."""
    if "cannot start any token" in what:
        tab = at == "\t"
        return (
            ("a tab cannot stand here", "use spaces")
            if tab
            else (f"a value cannot begin with {at!r}", "put it in quotes")
        )
    if "expected key" in what and before.strip():
        return "something is left after the value", "put the whole text in quotes, or check the brackets"
    for part, message, hint in _SYNTAX:
        if part in what:
            return message, hint
    return what, "check indentation, colons, quotes and brackets here and just above"
