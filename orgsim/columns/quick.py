"""What a whole chart is in columns: each post that is not personal, who answers for it, where it reports."""

from typing import Any

import attrs

from orgsim.columns.arrays import Ints
from orgsim.columns.timeline import Timeline, timeline

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""

TIMED = ("unit", "solid", "answer")


@attrs.frozen(eq=False)
class Whole:
    """Open posts by number; the numbers of who answers for each (ABSENT for nobody) and of where it reports."""

    post: Ints
    holder: Ints
    to: Ints

    def __len__(self) -> int:
        return len(self.post)


def prepared(ledger: Columnar) -> dict[str, Timeline]:
    """The timelines of what a whole chart shows, made once."""
    relations = ledger.relations()
    for name in TIMED:
        if name not in relations.timelines:
            spells = getattr(relations, name)
            relations.timelines[name] = timeline(spells, ledger.table.people, ledger.table.posts)
    made: dict[str, Timeline] = relations.timelines
    return made
