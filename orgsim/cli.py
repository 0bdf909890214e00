"""The command `orgsim`.

Each command imports what it needs when it runs, so that `orgsim --version` and `--help` are immediate.  Data goes to
stdout, problems to stderr.  Exit codes: 0 fine, 1 the data has problems, 2 the call is wrong, 3 an extra is missing,
4 a file cannot be read or written, 130 interrupted.
"""

import datetime as dt
import sys
from typing import TYPE_CHECKING, Any

import click

from orgsim import __version__

if TYPE_CHECKING:
    from orgsim.ledger import Ledger


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Replay who held which post and who reported to whom, at any date, from a plain-text ledger."""


class Day(click.ParamType):
    """A calendar day, or `today`."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the text of an option."""
        from orgsim.dates import parse_day

        if isinstance(value, dt.date):
            return value
        if value == "today":
            return dt.datetime.now(tz=dt.timezone.utc).date()
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@cli.command()
@click.argument("ledger", type=click.Path())
@click.option("--at", type=Day(), default="today")
@click.option("--known", type=Day())
@click.option("--json", "as_json", is_flag=True)
def replay(ledger: str, at: dt.date, known: dt.date | None, as_json: bool) -> None:
    """The org chart at a date."""
    import json

    from orgsim.chart_data import chart_data
    from orgsim.reading.reader import read

    chart = read(ledger).chart(at, known)
    click.echo(json.dumps(chart_data(chart), ensure_ascii=False, indent=2))


@cli.command()
@click.argument("ledger", type=click.Path())
def check(ledger: str) -> None:
    """Check."""
    from orgsim.errors import OrgsimError
    from orgsim.reading.reader import read

    try:
        read(ledger)
    except OrgsimError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def main() -> None:
    """Run the command."""
    cli()
