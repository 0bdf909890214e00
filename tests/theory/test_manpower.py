"""V5: Markov manpower, a classical yearly model of stocks and flows, as a flow upon the engine.

Each year everybody in class i is in class j next year with chance P[i, j], or gone; then sixty are recruited.
(Bartholomew, Forbes, McClean, *Statistical Techniques for Manpower Planning*, 2nd edition, 1991, chapter 4.)
"""

import datetime as dt
from bisect import bisect_right
from itertools import accumulate

import numpy as np
import pytest

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Event, Hire
from orgsim.simulate.kernel import EXIT
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState
from tests.theory.conftest import Told
from tests.theory.judging import Finding, judge
from tests.theory.worlds import replications, scenario

P = np.array([[0.70, 0.15, 0.0], [0.0, 0.75, 0.10], [0.0, 0.0, 0.85]])
RECRUITS, SHARES = 60, (0.80, 0.15, 0.05)
FIRST = (100, 60, 40)
DAY = When.on(dt.date(2020, 1, 1))


class Years:
    """Once a year everybody moves on, stays or leaves, and recruits come."""

    def __init__(self, run: Run) -> None:
        """Nothing has moved yet."""
        self.run = run
        self.classes = [run.posts[f"class{i}"] for i in range(3)]
        self.chances = [list(accumulate(row)) for row in P.tolist()]
        self.shares = list(accumulate(SHARES[:-1]))

    def open(self) -> None:
        """Put the years on the calendar; exits come before what edges of the next year would show."""
        for year, day in enumerate(range(365, int(self.run.world.horizon), 365), 1):
            self.run.calendar.after(float(day), EXIT, 0, self._pass, year)

    def _pass(self, year: int) -> None:
        run = self.run
        for here, post in enumerate(self.classes):
            for person in [holder for holder in post.holders if run.now - holder.since[post] > 0.0]:
                there = bisect_right(self.chances[here], run.luck.uniform(person.id, "markov", year))
                if there == len(P):
                    run.depart(person, "resignation")
                elif there != here:
                    run.appoint(person, self.classes[there])
                    run.vacate(person, post)
        for number in range(RECRUITS):
            recruit = PersonState(f"recruit/{year}/{number}", run.now)
            there = bisect_right(self.shares, run.luck.uniform(recruit.id, "class"))
            run.hire(recruit)
            run.appoint(recruit, self.classes[there])
            run.settle(recruit)


def staff() -> list[Event]:
    """Three posts with any number of seats, which never are vacant, and who holds them at first."""
    events: list[Event] = [CreatePost(date=DAY, post=f"class{i}", unit="acme", seats="any") for i in range(3)]
    for i, number in enumerate(FIRST):
        for j in range(number):
            events.append(Hire(date=DAY, person=f"p{i}-{j}", organization="acme", name=f"P {i} {j}"))
            events.append(Appoint(date=DAY, person=f"p{i}-{j}", post=f"class{i}"))
    return events


def stocks(year: int) -> list[float]:
    """The expected stocks after so many years."""
    found = np.array(FIRST, np.float64)
    for _ in range(year):
        found = found @ P + RECRUITS * np.array(SHARES)
    return [float(stock) for stock in found]


def check_manpower(count: int, sees: float) -> tuple[Finding, ...]:
    """Stocks after one, five and forty years, and who of the recruits of the lowest class ever reaches the highest."""
    plan = scenario(days=41 * 365 + 1, past=staff())
    looks = {1: [], 5: [], 40: []}  # type: dict[int, list[list[float]]]
    reached: list[float] = []
    for found in replications(plan, count, flows=[Years]):
        stock = list(map(float, FIRST))
        place = {f"p{i}-{j}": i for i, number in enumerate(FIRST) for j in range(number)}
        highest: dict[str, int] = {}
        at = 0.0
        for time, verb, person, post, _ in [*found.rows, (np.inf, "", "", "", None)]:
            for year, seen in looks.items():
                if at <= 365 * year < time:
                    seen.append(list(stock))
            at = time
            if verb == "appoint":
                new = int(post.removeprefix("class"))
                if person not in place and new == 0 and time <= 365 * 10:
                    highest[person] = 0
                elif person in highest:
                    highest[person] = new
                stock[new] += 1
                place[person] = new
            elif verb == "vacate":
                stock[int(post.removeprefix("class"))] -= 1
            elif verb == "depart":
                stock[place.pop(person)] -= 1
        reached += [float(top == 2) for top in highest.values()]
    findings = [
        judge("V5", f"stock of class {i + 1} after {year} years", stocks(year)[i], [row[i] for row in rows], sees=sees)
        for year, rows in looks.items()
        for i in range(3)
    ]
    visits = np.linalg.inv(np.eye(3) - P)
    return (
        *findings,
        judge("V5", "chance to reach class 3 from 1", float(visits[0, 2] / visits[2, 2]), reached, sees=sees),
    )


@pytest.mark.slow
def test_manpower(told: Told) -> None:
    """Stocks follow the transition matrix, year after year, into the steady state."""
    told(*check_manpower(24, sees=0.1))


def test_stocks() -> None:
    """The exact values are those worked out by hand."""
    assert stocks(1) == pytest.approx([118.0, 69.0, 43.0])
    assert stocks(5) == pytest.approx([149.915800, 102.451819, 58.891319])
    assert stocks(400) == pytest.approx([160.0, 132.0, 108.0])
