"""How far an experiment has come, on stderr: a bar for a person who looks, and a note if it is too large."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from orgsim.experiments.experiment import Progress as State

SURE = 10.0
"""After so many seconds, the pace of an experiment tells how long it will take."""
DAY, GIGABYTE = 86_400, 1e9


@contextmanager
def progress_bar(folder: Path) -> Iterator[Callable[[State], None]]:
    """What to tell about progress; in a pipe or a file, only that it would take days, or more room than there is."""
    console, begun = Console(stderr=True), time.monotonic()
    looked_at = sys.stderr.isatty()
    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not looked_at) as bar:
        task = bar.add_task("replications", total=None)
        judged = False

        def tell(state: State) -> None:
            nonlocal judged
            bar.update(task, completed=state.done, total=state.total)
            seconds = time.monotonic() - begun
            if not judged and seconds > SURE:
                judged = True
                if note := too_large(state, seconds, room_for(folder)):
                    console.print(
                        f"orgsim: note: {note}", style="yellow", markup=False, highlight=False, soft_wrap=True
                    )

        yield tell


def room_for(folder: Path) -> float:
    """The bytes there are for a result, which is in memory and on the disk: whichever is less."""
    free = float(shutil.disk_usage(folder).free)
    if not hasattr(os, "sysconf"):
        return free
    return min(free, float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES"))


def too_large(state: State, seconds: float, room: float) -> str | None:
    """What to say of an experiment that would take days, or more bytes than there is room; None of any other.

    `seconds` is how long it took to do what is done here.
    """
    days = seconds / state.here * (state.total - state.done) / DAY
    size = state.size / state.here * state.total
    if days <= 1 and size <= room:
        return None
    takes = [f"about {days:,.0f} more {'days' if days >= 1.5 else 'day'}"] if days > 1 else []  # noqa: PLR2004 - 2 days
    if size > room:
        takes.append(f"{size / GIGABYTE:,.0f} GB of memory and disk, where there are {room / GIGABYTE:,.0f}")
    return (
        f"at this pace, {state.total:,} replications take {' and '.join(takes)};"
        " Ctrl-C stops and keeps what is done, and --replications takes fewer"
    )
