"""Rules about people: who may be hired, leave, go on leave, and hold a post."""

from orgsim.errors import did_you_mean
from orgsim.events import Appoint, ChangeEmployment, ChangePerson, Depart, EndLeave, Hire, StartLeave, Vacate
from orgsim.lookups import employer_of
from orgsim.model import Person, Post
from orgsim.rules.ids import id_is_taken, unknown_person, unknown_unit
from orgsim.rules.moves import not_employed, person_transition, post_move
from orgsim.rules.posts import personal_post
from orgsim.rules.refusal import Refusal, places
from orgsim.rules.units import not_an_organization
from orgsim.timeline import State


def check_hire(event: Hire, state: State) -> Refusal | None:
    """All that must hold for `hire`."""
    noun = state.get(event.person)
    if event.person in state.index.personal or (noun is not None and not isinstance(noun, Person)):
        return id_is_taken(event.person, Person, state)
    refusal = not_an_organization(event.organization, state)
    if refusal is None and noun is not None and noun.employments:
        refusal = person_transition(event, state)
    if refusal is None and noun is None and event.name is None and state.index.people:
        hint = did_you_mean(event.person, state.index.people) or "declare the person there, or give a 'name' here"
        refusal = Refusal("unknown-person", f"{event.person!r} is not declared under 'people:'", hint)
    return refusal


def check_employed(event: Depart | ChangeEmployment, state: State) -> Refusal | None:
    """All that must hold for `depart` and `change-employment`."""
    return (
        unknown_person(event.person, state)
        or unknown_unit(event.organization, state)
        or person_transition(event, state)
    )


def check_leave(event: StartLeave | EndLeave, state: State) -> Refusal | None:
    """All that must hold for `start-leave` and `end-leave`."""
    return unknown_person(event.person, state) or person_transition(event, state)


def check_change_person(event: ChangePerson, state: State) -> Refusal | None:
    """All that must hold for `change-person`."""
    return unknown_person(event.person, state)


def post_is_full(event: Appoint, post: Post) -> Refusal | None:
    """A seat takes one substantive holder; a handover or a job share needs a second seat for that time."""
    if event.acting or post.seats == "any" or post.taken + event.seats <= post.seats:
        return None
    held = [h for h in post.holders if not h.acting]
    if not held:
        message = f"post {post.id!r} has {post.seats} seat{'s' if post.seats != 1 else ''}, fewer than {event.seats}"
        return Refusal("post-is-full", message, "give the post more seats")
    who = ", ".join(f"{h.person or h.holder!r} since {h.since}" for h in held[:5])
    about = tuple(h.person for h in held if h.person)
    message = f"post {post.id!r} is full: held by {who}"
    hint = "vacate it first, or give the post more seats"
    return Refusal("post-is-full", message, hint, places(*(h.event for h in held)), about)


def already_holds(event: Appoint, post: Post) -> Refusal | None:
    """A person holds a post once; acting may become substantive, not the other way around."""
    held = post.held_by(event.person) if event.person is not None else None
    if held is None or (held.acting and not event.acting):
        return None
    message = f"{event.person!r} holds {event.post!r} since {held.since}"
    return Refusal("already-holds", message, "remove this, or vacate the post first", places(held.event))


def does_not_hold(event: Vacate, post: Post) -> Refusal | None:
    """Only a holder can vacate a post."""
    if any(h.person == event.person and h.holder == event.holder for h in post.holders):
        return None
    who = event.person or event.holder
    held = ", ".join(f"{h.person or h.holder!r} does, since {h.since}" for h in post.holders) or "nobody does"
    message = f"{who!r} does not hold {event.post!r} on {event.date}; {held}"
    hint = did_you_mean(who or "", [h.person for h in post.holders if h.person])
    related = places(*(h.event for h in post.holders), *([post.vacated] if post.vacant else []))
    return Refusal("does-not-hold", message, hint or "appoint first, or correct the date", related)


def check_appoint(event: Appoint, state: State) -> Refusal | None:
    """All that must hold for `appoint`."""
    person = state.person(event.person) if event.person is not None else None
    if person is None and event.person is not None:
        return unknown_person(event.person, state)
    post = state.post(event.post)
    refusal = post_move(event.post, post, event.kind, state)
    if refusal is not None or post is None:
        return refusal
    refusal = already_holds(event, post) or personal_post(post)
    if refusal is None and person is not None:
        employer = employer_of(state, post)
        if employer is not None and person.employment(employer) is None:
            refusal = not_employed(person.id, employer, event, state)
    return refusal or post_is_full(event, post)


def check_vacate(event: Vacate, state: State) -> Refusal | None:
    """All that must hold for `vacate`."""
    if event.person is not None and state.person(event.person) is None:
        return unknown_person(event.person, state)
    post = state.post(event.post)
    refusal = post_move(event.post, post, event.kind, state)
    return refusal if refusal or post is None else does_not_hold(event, post) or personal_post(post)
