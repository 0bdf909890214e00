"""What every engine is given: the columns of events as they come from a file, ids and all as text.

The peers number the ids with pyarrow, which is the quickest way there is; the time that takes is theirs.
"""

import datetime as dt
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

Ints = Any
EPOCH = dt.date(1970, 1, 1).toordinal()
END = 3652060
"""The day after the last of the calendar: what has not ended."""
IDS = ("person", "post", "unit", "organization", "to", "reports_to")


class Given:
    """Events with their ids as numbers; -1 is nobody and nowhere, null is what an event does not say."""

    def __init__(self, events: pa.Table) -> None:
        """All ids are numbered together, in the order in which the dictionaries of the columns have them."""
        columns = {name: events[name].combine_chunks() for name in IDS}
        found = pa.concat_arrays([column.dictionary for column in columns.values()]).dictionary_encode()
        self.ids = found.dictionary
        none = self.ids.index("none").as_py()
        numbers = found.indices.to_numpy().astype(np.int32)
        numbers[numbers == none] = -1
        made = {"row": np.arange(len(events), dtype=np.int32), "event": events["event"].combine_chunks()}
        at = 0
        for name, column in columns.items():
            size = len(column.dictionary)
            made[name] = pa.array(numbers[at : at + size]).take(column.indices)
            at += size
        for name in ("id", "of"):
            made[name] = events[name].combine_chunks().indices.cast(pa.int32())
        for name, source in (("day", "date"), ("known", "known")):
            days = events[source].combine_chunks().cast(pa.int32()).to_numpy()
            made[name] = (days + EPOCH).astype(np.int32)
        self.events = pa.table(made)

    @cached_property
    def names(self) -> list[str]:
        """The id of each number."""
        names: list[str] = self.ids.to_pylist()
        return names

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each id."""
        return {id_: number for number, id_ in enumerate(self.names)}
