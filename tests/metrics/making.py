"""Ledgers for the tests of metrics: from a few lines of YAML, or made up from a seed.

Made-up ledgers are full of what trips counting: organizations that merge, units that move, several seats, people with
several posts, acting cover, holders who are not named, leave, contractors, and facts that become known late.
"""

import datetime as dt
import textwrap
from collections.abc import Iterator
from random import Random
from typing import Any

import attrs

from orgsim import events as ev
from orgsim.dates import When
from orgsim.errors import Location, OrgsimError
from orgsim.ledger import Ledger
from orgsim.reading.reader import read_texts

FIRST = dt.date(2023, 12, 1)
DAYS = 120  # past a leap day


def day(text: str) -> dt.date:
    """A day, written as in a ledger."""
    return dt.date.fromisoformat(text)


def ledger_of(events: str) -> Ledger:
    """A ledger with these lines under `events:`, and `acme` as the organization of the file."""
    text = f"orgsim: ledger/1\norganization: acme\nevents:\n{textwrap.dedent(events).strip()}\n"
    return read_texts([("ledger.yaml", text.encode())])


def days_of(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Every day of [start, end)."""
    for number in range(start.toordinal(), end.toordinal()):
        yield dt.date.fromordinal(number)


def made_up(seed: int, size: int = 120) -> Ledger:
    """A ledger that holds, made of the random events that the rules let pass."""
    story = Story(seed)
    events: list[ev.Event] = [
        ev.OpenUnit(date=When.on(FIRST), unit="acme"),
        ev.OpenUnit(date=When.on(FIRST), unit="bolt"),
        ev.OpenUnit(date=When.on(FIRST), unit="sales", parent="acme"),
        ev.OpenUnit(date=When.on(FIRST), unit="labs", parent="acme"),
        ev.OpenUnit(date=When.on(FIRST), unit="board", parent="acme", unit_kind="board"),
        ev.CreatePost(date=When.on(FIRST), post="rep", unit="sales", seats="any"),
        ev.CreatePost(date=When.on(FIRST), post="clerk", unit="labs", seats="any"),
        ev.CreatePost(date=When.on(FIRST), post="ceo", unit="acme", critical=True),
        *(ev.Hire(date=When.on(FIRST), person=person, organization="acme") for person in PEOPLE),
        *(ev.Appoint(date=When.on(FIRST), person=person, post="rep") for person in PEOPLE[:3]),
    ]
    # Several events fall on one day: what happens within a day is what trips counting.
    offsets = sorted(story.luck.randrange(DAYS) // 3 * 3 for _ in range(size))
    events += [story.event(FIRST + dt.timedelta(offset)) for offset in offsets]
    placed = [attrs.evolve(event, where=Location("made-up", line, 1)) for line, event in enumerate(events)]
    while True:
        try:
            return Ledger(placed)
        except OrgsimError as error:
            bad = {problem.where for problem in error.problems}
            placed = [event for event in placed if event.where not in bad]


PEOPLE = ("ann", "bea", "cid", "dan", "eve")
POSTS = ("ceo", "cto", "rep", "clerk", "chair")
SEATS: tuple[ev.Seats, ...] = (1, 1, 2, "any")
TEAMS = ("sales", "labs", "field")
UNITS = ("acme", "bolt", "sales", "labs", "board", "field")


class Story:
    """Draws events, likely or not; those that cannot happen will be refused."""

    def __init__(self, seed: int) -> None:
        """Nothing has happened yet."""
        self.luck = Random(seed)  # noqa: S311 - a story, not a secret
        self.held = [(person, "rep") for person in PEOPLE[:3]]
        self.away = ["ann"]
        self.kinds = [kind for kind, weight in WEIGHTS.items() for _ in range(weight)]

    def event(self, on: dt.date) -> ev.Event:
        """An event of that day."""
        pick = self.luck.choice
        kind = pick(self.kinds)
        date = self._when(on, seen=0.3 if kind == "hire" else 0.1)
        late = self.luck.randrange(1, 30) if self.luck.random() < 0.1 else 0
        when: dict[str, Any] = {"date": date, "known": date.day + dt.timedelta(late)}
        person, post, unit, organization = pick(PEOPLE), pick(POSTS), pick(UNITS), pick(("acme", "acme", "bolt"))
        match kind:
            case "hire":
                contract, fte = pick(("employee", "employee", "contractor")), pick((1.0, 0.5, 0.1))
                return ev.Hire(person=person, organization=organization, contract=contract, fte=fte, **when)
            case "share":
                fte = pick((1.0, 0.5, 0.3))
                return ev.ChangeEmployment(person=person, organization=organization, fte=fte, **when)
            case "depart":
                reason, regretted = pick(ev.REASONS), pick((None, True, False))
                return ev.Depart(person=person, organization=organization, reason=reason, regretted=regretted, **when)
            case "create":
                critical = pick((True, False))
                return ev.CreatePost(post=post, unit=unit, critical=critical, seats=pick(SEATS), **when)
            case "change":
                whether, more = pick((None, True, False)), pick((None, None, 3))
                return ev.ChangePost(post=post, unit=pick((None, unit)), critical=whether, seats=more, **when)
            case "abolish":
                return ev.AbolishPost(post=post, **when)
            case "appoint":
                self.held.append((person, post))
                acting, primary = pick((True, False, False)), pick((True, False, False, False))
                return ev.Appoint(person=person, post=post, acting=acting, primary=primary, **when)
            case "vacate":
                person, post = pick(self.held[-6:])
                return ev.Vacate(person=person, post=post, **when)
            case "appoint-unnamed":
                acting, seats = pick((True, False)), pick((1, 2))
                return ev.Appoint(holder=pick(ev.UNNAMED), post=post, acting=acting, seats=seats, **when)
            case "vacate-unnamed":
                return ev.Vacate(holder=pick(ev.UNNAMED), post=post, **when)
            case other:
                return self._rarer(other, person, post, unit, when)

    def _rarer(self, kind: str, person: str, post: str, unit: str, when: dict[str, Any]) -> ev.Event:
        pick = self.luck.choice
        match kind:
            case "leave":
                self.away.append(person)
                return ev.StartLeave(person=person, **when)
            case "back":
                return ev.EndLeave(person=pick(self.away[-2:]), **when)
            case "open":
                return ev.OpenUnit(unit=pick((unit, *TEAMS)), parent=pick((None, *UNITS)), **when)
            case "move":
                return ev.ChangeUnit(unit=pick(TEAMS), parent=pick((*TEAMS, "acme")), **when)
            case "merge":
                return ev.CloseUnit(unit=pick((unit, *TEAMS)), into=pick((None, unit, *TEAMS)), **when)
            case "report":
                line = pick(("solid", "solid", "dotted"))
                to = pick((*POSTS, *PEOPLE, *UNITS)) if line == "dotted" else pick((*POSTS, *UNITS, "none"))
                return ev.Report(post=post, to=to, line=line, **when)
            case _:
                return ev.Expect(post=post, vacant=True, **when)

    def _when(self, on: dt.date, *, seen: float) -> When:
        """A day, or one of the vaguer dates; how often it is one on which what is so was only seen."""
        throw = self.luck.random()
        if throw < seen:
            return When(None, on, f"..{on}")
        if throw < seen + 0.1:
            last = on + dt.timedelta(self.luck.randrange(1, 20))
            return When(on, last, f"{on}..{last}")
        return When.on(on)


WEIGHTS = {
    "hire": 8,
    "depart": 2,
    "share": 3,
    "create": 6,
    "change": 3,
    "abolish": 2,
    "appoint": 12,
    "vacate": 7,
    "appoint-unnamed": 2,
    "vacate-unnamed": 1,
    "leave": 2,
    "back": 2,
    "open": 5,
    "move": 5,
    "merge": 3,
    "report": 6,
    "expect": 4,
}
