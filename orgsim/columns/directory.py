"""Ids looked up by text, quickly: one in so many stands in a list, which Python searches by itself."""

from bisect import bisect_right

from orgsim.columns.pool import Pool

STEP, MOST = 4, 50_000
"""One id in so many is in the list, unless that would be more than so many."""
PATIENCE = 64
"""After so many look-ups the list is made: whoever asks for a few ids does not pay for it."""


class Directory:
    """The numbers of the texts of a pool."""

    __slots__ = ("asked", "pool", "some", "step", "views")

    def __init__(self, pool: Pool) -> None:
        """Nothing is made yet."""
        self.pool, self.asked, self.step = pool, 0, max(STEP, len(pool) // MOST)
        self.some: list[bytes] = []
        self.views: tuple[memoryview, memoryview, memoryview] | None = None

    def find(self, text: str) -> int:
        """The number of a text, or -1."""
        if self.views is None:
            self.asked += 1
            if self.asked <= PATIENCE or not len(self.pool):
                return self.pool.find(text)
            self.views = self._made()
        order, offsets, buffer = self.views
        wanted = text.encode()
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

    def _made(self) -> tuple[memoryview, memoryview, memoryview]:
        order = self.pool.sorted().order
        if order is None:
            raise AssertionError("a sorted pool has an order")
        offsets, buffer = self.pool.offsets.data, self.pool.buffer.data
        self.some = [buffer[offsets[n] : offsets[n + 1]].tobytes() for n in order[:: self.step].tolist()]
        return order.data, offsets, buffer
