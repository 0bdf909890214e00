"""Ids are found by text, few or many."""

from hypothesis import given
from hypothesis import strategies as st

from orgsim.columns.rows import directory
from orgsim.columns.rows.directory import Directory
from orgsim.columns.rows.pool import Pool


@given(st.sets(st.text(max_size=6), max_size=60), st.lists(st.text(max_size=6)))
def test_texts_are_found(texts: set[str], others: list[str]) -> None:
    """Every text has its number, and what is no text of the pool has none, before and after the list is made."""
    numbered = dict(zip(texts, range(len(texts)), strict=True))
    found = Directory(Pool.of(texts))
    for _ in range(2):
        for text in (*texts, *others):
            assert found.find(text) == numbered.get(text, -1)
        assert [found.text(number) for number in range(len(texts))] == list(texts)
        found.asked = directory.PATIENCE
