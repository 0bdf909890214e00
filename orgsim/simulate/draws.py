"""Luck: every uniform number is a function of seed, replication, entity, purpose and ordinal, and of nothing else.

So a result does not depend on the order of events, and a change in one place changes nobody else's luck.  The numbers
come from the counter-based generator Philox-4x32 with ten rounds (Salmon, Moraes, Dror, Shaw, "Parallel random
numbers: as easy as 1, 2, 3", SC11): one block for each use, under a key made of seed and replication.

It knows no law and no organization.
"""

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
"""Words of 32 bits, each in a number of 64, which is where products of two of them fit."""

_ROUNDS = 10
_M0, _M1 = 0xD2511F53, 0xCD9E8D57
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_MASK = 0xFFFFFFFF
_SHORT = 4096  # so many blocks at once stay in the cache of the processor
_UNIT = 2.0**-52


def _digest(text: str, size: int) -> int:
    """The BLAKE2b digest of a text, of so many bytes, as a number, the lowest byte first."""
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "little")


@lru_cache(maxsize=1 << 17)
def identity(entity: str) -> int:
    """The number of 64 bits that stands for an id."""
    return _digest(entity, 8)


@lru_cache(maxsize=1 << 12)
def _purpose(name: str) -> int:
    """The number of 32 bits that stands for a purpose."""
    return _digest(name, 4)


def _schedule(k0: int, k1: int) -> list[tuple[int, int]]:
    """The keys of the ten rounds."""
    return [((k0 + i * _W0) & _MASK, (k1 + i * _W1) & _MASK) for i in range(_ROUNDS)]


def philox4x32(counter: Words, key: tuple[int, int]) -> Words:
    """The blocks of Philox-4x32-10 at counters, both of the shape (4, n) or (4,), under a key of two words."""
    c0, c1, c2, c3 = np.asarray(counter, np.uint64)
    m0, m1, mask, half = np.uint64(_M0), np.uint64(_M1), np.uint64(_MASK), np.uint64(32)
    for k0, k1 in _schedule(*key):
        p0, p1 = c0 * m0, c2 * m1
        c0, c1, c2, c3 = (p1 >> half) ^ c1 ^ np.uint64(k0), p1 & mask, (p0 >> half) ^ c3 ^ np.uint64(k1), p0 & mask
    return np.array((c0, c1, c2, c3))


class Luck:
    """The uniform numbers of one replication.

    A number is made of the first 52 bits of its block, and lies in the middle of the 2^-52 that they tell apart, so
    that it is never 0 nor 1, and exact.
    """

    __slots__ = ("_keys", "key")

    def __init__(self, seed: int, replication: int) -> None:
        word = _digest(f"{seed} {replication}", 8)
        self.key = (word & _MASK, word >> 32)
        self._keys = _schedule(*self.key)

    def uniform(self, entity: str, purpose: str, ordinal: int = 0) -> float:
        """The number in (0, 1) of an entity's use of a purpose; the ordinal is below 2^32."""
        number = identity(entity)
        c0, c1, c2, c3 = number & _MASK, number >> 32, ordinal & _MASK, _purpose(purpose)
        for k0, k1 in self._keys:
            p0, p1 = c0 * _M0, c2 * _M1
            c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & _MASK, (p0 >> 32) ^ c3 ^ k1, p0 & _MASK
        return ((c0 << 20 | c1 >> 12) + 0.5) * _UNIT

    def uniforms(self, identities: NDArray[np.uint64], purpose: str, ordinal: int = 0) -> NDArray[np.float64]:
        """The numbers of many entities, given by their `identity`: the same bits as one by one."""
        found = np.empty(len(identities), np.float64)
        for at in range(0, len(identities), _SHORT):
            some = identities[at : at + _SHORT]
            counter = np.empty((4, len(some)), np.uint64)
            counter[0], counter[1] = some & np.uint64(_MASK), some >> np.uint64(32)
            counter[2], counter[3] = ordinal & _MASK, _purpose(purpose)
            c0, c1, _, _ = philox4x32(counter, self.key)
            found[at : at + _SHORT] = ((c0 << np.uint64(20) | c1 >> np.uint64(12)) + 0.5) * _UNIT
        return found
