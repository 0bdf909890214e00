"""The museum of errors: for every rule a small ledger that breaks it, and no other.

A piece is a file `RULE.yaml`, or a folder `RULE` where one file cannot show it.
"""

import contextlib
from pathlib import Path

from orgsim.errors import OrgsimError, Problem
from orgsim.reading.compose import MAX_BYTES
from orgsim.reading.reader import MAX_PROBLEMS, ledger_files, read_texts

MUSEUM = Path(__file__).parent
# Nobody wants 64 MiB in a museum: what makes a file large is added when it is shown.
BLOWN_UP = {"file-too-large": b" " * MAX_BYTES, "too-many-problems": b"- {}\n" * MAX_PROBLEMS}
CROWDED = frozenset(["too-many-problems"])
"""Rules that cannot be shown without breaking others."""


def pieces() -> list[Path]:
    """All pieces, by the name of their rule."""
    files = [*MUSEUM.glob("*.yaml"), *(path for path in MUSEUM.iterdir() if path.is_dir() and "__" not in path.name)]
    return sorted(files, key=lambda path: path.stem)


def problems_of(piece: Path) -> tuple[Problem, ...]:
    """What the reader says of a piece, with the names of files as seen from the museum."""
    more = BLOWN_UP.get(piece.stem, b"")
    with contextlib.chdir(MUSEUM):
        try:
            files = ledger_files(piece.relative_to(MUSEUM))
            read_texts([(file.as_posix(), file.read_bytes() + more) for file in files])
        except OrgsimError as error:
            alone = piece.stem not in CROWDED
            return tuple(problem for problem in error.problems if alone or problem.rule == piece.stem)
    return ()
