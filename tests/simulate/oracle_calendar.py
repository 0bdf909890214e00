"""The oracle's calendar: SimPy's, with the order at one instant that the contract asks for.

SimPy breaks ties by a number; here what happens has a `Turn` instead, which comes after all of SimPy's own business of
that instant (starting processes, interrupting them), and among turns by rank, then by what the contract says.
"""

import heapq
from collections.abc import Generator
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]

EDGE, CONTAGION, SHOCK, EXIT, STAGE, LIMIT, PROMOTION, ACTING, APPROVAL = range(9)
FREEZE_ENDS, FREEZE_BEGINS, HELP_ENDS, HELP_BEGINS, PLANNED, REORGANIZED, GROWN = range(7)


class Turn(tuple[Any, ...]):
    """A rank, and what orders things of that rank; later than any of SimPy's own priorities."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        """By rank; never before SimPy's numbers."""
        return isinstance(other, tuple) and tuple(self) < other

    def __gt__(self, other: object) -> bool:
        """By rank; always after SimPy's numbers."""
        return not isinstance(other, tuple) or tuple(self) > other


class Calendar(simpy.Environment):
    """An environment whose events may be due at an instant, in a turn."""

    def __init__(self) -> None:
        super().__init__(0.0)

    def at(self, when: float, *turn: Any) -> simpy.Event:
        """An event at an instant; given as such, for now + (when - now) may be another number."""
        event = simpy.Event(self)
        event._ok, event._value = True, None
        assert when >= self.now, (when, self.now)
        item: Any = (when, Turn(turn), next(self._eid), event)
        heapq.heappush(self._queue, item)
        return event

    @property
    def settled(self) -> bool:
        """Whether all that SimPy has to do itself at this instant is done."""
        if not self._queue:
            return True
        when, turn, _, _ = self._queue[0]
        return when > self.now or isinstance(turn, Turn)
