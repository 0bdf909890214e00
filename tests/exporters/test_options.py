"""What every format has in common: fixed file names, the same bytes each time, options obeyed or refused."""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from orgsim import exporters
from orgsim.cli.files import export, import_
from orgsim.errors import UserError
from orgsim.exporters import FORMATS
from orgsim.importers import FORMATS as IMPORTS
from orgsim.reading.reader import read
from tests.exporters.hostile import HOSTILE, ledger_of

STORY = Path(__file__).parents[2] / "seeds" / "openai"
AT = dt.date(2024, 9, 26)


def options(format_: str) -> exporters.Options:
    """Options that fit a format."""
    return exporters.Options(at=AT if format_ in exporters.CHARTS else None, end=AT if format_ == "groups" else None)


@pytest.mark.parametrize("format_", FORMATS)
def test_file_names_come_from_a_fixed_list(format_: str) -> None:
    """Whatever names a ledger has, the files are called the same, in small letters."""
    names = set(exporters.dump(format_, ledger_of(HOSTILE), options(format_)))
    assert names == set(exporters.dump(format_, ledger_of(["Ann"]), options(format_)))
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", name) for name in names)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_ledger_gives_the_same_bytes(format_: str) -> None:
    """Nothing depends on the moment or on how Python orders sets."""
    story = read(STORY)
    code = (
        "import sys, hashlib, datetime as dt\nfrom orgsim import exporters\nfrom orgsim.reading.reader import read\n"
        "at = dt.date(2024, 9, 26) if sys.argv[2] in exporters.CHARTS else None\n"
        "made = exporters.Options(at=at, end=dt.date(2024, 9, 26) if sys.argv[2] == 'groups' else None)\n"
        "files = exporters.dump(sys.argv[2], read(sys.argv[1]), made)\n"
        "print(hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())\n"
    )
    words = [sys.executable, "-c", code, str(STORY), format_]
    root = str(STORY.parents[1])
    found = {
        subprocess.run(words, check=True, capture_output=True, text=True, cwd=root, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert exporters.dump(format_, story, options(format_)) == exporters.dump(format_, story, options(format_))


GIVEN: dict[str, object] = {
    "at": AT,
    "top_levels": 2,
    "raw": True,
    "min_group": 7,
    "group_by": ("level",),
    "start": AT,
    "end": AT,
    "every": "month",
}


def test_every_option_that_not_all_formats_obey_is_tried() -> None:
    """The test below leaves none out."""
    assert GIVEN.keys() == exporters.ONLY.keys()


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", GIVEN)
def test_an_option_that_would_be_ignored_is_refused(format_: str, name: str) -> None:
    """An option goes with the formats that can obey it; with the others it is a wrong call, which says so."""
    made = attrs.evolve(options(format_), **{name: GIVEN[name]})  # type: ignore[arg-type]
    if format_ in exporters.ONLY[name]:
        exporters.dump(format_, ledger_of(["Ann"]), made)
        return
    with pytest.raises(UserError, match=f"'{format_}' has no use for --.* goes with {exporters.ONLY[name][0]}"):
        exporters.dump(format_, ledger_of(["Ann"]), made)


def test_an_unknown_format_is_told_with_a_hint() -> None:
    """A typing error gets the likely word."""
    with pytest.raises(UserError, match="did you mean 'mermaid'"):
        exporters.dump("mermaidd", ledger_of(["Ann"]))


def test_the_help_names_every_format() -> None:
    """What can be imported and exported is told by the commands themselves."""
    for command, formats in ((import_, IMPORTS), (export, FORMATS)):
        named = (command.help or "").rpartition("FORMAT is ")[2].strip(" .\n")
        assert named.replace(" or ", ", ").split(", ") == list(formats)
