"""The headcount bridge: how the headcount of one day became that of another."""

import datetime as dt
from collections.abc import Iterator

import attrs

from orgsim.events import Depart, Event
from orgsim.ledger import Ledger
from orgsim.metrics.history import History
from orgsim.metrics.spells import Span, covers, period
from orgsim.metrics.workforce import Workforce

IN = ("hires", "first_seen", "moves_in", "restructured_in")
OUT = ("departures", "moves_out", "restructured_out")


@attrs.frozen
class Flow:
    """One person who came or went: the day, how (the name of the bridge's line), and the event if it was a depart."""

    day: dt.date
    person: str
    line: str
    event: Event | None = None


@attrs.frozen
class BridgeCounts:
    """From the headcount before `start` to that on the last day before `end`, in numbers of people."""

    start: dt.date
    end: dt.date
    unit: str | None
    opening: int
    hires: int
    first_seen: int
    moves_in: int
    restructured_in: int
    departures: int
    moves_out: int
    restructured_out: int
    closing: int

    @property
    def foots(self) -> bool:
        """Whether opening and flows make the closing; the two are counted apart."""
        return self.opening + self.net == self.closing

    @property
    def net(self) -> int:
        """What came less what went."""
        came = self.hires + self.first_seen + self.moves_in + self.restructured_in
        return came - self.departures - self.moves_out - self.restructured_out


@attrs.frozen
class Bridge(BridgeCounts):
    """From the headcount before `start` to that on the last day before `end`, with everyone who came or went."""

    flows: tuple[Flow, ...] = attrs.field(repr=False)


def bridge(
    ledger: Ledger, start: dt.date, end: dt.date, unit: str | None = None, known: dt.date | None = None
) -> Bridge:
    """How the headcount before `start` became that at the end of the period [start, end).

    Formula: opening + hires + moves in + restructured in - departures - moves out - restructured out = closing.
    The opening is the headcount at the end of the day before `start`, so that the closing of one period opens the
    next.  Flows are told by the charts of two days in a row: who departs and is hired on one day did not leave, and an
    employee who becomes a contractor departs.  Of one day, the structure changes first: *restructured* are those whose
    unit as a whole came under the unit or left it (its parent changed, or it was merged), then *moves* are those whose
    primary post is in another unit than that.  An organization has no moves; those whose employer was merged into it
    are restructured in.
    Unit: people.  Raises ValueError if the end is before the start, UnknownIdError for a unit never opened.
    Source: the stock-flow identity of manpower planning; a merger is a reorganization and no turnover, as in the
    Institute for Government's ministers database.
    """
    window = period(start, end)
    return bridge_of(Workforce(History(ledger, known)), window, unit)


def bridge_of(staff: Workforce, window: Span, unit: str | None) -> Bridge:
    """The bridge of a window of days."""
    first, last = window
    opening = closing = 0
    flows: list[Flow] = []
    for id_ in staff.of(unit):
        member = staff.member(id_, unit)
        opening += covers(member, first - 1)
        closing += covers(member, last - 1)
        for day in sorted(_days_of_change(staff, id_, unit, window)):
            before, after = covers(member, day - 1), covers(member, day)
            for line in _lines(staff, id_, unit, day, before=before, after=after):
                event = _departure(staff, id_, unit, day) if line == "departures" else None
                flows.append(Flow(dt.date.fromordinal(day), id_, line, event))
    flows.sort(key=lambda flow: flow.day)
    lines = {line: sum(flow.line == line for flow in flows) for line in (*IN, *OUT)}
    start, end = dt.date.fromordinal(first), dt.date.fromordinal(last)
    return Bridge(start, end, unit, opening=opening, closing=closing, flows=tuple(flows), **lines)


def _days_of_change(staff: Workforce, id_: str, unit: str | None, window: Span) -> set[int]:
    """The days in the window on which a person's part in a unit may change."""
    days = {day for job in staff.jobs[id_] for day in (job.start, job.end)}
    if unit is not None:
        days.update(start for start, _, _ in staff.structure.chains(unit))
        for place in staff.places(id_):
            days.update((place.start, place.end))
            days.update(day for span in staff.structure.inside(place.unit, unit) for day in span)
    return {day for day in days if window[0] <= day < window[1]}


def _lines(staff: Workforce, id_: str, unit: str | None, day: int, *, before: bool, after: bool) -> Iterator[str]:
    """The lines of the bridge that a person adds one to on a day; together they lead from before to after."""
    stays = unit is not None and _stays(staff, id_, unit, day)
    if unit is None or not stays:
        if before and not after:
            yield "departures" if _departure(staff, id_, unit, day) is not None else "restructured_out"
        elif after and not before:
            yield _arrival(staff, id_, unit, day)
        return
    between = _would_be(staff, id_, unit, day)
    if before != between:
        yield "restructured_in" if between else "restructured_out"
    if between != after:
        yield "moves_in" if after else "moves_out"


def _stays(staff: Workforce, id_: str, unit: str, day: int) -> bool:
    """Whether a person goes on working for the organization of a unit that is no organization itself."""
    structure = staff.structure
    root = structure.root(unit, day)
    if root == unit:
        return False
    if not any(job.organization == root for job in staff.jobs_on(id_, day)):
        return False
    before = {structure.root(structure.after_merges(j.organization, day), day) for j in staff.jobs_on(id_, day - 1)}
    return root in before


def _would_be(staff: Workforce, id_: str, unit: str, day: int) -> bool:
    """Whether a person would be in a unit if nothing but the structure had changed since the day before."""
    place = staff.place_on(id_, day - 1)
    if place is None:
        return False
    at = staff.structure.after_merges(place.unit, day)
    if place.post in staff.history.index.personal:  # which belong to an organization, not to the unit it merged into
        at = staff.structure.root(at, day)
    return covers(staff.structure.inside(at, unit), day)


def _departure(staff: Workforce, id_: str, unit: str | None, day: int) -> Depart | None:
    """The departure of a day from the organization of a unit, or from any."""
    root = None if unit is None else staff.structure.root(unit, day - 1)
    found: Depart | None = None
    for job in staff.jobs_on(id_, day - 1):
        if root is None or job.organization == root:
            found = staff.departures.get((id_, job.organization, day)) or found
    return found


def _arrival(staff: Workforce, id_: str, unit: str | None, day: int) -> str:
    """How a job with the organization of a unit, or with any, begins: hired, first seen there, or with a structure."""
    root = None if unit is None else staff.structure.root(unit, day)
    jobs = [job for job in staff.jobs_on(id_, day) if root is None or job.organization == root]
    hires = [job.event for job in jobs if job.start == day and job.event.date.day.toordinal() == day]
    if not hires:
        return "restructured_in"
    return "first_seen" if all(event.date.is_open for event in hires) else "hires"
