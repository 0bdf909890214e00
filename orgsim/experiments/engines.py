"""The engines one can ask for by name, or bring along: from a word to a pool whose workers answer."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor

from orgsim.errors import UserError
from orgsim.experiments.pools import Given, Here, Pool, cores


def open_pool(executor: str | Executor | Callable[[], Executor], jobs: int | None, worlds: Mapping[str, bytes]) -> Pool:
    """A pool that has the worlds, with workers that answer; raises UserError if there is none."""
    pool = _named(executor, jobs or cores(), worlds) if isinstance(executor, str) else Given(executor, jobs, worlds)
    try:
        pool.start()
    except BaseException:
        pool.close()
        raise
    return pool


def _named(executor: str, jobs: int, worlds: Mapping[str, bytes]) -> Pool:
    if executor == "processes":
        from orgsim.experiments.processes import Processes

        return Processes(jobs, worlds)
    if executor == "threads":
        return Given(lambda: ThreadPoolExecutor(jobs), jobs, worlds)
    if executor == "serial":
        return Given(Here, 1, worlds)
    if executor.startswith("dask://"):
        from orgsim.experiments.cluster import Cluster

        return Cluster(executor, worlds)
    raise UserError(
        f"there is no engine {executor!r}; the engines are 'processes', 'threads', 'serial' and 'dask://HOST:PORT'"
    )
