"""The state of any day quickly: changes in the order of days, and the whole state now and then.

A state is the nearest one kept before the day, with the changes since; so a day costs a copy and a few changes,
however long the history is.
"""

import attrs
import numpy as np

from orgsim.columns.arrays import FOREVER, Ints, first_of, next_of, order_by, where
from orgsim.columns.spells import Spells
from orgsim.columns.table import ABSENT

SHARE = 4
"""A state is kept after so many changes as a quarter of the subjects."""


@attrs.frozen(eq=False)
class Timeline:
    """Changes of an attribute by day, of subjects from `low` on, and states: `kept[i]` holds before change `at[i]`."""

    low: int
    day: Ints
    subject: Ints
    value: Ints
    at: Ints
    kept: Ints

    def state(self, day: int) -> Ints:
        """The value of each subject from `low` on at the end of a day."""
        until = int(np.searchsorted(self.day, np.int32(day), side="right"))
        place = max(int(np.searchsorted(self.at, until, side="right")) - 1, 0)
        state: Ints = self.kept[place].copy()
        since = slice(int(self.at[place]), until)
        state[self.subject[since]] = self.value[since]  # of one subject, the last counts
        return state


def timeline(spells: Spells, low: int, high: int) -> Timeline:
    """The timeline of stretches whose subjects lie from `low` up to `high`."""
    inside = where((spells.subject >= low) & (spells.subject < high))
    subject, start, end, value = (column[inside] for column in (spells.subject, spells.start, spells.end, spells.value))
    following = next_of(first_of(subject), start, FOREVER)
    ends = where((end < following) & (end < FOREVER))
    day = np.concatenate([start, end[ends]])
    changed = np.concatenate([subject, subject[ends]]) - low
    becomes = np.concatenate([value, np.full(len(ends), ABSENT, np.int32)])
    order = order_by(day)
    day, changed, becomes = day[order], changed[order].astype(np.int32), becomes[order]
    step = max((high - low) // SHARE, 1)
    at = np.arange(0, max(len(day), 1), step)
    kept = np.empty((len(at), high - low), np.int32)
    state = np.full(high - low, ABSENT, np.int32)
    for number, begin in enumerate(at.tolist()):
        kept[number] = state
        part = slice(begin, begin + step)
        state[changed[part]] = becomes[part]
    return Timeline(low, day, changed, becomes, at, kept)
