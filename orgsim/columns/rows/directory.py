"""Ids by number and numbers by id, one by one and quickly: one id in so many stands in a list, which Python searches.

Python reads a memory view quicker than it reads an array.
"""

from bisect import bisect_right

from orgsim.columns.rows.pool import Pool

STEP, MOST = 4, 200_000
"""One id in so many is in the list, unless that would be more than so many."""
PATIENCE = 64
"""After so many look-ups the list is made: whoever asks for a few ids does not pay for it."""


class Directory:
    """The texts of a pool."""

    __slots__ = ("asked", "buffer", "offsets", "order", "pool", "some", "step")

    def __init__(self, pool: Pool) -> None:
        """No list is made yet."""
        self.pool, self.asked, self.step = pool, 0, max(STEP, len(pool) // MOST)
        self.offsets, self.buffer = pool.offsets.data, pool.buffer.data
        self.order: memoryview | None = None
        self.some: list[bytes] = []

    def text(self, number: int) -> str:
        """The text of a number."""
        return str(self.buffer[self.offsets[number] : self.offsets[number + 1]], "utf-8")

    def find(self, text: str) -> int:
        """The number of a text, or -1."""
        if self.order is None and not self._listed():
            return self.pool.find(text)
        offsets, buffer, order, wanted = self.offsets, self.buffer, self.order or (), text.encode()
        low = max(bisect_right(self.some, wanted) - 1, 0) * self.step
        high = min(low + self.step, len(order))
        while low < high:
            middle = (low + high) >> 1
            number = order[middle]
            found = buffer[offsets[number] : offsets[number + 1]].tobytes()  # bytes of UTF-8 sort as the texts do
            if found == wanted:
                return int(number)
            if found < wanted:
                low = middle + 1
            else:
                high = middle
        return -1

    def _listed(self) -> bool:
        """Whether the list is made, now that one more text is asked for."""
        self.asked += 1
        order = self.pool.sorted().order if self.asked > PATIENCE else None
        if order is None or not len(order):
            return False
        offsets, buffer = self.offsets, self.buffer
        self.some = [buffer[offsets[n] : offsets[n + 1]].tobytes() for n in order[:: self.step].tolist()]
        self.order = order.data
        return True
