"""How fast ledgers are read and proved, as ratios to PyYAML's bare event stream and to each other, in one run.

    python bench/reading.py

Every ratio is the median of paired runs, in CPU time of this process, so that a noisy machine matters little.
"""

import gc
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import yaml
from ledgers import ledger_text

from orgsim.collector import paused
from orgsim.ledger import Ledger
from orgsim.reading.reader import Reader

EVENTS, RUNS = 20_000, 7


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def bare_stream(data: bytes) -> None:
    """PyYAML's C parser, every event taken and thrown away: what no reader on top of it can beat."""
    loader = yaml.CSafeLoader(data.decode())
    while not isinstance(loader.get_event(), yaml.StreamEndEvent):
        pass


def read(data: bytes) -> Reader:
    """All shape checks, and every event as an object."""
    reader = Reader()
    with paused():
        reader.read_file("bench.yaml", data)
    return reader


def fold(reader: Reader) -> Ledger:
    """All history checks at every known date, and the timeline."""
    return Ledger(reader.events, reader.people.values(), reader.sources.values())


def ratios() -> dict[str, float]:
    """The medians of paired runs."""
    on_the_day = ledger_text(EVENTS).encode()
    late = ledger_text(EVENTS, late=0.4).encode()
    rates, folds, lates = [], [], []
    for _ in range(RUNS):
        bare = timed(lambda: bare_stream(on_the_day))
        reading = timed(lambda: read(on_the_day))
        reader, behind = read(on_the_day), read(late)
        rates.append(bare / reading)
        folds.append(timed(partial(fold, reader)) / reading)
        lates.append(timed(partial(fold, behind)) / reading)
    behindhand = sum(event.known != event.date.day for event in behind.events) / len(behind.events)
    return {
        "reading, as a share of the rate of PyYAML's bare event stream": statistics.median(rates),
        f"checking and folding {EVENTS:,} events recorded on their day / reading them": statistics.median(folds),
        f"the same with {behindhand:.0%} of them recorded late / reading them": statistics.median(lates),
    }


def memory() -> dict[str, float]:
    """Megabytes while 100,000 events are read in a process of its own, and bytes an event keeps."""
    code = "import reading; reading.measure_memory()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=sys.path[0])  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure_memory() -> None:
    """The other side of `memory`."""
    data = ledger_text(100_000).encode()
    gc.collect()
    before = resident()
    reader = read(data)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gc.collect()
    kept = resident() - before
    ledger = fold(reader)
    gc.collect()
    proved = resident() - before
    count = len(ledger.events)
    print(
        json.dumps(
            {
                "megabytes above what is kept while 100,000 events are read": peak - before - kept,
                "bytes an event keeps": kept * 2**20 / count,
                "bytes an event keeps with the ledger's timeline": proved * 2**20 / count,
            }
        )
    )


def resident() -> float:
    """Megabytes this process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    for what, value in (ratios() | memory()).items():
        print(f"{value:10,.2f}  {what}")
