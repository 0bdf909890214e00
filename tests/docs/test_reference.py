"""The reference is complete and fresh: generated pages, the glossary, the keys of JSON, the table of layers."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

import orgsim
from docs._generate import PAGES, api, commands, events
from orgsim import cli
from orgsim.cli import common
from orgsim.events import CLASSES, KINDS, BadEventError, Event, SourceRef
from orgsim.model import Person, Source
from orgsim.reading.reader import read_texts
from orgsim.values import TYPES, key_of
from tests.blessing import Golden
from tests.test_architecture import LAYERS

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"


def headings(text: str) -> list[str]:
    """The words of all headings of a page below its title."""
    return re.findall(r"^##+ (.+)$", text, re.MULTILINE)


def missing(names: Iterable[str], text: str) -> list[str]:
    """The names that a page does not say as code."""
    return [name for name in names if f"`{name}`" not in text and f"`{name}(" not in text]


# ------------------------------------------------------------------------------------------------ generated pages


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str, *, bless: bool) -> None:
    """A page made from the sources says what the sources say now."""
    Golden(REFERENCE, bless)(name, PAGES[name]())


def test_every_kind_of_event_and_every_key_is_told() -> None:
    """The page of events has a section for each kind, which names each of its keys."""
    sections = dict(zip(*[iter(re.split(r"^## (.+)$", events.page(), flags=re.MULTILINE)[1:])] * 2, strict=True))
    for cls in CLASSES:
        own = [f for f in attrs.fields(cls) if "type" in f.metadata and f not in attrs.fields(Event)]
        assert missing(map(key_of, own), sections[cls.kind]) == []
    common = [f for f in (*attrs.fields(Event), *attrs.fields(SourceRef)) if "type" in f.metadata]
    assert missing(map(key_of, common), sections["Keys of every event"]) == []


def test_what_is_missing_is_noticed() -> None:
    """A name that a page does not say as code is reported."""
    assert missing(["seats", "level"], "| `level` | seats |") == ["seats"]


def test_every_type_is_explained_with_examples_that_read() -> None:
    """Each type of value that a key takes is explained, and the examples given for it are values of it."""
    fields = [f for cls in (*CLASSES, SourceRef, Person, Source) for f in attrs.fields(cls) if "type" in f.metadata]
    assert {events.type_name(field) for field in fields} == events.TYPES.keys()
    for name, (_, examples) in events.TYPES.items():
        for example in examples:
            TYPES[name].parse(example)


def test_the_keys_of_sources_and_people_are_told() -> None:
    """Each key of a declared source or person has a meaning on the page."""
    for cls, meanings in events.HEADER.items():
        assert {f.name for f in attrs.fields(cls) if "type" in f.metadata} == meanings.keys()


# For each kind: fields that go together, and fields that do not.
TOGETHER: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "appoint": (
        [{"post": "p", "person": "a"}, {"post": "p", "holder": "unnamed", "seats": 3}],
        [{"post": "p"}, {"post": "p", "person": "a", "holder": "unnamed"}, {"post": "p", "person": "a", "seats": 3}],
    ),
    "vacate": (
        [{"post": "p", "person": "a"}, {"post": "p", "holder": "unknown"}],
        [{"post": "p"}, {"post": "p", "person": "a", "holder": "unknown"}],
    ),
    "report": (
        [
            {"post": "p", "to": "none"},
            {"person": "a", "to": "unknown"},
            {"post": "p", "to": "q", "line": "dotted"},
            {"post": "p", "to": "none", "end": True},
        ],
        [
            {"to": "q"},
            {"post": "p", "person": "a", "to": "q"},
            {"post": "p", "to": "none", "line": "dotted"},
            {"post": "p", "to": "unknown", "line": "dotted"},
            {"post": "p", "to": "unknown", "end": True},
        ],
    ),
    "expect": (
        [
            {"post": "p", "vacant": True},
            {"post": "p", "holder": "a", "acting": True},
            {"post": "p", "reports_to": "none"},
            {"person": "a", "manager": "b"},
            {"person": "a", "employer": "o"},
            {"person": "a", "on_leave": False},
            {"unit": "u", "headcount": 3},
        ],
        [
            {"vacant": True},
            {"post": "p"},
            {"post": "p", "person": "a", "vacant": True, "on_leave": True},
            {"post": "p", "vacant": True, "acting": True},
            {"post": "p", "vacant": True, "headcount": 3},
            {"person": "a", "manager": "b", "holder": "a"},
        ],
    ),
}


@pytest.mark.parametrize("kind", TOGETHER)
def test_what_goes_together_is_as_the_page_says(kind: str) -> None:
    """Keys that the page says go together make an event; the others are refused."""
    day = orgsim.When.on(dt.date(2024, 1, 1))
    good, bad = TOGETHER[kind]
    for fields in good:
        KINDS[kind](date=day, **fields)
    for fields in bad:
        with pytest.raises(BadEventError):
            KINDS[kind](date=day, **fields)


def test_every_kind_that_judges_its_keys_says_so() -> None:
    """Each class of events that refuses some combination of keys has a sentence about it on the page."""
    judging = {cls.kind for cls in CLASSES if "__attrs_post_init__" in vars(cls)}
    assert judging == TOGETHER.keys() == events.TOGETHER.keys() - {"retract"}


def test_a_retraction_needs_only_its_known_date() -> None:
    """A `retract` may leave out `date`, as the page says, but not `known`."""
    text = events.EXAMPLE.replace("{known: 2024-02-01, event: retract", "{event: retract")
    assert text != events.EXAMPLE
    with pytest.raises(orgsim.OrgsimError, match="needs the key 'known'"):
        read_texts([("example.yaml", text.encode())])


def test_what_counts_where_a_key_is_left_out() -> None:
    """Names and titles left out are the ids, kinds of units and managers as the page says."""
    day = orgsim.When.on(dt.date(2024, 1, 1))
    chart = orgsim.Ledger(
        [
            orgsim.OpenUnit(date=day, unit="acme"),
            orgsim.OpenUnit(date=day, unit="labs", parent="acme"),
            orgsim.CreatePost(date=day, post="ceo", unit="acme"),
            orgsim.Hire(date=day, person="ada", organization="acme"),
        ]
    ).chart(day.day)
    acme, labs, ceo = chart.unit("acme"), chart.unit("labs"), chart.post("ceo")
    assert (acme.name, acme.kind, labs.kind) == ("acme", "organization", "team")
    assert (ceo.title, ceo.line, chart.person("ada").name) == ("ceo", None, "ada")


# ------------------------------------------------------------------------------------------------------- commands


def test_every_command_and_option_is_told() -> None:
    """The page of commands has a section for each command, which names each of its options."""
    sections = dict(zip(*[iter(re.split(r"^## (.+)$", commands.page(), flags=re.MULTILINE)[1:])] * 2, strict=True))
    for name, command in cli.cli.commands.items():
        text = sections[f"orgsim {name}"]
        for option in (opt for param in command.params for opt in param.opts if opt.startswith("--")):
            assert re.search(rf"`{option}[` ]", text), f"{name} {option}"


def test_every_exit_code_is_told() -> None:
    """The codes with which the program ends are those on the page."""
    known = {0} | {value for name, value in vars(common).items() if name.isupper() and isinstance(value, int)}
    assert common.BAD_DATA in known, "nothing is looked at"
    assert commands.EXIT_CODES.keys() == known


# --------------------------------------------------------------------------------------------------------- python


def test_every_public_name_is_told_once() -> None:
    """Each name of `orgsim.__all__` has a heading, or as a kind of event a row, and what it says is no dummy."""
    text = api.page()
    classes = api.event_classes()
    assert [name for name in orgsim.__all__ if name not in classes and headings(text).count(name) != 1] == []
    assert missing(classes, text) == []
    assert [name for name in orgsim.__all__ if not getattr(orgsim, name).__doc__] == []


# ----------------------------------------------------------------------------------------------------------- JSON


def keys_of(data: Any) -> Iterator[str]:
    """Every key in a piece of JSON."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from keys_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from keys_of(value)


def printed(folder: Path) -> Iterator[Any]:
    """What the commands print as JSON for a ledger that has something of everything."""
    file = folder / "ledger.yaml"
    to_unit = "- {date: 2023-12-01, event: report, post: ceo, to: research}\n"
    file.write_text(events.EXAMPLE + to_unit, "utf-8")
    for words in (
        f"replay {file} --at 2023-12-31",
        f"diff {file} 2022-12-31 2023-12-31",
        f"history {file} ada",
        f"why {file} ceo --at 2024-03-01",
        f"find {file} ada",
    ):
        yield json.loads(CliRunner().invoke(cli.cli, [*words.split(), "--json"], catch_exceptions=False).stdout)
    counting = ["metrics", str(file), "--from", "2023-01-01", "--to", "2024-01-01", "--json"]
    yield dict.fromkeys(json.loads(CliRunner().invoke(cli.cli, counting, catch_exceptions=False).stdout))
    file.write_text(events.EXAMPLE + to_unit * 2 + "- {}\n", "utf-8")
    yield json.loads(CliRunner().invoke(cli.cli, ["check", str(file), "--format", "json"]).stdout)


def test_every_key_of_json_is_told(tmp_path: Path) -> None:
    """The page about JSON names each key that a command prints."""
    found = {key for data in printed(tmp_path) for key in keys_of(data)}
    assert {"rule", "status", "subject", "quote", "rivals", "is", "bridge"} <= found, "nothing is looked at"
    assert missing(sorted(found), (REFERENCE / "json.md").read_text("utf-8")) == []


# ------------------------------------------------------------------------------------------- glossary, code tour

WORDS = """
person post unit organization employment appointment substantive acting holder vacancy reporting-line solid-line
dotted-line leave departure event ledger chart headcount fte span-of-control layer critical-post manager
primary-post personal-post body effective-date known-date source certainty retraction rival-account
"""
"""The words of the design that the program uses."""


def test_the_glossary_defines_each_word_once() -> None:
    """Each word has one heading in the glossary, and no heading stands there twice."""
    found = [
        re.sub(r"\W+", "-", heading.lower()).strip("-")
        for heading in headings((REFERENCE / "glossary.md").read_text("utf-8"))
    ]
    assert [word for word in WORDS.split() if word not in found] == []
    assert len(set(found)) == len(found)


def layers() -> str:
    """The table of layers as the code tour shows it, the highest first."""
    rows = []
    for layer in sorted(set(LAYERS.values()), reverse=True):
        modules = sorted(module for module, its in LAYERS.items() if its == layer)
        rows.append(f"| {layer} | {', '.join(f'`{module}`' for module in modules)} |")
    return "\n".join(["| layer | modules |", "| --- | --- |", *rows])


def test_the_code_tour_shows_the_layers(*, bless: bool) -> None:
    """The table of layers in the code tour is that of the architecture test."""
    tour = DOCS / "background" / "code-tour.md"
    text = tour.read_text("utf-8")
    fresh = re.sub(r"\| layer \| modules \|\n(?:\|.*\n)+", layers() + "\n", text)
    assert "| layer | modules |" in text
    Golden(tour.parent, bless)(tour.name, fresh)


def test_the_code_tour_passes_every_module() -> None:
    """Each row of the table of layers is spoken of in the tour beyond the table itself."""
    text = (DOCS / "background" / "code-tour.md").read_text("utf-8").replace(layers(), "")
    said = set(re.findall(r"`([a-z_.]+)`", text))
    assert {module for module in LAYERS if module not in said} == set()


# ------------------------------------------------------------------------------- what Sphinx does not look at


def broken(page: Path, text: str) -> list[str]:
    """The links of a page to files that are not there."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    return [target for target in targets if not (page.parent / target).exists()]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_of_pages_outside_the_documentation(name: str) -> None:
    """Files that the README and the page on contributing link to are there."""
    page = DOCS.parent / name
    assert broken(page, page.read_text("utf-8")) == []


def test_a_broken_link_is_noticed() -> None:
    """A link to a file that is not there is reported."""
    assert broken(DOCS / "index.md", "[a](nowhere.md#x) [b](index.md) [c](https://example.org)") == ["nowhere.md"]


# ------------------------------------------------------------------------------------------------------ decisions


def test_decisions_are_dated_and_listed() -> None:
    """Each decision has a number, a date and its four parts, and stands in the index."""
    folder = DOCS / "background" / "decisions"
    index = (folder / "index.md").read_text("utf-8")
    pages = sorted(folder.glob("[0-9]*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text("utf-8")
        assert re.search(r"^\d{4}-\d{2}-\d{2}\.$", text, re.MULTILINE), page.name
        parts = re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequence", "Revisit"], page.name
        assert page.stem in index
