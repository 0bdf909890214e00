"""The page: how large it is, how long it takes to write and to open, and how soon the slider answers, by size.

python bench/page.py [PEOPLE...]
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from ledgers import ledger_text
from playwright.sync_api import Page, sync_playwright

from orgsim import read_texts
from orgsim.page import write_page

PEOPLE = (50, 500, 5000)
EVENTS_EACH = 10  # in the ten years of a ledger
MOVES = 60
# The script's own work for each move of a slider; a frame is 16.7 ms.
SLIDE = """async ([id, moves]) => {
  const slider = document.getElementById(id);
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const found = [];
  for (let i = 0; i < moves; i++) {
    slider.value = Math.round(low + ((i * 0.618034) % 1) * (high - low));
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    found.push(performance.now() - start);
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  return found;
}"""


def slide(page: Page, slider: str) -> tuple[float, float]:
    """Milliseconds that a move of a slider takes: the median, and all but one of twenty."""
    found = sorted(page.evaluate(SLIDE, [slider, MOVES]))
    return statistics.median(found), found[int(MOVES * 0.95)]


if __name__ == "__main__":
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        sys.exit("there is no Chromium to measure with")
    print("people ever  posts  events   write s     MB   open s   date ms (95%)   known ms (95%)")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for people in map(int, sys.argv[1:]) if sys.argv[1:] else PEOPLE:
            ledger = read_texts([("acme.yaml", ledger_text(people * EVENTS_EACH, late=0.1).encode())])
            start = time.perf_counter()
            text = write_page(ledger)
            written = time.perf_counter() - start
            file = Path(folder) / f"{people}.html"
            file.write_text(text, encoding="utf-8")
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(300_000)
            start = time.perf_counter()
            page.goto(file.as_uri())
            opened = time.perf_counter() - start
            date, known = slide(page, "at"), slide(page, "known")
            sizes = f"{len(ledger.index.person_ids):11} {len(ledger.index.post_ids):6} {len(ledger.events):7}"
            cost = f"{written:9.2f} {len(text.encode()) / 1e6:6.1f} {opened:8.2f}"
            print(f"{sizes} {cost} {date[0]:8.1f} ({date[1]:.1f})   {known[0]:8.1f} ({known[1]:.1f})", flush=True)
            page.close()
        browser.close()
