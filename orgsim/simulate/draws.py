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
    found = np.array(counter, np.uint64)
    _mix(found.reshape(4, -1), key)
    return found


def _mix(words: Words, key: tuple[int, int]) -> None:
    """Turn counters, of the shape (4, n), into their blocks, where they are."""
    c0, c1, c2, c3 = words
    p0, p1 = np.empty_like(c0), np.empty_like(c0)
    m0, m1, mask, half = np.uint64(_M0), np.uint64(_M1), np.uint64(_MASK), np.uint64(32)
    for k0, k1 in _schedule(*key):
        np.multiply(c0, m0, out=p0)
        np.multiply(c2, m1, out=p1)
        for product, high, low, word in ((p1, c0, c1, k0), (p0, c2, c3, k1)):
            np.right_shift(product, half, out=high)
            np.bitwise_xor(high, low, out=high)
            np.bitwise_xor(high, np.uint64(word), out=high)
            np.bitwise_and(product, mask, out=low)


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
        return self.drawn(self.counters([(identities, purpose, ordinal)]))

    @staticmethod
    def counters(columns: "list[tuple[NDArray[np.uint64], str, int]]") -> Words:
        """The counters, of the shape (4, n), of columns of identities with a purpose and an ordinal each."""
        words = np.empty((4, sum(len(identities) for identities, _, _ in columns)), np.uint64)
        at = 0
        for identities, purpose, ordinal in columns:
            part = words[:, at : at + len(identities)]
            part[0], part[1] = identities & np.uint64(_MASK), identities >> np.uint64(32)
            part[2], part[3] = ordinal & _MASK, _purpose(purpose)
            at += len(identities)
        return words

    def drawn(self, counters: Words) -> NDArray[np.float64]:
        """The numbers at counters."""
        found = np.empty(counters.shape[1], np.float64)
        for at in range(0, len(found), _SHORT):
            words = counters[:, at : at + _SHORT].copy()
            _mix(words, self.key)
            found[at : at + _SHORT] = ((words[0] << np.uint64(20) | words[1] >> np.uint64(12)) + 0.5) * _UNIT
        return found
