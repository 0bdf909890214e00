"""Spells: one row for each time somebody held something, from when to when."""

from collections.abc import Sequence
from pathlib import Path

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.events import SourceRef
from orgsim.importers import Imported, Options
from orgsim.importers.cells import NO_END, STILL, Dates, is_nothing, reason_of, seen_on, unknown_start, yes_no
from orgsim.importers.columns import Profile, find_columns, read_profile
from orgsim.importers.naming import Key, sources_of, tidy
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem, Row, read_table
from orgsim.importers.tenures import Tenure, Tenures
from orgsim.model import BODIES
from orgsim.values import TYPES

ALIASES = {
    "person": ("person", "name", "full name", "holder", "incumbent", "officer", "member", "employee", "employee name"),
    "person_id": ("person_id", "holder_id", "officer_id", "member_id", "employee_id", "employee number", "wikidata"),
    "post": ("post", "post_id", "position_id", "seat", "post unique reference"),
    "title": ("title", "post title", "job title", "role", "position", "office"),
    "unit": ("unit", "department", "ministry", "division", "team", "directorate"),
    "organization": ("organization", "organisation", "company", "employer", "body", "institution"),
    "from": ("from", "start", "start date", "begin", "since", "valid from", "date from", "appointed"),
    "to": ("to", "end", "end date", "until", "valid to", "date to", "vacated"),
    "ended": ("ended", "observed"),
    "acting": ("acting", "interim", "is acting", "is interim"),
    "on_leave": ("on_leave", "leave", "is on leave"),
    "reason": ("reason", "exit reason", "end reason", "departure reason", "cause", "reason for leaving"),
    "kind": ("organization kind", "organization_kind"),
}
VACANT = frozenset({"vacant", "vacancy", "(vacant)", "vacant post"})


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Import CSV files of spells."""
    report = ImportReport()
    profile = read_profile("spells", options.profile, ALIASES)
    sources = sources_of(paths, options.known)
    reader = _Reader(options, profile, report)
    for path, source in zip(paths, sources, strict=True):
        reader.read(path, source.id)
    reader.finish(paths[0].name)
    return reader.tenures.imported(sources, options.gap_days)


@attrs.frozen
class _Cells:
    """The cells of a row by what they mean."""

    row: Row
    columns: dict[str, str]
    values: dict[str, str]

    def __getitem__(self, meaning: str) -> str:
        """The text, or what the profile says where the table does not."""
        column = self.columns.get(meaning)
        return (self.row[column] if column is not None else "") or self.values.get(meaning, "")


class _Reader:
    """Reads rows into tenures."""

    def __init__(self, options: Options, profile: Profile, report: ImportReport) -> None:
        self.options, self.profile, self.report = options, profile, report
        self.tenures = Tenures(options, report)
        self.dates = Dates(options.date_format)
        self.by_name: dict[Key, list[Row]] = {}
        self.words: set[str] = set()

    def read(self, path: Path, source: str) -> None:
        columns: dict[str, str] | None = None
        for row in read_table(path, encoding=self.options.encoding, delimiter=self.options.delimiter):
            if columns is None:
                columns = self._columns(row)
            self.report.count("rows")
            cells = _Cells(row, columns, dict(self.profile.values))
            ref = SourceRef(source, line=row.place.row)
            try:
                self._row(cells, ref)
            except ValueError as error:
                self.report.refused(row.place, str(error))
        if columns is None:
            raise ImportProblem(Place(path.name), "the table has no rows", "export it again, with its rows")

    def finish(self, file: str) -> None:
        """Say what only the whole table tells: whether its dates could be read, and who has no name."""
        self.dates.tell(self.report, Place(file))
        for key, someone in self.tenures.people.items():
            if not someone.names:
                message = f"the row has no name; the person is called {shown(key[-1])}"
                self.report.flagged(someone.place, message)

    def _columns(self, row: Row) -> dict[str, str]:
        found = find_columns(list(row.cells), self.profile, ALIASES, file=row.place.file, report=self.report)
        needed = {**found, **self.profile.values}
        for what, any_of in (("who", ("person", "person_id")), ("what", ("post", "title")), ("when", ("from", "to"))):
            if not any(meaning in needed for meaning in any_of):
                names = " or ".join(map(repr, any_of))
                hint = f"call a column {names}, or give --profile; there is {', '.join(row.cells)}"
                raise ImportProblem(attrs.evolve(row.place, row=1), f"no column says {what}", hint)
        return found

    def _row(self, cells: _Cells, ref: SourceRef) -> None:
        post = self._post(cells, ref)
        name = self.tenures.name(cells["person"], cells.row.at(cells.columns.get("person", "person")))
        if name.casefold() in VACANT:
            start, _ = self._spell(cells)
            self.tenures.posts[post].seen(seen_on(start.day))
            self.report.mended(cells.row.place, f"{name!r} is nobody: the post is there, and not held")
            return
        given = cells["person_id"]
        if not name and not given:
            raise ValueError("the row names no person")
        start, end = self._spell(cells)
        person = ("id", given) if given else ("name", name)
        self.tenures.person(person, name, cells.row.place, given=bool(given))
        if not given:
            self._same_name(person, cells.row)
        reason, ending = self._reason(cells, end)
        self.tenures.held(
            Tenure(
                person,
                post,
                start,
                end,
                cells.row.place,
                ref,
                acting=self._flag(cells, "acting"),
                on_leave=self._flag(cells, "on_leave"),
                reason=reason,
                note=self._note(cells),
                ending=ending,
            )
        )

    # ------------------------------------------------------------------------------------------------------------ nouns

    def _post(self, cells: _Cells, ref: SourceRef) -> Key:
        tenures, place = self.tenures, cells.row.place
        organization = self._organization(cells, ref)
        above = organization
        unit = tenures.name(cells["unit"], cells.row.at(cells.columns.get("unit", "unit")))
        if unit and unit != tenures.units[organization].name:
            above = (*organization, unit)
            kind = tenures.units[organization].kind
            tenures.unit(above, unit, place, ref, above=organization, kind=kind if kind in BODIES else None)
        title = tenures.name(cells["title"], cells.row.at(cells.columns.get("title", "title")))
        post = cells["post"]
        if not post and not title:
            raise ValueError("the row names no post")
        if post and title:
            key = (*organization, "post", post)
            tenures.post(key, title, above, place, ref, text=post, given=True)
            known = tenures.posts[key]
            if (known.name, known.above) != (title, above):
                here = f"{title!r} in {tenures.units[above].name!r}"
                first = f"{known.name!r} in {tenures.units[known.above or ()].name!r}"
                self.report.flagged(
                    place, f"post {post!r} is {here} here, {first} in row {known.place.row}; kept as there"
                )
        else:
            key = (*above, "title", post or title)
            text = post or f"{unit} {title}"
            tenures.post(key, tidy(post or title), above, place, ref, text=text, given=bool(post))
        return key

    def _organization(self, cells: _Cells, ref: SourceRef) -> Key:
        told = self.tenures.name(cells["organization"], cells.row.at(cells.columns.get("organization", "organization")))
        option = self.options.organization
        if not told and option is None:
            hint = "give --organization ID, or a column 'organization'"
            raise ImportProblem(cells.row.place, "the organization is not told", hint)
        fixed = option is not None and "organization" not in cells.columns
        key = ("organization", option if fixed and option is not None else told or option or "")
        kind = cells["kind"] or None
        if kind is not None:
            TYPES["word"].parse(kind)
        name = told or option or ""
        self.tenures.unit(key, name, cells.row.place, ref, text=key[1], given=fixed, fixed=key[1] == option, kind=kind)
        return key

    def _same_name(self, person: Key, row: Row) -> None:
        """A name that stands in several rows is taken as one person, which is a guess."""
        rows = self.by_name.setdefault(person, [])
        rows.append(row)
        if len(rows) > 1:
            message = f"{person[1]!r} is taken for the person of row {rows[0].place.row}, by the name"
            self.report.guessed(row.place, message)

    # ------------------------------------------------------------------------------------------------------------ cells

    def _spell(self, cells: _Cells) -> tuple[When, When | None]:
        """From when to when; raises ValueError where that cannot be."""
        start = self._date(cells, "from")
        if start is not None and start.last.year >= NO_END:
            raise ValueError(f"it begins in the year {start.last.year}")
        end = self._date(cells, "to", still=True)
        told = cells["ended"] if "ended" in cells.columns else ""
        if end is not None and told and yes_no(told) is False:
            self.report.mended(cells.row.place, f"{end.text} is the last day told of, not an end")
            end = None
        if end is not None:
            end = self.dates.read_end(end.text, cells.row.place, inclusive=self.options.end_inclusive)
        if start is None:
            start = unknown_start(end, self.options.known)
            self.report.flagged(cells.row.place, f"since when is not told; in force from {start.day}, when it was so")
        if end is not None and end.day <= start.day:
            when = "on the day it begins" if end.day == start.day else "before it begins"
            raise ValueError(f"it ends {when}: from {start}, to {cells['to']}")
        return start, end

    def _date(self, cells: _Cells, meaning: str, *, still: bool = False) -> When | None:
        text = cells[meaning]
        if still and text.casefold() in STILL:
            return None
        if is_nothing(text):
            if text:
                self.report.mended(cells.row.at(cells.columns[meaning]), f"{text!r} is no date: it is not told")
            return None
        try:
            return self.dates.read(text, cells.row.at(cells.columns.get(meaning, meaning)))
        except ValueError as error:
            raise ValueError(f"{meaning!r}: {error}") from None

    def _flag(self, cells: _Cells, meaning: str) -> bool:
        answer = yes_no(cells[meaning])
        if answer is None:
            place = cells.row.at(cells.columns.get(meaning, meaning))
            self.report.flagged(place, f"{shown(cells[meaning])} is neither yes nor no; taken as no")
        return bool(answer)

    def _reason(self, cells: _Cells, end: When | None) -> tuple[str, str | None]:
        """The reason, and the words of the file where they say more."""
        words = cells["reason"]
        if is_nothing(words):
            return "unknown", None
        if end is None:
            self.report.refused(cells.row.at(cells.columns["reason"]), f"{shown(words)}: a reason without an end")
            return "unknown", None
        reason = reason_of(words, dict(self.profile.reasons))
        if reason is None or reason == "other":
            if words not in self.words:
                self.words.add(words)
                self.report.mended(
                    cells.row.at(cells.columns["reason"]), f"{shown(words)} is the reason 'other', with a note"
                )
            return "other", f"reason: {self.tenures.name(words, cells.row.place)}"
        return reason, None

    def _note(self, cells: _Cells) -> str | None:
        parts = [f"{column}: {cells.row[column]}" for column in self.profile.notes if cells.row[column]]
        return self.tenures.name("; ".join(parts), cells.row.place) if parts else None
