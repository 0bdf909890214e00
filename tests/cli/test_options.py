"""The command line is one: an option has one spelling, one metavar and one meaning, whatever the command."""

import re
from collections.abc import Iterator, Mapping

import click
import pytest

from orgsim.cli import cli

OTHERWISE = {
    ("import", "--known"),  # the day that what is read was known, while elsewhere it looks back
    ("import", "--organization"),  # gives a name to what has none, while elsewhere it selects
    ("diff", "--known"),  # two days
}
"""Where an option means another thing, with the reason."""
NOT_WRITTEN_OVER = {"import", "run"}
"""What makes a folder, and never goes over one that is there."""
NO_DATA = {"demo", "export", "import", "init", "page", "plot", "schema"}
"""What prints no data that JSON could say: it writes files, has its own format, or is JSON already."""


def meaning(option: click.Option) -> str:
    """The sentence of an option, without for whom it is, and without what only this command does with it."""
    text = re.sub(r"^(For [\w, ]+|With --\w+): (\w)", lambda found: found.group(2).upper(), option.help or "")
    return text.partition(";")[0].rstrip(".")


def told(option: click.Option, command: click.Command) -> Mapping[str, object]:
    """What a user sees of an option, as far as it must be the same everywhere."""
    return {
        "spelling": (sorted(option.opts), sorted(option.secondary_opts)),
        "metavar": None if option.is_flag else option.make_metavar(click.Context(command)),
        "meaning": meaning(option),
    }


def options(commands: Mapping[str, click.Command]) -> Iterator[tuple[str, str, click.Option]]:
    """Every option with its command and its name."""
    for name, command in sorted(commands.items()):
        for param in command.params:
            if isinstance(param, click.Option):
                yield name, max(param.opts, key=len), param


def differences(commands: Mapping[str, click.Command]) -> list[str]:
    """Options that are not the same in two commands."""
    first: dict[str, tuple[str, Mapping[str, object]]] = {}
    found = []
    for name, option, param in options(commands):
        here = told(param, commands[name])
        command, there = first.setdefault(option, (name, here)) if (name, option) not in OTHERWISE else (name, here)
        found += [f"{option} of {command} and {name}: {there[k]} and {here[k]}" for k in here if here[k] != there[k]]
    return found


def test_an_option_is_the_same_in_every_command() -> None:
    """Spelled the same, with the same metavar and the same sentence; what follows a semicolon is the command's own."""
    assert differences(cli.commands) == []


def test_every_exception_is_one() -> None:
    """An option that means another thing somewhere is one that other commands have."""
    everywhere = {(name, option): param for name, option, param in options(cli.commands)}
    for name, option in OTHERWISE:
        others = [param for (command, other), param in everywhere.items() if other == option and command != name]
        assert all(
            told(everywhere[name, option], cli.commands[name]) != told(one, cli.commands[name]) for one in others
        )
        assert others


@pytest.mark.parametrize(
    "other",
    [
        click.Option(["--out"], type=click.Path(), help="Where to write; a folder."),
        click.Option(["-o", "--out"], metavar="FILE", help="Where to write; a folder."),
        click.Option(["-o", "--out"], type=click.Path(), help="A folder."),
    ],
)
def test_the_guard_bites(other: click.Option) -> None:
    """Another spelling, another metavar, another sentence."""
    same = click.Option(["-o", "--out"], type=click.Path(), help="For maps: where to write; a map.")
    commands = {"a": click.Command("a", params=[same])}
    assert differences(commands | {"b": click.Command("b", params=[same])}) == []
    assert len(differences(commands | {"b": click.Command("b", params=[other])})) == 1


def test_what_may_be_repeated_says_so() -> None:
    """And nothing else does."""
    for name, option, param in options(cli.commands):
        assert param.multiple == ("may be repeated" in (param.help or "")), f"{option} of {name}"


def test_what_writes_can_be_forced_and_what_prints_data_prints_json() -> None:
    """Nothing is written over without `--force`; data is there for programs as well."""
    having = {
        option: {name for name, other, _ in options(cli.commands) if other == option}
        for option in ("--out", "--force", "--json")
    }
    assert having["--force"] == having["--out"] - NOT_WRITTEN_OVER
    assert having["--json"] == set(cli.commands) - NO_DATA


def test_every_option_says_what_it_takes_in_a_word() -> None:
    """An id, a number, a file; never a type of the program."""
    for name, option, param in options(cli.commands):
        metavar = param.make_metavar(click.Context(cli.commands[name]))
        assert param.is_flag or re.fullmatch(r"[A-Z-]+(\|[A-Z]+)?( ?\.\.\.)?|\[[a-z|]+\]", metavar), (
            f"{option} of {name}"
        )
        assert metavar not in ("TEXT", "INTEGER")
