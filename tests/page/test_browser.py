"""The page of the story in a real browser: what a reader does with it, and what it then shows."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from orgsim import Ledger, parse_day, read_texts, write_page
from tests.page.asking import told_by_chart
from tests.page.conftest import Open
from tests.page.looking import boxes, cut_off, overlapping

pytestmark = pytest.mark.browser

SLIDE = """([id, iso]) => {
  const slider = document.getElementById(id);
  slider.value = Math.round(Date.parse(iso) / 86400000);
  slider.dispatchEvent(new Event("input"));
}"""


def slide(page: Page, slider: str, date: str) -> None:
    """Move a slider to a date."""
    page.evaluate(SLIDE, [slider, date])


def box(page: Page, id_: str) -> Any:
    """The box of a post or unit."""
    return page.locator(f'.box[data-id="{id_}"]')


def test_the_slider_shows_who_acts(open_page: Open, story_page: str) -> None:
    """On 18 November 2023 Mira Murati is acting Chief Executive Officer, and nobody holds the post."""
    page = open_page(story_page)
    slide(page, "at", "2023-11-18")
    expect(page.locator("#day")).to_have_text("November 18, 2023")
    expect(box(page, "ceo")).to_contain_text("Mira Murati")
    expect(box(page, "ceo").locator(".tag")).to_have_text("acting")
    slide(page, "at", "2023-11-22")
    expect(box(page, "ceo")).to_contain_text("Sam Altman")


def test_the_other_slider_shows_what_was_known(open_page: Open, story_page: str) -> None:
    """As known on 20 November 2023, Sam Altman works at Microsoft; with all that is known he never did."""
    page = open_page(story_page, "at=2023-11-20")
    works = "() => orgsim.chart('2023-11-20', document.getElementById('known').value * 1 ? "
    works += "new Date(document.getElementById('known').value * 864e5).toISOString().slice(0, 10) : undefined)"
    assert page.evaluate(works)["people"].get("sam-altman", {}).get("employers") != ["microsoft"]
    slide(page, "known", "2023-11-20")
    expect(page.locator("#asknown")).to_have_text("as known on November 20, 2023")
    assert page.evaluate(works)["people"]["sam-altman"]["employers"] == ["microsoft"]
    box(page, "new-ai-team-lead").or_(page.locator(".box", has_text="Lead of the new AI team")).first.click()
    expect(page.locator("#panel")).to_contain_text("Microsoft")
    page.locator("#panel").get_by_role("button", name="Sam Altman").first.click()
    expect(page.locator("#panel dd").first).to_contain_text("Microsoft")


def test_search_finds_people_by_any_name(open_page: Open, story_page: str) -> None:
    """Typing a part of a name in any script finds the person; Enter tells the story and chooses the boxes held."""
    page = open_page(story_page, "at=2023-11-18")
    search = page.locator("#search")
    search.fill("ムラティ")
    expect(page.get_by_role("option").first).to_contain_text("Mira Murati")
    search.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("Mira Murati")
    assert {"ceo", "cto"} == {b.get_attribute("data-id") for b in page.locator(".box.chosen").all()}
    search.fill("zzzz")
    expect(page.locator("#found")).to_have_text("Nothing is called so.")
    search.press("Escape")
    expect(page.locator("#found")).to_be_hidden()


def test_keys_do_what_the_help_says(open_page: Open, story_page: str) -> None:
    """Keys step through events and news, search, choose and fold boxes; the help lists them."""
    page = open_page(story_page, "at=2023-11-16")
    day = page.locator("#day")
    page.keyboard.press(".")
    expect(day).to_have_text("November 17, 2023")
    page.keyboard.press(",")
    expect(day).to_have_text("November 16, 2023")
    page.locator("#at").focus()
    page.keyboard.press("ArrowRight")
    expect(day).to_have_text("November 17, 2023")
    page.keyboard.press("[")
    expect(page.locator("#asknown")).to_contain_text("as known on October 4, 2024")
    page.keyboard.press("]")
    expect(page.locator("#asknown")).to_have_text("with all that is known")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys kbd")).to_have_count(15)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_the_chart_is_a_tree_for_the_keyboard(open_page: Open, story_page: str) -> None:
    """Arrows walk the tree and fold it; Enter tells the story of a box."""
    page = open_page(story_page, "at=2024-10-04")
    page.locator('.box[tabindex="0"]').focus()
    expect(page.locator(".box:focus")).to_have_attribute("data-id", "openai")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".box:focus")).to_have_attribute("aria-expanded", "false")
    expect(box(page, "ceo")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".box:focus")).to_have_attribute("aria-level", "2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).not_to_have_text("October 4, 2024")


def test_play_goes_from_event_to_event(open_page: Open, story_page: str) -> None:
    """Play moves the date on from event to event until somebody presses pause."""
    page = open_page(story_page, "at=2023-11-16")
    page.clock.install()
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.clock.run_for(1100)
    expect(page.locator("#day")).to_have_text("November 17, 2023")
    page.clock.run_for(3000)
    expect(page.locator("#day")).to_have_text("November 22, 2023")
    page.locator("#play").click()
    page.clock.run_for(5000)
    expect(page.locator("#day")).to_have_text("November 22, 2023")


def test_compare_tells_what_changed(open_page: Open, story_page: str) -> None:
    """Between 16 and 18 November 2023 the post of CEO goes from Sam Altman to Mira Murati, acting."""
    page = open_page(story_page, "at=2023-11-16")
    page.locator("#compare").click()
    expect(page.locator("#panel")).to_contain_text("Nothing differs")
    slide(page, "at", "2023-11-18")
    row = page.locator(".changes li", has=page.get_by_role("button", name="Chief Executive Officer", exact=True))
    expect(row.locator("del")).to_have_text("Sam Altman")
    expect(row.locator("ins")).to_have_text("Mira Murati (acting)")
    expect(box(page, "ceo")).to_have_class(re.compile(r"\bother\b"))
    gone = page.locator(".changes li", has=page.get_by_role("button", name="Jakub Pachocki", exact=True))
    expect(gone).to_contain_text("gone")
    page.locator("#panel .close").click()
    expect(page.locator(".box.other")).to_have_count(0)


def test_compare_tells_no_vague_day_as_sure(open_page: Open, story_page: str, story: Ledger) -> None:
    """What ended has the words of its date, and what counts by the first day and may be later is told apart."""
    page = open_page(story_page, "at=2024-01-15&from=2023-11-18")
    back = page.locator(".changes li", has=page.get_by_role("button", name="Sam Altman", exact=True))
    expect(back.locator(".note")).to_contain_text(["2023-11-22 Sam Altman joins OpenAI"])
    later = page.locator("h3", has_text="Counted by Nov 18, 2023, and perhaps later")
    expect(later).to_have_count(1)
    unsure = story.undecided(parse_day("2023-11-18"))
    assert "szymon-sidor" in {getattr(event, "person", None) for event in unsure}
    expect(later.locator("+ ul li")).to_have_count(min(12, len(unsure)))
    page = open_page(story_page, "at=2023-11-18&from=2023-11-16")
    gone = page.locator(".changes li", has=page.get_by_role("button", name="Szymon Sidor", exact=True))
    expect(gone).to_contain_text("between 2023-11-17 and 2023-11-20 Szymon Sidor leaves OpenAI (resignation)")
    learned = open_page(story_page, "at=2023-12-01&known=2024-08-06&from=2023-12-01")
    expect(learned.locator(".changes li")).to_have_count(0)
    expect(learned.locator("h3", has_text="perhaps later")).to_have_count(0)


def test_a_story_shows_its_evidence(open_page: Open, story_page: str, story: Ledger) -> None:
    """A post's story names who holds it since when, the quotation, the document, its line, and the ledger's line."""
    page = open_page(story_page, "at=2023-11-18&id=ceo")
    expect(page.locator("#panel h2")).to_have_text("Chief Executive Officer")
    acting = page.locator("#panel dt", has_text="Acting").locator("+ dd")
    acting.locator("summary").click()
    (held,) = (h for h in story.chart(parse_day("2023-11-18")).holders("ceo") if h.acting)
    source = held.event.source[0]
    evidence = acting.locator(".event").first
    assert source.quote is not None
    assert held.event.where is not None
    expect(evidence.locator("q").first).to_contain_text(source.quote)
    expect(evidence).to_contain_text(story.index.sources[source.id].title or "")
    expect(evidence).to_contain_text(f"line {source.line}")
    expect(evidence).to_contain_text(f"{held.event.where.file.rpartition('/')[2]}:{held.event.where.line}")


def test_another_share_of_a_full_time_job_shows(open_page: Open) -> None:
    """Cho's story says how much she works from 2020 on, with what tells it; comparing tells what it was and is."""
    change = b"- {date: 2020-01-01, event: change-employment, person: cho, fte: 0.8}\n"
    page = open_page(write_page(read_texts([("vague.yaml", VAGUE + change)])), "at=2020-01-01&id=cho")
    works = page.locator("#panel dt", has_text=re.compile("^Works$")).locator("+ dd")
    expect(works).to_contain_text("0.8 FTE for acme")
    expect(works).to_contain_text("since 2020-01-01")
    works.locator("summary").click()
    expect(works).to_contain_text("Cho now works 0.8 FTE for acme")
    page = open_page(write_page(read_texts([("vague.yaml", VAGUE + change)])), "at=2020-01-01&from=2019-12-31")
    told = page.locator(".changes li", has_text="Cho")
    expect(told.locator("del")).to_have_text("acme")
    expect(told.locator("ins")).to_have_text("acme (0.8 FTE)")


def test_a_document_published_later_is_marked(open_page: Open, story_page: str) -> None:
    """That Altman is CEO again is known by an article of August 2024, and cites articles of October for the day."""
    page = open_page(story_page, "at=2024-01-01&known=2024-08-10&id=ceo")
    back = page.locator(".event", has_text="Sam Altman becomes Chief Executive Officer").last
    expect(back.locator("cite", has_text="Oct 4, 2024, published later").first).to_be_attached()
    expect(back.locator("cite", has_text="Aug 6, 2024")).not_to_contain_text("published later")
    page = open_page(story_page, "at=2024-01-01&id=ceo")
    expect(page.locator("#panel")).not_to_contain_text("published later")


def test_retractions_and_rivals_show(open_page: Open, story_page: str) -> None:
    """What was retracted is struck out with the day of it, and a rival account stands beside what it disputes."""
    page = open_page(story_page, "id=sam-altman")
    gone = page.locator(".event.retracted", has_text="Microsoft").first
    expect(gone.locator(".tag.gone")).to_contain_text("retracted")
    page = open_page(story_page, "id=cto")
    expect(page.locator("#panel")).to_contain_text("another account; not applied")


def test_the_strip_shows_gaps(open_page: Open, story_page: str) -> None:
    """Beneath the sliders, the CEO's post is held, acting and held again, and a click goes to the stretch."""
    page = open_page(story_page, "at=2024-10-04")
    row = page.locator(".row", has=page.get_by_role("button", name="Chief Executive Officer", exact=True))
    states = [(s.get_attribute("class") or "").split()[1] for s in row.locator(".stretch").all()]
    assert states == ["held", "acting", "acting", "held"]
    row.locator(".stretch.acting").first.evaluate("(stretch) => stretch.click()")
    expect(page.locator("#day")).to_have_text("November 17, 2023")
    vacant = page.get_by_role("button", name=re.compile("^Chief Technology Officer: vacant, from Sep 25, 2024"))
    expect(vacant).to_have_count(1)


VAGUE = b"""\
orgsim: ledger/1
organization: acme
people:
  ann: {name: Ann}
  bob: {name: Bob}
  cho: {name: Cho}
events:
- {date: 2019-01-01, event: open-unit, unit: acme}
- {date: 2019-01-01, event: create-post, post: head, title: Head, critical: true}
- {date: 2019-01-01, event: hire, person: ann}
- {date: 2019-01-01, event: hire, person: bob}
- {date: 2019-01-01, event: hire, person: cho}
- {date: 2019-07-01..2019-07-30, event: appoint, person: ann, post: head}
- {date: 2020, event: vacate, person: ann, post: head}
- {date: ..2021-06-30, event: appoint, person: bob, post: head}
- {date: 2021-08-01, event: vacate, person: bob, post: head}
- {date: 2021-10-01, known: 2021-08-01, event: appoint, person: cho, post: head, certainty: expected}
- {date: 2021-12-31, event: change-post, post: head, level: C}
"""
STRETCHES = """() => [...document.querySelectorAll(".stretch")].map((stretch) => {
  const width = (one) => (one === null ? 0 : one.getBoundingClientRect().width);
  const fade = Math.round((100 * width(stretch.querySelector("i"))) / width(stretch));
  return [stretch.title, fade, stretch.classList.contains("expected")];
})"""


def test_the_strip_shows_what_is_not_sure(open_page: Open) -> None:
    """A stretch fades in over the days on which it may have begun, and says so; one only expected is marked."""
    page = open_page(write_page(read_texts([("vague.yaml", VAGUE)])))
    page.locator("#all").click()
    shown = {told.removeprefix("Head: "): (fade, expected) for told, fade, expected in page.evaluate(STRETCHES)}
    assert list(shown) == [
        "vacant, from Jan 1, 2019 to Jun 30, 2019, or as late as Jul 29, 2019",
        "Ann, from Jul 1, 2019, or as late as Jul 30, 2019, to Dec 31, 2019, or as late as Dec 30, 2020",
        "not known, from Jan 1, 2020, or as late as Dec 31, 2020, to Jun 29, 2021, or before",
        "Bob, from Jun 30, 2021, or before, to Jul 31, 2021",
        "vacant, from Aug 1, 2021 to Sep 30, 2021",
        "Cho, from Oct 1, 2021, only expected",
    ]
    fades = [fade for fade, _ in shown.values()]
    assert fades[0] == fades[4] == fades[5] == 0, "these days are sure"
    assert abs(fades[1] - 100 * 30 / 184) <= 1, "all of July, of the half year until 2020"
    assert [expected for _, expected in shown.values()] == [False] * 5 + [True]


def test_the_chart_is_the_ledgers(open_page: Open, story_page: str, story: Ledger) -> None:
    """At every event date, as known on every known date and in the end, the page's chart equals the ledger's."""
    page = open_page(story_page)
    days = sorted({event.date.day for event in story.events})
    known = [None, *sorted({event.known for event in story.events})[-6:]]
    pairs = [(at, k) for at in days for k in known]
    asked = [[at.isoformat(), k.isoformat() if k else None] for at, k in pairs]
    answers = page.evaluate("(pairs) => pairs.map(([at, known]) => orgsim.chart(at, known ?? undefined))", asked)
    for (at, k), answer in zip(pairs, answers, strict=True):
        assert answer == told_by_chart(story.chart(at, k)), f"at {at}, known {k}"


@pytest.mark.parametrize("width", [390, 820, 1280, 1920])
def test_no_box_covers_another(open_page: Open, story_page: str, story: Ledger, width: int) -> None:
    """At every event date no two boxes overlap, and the page is no wider than the screen."""
    page = open_page(story_page, viewport={"width": width, "height": 900})
    for day in sorted({event.date.day for event in story.events}):
        page.evaluate("(at) => orgsim.go(at)", day.isoformat())
        assert overlapping(page) == [], day
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_text_is_cut_off_below(open_page: Open, story_page: str, story: Ledger) -> None:
    """In every box of every event date, all lines fit into the box."""
    page = open_page(story_page)
    for day in sorted({event.date.day for event in story.events}):
        page.evaluate("(at) => orgsim.go(at)", day.isoformat())
        assert cut_off(page) == [], day


def test_screen_readers_are_told(open_page: Open, story_page: str) -> None:
    """Every control has a name, every box is an item of the tree with a sentence, and a new date is announced."""
    page = open_page(story_page, "at=2023-11-18")
    unnamed = """() => [...document.querySelectorAll("button, input")]
      .filter((e) => !(e.ariaLabel || e.title || e.textContent.trim() || e.labels?.length)).map((e) => e.outerHTML)"""
    assert page.evaluate(unnamed) == []
    expect(box(page, "ceo")).to_have_attribute("aria-label", "Chief Executive Officer; Mira Murati, acting")
    expect(box(page, "ceo")).to_have_attribute("role", "treeitem")
    expect(page.locator("#at")).to_have_attribute("aria-valuetext", "November 18, 2023")
    expect(page.locator("#said")).to_contain_text("November 18, 2023, with all that is known: ")


def test_the_address_leads_back(open_page: Open, story_page: str) -> None:
    """The address names what is looked at, and a page opened there looks at the same."""
    page = open_page(story_page, "at=2023-11-20&known=2023-11-20&id=ceo")
    expect(page.locator("#panel h2")).to_have_text("Chief Executive Officer")
    expect(box(page, "ceo")).to_contain_text("Emmett Shear")
    slide(page, "at", "2023-11-18")
    expect(page).to_have_url(re.compile("#at=2023-11-18&known=2023-11-20&id=ceo$"))


def test_it_prints_on_one_sheet(open_page: Open, story_page: str) -> None:
    """On paper there is one sheet with the chart and the strip, without controls."""
    page = open_page(story_page, "at=2024-10-04")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1


def test_a_phone_shows_a_list(open_page: Open, story_page: str) -> None:
    """On a phone the chart is a list as wide as the screen, and a story covers it when asked for."""
    page = open_page(story_page, "at=2024-10-04", viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator("#shape")).to_have_text("Tree")
    expect(page.locator("#panel")).to_be_hidden()
    edges = [(one["left"], one["right"]) for one in boxes(page)]
    assert all(left >= 0 and right <= 390 for left, right in edges)
    box(page, "openai").tap()
    expect(page.locator("#panel")).to_be_visible()
    page.locator("#panel .close").tap()
    expect(page.locator("#panel")).to_be_hidden()
