"""The page on scenario files tells of every key, law, choice and measure."""

import re

import pytest

from orgsim.reading.scenario_filling import HIRING
from orgsim.reading.scenario_laws import HAZARD, LAW
from orgsim.reading.scenario_root import SCENARIO
from orgsim.reading.scenario_schema import definitions
from orgsim.simulate.measures import NAMES as MEASURES
from tests.scenario.files import PAGE

TEXT = PAGE.read_text("utf-8")
TOLD = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`\n]+)`", TEXT)))) | set(MEASURES)


@pytest.mark.parametrize("name", [name for name in definitions() if name != "types"])
def test_every_key_is_told(name: str) -> None:
    """Each key of each mapping stands in the page as code."""
    assert {*definitions()[name].get("properties", {})} <= TOLD


def test_every_law_and_measure_is_told() -> None:
    """Laws and measures, too."""
    assert {*HAZARD.named, *LAW.named} <= TOLD
    assert all(measure in TEXT for measure in MEASURES)


def test_what_is_missing_is_noticed() -> None:
    """The test above looks at real keys."""
    assert {"stages", "freezes"} <= HIRING.keys.keys() <= TOLD
    assert "variants" in SCENARIO.keys
    assert "coffee" not in TOLD
