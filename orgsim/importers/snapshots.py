"""Import a series of snapshots: one file for each date, CSV, YAML or JSON, read by a mapping profile.

What happened is derived by comparison: joins, departures, moves, retitlings, new managers, posts and units opened
and closed.  Rows that say from when to when are read by the same profiles.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from orgsim.errors import UserError, shown
from orgsim.importers import Imported, Options
from orgsim.importers.naming import Ids
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.snapshots_draft import History, drafted
from orgsim.importers.snapshots_jobs import Jobs
from orgsim.importers.snapshots_people import People
from orgsim.importers.snapshots_profile import find_profile
from orgsim.importers.snapshots_records import Record, Unread, date_of_name, read_records
from orgsim.importers.snapshots_series import FAR_FEWER, NEVER, Spells, Stretch, compared, partial, snapshots
from orgsim.importers.snapshots_units import Units
from orgsim.importers.tabular import ImportProblem
from orgsim.model import Source


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Read all files, compare, and make a history."""
    profile = find_profile(options.profile)
    report = ImportReport()
    files = sorted(((date_of_name(path), path) for path in paths), key=lambda f: (f[0] or dt.date.min, str(f[1])))
    if not files:
        raise UserError("there are no files to import")
    records: list[Record] = []
    unread = Unread()
    for number, (_, path) in enumerate(files):
        found = read_records(path, number, profile, report, unread=unread, options=options)
        if not found:
            report.flagged(Place(path.name), "the file has no rows: it is not read as everybody's departure")
        records += found
    unread.tell(report)
    if not records:
        raise ImportProblem(Place(files[0][1].name), "there are no rows", "export it again")
    reading = _Reading(files, records, options, report)
    people = People([record for record in records if record.table.kind == "entries"], profile, report)
    people.merge(reading.series("entries", people.of))
    entries = reading.stretches("entries", _entry_key(people))
    jobs = Jobs(entries, people, reading.spells.dates, report, reading.chosen) if profile.employed else None
    history = History(
        entries=entries if jobs is None else jobs.entries,
        jobs=jobs,
        units=reading.stretches("units", lambda record: "unit:" + Units.key(record.get("unit"))),
        links=reading.stretches("links", _link_key),
        people=people,
        profile=profile,
        organization=options.organization or profile.organization or "organization",
        files=[source.id for source in reading.sources],
        name=files[0][1].name,
        report=report,
        ids=Ids(),
    )
    reading.spells.dates.tell(report, Place(files[0][1].name))
    events, found_people = drafted(history)
    return Imported(events, found_people, reading.sources, report)


def _entry_key(people: People) -> Callable[[Record], str]:
    """Whose state a row is: the entry's where it has a key, else the person's, in that post."""

    def key(record: Record) -> str:
        person, post = people.of(record), record.get("post")
        if entry := record.get("entry"):
            return f"entry:{entry}"
        if person:
            return f"{person} in {post}" if post else person
        return f"post:{post}" if post else f"row:{record.place}"

    return key


def _link_key(record: Record) -> str:
    return f"link:{record.get('post')} to {record.get('unit') or record.get('name')}"


class _Reading:
    """Records sorted into those of a date and those that say from when to when."""

    def __init__(
        self,
        files: Sequence[tuple[dt.date | None, Path]],
        records: Sequence[Record],
        options: Options,
        report: ImportReport,
    ) -> None:
        self.files, self.options, self.report = files, options, report
        self.spells = Spells(options, report)
        dated = {(r.file, id(r.table)) for r in records if "date" in r.fields}
        told = {(r.file, id(r.table)) for r in records if "from" in r.fields}
        self.of_time = [r for r in records if (r.file, id(r.table)) in told - dated and files[r.file][0] is None]
        self.chosen = {id(record) for record in self.of_time}
        self.by_day: dict[dt.date, list[Record]] = {}
        self.days_of: dict[int, set[dt.date]] = {}
        for record in records:
            if id(record) not in self.chosen:
                day = self._day(record)
                self.by_day.setdefault(day, []).append(record)
                self.days_of.setdefault(record.file, set()).add(day)
        self._say_dates_unread(records)
        self.sources = self._sources()
        self._leave_out_partial()

    def _day(self, record: Record) -> dt.date:
        """The date of a record; raises ImportProblem where there is none."""
        if text := record.get("date"):
            try:
                day = self.spells.dates.read(text, record.at("date")).day
            except (ValueError, OverflowError) as error:
                hint = "give --date-format, or correct the date"
                raise ImportProblem(record.at("date"), str(error) or "this is no date", hint) from None
            if day.year < NEVER.year:
                return day
        day_of_file = self.files[record.file][0] or self.options.known
        if day_of_file is None:
            hint = "name the file with its date (team-2024-03-31.csv), add a column of dates, or give --known"
            raise ImportProblem(Place(record.place.file), "nothing says what date the snapshot is of", hint)
        return day_of_file

    def _say_dates_unread(self, records: Sequence[Record]) -> None:
        said = set()
        for record in records:
            for field in ("from", "to"):
                where = record.file, record.at(field).column
                if "hired" in record.fields and record.at(field) == record.at("hired"):
                    continue  # a start date in a snapshot is that of the hire
                if id(record) not in self.chosen and field in record.fields and where not in said:
                    said.add(where)
                    place = Place(record.place.file, None, where[1])
                    self.report.refused(place, "the column is not read: the rows are a snapshot of one date")

    def _sources(self) -> list[Source]:
        ids = Ids()
        for number, (_, path) in enumerate(self.files):
            ids.want("source", (str(number), path.name), path.stem, Place(path.name), given=True)
        ids.settle(self.report)
        return [
            Source(ids.of("source", (str(number), path.name)), file=path.name, published=self._published(number, day))
            for number, (day, path) in enumerate(self.files)
        ]

    def _published(self, number: int, day: dt.date | None) -> dt.date | None:
        days = self.days_of.get(number, set())
        return self.options.known or day or (next(iter(days)) if len(days) == 1 else None)

    def _leave_out_partial(self) -> None:
        """Drop the dates with far fewer entries than both neighbors, and say so."""
        sizes = {day: sum(r.table.kind == "entries" for r in found) for day, found in self.by_day.items()}
        sizes = {day: size for day, size in sizes.items() if size or not any(sizes.values())}
        days = sorted(sizes)
        left_out: list[Record] = []
        for day in sorted(partial(sizes)):
            at = days.index(day)
            place = self.by_day[day][0].place
            message = (
                f"the snapshot of {day} has {sizes[day]} entries, the one before {sizes[days[at - 1]]}, "
                f"the one after {sizes[days[at + 1]]}: it is taken to be partial, and not compared"
            )
            self.report.refused(Place(place.file), message)
            left_out += self.by_day.pop(day)
        self._say_only_there([record for record in left_out if record.table.kind == "entries"])
        for one, other in ((days[:1], days[1:2]), (days[-1:], days[-2:-1])):
            if one and other and one != other and sizes[one[0]] < FAR_FEWER * sizes[other[0]]:
                place = Place(self.by_day[one[0]][0].place.file)
                message = f"the snapshot of {one[0]} has {sizes[one[0]]} entries, that of {other[0]} {sizes[other[0]]}"
                self.report.flagged(place, f"{message}; if it is partial, leave it out")

    def _say_only_there(self, left_out: Sequence[Record]) -> None:
        """Name whoever is only in partial snapshots."""
        fields = ("entry", "person", "name", "post")
        there = {(f, r.get(f)) for found in self.by_day.values() for r in found for f in fields if left_out}
        for record in left_out:
            told = [(field, text) for field in fields if (text := record.get(field))]
            if told and not there.intersection(told):
                message = f"{shown(told[0][1])} is only in this partial snapshot, and is left out"
                self.report.refused(record.place, message)

    def series(
        self, kind: str, key: Callable[[Record], str], report: ImportReport | None = None
    ) -> list[tuple[dt.date, dict[str, Record]]]:
        """The snapshots of one kind of record, by key."""
        dated = {day: [r for r in found if r.table.kind == kind] for day, found in self.by_day.items()}
        return snapshots(dated, key, report or ImportReport())

    def stretches(self, kind: str, key: Callable[[Record], str]) -> list[Stretch]:
        """What was so from when to when."""
        files = {day: found[0].file for day, found in self.by_day.items()}
        series = self.series(kind, key, self.report)
        told = self.spells.stretches([r for r in self.of_time if r.table.kind == kind], key)
        return [*compared(series, files, self.options.known), *told]
