"""What has a date in the oracle: freezes, interventions, planned events, reorganizations, growth."""

from typing import TYPE_CHECKING

import attrs

from orgsim import events as ev
from orgsim.scenario.model import Freeze, Growth, Reorganization
from tests.oracle import Oracle
from tests.simulate.oracle_calendar import (
    EDGE,
    FREEZE_BEGINS,
    FREEZE_ENDS,
    GROWN,
    HELP_BEGINS,
    HELP_ENDS,
    PLANNED,
    REORGANIZED,
    Process,
)

if TYPE_CHECKING:
    from tests.simulate.oracle import Replay


class Edges:
    """Everything that happens on a day known beforehand, and what is in force between two such days."""

    def __init__(self, replay: "Replay") -> None:
        self.replay, self.company = replay, replay.company
        scenario = replay.company.scenario
        self.helping: set[int] = set()  # interventions in force
        self.frozen: set[int] = set()  # freezes in force
        self.freezes = scenario.hiring.freezes if scenario.hiring is not None else ()
        for number, freeze in enumerate(self.freezes):
            replay.start(self.freeze(number, freeze))
        for number, intervention in enumerate(scenario.interventions):
            replay.start(self.help(number, intervention.start, intervention.end))
        for number, event in enumerate((*self.announced(), *scenario.events)):
            replay.start(self.planned(number, event))
        for number, reorganization in enumerate(scenario.reorganization):
            replay.start(self.reorganize(number, reorganization))
        for number, growth in enumerate(scenario.growth):
            replay.start(self.grow(number, growth))

    # ------------------------------------------------------------------ freezes and interventions

    def freeze(self, number: int, freeze: Freeze) -> Process:
        """A freeze begins and ends."""
        if freeze.end <= max(0.0, freeze.start):
            return
        yield self.company.calendar.at(max(0.0, freeze.start), EDGE, FREEZE_BEGINS, number)
        self.frozen.add(number)
        self.replay.hiring.freeze_begins(freeze)
        yield self.company.calendar.at(freeze.end, EDGE, FREEZE_ENDS, number)
        self.frozen.discard(number)
        self.replay.hiring.freeze_ends()

    def covers(self, freeze: Freeze, post: str) -> bool:
        """Whether a freeze is about a post."""
        return freeze.excepted is None or not self.company.matches_post(freeze.excepted, post)

    def freezing(self, post: str) -> list[Freeze]:
        """The freezes in force that cover a post."""
        return [self.freezes[n] for n in sorted(self.frozen) if self.covers(self.freezes[n], post)]

    def stops_promotion(self, post: str) -> bool:
        """Whether a freeze in force stops promotions to a post."""
        return any(not freeze.promotions for freeze in self.freezing(post))

    def help(self, number: int, start: float, end: float) -> Process:
        """An intervention begins and ends; the hazards are looked at after each thing anyway."""
        if end <= max(0.0, start):
            return
        yield self.company.calendar.at(max(0.0, start), EDGE, HELP_BEGINS, number)
        self.helping.add(number)
        yield self.company.calendar.at(end, EDGE, HELP_ENDS, number)
        self.helping.discard(number)

    # ------------------------------------------------------------------ planned events

    def announced(self) -> list[ev.Event]:
        """What the ledger knew on the first day of the days to come."""
        scenario = self.company.scenario
        day = min(scenario.start, scenario.known or scenario.start)
        counted = Oracle(scenario.ledger.events).counted(day)
        ahead = [event for event in counted if scenario.start < event.date.day < scenario.end]
        return [event for event in ahead if not isinstance(event, ev.Expect | ev.Retract)]

    def planned(self, number: int, event: ev.Event) -> Process:
        """A planned event happens, or is missed."""
        day = (event.date.day - self.company.scenario.start).days
        yield self.company.calendar.at(float(day), EDGE, PLANNED, number)
        told = self.between(event) if isinstance(event, ev.Report) else event
        match told:
            case None:
                self.company.missed += 1
            case ev.Depart() if told.organization == self.company.organization:
                if told.person in self.company.since:
                    self.replay.people.leave(told.person, told.reason, planned=told)
                else:
                    self.company.missed += 1
            case ev.CloseUnit() if self.is_merger(told):
                self.company.missed += 1
            case ev.AbolishPost():
                self.abolish(told)
            case _ if self.company.refuses(told):
                self.company.missed += 1
            case _:
                self.happen(told)
        self.replay.vacancies.note()

    def is_merger(self, event: ev.CloseUnit) -> bool:
        """Whether an organization closes into another, or the simulated one closes at all."""
        unit = self.company.state.units.get(event.unit)
        merges = unit is not None and unit.parent is None and event.into is not None
        return merges or event.unit == self.company.organization

    def between(self, event: ev.Report) -> ev.Report | None:
        """A line given between people, between their posts in the organization; None if somebody has none there."""
        post, to = event.post, event.to
        if event.person is not None:
            post = self.post_of(event.person)
        state = self.company.state
        if to not in ("none", "unknown") and to not in state.posts and to not in state.units:
            to = self.post_of(to) or ""
        if post is None or not to:
            return None
        return attrs.evolve(event, person=None, post=post, to=to)

    def post_of(self, person: str) -> str | None:
        """The post by which somebody employed by the organization is found."""
        return self.company.line_post(person) if person in self.company.since else None

    def happen(self, event: ev.Event) -> None:
        """A planned event that is legal, and what follows for vacancies."""
        company, vacancies = self.company, self.replay.vacancies
        match event:
            case ev.Appoint():
                self.appoint(event)
            case ev.Vacate():
                who = (event.person, event.holder)
                gone = [h for h in company.substantive(event.post) if (h.person, h.holder) == who]
                company.tell_event(event)
                vacancies.note()
                if company.in_play(event.post):
                    for _ in range(sum(h.seats for h in gone)):
                        vacancies.open(event.post, "planned")
            case ev.CreatePost() | ev.ChangePost():
                company.tell_event(event)
                self.reconcile(event.post)
            case ev.ChangeUnit() | ev.CloseUnit():
                here = sorted(post for post, seen in company.state.posts.items() if seen.unit == event.unit)
                company.tell_event(event)
                for post in here:
                    self.reconcile(post)
            case _:
                company.tell_event(event)

    def appoint(self, event: ev.Appoint) -> None:
        """A planned appointment ends the oldest vacancies."""
        company, vacancies = self.company, self.replay.vacancies
        if event.acting:
            company.tell_event(event)
            oldest = next(iter(vacancies.open_ones(event.post)), None)
            if oldest is not None and event.person is not None and not company.is_held(event.post):
                vacancies.act(oldest, event.person)
            return
        vacancies.relieve(event.post, event.person)
        company.tell_event(event)
        vacancies.note()
        for vacancy in vacancies.open_ones(event.post)[: event.seats]:
            vacancies.end(vacancy, "planned", event.person)

    def reconcile(self, post: str) -> None:
        """There are as many vacancies as empty seats."""
        company, vacancies = self.company, self.replay.vacancies
        seats = company.state.posts[post].seats
        empty = seats - company.state.taken(post) if company.in_play(post) and isinstance(seats, int) else 0
        for vacancy in reversed(vacancies.open_ones(post)[empty:]):
            vacancies.end(vacancy, "abolished")
        for _ in range(empty - len(vacancies.open_ones(post))):
            vacancies.open(post, "created")

    def abolish(self, event: ev.AbolishPost) -> None:
        """A post is vacated, lines to it end, its vacancies end, and it is gone; unless ordinary posts report to it."""
        company = self.company
        refused = company.state.against(event) - {"post-is-held", "post-has-reports"}
        below = [post for post in self.below(event.post) if not company.state.posts[post].personal]
        if refused or below:
            company.missed += 1
            return
        self.empty(event.post)
        self.cut(event.post, "unknown")
        for vacancy in self.replay.vacancies.open_ones(event.post):
            self.replay.vacancies.end(vacancy, "abolished")
        company.tell_event(event)

    def below(self, post: str) -> list[str]:
        """The posts with a line to a post, by id."""
        posts = self.company.state.posts
        return sorted(other for other in posts if any(line.to == post for line in posts[other].lines))

    def cut(self, post: str, above: str, *, by_unit: bool = False) -> None:
        """No line leads to a post any more, perhaps not by way of a unit either: solid ones lead elsewhere."""
        state = self.company.state
        for below in sorted(state.posts):
            made, solid = self.company.made(), state.solid(below)
            if (solid is not None and solid.to == post) or (by_unit and state.manager_post(below) == post):
                self.company.tell_event(ev.Report(**made, post=below, to=above))
            if any(line.dotted and line.to == post for line in state.posts[below].lines):
                self.company.tell_event(ev.Report(**made, post=below, to=post, line="dotted", end=True))

    def empty(self, post: str, *, layoff: bool = False) -> None:
        """The holders of a post go: substantive ones, those acting, those not named."""
        holders = list(self.company.state.posts[post].holders)
        holders.sort(key=lambda h: 2 if h.person is None else h.acting)
        for holding in holders:
            if layoff and not holding.acting and holding.person is not None:
                self.replay.people.leave(holding.person, "layoff", closing=post)
            elif holding.person is None or self.company.state.holding(post, holding.person) is not None:
                self.release(post, holding.person, holding.holder)

    def release(self, post: str, person: str | None, holder: str | None) -> None:
        """Somebody gives up a post, and no vacancy opens."""
        if person is not None:
            self.company.tell("vacate", person, post)
        elif any(h.holder == holder for h in self.company.state.posts[post].holders):
            self.company.tell_event(ev.Vacate(**self.company.made(), holder=holder, post=post))
        self.replay.vacancies.note()

    # ------------------------------------------------------------------ reorganizations and growth

    def reorganize(self, number: int, reorganization: Reorganization) -> Process:
        """Units move, then posts, then posts close."""
        yield self.company.calendar.at(reorganization.day, EDGE, REORGANIZED, number)
        company, made = self.company, self.company.made()
        moves: list[ev.Event] = [ev.ChangeUnit(**made, unit=u, parent=to) for u, to in reorganization.units]
        moves += [ev.Report(**made, post=post, to=to) for post, to in reorganization.posts]
        for event in moves:
            if company.refuses(event):
                company.missed += 1
            else:
                company.tell_event(event)
        for closing in reorganization.close:
            if closing.post in company.state.posts:
                self.close(closing.post, layoff=closing.holder == "layoff")
            else:
                company.missed += 1

    def close(self, post: str, *, layoff: bool) -> None:
        """Lines to a post move up, its holders go, and it is abolished."""
        company = self.company
        self.cut(post, company.state.manager_post(post) or "unknown", by_unit=True)
        self.empty(post, layoff=layoff)
        for vacancy in self.replay.vacancies.open_ones(post):
            self.replay.vacancies.end(vacancy, "abolished")
        company.tell_event(ev.AbolishPost(**company.made(), post=post))

    def grow(self, number: int, growth: Growth) -> Process:
        """New posts like another, each with a vacancy."""
        made = 0
        for day in growth.days:
            yield self.company.calendar.at(float(day), EDGE, GROWN, number)
            like, line = self.company.state.posts[growth.like], self.company.state.solid(growth.like)
            for _ in range(growth.add):
                made += 1
                event = ev.CreatePost(
                    **self.company.made(),
                    post=f"{growth.id}/{made}",
                    title=like.title,
                    unit=growth.unit or like.unit,
                    reports_to=growth.under or (line.to if line is not None else None),
                    level=like.level,
                    critical=like.critical,
                )
                self.company.tell("create-post", "", event.post, event)
                if self.company.in_play(event.post):
                    self.replay.vacancies.open(event.post, "created")
