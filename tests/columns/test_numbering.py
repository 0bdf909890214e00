"""Numbers for texts, beside what Python says of the same texts."""

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orgsim.columns.files import numbering
from orgsim.columns.files.numbering import numbered
from orgsim.columns.files.parquet import ArrowPool

WORDS = st.lists(st.text("abé", max_size=20), min_size=1, max_size=60)


@given(WORDS)
@example(["begins one way", "begins_one way"])
def test_texts_with_the_same_hash_are_told_apart(words: list[str]) -> None:
    """Where every text has the same hash, equal ones have the same number, in the order in which they come first."""
    words = words + words[::2]
    strings = pa.array(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "FEW", 0)
        patch.setattr(numbering, "hashes", lambda pool: np.zeros(len(pool), np.uint64))
        numbers, texts = numbered(pa, strings, ArrowPool(strings))
    assert texts.to_pylist() == list(dict.fromkeys(words))
    assert [texts[number].as_py() for number in numbers.tolist()] == words
