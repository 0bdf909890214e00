"""Legal events for drawn scenarios: each is proposed at random and kept if the naive ledger lets it happen.

So a draw never fails: what is refused, or closes a circle of lines, is left out.
"""

import copy
import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from orgsim import events as ev
from orgsim.dates import When
from tests.properties.naive_effects import State

T = TypeVar("T")

LEVELS = ("top", "middle", "base")
ORGANIZATION, OTHER = "acme", "umbrella"
UNITS = ("sales", "labs", "north", "board", "audit")
POSTS = ("ceo", "cto", "vp", "rep", "dean", "clerk", "chair", "aide")
PEOPLE = ("ann", "bob", "cho", "dee", "eli", "fay", "gus", "hal")


class Dice:
    """Choices of Hypothesis, in few words; the first options are the plain ones, to which it shrinks."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.draw(st.integers(0, len(options) - 1))]

    def some(self, options: Sequence[T], most: int = 2) -> tuple[T, ...]:
        """A few of the options, in their order; perhaps none."""
        if not options:
            return ()
        return tuple(sorted({self.pick(options) for _ in range(self.number(0, most))}, key=options.index))

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        return self.draw(st.integers(least, most))

    def chance(self, one_in: int) -> bool:
        """True once in so many."""
        return self.number(1, one_in) == one_in

    def maybe(self, options: Sequence[T], one_in: int = 2) -> T | None:
        """One of the options once in so many."""
        return self.pick(options) if options and self.chance(one_in) else None


def is_legal(state: State, event: ev.Event) -> bool:
    """Whether an event may happen."""
    if state.against(event):
        return False
    after = copy.deepcopy(state)
    after.apply(event)
    return not any(after.in_a_cycle(post) for post in after.posts)


def propose(dice: Dice, state: State, common: dict[str, Any], organization: str = ORGANIZATION) -> ev.Event:
    """Anything that might happen next."""
    kinds = (appoint, hire, create, depart, vacate, change, report, leave, unit, appoint, abolish, other)
    return dice.pick(kinds)(dice, state, common, organization)


def ordinary(state: State) -> list[str]:
    """The posts that are not personal, and one that may not be there."""
    return [id_ for id_, post in state.posts.items() if not post.personal] or ["ceo"]


def people(state: State) -> list[str]:
    """The people there are, or who may come."""
    return [*state.people] or ["ann"]


def units(state: State) -> list[str]:
    """The units there are."""
    return [*state.units] or [ORGANIZATION]


def hire(dice: Dice, state: State, common: dict[str, Any], organization: str) -> ev.Event:
    """Somebody new, or somebody known."""
    person = dice.pick([*PEOPLE, *state.people])
    employer = dice.pick((organization, organization, organization, OTHER))
    contract = dice.pick(("employee", "employee", "contractor"))
    return ev.Hire(**common, person=person, organization=employer, name=person.title(), contract=contract)


def depart(dice: Dice, state: State, common: dict[str, Any], organization: str) -> ev.Event:
    """Somebody leaves."""
    employer = dice.pick((organization, organization, OTHER))
    return ev.Depart(**common, person=dice.pick(people(state)), organization=employer, reason=dice.pick(ev.REASONS))


def appoint(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """Somebody gets a post, or acts for it; or it is held by people without names."""
    post = dice.pick(ordinary(state))
    if dice.chance(8):
        return ev.Appoint(**common, holder=dice.pick(ev.UNNAMED), post=post, seats=dice.number(1, 2))
    acting, primary = dice.chance(4), dice.chance(5)
    return ev.Appoint(**common, person=dice.pick(people(state)), post=post, acting=acting, primary=primary)


def vacate(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """A holder gives up a post."""
    post = dice.pick(ordinary(state))
    holders = state.posts[post].holders if post in state.posts else []
    holding = dice.maybe(holders, 1)
    if holding is None:
        return ev.Vacate(**common, person=dice.pick(people(state)), post=post)
    return ev.Vacate(**common, person=holding.person, holder=holding.holder, post=post)


def create(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """A new post."""
    return ev.CreatePost(
        **common,
        post=dice.pick(POSTS),
        unit=dice.pick(units(state)),
        reports_to=dice.maybe([*ordinary(state), *units(state), "none"], 1),
        seats=dice.pick((1, 1, 2, 3, "any")),
        level=dice.maybe(LEVELS, 1),
        critical=dice.chance(2),
        heads=dice.maybe(units(state), 4),
    )


def change(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """Another unit, line, level or number of seats."""
    return ev.ChangePost(
        **common,
        post=dice.pick([*ordinary(state), *state.posts]),
        unit=dice.maybe(units(state), 3),
        reports_to=dice.maybe([*state.posts, *units(state), "none"], 3),
        seats=dice.maybe((1, 2, 3), 3),
        level=dice.maybe(LEVELS, 3),
        critical=dice.maybe((False, True), 3),
        heads=dice.maybe([*units(state), "none"], 5),
    )


def abolish(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """A post goes."""
    return ev.AbolishPost(**common, post=dice.pick(ordinary(state)))


def report(dice: Dice, state: State, common: dict[str, Any], organization: str) -> ev.Event:
    """A line between posts or people."""
    line = dice.pick(("solid", "solid", "dotted"))
    ends = [*state.posts, *people(state), *units(state)]
    if line == "solid":
        ends += ["none", "unknown"]
    to = dice.pick(ends)
    own: dict[str, Any] = {"post": dice.pick([*state.posts] or ["ceo"])}
    if dice.chance(2):
        own = {"person": dice.pick(people(state)), "organization": dice.maybe((organization,))}
    return ev.Report(**common, **own, to=to, line=line, end=to not in ("none", "unknown") and dice.chance(5))


def leave(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """Somebody goes on leave or comes back."""
    person = dice.pick(people(state))
    away = person in state.people and state.people[person].on_leave
    return ev.EndLeave(**common, person=person) if away else ev.StartLeave(**common, person=person)


def unit(dice: Dice, state: State, common: dict[str, Any], _: str) -> ev.Event:
    """A unit opens, moves, or closes; organizations neither merge nor close."""
    found = dice.pick(UNITS)
    if found not in state.units:
        kind = found if found == "board" else "committee" if found == "audit" else "team"
        return ev.OpenUnit(**common, unit=found, parent=dice.pick(units(state)), unit_kind=kind)
    if dice.chance(2):
        return ev.ChangeUnit(**common, unit=found, parent=dice.pick(units(state)))
    return ev.CloseUnit(**common, unit=found, into=dice.maybe(units(state)))


def other(dice: Dice, state: State, common: dict[str, Any], organization: str) -> ev.Event:
    """Somebody changes name or the share of a full-time job, or another organization opens."""
    if OTHER not in state.units:
        return ev.OpenUnit(**common, unit=OTHER)
    if dice.chance(3):
        employer = dice.pick((organization, organization, OTHER))
        return ev.ChangeEmployment(**common, person=dice.pick(people(state)), organization=employer, fte=0.5)
    return ev.ChangePerson(**common, person=dice.pick(people(state)), name="Somebody")


def history(dice: Dice, start: dt.date, many: int) -> list[ev.Event]:
    """A small organization before a day, with perhaps some of what lies ahead; the later is known no earlier."""
    state = State({ORGANIZATION, OTHER, *UNITS}, set(), {})
    day = known = start - dt.timedelta(days=2000)
    opening: dict[str, Any] = {"date": When.on(day), "known": known}
    told: list[ev.Event] = [
        ev.OpenUnit(**opening, unit=ORGANIZATION),
        ev.OpenUnit(**opening, unit="sales", parent=ORGANIZATION, unit_kind="team"),
        ev.CreatePost(**opening, post="ceo", unit=ORGANIZATION, reports_to="none", critical=True, level="top"),
        ev.CreatePost(**opening, post="vp", unit="sales", reports_to="ceo", critical=True, level="middle"),
        ev.CreatePost(**opening, post="rep", unit="sales", reports_to="vp", seats=3, level="base"),
    ]
    for person, post in zip(PEOPLE, ("ceo", "vp", "rep", "rep"), strict=False):
        told.append(ev.Hire(**opening, person=person, organization=ORGANIZATION))
        told.append(ev.Appoint(**opening, person=person, post=post))
    for event in told:
        state.apply(event)
    for _ in range(dice.number(0, many)):
        day += dt.timedelta(days=dice.pick((0, 0, 0, 1, 30, 200, 400)))
        # What lies ahead may be known already.
        known = max(known, dice.pick((start, day)) if day > start else day)
        event = propose(dice, state, {"date": written(dice, day), "known": known})
        if is_legal(state, event):
            state.apply(event)
            told.append(event)
    return told


def written(dice: Dice, day: dt.date) -> When:
    """A day, or a range or an open range in force from it."""
    last = day + dt.timedelta(days=40)
    return dice.pick((When.on(day), When.on(day), When(day, last, f"{day}..{last}"), When(None, day, f"..{day}")))
