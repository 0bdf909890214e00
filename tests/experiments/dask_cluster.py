"""A program that is a Dask cluster of worker processes on this machine, until its input ends: WORKERS.

It stands alone, because Dask's threads and warnings are no business of the tests' process.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """A cluster, by the name that experiments call it."""
    words = [sys.executable, "-m", "tests.experiments.dask_cluster", str(workers)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=TOP, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        try:
            yield program.stdout.readline().strip().replace("tcp", "dask", 1)
        finally:
            program.stdin.close()
            program.wait(30)


def main(workers: int) -> None:
    """Start it, say where it is, and wait."""
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0", silence_logs=50
    ) as found:
        print(found.scheduler_address, flush=True)  # noqa: T201 - whoever started it waits for this line
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
