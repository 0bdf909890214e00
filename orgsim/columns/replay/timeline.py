"""The state of any day quickly: changes in the order of days, and the whole state now and then.

A state is the nearest one kept, before the day or after, with the changes between done or undone; so a day costs a
copy and a few changes, however long the history is.
"""

import attrs
import numpy as np

from orgsim.columns.replay.spells import Spells
from orgsim.columns.rows.arrays import Ints, first_of, sorted_with_places, where
from orgsim.columns.rows.table import ABSENT
from orgsim.metrics.spells import FOREVER

SHARE = 16
"""Where a state has so many bytes, one is kept after a sixteenth as many changes, when the day is over."""


@attrs.frozen(eq=False)
class Timeline:
    """Changes of an attribute by day, of subjects from `low` on, and states: `kept[i]` holds before change `at[i]`.

    `first[i]` is the first change of `day[i]`, and of a change `before` is what it replaces.
    """

    low: int
    day: Ints
    first: Ints
    subject: Ints
    value: Ints
    before: Ints
    at: Ints
    kept: Ints

    def state(self, day: int, room: Ints | None = None) -> Ints:
        """The value of each subject from `low` on at the end of a day, in an array of the caller's, if one is given."""
        until = int(self.first[int(np.searchsorted(self.day, np.int32(day), side="right"))])
        after = min(int(np.searchsorted(self.at, np.int32(until))), len(self.at) - 1)
        place = after if after == 0 or self.at[after] - until < until - self.at[after - 1] else after - 1
        begin = int(self.at[place])
        state: Ints = self.kept[place].copy() if room is None else room
        if room is not None:
            np.copyto(room, self.kept[place])
        if begin <= until:  # of one subject, the last counts
            state[self.subject[begin:until]] = self.value[begin:until]
        else:
            state[self.subject[until:begin][::-1]] = self.before[until:begin][::-1]
        return state


def timeline(spells: Spells, low: int, high: int, nothing: int = ABSENT) -> Timeline:
    """The timeline of stretches whose subjects lie from `low` up to `high`; what has none has `nothing`."""
    if len(spells) and (spells.subject[0] < low or spells.subject[-1] >= high):
        spells = spells.take(where((spells.subject >= low) & (spells.subject < high)))
    subject, start, end, value = spells.subject, spells.start, spells.end, spells.value
    follows = ~first_of(subject)  # where a stretch begins as the one before it ends
    follows[1:] &= start[1:] == end[:-1]
    before = np.full(len(value), nothing, value.dtype)
    again = where(follows)
    before[again] = value[again - 1]
    lasts = end < FOREVER
    lasts[again - 1] = False
    begins, ends = where(value != before), where(lasts)
    day, order = sorted_with_places(np.concatenate([start[begins], end[ends]]))
    changed = np.concatenate([subject[begins], subject[ends]])[order]
    changed -= np.int32(low)
    becomes = np.concatenate([value[begins], np.full(len(ends), nothing, value.dtype)])[order]
    was = np.concatenate([before[begins], value[ends]])[order]
    heads = where(first_of(day))
    first = np.append(heads, len(day)).astype(np.int32)
    at = _kept_at(first, max((high - low) * value.itemsize // SHARE, 1))
    return Timeline(low, day[heads], first, changed, becomes, was, at, _kept(at, changed, becomes, high - low, nothing))


def _kept_at(first: Ints, step: int) -> Ints:
    """Before which changes a state is kept: every so many of them, where a day begins."""
    places = np.searchsorted(first, np.arange(0, max(int(first[-1]), 1), step))
    chosen: Ints = first[np.unique(places)]
    return chosen


def _kept(at: Ints, changed: Ints, becomes: Ints, size: int, nothing: int) -> Ints:
    kept = np.empty((len(at), size), becomes.dtype)
    state = np.full(size, nothing, becomes.dtype)
    begin = 0
    for number, end in enumerate(at.tolist()):
        state[changed[begin:end]] = becomes[begin:end]
        kept[number] = state
        begin = end
    return kept
