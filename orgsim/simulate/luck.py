"""Uniform numbers for posts, people and those to be hired, in columns where many are asked for.

A number depends on nothing but its name, so it does not matter whether it is drawn alone or with all its like.  The
first few of a kind are drawn one by one; then a whole column, which costs as much as a few dozen.
"""

from typing import Any

from orgsim.simulate.draws import Luck, identity
from orgsim.simulate.world import World

_SHARE = 80  # a column of so many costs as much as one drawn alone


class Columns:
    """The numbers of one replication."""

    def __init__(self, luck: Luck, world: World) -> None:
        """Nothing is drawn yet."""
        self._luck = luck
        self._world = world
        self._drawn: dict[tuple[Any, str, int], Any] = {}
        self._most = max(4, len(world.ranks) // _SHARE)
        self._popular: set[tuple[Any, str, int]] = world.cache.setdefault("popular", set())

    def post(self, rank: int, purpose: str, ordinal: int) -> float:
        """A number of the post of a rank."""
        return self._one("post", rank, purpose, ordinal)

    def person(self, number: int, purpose: str) -> float:
        """A number of one of the people there on the first day."""
        return self._one("person", number, purpose, 0)

    def hire(self, whom: tuple[int, int], purpose: str) -> float:
        """A number of whoever is hired: for the post of a rank, and the number of its vacancy."""
        return self._one(whom[1], whom[0], purpose, 0)

    def column(self, family: Any, purpose: str, ordinal: int = 0) -> Any:
        """The numbers of a whole family, as an array."""
        return self._luck.uniforms(self._identities(family), purpose, ordinal)

    def _one(self, family: Any, place: int, purpose: str, ordinal: int) -> float:
        key = (family, purpose, ordinal)
        drawn = self._drawn.get(key, 0)
        if drawn.__class__ is list:
            found: float = drawn[place]
            return found
        if drawn < self._most and key not in self._popular:
            self._drawn[key] = drawn + 1
            return self._luck.uniform(self._names(family)[place], purpose, ordinal)
        self._popular.add(key)  # so in later replications
        values = self._drawn[key] = self.column(family, purpose, ordinal).tolist()
        return float(values[place])

    def _identities(self, family: Any) -> Any:
        key = ("identities", family)
        found = self._world.cache.get(key)
        if found is None:
            import numpy as np

            found = np.array([identity(name) for name in self._names(family)], dtype=np.uint64)
            self._world.cache[key] = found
        return found

    def _names(self, family: Any) -> list[str]:
        """The ids of all posts, of all people, or of all who may be hired for the k-th vacancy of a post."""
        found: list[str] | None = self._world.cache.get(family)
        if found is None:
            if family == "post":
                found = list(self._world.ranks)
            elif family == "person":
                found = list(self._world.starters)
            else:
                found = [f"hire/{post}/{family}" for post in self._world.ranks]
            self._world.cache[family] = found
        return found
