"""The keys that many parts of a scenario share: conditions on posts and people, sources, and which keys go together."""

from orgsim.reading.scenario_shapes import Entry, Form, Key, KeysError, Many, Ref, Value

TEXT, ID, NAME = Value("text"), Value("id"), Value("name")
POST, PERSON, UNIT = Ref("post"), Ref("person"), Ref("unit")
SHARE, CHANCE, DURATION, YES_NO = Value("share"), Value("chance"), Value("duration"), Value("yes-no")
SOURCE = Key(TEXT, "Where it comes from.")


def one_of(entry: Entry, *keys: str) -> None:
    """Exactly one of the keys is given."""
    given = [key for key in keys if key in entry]
    if not given:
        raise KeysError("missing-key", f"one of {', '.join(map(repr, keys))} is missing", "give one of them")
    if len(given) > 1:
        message = f"{' and '.join(map(repr, given))} do not go together"
        raise KeysError("not-together", message, "keep one of them", given[1])


def only_with(entry: Entry, key: str, other: str, *, holds: bool) -> None:
    """A key is given only where something else holds."""
    if key in entry and not holds:
        hint = f"give {other}, or remove it"
        raise KeysError("not-together", f"{key!r} means something only with {other}", hint, key)


def in_order(entry: Entry, first: str, last: str) -> None:
    """A period ends after it begins."""
    if entry[first] is not None and entry[last] is not None and entry[last] <= entry[first]:
        message = f"{last!r} is not after {first!r}: nothing is left between {entry[first]} and {entry[last]}"
        raise KeysError("empty-period", message, f"'{last}' is the first day no longer in it: write a later one", last)


# ------------------------------------------------------------------------------------------------------- conditions


def _either(entry: Entry) -> None:
    for one, many in (("post", "posts"), ("person", "people"), ("unit", "units"), ("level", "levels")):
        if one in entry and many in entry:
            hint = f"write {many}: [...] with all of them"
            raise KeysError("not-together", f"{one!r} and {many!r} do not go together", hint, many)


def _tenure(entry: Entry) -> None:
    under, over = entry["under"], entry["over"]
    if under is None and over is None:
        raise KeysError("missing-key", "one of 'under', 'over' is missing", "give one of them, or both")
    if under is not None and over is not None and under <= over:
        hint = "'over' is the shorter one: {over: 1 y, under: 5 y} is from one year to five"
        raise KeysError("empty-period", "no tenure is over the one and under the other", hint, "over")


_OF_POSTS = {
    **{word: Key(Many(POST, single=True, empty=False), "One of these posts.") for word in ("post", "posts")},
    **{
        word: Key(Many(UNIT, single=True, empty=False), "In one of these units, or below.")
        for word in ("unit", "units")
    },
    **{
        word: Key(Many(Ref("level", "name"), single=True, empty=False), "Of one of these levels.")
        for word in ("level", "levels")
    },
    "critical": Key(YES_NO, "Critical, or not."),
}
_TENURE = Form(
    "a condition on tenure",
    "How long somebody has been in the organization: at least `over`, less than `under`.",
    {"under": Key(Value("positive-duration"), "Less than that."), "over": Key(DURATION, "At least that.")},
    check=_tenure,
)
POSTS = Form("a condition on posts", "Which posts are meant: all conditions must hold.", _OF_POSTS, check=_either)
PEOPLE = Form(
    "a condition on people",
    "Which people are meant, by their primary post: all conditions must hold.",
    {
        **_OF_POSTS,
        **{word: Key(Many(PERSON, single=True, empty=False), "One of these people.") for word in ("person", "people")},
        "tenure": Key(_TENURE, "By tenure."),
    },
    check=_either,
)
