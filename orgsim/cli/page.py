"""The command that writes a page."""

from pathlib import Path

import click

from orgsim.cli.common import LEDGER, read


@click.command()
@LEDGER
@click.option("-o", "--out", type=click.Path(path_type=Path), required=True, help="The HTML file to write.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def page(ledger: str, out: Path, *, force: bool) -> None:
    """Write one HTML file that replays a ledger: dates, what was known when, stories, gaps, differences."""
    from orgsim.page import write_page
    from orgsim.starter import write_whole

    if out.exists() and not force:
        raise FileExistsError(17, "there is such a file already; --force writes over it", str(out))
    write_whole(out, write_page(read(ledger)))
    click.echo(f"wrote {out}")
