"""Reading for tests: what the reader makes of a text before anybody asks whether the history makes sense."""

from orgsim.errors import Location, Problem
from orgsim.events import Event
from orgsim.reading.reader import Reader

HEAD = "orgsim: ledger/1\n"


def shape(text: str | bytes) -> tuple[list[Event], list[Problem]]:
    """The events of one file, and its problems of shape."""
    reader = Reader()
    reader.read_file("f.yaml", text if isinstance(text, bytes) else text.encode())
    return reader.events, reader.problems


def told(text: str | bytes) -> list[tuple[str, int, int]]:
    """The rule, line and column of each problem of shape, in order."""
    return sorted((p.rule, *_place(p.where)) for p in shape(text)[1])


def rules(text: str | bytes) -> set[str]:
    """The rules a text breaks."""
    return {problem.rule for problem in shape(text)[1]}


def _place(where: Location | None) -> tuple[int, int]:
    assert where is not None
    return where.line, where.column
