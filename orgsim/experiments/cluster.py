"""Worker processes on other machines, through Dask.

The worlds are results of tasks, so that the scheduler makes them again when the machine that had them is gone.
"""

import contextlib
import logging
import time
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import Any, cast

from orgsim.errors import MissingExtraError, UserError
from orgsim.experiments.chunks import Order, Part, hello, run_chunk
from orgsim.experiments.pools import BLINK, PATIENCE, check_version

ANSWER = "10s"
"""How long the scheduler may take to answer."""


class Cluster:
    """A pool on the cluster of a Dask scheduler, `dask://host:port`."""

    def __init__(self, address: str, worlds: Mapping[str, bytes]) -> None:
        """Call the scheduler; raises UserError where there is none."""
        try:
            from distributed import Client, KilledWorker
        except ImportError:
            raise MissingExtraError("dask") from None
        try:
            client = Client(address.replace("dask://", "tcp://", 1), timeout=ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise UserError(f"no Dask scheduler answers at {address}: {error}") from None
        self._client = cast("Any", client)
        self._killed = KilledWorker
        self._executor = self._client.get_executor(pure=False, retries=2)
        self._worlds = {key: self._client.submit(_same, load, pure=False) for key, load in worlds.items()}
        self._seen = time.monotonic()
        self.workers = sum(self._client.nthreads().values())

    def start(self) -> None:
        """Ask a worker for its version."""
        if not self.workers:
            raise UserError("the Dask scheduler has no workers; start some with: dask worker ADDRESS", 1)
        check_version(self._executor.submit(hello))

    def submit(self, order: Order, variant: str, lo: int, hi: int) -> "Future[Part]":
        """Have a chunk run."""
        found: Future[Part] = self._executor.submit(run_chunk, order, variant, lo, hi, self._worlds[order.key])
        return found

    def wait(self, futures: Collection["Future[Part]"]) -> Collection["Future[Part]"]:
        """Wait until something is done, or a moment has passed; raises UserError when the cluster has died out."""
        done = wait(futures, timeout=BLINK, return_when=FIRST_COMPLETED).done
        if done or self._client.nthreads():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > PATIENCE:
            raise UserError("the Dask cluster has lost all its workers, and starts no new ones", 1)
        return done

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that workers died over a chunk, more often than the scheduler bears."""
        return isinstance(error, (self._killed, CancelledError))

    def renew(self) -> None:
        """The scheduler looks after its workers."""

    def close(self) -> None:
        """Drop what is still to do, and leave."""
        with _quiet(), contextlib.suppress(Exception):  # a cluster that is gone needs no farewell
            self._executor.shutdown(wait=False)
            self._client.close()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what is under way when we leave from being reported as errors."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _same(load: bytes) -> bytes:
    return load
