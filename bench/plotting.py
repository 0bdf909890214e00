"""How long pictures take: org charts of 50, 200 and 1,000 posts, and the other kinds of a company of 1,000 people.

    python bench/plotting.py

CPU seconds of this process for drawing and for writing SVG and PNG, each the least of several runs.
"""

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ledgers import ledger_text
from matplotlib.axes import Axes

from orgsim.ledger import Ledger
from orgsim.plotting import (
    bench,
    leadership,
    moves,
    plot_chart,
    plot_flows,
    plot_gaps,
    plot_headcount,
    plot_succession,
    plot_tenure,
    save_picture,
    staffing,
    stays,
)
from orgsim.plotting.staffing import dates_of
from orgsim.reading.reader import read_texts

RUNS = 3
START = dt.date(2020, 1, 1)


def company(posts: int, span: int = 7) -> Ledger:
    """A company in which each post has a holder and about `span` posts beneath it."""
    lines = ["orgsim: ledger/1", "organization: acme", "events:"]
    lines.append(f"- {{date: {START}, event: open-unit, unit: acme, name: Acme}}")
    for n in range(posts):
        to = "none" if n == 0 else f"p{(n - 1) // span}"
        lines.append(f"- {{date: {START}, event: create-post, post: p{n}, title: Engineer {n}, reports_to: {to}}}")
        lines.append(f"- {{date: {START}, event: hire, person: h{n}, name: Holder {n}}}")
        lines.append(f"- {{date: {START}, event: appoint, person: h{n}, post: p{n}}}")
    return read_texts([("company.yaml", "\n".join(lines).encode())])


def least(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of several calls."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measure(what: str, draw: Callable[[], Axes], folder: Path) -> None:
    """Print how long one picture takes."""
    axes = draw()
    drawing = least(draw)
    svg, png = (least(lambda file=folder / f"x.{ending}": save_picture(axes, file)) for ending in ("svg", "png"))
    print(f"{drawing:8.2f} s drawn {svg:8.2f} s as SVG {png:8.2f} s as PNG  {what}")


def main() -> None:
    """Measure every kind."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for posts in (50, 200, 1000):
            chart = company(posts).chart(START)
            measure(f"org chart of {posts:,} posts", lambda chart=chart: plot_chart(chart), folder)
        ledger = read_texts([("ledger.yaml", ledger_text(6000).encode())])
        chart = ledger.chart(dt.date(2023, 10, 1))
        months = dates_of(ledger, None, None, "month")
        of = f"{len(chart.people):,} people, {len(ledger.events):,} events"
        measure(f"headcount, {len(months)} months: {of}", lambda: plot_headcount(staffing(ledger, months)), folder)
        measure(f"gaps: {of}", lambda: plot_gaps(leadership(ledger)), folder)
        measure(f"tenure: {of}", lambda: plot_tenure(stays(ledger)), folder)
        measure(f"succession: {of}", lambda: plot_succession(bench(chart)), folder)
        measure(f"flows: {of}", lambda: plot_flows(moves(ledger)), folder)


if __name__ == "__main__":
    main()
