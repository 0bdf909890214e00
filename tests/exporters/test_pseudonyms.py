"""Pseudonyms: nothing that names anybody is left in any format, and the history is the same."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from pyarrow import parquet  # type: ignore[import-untyped]

from orgsim import exporters
from orgsim.data import chart_data
from orgsim.dates import When
from orgsim.errors import UserError
from orgsim.events import (
    Appoint,
    ChangePerson,
    CreatePost,
    Depart,
    Event,
    Expect,
    Hire,
    OpenUnit,
    Report,
    Retract,
    SourceRef,
    Vacate,
)
from orgsim.exporters.pseudonyms import pseudonymized
from orgsim.ledger import Ledger
from orgsim.model import Person, Source
from orgsim.reading.reader import read, read_texts
from orgsim.testing import ledgers

KEY, OTHER = b"k" * 32, b"o" * 32
STORY = read(Path(__file__).parents[2] / "seeds" / "openai")
CANARIES = ("Canary", "canary", "カナリア", "Kanarek")
"""Nothing that has one of these may be left."""
AT = dt.date(2024, 3, 1)


def everything() -> Ledger:
    """A ledger in which every place where a person may be named has a canary."""
    on = When.on(dt.date(2024, 1, 1))
    said = (SourceRef("canary-press", line=3, page="Canary page", quote="Canary said so"),)
    more: dict[str, Any] = {"source": said, "note": "Canary note", "by": "Canary boss"}
    who = "canary-one"
    events: list[Event] = [
        OpenUnit(date=on, unit="acme", name="Acme", **more),
        OpenUnit(date=on, unit="canary-lab", name="Canary's lab", unit_kind="canary-team", parent="acme", **more),
        Hire(date=on, person=who, organization="acme", name="Ann Canary", id="canary-joins", **more),
        Hire(date=on, person="tori.canary", organization="acme", **more),
        Hire(date=on, person="kiiro", organization="acme", name="カナリア", **more),
        CreatePost(date=on, post="ceo", title="CEO", unit="acme", **more),
        CreatePost(date=on, post="aide", title="Aide to Ms Canary", unit="acme", level="Canary 1", **more),
        CreatePost(date=on, post="aide2", title="元カナリア秘書", unit="acme", reports_to=f"{who}/acme"),
        CreatePost(date=on, post="canary-chair", title="Chair", unit="canary-lab", heads="canary-lab", **more),
        Report(date=on, post="aide", to=who, organization="acme", **more),
        Report(date=on, post="aide", to="canary-chair", line="dotted", **more),
        Appoint(date=on, person=who, post="canary-chair", primary=True, **more),
        Appoint(date=on, person="kiiro", post="canary-chair", acting=True, id="canary-acts"),
        ChangePerson(date=When.on(dt.date(2024, 2, 1)), person=who, name="Ann Kanarek", **more),
        Expect(date=on, post="canary-chair", holder=who, **more),
        Expect(date=on, person=who, manager="none", id="canary-hopes", disputes="canary-joins"),
        Hire(date=on, person="canary-rumor", organization="acme", name="Canary Rumor", disputes="canary-joins"),
        Appoint(date=on, person="canary-ghost", post="canary-chair", disputes="canary-acts"),
        Vacate(date=When.on(dt.date(2024, 2, 3)), person="kiiro", post="canary-chair"),
        Depart(date=When.on(dt.date(2024, 2, 2)), person="tori.canary", organization="acme", id="canary-flies"),
        Retract(date=When.on(AT), known=AT, of="canary-flies", **more),
    ]
    people = [
        Person(who, "Ann Canary", ("Canary bird", "canary@example.org"), "Canary's note"),
        *(Person(id_, "Tori Canary") for id_ in ("tori.canary", "kiiro", "canary-rumor", "canary-ghost")),
    ]
    sources = [
        Source(
            "canary-press", "Canary title", "canary.txt", "https://canary.example", dt.date(2024, 1, 1), "Canary Co"
        ),
        Source("x", note="Canary"),
    ]
    return Ledger(events, people, sources)


def texts_of(format_: str, ledger: Ledger, key: bytes | None = KEY) -> str:
    """Everything an export holds, file names too; Parquet as the values and metadata in it, which it may compress."""
    at = AT if format_ in exporters.CHARTS else None
    made = exporters.Options(pseudonym_key=key, at=at, end=AT if format_ == "groups" else None)
    parts = []
    for name, content in exporters.dump(format_, ledger, made).items():
        parts += [name, content.decode("utf-8", "replace")]
        if format_ == "parquet":
            table = parquet.read_table(io.BytesIO(content))
            parts += [str(table.to_pylist()), str(table.schema.metadata)]
    return "\n".join(parts).replace("\\u30ab\\u30ca\\u30ea\\u30a2", "カナリア")


@pytest.mark.parametrize("format_", exporters.FORMATS)
def test_no_canary_is_left_in_any_format(format_: str) -> None:
    """No name, alias, id, note, quotation, page, URL, source, decider or title that names somebody is left."""
    found = [canary for canary in CANARIES if canary in texts_of(format_, everything())]
    assert found == []


@pytest.mark.parametrize("format_", sorted(set(exporters.FORMATS) - {"groups"}))
def test_the_canaries_are_there_without_pseudonyms(format_: str) -> None:
    """The search finds what it looks for where nothing is replaced."""
    assert "anary" in texts_of(format_, everything(), key=None)


@pytest.mark.parametrize("format_", exporters.FORMATS)
def test_nothing_of_the_packaged_story_is_left(format_: str) -> None:
    """Of everybody in the packaged story, neither the id nor a name or alias of three letters is left as a word."""
    text = texts_of(format_, STORY)
    whole = {w for p in STORY.people for w in (p.id, p.name, *p.aliases) if len(w) > 2}
    assert [word for word in whole if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)] == []
    for event in STORY.events:
        assert event.note is None or event.note not in text
        assert not any(ref.quote and ref.quote in text for ref in event.source)
    assert not any(source.url and source.url in text for source in STORY.sources)


SAYING = sorted(set(exporters.FORMATS) - {"csv", "groups"})


@pytest.mark.parametrize("format_", SAYING)
def test_what_can_carry_a_remark_says_that_it_is_still_personal_data(format_: str) -> None:
    """The remark is there with pseudonyms, and only then."""
    remark = "Pseudonymized data are still personal data."
    assert remark in texts_of(format_, everything())
    assert remark not in texts_of(format_, everything(), key=None)


def test_pseudonyms_are_stable_within_a_key_and_disjoint_between_keys() -> None:
    """The same key gives the same pseudonyms, in other ledgers of the same people too; another key none of them."""
    one, same, other = (pseudonymized(everything(), key) for key in (KEY, KEY, OTHER))
    assert one == same
    assert {p.id for p in one.people}.isdisjoint(p.id for p in other.people)
    alone = Ledger(
        [
            attrs.evolve(e, source=(), where=None)
            for e in everything().events
            if isinstance(e, OpenUnit | Hire) and e.disputes is None
        ]
    )
    ids = {event.person for event in pseudonymized(alone, KEY).events if isinstance(event, Hire)}
    assert ids <= {event.person for event in one.events if isinstance(event, Hire)}
    assert len(ids) == 3


def test_people_are_not_in_the_order_of_their_names() -> None:
    """The order of declarations would tell who is who."""
    people = [person.id for person in pseudonymized(everything(), KEY).people]
    assert people == sorted(people)


@given(ledgers())
def test_the_history_is_the_same(ledger: Ledger) -> None:
    """Whatever the ledger: as many people, posts, lines and headcounts on every date, and it reads back."""
    hidden = pseudonymized(ledger, KEY)
    (content,) = exporters.dump("yaml", ledger, exporters.Options(pseudonym_key=KEY)).values()
    assert read_texts([("x.yaml", content)]) == hidden
    for day in sorted({event.date.day for event in ledger.events})[:5]:
        before, after = chart_data(ledger.chart(day)), chart_data(hidden.chart(day))
        for name in ("people", "posts", "units"):
            assert len(before[name]) == len(after[name])
        assert before["posts"] == [] or [p["vacant"] for p in before["posts"]] == [p["vacant"] for p in after["posts"]]
        assert ledger.chart(day).headcount() == hidden.chart(day).headcount()
        assert sorted(len(p["lines"]) for p in before["people"]) == sorted(len(p["lines"]) for p in after["people"])


def test_titles_that_name_nobody_stay() -> None:
    """What is no name is kept: titles, units, reasons, dates, certainty."""
    hidden = pseudonymized(STORY, KEY)
    chart, before = hidden.chart(AT), STORY.chart(AT)
    assert chart.post("ceo").title == before.post("ceo").title == "Chief Executive Officer"
    assert {unit.name for unit in chart.units} == {unit.name for unit in before.units}
    (holder,) = chart.holders("ceo")
    assert holder.person is not None
    assert re.fullmatch("p-[0-9a-f]{20}", holder.person)


def test_a_ledger_that_cannot_be_pseudonymized_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should pseudonyms ever clash with ids, that is an error, not a wrong history."""
    from orgsim.exporters import pseudonyms

    monkeypatch.setattr(pseudonyms._Pseudonyms, "made", lambda _self, _what, _text: "acme")
    with pytest.raises(UserError, match="cannot be pseudonymized"):
        pseudonymized(everything(), KEY)
