"""The reference page of all rules, made from the docstrings of the rules and the museum.

`python -m tests.errors.rules_page` prints it; `pytest --bless` writes it.
"""

import re
import sys
from functools import cache
from pathlib import Path

from orgsim.excerpt import AT_A_WORD, OF_ENTRY, OF_FILE, visible
from tests.errors.museum import MUSEUM, SCENARIOS, pieces, scenario_pieces
from tests.errors.rule_names import docstrings

WIDTH = 110
INTRO = """\
# Rules

Every problem names the rule that is broken, in brackets.
Problems of *shape* are about how a file is written; all of them are told at once.
Only when every file has shape is the *history* judged: whether what it tells can have happened.
Below, each rule has a ledger that breaks it, and what `orgsim check` then says.

<!-- Made from the sources and from tests/errors by `make bless`. -->
"""
SCENARIO_INTRO = """\
## Scenarios

[Scenario files](scenario.md) are read as strictly, and break the rules of shape above in the same way.
The rules below are theirs alone.
All begin with a small ledger, in which Ada is chief executive of Acme and Grace its chief technology officer.
"""


@cache
def sentence(piece: Path) -> str:
    """What the rule says: the docstring of the function of its name, or the last comment of its piece."""
    doc = docstrings().get(piece.stem.replace("-", "_"))
    if doc:
        return doc.partition("\n\n")[0].replace("\n", " ")
    file = piece if piece.is_file() else min(piece.iterdir())
    comment = next((line for line in reversed(_text(file).splitlines()) if line.startswith("# ")), "")
    return comment.removeprefix("# ")


def page() -> str:
    """The page as Markdown."""
    parts = [INTRO]
    of_shape = AT_A_WORD | OF_ENTRY | OF_FILE
    for title, shape in (("Shape", True), ("History", False)):
        parts.append(f"## {title}\n")
        parts += [_section(piece) for piece in pieces() if (piece.stem in of_shape) is shape]
    parts.append(SCENARIO_INTRO)
    parts += [_section(piece) for piece in scenario_pieces()]
    return "\n".join(parts)


def _section(piece: Path) -> str:
    files = [piece] if piece.is_file() else sorted(piece.iterdir())
    said = sentence(piece)
    shown = [_fenced(_without(said, _text(file)), file) for file in files]
    output = piece.with_name(f"{piece.stem}.txt").read_text("utf-8").rpartition("\n1 problem")[0]
    return "\n".join([f"### {piece.stem}\n\n{said}\n", *shown, f"```text\n{output}\n```\n"])


def _fenced(text: str, file: Path) -> str:
    name = f"{file.relative_to(MUSEUM)}:\n\n" if file.parent.parent == MUSEUM and file.parent != SCENARIOS else ""
    return f"{name}```text\n{_cut(text.rstrip())}\n```\n" if text.strip() else f"{name}(an empty file)\n"


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", "surrogateescape")


def _without(said: str, text: str) -> str:
    return text.replace(f"# {said}\n", "", 1)


def _cut(text: str) -> str:
    return "\n".join(visible(line if len(line) <= WIDTH else line[:WIDTH] + "…") for line in text.split("\n"))


def headings(text: str) -> set[str]:
    """The rules a page tells of."""
    return set(re.findall(r"^### (\S+)$", text, re.MULTILINE))


if __name__ == "__main__":
    sys.stdout.write(page())
