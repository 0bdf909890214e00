"""Hiring in the oracle: a process for each requisition, which freezes and withdrawals interrupt; recruiters."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import simpy

from orgsim.laws import equilibrium
from orgsim.scenario.model import Freeze, Recruiters, Stage
from tests.simulate.oracle_calendar import APPROVAL, STAGE, Process

if TYPE_CHECKING:
    from tests.simulate.oracle import Replay
    from tests.simulate.oracle_vacancies import Vacancy

ROUNDS = 4096
SUSPEND, CANCEL, WITHDRAW = "suspend", "cancel", "withdraw"


@dataclass
class Pool:
    """Recruiters who are free, and the requisitions that wait for one."""

    rules: Recruiters | None
    free: int
    queue: list[tuple[Any, "Requisition"]] = field(default_factory=list)


@dataclass
class Requisition:
    """A vacancy on its way to be filled from outside."""

    vacancy: "Vacancy"
    opened: float
    process: simpy.Process | None = None
    awake: bool = False
    done: bool = False
    round: int = 0
    begun: bool = False
    recruiter: Pool | None = None
    queued: Pool | None = None
    working: bool = False  # a stage or an approval runs
    thaw: simpy.Event | None = None  # what is suspended or waits, for a freeze to end
    grant: simpy.Event | None = None  # for a recruiter


class Hiring:
    """All requisitions and pools."""

    def __init__(self, replay: "Replay") -> None:
        self.replay, self.company = replay, replay.company
        self.rules = replay.company.scenario.hiring
        self.pools = [Pool(rules, rules.count) for rules in self.rules.recruiters] if self.rules else []
        self.nobody = Pool(None, 0)  # the recruiter who is always there
        self.all: list[Requisition] = []

    def open(self, vacancy: "Vacancy") -> None:
        """Ask for somebody from outside, if this is how the post is filled."""
        if self.rules is None or not self.company.matches_post(self.rules.where, vacancy.post):
            return
        requisition = Requisition(vacancy, self.company.now)
        vacancy.asked, vacancy.requisition = self.company.now, requisition
        self.all.append(requisition)
        requisition.process = self.replay.start(self.life(requisition))

    # ------------------------------------------------------------------ the life of a requisition

    def life(self, requisition: Requisition) -> Process:
        """Approval, then stage after stage; a cancellation begins them again."""
        requisition.awake = True
        law = self.rules.approve_in if self.rules else None
        vacancy = requisition.vacancy
        u = self.company.u(vacancy.post, "approve", vacancy.number)
        approved = False
        while not self.is_over(requisition):
            with suppress(simpy.Interrupt):  # cancelled or withdrawn
                if not approved:
                    yield from self.work(requisition, law.quantile(u) if law is not None else 0.0, APPROVAL)
                    approved = True
                yield from self.stages(requisition)

    def is_over(self, requisition: Requisition) -> bool:
        """Whether somebody was hired, or nobody is looked for any more."""
        return requisition.done

    def stages(self, requisition: Requisition) -> Process:
        """One stage after the other, until somebody is hired or it is given up."""
        assert self.rules is not None
        stages, vacancy = self.rules.stages, requisition.vacancy
        last_offer = max((n for n, stage in enumerate(stages) if stage.accept is not None), default=None)
        at = 0
        while at < len(stages):
            stage = stages[at]
            yield from self.may_begin(requisition, stage)
            requisition.begun = True
            yield from self.work(requisition, self.days(requisition, at), STAGE, stage)
            ordinal = ROUNDS * vacancy.number + requisition.round
            if stage.accept is None or self.company.u(vacancy.post, f"accept/{stage.id}", ordinal) < stage.accept:
                if at == last_offer:
                    vacancy.accepted = self.company.now
                at += 1
            elif self.next_round(requisition):
                at = next((n for n, other in enumerate(stages) if other.id == stage.otherwise), at)
            else:
                return
        if last_offer is None:
            vacancy.accepted = self.company.now
        self.hire(requisition)

    def hire(self, requisition: Requisition) -> None:
        """Somebody new takes the post."""
        vacancy = requisition.vacancy
        person = f"hire/{vacancy.post}/{vacancy.number}"
        requisition.done = True
        self.company.tell("hire", person, "", self.company.organization)
        if self.rules is not None and self.rules.age is not None:
            age = self.rules.age.quantile(self.company.u(person, "age", 0))
            self.replay.people.born[person] = self.company.now - age
        self.replay.vacancies.fill(vacancy, person, "hired")
        self.give_back(requisition)

    def next_round(self, requisition: Requisition) -> bool:
        """Count a round more; after the last, give up."""
        requisition.round += 1
        if requisition.round < ROUNDS:
            return True
        requisition.done = True
        self.give_back(requisition)
        return False

    def days(self, requisition: Requisition, at: int) -> float:
        """How long a stage takes that begins now."""
        assert self.rules is not None
        stage, vacancy = self.rules.stages[at], requisition.vacancy
        u = self.company.u(vacancy.post, f"stage/{stage.id}", ROUNDS * vacancy.number + requisition.round)
        first = at == 0 and requisition.round == 0 and vacancy.number == 1
        if first and vacancy.cause == "start" and vacancy.post in self.replay.stationary:
            return equilibrium(stage.takes.survival, stage.takes.breaks()).quantile(u)
        days = stage.takes.quantile(u)
        for number, intervention in enumerate(self.company.scenario.interventions):
            helps = number in self.replay.edges.helping and stage.id in intervention.stages
            if helps and self.company.matches_post(intervention.where, vacancy.post):
                days *= intervention.stages[stage.id]
        return days

    def work(self, requisition: Requisition, days: float, rank: int, stage: Stage | None = None) -> Process:
        """Something runs for so many days, which may be suspended."""
        calendar, post = self.company.calendar, requisition.vacancy.post
        due = self.company.now + days
        while True:
            timer = calendar.at(due, rank, post)
            if stage is not None and not stage.recruiter:
                self.give_back(requisition)
            requisition.working = True
            try:
                yield timer
            except simpy.Interrupt as interrupt:
                if interrupt.cause != SUSPEND:
                    raise
                left = due - self.company.now
                yield from self.freeze(requisition)
                due = self.company.now + left
            else:
                return
            finally:
                requisition.working = False

    def freeze(self, requisition: Requisition) -> Process:
        """Wait for the end of a freeze."""
        requisition.thaw = self.company.calendar.event()
        try:
            yield requisition.thaw
        finally:
            requisition.thaw = None

    # ------------------------------------------------------------------ beginning a stage

    def blocked(self, requisition: Requisition) -> bool:
        """Whether a freeze keeps it from beginning a stage."""
        return any(
            freeze.pending != "continue" or not requisition.begun
            for freeze in self.replay.edges.freezing(requisition.vacancy.post)
        )

    def may_begin(self, requisition: Requisition, stage: Stage) -> Process:
        """Wait until no freeze and no want of a recruiter is in the way."""
        while True:
            if self.blocked(requisition):
                yield from self.freeze(requisition)
                continue
            if not stage.recruiter or requisition.recruiter is not None:
                return
            pool = self.pool_of(requisition.vacancy.post)
            if pool is None:
                requisition.recruiter = self.nobody
                return
            requisition.grant = self.company.calendar.event()
            requisition.queued = pool
            pool.queue.append((self.rank(requisition), requisition))
            self.serve(pool)
            yield requisition.grant

    def pool_of(self, post: str) -> Pool | None:
        """The first pool for a post."""
        return next((p for p in self.pools if p.rules and self.company.matches_post(p.rules.where, post)), None)

    def rank(self, requisition: Requisition) -> tuple[Any, ...]:
        """Who comes first in a queue."""
        assert self.rules is not None
        post = requisition.vacancy.post
        keys: dict[str, Any] = {
            "critical": not self.company.state.posts[post].critical,
            "level": self.company.level_of(post),
            "age": requisition.opened,
        }
        return (*(keys[name] for name in self.rules.order), post, requisition.vacancy.number)

    def serve(self, pool: Pool) -> None:
        """Free recruiters go to the first in the queue; whoever is frozen then waits elsewhere."""
        while pool.free and pool.queue:
            pool.queue.sort(key=lambda item: item[0])
            _, requisition = pool.queue.pop(0)
            requisition.queued = None
            if not self.blocked(requisition):
                pool.free -= 1
                requisition.recruiter = pool
            assert requisition.grant is not None
            requisition.grant.succeed()

    def give_back(self, requisition: Requisition) -> None:
        """A recruiter is free again."""
        pool, requisition.recruiter = requisition.recruiter, None
        if pool is not None and pool is not self.nobody:
            pool.free += 1
            self.serve(pool)

    # ------------------------------------------------------------------ from outside

    def withdraw(self, vacancy: "Vacancy") -> None:
        """The vacancy is over otherwise."""
        requisition = vacancy.requisition
        if requisition is None or requisition.done:
            return
        requisition.done = True
        self.take_away(requisition, WITHDRAW)

    def take_away(self, requisition: Requisition, why: str) -> None:
        """Stage, place in the queue and recruiter are lost."""
        if requisition.queued is not None:
            requisition.queued.queue = [item for item in requisition.queued.queue if item[1] is not requisition]
            requisition.queued = None
        self.interrupt(requisition, why)
        self.give_back(requisition)

    def interrupt(self, requisition: Requisition, why: str) -> None:
        """Interrupt its process, if it has begun and not ended."""
        process = requisition.process
        if requisition.awake and process is not None and process.is_alive:
            process.interrupt(why)

    def in_order(self) -> list[Requisition]:
        """What is under way, by post."""
        going = [requisition for requisition in self.all if not requisition.done]
        return sorted(going, key=lambda r: (r.vacancy.post, r.vacancy.number))

    def freeze_begins(self, freeze: Freeze) -> None:
        """Work in flight is cancelled or suspended, if the freeze says so."""
        for requisition in self.in_order():
            if not self.replay.edges.covers(freeze, requisition.vacancy.post):
                continue
            if freeze.pending == "suspend" and requisition.working and requisition.thaw is None:
                self.interrupt(requisition, SUSPEND)
            if freeze.pending == "cancel" and requisition.begun:
                requisition.vacancy.accepted, requisition.begun = None, False
                if self.next_round(requisition):
                    self.take_away(requisition, CANCEL)
                else:
                    self.take_away(requisition, WITHDRAW)

    def freeze_ends(self) -> None:
        """What was suspended goes on, what waits begins, if no freeze is in the way; then promotions are decided."""
        edges = self.replay.edges
        for requisition in self.in_order():
            if requisition.thaw is None:
                continue
            free = not edges.freezing(requisition.vacancy.post)
            if free if requisition.working else not self.blocked(requisition):
                requisition.thaw.succeed()
        for vacancy in self.replay.vacancies.all:
            if vacancy.ended is None and vacancy.waits is not None and not edges.stops_promotion(vacancy.post):
                vacancy.waits.succeed()
