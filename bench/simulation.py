"""How fast replications run, as ratios to a bare SimPy timeout loop in the same process.

    python bench/simulation.py [--quick]

Every ratio is a median of pairs, in CPU time: some replications, and right after them a process that waits one day
again and again.  A *row* is an event of the replication's ledger, a *model event* an exit or a fill of the seat model.
"""

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import simpy
from companies import everything, organization, seats

from orgsim.experiments.experiment import run_experiment
from orgsim.scenario.model import Scenario
from orgsim.simulate.engine import FlowMaker, compile_world, simulate
from orgsim.simulate.kernel import STAGE, Calendar
from orgsim.simulate.measures import measure
from orgsim.simulate.standing.tables import is_standing
from orgsim.simulate.world import World

sys.path.insert(0, str(Path(__file__).parents[1]))
BARE, BATCH = 100_000, 10


def bare() -> float:
    """CPU seconds of one timeout of one process, and of nothing else."""

    def wait(environment: simpy.Environment) -> Iterator[simpy.Event]:
        while True:
            yield environment.timeout(1)

    environment = simpy.Environment()
    environment.process(wait(environment))
    start = time.process_time()
    environment.run(until=BARE)
    return (time.process_time() - start) / BARE


def ratio(world: World, runs: int, flows: Sequence[FlowMaker] = ()) -> tuple[float, float]:
    """Bare timeouts for each row, and CPU seconds of a replication: medians."""
    ratios, seconds = [], []
    simulate(world, 10_000, flows=flows)
    for k in range(runs):
        gc.collect()
        gc.disable()
        start = time.process_time()
        rows = len(simulate(world, k, flows=flows).rows)
        spent = time.process_time() - start
        ratios.append(spent / rows / bare())
        gc.enable()
        seconds.append(spent)
    return statistics.median(ratios), statistics.median(seconds)


def seat_process(
    environment: simpy.Environment, draw: "Iterator[tuple[float, float]]", log: list[float]
) -> Iterator[simpy.Event]:
    """A process for each seat: the way SimPy models are usually written."""
    for stay, fill in draw:
        yield environment.timeout(stay)
        log.append(environment.now)
        yield environment.timeout(fill)
        log.append(environment.now)


def seat_model(world: World, runs: int) -> dict[str, float]:
    """The seat model, beside a process for each seat with the standard library's generator of random numbers."""
    import random

    def draws(stream: random.Random) -> Iterator[tuple[float, float]]:
        while True:
            yield stream.expovariate(0.15 / 365.25), stream.lognormvariate(4.0943445622221, 0.6)

    posts = len(world.posts)
    ours, flows, theirs = [], [], []
    opening = len(simulate(world, 10_000).rows)
    for k in range(runs):
        gc.collect()
        gc.disable()
        spent, events = 0.0, 0
        for number in range(BATCH * k, BATCH * k + BATCH):
            start = time.process_time()
            found = simulate(world, number)
            spent += time.process_time() - start
            events += sum(1 + (v.ended is not None) for v in found.vacancies)
            del found
        ours.append(spent / events / bare())
        events = sum(1 + (v.ended is not None) for v in simulate(world, k).vacancies)
        start = time.process_time()
        simulate(world, k, flows=[lambda _run: None])  # a flow of one's own asks for the calendar
        flows.append((time.process_time() - start) / events / bare())
        stream, log = random.Random(k), []  # noqa: S311
        environment = simpy.Environment()
        start = time.process_time()
        for _ in range(posts):
            environment.process(seat_process(environment, draws(stream), log))
        environment.run(until=world.horizon)
        theirs.append((time.process_time() - start) / len(log) / bare())
        gc.enable()
    return {
        "ours": statistics.median(ours),
        "ours by the calendar": statistics.median(flows),
        "process for each seat": statistics.median(theirs),
        "times ours": statistics.median([their / our for their, our in zip(theirs, ours, strict=True)]),
        "rows": opening,
    }


def waiting_bytes(size: int = 100_000) -> float:
    """Bytes of memory for each thing that waits on the calendar."""
    gc.collect()
    tracemalloc.start()
    calendar = Calendar(1e9)
    alarms = [calendar.after(1.0 + number, STAGE, 0, print, None) for number in range(size)]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / len(alarms)


def user_time(scenario: Scenario, replications: int) -> float:
    """Seconds on the wall of an experiment on two cores."""
    start = time.perf_counter()
    run_experiment(scenario, replications=replications, jobs=2)
    return time.perf_counter() - start


def main() -> None:
    """Print it all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the runs, and only small companies")
    quick = parser.parse_args().quick
    runs = 5 if quick else 21
    seat_world = compile_world(seats(1000))
    for name, value in seat_model(seat_world, runs).items():
        print(f"seat model, 1,000 posts, {name}: {value:.2f}")
    measured = {}
    for size in (1000,) if quick else (1000, 20_000):
        for company in (organization, everything):
            world, few = compile_world(company(size)), runs if size == 1000 else 3
            per_row, seconds = ratio(world, few)
            measured[company, size] = seconds
            each = f"{per_row:.1f} bare timeouts a row, {1000 * seconds:.0f} ms a replication"
            if is_standing(world):
                each += f"; by the flows {ratio(world, few, [lambda _run: None])[0]:.1f}"
            print(f"{company.__name__}, {size:,} posts: {each}")
    small = compile_world(everything(1000))
    found = simulate(small, 0)
    start = time.process_time()
    measure(small, found)
    print(f"its measures: {1000 * (time.process_time() - start):.0f} ms")
    if not quick:
        grown = measured[everything, 20_000] / measured[everything, 1000]
        print(f"20 times the posts: {grown:.0f} times the time")
        print(f"everything, 1,000 posts, 1,000 replications, 2 processes: {user_time(everything(1000), 1000):.0f} s")
    print(f"{waiting_bytes():.0f} bytes for each thing that waits")


if __name__ == "__main__":
    main()
