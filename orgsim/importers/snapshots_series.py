"""From records to stretches of time: what was so from when to when, and how well that is known.

A series of snapshots is compared, one date with the next: what is new began, and what is gone ended, some day after
the one and up to the other, which is known on the other.  Rows that say from and to are stretches as they stand.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.importers import Options
from orgsim.importers.cells import Dates, between, seen_on, yes_no
from orgsim.importers.report import ImportReport
from orgsim.importers.snapshots_records import Record

FAR_FEWER = 0.5
"""A snapshot with fewer entries than this share of both its neighbors is taken to be partial."""
SIMILAR = 0.8
NEVER = dt.date.max


@attrs.frozen
class Moment:
    """When something changed, the first day from which a reader could know, and whether it is only inferred.

    `file` is the number of the snapshot that shows it, where no row does.
    """

    when: When
    known: dt.date
    inferred: bool = False
    file: int | None = None

    @property
    def day(self) -> dt.date:
        """The day from which it counts."""
        return self.when.day


@attrs.frozen
class Span:
    """From one moment on, up to another if it ends."""

    start: Moment
    end: Moment | None

    @property
    def first(self) -> dt.date:
        """The first day."""
        return self.start.day

    @property
    def until(self) -> dt.date:
        """The first day without, `date.max` if there is none."""
        return self.end.day if self.end is not None else NEVER

    @property
    def moments(self) -> list[Moment]:
        """Its beginning, and its end if it has one."""
        return [self.start, *([self.end] if self.end is not None else [])]

    def covers(self, day: dt.date) -> bool:
        """Whether a day is in it."""
        return self.first <= day < self.until


@attrs.frozen(eq=False)
class Stretch:
    """One record that was so for a time; `key` is whose state it is."""

    key: str
    record: Record
    span: Span

    def get(self, field: str) -> str:
        """What the record says of a field."""
        return self.record.get(field)


Keys = Callable[[Record], str]
Series = Sequence[tuple[dt.date, Mapping[str, Record]]]


# ---------------------------------------------------------------------------------------------------------- snapshots


def snapshots(
    dated: Mapping[dt.date, Sequence[Record]], key: Keys, report: ImportReport
) -> list[tuple[dt.date, dict[str, Record]]]:
    """The records of each date by key; of several with one key the first counts."""
    series = []
    for day in sorted(dated):
        found: dict[str, Record] = {}
        for record in dated[day]:
            name = key(record)
            if name in found:
                same = found[name].state == record.state
                what = "is there twice, and says the same" if same else "is there twice, and says two things"
                report.refused(record.place, f"{_told(name)} {what}; {found[name].place} counts")
            else:
                found[name] = record
        series.append((day, found))
    return series


def _told(key: str) -> str:
    return shown(key.partition(":")[2])


def partial(sizes: Mapping[dt.date, int]) -> set[dt.date]:
    """The dates whose snapshots are far smaller than both the one before and the one after."""
    days = sorted(sizes)
    return {
        day
        for before, day, after in zip(days, days[1:], days[2:], strict=False)
        if sizes[day] < FAR_FEWER * min(sizes[before], sizes[after])
    }


def compared(series: Series, files: Mapping[dt.date, int], known: dt.date | None) -> list[Stretch]:
    """The stretches in which each key said the same in all snapshots."""
    days = [day for day, _ in series]
    moments = {
        day: Moment(seen_on(day) if at == 0 else between(days[at - 1], day), max(day, known or day))
        for at, day in enumerate(days)
    }
    keys = dict.fromkeys(key for _, found in series for key in found)
    stretches: list[Stretch] = []
    for key in sorted(keys):
        record: Record | None = None
        start: Moment | None = None
        for day, found in series:
            now = found.get(key)
            if record is not None and start is not None and (now is None or now.state != record.state):
                gone = attrs.evolve(moments[day], inferred=now is None, file=files.get(day))
                stretches.append(Stretch(key, record, Span(start, gone)))
                record = None
            if now is not None and record is None:
                record, start = now, moments[day]
        if record is not None and start is not None:
            stretches.append(Stretch(key, record, Span(start, None)))
    return stretches


def renamed(series: Series, like: Callable[[Record], tuple[str, ...]], name: Callable[[Record], str]) -> dict[str, str]:
    """Keys that are gone, by the new key that came in their place with a very similar name and all else the same.

    Only one-to-one matches count, so that nobody becomes somebody else by the order of rows.
    """
    found: dict[str, str] = {}
    for (_, before), (_, after) in pairwise(series):
        gone: dict[tuple[str, ...], list[str]] = {}
        for key in before:
            if key not in after:
                gone.setdefault(like(before[key]), []).append(key)
        came: dict[tuple[str, ...], list[str]] = {}
        for key in after:
            if key not in before:
                came.setdefault(like(after[key]), []).append(key)
        for what, (old, *more) in gone.items():
            if more or len(came.get(what, ())) != 1 or not any(what):
                continue
            new = came[what][0]
            if similar(name(before[old]), name(after[new])):
                found[new] = old
    return found


def similar(one: str, other: str) -> bool:
    """Whether one name may be the other, misspelled or changed a little; a number in a name tells people apart."""
    one, other = one.casefold(), other.casefold()
    numbers = [re.findall("[0-9]+", name) for name in (one, other)]
    return numbers[0] == numbers[1] and SequenceMatcher(None, one, other).ratio() >= SIMILAR


# --------------------------------------------------------------------------------------------------- rows with from, to


class Spells:
    """Reads rows that say from when to when."""

    def __init__(self, options: Options, report: ImportReport) -> None:
        self.options, self.report = options, report
        self.dates = Dates(options.date_format)

    def stretches(self, records: Iterable[Record], key: Keys) -> list[Stretch]:
        """A stretch for each row that has a whole day; overlaps of one key are cut where the later one begins."""
        by_key: dict[str, list[Stretch]] = {}
        for record in records:
            stretch = self._stretch(record, key(record))
            if stretch is not None:
                by_key.setdefault(stretch.key, []).append(stretch)
        return [stretch for name in sorted(by_key) for stretch in self._apart(by_key[name])]

    def _stretch(self, record: Record, key: str) -> Stretch | None:
        try:
            began = self.dates.read(record.get("from"), record.at("from"))
            text = record.get("to")
            ended = self.dates.read_end(text, record.at("to"), inclusive=self.options.end_inclusive) if text else None
        except (ValueError, OverflowError) as error:
            self.report.refused(record.place, f"{str(error) or 'the dates cannot be read'}; the row is left out")
            return None
        if yes_no(record.get("since_unknown")):
            began = seen_on(began.day)
        if began.day.year >= NEVER.year:
            self.report.refused(record.at("from"), f"{shown(record.get('from'))} is no beginning; the row is left out")
            return None
        if ended is not None and ended.day <= began.day:
            when = "on the day it begins" if ended.day == began.day else "before it begins"
            message = f"{_told(key)} ends {when} ({began.day}): it has no whole day, and is left out"
            self.report.refused(record.at("to"), message)
            return None
        span = Span(self._moment(began), self._moment(ended) if ended is not None else None)
        return Stretch(key, record, span)

    def _moment(self, when: When) -> Moment:
        return Moment(when, max(when.day, self.options.known or when.day))

    def _apart(self, stretches: list[Stretch]) -> list[Stretch]:
        stretches.sort(key=lambda s: (s.span.first, s.span.until, sorted(s.record.fields.items())))
        found: list[Stretch] = []
        for stretch in stretches:
            before = found[-1] if found else None
            if before is not None and self._near(before, stretch):
                self.report.mended(stretch.record.place, f"{_told(stretch.key)}: a gap of few days is closed")
                found[-1] = _until(before, stretch.span.end)
                continue
            if before is not None and before.span.until > stretch.span.first:
                same = before.record.state == stretch.record.state
                what = "says the same as" if same else "says something else than"
                message = f"{_told(stretch.key)}: overlaps with {before.record.place}, and {what} it"
                if before.span.first == stretch.span.first or same:
                    longer = max(before, stretch, key=lambda s: s.span.until)
                    self.report.refused(stretch.record.place, f"{message}; the longer one counts")
                    found[-1] = _until(before, longer.span.end) if same else longer
                    continue
                self.report.mended(stretch.record.place, f"{message}; the later one counts from its first day on")
                found[-1] = _until(before, stretch.span.start)
            found.append(stretch)
        return found

    def _near(self, before: Stretch, after: Stretch) -> bool:
        gap = (after.span.first - before.span.until).days
        return 0 < gap <= self.options.gap_days and before.record.state == after.record.state


def _until(stretch: Stretch, end: Moment | None) -> Stretch:
    return attrs.evolve(stretch, span=attrs.evolve(stretch.span, end=end))
