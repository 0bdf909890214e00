"""The files of a scenario: each as a tree of nodes that know their file, a base beneath, and what all were made of.

Merging is done on nodes, so that a problem always points at the line that says it, in whichever file that is.
What the keys mean is not known here, but for `extends` and the words that begin a law or a condition.
"""

import errno
import hashlib
import os
from pathlib import Path
from typing import Any

import attrs
from yaml.events import ScalarEvent

from orgsim.errors import Location, OrgsimError, Problem, shown
from orgsim.ledger import Ledger
from orgsim.reading.compose import MAX_BYTES, Composer, Mapping, Node, Sequence, decode
from orgsim.reading.reader import ledger_files, read_texts

WHOLE = frozenset(["where", "of", "except", "date", "replications"])
"""Keys whose mappings are one thing, and replace rather than join what a base says."""
LAWS = frozenset(
    ["annual_probability", "empirical", "exponential", "lognormal", "piecewise", "table", "uniform", "weibull"]
)
NOTHING = "none"


@attrs.frozen
class Mark:
    """Where a node begins: file, line and column, counted from 0 as the parser does."""

    file: str
    line: int
    column: int

    @property
    def location(self) -> Location:
        """The place as problems have it."""
        return Location(self.file, self.line + 1, self.column + 1)


def mark_of(node: Any) -> Mark:
    """Where a node begins."""
    mark: Mark = node.start_mark
    return mark


class Files:
    """Reads what a scenario is made of, each file once, and remembers the content of all."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.problems: list[Problem] = []
        self._contents: dict[tuple[str, str], bytes] = {}
        self._ledgers: dict[str, Ledger | None] = {}

    # -------------------------------------------------------------------------------------------------------- trees

    def tree(self, path: str, above: tuple[str, ...] = ()) -> Mapping | None:
        """A scenario file with the file it extends beneath it; None if it cannot be read as a mapping."""
        data = self.content("scenario", path)
        root = compose(data, path, self.problems)
        pair = root.items.pop("extends", None) if root is not None else None
        if root is None or pair is None:
            return root
        node = pair[1]
        if not isinstance(node, ScalarEvent) or not node.value:
            self._tell(pair[0], "wrong-shape", "'extends' takes the name of one file", "write extends: FILE.yaml")
            return root
        base = beside(node)
        chain = (*above, path)
        if any(_same(base, file) for file in chain):
            message = f"{shown(node.value)} extends itself" + (" by way of others" if len(chain) > 1 else "")
            self._tell(node, "extends-cycle", message, "extend a file that does not extend this one")
            return root
        try:
            below = self.tree(base, chain)
        except (OSError, ValueError) as error:
            self._tell(node, "no-such-file", *unreadable(node.value, error))
            return root
        return merged(below, root) if below is not None else root

    # ---------------------------------------------------------------------------------------------- tables, ledgers

    def table(self, node: ScalarEvent) -> str | None:
        """The text of a table named in a scenario; None after telling why not."""
        path = beside(node)
        try:
            text = decode(self.content("table", path), path)
        except (OSError, ValueError) as error:
            self._tell(node, "no-such-file", *unreadable(node.value, error))
            return None
        if isinstance(text, Problem):
            self.problems.append(text)
            return None
        return text

    def ledger(self, node: ScalarEvent) -> Ledger | None:
        """The ledger named in a scenario; None after telling why not."""
        path = beside(node)
        if path not in self._ledgers:
            self._ledgers[path] = None
            try:
                files = [str(file) for file in ledger_files(Path(path))]
                self._ledgers[path] = read_texts([(file, self.content("ledger", file)) for file in files])
            except OrgsimError as error:
                self.problems += [_placed(problem, node) for problem in error.problems]
            except (OSError, ValueError) as error:
                self._tell(node, "no-such-file", *unreadable(node.value, error))
        return self._ledgers[path]

    def content(self, role: str, path: str) -> bytes:
        """The bytes of a file, one more than it may have at the most; raises OSError and ValueError."""
        found = self._contents.get((role, path))
        if found is None:
            if Path(path).exists() and not Path(path).is_file():
                raise OSError(errno.EINVAL, "not a regular file", path)
            with Path(path).open("rb") as file:
                found = self._contents[role, path] = file.read(MAX_BYTES + 1)
        return found

    def digest(self) -> str:
        """SHA-256 of the content of all files, in the order in which the scenario names them."""
        digest = hashlib.sha256()
        for (role, _), content in self._contents.items():
            digest.update(f"{role} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()

    def _tell(self, node: Any, rule: str, message: str, hint: str) -> None:
        problem = Problem(node.start_mark.location, rule, message, hint)
        if problem not in self.problems:
            self.problems.append(problem)


def _placed(problem: Problem, node: ScalarEvent) -> Problem:
    """A problem of a ledger; one without a place is told where the ledger is named."""
    return problem if problem.where is not None else attrs.evolve(problem, where=mark_of(node).location)


def unreadable(name: str, error: Exception) -> tuple[str, str]:
    """What to say of a file that cannot be read, and what to do."""
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    hint = "names of files are relative to the file in which they stand"
    return f"cannot read {shown(name)}: {why.lower()}", hint


def beside(node: ScalarEvent) -> str:
    """The path of a file that a scenario names: relative to the file in which the name stands."""
    return os.path.normpath(os.path.join(os.path.dirname(mark_of(node).file), node.value))  # noqa: PTH118, PTH120


def _same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


# ------------------------------------------------------------------------------------------------------------ nodes


def compose(data: bytes, file: str, problems: list[Problem]) -> Mapping | None:
    """The root of a file, every node marked with its file; None, with the problems told, if there is none."""
    text = decode(data, file)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    composer = Composer(text, file)
    root = Mapping(_Start(Mark(file, 0, 0)))
    lists: dict[str, Sequence] = {}
    for key, node in composer.pairs():
        word = key.value
        if word != "events":
            root.items[word] = (key, node)  # type: ignore[assignment]
        elif node is None:
            lists[word] = Sequence(key)
            root.items[word] = (key, lists[word])
        else:
            lists[word].items.append(node)
    problems += [_about_scenarios(problem) for problem in composer.problems]
    root.refused = bool(composer.problems)  # what is missing may stand where the file could not be read
    for key, node in root.items.values():
        _mark(key, file)
        _mark(node, file)
    return root if root.items or not composer.problems else None


@attrs.frozen
class _Start:
    start_mark: Mark


def _about_scenarios(problem: Problem) -> Problem:
    """What the composer says of a ledger, said of a scenario."""
    hint = problem.hint.replace("ledger/1", "scenario/1").replace("a ledger", "a scenario") if problem.hint else None
    return attrs.evolve(problem, hint=hint)


def _mark(node: Any, file: str) -> None:
    at = node.start_mark
    if not isinstance(at, Mark):
        node.start_mark = Mark(file, at.line, at.column)
    if isinstance(node, Mapping):
        for key, value in node.items.values():
            _mark(key, file)
            _mark(value, file)
    elif isinstance(node, Sequence):
        for item in node.items:
            _mark(item, file)


# ---------------------------------------------------------------------------------------------------------- merging


def merged(base: Mapping, over: Mapping) -> Mapping:
    """A mapping over another: keys of both join where they are mappings or lists of things with an id."""
    found = Mapping(over)
    found.refused = base.refused or over.refused
    found.items = dict(base.items)
    for word, (key, node) in over.items.items():
        below = base.items.get(word)
        if below is None:
            found.items[word] = (key, node)
        elif isinstance(below[1], Mapping | Sequence) and _is_nothing(node):
            del found.items[word]
        else:
            found.items[word] = (key, _joined(word, below[1], node))
    return found


def _joined(word: str, base: Node, over: Node) -> Node:
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        laws = LAWS & over.items.keys()
        return over if word in WHOLE or laws else merged(base, over)
    if isinstance(base, Sequence) and isinstance(over, Sequence) and base.items and over.items:
        old, new = _by_id(base), _by_id(over)
        if old is not None and new is not None:
            found = Sequence(over)
            found.items = [merged(node, new.pop(id_)) if id_ in new else node for id_, node in old.items()]
            found.items += new.values()
            return found
    return over


def _is_nothing(node: Node) -> bool:
    return isinstance(node, ScalarEvent) and node.value == NOTHING


def _by_id(node: Sequence) -> dict[str, Mapping] | None:
    """The items of a list by their ids, if each has one and no two the same."""
    found: dict[str, Mapping] = {}
    for item in node.items:
        pair = item.items.get("id") if isinstance(item, Mapping) else None
        if pair is None or not isinstance(pair[1], ScalarEvent) or pair[1].value in found:
            return None
        found[pair[1].value] = item  # type: ignore[assignment]
    return found
