"""Worker processes: killed, poisonous, interrupted, left alone; and a script that forgets its guard."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from orgsim.errors import UserError
from orgsim.experiments import pools
from orgsim.experiments.experiment import PoisonedError, read_outcome, run_experiment
from tests.experiments import toy

TOP = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(TOP)}
SCRIPT = """\
import sys
from orgsim.experiments.experiment import Interrupted, run_experiment
from tests.experiments import toy

if __name__ == "__main__":
    try:
        run_experiment(
            toy.scenario("sleep=0.05", replications=5000), model=toy.MODEL, folder=sys.argv[1], jobs=2, chunk=4,
            progress=lambda state: print(state.done, flush=True),
        )
    except Interrupted as stopped:
        print("kept", stopped.done, flush=True)
        sys.exit(130)
"""


def begin(folder: Path) -> "subprocess.Popen[str]":
    """A program that would simulate for minutes, in a group of its own, as a shell makes one; with some work done."""
    script = folder / "script.py"
    script.write_text(SCRIPT)
    program = subprocess.Popen(
        [sys.executable, str(script), str(folder / "result")],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert program.stdout is not None
    while int(program.stdout.readline()) < 20:
        pass
    return program


def children(pid: int) -> set[int]:
    """The processes that a process has begun, on Linux."""
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def alive(pid: int) -> bool:
    """Whether a process runs, and is not only waiting to be buried."""
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def gone(pids: set[int]) -> bool:
    """Whether all of them end within ten seconds."""
    for _ in range(100):
        if not any(map(alive, pids)):
            return True
        time.sleep(0.1)
    return False


linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


@linux
def test_ctrl_c_keeps_what_is_done_and_leaves_no_process(tmp_path: Path) -> None:
    """Ctrl-C goes to the whole group; it ends at once, without a traceback, and the result can be gone on with."""
    program = begin(tmp_path)
    workers = children(program.pid)
    assert len(workers) >= 2
    os.killpg(program.pid, signal.SIGINT)
    out, err = program.communicate(timeout=20)
    assert program.returncode == 130
    assert err == ""
    assert int(out.split()[-1]) >= 20
    assert gone(workers)
    assert list((tmp_path / "result" / "parts").iterdir())


@linux
def test_workers_end_with_the_one_they_work_for(tmp_path: Path) -> None:
    """When the parent is killed outright, nobody works on for nothing."""
    program = begin(tmp_path)
    workers = children(program.pid)
    program.kill()
    program.communicate(timeout=20)
    assert gone(workers)


def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    """The pool is made anew, and what is missing is done."""
    words = f"killonce=11:{tmp_path / 'killed'}"
    found = run_experiment(toy.scenario(words), model=toy.MODEL, jobs=2, chunk=5)
    assert (tmp_path / "killed").exists()
    assert found.digest == run_experiment(toy.scenario(), model=toy.MODEL, executor="serial").digest


@pytest.mark.slow
def test_a_replication_that_kills_its_worker_is_found(tmp_path: Path) -> None:
    """It is told by its number, and the others are kept."""
    with pytest.raises(PoisonedError, match="replication 13 of 'baseline' kills its worker; 19 others") as caught:
        run_experiment(toy.scenario("kill=13"), model=toy.MODEL, jobs=2, chunk=8, folder=tmp_path / "r")
    assert caught.value.exit_code == 1
    with pytest.raises(UserError, match="not finished"):
        read_outcome(tmp_path / "r")


def test_a_script_without_a_guard_is_told_so(tmp_path: Path) -> None:
    """Each worker imports the script; where that begins another experiment, the message says what to write."""
    script = tmp_path / "script.py"
    script.write_text(
        "from orgsim.experiments.experiment import run_experiment\n"
        "from tests.experiments import toy\n"
        "run_experiment(toy.scenario(), model=toy.MODEL, jobs=1)\n"
    )
    done = subprocess.run([sys.executable, str(script)], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "must do so under `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]


def test_a_script_without_a_guard_is_told_so_of_a_large_scenario(tmp_path: Path) -> None:
    """Also where what is sent to the worker is more than a pipe holds, so that sending it would never end."""
    script = tmp_path / "script.py"
    company = Path(__file__).parents[2] / "scenarios" / "company" / "freeze.yaml"
    script.write_text(
        "from orgsim import read_scenario, run_experiment\n"
        f"run_experiment(read_scenario({str(company)!r}), replications=4, jobs=1)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 1
    assert "must do so under `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]


def test_an_executor_that_was_given_stays_open() -> None:
    """It belongs to whoever made it; and when it breaks, it is not for us to make it anew."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        scenario = toy.scenario(replications=5)
        first = run_experiment(scenario, model=toy.MODEL, executor=executor)
        assert first.digest == run_experiment(scenario, model=toy.MODEL, executor=executor).digest
        assert executor.submit(abs, -1).result() == 1
        with pytest.raises(UserError, match="the executor broke, and cannot be made anew"):
            run_experiment(toy.scenario("kill=3"), model=toy.MODEL, executor=executor)


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Results of two versions must not be mixed."""
    monkeypatch.setattr(pools, "hello", lambda: "9.9.9")
    monkeypatch.setattr(pools.Given, "start", lambda pool: pools.check_version(pool._executor.submit(str, "9.9.8")))
    with pytest.raises(UserError, match=r"a worker runs orgsim 9\.9\.8, and this is orgsim 9\.9\.9"):
        run_experiment(toy.scenario(), model=toy.MODEL, executor="serial")
