"""The command `orgsim`.

Each command imports what it needs when it runs, so that `orgsim --version` and `--help` are immediate.  Data goes to
stdout, problems to stderr.  Exit codes: 0 fine, 1 the data has problems, 2 the call is wrong, 3 an extra is missing,
4 a file cannot be read or written, 70 a bug in orgsim, 130 interrupted.
"""

import io
import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from orgsim import __version__
from orgsim.cli import experiments, files, history, page, pictures, simulation
from orgsim.cli.common import BAD_CALL, BAD_DATA, BUG, INTERRUPTED, NO_EXTRA, NO_FILE, fail


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Replay who held which post and who reported to whom, at any date, from a plain-text ledger."""


for command in (
    *(history.init, history.check, history.find, history.replay, history.diff, history.history, history.why),
    *(history.metrics, history.schema, files.import_, files.export, pictures.plot, page.page),
    *(simulation.explain, experiments.run, experiments.compare),
):
    cli.add_command(command)


@cli.command()
def demo() -> None:
    """Replay the packaged story of OpenAI's leadership, 2015-2024, command by command, and ask what if."""
    from orgsim.starter import packaged

    names = {"STORY": "seeds/openai", "SCENARIO": "scenarios/autumn-2024.yaml"}
    paths = {word: str(packaged(name.partition("/")[0]) / name.partition("/")[2]) for word, name in names.items()}
    click.echo("OpenAI's leadership 2015-2024, from five news documents.")
    click.echo(f"The ledger is in {paths['STORY']}\n")
    for words in DEMO:
        click.echo(click.style(f"$ orgsim {' '.join(names.get(word, word) for word in words)}", bold=True))
        cli.main([paths.get(word, word) for word in words], standalone_mode=False)
        click.echo()


DEMO = (
    ("check", "STORY"),
    ("replay", "STORY", "--at", "2023-11-18", "--organization", "openai"),
    ("diff", "STORY", "2023-11-16", "2023-11-21"),
    ("diff", "STORY", "--at", "2023-12-01", "--known", "2023-11-20", "2024-10-04"),
    ("replay", "STORY", "--at", "2024-09-26", "--organization", "openai"),
    ("why", "STORY", "cto", "--at", "2024-10-04"),
    ("run", "SCENARIO", "--replications", "200", "--engine", "serial"),
)


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
        fail("interrupted", INTERRUPTED)
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
        fail(str(error), error.exit_code)
    if isinstance(error, MissingExtraError):
        fail(str(error), NO_EXTRA)
    if isinstance(error, UnknownIdError):
        hint = "" if ";" in str(error) else "; 'orgsim find' finds ids by name"
        fail(f"{error}{hint}", BAD_CALL)
    if isinstance(error, OSError):
        fail(f"{error.strerror or error}" + (f": {error.filename!r}" if error.filename else ""), NO_FILE)
    if os.environ.get("ORGSIM_DEBUG"):
        raise error
    what = f"{type(error).__name__}: {error}"
    fail(f"this is a bug in orgsim: {what}; set ORGSIM_DEBUG=1 to see where, and please report it", BUG)
