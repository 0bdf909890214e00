"""How problems are shown: the caret stands under the word, and nothing hidden reaches a terminal."""

import json
import os
import re
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.errors import Location, Problem
from orgsim.excerpt import FORMATS, MOST_LINES, WIDTH, read_file, render, visible

HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def excerpt(text: str, line: int, column: int, rule: str = "unknown-key") -> list[str]:
    """The lines shown between message and summary."""
    problem = Problem(Location("f.yaml", line, column), rule, "wrong")
    return render([problem], "text", lambda _: text).splitlines()[1:-1]


def columns(text: str) -> int:
    """How many columns a text takes, reckoned here on its own, for letters and tabs at stops of eight."""
    at = 0
    for char in text:
        if char == "\t":
            at += 8 - at % 8
        elif unicodedata.combining(char) == 0:
            at += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return at


def pointed_at(shown: list[str]) -> str:
    """What stands above the carets, by columns of a terminal."""
    line, carets = shown
    start, end = columns(carets[: carets.index("^")]), columns(carets)
    return "".join(char for i, char in enumerate(line) if start <= columns(line[:i]) < end)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("- {date: 2023-05-02, event: appoint, pots: cto}", "pots"),
        ("  ada: {name: Ada, nick: foo bar}", "nick"),
        ("  ada: {name: Ada Lovelace, note: x}", "Ada Lovelace"),
        ("    note: Ada, of course # really", "Ada, of course"),
        ('  grace: {name: "マーク・チェン", alias: x}', "alias"),
        ('  grace: {name: "마크 첸", alias: x}', "alias"),
        ("  zoe: {name: Zoe\u0308 \u0915\u094d\u0937, alias: x}", "alias"),
        ("  tab:\t\t{name: Tab\t, alias: x}", "alias"),
        ("  url: {name: http://a.example/#x, alias: x}", "http://a.example/#x"),
        ("  q: 'it''s so' # x", "'it''s so'"),
        ('  q: {a: "x \\" y", b: 1}', '"x \\" y"'),
        ("  - &anchor {a: b}", "&anchor"),
        ("  a: !!int 3", "!!int"),
    ],
)
def test_the_caret_stands_under_the_word(line: str, word: str) -> None:
    """Wide, combining and tabulated characters before a word do not move the caret away from it."""
    shown = excerpt(f"above\n{line}\nbelow", 2, line.index(word) + 1)
    assert shown[0] == f"    2 | {line}"
    assert pointed_at(shown) == word


@given(st.text(st.sampled_from("ab語\u0301\té "), max_size=60))
def test_the_caret_stands_under_the_word_whatever_stands_before(before: str) -> None:
    """A word is pointed at after any mixture of widths, also when the line is cut."""
    shown = excerpt(f"{before}: {{word: x}}", 1, len(before) + 4)
    assert pointed_at(shown) == "word"


@pytest.mark.parametrize("before", [0, 1, 90, 110, 119, 120, 500, 65_000])
@pytest.mark.parametrize("after", [0, 20, 500])
def test_a_long_line_is_cut_around_the_word(before: int, after: int) -> None:
    """However long a line is, what is shown of it fits, has the word, and says where it was cut."""
    line = f"{'x' * before}, word: {'y' * after}"
    shown = excerpt(f"{{ {line}", 1, before + 5)
    text = shown[0].removeprefix("    1 | ")
    assert len(text) <= WIDTH
    assert pointed_at(shown) == "word"
    assert text.startswith("…") == (not text.startswith("{"))
    assert text.endswith("…") == (not text.endswith(("y", "word:")) or len(text) < len(line) - before)


def test_a_long_line_of_wide_characters_is_cut() -> None:
    """Wide characters count twice, so a line of them is cut earlier."""
    shown = excerpt(f"{'語' * 200}: {{word: x}}", 1, 204)
    assert columns(shown[0]) <= WIDTH + len("    1 | ")
    assert pointed_at(shown) == "word"


@given(st.text(max_size=80), st.integers(1, 5), st.integers(1, 90), st.sampled_from(["unknown-key", "post-is-full"]))
def test_nothing_hidden_is_printed(text: str, line: int, column: int, rule: str) -> None:
    """Whatever a file holds and wherever a problem points, no control or bidi character is printed raw."""
    problem = Problem(Location(text, line, column), rule, text, text, (Location(text, 1, 1),))
    for name in FORMATS:
        assert HARMFUL.search(render([problem], name, lambda _: text).replace("\t", "")) is None


def test_hidden_characters_are_written_out() -> None:
    """A control or bidi character in the user's line is shown as an escape, and pointed at with its whole width."""
    assert excerpt('name: "A\u202eB"', 1, 9, "hidden-character") == [
        '    1 | name: "A\\u202eB"',
        "      |         ^^^^^^",
    ]
    assert visible("\x1b[2J \x85 \U0001fffe") == "\\x1b[2J \\x85 \\U0001fffe"
    assert visible("a\u00adb\u200bc\u2060d\U000e0041") == "a\\xadb\\u200bc\\u2060d\\U000e0041"
    assert visible("Zoë 語 \u200d \N{WAVING HAND SIGN}") == "Zoë 語 \u200d \N{WAVING HAND SIGN}"


def test_an_entry_is_shown_whole() -> None:
    """A problem of history shows all lines of its entry, without a caret, and no line of the next."""
    text = "events:\n- date: 2023-01-01\n  event: hire\n\n  # why\n  person: ada\n# next\n- date: 2024-01-01\n"
    shown = excerpt(text, 2, 3, "already-employed")
    assert shown == [
        "    2 | - date: 2023-01-01",
        "    3 |   event: hire",
        "    4 |",
        "    5 |   # why",
        "    6 |   person: ada",
    ]
    flow = "events:\n  - {date: 2023-01-01,\n     event: hire,\n     person: ada}\n  - {date: 2024}\n"
    assert [line[:7] for line in excerpt(flow, 2, 5, "already-employed")] == ["    2 |", "    3 |", "    4 |"]
    in_brackets = "events: [{date: 2023,\n event: hire}]\nx: y\n"
    assert [line[:7] for line in excerpt(in_brackets, 1, 10, "already-employed")] == ["    1 |"]


def test_a_long_entry_is_cut() -> None:
    """Of an entry of very many lines the first are shown."""
    text = "- a: b\n" + "  c: d\n" * 100
    shown = excerpt(text, 1, 3, "already-employed")
    assert len(shown) == MOST_LINES + 1
    assert shown[-1] == "      | …"


def test_a_file_that_vanished_gives_no_excerpt(tmp_path: Path) -> None:
    """The message is told even when the file cannot be read any more, or has become shorter."""
    gone = tmp_path / "gone.yaml"
    problem = Problem(Location(str(gone), 3, 1), "unknown-key", "wrong", "right it")
    assert render([problem]) == f"{gone}:3:1: error: wrong [unknown-key]\n  hint: right it\n1 problem\n"
    gone.write_text("short", "utf-8")
    assert render([problem]) == f"{gone}:3:1: error: wrong [unknown-key]\n  hint: right it\n1 problem\n"
    assert read_file("\0") is None


def test_a_row_of_parquet_has_no_line_to_show(tmp_path: Path) -> None:
    """A problem of a Parquet file names its row; its bytes are not read as text."""
    path = tmp_path / "ledger.PARQUET"
    path.write_bytes(b"PAR1\nline two\nPAR1")
    problem = Problem(Location(str(path), 2, 1), "not-employed", "nobody", "hire first")
    assert render([problem]) == f"{path}:2:1: error: nobody [not-employed]\n  hint: hire first\n1 problem\n"


def test_what_is_no_file_or_too_large_is_not_read_again(tmp_path: Path) -> None:
    """A folder gives no excerpt, a pipe is not waited for, and a problem about a whole file does not read it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert read_file(str(tmp_path)) is None
    assert read_file(str(pipe)) is None
    problem = Problem(Location("huge.yaml", 1, 1), "file-too-large", "too large")

    def fail(name: str) -> str:
        raise AssertionError(name)

    assert render([problem], "text", fail) == "huge.yaml:1:1: error: too large [file-too-large]\n1 problem\n"


def test_the_file_is_read_as_it_is(tmp_path: Path) -> None:
    """A byte order mark and CRLF leave columns alone; bytes that are no UTF-8 are written out."""
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfword: \xff\r\nnext: x\r\n")
    problem = Problem(Location(str(file), 1, 7), "not-utf-8", "wrong")
    shown = render([problem, problem]).splitlines()
    assert shown[1:3] == ["    1 | word: \\xff", "      |       ^^^^"]
    assert shown[-1] == "2 problems"


def test_a_problem_without_a_place_is_told() -> None:
    """Problems of events made in Python have no file to show."""
    problem = Problem(None, "post-is-full", "post 'cto' is full")
    assert render([problem]) == "error: post 'cto' is full [post-is-full]\n1 problem\n"
    assert json.loads(render([problem], "json"))[0]["file"] is None
    assert render([problem], "github") == "::error title=post-is-full::post 'cto' is full\n"
    assert render([]) == "0 problems\n"


def test_json_has_every_part() -> None:
    """Tools get objects with file, line, column, rule, message, hint and related places."""
    problem = Problem(Location("a.yaml", 2, 3), "post-is-full", "“full”", "wait", (Location("b.yaml", 4, 5),))
    text = render([problem], "json")
    assert text.isascii()
    assert json.loads(text) == [
        {
            "file": "a.yaml",
            "line": 2,
            "column": 3,
            "rule": "post-is-full",
            "message": "“full”",
            "hint": "wait",
            "related": [{"file": "b.yaml", "line": 4, "column": 5}],
        }
    ]


def test_annotations_are_escaped() -> None:
    """What would end a property or a line of an annotation is escaped."""
    problem = Problem(Location("a,b:c%.yaml", 2, 3), "bad-id", "50 % of\r\nit: a, b", "wait", (Location("b", 4, 5),))
    assert render([problem], "github") == (
        "::error file=a%2Cb%3Ac%25.yaml,line=2,col=3,title=bad-id::50 %25 of%0D%0Ait: a, b%0Ahint: wait%0Asee: b:4:5\n"
    )


def test_an_unknown_format_is_a_wrong_call() -> None:
    """Only the formats listed exist."""
    with pytest.raises(ValueError, match="'xml' is not one of text, json, github"):
        render([], "xml")


@pytest.mark.parametrize("rule", ["unknown-key", "post-is-full"])
def test_problems_on_one_endless_line_are_shown_soon(rule: str) -> None:
    """What is shown of a line costs what is shown, not what the line is long."""
    text = "{" + "k: v, " * 200_000
    problems = [Problem(Location("f.yaml", 1, 2 + 6 * i), rule, "wrong") for i in range(500)]
    started = time.process_time()
    shown = render(problems, "text", lambda _: text)
    assert time.process_time() - started < 2
    assert all(columns(line) <= WIDTH + len("    1 | ") for line in shown.splitlines())
