"""Texts are found by number, and numbers by text, few or many."""

from hypothesis import given
from hypothesis import strategies as st

from orgsim.columns.rows.pool import PATIENCE, Pool


@given(st.sets(st.text(max_size=6), max_size=60), st.lists(st.text(max_size=6)))
def test_texts_are_found(texts: set[str], others: list[str]) -> None:
    """Every text has its number, and what is no text of the pool has none, before and after the list is made."""
    numbered, found = dict(zip(texts, range(len(texts)), strict=True)), Pool.of(texts)
    for text in (*texts, *others, *("" for _ in range(PATIENCE)), *texts, *others):
        assert found.find(text) == numbered.get(text, -1)
    assert [found[number] for number in range(len(texts))] == list(texts)
