"""Who is who in a series of snapshots: people by stable keys, by names where there are none, and their names over time.

A key of the source decides.  A name stands for a person only where no key does, which is said; so is a new name that
is taken for an old one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.events import ChangePerson, Event, SourceRef
from orgsim.importers.naming import Ids, tidy
from orgsim.importers.report import ImportReport
from orgsim.importers.snapshots_profile import Profile
from orgsim.importers.snapshots_records import Record
from orgsim.importers.snapshots_series import Series, Stretch, renamed
from orgsim.model import Person

VACANT = frozenset({"vacant", "vacancy", "vacant post", "vacant position", "open position"})
KEYED, NAMED = "key:", "name:"


def name_of(record: Record) -> str:
    """The name in a record as a ledger can hold it, empty where there is none."""
    return tidy(record.get("name"))


class People:
    """The person of each record, and what is known of their names."""

    def __init__(self, records: Iterable[Record], profile: Profile, report: ImportReport) -> None:
        """Learn which names belong to which keys."""
        self.profile, self.report = profile, report
        self._renamed: dict[str, str] = {}
        self._by_name: dict[str, set[str]] = {}
        self._written: dict[str, str] = {}
        self._said: set[tuple[str, str]] = set()
        records = list(records)
        for record in records:
            if record.get("person"):
                self._by_name.setdefault(name_of(record).casefold(), set()).add(self._keyed(record.get("person")))
        self._keys = {key for keys in self._by_name.values() for key in keys}
        self._unkeyed: dict[str, set[str]] = {}
        for record in records:
            key = self.of(record)
            if key.startswith(NAMED):
                self._unkeyed.setdefault(name_of(record).casefold(), set()).add(key)
        if profile.fold_keys:
            self._say_folded(records)
        self._say_several(records)

    def _say_several(self, records: Iterable[Record]) -> None:
        """Entries with keys of their own and the same name: said once for each file."""
        entries: dict[tuple[str, str], list[Record]] = {}
        for record in records:
            if record.get("entry") and self.of(record).startswith(NAMED):
                entries.setdefault((record.place.file, self.of(record)), []).append(record)
        said: set[tuple[str, ...]] = set()
        for found in entries.values():
            names = tuple(sorted({record.get("entry") for record in found}))
            if len(names) > 1 and names not in said:
                said.add(names)
                message = f"the entries {', '.join(names)} are called {shown(name_of(found[0]))}: taken for one person"
                self.report.guessed(found[0].at("name"), message)

    def _say_folded(self, records: Iterable[Record]) -> None:
        spelled: dict[str, Record] = {}
        said = set()
        for record in records:
            text = record.get("person")
            first = spelled.setdefault(text.casefold(), record).get("person")
            if text != first and text not in said:
                said.add(text)
                self.report.mended(record.at("person"), f"{shown(text)} is the same key as {shown(first)}")

    def _keyed(self, text: str) -> str:
        return KEYED + (text.casefold() if self.profile.fold_keys else text)

    def of(self, record: Record) -> str:
        """The key of the person in a record, empty where there is nobody."""
        if text := record.get("person"):
            return self._keyed(text)
        name = name_of(record)
        if not name or name.casefold() in VACANT:
            return ""
        keys = self._by_name.get(name.casefold(), set())
        if len(keys) == 1:
            (key,) = keys
            self._say(record, "guessed", f"a row without a key: taken for the only {shown(name)} with one")
            return key
        if "person" in record.table.fields and self._keys:
            why = "nobody with a key has that name" if not keys else "several with a key have that name"
            self._say(record, "flagged", f"a row without a key: {shown(name)} is a person by that name, for {why}")
        key = NAMED + name.casefold()
        while key in self._renamed:
            key = self._renamed[key]
        return key

    def _say(self, record: Record, kind: str, message: str) -> None:
        if (record.place.file, message) not in self._said:
            self._said.add((record.place.file, message))
            getattr(self.report, kind)(record.at("name"), message)

    def merge(self, series: Series) -> None:
        """Take a name that is new for one that is gone, where post and manager are the same and it is very similar."""
        by_name = [
            (day, {key: r for r in found.values() if (key := self.of(r)).startswith(NAMED)}) for day, found in series
        ]

        def like(record: Record) -> tuple[str, ...]:
            what = record.get("post") or record.get("title")
            above = record.get("reports_to") or record.get("manager") or record.get("manager_name")
            return (what, above, record.get("unit")) if what and above else ()

        found = renamed(by_name, like, name_of)
        for new, old in sorted(found.items()):
            if self._root(old) != new:
                self._renamed[new] = old
                record = next(seen[new] for _, seen in by_name if new in seen)
                before = next(seen[old] for _, seen in by_name if old in seen)
                message = f"{shown(name_of(record))} is taken for {shown(name_of(before))} under a new name"
                self.report.guessed(record.at("name"), message)

    def _root(self, key: str) -> str:
        while key in self._renamed:
            key = self._renamed[key]
        return key

    def manager(self, record: Record) -> str | None:
        """The key of the manager that a record names by key or by name; None where there is none of that name."""
        text = record.get("manager")
        if text and (key := self._keyed(text)) in self._keys:
            return key
        name = tidy(record.get("manager_name") or text).casefold()
        found = {self._root(key) for key in self._by_name.get(name, set()) | self._unkeyed.get(name, set())}
        return found.pop() if len(found) == 1 else None

    def want(self, records: Iterable[Record], ids: Ids) -> None:
        """Ask for the ids of all people."""
        for record in records:
            key = self.of(record)
            if key.startswith(KEYED):
                ids.want("person", (key,), key.removeprefix(KEYED), record.place, given=True)
            elif key:
                ids.want("person", (key,), name_of(record), record.place)


@attrs.frozen
class Naming:
    """The people of a ledger with their first names, and the events that change them."""

    people: list[Person]
    events: list[Event]


def named(
    by_person: Mapping[str, Sequence[Stretch]], ids: Ids, sources: Mapping[int, str], report: ImportReport
) -> Naming:
    """Everybody's first name, later names as events, and other spellings of the same time as aliases."""
    people: list[Person] = []
    events: list[Event] = []
    for key in sorted(by_person):
        id_ = ids.of("person", (key,))
        stretches = [s for s in by_person[key] if name_of(s.record)]
        first = name = ""
        seen: set[str] = set()
        called = {id_}
        for day in sorted({moment.day for s in stretches for moment in s.span.moments}):
            now = [s for s in stretches if s.span.covers(day)]
            counts = Counter(name_of(s.record) for s in now)
            seen |= set(counts)
            if not now or name in counts:
                continue
            chosen = min(counts, key=lambda text: (-counts[text], text))
            if name:
                told = min((s for s in now if name_of(s.record) == chosen), key=lambda s: s.record.place.row or 0)
                events.append(_change(id_, chosen, day, told, sources))
                report.mended(
                    told.record.at("name"), f"{id_!r} is called {shown(chosen)} from then on, not {shown(name)}"
                )
            first, name = first or chosen, chosen
            called.add(chosen)
        if others := sorted(seen - called):
            told = min((s for s in stretches if name_of(s.record) in others), key=lambda s: str(s.record.place))
            report.flagged(told.record.at("name"), f"{id_!r} is also called {', '.join(map(shown, others))}")
        people.append(Person(id_, first or id_, aliases=tuple(others)))
    return Naming(people, events)


def _change(id_: str, name: str, day: dt.date, told: Stretch, sources: Mapping[int, str]) -> ChangePerson:
    start = told.span.start
    starts = start.day == day
    when = start.when if starts and not start.when.is_open else When.on(day)
    known = max(when.day, start.known if starts else when.day)
    source = SourceRef(sources[told.record.file], line=told.record.place.row)
    return ChangePerson(date=when, person=id_, name=name, source=(source,), known=known)
