"""Posts are filled from outside: the stages, recruiters and freezes of the flows, on standing ground.

A requisition is its vacancy, which is put on the calendar again for each stage.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import Any

from orgsim.scenario.model import Freeze, Hiring, Intervention, Stage
from orgsim.simulate.flows.freezes import BEGINS, ENDS
from orgsim.simulate.flows.succession import WIDTH
from orgsim.simulate.kernel import APPROVAL, EDGE, PRIORITY, STAGE
from orgsim.simulate.luck import Columns
from orgsim.simulate.standing.leaving import Leaving
from orgsim.simulate.standing.organization import Organization, Person, Vacancy
from orgsim.simulate.standing.succeeding import Succeeding
from orgsim.simulate.standing.tables import covered

Terms = tuple[Callable[[float], float], dict[int, Any], str, float | None, dict[int, Any], str]
"""Of a stage: how long it takes, the luck of that by ordinal, its purpose; and the same of whether it succeeds."""
_STAGE, _APPROVAL = 1 + STAGE * PRIORITY, 1 + APPROVAL * PRIORITY


class Pool:
    """Recruiters, how many of them are free, and who waits for one, with the round and the stage to begin."""

    __slots__ = ("free", "queue")

    def __init__(self, count: int) -> None:
        """Everybody is free."""
        self.free = count
        self.queue: list[tuple[Any, int, int, int, int, Vacancy]] = []


class Filling:
    """All requisitions."""

    def __init__(self, organization: Organization, hiring: Hiring, leaving: Leaving) -> None:
        """Nobody is being hired yet."""
        self.org, self.leaving, self.hiring = organization, leaving, hiring
        self.calendar, self.columns = organization.calendar, organization.columns
        self.horizon, self.tables = organization.world.horizon, organization.tables
        self.pools = [Pool(recruiters.count) for recruiters in hiring.recruiters]
        self.pool = [None if number is None else self.pools[number] for number in self.tables.pool]
        self.covering: list[Freeze] = []
        self.covered = {id(freeze): covered(self.tables, freeze.excepted) for freeze in hiring.freezes}
        self.speeds: Any = None  # of interventions: (rank, stage) -> factor
        self.stages = stages = hiring.stages
        names = {stage.id: index for index, stage in enumerate(stages)}
        self.back = [names[stage.otherwise] if stage.otherwise else index for index, stage in enumerate(stages)]
        self.offer = max((n for n, stage in enumerate(stages) if stage.accept is not None), default=-1)
        self.last = len(stages) - 1
        self.recruits = [stage.recruiter and bool(self.pools) for stage in stages]
        self._terms = [_terms(stage, self.columns) for stage in stages]
        self.edges = sorted({self.horizon, *_edges(hiring, organization.world.scenario.interventions)})
        self.quiet = 0.0  # until when nothing begins or ends that could make a difference to a stage
        self._draw = self.columns.post
        self._heap, self._numbers = organization.calendar.open
        self._done, self._approved = (self.done,), (self.approve,)

    def require(self, vacancy: Vacancy) -> None:
        """Open a requisition, if such posts are filled from outside."""
        rank = vacancy.rank
        if not self.tables.hires[rank]:
            return
        now = vacancy.requisition = self.calendar.now
        law = self.hiring.approve_in
        days = 0.0 if law is None else law.quantile(self._draw(rank, "approve", vacancy.number))
        if days == 0.0 and self.org.is_next():
            self.begin(vacancy, 0)
        else:
            self._put(vacancy, now + days, _APPROVAL, self._approved)

    def _put(self, vacancy: Vacancy, due: float, kind: int, callbacks: Any) -> None:
        vacancy.due = None
        if due < self.horizon:
            vacancy.due, vacancy.callbacks = due, callbacks
            heappush(self._heap, (due, kind + vacancy.rank, next(self._numbers), vacancy))

    def approve(self, vacancy: Vacancy) -> None:
        """A requisition is approved, and begins."""
        vacancy.due = None
        self.begin(vacancy, 0)

    def resume(self, vacancy: Vacancy, days: float) -> None:
        """Go on with what was suspended, for so many days."""
        kind = _APPROVAL if vacancy.callbacks is self._approved else _STAGE
        self._put(vacancy, self.calendar.now + days, kind, vacancy.callbacks)

    def is_open(self, vacancy: Vacancy) -> bool:
        """Whether there is a requisition that nobody has given up or filled."""
        return vacancy.requisition is not None and vacancy.ended is None and vacancy.round < WIDTH

    # ---------------------------------------------------------------------------------------------------------- stages

    def may_begin(self, vacancy: Vacancy) -> bool:
        """Whether no freeze keeps a requisition from its next stage."""
        return all(freeze.pending == "continue" and vacancy.stage >= 0 for freeze in self.covers(vacancy.rank))

    def covers(self, rank: int) -> list[Freeze]:
        """The freezes in force that cover a post."""
        return [freeze for freeze in self.covering if self.covered[id(freeze)][rank]]

    def begin(self, vacancy: Vacancy, index: int) -> None:
        """Begin a stage, or wait for a freeze to end, or for a recruiter of the first pool that matches the post."""
        if self.covering and not self.may_begin(vacancy):
            vacancy.waits = index
        elif self.recruits[index] and not vacancy.held and self.pool[vacancy.rank] is not None:
            self._queue(vacancy, index)
        else:
            self._start(vacancy, index)

    def _queue(self, vacancy: Vacancy, index: int) -> None:
        rank, tables = vacancy.rank, self.tables
        pool: Any = self.pool[rank]
        if pool.free > 0 and not pool.queue:  # first in the queue, and served at once
            pool.free -= 1
            vacancy.held = True
            self._start(vacancy, index)
            return
        age: Any = (vacancy.requisition,) if tables.by_age else ()
        order = tables.before[rank] + age + tables.after[rank]
        heappush(pool.queue, (order, rank, vacancy.number, vacancy.round, index, vacancy))
        if pool.free > 0:
            self._serve(pool)

    def _serve(self, pool: Pool) -> None:
        """Give free recruiters to whoever is first in the queue."""
        queue = pool.queue
        while queue and pool.free > 0:
            _, _, _, round_, index, vacancy = heappop(queue)
            if vacancy.round != round_:
                continue  # cancelled meanwhile
            if self.covering and not self.may_begin(vacancy):
                vacancy.waits = index
                continue
            pool.free -= 1
            vacancy.held = True
            self._start(vacancy, index)

    def _start(self, vacancy: Vacancy, index: int) -> None:
        """Begin a stage, and go through those that follow for as long as nobody could notice."""
        rank, due, first = vacancy.rank, self.calendar.now, WIDTH * vacancy.number
        held, refused = self.recruits[index], None
        frees = vacancy.held and not held
        quiet = self.quiet if self.quiet >= due else self._edge(due)
        while True:
            quantile, columns, purpose, accept, chances, chance = self._terms[index]
            ordinal = first + vacancy.round
            days = quantile(columns[ordinal][rank] if ordinal in columns else self._draw(rank, purpose, ordinal))
            due += days if self.speeds is None else days * self.speeds(rank, self.stages[index].id)
            if due >= quiet:
                break
            if accept is None:
                after = index + 1
            else:
                refused = (
                    chances[ordinal][rank] if ordinal in chances else self._draw(rank, chance, ordinal)
                ) >= accept
                after = self.back[index] if refused else index + 1
            if after > self.last or held != self.recruits[after]:
                break
            if refused:
                if vacancy.round + 1 == WIDTH:
                    break
                vacancy.round += 1
            elif index == self.offer:
                vacancy.accepted = due
            index, refused = after, None
        vacancy.stage, vacancy.refused = index, refused
        if due < self.horizon:
            vacancy.due, vacancy.callbacks = due, self._done
            heappush(self._heap, (due, _STAGE + rank, next(self._numbers), vacancy))
        else:
            vacancy.due = None
        if frees:
            self.release(vacancy)

    def _edge(self, now: float) -> float:
        """The next time at which a freeze or an intervention begins or ends; while something is frozen, it is now."""
        if not self.covering:
            self.quiet = next(edge for edge in self.edges if edge >= now)
        return max(now, self.quiet)

    def done(self, vacancy: Vacancy) -> None:
        """A stage is over: go on, go back, or hire."""
        index, refused = vacancy.stage, vacancy.refused
        vacancy.due = None
        if refused is None:
            _, _, _, accept, _, chance = self._terms[index]
            ordinal = WIDTH * vacancy.number + vacancy.round
            refused = accept is not None and self._draw(vacancy.rank, chance, ordinal) >= accept
        if refused:
            vacancy.round += 1
            if vacancy.round == WIDTH:
                self.release(vacancy)  # nobody is looked for any more
            else:
                self.begin(vacancy, self.back[index])
            return
        if index == self.offer:
            vacancy.accepted = self.calendar.now
        if index == self.last:
            self._hire(vacancy)
        else:
            self.begin(vacancy, index + 1)

    def release(self, vacancy: Vacancy) -> None:
        """Give a recruiter back."""
        if vacancy.held:
            vacancy.held = False
            pool: Any = self.pool[vacancy.rank]
            pool.free += 1
            if pool.queue:
                self._serve(pool)

    def _hire(self, vacancy: Vacancy) -> None:
        org, rank, now, number, birth = self.org, vacancy.rank, self.calendar.now, vacancy.number, None
        if self.offer < 0:
            vacancy.accepted = now
        if self.hiring.age is not None:
            birth = now - self.hiring.age.quantile(self.columns.hire((rank, number), "age"))
        id_ = org.world.hired(number)[rank]
        person = org.holder[rank] = org.people[id_] = Person(id_, rank, (rank, number), now, now, birth)
        org.end(vacancy, now, "hired", id_)
        org.staff.append((now, 1))
        rows = org.rows
        rows.append((now, "hire", id_, "", org.world.scenario.organization))
        if org.acts:
            org.release_actors(rank, now)
        rows.append((now, "appoint", id_, org.posts[rank], None))
        self.leaving.begin(person, now)
        if vacancy.held:
            self.release(vacancy)


def _terms(stage: Stage, columns: Columns) -> Terms:
    takes, accept = f"stage/{stage.id}", f"accept/{stage.id}"
    return stage.takes.quantile, columns.of_posts(takes), takes, stage.accept, columns.of_posts(accept), accept


def _edges(hiring: Hiring, interventions: tuple[Intervention, ...]) -> Iterator[float]:
    """When freezes, and interventions that make stages quicker, begin and end."""
    for freeze in hiring.freezes:
        yield from (freeze.start, freeze.end)
    for each in interventions:
        if each.stages:
            yield from (each.start, each.end)


class Freezing:
    """The freezes of a scenario, on filling and on decisions."""

    def __init__(self, filling: Filling, succeeding: Succeeding) -> None:
        """Nothing is frozen yet."""
        self.filling, self.org, self.succeeding = filling, filling.org, succeeding
        self.freezes = filling.hiring.freezes
        if any(not freeze.promotions for freeze in self.freezes):
            succeeding.holds_back = self.holds_back

    def open(self) -> None:
        """Put the edges on the calendar."""
        for freeze in self.freezes:
            if freeze.end <= 0.0:
                continue  # over before the first day
            self.org.calendar.after(max(0.0, freeze.start), EDGE, BEGINS, self._begin, freeze)
            self.org.calendar.after(max(0.0, freeze.end), EDGE, ENDS, self._end, freeze)

    def holds_back(self, vacancy: Vacancy) -> bool:
        """Whether a vacancy must wait for its decision."""
        return any(not freeze.promotions for freeze in self.filling.covers(vacancy.rank))

    def _in_order(self) -> list[Vacancy]:
        return sorted(filter(self.filling.is_open, self.org.vacancies), key=lambda v: (v.rank, v.number))

    def _begin(self, freeze: Freeze) -> None:
        self.filling.covering.append(freeze)
        if freeze.pending not in ("cancel", "suspend"):
            return
        covered = self.filling.covered[id(freeze)]
        here = [vacancy for vacancy in self._in_order() if covered[vacancy.rank]]
        due = [vacancy for vacancy in here if vacancy.due is not None]
        for vacancy in here:
            if freeze.pending == "suspend":
                self._suspend(vacancy)
            elif vacancy.stage >= 0:
                self._cancel(vacancy)
        self.org.calendar.drop({vacancy for vacancy in due if vacancy.due is None})

    def _suspend(self, vacancy: Vacancy) -> None:
        if vacancy.due is not None:
            vacancy.left, vacancy.due = vacancy.due - self.org.calendar.now, None

    def _cancel(self, vacancy: Vacancy) -> None:
        vacancy.due, vacancy.left, vacancy.accepted = None, None, None
        vacancy.stage, vacancy.waits = -1, 0
        vacancy.round += 1
        self.filling.release(vacancy)

    def _end(self, freeze: Freeze) -> None:
        filling = self.filling
        filling.covering.remove(freeze)
        for vacancy in self._in_order():
            if not self.filling.is_open(vacancy):
                continue
            if vacancy.left is not None and not filling.covers(vacancy.rank):
                days, vacancy.left = vacancy.left, None
                filling.resume(vacancy, days)
            elif vacancy.waits is not None and filling.may_begin(vacancy):
                index, vacancy.waits = vacancy.waits, None
                filling.begin(vacancy, index)
        succeeding = self.succeeding
        still = sorted(succeeding.waiting, key=lambda vacancy: (vacancy.rank, vacancy.number))
        succeeding.waiting = [vacancy for vacancy in still if self.holds_back(vacancy)]
        for vacancy in still:
            if not self.holds_back(vacancy):
                succeeding.later(vacancy)
