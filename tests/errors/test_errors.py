"""The museum is complete and true: every rule has a piece, and each piece shows its rule exactly."""

from pathlib import Path

import pytest

from orgsim.excerpt import AT_A_CHARACTER, AT_A_WORD, AT_A_WORD_OF_SCENARIOS, OF_ENTRY, OF_FILE, render
from tests.blessing import Golden
from tests.errors.museum import MUSEUM, SCENARIOS, pieces, problems_of, scenario_pieces
from tests.errors.rule_names import namings, rules, scenario_rules
from tests.errors.rules_page import headings, page, sentence

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
PIECES = [*pieces(), *scenario_pieces()]
# Whoever names rules here looks at files, not at history.
OF_SHAPE = {"columns/files/shapes.py", "errors.py", "events.py", "reading/compose.py", "reading/reader.py", "values.py"}


def shown(piece: Path) -> str:
    """What `orgsim check` says of a piece, run in the museum."""

    def read_text(name: str) -> str:
        return (MUSEUM / name).read_bytes().decode("utf-8", "surrogateescape")

    return render(problems_of(piece), "text", read_text)


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.stem)
def test_a_piece_is_told_as_its_golden_file_says(piece: Path, golden: Golden) -> None:
    """What is printed for a piece, excerpt and remedy included, is exactly what stands beside it."""
    golden(piece.relative_to(MUSEUM).with_name(f"{piece.stem}.txt"), shown(piece))


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.stem)
def test_a_piece_breaks_its_rule_and_no_other(piece: Path) -> None:
    """A piece shows one problem, of the rule it is named after: nothing cascades from it."""
    assert [problem.rule for problem in problems_of(piece)] == [piece.stem]


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.stem)
def test_a_problem_says_what_to_do(piece: Path) -> None:
    """Every message is one sentence without a full stop, and comes with a remedy."""
    for problem in problems_of(piece):
        assert problem.hint, problem
        assert not problem.message.endswith("."), problem
        assert not problem.hint.endswith("."), problem


def test_every_rule_has_a_piece() -> None:
    """Every name of a rule in the sources has a piece, and every piece has a rule."""
    assert set(rules()) == {piece.stem for piece in pieces()}
    assert set(scenario_rules()) == {piece.stem for piece in scenario_pieces()}
    assert len(PIECES) >= 40


def test_no_golden_file_is_left_behind() -> None:
    """Every text in the museum belongs to a piece."""
    assert {file.stem for file in MUSEUM.glob("*.txt")} == {piece.stem for piece in pieces()}
    assert {file.stem for file in SCENARIOS.glob("*.txt")} == {piece.stem for piece in scenario_pieces()}


def test_every_rule_is_told_in_a_sentence() -> None:
    """Every rule can be read about: in the docstring of its function, or in the last comment of its piece."""
    for piece in PIECES:
        assert sentence(piece).endswith("."), piece


def test_rules_are_told_apart_by_where_they_point() -> None:
    """The tables of `excerpt` hold exactly the rules of shape, and of scenarios; the other rules are about entries."""
    of_shape = {rule for rule, named in rules().items() if any(naming.module in OF_SHAPE for naming in named)}
    assert of_shape == AT_A_WORD | OF_ENTRY | OF_FILE
    assert AT_A_CHARACTER < AT_A_WORD
    assert {rule for rule in scenario_rules() if rule != "not-planned"} == AT_A_WORD_OF_SCENARIOS
    mixed = {rule for rule, named in rules().items() if len({naming.module in OF_SHAPE for naming in named}) == 2}
    assert mixed == set()


def test_the_page_of_rules_is_up_to_date(*, bless: bool) -> None:
    """The reference page is made from the sources and the museum, and tells of every rule."""
    Golden(REFERENCE, bless)("rules.md", page())
    assert headings(page()) == set(rules()) | set(scenario_rules())


def test_finding_rules_bites() -> None:
    """A rule that is named anywhere in a module is found, and one that is not named in place is refused."""
    text = 'def f():\n    """Doc."""\n    return Refusal("a-rule", "words")\n\nx = Problem(None, rule="another")\n'
    assert [(n.rule, n.function, n.line) for n in namings(text, "m")] == [("a-rule", "f", 3), ("another", "", 5)]
    assert list(namings("raise BadValueError(error.rule, 'words')", "m")) == []
    with pytest.raises(AssertionError, match="the rule is not named here"):
        list(namings("self._tell(node, f'bad-{x}', 'words')", "m"))
