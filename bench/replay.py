"""A large organization, replayed by orgsim beside Polars, DuckDB, SQLite, Raphtory and plain Python.

One seeded generator makes the events.  A naive replay, a loop over the events, gives the intervals that the other
engines are handed; orgsim gets the events.  All answers are compared before anything is timed.
`python bench/replay.py` measures, and writes the table and the picture of the docs; with numbers it only prints.
"""

import datetime as dt
import json
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from company import company
from engines import END, ENGINES

from orgsim.columns.arrays import where
from orgsim.columns.filling import columns_to_table
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.measures import headcounts_by_unit
from orgsim.columns.parquet import Columns
from orgsim.columns.quick import prepared
from orgsim.columns.screen import screened
from orgsim.columns.shape import layers, spans
from orgsim.columns.shapes import misshapen

DOCS = Path(__file__).parents[1] / "docs" / "reference"
SIZES = (1_000, 10_000, 100_000)
SEED, REPEATS = 8, 7
DAYS = [dt.date(2016, 3, 1), dt.date(2018, 7, 15), dt.date(2019, 5, 1), dt.date(2021, 11, 30), dt.date(2023, 2, 1)]
MONTHS = [dt.date(2014 + month // 12, month % 12 + 1, 1) for month in range(120)]
QUESTIONS = ("load", "chart", "chain", "diff", "series", "layers", "known")
ABOUT = {
    "load": "columns to ready",
    "chart": "whole chart",
    "chain": "chain of one",
    "diff": "diff of two dates",
    "series": "120 months by unit",
    "layers": "layers",
    "known": "chart at (D, K)",
}


def intervals(events: Any) -> dict[str, dict[str, Any]]:
    """What is so from when to when, by a loop over the events that knows nothing of orgsim."""
    names = ("event", "date", "known", "person", "post", "unit", "to", "reports_to", "id", "of")
    columns = {name: events[name].to_pylist() for name in names}
    number = {
        post: at
        for at, post in enumerate(
            p for p, e in zip(columns["post"], columns["event"], strict=True) if e == "create-post"
        )
    }
    unit_of = {
        unit: at
        for at, unit in enumerate(u for u, e in zip(columns["unit"], columns["event"], strict=True) if e == "open-unit")
    }
    until = {of: known.toordinal() for of, known in zip(columns["of"], columns["known"], strict=True) if of is not None}
    seats, staff, past = _Open(), _Open(), []
    post_of: dict[str, str | None] = {}
    people: dict[str, int] = {}
    order = sorted(range(len(columns["event"])), key=lambda row: columns["date"][row])
    for row in order:
        kind, day = columns["event"][row], columns["date"][row].toordinal()
        person, post = columns["person"][row], columns["post"][row]
        if kind in ("create-post", "report"):
            boss = number.get(columns["to"][row] or columns["reports_to"][row], -1)
            gone = until.get(columns["id"][row], END) if columns["id"][row] else END
            past.append((number[post], len(past), day, columns["known"][row].toordinal(), gone, boss))
            if kind == "create-post":
                seats.put(number[post], day, (-1, boss))
                staff.put(-number[post] - 1, day, (unit_of[columns["unit"][row]],))
            elif gone == END:
                seats.put(number[post], day, (seats.now[number[post]][1][0], boss))
        elif kind == "change-post" and columns["unit"][row] is not None:
            unit = unit_of[columns["unit"][row]]
            staff.put(-number[post] - 1, day, (unit,))
            holder = seats.now[number[post]][1][0]
            if holder >= 0:
                staff.put(holder, day, (unit,))
        elif kind == "hire":
            people.setdefault(person, len(people))
            staff.put(people[person], day, (unit_of["acme"],))
        elif kind == "appoint":
            post_of[person] = post
            seats.put(number[post], day, (people[person], seats.now[number[post]][1][1]))
            staff.put(people[person], day, staff.now[-number[post] - 1][1])
        elif kind in ("vacate", "depart"):
            held = post_of.pop(person, None)
            if held is not None:
                seats.put(number[held], day, (-1, seats.now[number[held]][1][1]))
            staff.put(people[person], day, (unit_of["acme"],) if kind == "vacate" else None)
    names = ("post", "row", "day", "known", "until", "boss")
    return {
        "seats": seats.columns("post", "holder", "boss"),
        "staff": staff.columns("person", "unit"),
        "past": {name: np.array(column, np.int32) for name, column in zip(names, zip(*past, strict=True), strict=True)},
    }


class _Open:
    """Intervals being made: what each subject is now, and since when."""

    def __init__(self) -> None:
        self.now: dict[int, tuple[int, tuple[int, ...]]] = {}
        self.done: list[tuple[int, ...]] = []

    def put(self, subject: int, day: int, value: tuple[int, ...] | None) -> None:
        before = self.now.pop(subject, None)
        if before is not None and before[0] < day:
            self.done.append((subject, before[0], day, *before[1]))
        if value is not None:
            self.now[subject] = day, value

    def columns(self, subject: str, *names: str) -> dict[str, Any]:
        rows = self.done + [(key, start, END, *value) for key, (start, value) in self.now.items()]
        rows = sorted(row for row in rows if row[0] >= 0)
        titles = (subject, "start", "end", *names)
        return {name: np.array(column, np.int32) for name, column in zip(titles, zip(*rows, strict=True), strict=True)}


# ------------------------------------------------------------------------------------------------------- orgsim


class Orgsim:
    """The columnar ledger, through its public questions."""

    name = "orgsim"

    def __init__(self, events: Any) -> None:
        """From the columns of a file, with every rule checked."""
        columns = Columns(events)
        misshapen(columns, "events")
        self.ledger = ColumnarLedger(columns_to_table(columns, file="events"))
        screened(self.ledger)
        prepared(self.ledger)
        self.ledger.late_rows  # noqa: B018 - part of getting ready
        self.first = self.ledger.table.people

    def chart(self, day: dt.date) -> Any:
        """Every seat, who holds it and where it reports."""
        return self.ledger.chart(day).whole

    def chain(self, post: str, day: dt.date) -> tuple[str, ...]:
        """The seats above one."""
        return self.ledger.chart(day).chain_ids(post)

    def diff(self, first: dt.date, last: dt.date) -> int:
        """How many seats have another holder or line, or came or went."""
        size = self.ledger.table.sizes[1]
        states = []
        for day in (first, last):
            now = self.ledger.chart(day).whole
            both = np.full((2, size), -9, np.int32)
            both[:, now.post - self.first] = now.holder, now.to
            states.append(both)
        return int((states[0] != states[1]).any(axis=0).sum())

    def series(self, days: list[dt.date]) -> Any:
        """The headcount of each unit on each day."""
        self.ledger._staff = None  # noqa: SLF001 - nothing kept from the last time
        return headcounts_by_unit(self.ledger, days)

    def layers(self, day: dt.date) -> Any:
        """How many seats are how deep."""
        moment = self.ledger.moment(day)
        spans(moment)
        return layers(moment).distribution

    def known(self, day: dt.date, learned: dt.date) -> Any:
        """The chart of a day as known on a day."""
        return self.ledger.chart(day, learned).whole


def pairs(found: Any) -> list[tuple[int, ...]]:
    """The rows of any engine's answer, in order."""
    if hasattr(found, "rows"):
        return sorted(found.rows())
    if hasattr(found, "to_pydict"):
        return sorted(zip(*found.to_pydict().values(), strict=True))
    return sorted(tuple(row) for row in found)


def compared(ours: Orgsim, peers: list[Any]) -> None:
    """Stop if any answers differ."""
    table, first = ours.ledger.table, ours.first
    for day in DAYS[:3]:
        now = ours.chart(day)
        holder, to = now.holder, np.where(now.to < 0, -1, now.to - first)
        people = {table.ids[at]: at for at in np.unique(holder).tolist() if at >= 0}
        del people
        mine = sorted(zip((now.post - first).tolist(), holder.tolist(), to.tolist(), strict=True))
        learned = ours.known(day, day)
        mine_known = sorted(
            zip((learned.post - first).tolist(), np.where(learned.to < 0, -1, learned.to - first).tolist(), strict=True)
        )
        chain = [int(name[5:]) for name in ours.chain("seat-777", day)]
        for peer in peers:
            if peer.name == "Raphtory":
                continue
            found = peer.chart(day.toordinal())
            rows = sorted((p, *v) for p, v in found.items()) if isinstance(found, dict) else pairs(found)
            _same(peer, "chart", rows, mine)
            _same(peer, "chain", peer.chain(777, day.toordinal()), chain)
            _same(peer, "diff", peer.diff(day.toordinal(), DAYS[4].toordinal()), ours.diff(day, DAYS[4]))
            if hasattr(peer, "layers"):
                _same(peer, "layers", sorted(peer.layers(day.toordinal()).items()), list(ours.layers(day).counts))
            if hasattr(peer, "known"):
                told = [row[:2] for row in pairs(peer.known(day.toordinal(), day.toordinal()))]
                _same(peer, "known", told, mine_known)
            if hasattr(peer, "series"):
                _same(peer, "series", _months(peer.series([d.toordinal() for d in MONTHS])), _ours_by_month(ours))


def _months(found: Any) -> int:
    """A number that tells series apart: the sum of all counts, weighted by unit and month."""
    rows = found.rows() if hasattr(found, "rows") else list(zip(*found.to_pydict().values(), strict=True))
    names = found.columns if hasattr(found, "rows") else found.column_names
    at = {name: place for place, name in enumerate(names)}
    counts = np.zeros((len(MONTHS) + 1, 1 + max(row[at["unit"]] for row in rows)), np.int64)
    steps = sorted((row[at["unit"]], row[at["month"]], int(row[at["count"]])) for row in rows)
    for unit, month, count in steps:
        counts[month:, unit] = count
    return _weighed(counts[: len(MONTHS), 1:])


def _ours_by_month(ours: Orgsim) -> int:
    return _weighed(ours.series(MONTHS)[:, 1:])


def _weighed(counts: Any) -> int:
    rows, units = counts.shape
    return int((counts * (np.arange(rows)[:, None] + 1) * (np.arange(units) + 3)).sum())


def _same(peer: Any, question: str, theirs: Any, ours: Any) -> None:
    if theirs != ours:
        raise SystemExit(f"{peer.name} and orgsim differ in {question}: {str(theirs)[:300]} / {str(ours)[:300]}")


# ------------------------------------------------------------------------------------------------------- timing


def timed(ask: Callable[[], Any], repeats: int = REPEATS) -> float:
    """The median of some runs, in milliseconds; one long run is enough."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
        if times[0] > 5000:
            break
    return statistics.median(times)


def measured(people: int) -> dict[str, dict[str, float]]:
    """Every question to every engine, in milliseconds."""
    events = company(people, SEED)
    tables = intervals(events)
    found: dict[str, dict[str, float]] = {}
    start = time.perf_counter()
    ours = Orgsim(events)
    found["orgsim"] = {"load": 1000 * (time.perf_counter() - start), "events": len(ours.ledger)}
    peers = []
    for engine in ENGINES:
        if engine.name == "Raphtory" and people > 100_000:
            continue
        start = time.perf_counter()
        try:
            peers.append(engine(tables))
        except ImportError:
            continue
        found[engine.name] = {"load": 1000 * (time.perf_counter() - start)}
    _numbered(ours, tables)
    compared(ours, peers)
    posts = [int(post) for post in np.random.default_rng(3).integers(0, people // 2, 5)]
    for engine in (ours, *peers):
        found[engine.name].update(_asked(engine, posts, own=engine is ours))
    return found


def _numbered(ours: Orgsim, tables: Any) -> None:
    """People have the numbers of the order in which they are first hired, in both."""
    seats = tables["seats"]
    if int(seats["holder"].max()) >= ours.first or not len(where(seats["holder"] >= 0)):
        raise SystemExit("people are numbered otherwise")


def _asked(engine: Any, posts: list[int], *, own: bool) -> dict[str, float]:
    def day(date: dt.date) -> Any:
        return date if own else date.toordinal()

    def seat(post: int) -> Any:
        return f"seat-{post}" if own else post

    asks = {
        "chart": lambda: [engine.chart(day(date)) for date in DAYS],
        "chain": lambda: [engine.chain(seat(post), day(date)) for post, date in zip(posts, DAYS, strict=True)],
        "diff": lambda: [engine.diff(day(first), day(last)) for first, last in pairwise(DAYS)],
        "series": lambda: engine.series([day(date) for date in MONTHS]),
        "layers": lambda: [engine.layers(day(date)) for date in DAYS],
        "known": lambda: [engine.known(day(date), day(date)) for date in DAYS],
    }
    count = {"chart": 5, "chain": 5, "diff": 4, "series": 1, "layers": 5, "known": 5}
    return {name: timed(ask) / count[name] for name, ask in asks.items() if hasattr(engine, name)}


def exponent(sizes: list[int], times: list[float]) -> float:
    """How cost grows with size: the slope of a line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


# ------------------------------------------------------------------------------------------------------- telling


def number(value: float | None) -> str:
    """Milliseconds, to two or three figures."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def page(results: dict[int, dict[str, dict[str, float]]]) -> str:
    """The tables, in Markdown."""
    lines = ["<!-- Made by `make bench`. -->", ""]
    for people, found in results.items():
        lines += [f"## {people:,} seats, {found['orgsim']['events']:,.0f} events", ""]
        lines += ["| milliseconds | " + " | ".join(ABOUT.values()) + " |", "|---|" + "---:|" * len(ABOUT)]
        for engine, times in found.items():
            lines.append(f"| {engine} | " + " | ".join(number(times.get(name)) for name in ABOUT) + " |")
        lines.append("")
    sizes = list(results)
    if len(sizes) > 1:
        lines += ["## How cost grows", "", "| | " + " | ".join(ABOUT.values()) + " |", "|---|" + "---:|" * len(ABOUT)]
        slopes = (exponent(sizes, [results[size]["orgsim"][name] for size in sizes]) for name in ABOUT)
        lines += ["| exponent | " + " | ".join(f"{slope:.2f}" for slope in slopes) + " |", ""]
    return "\n".join(lines)


def picture(results: dict[int, dict[str, dict[str, float]]], path: Path) -> None:
    """The largest size measured: for each question a row, for each engine a mark, on a scale of logarithms."""
    from matplotlib.figure import Figure

    people, found = list(results.items())[-1]
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.add_subplot()
    marks = dict(zip(found, "osD^vP", strict=False))
    for at, name in enumerate(ABOUT):
        for engine, times in found.items():
            if name in times:
                color = "#b3261e" if engine == "orgsim" else "#5f6b7a"
                label = engine if at == 0 else None
                axes.plot(times[name], -at, marks[engine], color=color, ms=8 if engine == "orgsim" else 6, label=label)
    axes.set(xscale="log", yticks=[-at for at in range(len(ABOUT))], yticklabels=list(ABOUT.values()))
    axes.set_xlabel("milliseconds, median")
    axes.set_title(f"{people:,} seats, {found['orgsim']['events']:,.0f} events", loc="left")
    axes.grid(axis="x", color="#dde2e8")
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.legend(frameon=False, ncols=len(found), loc="upper center", bbox_to_anchor=(0.4, -0.16))
    figure.savefig(path, dpi=150)


def main() -> None:
    """Measure the sizes asked for."""
    words = sys.argv[1:]
    results = {}
    for people in map(int, words or SIZES):
        results[people] = measured(people)
        print(json.dumps({people: results[people]}), flush=True)
    print(page(results))
    if not words:
        (DOCS / "benchmarks-table.md").write_text(page(results) + "\n", encoding="utf-8")
        picture(results, DOCS / "benchmarks.png")


if __name__ == "__main__":
    main()
