"""Tables of employees from personnel systems: one row per person, or per person and effective date.

A profile says how columns are called and what words mean; `records` reads rows by it, `people` puts the rows of one
person together, `managers` and `lines` find who reported to whom, and `history` makes events of it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from orgsim.errors import UserError, shown
from orgsim.importers import Imported, Options
from orgsim.importers.employees.history import History
from orgsim.importers.employees.people import FOREVER, Assembler, by_person
from orgsim.importers.employees.profile import Profile, find_profile
from orgsim.importers.employees.records import Columns, Record, RowReader, all_dates
from orgsim.importers.naming import check_id, slug
from orgsim.importers.report import ImportReport, Place, Tally
from orgsim.importers.spreadsheet import is_spreadsheet, read_sheet
from orgsim.importers.tabular import ImportProblem, Row, read_table
from orgsim.model import Source
from orgsim.values import MAX_ID

UNNAMED = "organization"
_PEEK = 1000
"""Rows looked at to see how long the header is: a row may be shorter."""


def load(paths: Sequence[Path], options: Options) -> Imported:
    """Read tables of employees into one history."""
    report = ImportReport()
    profile = find_profile(options.profile)
    organization = _organization(options)
    tally = Tally(report)
    records: list[Record] = []
    sources: list[Source] = []
    for path, id_ in zip(paths, _source_ids(paths), strict=True):
        sources.append(Source(id_, title=f"{profile.title}: {path.name}", file=path.name, published=options.known))
        records += _records(path, id_, profile, options, tally)
    place = Place(paths[0].name)
    if not records:
        raise ImportProblem(place, "no row names anybody", "export the table again, with its rows")
    if options.organization is None:
        report.guessed(place, f"the organization is called {organization!r}; give --organization")
    snapshot = _snapshot(records, options, report, place)
    members = []
    assembler = Assembler(report, snapshot, options.gap_days)
    for key, found in by_person(records).items():
        member = assembler.member(key, found)
        if member is not None:
            members.append(member)
    tally.tell()
    report.count("rows", len(records))
    report.count("people", len(members))
    if not members:
        raise ImportProblem(place, "of nobody is it told when they were employed", "see that dates of hire are read")
    left = sum(stay.end != FOREVER for member in members for stay in member.stays)
    _leavers(left, profile, report, place)
    history = History(organization, members, report, options.known)
    events, people = history.events()
    for noun, count in history.counts().items():
        report.count(noun, count)
    return Imported(events, people, sources, report)


def _organization(options: Options) -> str:
    name = options.organization or UNNAMED
    check_id(name)
    if "/" in name or len(name) > MAX_ID // 4:
        raise UserError(f"--organization: {shown(name)} has a slash or is too long for the id of an organization")
    return name


def _source_ids(paths: Sequence[Path]) -> Iterator[str]:
    """An id for each file, from its name."""
    seen: dict[str, int] = {}
    for path in paths:
        id_ = slug(re.sub(r"[_.]", " ", path.stem))[:80] or "table"
        seen[id_] = seen.get(id_, 0) + 1
        yield id_ if seen[id_] == 1 else f"{id_}.{seen[id_]}"


def _records(path: Path, source: str, profile: Profile, options: Options, tally: Tally) -> Iterator[Record]:
    rows: Iterator[Row]
    numbers: dict[str, Place] = {}
    if is_spreadsheet(path):
        rows = read_sheet(path, headers=profile.headers, note=tally.note, numbers=numbers)
    else:
        rows = read_table(path, encoding=options.encoding, delimiter=options.delimiter, headers=profile.headers)
    first = list(islice(rows, _PEEK))
    if not first:
        raise ImportProblem(Place(path.name), "the table has no rows", "export it again, with its rows")
    header = list(max(first, key=lambda row: len(row.cells)).cells)
    columns = Columns.find(header, profile, Place(path.name, 1), tally.report)
    reader = RowReader(columns, profile, options, source, tally)
    for row in chain(first, rows):
        record = reader.read(row)
        if record is not None:
            yield record
    if options.date_format is not None:
        reader.dates[0].tell(tally.report, Place(path.name))
    for column in sorted(numbers.keys() & {columns.of.get(field) for field in ("id", "manager_id", "position")}):
        message = "stored as numbers: leading zeros, if there were any, are lost"
        tally.report.flagged(numbers[column], message)


def _snapshot(records: Sequence[Record], options: Options, report: ImportReport, place: Place) -> dt.date:
    """The day of the export: as told, or the last day that any row names."""
    if options.known is not None:
        return options.known
    days = set(all_dates(records))
    if not days:
        unread = next((f"; {r.message}" for r in report.of("refused") if options.date_format), "")
        raise ImportProblem(place, f"no row has a date{unread}", "give --known, the day of the export")
    past = [day for day in days if day <= options.today]
    last = max(past, default=options.today)
    if any(record.begins is None for record in records):
        which = "the last day in it" + (" that is not after today" if len(past) < len(days) else "")
        if not past:
            which = "today, for all days in it are still to come"
        message = f"the table is taken for that of {last}, {which}; give --known, the day of the export"
        report.guessed(place, message)
    return last


def _leavers(left: int, profile: Profile, report: ImportReport, place: Place) -> None:
    """A table in which nobody ever left is more likely to leave leavers out."""
    if left == 0:
        hint = profile.leavers_hint or "many exports leave out who is not employed any more"
        report.flagged(place, f"nobody in the table ever left; {hint}, and then nobody seems ever to leave")
