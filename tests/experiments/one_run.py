"""A program that runs a toy experiment and prints its digest: EXECUTOR WORKERS CHUNK FATE FOLDER."""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from orgsim.experiments.experiment import Interrupted, Progress, run_experiment
from orgsim.scenario.model import Scenario
from tests.experiments import toy

COUNT = 40


def scenarios(words: str = "") -> tuple[Scenario, dict[str, Scenario]]:
    """A toy and a variant of it."""
    return toy.scenario(words, replications=COUNT), {"more": toy.scenario(f"{words} mean=110")}


def main(executor: str, workers: int, chunk: int, fate: str, folder: Path) -> None:
    """Run it; the worker of one replication is killed once, or the run is interrupted after a third and resumed."""
    scenario, variants = scenarios(f"killonce=23:{folder / 'killed'}" if fate == "killed" else "")
    engine: Any = executor
    if executor in ("spawn", "fork"):
        engine = partial(ProcessPoolExecutor, workers, mp_context=get_context(executor))

    def run(**more: Any) -> str:
        found = run_experiment(
            scenario,
            variants=variants,
            executor=engine,
            jobs=workers,
            chunk=chunk,
            model=toy.MODEL,
            folder=folder / "result",
            **more,
        )
        return found.digest

    def stop(progress: Progress) -> None:
        if progress.done >= COUNT // 3:
            raise KeyboardInterrupt

    if fate == "resumed":
        try:
            run(progress=stop)
        except Interrupted as stopped:
            if stopped.done < COUNT // 3:
                raise SystemExit(f"only {stopped.done} were kept") from None
        else:
            raise SystemExit("it was not interrupted")
    print(run(resume=True))  # noqa: T201 - what this program is for


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], Path(sys.argv[5]))
