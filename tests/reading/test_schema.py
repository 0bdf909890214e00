"""The schema for editors and the reader agree: on every legal ledger, and on what is wrong with the others.

What only the reader can see is listed in the docstring of `orgsim.schema` and shown below to be so.
"""

import calendar
import copy
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import attrs
import jsonschema
import jsonschema.validators
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orgsim.errors import Problem
from orgsim.events import CLASSES, KINDS, Event, SourceRef
from orgsim.model import Person, Source
from orgsim.schema import ledger_schema
from orgsim.values import key_of
from tests.reading.documents import (
    VALUES,
    Scalar,
    core,
    document,
    event,
    mapping,
    scalar,
    seen,
    spoil_header,
    text_of,
    wrong,
)
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
    return problem.message.endswith("ends before it begins") or (found is not None and odd(found[0], problem.rule))


def odd(plain: str, rule: str) -> bool:
    """Whether a scalar is a number or a truth to an editor, and not written in the one way that is the reader's too."""
    value = core(plain)
    if isinstance(value, bool):
        return plain not in ("true", "false")
    if isinstance(value, int):
        return str(value) != plain or (rule == "bad-date" and 0 < value < LEAST_YEAR)
    return isinstance(value, float) and (value.is_integer() or repr(value) != plain)


LEAST_YEAR = 1000
"""A year has four digits, which a number does not show: 99 is no year, but 0099 is, and both are 99 to an editor."""


@cache
def verdict(text: str) -> tuple[bool | None, str]:
    """Whether the reader takes a text, or None where only the reader can see what is wrong; and its first problem."""
    problems = shape(text)[1]
    if not problems:
        return True, ""
    return None if all(excused(problem, text) for problem in problems) else False, str(problems[0])


def disagreement(text: str, view: Any, validator: Any) -> str | None:
    """What reader and schema say differently of a file, if they do."""
    taken, why = verdict(text)
    if taken is None or validator.is_valid(view) is taken:
        return None
    if not taken:
        return f"{text}\nThe schema passes what the reader refuses: {why}"
    error = next(validator.iter_errors(view))
    return f"{text}\nThe schema refuses what the reader takes: {error.message} at {list(error.absolute_path)}"


@cache
def validator_of_all() -> Any:
    """The schema, ready to judge."""
    return Validator(ledger_schema())


# ------------------------------------------------------------------------------------------------------- agreement


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.kind)
@given(rng=st.randoms(use_true_random=False))
def test_reader_and_schema_agree_on_events_of_every_kind(cls: Any, rng: random.Random) -> None:
    """A file with an event of this kind, spoiled or not, is taken by both or refused by both."""
    made = document(rng, cls)
    assert disagreement(text_of(made), seen(made), validator_of_all()) is None


@pytest.mark.slow
@given(seed=st.integers())
def test_reader_and_schema_agree_on_many_files(seed: int) -> None:
    """The same, with much chance: a hundred files at a time."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(100):
        made = document(rng)
        assert disagreement(text_of(made), seen(made), validator_of_all()) is None


def test_many_files_are_legal_and_many_are_not() -> None:
    """The test would be worth nothing if all files were right, or all wrong, or of one kind."""
    for cls in CLASSES:
        taken = [verdict(text)[0] for text, _ in corpus(cls.kind)]
        assert taken.count(True) > 50
        assert taken.count(False) > 100
        assert taken.count(None) < len(taken) / 5


@cache
def corpus(kind: str) -> list[tuple[str, Any]]:
    """Files that are always the same, as text and as editors see them: some by chance, and each key of a kind wrong."""
    rng = random.Random(kind)  # noqa: S311 - no secret
    found = [document(rng, KINDS[kind]) for _ in range(100)]
    for spoiled in itertools.chain(each_key_wrong(KINDS[kind], rng), any_keys(KINDS[kind], rng)):
        found.append({"orgsim": Scalar("ledger/1"), "organization": Scalar("acme"), "events": [spoiled]})
        if not {"organization", "unit"} & set(spoiled):
            found.append({"orgsim": Scalar("ledger/1"), "events": [spoiled]})
    return [(text_of(one), seen(one)) for one in found]


@cache
def corpus_of_headers() -> list[tuple[str, Any]]:
    """The same for what stands above the events, and for the sources that events cite."""
    rng = random.Random("header")  # noqa: S311 - no secret
    found: list[dict[str, Any]] = []
    for _ in range(400):
        made = document(rng)
        spoil_header(made, rng)
        found.append(made)
    head = {"orgsim": Scalar("ledger/1")}
    found += [{**head, "people": {"a": spoiled}} for spoiled in each_key_wrong(Person, rng)]
    found += [{**head, "sources": {"a": spoiled}} for spoiled in each_key_wrong(Source, rng)]
    for spoiled in each_key_wrong(SourceRef, rng):
        cites = {**event(CLASSES[0], rng), "source": rng.choice([spoiled, [spoiled]])}
        found.append({**head, "events": [cites]})
    shapes: list[Any] = [Scalar("x"), Scalar("~"), [], {}, [Scalar("x")]]
    found += [{**head, "events": [item]} for item in shapes]
    strange = [("[]\n", []), ("x\n", "x"), ("~\n", None), ("- orgsim: ledger/1\n", [{"orgsim": "ledger/1"}])]
    return [*((text_of(one), seen(one)) for one in found), *strange]


def is_legal(one: dict[str, Any]) -> bool:
    """Whether the reader takes an event as it is."""
    return not shape(text_of({"orgsim": Scalar("ledger/1"), "organization": Scalar("acme"), "events": [one]}))[1]


def each_key_wrong(cls: type[Any], rng: random.Random) -> Iterator[dict[str, Any]]:
    """Mappings in which one key has a value it does not take, is missing or is not known, for every key in turn."""

    def made(key: str = "") -> dict[str, Any]:
        """A mapping that the reader takes, with this key if it can be had."""
        for chance in range(60):
            one = event(cls, rng) if issubclass(cls, Event) else mapping(cls, ["id", "name"], rng)
            if (key in one or chance > 30) and (not issubclass(cls, Event) or is_legal(one)):
                break
        return one

    told: set[str] = set()
    for field in attrs.fields(cls):
        type_ = field.metadata.get("type")
        if type_ is None:
            continue
        key = key_of(field)
        yield from ({other: value for other, value in made(key).items() if other != key} for _ in range(2))
        yield from ({**made(key), key: wrong(field, rng)} for _ in range(4))
        yield from ({**made(key), key: shape} for shape in (Scalar("~"), [], [Scalar("x")], {}, {"x": Scalar("y")}))
        if type_ not in told:
            told.add(type_)
            for text in VALUES.get(type_, ((), ()))[1]:
                yield {**made(key), key: scalar(text, rng)}
                yield {**made(key), key: Scalar(text, quoted=True)}
    yield from ({**made(), "x": Scalar("y")} for _ in range(2))


def any_keys(cls: type[Any], rng: random.Random) -> Iterator[dict[str, Any]]:
    """Events with any of their keys beside each other, where some exclude others."""
    common = {field.name for field in attrs.fields(Event)}
    own = {key_of(field): field for field in attrs.fields(cls) if field.name not in common}
    for _ in range(400 if cls.kind in ("appoint", "expect", "report", "vacate") else 0):
        chosen = rng.sample(list(own), rng.randint(1, min(4, len(own))))
        made = mapping(cls, ["date", *chosen], rng, 0)
        if rng.random() < 0.3:
            made[chosen[0]] = wrong(own[chosen[0]], rng)
        yield {"event": Scalar(cls.kind), **made}


# --------------------------------------------------------------------------------------------- the test must bite

KEYWORDS = ("additionalProperties", "required", "oneOf", "anyOf", "allOf", "enum", "const", "not", "pattern", "type")
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "minItems", "maxLength", "dependencies", "then", "else", "$ref")
IDLE = {
    r".*/properties/event/const": "the kind was asked before; an editor completes it",
    r"definitions/event/type": "some kinds refuse what is no mapping anyway; an editor offers the keys of one",
    r".*/if/required": "a key asked for is required elsewhere; an editor tells less while it is being written",
}
"""Keywords whose loss changes no verdict, and what they are there for."""


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
        if key == "$ref" and above[-2:-1] == ("allOf",):
            continue  # removed with its list
        named = bool(above) and above[-1] in ("properties", "definitions", "types", "dependencies")
        if isinstance(node, dict) and not named and key in (*KEYWORDS, *BOUNDS):
            yield (*above, key)
        yield from paths(value, (*above, key))


def noticed(schema: Schema, path: str = "") -> bool:
    """Whether some file of the corpus tells this schema, changed at a path, from the reader."""
    validator = Validator(schema)
    # What is said of one kind can be noticed at events of that kind only.
    classes = [cls for cls in CLASSES if f"/{cls.kind}/" in path]
    of_kinds = (one for cls in classes or CLASSES for one in corpus(cls.kind))
    files = itertools.chain(() if classes else corpus_of_headers(), of_kinds)
    return any(disagreement(text, view, validator) is not None for text, view in files)


def test_a_weakened_schema_is_noticed() -> None:
    """Without a required key, a closed mapping or a bound, the schema passes what the reader refuses."""
    whole = ledger_schema()
    assert not noticed(whole)
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
        assert schema == whole
        at: Any = schema
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        assert noticed(schema), path


def test_a_schema_that_refuses_too_much_is_noticed() -> None:
    """A key that editors would refuse, though the reader takes it, is noticed."""
    whole = ledger_schema()
    assert not noticed(whole)
    schema = ledger_schema()
    del schema["definitions"]["hire"]["properties"]["fte"]
    assert noticed(schema)
    schema = ledger_schema()
    assert schema == whole
    schema["definitions"]["types"]["id"]["type"] = "string"
    assert noticed(schema)


@pytest.mark.slow
def test_every_keyword_of_the_schema_is_needed() -> None:
    """Whichever keyword is removed, some file of the corpus notices; those that are idle are listed with the reason."""
    assert not noticed(ledger_schema())  # or all that follows would be noticed for nothing
    idle = [path for path, mutant in mutants(ledger_schema()) if not noticed(mutant, path)]
    assert [path for path in idle if not any(re.fullmatch(known, path) for known in IDLE)] == []


# ------------------------------------------------------------------------------------------ what only the reader sees


@pytest.mark.parametrize(
    ("value", "taken_for"),
    [("0x10", 16), ("0o20", 16), ("+16", 16), ("16.0", 16.0), ("1.6e1", 16.0), ("0000000016", 16), ("-0", 0)],
)
def test_an_odd_number_is_refused_by_the_reader_only(value: str, taken_for: float) -> None:
    """An editor sees the number, not how it is written."""
    text = f"orgsim: ledger/1\nevents:\n- {{date: 2024-01-01, event: expect, unit: a, headcount: {value}}}\n"
    assert [problem.rule for problem in shape(text)[1]] == ["bad-number"]
    odd = {"date": "2024-01-01", "event": "expect", "unit": "a", "headcount": taken_for}
    assert core(value) == taken_for
    assert validator_of_all().is_valid({"orgsim": "ledger/1", "events": [odd]})


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


def test_a_schema_is_ours_to_change() -> None:
    """Whoever changes the schema they got changes neither the next one nor the types of the library."""
    whole = json.dumps(ledger_schema())
    for path in paths(ledger_schema()):
        at: Any = ledger_schema()
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
    assert json.dumps(ledger_schema()) == whole


def test_the_patterns_of_dates_are_the_calendar() -> None:
    """What an editor takes for a day is exactly what the calendar has, in leap years, centuries and at both ends."""
    types = ledger_schema()["definitions"]["types"]
    day, when = (re.compile(types[name]["pattern"].replace("$", r"\Z")) for name in ("day", "when"))
    ends = {0, 100, 400, 1582, 1900, 2000, 2023, 2024, 2100, 2400, 9998}
    for year in sorted({year for end in ends for year in range(max(0, end - 5), min(9999, end + 5) + 1)}):
        for month, number in itertools.product(range(14), range(33)):
            text = f"{year:04}-{month:02}-{number:02}"
            known = 1 <= year <= 9998 and 1 <= month <= 12
            exists = known and 1 <= number <= calendar.monthrange(year, month)[1]
            assert (day.search(text) is not None) == exists, text
            assert (when.search(text) is not None) == exists, text
            assert (when.search(f"..{text}") is not None) == exists, text


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
