"""What must hold of the reader whatever the bytes; shared by the fuzzer and by the tests of `tests/reading`."""

import re

import attrs

from orgsim.errors import OrgsimError
from orgsim.events import KINDS
from orgsim.excerpt import FORMATS, render
from orgsim.reading.reader import HEADER, read_texts
from orgsim.values import key_of

FILE = "f.yaml"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def answer(data: bytes) -> str:
    """What the reader says of one file; anything but a ledger or located problems escapes."""
    try:
        ledger = read_texts([(FILE, data)])
    except OrgsimError as error:
        return judged(error, data)
    return f"{len(ledger.events)} events, {len(ledger.people)} people, {len(ledger.sources)} sources"


def judged(error: OrgsimError, data: bytes) -> str:
    """The problems as text, after looking at where they point and what they show."""
    assert error.problems
    text = data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    lines = text.split("\n")
    for problem in error.problems:
        for where in (problem.where, *problem.related):
            assert where is not None, problem
            assert where.file == FILE, problem
            assert 1 <= where.line <= len(lines), problem
            assert 1 <= where.column <= len(lines[where.line - 1]) + 1, problem
        assert problem.message, problem
    shown = [render(error.problems, name, lambda _: text) for name in FORMATS]
    assert not any(map(HARMFUL.search, shown)), shown
    return shown[0]


def words() -> list[str]:
    """Every key, every word of a choice, and what YAML gives a meaning."""
    found = {*KINDS, *HEADER, "ledger/1", "name", "aliases", "title", "published", "line", "quote"}
    for cls in KINDS.values():
        for field in attrs.fields(cls):
            found.update([key_of(field), *field.metadata.get("options", ())])
    found.update(["2024-01-01", "2024", "..", "true", "null", "none", "unknown", "any", "- {", "}\n", ": ", ", "])
    found.update(["&a ", "*a", "!!int ", "<<", "---\n", "...\n", "%YAML 1.1\n", "? ", "|\n", "[", "]", '"\\u202e"'])
    return sorted(found)
