"""Texts by number: ids, names and titles as one buffer of bytes, which can lie in a file.

A million Python strings would take longer to make than most questions take to answer.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from orgsim.columns.rows.arrays import Ints

STEP, MOST = 4, 200_000
"""One text in so many stands in a list, which Python searches; in one of more, unless these would be so many."""
PATIENCE = 64
"""After so many look-ups the list is made: whoever asks for a few texts does not pay for it."""


class Pool:
    """Texts numbered from 0, as UTF-8 in one buffer; `offsets[i]` is where text `i` begins."""

    __slots__ = ("_asked", "_bytes", "_edges", "_some", "buffer", "offsets", "order")

    def __init__(self, buffer: Ints, offsets: Ints, order: Ints | None = None) -> None:
        """`order` are the numbers in the order of their texts, for looking a text up."""
        self.buffer, self.offsets, self.order = buffer, offsets, order
        # Python reads a memory view quicker than it reads an array.
        self._bytes, self._edges = buffer.data, offsets.data
        self._asked, self._some = 0, list[bytes]()

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
        return str(self._bytes[self._edges[number] : self._edges[number + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        data, edges = self.buffer.tobytes(), self.offsets.tolist()
        return (data[a:b].decode() for a, b in pairwise(edges))

    def parsed(self) -> list[dict[str, Any]]:
        """The texts, each of which is an object of JSON, as such: all at once, for a reader is slow to start."""
        between = np.insert(self.buffer, self.offsets[1:-1], np.uint8(ord(",")))
        found: list[dict[str, Any]] = json.loads(b"[" + between.tobytes() + b"]")
        return found

    def many(self, numbers: Ints) -> list[str]:
        """The texts of several numbers."""
        return [self[number] for number in numbers.tolist()]

    def sorted(self) -> "Pool":
        """The same pool, with the order in which texts are looked up."""
        if self.order is None:
            texts = list(self)
            self.order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int32)
        return self

    def find(self, text: str) -> int:
        """The number of a text, or -1."""
        data, edges, wanted = self._bytes, self._edges, text.encode()
        order = self.sorted().order if self.order is None else self.order
        if order is None:
            return -1
        low, high, step = 0, len(order), max(STEP, len(order) // MOST)
        if self._some or self._listed(order, step):
            low = max(bisect_right(self._some, wanted) - 1, 0) * step
            high = min(low + step, high)
        while low < high:
            middle = (low + high) >> 1
            number: int = order.item(middle)
            found = data[edges[number] : edges[number + 1]].tobytes()  # bytes of UTF-8 sort as the texts do
            if found == wanted:
                return number
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return -1

    def _listed(self, order: Ints, step: int) -> bool:
        """Whether one text in so many stands in a list, now that one more is asked for."""
        self._asked += 1
        if self._asked > PATIENCE:
            data, edges = self._bytes, self._edges
            self._some = [data[edges[number] : edges[number + 1]].tobytes() for number in order[::step].tolist()]
        return bool(self._some)

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
