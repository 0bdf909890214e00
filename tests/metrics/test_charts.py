"""Spans, layers and tenure on charts small enough to count by hand."""

import pytest

from orgsim import metrics
from orgsim.chart import OrgChart
from orgsim.model import Unit
from tests.metrics.making import FIRST, day, ledger_of, made_up

TREE = """
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: labs, parent: acme}
- {date: 2020-01-01, event: open-unit, unit: shop, parent: acme}
- {date: 2020-01-01, event: open-unit, unit: board, parent: acme, kind: board}
- {date: 2020-01-01, event: create-post, post: member, unit: board, seats: any}
- {date: 2020-01-01, event: create-post, post: ceo, reports_to: none}
- {date: 2020-01-01, event: create-post, post: cto, reports_to: ceo, unit: labs, heads: labs}
- {date: 2020-01-01, event: create-post, post: cfo, reports_to: ceo}
- {date: 2020-01-01, event: create-post, post: chemist, reports_to: labs, unit: labs, seats: 4}
- {date: 2020-01-01, event: create-post, post: intern, reports_to: labs, unit: labs, seats: any}
- {date: 2020-01-01, event: create-post, post: clerk, reports_to: shop, unit: shop}
- {date: 2020-01-01, event: create-post, post: porter, reports_to: clerk, unit: shop}
- {date: 2020-01-01, event: create-post, post: driver}
- {date: 2020-01-01, event: create-post, post: valet, reports_to: driver}
- {date: 2020-01-01, event: report, post: cfo, to: labs, line: dotted}
- {date: 2020-01-01, event: hire, person: ann}
- {date: 2020-01-01, event: appoint, person: ann, post: ceo}
- {date: 2020-01-01, event: hire, person: bea}
- {date: 2020-01-01, event: appoint, person: bea, post: chemist}
- {date: 2020-01-01, event: appoint, holder: unnamed, seats: 2, post: chemist}
- {date: 2020-01-01, event: appoint, holder: unnamed, seats: 3, post: intern}
"""


def tree() -> OrgChart:
    """The chart of the tree above."""
    return ledger_of(TREE).chart(day("2024-01-01"))


# ------------------------------------------------------------------ spans


def test_spans_of_control() -> None:
    """CEO: CTO and CFO; CTO: 4 chemists' seats and 3 interns, and one dotted line; clerk and driver: 1 each."""
    found = metrics.spans(tree())
    assert {row.post: (row.posts, row.seats, row.vacant, row.dotted) for row in found.managers} == {
        "ceo": (2, 2, 2, 0),
        "cto": (2, 7, 1, 1),
        "clerk": (1, 1, 1, 0),
        "driver": (1, 1, 1, 0),
    }
    assert list(found.distribution.counts) == [(1, 2), (2, 1), (7, 1)]
    assert [found.mean, found.median, found.max] == [11 / 4, 1.5, 7]


def test_spans_without_vacancies() -> None:
    """Only seats that somebody holds: none under the CEO, 6 under the CTO; a manager of vacancies has a span of 0."""
    found = metrics.spans(tree(), vacancies=False)
    assert list(found.distribution.counts) == [(0, 3), (6, 1)]
    assert [found.mean, found.median, found.max] == [1.5, 0, 6]


def test_posts_without_a_manager_are_told_apart() -> None:
    """A stated top, two whose manager is unknown (Ann's and the driver's like), a line to nobody, and board members."""
    found = metrics.spans(tree())
    assert found.tops == ("ceo",)
    assert found.unknown == ("driver",)
    assert found.headless == ("clerk",)
    assert found.members == ("member",)


@pytest.mark.parametrize("seed", range(10))
def test_spans_count_every_post_once(seed: int) -> None:
    """Every open post is under one manager or in one of the lists; with one seat each, spans are the chart's."""
    ledger = made_up(seed)
    for month in (1, 2, 3):
        chart = ledger.chart(FIRST.replace(year=2024, month=month))
        found = metrics.spans(chart)
        apart = (*found.tops, *found.unknown, *found.headless, *found.members)
        assert len(set(apart)) == len(apart)
        assert sum(row.posts for row in found.managers) + len(apart) == len(chart.posts)
        for row in found.managers:
            below = chart.reports(row.post)
            assert row.posts == len(below)
            assert row.dotted == len(chart.reports(row.post, dotted=True))
            assert row.seats - row.vacant == sum(post.taken for post in below)
        assert {post.id for post in chart.posts if chart.reports(post.id)} == {row.post for row in found.managers}


# ------------------------------------------------------------------ layers


def test_layers() -> None:
    """CEO 0; CTO and CFO 1; chemist and intern 2.  Under unknown tops: clerk and driver at least 0, below them 1."""
    found = metrics.layers(tree())
    assert list(found.distribution.counts) == [(0, 1), (1, 2), (2, 2)]
    assert [found.mean, found.median, found.max] == [6 / 5, 1, 2]
    assert list(found.unknown.counts) == [(0, 2), (1, 2)]
    assert found.members == ("member",)
    assert {layer.post: (layer.above, layer.known) for layer in found.posts} == {
        "ceo": (0, True),
        "cto": (1, True),
        "cfo": (1, True),
        "chemist": (2, True),
        "intern": (2, True),
        "clerk": (0, False),
        "porter": (1, False),
        "driver": (0, False),
        "valet": (1, False),
    }


def test_layers_without_vacancies() -> None:
    """Only posts that somebody holds are counted, in the layer they are in with the vacant CTO between."""
    found = metrics.layers(tree(), vacancies=False)
    assert list(found.distribution.counts) == [(0, 1), (2, 2)]
    assert found.unknown.n == 0


def test_a_board_seat_with_reports_is_a_top_of_which_no_manager_is_known() -> None:
    """The CEO reports to the chair, who reports to nobody told: at least layers 0 and 1; members are in none."""
    chart = ledger_of(
        """
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: board, parent: acme, kind: board}
- {date: 2020-01-01, event: create-post, post: chair, unit: board}
- {date: 2020-01-01, event: create-post, post: member, unit: board}
- {date: 2020-01-01, event: create-post, post: ceo, reports_to: chair}
"""
    ).chart(day("2024-01-01"))
    found = metrics.layers(chart)
    assert {(layer.post, layer.above, layer.known) for layer in found.posts} == {("chair", 0, False), ("ceo", 1, False)}
    assert found.members == ("member",)
    assert metrics.spans(chart).members == ("chair", "member")


def test_who_reports_to_the_board_is_a_top() -> None:
    """A CEO who reports to the board as a whole, which nobody heads, is in layer 0 and no post without a manager."""
    chart = ledger_of(
        """
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: board, parent: acme, kind: board}
- {date: 2020-01-01, event: create-post, post: ceo, reports_to: board}
- {date: 2020-01-01, event: create-post, post: cfo, reports_to: ceo}
"""
    ).chart(day("2024-01-01"))
    assert [(layer.post, layer.above, layer.known) for layer in metrics.layers(chart).posts] == [
        ("ceo", 0, True),
        ("cfo", 1, True),
    ]
    assert (metrics.spans(chart).tops, metrics.spans(chart).headless) == (("ceo",), ())


@pytest.mark.parametrize("seed", range(10))
def test_layers_are_the_chains_of_the_chart(seed: int) -> None:
    """The layer of each post is the length of its chain, known if the last of it is a top or reports to a body."""
    ledger = made_up(seed)
    for month in (1, 2, 3):
        chart = ledger.chart(FIRST.replace(year=2024, month=month))
        found = metrics.layers(chart)
        assert {layer.post for layer in found.posts} | set(found.members) == {post.id for post in chart.posts}
        for layer in found.posts:
            top = (chart.post(layer.post), *chart.chain(layer.post))[-1]
            above = chart.get(top.line.to) if top.line is not None else None
            known = chart.line_status(top.line) == "none" or (isinstance(above, Unit) and above.is_body)
            assert (layer.above, layer.known) == (chart.layer(layer.post), known)


def test_shapes_of_nothing() -> None:
    """A chart without posts has no spans and no layers."""
    chart = ledger_of(TREE).chart(day("2019-01-01"))
    assert [metrics.spans(chart).managers, metrics.spans(chart).mean] == [(), None]
    assert [metrics.layers(chart).posts, metrics.layers(chart).max] == [(), None]


# ------------------------------------------------------------------ tenure

STAFF = """
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: board, parent: acme, kind: board}
- {date: 2020-01-01, event: create-post, post: ceo}
- {date: 2020-01-01, event: create-post, post: cto}
- {date: 2020-01-01, event: create-post, post: member, unit: board, seats: any}
- {date: 2020-01-01, event: hire, person: ann}
- {date: 2021-01, event: hire, person: bea}
- {date: ..2022-01-01, event: hire, person: cid}
- {date: 2023-06-01, event: hire, person: dan, contract: contractor}
- {date: 2022-01-01, event: appoint, person: ann, post: ceo, acting: true}
- {date: 2023-01-01, event: appoint, person: ann, post: ceo}
- {date: ..2023-07-01, event: appoint, person: bea, post: cto}
- {date: 2023-12-01, event: appoint, person: eve, post: member}
"""


def staff(at: str) -> metrics.Tenures:
    """The tenures on a day."""
    text = STAFF.replace("- {date: 2020-01-01, event: open-unit, unit: acme}", "", 1)
    hire = "- {date: 2020-01-01, event: open-unit, unit: acme}\n- {date: 2020-01-01, event: hire, person: eve}\n"
    leave = "- {date: 2020-06-01, event: depart, person: eve}\n"
    return metrics.tenure(ledger_of(hire + text + leave).chart(day(at)))


def test_tenure_in_organization() -> None:
    """On 1 Jan 2024: Ann 1461 days, exactly 4 years; Bea hired some day in January 2021; Cid for at least 730 days."""
    found = {row.person: row for row in staff("2024-01-01").in_organization}
    assert (found["ann"].least, found["ann"].most, found["ann"].of) == (1461, 1461, "acme")
    assert (found["ann"].least_years, found["ann"].most_years, found["ann"].is_exact) == (4, 4, True)
    assert (found["bea"].least, found["bea"].most, found["bea"].is_exact) == (1065, 1095, False)
    assert (found["cid"].least, found["cid"].most, found["cid"].is_at_least) == (730, None, True)
    assert found["cid"].most_years is None
    assert found["dan"].contractor
    assert set(found) == {"ann", "bea", "cid", "dan"}


def test_tenure_in_post() -> None:
    """Ann since confirmed (365 days), Bea for at least 184, Eve on the board for 31; personal posts are no posts."""
    found = {(row.person, row.of): (row.least, row.most, row.acting) for row in staff("2024-01-01").in_post}
    assert found == {
        ("ann", "ceo"): (365, 365, False),
        ("bea", "cto"): (184, None, False),
        ("eve", "member"): (31, 31, False),
    }
    acting = [row for row in staff("2022-12-31").in_post if row.person == "ann"]
    assert [(row.least, row.acting) for row in acting] == [(364, True)]


def test_tenure_on_the_first_day_and_in_a_range() -> None:
    """Nobody has a tenure on the first day; of a range that is not over, the first day may have been today."""
    found = {row.person: row for row in staff("2021-01-11").in_organization}
    assert (found["bea"].least, found["bea"].most) == (0, 10)
    first = {row.person: row for row in staff("2020-01-01").in_organization}
    assert (first["ann"].least, first["ann"].most) == (0, 0)


def test_tenure_starts_anew_when_hired_again_and_goes_on_in_a_merger() -> None:
    """Ann left and came back in 2023; Uma's employer was merged into acme, which took over her start of 2020."""
    chart = ledger_of(
        """
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: bolt}
- {date: 2020-01-01, event: hire, person: ann}
- {date: 2022-01-01, event: depart, person: ann}
- {date: 2023-01-01, event: hire, person: ann}
- {date: 2020-01-01, event: hire, person: uma, organization: bolt}
- {date: 2023-01-01, event: close-unit, unit: bolt, into: acme}
"""
    ).chart(day("2024-01-01"))
    assert [(row.person, row.of, row.least) for row in metrics.tenure(chart).in_organization] == [
        ("ann", "acme", 365),
        ("uma", "acme", 1461),
    ]


def test_a_summary_says_how_many_are_bounded_only_from_below() -> None:
    """Lower bounds 214, 730, 1065, 1461 (median 897.5); upper ones 214, 1095, 1461, none (median 1278)."""
    summary = metrics.summarize(staff("2024-01-01").in_organization)
    assert (summary.n, summary.exact, summary.ranged, summary.at_least) == (4, 2, 1, 1)
    assert (summary.median_least, summary.median_most) == (897.5, 1278)
    assert summary.least.max == 1461


def test_a_summary_without_an_upper_bound() -> None:
    """If half of the beginnings are not told, the median has no upper bound; of nobody there is no median."""
    rows = [row for row in staff("2024-01-01").in_organization if row.person in ("ann", "cid")]
    summary = metrics.summarize(rows)
    assert (summary.median_least, summary.median_most) == (1095.5, None)
    nobody = metrics.summarize([])
    assert (nobody.n, nobody.median_least, nobody.median_most) == (0, None, None)
