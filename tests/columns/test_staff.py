"""Counts of units over time, beside counts made one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orgsim.columns.days.staff import changes, rolled_up
from orgsim.metrics.spells import FOREVER

STRETCH = st.tuples(st.integers(0, 4), st.integers(0, 30), st.integers(0, 30) | st.just(FOREVER))


@given(st.lists(STRETCH), st.lists(st.integers(-1, 35)))
def test_changes_add_up(stretches: list[tuple[int, int, int]], days: list[int]) -> None:
    """On each day, each place has as many as there are stretches that cover the day."""
    place, start, end = (
        (np.array(column, np.int32) for column in zip(*stretches, strict=True))
        if stretches
        else (np.zeros((3, 0), np.int32))
    )
    days.sort()
    found = changes([(place, start, end)], 5).counts(np.array(days, np.int64))
    wanted = [[sum(at == p and a <= day < b for p, a, b in stretches) for at in range(5)] for day in days]
    assert found.tolist() == wanted


@given(st.data(), st.integers(0, 12))
def test_units_have_those_below(data: st.DataObject, size: int) -> None:
    """A unit counts everybody in it and in the units below, however the units are numbered."""
    above = [data.draw(st.integers(-1, unit - 1)) for unit in range(size)]
    names = data.draw(st.permutations(range(size)))
    first = 100
    parent = np.full(size + 1, -1, np.int32)  # the last is no unit
    for unit, up in enumerate(above):
        parent[names[unit]] = names[up] + first if up >= 0 else -1
    counts = np.array([[data.draw(st.integers(0, 9)) for _ in range(size)] for _ in range(2)]).reshape(2, size)
    wanted = counts.copy()
    for unit in range(size):
        up = int(parent[unit])
        while up != -1:
            wanted[:, up - first] += counts[:, unit]
            up = int(parent[up - first])
    assert rolled_up(counts, parent, first).tolist() == wanted.tolist()
