"""The posts of a day and the lines between them, numbered from 0: first all ordinary posts, then personal ones.

For whatever climbs or counts: places are small, and a gather through them is quick.
"""

from functools import cached_property

import attrs
import numpy as np

from orgsim.columns.rows.arrays import Bools, Ints, where
from orgsim.columns.rows.table import ABSENT


@attrs.frozen(eq=False, slots=False)
class Lines:
    """Of each post its number, its unit (ABSENT: not open) and where its solid line runs.

    `above` is the place of the post above, or the number of places where there is none.
    """

    post: Ints
    unit: Ints
    solid: Ints
    above: Ints

    @cached_property
    def open(self) -> Bools:
        """Whether each is open."""
        is_open: Bools = self.unit != ABSENT
        return is_open

    @cached_property
    def tops(self) -> Ints:
        """The places of the open posts without a post above."""
        return where(self.open & (self.above == len(self.post)))

    @cached_property
    def below(self) -> Ints:
        """How many posts report to each."""
        return np.bincount(self.above, minlength=len(self.post) + 1)[:-1]

    @cached_property
    def climbed(self) -> tuple[Ints, Ints]:
        """How many posts are above each, and the place of the topmost of them (its own, if there is none).

        Managers look ever farther up: twice as far each time.
        """
        nowhere = len(self.post)
        managers = where(self.below > 0)
        local = np.zeros(nowhere + 1, np.intp)
        local[managers] = np.arange(len(managers))
        above = self.above[managers]
        up = np.where(above == nowhere, local[managers], local[above])
        depth = (above != nowhere).astype(np.int32)
        for _ in range(len(managers).bit_length()):
            farther = up[up]
            if (farther == up).all():
                break
            depth += depth[up]
            up = farther
        of_all, top = np.full(nowhere + 1, -1, np.int32), np.full(nowhere + 1, ABSENT, np.intp)
        of_all[managers], top[managers] = depth, managers[up]
        deep, topmost = of_all[self.above] + 1, top[self.above]
        own = where(self.above == nowhere)
        topmost[own] = own
        return deep, topmost


def lines(first: int, units: Ints, solid: Ints, personal: tuple[Ints, Ints, Ints], heads: tuple[int, Ints]) -> Lines:
    """The lines of posts: the ordinary ones from a number on, the unit and the line of each; then the personal ones.

    Of those open the number, unit and line are given; `heads` are the posts that head the units, from a number on.
    """
    post = np.arange(first, first + len(units), dtype=np.int32)
    own = personal[0]
    if len(own):
        both = ((post, own), (units, personal[1]), (solid, personal[2]))
        post, units, solid = (np.concatenate(pair) for pair in both)
    boss, nowhere = solid, len(post)
    elsewhere = nowhere > 0 and solid.max() >= heads[0]
    if elsewhere:
        to_unit = where((solid >= heads[0]) & (solid < heads[0] + len(heads[1])))
        boss = solid.copy()
        boss[to_unit] = heads[1][solid[to_unit] - heads[0]]
    # What is less than the first number is more than the last, read as a number without a sign.
    above = np.minimum((boss - np.int32(first)).view(np.uint32), np.uint32(nowhere)).astype(np.intp)
    if elsewhere:
        beyond = where(boss >= heads[0])
        found = np.searchsorted(own, boss[beyond])
        there = own[np.minimum(found, len(own) - 1)] == boss[beyond] if len(own) else found < 0
        above[beyond] = np.where(there, nowhere - len(own) + found, nowhere)
    return Lines(post, units, solid, above)
