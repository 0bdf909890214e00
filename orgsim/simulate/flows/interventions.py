"""What is done for a time: programs that change hazards or make stages of hiring quicker."""

from orgsim.scenario.model import Intervention, Where
from orgsim.simulate.flows.hiring import HiringFlow
from orgsim.simulate.kernel import EDGE
from orgsim.simulate.matching import Facts
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState

ENDS, BEGINS = 2, 3
"""The ranks among the edges of an instant."""


class Interventions:
    """The interventions in force, in the order written, and how many people each reached when it began."""

    def __init__(self, run: Run, hiring: HiringFlow | None) -> None:
        """Hang them on attrition and hiring."""
        self.run = run
        self.all = run.scenario.interventions
        self.force: list[Intervention] = []
        self.hazards: dict[str, list[tuple[Where, float]]] = {}  # what is in force, by reason
        if any(each.hazards for each in self.all):
            run.factors.append(self.multiply)
            run.only[self.multiply] = frozenset(reason for each in self.all for reason in each.hazards)
        if hiring is not None and any(each.stages for each in self.all):
            hiring.speeds.append(self.speed)

    def open(self) -> None:
        """Put the edges on the calendar."""
        for each in self.all:
            if each.end <= 0.0:
                continue  # over before the first day
            self.run.calendar.after(max(0.0, each.start), EDGE, BEGINS, self._begin, each)
            self.run.calendar.after(max(0.0, each.end), EDGE, ENDS, self._end, each)

    def _begin(self, each: Intervention) -> None:
        self.force = [other for other in self.all if other in self.force or other is each]
        self._sort()
        group = self.run.group(each.where)
        self.run.reached[each.id] = len(group)
        if each.hazards:
            self._notice(group)

    def _end(self, each: Intervention) -> None:
        self.force.remove(each)
        self._sort()
        if each.hazards:
            self._notice(self.run.group(each.where))

    def _sort(self) -> None:
        self.hazards = {}
        for each in self.force:
            for reason, times in each.hazards.items():
                self.hazards.setdefault(reason, []).append((each.where, times))

    def _notice(self, group: list[PersonState]) -> None:
        self.run.notice(group)

    def multiply(self, person: PersonState, reason: str, factor: float) -> float:
        """The factor of a person's hazard with what is in force."""
        if reason in self.hazards:
            for where, times in self.hazards[reason]:
                if self.run.matches(where, person):
                    factor *= times
        return factor

    def speed(self, post: PostState, stage: str, factor: float) -> float:
        """The factor of a stage's duration with what is in force."""
        return self.speed_of(post.facts, stage, factor)

    def speed_of(self, facts: Facts, stage: str, factor: float) -> float:
        """The same for a post of these facts."""
        for each in self.force:
            times = each.stages.get(stage)
            if times is not None and facts.match(each.where):
                factor *= times
        return factor
