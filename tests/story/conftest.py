"""The story ledger, its README, and the documents it was read from where they are at hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from orgsim import Event, Ledger, OrgChart, parse_day, read
from tests.story.asking import At

STORY = Path(__file__).parents[2] / "seeds" / "openai"

Tables = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def story() -> Ledger:
    """The ledger of OpenAI's leadership, read once."""
    return read(STORY)


@pytest.fixture(scope="session")
def at(story: Ledger) -> At:
    """The chart on a day, with all that is known or what was known on another day."""

    def chart(day: str, known: str | None = None) -> OrgChart:
        return story.chart(parse_day(day), parse_day(known) if known else None)

    return chart


@pytest.fixture(scope="session")
def event(story: Ledger) -> Callable[[str], Event]:
    """An event of the story by its id."""
    return story.index.events.__getitem__


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The tables of the story's README by their heading: the first cell of each row to the second."""
    found: Tables = {}
    heading = ""
    for line in (STORY / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            first, second = (cell.strip() for cell in line.split("|")[1:3])
            found.setdefault(heading, {})[first] = second
    return {heading: dict([*table.items()][2:]) for heading, table in found.items()}  # without the two lines on top


@pytest.fixture(scope="session")
def beside(data_folder: Path) -> Path:
    """The folder above the real data, where the documents and the register of their facts lie."""
    folder = data_folder.parent
    if not (folder / "facts.yaml").is_file():
        pytest.skip("there is no facts.yaml in the folder above ORGSIM_DATA")
    return folder


@pytest.fixture(scope="session")
def facts(beside: Path) -> dict[str, Any]:
    """The register of the facts in the documents."""
    text = (beside / "facts.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded


@pytest.fixture(scope="session")
def documents(beside: Path, story: Ledger) -> dict[str, list[str]]:
    """The lines of each document, by the id of its source."""
    folder = beside / "seeds"
    return {s.id: (folder / (s.file or "")).read_text(encoding="utf-8").split("\n") for s in story.sources}
