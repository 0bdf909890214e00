"""Exits make others leave: an exit multiplies the hazard of reports, peers or the manager for a time."""

from orgsim.scenario.model import Contagion as Entry
from orgsim.simulate.kernel import CONTAGION_BEGINS, CONTAGION_ENDS
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState

Hit = tuple[int, list[PersonState]]


class Contagion:
    """Which effects are on whom."""

    def __init__(self, run: Run) -> None:
        """Watch who leaves."""
        self.run = run
        self.entries = run.scenario.contagion
        if self.entries:
            run.leaving.append(self.spread)
            run.factors.append(self.multiply)
            run.only[self.multiply] = frozenset(entry.cause for entry in self.entries)

    def spread(self, person: PersonState, reason: str) -> None:
        """Find whom an exit hits, before it changes anything."""
        for index, entry in enumerate(self.entries):
            if self.run.matches(entry.of, person) and (not entry.exits or reason in entry.exits):
                people = self._targets(entry, person)
                if people:
                    self.run.calendar.after(entry.after, CONTAGION_BEGINS, index, self._begin, (index, people))

    def _targets(self, entry: Entry, person: PersonState) -> list[PersonState]:
        node = person.node
        if node is None:
            return []
        if entry.hits == "manager":
            return self._first(node.boss) if node.boss is not None else []
        around = node if entry.hits == "reports" else node.boss
        below = around.reports if around is not None else ()
        found = [who for post in below for who in (*post.holders, *post.actors) if who.node is post]
        return sorted((who for who in found if who is not person), key=lambda who: who.id)

    def _first(self, boss: PostState) -> list[PersonState]:
        """The first who holds a post, if that is somebody employed by the organization."""
        if boss.home:
            return boss.holders[:1]
        people = self.run.people
        return [people[id_] for id_ in self.run.held_elsewhere(boss)[:1] if id_ in people]

    def _begin(self, hit: Hit) -> None:
        index, people = hit
        people = [person for person in people if person.employed]
        self._change(people, index, +1)
        self.run.calendar.after(self.entries[index].lasting, CONTAGION_ENDS, index, self._end, (index, people))

    def _end(self, hit: Hit) -> None:
        index, people = hit
        self._change([person for person in people if person.employed], index, -1)

    def _change(self, people: list[PersonState], index: int, by: int) -> None:
        for person in people:
            if person.effects is None:
                person.effects = {}
            person.effects[index] = person.effects.get(index, 0) + by
        self.run.notice(people)

    def multiply(self, person: PersonState, reason: str, factor: float) -> float:
        """The factor with the effects on a person."""
        if person.effects:
            for index, entry in enumerate(self.entries):
                count = person.effects.get(index, 0)
                if count and entry.cause == reason:
                    factor *= strength(entry, count)
        return factor


def strength(entry: Entry, count: int) -> float:
    """The factor of so many effects of one entry at once."""
    if entry.combine == "max":
        return entry.times
    power: float = entry.times**count
    if entry.at_most is None:
        return power
    return min(power, entry.at_most) if entry.times >= 1.0 else max(power, entry.at_most)
