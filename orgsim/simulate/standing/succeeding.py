"""Vacancies are filled from within or covered for a time: succession and acting of the flows, on standing ground."""

import heapq
from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import attrgetter

from orgsim.scenario.model import Acting, Promote, Successor
from orgsim.simulate.flows.succession import MOST_OTHERS, WIDTH
from orgsim.simulate.kernel import ACTING_BEGINS, ACTING_ENDS, DECISION
from orgsim.simulate.standing.leaving import Leaving
from orgsim.simulate.standing.organization import Organization, Person, Vacancy

Require = Callable[[Vacancy], None]
_seniority = attrgetter("hired", "id")


class Succeeding:
    """Decides who is promoted, and lets somebody act meanwhile; `require` opens a requisition when nobody is."""

    def __init__(self, organization: Organization, leaving: Leaving, require: Require) -> None:
        """Nothing is decided yet."""
        self.org, self.leaving, self.require = organization, leaving, require
        self.calendar = organization.calendar
        succession = organization.world.scenario.succession
        self.rule = (succession.promote if succession is not None else None) or Promote()
        self.readiness = succession.readiness if succession is not None else {}
        self.acting: Acting | None = succession.acting if succession is not None else None
        self.holds_back: Callable[[Vacancy], bool] | None = None
        self.waiting: list[Vacancy] = []
        self._below = dict(pairwise(organization.world.scenario.levels))
        tables = organization.tables
        self._decides = [
            bool(plan.successors) or rule for plan, rule in zip(tables.plans, tables.promotes, strict=True)
        ]

    def opened(self, vacancy: Vacancy) -> None:
        """Look for cover, and within the organization, or outside."""
        if self._decides_now(vacancy):
            self.decide(vacancy)

    def _decides_now(self, vacancy: Vacancy) -> bool:
        """Let a decision be due or a requisition open; whether the decision is due now, and nothing else before it."""
        rank, tables = vacancy.rank, self.org.tables
        if tables.covers[rank]:
            self.look(vacancy)
        if vacancy.cause == "promotion" and not tables.backfills[rank]:
            return False
        if not self._decides[rank]:
            self.require(vacancy)
            return False
        law = self.rule.decide_in
        days = 0.0 if law is None else law.quantile(self.org.draw(vacancy, "decide", vacancy.number))
        if days == 0.0 and self.org.is_next():
            return True
        self.later(vacancy, days)
        return False

    def later(self, vacancy: Vacancy, days: float = 0.0) -> None:
        """Let a decision be due."""
        self.calendar.after(days, DECISION, vacancy.rank, self.decide, vacancy)

    def decide(self, vacancy: Vacancy) -> None:
        """Decide, and then about the post that whoever is promoted leaves, if that is due at once, and so on."""
        due: Vacancy | None = vacancy
        while due is not None:
            due = self._decide(due)

    def _decide(self, vacancy: Vacancy) -> Vacancy | None:
        """Promote the first candidate who accepts; returns the next vacancy to decide about, if there is one."""
        if vacancy.ended is not None:
            return None
        if self.holds_back is not None and self.holds_back(vacancy):
            self.waiting.append(vacancy)
            return None
        accept, first = self.rule.accept, WIDTH * vacancy.number
        for place, person in self._candidates(vacancy):
            if accept >= 1.0 or self.org.draw(vacancy, "accept", first + place) < accept:
                return self._promote(person, vacancy)
        self.require(vacancy)
        return None

    def _promote(self, person: Person, vacancy: Vacancy) -> Vacancy | None:
        """Appoint somebody to the vacant post; the one left behind is vacant in turn."""
        org, now, rank, left = self.org, self.calendar.now, vacancy.rank, person.rank
        org.end(vacancy, now, "promoted", person.id)
        if org.acts:
            org.release_actors(rank, now, person)
        org.rows.append((now, "appoint", person.id, org.posts[rank], None))
        org.rows.append((now, "vacate", person.id, org.posts[left], None))
        org.holder[rank], org.holder[left] = person, None
        person.rank, person.posted, person.promoted = rank, now, now
        opened = org.open(left, now, "promotion", vacancy.cascade)
        self.leaving.move(person, now)
        return opened if self._decides_now(opened) else None

    # ------------------------------------------------------------------------------------------------------ candidates

    def _candidates(self, vacancy: Vacancy) -> Iterator[tuple[int, Person]]:
        """Who is asked, with the number of each: successors by rank, then others."""
        org, rank, now = self.org, vacancy.rank, self.calendar.now
        successors = org.tables.plans[rank].successors
        for place, successor in enumerate(successors):
            person = org.people.get(successor.person)
            if person is not None and self._may_be_promoted(person, now) and self._is_ready(successor, rank, now):
                yield place, person
        if not org.tables.promotes[rank] or org.draw(vacancy, "internal", vacancy.number) >= self.rule.internal:
            return
        others, stay = self._others(rank), self.rule.stay
        if successors:
            planned = {successor.person for successor in successors}
            others = [who for who in others if who.id not in planned]
        others = [who for who in others if now - who.promoted >= stay and now > who.promoted and not who.leave]
        if others:
            yield from enumerate(self._chosen(vacancy, others)[:MOST_OTHERS], len(successors))

    def _others(self, rank: int) -> list[Person]:
        org = self.org
        if self.rule.candidates == "reports":
            return org.holders(org.tables.reports[rank])
        level, facts = self._below.get(org.tables.facts[rank].level or ""), org.tables.facts
        return [] if level is None else [who for who in org.people.values() if facts[who.rank].level == level]

    def _chosen(self, vacancy: Vacancy, people: list[Person]) -> list[Person]:
        """In which order they are asked: who was employed longest first, or around from one drawn."""
        if self.rule.choose == "tenure":
            if len(people) <= MOST_OTHERS:
                return sorted(people, key=_seniority)
            return heapq.nsmallest(MOST_OTHERS, people, key=_seniority)
        people = sorted(people, key=lambda person: person.id)
        first = int(self.org.draw(vacancy, "choose", vacancy.number) * len(people))
        return people[first:] + people[:first]

    def _is_ready(self, successor: Successor, rank: int, now: float) -> bool:
        if successor.ready not in self.readiness:
            return successor.ready == "now" and now >= successor.rated
        law = self.readiness[successor.ready]
        if law is None:
            return False
        days = law.quantile(self.org.luck.uniform(successor.person, f"readiness/{self.org.posts[rank]}", 0))
        return now >= successor.rated + days

    def _may_be_promoted(self, person: Person, now: float) -> bool:
        since = now - person.promoted
        return person.employed and not person.leave and since >= self.rule.stay and since > 0.0

    # ----------------------------------------------------------------------------------------------------------- cover

    def look(self, vacancy: Vacancy) -> None:
        """Let acting begin in `after` days."""
        if self.acting is not None and not vacancy.over and self.org.tables.covers[vacancy.rank]:
            self.calendar.after(self.acting.after, ACTING_BEGINS, vacancy.rank, self._act, vacancy)

    def _act(self, vacancy: Vacancy) -> None:
        org, rank, rule = self.org, vacancy.rank, self.acting
        if rule is None or vacancy.ended is not None or vacancy.over or org.actors.get(rank):
            return
        person = next((who for who in self._covering(rank, rule) if _may_act(who, rule)), None)
        if person is None:
            return
        now = self.calendar.now
        org.rows.append((now, "act", person.id, org.posts[rank], None))
        person.acting = [*(person.acting or ()), rank]
        org.actors[rank] = [person]
        if vacancy.acting is None:
            vacancy.acting = []
        vacancy.acting.append([person.id, now, None])
        if vacancy.acting_since is None:
            vacancy.acting_since = now
            if rule.at_most is not None:
                self.calendar.after(rule.at_most, ACTING_ENDS, rank, self._over, vacancy)

    def _over(self, vacancy: Vacancy) -> None:
        if vacancy.ended is None:
            vacancy.over = True
            self.org.release_actors(vacancy.rank, self.calendar.now)

    def _covering(self, rank: int, rule: Acting) -> Iterator[Person]:
        """Whom to ask to act for a post."""
        org, plan = self.org, self.org.tables.plans[rank]
        people, named = org.people, [plan.emergency] if plan.emergency is not None else []
        for kind in rule.candidates:
            if kind == "emergency":
                yield from (people[who] for who in named if who in people)
            elif kind == "successors":
                yield from (people[s.person] for s in plan.successors if s.person in people)
            elif kind == "deputy":
                yield from sorted(org.holders(org.tables.reports[rank]), key=_seniority)
            else:
                yield from self._managers(rank)

    def _managers(self, rank: int) -> Iterator[Person]:
        """The holder, not on leave, of the first post above that has such."""
        seen, above = {rank}, self.org.tables.boss[rank]
        while above >= 0 and above not in seen:
            seen.add(above)
            manager = self.org.holder[above]
            if manager is not None and not manager.leave:
                yield manager
                return
            above = self.org.tables.boss[above]


def _may_act(person: Person, rule: Acting) -> bool:
    return person.employed and not person.leave and len(person.acting or ()) < rule.span
