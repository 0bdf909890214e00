"""The index of the small form, answered from columns when asked: candidates, names, expectations, rivals.

Charts and lookups ask an `Index` by id.  Here every question is looked up in the table or in the relations, so that
nothing is made for a million ids of which one is asked.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from orgsim.columns.days.moment import Moment
from orgsim.columns.replay.nearby import Rows
from orgsim.columns.rows.arrays import where
from orgsim.columns.rows.table import KIND, RIVAL, TEXT, Table
from orgsim.events import CLASSES, Event, Expect
from orgsim.model import Person, Source, personal_parts, personal_post

Columnar = Any
"""A `columns.ledger.ColumnarLedger`, which uses this module and so is not named here."""
V = TypeVar("V")
_INTRODUCES = {KIND[kind] for kind in ("hire", "create-post", "open-unit")}


class Asked(Generic[V]):
    """A mapping that works out what is asked for."""

    def __init__(self, ask: Callable[[str], V | None], keys: Callable[[], Iterable[str]]) -> None:
        """How to answer, and what may be asked."""
        self._ask, self._keys = ask, keys

    def get(self, key: str, otherwise: Any = None) -> Any:
        """The answer, or something else where there is none."""
        found = self._ask(key)
        return otherwise if found is None else found

    def __contains__(self, key: str) -> bool:
        return self._ask(key) is not None

    def __getitem__(self, key: str) -> V:
        found = self._ask(key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def keys(self) -> Iterable[str]:
        """Everything that may be asked."""
        return self._keys()

    def items(self) -> Iterator[tuple[str, V]]:
        """Everything that may be asked, with the answer."""
        return ((key, self[key]) for key in self._keys())


class LazyIndex:
    """Stands where an `Index` is asked, of a table."""

    def __init__(
        self, table: Table, people: dict[str, Person], sources: dict[str, Source], by: tuple[Rows, Rows]
    ) -> None:
        """The rows that name each person and each post."""
        self.table, self.people, self.sources = table, people, sources
        self.by_person, self.by_post = by

    # ------------------------------------------------------------------ what each id is

    @cached_property
    def ids(self) -> Asked[str]:
        """What each id is: `person`, `post` or `unit`."""
        return Asked(self._kind, lambda: (*self.person_ids, *self.post_ids, *self.personal_ids, *self.unit_ids))

    def _kind(self, id_: str) -> str | None:
        number = self.table.ids.find(id_)
        if 0 <= number < self.table.first_other:
            return "person" if number < self.table.people else "post" if number < self.table.first_unit else "unit"
        return "post" if self._owner(id_) is not None else None

    def _owner(self, id_: str) -> str | None:
        """The person whose personal post an id is, if they were ever hired there."""
        for name, organization in personal_parts(id_):
            person, place = self.table.ids.find(name), self.table.ids.find(organization)
            if 0 <= person < self.table.people and place >= 0 and self._employs(person, place):
                return name
        return None

    def _employs(self, person: int, organization: int) -> bool:
        rows = self.by_person.of(person)
        hires = rows[where(self.table.kind[rows] == KIND["hire"])]
        return bool(len(hires) and organization in self.employers(set(self.table.place[hires].tolist())))

    def employers(self, found: set[int]) -> set[int]:
        """Organizations, and those into which they were merged."""
        table = self.table
        closes = where((table.kind == KIND["close-unit"]) & (table.to >= 0)) if self._merges else ()
        for _ in closes:
            for row in closes:
                if int(table.place[row]) in found:
                    found |= self._at_or_above(int(table.to[row]))
        return found

    @cached_property
    def _merges(self) -> bool:
        table = self.table
        return bool(((table.kind == KIND["close-unit"]) & (table.to >= 0)).any())

    def _at_or_above(self, unit: int) -> set[int]:
        table = self.table
        found, waiting = {unit}, [unit]
        kinds = [KIND["open-unit"], KIND["change-unit"]]
        while waiting:
            at = waiting.pop()
            for kind in kinds:
                for row in where((table.kind == kind) & (table.place == at) & (table.to >= 0)).tolist():
                    up = int(table.to[row])
                    if up not in found:
                        found.add(up)
                        waiting.append(up)
        return found

    @cached_property
    def personal(self) -> Asked[str]:
        """The person behind the id of each personal post."""
        return Asked(self._owner_only, lambda: self.personal_ids)

    def _owner_only(self, id_: str) -> str | None:
        number = self.table.ids.find(id_)
        return None if 0 <= number < self.table.first_other else self._owner(id_)

    @property
    def person_ids(self) -> list[str]:
        """Every person there may ever be, in order."""
        return [self.table.ids[number] for number in range(self.table.people)]

    @property
    def post_ids(self) -> list[str]:
        """Every post there may ever be, personal ones aside."""
        return [self.table.ids[number] for number in range(self.table.people, self.table.first_unit)]

    @property
    def personal_ids(self) -> list[str]:
        """Every personal post there may ever be."""
        table, hired = self.table, dict[int, set[int]]()
        rows = where(table.kind == KIND["hire"])
        for person, place in zip(table.person[rows].tolist(), table.place[rows].tolist(), strict=True):
            hired.setdefault(person, set()).add(place)
        owned = ((person, self.employers(places)) for person, places in hired.items())
        return [personal_post(table.ids[person], table.ids[place]) for person, places in owned for place in places]

    @property
    def unit_ids(self) -> list[str]:
        """Every unit there may ever be."""
        return [self.table.ids[number] for number in range(self.table.first_unit, self.table.first_other)]

    @cached_property
    def names(self) -> Asked[str]:
        """The first name or title an id was given."""
        return Asked(self._first_name, lambda: self.ids)

    def _first_name(self, id_: str) -> str | None:
        if id_ in self.people:
            return self.people[id_].name
        number, table = self.table.ids.find(id_), self.table
        if number < 0 or number >= table.first_other:
            return None
        rows = (self.by_person if number < table.people else self.by_post).of(number)
        if number >= table.first_unit:
            rows = where((table.place == number) & (table.kind == KIND["open-unit"]))
        for row in rows.tolist():
            if table.kind[row] in _INTRODUCES and table.text[row] >= 0 and CLASSES[table.kind[row]].kind in TEXT:
                return table.texts[int(table.text[row])]
        return None

    # ------------------------------------------------------------------ what is said of events

    @cached_property
    def disputes(self) -> dict[str, list[Event]]:
        """The rival accounts of each event that has any."""
        found: dict[str, list[Event]] = {}
        for row in where((self.table.flags & RIVAL) != 0).tolist():
            event = self.table.event(row)
            found.setdefault(event.disputes or "", []).append(event)
        return found

    @cached_property
    def expectations(self) -> dict[str, list[Expect]]:
        """What is expected of each id."""
        found: dict[str, list[Expect]] = {}
        for row in where(self.table.kind == KIND["expect"]).tolist():
            event = self.table.event(row)
            if isinstance(event, Expect):
                for id_ in filter(None, (event.post, event.person, event.unit)):
                    found.setdefault(id_, []).append(event)
        return found

    @cached_property
    def retracted(self) -> dict[str, int]:
        """The day on which each retraction is known, by the id of the event retracted."""
        rows, days = self.table.gone
        return {self.table.rest_of(row)["id"]: day for row, day in zip(rows.tolist(), days.tolist(), strict=True)}


class DayIndex:
    """The index as a chart asks it: candidates are those of its day, everything else is the ledger's."""

    def __init__(self, index: LazyIndex, moment: Moment) -> None:
        """Nothing is looked up yet."""
        self._index, self._moment = index, moment

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    @cached_property
    def reporters(self) -> Asked[list[str]]:
        """The posts with a line to a post or unit on the day."""
        return Asked(self._reporters, lambda: ())

    def _reporters(self, id_: str) -> list[str] | None:
        number = number_of(self._moment, id_)
        if number is None:
            return None
        moment = self._moment
        found = set(where(moment.solid == number).tolist())
        found |= set(moment.dotted.subject[where(moment.dotted.value == number)].tolist())
        return [moment.name(post) for post in sorted(found)]

    @cached_property
    def heads_of(self) -> Asked[list[str]]:
        """The posts that head a unit on the day."""
        return Asked(self._heads, lambda: ())

    def _heads(self, id_: str) -> list[str] | None:
        number = number_of(self._moment, id_)
        if number is None:
            return None
        heads = self._moment.dense("heads")
        return self._moment.names(where(heads == number))


def number_of(moment: Moment, id_: str) -> int | None:
    """The number of an id, personal posts included; None if the ledger knows it not."""
    table = moment.table
    number = table.ids.find(id_)
    if 0 <= number < table.first_other:
        return number
    people, organizations = moment.relations.pairs
    for name, place in personal_parts(id_):
        person, organization = table.ids.find(name), table.ids.find(place)
        if person >= 0 and organization >= 0:
            found = where((people == person) & (organizations == organization))
            if len(found):
                return moment.relations.base + int(found[0])
    return None


class PartIndex:
    """The index of a ledger, with only some people and posts to walk."""

    def __init__(self, ledger: Columnar, people: list[str], posts: list[str], known: dt.date | None) -> None:
        """The ids that are walked."""
        self._ledger, self._known = ledger, known
        self.person_ids, self.post_ids = people, posts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger.index, name)

    @cached_property
    def heads_of(self) -> Any:
        """The posts that ever head a unit."""
        found: dict[str, list[str]] = {}
        table = self._ledger.table
        rows, heads = table.sparse["heads"]
        for row, unit in zip(rows.tolist(), heads.tolist(), strict=True):
            if unit >= 0:
                found.setdefault(table.ids[unit], []).append(table.ids[int(table.post[row])])
        return found

    @property
    def reporters(self) -> Any:
        """The posts that report to an id when all is known."""
        return DayIndex(self._ledger.index, self._ledger.moment(dt.date.max, self._known)).reporters
