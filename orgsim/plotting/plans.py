"""From the succession plans of a scenario to the data of the picture of succession.  Nothing here draws."""

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from orgsim.chart import OrgChart
from orgsim.lookups import organization_of
from orgsim.plotting.data import READINESS, Candidate, Succession, SuccessionRow
from orgsim.plotting.paper import long_date
from orgsim.plotting.people import by_rank, row_of
from orgsim.plotting.witness import called, source_of, who_of
from orgsim.scenario.model import Plan, Scenario
from orgsim.scenario.model import Succession as Successions

NOW = "now"
"""The rating that needs no law."""
MOST_ROWS = 16
ASSUMED = "Who is on a plan, and how ready, is assumed by the scenario. The rest is told by the ledger."
"""Where plans come from: from the scenario, never from the documents that the ledger cites."""
UNRATED = "The scenario holds no succession plans: shown is who reports to the post, not rated."


def plans(scenario: Scenario, posts: Iterable[str] | None = None, *, name: str = "") -> Succession:
    """The posts on plans and the critical ones, or those named, with who holds them on the first day and the plans.

    Without any plan whoever reports to a post stands behind it, as in the picture of a ledger.  Raises UnknownIdError
    for a post that is not open.
    """
    chart = scenario.ledger.chart(scenario.start, scenario.known)
    rules = scenario.succession or Successions()
    if posts is None:
        here = [post for post in chart.posts if organization_of(chart, post) == scenario.organization]
        wanted = [post for post in here if post.id in rules.plans or (post.critical and post.personal is None)]
        found = sorted(wanted, key=lambda post: (post.id not in rules.plans, by_rank(chart, post)))
    else:
        found = [chart.post(id_) for id_ in posts]
    grades = tuple(dict.fromkeys([READINESS[0], *rules.readiness])) if rules.plans else ()
    title = "and who is on their plans" if rules.plans else "and who stands behind them"
    ledger = source_of(scenario.ledger, called(scenario.ledger), scenario.known)
    return Succession(
        title=f"Who holds the leading posts, {title}",
        source=", ".join(filter(None, (f"scenario {name}" if name else "", ledger))),
        known=scenario.known,
        at=scenario.start,
        rows=tuple(_row(scenario, chart, post.id, rules.plans) for post in found[:MOST_ROWS]),
        left_out=max(len(found) - MOST_ROWS, 0),
        note=(ASSUMED if rules.plans else UNRATED) if found else "",
        grades=grades,
    )


def _row(scenario: Scenario, chart: OrgChart, post: str, every: Mapping[str, Plan]) -> SuccessionRow:
    """A post with its plan, the first choice first."""
    row = row_of(chart, chart.post(post))
    if not every:
        return row
    plan = every.get(post, Plan())
    candidates = []
    for rank, successor in enumerate(plan.successors, 1):
        day = scenario.start + dt.timedelta(days=int(successor.rated))
        candidates.append(
            Candidate(
                who=who_of(chart, successor.person),
                readiness=READINESS[0] if successor.ready == NOW else successor.ready,
                note=f"rated {long_date(day)}",
                rank=rank,
            )
        )
    emergency = who_of(chart, plan.emergency) if plan.emergency is not None else None
    return attrs.evolve(row, candidates=tuple(candidates), emergency=emergency, planned=post in every)
