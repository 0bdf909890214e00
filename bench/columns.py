"""What the columnar form costs at its edges: reading a CSV, the index beside a file, a first answer from cold.

    python bench/columns.py [PEOPLE]

Ratios are medians of paired runs in one process, in CPU time and on the clock; commands are cold processes, and the
quickest of some runs counts, for nothing else makes a run shorter.
"""

import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from company import company
from startup import cost

from orgsim.columns.files import store
from orgsim.columns.files.opening import open_columns, read_ledger
from orgsim.columns.files.saving import save_columns

PEOPLE, RUNS, SEED = 100_000, 5, 8
CSV_PEOPLE = 86_000
"""How many people have a million events."""
COMMANDS = (
    ("replay", "--at", "2020-06-01"),
    ("metrics", "--to", "2021-01-01"),
    ("diff", "2019-01-01", "2020-01-01"),
    ("plot", "headcount"),
)
TABLE = ("table", "ids", "texts", "rest", "sparse")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of CPU and on the clock of one call."""
    gc.collect()
    cpu, clock = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - clock


# ------------------------------------------------------------------------------------------------------- files


def plain(events: pa.Table) -> pa.Table:
    """The same columns without dictionaries."""
    texts = (pa.string() if pa.types.is_dictionary(field.type) else field.type for field in events.schema)
    return events.cast(pa.schema(list(map(pa.field, events.column_names, texts))))


def reading(folder: Path) -> None:
    """A CSV of a million events, read and held to every rule, beside a bare reading of the same file."""
    events, path = plain(company(CSV_PEOPLE, SEED)), folder / "events.csv"
    pyarrow.csv.write_csv(events, path)
    pairs = []
    for _ in range(RUNS):
        bare, whole = timed(lambda: pyarrow.csv.read_csv(path)), timed(lambda: read_ledger(path))
        pairs.append([ours / theirs for ours, theirs in zip(whole, bare, strict=True)])
    cpu, clock = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"a CSV of {len(events):,} events, all rules checked / read by pyarrow.csv:")
    print(f"{cpu:10.2f}  in CPU time\n{clock:10.2f}  on the clock")


def index(folder: Path, people: int) -> Path:
    """A saved ledger with its index, and how many bytes of it an event has."""
    path = folder / "ledger.parquet"
    pyarrow.parquet.write_table(plain(company(people, SEED)), path)
    save_columns(open_columns(path, keep=False), path)
    cpu, clock = timed(lambda: open_columns(path))
    count = len(open_columns(path))
    sizes = {file.name: file.stat().st_size for file in store.folder_of(path).iterdir()}
    table = sum(size for name, size in sizes.items() if name.partition("-")[0] in TABLE)
    print(f"a saved ledger of {people:,} people, {count:,} events:")
    print(f"{cpu:10.2f}  seconds of CPU to read and check it, and to keep the index; {clock:.2f} on the clock")
    print(
        f"{(sum(sizes.values()) - table) / count:10.2f}  bytes of index an event, beside {table / count:.2f} of its own"
    )
    return path


def commands(path: Path) -> None:
    """The quickest of some cold runs of each command."""
    for command, *words in COMMANDS:
        out = ["--force", "-o", str(path.with_suffix(".svg"))] if command == "plot" else []
        kind, rest = ([words[0]], words[1:]) if command == "plot" else ([], words)
        call = [sys.executable, "-m", "orgsim", command, *kind, str(path), *rest, *out]
        subprocess.run(call, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - once before, for compiled sources
        cpu, clock = (min(column) for column in zip(*(cost(call) for _ in range(RUNS)), strict=True))
        print(f"{clock:10.2f}  seconds on the clock, {cpu:.2f} of CPU: orgsim {command} {' '.join((*kind, *rest))}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        reading(here)
        commands(index(here, int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
