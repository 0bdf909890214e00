"""The keys of a scenario that tell how posts are filled: succession and hiring."""

from orgsim.reading.scenario_keys import (
    CHANCE,
    DURATION,
    ID,
    NAME,
    PERSON,
    POSTS,
    SHARE,
    SOURCE,
    YES_NO,
    in_order,
    only_with,
)
from orgsim.reading.scenario_laws import LAW, LAW_OR_NEVER
from orgsim.reading.scenario_shapes import Choice, Date, Entry, Form, Key, KeysError, Many, Ref, Table, Value

SUCCESSOR = Form(
    "a successor",
    "A person on the plan of a post.",
    {
        "person": Key(PERSON, "Who.", required=True),
        "ready": Key(Ref("label", "name", ("now",)), "When: `now`, or a label of `readiness`; `now` if not given."),
        "rated": Key(Value("day"), "The day of the rating; the first day if not given."),
    },
    short=PERSON,
)


def _each_once(entry: Entry) -> None:
    """Nobody is a successor twice on one plan."""
    names = [item if isinstance(item, str) else item["person"] for item in entry["successors"] or ()]
    for at, name in enumerate(names):
        if name in names[:at]:
            hint = "keep the place that counts"
            raise KeysError("id-given-twice", f"{name!r} is twice on this plan", hint, "successors")


PLAN = Form(
    "a plan",
    "The succession plan of a post.",
    {
        "successors": Key(Many(SUCCESSOR), "The successors, the first choice first."),
        "emergency": Key(PERSON, "Who steps in in an emergency."),
    },
    check=_each_once,
)
PROMOTE = Form(
    "promote",
    "How posts are filled from within.",
    {
        "where": Key(POSTS, "Which posts; all if not given."),
        "candidates": Key(Choice(("plan", "reports", "below")), "Who is looked at; `plan` if not given."),
        "internal": Key(SHARE, "How often others than the plan's successors are looked at; always if not given."),
        "choose": Key(Choice(("tenure", "random")), "Who of them comes first; `tenure` if not given."),
        "decide_in": Key(LAW, "How long a decision takes; none if not given."),
        "accept": Key(CHANCE, "How often a candidate accepts; always if not given."),
        "stay": Key(DURATION, "How long after a promotion somebody is not promoted again; 365 d if not given."),
    },
)
ACTING = Form(
    "acting",
    "Acting cover for vacant posts.",
    {
        "where": Key(POSTS, "Which posts; critical ones if not given."),
        "after": Key(DURATION, "How long after the post fell vacant; at once if not given."),
        "candidates": Key(
            Many(Choice(("emergency", "successors", "deputy", "manager")), empty=False), "Who is asked, in this order."
        ),
        "at_most": Key(Value("positive-duration"), "How long it may last; without end if not given."),
        "span": Key(Value("positive"), "How many posts one person may act for; 1 if not given."),
    },
)
SUCCESSION = Form(
    "succession",
    "Plans on posts, promotion, acting cover.",
    {
        "plans": Key(Table(Ref("plan-post"), PLAN, "write one 'POST: {successors: [...]}' for each"), "Plans by post."),
        "readiness": Key(
            Table(NAME, LAW_OR_NEVER, "write one 'LABEL: LAW' for each"), "When a label comes true, after the rating."
        ),
        "promote": Key(PROMOTE, "How posts are filled from within."),
        "acting": Key(ACTING, "Acting cover."),
        "backfill": Key(Choice(("always", "critical", "never")), "Which posts left by a promotion are filled again."),
    },
)

# ------------------------------------------------------------------------------------------------------------- hiring

RECRUITERS = Form(
    "a pool of recruiters",
    "Recruiters, each of whom works on one requisition at a time.",
    {
        "id": Key(ID, "Its name.", required=True),
        "count": Key(Value("positive"), "How many.", required=True),
        "where": Key(POSTS, "For which posts; all if not given."),
    },
)
STAGE = Form(
    "a stage",
    "A stage of hiring.",
    {
        "id": Key(ID, "Its name.", required=True),
        "takes": Key(LAW, "How long it takes.", required=True),
        "recruiter": Key(YES_NO, "Whether it keeps a recruiter busy."),
        "accept": Key(CHANCE, "How often it succeeds; always if not given."),
        "else": Key(Ref("stage"), "With `accept`: the stage to go back to; this one again if not given."),
    },
    check=lambda entry: only_with(entry, "else", "'accept'", holds="accept" in entry),
)
FREEZE = Form(
    "a freeze",
    "A hiring freeze, and what happens to work in flight.",
    {
        "id": Key(ID, "Its name.", required=True),
        "from": Key(Date(), "The first day.", required=True),
        "until": Key(Value("day"), "The first day after it; to the end if not given."),
        "except": Key(POSTS, "Posts it does not cover."),
        "pending": Key(Choice(("pause", "continue", "cancel", "suspend")), "What happens to work in flight."),
        "promotions": Key(Choice(("go-on", "stop")), "Whether promotions go on."),
        "source": SOURCE,
    },
    check=lambda entry: in_order(entry, "from", "until"),
)
HIRING = Form(
    "hiring",
    "How posts are filled from outside.",
    {
        "where": Key(POSTS, "Which posts; all if not given."),
        "recruiters": Key(Many(RECRUITERS), "Pools of recruiters; the first that matches a post works for it."),
        "approve_in": Key(LAW, "How long the approval of a requisition takes."),
        "order": Key(Many(Choice(("critical", "level", "age"))), "Who gets a recruiter first; `[age]` if not given."),
        "stages": Key(Many(STAGE, empty=False), "The stages, in order.", required=True),
        "freezes": Key(Many(FREEZE), "Hiring freezes."),
        "age": Key(LAW, "The age of those hired, for causes by age."),
    },
)
