"""Names and ids for what an import finds: names tidied, ids made from stable keys and never from the order of rows.

An id that the source gives is kept to the letter where it can be one; else the id is a slug of the name.  Where two
things would get the same id, each gets a suffix made from its own key, whatever came first.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from orgsim.errors import UserError
from orgsim.events import RESERVED_IDS
from orgsim.importers.report import ImportReport, Place
from orgsim.model import Source
from orgsim.values import TYPES, BadValueError

LONGEST_SLUG = 80
LONGEST_NAME = 1000
LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands where a program before us lost a character."""

_KEPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SPECIAL = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "&": " and "}
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

Key = tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def tidy(text: str) -> str:
    """A name as a ledger can hold it: one line, single blanks, no hidden characters, composed, not endless."""
    text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    return re.sub(r" (?=[,;.])", "", " ".join(text.split()))[:LONGEST_NAME].strip()


def slug(text: str) -> str:
    """Letters and digits of a name, small, joined by hyphens; empty when it has none of the ASCII ones."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"['’`.]|[\u0300-\u036f]", "", plain)))


def check_id(text: str | None) -> None:
    """An id that the user gives must be one."""
    if text is not None:
        try:
            TYPES["id"].parse(text)
        except BadValueError as error:
            raise UserError(f"--organization: {error}; {error.hint}") from None


def digest(key: Iterable[str], length: int = 8) -> str:
    """A short name for a key that is always the same."""
    return hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).hexdigest()[:length]


def sources_of(paths: Sequence[Path], published: dt.date | None) -> list[Source]:
    """A source for each file, with an id made from its name; of equal ones, in the order given."""
    sources: list[Source] = []
    seen: dict[str, int] = {}
    for path in paths:
        name = slug(path.stem)[:LONGEST_SLUG] or "file"
        if name in RESERVED_IDS:
            name = f"{name}-file"
        seen[name] = seen.get(name, 0) + 1
        id_ = name if seen[name] == 1 else f"{name}.{seen[name]}"
        sources.append(Source(id_, file=tidy(path.name) or None, published=published))
    return sources


class Ids:
    """The ids of all people, posts and units of an import: first ask for all with `want`, then `settle`, then look up.

    No id has a slash, so none can be the id of a personal post.
    """

    def __init__(self) -> None:
        """Nothing is asked for yet."""
        self._wanted: dict[Key, tuple[str, Place]] = {}
        self._made: dict[Key, str] = {}
        """The ids that are not as wanted; here, a key begins with the noun."""
        self._fixed: set[Key] = set()

    def want(self, noun: str, key: Key, text: str, place: Place, *, given: bool = False, fixed: bool = False) -> None:
        """Ask for the id of a noun with this key.

        `given` keeps an id of the source to the letter if possible; `fixed` keeps it whatever others want.
        """
        what = (noun, *key)
        if fixed:
            self._fixed.add(what)
        if what in self._wanted:
            return
        kept = fixed or (given and _KEPT.fullmatch(text) is not None and len(text) <= LONGEST_SLUG)
        name = text if kept else slug(text)[:LONGEST_SLUG].rstrip("-")
        if not name or name in RESERVED_IDS:
            name = f"{name or noun}-{digest(what)}"
        self._wanted[what] = name, place

    def settle(self, report: ImportReport) -> None:
        """Give everything its id, and say where two names would have given the same."""
        wanted = Counter(name for name, _ in self._wanted.values())
        taken = {name for name, times in wanted.items() if times == 1}
        groups: dict[str, list[Key]] = {}
        for what, (name, _) in self._wanted.items():
            if wanted[name] > 1:
                groups.setdefault(name, []).append(what)
        for name, group in groups.items():
            for what in sorted(group):
                length = 8
                if what in self._fixed and name not in taken:
                    taken.add(name)
                    continue
                while (made := f"{name}-{digest(what, length)}") in taken:
                    length += 4
                taken.add(made)
                self._made[what] = made
            ids = ((self._made.get(what, name), what) for what in sorted(group)[:5])
            told = ", ".join(f"{id_!r} ({noun} {' / '.join(key)!r})" for id_, (noun, *key) in ids)
            more = f" and {len(group) - 5} more" if len(group) > 5 else ""  # noqa: PLR2004 - enough to see it
            first = min((self._wanted[what][1] for what in group), key=str)
            report.mended(first, f"several things would have the id {name!r}; their ids are {told}{more}")

    def of(self, noun: str, key: Key) -> str:
        """The id of a noun, once settled."""
        what = (noun, *key)
        return self._made.get(what) or self._wanted[what][0]
