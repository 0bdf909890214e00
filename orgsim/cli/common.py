"""What commands share: dates as options, the arguments of a ledger, reading one, printing."""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from orgsim.columns.ledger import ColumnarLedger
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


# An option has one meaning in every command: the sentence before the semicolon is the same, what follows is the
# command's own.
LEDGER = click.argument("ledger", type=click.Path())
AT = click.option("--at", type=Day(), default="today", help="The date of the chart; today if not given.")
KNOWN = click.option("--known", type=Day(), help="Only what was known on that day.")
ORGANIZATION = click.option("--organization", metavar="ID", help="Only this organization.")
FORCE = click.option("--force", is_flag=True, help="Write over what is there.")
EVERY = click.Choice(["day", "week", "month", "quarter", "year"])
"""The steps from one date to the next."""
COUNT, FROM_ZERO = click.IntRange(min=1), click.IntRange(min=0)
IN_COLUMNS = (".parquet", ".csv")
"""How files end that hold a ledger in columns."""
COLUMNAR = click.option(
    "--columnar/--no-columnar", default=None, help="Work in columns; as for large ledgers if not given."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def out(what: str, *, required: bool = True) -> Callable[[Any], Any]:
    """The option that names what is written."""
    path: click.Path = click.Path(path_type=Path)
    return click.option("-o", "--out", type=path, required=required, help=f"Where to write; {what}.")


def number(name: str, **more: Any) -> Callable[[Any], Any]:
    """An option that takes a whole number, from 1 unless said otherwise."""
    return click.option(name, metavar="NUMBER", **{"type": COUNT, **more})


def read(path: str) -> "Ledger":
    """The ledger of a path; problems are raised."""
    from orgsim.reading.reader import read as read_ledger

    if not path:
        raise click.UsageError("the name of the ledger is empty; name a file or a folder")
    if path.endswith(IN_COLUMNS):
        from orgsim.columns.files.opening import small

        return small(Path(path))
    return read_ledger(path)


def read_any(path: str, *, columnar: bool | None = None) -> "Ledger | ColumnarLedger":
    """The ledger of a path, in columns if it is large, or if that is asked for."""
    if columnar is False or not (columnar or path.endswith(IN_COLUMNS)):
        return read(path)
    if path.endswith(IN_COLUMNS):
        from orgsim.columns.files.opening import fitting

        return fitting(Path(path), columnar=columnar)
    from orgsim.columns.ledger import ColumnarLedger

    return ColumnarLedger.of(read(path))


def show(*things: Any) -> None:
    """Print rich things, as wide as the terminal."""
    from orgsim.console.terminal import show as shown

    click.echo(shown(*things), nl=False)


def print_json(data: Any) -> None:
    """Print data as JSON."""
    import json

    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def is_default(option: str) -> bool:
    """Whether the user left an option out."""
    context = click.get_current_context()
    return context.get_parameter_source(option) is click.core.ParameterSource.DEFAULT


def check_free(path: Path, *, force: bool) -> None:
    """Raise FileExistsError for a file that is there, unless it may be written over."""
    if path.exists() and not force:
        raise FileExistsError(17, "there is such a file already; --force writes over it", str(path))


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong and leave with a code."""
    click.echo(f"orgsim: error: {message}", err=True)
    sys.exit(code)
