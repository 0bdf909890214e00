"""Numbers for texts: equal ones get the same, in the order in which they come first.

A table of hashes jumps about in memory for every text; to sort the hashes of all of them is several times quicker.
"""

from typing import Any

import numpy as np

from orgsim.columns.rows.arrays import Bools, Ints, first_of, where
from orgsim.columns.rows.pool import Pool

FEW = 1000
"""Up to how many texts pyarrow's own way is as quick."""
_WIDE = 8
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WIDE + 1)], np.uint64)
"""Of a whole number, the bytes that are read."""
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93], np.uint64)


def numbered(pa: Any, words: Any, pool: Pool) -> tuple[Ints, Any]:
    """The number of each of pyarrow's strings, and the strings of the numbers; the pool is of the same texts."""
    if len(words) <= FEW:
        encoded = words.dictionary_encode()
        return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary
    earliest = _earliest(hashes(pool))
    again = where(earliest != np.arange(len(words)))
    differ = again[where(~_same(pool, again, earliest[again]))]
    if len(differ):  # the same hash, and not the same text
        mixed = np.zeros(len(words), np.bool_)
        mixed[earliest[differ]] = True
        places = where(mixed[earliest])
        first: dict[str, int] = {}
        told = zip(words.take(pa.array(places)).to_pylist(), places.tolist(), strict=True)
        earliest[places] = [first.setdefault(word, place) for word, place in told]
    firsts = earliest == np.arange(len(words))
    numbers = np.cumsum(firsts, dtype=np.int32) - np.int32(1)
    return numbers[earliest], words.take(pa.array(where(firsts)))


def _earliest(hashed: Ints) -> Ints:
    """The first place of the same hash as each has, as far as the bits go that the numbers of places leave.

    For whole numbers are sorted much quicker than places by their numbers.
    """
    room = np.uint64(len(hashed).bit_length())
    packed = (hashed >> room << room) | np.arange(len(hashed), dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << room) - np.uint64(1))).astype(np.int64)
    packed >>= room
    heads = where(first_of(packed))
    earliest = np.empty(len(hashed), np.int64)
    earliest[order] = np.repeat(order[heads], np.diff(heads, append=len(order)))
    return earliest


def hashes(pool: Pool) -> Ints:
    """A whole number for each text, made of its length and of eight bytes at a time."""
    eight = _by_eight(pool)
    start, left = pool.offsets[:-1], pool.offsets[1:] - pool.offsets[:-1]
    found: Ints = _mixed(left.astype(np.uint64), eight[start] & _MASKS[np.minimum(left, _WIDE)])
    at, read = where(left > _WIDE), _WIDE
    while len(at):
        more = eight[start[at] + read] & _MASKS[np.minimum(left[at] - read, _WIDE)]
        found[at] = _mixed(found[at], more)
        read += _WIDE
        at = at[where(left[at] > read)]
    return found


def _same(pool: Pool, some: Ints, others: Ints) -> Bools:
    """Whether texts are those of others, looked at eight bytes at a time."""
    eight, left = _by_eight(pool), (pool.offsets[1:] - pool.offsets[:-1])[some]
    first, second = pool.offsets[some], pool.offsets[others]
    same: Bools = pool.offsets[others + 1] - second == left
    at, read = where(same), 0
    while len(at):
        masks = _MASKS[np.minimum(left[at] - read, _WIDE)]
        same[at] = (eight[first[at] + read] ^ eight[second[at] + read]) & masks == 0
        read += _WIDE
        at = at[where(same[at] & (left[at] > read))]
    return same


def _by_eight(pool: Pool) -> Ints:
    """From each byte of the texts on, eight of them as a number."""
    padded = np.zeros(len(pool.buffer) + _WIDE, np.uint8)
    padded[: len(pool.buffer)] = pool.buffer
    return np.ndarray((len(pool.buffer) + 1,), "<u8", padded.data, strides=(1,))


def _mixed(hashed: Ints, more: Ints) -> Ints:
    """Whole numbers of which every bit counts for every bit of the next."""
    mixed: Ints = (hashed ^ more) * _FACTORS[0]
    mixed ^= mixed >> np.uint64(32)
    mixed *= _FACTORS[1]
    mixed ^= mixed >> np.uint64(29)
    return mixed
