"""The commands that look at a ledger: what was there, when, and why."""

import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import cast

import click

from orgsim.cli.common import (
    AT,
    BAD_DATA,
    COLUMNAR,
    EVERY,
    JSON,
    KNOWN,
    LEDGER,
    ORGANIZATION,
    Day,
    fail,
    is_default,
    print_json,
    read,
    read_any,
    show,
)


@click.command()
@click.argument("folder", type=click.Path(), default=".")
def init(folder: str) -> None:
    """Write a commented starter ledger, ledger.yaml, and its JSON Schema for editors."""
    from orgsim.starter import write_starter

    if not folder:
        raise click.UsageError("the name of the folder is empty")

    for path in write_starter(Path(folder)):
        click.echo(f"wrote {path}")
    click.echo(f"now try: orgsim check {Path(folder) / 'ledger.yaml'}")


@click.command()
@LEDGER
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to print.")
@JSON
def check(ledger: str, form: str, *, as_json: bool) -> None:
    """Check a ledger, at every date on which something became known; silence means it is fine."""
    from orgsim.errors import OrgsimError
    from orgsim.excerpt import render

    form = "json" if as_json else form
    try:
        read_any(ledger)
    except OrgsimError as error:
        click.echo(render(error.problems, form), err=form == "text", nl=False)
        sys.exit(BAD_DATA)
    if form == "json":
        click.echo("[]")


@click.command()
@LEDGER
@click.argument("name")
@JSON
def find(ledger: str, name: str, *, as_json: bool) -> None:
    """Find the ids of people, posts and units by a part of a name, alias or title; `jose` finds José."""
    found = read(ledger).find(name)
    if as_json:
        print_json([{"id": id_, "is": noun, "name": text} for id_, noun, text in found])
    elif found:
        from orgsim.console.tables import found_table

        show(found_table(found))
    if not found:
        fail(f"nothing is called {name!r}; try a shorter part of the name", BAD_DATA)


@click.command()
@LEDGER
@AT
@KNOWN
@ORGANIZATION
@click.option("--full", is_flag=True, help="Draw every post, however many.")
@COLUMNAR
@JSON
def replay(
    ledger: str,
    at: dt.date,
    known: dt.date | None,
    organization: str | None,
    *,
    full: bool,
    columnar: bool | None,
    as_json: bool,
) -> None:
    """The org chart at a date, as a tree: who holds which post and who reports to whom."""
    book = read_any(ledger, columnar=columnar)
    chart = book.chart(at, known)
    if as_json:
        from orgsim.data import chart_data

        if organization is not None:
            raise click.UsageError("--organization goes with the tree; the JSON has every organization")
        print_json(chart_data(chart))
        return
    from orgsim.console.changes import outstanding
    from orgsim.console.tables import title
    from orgsim.ledger import Ledger

    if isinstance(book, Ledger):
        from orgsim.console.tree import chart_trees as trees_of
    else:  # only a ledger in columns needs numpy
        from orgsim.console.folding import trees_of
    trees = trees_of(chart, organization, full=full)
    show(title(at, known, today=is_default("at")), *trees, *outstanding(book, chart))
    if not trees:
        first = next((event.date.day for event in book.events), None)
        click.echo(f"Nothing is there on that date; the ledger begins on {first}." if first else "The ledger is empty.")


@click.command()
@LEDGER
@click.argument("dates", nargs=-1, type=Day(), metavar="FROM TO")
@click.option("--known", nargs=2, type=Day(), help="Compare what was known on two days instead of two dates.")
@click.option("--at", type=Day(), default="today", help="With --known: the date of the chart; today if not given.")
@COLUMNAR
@JSON
def diff(
    ledger: str,
    dates: tuple[dt.date, ...],
    known: tuple[dt.date, dt.date] | None,
    at: dt.date,
    *,
    columnar: bool | None,
    as_json: bool,
) -> None:
    """What changed from one date to another, or what was learned between two days."""
    from orgsim.console.changes import compare, shown, undecided

    book = read_any(ledger, columnar=columnar)
    if known is not None and not dates:
        old, new = (book.chart(at, day) for day in known)
    elif known is None and len(dates) == 2:  # noqa: PLR2004 - from and to
        old, new = (book.chart(day) for day in dates)
    else:
        raise click.UsageError("give two dates (FROM TO), or --known with two days")
    if dates and not is_default("at"):
        raise click.UsageError("--at goes with --known; FROM and TO are dates already")
    found = compare(book, old, new)
    if as_json:
        from orgsim.data import diff_data

        print_json(diff_data(found))
        return
    from orgsim.console.tables import title

    today = is_default("at") and known is not None
    show(
        title(old.at, old.known, today=today).append("  →  ").append_text(title(new.at, new.known, today=today)),
        shown(found, old, new),
        *undecided(book, old, new),
    )


@click.command()
@LEDGER
@click.argument("id_", metavar="ID")
@KNOWN
@JSON
def history(ledger: str, id_: str, known: dt.date | None, *, as_json: bool) -> None:
    """Everything the ledger says of a person, post or unit, in order."""
    from orgsim.ledger import Ledger
    from orgsim.story import history as tell
    from orgsim.story import names_on

    book = read_any(ledger)
    entries = tell(book, id_, known) if isinstance(book, Ledger) else book.history(id_, known)
    names = partial(names_on, cast("Ledger", book), known=known)
    if as_json:
        from orgsim.data import history_data

        print_json(history_data(entries, names))
        return
    from orgsim.console.tables import history_lines

    show(history_lines(entries, names, book.index.sources, known))


@click.command()
@LEDGER
@click.argument("id_", metavar="ID")
@AT
@KNOWN
@JSON
def why(ledger: str, id_: str, at: dt.date, known: dt.date | None, *, as_json: bool) -> None:
    """The evidence for what is true of a person, post or unit: events, lines, sources, rival accounts."""
    from orgsim.ledger import Ledger
    from orgsim.phrases import name_from
    from orgsim.story import names_on
    from orgsim.story import why as explain

    book = read_any(ledger)
    chart = book.chart(at, known)
    found = explain(chart, id_)
    names = partial(names_on, cast("Ledger", book), known=known)
    if as_json:
        from orgsim.data import why_data

        print_json(why_data(found, names))
        return
    from orgsim.console.tables import title, why_lines
    from orgsim.console.terminal import styled

    what = styled(name_from(chart.get)(id_), "bold cyan")
    show(
        title(at, known, today=is_default("at")).append("  ").append_text(what),
        why_lines(found, names, book.index.sources, known),
    )


@click.command()
@LEDGER
@click.option("--from", "start", type=Day(), help="The day the period begins; a year before --to if not given.")
@click.option(
    "--to",
    "end",
    type=Day(),
    default="today",
    help="The day the period ends; itself not in it, and today if not given.",
)
@click.option("--every", type=EVERY, default="month", help="The step; a month if not given.")
@click.option("--unit", metavar="ID", help="This unit, with all below it; gaps and the last day are of everything.")
@KNOWN
@COLUMNAR
@JSON
def metrics(
    ledger: str,
    *,
    start: dt.date | None,
    end: dt.date,
    every: str,
    unit: str | None,
    known: dt.date | None,
    columnar: bool | None,
    as_json: bool,
) -> None:
    """Headcount, the bridge, turnover, vacancies, leadership gaps, spans, layers and tenure of a period."""
    from orgsim.ledger import Ledger
    from orgsim.report import counted, metrics_report, year_before

    start = year_before(end) if start is None else start
    if start >= end:
        raise click.UsageError(f"the period must begin before it ends: {start} is not before {end}")
    book = read_any(ledger, columnar=columnar)
    if isinstance(book, Ledger):
        report = metrics_report(book, counted, start, end, every=every, unit=unit, known=known)
    else:
        from orgsim.columns.counts.report import counted as counted_in_columns

        report = metrics_report(book, counted_in_columns, start, end, every=every, unit=unit, known=known)
    if as_json:
        print_json(report)
        return
    from orgsim.console.metrics import metrics_tables

    show(metrics_tables(report))


@click.command()
@click.argument("what", type=click.Choice(["ledger", "scenario"]), default="ledger")
def schema(what: str) -> None:
    """Print the JSON Schema of ledger files, or of scenario files, for editors."""
    from orgsim.schema import ledger_schema, scenario_schema

    print_json(ledger_schema() if what == "ledger" else scenario_schema())
