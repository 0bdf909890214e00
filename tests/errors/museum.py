"""The museum of errors: for every rule a small ledger that breaks it, and no other.

A piece is a file `RULE.yaml`; a folder `RULE` where one file cannot show it; or a script `RULE.python` where no file
can, because only events made in Python break the rule.
"""

import contextlib
import runpy
from pathlib import Path

from orgsim.errors import OrgsimError, Problem
from orgsim.reading.compose import MAX_BYTES
from orgsim.reading.reader import MAX_PROBLEMS, ledger_files, read_texts
from orgsim.reading.scenario import read_scenario

MUSEUM = Path(__file__).parent
SCENARIOS = MUSEUM / "scenario"
"""The wing of the rules that only scenarios can break, with the ledger they begin with."""
# Nobody wants 64 MiB in a museum: what makes a file large is added when it is shown.
BLOWN_UP = {"file-too-large": b" " * MAX_BYTES, "too-many-problems": b"- {}\n" * MAX_PROBLEMS}
CROWDED = frozenset(["too-many-problems"])
"""Rules that cannot be shown without breaking others."""


def pieces() -> list[Path]:
    """All pieces, by the name of their rule."""
    folders = (path for path in MUSEUM.iterdir() if path.is_dir() and "__" not in path.name and path != SCENARIOS)
    files = [*MUSEUM.glob("*.yaml"), *MUSEUM.glob("*.python"), *folders]
    return sorted(files, key=lambda path: path.stem)


def scenario_pieces() -> list[Path]:
    """All scenarios that break a rule, by its name; what they need besides lies in the folder `with`."""
    return sorted(SCENARIOS.glob("*.yaml"))


def problems_of(piece: Path) -> tuple[Problem, ...]:
    """What the reader says of a piece, with the names of files as seen from the museum."""
    with contextlib.chdir(MUSEUM):
        try:
            _show(piece.relative_to(MUSEUM))
        except OrgsimError as error:
            alone = piece.stem not in CROWDED
            return tuple(problem for problem in error.problems if alone or problem.rule == piece.stem)
    return ()


def _show(piece: Path) -> None:
    if piece.suffix == ".python":
        runpy.run_path(str(piece))
        return
    if piece.parent.name == SCENARIOS.name:
        read_scenario(piece)
        return
    more = BLOWN_UP.get(piece.stem, b"")
    read_texts([(file.as_posix(), file.read_bytes() + more) for file in ledger_files(piece)])
