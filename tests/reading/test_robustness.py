"""Whatever the bytes: a ledger, or problems with a place inside the file, and the same ones every time.

The fuzzer of `tests/fuzz` asks the same with many more inputs; what it found is kept below.
"""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orgsim.errors import OrgsimError
from orgsim.reading import compose
from tests.errors.museum import pieces
from tests.fuzz.judge import answer, judged, words
from tests.reading.shape import HEAD, rules, shape, told

SEEDS = [file.read_bytes() for file in sorted(Path(__file__).parents[1].glob("fuzz/seeds/*.yaml"))]
BROKEN = [file.read_bytes() for file in pieces() if file.is_file() and file.stat().st_size < 4096]
WORDS = [word.encode() for word in words()]


def check(data: bytes) -> str:
    """The answer to some bytes, after asking twice."""
    first = answer(data)
    assert answer(data) == first
    return first


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    """Nothing but problems with a place comes of text that is no ledger."""
    check(text.encode("utf-8", "surrogatepass"))


@given(st.binary())
def test_any_bytes_have_an_answer(data: bytes) -> None:
    """Nor of bytes that are no text."""
    check(data)


@given(st.lists(st.sampled_from([*WORDS, b" ", b"\n", b"  ", b": ", b"- ", b"'", b'"']), max_size=60))
def test_any_words_have_an_answer(parts: list[bytes]) -> None:
    """Nor of the words of ledgers and of YAML in any order."""
    check(HEAD.encode() + b"".join(parts))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A ledger, right or wrong, in which a few places are cut, doubled, swapped or written over."""
    data = draw(st.sampled_from(SEEDS + BROKEN))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        other = draw(st.integers(0, len(data)))
        piece = data[start:end]
        what = draw(st.sampled_from(["cut", "double", "move", "word", "byte", "splice"]))
        if what == "cut":
            data = data[:start] + data[end:]
        elif what == "double":
            data = data[:other] + piece + data[other:]
        elif what == "move":
            rest = data[:start] + data[end:]
            data = rest[:other] + piece + rest[other:]
        elif what == "word":
            data = data[:start] + draw(st.sampled_from(WORDS)) + data[end:]
        elif what == "byte":
            data = data[:start] + draw(st.binary(min_size=1, max_size=2)) + data[start + 1 :]
        else:
            more = draw(st.sampled_from(SEEDS + BROKEN))
            data = data[:start] + more[draw(st.integers(0, len(more))) :]
    return data


@given(mutated())
def test_any_mutation_of_a_ledger_has_an_answer(data: bytes) -> None:
    """Nor of a ledger that somebody has spoiled."""
    check(data)


@pytest.mark.slow
@given(st.lists(mutated(), min_size=20, max_size=20))
def test_many_mutations_have_an_answer(many: list[bytes]) -> None:
    """The same, twenty times as often."""
    for data in many:
        check(data)


def test_seeds_are_legal() -> None:
    """The ledgers that are mutated are read as they stand, so that mutations reach every depth of the reader."""
    for data in SEEDS:
        assert "events" in answer(data)
        assert "problem" not in answer(data)


def test_the_judge_bites() -> None:
    """A problem that points outside its file, or shows something hidden, would be noticed."""
    text = f"{HEAD}\n\n\npeple: {{}}\n"
    with pytest.raises(AssertionError):
        judged(error_of(text), b"short")
    assert "peple" in judged(error_of(text), text.encode())


def error_of(text: str) -> OrgsimError:
    """The error that a text raises."""
    return OrgsimError(shape(text)[1])


# ---------------------------------------------------------------------------------------------------------- places


@given(
    st.sampled_from(["unknwon", "x", "語", "a b", "'q u'", '"d\\u00fc"', "1", "true"]),
    st.text(st.sampled_from("ab語é\u0301\N{WAVING HAND SIGN} "), max_size=20).map(lambda text: f"x{text}x"),
    st.booleans(),
    st.booleans(),
)
def test_an_unknown_key_is_told_exactly_where_it_is(key: str, before: str, in_flow: object, crlf: object) -> None:
    """Line and column are those of the key, whatever stands before it and however lines end."""
    items = ["date: 2024-01-01", "event: open-unit", "unit: a", f'name: "{before}"', f"{key}: y"]
    body = "- {" + ", ".join(items) + "}\n" if in_flow else "- " + "\n  ".join(items) + "\n"
    text = f"{HEAD}events:\n{body}"
    places = told(text.replace("\n", "\r\n") if crlf else text)
    assert [rule for rule, _, _ in places] == ["unknown-key"]
    _, line, column = places[0]
    assert text.split("\n")[line - 1][column - 1 :].startswith(f"{key}: y")


# ----------------------------------------------------------------------------------------------- what was found once

FOUND = {
    "keys that are mappings nest without limit": (b"{" * 3000, {"bad-key", "too-deep"}),
    "explicit keys nest without limit": (b"? " * 3000, {"bad-key", "too-deep"}),
    "a mark behind the last line": (b"orgsim: ledger/1\nevents:\n-# A", {"yaml-syntax"}),
    "an empty file that has a line": (b"# A comment", {"empty-file"}),
    "a refused value that is required": (
        HEAD.encode() + b"events:\n- {event: open-unit, unit: a, date: !!int 2024}\n",
        {"tag"},
    ),
    "events that are one event": (HEAD.encode() + b"events: {event: hire}\n", {"wrong-shape"}),
    "a semicolon in a date": (HEAD.encode() + b"events:\n- {event: open-unit, unit: a, date: 1; 2}\n", {"bad-date"}),
    "a value missing at the end of the file": (b"{people", {"wrong-shape", "yaml-syntax"}),
    "an item missing at the end of the file": (HEAD.encode() + b"events:\n-", {"wrong-shape"}),
    "half of a character": (HEAD.encode() + b'people: {a: {name: "\\ud800"}}\n', {"yaml-syntax", "hidden-character"}),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once_stays_found(name: str) -> None:
    """Each input that once made the reader fail, or fail to notice, is told as what it is."""
    data, expected = FOUND[name]
    check(data)
    assert rules(data) & expected
    assert rules(data) <= expected | {"missing-key"}


@pytest.mark.parametrize("key", ["k", "date", "<<", "&a k", "!!str k", "[k]"])
def test_very_many_problems_are_told_up_to_a_bound(key: str) -> None:
    """However much is wrong, and in however few entries, about a thousand problems are told, and soon."""
    one = f"{HEAD}events:\n- {{{f'{key}: x, ' * 3000}}}\n"
    many = f"{HEAD}events:\n" + f"- {{{key}: x, event: nothing}}\n" * 3000
    for text in (one, many):
        problems = shape(text)[1]
        assert len(problems) <= 2 * compose.MAX_PROBLEMS + 10
        assert key == "k" or "too-many-problems" in {problem.rule for problem in problems}


@pytest.mark.parametrize("data", SEEDS + BROKEN, ids=lambda data: data[-60:].decode("utf-8", "replace"))
def test_without_libyaml_the_same_is_told(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no libyaml its slower parser tells the same rules in the same lines."""
    fast = [(rule, line) for rule, line, _ in told(data)]
    monkeypatch.setattr(compose, "_Loader", yaml.SafeLoader)
    assert [(rule, line) for rule, line, _ in told(data)] == fast


@pytest.mark.parametrize("loader", [compose._Loader, yaml.SafeLoader])
@pytest.mark.parametrize("text", ['"\\UFFFFFFFF"', '"\\ud800"', f"%YAML 1.{'9' * 5000}\n--- x\n", '"\\x4', "\t@"])
def test_what_a_parser_cannot_read_is_told(loader: object, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes of no character and versions without end are problems for either parser."""
    monkeypatch.setattr(compose, "_Loader", loader)
    assert rules(text) & {"yaml-syntax", "wrong-shape", "hidden-character"}
    check(text.encode())
