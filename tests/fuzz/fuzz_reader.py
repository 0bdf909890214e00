"""Coverage-guided fuzzing of the reader: whatever the bytes, a ledger or located problems, soon.

A script with the options of libFuzzer and, if one is named, a folder that keeps what is found.  It needs atheris,
which no test needs, so nothing imports this file.
"""

import importlib
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

atheris: Any = importlib.import_module("atheris")
with atheris.instrument_imports(include=["orgsim", "yaml"]):
    from tests.fuzz.judge import answer, words

LIMITS = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=4096", "-len_control=20"]
LARGEST_SEED = 4096


def test_one_input(data: bytes) -> None:
    """Read it, sometimes twice: the same bytes give the same answer."""
    first = answer(data)
    if len(data) % 16 == 0:
        assert answer(data) == first


def main() -> None:
    """Seed the corpus with the museum of errors and some legal ledgers, and fuzz."""
    named = [arg for arg in sys.argv[1:] if not arg.startswith("-")]
    options = [arg for arg in sys.argv[1:] if arg.startswith("-")]
    seeds = [*ROOT.glob("tests/errors/**/*.yaml"), *ROOT.glob("tests/fuzz/seeds/*.yaml")]
    with tempfile.TemporaryDirectory() as scratch:
        sown = Path(scratch) / "seeds"
        sown.mkdir()
        for number, file in enumerate(sorted(seeds)):
            if file.stat().st_size <= LARGEST_SEED:
                (sown / f"{number}-{file.name}").write_bytes(file.read_bytes())
        dictionary = Path(scratch) / "words.dict"
        dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()), "utf-8")
        kept = Path(named[0] if named else scratch) / "corpus"
        kept.mkdir(parents=True, exist_ok=True)
        # The first folder named is where libFuzzer keeps what it finds.
        atheris.Setup([sys.argv[0], *LIMITS, f"-dict={dictionary}", *options, str(kept), str(sown)], test_one_input)
        atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in word)


if __name__ == "__main__":
    main()
