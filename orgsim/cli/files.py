"""The commands between ledgers and the files of others."""

from pathlib import Path
from typing import Any

import click

from orgsim.cli.common import EVERY, FORCE, FROM_ZERO, KNOWN, LEDGER, Day, number, out, read


@click.command("import")
@click.argument("format_", metavar="FORMAT")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@out("a folder that is not there yet")
@click.option("--organization", metavar="ID", help="The organization, where the files name none.")
@click.option("--profile", metavar="NAME|FILE", help="How columns are called and written.")
@click.option("--date-format", metavar="FORMAT", help="How dates are written, as for strptime: %d/%m/%Y.")
@click.option(
    "--encoding", metavar="NAME", default="utf-8-sig", help="The encoding of the files, where it is not UTF-8."
)
@click.option("--delimiter", metavar="CHAR", help="What stands between cells; found in the header if not given.")
@click.option("--end-inclusive", is_flag=True, help="End dates are the last day, not the first day after.")
@number("--gap-days", type=FROM_ZERO, default=0, help="Spells this close together are one.")
@click.option("--known", type=Day(), help="The day the files were published.")
def import_(format_: str, files: tuple[Path, ...], out: Path, **options: Any) -> None:
    """Turn files of another format into a ledger, with a report of what was read, mended and refused.

    FORMAT is snapshots, employees, orders, spells, tables, popolo or organogram.
    """
    from orgsim.importing import import_files

    click.echo(import_files(format_, files, out, options), nl=False)


@click.command()
@click.argument("format_", metavar="FORMAT")
@LEDGER
@out("a file, or a folder; stdout if not given", required=False)
@click.option("--at", type=Day(), help="The date of the chart; for formats that hold one.")
@KNOWN
@click.option(
    "--pseudonymize",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Replace people, by the key in FILE.",
)
@number("--top-levels", help="Only posts with fewer than so many above them.")
@click.option("--raw-csv", "raw", is_flag=True, help="Leave cells that a spreadsheet would take for formulas.")
@number("--min-group", type=click.IntRange(min=3), default=5, help="For groups: hide smaller numbers of people.")
@click.option(
    "--group-by",
    type=click.Choice(["organization", "unit", "level", "contract"]),
    multiple=True,
    default=["unit"],
    help="For groups: what people are grouped by; may be repeated.",
)
@click.option(
    "--from", "start", type=Day(), help="For groups: the day the period begins; with the ledger if not given."
)
@click.option("--to", "end", type=Day(), help="For groups: the day the period ends; today if not given.")
@click.option("--every", type=EVERY, default="year", help="For groups: the step; a year if not given.")
@FORCE
def export(format_: str, ledger: str, out: Path | None, key_file: Path | None, *, force: bool, **options: Any) -> None:
    """Write a ledger, or the chart of a date, in a format other tools read.

    FORMAT is csv, parquet, popolo, org, graphml, dot, mermaid, groups or yaml.
    """
    from orgsim.importing import export_files

    text = export_files(format_, read(ledger), out, key_file=key_file, force=force, options=options)
    click.echo(text, nl=False)
