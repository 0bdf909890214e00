"""What may happen next in a world: for each kind of event, a legal one chosen by dice.

Each move looks at the world and gives the class and the fields of an event, or None if there is nothing of its kind
to do.  Cycles are not looked for here: the storyteller tries the event on a copy of the world.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import attrs

from orgsim import events as ev
from orgsim.model import BODIES
from orgsim.testing.world import World

T = TypeVar("T")


class Dice:
    """Choices from a string of bytes; where it ends, and where it is zero, the first and plainest choice."""

    def __init__(self, data: bytes) -> None:
        self._rolls = iter(data)

    def roll(self, sides: int) -> int:
        """A number from 0 up to, not including, `sides`."""
        return next(self._rolls, 0) % sides

    def chance(self, one_in: int) -> bool:
        """True once in so many rolls."""
        return self.roll(one_in) == one_in - 1

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.roll(len(options))]

    def maybe(self, options: Sequence[T], one_in: int) -> T | None:
        """One of the options once in so many rolls, if there are any."""
        return self.pick(options) if self.chance(one_in) and options else None


@attrs.frozen
class Cast:
    """The ids and words from which a story is made; `declared` if the ledger declares its people."""

    organizations: tuple[str, ...]
    units: tuple[str, ...]
    posts: tuple[str, ...]
    people: tuple[str, ...]
    names: tuple[str, ...]
    sources: tuple[str, ...] = ()
    declared: bool = False


Move = tuple[type[ev.Event], dict[str, Any]] | None
KINDS = ("team", "team", "division", "board", "committee")


# ------------------------------------------------------------------ units


def open_unit(w: World, d: Dice, c: Cast) -> Move:
    """Open an organization or a unit, perhaps again."""
    organizations = [id_ for id_ in c.organizations if id_ not in w.units]
    units = [id_ for id_ in c.units if id_ not in w.units]
    if organizations and (not w.units or d.chance(4)):
        return ev.OpenUnit, {"unit": d.pick(organizations), "name": d.maybe(c.names, 2)}
    if not units:
        return None
    fields = {"unit": d.pick(units), "parent": d.pick(list(w.units)), "unit_kind": d.pick(KINDS)}
    return ev.OpenUnit, {**fields, "name": d.maybe(c.names, 2)}


def change_unit(w: World, d: Dice, c: Cast) -> Move:
    """Rename or move a unit, or make it of another kind."""
    if not w.units:
        return None
    unit = d.pick(list(w.units))
    fields: dict[str, Any] = {"unit": unit, "name": d.maybe(c.names, 2)}
    fixed = w.staff(unit) or any(w.posts[p].holders for p in w.posts_in(unit))
    kinds = [kind for kind in KINDS if not fixed or (kind in BODIES) == w.is_body(unit)]
    fields["unit_kind"] = d.maybe(kinds, 4)
    if w.units[unit][1] is not None:
        homes = [u for u in w.units if w.root(u) == w.root(unit) and unit not in w.path(u)]
        fields["parent"] = d.maybe(homes, 2)
    return ev.ChangeUnit, fields


def close_unit(w: World, d: Dice, _: Cast) -> Move:
    """Close an empty unit, or merge one."""
    if not w.units:
        return None
    unit = d.pick(list(w.units))
    children = [u for u, (_, parent) in w.units.items() if parent == unit]
    if not (children or w.posts_in(unit) or w.lines_to(unit) or w.staff(unit)):
        return ev.CloseUnit, {"unit": unit}
    into = [u for u in w.units if unit not in w.path(u) and w.is_body(u) == w.is_body(unit) and _mergeable(w, unit, u)]
    return (ev.CloseUnit, {"unit": unit, "into": d.pick(into)}) if into else None


def _mergeable(w: World, unit: str, into: str) -> bool:
    """Within an organization always; two organizations if nobody is, or was, employed by both."""
    target = w.root(into)
    if w.units[unit][1] is not None:
        return w.root(unit) == target
    if w.is_body(target):
        return False
    left = any(w.posts[p].owner and not w.posts[p].holders for p in w.posts_in(unit))
    return not left and not any(target in w.jobs[p] or f"{p}/{target}" in w.posts for p in w.staff(unit))


# ------------------------------------------------------------------ posts


def _ordinary(w: World) -> list[str]:
    return [id_ for id_, post in w.posts.items() if not post.owner]


def create_post(w: World, d: Dice, c: Cast) -> Move:
    """Create a post, perhaps again."""
    new = [id_ for id_ in c.posts if id_ not in w.posts]
    if not new or not w.units:
        return None
    fields = {
        "post": d.pick(new),
        "unit": d.pick(list(w.units)),
        "seats": d.pick((1, 1, 1, 2, 3, "any")),
        "reports_to": d.maybe([*w.posts, *w.units, "none"], 2),
        "heads": d.maybe(list(w.units), 3),
        "title": d.maybe(c.names, 2),
        "level": d.maybe(c.names, 5),
        "critical": d.chance(5),
    }
    return ev.CreatePost, fields


def change_post(w: World, d: Dice, c: Cast) -> Move:
    """Change a post's title, unit, seats, line or head."""
    ordinary = _ordinary(w)
    if not ordinary:
        return None
    id_ = d.pick(ordinary)
    post = w.posts[id_]
    homes = [
        u for u in w.units if not post.holders or (w.root(u), w.is_body(u)) == (w.root(post.unit), w.is_body(post.unit))
    ]
    fields = {
        "post": id_,
        "title": d.maybe(c.names, 2),
        "unit": d.maybe(homes, 3),
        "seats": d.maybe([n for n in (1, 2, 3) if n >= post.taken] or ["any"], 4),
        "reports_to": d.maybe([*(p for p in w.posts if p != id_), *w.units, "none"], 3),
        "heads": d.maybe([*w.units, "none"], 4),
        "level": d.maybe(c.names, 5),
        "critical": d.maybe((True, False), 5),
    }
    return ev.ChangePost, fields


def abolish_post(w: World, d: Dice, _: Cast) -> Move:
    """Abolish a post that nobody holds and nobody reports to."""
    free = [id_ for id_ in _ordinary(w) if not w.posts[id_].holders and not w.lines_to(id_)]
    return (ev.AbolishPost, {"post": d.pick(free)}) if free else None


# ------------------------------------------------------------------ people


def hire(w: World, d: Dice, c: Cast) -> Move:
    """Hire somebody, perhaps again, or in a second organization; plainly, after those before have a post."""
    busy = {seat.who for post in w.posts.values() if not post.owner for seat in post.holders}
    # The plainest choices lead from a hire to a post to an appointment, so that examples shrink to these.
    if any(person not in busy for person in w.jobs) and d.roll(4) == 0:
        return None
    organizations = [u for u, (_, parent) in w.units.items() if parent is None and not w.is_body(u)]
    pairs = [(p, o) for o in organizations for p in c.people if o not in w.jobs.get(p, {})]
    if not pairs:
        return None
    person, organization = d.pick(pairs)
    fields = {"person": person, "organization": organization, "contract": d.pick(("employee",) * 4 + ("contractor",))}
    return ev.Hire, {**fields, "fte": d.pick((1.0, 1.0, 0.5)), "name": d.maybe(c.names, 2)}


def _known(w: World, c: Cast) -> list[str]:
    return list(c.people) if c.declared else [id_ for id_ in c.people if id_ in w.jobs]


def depart(w: World, d: Dice, _: Cast) -> Move:
    """Let somebody go."""
    pairs = [(p, o) for p, jobs in w.jobs.items() for o in jobs]
    if not pairs:
        return None
    person, organization = d.pick(pairs)
    fields = {"person": person, "organization": organization, "reason": d.pick(ev.REASONS)}
    return ev.Depart, {**fields, "regretted": d.maybe((True, False), 3)}


def change_employment(w: World, d: Dice, _: Cast) -> Move:
    """Let somebody work more or less."""
    pairs = [(p, o) for p, jobs in w.jobs.items() for o in jobs]
    if not pairs:
        return None
    person, organization = d.pick(pairs)
    return ev.ChangeEmployment, {"person": person, "organization": organization, "fte": d.pick((0.5, 0.8, 1.0))}


def change_person(w: World, d: Dice, c: Cast) -> Move:
    """Give somebody another name."""
    known = _known(w, c)
    return (ev.ChangePerson, {"person": d.pick(known), "name": d.pick(c.names)}) if known else None


def start_leave(w: World, d: Dice, _: Cast) -> Move:
    """Send somebody on leave."""
    there = [p for p, jobs in w.jobs.items() if jobs and p not in w.leave]
    return (ev.StartLeave, {"person": d.pick(there), "reason": d.pick(ev.LEAVES)}) if there else None


def end_leave(w: World, d: Dice, _: Cast) -> Move:
    """Let somebody come back."""
    away = [p for p in w.jobs if p in w.leave]
    return (ev.EndLeave, {"person": d.pick(away)}) if away else None


# ------------------------------------------------------------------ appointments


def appoint(w: World, d: Dice, c: Cast) -> Move:
    """Appoint somebody to a post, substantively or acting, or confirm who acts."""
    acting = d.chance(4)
    options = []
    for id_ in _ordinary(w):
        post = w.posts[id_]
        if not acting and post.seats != "any" and post.taken >= post.seats:
            continue
        there = {seat.who for seat in post.holders if acting or not seat.acting}
        everybody = w.is_body(post.unit)
        able = (p for p in _known(w, c) if everybody or w.root(post.unit) in w.jobs.get(p, {}))
        options += [(person, id_) for person in able if person not in there]
    if not options:
        return None
    person, post_id = d.pick(options)
    return ev.Appoint, {"person": person, "post": post_id, "acting": acting, "primary": d.chance(5)}


def appoint_unnamed(w: World, d: Dice, _: Cast) -> Move:
    """Say that somebody holds a post who is not named."""
    rooms = []
    for id_ in _ordinary(w):
        post = w.posts[id_]
        room = 5 if post.seats == "any" else post.seats - post.taken
        if room:
            rooms.append((id_, room))
    if not rooms:
        return None
    chosen, room = d.pick(rooms)
    fields = {"holder": d.pick(ev.UNNAMED), "post": chosen, "seats": 1 + d.roll(room)}
    return ev.Appoint, {**fields, "acting": d.chance(5)}


def vacate(w: World, d: Dice, _: Cast) -> Move:
    """End a holding."""
    options = [(id_, seat) for id_ in _ordinary(w) for seat in w.posts[id_].holders]
    if not options:
        return None
    post, seat = d.pick(options)
    return ev.Vacate, {"post": post, "person" if seat.named else "holder": seat.who}


# ------------------------------------------------------------------ lines


def report(w: World, d: Dice, _: Cast) -> Move:
    """Draw a line between posts, units and people."""
    fields = _source(w, d)
    if fields is None:
        return None
    fields["line"] = d.pick(("solid", "solid", "dotted"))
    words = ["none", "unknown"] if fields["line"] == "solid" else []
    post, _to = w.ends(fields.get("post"), fields.get("person"), fields.get("organization"), "none")
    people = [p for p in w.held if w.meant(p, w.root(w.posts[post].unit)) not in (None, post)]
    headed = [unit for unit in w.units if w.heads_of(unit)]  # few, and so asked for more often
    fields["to"] = d.pick([*people, *people, *(p for p in w.posts if p != post), *w.units, *headed, *headed, *words])
    return ev.Report, fields


def end_line(w: World, d: Dice, _: Cast) -> Move:
    """End a line."""
    lines = [(id_, to, dotted) for id_, post in w.posts.items() for to, dotted in post.lines]
    if not lines:
        return None
    post, to, dotted = d.pick(lines)
    return ev.Report, {"post": post, "to": to, "line": "dotted" if dotted else "solid", "end": True}


def _source(w: World, d: Dice) -> dict[str, Any] | None:
    """Who reports: a post, or a person who means one."""
    organizations = [None, *(u for u, (_, parent) in w.units.items() if parent is None)]
    people = [(p, o) for p in w.held for o in organizations if w.meant(p, o) is not None]
    if not w.posts:
        return None
    if people and d.chance(2):
        person, organization = d.pick(people)
        return {"person": person, "organization": organization}
    return {"post": d.pick(list(w.posts))}


MOVES: tuple[Callable[[World, Dice, Cast], Move], ...] = (
    hire,
    hire,
    create_post,
    create_post,
    appoint,
    appoint,
    appoint,
    appoint,
    report,
    report,
    report,
    report,
    vacate,
    depart,
    vacate,
    open_unit,
    start_leave,
    end_leave,
    change_person,
    change_employment,
    change_post,
    change_unit,
    close_unit,
    abolish_post,
    appoint_unnamed,
    end_line,
)
"""Every move, the frequent ones more than once; what nothing can be done about gives way to the next."""
