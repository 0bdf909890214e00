"""How fast tables of other systems become ledgers, against `csv.reader` alone on the same file, in one run.

    python bench/importing.py [PEOPLE]

PEOPLE (300,000 if not given) is the size of an invented table of employees that is imported, proved and written as a
ledger, in a process of its own.  With ORGSIM_DATA set, the senior posts of the UK organograms are imported as well.
"""

import csv
import datetime as dt
import gzip
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from orgsim import importers
from orgsim.collector import paused
from orgsim.writing import ledger_lines

SPAN, SMALL = 8, 20_000
FIRST, DAYS = dt.date(2004, 1, 5), 7300
HEADER = (
    "Employee ID",
    "Name",
    "Hire Date",
    "Termination Date",
    "Termination Reason",
    "Manager ID",
    "Position ID",
    "Job Title",
    "Division",
    "Department",
    "FTE",
    "Employment Type",
    "Location",
)


def write_table(path: Path, people: int) -> None:
    """An invented company: everybody reports to somebody hired before; three in ten have left."""
    luck = random.Random(1)  # noqa: S311 - nothing secret
    last = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for at in range(people):
            hired = FIRST + dt.timedelta(days=DAYS * at // people)
            left = hired + dt.timedelta(days=luck.randint(30, 3000)) if at > SPAN and luck.random() < 0.3 else None
            last[at] = left
            boss = (at - 1) // SPAN if at else None
            while boss and last[boss] is not None:
                boss = (boss - 1) // SPAN
            rows.writerow((
                f"{at:07}",
                f"Given{at % 5000} Family{at // 7}",
                hired,
                left or "",
                "Resignation" if left else "",
                "NO_MANAGER" if boss is None else f"{boss:07}",
                f"P{at:07}" if at % 4 else "",
                f"Engineer {at % 40}",
                f"Division {at % 12}",
                f"Department {at % 300}",
                "1" if at % 9 else "0.5",
                "Contractor" if at % 20 == 0 else "Full-Time",
                "Berlin",
            ))  # fmt: skip


def bare(path: Path) -> float:
    """CPU seconds of `csv.reader`, every row taken and thrown away."""
    start = time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass
    return time.process_time() - start


def whole(format_: str, paths: list[Path], out: Path, options: importers.Options) -> dict[str, float]:
    """CPU seconds of each step from a table to a written ledger."""
    steps = {}
    start = time.process_time()
    imported = importers.load(format_, paths, options)
    steps["import"] = time.process_time() - start
    start = time.process_time()
    ledger = imported.ledger()
    steps["prove"] = time.process_time() - start
    start = time.process_time()
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(ledger_lines(ledger))
    steps["write"] = time.process_time() - start
    steps["events"] = len(ledger.events)
    return steps


def told(what: str, rows: int, alone: float, steps: dict[str, float]) -> None:
    """Print the figures of one table."""
    seconds = steps["import"]
    print(f"{what}: {rows:,} rows, {steps['events']:,.0f} events")
    print(f"{rows / seconds:12,.0f}  rows/s imported, {alone / seconds:.4f} of the rate of csv.reader alone")
    total = seconds + steps["prove"] + steps["write"]
    parts = ", ".join(f"{steps[step]:.1f} {step}" for step in ("import", "prove", "write"))
    print(f"{total:12.1f}  s from table to ledger: {parts}")


def employees(people: int) -> None:
    """An invented table of employees."""
    with paused(), tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "employees.csv"
        write_table(table, people)
        options = importers.Options(organization="acme", known=dt.date(2024, 1, 1))
        steps = whole("employees", [table], Path(folder) / "ledger.yaml", options)
        told("employees", people, bare(table), steps)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12,.0f}  megabytes at most")


def organograms(data: Path) -> None:
    """The UK organograms, half-yearly: senior posts, and numbers of junior ones."""
    senior, junior = (data / "uk-organograms" / name for name in ("senior_give.csv", "junior_give.csv.gz"))
    with paused(), tempfile.TemporaryDirectory() as folder:
        steps = whole("organogram", [senior, junior], Path(folder) / "ledger.yaml", importers.Options())
        plain = Path(folder) / "rows.csv"
        plain.write_bytes(senior.read_bytes() + gzip.decompress(junior.read_bytes()))
        with plain.open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 2
        told("organograms", rows, bare(plain), steps)


if __name__ == "__main__":
    if sys.argv[1:2] == ["alone"]:
        employees(int(sys.argv[2]))
    else:
        for size in (SMALL, int((*sys.argv[1:], "300000")[0])):
            subprocess.run([sys.executable, __file__, "alone", str(size)], check=True)  # noqa: S603
        if os.environ.get("ORGSIM_DATA"):
            organograms(Path(os.environ["ORGSIM_DATA"]))
