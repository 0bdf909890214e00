"""A second engine, written plainly from `docs/reference/simulation.md`: slow, and obviously right.

It is made of SimPy processes (one for each clock of a person, each requisition, each freeze, ...) over the naive
ledger of `tests.oracle`.  It asks of the package only its laws, its luck, and what a made event is dated and sourced
with.  After each thing that happens it looks at everybody.  The tests hold the real engine to the same rows, to the
last bit.
"""

import copy

import simpy

from orgsim import events as ev
from orgsim.laws import Competing, Equilibrium, Exponential, equilibrium
from orgsim.scenario.model import Population, Scenario
from tests.simulate.oracle_calendar import Process
from tests.simulate.oracle_edges import Edges
from tests.simulate.oracle_facts import Company, Row
from tests.simulate.oracle_hiring import Hiring
from tests.simulate.oracle_people import People, clock_of
from tests.simulate.oracle_vacancies import Vacancies, Vacancy


class Replay:
    """One replication, from the opening to the horizon."""

    def __init__(self, scenario: Scenario, k: int) -> None:
        self.scenario = scenario
        self.company = Company(scenario, k)
        self.stationary: set[str] = set()
        self.vacancies = Vacancies(self)
        self.hiring = Hiring(self)
        self.edges = Edges(self)
        self.people = People(self)

    def start(self, process: Process) -> simpy.Process:
        """Let something run beside everything else."""
        return self.company.calendar.process(process)

    def run(self) -> None:
        """The opening, then one thing after the other, until the horizon."""
        for population in self.scenario.population:
            self.populate(population)
        for post in sorted(self.company.state.posts):
            seats = self.company.state.posts[post].seats
            if self.company.in_play(post) and isinstance(seats, int):
                for _ in range(seats - self.company.state.taken(post)):
                    self.vacancies.open(post, "start")
        calendar = self.company.calendar
        self.people.look()
        while calendar.peek() < self.scenario.horizon:
            calendar.step()
            if calendar.settled:
                self.people.look()

    # ------------------------------------------------------------------ populations

    def populate(self, population: Population) -> None:
        """Posts and people that are counted but not named."""
        company = self.company
        ages: Equilibrium | None = None
        for number in range(1, population.count + 1):
            post = f"{population.id}/{number}"
            event = ev.CreatePost(
                **company.made(),
                post=post,
                title=population.title,
                unit=population.unit,
                reports_to=population.reports_to,
                level=population.level,
                critical=population.critical,
            )
            company.tell("create-post", "", post, event)
            person = f"{post}/0"
            vacant, tenure = population.vacant, population.tenure
            if vacant == "stationary" or tenure == "stationary":
                ages = self.ages(post, person)
            if vacant == "stationary":
                self.stationary.add(post)
                vacant = self.share(ages)
            if company.u(post, "vacant", 0) < float(vacant):
                continue
            company.tell("hire", person, "", company.organization)
            company.tell("appoint", person, post)
            u, began = company.u(post, "tenure", 0), 0.0
            if tenure == "stationary":
                assert ages is not None
                began = -ages.quantile(u)
            elif not isinstance(tenure, str):
                began = -tenure.quantile(u)
            company.since[person] = began
            holding = company.state.holding(post, person)
            assert holding is not None
            company.moments[id(holding.event)] = (holding.event, began)

    def ages(self, post: str, person: str) -> Equilibrium:
        """How long the holder of a post has been there if it has always been like this."""
        company, kept = self.company, self.company.state
        company.state = copy.deepcopy(kept)
        for event in (
            ev.Hire(**company.made(), person=person, organization=company.organization),
            ev.Appoint(**company.made(), person=person, post=post),
        ):
            company.state.apply(event)
        company.primaries.clear()
        aging = [c for c in self.scenario.attrition if clock_of(c) != "age"]
        laws = [self.people.hazard(person, cause) or Exponential(0.0) for cause in aging]
        company.state = kept
        company.primaries.clear()
        both = Competing(tuple(laws))
        return equilibrium(both.survival, both.breaks())

    def share(self, ages: Equilibrium | None) -> float:
        """The share of vacant posts if it has always been like this."""
        assert ages is not None
        assert self.scenario.hiring is not None
        hiring = self.scenario.hiring.stages[0].takes.mean()
        return hiring / (hiring + ages.mean)


def replay(scenario: Scenario, k: int) -> tuple[list[Row], list[Vacancy], int]:
    """The rows, the vacancies in the order in which they opened, and the number of misses of a replication."""
    found = Replay(scenario, k)
    found.run()
    return found.company.rows, found.vacancies.all, found.company.missed
