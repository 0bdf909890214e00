"""Where replications run: in this process, in threads, in worker processes, in somebody's executor, on a cluster.

A pool takes chunks and gives futures, and can go on with new workers when the old ones broke.  The seam is
`concurrent.futures.Executor`; a pool adds how the worlds reach the workers.  It must not know which chunks there are.
"""

import os
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from typing import Any, Protocol

from orgsim.errors import UserError
from orgsim.experiments.chunks import Order, Part, hello, run_chunk

PATIENCE = 60.0
"""Seconds in which the first worker must answer."""
AHEAD = 2
"""How many chunks each worker has at a time, the one it runs included, so that none waits for us."""
BLINK = 1.0
"""Seconds between two looks at what is done; where waiting cannot be interrupted, Ctrl-C takes so long."""


class Pool(Protocol):
    """What runs chunks."""

    workers: int

    def start(self) -> None:
        """Make sure that the workers are there and run our version; raises UserError if not."""

    def submit(self, order: Order, variant: str, lo: int, hi: int) -> "Future[Part]":
        """Have a chunk run."""

    def wait(self, futures: Collection["Future[Part]"]) -> Collection["Future[Part]"]:
        """Wait until something is done, or a moment has passed; what is done."""

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that a worker went away, and not that a chunk is wrong."""

    def renew(self) -> None:
        """Go on with new workers after the old ones broke; raises UserError where that cannot be."""

    def close(self) -> None:
        """Let the workers go, and do not wait for what they do."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Given:
    """Any executor, or what makes one; only in the second case can it be made anew."""

    def __init__(
        self, executor: Executor | Callable[[], Executor], jobs: int | None, worlds: Mapping[str, bytes]
    ) -> None:
        """Worlds travel with each chunk, for nothing is known of how the workers begin."""
        self._make = None if isinstance(executor, Executor) else executor
        self._executor = executor if isinstance(executor, Executor) else executor()
        self._worlds = worlds
        self.workers = jobs or getattr(self._executor, "_max_workers", None) or cores()

    def start(self) -> None:
        """Ask the first worker for its version."""
        check_version(self._executor.submit(hello))

    def submit(self, order: Order, variant: str, lo: int, hi: int) -> "Future[Part]":
        """Have a chunk run."""
        return self._executor.submit(run_chunk, order, variant, lo, hi, self._worlds[order.key])

    def wait(self, futures: Collection["Future[Part]"]) -> Collection["Future[Part]"]:
        """Wait until something is done, or a moment has passed; what is done."""
        return wait(futures, timeout=BLINK, return_when=FIRST_COMPLETED).done

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that a worker went away."""
        return isinstance(error, CancelledError)

    def renew(self) -> None:
        """Make the executor anew."""
        if self._make is None:
            raise UserError(
                "the executor broke, and cannot be made anew; give a function that makes one, or 'processes'", 1
            )
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._make()

    def close(self) -> None:
        """Let go of an executor we made; one that was given stays with its owner."""
        if self._make is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)


class Here(Executor):
    """An executor that runs what it is given at once, in the caller's thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Run it now; a keyboard interrupt goes to the caller."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as every executor does
            future.set_exception(error)
        return future


def check_version(future: "Future[str]") -> None:
    """Wait for a worker's answer; raises UserError if it runs another version, or none."""
    try:
        theirs = future.result(timeout=PATIENCE)
    except TimeoutError:
        raise UserError(f"no worker answered within {PATIENCE:.0f} seconds", 1) from None
    except ImportError as error:
        raise UserError(f"a worker has no orgsim that can be imported: {error}", 1) from None
    if theirs != hello():
        raise UserError(f"a worker runs orgsim {theirs}, and this is orgsim {hello()}; install the same everywhere", 1)
