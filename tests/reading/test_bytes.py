"""A ledger is UTF-8 text all of which can be seen: any other byte is told where it is."""

import pytest

from orgsim.reading.reader import read_texts
from tests.reading.shape import HEAD, rules, shape, told

BEFORE = "orgsim: ledger/1\npeople:\n  ada: {name: Zoë "
POSITIONS = (b"", b"orgsim: ledger/1\npeople:\n  a", BEFORE.encode())
PRINTABLE = {*range(0x20, 0x7F)}


def place_after(data: bytes) -> tuple[int, int]:
    """The line and column of what follows some bytes, counted here on their own."""
    line = data.rpartition(b"\n")[2].decode()
    return data.count(b"\n") + 1, len(line) + 1


@pytest.mark.parametrize("before", POSITIONS, ids=["at the start", "in a key", "in a value"])
def test_every_single_byte_is_read_or_told_at_its_place(before: bytes) -> None:
    """Of all 256 bytes, those beyond ASCII are no UTF-8 alone, and those below the blank are hidden."""
    for byte in range(256):
        places = told(before + bytes([byte]) + b"b: {name: B}}\n")
        at = place_after(before)
        if byte >= 0x80:
            assert places == [("not-utf-8", *at)], hex(byte)
        elif byte not in PRINTABLE and byte not in (0x09, 0x0A):
            assert places == [("hidden-character", *at)], hex(byte)
        else:
            assert not {rule for rule, _, _ in places} & {"not-utf-8", "hidden-character"}, hex(byte)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"\xc3", 0),  # the beginning of a character, cut off
        (b"\xe3\x83", 0),
        (b"\xf0\x9f\x91", 0),
        (b"\xc3(", 0),
        (b"a\xe3\x83(", 1),
        (b"\xc0\xaf", 0),  # a slash, in too many bytes
        (b"\xc1\xbf", 0),
        (b"\xe0\x80\xaf", 0),
        (b"\xf0\x80\x80\xaf", 0),
        (b"\xed\xa0\x80", 0),  # half a surrogate pair
        (b"\xed\xb0\x80", 0),
        (b"\xf4\x90\x80\x80", 0),  # beyond the last character
        (b"\xf8\x88\x80\x80\x80", 0),
        (b"\xfe", 0),
    ],
)
def test_broken_utf_8_is_told_at_its_first_byte(data: bytes, offset: int) -> None:
    """Cut, overlong and impossible sequences are refused; the column counts the characters before them."""
    before = BEFORE.encode()
    line, column = place_after(before)
    assert told(before + data) == [("not-utf-8", line, column + offset)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7"])
def test_other_encodings_of_unicode_are_refused(encoding: str) -> None:
    """A file in another encoding is no ledger, whatever its byte order mark says."""
    name = "{name: Ωmega}"
    places = told(f"{HEAD}people:\n  a: {name}\n".encode(encoding))
    if encoding == "utf-7":  # looks like ASCII, and reads as what it looks like
        assert places == []
    else:
        assert [rule for rule, _, _ in places] in (["not-utf-8"], ["hidden-character"])


def test_one_byte_order_mark_at_the_start_is_passed_over() -> None:
    """It moves no column; a second one, or one inside, is hidden and told."""
    mark = "\ufeff"
    text = HEAD + "peple: {}\n"
    assert told(mark + text) == told(text) == [("unknown-key", 2, 1)]
    assert told(mark + mark + text) == [("hidden-character", 1, 1)]
    assert told(HEAD + mark + "people: {}\n") == [("hidden-character", 2, 1)]


HIDDEN = (
    *(chr(code) for code in [*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)]),
    *"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufdd0\ufdef\ufffe\uffff",
    *"\U0001fffe\U0001ffff\U0010fffe\U0010ffff",
)


@pytest.mark.parametrize("char", HIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_hidden_characters_are_refused_raw_and_escaped(char: str) -> None:
    """What does not show, or turns the text around, stands in no ledger: neither as it is nor as an escape."""
    assert told(f"{BEFORE}{char}x}}\n") == [("hidden-character", 3, 19)]
    escape = f"\\U{ord(char):08x}"
    assert rules(f'{HEAD}people:\n  ada: {{name: "A{escape}B"}}\n') & {"hidden-character", "bad-text"}
    assert rules(f'{HEAD}people:\n  ada: {{name: A, "no{escape}te": B}}\n')


@pytest.mark.parametrize(
    "escape", ["\\0", "\\a", "\\b", "\\e", "\\v", "\\f", "\\r", "\\N", "\\L", "\\P", "\\ud800", "\\udfff\\ud800"]
)
def test_escapes_cannot_smuggle(escape: str) -> None:
    """YAML's short escapes for controls and line breaks, and for halves of characters, are refused too."""
    text = f'{HEAD}people:\n  ada: {{name: "A{escape}B"}}\n'
    assert rules(text) & {"hidden-character", "bad-text", "yaml-syntax"}


def test_characters_that_writing_needs_are_kept() -> None:
    """Joiners, marks and pictures are part of names, and are read as they are written."""
    for name in ("ক্\u200dষ", "می\u200cخواهم", "\N{MAN}\u200d\N{WOMAN}", "e\u0301", "שלום\u200f!", "\u00a0x", "İ"):
        assert rules(f'{HEAD}people:\n  ada: {{name: "{name}"}}\n') == set(), name


@pytest.mark.parametrize("char", ["\r", "\x85", "\u2028", "\u2029"])
def test_a_line_ends_where_an_editor_ends_it(char: str) -> None:
    """No character but LF ends a line for the parser only: what would is refused where it stands."""
    assert told(f"{HEAD}organization: a{char}people: {{}}\n") == [("hidden-character", 2, 16)]


def test_crlf_moves_no_place() -> None:
    """A file with CRLF has the same problems in the same places as with LF, and the same texts."""
    block = "  b:\n    note: >-\n      one\n      two\n    nick: x\n    name: B\n"
    text = f"{HEAD}people:\n  a: {{name: A, nmae: B}}\n{block}"
    assert told(text.replace("\n", "\r\n")) == told(text) == [("unknown-key", 3, 16), ("unknown-key", 8, 5)]
    fine = text.replace(", nmae: B", "").replace("    nick: x\n", "")
    assert rules(fine) == set()
    for same in (fine, fine.replace("\n", "\r\n")):
        assert read_texts([("f", same.encode())]).people[1].note == "one two"
    assert rules(f"{HEAD}organization: a\r\r\n") == {"hidden-character"}


def test_unicode_moves_no_place() -> None:
    """Columns count characters, not bytes: also behind pictures and marks."""
    name = "語\N{WAVING HAND SIGN}e\u0301"
    assert told(f"{HEAD}people:\n  a: {{name: {name}, nmae: B}}\n") == [("unknown-key", 3, 15 + len(name))]
    assert shape(f"{HEAD}people:\n  a: {{name: {name}}}\n")[1] == []
