"""A ledger without the people in it: pseudonyms for ids, and no free text.

Who has the key finds the people again, so what is made here is still personal data.  A pseudonym depends on the key
and the id alone: exports made with one key can be joined, with different keys they cannot.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import attrs

from orgsim.errors import OrgsimError, UserError
from orgsim.events import RESERVED_IDS, ChangePerson, Event, Hire
from orgsim.ledger import Ledger
from orgsim.model import BODIES, Person, personal_post

_DROPPED: dict[str, Any] = {"source": (), "by": None, "note": None, "where": None}
_TEXTS = ("name", "title", "level", "unit_kind")
_OF_PEOPLE = ("person", "holder", "manager")
_OF_EVENTS = ("id", "of", "disputes")
_OTHER_IDS = ("post", "unit", "organization", "parent", "into", "to", "heads", "reports_to", "employer")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = 20
SHORTEST_WORD = 3
"""Shorter words of a name stand in too many titles to tell anybody."""


def pseudonymized(ledger: Ledger, key: bytes) -> Ledger:
    """The same history with pseudonyms for people; without names, notes, sources and who decided.

    Titles, names and kinds of units, levels and ids stay, unless a person's name, alias or id, or a word of one,
    stands in them.
    """
    return _Pseudonyms(ledger, key).ledger()


class _Pseudonyms:
    """What to write instead of each id and each text."""

    def __init__(self, ledger: Ledger, key: bytes) -> None:
        self.key = key
        self.original = ledger
        self.names = _Names(ledger)
        index = ledger.index
        self.ids = {id_: self.made("p", id_) for id_ in index.person_ids}
        for id_ in (*index.post_ids, *index.unit_ids):
            if id_ not in index.personal:
                self.ids[id_] = self.made("x", id_) if self.names.tell(id_) else id_
        for id_, person in index.personal.items():
            self.ids[id_] = personal_post(self.id(person, "p"), self.id(id_.removeprefix(f"{person}/")))

    def made(self, what: str, text: str) -> str:
        """A pseudonym: what it is of, and twenty digits that only the key can make."""
        return f"{what}-{hmac.new(self.key, f'{what}:{text}'.encode(), hashlib.sha256).hexdigest()[:_DIGITS]}"

    def id(self, id_: str, what: str = "x") -> str:
        """What to write instead of an id; one that only a rival account names may be anybody's."""
        return id_ if id_ in RESERVED_IDS else self.ids.get(id_) or self.made(what, id_)

    def ledger(self) -> Ledger:
        """The ledger rewritten; its people in the order of their pseudonyms, which tells nothing."""
        people = sorted(self.ids[id_] for id_ in self.original.index.people)
        try:
            return Ledger(map(self.event, self.original.events), [Person(id_, id_) for id_ in people])
        except (OrgsimError, ValueError) as error:  # a pseudonym that is taken, or sorts otherwise where ids decide
            problem = error.problems[0].message if isinstance(error, OrgsimError) else str(error)
            raise UserError(f"this ledger cannot be pseudonymized: {problem}", exit_code=1) from None

    def event(self, event: Event) -> Event:
        """An event rewritten."""
        changes = dict(_DROPPED)
        for names, what in ((_OF_PEOPLE, "p"), (_OTHER_IDS, "x")):
            changes |= {name: self.id(id_, what) for name in names if (id_ := getattr(event, name, None)) is not None}
        for name in _OF_EVENTS:
            id_ = getattr(event, name, None)
            if id_ is not None:
                changes[name] = self.made("e", id_)
        for name in _TEXTS:
            text = getattr(event, name, None)
            if text is not None and text not in BODIES and self.names.tell(text):
                changes[name] = self.made("x", text)
        if isinstance(event, Hire):
            changes["name"] = None
        if isinstance(event, ChangePerson):
            changes["name"] = changes["person"]
        return attrs.evolve(event, **changes)


class _Names:
    """Whether a text names anybody: an id, a name or an alias of a person, or a word of one."""

    def __init__(self, ledger: Ledger) -> None:
        self.words: set[str] = set()
        self.phrases: set[tuple[str, ...]] = set()
        self.marks: set[str] = set()
        for person in ledger.people:
            self._add((person.id, person.name, *person.aliases))
        for event in ledger.events:
            self._add(id_ for name in _OF_PEOPLE if (id_ := getattr(event, name, None)) not in (None, *RESERVED_IDS))
            if isinstance(event, Hire | ChangePerson) and event.name is not None:
                self._add([event.name])
        self.lengths = {len(phrase) for phrase in self.phrases}
        self.sizes = {len(mark) for mark in self.marks}
        self.told: dict[str, bool] = {}

    def _add(self, texts: Iterable[str]) -> None:
        for text in texts:
            words = _words(text)
            self.words |= {word for word in words if len(word) >= SHORTEST_WORD}
            self.phrases.add(tuple(words))
            if not words or any(unicodedata.category(char) == "Lo" for char in text):
                self.marks.add(_folded(text))  # scripts without blanks: a name may stand inside a longer word
        self.phrases.discard(())

    def tell(self, text: str) -> bool:
        """Whether somebody could be told from a text."""
        found = self.told.get(text)
        if found is None:
            found = self.told[text] = self._tell(text)
        return found

    def _tell(self, text: str) -> bool:
        words, folded = _words(text), _folded(text)
        return (
            not self.words.isdisjoint(words)
            or any(tuple(words[i : i + n]) in self.phrases for i in range(len(words)) for n in self.lengths)
            or any(folded[i : i + n] in self.marks for i in range(len(folded)) for n in self.sizes)
        )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> list[str]:
    return _WORD.findall(_folded(text))
