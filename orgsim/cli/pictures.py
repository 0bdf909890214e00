"""The command that draws: which picture takes which options, and nothing about how it is drawn."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orgsim.cli.common import KNOWN, LEDGER, Day, is_default, read

if TYPE_CHECKING:
    from orgsim.ledger import Ledger

Draw = Callable[["Ledger", str, dict[str, Any]], Any]
"""From a ledger, its name and the options to axes."""


def _chart(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import plot_chart

    chart = ledger.chart(options["at"], options["known"])
    return plot_chart(chart, organization=options["organization"], most=options["boxes"], name=name)


def _headcount(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import plot_headcount, staffing
    from orgsim.plotting.staffing import dates_of

    dates = dates_of(ledger, options["start"], options["end"], options["every"], options["known"])
    where = {"organization": options["organization"], "name": name}
    return plot_headcount(staffing(ledger, dates, options["unit"], options["known"], **where))


def _gaps(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import leadership, plot_gaps

    period = (options["start"], options["end"])
    where = {"organization": options["organization"], "name": name}
    return plot_gaps(leadership(ledger, *period, options["post"] or None, options["known"], **where))


def _tenure(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import plot_tenure, stays

    found = stays(ledger, options["end"], options["known"], organization=options["organization"], name=name)
    return plot_tenure(found)


def _succession(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import bench, plot_succession

    chart = ledger.chart(options["at"], options["known"])
    posts = options["post"] or None
    return plot_succession(bench(chart, posts, organization=options["organization"], name=name))


def _flows(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import moves, plot_flows

    return plot_flows(moves(ledger, options["start"], options["end"], options["known"], name=name))


KINDS: dict[str, tuple[Draw, tuple[str, ...]]] = {
    "chart": (_chart, ("at", "organization", "boxes")),
    "headcount": (_headcount, ("start", "end", "every", "unit", "organization")),
    "gaps": (_gaps, ("start", "end", "post", "organization")),
    "tenure": (_tenure, ("end", "organization")),
    "succession": (_succession, ("at", "post", "organization")),
    "flows": (_flows, ("start", "end")),
}
"""How each kind is drawn, and the options it takes besides `--known`."""
_WRITTEN = {"start": "from", "end": "to"}


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@LEDGER
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The picture: .svg, .png or .pdf.")
@click.option("--at", type=Day(), default="today", help="For chart and succession: the date; today if not given.")
@KNOWN
@click.option("--from", "start", type=Day(), help="The first day; what suits the picture if not given.")
@click.option("--to", "end", type=Day(), help="The first day after; the ledger's last news if not given.")
@click.option(
    "--every",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    default="month",
    help="For headcount: the step.",
)
@click.option("--unit", multiple=True, metavar="ID", help="For headcount: a line for this unit; may be repeated.")
@click.option("--post", multiple=True, metavar="ID", help="For gaps and succession: this post; may be repeated.")
@click.option("--organization", metavar="ID", help="Only this organization.")
@click.option("--boxes", type=click.IntRange(min=1), default=200, help="For chart: how many posts are drawn.")
def plot(kind: str, ledger: str, out: Path, **options: Any) -> None:
    """Draw a picture of a ledger."""
    draw, takes = KINDS[kind]
    for name in options:
        if name not in (*takes, "known") and not is_default(name):
            usable = ", ".join(f"--{_WRITTEN.get(option, option)}" for option in (*takes, "known"))
            raise click.UsageError(f"--{_WRITTEN.get(name, name)} is not for {kind!r}, which takes {usable}")
    _check_period(options["start"], options["end"])
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # what it says of its caches is nothing to our user
    from orgsim.plotting.paper import check_ending, house_style, notes_of, save_picture

    check_ending(out)
    book = read(ledger)
    with house_style():
        axes = draw(book, Path(ledger).resolve().stem, options)
        save_picture(axes, out)
    for note in notes_of(axes):
        click.echo(f"orgsim: note: {note}", err=True)


def _check_period(start: dt.date | None, end: dt.date | None) -> None:
    if start is not None and end is not None and start >= end:
        raise click.UsageError(f"the period must begin before it ends: {start} is not before {end}")
