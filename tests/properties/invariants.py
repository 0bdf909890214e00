"""What holds in every chart of every ledger, each as a named function that raises `AssertionError`.

`networkx` judges what is a tree.
"""

from collections.abc import Callable

import networkx as nx

from orgsim.chart import OrgChart
from orgsim.model import Post, Unit, personal_post

Invariant = Callable[[OrgChart], None]


def _ordinary(chart: OrgChart, person: str, organization: str) -> list[Post]:
    """The posts of an organization that a person holds, personal posts and seats on bodies aside."""
    held = (chart.post(id_) for id_ in chart.person(person).posts)
    return [p for p in held if not p.personal and not chart.unit(p.unit).is_body and _root(chart, p) == organization]


def _root(chart: OrgChart, post: Post) -> str:
    unit = chart.unit(post.unit)
    while unit.parent is not None:
        unit = chart.unit(unit.parent)
    return unit.id


# ------------------------------------------------------------------ posts and seats


def no_more_holders_than_seats(chart: OrgChart) -> None:
    """A post has at most as many substantive holders as seats."""
    for post in chart.posts:
        assert post.seats == "any" or post.taken <= post.seats, post.id


def posts_are_in_open_units(chart: OrgChart) -> None:
    """Every post belongs to an open unit, and heads an open unit or none."""
    units = {unit.id for unit in chart.units}
    for post in chart.posts:
        assert post.unit in units, post.id
        assert post.heads is None or post.heads in units, post.id


def ids_are_one_set(chart: OrgChart) -> None:
    """People, posts and units share one set of ids."""
    ids = [noun.id for nouns in (chart.people, chart.posts, chart.units) for noun in nouns]
    assert len(ids) == len(set(ids))


def people_and_posts_agree(chart: OrgChart) -> None:
    """A person's posts are the posts that the person holds, each once."""
    held = sorted((h.person, p.id) for p in chart.posts for h in chart.holders(p.id) if h.person is not None)
    assert held == sorted((person.id, post) for person in chart.people for post in person.posts)
    assert len(held) == len(set(held))


def whoever_holds_is_there(chart: OrgChart) -> None:
    """Everyone who holds a post, or is employed, is among the people."""
    people = {person.id for person in chart.people}
    assert people >= {h.person for post in chart.posts for h in post.holders if h.person is not None}
    assert all(person.employments or person.posts for person in chart.people)


def primary_post_comes_first(chart: OrgChart) -> None:
    """`posts_of` has the person's posts: those marked primary before others, and personal posts last."""
    for person in chart.people:
        posts = chart.posts_of(person.id)
        assert sorted(post.id for post in posts) == sorted(person.posts)
        marked = [post for post in posts if (h := post.held_by(person.id)) is not None and h.primary]
        firm = [post for post in posts if not post.personal]
        assert not marked or posts[0] in marked, person.id
        assert marked or not firm or not posts[0].personal, person.id


def one_answers_for_a_post(chart: OrgChart) -> None:
    """Who answers for a post holds it; only a post without named holders has nobody."""
    for post in chart.posts:
        named = [h.person for h in post.holders if h.person is not None]
        assert (chart.holder(post.id) in named) if named else (chart.holder(post.id) is None), post.id


# ------------------------------------------------------------------ employment


def employees_hold_a_post(chart: OrgChart) -> None:
    """Every employee holds a post of the organization: an ordinary one, or a personal one."""
    for person in chart.people:
        for job in person.employments:
            personal = personal_post(person.id, job.organization) in person.posts
            assert personal or _ordinary(chart, person.id, job.organization), person.id


def holders_are_employed(chart: OrgChart) -> None:
    """Nobody holds a post of an organization that does not employ them, seats on bodies excepted."""
    for post in chart.posts:
        if post.personal or not chart.unit(post.unit).is_body:
            for held in post.holders:
                assert held.person is None or chart.person(held.person).employment(_root(chart, post)), post.id


def personal_posts_are_needed(chart: OrgChart) -> None:
    """A personal post is held by an employee without a substantive post there, or vacant while others report to it."""
    for post in chart.posts:
        if post.personal is None:
            continue
        assert post.unit == _root(chart, post), post.id
        assert post.id == personal_post(post.personal, post.unit)
        assert post.title == chart.person(post.personal).name, post.id
        if not post.holders:
            assert any(line.to == post.id for other in chart.posts for line in other.lines), post.id
            continue
        assert [held.person for held in post.holders] == [post.personal], post.id
        beside = [p.held_by(post.personal) for p in _ordinary(chart, post.personal, post.unit)]
        assert all(held is not None and held.acting for held in beside), post.id


def employers_are_organizations(chart: OrgChart) -> None:
    """People are employed by open organizations, each at most once."""
    organizations = {unit.id for unit in chart.organizations}
    for person in chart.people:
        employers = [job.organization for job in person.employments]
        assert organizations.issuperset(employers), person.id
        assert len(employers) == len(set(employers)), person.id


def only_employees_are_on_leave(chart: OrgChart) -> None:
    """Whoever is on leave is employed."""
    for person in chart.people:
        assert person.leave is None or person.employments, person.id


def headcounts_add_up(chart: OrgChart) -> None:
    """Headcount counts employees once, those of organizations cover all, and a unit has no more than the unit above."""
    employers = {p.id: [job.organization for job in p.employments if job.contract == "employee"] for p in chart.people}
    assert chart.headcount() == sum(1 for found in employers.values() if found)
    for unit in chart.units:
        if unit.parent is None:
            assert chart.headcount(unit.id) == sum(unit.id in found for found in employers.values()), unit.id
        else:
            assert chart.headcount(unit.id) <= chart.headcount(unit.parent), unit.id


# ------------------------------------------------------------------ lines


def at_most_one_solid_line(chart: OrgChart) -> None:
    """A post has at most one solid line, and one dotted line to each other end."""
    for post in chart.posts:
        dotted = [line.to for line in post.lines if line.dotted]
        assert sum(not line.dotted for line in post.lines) <= 1, post.id
        assert len(dotted) == len(set(dotted)), post.id


def lines_end_somewhere(chart: OrgChart) -> None:
    """Every line ends at another open post, an open unit, or `none`."""
    ends = {noun.id for nouns in (chart.posts, chart.units) for noun in nouns}
    for post in chart.posts:
        for line in post.lines:
            assert line.to in ends - {post.id} or (line.to == "none" and not line.dotted), post.id


def solid_lines_form_a_forest(chart: OrgChart) -> None:
    """Nobody reports to themselves by way of others: the solid lines are trees."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(post.id for post in chart.posts)
    graph.add_edges_from((post.id, above.id) for post in chart.posts if (above := chart.manager_post(post.id)))
    assert len(graph) == 0 or nx.is_branching(graph.reverse())


def reports_mirror_managers(chart: OrgChart) -> None:
    """A post reports to another exactly if that is its manager post; span counts them."""
    pairs = {(post.id, above.id) for post in chart.posts if (above := chart.manager_post(post.id))}
    assert pairs == {(below.id, post.id) for post in chart.posts for below in chart.reports(post.id)}
    assert all(chart.span(post.id) == len(chart.reports(post.id)) for post in chart.posts)


def dotted_reports_mirror_lines(chart: OrgChart) -> None:
    """A post among the dotted reports of another has a dotted line to it, or to a unit it heads."""
    for post in chart.posts:
        for below in chart.reports(post.id, dotted=True):
            assert {post.id, post.heads} & {line.to for line in below.lines if line.dotted}, post.id


def chains_end(chart: OrgChart) -> None:
    """The chain of a post is its manager post, and then the chain of that; a layer is its length."""
    for post in chart.posts:
        above = chart.manager_post(post.id)
        rest = [] if above is None else [above.id, *(p.id for p in chart.chain(above.id))]
        assert [p.id for p in chart.chain(post.id)] == rest, post.id
        assert chart.layer(post.id) == len(rest), post.id


def managers_answer_for_the_post_above(chart: OrgChart) -> None:
    """A manager is somebody else, who answers for the post above the primary one, and so is accountable."""
    for person in chart.people:
        manager, posts = chart.manager(person.id), chart.posts_of(person.id)
        above = chart.manager_post(posts[0].id) if posts else None
        answers = chart.holder(above.id) if above is not None else None
        assert manager == (None if answers == person.id else answers), person.id
        assert manager is None or chart.accountable_manager(person.id) == manager, person.id
        assert chart.accountable_manager(person.id) != person.id, person.id


# ------------------------------------------------------------------ units and lists


def units_form_a_forest(chart: OrgChart) -> None:
    """Units are trees of open units, whose roots are the organizations."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(unit.id for unit in chart.units)
    graph.add_edges_from((unit.parent, unit.id) for unit in chart.units if unit.parent is not None)
    assert set(graph) == {unit.id for unit in chart.units}
    assert len(graph) == 0 or nx.is_branching(graph)
    roots: list[Unit] = [unit for unit in chart.units if unit.parent is None]
    assert sorted(unit.id for unit in roots) == sorted(unit.id for unit in chart.organizations)


def vacancies_are_the_vacant_posts(chart: OrgChart) -> None:
    """The vacancies are the posts without a substantive holder, unless they take anybody."""
    gaps = {post.id for post in chart.posts if post.seats != "any" and all(h.acting for h in post.holders)}
    assert {post.id for post in chart.vacancies} == gaps


def acting_are_those_who_act(chart: OrgChart) -> None:
    """The acting appointments are those of the posts."""
    acting = [(post.id, held) for post in chart.posts for held in post.holders if held.acting]
    assert [(post.id, held) for post, held in chart.acting] == acting


def on_leave_are_those_on_leave(chart: OrgChart) -> None:
    """The people on leave are those with a leave."""
    assert {p.id for p in chart.on_leave} == {p.id for p in chart.people if p.leave is not None}


INVARIANTS: tuple[Invariant, ...] = (
    no_more_holders_than_seats,
    posts_are_in_open_units,
    ids_are_one_set,
    people_and_posts_agree,
    whoever_holds_is_there,
    primary_post_comes_first,
    one_answers_for_a_post,
    employees_hold_a_post,
    holders_are_employed,
    personal_posts_are_needed,
    employers_are_organizations,
    only_employees_are_on_leave,
    headcounts_add_up,
    at_most_one_solid_line,
    lines_end_somewhere,
    solid_lines_form_a_forest,
    reports_mirror_managers,
    dotted_reports_mirror_lines,
    chains_end,
    managers_answer_for_the_post_above,
    units_form_a_forest,
    vacancies_are_the_vacant_posts,
    acting_are_those_who_act,
    on_leave_are_those_on_leave,
)


def broken(chart: OrgChart) -> list[str]:
    """The names of the invariants that a chart breaks, with what they say."""
    found = []
    for invariant in INVARIANTS:
        try:
            invariant(chart)
        except AssertionError as error:
            found.append(f"{invariant.__name__}: {error}")
    return found
