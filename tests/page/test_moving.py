"""The page of the story and of larger companies in a real browser: moving, zooming, folding, and being quick."""

import datetime as dt
import statistics
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from orgsim import GapBar, Ledger, Outlook, When, write_page
from orgsim.events import Appoint, CreatePost, Event, Hire, OpenUnit, Vacate
from tests.page.conftest import Open
from tests.page.looking import cut_off, overlapping

pytestmark = pytest.mark.browser

PLACES = """() => Object.fromEntries([...document.querySelectorAll(".box")].map((box) => {
  const { left, top, width } = box.getBoundingClientRect();
  return [box.dataset.id, { left, top, width }];
}))"""


def places(page: Page) -> dict[str, dict[str, float]]:
    """Where each box is on the screen."""
    found: dict[str, dict[str, float]] = page.evaluate(PLACES)
    return found


def company(size: int, weeks: int = 0) -> Ledger:
    """A company in which everybody has up to seven reports, and a post changes hands every week for some weeks."""
    on = When.on(dt.date(2024, 1, 1))
    events: list[Event] = [OpenUnit(date=on, unit="acme", name="Acme")]
    for n in range(size):
        above = f"p{(n - 1) // 7}" if n else "none"
        events += [
            CreatePost(date=on, post=f"p{n}", title=f"Post {n}", unit="acme", reports_to=above),
            Hire(date=on, person=f"h{n}", organization="acme", name=f"Person {n}"),
            Appoint(date=on, person=f"h{n}", post=f"p{n}"),
        ]
    for n in range(weeks):
        day = When.on(dt.date(2024, 1, 8) + dt.timedelta(weeks=n))
        events += [
            Vacate(date=day, person=f"h{n}", post=f"p{n}"),
            Appoint(date=day, person=f"h{n + size // 2}", post=f"p{n}"),
        ]
    return Ledger(events)


def test_boxes_move_smoothly(open_page: Open, story_page: str) -> None:
    """From one date to another a box passes through places between; who asks for less motion sees none."""
    page = open_page(story_page, "at=2023-11-16", reduced_motion="no-preference")
    page.clock.install()
    page.evaluate("document.getElementById('fit').click()")
    page.clock.run_for(1000)
    before = places(page)["ceo"]["left"]
    page.evaluate("orgsim.go('2024-10-04')")
    page.clock.run_for(100)
    between = places(page)["ceo"]["left"]
    page.clock.run_for(1000)
    after = places(page)["ceo"]["left"]
    assert min(before, after) < between < max(before, after)
    calm = open_page(story_page, "at=2023-11-16")
    calm.locator("#fit").click()
    calm.evaluate("orgsim.go('2024-10-04')")
    assert places(calm)["ceo"]["left"] == after


def test_the_chart_is_panned_and_zoomed(open_page: Open, story_page: str) -> None:
    """Dragging moves the chart, the wheel moves it, with Ctrl it zooms about the pointer; fit brings all back."""
    page = open_page(story_page, "at=2023-11-18")
    first = places(page)["ceo"]
    page.mouse.move(60, 500)
    page.mouse.down()
    page.mouse.move(160, 540, steps=5)
    page.mouse.up()
    moved = places(page)["ceo"]
    assert (moved["left"] - first["left"], moved["top"] - first["top"]) == pytest.approx((100, 40), abs=0.01)
    page.mouse.wheel(0, 50)
    assert places(page)["ceo"]["top"] == pytest.approx(moved["top"] - 50, abs=0.01)
    page.keyboard.down("Control")
    box = places(page)["ceo"]
    page.mouse.move(box["left"], box["top"])
    page.mouse.wheel(0, -30)
    page.keyboard.up("Control")
    zoomed = places(page)["ceo"]
    assert zoomed["width"] > box["width"] * 1.2
    assert (zoomed["left"], zoomed["top"]) == pytest.approx((box["left"], box["top"]), abs=0.5)
    page.keyboard.press("f")
    assert places(page)["ceo"] == pytest.approx(first)


def test_a_chart_opens_so_that_it_can_be_read(open_page: Open, story_page: str) -> None:
    """Names have nine pixels at least, from the left edge on, also on a phone; who asks for all of it gets all."""
    for room in ({"width": 1280, "height": 800}, {"width": 390, "height": 844}):
        page = open_page(story_page, "at=2024-09-26", viewport=room)
        if page.locator("#shape").text_content() == "Tree":
            page.locator("#shape").click()
        drawn, laid = "getBoundingClientRect().width", "offsetWidth"
        scale = page.evaluate(
            f"(() => {{ const box = document.querySelector('.box'); return box.{drawn} / box.{laid} }})()"
        )
        assert scale * 13.5 >= 9
        assert min(place["left"] for place in places(page).values()) >= 0
        page.locator("#fit").click()
        assert max(place["left"] + place["width"] for place in places(page).values()) <= room["width"]


def test_a_low_window_is_scrolled(open_page: Open, story_page: str) -> None:
    """Enlarged to twice its size, or on its side on a phone, the chart keeps room enough, and the rest lies below."""
    page = open_page(story_page, "at=2024-09-26", viewport={"width": 640, "height": 400})
    chart = page.locator("#chart").bounding_box()
    assert chart is not None
    assert chart["height"] >= 240
    page.mouse.move(320, 20)
    page.mouse.wheel(0, 400)
    page.wait_for_timeout(300)
    assert page.evaluate("document.scrollingElement.scrollTop") > 0


def test_a_drag_is_no_click(open_page: Open, story_page: str) -> None:
    """Letting go of the chart over a box after dragging chooses nothing."""
    page = open_page(story_page, "at=2023-11-18")
    box = places(page)["ceo"]
    page.mouse.move(box["left"] + 20, box["top"] + 20)
    page.mouse.down()
    page.mouse.move(box["left"] + 80, box["top"] + 60, steps=5)
    page.mouse.up()
    expect(page.locator(".box.chosen")).to_have_count(0)


def test_a_large_chart_is_folded_and_drawn_in_part(open_page: Open) -> None:
    """Of 2,000 posts a readable part is unfolded; with all unfolded, only what can be seen has elements."""
    page = open_page(write_page(company(2000)))
    assert 50 <= page.locator(".box").count() <= 120
    assert (overlapping(page), cut_off(page)) == ([], [])
    folded = page.locator('.box[aria-expanded="false"] .fold').first
    assert folded.text_content() == "7"
    page.locator("#search").fill("Person 1999")
    page.locator("#search").press("Enter")
    expect(page.locator(".box.chosen")).to_have_count(1)
    chosen = page.locator(".box.chosen").bounding_box()
    chart = page.locator("#chart").bounding_box()
    assert chosen is not None
    assert chart is not None
    assert chart["x"] <= chosen["x"] <= chart["x"] + chart["width"] - chosen["width"]
    for _ in range(6):
        page.evaluate(
            """document.querySelectorAll('.box[aria-expanded="false"] .fold').forEach((fold) => fold.click())"""
        )
    assert page.locator(".box").count() < 700
    page.locator("#fit").click()
    assert overlapping(page) == []


@pytest.mark.parametrize("width", [700, 1000, 1920])
def test_trees_of_any_shape_stand_apart(open_page: Open, width: int) -> None:
    """Unfolded step by step, in any room, and beside another organization, no box covers another."""
    ledger = company(140)
    others = [OpenUnit(date=ledger.events[0].date, unit=f"u{n}", name=f"Unit {n}") for n in range(4)]
    posts = [CreatePost(date=ledger.events[0].date, post=f"x{n}", title="X", unit=f"u{n % 4}") for n in range(20)]
    page = open_page(write_page(Ledger([*ledger.events, *others, *posts])), viewport={"width": width, "height": 900})
    for _ in range(3):
        page.locator("#fit").click()
        assert (overlapping(page), cut_off(page)) == ([], [])
        page.locator('.box[aria-expanded="false"] .fold').first.evaluate("(fold) => fold.click()")


def test_many_reports_are_cut_with_a_word(open_page: Open) -> None:
    """Of hundreds of boxes below one, sixty are drawn, and a box says how many more; it shows them all."""
    on = When.on(dt.date(2024, 1, 1))
    posts = [CreatePost(date=on, post=f"p{n}", title=f"Post {n}", unit="acme") for n in range(100)]
    page = open_page(write_page(Ledger([OpenUnit(date=on, unit="acme", name="Acme"), *posts])))
    expect(page.locator(".box.more")).to_have_text("40 more")
    page.locator(".box.more").click()
    expect(page.locator(".box")).to_have_count(101)


def test_the_list_shows_the_same(open_page: Open, story_page: str) -> None:
    """Tree and list have the same boxes, and the list goes from top to bottom."""
    page = open_page(story_page, "at=2024-10-04", viewport={"width": 1280, "height": 4000})
    tree = places(page)
    page.locator("#shape").click()
    listed = places(page)
    assert tree.keys() == listed.keys()
    tops = [place["top"] for place in listed.values()]
    assert tops == sorted(tops)


def test_dark_and_light(open_page: Open, story_page: str) -> None:
    """The page follows the system's colors, and its button changes them."""
    page = open_page(story_page, color_scheme="dark")
    color = "() => getComputedStyle(document.body).color"
    dark = page.evaluate(color)
    page.locator("#theme").click()
    light = page.evaluate(color)
    assert (dark, light) == ("rgb(233, 231, 226)", "rgb(29, 33, 38)")


def test_the_time_axis_is_zoomed(open_page: Open, story_page: str) -> None:
    """A shorter stretch of time keeps the date in sight, and days get labels of their own."""
    page = open_page(story_page, "at=2023-11-18")
    for _ in range(8):
        page.locator("#narrower").click()
    low, high = (int(page.locator("#at").get_attribute(end) or 0) for end in ("min", "max"))
    assert high - low == 14
    expect(page.locator(".tick", has_text="Nov 18")).to_have_count(1)
    row = page.locator(".row", has=page.get_by_role("button", name="Chief Executive Officer", exact=True))
    assert row.locator(".stretch.acting bdi").all_text_contents() == ["Mira Murati", "Emmett Shear"]
    page.locator("#all").click()
    expect(page.locator(".tick", has_text="2016")).to_have_count(1)


def test_the_outlook_is_drawn_with_its_uncertainty(open_page: Open, story: Ledger) -> None:
    """With a result, a button shows the fan, its quantiles in words, and every bar with its interval."""
    dates = tuple(dt.date(2025, month, 1) for month in (1, 2, 3))
    quantiles = ((0.1, (10.0, 8.0, 5.0)), (0.5, (10.0, 11.0, 12.0)), (0.9, (10.0, 14.0, 20.0)))
    bars = (GapBar(0, 30, 0.25, 0.2, 0.3), GapBar(30, None, 0.75, 0.7, 0.8))
    result = Outlook("What if", "Headcount", dates, quantiles, ((dt.date(2024, 12, 1), 9.0),), bars, "Invented.")
    page = open_page(write_page(story, result))
    page.locator("#outlook").click()
    expect(page.locator("#panel h2")).to_have_text("What if")
    fan, gaps = page.locator(".plot").all()
    expect(fan).to_have_attribute(
        "aria-label", "Headcount: 10% quantile 5, 50% quantile 12, 90% quantile 20 on 2025-03-01"
    )
    expect(fan.locator(".band")).to_have_count(1)
    expect(gaps).to_have_attribute("aria-label", "0–29 days: 25%; 30+ days: 75%")
    expect(gaps.locator(".whisker")).to_have_count(2)
    expect(page.locator("#panel .note")).to_have_text("Invented.")


def test_without_a_result_there_is_no_outlook(open_page: Open, story_page: str) -> None:
    """The button of the outlook is there only when there is one."""
    expect(open_page(story_page).locator("#outlook")).to_be_hidden()


@pytest.mark.parametrize("days", [(), (dt.date(1, 1, 1), dt.date(9998, 12, 31)), (dt.date(2024, 2, 29),)])
def test_any_stretch_of_time_has_an_axis(open_page: Open, days: tuple[dt.date, ...]) -> None:
    """A ledger without events, of one day, or of ten thousand years can be looked at from end to end."""
    units = [OpenUnit(date=When.on(day), unit=f"u{n}", name="Unit") for n, day in enumerate(days)]
    page = open_page(write_page(Ledger(units)))
    for key in ("Home", "End", "ArrowLeft"):
        page.locator("#at").press(key)
    page.locator("#narrower").click()
    page.locator("#after").click()
    page.locator("#before").click()
    expect(page.locator("#day")).not_to_be_empty()


SLIDE: Any = """() => {
  const slider = document.getElementById("at");
  return Array.from({ length: 30 }, (_, i) => {
    slider.value = Number(slider.min) + ((i * 0.618034) % 1) * (slider.max - slider.min);
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    return performance.now() - start;
  });
}"""


@pytest.mark.slow
def test_the_slider_is_quick(open_page: Open) -> None:
    """At 5,000 people a move of the slider takes a small part of a tenth of a second even on a busy machine."""
    page = open_page(write_page(company(5000, weeks=200)))
    assert statistics.median(page.evaluate(SLIDE)) < 50
