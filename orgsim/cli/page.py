"""The command that writes a page."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from orgsim.cli.common import FORCE, LEDGER, check_free, out, read

if TYPE_CHECKING:
    from orgsim.page.data import Outlook


@click.command()
@LEDGER
@click.argument("result", required=False, type=click.Path(path_type=Path))
@click.option("--variant", metavar="NAME", help="For a RESULT: this variant; the baseline if not given.")
@out("an HTML file")
@FORCE
def page(ledger: str, result: Path | None, variant: str | None, out: Path, *, force: bool) -> None:
    """Write one HTML file that replays a ledger: dates, what was known when, stories, gaps, differences.

    With a RESULT of `orgsim run`, the page also shows its fan of headcount and how many days posts stand empty.
    """
    from orgsim.files import write_whole
    from orgsim.page import write_page

    check_free(out, force=force)
    if variant is not None and result is None:
        raise click.UsageError("--variant goes with a result")
    write_whole(out, write_page(read(ledger), None if result is None else _outlook(result, variant)))
    click.echo(f"wrote {out}")


def _outlook(result: Path, variant: str | None) -> "Outlook":
    from orgsim.experiments.experiment import read_outcome
    from orgsim.page.outlook import outlook_of

    outcome = read_outcome(result)
    if variant is not None:
        outcome = outcome.of(variant)
    try:
        return outlook_of(outcome)
    except ValueError as error:
        raise click.UsageError(f"the result cannot be shown as a fan: {error}") from None
