"""Rules about ids: what is named must be there, be open, and be of the right kind."""

from collections.abc import Iterable

from orgsim.errors import did_you_mean
from orgsim.model import Person, Post, Unit
from orgsim.rules.refusal import Refusal, places
from orgsim.timeline import State


def unknown_person(id_: str, state: State) -> Refusal | None:
    """A person is introduced under `people:` or by `hire`, before anything else is said of them."""
    if isinstance(state.get(id_), Person):
        return None
    hint = _hint(id_, state.index.person_ids, "add the person under 'people:', or hire them first")
    return Refusal("unknown-person", f"there is no person {id_!r} yet", hint, about=(id_,))


def unknown_post(id_: str, state: State) -> Refusal | None:
    """A post is created by `create-post` before it is held, changed or reported to."""
    noun = state.get(id_)
    if isinstance(noun, Post):
        return None if noun.open else post_is_abolished(noun)
    hint = _hint(id_, state.index.post_ids, "create it first with 'create-post'")
    return Refusal("unknown-post", f"there is no post {id_!r} yet", hint, about=(id_,))


def unknown_unit(id_: str, state: State) -> Refusal | None:
    """A unit is opened by `open-unit` before anything belongs to it."""
    noun = state.get(id_)
    if isinstance(noun, Unit):
        return None if noun.open else unit_is_closed(noun)
    hint = _hint(id_, state.index.unit_ids, "open it first with 'open-unit'")
    return Refusal("unknown-unit", f"there is no unit {id_!r} yet", hint, about=(id_,))


def unknown_target(id_: str, state: State) -> Refusal | None:
    """A line goes to a post, a person or a unit that exists."""
    noun = state.get(id_)
    if isinstance(noun, Post):
        return None if noun.open else post_is_abolished(noun)
    if isinstance(noun, Unit):
        return None if noun.open else unit_is_closed(noun)
    if isinstance(noun, Person):
        return None
    hint = _hint(id_, state.index.ids, "create the post or open the unit first, or declare the person")
    return Refusal("unknown-target", f"there is no post, person or unit {id_!r} yet", hint, about=(id_,))


def id_is_taken(id_: str, noun: type, state: State) -> Refusal | None:
    """People, posts and units share one set of ids, so that an id means one thing."""
    owner = state.index.personal.get(id_)
    if owner is not None:
        message = f"{id_!r} is the id of the personal post of {owner!r}"
        return Refusal("id-is-taken", message, "choose another id", about=(id_,))
    other = state.get(id_)
    if other is None or isinstance(other, noun):
        return None
    what = type(other).__name__.lower()
    first = other.events[0] if not isinstance(other, Person) else None
    since = f" since {first.date}" if first is not None else ""
    message = f"{id_!r} is already the id of a {what}{since}"
    return Refusal("id-is-taken", message, "choose another id", places(first), (id_,))


def post_is_abolished(post: Post) -> Refusal:
    """An abolished post cannot be held, changed or reported to."""
    last = post.events[-1]
    message = f"post {post.id!r} is abolished since {last.date}"
    return Refusal("post-is-abolished", message, "name an open post, or create it again", places(last), (post.id,))


def unit_is_closed(unit: Unit) -> Refusal:
    """Nothing can belong to a closed unit."""
    last = unit.events[-1]
    message = f"unit {unit.id!r} is closed since {last.date}"
    return Refusal("unit-is-closed", message, "name an open unit, or open it again", places(last), (unit.id,))


def _hint(id_: str, known: Iterable[str], otherwise: str) -> str:
    if id_ in set(known):
        return "it is there only later, or is gone by then: correct a date, or move the event that makes it up"
    return did_you_mean(id_, known) or otherwise
