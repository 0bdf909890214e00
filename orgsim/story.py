"""The history of one person, post or unit, and the evidence for what is true of it."""

import datetime as dt

import attrs

from orgsim.chart import OrgChart
from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.events import Event, Retract
from orgsim.ledger import Ledger
from orgsim.lookups import answering, manager_post
from orgsim.model import Appointment, Noun, Person, Post, Unit
from orgsim.phrases import Name, name_from
from orgsim.values import fraction

_NAMES = ("person", "post", "unit", "to", "organization", "reports_to", "parent", "into", "heads", "holder", "manager")


@attrs.frozen
class Entry:
    """One event of a history, and whether it counts: `applied`, `rival account`, `retracted` or `asserted`."""

    event: Event
    status: str


@attrs.frozen
class Evidence:
    """One thing that is true on a date, the events that say so, and the events that say otherwise.

    `last_evidence` is the last day for which a source says it.
    """

    statement: str
    certainty: str
    events: tuple[Event, ...] = ()
    rivals: tuple[Event, ...] = ()
    last_evidence: dt.date | None = None


def history(ledger: Ledger, id_: str, known: dt.date | None = None) -> tuple[Entry, ...]:
    """Every event that names an id or changed it, in the order of dates, as known on a day.

    Raises `UnknownIdError` when the ledger knows no such id.
    """
    if id_ not in ledger.index.ids:
        hint = did_you_mean(id_, ledger.index.ids)
        raise UnknownIdError(f"the ledger has no person, post or unit {id_!r}" + (f"; {hint}" if hint else ""))
    touched = ledger.touching(id_, known)
    entries = []
    retracted = {e.of: e.known for e in ledger.events if isinstance(e, Retract)}
    for event in ledger.events:
        named = any(getattr(event, name, None) == id_ for name in _NAMES)
        if isinstance(event, Retract) or not (named or id(event) in touched):
            continue
        if known is not None and event.known > known:
            continue
        if not ledger.sees(event, known):
            until = retracted.get(event.id or "")
            entries.append(Entry(event, f"retracted {until}" if until else "retracted"))
        elif event.disputes is not None:
            entries.append(Entry(event, "rival account"))
        else:
            entries.append(Entry(event, "asserted" if event.kind == "expect" else "applied"))
    return tuple(entries)


def names_on(ledger: Ledger, event: Event, known: dt.date | None = None) -> Name:
    """Names as they were when an event took effect: those of the day before, then those of the day.

    Of a post or unit that was closed the day before, only those of the day: it may begin anew under another name.
    """
    day = event.date.day
    before = ledger.chart(day - dt.timedelta(days=1) if day > dt.date.min else day, known)

    def open_before(id_: str) -> Noun | None:
        noun = before.get(id_)
        return noun if isinstance(noun, Person) or noun is None or noun.open else None

    return name_from(open_before, ledger.chart(day, known).get, names=ledger.index.names)


def why(chart: OrgChart, id_: str) -> tuple[Evidence, ...]:
    """All that is true of a person, post or unit on a date, each with its evidence.

    Raises `UnknownIdError` when nothing of that id is there on the date.
    """
    noun = chart.get(id_)
    name = name_from(chart.get, names=chart.index.names)
    if isinstance(noun, Post) and noun.open:
        return tuple(_post(chart, noun, name))
    if isinstance(noun, Unit) and noun.open:
        return tuple(_unit(chart, noun, name))
    if isinstance(noun, Person):
        return tuple(_person(chart, noun, name))
    hint = did_you_mean(id_, chart.index.ids) if id_ not in chart.index.ids else None
    raise UnknownIdError(
        f"there is no person, open post or open unit {id_!r} on {chart.at}" + (f"; {hint}" if hint else "")
    )


def _evidence(chart: OrgChart, statement: str, *events: Event, certainty: str = "") -> Evidence:
    rivals = tuple(
        rival for e in events if e.id is not None for rival in chart.index.disputes.get(e.id, ()) if chart.sees(rival)
    )
    last = max((event.date.day for event in events), default=None)
    certainty = certainty or (chart.certainty(events[0]) if events else "unknown")
    return Evidence(statement, certainty, events, rivals, last)


def _person(chart: OrgChart, person: Person, name: Name) -> list[Evidence]:
    found: list[Evidence] = []
    for job in person.employments:
        seen = [e for e in chart.expectations(person.id) if e.employer == job.organization]
        told = [job.event, *([job.moved] if job.moved is not None else []), *seen]
        employer, share = name(job.organization), f"{fraction(job.fte)} FTE"
        whole = job.fte == 1 or job.changed is not None
        found.append(_evidence(chart, f"works for {employer} {job.since.since}{'' if whole else f', {share}'}", *told))
        if job.changed is not None:
            found.append(_evidence(chart, f"works {share} for {employer} {job.changed.date.since}", job.changed))
    if not person.employments:
        found.append(Evidence("is employed by no organization of this ledger", "unknown"))
    for post in chart.posts_of(person.id):
        holder = post.held_by(person.id)
        if holder is not None and post.personal is None:
            found += [_holding(chart, post, holder, "holds", name(post.id)), *_lines(chart, post, name)]
        elif holder is not None:
            found += _lines(chart, post, name)
    if person.leave is not None:
        seen = [e for e in chart.expectations(person.id) if e.on_leave]
        found.append(_evidence(chart, f"is on leave {person.leave.since.since}", person.leave.event, *seen))
    return found


def _holding(chart: OrgChart, post: Post, holder: Appointment, verb: str, what: str) -> Evidence:
    how = " (acting)" if holder.acting else ""
    statement = f"{verb} {what}{how} {holder.since.since}"
    return _evidence(chart, statement, *chart.evidence(post, holder), certainty=chart.holding_certainty(post, holder))


def _post(chart: OrgChart, post: Post, name: Name) -> list[Evidence]:
    found = [_evidence(chart, f"exists in {name(post.unit)}", *post.events)]
    for holder in post.holders:
        who = name(holder.person) if holder.person else f"{holder.seats} not named"
        found.append(_holding(chart, post, holder, "is held by", who))
    if post.vacant:
        seen = [e for e in chart.expectations(post.id) if e.vacant]
        events = [post.vacated, *seen] if post.vacated is not None else seen
        since = f" {post.vacated.date.since}" if post.vacated is not None else "; nobody is known to have held it"
        silent = ": no successor is told" if post.vacated is not None and not seen else ""
        sure = chart.vacancy_certainty(post) if post.vacated is not None else ""
        found.append(_evidence(chart, f"is vacant{since}{silent}", *events, certainty=sure))
    return found + _lines(chart, post, name)


def _lines(chart: OrgChart, post: Post, name: Name) -> list[Evidence]:
    found = []
    if post.line is None:
        found.append(Evidence(f"as {name(post.id)}, whom it reports to is not known", "unknown"))
    for line in post.lines:
        if line.to == "none":
            found.append(_evidence(chart, f"as {name(post.id)}, reports to nobody {line.since.since}", line.event))
            continue
        above = chart.get(line.to) if line.dotted else manager_post(chart, post)
        person = answering(chart, above) if isinstance(above, Post) else None
        who = f" ({name(person)})" if person else " (vacant)" if isinstance(above, Post) and not above.holders else ""
        how = " by a dotted line" if line.dotted else ""
        statement = f"as {name(post.id)}, reports to {name(line.to)}{who}{how} {line.since.since}"
        found.append(_evidence(chart, statement, line.event))
    return found


def _unit(chart: OrgChart, unit: Unit, name: Name) -> list[Evidence]:
    where = f" in {name(unit.parent)}" if unit.parent else ""
    return [_evidence(chart, f"exists{where} {unit.events[0].date.since}", *unit.events)]
