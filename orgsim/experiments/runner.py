"""Getting every replication done, whatever happens to the workers.

Chunks are cut as they are needed, so large that one takes a few seconds.  When workers are lost, what they had becomes
suspect and is run alone, one chunk at a time, so that there is no doubt who kills; a chunk that does is halved until
one replication is left, and that one gets a second chance.  So does a replication that raises.  Then it is poisoned:
it is left out, and reported.  No result depends on any of this.
"""

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import BrokenExecutor, Future

import attrs

from orgsim.experiments.chunks import Order, Part
from orgsim.experiments.pools import AHEAD, Pool

SECONDS = 2.0
"""How long a chunk should take: long against the cost of sending it, short against the patience of a person."""
SHARES = 4
"""Chunks for each worker at least, so that none is left alone with the last one for long."""
CHANCES = 2
"""How often a replication may fail by itself before it is given up."""
ENOUGH = 3
"""So many poisoned replications are no accident: the rest is not tried."""


@attrs.frozen
class Span:
    """Replications [lo, hi) of a variant; `failures` counts how often it, alone, raised or lost its worker."""

    variant: str
    lo: int
    hi: int
    failures: int = 0

    def __len__(self) -> int:
        """How many replications."""
        return self.hi - self.lo


@attrs.frozen
class Poisoned:
    """A replication that cannot be had: what it raises, or that it kills its worker (no error)."""

    variant: str
    replication: int
    error: str | None = None
    trace: str | None = None


class Runner:
    """Runs spans of replications in a pool and hands every part to `keep` as soon as it is there."""

    def __init__(
        self, pool: Pool, orders: Mapping[str, Order], keep: Callable[[Part], None], chunk: int | None = None
    ) -> None:
        """`orders` has the world of each variant; `chunk` fixes the size of chunks."""
        self.poisoned: list[Poisoned] = []
        self._pool = pool
        self._orders = orders
        self._keep = keep
        self._chunk = chunk
        self._todo: deque[Span] = deque()
        self._suspects: deque[Span] = deque()
        self._flying: dict[Future[Part], Span] = {}
        self._seconds = 0.0
        self._done = 0

    def run(self, spans: Iterable[Span]) -> None:
        """Run all spans; interrupted, keep what is there and pass the interruption on."""
        self._todo.extend(span for span in spans if len(span))
        try:
            while self._send():
                for future in self._pool.wait(list(self._flying)) if self._flying else ():
                    self._take(future)
        finally:
            self._land()

    # ------------------------------------------------------------------------------------------------------- sending

    def _send(self) -> bool:
        """Keep the workers busy; whether there is anything to wait for."""
        if len(self.poisoned) >= ENOUGH:
            return False
        if self._suspects:
            if not self._flying:
                self._submit(self._suspects.popleft())
        else:
            while self._todo and not self._suspects and len(self._flying) < AHEAD * self._pool.workers:
                self._submit(self._cut())
        return bool(self._flying or self._suspects or self._todo)

    def _cut(self) -> Span:
        """The next chunk: the beginning of the next span, whose rest goes to the end of the queue."""
        span = self._todo.popleft()
        middle = min(span.lo + self._size(), span.hi)
        if middle < span.hi:
            self._todo.append(attrs.evolve(span, lo=middle))
        return attrs.evolve(span, hi=middle)

    def _size(self) -> int:
        """How many replications make a chunk; one each, until it is known how long one takes."""
        if self._chunk is not None:
            return self._chunk
        if not self._done:
            return 1
        left = 1 + sum(map(len, self._todo))
        fair = math.ceil(left / (SHARES * self._pool.workers))
        return max(1, min(fair, int(SECONDS * self._done / max(self._seconds, 1e-9))))

    def _submit(self, span: Span) -> None:
        try:
            future = self._pool.submit(self._orders[span.variant], span.variant, span.lo, span.hi)
        except BrokenExecutor:  # noticed only now
            self._suspect(span, alone=not self._flying)
            self._broke()
        else:
            self._flying[future] = span

    # -------------------------------------------------------------------------------------------------------- taking

    def _take(self, future: "Future[Part]") -> None:
        span = self._flying.get(future)
        if span is None:
            return  # it was settled when the pool broke
        try:
            part = future.result()
        except BrokenExecutor:
            self._broke()
        except BaseException as error:
            del self._flying[future]
            if isinstance(error, KeyboardInterrupt) or not self._pool.lost(error):
                raise
            self._suspect(span, alone=not self._flying)
        else:
            del self._flying[future]
            self._accept(span, part)

    def _accept(self, span: Span, part: Part) -> None:
        self._seconds += part.seconds
        self._done += part.hi - part.lo
        if part.hi > part.lo:
            self._keep(part)
        if part.failure is None:
            return
        k = part.failure.replication
        failures = span.failures + 1 if len(span) == 1 else 1
        if failures >= CHANCES:
            self.poisoned.append(Poisoned(span.variant, k, part.failure.error, part.failure.trace))
        else:
            self._suspects.append(Span(span.variant, k, k + 1, failures))
        if k + 1 < span.hi:
            self._todo.append(Span(span.variant, k + 1, span.hi))

    def _broke(self) -> None:
        """All workers are gone: keep what was done before, suspect the rest, go on with new workers."""
        flying, self._flying = self._flying, {}
        alone = len(flying) == 1
        for future, span in flying.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._accept(span, future.result())
            else:
                self._suspect(span, alone=alone)
        self._pool.renew()

    def _suspect(self, span: Span, *, alone: bool) -> None:
        """A worker was lost over this span, and perhaps over others; alone, it is the culprit."""
        if not alone:
            self._suspects.append(span)
        elif len(span) > 1:
            middle = (span.lo + span.hi) // 2
            self._suspects.append(attrs.evolve(span, hi=middle, failures=0))
            self._suspects.append(attrs.evolve(span, lo=middle, failures=0))
        elif span.failures + 1 < CHANCES:
            self._suspects.append(attrs.evolve(span, failures=span.failures + 1))
        else:
            self.poisoned.append(Poisoned(span.variant, span.lo))

    def _land(self) -> None:
        """Keep what is done, and drop what is not."""
        flying, self._flying = self._flying, {}
        for future in flying:
            if future.done() and not future.cancelled() and future.exception() is None:
                part = future.result()
                if part.hi > part.lo:
                    self._keep(part)
            else:
                future.cancel()
