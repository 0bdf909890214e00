"""The twenty questions of the register, asked of the replayed chart, each answer with the documents behind it."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from orgsim import Appoint, Depart, Event, Ledger, parse_day
from tests.story.asking import At, cited, employers, holding, staff, who

Get = Callable[[str], Event]

WITNESSES = {
    "q01": {"d001"},
    "q03": {"d001"},
    "q05": {"d000", "d003"},
    "q07": {"d001"},
    "q08": {"d001"},
    "q10": {"d001"},
    "q12": {"d001"},
    "q14": {"d000", "d001"},
    "q15": {"d001"},
    "q17": {"d004"},
    "q19": {"d002"},
    "q21": {"d004"},
    "q23": {"d000", "d002", "d004"},
    "q25": {"d004"},
    "q27": {"d000", "d002", "d003"},
    "q30": {"d002"},
    "q32": {"d002"},
    "q34": {"d002"},
    "q36": {"d002"},
    "q40": {"d004"},
}
"""The documents that must stand behind the answer to each question."""


def backed(question: str, events: Iterable[Event]) -> bool:
    """Whether the events cite every document that stands behind the answer."""
    return WITNESSES[question] <= cited(events)


def test_q01_altman_is_ceo_before_the_ouster(at: At) -> None:
    """Sam Altman held the CEO's post on 2023-11-16."""
    chart = at("2023-11-16")
    assert who(chart, "ceo") == ["sam-altman"]
    assert backed("q01", holding(chart, "ceo", "sam-altman"))


def test_q03_shear_is_interim_ceo_on_the_20th(at: At) -> None:
    """Emmett Shear held the CEO's post on 2023-11-20, and only for the interim."""
    chart = at("2023-11-20")
    assert [(held.person, held.acting) for held in chart.holders("ceo")] == [("emmett-shear", True)]
    assert chart.post("ceo").vacant
    assert backed("q03", holding(chart, "ceo", "emmett-shear"))


def test_q05_altman_is_ceo_again_on_the_23rd(at: At) -> None:
    """Sam Altman held the CEO's post on 2023-11-23, for good."""
    chart = at("2023-11-23")
    assert [(held.person, held.acting) for held in chart.holders("ceo")] == [("sam-altman", False)]
    assert backed("q05", holding(chart, "ceo", "sam-altman"))


def test_q07_brockman_is_chair_and_president(at: At) -> None:
    """Greg Brockman chaired the board on 2023-11-16, and was president."""
    chart = at("2023-11-16")
    assert who(chart, "board-chair") == ["greg-brockman"]
    assert chart.posts_of("greg-brockman")[0].id == "president"
    assert backed("q07", holding(chart, "board-chair", "greg-brockman"))
    assert backed("q07", holding(chart, "president", "greg-brockman"))


def test_q08_nobody_is_known_to_chair_the_board_on_the_18th(at: At, story: Ledger) -> None:
    """Who chaired the board on 2023-11-18 is not told: Brockman was removed, and no successor is named."""
    post = at("2023-11-18").post("board-chair")
    assert post.holders == ()
    assert post.vacated is not None
    assert (post.vacated.id, post.vacated.date.text) == ("brockman-chair-removed", "2023-11-17")
    chairs = [e.id for e in story.events if isinstance(e, Appoint) and e.post == "board-chair"]
    assert chairs == ["board-chair-brockman"]
    assert backed("q08", [post.vacated])


def test_q10_microsoft_has_no_seat_on_the_board(at: At, event: Get, story: Ledger) -> None:
    """Microsoft had none of the six seats on 2023-11-20; what it owns is no matter of posts, and left out."""
    chart = at("2023-11-20")
    assert chart.post("board-director").taken == 6
    assert staff(chart, "microsoft").isdisjoint(who(chart, "board-director"))
    board = event("board-over-everything.board")
    assert "Microsoft" in (board.note or "")
    assert any(source.line == 95 for source in board.source)
    assert "microsoft-49pct" not in story.index.events
    assert backed("q10", [board])


def test_q12_four_have_resigned_by_the_20th(at: At, story: Ledger) -> None:
    """Brockman, Pachocki, Madry and Sidor had resigned after the ouster, by 2023-11-20."""
    ouster, article = parse_day("2023-11-17"), parse_day("2023-11-20")
    left = [
        e
        for e in story.events
        if isinstance(e, Depart) and e.reason == "resignation" and ouster <= e.date.day and e.date.last <= article
    ]
    people = {e.person for e in left}
    assert people == {"greg-brockman", "jakub-pachocki", "aleksander-madry", "szymon-sidor"}
    assert people.isdisjoint(staff(at("2023-11-20"), "openai"))
    assert all(backed("q12", [e]) for e in left)


def test_q14_the_microsoft_appointment_did_not_take_effect(at: At, event: Get, story: Ledger) -> None:
    """By all documents Altman was not at Microsoft on 2023-11-23: inferred, for he was CEO of OpenAI again."""
    chart = at("2023-11-23")
    assert employers(chart, "sam-altman") == ["openai"]
    joined = event("altman-joins-microsoft")
    assert not story.sees(joined)
    withdrawn = event("altman-joins-microsoft.retracted")
    assert (withdrawn.kind, withdrawn.certainty) == ("retract", "inferred")
    assert backed("q14", [joined, withdrawn, *holding(chart, "ceo", "sam-altman")])


def test_q15_lightcap_is_coo_on_the_20th(at: At) -> None:
    """Brad Lightcap was chief operating officer on 2023-11-20; nothing says so for any later day."""
    chart = at("2023-11-20")
    assert who(chart, "coo") == ["brad-lightcap"]
    assert backed("q15", holding(chart, "coo", "brad-lightcap"))
    later = at("2024-10-04")
    assert later.last_evidence(later.post("coo"), later.holders("coo")[0]) == parse_day("2023-11-20")


def test_q17_superalignment_has_two_leads(at: At) -> None:
    """Ilya Sutskever and Jan Leike led superalignment together on 2024-04-30."""
    chart = at("2024-04-30")
    assert who(chart, "superalignment-lead") == ["ilya-sutskever", "jan-leike"]
    assert [post.id for post in chart.posts if post.heads == "superalignment"] == ["superalignment-lead"]
    for person in ("ilya-sutskever", "jan-leike"):
        assert backed("q17", holding(chart, "superalignment-lead", person))


def test_q19_pachocki_is_chief_scientist_in_june(at: At) -> None:
    """Jakub Pachocki was chief scientist on 2024-06-01, since some day of May, after Sutskever."""
    chart, before = at("2024-06-01"), at("2024-04-30")
    assert [(held.person, held.since.text) for held in chart.holders("chief-scientist")] == [
        ("jakub-pachocki", "2024-05")
    ]
    assert who(before, "chief-scientist") == ["ilya-sutskever"]
    assert backed("q19", holding(chart, "chief-scientist", "jakub-pachocki"))
    assert backed("q19", holding(before, "chief-scientist", "ilya-sutskever"))


def test_q21_leike_works_at_anthropic(at: At) -> None:
    """Jan Leike worked at Anthropic on 2024-08-06."""
    chart = at("2024-08-06")
    assert employers(chart, "jan-leike") == ["anthropic"]
    assert backed("q21", [job.event for job in chart.person("jan-leike").employments])


def test_q23_brockman_is_on_leave_and_keeps_his_post(at: At) -> None:
    """Greg Brockman was on leave on 2024-09-25, since August, still president and counted in the leadership."""
    chart = at("2024-09-25")
    leave = chart.person("greg-brockman").leave
    assert leave is not None
    assert leave.since.text == "2024-08-06"
    assert who(chart, "president") == ["greg-brockman"]
    assert backed("q23", [leave.event, *holding(chart, "president", "greg-brockman")])


def test_q25_madry_has_moved_to_ai_reasoning(at: At, event: Get) -> None:
    """Madry worked on AI reasoning on 2024-08-01, without a title; he had been senior director of safety."""
    chart = at("2024-08-01")
    assert [(post.id, post.unit) for post in chart.posts_of("aleksander-madry")] == [
        ("ai-reasoning-work", "ai-reasoning")
    ]
    before = at("2024-06-30")
    assert [(post.id, post.unit) for post in before.posts_of("aleksander-madry")] == [
        ("safety-senior-director", "safety-department")
    ]
    assert backed("q25", holding(chart, "ai-reasoning-work", "aleksander-madry"))
    assert backed("q25", [event("madry-reassigned.from")])


def test_q27_mcgrew_leads_research(at: At, event: Get) -> None:
    """Bob McGrew led research on 2024-09-24, under a title on which the documents differ."""
    chart = at("2024-09-24")
    assert chart.holder("chief-research-officer") == "bob-mcgrew"
    assert chart.holder("research-org-lead") == "bob-mcgrew"
    assert backed("q27", holding(chart, "chief-research-officer", "bob-mcgrew"))
    titles = event("mcgrew-head-of-research.post").note or ""
    assert all(title in titles for title in ("research director", "head of research", "directeur de la recherche"))


def test_q30_altman_names_six_direct_reports(at: At) -> None:
    """Six people report to Altman by his note: Chen, Pachocki, Weil, Narayanan, Knight and Achiam."""
    chart = at("2024-09-26")
    posts = chart.reports("sam-altman")
    assert {chart.holder(post.id) for post in posts} == {
        "mark-chen",
        "jakub-pachocki",
        "kevin-weil",
        "srinivas-narayanan",
        "matt-knight",
        "joshua-achiam",
    }
    assert len(posts) == 6
    for post in posts:
        assert post.line is not None
        assert [(source.id, source.line) for source in post.line.event.source] == [("d002", 137)]
        assert backed("q30", [post.line.event])


def test_q32_zoph_reports_to_mcgrew(at: At) -> None:
    """Barret Zoph reported to Bob McGrew before 2024-09-25."""
    chart = at("2024-09-20")
    assert chart.manager("barret-zoph") == "bob-mcgrew"
    line = chart.posts_of("barret-zoph")[0].line
    assert line is not None
    assert backed("q32", [line.event])


def test_q34_post_training_has_no_lead(at: At) -> None:
    """Nobody is named to lead post-training on 2024-10-10, after Zoph."""
    chart = at("2024-10-10")
    assert chart.post("post-training-lead").vacant
    seen = [e for e in chart.expectations("post-training-lead") if e.vacant]
    assert [e.id for e in seen] == ["post-training-lead-vacant"]
    assert backed("q34", seen)


def test_q36_weil_and_narayanan_lead_applied_together(at: At) -> None:
    """Kevin Weil, CPO, and Srinivas Narayanan, vice president of engineering, led Applied together."""
    chart = at("2024-09-26")
    assert who(chart, "applied-team-lead") == ["kevin-weil", "srinivas-narayanan"]
    for person, title in (("kevin-weil", "cpo"), ("srinivas-narayanan", "vp-engineering")):
        assert [post.id for post in chart.posts_of(person)] == [title, "applied-team-lead"]
        assert backed("q36", holding(chart, "applied-team-lead", person))
        assert backed("q36", holding(chart, title, person))


def test_q40_anthropic_by_august(at: At, event: Get) -> None:
    """By 2024-08-06 the documents place the Amodeis, Brown and Leike at Anthropic; Schulman announces it that day."""
    chart = at("2024-08-06", known="2024-08-06")
    assert staff(chart, "anthropic") == {"dario-amodei", "daniela-amodei", "tom-brown", "jan-leike"}
    for person in staff(chart, "anthropic"):
        assert backed("q40", [job.event for job in chart.person(person).employments])
    leaves = event("schulman-left")
    assert leaves.announced == parse_day("2024-08-06")
    assert backed("q40", [leaves])


@pytest.mark.data
def test_the_questions_are_those_of_the_register(facts: dict[str, Any], story: Ledger) -> None:
    """Every question of the register is asked here, and its documents stand behind the answer."""
    asked = {name.split("_")[1] for name in globals() if re.match("test_q[0-9]+_", name)}
    assert asked == set(WITNESSES) == {question["id"] for question in facts["questions"]}
    files = {source.id: source.file for source in story.sources}
    for question in facts["questions"]:
        behind = {files[id_] for id_ in WITNESSES[question["id"]]}
        assert behind == set(question["sources"]), question["id"]
