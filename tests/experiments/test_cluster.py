"""A real Dask cluster of worker processes on this machine, and what is said where there is none."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from orgsim.errors import MissingExtraError, UserError
from orgsim.experiments import cluster as module
from orgsim.experiments.experiment import PoisonedError, run_experiment
from tests.experiments import toy
from tests.experiments.dask_cluster import TOP, cluster


@pytest.fixture(scope="module", params=[0, 3])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """A cluster of two worker processes, which gives a task up at once, or after more deaths than three."""
    pytest.importorskip("distributed")
    with cluster(2, request.param) as found:
        yield found


def program(address: str, words: str, tmp_path: Path, chunk: int = 5) -> str:
    """What a program prints that runs a toy on the cluster; Dask's threads stay out of this process."""
    script = tmp_path / "script.py"
    script.write_text(
        "from orgsim.experiments.experiment import run_experiment\n"
        "from orgsim.errors import UserError\n"
        "from tests.experiments import toy\n"
        "try:\n"
        f"    found = run_experiment(toy.scenario({words!r}), model=toy.MODEL, executor={address!r}, chunk={chunk})\n"
        "    print(found.digest)\n"
        "except UserError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    command, environment = [sys.executable, str(script)], {"PYTHONPATH": str(TOP)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_a_cluster_gives_the_same_digest(address: str, tmp_path: Path) -> None:
    """Also when a worker is killed on the way."""
    expected = run_experiment(toy.scenario(), model=toy.MODEL, executor="serial").digest
    assert program(address, "", tmp_path) == expected
    assert program(address, f"killonce=7:{tmp_path / 'killed'}", tmp_path) == expected
    assert (tmp_path / "killed").exists()


@pytest.mark.slow
def test_a_replication_that_kills_workers_of_a_cluster_is_found(tmp_path: Path) -> None:
    """Dask gives its chunk up; we find out which replication it was."""
    pytest.importorskip("distributed")
    with cluster(2, 0) as address:
        said = program(address, "kill=13", tmp_path)
    assert said.startswith(f"{PoisonedError.__name__} replication 13 of 'baseline' kills its worker")


@pytest.mark.slow
def test_where_nobody_listens_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The scheduler is named, and the wait is short."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(module, "ANSWER", "0.5s")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"dask://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(UserError, match=f"no Dask scheduler answers at {address}"):
            run_experiment(toy.scenario(), model=toy.MODEL, executor=address)


@pytest.mark.slow
def test_a_cluster_that_dies_out_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    """A scheduler without workers has none to begin with, or is left after a while."""
    pytest.importorskip("distributed")
    with cluster(0) as address:
        assert "the Dask scheduler has no workers; start some with: dask worker" in program(address, "", tmp_path)


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing else is tried."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"orgsim\[dask\]"):
        run_experiment(toy.scenario(), model=toy.MODEL, executor="dask://127.0.0.1:8786")
