"""The command that draws: which picture takes which options, and nothing about how it is drawn."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from orgsim.cli.common import (
    EVERY,
    FORCE,
    KNOWN,
    ORGANIZATION,
    Day,
    check_free,
    is_default,
    number,
    out,
    read,
    read_any,
)
from orgsim.cli.simulation import read as read_scenario

if TYPE_CHECKING:
    from orgsim.ledger import Ledger

Draw = Callable[["Ledger", str, dict[str, Any]], Any]
"""From a ledger, its name and the options to axes."""
DrawFiles = Callable[[tuple[str, ...], dict[str, Any]], Any]
"""From the files named and the options to axes."""


def _chart(ledger: "Ledger", name: str, options: dict[str, Any]) -> Any:
    from orgsim.plotting import plot_chart

    chart = ledger.chart(options["at"], options["known"])
    return plot_chart(chart, organization=options["organization"], most=options["boxes"], name=name)


def _headcount(files: tuple[str, ...], options: dict[str, Any]) -> Any:
    """Of a ledger in columns, if it is large: the numbers are the same."""
    from orgsim.plotting.headcount import plot_headcount
    from orgsim.plotting.staffing import dates_of, staffing

    ledger, name = read_any(files[0], columnar=options["columnar"]), _name_of(files[0])
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


@contextmanager
def _names() -> Iterator[None]:
    """Names of measures and variants that are not there are mistakes in the call: no ledger knows them."""
    from orgsim.errors import UnknownIdError

    try:
        yield
    except UnknownIdError as error:
        raise click.UsageError(str(error)) from None


def _fan(results: tuple[str, ...], options: dict[str, Any]) -> Any:
    from orgsim.experiments.experiment import read_outcome
    from orgsim.plotting import futures, plot_fan

    measures = options["measure"] or ("headcount",)
    if len(measures) > 1:
        raise click.UsageError("a fan shows one measure; name one --measure")
    outcome = read_outcome(results[0])
    with _names():
        return plot_fan(futures(outcome, measures[0], options["variant"]))


def _compare(results: tuple[str, ...], options: dict[str, Any]) -> Any:
    from orgsim.experiments.compare import beside
    from orgsim.experiments.experiment import read_outcome
    from orgsim.plotting import contrasts, plot_compare

    outcomes = beside({name: read_outcome(name) for name in results})
    (called, first), *others = outcomes.items()
    if others:
        if options["variant"]:
            raise click.UsageError("--variant is for a single result; several are compared with the first")
        pairs = others
    else:
        with _names():
            pairs = [(name, first.of(name)) for name in options["variant"] or first.variants[1:]]
        called = first.variant
    if not pairs:
        raise click.UsageError("the result has no variants; name another result to compare it with")
    with _names():
        return plot_compare(contrasts(pairs, (called, first), options["measure"]))


def _plans(scenarios: tuple[str, ...], options: dict[str, Any]) -> Any:
    from orgsim.plotting import plans, plot_succession

    if len(options["variant"]) > 1:
        raise click.UsageError("the picture shows the plans of one variant; name one --variant")
    scenario = read_scenario(scenarios[0], *options["variant"])
    name = ", variant ".join((Path(scenarios[0]).stem, *options["variant"]))
    return plot_succession(plans(scenario, options["post"] or None, name=name))


def _of_ledger(draw: Draw) -> DrawFiles:
    """A drawing of the ledger in the one file or folder named."""

    def drawn(files: tuple[str, ...], options: dict[str, Any]) -> Any:
        return draw(read(files[0]), _name_of(files[0]), options)

    return drawn


def _name_of(path: str) -> str:
    """How a ledger is called, by its file or folder."""
    return Path(path).resolve().stem


@attrs.frozen
class Kind:
    """How a kind is drawn, the options it takes, and from what; one of these, or `several`."""

    draw: DrawFiles
    takes: tuple[str, ...]
    of: str = "ledger"
    several: bool = False


KINDS = {
    "chart": Kind(_of_ledger(_chart), ("at", "organization", "boxes", "known")),
    "headcount": Kind(_headcount, ("start", "end", "every", "unit", "organization", "known", "columnar")),
    "gaps": Kind(_of_ledger(_gaps), ("start", "end", "post", "organization", "known")),
    "tenure": Kind(_of_ledger(_tenure), ("end", "organization", "known")),
    "succession": Kind(_of_ledger(_succession), ("at", "post", "organization", "known")),
    "flows": Kind(_of_ledger(_flows), ("start", "end", "known")),
    "fan": Kind(_fan, ("measure", "variant"), "result"),
    "compare": Kind(_compare, ("measure", "variant"), "result", several=True),
}
PLANS = Kind(_plans, ("post", "variant"), "scenario")
"""What `succession` is where a scenario is named: the picture of its plans."""
_WRITTEN = {"start": "from", "end": "to"}
_SCENARIO = re.compile(r"""["']?orgsim["']?\s*:\s*["']?scenario/""")


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("sources", metavar="LEDGER|SCENARIO|RESULT...", nargs=-1, required=True, type=click.Path())
@out("a file that ends in .svg, .png or .pdf")
@FORCE
@click.option(
    "--at", type=Day(), default="today", help="For chart and succession: the date of the chart; today if not given."
)
@KNOWN
@click.option("--from", "start", type=Day(), help="The day the period begins; what suits the picture if not given.")
@click.option(
    "--to", "end", type=Day(), help="The day the period ends; itself not in it, and after the last news if not given."
)
@click.option(
    "--every",
    type=EVERY,
    help="For headcount: the step; each day of a change if not given, a month if those are many.",
)
@click.option(
    "--unit", multiple=True, metavar="ID", help="For headcount: this unit, with all below it; may be repeated."
)
@click.option(
    "--columnar/--no-columnar",
    default=None,
    help="For headcount: work in columns; as for large ledgers if not given.",
)
@click.option("--post", multiple=True, metavar="ID", help="For gaps and succession: this post; may be repeated.")
@ORGANIZATION
@number("--boxes", default=200, help="For chart: how many posts are drawn.")
@click.option("--measure", multiple=True, metavar="NAME", help="For fan and compare: this measure; may be repeated.")
@click.option("--variant", multiple=True, metavar="NAME", help="For results and plans: this variant; may be repeated.")
def plot(kind: str, sources: tuple[str, ...], out: Path, *, force: bool, **options: Any) -> None:
    """Draw a picture: `fan` and `compare` of results, `succession` of a ledger or a scenario, others of a ledger."""
    found = KINDS[kind]
    if kind == "succession" and _is_scenario(sources[0]):
        found = PLANS
    for name in options:
        if name not in found.takes and not is_default(name):
            usable = ", ".join(f"--{_WRITTEN.get(option, option)}" for option in found.takes)
            what = f"{kind!r} of a scenario" if found is PLANS else f"{kind!r}"
            raise click.UsageError(f"--{_WRITTEN.get(name, name)} is not for {what}, which takes {usable}")
    if len(sources) > 1 and not found.several:
        raise click.UsageError(f"{kind!r} is drawn of one {found.of}, and {len(sources)} are named")
    _check_period(options["start"], options["end"])
    import logging

    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # what it says of its caches is nothing to our user
    from orgsim.plotting.paper import check_ending, house_style, notes_of, save_picture

    check_ending(out)
    check_free(out, force=force)
    with house_style():
        axes = found.draw(sources, options)
        save_picture(axes, out)
    click.echo(f"wrote {out}")
    for note in notes_of(axes):
        click.echo(f"orgsim: note: {note}", err=True)


def _check_period(start: dt.date | None, end: dt.date | None) -> None:
    if start is not None and end is not None and start >= end:
        raise click.UsageError(f"the period must begin before it ends: {start} is not before {end}")


def _is_scenario(path: str) -> bool:
    """Whether a file says of itself that it is a scenario; whatever else it may be is judged by who reads it."""
    try:
        with Path(path).open(encoding="utf-8", errors="replace") as file:
            return any(_SCENARIO.match(line) for line in itertools.islice(file, 1000))
    except OSError:
        return False
