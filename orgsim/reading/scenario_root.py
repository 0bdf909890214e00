"""The keys at the top of a scenario file, and those that tell what is changed, paid and reported."""

from typing import Any

import attrs
from yaml.events import ScalarEvent

from orgsim.reading.compose import Mapping, Node, Sequence
from orgsim.reading.scenario_filling import HIRING, SUCCESSION
from orgsim.reading.scenario_keys import ID, NAME, PEOPLE, POST, POSTS, SOURCE, TEXT, UNIT, in_order, only_with
from orgsim.reading.scenario_leaving import ASSUMPTION, CONTAGION, PERSON_FORM, POPULATION, SHOCK, CauseKind
from orgsim.reading.scenario_shapes import (
    BAD,
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
    Table,
    Value,
    Walker,
)

VERSION = "scenario/1"


def _growth(entry: Entry) -> None:
    only_with(entry, "until", "'every'", holds="every" in entry)
    in_order(entry, "from", "until")


GROWTH = Form(
    "growth",
    "New posts `ID/1`, `ID/2`, ... like an existing one; without `every`, once.",
    {
        "id": Key(ID, "The beginning of the ids of the posts.", required=True),
        "add": Key(Value("positive"), "How many at a time.", required=True),
        "like": Key(POST, "The post whose title, level, unit and line they have.", required=True),
        "under": Key(POST, "The post they report to instead."),
        "unit": Key(UNIT, "The unit they belong to instead."),
        "from": Key(Date(), "The first day.", required=True),
        "every": Key(Choice(("month", "quarter", "year")), "How often."),
        "until": Key(Value("day"), "With `every`: the first day of no more; the end of the scenario if not given."),
        "source": SOURCE,
    },
    check=_growth,
)
MOVED_UNIT = Form(
    "a unit that moves",
    "A unit that moves under another.",
    {"unit": Key(UNIT, "Which.", required=True), "under": Key(UNIT, "The new parent.", required=True)},
)
MOVED_POST = Form(
    "a post that moves",
    "A post that comes to report to another.",
    {"post": Key(POST, "Which.", required=True), "under": Key(POST, "The post it reports to.", required=True)},
)
CLOSING = Form(
    "a post that closes",
    "A post that closes, and what becomes of its holders.",
    {
        "post": Key(POST, "Which.", required=True),
        "holder": Key(Choice(("redeploy", "layoff")), "They keep their employment, or are laid off."),
    },
    short=POST,
)
REORGANIZATION = Form(
    "a reorganization",
    "Units and posts that move, then posts that close, on one day.",
    {
        "id": Key(ID, "Its name.", required=True),
        "date": Key(Date(), "The day.", required=True),
        "units": Key(Many(MOVED_UNIT), "Units that move."),
        "posts": Key(Many(MOVED_POST), "Posts that move."),
        "close": Key(Many(CLOSING), "Posts that close."),
        "source": SOURCE,
    },
)


def _intervention(entry: Entry) -> None:
    in_order(entry, "from", "until")
    if "until" in entry and "for" in entry:
        raise KeysError("not-together", "'until' and 'for' do not go together", "keep one of them", "for")
    if not any(key in entry for key in ("hazards", "stages", "cost", "cost_per_person")):
        hint = "give 'hazards' or 'stages', or a cost"
        raise KeysError("missing-key", "the intervention changes nothing and costs nothing", hint)
    where: Any = entry["where"]
    if where is not None and "tenure" in where:
        hint = "leave 'tenure' out; what depends on tenure goes into the rules of attrition"
        message = "tenure goes on while an intervention lasts, so whom it is about would not be settled"
        raise KeysError("not-together", message, hint, "where")
    for key in ("person", "people") if "stages" in entry else ():
        if where is not None and key in where:
            message = f"'stages' are about posts, and {key!r} is about people"
            raise KeysError("not-together", message, "split it into two interventions", "stages")


INTERVENTION = Form(
    "an intervention",
    "Something done for a time, at a cost.",
    {
        "id": Key(ID, "Its name.", required=True),
        "from": Key(Date(), "The first day.", required=True),
        "until": Key(Value("day"), "The first day after it; to the end if not given."),
        "for": Key(Value("positive-duration"), "Or how long it lasts."),
        "where": Key(PEOPLE, "Whom, or which posts, it is about; all if not given."),
        "hazards": Key(
            Table(Ref("cause", "cause"), Value("factor"), "write {CAUSE: FACTOR}"), "What hazards are multiplied by."
        ),
        "stages": Key(
            Table(Ref("stage"), Value("factor"), "write {STAGE: FACTOR}"),
            "What the duration of stages is multiplied by.",
        ),
        "cost_per_person": Key(Value("amount"), "The cost for each of the group on the first day."),
        "cost": Key(Value("amount"), "The cost in all."),
        "source": SOURCE,
    },
    check=_intervention,
)
SALARY = Form(
    "a salary",
    "The yearly salary of a group; the first that matches counts.",
    {
        "where": Key(POSTS, "Which posts; all if not given."),
        "amount": Key(Value("amount"), "The yearly amount.", required=True),
    },
)
COST = Form(
    "cost",
    "What things cost, as shares of a salary.",
    {
        "currency": Key(Value("currency"), "The currency of all amounts.", required=True),
        "salaries": Key(Many(SALARY, empty=False), "Yearly salaries.", required=True),
        "vacancy": Key(Value("yearly"), "What a vacancy costs, of the salary of its post."),
        "acting": Key(Value("yearly"), "What acting costs, of the salary of the post."),
        "hire": Key(Value("percent"), "What a hire costs, of the salary of the post."),
        "source": SOURCE,
    },
)

# ---------------------------------------------------------------------------------------------------- the whole of it


def _least_most(entry: Entry) -> None:
    if entry["least"] > entry["most"]:
        raise KeysError("not-together", "'least' is more than 'most'", "write the smaller number as 'least'", "least")


PRECISION = Form(
    "a precision",
    "Run until the interval of the mean of a measure is narrow enough.",
    {
        "measure": Key(Ref("number", "name"), "The measure: gap_days, gap_days/POST, headcount@DATE.", required=True),
        "half_width": Key(Value("part"), "Half the width of the interval, as a share of the mean.", required=True),
    },
)
REPLICATIONS = Form(
    "replications",
    "How many replications: until something is known well enough.",
    {
        "least": Key(Value("positive"), "No fewer.", required=True),
        "most": Key(Value("positive"), "No more.", required=True),
        "until": Key(PRECISION, "What is to be known how well.", required=True),
    },
    short=Value("positive"),
    check=_least_most,
)
REPORT = Form(
    "a report",
    "What to report.",
    {
        "every": Key(
            Choice(("week", "month", "quarter", "year")), "How often stocks are counted; every month if not given."
        ),
        "posts": Key(POSTS, "The posts whose gaps are told; critical ones if not given."),
        "measures": Key(Many(Ref("measure", "name"), empty=False), "Which measures; all if not given."),
        "quantiles": Key(Many(Value("part"), empty=False), "Which quantiles; 5, 50 and 95 % if not given."),
    },
)


class Events(Kind):
    """Planned events: read as in a ledger, once the organization is known."""

    def read(self, at: Walker, key: ScalarEvent, node: Node) -> Any:
        """The nodes of the events."""
        if not isinstance(node, Sequence):
            return at.misfit(node, f"{key.value!r} is a list: write each event on a line of its own, after '- '")
        good = True
        for item in node.items:
            if not isinstance(item, Mapping):
                at.misfit(item, "write an event as '{date: ..., event: ..., ...}'")
            good = isinstance(item, Mapping) and at.event(item, "any-organization") is not None and good
        return tuple(node.items) if good else BAD

    def schema(self) -> Schema:
        """Events as in a ledger."""
        return {"type": "array", "items": {"$ref": "#/definitions/event"}}


_CONTENT = {
    "title": Key(NAME, "What the scenario is called.", required=True),
    "story": Key(TEXT, "What it is about."),
    "assumptions": Key(Many(ASSUMPTION), "What it takes for granted, and where that comes from."),
    "ledger": Key(TEXT, "The ledger it begins with: a file or folder, relative to this file.", required=True),
    "organization": Key(ID, "The organization; may be left out if the ledger has one on the first day."),
    "known": Key(Value("day"), "Only what was known on that day; everything if not given."),
    "from": Key(Value("day"), "The first day.", required=True),
    "until": Key(Value("day"), "The first day after it.", required=True),
    "seed": Key(Value("seed"), "What the luck depends on; 0 if not given."),
    "replications": Key(REPLICATIONS, "How many; 1000 if not given."),
    "levels": Key(Many(NAME, empty=False), "Levels of posts, from the highest down."),
    "people": Key(
        Table(Ref("anybody"), PERSON_FORM, "write one 'ID: {born: ...}' for each"), "Dates of birth, by person."
    ),
    "population": Key(Many(POPULATION), "People who are counted and not named."),
    "attrition": Key(Table(Value("cause"), CauseKind(), "write one 'CAUSE: HAZARD' for each"), "Who leaves, by cause."),
    "contagion": Key(Many(CONTAGION), "Exits that make others leave."),
    "shocks": Key(Many(SHOCK), "Exits that happen whatever the hazards say."),
    "events": Key(Events(), "Planned changes, in the words of a ledger."),
    "succession": Key(SUCCESSION, "Who follows."),
    "hiring": Key(HIRING, "How posts are filled from outside."),
    "growth": Key(Many(GROWTH), "New posts."),
    "reorganization": Key(Many(REORGANIZATION), "Units and posts that move and close."),
    "interventions": Key(Many(INTERVENTION), "What is done about it, at a cost."),
    "cost": Key(COST, "What things cost."),
    "report": Key(REPORT, "What to report."),
}
VARIANT = Form(
    "a variant",
    "What is different from the scenario; joined with it key by key.",
    {word: attrs.evolve(key, required=False) for word, key in _CONTENT.items() if word != "seed"},
)
SCENARIO = Form(
    "a scenario",
    "What may happen to an organization, from a day on.",
    {
        "orgsim": Key(Choice((VERSION,)), "The format of this file.", required=True),
        "extends": Key(TEXT, "A scenario file whose keys this one joins, relative to this file."),
        **_CONTENT,
        "variants": Key(Table(ID, VARIANT, "write one 'NAME: {...}' for each"), "Named changes of this scenario."),
    },
    check=lambda entry: in_order(entry, "from", "until"),
)
