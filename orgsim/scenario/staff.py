"""Who is there on the first day of a scenario, and under which rules they fall: counted, not simulated.

Where tenure is a matter of luck, the holders of a population are stood for by points spread evenly over its law.
"""

import math
from collections.abc import Iterator

import attrs

from orgsim.laws import DAYS_PER_YEAR, Competing, DurationLaw, equilibrium
from orgsim.scenario.model import EVERYWHERE, Cause, Population, Rule, Scenario, Where
from orgsim.simulate.flows.attrition import law_for
from orgsim.simulate.matching import Facts, match_person
from orgsim.simulate.world import World, ancestors

POINTS = 100
"""How many points stand for a population."""


@attrs.frozen
class Member:
    """Somebody on the first day, or `weight` holders alike: days since employed, since in the post, since born."""

    person: str
    facts: Facts
    tenure: float
    posted: float
    age: float | None
    weight: float = 1.0
    named: bool = True

    def clock(self, cause: Cause) -> float | None:
        """The age of the clock of a cause; None without a date of birth."""
        return {"organization": self.tenure, "post": self.posted, "age": self.age}[cause.clock]


def members(world: World) -> list[Member]:
    """Everybody employed on the first day."""
    scenario = world.scenario
    organization = scenario.organization
    nobody = Facts("", organization, ancestors(organization, world.parents))
    groups = {f"{group.id}/{number}/0" for group in scenario.population for number in range(1, group.count + 1)}
    found = []
    for opening in world.openings:
        if opening.person in groups or opening.hired is None:
            continue
        facts, birth = opening.facts or nobody, opening.birth
        posted = opening.posted if opening.posted is not None else opening.hired
        age = -birth if birth is not None else None
        found.append(Member(opening.person, facts, -opening.hired, -posted, age))
    posts = {post.facts.id: post.facts for post in world.posts}
    for group in scenario.population:
        found += _points(group, posts[f"{group.id}/1"], scenario)
    return found


def _points(group: Population, facts: Facts, scenario: Scenario) -> Iterator[Member]:
    count = min(group.count, POINTS)
    weight = group.count * (1 - vacant_share(group, facts, scenario)) / count
    for at, tenure in enumerate(_tenures(group, facts, scenario, count)):
        yield Member(f"{group.id}/{at + 1}/0", facts, tenure, tenure, None, weight, named=False)


def _tenures(group: Population, facts: Facts, scenario: Scenario, count: int) -> list[float]:
    if isinstance(group.tenure, DurationLaw):
        return [group.tenure.quantile((at + 0.5) / count) for at in range(count)]
    if group.tenure == "new":
        return [0.0] * count
    law = staying(facts, scenario)
    ages = equilibrium(law.survival, law.breaks())
    return [ages.quantile((at + 0.5) / count) if math.isfinite(ages.mean) else 0.0 for at in range(count)]


def staying(facts: Facts, scenario: Scenario) -> Competing:
    """All causes together, for whoever holds a post; causes by age aside, for nobody's age is known."""
    laws = [law_for(cause, "", facts) for cause in scenario.attrition if cause.clock != "age"]
    return Competing(tuple(law for law in laws if law is not None))


def vacant_share(group: Population, facts: Facts, scenario: Scenario) -> float:
    """The share of a population's posts that is vacant at the start."""
    if not isinstance(group.vacant, str):
        return group.vacant
    law = staying(facts, scenario)
    stay, hiring = equilibrium(law.survival, law.breaks()).mean, scenario.hiring
    takes = hiring.stages[0].takes.mean() if hiring is not None else 0.0
    return takes / (takes + stay) if math.isfinite(stay) else 0.0


def rule_of(member: Member, cause: Cause) -> Rule | None:
    """The first rule of a cause that matches somebody now."""
    for rule in cause.rules:
        if match_person(rule.where, member.person, member.facts, member.tenure):
            return rule
    return None


def exits(member: Member, scenario: Scenario, lasting: float = DAYS_PER_YEAR) -> float:
    """The hazard of all causes that somebody gathers from the first day on, nothing else happening."""
    total = 0.0
    for cause in scenario.attrition:
        law, at = law_for(cause, member.person, member.facts), member.clock(cause)
        if law is not None and at is not None:
            total += law.between(max(at, 0.0), max(at, 0.0) + lasting)
    return total


def hit(people: list[Member], where: Where | None) -> list[Member]:
    """Those of the people whom a condition is about."""
    return [m for m in people if match_person(where or EVERYWHERE, m.person, m.facts, m.tenure)]


def heads(people: list[Member]) -> float:
    """How many they are."""
    return math.fsum(member.weight for member in people)
