"""Finding ids by what people, posts and units are called, as it is typed on any keyboard."""

import sys

import pytest

from orgsim.ledger import Ledger
from orgsim.reading.reader import read_texts

NAMES = {
    "p1": "José Núñez",
    "p2": "Jose Nunez",
    "p3": "Jürgen Müller",
    "p4": "Łukasz Wałęsa",
    "p5": "Søren Ørsted",
    "p6": "Nguyễn Thị Đào",
    "p7": "Weiß",
    "p8": "가나",
    "p9": "Ⓐnna",
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """A ledger of people with marks on their letters."""
    people = "".join(f"  {id_}: {{name: {name}}}\n" for id_, name in NAMES.items())
    hires = "".join(f"- {{date: 2024-01-01, event: hire, person: {id_}, organization: acme}}\n" for id_ in NAMES)
    text = f"orgsim: ledger/1\npeople:\n{people}events:\n- {{date: 2024-01-01, event: open-unit, unit: acme}}\n{hires}"
    return read_texts([("ledger.yaml", text.encode())])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jose", ["p2", "p1"]),
        ("JOSÉ", ["p1", "p2"]),
        ("Nunez", ["p2", "p1"]),
        ("Muller", ["p3"]),
        ("mu\u0308ller", ["p3"]),
        ("walesa", ["p4"]),
        ("soren orsted", ["p5"]),
        ("nguyen thi dao", ["p6"]),
        ("weiss", ["p7"]),
        ("나", ["p8"]),
        ("anna", ["p9"]),
        ("\u0301", []),
        ("zzz", []),
    ],
)
def test_names_are_found_without_their_marks(ledger: Ledger, text: str, found: list[str]) -> None:
    """Case, diacritics and strokes do not matter; who is written just so comes first."""
    assert [id_ for id_, _, _ in ledger.find(text)] == found


def test_any_letter_can_be_typed(ledger: Ledger) -> None:
    """There is no character that a search stumbles over."""
    every = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert ledger.find("".join(every)) == []
