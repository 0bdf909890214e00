"""Pictures of people: who went where, and who might follow whom."""

from collections import Counter

import pytest

from orgsim.errors import UnknownIdError
from orgsim.events import Depart
from orgsim.plotting import Candidate, Succession, SuccessionRow, Who, bench, moves, plot_flows, plot_succession
from orgsim.plotting.data import READINESS
from orgsim.reading.reader import read
from tests.plotting.pictures import EMPTY, ONE, STORY, day, ledger_of, mark_of, marked, outside, overlaps, said

# --------------------------------------------------------------------------------------------------------------- flows


def test_the_story_tells_who_went_to_whom() -> None:
    """Schulman and Leike went to Anthropic, Sutskever founded another company, and four came back."""
    found = {(m.who.id, m.target) for m in moves(read(STORY)).moves if m.origin == "OpenAI"}
    assert {
        ("john-schulman", "Anthropic"),
        ("jan-leike", "Anthropic"),
        ("ilya-sutskever", "Safe Superintelligence"),
        ("sam-altman", "OpenAI"),
        ("mira-murati", None),
    } <= found


def test_as_known_in_the_crisis_altman_went_to_microsoft() -> None:
    """On the 20th of November 2023 that was the news, and later it turned out not to hold."""
    then = {(m.who.id, m.target) for m in moves(read(STORY), known=day("2023-11-20")).moves}
    assert ("sam-altman", "Microsoft") in then


def test_months_stay_months() -> None:
    """A departure of which the month is told is not drawn with a day."""
    ax = plot_flows(moves(read(STORY)))
    assert "May 2024" in said(ax)
    assert "1 May 2024" not in said(ax)
    assert {"4 back at OpenAI", "5 Anthropic", "19 OpenAI", "10 not told"} <= set(said(ax))
    assert overlaps(ax) == []
    assert outside(ax) == []
    (shear,) = marked(ax, "move emmett-shear")
    assert shear.get_linestyle() not in ("-", "solid"), "his departure is inferred"


def test_every_departure_is_a_move() -> None:
    """Also of those who are only told to have been there once, as the founders of Anthropic are."""
    ledger = read(STORY)
    told = Counter(
        event.person
        for event in ledger.events
        if isinstance(event, Depart) and event.disputes is None and ledger.sees(event)
    )
    left = [move for move in moves(ledger, end=day("2025-01-01")).moves if move.origin is not None]
    assert Counter(move.who.id for move in left) == told
    went = {(move.who.id, move.target, move.when) for move in left}
    assert ("dario-amodei", "Anthropic", "by 30 Apr 2024") in went
    assert ("sam-altman", None, "by 20 Nov 2023") in went, "he left Loopt years before he came back to OpenAI"
    assert any("may have been before this period" in word for word in said(plot_flows(moves(ledger))))


def test_an_arrival_that_is_inferred_is_dashed() -> None:
    """That Sutskever left is stated, and that he works for the company he founded is inferred."""
    ax = plot_flows(moves(read(STORY)))
    (ribbon,) = marked(ax, "move ilya-sutskever")
    assert ribbon.get_linestyle() not in ("-", "solid")
    assert "May 2024, arrival inferred" in said(ax)
    (leike,) = marked(ax, "move jan-leike")
    assert leike.get_linestyle() in ("-", "solid")


def test_a_merger_is_no_move() -> None:
    """Employees of a merged organization did not go anywhere."""
    ledger = ledger_of(
        """\
- {date: 2020-01-01, event: open-unit, unit: old, name: Old}
- {date: 2020-01-01, event: hire, person: ada, name: Ada, organization: old}
- {date: 2021-01-01, event: close-unit, unit: old, into: acme}
- {date: 2022-01-01, event: depart, person: ada}
"""
    )
    left = [move for move in moves(ledger).moves if move.origin is not None]
    assert [(move.origin, move.target, move.day) for move in left] == [("Acme", None, day("2022-01-01"))]


def test_somebody_who_works_for_two_stays_with_one() -> None:
    """Leaving one employer while going on with another is a departure to nowhere told."""
    ledger = ledger_of(
        """\
- {date: 2020-01-01, event: open-unit, unit: other, name: Other}
- {date: 2020-01-01, event: hire, person: ada, name: Ada}
- {date: 2020-06-01, event: hire, person: ada, organization: other}
- {date: 2022-01-01, event: depart, person: ada}
"""
    )
    left = [(m.origin, m.target) for m in moves(ledger).moves if m.origin is not None]
    assert left == [("Acme", None)]


def test_many_moves_are_drawn_together() -> None:
    """Of a hundred departures names are left out, and every one has its share of the picture."""
    hires = "".join(f"- {{date: 2020-01-01, event: hire, person: p{n}, name: Person {n}}}\n" for n in range(100))
    gone = "".join(f"- {{date: 2021-01-01, event: depart, person: p{n}}}\n" for n in range(100))
    ax = plot_flows(moves(ledger_of(hires + gone)))
    assert len(marked(ax, "move")) == 100
    assert "Person 3" not in said(ax)
    assert "100 Acme" in said(ax)


def test_nobody_left_is_said() -> None:
    """An empty ledger, and a company that nobody leaves."""
    for ledger in (EMPTY, ONE):
        assert any("Nobody left" in word for word in said(plot_flows(moves(ledger))))


# ---------------------------------------------------------------------------------------------------------- succession


def test_without_plans_those_beneath_are_shown_unrated() -> None:
    """Whoever reports to the chief executive stands behind the post, and the picture says that nobody is rated."""
    data = bench(read(STORY).chart(day("2024-09-26")), organization="openai")
    top = data.rows[0]
    assert (top.post, top.holders[0].name) == ("ceo", "Sam Altman")
    assert "Mark Chen" in [one.who.name for one in top.candidates]
    ax = plot_succession(data)
    assert any("no succession plans" in word for word in said(ax))
    assert {"vacant", "since some day from 25 Sep to 4 Oct 2024", "Greg Brockman, on leave"} <= set(said(ax))
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_a_top_whose_manager_is_not_told_comes_first() -> None:
    """A chief of whom nobody says that there is nobody above stands before those who report to her."""
    posts = "".join(f"- {{date: 2020-01-01, event: create-post, post: w{n}, reports_to: head}}\n" for n in range(20))
    chart = ledger_of(
        f"""\
- {{date: 2020-01-01, event: create-post, post: apart}}
- {{date: 2020-01-01, event: create-post, post: chief}}
- {{date: 2020-01-01, event: create-post, post: head, reports_to: chief}}
{posts}"""
    ).chart(day("2021-01-01"))
    data = bench(chart)
    assert [row.post for row in data.rows[:3]] == ["chief", "head", "w0"]
    assert len(data.rows) + data.left_out == 23
    assert any(f"{data.left_out} more posts left out" in word for word in said(plot_succession(data)))


def _row(post: str, *candidates: tuple[str, str]) -> SuccessionRow:
    made = tuple(Candidate(who=Who(name, name.lower()), readiness=ready) for name, ready in candidates)
    return SuccessionRow(post=post, title=post.upper(), state="held", holders=(Who("Zoe"),), candidates=made)


def test_rated_candidates_stand_under_their_readiness() -> None:
    """One column for each grade; somebody behind two posts is marked in both; nobody is said in words."""
    data = Succession(
        at=day("2024-01-01"),
        rows=(
            _row("ceo", ("Ada", READINESS[0]), ("Ben", READINESS[2])),
            _row("cto", ("Ben", READINESS[1])),
            _row("cfo"),
        ),
    )
    ax = plot_succession(data)
    words = said(ax)
    assert {"ready now", "1–2 years", "3+ years", "Ada", "nobody"} <= set(words)
    assert "not rated" not in words
    assert words.count("Ben ×2") == 2
    places = {mark_of(patch): patch.get_x() for patch in marked(ax, "candidate")}
    assert places["candidate ceo ada"] < places["candidate cto ben"] < places["candidate ceo ben"]
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_nothing_to_show_is_said() -> None:
    """An empty ledger; one person has nobody behind her."""
    assert any("no succession to show" in word for word in said(plot_succession(bench(EMPTY.chart(day("2024-01-01"))))))
    assert "nobody is told of" in said(plot_succession(bench(ONE.chart(day("2024-01-01")))))


def test_unknown_ids_are_refused() -> None:
    """A post or an organization that is not there."""
    chart = ONE.chart(day("2024-01-01"))
    with pytest.raises(UnknownIdError):
        bench(chart, ["cfo"])
    with pytest.raises(UnknownIdError):
        bench(chart, organization="acne")
