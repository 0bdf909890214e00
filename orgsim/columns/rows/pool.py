"""Texts by number: ids, names and titles as one buffer of bytes, which can lie in a file.

A million Python strings would take longer to make than most questions take to answer.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from orgsim.columns.rows.arrays import Ints


class Pool:
    """Texts numbered from 0, as UTF-8 in one buffer; `offsets[i]` is where text `i` begins."""

    __slots__ = ("_cache", "buffer", "offsets", "order")

    def __init__(self, buffer: Ints, offsets: Ints, order: Ints | None = None) -> None:
        """`order` are the numbers in the order of their texts, for looking a text up."""
        self.buffer, self.offsets, self.order = buffer, offsets, order
        self._cache: dict[str, int] = {}

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Pool":
        """The pool of some texts, in their order."""
        encoded = [text.encode() for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> str:
        return self._bytes(number).decode()

    def __iter__(self) -> Iterator[str]:
        data, edges = self.buffer.tobytes(), self.offsets.tolist()
        return (data[a:b].decode() for a, b in pairwise(edges))

    def _bytes(self, number: int) -> bytes:
        return self.buffer[self.offsets[number] : self.offsets[number + 1]].tobytes()

    def parsed(self) -> list[dict[str, Any]]:
        """The texts, each of which is an object of JSON, as such: all at once, for a reader is slow to start."""
        between = np.insert(self.buffer, self.offsets[1:-1], np.uint8(ord(",")))
        found: list[dict[str, Any]] = json.loads(b"[" + between.tobytes() + b"]")
        return found

    def many(self, numbers: Ints) -> list[str]:
        """The texts of several numbers."""
        return [self._bytes(number).decode() for number in numbers.tolist()]

    def sorted(self) -> "Pool":
        """The same pool, with the order in which texts are looked up."""
        if self.order is None:
            texts = list(self)
            self.order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int32)
        return self

    def find(self, text: str) -> int:
        """The number of a text, or -1."""
        known = self._cache.get(text)
        if known is not None:
            return known
        order = self.sorted().order
        low, high, wanted = 0, len(self), text.encode()
        if order is None:
            return -1
        while low < high:
            middle = (low + high) // 2
            # Bytes of UTF-8 sort as the texts do.
            if self._bytes(int(order[middle])) < wanted:
                low = middle + 1
            else:
                high = middle
        found = int(order[low]) if low < len(self) and self._bytes(int(order[low])) == wanted else -1
        if len(self._cache) < KEPT:
            self._cache[text] = found
        return found

    def places(self, text: str) -> Ints:
        """The numbers of all texts that are the same as one, looked at byte by byte."""
        wanted = text.encode()
        found: Ints = ((self.offsets[1:] - self.offsets[:-1]) == len(wanted)).nonzero()[0]
        for at, byte in enumerate(wanted):
            found = found[self.buffer[self.offsets[found] + at] == byte]
        return found

    def take(self, numbers: Ints) -> "Pool":
        """Another pool, of these texts in this order."""
        lengths = (self.offsets[1:] - self.offsets[:-1])[numbers]
        offsets = np.zeros(len(numbers) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        at = np.arange(offsets[-1]) + np.repeat(self.offsets[numbers] - offsets[:-1], lengths)
        return Pool(self.buffer[at], offsets)


KEPT = 100_000
"""How many texts that were looked up are remembered."""
