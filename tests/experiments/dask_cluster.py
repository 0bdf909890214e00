"""A program that is a Dask cluster of worker processes on this machine, until its input ends: WORKERS FAILURES.

It stands alone, because Dask's threads and warnings are no business of the tests' process.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]


@contextmanager
def cluster(workers: int, failures: int = 3) -> Iterator[str]:
    """A cluster, by the name that experiments call it; it gives a task up when more workers than so many died of it."""
    words = [sys.executable, "-m", "tests.experiments.dask_cluster", str(workers), str(failures)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=TOP, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        try:
            yield program.stdout.readline().strip().replace("tcp", "dask", 1)
        finally:
            program.stdin.close()
            program.wait(30)


def main(workers: int, failures: int) -> None:
    """Start it, say where it is, and wait."""
    import dask
    from distributed import LocalCluster

    dask.config.set({"distributed.scheduler.allowed-failures": failures})
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=50
    ) as found:
        print(found.scheduler_address, flush=True)  # noqa: T201 - whoever started it waits for this line
        sys.stdin.read()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
