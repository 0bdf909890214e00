"""A scenario made ready to run: the opening chart as plain values, worked out once for all replications."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from orgsim.chart import OrgChart
from orgsim.events import CreatePost, OpenUnit
from orgsim.lookups import employer_of, heads
from orgsim.model import BODIES, Employment, Person, Post
from orgsim.scenario.model import Scenario
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import add_period, growth_posts, planned, population_posts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@attrs.frozen
class PostSeed:
    """An open post on the first day; `home` posts are the organization's, on no board or committee.

    `unnamed` seats are taken by people nobody names; `target` is where its solid line leads: a post, a unit, `none`.
    """

    facts: Facts
    seats: float
    home: bool
    in_play: bool
    unnamed: dict[str, int]
    target: str | None
    personal: str | None = None
    created: int = 0
    order: tuple[str, ...] = ()
    """Its holders and those acting, in order of appointment, where there are several."""


@attrs.frozen
class PersonSeed:
    """Somebody employed by the organization on the first day; times are days after it.

    `posts` are the home posts held, in order of appointment, with whether acting and since when.
    """

    id: str
    hired: float
    birth: float | None
    leave: bool
    counted: bool
    posts: tuple[tuple[str, bool, float], ...]
    marked: tuple[str, ...]
    personal: str | None


@attrs.frozen
class Opening:
    """What is settled on the first day of somebody employed then; None for times that are a matter of luck."""

    person: str
    facts: Facts | None
    hired: float | None
    posted: float | None
    birth: float | None


@attrs.frozen
class World:
    """What every replication begins with."""

    scenario: Scenario
    horizon: float
    ranks: dict[str, int]
    parents: dict[str, str | None]
    bodies: frozenset[str]
    heads: dict[str, tuple[str, ...]]
    posts: tuple[PostSeed, ...]
    lines: tuple[tuple[str, str], ...]
    """Where solid lines lead: from a post to a post."""
    people: tuple[PersonSeed, ...]
    dotted: frozenset[tuple[str, str]]
    openings: tuple[Opening, ...]
    outsiders: dict[str, frozenset[str]]
    """The employers of people, by person, the organization of the scenario included."""
    elsewhere: dict[str, dict[str, bool]]
    """Who holds posts that are not home, by post, and whether they only act."""
    away: frozenset[str]
    """Everybody on leave."""
    names: dict[str, str]
    titles: dict[str, str]
    reported: tuple[str, ...]
    """The posts whose gaps are reported."""
    cache: dict[Any, Any] = attrs.field(factory=dict, eq=False, repr=False)
    """For what depends on nothing but this world, like the identities of people to be hired."""

    @property
    def starters(self) -> tuple[str, ...]:
        """Everybody who may be employed on the first day: the people of the chart, and those of populations."""
        found: tuple[str, ...] | None = self.cache.get("starters")
        if found is None:
            found = self.cache["starters"] = tuple(opening.person for opening in self.openings)
        return found

    @property
    def ids(self) -> tuple[str, ...]:
        """The posts by rank."""
        found: tuple[str, ...] | None = self.cache.get("ids")
        if found is None:
            found = self.cache["ids"] = tuple(self.ranks)
        return found

    def hires(self, number: int) -> "NDArray[np.object_]":
        """By rank of the post, the ids of all who may be hired for the vacancies of a number."""
        import numpy as np

        found: NDArray[np.object_] | None = self.cache.get(("hires", number))
        if found is None:
            names = [f"hire/{post}/{number}" for post in self.ranks]
            found = self.cache["hires", number] = np.array(names, object)
        return found

    def hired(self, number: int) -> list[str]:
        """The same, one by one."""
        found: list[str] | None = self.cache.get(("hired", number))
        if found is None:
            found = self.cache["hired", number] = self.hires(number).tolist()
        return found

    @property
    def report_days(self) -> tuple[int, ...]:
        """The days on which stocks are counted: the first, each month (quarter, year) after it, and the last."""
        scenario, found, times = self.scenario, [0], 1
        while (day := (add_period(scenario.start, scenario.report.every, times) - scenario.start).days) < self.horizon:
            found.append(day)
            times += 1
        return tuple(found) if found[-1] == self.horizon - 1 else (*found, int(self.horizon) - 1)

    def title(self, post: str) -> str:
        """The title of a post, also of one that is only to be created."""
        return self.titles.get(post, post)


def ancestors(unit: str, parents: dict[str, str | None]) -> frozenset[str]:
    """A unit and every unit above it."""
    found: list[str] = []
    at: str | None = unit
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return frozenset(found)


def compile_world(scenario: Scenario) -> World:
    """Work out the opening of a scenario; the first thing to do with one, and the same for all replications."""
    chart = scenario.ledger.chart(scenario.start, scenario.known)
    parents = {unit.id: unit.parent for unit in chart.units}
    posts = [_post(chart, post, scenario, parents) for post in chart.posts]
    posts = sorted((*posts, *_population(scenario, parents)), key=lambda post: post.facts.id)
    facts = {post.facts.id: post.facts for post in posts}
    created = {e.post: e.title or e.post for e in planned(scenario) if isinstance(e, CreatePost)}
    growing = {
        post: facts[growth.like].title if growth.like in facts else post
        for growth in scenario.growth
        for _, post in growth_posts(growth)
    }
    titles = {**{id_: known.title for id_, known in facts.items()}, **created, **growing}
    people = tuple(_people(chart, scenario))
    return World(
        scenario=scenario,
        horizon=float(scenario.horizon),
        ranks={id_: rank for rank, id_ in enumerate(sorted(titles))},
        parents=parents,
        bodies=frozenset(unit.id for unit in chart.units if unit.is_body),
        heads={unit.id: tuple(post.id for post in heads(chart, unit.id)) for unit in chart.units},
        posts=tuple(posts),
        lines=tuple(_lines(posts, chart)),
        people=people,
        dotted=frozenset((post.id, line.to) for post in chart.posts for line in post.lines if line.dotted),
        openings=(*(_opening(person, facts) for person in people), *_openings(scenario, facts)),
        outsiders={p.id: frozenset(e.organization for e in p.employments) for p in chart.people if p.employments},
        elsewhere={
            post.id: {h.person: h.acting for h in post.holders if h.person}
            for post in chart.posts
            if employer_of(chart, post) != scenario.organization
        },
        away=frozenset(person.id for person in chart.on_leave),
        names={id_: noun.name for id_, noun in chart.nouns().items() if isinstance(noun, Person)},
        titles=titles,
        reported=tuple(
            sorted(
                {
                    *_reported(scenario, chart, facts, parents),
                    *(p.facts.id for p in posts if p.in_play and p.facts.match(scenario.report.posts)),
                }
            )
        ),
    )


def birth(scenario: Scenario, person: str) -> float | None:
    """When somebody was born, in days after the first day; None if the scenario does not say."""
    born = scenario.born.get(person)
    return None if born is None else float((born - scenario.start).days)


def _reported(
    scenario: Scenario, chart: OrgChart, facts: dict[str, Facts], parents: dict[str, str | None]
) -> Iterator[str]:
    """The posts in play that the report is about, those to come included (as they are when they are created)."""
    where = scenario.report.posts
    bodies = {event.unit for event in planned(scenario) if isinstance(event, OpenUnit) and event.unit_kind in BODIES}
    bodies |= {unit.id for unit in chart.units if unit.is_body}
    for event in planned(scenario):
        if isinstance(event, CreatePost) and event.seats != "any" and event.unit not in bodies:
            units = ancestors(event.unit, parents)
            made = Facts(event.post, event.unit, units, event.level, critical=event.critical)
            if made.match(where) and scenario.organization in units:
                yield event.post
    for growth in scenario.growth:
        like = facts.get(growth.like)
        if like is not None and like.match(where):
            yield from (post for _, post in growth_posts(growth))


def _lines(posts: list[PostSeed], chart: OrgChart) -> Iterator[tuple[str, str]]:
    ids = {post.facts.id for post in posts}
    for post in posts:
        above: str | None = post.target
        if above is not None and above not in ids:
            above = next((head.id for head in heads(chart, above)), None)
        if above is not None:
            yield post.facts.id, above


def _opening(person: PersonSeed, facts: dict[str, Facts]) -> Opening:
    held = {id_: (acting, since) for id_, acting, since in person.posts}
    primary = next((id_ for id_ in reversed(person.marked) if id_ in held), None)
    primary = primary or next((id_ for id_, (acting, _) in held.items() if not acting), None) or next(iter(held), None)
    if primary is None:
        return Opening(person.id, None, person.hired, person.hired, person.birth)
    return Opening(person.id, facts[primary], person.hired, held[primary][1], person.birth)


def _openings(scenario: Scenario, facts: dict[str, Facts]) -> Iterator[Opening]:
    for group in scenario.population:
        since = 0.0 if group.tenure == "new" else None
        for event in population_posts(group, scenario):
            person = f"{event.post}/0"
            yield Opening(person, facts[event.post], since, since, birth(scenario, person))


def _post(chart: OrgChart, post: Post, scenario: Scenario, parents: dict[str, str | None]) -> PostSeed:
    home = employer_of(chart, post) == scenario.organization
    units = ancestors(post.unit, parents)
    facts = Facts(post.id, post.unit, units, post.level, critical=post.critical, title=post.title)
    line = post.line
    return PostSeed(
        facts=facts,
        seats=float("inf") if post.seats == "any" else post.seats,
        home=home,
        in_play=home and post.personal is None and post.seats != "any",
        unnamed=_unnamed(post),
        target=line.to if line is not None else None,
        personal=post.personal,
        order=tuple(h.person for h in post.holders if h.person is not None) if len(post.holders) > 1 else (),
        created=(post.events[0].date.day - scenario.start).days,
    )


def _unnamed(post: Post) -> dict[str, int]:
    """How many seats are taken by people nobody names, by the word used; none by those acting."""
    found: dict[str, int] = {}
    for holder in post.holders:
        if holder.holder is not None:
            found[holder.holder] = found.get(holder.holder, 0) + (0 if holder.acting else holder.seats)
    return found


def _population(scenario: Scenario, parents: dict[str, str | None]) -> list[PostSeed]:
    found = []
    for group in scenario.population:
        units = ancestors(group.unit, parents)
        for event in population_posts(group, scenario):
            title = group.title or event.post
            facts = Facts(event.post, group.unit, units, group.level, critical=group.critical, title=title)
            seed = PostSeed(facts, 1, home=True, in_play=True, unnamed={}, target=group.reports_to)
            found.append(seed)
    return found


def _people(chart: OrgChart, scenario: Scenario) -> list[PersonSeed]:
    found = []
    for person in sorted(chart.people, key=lambda person: person.id):
        job = person.employment(scenario.organization)
        if job is not None:
            found.append(_person(chart, person, job, scenario))
    return found


def _person(chart: OrgChart, person: Person, job: Employment, scenario: Scenario) -> PersonSeed:
    def days(when: dt.date) -> float:
        return float((when - scenario.start).days)

    held: list[tuple[str, bool, float]] = []
    personal = None
    for id_ in person.posts:
        post: Any = chart.get(id_)
        if employer_of(chart, post) != scenario.organization:
            continue
        if post.personal is not None:
            personal = id_
            continue
        appointment = post.held_by(person.id)
        held.append((id_, appointment.acting, days(appointment.since.day)))
    return PersonSeed(
        id=person.id,
        hired=days(job.since.day),
        birth=birth(scenario, person.id),
        leave=person.leave is not None,
        counted=job.contract == "employee",
        posts=tuple(held),
        marked=person.marked,
        personal=personal,
    )
