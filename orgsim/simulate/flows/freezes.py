"""Hiring freezes: what may not begin while one is in force, and what becomes of what is in flight."""

from orgsim.scenario.model import Freeze
from orgsim.simulate.flows.hiring import HiringFlow, Requisition
from orgsim.simulate.flows.succession import WIDTH, Succession
from orgsim.simulate.kernel import APPROVAL, EDGE, STAGE
from orgsim.simulate.run import Run
from orgsim.simulate.state import PostState

ENDS, BEGINS = 0, 1
"""The ranks among the edges of an instant."""


class Freezes:
    """The freezes of a scenario, on the flows of hiring and succession."""

    def __init__(self, run: Run, hiring: HiringFlow, succession: Succession) -> None:
        """Put their edges on the calendar."""
        self.run = run
        self.hiring = hiring
        self.succession = succession
        self.freezes = hiring.hiring.freezes
        if any(not freeze.promotions for freeze in self.freezes):
            succession.held_back = self._holds_back

    def open(self) -> None:
        """Put the edges on the calendar."""
        for freeze in self.freezes:
            if freeze.end <= 0.0:
                continue  # over before the first day
            self.run.calendar.after(max(0.0, freeze.start), EDGE, BEGINS, self._begin, freeze)
            self.run.calendar.after(max(0.0, freeze.end), EDGE, ENDS, self._end, freeze)

    def _holds_back(self, post: PostState) -> bool:
        return any(not freeze.promotions for freeze in self.hiring.covers(post))

    def _in_order(self) -> list[Requisition]:
        return sorted(self.hiring.open.values(), key=lambda r: (r.vacancy.post.rank, r.vacancy.number))

    def _begin(self, freeze: Freeze) -> None:
        self.hiring.covering.append(freeze)
        if freeze.pending not in ("cancel", "suspend"):
            return
        for requisition in self._in_order():
            if freeze in self.hiring.covers(requisition.vacancy.post):
                if freeze.pending == "suspend":
                    self._suspend(requisition)
                elif requisition.begun:
                    self._cancel(requisition)

    def _suspend(self, requisition: Requisition) -> None:
        alarm = requisition.alarm
        if alarm.action is not None:
            requisition.left = alarm.due - self.run.now
            self.run.calendar.cancel(alarm)

    def _cancel(self, requisition: Requisition) -> None:
        self.run.calendar.cancel(requisition.alarm)
        requisition.begun, requisition.queued = False, False
        requisition.left, requisition.waits = None, 0
        requisition.vacancy.accepted = None
        requisition.round += 1
        if requisition.round < WIDTH:
            self.hiring.release(requisition)
        else:
            self.hiring.give_up(requisition)

    def _end(self, freeze: Freeze) -> None:
        hiring, run = self.hiring, self.run
        hiring.covering.remove(freeze)
        for requisition in self._in_order():
            if hiring.open.get(requisition.vacancy) is not requisition:
                continue
            if requisition.left is not None and not hiring.covers(requisition.vacancy.post):
                days, requisition.left = requisition.left, None
                kind, action = (STAGE, hiring.done) if requisition.approved else (APPROVAL, hiring.approve)
                rank = requisition.vacancy.post.rank
                requisition.alarm = run.calendar.after(days, kind, rank, action, requisition)
            elif requisition.waits is not None and hiring.may_begin(requisition):
                hiring.begin(requisition, requisition.waits)
        still = sorted(self.succession.waiting, key=lambda vacancy: (vacancy.post.rank, vacancy.number))
        self.succession.waiting = [vacancy for vacancy in still if self._holds_back(vacancy.post)]
        for vacancy in still:
            if not self._holds_back(vacancy.post):
                self.succession.later(vacancy)
