"""Uniform numbers for posts, people and those to be hired, in columns where many are asked for.

A number depends on nothing but its name, so it does not matter whether it is drawn alone or with all its like.  The
first few of a kind are drawn one by one; then a whole column, which costs as much as a few of them.  Whatever was asked
for often in one replication is drawn in all later ones, all columns at once.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from orgsim.simulate.draws import Luck, identity
from orgsim.simulate.world import World

Key = tuple[Any, str, int]
"""A family (`post`, `person`, or a number k: those hired for the k-th vacancy of a post), a purpose, an ordinal."""
_SHARE = 120  # a column of so many costs as much as one drawn alone


class Columns:
    """The numbers of one replication."""

    def __init__(self, luck: Luck, world: World) -> None:
        """What earlier replications asked for often is drawn when something is first asked for."""
        self._luck = luck
        self._world = world
        self._columns: dict[Key, Any] = {}
        self._posts: dict[str, dict[int, Any]] = {}  # the same of posts, by purpose, then ordinal
        self._hires: dict[str, dict[int, Any]] = {}  # and of hires, by purpose, then number
        self._asked: dict[Key, int] = {}
        self._most = max(4, len(world.ranks) // _SHARE)
        self._popular: dict[Key, None] = world.cache.setdefault("popular", {})
        self._fresh = bool(self._popular)

    def post(self, rank: int, purpose: str, ordinal: int) -> float:
        """A number of the post of a rank."""
        columns = self._posts.get(purpose)
        column = None if columns is None else columns.get(ordinal)
        if column is None:
            return self._rare(("post", purpose, ordinal), rank)
        found: float = column[rank]
        return found

    def of_posts(self, purpose: str) -> dict[int, Any]:
        """The columns of a purpose by ordinal: those that are drawn so far, and all that will be."""
        if self._fresh:
            self._draw_popular()
        return self._posts.setdefault(purpose, {})

    def person(self, number: int, purpose: str) -> float:
        """A number of one of the people there on the first day."""
        column = self._columns.get(("person", purpose, 0))
        if column is None:
            return self._rare(("person", purpose, 0), number)
        found: float = column[number]
        return found

    def hire(self, whom: tuple[int, int], purpose: str) -> float:
        """A number of whoever is hired: for the post of a rank, and the number of its vacancy."""
        columns = self._hires.get(purpose)
        column = None if columns is None else columns.get(whom[1])
        if column is None:
            return self._rare((whom[1], purpose, 0), whom[0])
        found: float = column[whom[0]]
        return found

    def several(self, family: Any, places: NDArray[np.intp], purpose: str, ordinal: int = 0) -> NDArray[np.float64]:
        """The numbers of some of a family: of many by their column, of few one by one."""
        if (family, purpose, ordinal) in self._columns or len(places) > self._most or self._fresh:
            return self.column(family, purpose, ordinal)[places]
        names, draw = self._names(family), self._luck.uniform
        return np.array([draw(names[place], purpose, ordinal) for place in places.tolist()], np.float64)

    def column(self, family: Any, purpose: str, ordinal: int = 0) -> NDArray[np.float64]:
        """The numbers of a whole family, as an array."""
        key = (family, purpose, ordinal)
        if self._fresh:
            self._draw_popular()
        if key not in self._columns:
            self._popular[key] = None
            self._keep(key, self._luck.uniforms(self._identities(family), purpose, ordinal).data)
        return np.asarray(self._columns[key])

    def _rare(self, key: Key, place: int) -> float:
        """A number of which there is no column so far."""
        if self._fresh:
            self._draw_popular()
        if key not in self._columns:
            asked = self._asked[key] = self._asked.get(key, 0) + 1
            if asked <= self._most:
                family, purpose, ordinal = key
                return self._luck.uniform(self._names(family)[place], purpose, ordinal)
            self.column(*key)
        return float(self._columns[key][place])

    def _draw_popular(self) -> None:
        """All columns that were ever asked for often, in one go."""
        self._fresh = False
        keys = tuple(self._popular)
        known, counters = self._world.cache.get("counters", ((), None))
        if known != keys:
            counters = self._luck.counters(
                [(self._identities(family), purpose, ordinal) for family, purpose, ordinal in keys]
            )
            self._world.cache["counters"] = keys, counters
        drawn, at = self._luck.drawn(counters).data, 0
        for key in keys:
            end = at + len(self._identities(key[0]))
            self._keep(key, drawn[at:end])
            at = end

    def _keep(self, key: Key, column: Any) -> None:
        family, purpose, ordinal = key
        self._columns[key] = column
        if family == "post":
            self._posts.setdefault(purpose, {})[ordinal] = column
        elif family != "person":
            self._hires.setdefault(purpose, {})[family] = column

    def _identities(self, family: Any) -> Any:
        key = ("identities", family)
        found = self._world.cache.get(key)
        if found is None:
            found = np.array([identity(name) for name in self._names(family)], dtype=np.uint64)
            self._world.cache[key] = found
        return found

    def _names(self, family: Any) -> Any:
        """The ids of all posts, of all people, or of all who may be hired for the k-th vacancy of a post."""
        if family == "post":
            return self._world.ids
        return self._world.starters if family == "person" else self._world.hires(family)
