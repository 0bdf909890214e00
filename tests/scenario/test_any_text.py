"""Whatever stands in a scenario file, reading ends in a scenario or in located problems; and the schema agrees."""

import random
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orgsim.errors import OrgsimError, Problem
from orgsim.excerpt import render
from orgsim.reading.scenario import read_scenario
from orgsim.reading.scenario_schema import definitions
from orgsim.scenario.briefing import briefing
from orgsim.schema import scenario_schema
from tests.scenario.files import shown, write

WORDS = (
    """
none|now|0 d|5 d|-1 d|1e3|nan|15 %|15 % / y|101 %|12:30|2025-02-30|ceo|rep/1|rep/61|ada|resignation|stationary
{}|[]|~|'|*a|&a b|!!int 3|yes|{exponential: 5 d}|{where: {}}|[ceo, cto]|99999999999|..|exit.yaml|nothing.yaml|\u202e|\t
""".strip("\n")
    .replace("\n", "|")
    .split("|")
)
"""What is put into scenarios."""


def read_or_problems(path: Path) -> Any:
    """The scenario, or None after its problems could be shown."""
    problems: tuple[Problem, ...] = ()
    try:
        return read_scenario(path)
    except OrgsimError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert problem.where is not None, problem
        assert problem.hint, problem
    assert render(problems)
    return None


@given(text=st.text(max_size=200))
def test_any_text_ends_in_problems(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Text that is no scenario is refused with a place and a remedy."""
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    assert read_or_problems(path) is None


@given(seed=st.integers(0, 2**32))
def test_any_change_of_a_scenario_ends_in_a_scenario_or_in_problems(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """Words put in, taken out and exchanged: whatever is read can also be explained."""
    luck = random.Random(seed)  # noqa: S311 - to spoil a text
    folder = tmp_path_factory.getbasetemp() / "spoiled"
    folder.mkdir(exist_ok=True)
    write(folder, "")
    text = shown()["exit.yaml"]
    for _ in range(luck.randint(1, 3)):
        tokens = text.split(" ")
        at = luck.randrange(len(tokens))
        kind = luck.random()
        if kind < 0.6:
            end = tokens[at][len(tokens[at].rstrip(",}]\n")) :]
            tokens[at] = luck.choice(WORDS) + end
        elif kind < 0.8:
            del tokens[at]
        else:
            tokens.insert(at, luck.choice(tokens))
        text = " ".join(tokens)
    path = folder / "exit.yaml"
    path.write_text(text, "utf-8")
    found = read_or_problems(path)
    if found is not None:
        assert briefing(found)["title"] == found.title


# ------------------------------------------------------------------------------------------------------------ schema


class Core(yaml.SafeLoader):
    """YAML as editors have it: days and times are texts."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rows if not tag.endswith((":timestamp", ":merge"))]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator() -> jsonschema.Draft7Validator:
    """The schema as a validator."""
    return jsonschema.Draft7Validator(scenario_schema())


def said(text: str) -> list[str]:
    """What an editor would mark."""
    data = yaml.load(text, Core)  # noqa: S506 - a safe loader
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator().iter_errors(data)]


def test_the_schema_is_one() -> None:
    """The schema obeys the schema of schemas, and all that it refers to is there."""
    schema = scenario_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    named = {ref.removeprefix("#/definitions/") for ref in references(schema)}
    there = {*schema["definitions"], *(f"types/{name}" for name in schema["definitions"]["types"])}
    assert named <= there
    assert definitions().keys() <= schema["definitions"].keys()


def references(schema: Any) -> set[str]:
    """All that a schema refers to."""
    if isinstance(schema, list):
        return {ref for item in schema for ref in references(item)}
    if isinstance(schema, dict):
        here = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
        return here | {ref for item in schema.values() for ref in references(item)}
    return set()


@pytest.mark.parametrize("name", ["small.yaml", "base.yaml", "exit.yaml"])
def test_an_editor_passes_what_the_reader_reads(name: str) -> None:
    """The scenarios of the documentation have nothing to mark."""
    assert said(shown()[name]) == []


SPOILED = {
    "title: The": "titel: The",
    "70 %": "0.7",
    "notice: 30 d": "notice: 30",
    "times: 1.6": "times: -1.6",
    "hits: reports": "hits: report",
    "pause": "pauze",
    "event: create-post": "event: create-posts",
    "[1 y, 2 y]": "[1, 2]",
    "for: 12 months": "for: 12",
    "seed: 7": "seed: 1.5",
    "60 % / y": "60 %",
}


@pytest.mark.parametrize(("good", "bad"), SPOILED.items())
def test_an_editor_marks_what_is_misspelled(good: str, bad: str) -> None:
    """Keys, choices and units that the reader refuses are marked."""
    text = shown()["exit.yaml"].replace("cost:", "seed: 7\ncost:").replace("spring, ", "spring, pending: pause, ")
    assert good in text
    assert said(text) == []
    assert said(text.replace(good, bad)) != []
