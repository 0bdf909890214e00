"""The org chart as a picture: every post has its box, nothing overlaps, and what is special shows."""

import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from orgsim.errors import UnknownIdError, UserError
from orgsim.ledger import Ledger
from orgsim.plotting import plot_chart
from orgsim.plotting.forest import Box, forest
from orgsim.plotting.tidy import Place, Plan, plan, shelves
from orgsim.reading.reader import read
from tests.plotting.pictures import EMPTY, ONE, STORY, day, ledger_of, mark_of, marked, outside, overlaps, said


@pytest.fixture(scope="module")
def story() -> Ledger:
    """The packaged story."""
    return read(STORY)


def company(posts: int, span: int = 7) -> Ledger:
    """A company in which each post has about `span` posts beneath it, every ninth vacant."""
    lines = []
    for n in range(posts):
        to = "none" if n == 0 else f"p{(n - 1) // span}"
        lines.append(f"- {{date: 2020-01-01, event: create-post, post: p{n}, title: Engineer {n}, reports_to: {to}}}")
        if n % 9:
            lines.append(f"- {{date: 2020-01-01, event: hire, person: h{n}, name: Holder Number {n}}}")
            lines.append(f"- {{date: 2020-01-01, event: appoint, person: h{n}, post: p{n}}}")
    return ledger_of("\n".join(lines) + "\n")


# ------------------------------------------------------------------------------------------------------- what it says


def test_the_day_after_the_ouster(story: Ledger) -> None:
    """The chief executive's box says vacant and names Murati as acting; the chair is vacant too."""
    ax = plot_chart(story.chart(day("2023-11-18")), organization="openai")
    words = said(ax)
    assert {"Chief Executive Officer", "Mira Murati, acting", "VACANT"} <= set(words)
    assert "Whom they report to is not told" in words
    (box,) = marked(ax, "box ceo")
    assert box.get_linestyle() not in ("-", "solid"), "a vacancy is seen without its color"


def test_leave_is_told(story: Ledger) -> None:
    """Brockman is on leave in September 2024."""
    assert "Greg Brockman, on leave" in said(plot_chart(story.chart(day("2024-09-26")), organization="openai"))


def test_dotted_lines_are_drawn_and_told() -> None:
    """A dotted line is a curve, and a line of text in the box."""
    ledger = ledger_of(
        """\
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, reports_to: none}
- {date: 2020-01-01, event: create-post, post: cto, title: Engineer-in-chief, reports_to: ceo}
- {date: 2020-01-01, event: create-post, post: dev, title: Developer, reports_to: ceo}
- {date: 2020-01-01, event: report, post: dev, to: cto, line: dotted}
"""
    )
    ax = plot_chart(ledger.chart(day("2020-02-01")))
    assert "also to Engineer-in-chief" in said(ax)
    assert [mark_of(line) for line in marked(ax, "dotted")] == ["dotted dev cto"]


def test_every_post_has_a_box(story: Ledger) -> None:
    """Boxes are the posts of the chart, but for seats on a board, which stand in the box of the board."""
    chart = story.chart(day("2024-09-26"))
    boxes = {mark_of(box).removeprefix("box ") for box in marked(plot_chart(chart, organization="openai"), "box ")}
    seats = {"board-director", "board-chair"}
    own = {post.id for post in chart.posts if chart.unit(post.unit).id not in ("microsoft", "anthropic", "ssi")}
    assert boxes - {"openai-board"} == {id_ for id_ in own if id_ not in seats and _is_of(chart, id_)}


def _is_of(chart: object, id_: str) -> bool:
    from orgsim.chart import OrgChart
    from orgsim.lookups import organization_of

    assert isinstance(chart, OrgChart)
    post = chart.post(id_)
    return organization_of(chart, post) == "openai" and (post.seats != "any" or bool(post.holders))


def test_a_post_that_reports_to_another_organization_says_so() -> None:
    """It stands at the top of its own organization."""
    ledger = ledger_of(
        """\
- {date: 2020-01-01, event: open-unit, unit: beta, name: Beta}
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, reports_to: none}
- {date: 2020-01-01, event: create-post, post: head, title: Head, unit: beta, reports_to: ceo}
"""
    )
    (box,) = forest(ledger.chart(day("2020-02-01")), "beta").trees
    assert (box.id, box.notes) == ("head", ("reports to Chief",))


def test_the_organization_with_the_most_people_is_taken(story: Ledger) -> None:
    """Without a name; one that is none is refused."""
    chart = story.chart(day("2024-09-26"))
    assert forest(chart).organization == "OpenAI"
    with pytest.raises(UserError, match="no organization"):
        plot_chart(chart, organization="research-org")
    with pytest.raises(UnknownIdError):
        plot_chart(chart, organization="opnai")


def test_nothing_to_draw_is_said() -> None:
    """An empty ledger, and one person."""
    assert any("nothing to draw" in word for word in said(plot_chart(EMPTY.chart(day("2020-01-01")))))
    assert {"Chief", "Ada Rossi"} <= set(said(plot_chart(ONE.chart(day("2020-03-01")))))


def test_given_axes_are_drawn_on() -> None:
    """With `ax` no figure is made."""
    ax = Figure((8, 6)).add_subplot()
    assert plot_chart(ONE.chart(day("2020-03-01")), ax=ax) is ax


# ------------------------------------------------------------------------------------------------------------- folding


def test_two_hundred_boxes_are_legible() -> None:
    """No text overlaps another or leaves the sheet, and letters are as large as in a newspaper."""
    ax = plot_chart(company(200).chart(day("2020-02-01")))
    assert len(marked(ax, "box ")) == 200
    assert overlaps(ax) == []
    assert outside(ax) == []
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 7


def test_what_does_not_fit_is_folded_and_said() -> None:
    """Of a thousand posts some are drawn, and every other one is counted in the box it hangs under."""
    chart = company(1000).chart(day("2020-02-01"))
    found = forest(chart, most=200)
    drawn = list(found.boxes())
    assert len(drawn) <= 200
    assert len(drawn) + sum(box.folded for box in drawn) == 1000
    vacant = sum(box.vacant for box in drawn) + sum(box.folded_vacant for box in drawn)
    assert vacant == len(chart.vacancies)
    words = said(plot_chart(chart))
    assert any("of 1,000 posts are drawn" in word for word in words)
    assert any("posts beneath" in word for word in words)


def test_a_company_without_lines_is_cut() -> None:
    """Where nobody reports to anybody, the first posts are drawn, and the sentence says how many there are."""
    posts = "".join(f"- {{date: 2020-01-01, event: create-post, post: p{n}, title: Post {n}}}\n" for n in range(30))
    ax = plot_chart(ledger_of(posts).chart(day("2020-02-01")), most=10)
    assert len(marked(ax, "box ")) == 10
    assert any("The 10 highest of 30 posts are drawn" in word for word in said(ax))


# -------------------------------------------------------------------------------------------------------------- layout


def boxes_of(parents: list[int]) -> list[Box]:
    """Trees in which box n hangs under the box with the number given, or is a root where that is not before it."""
    made = [Box(str(n), "") for n in range(len(parents))]
    roots = []
    for n, parent in enumerate(parents):
        if parent < n and n:
            made[parent].below.append(made[n])
        else:
            roots.append(made[n])
    return roots


def clash(one: Place, two: Place) -> bool:
    """Whether two boxes overlap."""
    return (
        one.x < two.x + two.width - 1e-6
        and two.x < one.x + one.width - 1e-6
        and one.y < two.y + two.height - 1e-6
        and two.y < one.y + one.height - 1e-6
    )


def check(layout: Plan, trees: list[Box]) -> None:
    """What must be true of any layout: each box once, none over another, all on the sheet, parents above children."""
    every = [box for tree in trees for box in tree.walk()]
    assert layout.places.keys() == {box.id for box in every}
    assert not [pair for pair in combinations(layout.places.values(), 2) if clash(*pair)]
    for place in layout.places.values():
        assert -1e-6 <= place.x <= layout.width - place.width + 1e-6
        assert -1e-6 <= place.y <= layout.height - place.height + 1e-6
    for box in every:
        for below in box.below:
            assert layout.places[box.id].y + layout.places[box.id].height <= layout.places[below.id].y + 1e-6


@settings(max_examples=40)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=25), st.lists(st.floats(12, 80), min_size=3, max_size=3))
def test_no_layout_puts_a_box_over_another(parents: list[int], heights: list[float]) -> None:
    """Whatever the trees and however high the boxes."""
    trees = boxes_of(parents)

    def height(box: Box) -> float:
        return heights[int(box.id) % 3]

    check(plan(trees, 100, height), trees)
    check(shelves(trees, 100, height, 350), trees)


def test_a_parent_stands_over_the_middle_of_its_children() -> None:
    """Of two subtrees of the same shape, as Reingold and Tilford ask."""
    trees = boxes_of([0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    layout = plan(trees, 100, lambda _: 20.0)
    left, right, top = (layout.places[id_].x for id_ in ("1", "2", "0"))
    assert top == pytest.approx((left + right) / 2, abs=15)


def test_the_layout_suits_a_page() -> None:
    """Two hundred boxes do not make a ribbon: the sheet is at most three times as wide as high, and not much higher."""
    figure = plot_chart(company(200).chart(day("2020-02-01"))).get_figure(root=True)
    assert figure is not None
    wide, high = figure.get_size_inches()
    assert 0.6 <= wide / high <= 3


def test_dates_are_told(story: Ledger) -> None:
    """The date of the chart, and what was known when."""
    chart = story.chart(day("2023-12-01"), day("2023-11-20"))
    words = said(plot_chart(chart))
    assert any(word.startswith("1 Dec 2023, as known on 20 Nov 2023") for word in words)
    assert isinstance(chart.at, dt.date)
