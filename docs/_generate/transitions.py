"""The page of legal moves, made from the tables of `orgsim.transitions`."""

from docs._generate.markdown import NOTICE, table
from orgsim.transitions import PERSON, POST, UNIT, Table

INTRO = """\
# Legal moves

What may happen to a person, a post and a unit, and what follows.
A row is a state, a column a kind of event.
The cell says the state that follows, or names the [rule](rules.md) that refuses.
Where several states are named, the rest of the event decides: how many seats there are, and whether somebody acts.
These are the tables that the program itself executes; what else must hold is told by the other rules.
"""
PARTS = (
    (
        "A person in an organization",
        PERSON,
        """\
`hire` and `depart` are about one organization, and a person may be employed in several.
A leave is of the person: it lasts until it ends, or until the last employment does.
Members of boards and committees need no employment, so seats there do not appear here.""",
    ),
    (
        "A post",
        POST,
        """\
A post is *vacant* without holders of any kind, *covered* when all its holders are acting, \
*partly held* when it has substantive holders and free seats, and *full* when no seat is free.
Both *vacant* and *covered* posts count as vacancies: acting cover does not fill a post.
A post with `seats: any` is never full.
*Full* does not keep anybody from covering the post as acting, who takes no seat; \
a further substantive holder is refused as [post-is-full](rules.md#post-is-full).""",
    ),
    (
        "A unit",
        UNIT,
        """\
`close-unit` without `into` also needs the unit to be empty: [unit-not-empty](rules.md#unit-not-empty).
Who opens a closed unit or creates an abolished post again gets a new one of the same id.""",
    ),
)


def page() -> str:
    """The page as Markdown."""
    parts = [INTRO, f"{NOTICE}\n"]
    for title, moves, notes in PARTS:
        parts.append(f"## {title}\n\n{notes}\n\n{_moves(moves)}\n")
    return "\n".join(parts)


def _moves(moves: Table) -> str:
    states = list(dict.fromkeys(state for state, _ in moves))
    kinds = list(dict.fromkeys(kind for _, kind in moves))
    header = ["", *(f"[`{kind}`](events.md#{kind})" for kind in kinds)]
    return table(header, ([f"*{state}*", *(_cell(moves[state, kind]) for kind in kinds)] for state in states))


def _cell(follows: tuple[str, ...] | str) -> str:
    if isinstance(follows, str):
        return f"refused: [{follows}](rules.md#{follows})"
    return " or ".join(follows)
