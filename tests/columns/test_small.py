"""Small ledgers do not pay for the columnar form: nothing of it is even loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

STORY = str(Path(__file__).parents[2] / "seeds" / "openai")
COMMANDS = {
    "check": ("check", STORY),
    "replay": ("replay", STORY, "--at", "2023-11-18"),
    "replay as known": ("replay", STORY, "--at", "2023-11-18", "--known", "2023-11-20", "--json"),
    "diff": ("diff", STORY, "2023-11-16", "2023-11-21"),
    "metrics": ("metrics", STORY, "--to", "2024-01-01"),
    "history": ("history", STORY, "ceo"),
    "why": ("why", STORY, "ceo", "--at", "2023-11-18"),
}


def loaded_by(*words: str) -> set[str]:
    """What is loaded when a command has run in a fresh interpreter, of numpy, pyarrow and the columnar form."""
    code = (
        "import sys; from orgsim.cli import cli; cli.main(sys.argv[1:], standalone_mode=False)\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True, text=True)
    return {"numpy", "pyarrow", "orgsim.columns"} & set(done.stderr.split())


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_small_ledger_is_asked_without_numpy(words: tuple[str, ...]) -> None:
    """No question about a ledger in YAML loads numpy."""
    assert loaded_by(*words) == set()


def test_columns_are_noticed() -> None:
    """A question in columns does load numpy; pyarrow is not needed where nothing is read from a table."""
    assert loaded_by(*COMMANDS["replay"], "--columnar") == {"numpy", "orgsim.columns"}
