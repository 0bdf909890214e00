"""Two things at once: numpy and pyarrow let another thread work while they sort, search and gather."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
WORTH = 20_000
"""From how many rows on two threads are quicker than one."""


def side_by_side(rows: int, first: Callable[[], A], second: Callable[[], B]) -> tuple[A, B]:
    """What two functions return that do not touch what the other changes, on so many rows; raises what either raises.

    What the first raises comes first, whichever is done sooner.
    """
    if rows < WORTH:
        return first(), second()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(second)
        return first(), other.result()
