"""What numpy lacks: orders, groups and marks, beside the plain way of finding them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgsim.columns.rows import arrays
from orgsim.columns.rows.arrays import among, order_by

WIDE = st.sampled_from((1, 7, 1 << 20, 1 << 31, 1 << 45, 1 << 62))


@settings(max_examples=80)
@given(st.integers(1, 3), st.integers(0, 700), st.data())
def test_orders_are_stable(count: int, size: int, data: st.DataObject) -> None:
    """Keys of any width order rows as Python's sort does: by the first, then the next, then as they come."""
    random = np.random.default_rng(data.draw(st.integers(0, 1000)))
    widths = [data.draw(WIDE) for _ in range(count)]
    keys = [random.integers(-1, width, size, endpoint=True).astype(np.int64) for width in widths]
    wanted = sorted(range(size), key=lambda row: tuple(int(key[row]) for key in keys))
    assert order_by(*keys).tolist() == wanted


def test_keys_that_do_not_fit_together_are_sorted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few bits there are room for, the order is the same."""
    random = np.random.default_rng(5)
    keys = [random.integers(0, 50, 3000) for _ in range(3)]
    orders = []
    for bits in (63, 25, 19, 14):
        monkeypatch.setattr(arrays, "_BITS", bits)
        orders.append(order_by(*keys).tolist())
    assert orders == [np.lexsort(keys[::-1]).tolist()] * 4


@given(st.lists(st.integers(-3, 40)), st.sets(st.integers(0, 40)))
def test_among(rows: list[int], some: set[int]) -> None:
    """Rows are found among others that come in order."""
    found = among(np.array(rows, np.int32), np.array(sorted(some), np.int32))
    assert found.tolist() == [row in some for row in rows]
