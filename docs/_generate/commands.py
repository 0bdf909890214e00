"""The page of commands, made from what click knows of them."""

import inspect

import click

from docs._generate.markdown import NOTICE, sentence, sentences, table
from orgsim.cli import cli

INTRO = """\
# Commands

Results go to stdout, problems to stderr.
`LEDGER` is a file, or a folder whose `*.yaml` files are read in the order of their names.
A date is written `2024-09-25`; `today` is one too.
"""
EXIT_CODES = {
    0: "it worked; for `check`: the ledger is fine",
    1: "the data has problems, or `find` found nothing",
    2: "the call is wrong: an unknown option, a date that is none, an id that the ledger does not know",
    3: "an extra is missing; the message says which",
    4: "a file cannot be read or written",
    70: "a bug in orgsim; with `ORGSIM_DEBUG=1` it shows where",
    130: "interrupted",
}
AFTER = """\
## Surroundings

- `NO_COLOR` turns colors off; in a pipe or a file there are none anyway.
- `COLUMNS` sets how many columns a picture may take where the terminal does not say; in a pipe it is 100.
- `ORGSIM_DEBUG` shows where in the program something went wrong that should not.
"""


def page() -> str:
    """The page as Markdown."""
    commands = sorted(cli.commands.items())
    parts = [INTRO, f"{NOTICE}\n"]
    parts.append(table(("command", "what it does"), ([f"[`{n}`](#orgsim-{n})", _first(c)] for n, c in commands)) + "\n")
    parts += [_section(name, command) for name, command in commands]
    rows = ([str(code), meaning] for code, meaning in EXIT_CODES.items())
    parts.append(f"## Exit codes\n\n{table(('code', 'means'), rows)}\n")
    return "\n".join([*parts, AFTER])


def _first(command: click.Command) -> str:
    return sentences(_help(command)).partition("\n")[0]


def _help(command: click.Command) -> str:
    return " ".join(inspect.cleandoc(command.help or "").split())


def _section(name: str, command: click.Command) -> str:
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    options = [param for param in command.params if isinstance(param, click.Option)]
    usage = " ".join(["orgsim", name, *(["[OPTIONS]"] if options else []), *map(_argument, arguments)])
    text = f"## orgsim {name}\n\n```text\n{usage}\n```\n\n{sentences(_help(command))}\n"
    if options:
        rows = ([_option(option), sentence(option.help or "")] for option in options)
        text += f"\n{table(('option', 'means'), rows)}\n"
    return text


def _argument(argument: click.Argument) -> str:
    word = argument.metavar or _choices(argument) or (argument.name or "").upper()
    if argument.nargs == -1 and not argument.metavar:
        word = f"{word.removesuffix('S')}..."
    return word if argument.required or argument.nargs == -1 else f"[{word}]"


def _option(option: click.Option) -> str:
    name, *others = sorted((*option.opts, *option.secondary_opts), key=len, reverse=not option.secondary_opts)
    if option.is_flag:
        return ", ".join(f"`{word}`" for word in (name, *others))
    value = option.metavar or _choices(option) or _VALUES.get(option.type.name) or option.type.name.upper()
    return ", ".join(f"`{word}`" for word in (" ".join([name, *[value] * option.nargs]), *others))


def _choices(param: click.Parameter) -> str:
    return "|".join(map(str, param.type.choices)) if isinstance(param.type, click.Choice) else ""


_VALUES = {"integer": "NUMBER", "integer range": "NUMBER", "float": "NUMBER", "float range": "NUMBER"}
