"""The rectangles of a page say what the charts of the ledger say, at any date, as known on any date."""

from pathlib import Path

import pytest
from hypothesis import given

from orgsim import Ledger, read
from orgsim.page.contents import contents
from orgsim.testing import ledgers
from tests.page.asking import Rectangles, moments, told_by_chart

STORY = Path(__file__).parents[2] / "seeds" / "openai"


@pytest.fixture(scope="module")
def story() -> Ledger:
    """The packaged story."""
    return read(STORY)


def test_the_story_is_the_same_at_every_moment(story: Ledger) -> None:
    """At every event date and its eve, as known at every known date and its eve, rectangles and chart agree."""
    page = Rectangles(contents(story))
    for at, known in moments(story):
        assert page.told(at, known) == told_by_chart(story.chart(at, known)), f"at {at}, known {known}"


@given(ledgers(max_events=40))
def test_any_ledger_is_the_same_at_every_moment(ledger: Ledger) -> None:
    """Whatever a ledger says, and however late it becomes known, rectangles and charts agree."""
    page = Rectangles(contents(ledger))
    for at, known in moments(ledger, every=3):
        assert page.told(at, known) == told_by_chart(ledger.chart(at, known)), f"at {at}, known {known}"
