"""Posts are filled from outside: requisitions go through stages, some of which hold one of few recruiters.

The queues of recruiters are heaps of our own: SimPy's resources cost as much as the queue is long, and a hiring freeze
makes long queues.
"""

from heapq import heappop, heappush
from typing import Any

from orgsim.laws import DurationLaw, Equilibrium
from orgsim.scenario.model import Freeze, Hiring, Recruiters, Stage
from orgsim.simulate.flows.succession import WIDTH
from orgsim.simulate.kernel import APPROVAL, NEVER, STAGE, Alarm
from orgsim.simulate.matching import Facts
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState, Vacancy


class Pool:
    """Recruiters, how many of them are free, and who waits for one."""

    __slots__ = ("free", "queue", "recruiters")

    def __init__(self, recruiters: Recruiters) -> None:
        """Everybody is free."""
        self.recruiters = recruiters
        self.free = recruiters.count
        self.queue: list[tuple[Any, int, int, Requisition]] = []


class Requisition:
    """A vacancy being filled from outside; `waits` is the stage it may not begin yet, `left` what is suspended."""

    __slots__ = (
        "alarm", "approved", "begun", "held", "left", "opened", "pool", "queued", "round", "stage", "vacancy", "waits",
    )  # fmt: skip

    def __init__(self, vacancy: Vacancy, opened: float) -> None:
        """Just opened."""
        self.vacancy = vacancy
        self.opened = opened
        self.pool: Pool | None = None  # whose recruiter it has, or waits for
        self.held = False  # a recruiter
        self.queued = False
        self.stage = -1
        self.round = 0
        self.approved = False
        self.begun = False
        self.waits: int | None = None
        self.left: float | None = None
        self.alarm: Alarm = NEVER


class HiringFlow:
    """All requisitions."""

    def __init__(self, run: Run, hiring: Hiring) -> None:
        """Nobody is being hired yet."""
        self.run = run
        self.hiring = hiring
        self.stages = hiring.stages
        self.pools = [Pool(recruiters) for recruiters in hiring.recruiters]
        self.open: dict[Vacancy, Requisition] = {}
        self.covering: list[Freeze] = []  # in force, by the flow of freezes
        self.speeds: list[Any] = []  # of interventions: (post, stage, factor) -> factor
        self.stationary: dict[str, Equilibrium] = {}  # posts vacant at the start in equilibrium
        names = {stage.id: index for index, stage in enumerate(self.stages)}
        self.back = [names[stage.otherwise] if stage.otherwise else index for index, stage in enumerate(self.stages)]
        self.purposes = [(f"stage/{stage.id}", f"accept/{stage.id}") for stage in self.stages]
        self.offer = max((n for n, stage in enumerate(self.stages) if stage.accept is not None), default=None)
        self._draw = run.columns.post
        self._after = run.calendar.after
        self._levels = {level: rank for rank, level in enumerate(run.scenario.levels)}
        run.ended.append(self._withdraw)

    def require(self, vacancy: Vacancy) -> None:
        """Open a requisition, if such posts are filled from outside."""
        post, hiring = vacancy.post, self.hiring
        if not post.facts.match(hiring.where):
            return
        now = vacancy.requisition = self.run.calendar.now
        requisition = self.open[vacancy] = Requisition(vacancy, now)
        law = hiring.approve_in
        days = 0.0 if law is None else law.quantile(self._draw(post.rank, "approve", vacancy.number))
        requisition.alarm = self._after(days, APPROVAL, post.rank, self.approve, requisition)

    def approve(self, requisition: Requisition) -> None:
        """A requisition is approved, and begins."""
        requisition.approved = True
        self.begin(requisition, 0)

    # ---------------------------------------------------------------------------------------------------------- stages

    def may_begin(self, requisition: Requisition) -> bool:
        """Whether no freeze keeps a requisition from its next stage."""
        return not self.covering or all(
            freeze.pending == "continue" and requisition.begun for freeze in self.covers(requisition.vacancy.post)
        )

    def covers(self, post: PostState) -> list[Freeze]:
        """The freezes in force that cover a post."""
        return [f for f in self.covering if f.excepted is None or not post.facts.match(f.excepted)]

    def begin(self, requisition: Requisition, index: int) -> None:
        """Begin a stage, or wait for a freeze to end, or for a recruiter."""
        requisition.waits = None
        if self.covering and not self.may_begin(requisition):
            requisition.waits = index
        elif self.stages[index].recruiter and not requisition.held and self.pools:
            self._queue(requisition, index)
        else:
            self._start(requisition, index)

    def _queue(self, requisition: Requisition, index: int) -> None:
        """Wait for a recruiter of the first pool that matches the post as it is now; without a pool, nobody waits."""
        vacancy = requisition.vacancy
        number = self._terms(vacancy.post.facts)[0]
        if number is None:
            self._start(requisition, index)
            return
        pool = requisition.pool = self.pools[number]
        requisition.stage, requisition.queued = index, True
        heappush(pool.queue, (self._order(requisition), vacancy.post.rank, vacancy.number, requisition))
        self.serve(pool)

    def _terms(self, facts: Facts) -> tuple[int | None, list[float | None]]:
        """The number of the pool for a post, and its place in a queue: by each part of `order`, None for the age."""
        found: tuple[int | None, list[float | None]] | None = facts.kept.get(id(self.hiring))
        if found is None:
            pools = (number for number, pool in enumerate(self.pools) if facts.match(pool.recruiters.where))
            place: dict[str, float | None] = {
                "critical": float(not facts.critical),
                "level": float(self._levels.get(facts.level or "", len(self._levels))),
                "age": None,
            }
            found = facts.kept[id(self.hiring)] = (next(pools, None), [place[what] for what in self.hiring.order])
        return found

    def _order(self, requisition: Requisition) -> tuple[float, ...]:
        opened, place = requisition.opened, self._terms(requisition.vacancy.post.facts)[1]
        return tuple([opened if part is None else part for part in place])

    def serve(self, pool: Pool) -> None:
        """Give free recruiters to whoever is first in the queue."""
        while pool.free > 0 and pool.queue:
            requisition = heappop(pool.queue)[3]
            if not requisition.queued:
                continue  # withdrawn or cancelled meanwhile
            requisition.queued = False
            if not self.may_begin(requisition):
                requisition.waits = requisition.stage
                continue
            pool.free -= 1
            requisition.held = True
            self._start(requisition, requisition.stage)

    def _start(self, requisition: Requisition, index: int) -> None:
        vacancy, stage = requisition.vacancy, self.stages[index]
        rank = vacancy.post.rank
        requisition.stage, requisition.begun = index, True
        ordinal = WIDTH * vacancy.number + requisition.round
        began_before = (
            self.stationary.get(vacancy.post.id) if vacancy.cause == "start" and not requisition.round else None
        )
        law: DurationLaw | Equilibrium = began_before or stage.takes
        days = law.quantile(self._draw(rank, self.purposes[index][0], ordinal))
        if self.speeds and began_before is None:
            days *= self._speed(vacancy.post, stage)
        requisition.alarm = self._after(days, STAGE, rank, self.done, requisition)
        if requisition.held and not stage.recruiter:
            self.release(requisition)

    def _speed(self, post: PostState, stage: Stage) -> float:
        factor = 1.0
        for speed in self.speeds:
            factor = speed(post, stage.id, factor)
        return factor

    def done(self, requisition: Requisition) -> None:
        """A stage is over: go on, go back, or hire."""
        vacancy, index = requisition.vacancy, requisition.stage
        accept = self.stages[index].accept
        if accept is not None:
            ordinal = WIDTH * vacancy.number + requisition.round
            if self._draw(vacancy.post.rank, self.purposes[index][1], ordinal) >= accept:
                requisition.round += 1
                if requisition.round >= WIDTH:
                    self.give_up(requisition)
                    return
                self._go(requisition, self.back[index])
                return
            if index == self.offer:
                vacancy.accepted = self.run.calendar.now
        if index + 1 < len(self.stages):
            self._go(requisition, index + 1)
        else:
            self._hire(requisition)

    def _go(self, requisition: Requisition, index: int) -> None:
        if requisition.held and not self.covering:
            self._start(requisition, index)
        else:
            self.begin(requisition, index)

    def release(self, requisition: Requisition) -> None:
        """Give a recruiter back."""
        if requisition.held and requisition.pool is not None:
            requisition.held = False
            requisition.pool.free += 1
            self.serve(requisition.pool)

    def _hire(self, requisition: Requisition) -> None:
        run, vacancy = self.run, requisition.vacancy
        post, now = vacancy.post, run.calendar.now
        del self.open[vacancy]
        if self.offer is None:
            vacancy.accepted = now
        person = PersonState(f"hire/{post.id}/{vacancy.number}", now)
        person.number = (post.rank, vacancy.number)
        if self.hiring.age is not None:
            person.birth = now - self.hiring.age.quantile(run.columns.hire((post.rank, vacancy.number), "age"))
        run.fill(person, vacancy)
        self.release(requisition)

    def give_up(self, requisition: Requisition) -> None:
        """After too many rounds, nobody is looked for any more."""
        del self.open[requisition.vacancy]
        self.release(requisition)

    def _withdraw(self, vacancy: Vacancy) -> None:
        """A vacancy ended otherwise."""
        requisition = self.open.pop(vacancy, None)
        if requisition is not None:
            requisition.queued = False
            self.run.calendar.cancel(requisition.alarm)
            self.release(requisition)
