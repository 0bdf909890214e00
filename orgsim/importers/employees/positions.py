"""Positions that several people held: one after the other, at the same time, or so many that it is a kind of job."""

from bisect import bisect_right

from orgsim.importers.cells import some_day
from orgsim.importers.employees.people import State
from orgsim.importers.report import ImportReport

MOST_SEATS = 4
"""With more holders at a time, an id is that of a kind of job, not of a post."""


def one_after_the_other(position: str, states: list[State], report: ImportReport) -> bool:
    """Settle who held a position when; False if it is none."""
    if len(states) == 1:
        return True
    _after_predecessors(states, report)
    states.sort(key=lambda s: (s.start, *s.record.order))
    most = _most_at_a_time(states)
    place = states[-1].record.at("position")
    if most > MOST_SEATS:
        message = (
            f"{position!r} is held by {most:,} people at a time: taken for a kind of job; each has a post of their own"
        )
        report.flagged(place, message)
        return False
    if most > 1:
        message = f"the position {position!r} is held by {most} people at a time; it gets {most} seats"
        report.flagged(place, message)
    _described_alike(position, states, report)
    return True


def _after_predecessors(states: list[State], report: ImportReport) -> None:
    """Of a table without history: who has the position alone had it at most since the last one left."""
    starts = sorted(state.start for state in states)
    by_end = sorted(states, key=lambda s: (s.end, s.record.row))
    ends = [state.end for state in by_end]
    for state in states:
        gone = bisect_right(ends, state.seen)
        if state.dated or gone == 0 or bisect_right(starts, state.seen) - gone != 1:
            continue
        before = by_end[gone - 1]
        if state.start < before.end and before.record.id != state.record.id:
            message = (
                f"row {before.record.row} held the position until {before.end}; taken to have it since then at the "
                f"earliest, not since {state.start}"
            )
            report.guessed(state.record.place, message)
            state.start = before.end
            state.began = some_day(before.end, max(before.end, state.seen))


def _most_at_a_time(states: list[State]) -> int:
    changes = sorted([(state.start, 1) for state in states] + [(state.end, -1) for state in states])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


def _described_alike(position: str, states: list[State], report: ImportReport) -> None:
    """Say where two holders at a time are told with different titles or units."""
    last = states[0]
    for state in states[1:]:
        here, there = (state.record.title, state.record.units), (last.record.title, last.record.units)
        if state.start < last.end and here != there:
            message = f"the position {position!r} has another title or unit in row {last.record.row} at the same time"
            report.flagged(state.record.place, f"{message}; from {state.start} on as here")
            return
        if state.end >= last.end:
            last = state
