"""What the story must show: three CEOs in a week, Microsoft known and forgotten, six under Altman, and the unknown."""

import pytest

from orgsim import Ledger, chart_data, parse_day, why
from tests.story.asking import At, cited, employers, how_sure, who

SIX = ("mark-chen", "jakub-pachocki", "kevin-weil", "srinivas-narayanan", "matt-knight", "joshua-achiam")


def test_six_report_to_altman_the_day_after_his_note(at: At) -> None:
    """On 2024-09-26 Chen, Pachocki, Weil, Narayanan, Knight and Achiam are under Altman, each by the primary post."""
    chart = at("2024-09-26")
    assert [chart.manager(person) for person in SIX] == ["sam-altman"] * 6
    assert [chart.posts_of(person)[0].id for person in SIX] == [
        "svp-research",
        "chief-scientist",
        "cpo",
        "vp-engineering",
        "ciso",
        "head-mission-alignment",
    ]


def test_brockman_is_on_leave_the_day_after_the_note(at: At) -> None:
    """On 2024-09-26 Brockman, and nobody else, is on leave, and still president."""
    chart = at("2024-09-26")
    assert [person.id for person in chart.on_leave] == ["greg-brockman"]
    assert who(chart, "president") == ["greg-brockman"]


def test_the_cto_post_is_vacant_in_october(at: At) -> None:
    """On 2024-10-04 nobody holds the CTO's post, not even acting."""
    chart = at("2024-10-04")
    assert chart.post("cto").holders == ()
    assert "cto" in {post.id for post in chart.vacancies}
    assert cited(chart.expectations("cto")) >= {"d000", "d003"}


@pytest.mark.parametrize(("post", "silent"), [("cto", False), ("board-chair", True)])
def test_a_vacancy_that_no_article_tells_is_told_as_silence(at: At, post: str, *, silent: bool) -> None:
    """On 2024-10-04 articles call the post of the CTO vacant; of the chair of the board they name no successor."""
    told = [evidence.statement for evidence in why(at("2024-10-04"), post) if "is vacant" in evidence.statement]
    assert len(told) == 1
    assert told[0].endswith(": no successor is told") == silent


@pytest.mark.parametrize(
    ("day", "person", "acting"),
    [
        ("2023-11-16", "sam-altman", False),
        ("2023-11-18", "mira-murati", True),
        ("2023-11-21", "emmett-shear", True),
        ("2023-11-23", "sam-altman", False),
    ],
)
def test_ceo_of_the_days(at: At, day: str, person: str, *, acting: bool) -> None:
    """The CEO is Altman, then Murati and Shear acting, then Altman again."""
    chart = at(day)
    assert [(held.person, held.acting) for held in chart.holders("ceo")] == [(person, acting)]
    assert chart.holder("ceo") == person


def test_microsoft_is_what_one_knew_in_november(at: At) -> None:
    """As known on 2023-11-20, Altman and Brockman are at Microsoft on 2023-12-01; as known today they are not."""
    for person in ("sam-altman", "greg-brockman"):
        assert employers(at("2023-12-01", known="2023-11-20"), person) == ["microsoft"]
        assert employers(at("2023-12-01"), person) == ["openai"]
    then = at("2023-12-01", known="2023-11-20")
    assert who(then, "microsoft-ai-team-lead") == ["sam-altman"]
    assert how_sure(then, "microsoft-ai-team-lead", "sam-altman") == "expected"
    assert "microsoft-new-ai-team" not in {unit.id for unit in at("2023-12-01").units}


def test_microsoft_is_forgotten_with_the_article_of_august(at: At) -> None:
    """The day before d004 appeared one still knew of Microsoft; with it, of Altman and Brockman at OpenAI."""
    for person, post in (("sam-altman", "ceo"), ("greg-brockman", "president")):
        assert employers(at("2024-01-01", known="2024-08-05"), person) == ["microsoft"]
        assert employers(at("2024-01-01", known="2024-08-06"), person) == ["openai"]
        assert who(at("2024-01-01", known="2024-08-06"), post) == [person]


def test_the_ledger_is_known_in_four_steps(story: Ledger) -> None:
    """Something became known on four days, when the articles appeared, and the ledger holds on each of them."""
    days = {event.known for event in story.events}
    assert days == {source.published for source in story.sources}
    assert len(days) == 4


def test_superalignment_in_summer_has_two_accounts(at: At) -> None:
    """Schulman leads superalignment for the interim in June 2024, disputed by the account that it was dissolved."""
    chart = at("2024-06-15")
    assert [(held.person, held.acting) for held in chart.holders("superalignment-lead")] == [("john-schulman", True)]
    assert how_sure(chart, "superalignment-lead", "john-schulman") == "disputed"
    told = [fact for fact in why(chart, "superalignment-lead") if fact.rivals]
    assert [(cited(fact.events), cited(fact.rivals)) for fact in told] == [({"d004"}, {"d002"})]
    before = at("2024-06-15", known="2024-08-06")
    assert how_sure(before, "superalignment-lead", "john-schulman") == "stated"


def test_superalignment_is_gone_by_the_end_of_september(at: At) -> None:
    """On 2024-09-26 no account has superalignment any more: no unit, and no vacancy in it."""
    chart = at("2024-09-26")
    assert "superalignment" not in {unit.id for unit in chart.units}
    assert "superalignment-lead" not in {post.id for post in chart.posts}
    assert "superalignment" in {unit.id for unit in at("2024-09-26", known="2024-08-06").units}


@pytest.mark.parametrize(
    ("person", "until"),
    [("jakub-pachocki", "2024-05"), ("aleksander-madry", "2024-07-23"), ("greg-brockman", "2024-08-06")],
)
def test_unreported_returns_are_inferred_and_wide(at: At, person: str, until: str) -> None:
    """Three who had resigned are back some day after d001, which nobody reports."""
    assert employers(at("2023-11-20"), person) == []
    job = at("2024-08-06").person(person).employment("openai")
    assert job is not None
    assert (job.since.text, job.event.certainty) == (f"2023-11-21..{until}", "inferred")


def test_sidor_is_not_brought_back(at: At) -> None:
    """Nobody says that Sidor came back, so he does not."""
    assert all(employers(at(day), "szymon-sidor") == [] for day in ("2023-11-18", "2024-01-01", "2024-10-04"))


def test_murati_as_cto_is_disputed_in_the_crisis_only(at: At) -> None:
    """Murati is CTO throughout; that she left the post from 17 to 21 November is another account, of d000 and d003."""
    days = ("2023-11-16", "2023-11-17", "2023-11-21", "2023-11-22", "2024-09-24")
    assert all(at(day).holder("cto") == "mira-murati" for day in days)
    sure = [how_sure(at(day), "cto", "mira-murati") for day in days]
    assert sure == ["stated", "disputed", "disputed", "stated", "stated"]
    rivals = [rival for fact in why(at("2023-11-21"), "cto") for rival in fact.rivals]
    assert cited(rivals) == {"d000", "d003"}
    assert how_sure(at("2023-11-21", known="2024-09-26"), "cto", "mira-murati") == "stated"


def test_unknown_managers_stay_unknown(at: At) -> None:
    """Whom Brockman, Kwon and Lightcap report to is told nowhere, and shown as unknown."""
    people = {person["id"]: person for person in chart_data(at("2024-09-26"))["people"]}
    for person in ("greg-brockman", "jason-kwon", "brad-lightcap"):
        assert people[person]["manager"] is None
        assert {line["status"] for line in people[person]["lines"]} == {"unknown"}
    before = {person["id"]: person for person in chart_data(at("2023-11-16"))["people"]}
    for person in ("mira-murati", "bob-mcgrew", "ilya-sutskever", "mark-chen"):
        assert {line["status"] for line in before[person]["lines"]} == {"unknown"}


def test_the_ceo_answers_to_the_board_as_a_whole(at: At) -> None:
    """The CEO's line goes to the board, and so to no single person."""
    chart = at("2023-11-16")
    line = chart.post("ceo").line
    assert line is not None
    assert line.to == "openai-board"
    assert chart.manager("sam-altman") is None


def test_no_seat_on_the_board_is_taken_away_without_a_word(at: At) -> None:
    """No document ends the seats of Altman, Brockman and Sutskever; what says they hold them is of November 2023."""
    chart = at("2024-10-04")
    post = chart.post("board-director")
    named = {held.person: chart.last_evidence(post, held) for held in post.holders}
    assert set(named) == {"sam-altman", "greg-brockman", "ilya-sutskever"}
    assert max(named.values()) == parse_day("2023-11-20")


def test_mcgrew_stays_after_handing_over(at: At) -> None:
    """McGrew has no post of research on 2024-09-26, is still employed, and is expected to leave in November."""
    chart = at("2024-09-26")
    assert [post.personal for post in chart.posts_of("bob-mcgrew")] == ["bob-mcgrew"]
    assert employers(chart, "bob-mcgrew") == ["openai"]
    assert employers(at("2024-11-30"), "bob-mcgrew") == []
    assert "chief-research-officer" not in {post.id for post in chart.posts}
    assert who(chart, "research-org-lead") == ["mark-chen", "jakub-pachocki"]


def test_only_posts_of_leadership_are_critical(at: At) -> None:
    """Critical, by our own assumption, are nine posts."""
    days = ("2023-11-16", "2024-05-31", "2024-09-26")
    assert {post.id for day in days for post in at(day).posts if post.critical} == {
        "ceo",
        "cto",
        "president",
        "chief-scientist",
        "chief-research-officer",
        "research-org-lead",
        "svp-research",
        "superalignment-lead",
        "post-training-lead",
    }
