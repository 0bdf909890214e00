"""Growth and reorganizations: posts that come, move and go on set days."""

from typing import Any

from orgsim.events import AbolishPost, ChangeUnit, CreatePost, Report, Vacate
from orgsim.scenario.model import Closing, Growth, Reorganization
from orgsim.simulate.flows.elsewhere import empty_elsewhere
from orgsim.simulate.kernel import EDGE
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import growth_posts, simulated
from orgsim.simulate.run import Run
from orgsim.simulate.state import PostState
from orgsim.simulate.world import ancestors

REORGANIZES, GROWS = 5, 6
"""The ranks among the edges of an instant; planned events come before."""


class Structure:
    """What grows, and what is reorganized."""

    def __init__(self, run: Run) -> None:
        """Nothing has changed yet."""
        self.run = run

    def open(self) -> None:
        """Put it all on the calendar."""
        for change in self.run.scenario.reorganization:
            self.run.calendar.after(change.day, EDGE, REORGANIZES, self._reorganize, change)
        for growth in self.run.scenario.growth:
            for day, post in growth_posts(growth):
                self.run.calendar.after(day, EDGE, GROWS, self._grow, (growth, post))

    def _grow(self, what: tuple[Growth, str]) -> None:
        growth, id_ = what
        run = self.run
        like = run.posts.get(growth.like) or run.closed[growth.like]
        unit = growth.unit or like.facts.unit
        target = growth.under or like.target
        event = CreatePost(
            post=id_, title=like.facts.title, unit=unit, reports_to=target, level=like.facts.level,
            critical=like.facts.critical, **simulated(run.scenario, run.now),
        )  # fmt: skip
        facts = Facts(
            id_,
            unit,
            ancestors(unit, run.parents),
            like.facts.level,
            critical=like.facts.critical,
            title=like.facts.title,
        )
        run.write("create-post", "", id_, event)
        home = run.employer(unit) == run.scenario.organization
        post = PostState(facts, run.world.ranks[id_], 1, home=home, in_play=home)
        add_post(run, post, target)
        if home:
            run.open(post, "created")

    def _reorganize(self, change: Reorganization) -> None:
        run = self.run
        for unit, parent in change.units:
            if not may_move(run, unit, parent):
                run.missed += 1  # because another event was missed
                continue
            record(run, ChangeUnit, unit=unit, parent=parent)
            move_unit(run, unit, parent)
        for id_, boss in change.posts:
            known = id_ in run.posts and (boss in run.posts or boss in run.parents)
            if not known or run.circles(run.posts[id_], boss):
                run.missed += 1  # closed meanwhile, or below it by now
                continue
            record(run, Report, post=id_, to=boss)
            run.draw_line(run.posts[id_], boss)
        for closing in change.close:
            self._close(closing)

    def _close(self, closing: Closing) -> None:
        run, post = self.run, self.run.posts.get(closing.post)
        if post is None:
            run.missed += 1  # closed meanwhile
            return
        cut_lines(run, post, post.boss.id if post.boss is not None else None, by_unit=True)
        empty_post(run, post, layoff=closing.holder == "layoff")
        end_vacancies(run, post)
        record(run, AbolishPost, post=post.id)
        remove_post(run, post)


def record(run: Run, kind: type[Any], **parts: Any) -> None:
    """Write down an event that the simulation makes."""
    run.write("event", "", parts.get("post") or "", kind(**simulated(run.scenario, run.now), **parts))


def reporters(run: Run, post: PostState, *, by_unit: bool = False) -> list[PostState]:
    """The posts with a line, solid or dotted, to a post; also those led there by the unit it heads, if asked."""
    solid = (below for below in post.reports if by_unit or below.target == post.id)
    dotted = (run.posts[below] for below, to in run.dotted if to == post.id and below in run.posts)
    return sorted({*solid, *dotted}, key=lambda below: below.id)


def cut_lines(run: Run, post: PostState, to: str | None, *, by_unit: bool = False) -> None:
    """Before a post closes: lines to it lead elsewhere, dotted ones end."""
    for below in reporters(run, post, by_unit=by_unit):
        if below in post.reports and (by_unit or below.target == post.id):
            record(run, Report, post=below.id, to=to or "unknown")
            run.draw_line(below, to)
        if (below.id, post.id) in run.dotted:
            record(run, Report, post=below.id, to=post.id, line="dotted", end=True)
            run.end_dotted({(below.id, post.id)})


def empty_post(run: Run, post: PostState, *, layoff: bool = False) -> None:
    """Before a post closes: its holders go, and leave no vacancy."""
    empty_elsewhere(run, post)
    in_play, post.in_play = post.in_play, False
    holders, actors = list(post.holders), list(post.actors)
    for person in holders:
        if layoff:
            run.depart(person, "layoff")
        else:
            run.vacate(person, post)
    for person in actors:
        if post in person.since:
            run.vacate(person, post)
    for word in list(post.unnamed):
        record(run, Vacate, holder=word, post=post.id)
    post.unnamed.clear()
    post.in_play = in_play


def end_vacancies(run: Run, post: PostState) -> None:
    """Before a post closes: nobody is looked for any more."""
    for vacancy in list(post.vacancies):
        run.end(vacancy, "abolished")


def reconcile(run: Run, post: PostState) -> None:
    """Let there be as many vacancies as empty seats in play: the newest end, or some open."""
    free = int(post.free) if post.in_play else 0
    while len(post.vacancies) > free:
        run.end(post.vacancies[-1], "abolished")
    while len(post.vacancies) < free:
        run.open(post, "created")


def add_post(run: Run, post: PostState, target: str | None) -> None:
    """A post is there, and reports to another."""
    post.target, post.created = target, int(run.now)
    if post.in_play:
        run.seats.append((run.now, post.seats))
    if post.id in run.closed:
        post.number = run.closed[post.id].number
    run.posts[post.id] = post
    run.relink(post)


def remove_post(run: Run, post: PostState) -> None:
    """A post is gone, and heads nothing."""
    post.open = False
    run.draw_line(post, None)
    del run.posts[post.id]
    run.closed[post.id] = post
    if post.in_play:
        run.seats.append((run.now, -post.seats))
    run.end_dotted({line for line in run.dotted if post.id in line})
    for unit, leaders in list(run.heads.items()):
        if post.id in leaders:
            run.heads[unit] = [id_ for id_ in leaders if id_ != post.id]
            run.relink_all()


def may_move(run: Run, unit: str, parent: str) -> bool:
    """Whether both are there, in one organization, and the unit would not come to lie in itself."""
    if run.parents.get(unit) is None or parent not in run.parents:
        return False
    above = ancestors(parent, run.parents)
    return unit not in above and not above.isdisjoint(ancestors(unit, run.parents))


def move_unit(run: Run, unit: str, parent: str) -> None:
    """A unit lies under another; whoever is in it notices."""
    run.parents = {**run.parents, unit: parent}
    for post in list(run.posts.values()):
        if unit in post.facts.units:
            run.change_facts(post)
