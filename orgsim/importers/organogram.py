"""UK government organograms: a CSV of senior posts and one of junior counts, for each body and half-year.

Reads them raw, as served, or cleaned into one table with columns for body and day.  What follows from comparing the
snapshots of a body is told in `organogram_series`.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import attrs

from orgsim.dates import parse_day
from orgsim.errors import shown
from orgsim.events import SourceRef
from orgsim.importers import Imported, Options
from orgsim.importers.cells import NO_END, folded, is_nothing
from orgsim.importers.naming import LOST, sources_of, tidy
from orgsim.importers.organogram_series import Junior, Senior, Series, Snapshot
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.tabular import ImportProblem, Row, read_table

SENIOR = {
    "body": ("org",),
    "day": ("snapshot",),
    "number": ("row",),
    "ref": ("Post Unique Reference", "post_ref"),
    "name": ("Name",),
    "status": ("status",),
    "grade": ("Grade (or equivalent)", "Grade"),
    "title": ("Job Title", "job_title"),
    "parent": ("Parent Department",),
    "organization": ("Organisation",),
    "unit": ("Unit",),
    "above": ("Reports to Senior Post", "reports_to"),
    "fte": ("FTE",),
    "profession": ("Professional/Occupational Group", "profession"),
}
JUNIOR = {
    "body": ("org",),
    "day": ("snapshot",),
    "parent": ("Parent Department",),
    "organization": ("Organisation",),
    "unit": ("Unit",),
    "above": ("Reporting Senior Post", "reports_to"),
    "grade": ("Grade",),
    "title": ("Generic Job Title", "job_title"),
    "fte": ("Number of Posts in FTE", "posts_fte"),
    "profession": ("Professional/Occupational Group", "profession"),
}
WORDS = {
    "eliminated": ("eliminated", "abolished", "deleted"),
    "vacant": ("vacant", "vacancy", "vacantpost"),
    "unnamed": ("nd", "notdisclosed", "redacted", "withheld"),
    "unknown": ("", "na", "tbc", "tba", "unknown"),
}
"""What may stand in place of a name, folded: the post is gone, is empty, or somebody is not named or not told."""
_STATE = {word: state for state, words in WORDS.items() for word in words}
STATUS = {
    "named": "named",
    "notdisclosed": "unnamed",
    "blank": "unknown",
    "eliminated": "eliminated",
    "vacant": "vacant",
}
_FILE = re.compile(r"(?P<body>.+?)[-_](?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[-_].*)?")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?|\.[0-9]{1,9}")
_NO_NAME = re.compile(r"\b(post|posts|post holder|head of|director of|deputy director)\b", re.IGNORECASE)


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Import organograms."""
    report = ImportReport()
    sources = sources_of(paths, options.known)
    reader = _Reader(options, report)
    for path, source in zip(paths, sources, strict=True):
        reader.read(path, source.id)
    return Series(options, report, list(reader.snapshots.values())).imported(sources)


@attrs.define
class _File:
    """What is known of the file being read."""

    path: Path
    source: str
    columns: Mapping[str, str]
    senior: bool
    unread: Counter[str] = attrs.field(factory=Counter)


class _Reader:
    """Reads rows into snapshots."""

    def __init__(self, options: Options, report: ImportReport) -> None:
        self.options, self.report = options, report
        self.snapshots: dict[tuple[str, dt.date], Snapshot] = {}
        self.told: dict[tuple[str, dt.date, bool], str] = {}
        self.repeated: set[tuple[str, str, dt.date]] = set()

    def read(self, path: Path, source: str) -> None:
        file: _File | None = None
        for row in read_table(path, encoding=self.options.encoding, delimiter=self.options.delimiter):
            if file is None:
                file = self._file(path, source, list(row.cells))
            try:
                self._row(row, file)
            except ValueError as error:
                self.report.refused(row.place, str(error))
        if file is None:
            self.report.flagged(Place(path.name, 1), "there is a header and no row: no snapshot is taken from it")
            return
        for column, count in file.unread.items():
            self.report.refused(Place(path.name, 1, column), f"the column is not read, in {count:,} rows")

    def _file(self, path: Path, source: str, header: list[str]) -> _File:
        by_name = {folded(column): column for column in reversed(header)}

        def found(aliases: Mapping[str, Sequence[str]]) -> dict[str, str]:
            pairs = (
                (key, next((by_name[folded(n)] for n in names if folded(n) in by_name), None))
                for key, names in aliases.items()
            )
            return {key: column for key, column in pairs if column is not None}

        senior, junior = found(SENIOR), found(JUNIOR)
        if {"ref", "name", "above"} <= set(senior):
            return _File(path, source, senior, senior=True)
        if {"above", "fte", "title"} <= set(junior):
            return _File(path, source, junior, senior=False)
        hint = "senior posts have a 'Post Unique Reference', junior ones a 'Reporting Senior Post' and numbers in FTE"
        raise ImportProblem(Place(path.name, 1), "this is no organogram", hint)

    def _row(self, row: Row, file: _File) -> None:
        self.report.count(f"{'senior' if file.senior else 'junior'} rows")
        used = set(file.columns.values())
        file.unread.update(column for column, text in row.cells.items() if text and column not in used)
        cells = {meaning: row[column] for meaning, column in file.columns.items()}
        body, day = self._which(cells, file, row)
        first = self.told.setdefault((body, day, file.senior), file.path.name)
        if first != file.path.name:
            if (file.path.name, body, day) not in self.repeated:
                self.repeated.add((file.path.name, body, day))
                self.report.refused(
                    row.place, f"these rows of {shown(body)} on {day} are in {first} too, which is taken"
                )
            return
        place = row.place
        names = {
            key: self._name(cells.get(key, ""), row, file, key) for key in ("title", "unit", "grade", "profession")
        }
        snapshot = self.snapshots.setdefault((body, day), Snapshot(body, day))
        snapshot.organizations[self._name(cells.get("organization", ""), row, file, "organization")] += 1
        snapshot.parents[self._name(cells.get("parent", ""), row, file, "parent")] += 1
        if is_nothing(names["unit"]) or names["unit"] == tidy(cells.get("organization", "")):
            names["unit"] = ""
        ref = SourceRef(file.source, line=place.row)
        above = tidy(cells["above"])
        if file.senior:
            snapshot.seniors.append(self._senior(cells, names, above, place, ref))
        else:
            fte = self._number(cells["fte"])
            if fte is None or fte == 0:
                raise ValueError(f"{shown(cells['fte'])} is no number of posts")
            snapshot.juniors.append(Junior(place, ref, above=above, fte=fte, **names))

    def _senior(self, cells: dict[str, str], names: dict[str, str], above: str, place: Place, ref: SourceRef) -> Senior:
        post = tidy(cells["ref"])
        if not post:
            raise ValueError("the row has no reference of a post")
        if folded(post) in (*WORDS["eliminated"], *WORDS["vacant"], "0"):
            self.report.flagged(attrs.evolve(place, column="ref"), f"{shown(post)} is hardly the reference of a post")
        state, people, note = self._holders(cells["name"], place)
        status = STATUS.get(folded(cells.get("status", "")))
        if status is not None and status != state:
            self.report.flagged(
                place, f"the status is {cells['status']!r}, the name {shown(cells['name'])}, which counts"
            )
        fte = self._number(cells.get("fte", ""))
        if cells.get("fte") and (fte is None or not 0 < fte <= 1):
            self.report.refused(place, f"{shown(cells['fte'])} is no share of a full-time job")
            fte = None
        return Senior(place, ref, post=post, state=state, people=people, above=above, fte=fte, note=note, **names)

    def _which(self, cells: dict[str, str], file: _File, row: Row) -> tuple[str, dt.date]:
        """Whose organogram of which day: by columns, or by the name of the file, or as the user says."""
        body, day = tidy(cells.get("body", "")), cells.get("day", "")
        if body and day:
            return body, _day(day)
        named = _FILE.fullmatch(file.path.name.removesuffix(".gz").removesuffix(".csv"))
        known = self.options.known
        if named is not None:
            try:
                return self.options.organization or tidy(named["body"]), _day(named["day"])
            except ValueError as error:
                raise ImportProblem(Place(file.path.name), str(error), "correct the name of the file") from None
        if self.options.organization is not None and known is not None:
            return self.options.organization, known
        hint = "name the file BODY-YYYY-MM-DD-senior.csv, or give --organization and --known"
        raise ImportProblem(row.place, "whose organogram it is, and of which day, is not told", hint)

    # ------------------------------------------------------------------------------------------------------------ cells

    def _name(self, text: str, row: Row, file: _File, meaning: str) -> str:
        clean = tidy(text)
        if clean != text:
            self.report.mended(row.at(file.columns[meaning]), f"{shown(text)} is written {shown(clean)}")
        if LOST in clean:
            self.report.flagged(row.at(file.columns[meaning]), f"{shown(clean)} has lost a character")
        return clean

    def _number(self, text: str) -> Decimal | None:
        return Decimal(text) if _NUMBER.fullmatch(text) is not None else None

    def _holders(self, text: str, place: Place) -> tuple[str, tuple[str, ...], str | None]:
        """What the name says: a state of the post, or the people who hold it; and a note where it says more."""
        name = tidy(text.strip("'\" "))
        state = _STATE.get(folded(name))
        at = attrs.evolve(place, column="Name")
        if state is not None:
            return state, (), None
        if _NO_NAME.search(name):
            self.report.guessed(at, f"{shown(name)} is no name: somebody holds the post, and is not named")
            return "unnamed", (), f"in place of a name: {name}"
        if name != text:
            self.report.mended(at, f"{shown(text)} is written {shown(name)}")
        parts = tuple(tidy(part) for part in name.split("/"))
        if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
            self.report.guessed(at, f"{shown(name)} is taken for {len(parts)} people who share the post")
            return "named", parts, None
        return "named", (name,), None


def _day(text: str) -> dt.date:
    day = parse_day(text)
    if day.year >= NO_END:
        raise ValueError(f"there is no snapshot of the year {day.year}")
    return day
