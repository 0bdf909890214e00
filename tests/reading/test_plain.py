"""Only plain YAML is read: what makes YAML surprising or dangerous is refused, at its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.reading import compose
from orgsim.values import TYPES, BadValueError
from tests.reading.shape import HEAD, rules, shape, told

EVENT = "{date: 2024-01-01, event: open-unit, unit: a}"


def one(value: str) -> str:
    """A ledger whose only event has a value, as it stands, for its unit."""
    return f"{HEAD}events:\n- {{date: 2024-01-01, event: open-unit, unit: {value}}}\n"


# --------------------------------------------------------------------------------------------------- duplicate keys

KEYS = {"date": "2024-01-01", "event": "open-unit", "unit": "a", "name": "A", "kind": "team", "note": "x", "by": "b"}


@given(st.permutations(sorted(KEYS)), st.sampled_from(sorted(KEYS)), st.sampled_from(["{}", "'{}'", '"{}"']), st.data())
def test_every_key_given_twice_is_told(order: list[str], twice: str, quoting: str, data: st.DataObject) -> None:
    """Whichever key is repeated, wherever and however quoted, the second place is told and the first one shown."""
    items = [(key, key) for key in order]
    at = data.draw(st.integers(order.index(twice) + 1, len(items)))
    items.insert(at, (twice, quoting.format(twice)))
    in_flow = data.draw(st.booleans())
    lines = [f"{written}: {KEYS[key]}" for key, written in items]
    text = HEAD + "events:\n- " + ("{" + ", ".join(lines) + "}" if in_flow else "\n  ".join(lines)) + "\n"
    problems = shape(text)[1]
    assert [p.rule for p in problems] == ["duplicate-key"]
    where, first = problems[0].where, problems[0].related[0]
    assert where is not None
    for place, words in ((where, quoting.format(twice)), (first, twice)):
        assert text.split("\n")[place.line - 1][place.column - 1 :].startswith(f"{words}: ")
    assert first < where


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (HEAD + HEAD, [(2, 1)]),
        (HEAD + "people:\n  a: {name: A}\n  a: {name: B}\n", [(4, 3)]),
        (HEAD + "events: []\nevents: []\n", [(3, 1)]),
        (HEAD + "people:\n  a: {name: A, name: B, name: C}\n", [(3, 16), (3, 25)]),
        (one("{b: {c: 1, c: 2}}"), [(3, 57)]),
    ],
)
def test_a_key_given_twice_is_told_at_every_level(text: str, places: list[tuple[int, int]]) -> None:
    """At the top, among people, in a source, or in something that does not even belong there."""
    assert [place[1:] for place in told(text) if place[0] == "duplicate-key"] == places


def test_keys_that_yaml_would_fold_into_one_are_told_apart() -> None:
    """`1`, `1.0` and `true` are three keys, since every key is text."""
    assert [rule for rule, _, _ in told(HEAD + "1: a\n1.0: b\ntrue: c\n")] == ["unknown-key"] * 3


# ------------------------------------------------------------------------------------- anchors, tags and the like


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (one("&a b"), {("anchor", 3, 46)}),
        (HEAD + f"events:\n- &a {EVENT}\n- *a\n", {("anchor", 3, 3), ("anchor", 4, 3)}),
        (HEAD + f"events: &a\n- {EVENT}\n", {("anchor", 2, 9)}),
        (HEAD + "&a organization: b\n", {("anchor", 2, 1)}),
        (HEAD + "events: *a\n", {("anchor", 2, 9)}),
        (f"&a\n{HEAD}", {("anchor", 1, 1)}),
        (HEAD + "people:\n  <<: {a: {name: A}}\n", {("merge-key", 3, 3)}),
        (HEAD + f"events:\n- {{<<: *a, {EVENT[1:]}\n", {("merge-key", 3, 4), ("anchor", 3, 8)}),
        (HEAD + "---\n" + HEAD, {("second-document", 2, 1)}),
        (HEAD + "...\n---\n", {("second-document", 3, 1)}),
        ("%YAML 1.1\n---\n" + HEAD, {("yaml-directive", 1, 1)}),
        ("%TAG ! tag:a.example,2024:\n---\n" + HEAD, {("yaml-directive", 1, 1)}),
        (HEAD + "{a: b}: c\n", {("bad-key", 2, 1)}),
        (HEAD + "[a]: b\n", {("bad-key", 2, 1)}),
        (HEAD + "? {a: &x b, a: !!int c}\n: d\n", {("bad-key", 2, 3)}),
        (HEAD + "events: {date: 2024}\n", {("wrong-shape", 2, 9)}),
        (HEAD + "events: none\n", {("wrong-shape", 2, 9)}),
        (HEAD + "events:\n", {("wrong-shape", 2, 1)}),
        (HEAD + "events:\n- a\n-\n- [b]\n", {("wrong-shape", 3, 3), ("wrong-shape", 4, 2), ("wrong-shape", 5, 3)}),
    ],
)
def test_what_is_not_plain_is_told_at_its_place(text: str, expected: set[tuple[str, int, int]]) -> None:
    """Anchors, aliases, merge keys, directives, second documents and strange keys are refused where they stand."""
    assert set(told(text)) - {("missing-key", 1, 1)} == expected


@pytest.mark.parametrize(
    "tag",
    [
        *("!!binary", "!!bool", "!!float", "!!int", "!!map", "!!merge", "!!null", "!!omap", "!!pairs", "!!seq"),
        *("!!set", "!!str", "!!timestamp", "!!value", "!!yaml"),
        "!!python/none",
        "!!python/object/apply:os.system",
        "!!python/name:os.system",
        "!!python/object/new:type",
        "!",
        "!local",
        "!<tag:yaml.org,2002:str>",
        "!<!>",
    ],
)
def test_every_tag_is_refused(tag: str) -> None:
    """A tag is refused whatever it is and whatever it stands before, also where the value would do without it."""
    for value in ("", "x", "'x'", "[x]", "{x: y}"):
        places = [place for place in told(one(f"{tag} {value}")) if place[0] == "tag"]
        assert places == [("tag", 3, 46)]


@pytest.mark.parametrize("levels", [3, 30, 300])
def test_bombs_of_aliases_do_nothing(levels: int) -> None:
    """What would expand to the power of its levels is refused at its first anchor, and never expanded."""
    lists = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, levels))
    merges = "a0: &a0 {k: v}\n" + "".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, levels))
    for bomb in (lists, merges):
        assert ("anchor", 2, 5) in told(HEAD + bomb)


# ------------------------------------------------------------------------------------------------------ too much


def test_a_file_may_be_large_but_not_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of the greatest size is read, and one byte more is not."""
    text = (HEAD + f"events:\n- {EVENT}\n").encode()
    monkeypatch.setattr(compose, "MAX_BYTES", len(text))
    assert rules(text) == set()
    assert told(text + b"\n") == [("file-too-large", 1, 1)]


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_text_may_be_long_but_not_endless(quote: str) -> None:
    """A note of the greatest length is read, and one character more is not; the same in any script."""
    for char in ("a", "語"):
        for more, expected in ((0, set()), (1, {"text-too-long"})):
            text = quote + char * (compose.MAX_SCALAR + more) + quote
            note = f"{HEAD}events:\n- {{date: 2024-01-01, event: open-unit, unit: a, note: {text}}}\n"
            assert rules(note) == expected


def test_nesting_has_a_limit() -> None:
    """The deepest nesting allowed is wrong for other reasons only; one level more is too deep."""
    deepest = compose.MAX_DEPTH - 2  # the file, its events and the event are levels too
    assert rules(one("[" * deepest + "]" * deepest)) == {"wrong-shape"}
    assert "too-deep" in rules(one("[" * (deepest + 1) + "]" * (deepest + 1)))


@pytest.mark.parametrize("parse", [type_.parse for type_ in TYPES.values()], ids=list(TYPES))
@pytest.mark.parametrize(
    "text", ["9" * 65_536, "2024-" * 13_000, "." * 65_536, "0." * 30_000, "..2024" * 10_000, "1; " * 9]
)
def test_messages_stay_short(parse: object, text: str) -> None:
    """However long a wrong value is, the message about it can be read."""
    assert callable(parse)
    message = hint = ""
    try:
        parse(text)
    except BadValueError as error:
        message, hint = error.message, error.hint or ""
    assert len(message) < 200
    assert len(hint) < 200
    assert message.count("'") != 1
