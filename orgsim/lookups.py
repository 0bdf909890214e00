"""Questions about the state at a moment that more than one rule, handler or chart asks.

Each takes anything with `get(id)` and an `index`: the state of a step, or a chart.
"""

from collections.abc import Iterator
from typing import Protocol

from orgsim.index import Index
from orgsim.model import Appointment, Noun, Person, Post, Unit


class Nouns(Protocol):
    """Something that knows nouns by id."""

    @property
    def index(self) -> Index:
        """The candidates of the ledger."""

    def get(self, id_: str) -> Noun | None:
        """The noun of that id, or None."""


def open_post(nouns: Nouns, id_: str) -> Post | None:
    """The post of that id if it is open."""
    post = nouns.get(id_)
    return post if isinstance(post, Post) and post.open else None


def open_unit(nouns: Nouns, id_: str) -> Unit | None:
    """The unit of that id if it is open."""
    unit = nouns.get(id_)
    return unit if isinstance(unit, Unit) and unit.open else None


def root_of(nouns: Nouns, unit: str) -> str:
    """The organization a unit belongs to: the unit at the top of its parents."""
    seen = set()
    while unit not in seen:
        seen.add(unit)
        noun = nouns.get(unit)
        if not isinstance(noun, Unit) or noun.parent is None:
            break
        unit = noun.parent
    return unit


def employer_of(nouns: Nouns, post: Post) -> str | None:
    """The organization that must employ whoever holds a post; None for seats on boards and committees."""
    unit = nouns.get(post.unit)
    if not isinstance(unit, Unit) or unit.is_body:
        return None
    return unit.id if unit.parent is None else root_of(nouns, unit.parent)


def organization_of(nouns: Nouns, post: Post) -> str:
    """The organization a post belongs to."""
    return root_of(nouns, post.unit)


def appointments(nouns: Nouns, person: Person) -> Iterator[tuple[Post, Appointment]]:
    """What a person holds, in order of appointment."""
    for id_ in person.posts:
        post = nouns.get(id_)
        if isinstance(post, Post):
            appointment = post.held_by(person.id)
            if appointment is not None:
                yield post, appointment


def by_rank(nouns: Nouns, person: Person) -> list[Post]:
    """A person's posts, the primary one first: marked primary, then substantive, acting, personal; then the earlier."""
    if len(person.posts) == 1:
        post = nouns.get(person.posts[0])
        return [post] if isinstance(post, Post) else []
    held = list(appointments(nouns, person))
    held.sort(key=lambda pair: (pair[0].personal is not None, pair[1].acting))
    marks = person.marked
    held.sort(key=lambda pair: -marks.index(pair[0].id) if pair[0].id in marks else 1)  # the last mark first
    return [post for post, _ in held]


def heads(nouns: Nouns, unit: str) -> list[Post]:
    """The open posts that head a unit, the one created first; of one day, by id."""
    found = (open_post(nouns, id_) for id_ in nouns.index.heads_of.get(unit, ()))
    leaders = [post for post in found if post is not None and post.heads == unit]
    return sorted(leaders, key=lambda post: (post.events[0].date.day, post.id))


def manager_post(nouns: Nouns, post: Post) -> Post | None:
    """The post at the other end of the solid line; of a line to a unit, the (first) post that heads it."""
    line = post.line
    if line is None or line.to == "none":
        return None
    noun = nouns.get(line.to)
    if isinstance(noun, Unit):
        leaders = heads(nouns, noun.id)
        return leaders[0] if leaders else None
    return noun if isinstance(noun, Post) else None


def reporters(nouns: Nouns, id_: str) -> list[Post]:
    """The open posts with a line, solid or dotted, to this post or unit itself."""
    found = (open_post(nouns, other) for other in nouns.index.reporters.get(id_, ()))
    return [post for post in found if post is not None and any(line.to == id_ for line in post.lines)]


def answering(nouns: Nouns, post: Post) -> str | None:
    """Who answers for a post: its substantive holder; on leave or without one, whoever acts."""
    away: str | None = None
    acting: str | None = None
    for holder in post.holders:
        if holder.person is None:
            continue
        if holder.acting:
            acting = acting or holder.person
            continue
        person = nouns.get(holder.person)
        if not isinstance(person, Person) or person.leave is None:
            return holder.person
        away = away or holder.person
    return acting or away


def manager_of(nouns: Nouns, person: Person) -> str | None:
    """Whoever answers for the post that a person's primary post reports to; nobody is their own manager."""
    posts = by_rank(nouns, person)
    above = manager_post(nouns, posts[0]) if posts else None
    manager = answering(nouns, above) if above is not None else None
    return manager if manager != person.id else None


def is_within(nouns: Nouns, unit: str, whole: str) -> bool:
    """True if a unit is another one or somewhere below it."""
    at: str | None = unit
    while at is not None and at != whole:
        noun = nouns.get(at)
        at = noun.parent if isinstance(noun, Unit) else None
    return at == whole


def staff(nouns: Nouns, unit: str) -> Iterator[Person]:
    """The people of a unit: of an organization, whoever it employs; of another, whose primary post lies in it."""
    noun = nouns.get(unit)
    is_root = isinstance(noun, Unit) and noun.parent is None
    for id_ in nouns.index.person_ids:
        person = nouns.get(id_)
        if not isinstance(person, Person) or not person.employments:
            continue
        if is_root:
            if person.employment(unit) is not None:
                yield person
            continue
        posts = by_rank(nouns, person)
        if posts and is_within(nouns, posts[0].unit, unit):
            yield person


def headcount(nouns: Nouns, unit: str) -> int:
    """How many employees a unit has, those on leave included, each once; contractors are not counted."""
    root = root_of(nouns, unit)
    jobs = (person.employment(root) for person in staff(nouns, unit))
    return sum(job is not None and job.contract == "employee" for job in jobs)
