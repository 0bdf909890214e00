"""Vacancies are filled from within where there is a plan or a rule, else a requisition opens."""

import heapq
from collections.abc import Callable, Iterator
from itertools import pairwise

from orgsim.scenario.model import CRITICAL, NEVER, Plan, Promote, Successor
from orgsim.simulate.flows.acting import direct_reports
from orgsim.simulate.kernel import DECISION
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState, Vacancy

MOST_OTHERS = 32
WIDTH = 4096  # ordinals for each vacancy of a post

Choose = Callable[[Run, Vacancy, list[PersonState]], list[PersonState]]
"""Puts those who may be promoted, and are on no plan, into the order in which they are asked."""


def by_tenure(_run: Run, _vacancy: Vacancy, people: list[PersonState]) -> list[PersonState]:
    """Those employed longest first."""
    return heapq.nsmallest(MOST_OTHERS, people, key=lambda person: (person.hired, person.id))


def by_chance(run: Run, vacancy: Vacancy, people: list[PersonState]) -> list[PersonState]:
    """In the order of ids, from somebody drawn at random, and around."""
    people = sorted(people, key=lambda person: person.id)
    first = int(run.draw(vacancy, "choose", vacancy.number) * len(people))
    return (people[first:] + people[:first])[:MOST_OTHERS]


class Succession:
    """Decides who is promoted; `require` opens a requisition when nobody is."""

    def __init__(self, run: Run, require: Callable[[Vacancy], None], choose: Choose | None = None) -> None:
        """Watch vacancies."""
        self.run = run
        self.require = require
        succession = run.scenario.succession
        self.plans = succession.plans if succession is not None else {}
        self.readiness = succession.readiness if succession is not None else {}
        self.backfill = succession.backfill if succession is not None else "always"
        self.rule = (succession.promote if succession is not None else None) or Promote()
        self.choose = choose or {"tenure": by_tenure, "random": by_chance}[self.rule.choose]
        self.held_back: Callable[[PostState], bool] = lambda _post: False
        self.waiting: list[Vacancy] = []
        levels = run.scenario.levels
        self._below = dict(pairwise(levels))
        run.opened.append(self.opened)

    def opened(self, vacancy: Vacancy) -> None:
        """Look within the organization, or outside."""
        post = vacancy.post
        if vacancy.cause == "promotion" and (
            self.backfill == NEVER or (self.backfill == CRITICAL and not post.facts.critical)
        ):
            return
        if (post.id in self.plans and self.plans[post.id].successors) or self._has_rule(post):
            law = self.rule.decide_in
            self.later(vacancy, 0.0 if law is None else law.quantile(self.run.draw(vacancy, "decide", vacancy.number)))
        else:
            self.require(vacancy)

    def later(self, vacancy: Vacancy, days: float = 0.0) -> None:
        """Let a decision be due."""
        self.run.calendar.after(days, DECISION, vacancy.post.rank, self.decide, vacancy)

    def _plan(self, post: PostState) -> Plan:
        return self.plans.get(post.id, _NO_PLAN)

    def _has_rule(self, post: PostState) -> bool:
        return self.rule.candidates != "plan" and post.facts.match(self.rule.where)

    def decide(self, vacancy: Vacancy) -> None:
        """Promote the first candidate who accepts."""
        post, run, number = vacancy.post, self.run, vacancy.number
        if vacancy.ended is not None:
            return
        if self.held_back(post):
            self.waiting.append(vacancy)
            return
        accept = self.rule.accept
        for place, person in self._candidates(vacancy):
            if accept >= 1.0 or run.draw(vacancy, "accept", WIDTH * number + place) < accept:
                self.promote(person, vacancy)
                return
        self.require(vacancy)

    def promote(self, person: PersonState, vacancy: Vacancy) -> None:
        """Appoint somebody to the vacant post; the one left behind is vacant in turn."""
        run = self.run
        left = person.primary if person.primary in person.posts else None
        run.end(vacancy, "promoted", person.id)
        run.appoint(person, vacancy.post)
        person.promoted = run.now
        if left is not None:
            run.vacate(person, left)
            if left.in_play:
                run.open(left, "promotion", vacancy.cascade)

    # ------------------------------------------------------------------------------------------------------ candidates

    def _candidates(self, vacancy: Vacancy) -> Iterator[tuple[int, PersonState]]:
        """Who is asked, with the number of each: successors by rank, then others."""
        run, post = self.run, vacancy.post
        successors = self._plan(post).successors
        for rank, successor in enumerate(successors):
            person = run.people.get(successor.person)
            if person is not None and self._may_be_promoted(person, post) and self._is_ready(successor, post):
                yield rank, person
        if not self._has_rule(post) or run.draw(vacancy, "internal", vacancy.number) >= self.rule.internal:
            return
        planned = {successor.person for successor in successors}
        others = [who for who in self._others(post) if who.id not in planned and self._may_be_promoted(who, post)]
        if others:
            yield from enumerate(self.choose(run, vacancy, others)[:MOST_OTHERS], len(successors))

    def _others(self, post: PostState) -> list[PersonState]:
        if self.rule.candidates == "reports":
            return direct_reports(post)
        level = self._below.get(post.facts.level or "")
        return self.run.at_level(level) if level is not None else []

    def _is_ready(self, successor: Successor, post: PostState) -> bool:
        if successor.ready not in self.readiness:
            return successor.ready == "now" and self.run.now >= successor.rated
        law = self.readiness[successor.ready]
        if law is None:
            return False
        days = law.quantile(self.run.luck.uniform(successor.person, f"readiness/{post.id}", 0))
        return self.run.now >= successor.rated + days

    def _may_be_promoted(self, person: PersonState, post: PostState) -> bool:
        since = self.run.now - person.promoted
        return (
            person.employed
            and not person.leave
            and person not in post.holders
            and since >= self.rule.stay
            and since > 0.0  # nobody goes around in circles at one instant
            and not self.run.would_circle(person, post)
        )


_NO_PLAN = Plan()
