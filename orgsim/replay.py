"""What each kind of event does: it reads nouns and writes new ones.

Handlers run after the rules have let the event pass, and never refuse.  One function for each kind; `HANDLERS` is
the table.  Nothing here knows dates, files or order.
"""

from collections.abc import Callable
from typing import Any

from orgsim.events import (
    AbolishPost,
    Appoint,
    ChangeEmployment,
    ChangePerson,
    ChangePost,
    ChangeUnit,
    CloseUnit,
    CreatePost,
    Depart,
    EndLeave,
    Event,
    Hire,
    OpenUnit,
    Report,
    StartLeave,
    Vacate,
)
from orgsim.lookups import by_rank, employer_of, open_post, open_unit, reporters, root_of
from orgsim.model import Appointment, Employment, Leave, Person, Post, ReportingLine, Unit, changed, personal_post
from orgsim.rules import Refusal, ends
from orgsim.timeline import State

# ------------------------------------------------------------------------------------------------------------- units


def open_a_unit(event: OpenUnit, state: State) -> None:
    """A new unit; an organization when it has no parent."""
    kind = event.unit_kind or ("team" if event.parent else "organization")
    state.put(Unit(event.unit, event.name or event.unit, kind, event.parent, open=True, events=(event,)))


def change_unit(event: ChangeUnit, state: State) -> None:
    """What is given changes, the rest stays."""
    unit = state.unit(event.unit)
    assert unit is not None
    state.put(
        changed(
            unit,
            name=event.name or unit.name,
            kind=event.unit_kind or unit.kind,
            parent=event.parent or unit.parent,
            events=(*unit.events, event),
        )
    )


def close_unit(event: CloseUnit, state: State) -> None:
    """The unit closes; merged, everything in it moves to the unit that takes it."""
    unit = state.unit(event.unit)
    assert unit is not None
    if event.into is not None:
        _merge(event, event.into, state)
    for id_ in state.index.heads_of.get(event.unit, ()):
        post = open_post(state, id_)
        if post is not None and post.heads == event.unit:
            state.put(changed(post, heads=None))
    state.put(changed(unit, open=False, events=(*unit.events, event)))


def _merge(event: CloseUnit, into: str, state: State) -> None:
    index, gone = state.index, event.unit
    for id_ in index.units_under.get(gone, ()):
        unit = open_unit(state, id_)
        if unit is not None and unit.parent == gone:
            state.put(changed(unit, parent=into, events=(*unit.events, event)))
    for id_ in index.posts_of_unit.get(gone, ()):
        post = open_post(state, id_)
        if post is not None and post.unit == gone:
            state.put(changed(post, unit=into, events=(*post.events, event)))
    for id_ in index.people_of.get(gone, ()):
        _move_employment(event, into, id_, state)
        _move_lingering(event, into, id_, state)
    for post in reporters(state, gone):
        lines = tuple(changed(line, to=into) if line.to == gone else line for line in post.lines)
        state.put(changed(post, lines=_no_doubles(lines)))
        state.lines_changed.append(post.id)


def _move_employment(event: CloseUnit, into: str, id_: str, state: State) -> None:
    """Whoever the closing organization employs is employed by the one that takes it, with the same start."""
    person, root = state.person(id_), root_of(state, into)
    old = person.employment(event.unit) if person else None
    if person is None or old is None:
        return
    others = [e for e in person.employments if e is not old]
    if person.employment(root) is None:
        others.append(changed(old, organization=root, moved=event))
    person = changed(person, employments=tuple(others))
    state.put(person)
    own = state.post(personal_post(id_, event.unit))
    if own is None or own.id not in person.posts:
        return
    posts = [post for post in by_rank(state, person) if post.id != own.id and employer_of(state, post) == root]
    home = next((post for post in posts if (held := post.held_by(id_)) is not None and not held.acting), None)
    if home is None:  # renamed, it keeps its place
        held = own.held_by(id_) or own.holders[0]
        new = _give_personal_post(id_, person.name, root, held.event, state)
        renamed = tuple(new if other == own.id else other for other in person.posts)
        state.put(changed(person, posts=renamed))
    else:
        new = home.id
        state.put(changed(person, posts=_but(person.posts, own.id)))
    _retire_personal_post(own, new, event, state)


def _move_lingering(event: CloseUnit, into: str, id_: str, state: State) -> None:
    """The personal post of somebody gone, kept for those who report to it, is renamed with the organization."""
    old = open_post(state, personal_post(id_, event.unit))
    if old is None or old.holders:
        return
    root = root_of(state, into)
    new = personal_post(id_, root)
    if open_post(state, new) is None:
        state.put(Post(new, old.title, root, personal=id_, vacated=old.vacated, events=(event,)))
    _retire_personal_post(old, new, event, state)


# ------------------------------------------------------------------------------------------------------------- posts


def create_post(event: CreatePost, state: State) -> None:
    """A new post, vacant, with its first line if told."""
    lines: tuple[ReportingLine, ...] = ()
    if event.reports_to is not None:
        lines = (ReportingLine(event.reports_to, dotted=False, since=event.date, event=event),)
        state.lines_changed.append(event.post)
    if event.heads is not None:
        _head_changed(event.heads, state)
    state.put(
        Post(
            id=event.post,
            title=event.title or event.post,
            unit=event.unit,
            seats=event.seats,
            level=event.level,
            critical=event.critical,
            heads=event.heads,
            lines=lines,
            events=(event,),
        )
    )


def change_post(event: ChangePost, state: State) -> None:
    """What is given changes, the rest stays."""
    post = state.post(event.post)
    assert post is not None
    changes: dict[str, Any] = {
        name: value
        for name in ("title", "unit", "seats", "level", "critical")
        if (value := getattr(event, name)) is not None
    }
    if event.heads is not None:
        changes["heads"] = None if event.heads == "none" else event.heads
        _head_changed(event.heads, state)
    if event.reports_to is not None:
        changes["lines"] = _with_solid(post, event.reports_to, event)
        state.lines_changed.append(post.id)
    state.put(changed(post, events=(*post.events, event), **changes))


def abolish_post(event: AbolishPost, state: State) -> None:
    """The post is gone, with its lines."""
    post = state.post(event.post)
    assert post is not None
    state.put(changed(post, open=False, lines=(), vacated=None, events=(*post.events, event)))


def _head_changed(unit: str, state: State) -> None:
    """Lines to a unit run to its head, so a new head may close a circle."""
    state.lines_changed.extend(post.id for post in reporters(state, unit))


# ------------------------------------------------------------------------------------------------------------ people


def hire(event: Hire, state: State) -> None:
    """Employed, with a personal post until appointed to another."""
    person = state.person(event.person)
    job = Employment(event.organization, event.date, event.fte, event.contract, event)
    name = event.name or (person.name if person is not None else event.person)
    post = _give_personal_post(event.person, name, event.organization, event, state)
    if person is None:
        state.put(Person(event.person, name, employments=(job,), posts=(post,)))
        return
    if name != person.name:
        _rename_personal_posts(person.id, name, state)
    jobs = (*person.employments, job)
    state.put(changed(person, name=name, employments=jobs, posts=(*person.posts, post)))


def depart(event: Depart, state: State) -> None:
    """Every post there that needs employment is vacated; seats on boards and committees are kept."""
    person = state.person(event.person)
    assert person is not None
    left: list[str] = []
    for id_ in person.posts:
        post = state.post(id_)
        if post is None or employer_of(state, post) != event.organization:
            left.append(id_)
        elif post.personal is not None:
            _take_personal_post(post, event, state)
        else:
            state.put(_without(post, person.id, None, event))
    jobs = tuple(e for e in person.employments if e.organization != event.organization)
    leave = person.leave if jobs else None
    marked = tuple(id_ for id_ in person.marked if id_ in left)
    state.put(changed(person, employments=jobs, posts=tuple(left), leave=leave, marked=marked))


def change_employment(event: ChangeEmployment, state: State) -> None:
    """Another share of a full-time job; what was there goes on."""
    person = state.person(event.person)
    assert person is not None
    jobs = tuple(
        changed(job, fte=event.fte, changed=event) if job.organization == event.organization else job
        for job in person.employments
    )
    state.put(changed(person, employments=jobs))


def change_person(event: ChangePerson, state: State) -> None:
    """A new name; the old one stays findable as an alias."""
    person = state.person(event.person)
    assert person is not None
    state.put(changed(person, name=event.name, aliases=(*person.aliases, person.name)))
    _rename_personal_posts(person.id, event.name, state)


def _rename_personal_posts(person: str, name: str, state: State) -> None:
    for id_ in state.index.posts_of_person.get(person, ()):
        post = open_post(state, id_) if id_ in state.index.personal else None
        if post is not None:
            state.put(changed(post, title=name))


def start_leave(event: StartLeave, state: State) -> None:
    """On leave, with posts and employment kept."""
    person = state.person(event.person)
    assert person is not None
    state.put(changed(person, leave=Leave(event.date, event.reason, event)))


def end_leave(event: EndLeave, state: State) -> None:
    """Back."""
    person = state.person(event.person)
    assert person is not None
    state.put(changed(person, leave=None))


# ------------------------------------------------------------------------------------------------------ appointments


def appoint(event: Appoint, state: State) -> None:
    """One more holder; an acting holder who is confirmed becomes substantive."""
    post = state.post(event.post)
    assert post is not None
    held = post.held_by(event.person) if event.person is not None else None
    primary = event.primary or (held is not None and held.primary)
    new = Appointment(event.person, event.date, event.acting, primary, event.seats, event.holder, event)
    kept = tuple(new if h is held else h for h in post.holders)
    holders = kept if held is not None else (*kept, new)
    state.put(changed(post, holders=holders))
    if event.person is None:
        return
    person = state.person(event.person)
    assert person is not None
    posts = person.posts if event.post in person.posts else (*person.posts, event.post)
    marked = (*_but(person.marked, event.post), event.post) if event.primary else person.marked
    employer = employer_of(state, post)
    if employer is not None:
        posts = _leave_personal_post(person.id, posts, employer, event, state)
    state.put(changed(person, posts=posts, marked=marked))


def vacate(event: Vacate, state: State) -> None:
    """One holder less; an employee left without a post has a personal one again."""
    post = state.post(event.post)
    assert post is not None
    state.put(_without(post, event.person, event.holder, event))
    if event.person is None:
        return
    person = state.person(event.person)
    assert person is not None
    person = changed(person, posts=_but(person.posts, event.post), marked=_but(person.marked, event.post))
    organization = employer_of(state, post)
    if organization and person.employment(organization) is not None and not _has_post(person, organization, state):
        own = _give_personal_post(person.id, person.name, organization, event, state)
        person = changed(person, posts=(*person.posts, own))
    state.put(person)


def _without(post: Post, person: str | None, holder: str | None, event: Event) -> Post:
    """The post with one holder less; `vacated` is told of seats, which acting holders do not take."""
    gone = [h for h in post.holders if h.person == person and h.holder == holder]
    holders = tuple(h for h in post.holders if h not in gone)
    vacated = event if any(not h.acting for h in gone) else post.vacated
    return changed(post, holders=holders, vacated=vacated)


def _but(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(id_ for id_ in ids if id_ != gone)


def _has_post(person: Person, organization: str, state: State) -> bool:
    """Whether the person holds a post of the organization, boards and committees aside."""
    posts = filter(None, map(state.post, person.posts))
    return any(employer_of(state, post) == organization for post in posts)


# ---------------------------------------------------------------------------------------------------- personal posts


def _give_personal_post(person: str, name: str, organization: str, event: Event, state: State) -> str:
    """An employee without a post holds one of their own, with the lines it had if it was still reported to."""
    id_ = personal_post(person, organization)
    held = Appointment(person, event.date, acting=False, primary=False, seats=1, holder=None, event=event)
    post = open_post(state, id_)
    if post is None:
        state.put(Post(id_, name, organization, personal=person, holders=(held,), events=(event,)))
    else:
        state.put(changed(post, holders=(held,), vacated=None))
    return id_


def _take_personal_post(post: Post, event: Event, state: State) -> None:
    """The personal post of one who leaves closes; while others report to it, it stays as a vacancy."""
    stays = bool(reporters(state, post.id))
    lines = post.lines if stays else ()
    state.put(changed(post, open=stays, lines=lines, holders=(), vacated=event, events=(*post.events, event)))


def _leave_personal_post(
    person: str, posts: tuple[str, ...], organization: str, event: Appoint, state: State
) -> tuple[str, ...]:
    """Appointed to a post, a person gives up the personal one; its lines, both ways, follow to the new post.

    Acting cover is for a time, so it takes no lines along: a personal post with lines is kept beside it.
    """
    own = personal_post(person, organization)
    old = state.post(own) if own in posts else None
    if old is None or (event.acting and (old.lines or reporters(state, own))):
        return posts
    _retire_personal_post(old, event.post, event, state)
    return _but(posts, own)


def _retire_personal_post(old: Post, to: str, event: Event, state: State) -> None:
    """The personal post closes; its lines, both ways, follow to another post, which keeps its own."""
    below = reporters(state, old.id)
    if old.lines or below:
        new = state.post(to)
        assert new is not None
        for post in below:
            if post.id != new.id:
                lines = tuple(changed(line, to=new.id) if line.to == old.id else line for line in post.lines)
                state.put(changed(post, lines=_no_doubles(lines)))
                state.lines_changed.append(post.id)
        kept = tuple(line for line in new.lines if line.to != old.id)
        has_solid = any(not line.dotted for line in kept)
        moved = (line for line in old.lines if line.to != new.id and (line.dotted or not has_solid))
        state.put(changed(new, lines=_no_doubles((*kept, *moved))))
        state.lines_changed.append(new.id)
    state.put(changed(old, open=False, lines=(), holders=(), events=(*old.events, event)))


def _no_doubles(lines: tuple[ReportingLine, ...]) -> tuple[ReportingLine, ...]:
    return tuple({(line.to, line.dotted): line for line in reversed(lines)}.values())[::-1]


# ------------------------------------------------------------------------------------------------------------- lines


def report(event: Report, state: State) -> None:
    """A solid line replaces the one before; dotted lines stand beside it."""
    found = ends(event, state)
    assert not isinstance(found, Refusal)
    post, to = found
    dotted = event.line == "dotted"
    if event.end or to == "unknown":
        lines = tuple(x for x in post.lines if x.dotted != dotted or (event.end and x.to != to))
    elif dotted:
        line = ReportingLine(to, dotted=True, since=event.date, event=event)
        lines = (*(x for x in post.lines if not x.dotted or x.to != to), line)
    else:
        lines = _with_solid(post, to, event)
    state.put(changed(post, lines=lines))
    state.lines_changed.append(post.id)


def _with_solid(post: Post, to: str, event: Event) -> tuple[ReportingLine, ...]:
    line = ReportingLine(to, dotted=False, since=event.date, event=event)
    return (line, *(other for other in post.lines if other.dotted))


def settle(event: Event, state: State) -> None:
    """A personal post left standing only because others reported to it goes when the last of them does."""
    waiting = [id_ for id_ in state.writes if state.index.ids.get(id_) == "post"]
    while waiting:
        id_ = waiting.pop()
        before, after = state.before(id_), state.post(id_)
        if not isinstance(before, Post) or after is None:
            continue
        for to in {line.to for line in before.lines} - {line.to for line in after.lines}:
            post = open_post(state, to) if to in state.index.personal else None
            if post is not None and not post.holders and not reporters(state, to):
                state.put(changed(post, open=False, lines=(), events=(*post.events, event)))
                waiting.append(to)


HANDLERS: dict[type[Event], Callable[[Any, State], None]] = {
    OpenUnit: open_a_unit,
    ChangeUnit: change_unit,
    CloseUnit: close_unit,
    CreatePost: create_post,
    ChangePost: change_post,
    AbolishPost: abolish_post,
    Hire: hire,
    Depart: depart,
    ChangeEmployment: change_employment,
    ChangePerson: change_person,
    Appoint: appoint,
    Vacate: vacate,
    Report: report,
    StartLeave: start_leave,
    EndLeave: end_leave,
}
