"""What was understood of a scenario, as a briefing for the terminal: sentences, and tables where there is much."""

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from orgsim.console.explain_filling import hiring, succession
from orgsim.console.tables import plain_table
from orgsim.console.terminal import line, styled
from orgsim.laws import DAYS_PER_YEAR
from orgsim.scenario import words

Data = dict[str, Any]
FEW, MANY = 4, 8
"""Up to how many people, and posts, are named."""


def briefing_text(data: Data) -> RenderableType:
    """The whole briefing."""
    parts: list[RenderableType] = list(_head(data))
    for heading, part in (
        ("Who is there", _opening(data)),
        ("Who leaves", _leaving(data)),
        ("What makes more leave", _shaking(data)),
        ("Who follows", succession(data["succession"])),
        ("Who is hired", hiring(data["hiring"])),
        ("What is planned", _planned(data)),
        ("What is done, and what it costs", _paid(data)),
        ("What this rests on", _sources(data)),
        ("Variants", _variants(data)),
    ):
        lines = list(part)
        if lines:
            parts += [Text(), Text(heading, style="bold underline"), *lines]
    return Group(*parts)


def _head(data: Data) -> Iterator[RenderableType]:
    yield line((data["title"], "bold"), (f"  variant {data['variant']}" if data["variant"] else "", "cyan"))
    if data["story"]:
        yield line(" ".join(data["story"].split()))
    period, seen = data["period"], data["opening"]
    known = f", as known on {seen['known']}" if seen["known"] else ""
    yield Text()
    yield line(
        (seen["organization"], "bold"), " from ", (period["from"], "bold"), " until ", (period["until"], "bold"),
        f": {words.counted(period['days'], 'day')}, beginning with the chart of the first day{known}.",
    )  # fmt: skip
    yield line(_replications(data["replications"]), f", from seed {data['seed']}.")
    report = data["report"]
    told = words.listed(report["measures"]) if report["measures"] else "all measures"
    yield line(f"Reported every {report['every']}: {told}; gaps of {report['posts']} ({report['count']} now).")


def _replications(data: Data) -> str:
    if data["measure"] is None:
        return f"{data['least']:,} replications"
    return (
        f"At least {data['least']:,} replications and at most {data['most']:,}, until the mean of {data['measure']} "
        f"is known to ± {words.share(data['half_width'])}"
    )


def people(counted: Data) -> str:
    """How many people, and who they are if they are few."""
    count = words.number(counted["people"])
    names = counted["names"]
    if names and len(names) <= FEW and round(counted["people"]) == len(names):
        return words.listed(names)
    return f"about {count}" if counted["people"] != round(counted["people"]) else count


# ------------------------------------------------------------------------------------------------------- the opening


def _opening(data: Data) -> Iterator[RenderableType]:
    seen = data["opening"]
    vacant = seen["vacant"]
    some = {0: "no post of the ledger is", 1: "one post of the ledger is"}.get(len(vacant))
    some = f"; {some or f'{len(vacant)} posts of the ledger are'} vacant"
    named = f"{seen['named']:,} of them by name" if data["population"] else "all by name"
    who = f": {words.listed(vacant)}" if 0 < len(vacant) <= MANY else ""
    yield line(
        (words.number(seen["people"]), "bold"), f" people, {named}, and ",
        (f"{seen['posts']:,}", "bold"), f" posts{some}{who}.",
    )  # fmt: skip
    if seen["critical"]:
        empty = seen["critical_vacant"]
        now = f"; vacant of these: {words.listed(empty)}" if empty else ", none of them vacant"
        yield line(
            f"{words.counted(seen['critical'], 'post')} {'is' if seen['critical'] == 1 else 'are'} critical{now}."
        )
    else:
        yield line(("No post is critical, so no leadership gap will be counted.", "dim"))
    for group in data["population"]:
        level = f", level {group['level']}" if group["level"] else ""
        tenure = {"new": "all new on the first day", "stationary": "tenures as in the long run"}
        there = tenure.get(group["tenure"], f"tenure {group['tenure']}")
        empty = group["count"] - group["people"]
        some = f", about {words.number(empty)} of them vacant" if empty else ""
        what = f"{group['count']:,} × {group['title'] or group['id']} in {group['unit']}{level}"
        yield line(
            f"Not named: {what}; {there}{some} ",
            (f"({group['source']})", "dim"),
        )


# ----------------------------------------------------------------------------------------------------------- leaving


def _leaving(data: Data) -> Iterator[RenderableType]:
    for cause in data["attrition"]:
        yield from _cause(cause)
    if not data["attrition"]:
        yield line("Nobody leaves by chance: there is no attrition.")
        return
    found = data["departures_first_year"]
    share = found["expected"] / found["people"] if found["people"] else 0.0
    within = "the first year" if found["days"] >= DAYS_PER_YEAR - 1 else f"these {words.days(found['days'])}"
    yield Text()
    yield line(
        "In all, ", (f"about {words.number(found['expected'])} of {words.number(found['people'])} people", "bold"),
        f" ({words.share(share)}) leave within {within}, if nothing else happens.",
    )  # fmt: skip


_CLOCKS = {"organization": "years employed", "post": "years in post", "age": "age"}


def _cause(cause: Data) -> Iterator[RenderableType]:
    table = plain_table("", "people", "leave within a year", "hazard", "source")
    for rule in cause["rules"]:
        if rule["yearly"] is not None:
            yearly = words.share(rule["yearly"])
        else:
            yearly = f"now {words.share(rule['yearly_now'])}" if rule["yearly_now"] is not None else "varies"
        source = styled(rule["source"]) if rule["source"] else Text("none", style="yellow")
        table.add_row(styled(rule["where"]), styled(people(rule)), yearly, rule["hazard"], source)
    clock = f", by {_CLOCKS[cause['clock']]}" if cause["clock"] != "organization" else ""
    yield line((cause["cause"].replace("-", " ").capitalize(), "bold"), clock)
    yield table
    for rule in cause["rules"]:
        if rule["yearly_by_age"]:
            ages = [f"{words.share(chance)} at {age.split()[0]}" for age, chance in rule["yearly_by_age"].items()]
            yield line(f"For {rule['where']}, by {_CLOCKS[cause['clock']]}: {words.listed(ages)}.")
    for rule in cause["rules"]:
        if not rule["people"]:
            yield line(("Nobody falls under ", "yellow"), f"rule {rule['number']} ({rule['where']}) on the first day.")
    if cause["matched_by_none"]["people"]:
        yield line(f"No rule matches {people(cause['matched_by_none'])}: they do not leave for this cause.")
    if cause["without_birth"]["people"]:
        yield line(f"Date of birth not told: {people(cause['without_birth'])}; they do not leave for this cause.")


_HITS = {"reports": "those who report to them", "peers": "their peers", "manager": "their manager"}


def _shaking(data: Data) -> Iterator[RenderableType]:
    for item in data["contagion"]:
        exits = (
            words.listed([reason.replace("-", " ") for reason in item["exits"]], "or") if item["exits"] else "any exit"
        )
        begin = f"beginning {words.days(item['after'])} later, " if item["after"] else ""
        several = "the strongest counts" if item["combine"] == "max" else "several multiply"
        limit = f", up to × {item['at_most']:g}" if item["at_most"] is not None else ""
        yield line(
            (item["id"], "bold"), f": {exits} of {item['of']} (now {people(item['setting_off'])}) multiplies ",
            f"the hazard of {item['cause']} of {_HITS[item['hits']]} by ", (f"{item['times']:g}", "bold"),
            f", {begin}for {words.days(item['for'])}; {several}{limit}.",
        )  # fmt: skip
    for item in data["shocks"]:
        yield line((item["id"], "bold"), f": {_shock(item)}.")


def _shock(item: Data) -> str:
    when = f"on {item['from']}" if item["from"] == item["to"] else f"some day from {item['from']} to {item['to']}"
    if item["is"] == "group":
        about = f"(about {words.number(item['people'])} people)"
        who = f"{words.share(item['share'])} of {item['who'] or 'everybody'} {about}"
    else:
        who = f"whoever holds {item['who']}" if item["is"] == "post" else item["who"]
    maybe = "" if item["probability"] == 1 else f"with a chance of {words.share(item['probability'])}, "
    later = f", leaving {words.days(item['notice'])} later" if item["notice"] else ""
    to = f", to join {item['join']}" if item["join"] else ""
    return f"{maybe}{when}, {who} goes ({item['reason'].replace('-', ' ')}){later}{to}"


# ----------------------------------------------------------------------------------------------------- what is changed


def _planned(data: Data) -> Iterator[RenderableType]:
    for event in data["events"]:
        announced = (" (announced in the ledger)", "dim") if event["announced"] else ""
        yield line((event["date"], "bold"), f"  {event['what']}", announced)
    for item in data["growth"]:
        first, last = item["dates"][0], item["dates"][-1]
        when = f"on {first}" if first == last else f"{len(item['dates'])} times from {first} to {last}"
        under = f", reporting to {item['under']}" if item["under"] else ""
        yield line(
            (item["id"], "bold"),
            f": {item['add']} more like {item['like']} {when}, {item['posts']} posts in all{under}.",
        )
    for item in data["reorganization"]:
        for what in (*item["units"], *item["posts"], *item["close"]):
            yield line((item["date"], "bold"), f"  {what}")


def _paid(data: Data) -> Iterator[RenderableType]:
    money = data["cost"]["currency"] if data["cost"] is not None else ""
    for item in data["interventions"]:
        effects = [f"the hazard of {cause} × {factor:g}" for cause, factor in item["hazards"].items()]
        effects += [f"the stage {stage} takes × {factor:g}" for stage, factor in item["stages"].items()]
        cost = f"; it costs about {_amount(item['cost_charged'], money)}" if item["cost"] else ""
        if item["cost_charged"] != item["cost"]:
            cost += f" until the scenario ends, of {_amount(item['cost'], money)} in all"
        yield line(
            (item["id"], "bold"), f", {item['from']} until {item['until']}, for {item['where']} ",
            f"(now {words.number(item['people'])} people): {words.listed(effects)}{cost}.",
        )  # fmt: skip
    if data["cost"] is not None:
        cost = data["cost"]
        shares = (
            ("a vacancy", cost["vacancy"], " of the post's salary a year"),
            ("acting", cost["acting"], " of the post's salary a year"),
            ("a hire", cost["hire"], " of a year's salary"),
        )
        told = [f"{what} costs {words.share(part)}{of}" for what, part, of in shares if part]
        pay = [f"{_amount(s['amount'], money)} for {s['where']}" for s in cost["salaries"]]
        yield line(f"Salaries: {words.listed(pay)}.", f" {words.listed(told).capitalize()}." if told else "")


def _amount(value: float, currency: str) -> str:
    return f"{value:,.0f} {currency}".strip()


# ------------------------------------------------------------------------------------------------------------ the rest


def _sources(data: Data) -> Iterator[RenderableType]:
    for item in data["assumptions"]:
        source = (f" ({item['source']})", "dim") if item["source"] else (" (no source is given)", "yellow")
        yield line("- ", " ".join(item["text"].split()), source)
    if data["without_source"]:
        yield line(("Assumed without a source: ", "yellow"), f"{words.listed(data['without_source'])}.")


def _variants(data: Data) -> Iterator[RenderableType]:
    for name, changes in data.get("variants", {}).items():
        yield line((name, "bold"), "" if changes else ": nothing is different")
        yield from (line("  ", change) for change in changes)
