"""What a whole chart is in columns: each post that is not personal, who answers for it, where it reports."""

from typing import Any

import attrs
import numpy as np

from orgsim.columns.replay.timeline import Timeline, timeline
from orgsim.columns.rows.arrays import Ints
from orgsim.columns.rows.sidebyside import side_by_side

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
    low, high = ledger.table.people, ledger.table.posts
    made: dict[str, Timeline] = relations.timelines

    def make(*names: str) -> None:
        for name in names:
            if name in made:
                continue
            if name == OPEN:
                spells = attrs.evolve(relations.unit, value=np.ones(len(relations.unit), np.bool_))
                made[name] = timeline(spells, low, high, nothing=False)
            else:
                made[name] = timeline(getattr(relations, name), low, high)

    if not made.keys() >= {*TIMED, OPEN}:
        side_by_side(len(ledger), lambda: make("solid", OPEN), lambda: make("answer", "unit"))
    return made
