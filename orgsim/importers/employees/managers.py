"""Who is meant by the id or the name of a manager: one person of the table, or nobody, with a word about why.

Names are compared without regard to case, blanks, accents and the order `Last, First`.  Where a middle name is left
out on one side, the match is told as a guess.  Nobody is ever chosen among several.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import attrs

from orgsim.errors import shown
from orgsim.importers.employees.people import Member
from orgsim.importers.employees.records import Record, turned
from orgsim.importers.report import ImportReport

_LISTED = 4
Found = dict[str, Member]
"""People by key."""


@attrs.frozen
class Match:
    """The people a text may mean, and how it was understood: None as told, else the words for a guess."""

    members: tuple[Member, ...]
    guess: str | None = None


class Managers:
    """Finds the managers that rows name."""

    def __init__(self, members: Iterable[Member], report: ImportReport) -> None:
        """Note every id of the people of the table; names only when a row names somebody by name."""
        self.report = report
        self.by_id = {member.key: member for member in members}
        self._matches: dict[tuple[str, str], Match] = {}
        self._plain: dict[str, str] = {}

    def _records(self) -> Iterator[tuple[Member, Record]]:
        return ((member, record) for member in self.by_id.values() for record in member.records)

    @cached_property
    def by_other(self) -> dict[str, Found]:
        """People by their other ids, whatever the case."""
        told = ((other.casefold(), member) for member, record in self._records() for other in record.others)
        return _grouped(told)

    @cached_property
    def by_number(self) -> dict[str, Found]:
        """People by their ids without leading zeros."""
        numbers = (member for member in self.by_id.values() if member.key.isascii() and member.key.isdigit())
        return _grouped((member.key.lstrip("0"), member) for member in numbers)

    @cached_property
    def by_name(self) -> dict[str, Found]:
        """People by their names for comparing."""
        return _grouped((self.plain(record.name), member) for member, record in self._records())

    @cached_property
    def by_ends(self) -> dict[str, Found]:
        """People by first and last name."""
        told = ((self.plain(record.name).split(), member) for member, record in self._records())
        return _grouped((f"{words[0]} {words[-1]}", member) for words, member in told if len(words) > 1)

    def plain(self, name: str) -> str:
        """A name for comparing."""
        known = self._plain.get(name)
        if known is None:
            text = unicodedata.normalize("NFKD", turned(name)).casefold()
            known = " ".join(re.sub(r"[\u0300-\u036f.]", "", text).split())
            self._plain[name] = known
        return known

    # ------------------------------------------------------------------------------------------------------- a row

    def of(self, record: Record, there: Callable[[Member], bool]) -> Member | None:
        """The manager a row names; `there` says who was there to be one."""
        if record.manager_id is not None:
            by_id = self._cached("id", record.manager_id, self._by_id)
            if by_id.members:
                return self._not_contradicted(
                    record, self._one(record, "manager_id", record.manager_id, by_id, there), there
                )
            if record.manager_name is None:
                self._nobody(record, "manager_id", record.manager_id)
                return None
        if record.manager_name is None:
            return None
        match = self._cached("name", record.manager_name, self._by_name)
        if not match.members:
            self._nobody(record, "manager_name", record.manager_name)
            return None
        found = self._one(record, "manager_name", record.manager_name, match, there)
        if found is not None and record.manager_id is not None:
            told = shown(record.manager_name)
            message = f"the manager's id {shown(record.manager_id)} is nobody's; taken by the name {told}"
            self.report.guessed(record.at("manager_id"), message)
        return found

    def _not_contradicted(self, record: Record, found: Member | None, there: Callable[[Member], bool]) -> Member | None:
        """The manager by id, unless the name beside it is somebody else's."""
        if found is None or record.manager_name is None:
            return found
        by_name = self._cached("name", record.manager_name, self._by_name)
        if not by_name.members or found in by_name.members:
            return found
        other = [member for member in by_name.members if there(member)] or by_name.members
        message = (
            f"the manager's id {shown(record.manager_id or '')} is that of {shown(found.records[-1].name)}, "
            f"the name {shown(record.manager_name)} that of id {shown(other[0].key)}; the manager stays unknown"
        )
        self.report.flagged(record.at("manager_id"), message)
        return None

    def _one(
        self, record: Record, field: str, text: str, match: Match, there: Callable[[Member], bool]
    ) -> Member | None:
        """The one person meant: of several, the one who was there; else nobody."""
        others = [member for member in match.members if member.key != record.id] if len(match.members) > 1 else []
        members = others or list(match.members)
        present = [member for member in members if there(member)] if len(members) > 1 else members
        if len(present) != 1:
            listed = ", ".join(shown(member.key) for member in members[:_LISTED])
            more = ", ..." if len(members) > _LISTED else ""
            message = f"{shown(text)} may be {len(members)} people ({listed}{more}); the manager stays unknown"
            self.report.flagged(record.at(field, "manager"), message)
            return None
        (found,) = present
        if found.key == record.id:
            self.report.flagged(
                record.at(field, "manager"), f"{shown(text)} would be their own manager; the manager stays unknown"
            )
            return None
        if len(match.members) > 1:
            message = (
                f"{shown(text)} is taken for {shown(found.key)}, the only one of {len(match.members)} who was there"
            )
            self.report.guessed(record.at(field, "manager"), message)
        elif match.guess:
            self.report.guessed(
                record.at(field, "manager"),
                f"{shown(text)} is taken for {shown(found.records[-1].name)}: {match.guess}",
            )
        return found

    def _nobody(self, record: Record, field: str, text: str) -> None:
        message = f"the manager {shown(text)} is not among the people of the table; the manager stays unknown"
        self.report.flagged(record.at(field, "manager"), message)

    # ----------------------------------------------------------------------------------------------------- matching

    def _cached(self, kind: str, text: str, find: Callable[[str], Match]) -> Match:
        known = self._matches.get((kind, text))
        if known is None:
            known = self._matches[kind, text] = find(text)
        return known

    def _by_id(self, text: str) -> Match:
        if text in self.by_id:
            return Match((self.by_id[text],))
        others = self.by_other.get(text.casefold())
        if others:
            return Match(tuple(others.values()))
        numbers = self.by_number.get(text.removesuffix(".0").lstrip("0")) if text[:1].isdigit() else None
        return Match(tuple(numbers.values()), "leading zeros differ") if numbers else Match(())

    def _by_name(self, text: str) -> Match:
        """By name; what stands in parentheses behind one may be the id. A column may hold either."""
        match = self._exactly(text) or self._by_id(text)
        if match.members:
            return match
        name, opened, note = text.rpartition("(")
        if opened and note.endswith(")"):
            by_id = self._by_id(note[:-1].strip())
            match = by_id if by_id.members else self._exactly(name) or self._by_parts(name)
            if match.members:
                return match
        return self._by_parts(text)

    def _exactly(self, text: str) -> Match | None:
        found = self.by_name.get(self.plain(text))
        return Match(tuple(found.values())) if found else None

    def _by_parts(self, text: str) -> Match:
        """First and last name agree, and so do those between, as far as both sides tell them."""
        words = self.plain(text).split()
        if len(words) <= 1:
            return Match(())
        found = {
            member.key: member
            for member in self.by_ends.get(f"{words[0]} {words[-1]}", {}).values()
            if any(_agree(words[1:-1], self.plain(record.name).split()[1:-1]) for record in member.records)
        }
        return Match(tuple(found.values()), "the middle names are told in part")


def _grouped(told: Iterable[tuple[str, Member]]) -> dict[str, Found]:
    groups: dict[str, Found] = {}
    for text, member in told:
        groups.setdefault(text, {})[member.key] = member
    return groups


def _agree(some: list[str], others: list[str]) -> bool:
    """Whether middle names may be the same: left out on one side, or initials of the other."""
    if not some or not others:
        return True
    return len(some) == len(others) and all(
        a.startswith(b) or b.startswith(a) for a, b in zip(some, others, strict=True)
    )
