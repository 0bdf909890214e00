"""What a whole chart is in columns: each post that is not personal, who answers for it, where it reports."""

from typing import Any

import attrs
import numpy as np

from orgsim.columns.replay.timeline import Timeline, timeline
from orgsim.columns.rows.arrays import Ints

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""

TIMED, OPEN = ("unit", "solid", "answer"), "open"
"""The attributes that whole charts show, and whether a post is open, which changes far less often than its unit."""
SHOWN = ("answer", "solid", OPEN)
"""What is needed for the columns of a whole chart."""


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
    if OPEN not in relations.timelines:
        spells = attrs.evolve(relations.unit, value=np.ones(len(relations.unit), np.bool_))
        relations.timelines[OPEN] = timeline(spells, ledger.table.people, ledger.table.posts, nothing=False)
    made: dict[str, Timeline] = relations.timelines
    return made
