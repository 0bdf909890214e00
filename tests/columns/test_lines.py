"""The lines of a day, climbed all at once, beside a climb post by post."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from orgsim.columns.days.lines import lines

FIRST, UNITS = 10, 3
"""The number of the first post; units follow the posts, and personal posts come after a gap."""


@given(st.data(), st.integers(0, 12), st.integers(0, 3))
def test_everybody_climbs(data: st.DataObject, size: int, own: int) -> None:
    """Lines to posts, to units by way of their heads, and to personal posts lead to the same post, and as far up."""
    high = FIRST + size
    base = high + UNITS + 5
    numbers = [*range(FIRST, high), *range(base, base + own)]
    heads: list[int] = [data.draw(st.sampled_from([-1, *numbers[:1]])) for _ in range(UNITS)]
    solid: list[int] = []
    for at in range(len(numbers)):  # to a post before it, so that there is no circle
        targets = [-1, -2, *numbers[:at], *(range(high, high + UNITS) if at else [])]
        solid.append(data.draw(st.sampled_from(targets)))
    is_open = [any(to == number for to in solid) or data.draw(st.booleans()) for number in numbers]
    is_open = [one or to >= 0 for one, to in zip(is_open, solid, strict=True)]
    is_open = [one or number in heads for one, number in zip(is_open, numbers, strict=True)]
    is_open[size:] = [True] * own  # only those open are given
    units = [high if one else -1 for one in is_open]
    columns = [np.array(column, np.int32) for column in (numbers, units, solid)]
    found = lines(
        FIRST,
        columns[1][:size],
        columns[2][:size],
        (columns[0][size:], columns[1][size:], columns[2][size:]),
        (high, np.array(heads, np.int32)),
    )

    def above(number: int) -> int:
        to = solid[numbers.index(number)]
        return heads[to - high] if high <= to < high + UNITS else max(to, -1)

    depths, tops = [], []
    for number in numbers:
        far, at = 0, number
        while (up := above(at)) >= 0:
            far, at = far + 1, up
        depths.append(far)
        tops.append(at)
    depth, top = found.climbed
    assert depth.tolist() == depths
    assert found.post[top].tolist() == tops
    assert found.below.tolist() == [sum(above(other) == number for other in numbers) for number in numbers]
    wanted = [at for at, number in enumerate(numbers) if is_open[at] and above(number) < 0]
    assert found.tops.tolist() == wanted
