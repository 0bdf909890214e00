"""What numpy lacks for sorted stretches of days: stable order by whole numbers, groups, running maxima.

It knows numbers only, nothing of organizations.  Traps met: a Python int makes `searchsorted` copy an int32 array,
and `a[mask]` is far slower than `a[flatnonzero(mask)]`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
"""Whole numbers, of whatever width."""
Bools = npt.NDArray[Any]
"""Whether, place by place."""

FOREVER = 3652060
"""The day after the last of the calendar, as `metrics.spells` has it."""
_BITS, _SHORT = 16, 1 << 14


def where(mask: Bools) -> Ints:
    """The places where it is so."""
    return mask.nonzero()[0]  # `flatnonzero` takes twice as long for a few


def order_by(*keys: Ints) -> Ints:
    """The stable order by several keys of whole numbers, the first one the most important.

    Radix passes over 16 bits, which take a third of the time of `lexsort` on millions of rows.
    """
    count = len(keys[0])
    if count < _SHORT:
        return np.lexsort(keys[::-1])
    order: Ints | None = None
    for at in reversed(range(len(keys))):
        digits = keys[at] if order is None else keys[at][order]
        if (digits[1:] >= digits[:-1]).all():
            continue
        low = digits.min()
        high = int(digits.max()) - int(low)
        digits = (digits - low).astype(np.uint32 if high < 1 << 32 else np.uint64)
        for shift in range(0, high.bit_length(), _BITS):
            step = np.argsort((digits >> digits.dtype.type(shift)).astype(np.uint16), kind="stable")
            order = step if order is None else order[step]
            if shift + _BITS < high.bit_length():
                digits = digits[step]
    return np.arange(count) if order is None else order


def is_sorted(first: Ints, second: Ints) -> bool:
    """Whether pairs are in order."""
    rises = first[1:] > first[:-1]
    return bool((rises | ((first[1:] == first[:-1]) & (second[1:] >= second[:-1]))).all())


def first_of(*sorted_keys: Ints) -> Bools:
    """Where a group of equal keys begins."""
    first = np.ones(len(sorted_keys[0]), np.bool_)
    if len(first):
        same = np.ones(len(first) - 1, np.bool_)
        for key in sorted_keys:
            same &= key[1:] == key[:-1]
        first[1:] = ~same
    return first


def distinct(values: Ints) -> Ints:
    """The values, sorted and each once; `numpy.unique` hashes, which is slower for so many."""
    if not (values[1:] >= values[:-1]).all():
        values = np.sort(values)
    return values[first_of(values)]


def among(rows: Ints, some: Ints) -> Bools:
    """Whether each row is among some, which come in order."""
    if not len(some):
        return np.zeros(len(rows), np.bool_)
    found: Bools = some[np.minimum(np.searchsorted(some, rows.astype(some.dtype, copy=False)), len(some) - 1)] == rows
    return found


def next_of(first: Bools, values: Ints, otherwise: int) -> Ints:
    """For each place the value at the next one, or `otherwise` at the end of its group."""
    after = np.full(len(values), otherwise, np.int64)
    if len(values):
        after[:-1] = np.where(first[1:], otherwise, values[1:])
    return after


def running_max(first: Bools, values: Ints) -> Ints:
    """The largest value so far within each group; values are at least -1."""
    group = np.cumsum(first) * np.int64(1 << 40)
    return np.maximum.accumulate(group + values) - group


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """For each of several counts its place so often, and the numbers from 0 up to it."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def group_edges(sorted_subjects: Ints, size: int) -> Ints:
    """Where the rows of each subject begin, and where the last ends."""
    edges = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(sorted_subjects, minlength=size)[:size], out=edges[1:])
    return edges
