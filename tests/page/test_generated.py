"""The page of any ledger in a real browser: what it answers equals what the ledger answers."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from playwright.sync_api import Browser

from orgsim import Ledger
from orgsim.page import write_page
from orgsim.testing import ledgers
from tests.page.asking import moments, told_by_chart
from tests.page.conftest import Watched

ASK = "(pairs) => pairs.map(([at, known]) => orgsim.chart(at, known))"
WALK = """(pairs) => pairs.forEach(([at, known]) => {
  orgsim.go(at, known);
  document.querySelectorAll(".box").forEach((box) => box.click());
})"""


@pytest.mark.browser
@pytest.mark.slow
@settings(max_examples=25)
@given(ledger=ledgers(max_events=40))
def test_the_page_answers_as_the_ledger(browser: Browser, ledger: Ledger) -> None:
    """At every moment of a drawn ledger the page's chart is the ledger's, and it can be walked without an error."""
    pairs = list(moments(ledger, every=7))
    asked = [[at.isoformat(), known.isoformat()] for at, known in pairs]
    with TemporaryDirectory() as folder:
        watched = Watched(browser, Path(folder))
        page = watched.open(write_page(ledger))
        answers = page.evaluate(ASK, asked)
        page.evaluate(WALK, asked[::9])
        page.context.close()
    for (at, known), answer in zip(pairs, answers, strict=True):
        assert answer == told_by_chart(ledger.chart(at, known)), f"at {at}, known {known}"
    assert watched.complaints == []
