"""Orders replayed: who holds what after each day of orders, with the holes of the orders mended and remarked.

Nothing here reads files.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.events import SourceRef
from orgsim.importers.cells import seen_on
from orgsim.importers.naming import Key
from orgsim.importers.report import Place
from orgsim.importers.tenures import Tenure, Tenures

ENOUGH = 2
"""A full list names at least one in so many of those who hold a post, or it is a partial one."""


@attrs.frozen
class Order:
    """A document of a day; a full list says by silence who has left."""

    id: str
    day: When
    full: bool
    place: Place
    source: SourceRef


@attrs.frozen
class Posting:
    """A person assumes a post, continues in it or relinquishes it; the office is the post without the role."""

    person: Key
    office: Key
    post: Key
    verb: str
    order: str
    day: When
    place: Place
    source: SourceRef
    any_role: bool = False
    """Whether the role is not told."""

    @property
    def holding(self) -> tuple[Key, Key]:
        """Who and what."""
        return self.person, self.post


@attrs.frozen
class _Held:
    since: When
    posting: Posting


class Replay:
    """The orders, day after day."""

    def __init__(self, tenures: Tenures, orders: Mapping[str, Order], postings: Sequence[Posting]) -> None:
        """Sort the postings by day and order; of one order, in the order written."""
        self.tenures, self.report = tenures, tenures.report
        self.full = {(order.day.day, order.id) for order in orders.values() if order.full}
        self.by_day = sorted(postings, key=lambda posting: (posting.day.day, posting.order))
        self.held: dict[tuple[Key, Key], _Held] = {}
        self.said: dict[tuple[Key, Key], Posting] = {}

    def run(self) -> None:
        """Replay every day."""
        for _, found in groupby(self.by_day, key=attrgetter("day.day")):
            self._day(list(found))
        for held in self.held.values():
            self._tell(held, None, {})

    def _day(self, postings: list[Posting]) -> None:
        before = {person for person, _ in self.held}
        self.said = {}
        for _, found in groupby(postings, key=attrgetter("order")):
            order = list(found)
            given_up = {posting.holding: posting for posting in order if posting.verb == "relinquishes"}
            for posting in given_up.values():
                self._relinquish(posting)
            for posting in order:
                if posting.verb == "continues" and (other := given_up.get(posting.holding)) is not None:
                    message = f"continues what row {other.place.row} of the same order relinquishes, which counts"
                    self.report.refused(posting.place, message)
                elif posting.verb != "relinquishes":
                    self._take(posting)
        lists = [posting for posting in postings if (posting.day.day, posting.order) in self.full]
        if lists:
            self._full_list(lists, before)

    def _take(self, posting: Posting) -> None:
        """Somebody assumes a post or continues in it; if the role is not told, in the only one held."""
        held = self.held.get(posting.holding)
        if held is None and posting.any_role and len(others := self._other_roles(posting)) == 1:
            self.report.mended(posting.place, "the role is not told; taken for the one held")
            self.said[others[0]] = posting
            return
        if posting.verb == "assumes" and held is not None and self.said.get(posting.holding) is None:
            self.report.mended(posting.place, f"assumes what is held since {held.since}; goes on")
        if held is None:
            since = posting.day
            if posting.verb == "continues":
                since = seen_on(posting.day.day)
                self.report.mended(
                    posting.place, "continues what nobody assumed: held from this day on, since when is not told"
                )
            self.held[posting.holding] = _Held(since, posting)
        self.said[posting.holding] = posting

    def _relinquish(self, posting: Posting) -> None:
        """Somebody gives a post up; if not held in this role, then in the only other one of the office."""
        holding = posting.holding
        if holding not in self.held:
            others = [other for other in self._other_roles(posting) if other not in self.said]
            if len(others) != 1:
                self.report.refused(posting.place, "relinquishes what is not held")
                return
            (holding,) = others
            self.report.mended(posting.place, "relinquishes in another role than held; the one held ends")
        elif (said := self.said.get(holding)) is not None:
            message = f"relinquishes what row {said.place.row} of the same day says is held; goes on"
            self.report.refused(posting.place, message)
            return
        self._tell(self.held.pop(holding), posting.day, {"source": (posting.source,)})

    def _other_roles(self, posting: Posting) -> list[tuple[Key, Key]]:
        """What the person holds in the same office."""
        return [
            holding
            for holding, held in self.held.items()
            if holding[0] == posting.person and held.posting.office == posting.office
        ]

    def _full_list(self, lists: list[Posting], before: set[Key]) -> None:
        """Whoever is not on a full list of the day has left by then, and who is on it holds no more than it says."""
        day, place = lists[0].day, lists[0].place
        named = {posting.person for posting in lists}
        if len(named) * ENOUGH < len(before):
            message = f"a full list of {day} names {len(named)} of about {len(before)}: taken as full for those alone"
            self.report.flagged(place, message)
        else:
            named |= {person for person, _ in self.held}
        closing = {"source": (lists[0].source,), "certainty": "inferred"}
        for holding in [held for held in self.held if held[0] in named and held not in self.said]:
            held = self.held.pop(holding)
            self.report.guessed(held.posting.place, f"ends on {day}: not on the full list of row {place.row}")
            self._tell(held, day, closing, ending="not on the full list of the day")

    def _tell(self, held: _Held, end: When | None, closing: dict[str, Any], ending: str | None = None) -> None:
        posting = held.posting
        if end is not None and end.day <= held.since.day:
            self.report.refused(posting.place, f"given up on the day it begins, {end}")
            return
        self.tenures.held(
            Tenure(
                *(posting.person, posting.post, held.since, end, posting.place, posting.source),
                ending=ending,
                closing=closing,
            )
        )
