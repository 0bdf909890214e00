"""The part of a scenario's briefing about plans, promotion, acting cover, hiring and recruiters."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from orgsim.console.tables import plain_table
from orgsim.console.terminal import line, safe, styled
from orgsim.scenario import words

Data = dict[str, Any]

# -------------------------------------------------------------------------------------------------------- succession


def succession(data: Data | None) -> Iterator[RenderableType]:
    """Plans, and what happens where they do not help."""
    if data is None:
        yield line("Nobody is promoted and nobody acts: there is no succession.")
        return
    if data["plans"]:
        yield _plans(data["plans"])
    for name, posts in data["on_several_plans"].items():
        yield line((name, "yellow"), f" is on {len(posts)} plans: {words.listed(posts)}. One person fills one of them.")
    if data["critical_without_plan"]:
        posts = data["critical_without_plan"]
        shown = words.listed(posts) if len(posts) <= 8 else f"{words.listed(posts[:7])}, and {len(posts) - 7} more"  # noqa: PLR2004
        yield line("Critical posts without a plan: ", (shown, "yellow"), ".")
    if data["promote"] is not None:
        yield line(_promote(data["promote"]))
    if data["acting"] is not None:
        yield line(_acting(data["acting"]))
    again = {
        "always": "are filled again",
        "critical": "are filled again if they are critical",
        "never": "stay empty",
    }
    yield line(f"Posts that a promotion vacates {again[data['backfill']]}.")


def _plans(plans: list[Data]) -> RenderableType:
    table = plain_table("plan for", "held by", "ready now", "later", "in an emergency")
    for plan in plans:
        now = [s["person"] for s in plan["successors"] if s["ready"] == "now"]
        later = [f"{s['person']} ({_by(s)})" for s in plan["successors"] if s["ready"] != "now"]
        empty = Text("vacant", style="bold red") if plan["there"] else Text("not there yet", style="dim")
        held = styled(words.listed(plan["holders"])) if plan["holders"] else empty
        ready = styled(", ".join(now)) if now else Text("nobody", style="yellow")
        table.add_row(styled(plan["post"]), held, ready, styled(", ".join(later)), styled(plan["emergency"] or ""))
    return table


def _by(successor: Data) -> str:
    if successor["ready_by"] is None:
        return f"{successor['ready']}: never"
    return f"{successor['ready']}: as likely as not by {successor['ready_by']}"


def _promote(data: Data) -> str:
    others = {
        "plan": "Only successors on plans are promoted",
        "reports": f"For {data['where']}, those who report to it are looked at after the plan's successors",
        "below": f"For {data['where']}, everybody of the level below is looked at after the plan's successors",
    }[data["candidates"]]
    often = (
        f", in {words.share(data['internal'])} of cases"
        if data["internal"] != 1 and data["candidates"] != "plan"
        else ""
    )
    first = {"tenure": "the longest employed first", "random": "in random order"}[data["choose"]]
    order = f", {first}" if data["candidates"] != "plan" else ""
    takes = f"; a decision takes {data['decide_in']}" if data["decide_in"] else "; decisions are made at once"
    accept = f"; {words.share(data['accept'])} accept" if data["accept"] != 1 else ""
    stay = f"; nobody is promoted twice within {words.days(data['stay'])}" if data["stay"] else ""
    return f"{others}{often}{order}{takes}{accept}{stay}."


_ASKED = {
    "emergency": "the plan's emergency cover",
    "successors": "its successors",
    "deputy": "the longest employed of those who report to it",
    "manager": "the next manager above",
}


def _acting(data: Data) -> str:
    begin = f"After {words.days(data['after'])}" if data["after"] else "At once"
    most = f", for {words.days(data['at_most'])} at the most" if data["at_most"] is not None else ""
    span = "one post" if data["span"] == 1 else f"{data['span']} posts"
    asked = ", then ".join(_ASKED[candidate] for candidate in data["candidates"])
    return f"{begin}, somebody acts for {data['where']}{most}, nobody for more than {span}: {asked}."


# ------------------------------------------------------------------------------------------------------------ hiring


def hiring(data: Data | None) -> Iterator[RenderableType]:
    """Stages, the time to fill, recruiters, freezes."""
    if data is None:
        yield line("Nobody is hired: there is no hiring.")
        return
    table = plain_table("stage", "takes", "succeeds", "recruiter")
    if data["approve_in"]:
        table.add_row("approval", data["approve_in"], "", "")
    for stage in data["stages"]:
        back = "" if stage["accept"] is None else f"{words.share(stage['accept'])}, else back to {stage['else']}"
        table.add_row(styled(stage["id"]), stage["takes"], safe(back), "busy" if stage["recruiter"] else "")
    yield table
    fill = data["time_to_fill"]
    yield line(
        f"For {data['where']}: from requisition to hire, ", *_spread(fill),
        ", if a recruiter is free at once." if data["pools"] else ".",
    )  # fmt: skip
    for pool in data["pools"]:
        yield from _pool(pool, data["recruiter_days"])
    for freeze in data["freezes"]:
        yield line((freeze["id"], "bold"), f": {_freeze(freeze)}.")


def _spread(fill: Data) -> Iterator[str | tuple[str, str]]:
    """How long filling takes: always as long, or by its median, its ninth decile and its mean."""
    median, mean, late = (words.number(fill[name]) for name in ("median", "mean", "p90"))
    if median == mean == late:
        yield (f"{median} days", "bold")
        return
    yield "half take more than "
    yield (f"{median} days", "bold")
    yield f", one in ten more than {late} (mean {mean})"


def _pool(pool: Data, busy: float) -> Iterator[RenderableType]:
    waiting = f"; {pool['vacant_at_start']} of its posts are vacant to begin with" if pool["vacant_at_start"] else ""
    yield line(
        (f"{pool['count']} recruiter{'s' * (pool['count'] != 1)}", "bold"),
        f" ({pool['id']}) for {pool['where']}: about ",
        f"{words.number(pool['requisitions_per_year'])} requisitions a year, ",
        f"{words.number(busy)} days of work each, keep ",
        (f"{words.number(pool['load'])} of {pool['count']}", "bold"),
        f" busy ({words.share(pool['share'])}){waiting}.",
    )  # fmt: skip
    if pool["overloaded"]:
        what = "More than there are" if pool["share"] >= 1 else "More than 90 %"
        yield line(
            (f"{what}: expect requisitions to queue, and vacancies to last much longer than the stages.", "bold red")
        )


_PENDING = {
    "pause": "what is under way in a stage ends it, no stage begins",
    "continue": "what is under way goes on, nothing new begins",
    "cancel": "what is under way is thrown back to the beginning",
    "suspend": "everything stops, and goes on afterwards",
}


def _freeze(data: Data) -> str:
    but = f", not for {data['except']}" if data["except"] else ""
    promotions = "promotions go on" if data["promotions"] else "no promotions either"
    days = words.days(data["days"])
    return f"frozen from {data['from']} until {data['until']} ({days}){but}: {_PENDING[data['pending']]}; {promotions}"
