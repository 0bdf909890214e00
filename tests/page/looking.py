"""What can be seen of the chart in the browser: where boxes are, and whether they can be read."""

from typing import Any

from playwright.sync_api import Page

BOXES = """() => [...document.querySelectorAll(".box")].map((box) => {
  const { left, top, right, bottom } = box.getBoundingClientRect();
  return { id: box.dataset.id, left, top, right, bottom };
})"""
CUT = """() => [...document.querySelectorAll(".box")].filter((box) => {
  const last = [...box.querySelectorAll(".caption, .title, .who, .tag")].at(-1).getBoundingClientRect();
  return last.bottom > box.getBoundingClientRect().bottom - 1;
}).map((box) => box.title)"""


def boxes(page: Page) -> list[dict[str, Any]]:
    """Every box that is drawn, with its edges on the screen."""
    found: list[dict[str, Any]] = page.evaluate(BOXES)
    return found


def overlapping(page: Page) -> list[tuple[str, str]]:
    """The pairs of boxes that cover each other."""
    found = []
    seen = boxes(page)
    for i, one in enumerate(seen):
        for other in seen[i + 1 :]:
            apart = one["right"] <= other["left"] or other["right"] <= one["left"]
            if not (apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]):
                found.append((one["id"], other["id"]))
    return found


def cut_off(page: Page) -> list[str]:
    """The boxes whose last line is not inside them, each as a sentence."""
    found: list[str] = page.evaluate(CUT)
    return found
