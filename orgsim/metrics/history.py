"""A ledger as known on a day, walked noun by noun: which version held from which day to which.

Metrics over time read versions instead of asking a chart of every day.  Nothing here knows what they are counted for.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TypeVar

from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.ledger import Ledger
from orgsim.metrics.spells import FOREVER
from orgsim.model import Noun, Post, Unit

N = TypeVar("N", bound=Noun)


class History:
    """The versions of every person, post and unit, with all that is known or with what was known on a day."""

    def __init__(self, ledger: Ledger, known: dt.date | None = None) -> None:
        """Nothing is walked yet."""
        self.ledger = ledger
        self.known = known
        self.index = ledger.index

    def spells(self, id_: str, cls: type[N]) -> Iterator[tuple[int, int, N]]:
        """The versions of a noun, each with the span of days at whose end it holds."""
        since, noun = 0, None
        for day, after in self.ledger.versions(id_, self.known):
            number = day.toordinal()
            if isinstance(noun, cls):
                yield since, number, noun
            since, noun = number, after
        if isinstance(noun, cls):
            yield since, FOREVER, noun

    def posts(self, ids: Iterable[str] | None = None) -> Iterator[tuple[int, int, Post]]:
        """The spells of open posts."""
        for id_ in self.index.post_ids if ids is None else ids:
            for spell in self.spells(id_, Post):
                if spell[2].open:
                    yield spell

    def require(self, id_: str, what: type[Post | Unit]) -> str:
        """The id, if it is one of a post (or unit) of the ledger at any time; else UnknownIdError with a hint."""
        known = self.index.post_ids if what is Post else self.index.unit_ids
        if self.index.ids.get(id_) != what.__name__.lower():
            hint = did_you_mean(id_, known)
            raise UnknownIdError(f"the ledger has no {what.__name__.lower()} {id_!r}" + (f"; {hint}" if hint else ""))
        return id_
