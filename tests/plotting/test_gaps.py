"""The picture of gaps tells who held what, who acted, when nobody did, and how sure all of it is."""

import pytest
from matplotlib.figure import Figure

from orgsim.ledger import Ledger
from orgsim.metrics import gaps
from orgsim.plotting import leadership, plot_gaps
from orgsim.plotting.data import GAP, Leadership, PostRow, Stretch, Who
from orgsim.plotting.gaps import summary
from orgsim.reading.reader import read
from tests.plotting.pictures import EMPTY, ONE, STORY, day, ledger_of, marked, outside, overlaps, said


@pytest.fixture(scope="module")
def story() -> Ledger:
    """The packaged story."""
    return read(STORY)


@pytest.fixture(scope="module")
def told(story: Ledger) -> Leadership:
    """The data of its picture."""
    return leadership(story, name="openai")


def stretches(data: Leadership, post: str) -> tuple[Stretch, ...]:
    """What a row shows."""
    return next(row for row in data.rows if row.post == post).stretches


def test_the_ouster_is_told_day_by_day(told: Leadership) -> None:
    """The chief executive's post is without a holder from the 17th of November to the 22nd; Murati acts, then Shear."""
    gap = [(s.start, s.end, s.state, s.who[0].name) for s in stretches(told, "ceo") if s.state in GAP]
    assert gap == [
        (day("2023-11-17"), day("2023-11-20"), "acting", "Mira Murati"),
        (day("2023-11-20"), day("2023-11-22"), "acting", "Emmett Shear"),
    ]
    ax = plot_gaps(told)
    bars = marked(ax, "acting ceo 2023-11-17")
    assert len(bars) == 2, "once in the whole, and once at the scale of days"
    lens = bars[-1]
    assert lens.get_width() == 3
    words = said(ax)
    assert {"Mira Murati, acting", "Emmett Shear, acting", "5 days acting"} <= set(words)
    assert any("17 Nov: Sam Altman leaves OpenAI (dismissal)" in word for word in words)


def test_the_vacancy_of_the_technology_office_stands_open(told: Leadership) -> None:
    """In September 2024 the post of the chief technology officer falls vacant, and nobody follows."""
    last = stretches(told, "cto")[-1]
    assert (last.state, last.start, last.latest, last.goes_on) == ("vacant", day("2024-09-25"), day("2024-10-04"), True)
    ax = plot_gaps(told)
    assert {"vacant since some day from 25 Sep", "to 4 Oct 2024"} <= set(said(ax))
    assert len(marked(ax, "vacant cto 2024-09-25")) == 2
    assert any("Mira Murati leaves OpenAI (resignation)" in word for word in said(ax))


def test_what_is_not_sure_is_drawn(told: Leadership) -> None:
    """Ranges are striped, states since unknown have a tail, disputed days are crossed, and bounds are given."""
    ax = plot_gaps(told)
    assert marked(ax, "between president 2023-11-17")
    assert marked(ax, "since-unknown ceo 2023-11-16")
    assert marked(ax, "disputed cto 2023-11-17")
    assert marked(ax, "unknown superalignment-lead") or any("not told" in word for word in said(ax))
    assert "1 to 263 days vacant" in said(ax), "Brockman came back some day from 2023-11-21 to 2024-08-06"


def test_the_picture_counts_as_the_metrics_do(story: Ledger, told: Leadership) -> None:
    """The days of the stretches without a holder are the gap days of the metrics, post by post."""
    counted = {one.post: one.gap_days for one in gaps(story, told.start, told.end)}
    drawn = {row.post: sum((s.end - s.start).days for gap in row.gaps for s in gap) for row in told.rows}
    assert drawn == {post: counted[post] for post in drawn}
    assert {post for post, days in counted.items() if days} <= drawn.keys()


def test_no_texts_overlap_and_none_leaves_the_sheet(told: Leadership) -> None:
    """Every label of the story has its place."""
    ax = plot_gaps(told)
    assert overlaps(ax) == []
    assert outside(ax) == []


def test_an_overlap_would_be_noticed(told: Leadership) -> None:
    """The guard against overlaps bites."""
    ax = plot_gaps(told)
    ax.text(0.5, 0.5, "one", transform=ax.transAxes)
    ax.text(0.5, 0.5, "two", transform=ax.transAxes)
    assert ("one", "two") in overlaps(ax)


def test_as_known_in_the_middle_of_the_crisis(story: Ledger) -> None:
    """On the 20th of November nobody knows of a return: Shear acts, and the gap is open."""
    data = leadership(story, known=day("2023-11-20"))
    last = stretches(data, "ceo")[-1]
    assert (last.state, last.who[0].name, last.goes_on) == ("acting", "Emmett Shear", True)
    assert any("as known on 20 Nov 2023" in word for word in said(plot_gaps(data)))


def test_posts_can_be_named(story: Ledger) -> None:
    """The posts asked for are shown, in that order."""
    data = leadership(story, day("2023-01-01"), day("2024-12-01"), posts=["coo", "ceo"])
    assert [row.post for row in data.rows] == ["coo", "ceo"]


def test_a_holder_on_leave_is_marked(told: Leadership) -> None:
    """The president holds the post and is away."""
    assert stretches(told, "president")[-1].on_leave
    assert "on leave" in said(plot_gaps(told))


def test_a_job_share_is_one_bar() -> None:
    """Two holders at once stand in one bar; nobody is left out."""
    data = leadership(
        ledger_of(
            """\
- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, reports_to: none, critical: true, seats: 2}
- {date: 2020-02-01, event: hire, person: ada, name: Ada}
- {date: 2020-02-01, event: hire, person: ben, name: Ben}
- {date: 2020-02-01, event: appoint, person: ada, post: ceo}
- {date: 2020-06-01, event: appoint, person: ben, post: ceo}
"""
        )
    )
    assert [tuple(who.name for who in s.who) for s in stretches(data, "ceo")] == [(), ("Ada",), ("Ada", "Ben")]


def test_a_ledger_without_critical_posts_shows_the_highest() -> None:
    """The picture says which posts it took."""
    ledger = ledger_of("- {date: 2020-01-01, event: create-post, post: ceo, title: Chief, reports_to: none}\n")
    ax = plot_gaps(leadership(ledger))
    assert "No post is marked critical: these are the highest." in said(ax)


def test_the_highest_are_those_that_stood_highest_while_open() -> None:
    """Closed posts of the lowest rank do not push out the heads, a closed head stands with the heads."""
    lowest = "".join(
        f"- {{date: 2020-01-01, event: create-post, post: w{n}, reports_to: head}}\n" for n in range(30)
    ) + "".join(f"- {{date: 2021-01-01, event: abolish-post, post: w{n}}}\n" for n in range(15))
    ledger = ledger_of(
        f"""\
- {{date: 2020-01-01, event: create-post, post: apart}}
- {{date: 2020-01-01, event: create-post, post: chief}}
- {{date: 2020-01-01, event: create-post, post: gone, reports_to: chief}}
- {{date: 2020-01-01, event: create-post, post: head, reports_to: chief}}
{lowest}- {{date: 2021-02-01, event: abolish-post, post: gone}}
"""
    )
    data = leadership(ledger)
    assert [row.post for row in data.rows[:3]] == ["chief", "gone", "head"]
    assert all(row.post.startswith("w") for row in data.rows[3:])
    assert data.note.endswith(f"these are the {len(data.rows)} highest of 34.")


def test_nothing_to_show_is_said() -> None:
    """An empty ledger makes a picture with a sentence."""
    ax = plot_gaps(leadership(EMPTY))
    assert any("nobody to show" in word for word in said(ax))


def test_one_person_is_enough() -> None:
    """A company of one has a row, and the month before she came is a gap."""
    data = leadership(ONE)
    first = data.rows[0].stretches[0]
    assert (first.state, (first.end - first.start).days) == ("vacant", 31)
    assert "31 days vacant" in said(plot_gaps(data))


def test_given_axes_are_drawn_on_and_returned(told: Leadership) -> None:
    """With `ax` no figure is made."""
    figure = Figure((10, 8))
    ax = figure.add_subplot()
    assert plot_gaps(told, ax=ax) is ax
    assert len(figure.axes) == 1


def test_a_period_that_ends_first_is_refused(story: Ledger) -> None:
    """As by the metrics."""
    with pytest.raises(ValueError, match="before it begins"):
        leadership(story, day("2024-01-01"), day("2023-01-01"))


def test_the_summary_tells_bounds() -> None:
    """A vacancy that began between two days and ended on a third lasted between two numbers of days."""
    start, end = day("2024-03-01"), day("2024-03-11")
    vacant = Stretch(start=start, end=end, state="vacant", earliest=start, latest=day("2024-03-05"))
    held = Stretch(start=end, end=day("2024-06-01"), state="held", who=(Who("Ada"),), earliest=end, latest=end)
    assert summary(PostRow(post="p", title="P", stretches=(vacant, held))) == ("6 to 10 days vacant", False)


def test_more_posts_than_have_room_are_counted() -> None:
    """Of thirty critical posts those with a gap come first, and the rest is counted."""
    posts = "".join(
        f"- {{date: 2020-01-01, event: create-post, post: p{n}, title: Post {n}, critical: true}}\n"
        f"- {{date: 2020-01-01, event: hire, person: h{n}, name: Holder {n}}}\n"
        f"- {{date: 2020-01-01, event: appoint, person: h{n}, post: p{n}}}\n"
        for n in range(30)
    )
    gone = "- {date: 2021-01-01, event: depart, person: h29}\n- {date: 2022-01-01, event: hire, person: z, name: Z}\n"
    data = leadership(ledger_of(posts + gone))
    assert (len(data.rows), data.left_out) == (24, 6)
    assert "p29" in [row.post for row in data.rows]
    assert any("6 more posts" in word for word in said(plot_gaps(data)))
