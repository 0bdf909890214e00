"""The schema for editors and the reader agree: on every legal ledger, and on what is wrong with the others.

What only the reader can see is listed in the docstring of `orgsim.schema` and shown below to be so.
"""

import copy
import json
import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import jsonschema
import jsonschema.validators
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orgsim.errors import Problem
from orgsim.events import CLASSES
from orgsim.schema import ledger_schema
from tests.reading.documents import Scalar, core, document, seen, text_of
from tests.reading.shape import shape

Schema = dict[str, Any]


def pattern(_validator: object, wanted: str, instance: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    """Patterns as editors know them: `$` is the end of the text, and never stands before a last line break."""
    if isinstance(instance, str) and re.search(wanted.replace("$", r"\Z"), instance) is None:
        yield jsonschema.ValidationError(f"{instance!r} does not match")


extend: Any = jsonschema.validators.extend
Validator = extend(jsonschema.Draft7Validator, {"pattern": pattern})


def excused(problem: Problem, text: str) -> bool:
    """Whether only the reader can see a problem: a number or truth oddly written, or a range turned around."""
    where = problem.where
    assert where is not None
    if not problem.rule.startswith("bad-"):
        return False
    found = re.match(r"[^,}\]\n\"]*", text.split("\n")[where.line - 1][where.column - 1 :])
    plain = found[0] if found else ""
    return problem.message.endswith("ends before it begins") or isinstance(core(plain), bool | int | float)


def disagreement(document: dict[str, Any], validator: Any) -> str | None:
    """What reader and schema say differently of a document, if they do."""
    text = text_of(document)
    return _compare(text, _seen(text, document), validator)


def _seen(_text: str, document: dict[str, Any]) -> Any:
    return seen(document)


def _compare(text: str, view: Any, validator: Any) -> str | None:
    problems = _problems(text)
    valid = validator.is_valid(view)
    if valid and any(not excused(problem, text) for problem in problems):
        return f"{text}\nThe schema passes what the reader refuses: {problems[0]}"
    if not valid and not problems:
        why = next(validator.iter_errors(view))
        return f"{text}\nThe schema refuses what the reader takes: {why.message} at {list(why.absolute_path)}"
    return None


@cache
def _problems(text: str) -> tuple[Problem, ...]:
    return tuple(shape(text)[1])


@cache
def validator_of_all() -> Any:
    """The schema, ready to judge."""
    return Validator(ledger_schema())


# ------------------------------------------------------------------------------------------------------- agreement


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.kind)
@given(rng=st.randoms(use_true_random=False))
def test_reader_and_schema_agree_on_events_of_every_kind(cls: Any, rng: random.Random) -> None:
    """A file with an event of this kind, spoiled or not, is taken by both or refused by both."""
    assert disagreement(document(rng, cls), validator_of_all()) is None


@pytest.mark.slow
@given(seed=st.integers())
def test_reader_and_schema_agree_on_many_files(seed: int) -> None:
    """The same, with much chance: a hundred files at a time."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(100):
        assert disagreement(document(rng), validator_of_all()) is None


def test_half_of_the_files_are_legal() -> None:
    """The test would be worth nothing if all files were right, or all wrong, or of one kind."""
    legal = [text for text, _ in corpus() if not _problems(text)]
    assert len(corpus()) / 4 < len(legal) < len(corpus()) * 3 / 4
    assert all(any(f"event: {cls.kind}" in text for text in legal) for cls in CLASSES)


@cache
def corpus() -> list[tuple[str, Any]]:
    """Files that are always the same, as text and as editors see them."""
    rng = random.Random(1)  # noqa: S311 - no secret
    documents = [document(rng, cls) for _ in range(120) for cls in CLASSES]
    return [(text_of(found), seen(found)) for found in documents]


# --------------------------------------------------------------------------------------------- the test must bite

KEYWORDS = ("additionalProperties", "required", "oneOf", "anyOf", "allOf", "enum", "const", "not", "pattern", "type")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "minItems", "maxLength", "dependencies", "then", "else", "$ref")
# What another keyword beside it says too, or what only text can show that YAML 1.2 takes for a number.
IDLE = {
    "definitions/event/type": "an event that is no mapping has no keys, and every kind says so as well",
    "definitions/event/required": "no kind of event lacks its kind",
}


def mutants(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The schema without one keyword, for each of them; in parts that many kinds share, once."""
    for path in paths(schema):
        mutant = copy.deepcopy(schema)
        at: Any = mutant
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        yield "/".join(map(str, path)), mutant


def paths(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all keywords."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(node, dict):
        items = node.items()
    elif isinstance(node, list):
        items = enumerate(node)
    for key, value in items:
        named = bool(above) and above[-1] in ("properties", "definitions", "types", "dependencies")
        if isinstance(node, dict) and not named and key in (*KEYWORDS, *BOUNDS):
            yield (*above, key)
        yield from paths(value, (*above, key))


def noticed(schema: Schema) -> bool:
    """Whether some file of the corpus tells this schema from the reader."""
    validator = Validator(schema)
    return any(_compare(text, view, validator) is not None for text, view in corpus())


def test_a_weakened_schema_is_noticed() -> None:
    """Without a required key, a closed mapping or a bound, the schema passes what the reader refuses."""
    assert not noticed(ledger_schema())
    chosen = (
        ("definitions", "hire", "required"),
        ("definitions", "hire", "additionalProperties"),
        ("definitions", "expect", "oneOf"),
        ("definitions", "appoint", "then"),
        ("definitions", "types", "when", "pattern"),
        ("definitions", "person", "required"),
        ("else",),
    )
    for path in chosen:
        schema = ledger_schema()
        at: Any = schema
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        assert noticed(schema), path


def test_a_schema_that_refuses_too_much_is_noticed() -> None:
    """A key that editors would refuse, though the reader takes it, is noticed."""
    schema = ledger_schema()
    del schema["definitions"]["hire"]["properties"]["fte"]
    assert noticed(schema)
    schema = ledger_schema()
    schema["definitions"]["types"]["id"]["type"] = "string"
    assert noticed(schema)


@pytest.mark.slow
def test_every_keyword_of_the_schema_is_needed() -> None:
    """Whichever keyword is removed, some file of the corpus notices; those that are idle are listed with the reason."""
    idle = {path for path, mutant in mutants(ledger_schema()) if not noticed(mutant)}
    assert idle == set(IDLE)


# ------------------------------------------------------------------------------------------ what only the reader sees


@pytest.mark.parametrize(
    ("value", "taken_for"),
    [("0x10", 16), ("0o20", 16), ("+16", 16), ("16.0", 16.0), ("1.6e1", 16.0), ("0000000016", 16), ("-0", 0)],
)
def test_an_odd_number_is_refused_by_the_reader_only(value: str, taken_for: float) -> None:
    """An editor sees the number, not how it is written."""
    text = f"orgsim: ledger/1\nevents:\n- {{date: 2024-01-01, event: expect, unit: a, headcount: {value}}}\n"
    assert [problem.rule for problem in shape(text)[1]] == ["bad-number"]
    event = {"date": "2024-01-01", "event": "expect", "unit": "a", "headcount": taken_for}
    assert core(value) == taken_for
    assert validator_of_all().is_valid({"orgsim": "ledger/1", "events": [event]})


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("orgsim: ledger/1\nevents:\n- {date: 2025..2024, event: open-unit, unit: a}\n", "bad-date"),
        ("events: []\norgsim: ledger/1\n", "events-not-last"),
        ('orgsim: ledger/1\npeople: {a: {name: "A\\u202eB"}}\n', "hidden-character"),
        ("orgsim: ledger/1\norganization: a\norganization: b\n", "duplicate-key"),
        (f"orgsim: ledger/1\npeople: {{a: {{name: A, note: {'x' * 65_537}}}}}\n", "text-too-long"),
        ("orgsim: ledger/1\nevents: []\n---\n", "second-document"),
    ],
)
def test_what_an_editor_cannot_see(text: str, rule: str) -> None:
    """Ranges, order, hidden characters, repeated keys, sizes and further documents are the reader's alone."""
    from yaml import CSafeLoader, load_all

    assert {problem.rule for problem in shape(text)[1]} == {rule}
    view = json.loads(json.dumps(next(iter(load_all(text, Loader=CSafeLoader))), default=str))
    assert validator_of_all().is_valid(view)


# ------------------------------------------------------------------------------------------------- the schema itself


def test_the_schema_is_a_schema() -> None:
    """It is valid draft 7, and plain data."""
    schema = ledger_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_every_key_is_described() -> None:
    """An editor shows a title and a description for every kind, and a sentence for every key of an event."""
    definitions = ledger_schema()["definitions"]
    for cls in CLASSES:
        kind = definitions[cls.kind]
        assert kind["title"] == cls.kind
        assert kind["description"].endswith(".")
        assert all(value.get("description") for value in kind["properties"].values()), cls.kind


@example("~")
@example("0o17")
@given(st.text(st.sampled_from("0123456789+-.eExo_~truNnal"), max_size=8))
def test_our_view_of_yaml_1_2_is_its_core_schema(text: str) -> None:
    """Integers, floats, truths and nulls are as the core schema has them; everything else is text."""
    value = core(text)
    if isinstance(value, bool):
        assert text.lower() in ("true", "false")
    elif isinstance(value, int | float):
        assert re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+|[-+.]*[0-9][0-9.]*([eE][-+]?[0-9]+)?|.*(inf|nan)", text)
    else:
        assert value is None or value == text
    assert Scalar(text, quoted=True).seen() == text
