"""Which posts and people a `Where` of a scenario is about.

What can be asked of a post stands in its `Facts`, which never change: a post that changes gets others.  So whatever
depends on them alone is worked out once and kept beside them, for all replications.
"""

from typing import Any

from orgsim.scenario.model import Where


class Facts:
    """What conditions can ask of a post: its id, the units it lies in (all the way up), its level, whether critical."""

    __slots__ = ("critical", "id", "kept", "level", "sure", "title", "unit", "units")

    def __init__(
        self, id_: str, unit: str, units: frozenset[str], level: str | None = None, *, critical: bool = False,
        title: str = "",
    ) -> None:  # fmt: skip
        """`kept` is for what others work out from these facts, under keys of their own."""
        self.id = id_
        self.unit = unit
        self.units = units
        self.level = level
        self.critical = critical
        self.title = title
        self.kept: dict[Any, Any] = {}
        self.sure: dict[int, bool | None] = {}

    def __reduce__(self) -> Any:
        """Travel without what is kept: its keys hold in one process only."""
        return _facts, ((self.id, self.unit, self.units, self.level), self.critical, self.title)

    def match(self, where: Where) -> bool:
        """Whether a post is meant; what is said of people is said of no post."""
        return self.decide(where) is True

    def decide(self, where: Where) -> bool | None:
        """Whether whoever holds the post is meant; None if that depends on the person.  Kept in `sure`."""
        try:
            return self.sure[id(where)]
        except KeyError:
            asks = bool(where.people) or where.tenure_under is not None or where.tenure_over is not None
            found = self.sure[id(where)] = False if not self.place(where) else None if asks else True
            return found

    def place(self, where: Where) -> bool:
        """Whether a post is meant, conditions on people aside."""
        key = id(where)
        found: bool | None = self.kept.get(key)
        if found is None:
            found = self.kept[key] = bool(
                (not where.posts or self.id in where.posts)
                and (not where.units or not self.units.isdisjoint(where.units))
                and (not where.levels or self.level in where.levels)
                and (where.critical is None or where.critical == self.critical)
            )
        return found


def _facts(parts: tuple[str, str, frozenset[str], str | None], critical: bool, title: str) -> Facts:  # noqa: FBT001
    return Facts(*parts, critical=critical, title=title)


def match_person(where: Where, person: str, facts: Facts, tenure: float) -> bool:
    """Whether a person is meant, who holds the post of these facts and was employed `tenure` days ago."""
    return (
        (not where.people or person in where.people)
        and facts.place(where)
        and (where.tenure_under is None or tenure < where.tenure_under)
        and (where.tenure_over is None or tenure >= where.tenure_over)
    )
