"""The state of any day is the stretches that cover it."""

from itertools import pairwise
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orgsim.columns.replay import timeline
from orgsim.columns.replay.spells import Spells
from orgsim.metrics.spells import FOREVER

LOW, HIGH, DAYS = 3, 9, 40
EDGES = st.lists(st.integers(1, DAYS) | st.just(FOREVER), unique=True, max_size=8).map(sorted)


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Subject, start, end, value: of one subject no two overlap, and some begin as the one before ends."""
    return [
        (subject, start, end, draw(st.integers(0, 3)))
        for subject in range(LOW - 2, HIGH + 2)
        for start, end in pairwise(draw(EDGES))
        if draw(st.booleans())
    ]


@given(stretches(), st.sampled_from([1, 4, 100]))
def test_every_day(made: list[tuple[int, int, int, int]], share: int) -> None:
    """However often a state is kept, and from whichever side it is reached, it is that of the day."""
    columns = np.array([(*one, 0) for one in made], np.int32).reshape(-1, 5).T
    with patch.object(timeline, "SHARE", share):
        found = timeline.timeline(Spells(*columns), LOW, HIGH)
    for day in (*range(DAYS + 2), FOREVER - 1):
        wanted = [-1] * (HIGH - LOW)
        for subject, start, end, value in made:
            if LOW <= subject < HIGH and start <= day < end:
                wanted[subject - LOW] = value
        assert found.state(day).tolist() == wanted, day


def test_states_are_kept_and_changes_undone() -> None:
    """States are kept where a day begins; the days between are reached from the nearest one, before or after."""
    subject = np.repeat(np.arange(10, dtype=np.int32), 30)
    start = np.tile(np.arange(1, 31, dtype=np.int32), 10)
    with patch.object(timeline, "SHARE", 1):  # so one is kept after 40 changes, which is every fourth day
        found = timeline.timeline(Spells(subject, start, start + 1, (subject + 1) * start, start), 0, 10)
    assert found.at.tolist() == list(range(0, 300, 40))
    assert all(found.state(day).tolist() == [number * day for number in range(1, 11)] for day in range(1, 31))
    found.before[:] = -5
    assert [day for day in range(1, 31) if -5 in found.state(day).tolist()] == list(range(3, 28, 4))
    found.value[:] = -7
    done = [day for day in range(1, 31) if -7 in found.state(day).tolist()]
    assert done == [day for day in range(1, 31) if day % 4 in (1, 2)]


@given(stretches())
def test_whether(made: list[tuple[int, int, int, int]]) -> None:
    """A yes or no changes only where the one becomes the other, however many stretches follow each other."""
    columns = np.array([(*one, 0) for one in made], np.int32).reshape(-1, 5).T
    subject, start, end, _, row = columns
    spells = Spells(subject, start, end, np.ones(len(made), np.bool_), row)
    found = timeline.timeline(spells, LOW, HIGH, nothing=False)
    days = range(DAYS + 2)
    states = [found.state(day).tolist() for day in days]
    inside = [one for one in made if LOW <= one[0] < HIGH]
    for day, state in zip(days, states, strict=True):
        covered = {subject - LOW for subject, start, end, _ in inside if start <= day < end}
        assert state == [number in covered for number in range(HIGH - LOW)]
    changes = sum(a != b for one, other in pairwise(states) for a, b in zip(one, other, strict=True))
    assert len(found.value) == changes
