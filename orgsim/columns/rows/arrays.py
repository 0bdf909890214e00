"""What numpy lacks for sorted stretches of days: stable order by whole numbers, groups, running maxima; two at once.

It knows numbers only, nothing of organizations.  Traps met: a Python int makes `searchsorted` copy an int32 array,
and `a[mask]` is far slower than `a[flatnonzero(mask)]`.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[Any]
"""Whole numbers, of whatever width."""
Bools = npt.NDArray[Any]
"""Whether, place by place."""

A = TypeVar("A")
B = TypeVar("B")
BLOCK = 1 << 17
"""How many rows are worked on at a time where rows are many: what lies between stays at hand.  A multiple of eight."""
_BITS, _FEW = 63, 256
WORTH = 20_000
"""From how many rows on two threads are quicker than one."""


def in_blocks(count: int, size: int = BLOCK) -> Iterator[slice]:
    """So many at a time of so many."""
    return (slice(begin, min(begin + size, count)) for begin in range(0, count, size))


def where(mask: Bools) -> Ints:
    """The places where it is so."""
    return mask.nonzero()[0]  # `flatnonzero` takes twice as long for a few


def picked(values: Ints, places: Ints) -> Ints:
    """The values at places, of which -1 is the last: in half the time of `values[places]`.

    Narrow places numpy would make into wide numbers all at once.
    """
    if len(places) <= BLOCK or places.dtype == np.intp:
        return values.take(places, mode="wrap")
    found = np.empty(len(places), values.dtype)
    for part in in_blocks(len(places)):
        values.take(places[part], out=found[part], mode="wrap")
    return found


def narrow_where(mask: Bools) -> Ints:
    """The places where it is so, in half as much room, for keeping."""
    found, at = np.empty(np.count_nonzero(mask), np.int32), 0
    for part in in_blocks(len(mask)):
        here = where(mask[part])
        np.add(here, part.start, out=found[at : at + len(here)], casting="same_kind")
        at += len(here)
    return found


def order_by(*keys: Ints) -> Ints:
    """The stable order by several keys of whole numbers, the first one the most important.

    Each key is put into one number with the place of its row, for plain numbers are sorted many times quicker than
    places by their keys; as many keys at a time as fit.
    """
    count, at = len(keys[0]), len(keys) - 1
    if count < _FEW:
        return np.lexsort(keys[::-1])
    room = (count - 1).bit_length()
    order: Ints | None = None
    while at >= 0:
        packed, used = np.arange(count), room
        while at >= 0:
            key = keys[at] if order is None else keys[at][order]
            low = int(key.min())
            width = (int(key.max()) - low).bit_length()
            if used + width > _BITS:
                break
            for part in in_blocks(count):
                packed[part] |= (key[part].astype(np.int64) - low) << used
            used, at = used + width, at - 1
        if used > room:
            packed.sort()
            packed &= (1 << room) - 1
            step = packed
        else:  # one key that leaves no room for places
            step, at = np.argsort(keys[at] if order is None else keys[at][order], kind="stable"), at - 1
        order = step if order is None else order[step]
    return np.arange(count) if order is None else order


def sorted_with_places(key: Ints) -> tuple[Ints, Ints]:
    """A key of whole numbers as it is sorted, and the stable order by it."""
    room, low = (len(key) - 1).bit_length(), int(key.min()) if len(key) else 0
    if len(key) < _FEW or room + (int(key.max()) - low).bit_length() > _BITS:
        order = order_by(key)
        return key[order], order
    packed = np.arange(len(key))
    for part in in_blocks(len(key)):
        packed[part] |= (key[part].astype(np.int64) - low) << room
    packed.sort()
    found = np.empty(len(key), key.dtype)
    for part in in_blocks(len(key)):
        found[part] = (packed[part] >> room) + low
    packed &= (1 << room) - 1
    return found, packed


def order_within(first: Ints, second: Ints) -> Ints | None:
    """The stable order by two keys of what comes sorted by the first, none of it negative; None if it is in order.

    Only groups that are out of order are sorted.
    """
    falls = where((second[1:] < second[:-1]) & (first[1:] == first[:-1]))
    if not len(falls):
        return None
    mixed = np.zeros(int(first[-1]) + 1, np.bool_)
    mixed[first[falls]] = True
    order, here = np.arange(len(first)), where(mixed[first])
    order[here] = here[order_by(first[here], second[here])]
    return order


def rows_by(column: Ints, size: int) -> tuple[Ints, Ints]:
    """The rows that have a number in a column, by number and in order; where those of each number begin and end."""
    room, at = len(column).bit_length(), 0
    if room + size.bit_length() > _BITS:
        rows = where(column >= 0)
        return rows[order_by(column[rows])].astype(np.int32), group_edges(column[rows], size)
    packed = np.empty(np.count_nonzero(column >= 0), np.int64)
    for part in in_blocks(len(column)):
        here = where(column[part] >= 0)
        end = at + len(here)
        packed[at:end] = column[part][here].astype(np.int64) << room | here + part.start
        at = end
    packed.sort()
    found, numbers = np.empty(len(packed), np.int32), np.empty(len(packed), np.int32)
    np.bitwise_and(packed, (1 << room) - 1, out=found, casting="same_kind")
    np.right_shift(packed, room, out=numbers, casting="same_kind")
    return found, group_edges(numbers, size)


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


def times(values: Ints) -> Ints:
    """Of each value, in any order, how often it comes."""
    ordered, order = sorted_with_places(values)
    group = np.cumsum(first_of(ordered)) - 1
    found = np.empty(len(values), np.intp)
    found[order] = np.bincount(group)[group]
    return found


def among(rows: Ints, some: Ints) -> Bools:
    """Whether each row is among some, which come in order."""
    if not len(some):
        return np.zeros(len(rows), np.bool_)
    found: Bools = some[np.minimum(np.searchsorted(some, rows.astype(some.dtype, copy=False)), len(some) - 1)] == rows
    return found


def next_of(first: Bools, values: Ints, otherwise: int) -> Ints:
    """For each place the value at the next one, or `otherwise` at the end of its group."""
    after = np.empty(len(values), np.int64)
    if len(values):
        after[:-1] = values[1:]
        np.putmask(after[:-1], first[1:], otherwise)
        after[-1] = otherwise
    return after


def running_max(first: Bools, values: Ints) -> Ints:
    """The largest value so far within each group; values are at least -1."""
    group = np.cumsum(first) * np.int64(1 << 40)
    return np.maximum.accumulate(group + values) - group


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """For each of several counts its place so often, and the numbers from 0 up to it."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def group_edges(subjects: Ints, size: int) -> Ints:
    """Where the rows of each subject begin among all in the order of subjects, and where the last ends."""
    edges = np.zeros(size + 1, np.int32)  # there are never so many rows
    np.cumsum(np.bincount(subjects, minlength=size)[:size], out=edges[1:])
    return edges


def side_by_side(rows: int, first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """What two functions return that do not touch what the other changes, on so many rows; raises what either raises.

    numpy and pyarrow let another thread work while they sort, search and gather.  What the first raises comes first,
    whichever is done sooner.
    """
    if rows < WORTH:
        return first(), second()
    other = _helper().submit(second)
    try:
        mine = first()
    except BaseException:
        if not other.cancel():
            wait([other])
        raise
    return mine, second() if other.cancel() else other.result()


@cache
def _helper() -> ThreadPoolExecutor:
    """One thread that stays: memory it has used before is quicker than new, and more would be in each other's way.

    What it has not begun in time, for it is busy with something else, is done by whoever asked.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="orgsim")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_helper.cache_clear)  # a child has no thread but the one that forked
