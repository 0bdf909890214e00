"""Rules about posts: what may be created, changed and abolished."""

from orgsim.events import AbolishPost, ChangePost, CreatePost
from orgsim.lookups import reporters
from orgsim.model import Person, Post
from orgsim.rules.ids import id_is_taken, unknown_target, unknown_unit
from orgsim.rules.moves import post_transition
from orgsim.rules.refusal import Refusal, places, some
from orgsim.rules.units import crosses_organizations
from orgsim.timeline import State

def reports_to_itself(post: str, to: str) -> Refusal | None:
    """A post does not report to itself."""
    if post != to:
        return None
    hint = "name the post above it, or 'none' if it is the top"
    return Refusal("reports-to-itself", f"{post!r} would report to itself", hint, about=(post,))


def post_has_reports(post: str, state: State) -> Refusal | None:
    """A post is abolished when no post reports to it."""
    below = reporters(state, post)
    if not below:
        return None
    shown = some([p.id for p in below])
    verb = "still reports" if len(below) == 1 else "still report"
    places = places(*(line.event for p in below[:3] for line in p.lines if line.to == post))
    hint = "let them report to somebody else first"
    return Refusal("post-has-reports", f"{shown} {verb} to {post!r}", hint, places, (post,))


def seats_below_holders(event: ChangePost, state: State) -> Refusal | None:
    """A post has at least as many seats as substantive holders."""
    post = state.post(event.post)
    if post is None or event.seats is None or event.seats == "any" or event.seats >= post.taken:
        return None
    message = f"post {event.post!r} has {post.taken} holders, more than {event.seats} seats"
    places = places(*(h.event for h in post.holders))
    return Refusal("seats-below-holders", message, "vacate first", places)


def _reports_to(event: CreatePost | ChangePost, state: State) -> Refusal | None:
    if event.reports_to is None or event.reports_to == "none":
        return None
    refusal = reports_to_itself(event.post, event.reports_to) or unknown_target(event.reports_to, state)
    if refusal is None and isinstance(state.get(event.reports_to), Person):
        message = f"{event.reports_to!r} is a person; 'reports_to' names a post or a unit"
        hint = "name the person's post, or use a 'report' event, which takes people"
        return Refusal("unknown-target", message, hint)
    return refusal


def check_create_post(event: CreatePost, state: State) -> Refusal | None:
    """All that must hold for `create-post`."""
    return (
        id_is_taken(event.post, Post, state)
        or post_transition(event.post, event.kind, state)
        or unknown_unit(event.unit, state)
        or (unknown_unit(event.heads, state) if event.heads is not None else None)
        or _reports_to(event, state)
    )


def check_change_post(event: ChangePost, state: State) -> Refusal | None:
    """All that must hold for `change-post`."""
    refusal = post_transition(event.post, event.kind, state)
    if refusal is None and event.unit is not None:
        post = state.post(event.post)
        refusal = unknown_unit(event.unit, state)
        if refusal is None and post is not None and post.holders:
            refusal = crosses_organizations(event.post, post.unit, event.unit, state)
    if refusal is None and event.heads is not None and event.heads != "none":
        refusal = unknown_unit(event.heads, state)
    return refusal or seats_below_holders(event, state) or _reports_to(event, state)


def check_abolish_post(event: AbolishPost, state: State) -> Refusal | None:
    """All that must hold for `abolish-post`."""
    return post_transition(event.post, event.kind, state) or post_has_reports(event.post, state)
