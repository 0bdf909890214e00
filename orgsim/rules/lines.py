"""Rules about reporting lines: between whom they may run, and never in a circle."""

from orgsim.events import Report
from orgsim.lookups import by_rank, manager_post, open_post, organization_of
from orgsim.model import Person, Post
from orgsim.rules.ids import unknown_person, unknown_target, unknown_unit
from orgsim.rules.moves import post_transition
from orgsim.rules.posts import reports_to_itself
from orgsim.rules.refusal import Refusal, places
from orgsim.timeline import State


def post_of(id_: str, organization: str | None, state: State) -> Post | Refusal:
    """The post a line given for a person means: the primary one, in the organization if given."""
    person = state.person(id_)
    if person is None:
        return unknown_person(id_, state) or Refusal("unknown-person", id_)
    posts = by_rank(state, person)
    here = [post for post in posts if organization_of(state, post) == organization]
    posts = here or posts
    if not posts:
        return has_no_post(id_)
    first = posts[0].held_by(id_)
    places = {organization_of(state, post) for post in posts}
    if len(places) > 1 and not (first and first.primary):
        return ambiguous_person(id_, posts, state)
    return posts[0]


def has_no_post(person: str) -> Refusal:
    """A line given for a person means one of their posts, so the person must hold one."""
    message = f"{person!r} holds no post on that day, and is not employed"
    return Refusal("has-no-post", message, "hire or appoint the person first, or name a post", about=(person,))


def ambiguous_person(person: str, posts: list[Post], state: State) -> Refusal:
    """A line given for a person with posts in several organizations must say which post is meant."""
    names = ", ".join(f"{post.id!r} in {organization_of(state, post)!r}" for post in posts)
    message = f"{person!r} holds posts in several organizations: {names}"
    return Refusal(
        "ambiguous-person", message, "name the post, or mark one appointment 'primary: true'", about=(person,)
    )


def ends(event: Report, state: State) -> tuple[Post, str] | Refusal:
    """The reporting post and the id at the other end of a `report`, people resolved to their posts."""
    if event.post is not None:
        refusal = post_transition(event.post, event.kind, state)
        post = state.post(event.post)
        if refusal is not None or post is None:
            return refusal or Refusal("unknown-post", event.post)
    else:
        found = post_of(event.person or "", event.organization, state)
        if isinstance(found, Refusal):
            return found
        post = found
    if event.to in ("none", "unknown"):
        return post, event.to
    refusal = unknown_target(event.to, state)
    if refusal is not None:
        return refusal
    if isinstance(state.get(event.to), Person):
        other = post_of(event.to, organization_of(state, post), state)
        return other if isinstance(other, Refusal) else (post, other.id)
    return post, event.to


def no_such_line(event: Report, post: Post, to: str) -> Refusal | None:
    """A line ends that exists."""
    dotted = event.line == "dotted"
    if not event.end or any(line.to == to and line.dotted == dotted for line in post.lines):
        return None
    now = ", ".join(f"{'dotted' if line.dotted else 'solid'} to {line.to!r}" for line in post.lines) or "none"
    message = f"{post.id!r} has no {event.line} line to {to!r} on {event.date}; its lines: {now}"
    return Refusal("no-such-line", message, "correct 'to' or 'line', or remove this")


def check_report(event: Report, state: State) -> Refusal | None:
    """All that must hold for `report`."""
    if event.organization is not None and state.index.ids.get(event.organization) != "unit":
        return unknown_unit(event.organization, state)
    found = ends(event, state)
    if isinstance(found, Refusal):
        return found
    post, to = found
    return reports_to_itself(post.id, to) or no_such_line(event, post, to)


def reporting_cycle(post: str, state: State, safe: set[str]) -> Refusal | None:
    """At the end of a day, no post reports to itself by way of others.

    `safe` are posts whose way up is known to end; those found are added.
    """
    if post not in state.index.reporters:
        start = open_post(state, post)
        if start is None or start.heads is None:  # nothing ever reports to it, so nothing comes back to it
            return None
    path = {post: None}  # in order
    at: str | None = post
    while at is not None:
        at = _above(at, state)
        if at is None or at in safe:
            safe.update(path)
            return None
        if at in path:
            break
        path[at] = None
    ways = list(path)
    circle = [*ways[ways.index(at or "") :], at or ""]
    if post not in circle:
        return None
    message = "reporting lines run in a circle: " + " → ".join(map(repr, circle))
    lines = (open_post(state, id_) for id_ in circle[:-1])
    where = places(*(p.line.event for p in lines if p is not None and p.line is not None))
    return Refusal("reporting-cycle", message, "end or change one of these lines", where, tuple(circle))


def _above(post: str, state: State) -> str | None:
    """The post that another reports to, by a solid line to it or to the unit it heads."""
    at = open_post(state, post)
    above = manager_post(state, at) if at is not None else None
    return above.id if above is not None else None
