"""When the people of a series of snapshots are employed, and for which share of a full-time job.

Whoever is seen is employed.  A date of hire says since when, as far as what was seen allows; where it does not, what
was seen counts, and the report says so.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.importers.cells import NO_END, ONE_DAY, Dates, is_nothing, seen_on, share_of, some_day
from orgsim.importers.report import ImportReport, Tally
from orgsim.importers.snapshots_people import People
from orgsim.importers.snapshots_records import Record
from orgsim.importers.snapshots_series import Moment, Span, Stretch
from orgsim.importers.snapshots_spans import common, pieces, union


@attrs.frozen
class Job:
    """A time in which a person is there, and the day of hire, not after it, where one is told."""

    span: Span
    hired: Moment | None = None

    @property
    def start(self) -> Moment:
        """When the employment begins."""
        return self.hired if self.hired is not None else self.span.start


class Jobs:
    """Everybody's jobs, by person, and the entries cut to them."""

    def __init__(
        self,
        entries: Sequence[Stretch],
        people: People,
        dates: Dates,
        report: ImportReport,
        of_time: Collection[int] = (),
    ) -> None:
        """Judge every date of hire; `of_time` has the `id()` of records that say from when to when."""
        self.dates, self.tally, self._of_time = dates, Tally(report), of_time
        self.report = report
        self.of: dict[str, list[Job]] = {}
        by_person: dict[str, list[Stretch]] = {}
        for entry in entries:
            by_person.setdefault(people.of(entry.record), []).append(entry)
        cut: dict[int, list[Stretch]] = {}
        for person in sorted(filter(None, by_person)):
            stretches = sorted(by_person[person], key=lambda s: (s.span.first, s.key))
            jobs = self.of[person] = [
                job for span in union(s.span for s in stretches) for job in self._jobs(span, stretches)
            ]
            for stretch in stretches:
                cut[id(stretch)] = _within(stretch, jobs)
        self.entries = [part for entry in entries for part in cut.get(id(entry), [entry])]
        self._tell_survivors()

    def _jobs(self, span: Span, stretches: Iterable[Stretch]) -> Iterator[Job]:
        """The jobs in a time without a break: one, but for those who were hired anew within it."""
        start, hired, judged = span.start, None, set[When]()
        for stretch in stretches:
            told = self._hired(stretch.record) if span.covers(stretch.span.first) else None
            if told is None or told in judged:
                continue
            seen = stretch.span.start
            first = None if self._tells_time(stretch.record) else start.when.first
            if hired is None and (fits := _within_days(told, first, start.when.last)) is not None:
                hired = Moment(fits, self._known(stretch.record, start, fits))
                if fits.day > start.day:
                    start = Moment(some_day(fits.day, start.when.last), start.known)
            elif judged and seen.day > start.day and (again := _within_days(told, seen.when.first, seen.when.last)):
                gone = some_day(seen.day, again.day)
                yield Job(Span(start, Moment(gone, seen.known, inferred=True, file=stretch.record.file)), hired)
                start, hired = Moment(some_day(again.day, seen.when.last), seen.known), Moment(again, seen.known)
            else:
                self.report.flagged(stretch.record.at("hired"), _contradiction(told, seen, start, hired))
            judged.add(told)
        yield Job(Span(start, span.end), hired)

    def _tells_time(self, record: Record) -> bool:
        return id(record) in self._of_time

    def _known(self, record: Record, start: Moment, hired: When) -> dt.date:
        """A snapshot is known on its day; a row that says from when on, on the day it names."""
        return hired.day if self._tells_time(record) and start.known == start.day else start.known

    def _hired(self, record: Record) -> When | None:
        """The date of hire in a record; None where none is told, or what is told is none."""
        text = record.get("hired")
        same_column = self._tells_time(record) and record.at("hired") == record.at("from")
        if is_nothing(text) or same_column:
            return None
        try:
            when = self.dates.read(text, record.at("hired"))
        except (ValueError, OverflowError) as error:
            message = f"{str(error) or shown(text) + ' is not a date'}; the date of hire is not read"
            self.tally.note("refused", record.at("hired"), message)
            return None
        if when.last.year >= NO_END:
            self.tally.note("refused", record.at("hired"), f"{shown(text)} is no date of hire; it is not read")
            return None
        return when

    def _tell_survivors(self) -> None:
        """Before the first snapshot, only those are known who were still there."""
        early = [job for jobs in self.of.values() for job in jobs if job.start.day < job.span.first]
        if early and not self._of_time:
            day = min(job.span.first for job in early)
            first = min(self.entries, key=lambda s: (s.span.first, s.record.place.file, s.record.place.row or 0))
            message = (
                f"before {day} only those are counted who were still there then, for nobody says who had left: "
                f"begin with {day} to count headcount or turnover"
            )
            self.report.flagged(attrs.evolve(first.record.at("hired"), row=None), message)

    # ------------------------------------------------------------------------------------------------------- shares

    def shares(self, job: Job, stretches: Sequence[Stretch]) -> Iterator[tuple[Span, float, Stretch]]:
        """The shares of a full-time job told within a job, each with its time and who tells it.

        Of several rows that tell one at a time, the first counts, and goes on to count while it is there.
        """
        within = [s for s in stretches if common(s.span, [job.span])]
        shares = {id(s): share for s in within if (share := self._share(s.record)) is not None}
        key, unheard = "", set[int]()
        for part, active in pieces([s for s in within if id(s) in shares], [job.span]):
            if not active:
                continue
            told = min(active, key=lambda s: (s.key != key, s.span.first, s.record.place.row or 0))
            key, fte = told.key, shares[id(told)]
            for other in active:
                if shares[id(other)] != fte and id(other) not in unheard:
                    unheard.add(id(other))
                    share, row = shares[id(other)], told.record.place
                    message = f"says {share:g}, where {row} says {fte:g} of the same person; that counts"
                    self.tally.note("refused", other.record.at("fte"), message)
            yield part, fte, told

    def _share(self, record: Record) -> float | None:
        """The share of a full-time job in a record, None where none is told."""
        text = record.get("fte")
        if is_nothing(text):
            return None
        share, remedy = share_of(text, percent="%" in record.columns.get("fte", ""))
        if share is None:
            message = f"{shown(text)} is not a share of a full-time job; counted as told otherwise, or as 1.0; {remedy}"
            self.tally.note("refused", record.at("fte"), message)
        return share


def _within(stretch: Stretch, jobs: Sequence[Job]) -> list[Stretch]:
    """The parts of an entry within jobs."""
    parts = common(stretch.span, [job.span for job in jobs])
    return [stretch if part == stretch.span else attrs.evolve(stretch, span=part) for part in parts]


def _within_days(told: When, first: dt.date | None, last: dt.date) -> When | None:
    """What a date tells of a day between two others; None where it lies outside."""
    first = max(filter(None, (first, told.first)), default=None)
    last = min(last, told.last)
    if (first, last) == (told.first, told.last):
        return told
    if first is None:
        return seen_on(last)
    return some_day(first, last) if first <= last else None


def _contradiction(told: When, seen: Moment, start: Moment, hired: Moment | None) -> str:
    """How a date of hire contradicts what was seen, what counts, and what to do."""
    if told.day > seen.when.last:
        why = f"hired on {told}, after the snapshot of {seen.when.last}"
        return f"{why}; who is in a snapshot counts: correct the date, or leave out who has not begun"
    if hired is not None:
        return f"hired on {told} here, but on {hired.when} in a snapshot before, which counts: correct one of them"
    if told.day > start.when.last:
        why = f"hired on {told}, but seen on {start.when.last} already, which counts"
        return f"{why}: correct the date, or leave the person out before"
    before = (start.when.first or start.day) - ONE_DAY
    why = f"hired on {told}, but not in the snapshot of {before}; counted from {start.when} on"
    return f"{why}: correct the date, or add the person there"
