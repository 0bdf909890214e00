"""The keys of a scenario that tell who is there and who leaves: populations, attrition, contagion, shocks."""

from typing import Any

from yaml.events import ScalarEvent

from orgsim.errors import did_you_mean
from orgsim.events import REASONS
from orgsim.reading.compose import Mapping, Node
from orgsim.reading.scenario_keys import (
    CHANCE,
    DURATION,
    ID,
    NAME,
    PEOPLE,
    PERSON,
    POST,
    SOURCE,
    TEXT,
    UNIT,
    YES_NO,
    one_of,
    only_with,
)
from orgsim.reading.scenario_laws import HAZARD, TENURE
from orgsim.reading.scenario_shapes import (
    Choice,
    Date,
    Entry,
    Form,
    Key,
    KeysError,
    Kind,
    Many,
    Ref,
    Schema,
    Value,
    Walker,
)

ASSUMPTION = Form(
    "an assumption",
    "Something the scenario takes for granted.",
    {"text": Key(TEXT, "What is assumed.", required=True), "source": SOURCE},
    short=TEXT,
)
PERSON_FORM = Form(
    "a person",
    "What the ledger does not say of a person.",
    {"born": Key(Value("day"), "The day of birth.", required=True)},
)
POPULATION = Form(
    "a population",
    "People who are counted and not named: posts `ID/1`, `ID/2`, ... with one holder each.",
    {
        "id": Key(ID, "The beginning of the ids of the posts.", required=True),
        "count": Key(Value("positive"), "How many posts.", required=True),
        "unit": Key(UNIT, "The unit they belong to.", required=True),
        "title": Key(NAME, "Their title."),
        "reports_to": Key(Ref("post", words=("none",)), "The post they report to."),
        "level": Key(Ref("own-level", "name"), "Their level."),
        "critical": Key(YES_NO, "Whether they are critical."),
        "tenure": Key(TENURE, "How long they have been there: `new`, `stationary`, or the law of it."),
        "vacant": Key(
            Value("share", ("stationary",)), "The share of posts that are vacant at the start, or `stationary`."
        ),
        "source": Key(TEXT, "Where the number comes from.", required=True),
    },
)

# ---------------------------------------------------------------------------------------------------------- who leaves

RULE = Form(
    "a rule of attrition",
    "The hazard of those it is about.",
    {
        "where": Key(PEOPLE, "Whom it is about; everybody if not given."),
        "hazard": Key(HAZARD, "The hazard.", required=True),
        "source": SOURCE,
    },
)


def _clock(entry: Entry) -> None:
    on_tenure = any("tenure" in rule["where"] for rule in entry["rules"] if rule["where"] is not None)
    if on_tenure and entry["clock"] not in (None, "organization"):
        hint = "use 'clock: organization', or rules without 'tenure'"
        raise KeysError(
            "not-together", f"'clock: {entry['clock']}' and a rule on 'tenure' do not go together", hint, "clock"
        )


CAUSE = Form(
    "a cause",
    "Rules of one cause of departure; the first that matches a person counts.",
    {
        "clock": Key(Choice(("organization", "post", "age")), "What the time of the hazards runs on."),
        "rules": Key(Many(RULE, empty=False), "The rules, the first that matches counts.", required=True),
    },
    check=_clock,
)


class CauseKind(Kind):
    """A cause with its rules, or the one hazard of everybody."""

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """A mapping without any key of a cause is a hazard."""
        is_cause = isinstance(node, Mapping) and any(did_you_mean(word, CAUSE.keys) for word in node.items)
        return (CAUSE if is_cause else HAZARD).read(at, key, node)

    def schema(self) -> Schema:
        """Either."""
        return {"anyOf": [HAZARD.schema(), CAUSE.schema()]}


def _limit(entry: Entry) -> None:
    only_with(entry, "at_most", "'combine: multiply'", holds=entry["combine"] == "multiply")
    if "at_most" in entry and (entry["at_most"] - 1) * (entry["times"] - 1) < 0:
        hint = "give a limit on the same side of 1 as 'times'"
        raise KeysError("not-together", "'at_most' and 'times' pull in different directions", hint, "at_most")


CONTAGION = Form(
    "a contagion",
    "An exit that multiplies the hazard of others for a time.",
    {
        "id": Key(ID, "Its name.", required=True),
        "exits": Key(Many(Value("cause"), single=True, empty=False), "The causes that set it off; all if not given."),
        "of": Key(PEOPLE, "Whose exits set it off; everybody's if not given."),
        "hits": Key(Choice(("reports", "peers", "manager")), "Whom it hits; `reports` if not given."),
        "cause": Key(Ref("cause", "cause"), "The cause whose hazard it multiplies; `resignation` if not given."),
        "times": Key(Value("factor"), "What the hazard is multiplied by.", required=True),
        "after": Key(DURATION, "How long after the exit it begins; at once if not given."),
        "for": Key(Value("positive-duration"), "How long it lasts.", required=True),
        "combine": Key(Choice(("max", "multiply")), "How several add up on one person; `max` if not given."),
        "at_most": Key(Value("factor"), "The most that `combine: multiply` comes to."),
        "source": SOURCE,
    },
    check=_limit,
)


def _window(entry: Entry) -> None:
    if entry["to"] < entry["from"]:
        raise KeysError(
            "empty-period", f"the window ends on {entry['to']}, before it begins", "write a later day", "to"
        )


WINDOW = Form(
    "a window of days",
    "Any day from the first to the last alike.",
    {
        "from": Key(Date(), "The first day.", required=True),
        "to": Key(Date(), "The last day.", required=True),
    },
    short=Date(),
    check=_window,
)


def _target(entry: Entry) -> None:
    one_of(entry, "post", "person", "where")
    only_with(entry, "share", "'where'", holds="where" in entry)


SHOCK = Form(
    "a shock",
    "An exit that happens whatever the hazards say: of a post's holders, a person, or a share of a group.",
    {
        "id": Key(ID, "Its name.", required=True),
        "date": Key(WINDOW, "The day it happens, or a window.", required=True),
        "post": Key(POST, "The post whose holders leave."),
        "person": Key(PERSON, "Or the person who leaves."),
        "where": Key(PEOPLE, "Or the group of which a share leaves."),
        "share": Key(CHANCE, "With `where`: the share that leaves; all if not given."),
        "probability": Key(CHANCE, "How likely it is to happen; certain if not given."),
        "reason": Key(Choice(REASONS), "The reason of the departures; `resignation` if not given."),
        "notice": Key(DURATION, "How much later they leave; at once if not given."),
        "to": Key(Ref("organization"), "The organization they join."),
        "source": SOURCE,
    },
    check=_target,
)
