"""A bar that shows how far an experiment has come, on stderr and only for a person who looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from orgsim.experiments.experiment import Progress as State


@contextmanager
def progress_bar() -> Iterator[Callable[[State], None]]:
    """What to tell about progress; in a pipe or a file, nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=None)
        yield lambda state: bar.update(task, completed=state.done, total=state.total)
