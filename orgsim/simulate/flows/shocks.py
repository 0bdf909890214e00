"""Exits that happen whatever the clocks say: of a post's holders, a person, or a share of a group."""

from typing import Any

from orgsim.scenario.model import EVERYWHERE, Shock
from orgsim.simulate.kernel import EXIT, SHOCK

Notice = tuple[Shock, list[Any]]
"""A shock, and the people who leave."""


class Shocks:
    """What may strike."""

    def __init__(self, run: Any) -> None:
        """Decide by luck what happens, and when, to a `Run` or to an organization whose structure stands still."""
        self.run = run
        self.ranks = {shock.id: rank for rank, shock in enumerate(run.scenario.shocks)}

    def open(self) -> None:
        """Put on the calendar what will strike."""
        luck = self.run.luck
        for shock in self.run.scenario.shocks:
            entity = f"shock/{shock.id}"
            if luck.uniform(entity, "happens", 0) < shock.probability:
                day = shock.day
                if isinstance(day, tuple):
                    day = day[0] + luck.uniform(entity, "day", 0) * (day[1] + 1 - day[0])
                self.run.calendar.after(day, SHOCK, self.ranks[shock.id], self._strike, shock)

    def _strike(self, shock: Shock) -> None:
        people = self._people(shock)
        if not people and shock.group is None:
            self.run.missed += 1
        if people:
            self.run.calendar.after(shock.notice, EXIT, 0, self._leave, (shock, people))

    def _people(self, shock: Shock) -> list[Any]:
        run = self.run
        if shock.person is not None:
            person = run.people.get(shock.person)
            return [person] if person is not None else []
        if shock.post is not None:
            return list(run.holding(shock.post))
        where = shock.group or EVERYWHERE
        group: list[Any] = sorted(run.group(where), key=lambda person: person.id)
        if shock.share >= 1.0:
            return group
        purpose = f"shock/{shock.id}"
        return [person for person in group if run.luck_of(person, purpose) < shock.share]

    def _leave(self, notice: Notice) -> None:
        shock, people = notice
        for person in people:
            if person.employed:
                self.run.depart(person, shock.reason, shock.to)
            else:
                self.run.missed += 1
