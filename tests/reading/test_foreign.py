"""YAML and JSON that others wrote: every scalar a text, within bounds, and every failure at a line."""

import pytest

from orgsim.reading import foreign
from orgsim.reading.foreign import ForeignError, read_json, read_yaml, texts


def test_every_scalar_is_the_text_that_is_written() -> None:
    """Nothing is taken for a number, a truth or a date; only an empty value is none."""
    text = b"a: NO\nb: 012\nc: 1:30\nd:\ne: ~\nf: 'null'\ng: 2024-02-30\nh: !!python/object:os.system x\n"
    assert texts(read_yaml(text).root) == {
        "a": "NO",
        "b": "012",
        "c": "1:30",
        "d": None,
        "e": None,
        "f": "null",
        "g": "2024-02-30",
        "h": "x",
    }
    assert texts(read_json(b'{"a": 1.50}').root) == {"a": "1.50"}
    assert texts(read_json(b'[true, null, NaN, "x"]').root) == ["true", None, "NaN", "x"]


def test_anchors_and_merge_keys_are_written_out() -> None:
    """An alias stands for what it names; a merged key yields to one that is written."""
    assert texts(read_yaml(b"a: &x {k: 1, l: 2}\nb: *x\nc: {<<: *x, l: 3}\n").root) == {
        "a": {"k": "1", "l": "2"},
        "b": {"k": "1", "l": "2"},
        "c": {"k": "1", "l": "3"},
    }


def test_lines_are_kept() -> None:
    """A node knows the line on which it begins, and a key given twice is told."""
    tree = read_yaml(b"a:\n- x\n- y: 1\na: 2\n")
    assert isinstance(tree.root.value, dict)
    items = tree.root.value["a"].value
    assert isinstance(items, list)
    assert [node.line for node in items] == [2, 3]
    assert tree.doubles == [(4, "a")]


BOMB = b"".join(
    b"%c: &%c [%s]\n" % (97 + at, 97 + at, b", ".join([b"*%c" % (96 + at) if at else b"x"] * 9)) for at in range(9)
)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (BOMB, 7, "stands for more than"),
        (b"[" * 100_000, 1, "deeper than"),
        (b"- " * 100_000, 1, "deeper than"),
        (b"a: 'x", 1, "not YAML"),
        (b"a: *b", 1, "names nothing above"),
        (b"a: &a [*a]", 1, "names nothing above"),
        (b"? [a]\n: b", 1, "a key is no text"),
        (b"a: 1\n---\nb: 2\n", 2, "second document"),
        (b"", 1, "empty"),
        (b"a: \xff", 1, "not UTF-8"),
        (b"a: \0", 1, "hidden character"),
        (b"a: " + b"x" * 70_000, 1, "longer than"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_line(data: bytes, line: int, message: str) -> None:
    """Broken and hostile YAML ends in one problem with a line."""
    with pytest.raises(ForeignError, match=message) as raised:
        read_yaml(data)
    assert raised.value.line == line


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"[" * 100_000, "deeper than"), (b"[" * 100 + b"]" * 100, "deeper than"), (b"{", "not JSON"), (b"", "not JSON")],
)
def test_json_that_cannot_be_read_is_told(data: bytes, message: str) -> None:
    """Broken and hostile JSON ends in one problem."""
    with pytest.raises(ForeignError, match=message):
        read_json(data)


def test_the_bound_of_a_tree_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more values than the bound is refused."""
    monkeypatch.setattr(foreign, "MAX_NODES", 3)
    assert read_yaml(b"[a, b]").root.size == 3
    with pytest.raises(ForeignError, match="more than 3 values"):
        read_yaml(b"[a, b, c]")


def test_another_encoding_is_read_where_it_is_named() -> None:
    """A file in another encoding is read in it, and refused where it is not in it."""
    assert texts(read_yaml("a: é".encode("cp1252"), "cp1252").root) == {"a": "é"}
    with pytest.raises(ForeignError, match="the file is not utf-16"):
        read_yaml(b"abc", "utf-16")
