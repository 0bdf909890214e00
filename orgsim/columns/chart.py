"""An org chart over columns: the chart's own questions, where a whole company is asked, answered in one go.

What is asked of one person or post is answered by `OrgChart` itself, over exact nouns that are made when asked.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import numpy as np

from orgsim.chart import OrgChart
from orgsim.columns.days.moment import Moment
from orgsim.columns.days.states import SHOWN, TIMED, Whole, states, whole
from orgsim.columns.lazyindex import number_of
from orgsim.columns.replay import relations as r
from orgsim.columns.rows.arrays import Ints, where
from orgsim.columns.rows.table import ABSENT
from orgsim.errors import UnknownIdError
from orgsim.events import Event
from orgsim.model import Appointment, Noun, Person, Post, Unit

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""


@attrs.frozen(eq=False, repr=False, slots=False)
class ColumnarChart(OrgChart):
    """Who holds which post and who reports to whom on a date: a view over columns.

    `moment` has the whole day as arrays; whatever returns people or posts makes just those.
    """

    moment: Moment
    ledger: Columnar

    def __repr__(self) -> str:
        """One line: the dates and the size."""
        known = f", known {self.known}" if self.known else ""
        people, posts = int(self.moment.present.sum()), len(self.moment.open_posts)
        return f"<OrgChart at {self.at}{known}: {people} people, {posts} posts>"

    def prefetch(self, ids: Iterable[str]) -> None:
        """Make several nouns at once, which is quicker than one by one."""
        self.ledger.prefetch(ids, self.known)

    def written(self, id_: str) -> Iterator[tuple[Event | None, Noun | None]]:
        """Every version of a noun up to this date, with the event that made it (None: declared)."""
        for day, event, noun in self.ledger.written(id_, self.known):
            if day > self.at.toordinal():
                break
            yield event, noun

    def states(self, names: tuple[str, ...] = TIMED) -> dict[str, Ints]:
        """The unit, the solid line and who answers, of each post that is not personal, in the order of numbers."""
        return states(self.ledger, self.at, self.known, names)

    def _made(self, numbers: Ints) -> list[Any]:
        """The nouns of some numbers."""
        names = self.moment.names(numbers)
        self.prefetch(names)
        return [self.get(name) for name in names]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone employed or holding a post; each is made."""
        return tuple(self._made(where(self.moment.present)))

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every open post; each is made."""
        return tuple(self._made(self.moment.open_posts))

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every open unit, organizations included; each is made."""
        return tuple(self._made(where(self.moment.units[1]) + self.moment.table.first_unit))

    @property
    def organizations(self) -> tuple[Unit, ...]:
        """The open units without a parent."""
        parent, is_open, _ = self.moment.units
        return tuple(self._made(where(is_open & (parent == ABSENT)) + self.moment.table.first_unit))

    @property
    def vacancies(self) -> tuple[Post, ...]:
        """Open posts without a substantive holder; each is made."""
        return tuple(self._made(self.moment.vacant))

    @property
    def acting(self) -> tuple[tuple[Post, Appointment], ...]:
        """Every acting appointment, with its post."""
        holds = self.moment.holds
        posts = self._made(np.unique(holds.post[where((holds.how & r.IS_ACTING) != 0)]))
        return tuple((post, held) for post in posts for held in post.holders if held.acting)

    @property
    def on_leave(self) -> tuple[Person, ...]:
        """Everyone on leave."""
        away = self.moment.on_leave & self.moment.present
        return tuple(self._made(where(away)))

    @property
    def whole(self) -> Whole:
        """Every post that is not personal, who answers for it and where it reports, as columns of numbers."""
        return whole(self.states(SHOWN), self.moment.table.people)

    def chain_ids(self, id_: str) -> tuple[str, ...]:
        """The ids of `chain`, without making the posts: the quickest way up."""
        return chain_ids(self.moment, id_)

    def headcount(self, unit: str | None = None) -> int:
        """Employees, on leave included, each once; of one unit with all below it, or of all organizations."""
        if unit is None:
            return self.moment.headcount()
        return self.moment.headcount(number_of(self.moment, self.unit(unit).id))


def chain_ids(moment: Moment, id_: str) -> tuple[str, ...]:
    """The ids of the posts above a person's primary post, or above a post, from the next one up to the top."""
    table = moment.table
    found: int | None = table.ids.find(id_)
    if found is None or not 0 <= found < table.first_unit:
        found = number_of(moment, id_)
        if found is None:
            raise UnknownIdError(f"the ledger has no person or post {id_!r}")
    post = moment.value_of("primary", found) if found < table.people else found
    above = moment.posts_above(post) if post != ABSENT else []
    personal = above and max(above) >= moment.relations.base
    return tuple(map(moment.name if personal else table.name, above))
