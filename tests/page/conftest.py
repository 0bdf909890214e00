"""A real browser, and pages opened in it that must stay quiet: no error, no message, no request, nothing executed."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from orgsim import Ledger, read
from orgsim.page import write_page

STORY = Path(__file__).parents[2] / "seeds" / "openai"
NAMES = ("chromium", "chromium-browser", "google-chrome")
LISTEN = "addEventListener('securitypolicyviolation', (e) => console.error('refused ' + e.effectiveDirective));"

Open = Callable[..., Page]


def _path_of_browser() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("there is no Chromium, and the page must be tested in one", pytrace=False)
    if found is None:
        pytest.skip("there is no Chromium on this machine")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    path = _path_of_browser()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


class Watched:
    """Opens pages and keeps what they should not have done."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        """Nothing has happened yet."""
        self.browser, self.folder = browser, folder
        self.complaints: list[str] = []
        self.opened = 0

    def open(self, html: str, address: str = "", **context: Any) -> Page:
        """A page of that text, ready to be looked at; `address` is what follows the `#`."""
        self.opened += 1
        file = self.folder / f"page-{self.opened}.html"
        file.write_text(html, encoding="utf-8")
        options: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **context}
        page = self.browser.new_context(**options).new_page()
        page.set_default_timeout(20_000)
        page.add_init_script(LISTEN)
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self._judge(request.url, file.as_uri()))
        page.goto(file.as_uri() + (f"#{address}" if address else ""))
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _judge(self, url: str, own: str) -> None:
        if url.partition("#")[0] != own:
            self.complaints.append(f"request: {url[:200]}")


@pytest.fixture
def watched(browser: Browser, tmp_path: Path) -> Iterator[Watched]:
    """Opens pages that are closed after the test; whoever uses it judges the complaints."""
    found = Watched(browser, tmp_path)
    yield found
    for context in browser.contexts:
        context.close()


@pytest.fixture
def open_page(watched: Watched) -> Iterator[Open]:
    """Opens pages, and fails unless they stay quiet."""
    yield watched.open
    assert watched.complaints == []


@pytest.fixture(scope="session")
def story() -> Ledger:
    """The packaged story."""
    return read(STORY)


@pytest.fixture(scope="session")
def story_page(story: Ledger) -> str:
    """The page of the story."""
    return write_page(story)
