"""A replication from the first day to the horizon: people and posts of the opening, the flows, the calendar."""

from collections.abc import Callable, Sequence
from typing import Any

from orgsim.collector import paused
from orgsim.laws import Competing, DurationLaw, Equilibrium, equilibrium
from orgsim.scenario.model import Population
from orgsim.simulate.apart import Seat, is_apart, simulate_apart
from orgsim.simulate.flows.acting import ActingCover
from orgsim.simulate.flows.attrition import Attrition, law_for
from orgsim.simulate.flows.contagion import Contagion
from orgsim.simulate.flows.freezes import Freezes
from orgsim.simulate.flows.hiring import HiringFlow
from orgsim.simulate.flows.interventions import Interventions
from orgsim.simulate.flows.planned import Planned
from orgsim.simulate.flows.shocks import Shocks
from orgsim.simulate.flows.structure import Structure
from orgsim.simulate.flows.succession import Choose, Succession
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import population_posts
from orgsim.simulate.replication import Replication
from orgsim.simulate.run import Row, Run
from orgsim.simulate.standing.engine import simulate_standing
from orgsim.simulate.standing.tables import is_standing
from orgsim.simulate.state import PersonState, PostState, Vacancy
from orgsim.simulate.world import World, birth, compile_world

__all__ = ["compile_world", "simulate"]

FlowMaker = Callable[[Run], Any]
"""Makes a flow of one's own for a run; if it has a method `open`, that is called when the calendar is still empty.

A flow cannot create posts: every post there may be must be in the world (`world.ranks`).
"""


def simulate(world: World, k: int, *, choose: Choose | None = None, flows: Sequence[FlowMaker] = ()) -> Replication:
    """Replication number `k` of a scenario, a function of the world, the number and nothing else.

    `choose` decides whom to ask first for a promotion, `flows` adds what the scenario cannot say.
    """
    with paused():  # nearly everything made is kept to the end, when it goes all at once
        if choose is None and not flows and is_apart(world):
            apart = simulate_apart(_announced(world, k), k, _tenure)
            if apart is not None:
                return apart
        if choose is None and not flows and is_standing(world):
            return simulate_standing(_announced(world, k), k, _tenure)
        run = Run(world, k)
        _run(run, choose, flows)
        replication = Replication.of(run, k)
        run.dissolve()
    return replication


def _announced(world: World, k: int) -> Run:
    """A run in which only the populations of the opening are told."""
    run = Run(world, k)
    for group in world.scenario.population:
        _announce(run, group)
    run.opening = len(run.staff)
    return run


def _run(run: Run, choose: Choose | None, flows: Sequence[FlowMaker]) -> None:
    _people_the_posts(run)
    hiring = HiringFlow(run, run.scenario.hiring) if run.scenario.hiring is not None else None
    attrition, acting = Attrition(run), ActingCover(run)
    succession = Succession(run, hiring.require if hiring is not None else _leave_vacant, choose)
    installed: list[Any] = [
        attrition, acting, *([Freezes(run, hiring, succession)] if hiring is not None else []),
        Interventions(run, hiring), Contagion(run), Planned(run), Structure(run), Shocks(run),
        *(make(run) for make in flows),
    ]  # fmt: skip
    _staff_populations(run, hiring)
    run.opening = len(run.staff)
    _open_vacancies(run)
    for flow in installed:
        if hasattr(flow, "open"):
            flow.open()
    run.calendar.run(run.changed, run.settle_changes)


def _leave_vacant(_vacancy: Vacancy) -> None:
    """Nobody is hired from outside."""


def _people_the_posts(run: Run) -> None:
    """The posts and people of the opening chart."""
    world, ranks = run.world, run.world.ranks
    posts = run.posts
    for seed in world.posts:
        facts = seed.facts
        post = posts[facts.id] = PostState(facts, ranks[facts.id], seed.seats, home=seed.home, in_play=seed.in_play)
        post.target, post.personal, post.created = seed.target, seed.personal, seed.created
        if seed.unnamed:
            post.unnamed = dict(seed.unnamed)
    for number, person_seed in enumerate(world.people):
        person = PersonState(person_seed.id, person_seed.hired, person_seed.birth, counted=person_seed.counted)
        person.number, person.clocks = number, None
        person.leave, person.marked = person_seed.leave, person_seed.marked
        for id_, acting, since in person_seed.posts:
            _put(person, posts[id_], since, acting=acting)
        if person_seed.personal is not None:
            person.personal = posts[person_seed.personal]
            person.personal.holders.append(person)
        person.primary = person.choose_primary()
        run.people[person.id] = person
    for seed in world.posts:
        if seed.order:
            places = {person: place for place, person in enumerate(seed.order)}
            for people in (posts[seed.facts.id].holders, posts[seed.facts.id].actors):
                people.sort(key=lambda person, places=places: places[person.id])  # type: ignore[misc]
    for below, boss in world.lines:
        run.link(posts[below], posts[boss])


def _put(person: PersonState, post: PostState, since: float, *, acting: bool = False) -> None:
    (person.acting if acting else person.posts).append(post)
    (post.actors if acting else post.holders).append(person)
    person.since[post] = since


# -------------------------------------------------------------------------------------------------------- populations


def _staff_populations(run: Run, hiring: HiringFlow | None) -> None:
    """The people nobody names: whether each post is vacant, and for how long its holder has been there."""
    number = len(run.world.people)
    for group in run.scenario.population:
        if group.vacant == 0.0:
            _staff_population(run, group, number)
            number += group.count
            continue
        for event in population_posts(group, run.scenario):
            post = run.posts[event.post]
            vacant = _vacant_share(run, group, post, hiring)
            run.write("create-post", "", post.id, event)
            if vacant > 0.0 and run.columns.post(post.rank, "vacant", 0) < vacant:
                if group.vacant == "stationary" and hiring is not None:
                    hiring.stationary[post.id] = _age(run, "stage", hiring.stages[0].takes)
            else:
                person = PersonState(f"{post.id}/0", -_tenure(run, group, post))
                person.number, person.clocks = number, None
                person.birth = birth(run.scenario, person.id)
                run.hire(person)
                _put(person, post, person.hired)
                run.write("appoint", person.id, post.id)
                person.primary = post
            number += 1


def _staff_population(run: Run, group: Population, number: int) -> None:
    """The same for a population without vacant posts: everything but tenures is alike in all replications."""
    people = _announce(run, group)
    run.known.update(people)
    run.outsiders.update(dict.fromkeys(people, run.nobody.units))
    for event, id_ in zip(population_posts(group, run.scenario), people, strict=True):
        post = run.posts[event.post]
        person = run.people[id_] = PersonState(id_, -_tenure(run, group, post), birth(run.scenario, id_))
        person.number, person.clocks, person.primary = number, None, post
        person.posts.append(post)
        post.holders.append(person)
        person.since[post] = person.hired
        number += 1


def _announce(run: Run, group: Population) -> list[str]:
    """Write down the posts and people of a population without vacant posts; returns who they are."""
    kept = run.world.cache.get(("staff", group.id))
    if kept is None:
        rows: list[Row] = []
        people = []
        for event in population_posts(group, run.scenario):
            person = f"{event.post}/0"
            people.append(person)
            rows.append((0.0, "create-post", "", event.post, event))
            rows.append((0.0, "hire", person, "", run.scenario.organization))
            rows.append((0.0, "appoint", person, event.post, None))
        kept = run.world.cache["staff", group.id] = rows, people
    run.rows += kept[0]
    run.staff += [(0.0, 1)] * group.count
    found: list[str] = kept[1]
    return found


def _tenure(run: Run, group: Population, post: PostState | Seat) -> float:
    if group.tenure == "new":
        return 0.0
    law = stay(run, post.facts) if isinstance(group.tenure, str) else group.tenure
    return law.quantile(run.columns.post(post.rank, "tenure", 0))


def _vacant_share(run: Run, group: Population, post: PostState, hiring: HiringFlow | None) -> float:
    if isinstance(group.vacant, float | int):
        return float(group.vacant)
    if hiring is None:
        return 0.0
    filling = hiring.stages[0].takes.mean()
    return filling / (filling + stay(run, post.facts).mean)


def stay(run: Run, facts: Facts) -> Equilibrium:
    """How long whoever a population puts into a post has been there, in equilibrium, under their attrition."""
    found: Equilibrium | None = facts.kept.get("stay")
    if found is None:
        laws = tuple(law_for(cause, f"{facts.id}/0", facts) for cause in run.scenario.attrition if cause.clock != "age")
        alike: dict[Any, Equilibrium] = run.world.cache.setdefault("stay", {})
        found = alike.get(laws)
        if found is None:
            every = Competing(tuple(law for law in laws if law is not None))
            found = alike[laws] = equilibrium(every.survival, every.breaks())
        facts.kept["stay"] = found
    return found


def _age(run: Run, what: str, law: DurationLaw) -> Equilibrium:
    found: Equilibrium | None = run.world.cache.get((what, id(law)))
    if found is None:
        found = run.world.cache[what, id(law)] = equilibrium(law.survival, law.breaks())
    return found


def _open_vacancies(run: Run) -> None:
    """Every seat without a holder is a vacancy from the beginning; whoever acts goes on."""
    for post in list(run.posts.values()):  # made in the order of ids
        if post.in_play and (post.seats > 1 or not post.holders):
            for _ in range(int(post.free)):
                run.open(post, "start")
