"""A large organization, replayed by orgsim beside Polars, DuckDB, SQLite, Raphtory and plain Python.

One seeded generator makes the events, and every engine is given the same columns of them.  orgsim checks every rule
and makes its whole index; each of the others derives what its answers need.  All answers are compared before anything
is timed, and the engines take turns.
`python bench/replay.py` measures, and writes the table and the picture of the docs; with numbers it only prints.
"""

import datetime as dt
import gc
import json
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from agreement import Agreement
from company import company
from engines import Duck, Lite, Polars
from plainly import Plain, Raphtory

from orgsim.columns.counts.measures import headcounts_by_unit
from orgsim.columns.counts.shape import layers, spans
from orgsim.columns.files.filling import columns_to_table
from orgsim.columns.files.parquet import Columns
from orgsim.columns.files.shapes import misshapen
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.screen import screened

DOCS = Path(__file__).parents[1] / "docs" / "reference"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
SEED, REPEATS, LOADS = 8, 7, 5
DAYS = [dt.date(2016, 3, 1), dt.date(2018, 7, 15), dt.date(2019, 5, 1), dt.date(2021, 11, 30), dt.date(2023, 2, 1)]
MONTHS = [dt.date(2014 + month // 12, month % 12 + 1, 1) for month in range(120)]
CHAINS = 60
Measured = dict[str, dict[str, tuple[float, float]]]
"""Of each engine, by question: milliseconds, and how many times orgsim's."""
LONG, LONG_LOAD = 5_000, 15_000
"""Milliseconds after which a question is not asked again, and nothing loaded again."""
LARGEST = {"plain Python": 100_000}
"""The most seats that an engine is given: beyond, its events are too many objects."""
ABOUT = {
    "load": "columns to ready",
    "chart": "whole chart",
    "chain": "chain of one",
    "diff": "diff of two dates",
    "series": "120 months by unit",
    "layers": "layers and spans",
    "known": "chart at (D, K)",
}


class Orgsim:
    """The columnar ledger, through its public questions."""

    name = "orgsim"

    def __init__(self, events: Any) -> None:
        """From the columns of a file, with every rule checked, and with all that is kept for the questions."""
        columns = Columns(events)
        misshapen(columns, "events")
        self.ledger = ledger = ColumnarLedger(columns_to_table(columns, file="events"))
        screened(ledger)
        ledger.prepare()

    def chart(self, day: dt.date) -> Any:
        """Every seat, who holds it and where it reports."""
        return self.ledger.chart(day).whole

    def chain(self, post: str, day: dt.date) -> tuple[str, ...]:
        """The seats above one."""
        return self.ledger.chart(day).chain_ids(post)

    def diff(self, first: dt.date, last: dt.date) -> int:
        """How many seats have another holder or line, or came or went."""
        return len(self.ledger.diff(self.ledger.chart(first), self.ledger.chart(last)).posts)

    def series(self, days: list[dt.date]) -> Any:
        """The headcount of each unit on each day."""
        return headcounts_by_unit(self.ledger, days)

    def layers(self, day: dt.date) -> Any:
        """How many seats are how deep, and how many have how many seats below."""
        moment = self.ledger.moment(day)
        return layers(moment).distribution, spans(moment).distribution

    def known(self, day: dt.date, learned: dt.date) -> Any:
        """The chart of a day as known on a day."""
        return self.ledger.chart(day, learned).whole


# ------------------------------------------------------------------------------------------------------- timing


def timed(ask: Callable[[], Any]) -> float:
    """How long something takes, in milliseconds."""
    start = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - start)


def loaded(kinds: list[Any], events: Any) -> tuple[list[Any], dict[str, list[float]]]:
    """Every engine, ready to be asked, and how long that took; each was used once before, on something small."""
    engines: dict[str, Any] = {}
    times: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    for _ in range(LOADS):
        for kind in kinds:
            if times[kind.name][:1] > [LONG_LOAD]:
                continue
            engines.pop(kind.name, None)
            start = time.perf_counter()
            engines[kind.name] = kind(events)
            times[kind.name].append(1000 * (time.perf_counter() - start))
    return [engines[kind.name] for kind in kinds], times


def measured(people: int) -> Measured:
    """Every question to every engine: the median in milliseconds, and the median of how many times orgsim's it is."""
    events, small = company(people, SEED), company(100, SEED)
    kinds = []
    for kind in (Orgsim, Polars, Duck, Lite, Plain, Raphtory):
        try:
            kind(small)
        except ImportError:
            continue
        if people <= LARGEST.get(kind.name, people):
            kinds.append(kind)
    (ours, *peers), took = loaded(kinds, events)
    agreement = Agreement(ours, peers[0].given)
    for peer in peers:
        agreement.check(peer, DAYS, MONTHS, [f"seat-{number}" for number in (0, 77, people // 3, people // 2)])
    gc.collect()
    gc.freeze()  # else the millions of values of plain Python are gone through whenever anybody makes a few
    times = {"load": took}
    times |= {question: asked(question, ours, peers, people) for question in list(ABOUT)[1:]}
    found: Measured = {kind.name: {} for kind in kinds}
    for question, by_engine in times.items():
        for engine, each in by_engine.items():
            ratios = [theirs / own for theirs, own in zip(each, by_engine["orgsim"], strict=False)]
            found[engine][question] = statistics.median(each), statistics.median(ratios)
    found["orgsim"]["events"] = float(len(ours.ledger)), 1.0
    return found


def asked(question: str, ours: Orgsim, peers: list[Any], people: int) -> dict[str, list[float]]:
    """How long each engine takes for a question, time after time; they take turns, each asked once to warm up."""
    engines = [engine for engine in (ours, *peers) if hasattr(engine, question)]
    took: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for repeat in range(REPEATS):
        posts = np.random.default_rng([3, repeat]).integers(0, people // 2, CHAINS).tolist()
        for engine in engines:
            if took[engine.name][:1] <= [LONG]:
                asks = _asks(engine, posts)[question]
                asks[0]()
                took[engine.name].append(timed(lambda asks=asks: deque((ask() for ask in asks), 0)) / len(asks))
    return took


def _asks(engine: Any, posts: list[int]) -> dict[str, list[Callable[[], Any]]]:
    """The questions: days are dates for orgsim and numbers for the others, seats are ids for all."""
    own = isinstance(engine, Orgsim)
    days: list[Any] = DAYS if own else [day.toordinal() for day in DAYS]
    months: list[Any] = MONTHS if own else [day.toordinal() for day in MONTHS]
    chain = engine.chain if own else _by_ids(engine)
    chains = [(f"seat-{post}", days[at % len(days)]) for at, post in enumerate(posts)]
    return {
        "chart": [lambda day=day: engine.chart(day) for day in days],
        "chain": [lambda one=one: chain(*one) for one in chains],
        "diff": [lambda pair=pair: engine.diff(*pair) for pair in pairwise(days)],
        "series": [lambda: engine.series(months)],
        "layers": [lambda day=day: engine.layers(day) for day in days],
        "known": [lambda day=day: engine.known(day, day) for day in days],
    }


def _by_ids(engine: Any) -> Callable[[str, int], list[str]]:
    """The seats above one, asked for by id and answered in ids."""
    names, numbers = engine.given.names, engine.given.numbers
    return lambda post, day: [names[above] for above in engine.chain(numbers[post], day)]


def exponent(sizes: list[int], times: list[float]) -> float:
    """How cost grows with size: the slope of a line through the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


# ------------------------------------------------------------------------------------------------------- telling


def number(value: float | None, few: int = 3) -> str:
    """A number to two or three figures, one below one to so many places."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.{few}f}"


def page(results: dict[int, Measured]) -> str:
    """The tables, in Markdown."""
    lines = ["<!-- Made by `make bench`. -->", ""]
    for people, found in results.items():
        lines += [f"## {people:,} seats, {found['orgsim']['events'][0]:,.0f} events", ""]
        lines += ["| milliseconds | " + " | ".join(ABOUT.values()) + " |", "|---|" + "---:|" * len(ABOUT)]
        for engine, asked_of in found.items():
            cells = (number(asked_of[name][0] if name in asked_of else None) for name in ABOUT)
            lines.append(f"| {engine} | " + " | ".join(cells) + " |")
        lines += ["", "| times orgsim's | " + " | ".join(ABOUT.values()) + " |", "|---|" + "---:|" * len(ABOUT)]
        for engine, asked_of in list(found.items())[1:]:
            cells = (number(asked_of[name][1] if name in asked_of else None, few=1) for name in ABOUT)
            lines.append(f"| {engine} | " + " | ".join(cells) + " |")
        lines.append("")
    sizes = list(results)
    if len(sizes) > 1:
        lines += ["## How cost grows", "", "| | " + " | ".join(ABOUT.values()) + " |", "|---|" + "---:|" * len(ABOUT)]
        slopes = (exponent(sizes, [results[size]["orgsim"][name][0] for size in sizes]) for name in ABOUT)
        lines += ["| exponent | " + " | ".join(f"{slope:.2f}" for slope in slopes) + " |", ""]
    return "\n".join(lines)


def picture(results: dict[int, Measured], path: Path) -> None:
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
                axes.plot(
                    times[name][0], -at, marks[engine], color=color, ms=8 if engine == "orgsim" else 6, label=label
                )
    axes.set(xscale="log", yticks=[-at for at in range(len(ABOUT))], yticklabels=list(ABOUT.values()))
    axes.set_xlabel("milliseconds, median")
    axes.set_title(f"{people:,} seats, {found['orgsim']['events'][0]:,.0f} events", loc="left")
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
