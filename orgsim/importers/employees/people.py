"""Records of one person put together: when the person was employed, and what was so from when to when.

A table with one row per person tells a state at one time: that of the export, or of the last day of who left.  It
held from some day of the employment on, and is told with these bounds.  Rows with an effective date tell states from
then on.
"""

import datetime as dt
from collections.abc import Sequence

import attrs

from orgsim.dates import When
from orgsim.errors import shown
from orgsim.importers.cells import ONE_DAY, seen_on, some_day
from orgsim.importers.employees.records import Record
from orgsim.importers.report import ImportReport

FOREVER = dt.date.max


@attrs.define(eq=False)
class Stay:
    """One employment: [start, end), and the rows that tell its beginning and its end."""

    start: dt.date
    began: When
    end: dt.date
    ended: When | None
    record: Record
    last: Record


@attrs.define(eq=False)
class State:
    """What a row tells of a person in [start, end); `seen` is a day on which it was surely so."""

    start: dt.date
    began: When
    end: dt.date
    seen: dt.date
    record: Record
    dated: bool
    post: str = ""


@attrs.define(eq=False)
class Member:
    """A person of the table."""

    key: str
    records: list[Record]
    stays: list[Stay] = attrs.field(factory=list)
    states: list[State] = attrs.field(factory=list)

    def employed_on(self, day: dt.date) -> bool:
        """Whether employed on a day."""
        return any(stay.start <= day < stay.end for stay in self.stays)


class Assembler:
    """Makes members of records."""

    def __init__(self, report: ImportReport, snapshot: dt.date, gap_days: int) -> None:
        """`snapshot` is the day of the export."""
        self.report = report
        self.snapshot = snapshot
        self.gap = dt.timedelta(days=gap_days)

    def member(self, key: str, records: list[Record]) -> Member | None:
        """A person with employments and states; None if no row is left that tells when the person was employed."""
        member = Member(key, records)
        dated = [record for record in records if record.begins is not None]
        if dated:
            self._dated(member, self._in_order(dated), [record for record in records if record.begins is None])
        else:
            self._undated(member, records)
        return member if member.stays else None

    # --------------------------------------------------------------------------------------- one row for a person

    def _undated(self, member: Member, records: list[Record]) -> None:
        for record in sorted(self._unlike(records), key=_hired):
            stay = self._stay(record)
            before = member.stays[-1] if member.stays else None
            if stay is None:
                continue
            if before is not None and stay.start < before.end:
                until = "without an end" if before.end == FOREVER else f"until {before.end - ONE_DAY}"
                message = f"employed from {stay.start}, but row {before.record.row} says from {before.start} {until}"
                self.report.refused(record.place, f"{message}; {_both(record, before.record)}")
                continue
            seen = min(self.snapshot, stay.end - ONE_DAY) if stay.end != FOREVER else self.snapshot
            seen = max(seen, stay.start)
            if before is not None and stay.start - before.end <= self.gap:
                self._join(before, stay)
            else:
                member.stays.append(stay)
            member.states.append(State(stay.start, _between(stay.began, seen), stay.end, seen, record, dated=False))

    def _unlike(self, records: list[Record]) -> list[Record]:
        """The rows that do not say the same once more."""
        if len(records) == 1:
            return records
        kept: dict[tuple[object, ...], Record] = {}
        for record in records:
            same = kept.setdefault(record.told(), record)
            if same is not record:
                self.report.mended(record.place, f"the row says the same as row {same.row}; it is read once")
        return list(kept.values())

    def _join(self, before: Stay, stay: Stay) -> None:
        days = (stay.start - before.end).days
        message = f"{days} days after row {before.record.row} ends; taken for one employment"
        self.report.mended(stay.record.place, message)
        before.end, before.ended, before.last = stay.end, stay.ended, stay.last

    def _stay(self, record: Record) -> Stay | None:
        """The employment a row tells, or None with a word about why not."""
        left, began = record.left, record.hired
        if left is None and record.gone:
            left = seen_on(self.snapshot)
            message = f"gone by its status, without a date; taken for gone by {self.snapshot}, since unknown"
            self.report.flagged(record.place, message)
        if began is None:
            day = self.snapshot if left is None else min(left.day - ONE_DAY, self.snapshot)
            began = seen_on(day)
            message = f"no date of hire; employed on {day}, since unknown"
            self.report.flagged(record.place, message)
        end = left.day if left is not None else FOREVER
        if end <= began.day:
            told = f"left on {end}" if end < began.day else "left on the day of hire"
            self.report.refused(record.place, f"{told}, hired on {began.day}: employed on no day")
            return None
        return Stay(began.day, began, end, left, record, record)

    # ------------------------------------------------------------------------------------------- rows by date

    def _in_order(self, records: list[Record]) -> list[Record]:
        """Rows by effective date; of one day, the last in sequence counts."""
        found: list[Record] = []
        for record in sorted(self._unlike(records), key=lambda r: (_begins(r), *r.sequence)):
            before = found[-1] if found else None
            if before is None or _begins(before) != _begins(record):
                found.append(record)
            elif before.sequence == record.sequence:
                message = f"another row ({before.row}) tells the same day, and nothing says which comes last"
                self.report.refused(record.place, message)
            else:
                self.report.mended(before.place, f"row {record.row} replaces it on the same day")
                found[-1] = record
        return found

    def _dated(self, member: Member, dated: list[Record], undated: list[Record]) -> None:
        states: list[State] = []
        for at, record in enumerate(dated):
            following = _begins(dated[at + 1]) if at + 1 < len(dated) else FOREVER
            start, end = _begins(record), record.ends.day if record.ends is not None else following
            if end > following:
                message = f"ends on {end}, after row {dated[at + 1].row} begins; ends when that begins"
                self.report.mended(record.place, message)
                end = following
            elif start < end < following and following - end <= self.gap and following != FOREVER:
                self.report.mended(record.place, f"{(following - end).days} days without a row are taken for the same")
                end = following
            if end <= start:
                self.report.refused(record.place, f"ends on {end}, begins on {start}: so on no day")
            elif not record.gone:
                began = record.begins if record.begins is not None else When.on(start)
                states.append(State(start, began, end, start, record, dated=True))
        member.stays = self._stays(dated, undated, states)
        for state in states:
            self._clip(member, state)

    def _stays(self, dated: list[Record], undated: list[Record], states: list[State]) -> list[Stay]:
        """Employments: by dates of hire where told, else the stretches that rows cover."""
        found: list[Stay] = []
        for start, record in sorted(self._hires([*undated, *dated]).items()):
            if found and (gone := self._end(found[-1], dated, start)) is not None:
                found[-1].end, found[-1].ended, found[-1].last = gone
            if found and found[-1].end >= start:
                message = (
                    f"hired on {start}, but employed since {found[-1].start} by row {found[-1].record.row}; that counts"
                )
                self.report.flagged(record.place, message)
                continue
            found.append(Stay(start, record.hired or When.on(start), FOREVER, None, record, record))
        if found:
            if (gone := self._end(found[-1], [*undated, *dated], FOREVER)) is not None:
                found[-1].end, found[-1].ended, found[-1].last = gone
            return self._real(found)
        for state in states:
            if found and found[-1].end >= state.start:
                found[-1].end, found[-1].last = state.end, state.record
            else:
                found.append(Stay(state.start, state.began, state.end, None, state.record, state.record))
            if state.record.left is not None and state.start < state.record.left.day <= state.end:
                found[-1].end, found[-1].ended = state.record.left.day, state.record.left
        self._ends_by_status(found, dated)
        return found

    def _hires(self, records: list[Record]) -> dict[dt.date, Record]:
        found: dict[dt.date, Record] = {}
        for record in records:
            if record.hired is not None:
                found.setdefault(record.hired.day, record)
        return found

    def _end(self, stay: Stay, records: list[Record], before: dt.date) -> tuple[dt.date, When, Record] | None:
        """The first end told of an employment, before the next begins: a date of leaving, or a row that says gone."""
        ends: list[tuple[dt.date, When, Record]] = []
        for record in records:
            if record.left is not None and (record.hired is None or record.hired.day == stay.start):
                ends.append((record.left.day, record.left, record))
            elif record.gone and record.begins is not None:
                ends.append((record.begins.day, record.begins, record))
        ends = [end for end in ends if stay.start <= end[0] <= before]
        latest = [end for end in ends if end[2].left is not None]
        if latest and len({end[0] for end in latest}) > 1:
            last = latest[-1]
            message = (
                f"the date of leaving is {last[0]}, where an earlier row says {latest[0][0]}; the later row counts"
            )
            self.report.mended(last[2].place, message)
            return last
        return min(latest or ends, key=lambda end: end[0], default=None)

    def _ends_by_status(self, stays: list[Stay], dated: list[Record]) -> None:
        """Where an employment ends on the day of a row that says gone, that row tells why."""
        gone = {_begins(record): record for record in dated if record.gone}
        for stay in stays:
            if stay.end in gone:
                stay.last = gone[stay.end]
                stay.ended = stay.last.begins

    def _real(self, stays: list[Stay]) -> list[Stay]:
        found = []
        for stay in stays:
            if stay.end > stay.start:
                found.append(stay)
            else:
                self.report.refused(stay.record.place, f"left on {stay.end}, hired on {stay.start}: employed on no day")
        return found

    def _clip(self, member: Member, state: State) -> None:
        """A state holds while the person is employed; what goes beyond is told."""
        told = False
        for stay in member.stays:
            start, end = max(state.start, stay.start), min(state.end, stay.end)
            if start < end:
                if start > state.start:
                    what = "goes on after another hire" if told else f"begins on {state.start}, before the hire"
                    self.report.mended(state.record.place, f"{what}; counts from {start} on")
                told = True
                began = state.began if start == state.start else When.on(start)
                member.states.append(attrs.evolve(state, start=start, end=end, began=began, seen=start))
                state = attrs.evolve(state, start=end)
        if not told:
            self.report.refused(state.record.place, f"begins on {state.start}, when the person is not employed")


def _both(record: Record, other: Record) -> str:
    """Whose id it is that two rows have."""
    if record.name == other.name:
        return f"both have the id {shown(record.id)}, of {shown(record.name)}"
    return f"both have the id {shown(record.id)}: {shown(record.name)} here, {shown(other.name)} there"


def _begins(record: Record) -> dt.date:
    return record.begins.day if record.begins is not None else dt.date.min


def _hired(record: Record) -> dt.date:
    return record.hired.day if record.hired is not None else dt.date.min


def _between(began: When, seen: dt.date) -> When:
    """Since some day from the beginning of an employment to the day of the export."""
    return began if began.day >= seen else some_day(began.day, seen)


def by_person(records: Sequence[Record]) -> dict[str, list[Record]]:
    """The rows of each person."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(record.id, []).append(record)
    return found
