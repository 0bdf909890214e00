"""The Peter principle, as a rule of one's own for whom to promote: a replication of a published model.

Pluchino, Rapisarda, Garofalo, "The Peter principle revisited: a computational study", Physica A 389 (2010), arXiv
0907.0455.  A pyramid of 160 posts in six levels; whoever is older than 60 or less competent than 4 leaves; each year
vacancies are filled from the level below, from the top down.  If competence in the new post has nothing to do with
that in the old one (Peter), promoting the best makes the organization worse, and promoting the worst makes it better.
If it is about the same (common sense), it is the other way round.

Efficiency is competence weighted by the responsibility of levels, as a share of the most there could be; the table has
the points of efficiency won or lost against the expectation of the first day, as a mean over the later years.
"""

import datetime as dt
import math
from collections.abc import Callable
from statistics import fmean

from orgsim.dates import When
from orgsim.events import OpenUnit
from orgsim.laws import Constant
from orgsim.ledger import Ledger
from orgsim.normal import quantile
from orgsim.scenario.model import Hiring, Population, Promote, Scenario, Stage, Succession
from orgsim.simulate.engine import compile_world, simulate
from orgsim.simulate.kernel import EDGE, EXIT
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, Vacancy

LEVELS = {"1": (1, 1.0), "2": (5, 0.9), "3": (11, 0.8), "4": (21, 0.6), "5": (41, 0.4), "6": (81, 0.2)}
"""How many posts each level has, and how much responsibility."""
MOST = sum(10.0 * posts * responsibility for posts, responsibility in LEVELS.values())
YEARS, SETTLED, RUNS = 300, 100, 4

Rule = Callable[["Firm", list[PersonState]], PersonState]


def normal(u: float, mean: float, sigma: float, least: float, most: float) -> float:
    """The quantile of a normal law between two bounds."""
    low, high = (0.5 * math.erfc((mean - bound) / sigma / math.sqrt(2.0)) for bound in (least, most))
    return mean + sigma * quantile(low + u * (high - low))


def expected() -> float:
    """The mean competence of the first day: of a normal law between two bounds."""
    steps = 10_000
    return fmean(normal((i + 0.5) / steps, 7.0, 2.0, 1.0, 10.0) for i in range(steps))


class Firm:
    """Who is how competent and how old; one for each replication."""

    def __init__(self, rule: Rule, *, peter: bool) -> None:
        """A rule for whom to promote, and whether competence is drawn anew in every post."""
        self.rule = rule
        self.peter = peter
        self.competence: dict[str, float] = {}
        self.born: dict[str, float] = {}
        self.efficiency: list[float] = []

    def install(self, run: Run) -> "Firm":
        """The flow: hang it on who comes, and who is promoted."""
        self.run = run
        run.joined.append(self.begin)
        run.ended.append(self.promoted)
        return self

    def open(self) -> None:
        """Those of the first day, and the years on the calendar: exits, and half a year later a look."""
        for person in self.run.people.values():
            self.begin(person)
        for year in range(1, YEARS + 1):
            self.run.calendar.after(365.0 * year, EXIT, 0, self.year, None)
            self.run.calendar.after(365.0 * year + 180.0, EDGE, 9, self.look, None)

    def begin(self, person: PersonState) -> None:
        """Somebody new has a competence and an age."""
        luck = self.run.luck
        self.competence[person.id] = normal(luck.uniform(person.id, "competence"), 7.0, 2.0, 1.0, 10.0)
        age = normal(luck.uniform(person.id, "age"), 25.0, 5.0, 18.0, 60.0)
        self.born[person.id] = self.run.now - 365.0 * age

    def promoted(self, vacancy: Vacancy) -> None:
        """In the new post, competence is new (Peter), or the old one more or less (common sense)."""
        if vacancy.how != "promoted" or vacancy.person is None:
            return
        u = self.run.luck.uniform(vacancy.person, f"competence/{vacancy.post.facts.level}")
        old = self.competence[vacancy.person]
        varied = min(10.0, max(1.0, old + 2.0 * u - 1.0))
        self.competence[vacancy.person] = normal(u, 7.0, 2.0, 1.0, 10.0) if self.peter else varied

    def year(self, _: None) -> None:
        """Who is too old or not competent enough leaves."""
        for person in list(self.run.people.values()):
            if self.run.now - self.born[person.id] > 365.0 * 60.0:
                self.run.depart(person, "retirement")
            elif self.competence[person.id] < 4.0:
                self.run.depart(person, "dismissal")

    def look(self, _: None) -> None:
        """Measure efficiency."""
        people = self.run.people.values()
        done = sum(self.competence[who.id] * LEVELS[self.run.facts(who).level or ""][1] for who in people)
        self.efficiency.append(100.0 * done / MOST)

    def choose(self, _run: Run, _vacancy: Vacancy, people: list[PersonState]) -> list[PersonState]:
        """The one person whom the rule wants, of the level below."""
        return [self.rule(self, people)]


def best(firm: Firm, people: list[PersonState]) -> PersonState:
    """The most competent."""
    return max(people, key=lambda who: firm.competence[who.id])


def worst(firm: Firm, people: list[PersonState]) -> PersonState:
    """The least competent."""
    return min(people, key=lambda who: firm.competence[who.id])


def anybody(firm: Firm, people: list[PersonState]) -> PersonState:
    """Somebody, by luck."""
    return min(people, key=lambda who: firm.run.luck.uniform(who.id, "anybody", int(firm.run.now)))


def pyramid() -> Scenario:
    """The scenario: posts, promotion from the level below, hiring at once at the bottom."""
    start = dt.date(2000, 1, 1)
    return Scenario(
        title="The Peter principle",
        ledger=Ledger((OpenUnit(date=When.on(start), unit="firm"),)),
        organization="firm",
        start=start,
        end=start + dt.timedelta(365 * YEARS + 200),
        seed=2009,
        levels=tuple(LEVELS),
        population=tuple(
            Population(f"level{level}", posts, "firm", "the paper", level=level) for level, (posts, _) in LEVELS.items()
        ),
        succession=Succession(promote=Promote(candidates="below", stay=0.0)),
        hiring=Hiring((Stage("recruitment", Constant(0.0)),)),
    )


RULES: dict[str, Rule] = {"best": best, "worst": worst, "anybody": anybody}


def gains() -> dict[tuple[str, str], float]:
    """The points of efficiency won, by hypothesis and rule."""
    world, before = compile_world(pyramid()), 10.0 * expected()
    found = {}
    for hypothesis in ("Peter", "common sense"):
        for name, rule in RULES.items():
            later = []
            for k in range(RUNS):
                firm = Firm(rule, peter=hypothesis == "Peter")
                simulate(world, k, choose=firm.choose, flows=[firm.install])
                later.append(fmean(firm.efficiency[SETTLED:]))
            found[hypothesis, name] = fmean(later) - before
    return found


def main() -> None:
    """Print the table."""
    print(f"{'promote':14}{'Peter':>14}{'common sense':>14}")
    found = gains()
    for name in RULES:
        print(
            f"{'the ' * (name != 'anybody') + name:14}{found['Peter', name]:+14.1f}{found['common sense', name]:+14.1f}"
        )


if __name__ == "__main__":
    main()
