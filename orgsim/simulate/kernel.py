"""The calendar of a replication, on SimPy; nothing else in the package knows SimPy.

No process waits for each post: that costs five times as much.  Instead, a small event is put on the calendar with what
to do and for whom.  SimPy cannot take anything off its calendar, so what is cancelled stays there, is skipped when its
time comes, and is swept out when half of the calendar is such.
"""

import math
from collections.abc import Callable, Collection
from heapq import heapify, heappush
from typing import Any

import simpy

# What happens first at one instant.
EDGE, CONTAGION_ENDS, CONTAGION_BEGINS, SHOCK, EXIT, STAGE, ACTING_ENDS, DECISION, ACTING_BEGINS, APPROVAL = range(10)
PRIORITY = 1 << 32
_FEW = 256  # a calendar this short is not worth sweeping


class Alarm:
    """Something due at a time: SimPy's idea of an event, with nothing but what its loop touches.

    `action` is called with `subject`; no action means cancelled.
    """

    __slots__ = ("action", "callbacks", "due", "subject")
    _ok = True
    _value = None

    def __init__(self, action: Callable[[Any], None] | None, subject: Any, due: float) -> None:
        """Due at a time; `Calendar.after` puts it there."""
        self.callbacks: Any = _RING
        self.action = action
        self.subject = subject
        self.due = due


def _ring(alarm: Alarm) -> None:
    action = alarm.action
    if action is not None:
        subject = alarm.subject
        alarm.action = alarm.subject = None
        action(subject)


_RING = (_ring,)
NEVER = Alarm(None, None, math.inf)
"""What is due at or after the horizon; cancelling it does nothing."""


class Calendar:
    """Days from 0 to the horizon, and what is due on them."""

    def __init__(self, horizon: float) -> None:
        """An empty calendar; nothing happens at the horizon or after it."""
        self.horizon = horizon
        self.now = 0.0
        self._environment = simpy.Environment()
        # What `Environment.schedule` puts here is (due, priority, number, event); so does `after`, with one call less.
        self._queue: list[Any] = self._environment._queue  # noqa: SLF001
        self._number = self._environment._eid  # noqa: SLF001
        self._cancelled = 0

    @property
    def length(self) -> int:
        """How many alarms are on the calendar, the cancelled ones included."""
        return len(self._queue)

    def after(self, delay: float, kind: int, rank: int, action: Callable[[Any], None], subject: Any) -> Alarm:
        """Make something due in `delay` days; at one instant, by kind, then rank, then as they became due.

        Raises ValueError for a delay that is negative or not a number: SimPy would take the second, and misorder.
        """
        if not delay >= 0.0:
            raise ValueError(f"a delay of {delay} days")
        due = self.now + delay
        if due >= self.horizon:
            return NEVER
        alarm = Alarm(action, subject, due)
        heappush(self._queue, (due, 1 + kind * PRIORITY + rank, next(self._number), alarm))
        return alarm

    @property
    def open(self) -> tuple[list[Any], Any]:
        """For events of the caller's own: the heap of (time, priority, number, event), and the numbers to come.

        The events have callbacks as SimPy's have; the priority is 1 + kind * PRIORITY + rank.  Nothing may be put there
        that is due at the horizon or after it.
        """
        return self._queue, self._number

    def drop(self, events: Collection[Any]) -> None:
        """Take events of the caller's own off the calendar."""
        queue = self._queue
        for place, (due, priority, number, event) in enumerate(queue):
            if event in events:
                queue[place] = (due, priority, number, Alarm(None, None, due))

    def cancel(self, alarm: Alarm) -> None:
        """Take something off the calendar, if it is still there."""
        if alarm.action is None:
            return
        alarm.action = alarm.subject = None
        self._cancelled += 1
        if self._cancelled > _FEW and 2 * self._cancelled > self.length:
            self._sweep()

    def _sweep(self) -> None:
        queue = self._queue  # SimPy offers no way to remove events
        queue[:] = [entry for entry in queue if getattr(entry[3], "action", entry) is not None]
        heapify(queue)
        self._cancelled = 0

    def run(self, changed: Collection[Any], settle: Callable[[], None]) -> None:
        """Let everything happen that is due before the horizon; after each thing that changed something, settle it."""
        step, queue = self._environment.step, self._queue  # nothing in it is due at the horizon or later
        while queue:
            self.now = queue[0][0]
            step()
            if changed:
                settle()
