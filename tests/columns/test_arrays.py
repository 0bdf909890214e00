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


@settings(max_examples=40)
@given(st.integers(0, 1000), st.sampled_from((1, 3, 8, 64, 1 << 17)), st.integers(0, 100))
def test_what_is_done_in_blocks_is_done_as_a_whole(count: int, block: int, seed: int) -> None:
    """However few are worked on at a time, values, places and rows by number are those of plain indexing."""
    random = np.random.default_rng(seed)
    values, places = random.integers(0, 99, count + 1), random.integers(-count - 1, count, count).astype(np.int32)
    mask, column = random.random(count) < 0.3, random.integers(-2, 5, count).astype(np.int32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "BLOCK", block)
        patch.setattr(arrays.in_blocks, "__defaults__", (block,))
        picked, some, (rows, edges) = (
            arrays.picked(values, places),
            arrays.narrow_where(mask),
            arrays.rows_by(column, 5),
        )
        key, order = arrays.sorted_with_places(column)
    assert picked.tolist() == values[places].tolist()
    assert some.tolist() == [at for at in range(count) if mask[at]]
    assert some.dtype == np.int32
    assert rows.tolist() == [at for number in range(5) for at in range(count) if column[at] == number]
    assert np.diff(edges).tolist() == [int((column == number).sum()) for number in range(5)]
    assert order.tolist() == sorted(range(count), key=lambda at: int(column[at]))
    assert key.tolist() == sorted(column.tolist())
