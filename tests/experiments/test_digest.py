"""One digest, however the work is done: workers, chunks, executors, hash seeds, killed workers, interrupted runs."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from orgsim.experiments.experiment import run_experiment
from tests.experiments import toy
from tests.experiments.dask_cluster import cluster
from tests.experiments.one_run import scenarios

TOP = Path(__file__).parents[2]
FACTORS = {
    "executor": ("processes", "spawn", "fork", "threads", "dask"),
    "workers": ("1", "2", "3"),
    "chunk": ("1", "16", "250"),
    "hash seed": ("0", "1"),
    "fate": ("calm", "killed", "resumed"),
}
Case = tuple[str, ...]


@pytest.fixture(scope="module")
def expected() -> str:
    """The digest of a run in this process, from beginning to end."""
    scenario, variants = scenarios()
    return run_experiment(scenario, variants=variants, model=toy.MODEL, executor="serial").digest


@pytest.fixture(scope="module")
def clusters() -> Iterator[dict[str, str]]:
    """Addresses of Dask clusters of worker processes on this machine, by their number of workers."""
    pytest.importorskip("distributed")
    with ExitStack() as stack:
        yield {workers: stack.enter_context(cluster(int(workers))) for workers in FACTORS["workers"]}


def digest_of(case: Case, folder: Path, clusters: dict[str, str]) -> str:
    """The digest that a program of its own prints; one that is killed with its workers is begun again."""
    executor, workers, chunk, hash_seed, fate = case
    words = [clusters[workers] if executor == "dask" else executor, workers, chunk, fate, str(folder)]
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "tests.experiments.one_run", *words],
            cwd=TOP,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != -signal.SIGKILL:
            break
    assert done.returncode == 0, done.stderr
    assert (folder / "killed").exists() == (fate == "killed")
    return done.stdout.strip()


def pairs(case: Case) -> set[tuple[int, str, int, str]]:
    """Every pair of values of two factors that a case tries."""
    return {(i, case[i], j, case[j]) for i, j in itertools.combinations(range(len(case)), 2)}


def product() -> list[Case]:
    """Every case there is."""
    return list(itertools.product(*FACTORS.values()))


def pairwise() -> list[Case]:
    """Few cases that together try every pair: one after the other, whichever adds most."""
    todo = set().union(*map(pairs, product()))
    chosen = []
    while todo:
        best = max(product(), key=lambda case: len(pairs(case) & todo))
        chosen.append(best)
        todo -= pairs(best)
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("case", pairwise(), ids="-".join)
def test_one_digest_for_every_pair_of_ways(case: Case, tmp_path: Path, clusters: dict[str, str], expected: str) -> None:
    """Every pair of two ways of doing it gives the digest of a run in one process."""
    assert digest_of(case, tmp_path, clusters) == expected


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("ORGSIM_PROFILE") != "nightly", reason="takes ten minutes; ORGSIM_PROFILE=nightly")
@pytest.mark.parametrize("case", product(), ids="-".join)
def test_one_digest_for_every_way(case: Case, tmp_path: Path, clusters: dict[str, str], expected: str) -> None:
    """The full product of all ways of doing it."""
    assert digest_of(case, tmp_path, clusters) == expected


@pytest.mark.parametrize("case", [("processes", "2", "16", "1", "killed"), ("fork", "3", "1", "0", "resumed")])
def test_one_digest_for_some_ways(case: Case, tmp_path: Path, expected: str) -> None:
    """A killed worker process, and an interrupted and resumed run."""
    assert digest_of(case, tmp_path, {}) == expected


@pytest.mark.parametrize("executor", ["serial", "threads"])
@pytest.mark.parametrize("chunk", [None, 1, 16, 250])
@pytest.mark.parametrize("jobs", [1, 3])
def test_one_digest_in_one_process(executor: str, chunk: int | None, jobs: int, expected: str) -> None:
    """Here and in threads, in chunks of any size."""
    scenario, variants = scenarios()
    found = run_experiment(scenario, variants=variants, model=toy.MODEL, executor=executor, chunk=chunk, jobs=jobs)
    assert found.digest == expected


def test_the_digest_tells_results_apart(expected: str) -> None:
    """Another seed, another number of replications, another variant, another name of one: another digest."""
    scenario, variants = scenarios()
    more: dict[str, Any] = {"executor": "serial", "model": toy.MODEL}
    others = [
        run_experiment(scenario, variants=variants, seed=2, **more),
        run_experiment(scenario, variants=variants, replications=39, **more),
        run_experiment(scenario, variants={"more": toy.scenario("mean=111")}, **more),
        run_experiment(scenario, variants={"less": variants["more"]}, **more),
        run_experiment(scenario, **more),
    ]
    assert len({expected, *(other.digest for other in others)}) == 6
