"""The rectangles of a page say what the charts of the ledger say, at any date, as known on any date."""

from pathlib import Path

import pytest
from hypothesis import given

from orgsim import Ledger, read, read_texts
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


def made(*events: str) -> Ledger:
    """A ledger of one organization with a critical post, since unknown, and these events."""
    first = (
        "{date: ..2024-01-01, event: open-unit, unit: acme}",
        "{date: ..2024-01-01, event: create-post, post: ceo, critical: true}",
        "{date: ..2024-01-01, event: hire, person: ada, name: Ada}",
    )
    lines = "".join(f"- {event}\n" for event in (*first, *events))
    return read_texts([("ledger.yaml", f"orgsim: ledger/1\norganization: acme\nevents:\n{lines}".encode())])


ASIDES = {
    "an assertion retracted": (
        "{date: 2024-01-02, event: appoint, person: ada, post: ceo, certainty: inferred}",
        "{id: seen, date: 2024-03-01, known: 2024-04-01, event: expect, post: ceo, holder: ada}",
        "{date: 2024-05-01, event: retract, of: seen}",
    ),
    "a rival account retracted": (
        "{id: it, date: 2024-01-02, event: appoint, person: ada, post: ceo}",
        "{id: no, date: 2024-01-05, known: 2024-04-01, event: appoint, person: ada, post: ceo, disputes: it}",
        "{date: 2024-05-01, event: retract, of: no}",
    ),
}


@pytest.mark.parametrize("events", ASIDES.values(), ids=ASIDES.keys())
def test_what_changes_no_noun_shows_while_it_counts(events: tuple[str, ...]) -> None:
    """Assertions and rival accounts change how sure a holding is, from their known date until they are retracted."""
    ledger = made(*events)
    page = Rectangles(contents(ledger))
    seen = set()
    for at, known in moments(ledger):
        told = page.told(at, known)
        assert told == told_by_chart(ledger.chart(at, known)), f"at {at}, known {known}"
        seen |= {(h["certainty"], h["last_evidence"]) for post in told["posts"].values() for h in post["holders"]}
    assert len(seen) == 3, "Ada's personal post, and the post held with and without what is told aside"


def test_the_strip_learns_from_assertions() -> None:
    """A post since unknown, without a holder, is not known to be vacant until somebody sees it so."""
    ledger = made("{date: 2024-02-01, known: 2024-06-01, event: expect, post: ceo, vacant: true}")
    found = contents(ledger)
    cover, days = found["facts"]["cover"], [*found["days"], "never"]
    rows = zip(*(cover[name] for name in ("since", "until", "seen", "unseen", "value")), strict=True)
    told = {(*(days[place] for place in row[:4]), cover["values"][row[4]][0]) for row in rows}
    assert told == {
        ("2024-01-01", "never", "2024-01-01", "2024-06-01", "unknown"),
        ("2024-01-01", "2024-02-01", "2024-06-01", "never", "unknown"),
        ("2024-02-01", "never", "2024-06-01", "never", "uncovered"),
    }
