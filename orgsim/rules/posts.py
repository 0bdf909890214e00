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
    where = places(*(line.event for p in below[:3] for line in p.lines if line.to == post))
    hint = "let them report to somebody else first"
    return Refusal("post-has-reports", f"{shown} {verb} to {post!r}", hint, where, (post,))


def seats_below_holders(event: ChangePost, state: State) -> Refusal | None:
    """A post has at least as many seats as substantive holders."""
    post = state.post(event.post)
    if post is None or event.seats is None or event.seats == "any" or event.seats >= post.taken:
        return None
    seats = "1 seat" if event.seats == 1 else f"{event.seats} seats"
    message = f"post {event.post!r} has {post.taken} holders, more than {seats}"
    where = places(*(h.event for h in post.holders))
    return Refusal("seats-below-holders", message, "vacate the post first", where)


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
    post = state.post(event.post)
    refusal = post_transition(event.post, event.kind, state)
    if refusal is None and post is not None and (event.title or event.unit or event.seats):
        refusal = personal_post(post)
    if refusal is None and post is not None and event.unit is not None:
        refusal = unknown_unit(event.unit, state) or _moves(post, event.unit, state)
    if refusal is None and event.heads is not None and event.heads != "none":
        refusal = unknown_unit(event.heads, state)
    return refusal or seats_below_holders(event, state) or _reports_to(event, state)


def _moves(post: Post, to: str, state: State) -> Refusal | None:
    """A held post stays where its holders are employed."""
    unit = state.unit(to)
    if not post.holders or unit is None:
        return None
    refusal = crosses_organizations(post.id, post.unit, to, state)
    home = state.unit(post.unit)
    if refusal is None and home is not None and home.is_body != unit.is_body:
        message = f"{post.id!r} is held, and only one of {post.unit!r} and {to!r} is a board or committee"
        refusal = Refusal("body-has-members", message, "vacate first, and appoint again afterwards", about=(post.id,))
    return refusal


def personal_post(post: Post) -> Refusal | None:
    """A person's own post is theirs while employed: it is not vacated, given to another, retitled or moved."""
    if post.personal is None:
        return None
    message = f"{post.id!r} is the personal post of {post.personal!r}, who has it while employed"
    hint = "let the person depart, or appoint them to another post; for somebody else, create a post"
    return Refusal("personal-post", message, hint, about=(post.id,))


def check_abolish_post(event: AbolishPost, state: State) -> Refusal | None:
    """All that must hold for `abolish-post`."""
    refusal = post_transition(event.post, event.kind, state)
    return refusal or post_has_reports(event.post, state)
