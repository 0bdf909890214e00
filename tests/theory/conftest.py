"""What the tests of theory share: the page that tells what they found, and must tell the truth."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.theory.judging import Row

PAGE = Path(__file__).parents[2] / "docs" / "background" / "validation.md"
Told = Callable[..., None]
_ROW = re.compile(r"\| (?P<theory>[VL]\d+) \| (?P<what>[^|]+) \|.*")


@pytest.fixture
def told(*, bless: bool) -> Told:
    """Fail unless the page has the row of each finding, word for word; or write it there, when blessing."""

    def tell(*findings: Row) -> None:
        lines = PAGE.read_text("utf-8").splitlines()
        missing = [finding.row() for finding in findings if finding.row() not in lines]
        if bless:
            for row in missing:
                lines = with_row(lines, row)
            PAGE.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
        elif missing:
            pytest.fail(f"{PAGE.name} says otherwise:\n" + "\n".join(missing) + "\n\nmake bless", pytrace=False)

    return tell


def with_row(lines: list[str], row: str) -> list[str]:
    """The lines of a page with a row in the place of that of the same name, or after those of its theory."""
    new = _ROW.fullmatch(row)
    assert new is not None, row
    rows = [(at, found) for at, line in enumerate(lines) if (found := _ROW.fullmatch(line))]
    for at, old in rows:
        if old.group("theory", "what") == new.group("theory", "what"):
            return [*lines[:at], row, *lines[at + 1 :]]
    before = [at for at, old in rows if _place(old["theory"]) <= _place(new["theory"])]
    after = max(before) + 1 if before else min(at for at, line in enumerate(lines) if line.startswith("|---")) + 1
    return [*lines[:after], row, *lines[after:]]


def _place(theory: str) -> tuple[bool, int]:
    """Theory first, then luck; each by number."""
    return theory[0] == "L", int(theory[1:])
