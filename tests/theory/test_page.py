"""The page that tells what was found is complete, and a row that is not true is noticed."""

import pytest

from tests.theory.conftest import PAGE, Told, with_row
from tests.theory.judging import Equality, Finding, judge

THEORIES = {f"V{number}" for number in (*range(1, 18), 21)} | {f"L{number}" for number in range(5)}


def test_complete() -> None:
    """Every theory has a row, and none of the numbers is four standard errors from the exact one."""
    rows = [line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if line.startswith(("| V", "| L"))]
    assert {row[0].strip() for row in rows} == THEORIES
    assert all(abs(float(row[4])) < 4.0 for row in rows if row[4].strip())


def test_untrue_row(told: Told, *, bless: bool) -> None:
    """A finding that the page does not have fails its test."""
    if bless:
        pytest.skip("it would be written")
    with pytest.raises(pytest.fail.Exception, match="says otherwise"):
        told(Equality("V15", "pigs that fly", "one night"))


def test_rows_in_place() -> None:
    """A row takes the place of the one of its name, or follows those of its theory."""
    head = ["text", "| | What |", "|---|---|"]
    rows = ["| V1 | a | 1 |", "| V3 | b | 2 |", "| L0 | c | 3 |", "", "more"]
    assert with_row([*head, *rows], "| V1 | a | 9 |") == [*head, "| V1 | a | 9 |", *rows[1:]]
    assert with_row([*head, *rows], "| V2 | d | 9 |") == [*head, rows[0], "| V2 | d | 9 |", *rows[1:]]
    assert with_row([*head, "", "more"], "| L0 | c | 3 |") == [*head, "| L0 | c | 3 |", "", "more"]


def test_judge() -> None:
    """A number that is wrong fails, and so does one that is too blurred to tell."""
    right = [0.9, 1.0, 1.1, 1.0]
    assert isinstance(judge("V0", "right", 1.0, right, sees=0.3), Finding)
    with pytest.raises(AssertionError, match="sigma"):
        judge("V0", "wrong", 2.0, right, sees=0.3)
    with pytest.raises(AssertionError, match="sees a bias"):
        judge("V0", "blurred", 1.0, right, sees=0.01)
    with pytest.raises(AssertionError, match="the same every time"):
        judge("V0", "no luck", 1.0, [1.0, 1.0, 1.0], sees=1.0)
