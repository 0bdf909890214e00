"""Popolo JSON: persons, organizations, posts and memberships, with the extensions of EveryPolitician.

Popolo says who was a member of what; it says nothing of employment, so parliaments, parties and cabinets become
committees.  End dates are the last day.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs

from orgsim.dates import When
from orgsim.errors import OrgsimError, shown
from orgsim.events import SourceRef
from orgsim.importers import Imported, Options, popolo_own
from orgsim.importers.cells import NO_END, Dates, unknown_start
from orgsim.importers.naming import Key, slug, sources_of, tidy
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem
from orgsim.importers.tenures import Tenure, Tenures
from orgsim.model import BODIES
from orgsim.reading.compose import MAX_BYTES
from orgsim.reading.foreign import ForeignError, read_json, texts

Item = dict[str, Any]

COLLECTIONS = ("persons", "organizations", "posts", "memberships", "events", "areas")
_BODIES = """
legislature parliament chamber house senate assembly council committee commission board party coalition faction group
caucus cabinet government executive ministry
"""
BODY_WORDS = frozenset(_BODIES.split())
"""Classifications whose members are not employed: one of these words is enough."""
BODIES_BELOW = frozenset({"board", "committee", "council", "commission"})
READ = {
    "persons": {"id", "name", "other_names", "identifiers", "memberships"},
    "organizations": {"id", "name", "classification", "parent_id", "founding_date", "memberships", "posts"},
    "posts": {"id", "label", "role", "organization_id", "start_date", "memberships"},
    "memberships": {
        *("id", "person_id", "organization_id", "post_id", "role", "label", "start_date", "end_date"),
        *("on_behalf_of_id", "area_id", "legislative_period_id"),
    },
    "events": {"id", "name", "start_date", "end_date", "classification"},
    "areas": {"id", "name"},
}


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Import Popolo files."""
    documents = [_read(path, options.encoding) for path in paths]
    if not any(map(popolo_own.is_own, documents)):
        return _import(paths, documents, options, own=False)
    imported = _import(paths, documents, options, own=True)
    try:
        imported.ledger()
    except OrgsimError as error:  # somebody changed what orgsim added: Popolo alone always holds together
        imported = _import(paths, documents, options, own=False)
        message = f"what is under 'orgsim' does not hold together, and is left out: {error.problems[0].message}"
        imported.report.refused(Place(paths[0].name), message)
    return imported


def _import(paths: Sequence[Path], documents: Sequence[Item], options: Options, *, own: bool) -> Imported:
    report = ImportReport()
    sources = sources_of(paths, options.known)
    tenures = Tenures(options, report)
    for path, source, document in zip(paths, sources, documents, strict=True):
        _File(path.name, source.id, document, tenures, own=own and popolo_own.is_own(document)).read()
    return tenures.imported(sources, options.gap_days)


def _read(path: Path, encoding: str) -> Item:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    try:
        plain = texts(read_json(data, encoding).root)
    except ForeignError as error:
        raise ImportProblem(Place(path.name, error.line), error.message, error.hint) from None
    if not isinstance(plain, dict) or not any(isinstance(plain.get(name), list) for name in COLLECTIONS):
        hint = f"Popolo JSON is an object with lists such as {', '.join(COLLECTIONS[:4])}"
        raise ImportProblem(Place(path.name), "this is no Popolo", hint)
    return plain


@attrs.frozen
class _Record:
    """One object of the file: its place, and its fields."""

    place: Place
    ref: SourceRef
    fields: Item

    def text(self, name: str) -> str:
        """A field as text; empty where it is not there or is no text."""
        value = self.fields.get(name)
        return value.strip() if isinstance(value, str) else ""

    def at(self, name: str) -> Place:
        """The place of a field."""
        return attrs.evolve(self.place, column=f"{self.place.column}.{name}")


class _File:
    """One file, read collection by collection."""

    def __init__(self, file: str, source: str, data: Item, tenures: Tenures, *, own: bool) -> None:
        self.file, self.source, self.data, self.own = file, source, data, own
        self.tenures, self.report, self.options = tenures, tenures.report, tenures.options
        self.dates = Dates(self.options.date_format)
        self.unread: Counter[str] = Counter()
        self.terms: dict[str, _Record] = {}
        self.areas: dict[str, _Record] = {}
        self.organizations: dict[str, _Record] = {}

    def read(self) -> None:
        """Everything there is."""
        nested: dict[str, list[tuple[str, Item]]] = {"memberships": [], "posts": []}
        for name in self.data:
            if name not in COLLECTIONS and not (self.own and name == popolo_own.KEY):
                self.report.refused(Place(self.file, column=tidy(name)), "it is not read")
        self.terms = self._by_id("events")
        self.areas = self._by_id("areas")
        people = self._by_id("persons", nested, "person_id")
        self.organizations = self._by_id("organizations", nested, "organization_id")
        for record in people.values():
            self._person(record)
        for id_ in self.organizations:
            self._organization(id_)
        posts = self._by_id("posts", nested, "post_id", more=nested["posts"])
        for record in posts.values():
            self._post(record)
        for record in self._records("memberships", nested["memberships"]):
            try:
                self._membership(record, people, posts)
            except ValueError as error:
                self.report.refused(record.place, str(error))
        for field, count in self.unread.items():
            self.report.refused(Place(self.file, column=field), f"it is not read, in {count:,} places")

    # ------------------------------------------------------------------------------------------------------ collections

    def _records(self, name: str, more: Iterable[tuple[str, Item]] = ()) -> list[_Record]:
        found = self.data.get(name) or []
        if not isinstance(found, list):
            raise ImportProblem(Place(self.file, column=name), "it is no list", "Popolo has a list here")
        records = []
        for column, item in [*((f"{name}[{at}]", item) for at, item in enumerate(found)), *more]:
            place = Place(self.file, column=column)
            if not isinstance(item, dict):
                self.report.refused(place, "it is no object")
                continue
            self.report.count(name)
            known = READ[name] | ({popolo_own.KEY} if self.own else set())
            self.unread.update(f"{name}.{tidy(key)}" for key, value in item.items() if key not in known and value)
            if self.own:
                self.unread.update(f"{name}.{popolo_own.KEY}.{tidy(key)}" for key in popolo_own.not_carried(name, item))
            records.append(_Record(place, SourceRef(self.source, page=column), item))
        return records

    def _by_id(
        self,
        name: str,
        nested: dict[str, list[tuple[str, Item]]] | None = None,
        key: str = "",
        more: Iterable[tuple[str, Item]] = (),
    ) -> dict[str, _Record]:
        """The objects of a collection by id; what they hold of others is put aside with the id it belongs to."""
        found: dict[str, _Record] = {}
        for record in self._records(name, more):
            id_ = record.text("id")
            if not id_ or id_ in found:
                self.report.refused(record.place, f"the id {id_!r} is there twice" if id_ else "it has no id")
                continue
            found[id_] = record
            for inner, put in (nested or {}).items():
                items = record.fields.get(inner)
                for at, item in enumerate(items if isinstance(items, list) else []):
                    column = f"{record.place.column}.{inner}[{at}]"
                    put.append((column, {key: id_, **item} if isinstance(item, dict) else item))
        return found

    # ------------------------------------------------------------------------------------------------------------ nouns

    def _person(self, record: _Record) -> None:
        others = record.fields.get("other_names")
        names = [n.get("name") for n in others if isinstance(n, dict)] if isinstance(others, list) else []
        aliases = tuple(self.tenures.name(name, record.at("other_names")) for name in names if isinstance(name, str))
        told = record.fields.get("identifiers")
        ids = [i for i in told if isinstance(i, dict)] if isinstance(told, list) else []
        notes = [f"{i.get('scheme') or 'id'}: {i['identifier']}" for i in ids if isinstance(i.get("identifier"), str)]
        name = self.tenures.name(record.text("name"), record.at("name"))
        note = self.tenures.name("; ".join(notes), record.at("identifiers")) or None
        self.tenures.person(
            ("person", record.text("id")),
            name,
            record.place,
            given=True,
            aliases=tuple(filter(None, aliases)),
            note=note,
        )

    def _organization(self, id_: str) -> None:
        """An organization and whatever it is part of, which comes first."""
        chain = [id_]
        while (up := self.organizations[chain[-1]].text("parent_id")) in self.organizations and up not in chain:
            chain.append(up)
        if up in chain:
            self.report.refused(self.organizations[chain[-1]].at("parent_id"), f"{shown(up)} is part of itself")
        elif up:
            self.report.refused(self.organizations[chain[-1]].at("parent_id"), f"there is no organization {shown(up)}")
        above: Key | None = None
        for at in reversed(chain):
            key = ("organization", at)
            if key not in self.tenures.units:
                self._unit(self.organizations[at], key, above)
            above = key

    def _unit(self, record: _Record, key: Key, above: Key | None) -> None:
        told = record.text("classification")
        words = set(slug(told).split("-"))
        if self.own:
            body = told in BODIES
        elif above is None:
            body = bool(words & BODY_WORDS)
        else:
            body = self.tenures.units[above].kind in BODIES or bool(words & BODIES_BELOW)
        kind = (
            "board" if body and "board" in words else "committee" if body else slug(told).lstrip("0123456789-") or None
        )
        if body and told and kind != told:
            self.report.mended(
                record.at("classification"), f"{shown(told)} is a {kind}, whose members are not employed"
            )
        elif not body and above is None and not self.own:
            self.report.guessed(record.at("classification"), f"members of {shown(told)} are taken for employees")
        self.report.count(f"organizations ({tidy(told) or 'no classification'})")
        name = self.tenures.name(record.text("name"), record.at("name"))
        since = self._date(record, "founding_date")
        note = f"classification: {self.tenures.name(told, record.place)}" if told and kind != told else None
        self.tenures.unit(
            *(key, name or tidy(key[-1]), record.place, record.ref),
            above=above,
            text=key[-1],
            given=True,
            fixed=self.own,
            kind=kind,
            note=note,
            since=since,
            listed=True,
        )

    def _post(self, record: _Record) -> None:
        organization = ("organization", record.text("organization_id"))
        if organization not in self.tenures.units:
            self.report.refused(record.at("organization_id"), f"there is no organization {shown(organization[1])}")
            return
        if self.own and popolo_own.own(record.fields).get("personal"):
            return  # it is there while its person is employed
        title = record.text("label") or record.text("role") or record.text("id")
        key = ("post", record.text("id"))
        since = self._date(record, "start_date")
        title = self.tenures.name(title, record.at("label"))
        try:
            more = popolo_own.more_of_post(record.fields) if self.own else {}
            lines = list(popolo_own.lines_of(record.fields, record.ref)) if self.own else []
        except ValueError as error:
            self.report.refused(record.at(popolo_own.KEY), str(error))
            more, lines = {}, []
        self.tenures.post(
            *(key, title, organization, record.place, record.ref),
            text=key[1],
            given=True,
            fixed=self.own,
            since=since,
            listed=True,
            more=more,
        )
        for to, dotted, spell in lines:
            if "/" in to:
                self.report.refused(record.at(popolo_own.KEY), f"a line to the personal post {shown(to)}")
            elif dotted:
                self.tenures.draft.dotted_line(key[1], to, spell)
            else:
                self.tenures.draft.reports(key[1], spell)

    # ------------------------------------------------------------------------------------------------------ memberships

    def _membership(self, record: _Record, people: dict[str, _Record], posts: dict[str, _Record]) -> None:
        person = record.text("person_id")
        if not person:
            raise ValueError("it names no person")
        if person not in people:
            self.report.flagged(record.at("person_id"), f"there is no person {shown(person)}; the id serves as a name")
            name = self.tenures.name(person, record.at("person_id"))
            self.tenures.person(("person", person), name, record.place, given=True)
        organization = ("organization", record.text("organization_id"))
        start, end = self._spell(record)
        job = Tenure(("person", person), (), start, end, record.place, record.ref)
        if self.own and not record.text("post_id") and record.fields.get("role") in popolo_own.EMPLOYED:
            if organization not in self.tenures.units:
                raise ValueError(f"there is no organization {shown(organization[1])}")
            try:
                job = attrs.evolve(job, **popolo_own.terms_of(record.fields))
            except ValueError as error:
                self.report.refused(record.at(popolo_own.KEY), str(error))
            self.tenures.works(job, organization)
            return
        post = self._held(record, posts)
        acting = self.own and popolo_own.own(record.fields).get("acting") == "true"
        self.tenures.held(attrs.evolve(job, post=post, acting=acting, note=self._note(record, post)))

    def _held(self, record: _Record, posts: dict[str, _Record]) -> Key:
        """The post: the one named, or one for the role in the organization, by party where one is told."""
        if (id_ := record.text("post_id")) and ("post", id_) in self.tenures.posts:
            return ("post", id_)
        if id_:
            known = "its organization is not there" if id_ in posts else "there is none"
            self.report.flagged(record.at("post_id"), f"post {shown(id_)}: {known}; taken by its role")
        unit: Key = ("organization", record.text("organization_id"))
        if unit not in self.tenures.units:
            raise ValueError(f"there is no organization {shown(unit[1])}")
        party = record.text("on_behalf_of_id")
        text = unit[1] if len(unit[1]) <= len("a-short-id") else self.tenures.units[unit].name
        if party:
            unit, text = self._group(record, unit, party, text)
        role = self.tenures.name(record.text("role"), record.at("role")) or "member"
        key = ("role", *unit, role)
        self.tenures.post(key, role, unit, record.place, record.ref, text=f"{text} {role}")
        return key

    def _group(self, record: _Record, organization: Key, party: str, text: str) -> tuple[Key, str]:
        """The group of a party in an organization is a unit of it."""
        known = self.organizations.get(party)
        if known is None:
            self.report.flagged(
                record.at("on_behalf_of_id"), f"there is no organization {shown(party)}; the id is its name"
            )
        name = self.tenures.name(known.text("name") if known else party, record.at("on_behalf_of_id"))
        key = ("group", organization[-1], party)
        text = f"{text} {party if len(party) <= len('a-short-id') else name}"
        kind = self.tenures.units[organization].kind
        self.tenures.unit(
            *(key, name, record.place, record.ref),
            above=organization,
            text=text,
            kind=kind if kind in BODIES else "group",
        )
        return key, text

    def _spell(self, record: _Record) -> tuple[When, When | None]:
        """From when to when: its own dates, or those of the term."""
        term_id = record.text("legislative_period_id")
        term = self.terms.get(term_id)
        if term_id and term is None:
            self.report.flagged(record.at("legislative_period_id"), f"there is no event {shown(term_id)}")
        own = [name for name in ("start_date", "end_date") if record.text(name)]
        self.report.count(f"memberships with {' and '.join(own) if own else 'neither date'} of their own")
        found: dict[str, When | None] = {}
        for name in ("start_date", "end_date"):
            told = record if record.text(name) or term is None else term
            found[name] = self._date(told, name)
            if told is not record and found[name] is not None:
                self.report.guessed(record.place, f"{name} is that of {shown(term_id)}: {found[name]}")
        start, last = found["start_date"], found["end_date"]
        if self.own:
            start = popolo_own.since_of(record.fields, start)
        end = self.dates.read_end(last.text, record.place, inclusive=True) if last is not None else None
        if start is None:
            start = unknown_start(end, self.options.known)
            self.report.flagged(record.place, f"since when is not told; in force from {start.day}, when it was so")
        if end is not None and end.day <= start.day:
            raise ValueError(f"it ends before it begins: from {start}, to {last}")
        return start, end

    def _date(self, record: _Record, name: str) -> When | None:
        text = record.text(name)
        if not text:
            return None
        try:
            when = self.dates.read(text, record.at(name))
        except ValueError as error:
            self.report.refused(record.at(name), str(error))
            return None
        if when.last.year >= NO_END and name != "end_date":
            self.report.refused(record.at(name), f"nothing begins in the year {when.last.year}")
            return None
        return when

    def _note(self, record: _Record, post: Key) -> str | None:
        """What a ledger has no field for."""
        parts = []
        for name, label, table in (
            ("area_id", "area", self.areas),
            ("legislative_period_id", "term", self.terms),
            ("on_behalf_of_id", "on behalf of", self.organizations),
        ):
            id_ = record.text(name)
            if id_ and not (name == "on_behalf_of_id" and post[0] == "role"):
                parts.append(f"{label}: {table[id_].text('name') or id_ if id_ in table else id_}")
        if label := record.text("label"):
            parts.append(f"label: {label}")
        return self.tenures.name("; ".join(parts), record.place) or None
