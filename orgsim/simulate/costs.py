"""What a replication costs: vacancies, acting, hires and interventions, each apart."""

from collections.abc import Mapping

from orgsim.laws import DAYS_PER_YEAR
from orgsim.scenario.model import Cost
from orgsim.simulate.matching import Facts
from orgsim.simulate.replication import Replication
from orgsim.simulate.world import World


def costs(world: World, replication: Replication) -> dict[str, float]:
    """The cost of each kind, and of all, in the scenario's currency.

    A vacancy costs a share of the post's yearly salary for each year it lasts; that the salary is saved meanwhile is
    counted apart, as `saved`, and not subtracted.  Acting costs a share a year, a hire a share once.  An intervention
    costs what it costs, and so much for everyone it reached on its first day, in proportion to how much of it lies
    before the horizon.
    """
    cost, horizon = world.scenario.cost, world.horizon
    found = {"vacancy": 0.0, "acting": 0.0, "hire": 0.0, "saved": 0.0, "interventions": 0.0}
    if cost is not None:
        pay = _Salaries(world, cost)
        for vacancy in replication.vacancies:
            salary = pay.of(vacancy.post)
            yearly = salary / DAYS_PER_YEAR
            days = (horizon if vacancy.ended is None else vacancy.ended) - vacancy.opened
            found["vacancy"] += cost.vacancy * yearly * days
            found["saved"] += yearly * days
            for _, begin, end in vacancy.acting:
                found["acting"] += cost.acting * yearly * ((horizon if end is None else end) - max(0.0, begin))
            found["hire"] += cost.hire * salary * (vacancy.how == "hired")
    for each in world.scenario.interventions:
        share = (min(each.end, horizon) - each.start) / (each.end - each.start) if each.start < horizon else 0.0
        reached = replication.reached.get(each.id, 0)
        found["interventions"] += share * (each.cost + each.cost_per_person * reached)
    total = found["vacancy"] + found["acting"] + found["hire"] + found["interventions"]
    return {"cost": total, **{f"cost/{kind}": value for kind, value in found.items()}}


class _Salaries:
    """The salary of each post, by the first rule that matches; of posts that come later, as the one they are like."""

    def __init__(self, world: World, cost: Cost) -> None:
        self._cost = cost
        self._facts: Mapping[str, Facts] = {seed.facts.id: seed.facts for seed in world.posts}
        self._like = {f"{growth.id}/": growth.like for growth in world.scenario.growth}
        self._known: dict[str, float] = world.cache.setdefault("salaries", {})

    def of(self, post: str) -> float:
        """The yearly salary of a post; 0 where no rule matches."""
        salary = self._known.get(post)
        if salary is None:
            like = self._like.get(post.rpartition("/")[0] + "/", post)
            facts = self._facts.get(post) or self._facts.get(like)
            rules = self._cost.salaries
            salary = next((rule.amount for rule in rules if facts is not None and facts.match(rule.where)), 0.0)
            self._known[post] = salary
        return salary
