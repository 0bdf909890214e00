"""Posts that are not simulated but may be planned: those of other organizations, and of boards and committees.

Nothing happens to them by luck.  `run.elsewhere` tells for each post who holds it, in order of appointment, and
whether they only act.
"""

from orgsim.events import Appoint, Vacate
from orgsim.model import personal_post
from orgsim.simulate.run import Run
from orgsim.simulate.state import PostState


def firm(run: Run, post: PostState) -> int:
    """How many people hold a post that is not home substantively."""
    return sum(not acting for acting in run.elsewhere.get(post.id, {}).values())


def appoint_elsewhere(run: Run, event: Appoint, post: PostState, person: str) -> bool:
    """Somebody is appointed who is employed there; on a board or committee that may be anybody."""
    here = run.elsewhere.get(post.id, {})
    employer = run.employer(post.facts.unit)
    if employer is not None and employer not in run.outsiders.get(person, frozenset()):
        return False
    if person not in run.known or (person in here and (event.acting or not here[person])):
        return False
    if not event.acting:
        if post.free - firm(run, post) < 1:
            return False
        relieve_elsewhere(run, post, person)
    run.elsewhere.setdefault(post.id, {})[person] = event.acting
    run.write("event", person, post.id, event)
    own = run.posts.get(personal_post(person, employer)) if employer is not None else None
    if own is not None and own.id in run.elsewhere and not (event.acting and run.has_lines(own)):
        del run.elsewhere[own.id]
        run.hand_over(own, post)
    return True


def relieve_elsewhere(run: Run, post: PostState, keep: str | None = None) -> None:
    """Whoever acts for a post stops, in the order of their appointment."""
    for person, acting in list(run.elsewhere.get(post.id, {}).items()):
        if acting and person != keep:
            _give_up(run, post, person)


def vacate_elsewhere(run: Run, event: Vacate, post: PostState, person: str) -> bool:
    """Somebody gives up a post."""
    if person not in run.elsewhere.get(post.id, {}):
        return False
    run.write("event", person, post.id, event)
    _drop(run, post, person)
    return True


def empty_elsewhere(run: Run, post: PostState) -> None:
    """Everybody gives up a post, those who act last."""
    here = run.elsewhere.get(post.id, {})
    for person in sorted(here, key=here.__getitem__):
        _give_up(run, post, person)


def leave_elsewhere(run: Run, person: str, organization: str) -> None:
    """Who leaves another organization keeps no post of it."""
    for post in _posts_of(run, person, organization):
        del run.elsewhere[post.id][person]
        run.close_if_idle(post)


def join_elsewhere(run: Run, person: str, organization: str) -> None:
    """Whoever has no other post there has a personal one; one that stood because others report to it is theirs."""
    own = run.posts.get(personal_post(person, organization))
    if own is not None and organization in run.outsiders[person] and not _posts_of(run, person, organization):
        run.elsewhere[own.id] = {person: False}


def _posts_of(run: Run, person: str, organization: str) -> list[PostState]:
    held = [run.posts[id_] for id_, here in run.elsewhere.items() if person in here and id_ in run.posts]
    return [post for post in held if run.employer(post.facts.unit) == organization]


def _give_up(run: Run, post: PostState, person: str) -> None:
    run.write("vacate", person, post.id)
    _drop(run, post, person)


def _drop(run: Run, post: PostState, person: str) -> None:
    del run.elsewhere[post.id][person]
    employer = run.employer(post.facts.unit)
    if employer is not None:
        join_elsewhere(run, person, employer)
