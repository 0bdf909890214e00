"""Planned changes of units: they open, move, become a board or cease to be one, merge and close."""

from orgsim.events import ChangeUnit, CloseUnit, OpenUnit
from orgsim.model import BODIES
from orgsim.simulate.flows.structure import may_move, move_unit, reconcile
from orgsim.simulate.run import Run
from orgsim.simulate.state import PostState


def open_unit(run: Run, event: OpenUnit) -> bool:
    """A unit is there, if it is not already, because closing it was missed."""
    if event.unit in run.parents:
        return False
    run.parents = {**run.parents, event.unit: event.parent}
    if event.unit_kind in BODIES:
        run.bodies = run.bodies | {event.unit}
    run.write("event", "", "", event)
    return True


def change_unit(run: Run, event: ChangeUnit) -> bool:
    """A unit moves, or becomes a board or committee or none, unless somebody is in it."""
    unit = event.unit
    turns = event.unit_kind is not None and (event.unit_kind in BODIES) != (unit in run.bodies)
    here = _posts_in(run, unit)
    if turns and (_held(run, here) or _staffed(run, unit)):
        return False
    if event.parent is not None and not may_move(run, unit, event.parent):
        return False
    run.write("event", "", "", event)
    if turns:
        run.bodies = run.bodies ^ {unit}
        _find_home(run, here)
    if event.parent is not None:
        move_unit(run, unit, event.parent)
    return True


def close_unit(run: Run, event: CloseUnit) -> bool:
    """A unit closes that is empty, or merges with another of its organization; organizations do not merge here."""
    unit, into = event.unit, event.into
    if unit == run.scenario.organization:
        return False
    if into is None:
        if _is_needed(run, unit):
            return False
    elif not may_move(run, unit, into) or (_turns(run, unit, into) and _held(run, _posts_in(run, unit))):
        return False
    run.write("event", "", "", event)
    if into is not None:
        _merge(run, unit, into)
    run.parents = {other: parent for other, parent in run.parents.items() if other != unit}
    run.bodies = run.bodies - {unit}
    run.heads.pop(unit, None)
    return True


def _merge(run: Run, unit: str, into: str) -> None:
    run.parents = {other: into if parent == unit else parent for other, parent in run.parents.items()}
    run.heads.pop(unit, None)
    run.dotted = {(below, into if to == unit else to) for below, to in run.dotted}
    here, turns = _posts_in(run, unit), _turns(run, unit, into)
    for post in list(run.posts.values()):
        if post.target == unit:
            post.target = into
        if unit in post.facts.units:
            run.change_facts(post, unit=into if post.facts.unit == unit else post.facts.unit)
    if turns:
        _find_home(run, here)
    run.relink_all()


def _is_needed(run: Run, unit: str) -> bool:
    """Whether there is anything in a unit, or a line to it."""
    lines = any(post.target == unit for post in run.posts.values()) or any(to == unit for _, to in run.dotted)
    return bool(lines or _posts_in(run, unit) or _staffed(run, unit) or unit in run.parents.values())


def _turns(run: Run, unit: str, into: str) -> bool:
    return (unit in run.bodies) != (into in run.bodies)


def _staffed(run: Run, organization: str) -> bool:
    return any(organization in employers for employers in run.outsiders.values())


def _posts_in(run: Run, unit: str) -> list[PostState]:
    return [post for post in run.posts.values() if post.facts.unit == unit]


def _held(run: Run, posts: list[PostState]) -> bool:
    return any(post.held or post.acted or run.elsewhere.get(post.id) for post in posts)


def _find_home(run: Run, posts: list[PostState]) -> None:
    """Posts that nobody holds are the organization's from now on, or are not any more."""
    for post in sorted(posts, key=lambda each: each.id):
        before = post.seats if post.in_play else 0
        post.home = run.employer(post.facts.unit) == run.scenario.organization
        post.in_play = post.home and post.personal is None and post.seats != float("inf")
        run.seats.append((run.now, (post.seats if post.in_play else 0) - before))
        reconcile(run, post)
