"""Scenario files for tests: the ones that the documentation shows, and a short way to make others."""

import re
import textwrap
from pathlib import Path

from orgsim.errors import OrgsimError, Problem
from orgsim.reading.scenario import read_scenario
from orgsim.scenario.model import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scenario.md"
HEAD = """\
orgsim: scenario/1
title: A test
ledger: ledger.yaml
from: 2025-01-01
until: 2027-01-01
"""


def shown() -> dict[str, str]:
    """The files that the page on scenarios shows, by name."""
    blocks = re.findall(
        r"^```(?:yaml|text)\n# file: (\S+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return dict(blocks)


def write(folder: Path, body: str, name: str = "scenario.yaml", head: str = HEAD, **others: str) -> Path:
    """Write the files of the page, and a scenario with this body; `others` by name, with `_` for a dot."""
    for file, text in {**shown(), **{other.replace("_", "."): text for other, text in others.items()}}.items():
        (folder / file).write_text(textwrap.dedent(text), "utf-8")
    path = folder / name
    path.write_text(head + textwrap.dedent(body), "utf-8")
    return path


def scenario(folder: Path, body: str, **others: str) -> Scenario:
    """The scenario with this body."""
    return read_scenario(write(folder, body, **others))


def problems(folder: Path, body: str, **others: str) -> tuple[Problem, ...]:
    """What is wrong with the scenario of this body."""
    try:
        scenario(folder, body, **others)
    except OrgsimError as error:
        return error.problems
    return ()


def told(folder: Path, body: str, **others: str) -> list[str]:
    """The same as `rule line:column`, with lines counted from the first of the body."""
    before = HEAD.count("\n")
    return [f"{p.rule} {p.where.line - before}:{p.where.column}" for p in problems(folder, body, **others) if p.where]
