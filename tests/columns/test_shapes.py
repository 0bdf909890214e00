"""Words of columns are refused exactly where the strict reader refuses them, and ids get numbers as they come first."""

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgsim.columns.files import numbering
from orgsim.columns.files.numbering import hashes, numbered
from orgsim.columns.files.parquet import ArrowPool, Columns
from orgsim.columns.files.shapes import suspects
from orgsim.columns.rows.arrays import Ints
from orgsim.columns.rows.pool import Pool
from orgsim.columns.rows.table import ABSENT, KIND
from orgsim.events import RESERVED_IDS, Hire
from orgsim.values import BadValueError, typed_fields

PLAIN = st.text("abcXYZ019._/-", max_size=12)
ODD = st.one_of(PLAIN, st.text(max_size=8), st.sampled_from(RESERVED_IDS), st.just("x" * 201), st.just(" x" * 501))
FIELDS = {field.key: field.kind for field in typed_fields(Hire)}


def refused(key: str, word: str) -> bool:
    """Whether the type of a key refuses a word."""
    kind = FIELDS[key]
    assert kind is not None
    try:
        kind.parse(word)
    except BadValueError:
        return True
    return False


@settings(max_examples=200)
@given(st.lists(st.tuples(st.one_of(PLAIN, ODD), st.one_of(PLAIN, ODD)), min_size=1, max_size=6))
def test_words_are_refused_as_by_the_reader(words: list[tuple[str, str]]) -> None:
    """A row is looked at where its id or its name is no id or no name, and nowhere else."""
    size = len(words)
    columns = {
        "event": ["hire"] * size,
        "date": ["2024-01-01"] * size,
        "person": [person for person, _ in words],
        "name": [name for _, name in words],
        "organization": ["acme"] * size,
    }
    wanted = [row for row, (person, name) in enumerate(words) if refused("person", person) or refused("name", name)]
    assert suspects(Columns(pa.table(columns))).tolist() == wanted


@given(st.lists(st.sampled_from(("hire", "depart", "create-post", "appoint", "what")), min_size=1), st.data())
def test_keys_are_looked_at(kinds: list[str], data: st.DataObject) -> None:
    """A row without a key that it needs, with one that its kind does not have, or of no kind, is looked at."""
    keys = {"person", "post", "unit", "organization", "title"}
    given_keys = [data.draw(st.sets(st.sampled_from(sorted(keys)))) for _ in kinds]
    needed = {
        "hire": {"person", "organization"},
        "depart": {"person", "organization"},
        "create-post": {"post", "unit"},
        "appoint": {"person", "post"},
    }
    allowed = needed | {"create-post": {"post", "unit", "title"}}
    columns = {key: pa.array(["x" if key in have else None for have in given_keys], pa.string()) for key in keys}
    table = pa.table({"event": kinds, "date": ["2024-01-01"] * len(kinds), **columns})
    wanted = [
        row
        for row, (kind, have) in enumerate(zip(kinds, given_keys, strict=True))
        if not needed.get(kind, keys) <= have <= allowed.get(kind, set())
    ]
    assert suspects(Columns(table)).tolist() == wanted


@pytest.mark.parametrize("mask", [2**64 - 1, 0xF << 60, 0])
def test_numbers_are_of_texts_and_not_of_hashes(monkeypatch: pytest.MonkeyPatch, mask: int) -> None:
    """Texts are numbered as they come first, even if many or all that differ have the same hash."""

    def masked(pool: Pool) -> Ints:
        few: Ints = hashes(pool) & np.uint64(mask)
        return few

    monkeypatch.setattr(numbering, "hashes", masked)
    random = np.random.default_rng(3)
    lengths = (0, 1, 2, 7, 8, 9, 16, 17, 40)
    texts = ["".join(random.choice(list("aé"), random.choice(lengths))) for _ in range(3 * numbering.FEW)]
    words = pa.array(texts)
    numbers, ids = numbered(pa, words, ArrowPool(words))
    first = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    assert numbers.tolist() == [first[text] for text in texts]
    assert ids.to_pylist() == list(first)


@given(st.lists(st.text("abé", max_size=3)), st.text("abé", min_size=1, max_size=3))
def test_places_of_a_text(texts: list[str], wanted: str) -> None:
    """All places of a text are found."""
    assert Pool.of(texts).places(wanted).tolist() == [at for at, text in enumerate(texts) if text == wanted]


def test_objects_are_read_together() -> None:
    """Texts of objects are read as if one by one, whatever they hold."""
    pool = Pool.of(['{"a": "}{"}', "{}", '{"é": "\\"", "b": [{"c": 1}]}'])
    assert pool.parsed() == [{"a": "}{"}, {}, {"é": '"', "b": [{"c": 1}]}]
    assert Pool.of([]).parsed() == []


@settings(max_examples=40)
@given(st.lists(st.sampled_from((None, "appoint", "vacate", "odd")), max_size=60), st.integers(0, 20), st.data())
def test_columns_are_the_same_however_they_are_cut(words: list[str | None], skipped: int, data: st.DataObject) -> None:
    """Plain texts, dictionaries, slices of larger columns and several chunks tell the same words, rows and bits."""
    whole = pa.array([*[None] * skipped, *words], pa.string())
    cut = data.draw(st.integers(0, len(words)))
    given_ = [
        pa.chunked_array([whole[skipped:]]),
        pa.chunked_array([whole.dictionary_encode()[skipped:]]),
        pa.chunked_array(
            [part.dictionary_encode() for part in (whole[skipped : skipped + cut], whole[skipped + cut :])]
        ),
    ]
    for column in given_:
        columns = Columns(pa.table({"event": column}))
        bits = np.unpackbits(columns.has("event"), count=len(words), bitorder="little")
        assert bits.tolist() == [word is not None for word in words]
        assert columns.texts("event") == {row: word for row, word in enumerate(words) if word is not None}
        assert [columns.text("event", row) for row in range(len(words))] == words
        assert columns.kinds.tolist() == [KIND.get(word or "", ABSENT) for word in words]
        columns.forget("event")
        assert [columns.text("event", row) for row in range(len(words))] == words
