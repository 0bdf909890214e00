"""Planned events, in the ledger's own words: they happen on their day if what happened by luck still allows it."""

from collections.abc import Callable
from typing import Any

import attrs

from orgsim.events import (
    AbolishPost,
    Appoint,
    ChangeEmployment,
    ChangePerson,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Hire,
    OpenUnit,
    Report,
    StartLeave,
    Vacate,
)
from orgsim.simulate.flows.elsewhere import (
    appoint_elsewhere,
    firm,
    join_elsewhere,
    leave_elsewhere,
    relieve_elsewhere,
    vacate_elsewhere,
)
from orgsim.simulate.flows.structure import (
    add_post,
    cut_lines,
    empty_post,
    end_vacancies,
    reconcile,
    remove_post,
    reporters,
)
from orgsim.simulate.flows.units import change_unit, close_unit, open_unit
from orgsim.simulate.kernel import EDGE
from orgsim.simulate.matching import Facts
from orgsim.simulate.opening import planned
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState
from orgsim.simulate.world import ancestors, birth

RANK = 4
"""The rank among the edges of an instant."""


class Planned:
    """The planned events of a scenario, and those announced in its ledger."""

    def __init__(self, run: Run) -> None:
        """Nothing has happened yet."""
        self.run = run

    def open(self) -> None:
        """Put them on the calendar, in the order of the plan."""
        start, cache = self.run.scenario.start, self.run.world.cache
        if "planned" not in cache:
            cache["planned"] = planned(self.run.scenario)
        for event in cache["planned"]:
            self.run.calendar.after(float((event.date.day - start).days), EDGE, RANK, self._happen, event)

    def _happen(self, event: Event) -> None:
        if not _HANDLERS[type(event)](self, event):
            self.run.missed += 1

    def _record(self, event: Event, person: str = "", post: str = "") -> bool:
        self.run.write("event", person, post, event)
        return True

    # ---------------------------------------------------------------------------------------------------------- people

    def _hire(self, event: Hire) -> bool:
        run = self.run
        employers = run.outsiders.get(event.person, frozenset())
        if event.organization in employers:
            return False
        if event.organization != run.scenario.organization:
            run.outsiders[event.person] = employers | {event.organization}
            run.known.add(event.person)
            join_elsewhere(run, event.person, event.organization)
            return self._record(event, event.person)
        person = PersonState(event.person, run.now, counted=event.contract == "employee")
        person.birth = birth(run.scenario, event.person)
        person.leave = event.person in run.away
        run.hire(person, event)
        run.settle(person)
        return True

    def _depart(self, event: Depart) -> bool:
        run = self.run
        employers = run.outsiders.get(event.person, frozenset())
        if event.organization not in employers:
            return False
        if event.organization != run.scenario.organization:
            leave_elsewhere(run, event.person, event.organization)
            left = run.outsiders[event.person] = employers - {event.organization}
            if not left:
                del run.outsiders[event.person]
                run.away.discard(event.person)
            return self._record(event, event.person)
        run.depart(run.people[event.person], event.reason, event=event)
        return True

    def _share(self, event: ChangeEmployment) -> bool:
        employs = event.organization in self.run.outsiders.get(event.person, frozenset())
        return employs and self._record(event, event.person)

    def _of_person(self, event: ChangePerson | StartLeave | EndLeave) -> bool:
        run, id_ = self.run, event.person
        if id_ not in run.outsiders:
            return False
        if isinstance(event, StartLeave | EndLeave):
            leaves = isinstance(event, StartLeave)
            if leaves == (id_ in run.away):
                return False
            run.away ^= {id_}
            if id_ in run.people:
                run.people[id_].leave = leaves
        return self._record(event, id_)

    def _appoint(self, event: Appoint) -> bool:
        run, post = self.run, self.run.posts.get(event.post)
        if post is None or not post.open:
            return False
        if event.person is None:
            return self._unnamed(event, post, event.seats)
        if not post.home:
            return appoint_elsewhere(run, event, post, event.person)
        person = run.people.get(event.person)
        if person is None or (post in person.since and (event.acting or post in person.posts)):
            return False
        if not event.acting and (post.free < 1 or run.would_circle(person, post)):
            return False
        if event.primary:
            person.marked = (*(id_ for id_ in person.marked if id_ != post.id), post.id)
        if event.acting:
            run.act(person, post, event)
            self._note_acting(person, post)
            return True
        if post.vacancies:
            run.end(post.vacancies[0], "planned", person.id)
        run.appoint(person, post, event)
        return True

    def _note_acting(self, person: PersonState, post: PostState) -> None:
        for vacancy in () if post.held else post.vacancies[:1]:
            vacancy.acting.append([person.id, self.run.now, None])
            if vacancy.acting_since is None:
                vacancy.acting_since = self.run.now
                for hook in self.run.acted:
                    hook(vacancy)

    def _unnamed(self, event: Appoint, post: PostState, seats: int) -> bool:
        word = event.holder or ""
        if event.acting:
            post.unnamed.setdefault(word, 0)
            return self._record(event, "", post.id)
        if post.free - firm(self.run, post) < seats:
            return False
        for _ in range(seats):
            if post.vacancies:
                self.run.end(post.vacancies[0], "planned")
        self.run.release_actors(post)
        relieve_elsewhere(self.run, post)
        post.unnamed[word] = post.unnamed.get(word, 0) + seats
        return self._record(event, "", post.id)

    def _vacate(self, event: Vacate) -> bool:
        run, post = self.run, self.run.posts.get(event.post)
        if post is None:
            return False
        if event.person is None:
            if event.holder not in post.unnamed:
                return False
            freed = post.unnamed.pop(event.holder)
            self._record(event, "", post.id)
            for _ in range(freed if post.in_play else 0):
                run.open(post, "planned")
            return True
        if not post.home:
            return vacate_elsewhere(run, event, post, event.person)
        person = run.people.get(event.person)
        if person is None or post not in person.since:
            return False
        seat = post in person.posts
        run.vacate(person, post, event)
        if seat and post.in_play:
            run.open(post, "planned")
        for vacancy in post.vacancies:
            run.end_acting(vacancy, person.id)
        return True

    # ------------------------------------------------------------------------------------------------- posts and units

    def _create(self, event: CreatePost) -> bool:
        run = self.run
        if self._is_gone(event.reports_to):
            return False
        self._record(event, "", event.post)
        home = run.employer(event.unit) == run.scenario.organization
        facts = Facts(
            event.post, event.unit, ancestors(event.unit, run.parents), event.level,
            critical=event.critical, title=event.title or event.post,
        )  # fmt: skip
        seats = float("inf") if event.seats == "any" else event.seats
        in_play = home and event.seats != "any"
        post = PostState(facts, run.world.ranks[event.post], seats, home=home, in_play=in_play)
        if event.heads is not None:
            run.heads.setdefault(event.heads, []).append(event.post)
        add_post(run, post, event.reports_to)
        if event.heads is not None:
            run.relink_all()
        for _ in range(int(seats) if in_play else 0):
            run.open(post, "created")
        return True

    def _change(self, event: ChangePost) -> bool:
        run, post = self.run, self.run.posts.get(event.post)
        if post is None or _is_foreign(post) or self._is_gone(event.reports_to):
            return False
        taken = post.taken + firm(run, post)
        seats = post.seats if event.seats is None else float("inf") if event.seats == "any" else event.seats
        home = run.employer(event.unit or post.facts.unit) == run.scenario.organization
        if taken > seats or (home != post.home and (taken or post.actors or run.elsewhere.get(post.id))):
            return False
        self._record(event, "", event.post)
        before = post.seats if post.in_play else 0
        post.seats, post.home = seats, home
        post.in_play = home and post.personal is None and seats != float("inf")
        run.seats.append((run.now, (seats if post.in_play else 0) - before))
        if event.heads is not None:
            for leaders in run.heads.values():
                if post.id in leaders:
                    leaders.remove(post.id)
            if event.heads != "none":
                run.heads.setdefault(event.heads, []).append(post.id)
        post.target = event.reports_to or post.target
        facts = {name: getattr(event, name) for name in ("title", "unit", "level", "critical")}
        facts = {name: value for name, value in facts.items() if value is not None}
        if facts:
            run.change_facts(post, **facts)
        if event.heads is not None or event.reports_to is not None:
            run.relink_all()
        reconcile(run, post)
        return True

    def _is_gone(self, target: str | None) -> bool:
        """Whether a line would lead to a personal post that has closed meanwhile, or to one of another employer."""
        if target in (None, "none", "unknown") or target in self.run.parents:
            return False
        post = self.run.posts.get(target or "")
        return post is None or _is_foreign(post)

    def _abolish(self, event: AbolishPost) -> bool:
        post = self.run.posts[event.post]
        if any(below.personal is None for below in reporters(self.run, post)):
            return False
        empty_post(self.run, post)
        cut_lines(self.run, post, to=None)
        end_vacancies(self.run, post)
        self._record(event, "", post.id)
        remove_post(self.run, post)
        return True

    def _unit(self, event: OpenUnit | ChangeUnit | CloseUnit) -> bool:
        return _UNITS[type(event)](self.run, event)

    # ----------------------------------------------------------------------------------------------------------- lines

    def _report(self, event: Report) -> bool:
        run = self.run
        post = self._post(event.post) if event.post is not None else self._of(event.person or "")
        to = event.to
        if to not in ("none", "unknown") and to not in run.posts and to not in run.parents:
            other = self._of(to)
            to = other.id if other is not None else ""
        if post is None or not to or to == post.id or _is_foreign(post) or self._is_gone(to):
            return False
        between = attrs.evolve(event, post=post.id, person=None, to=to)
        solid = event.line == "solid"
        target = None if event.end or to == "unknown" else to
        if solid and target is not None and run.circles(post, target):
            return False
        if event.end and (post.target != to if solid else (post.id, to) not in run.dotted):
            return False
        self._record(between, "", post.id)
        if solid:
            run.draw_line(post, target)
        elif event.end:
            run.end_dotted({(post.id, to)})
        else:
            run.dotted.add((post.id, to))
        return True

    def _post(self, id_: str) -> PostState | None:
        return self.run.posts.get(id_)

    def _of(self, person: str) -> PostState | None:
        known = self.run.people.get(person)
        return known.node if known is not None else None


def _is_foreign(post: PostState) -> bool:
    """Whether a post is the personal one of somebody employed elsewhere; they are found by their employers only."""
    return post.personal is not None and not post.home


_UNITS: dict[type[Event], Callable[[Run, Any], bool]] = {
    OpenUnit: open_unit,
    ChangeUnit: change_unit,
    CloseUnit: close_unit,
}
_HANDLERS: dict[type[Event], Callable[[Planned, Any], bool]] = {
    Hire: Planned._hire,  # noqa: SLF001
    Depart: Planned._depart,  # noqa: SLF001
    ChangeEmployment: Planned._share,  # noqa: SLF001
    ChangePerson: Planned._of_person,  # noqa: SLF001
    StartLeave: Planned._of_person,  # noqa: SLF001
    EndLeave: Planned._of_person,  # noqa: SLF001
    Appoint: Planned._appoint,  # noqa: SLF001
    Vacate: Planned._vacate,  # noqa: SLF001
    CreatePost: Planned._create,  # noqa: SLF001
    ChangePost: Planned._change,  # noqa: SLF001
    AbolishPost: Planned._abolish,  # noqa: SLF001
    OpenUnit: Planned._unit,  # noqa: SLF001
    ChangeUnit: Planned._unit,  # noqa: SLF001
    CloseUnit: Planned._unit,  # noqa: SLF001
    Report: Planned._report,  # noqa: SLF001
}
