"""What the columnar form costs at its edges: reading a CSV, the index beside a file, a first answer from cold.

    python bench/columns.py [PEOPLE]

Ratios are medians of paired runs in one process, in CPU time and on the clock; commands are cold processes, and the
quickest of some runs counts, for nothing else makes a run shorter.  A small ledger is asked beside a plain loop over
its events, which gives the same answers.
"""

import datetime as dt
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from company import company
from startup import cost

from orgsim.columns import store
from orgsim.columns.opening import open_columns, read_ledger, small
from orgsim.columns.saving import save_columns
from orgsim.differences import diff
from orgsim.events import Appoint, CreatePost, Depart, Event, Report, Vacate
from orgsim.ledger import Ledger

PEOPLE, RUNS, SEED = 100_000, 5, 8
CSV_PEOPLE, SMALL_PEOPLE = 86_000, 1_000
"""How many people have a million events, and how many a small ledger has."""
DAYS = [dt.date(2016, 3, 1), dt.date(2018, 7, 15), dt.date(2019, 5, 1), dt.date(2021, 11, 30), dt.date(2023, 2, 1)]
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
        out = ["-o", str(path.with_suffix(".svg"))] if command == "plot" else []
        kind, rest = ([words[0]], words[1:]) if command == "plot" else ([], words)
        call = [sys.executable, "-m", "orgsim", command, *kind, str(path), *rest, *out]
        subprocess.run(call, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - once before, for compiled sources
        cpu, clock = (min(column) for column in zip(*(cost(call) for _ in range(RUNS)), strict=True))
        print(f"{clock:10.2f}  seconds on the clock, {cpu:.2f} of CPU: orgsim {command} {' '.join((*kind, *rest))}")


# ------------------------------------------------------------------------------------------------------- small


State = tuple[dict[str, str | None], dict[str, str | None], dict[str, str]]


def replayed(events: Iterable[Event], day: dt.date) -> State:
    """Who holds each post, where it reports, and which post each person holds: a plain loop up to a day."""
    holder: dict[str, str | None] = {}
    boss: dict[str, str | None] = {}
    held: dict[str, str] = {}
    for event in events:
        if event.date.day > day:
            break
        if isinstance(event, CreatePost):
            boss[event.post], holder[event.post] = event.reports_to, None
        elif isinstance(event, Report) and event.post is not None and event.id is None:
            boss[event.post] = event.to  # those with an id are retracted in the end
        elif isinstance(event, Appoint) and event.person is not None:
            holder[event.post], held[event.person] = event.person, event.post
        elif isinstance(event, Vacate | Depart) and event.person in held:
            holder[held.pop(event.person)] = None
    return holder, boss, held


def chain(state: State, person: str) -> list[str]:
    """The posts above the one a person holds."""
    _, boss, held = state
    found, at = [], boss.get(held[person])
    while at is not None and at != "none":
        found.append(at)
        at = boss.get(at)
    return found


def differing(one: State, other: State) -> set[str]:
    """The posts with another holder or line, or that came or went."""
    posts = one[0].keys() | other[0].keys()
    return {post for post in posts if any(one[at].get(post) != other[at].get(post) for at in (0, 1))}


def checked(ledger: Ledger) -> list[str]:
    """Somebody for each day; stop if the loop and the ledger do not agree."""
    people = []
    for day in DAYS:
        chart, (holder, boss, held) = ledger.chart(day), replayed(ledger.events, day)
        posts = {
            post.id: (chart.holder(post.id), post.line.to if post.line else None)
            for post in chart.posts
            if post.personal is None
        }
        person = sorted(held)[len(held) // 2]
        if posts != {post: (holder[post], boss[post]) for post in holder}:
            raise SystemExit("the charts differ")
        if [post.id for post in chart.chain(person)] != chain((holder, boss, held), person):
            raise SystemExit("the chains differ")
        people.append(person)
    return people


def small_ledger(folder: Path) -> None:
    """A chart, a chain and a difference of a small ledger, beside a plain loop over its events."""
    path = folder / "small.parquet"
    pyarrow.parquet.write_table(plain(company(SMALL_PEOPLE, SEED)), path)
    ledger = small(path)
    events, people = ledger.events, checked(ledger)
    months = [(day, day + dt.timedelta(days=30)) for day in DAYS]
    asks: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "chart": (
            lambda: [replayed(events, day) for day in DAYS],
            lambda: [ledger.chart(day) for day in DAYS],
        ),
        "chain of a person": (
            lambda: [chain(replayed(events, day), person) for day, person in zip(DAYS, people, strict=True)],
            lambda: [ledger.chart(day).chain(person) for day, person in zip(DAYS, people, strict=True)],
        ),
        "diff of a month": (
            lambda: [differing(replayed(events, a), replayed(events, b)) for a, b in months],
            lambda: [diff(ledger.chart(a), ledger.chart(b)) for a, b in months],
        ),
        "diff of a year or two": (
            lambda: [differing(replayed(events, a), replayed(events, b)) for a, b in pairwise(DAYS)],
            lambda: [diff(ledger.chart(a), ledger.chart(b)) for a, b in pairwise(DAYS)],
        ),
    }
    print(f"a ledger of {SMALL_PEOPLE:,} people and {len(events):,} events, a plain loop over them / orgsim:")
    for name, (loop, ours) in asks.items():
        ratios = [timed(loop)[0] / timed(ours)[0] for _ in range(5 * RUNS)]
        print(f"{statistics.median(ratios):10.2f}  {name}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        small_ledger(here)
        reading(here)
        commands(index(here, int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
