"""The command `orgsim`.

Each command imports what it needs when it runs, so that `orgsim --version` and `--help` are immediate.  Data goes to
stdout, problems to stderr.  Exit codes: 0 fine, 1 the data has problems, 2 the call is wrong, 3 an extra is missing,
4 a file cannot be read or written, 70 a bug in orgsim, 130 interrupted.
"""

import datetime as dt
import io
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from orgsim import __version__

if TYPE_CHECKING:
    from orgsim.ledger import Ledger

BAD_DATA, BAD_CALL, NO_EXTRA, NO_FILE, BUG, INTERRUPTED = 1, 2, 3, 4, 70, 130


class Day(click.ParamType[dt.date]):
    """A calendar day, or `today`."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the text of an option."""
        from orgsim.dates import parse_day

        if isinstance(value, dt.date):
            return value
        if value == "today":
            return dt.date.today()  # noqa: DTZ011 - a ledger has civil dates; today is the user's
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


LEDGER = click.argument("ledger", type=click.Path())
AT = click.option("--at", type=Day(), default="today", help="The date of the chart; today if not given.")
KNOWN = click.option("--known", type=Day(), help="Only what was known on that day.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Replay who held which post and who reported to whom, at any date, from a plain-text ledger."""


@cli.command()
@click.argument("folder", type=click.Path(), default=".")
def init(folder: str) -> None:
    """Write a commented starter ledger, ledger.yaml, and its JSON Schema for editors."""
    from orgsim.starter import write_starter

    if not folder:
        raise click.UsageError("the name of the folder is empty")

    for path in write_starter(Path(folder)):
        click.echo(f"wrote {path}")
    click.echo(f"now try: orgsim check {Path(folder) / 'ledger.yaml'}")


@cli.command()
@LEDGER
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to print.")
def check(ledger: str, form: str) -> None:
    """Check a ledger, at every date on which something became known; silence means it is fine."""
    from orgsim.errors import OrgsimError
    from orgsim.excerpt import render

    try:
        _read(ledger)
    except OrgsimError as error:
        click.echo(render(error.problems, form), err=form == "text", nl=False)
        sys.exit(BAD_DATA)
    if form == "json":
        click.echo("[]")


@cli.command()
@LEDGER
@click.argument("name")
@JSON
def find(ledger: str, name: str, *, as_json: bool) -> None:
    """Find the ids of people, posts and units by a part of a name, alias or title."""
    found = _read(ledger).find(name)
    if as_json:
        _print_json([{"id": id_, "is": noun, "name": text} for id_, noun, text in found])
    elif found:
        from orgsim.console.tables import found_table

        _show(found_table(found))
    else:
        _fail(f"nothing is called {name!r}; try a shorter part of the name", BAD_DATA)


@cli.command()
@LEDGER
@AT
@KNOWN
@click.option("--organization", metavar="ID", help="Only this organization.")
@click.option("--full", is_flag=True, help="Draw every post, however many.")
@JSON
def replay(
    ledger: str, at: dt.date, known: dt.date | None, organization: str | None, *, full: bool, as_json: bool
) -> None:
    """The org chart at a date, as a tree: who holds which post and who reports to whom."""
    book = _read(ledger)
    chart = book.chart(at, known)
    if as_json:
        from orgsim.data import chart_data

        if organization is not None:
            raise click.UsageError("--organization goes with the tree; the JSON has every organization")
        _print_json(chart_data(chart))
        return
    from orgsim.console.tables import title
    from orgsim.console.tree import chart_trees

    trees = chart_trees(chart, organization, full=full)
    _show(title(at, known, today=_is_default("at")), *trees)
    if not trees:
        first = min((event.date.day for event in book.events), default=None)
        click.echo(f"Nothing is there on that date; the ledger begins on {first}." if first else "The ledger is empty.")


@cli.command()
@LEDGER
@click.argument("dates", nargs=-1, type=Day(), metavar="FROM TO")
@click.option("--known", nargs=2, type=Day(), help="Compare what was known on two days instead of two dates.")
@click.option("--at", type=Day(), default="today", help="With --known: the date of both charts.")
@JSON
def diff(
    ledger: str, dates: tuple[dt.date, ...], known: tuple[dt.date, dt.date] | None, at: dt.date, *, as_json: bool
) -> None:
    """What changed from one date to another, or what was learned between two days."""
    from orgsim.differences import diff as compare

    book = _read(ledger)
    if known is not None and not dates:
        old, new = (book.chart(at, day) for day in known)
    elif known is None and len(dates) == 2:  # noqa: PLR2004 - from and to
        old, new = (book.chart(day) for day in dates)
    else:
        raise click.UsageError("give two dates (FROM TO), or --known with two days")
    if dates and not _is_default("at"):
        raise click.UsageError("--at goes with --known; FROM and TO are dates already")
    found = compare(old, new)
    if as_json:
        from orgsim.data import diff_data

        _print_json(diff_data(found))
        return
    from orgsim.console.tables import diff_table, title

    today = _is_default("at") and known is not None
    _show(
        title(old.at, old.known, today=today).append("  →  ").append_text(title(new.at, new.known, today=today)),
        diff_table(found, old, new),
    )


@cli.command()
@LEDGER
@click.argument("id_", metavar="ID")
@KNOWN
@JSON
def history(ledger: str, id_: str, known: dt.date | None, *, as_json: bool) -> None:
    """Everything the ledger says of a person, post or unit, in order."""
    from orgsim.story import history as tell
    from orgsim.story import names_on

    book = _read(ledger)
    entries = tell(book, id_, known)
    names = partial(names_on, book, known=known)
    if as_json:
        from orgsim.data import history_data

        _print_json(history_data(entries, names))
        return
    from orgsim.console.tables import history_lines

    _show(history_lines(entries, names, book.index.sources))


@cli.command()
@LEDGER
@click.argument("id_", metavar="ID")
@AT
@KNOWN
@JSON
def why(ledger: str, id_: str, at: dt.date, known: dt.date | None, *, as_json: bool) -> None:
    """The evidence for what is true of a person, post or unit: events, lines, sources, rival accounts."""
    from orgsim.phrases import name_from
    from orgsim.story import names_on
    from orgsim.story import why as explain

    book = _read(ledger)
    chart = book.chart(at, known)
    found = explain(chart, id_)
    names = partial(names_on, book, known=known)
    if as_json:
        from orgsim.data import why_data

        _print_json(why_data(found, names))
        return
    from orgsim.console.tables import title, why_lines
    from orgsim.console.terminal import styled

    what = styled(name_from(chart.get)(id_), "bold cyan")
    _show(
        title(at, known, today=_is_default("at")).append("  ").append_text(what),
        why_lines(found, names, book.index.sources),
    )


@cli.command()
@LEDGER
@click.option("--from", "start", type=Day(), help="First day; a year before --to if not given.")
@click.option("--to", "end", type=Day(), default="today", help="First day after the period; today if not given.")
@click.option("--every", type=click.Choice(["day", "week", "month", "quarter", "year"]), default="month", help="Step.")
@click.option("--unit", metavar="ID", help="Only this unit, with all below it.")
@KNOWN
@JSON
def metrics(
    ledger: str,
    *,
    start: dt.date | None,
    end: dt.date,
    every: str,
    unit: str | None,
    known: dt.date | None,
    as_json: bool,
) -> None:
    """Headcount, the bridge, turnover, vacancies, leadership gaps, spans, layers and tenure of a period."""
    from orgsim.report import metrics_report, year_before

    start = year_before(end) if start is None else start
    if start >= end:
        raise click.UsageError(f"the period must begin before it ends: {start} is not before {end}")
    report = metrics_report(_read(ledger), start, end, every=every, unit=unit, known=known)
    if as_json:
        _print_json(report)
        return
    from orgsim.console.metrics import metrics_tables

    _show(metrics_tables(report))


@cli.command()
def schema() -> None:
    """Print the JSON Schema of ledger files, for editors."""
    from orgsim.schema import ledger_schema

    _print_json(ledger_schema())


@cli.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="A folder that is not there yet.")
@click.option("--organization", metavar="ID", help="The organization, where the files name none.")
@click.option("--profile", metavar="NAME|FILE", help="How columns are called and written.")
@click.option("--date-format", metavar="FORMAT", help="How dates are written, as for strptime: %d/%m/%Y.")
@click.option("--encoding", default="utf-8-sig", help="The encoding of the files, where it is not UTF-8.")
@click.option("--delimiter", metavar="CHAR", help="What stands between cells; found in the header if not given.")
@click.option("--end-inclusive", is_flag=True, help="End dates are the last day, not the first day after.")
@click.option("--gap-days", type=click.IntRange(min=0), default=0, help="Spells this close together are one.")
@click.option("--known", type=Day(), help="The day the files were published.")
def import_(format_: str, files: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Turn files of another format into a ledger, with a report of what was read, mended and refused."""
    from orgsim.importing import import_files

    click.echo(import_files(format_, files, out, options), nl=False)


@cli.command()
@click.argument("format_", metavar="FORMAT")
@LEDGER
@click.option("-o", "--out", type=click.Path(path_type=Path), help="A file, or a folder; stdout if not given.")
@click.option("--at", type=Day(), help="Export the chart of a date, for formats that hold one.")
@KNOWN
@click.option("--pseudonymize", "key_file", type=click.Path(path_type=Path), help="Replace people, by the key in FILE.")
@click.option("--top-levels", type=click.IntRange(min=1), help="Only posts with fewer than so many above them.")
@click.option("--raw-csv", "raw", is_flag=True, help="Leave cells that a spreadsheet would take for formulas.")
@click.option("--min-group", type=click.IntRange(min=3), default=5, help="For groups: hide smaller numbers of people.")
@click.option(
    "--group-by",
    type=click.Choice(["organization", "unit", "level", "contract"]),
    multiple=True,
    default=["unit"],
    help="For groups: what people are grouped by; may be given more than once.",
)
@click.option("--from", "start", type=Day(), help="For groups: the first date; where the ledger begins if not given.")
@click.option("--to", "end", type=Day(), help="For groups: the last date; today if not given.")
@click.option("--every", type=click.Choice(["month", "quarter", "year"]), default="year", help="For groups: the step.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def export(format_: str, ledger: str, out: Path | None, key_file: Path | None, *, force: bool, **options: Any) -> None:
    """Write a ledger, or the chart of a date, in a format other tools read."""
    from orgsim.importing import export_files

    text = export_files(format_, _read(ledger), out, key_file=key_file, force=force, options=options)
    click.echo(text, nl=False)


@cli.command()
def demo() -> None:
    """Replay the packaged story of OpenAI's leadership, 2015-2024, command by command."""
    from orgsim.starter import packaged

    story = str(packaged("seeds") / "openai")
    click.echo("OpenAI's leadership 2015-2024, from five news documents.")
    click.echo(f"The ledger is in {story}\n")
    for words in DEMO:
        click.echo(click.style(f"$ orgsim {' '.join(words).replace('STORY', 'seeds/openai')}", bold=True))
        cli.main([story if word == "STORY" else word for word in words], standalone_mode=False)
        click.echo()


DEMO = (
    ("check", "STORY"),
    ("replay", "STORY", "--at", "2023-11-18", "--organization", "openai"),
    ("diff", "STORY", "2023-11-16", "2023-11-21"),
    ("diff", "STORY", "--at", "2023-12-01", "--known", "2023-11-20", "2024-10-04"),
    ("replay", "STORY", "--at", "2024-09-26", "--organization", "openai"),
    ("why", "STORY", "cto", "--at", "2024-10-04"),
)


# ----------------------------------------------------------------------------------------------------------- helpers


def _read(path: str) -> "Ledger":
    from orgsim.reading.reader import read

    if not path:
        raise click.UsageError("the name of the ledger is empty; name a file or a folder")
    return read(path)


def _show(*things: Any) -> None:
    from orgsim.console.terminal import show

    click.echo(show(*things), nl=False)


def _print_json(data: Any) -> None:
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def _is_default(option: str) -> bool:
    context = click.get_current_context()
    return context.get_parameter_source(option) is click.core.ParameterSource.DEFAULT


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"orgsim: error: {message}", err=True)
    sys.exit(code)


def main() -> None:
    """Run the command; whatever goes wrong ends in a sentence and an exit code, never in a traceback."""
    if sys.stdout is None:  # closed by whoever called; nobody can see what is printed
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as we run
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to stop
    try:
        cli.main(prog_name="orgsim", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python would complain once more while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # noqa: BLE001 - the last door
        _explain(error)


def _explain(error: Exception) -> NoReturn:
    from orgsim.errors import MissingExtraError, OrgsimError, UnknownIdError, UserError
    from orgsim.excerpt import render

    if isinstance(error, OrgsimError):
        click.echo(render(error.problems, "text"), err=True, nl=False)
        sys.exit(BAD_DATA)
    if isinstance(error, UserError):
        _fail(str(error), error.exit_code)
    if isinstance(error, MissingExtraError):
        _fail(str(error), NO_EXTRA)
    if isinstance(error, UnknownIdError):
        _fail(f"{error}; 'orgsim find' finds ids by name", BAD_CALL)
    if isinstance(error, OSError):
        _fail(f"{error.strerror or error}" + (f": {error.filename!r}" if error.filename else ""), NO_FILE)
    if os.environ.get("ORGSIM_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {error}"
    _fail(f"this is a bug in orgsim: {what}; set ORGSIM_DEBUG=1 to see where, and please report it", BUG)
