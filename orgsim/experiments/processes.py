"""Worker processes on this machine, begun afresh (spawn) and not forked, so that threads and locks cannot hurt.

The worlds come with the worker.  Workers leave Ctrl-C to us, and end when we do, however we end.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from multiprocessing.connection import Connection

from orgsim.errors import UserError
from orgsim.experiments.chunks import Order, Part, hello, run_chunk, ship
from orgsim.experiments.pools import BLINK, check_version

PIPE = 1 << 14
"""Bytes that surely fit into a pipe, beside whatever else is sent to a process that begins."""
UNGUARDED = (
    "the worker processes end before they begin; a script that runs experiments in processes must do so"
    " under `if __name__ == '__main__':`, for each worker imports the script"
)


class Processes:
    """A pool of spawned processes, made anew when one of them is killed."""

    def __init__(self, jobs: int, worlds: Mapping[str, bytes]) -> None:
        """Nothing runs before `start`."""
        self.workers = jobs
        self._worlds = dict(worlds)
        self._make()

    def _make(self) -> None:
        context = get_context("spawn")
        reader, self._line = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self.workers, mp_context=context, initializer=_begin, initargs=(self._worlds, reader)
        )

    def start(self) -> None:
        """Begin a process, and ask it for its version."""
        if sum(map(len, self._worlds.values())) > PIPE:
            self._try()
        try:
            with _uninterrupted():
                answer = self._executor.submit(hello)
            check_version(answer)
        except BrokenExecutor:
            raise UserError(UNGUARDED) from None

    def _try(self) -> None:
        """Begin a process that does nothing: to one that ends too early, more than fits a pipe is sent for ever."""
        with _uninterrupted():
            first = get_context("spawn").Process(target=int)
            first.start()
        first.join()
        if first.exitcode:
            self.close()
            raise UserError(UNGUARDED)

    def submit(self, order: Order, variant: str, lo: int, hi: int) -> "Future[Part]":
        """Have a chunk run."""
        with _uninterrupted():  # an executor begins its processes as they are needed
            return self._executor.submit(run_chunk, order, variant, lo, hi)

    def wait(self, futures: Collection["Future[Part]"]) -> Collection["Future[Part]"]:
        """Wait until something is done, or a moment has passed; what is done."""
        return wait(futures, timeout=BLINK, return_when=FIRST_COMPLETED).done

    def lost(self, error: BaseException) -> bool:  # noqa: ARG002 - when a process is killed, the whole pool breaks
        """Never: a lost worker breaks the pool."""
        return False

    def renew(self) -> None:
        """Begin new processes."""
        self.close()
        self._make()
        self.start()

    def close(self) -> None:
        """Cut the line to the workers, at which they end."""
        self._line.close()
        self._executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C for a moment: a process begun meanwhile holds it back from its first moment on."""
    if not hasattr(signal, "pthread_sigmask"):  # then a worker may notice Ctrl-C while it begins, and say so
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(worlds: Mapping[str, bytes], line: "Connection[bytes, bytes]") -> None:
    """What a worker does first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(line,), daemon=True).start()
    ship(worlds)


def _end_with(line: "Connection[bytes, bytes]") -> None:
    """End this process when nobody holds the other end of the line any more."""
    with contextlib.suppress(EOFError, OSError):
        line.recv_bytes()
    os._exit(0)
