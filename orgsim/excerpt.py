"""Problems as a person or a tool reads them: text with the user's own lines, JSON, or annotations of a forge.

The lines are read again when a problem is shown, so a ledger that is in order never pays for it; a file that has
vanished since gives no excerpt.  Nothing here knows rules, only whether a problem points at a word or at an entry.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from orgsim.errors import Location, Problem

FORMATS = ("text", "json", "github")
WIDTH = 120
"""How many columns of a line are shown."""
MOST_LINES = 12
"""How many lines of an entry are shown."""
OF_ENTRY = frozenset(["missing-key", "not-together"])
"""Rules of shape that are about a whole entry."""
OF_FILE = frozenset(["bad-value", "empty-file", "file-too-large", "no-files"])
"""Rules of shape that are about no line."""
_OF_SHAPE = """
anchor bad-choice bad-date bad-day bad-id bad-key bad-number bad-text bad-word bad-yes-no declared-twice duplicate-key
events-not-last hidden-character merge-key missing-value not-utf-8 second-document tag text-too-long too-deep
too-many-problems unknown-event-kind unknown-key unknown-version wrong-shape yaml-directive yaml-syntax
"""
AT_A_WORD = frozenset(_OF_SHAPE.split())
"""Rules of shape, which point at the very key or value; rules of history point at the entry and show all of it."""
_OF_SCENARIOS = """
bad-amount bad-currency bad-duration bad-factor bad-law bad-rate bad-seed bad-share bad-table empty-period
extends-cycle id-given-twice id-in-use levels-missing no-organization no-such-cause no-such-file no-such-label
no-such-level no-such-measure no-such-person no-such-post no-such-stage no-such-unit not-stationary outside-period
stage-ahead too-many-posts unknown-law
"""
AT_A_WORD_OF_SCENARIOS = frozenset(_OF_SCENARIOS.split())
"""Rules of scenarios, which all point at a word, but for the one about a planned event."""
AT_A_CHARACTER = frozenset(["hidden-character", "not-utf-8", "yaml-syntax"])
"""Those of them that are not about a whole word."""

ReadText = Callable[[str], str | None]


def read_file(name: str) -> str | None:
    """The text of a file as far as it can be had; bytes that are no UTF-8 are kept as lone surrogates.

    A Parquet file has rows, but no lines to show.
    """
    if name.lower().endswith(".parquet"):
        return None
    try:
        path = Path(name)
        data = path.read_bytes() if path.is_file() else None
    except (OSError, ValueError):
        return None
    return None if data is None else data.decode("utf-8", "surrogateescape")


def render(problems: Iterable[Problem], format_: str = "text", read_text: ReadText = read_file) -> str:
    """All problems in one of the `FORMATS`, ready to print."""
    if format_ == "json":
        # Everything but ASCII is escaped, so that nothing hidden reaches a terminal.
        return json.dumps([_as_object(problem) for problem in problems], indent=2) + "\n"
    if format_ == "github":
        return "".join(f"{_annotation(problem)}\n" for problem in problems)
    if format_ != "text":
        raise ValueError(f"{format_!r} is not one of {', '.join(FORMATS)}")

    @cache
    def lines_of(file: str) -> list[str]:
        text = read_text(file)
        if text is None:
            return []
        return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]

    shown = [_as_text(problem, lines_of) for problem in problems]
    count = f"{len(shown)} problem{'' if len(shown) == 1 else 's'}"
    return "\n".join([*shown, count]) + "\n"


# ------------------------------------------------------------------------------------------------------------- text


def _as_text(problem: Problem, lines_of: Callable[[str], list[str]]) -> str:
    where = problem.where
    place = f"{where}: " if where is not None else ""
    parts = [visible(f"{place}error: {problem.message} [{problem.rule}]")]
    if where is not None and problem.rule not in OF_FILE:
        parts += _excerpt(where, problem.rule, lines_of(where.file))
    if problem.hint is not None:
        parts.append(visible(f"  hint: {problem.hint}"))
    parts += [visible(f"  see: {related}") for related in problem.related if related != where]
    return "\n".join(parts)


def _excerpt(where: Location, rule: str, lines: list[str]) -> list[str]:
    """The line with a caret under the word meant, or all lines of the entry."""
    first = where.line - 1
    if not 0 <= first < len(lines):
        return []
    line, column = lines[first], where.column - 1
    if rule in AT_A_WORD or rule in AT_A_WORD_OF_SCENARIOS:
        line, at = _near(line, min(column, len(line)))
        length = 1 if rule in AT_A_CHARACTER else _length_of_word(line, at)
        shown, caret = _pointed(line, at, at + length)
        return [_gutter(where.line, shown), _gutter(None, caret)] if shown.strip() else []
    last = where.end_line or _end_of_entry(lines, first, column)
    kept = range(first, min(last, first + MOST_LINES))
    cut = [_gutter(None, "…")] if last > first + MOST_LINES else []
    return [_gutter(number + 1, _cut(*_near(lines[number], column))) for number in kept] + cut


def _near(line: str, column: int) -> tuple[str, int]:
    """What may be in sight of a column, and the column in it: a line can be as long as a file."""
    start = max(0, column - 4 * WIDTH)
    before, after = "…" if start else "", "…" if len(line) > column + 4 * WIDTH else ""
    return before + line[start : column + 4 * WIDTH] + after, column - start + len(before)


def _gutter(number: int | None, text: str) -> str:
    return f"{number or '':>5} | {text}".rstrip()


def _end_of_entry(lines: list[str], first: int, column: int) -> int:
    """The number of the last line of the entry that begins at a place; its lines are indented deeper than its dash."""
    before = lines[first][:column]
    dash = before.rfind("-")
    depth = dash if dash >= 0 and not before[:dash].strip(" -") else column
    last = first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            if indent <= depth:
                break
            if not line.lstrip().startswith("#"):
                last = number + 1
    return last


def _pointed(line: str, column: int, end: int) -> tuple[str, str]:
    """A line as it is shown, and the line beneath it that points at what stands from a column to another."""
    shown, start, dots = _cut_around(line, column, end)
    before = line[start:column]
    # A tab reaches as far beneath as above, since both lines have the same gutter.
    gap = dots + "".join("\t" if c == "\t" else " " * w for c, w in zip(before, _widths(before), strict=True))
    room = max(1, _shown_width(shown) - _shown_width(gap))
    return shown, gap + "^" * max(1, min(sum(_widths(line[column:end])), room))


_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)""")
_MARKED = re.compile(r"[&*!%][^\s,\[\]{}]*")
_PLAIN_IN_BRACKETS = re.compile(r"(?:[^\s,\[\]{}:#]|:(?![\s,\[\]{}]|$)|(?<=\S)#|[ \t]+(?![\s#,\[\]{}:]|$))+")
_PLAIN = re.compile(r"(?:[^\s:#]|:(?!\s|$)|(?<=\S)#|[ \t]+(?![\s#]|$))+")


def _length_of_word(line: str, column: int) -> int:
    """How many characters the key or value at a column has."""
    here = line[column : column + 1]
    if not here or here in "{[" or visible(here) != here:
        return 1
    if here in "\"'":
        pattern = _QUOTED
    elif here in "&*!%":
        pattern = _MARKED
    else:
        pattern = _PLAIN_IN_BRACKETS if _in_brackets(line[:column]) else _PLAIN
    found = pattern.match(line, column)
    return len(found[0]) if found is not None else 1


def _in_brackets(before: str) -> bool:
    bare = _QUOTED.sub("", before)
    return sum(map(bare.count, "{[")) > sum(map(bare.count, "}]"))


# ------------------------------------------------------------------------------------------------- what a line takes


def visible(text: str) -> str:
    """The text with everything a terminal would obey or hide written out, like an escape in quotes."""
    return text if text.isprintable() else "".join(map(_glyph, text))


@cache
def _glyph(char: str) -> str:
    if char == "\t" or _HARMFUL.fullmatch(char) is None:
        return char
    if "\udc80" <= char <= "\udcff":  # a byte that is no UTF-8, kept by `surrogateescape`
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("ascii", "backslashreplace").decode() if not char.isascii() else f"\\x{ord(char):02x}"


# Controls, marks of direction, separators of lines, annotations, surrogates, what is never a character; then what
# takes no room and so cannot be seen.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef"
    "\u00ad\u180e\u200b\u2060-\u2064\U000e0000-\U000e007f"
    + "".join(chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_JOINER = "\u200d"


def _widths(text: str) -> list[int]:
    """How many columns of a terminal each character takes, once made visible; a tab counts as one."""
    # What follows a joiner is drawn into the picture before it.
    return [0 if before == _JOINER else _width(char) for before, char in zip(" " + text, text, strict=False)]


@cache
def _width(char: str) -> int:
    glyph = _glyph(char)
    if glyph != char:
        return len(glyph)
    if char == "\t":
        return 1
    # Vowels and final consonants of Korean join the consonant before them.
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _shown_width(text: str) -> int:
    return sum(_widths(text))


def _cut(line: str, column: int) -> str:
    """As much of a line as fits, from its beginning if the column is then in sight."""
    return _cut_around(line, column, column + 1)[0]


def _cut_around(line: str, column: int, end: int) -> tuple[str, int, str]:
    """The part of a line that is shown, where it starts, and the room that the dots before it take."""
    widths = _widths(line)
    if sum(widths) <= WIDTH:
        return visible(line), 0, ""
    room, start, stop = WIDTH - 2, column, column
    if sum(widths[: min(end, column + 40)]) < room:
        start = 0
    else:
        before = WIDTH // 3
        while start > 0 and before >= widths[start - 1]:
            start -= 1
            before -= widths[start]
        while start > 0 and widths[start] == 0:
            start -= 1
    used = sum(widths[start:column])
    while stop < len(line) and used + widths[stop] <= room:
        used += widths[stop]
        stop += 1
    head, tail = "…" if start else "", "…" if stop < len(line) else ""
    return head + visible(line[start:stop]) + tail, start, " " if start else ""


# -------------------------------------------------------------------------------------------------------- for tools


def _place(where: Location | None) -> dict[str, Any]:
    if where is None:
        return {"file": None, "line": None, "column": None}
    return {"file": where.file, "line": where.line, "column": where.column}


def _as_object(problem: Problem) -> dict[str, Any]:
    return {
        **_place(problem.where),
        "rule": problem.rule,
        "message": problem.message,
        "hint": problem.hint,
        "related": [_place(where) for where in problem.related],
    }


def _annotation(problem: Problem) -> str:
    where = problem.where
    parts = {"file": where.file, "line": where.line, "col": where.column} if where is not None else {}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in {**parts, "title": problem.rule}.items())
    lines = [problem.message]
    if problem.hint is not None:
        lines.append(f"hint: {problem.hint}")
    lines += [f"see: {related}" for related in problem.related]
    return f"::error {properties}::{_data(chr(10).join(lines))}"


def _data(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
