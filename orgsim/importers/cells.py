"""What cells of a table mean: dates, ends of spells, yes and no, reasons.

Nothing is guessed: a date that could be read in two ways is a problem, a word that is not known is said so.
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from orgsim.dates import When, parse_when
from orgsim.errors import UserError, shown
from orgsim.importers.report import Place
from orgsim.importers.tabular import ImportProblem

NO_END = 9000
"""Ends in or after this year are another way to say that there is none."""
NOTHING = frozenset({"", "-", "--", "n/a", "na", "nan", "nat", "none", "null", "nil", "?", "unknown"})
STILL = frozenset({"present", "current", "currently", "ongoing", "today", "now", "open", "to date", "incumbent"})
YES = frozenset(
    {"1", "y", "yes", "true", "t", "x", "ja", "oui", "si", "acting", "interim", "a.i.", "on leave", "leave"}
)
NO = frozenset({"", "0", "n", "no", "false", "f", "nein", "non", "substantive", "permanent"})
LONGEST_DATE = 40
ONE_DAY = dt.timedelta(days=1)

_LIKE_A_DATE = re.compile(r"[0-9]{1,4}([/.-])[0-9]{1,2}\1[0-9]{1,4}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]00:00(:00(\.0+)?)?Z?")

REASONS = {
    "resignation": ("resignation", "resigned", "resign", "quit", "voluntary"),
    "dismissal": ("dismissal", "dismissed", "fired", "removed", "removal", "sacked", "involuntary"),
    "layoff": ("layoff", "laidoff", "redundancy", "redundant", "reductioninforce"),
    "retirement": ("retirement", "retired", "retire", "mandatoryretirement"),
    "death": ("death", "died", "deceased", "dead"),
    "end-of-term": ("endofterm", "termended", "termexpired", "endofcontract", "contractended", "expired"),
    "other": ("other",),
    "unknown": ("", "unknown"),
}
_REASON = {word: reason for reason, words in REASONS.items() for word in words}


def folded(text: str) -> str:
    """A text for comparing words and headers: small letters and digits only."""
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", text).casefold())


def is_nothing(text: str) -> bool:
    """Whether a cell is empty, or has one of the words that programs write for that."""
    return text.strip().casefold() in NOTHING


def yes_no(text: str) -> bool | None:
    """True or false; None for a word that is neither."""
    word = text.strip().casefold()
    return True if word in YES else False if word in NO or word in NOTHING else None


def reason_of(text: str, told: dict[str, str] | None = None) -> str | None:
    """The reason of a departure that a word stands for; None for a word that is not known."""
    word = folded(text)
    return {**_REASON, **{folded(key): value for key, value in (told or {}).items()}}.get(word)


class Dates:
    """How the dates of a file are read: as ISO writes them, or in the format that the user gives."""

    def __init__(self, date_format: str | None) -> None:
        """Refuse a format that cannot be one."""
        self.date_format = date_format
        if date_format is not None:
            try:
                dt.datetime.strptime(dt.datetime(2024, 5, 17).strftime(date_format), date_format)  # noqa: DTZ001, DTZ007
            except (ValueError, re.error) as error:
                message = f"{shown(date_format)} is no date format: {error}; write for example %d/%m/%Y"
                raise UserError(message) from None

    def read(self, text: str, place: Place) -> When:
        """A date; raises ValueError for what is none, and ImportProblem for what could be two."""
        if self.date_format is not None:
            try:
                return When.on(dt.datetime.strptime(text, self.date_format).date())  # noqa: DTZ007 - civil dates
            except (ValueError, OverflowError):
                pass
        midnight = _MIDNIGHT.fullmatch(text)
        if midnight is not None:
            text = midnight[1]
        if len(text) > LONGEST_DATE:
            raise ValueError(f"{shown(text)} is not a date")
        try:
            return parse_when(text)
        except ValueError:
            if text.startswith("9999"):
                return When.on(dt.date.max)
            if self.date_format is None and _LIKE_A_DATE.fullmatch(text) and not _ISO.fullmatch(text):
                message = f"{shown(text)} is not written YYYY-MM-DD, and could be read in more than one way"
                hint = "give --date-format, for example %d/%m/%Y or %m/%d/%Y"
                raise ImportProblem(place, message, hint) from None
            raise

    def read_end(self, text: str, place: Place, *, inclusive: bool) -> When | None:
        """The first day on which it no longer holds; None for an end far in the future, which is none."""
        when = self.read(text, place)
        if when.last.year >= NO_END:
            return None
        return day_after(when) if inclusive else when


def day_after(when: When) -> When:
    """The first day without, of a last day with: as vague as that was told."""
    last = when.last + ONE_DAY
    if when.first is None:
        return When(None, last, f"..{last}")
    return some_day(when.first + ONE_DAY, last)


@lru_cache(maxsize=1 << 16)
def some_day(first: dt.date, last: dt.date) -> When:
    """A day that is not told, from the one to the other."""
    return When.on(first) if first == last else When(first, last, f"{first}..{last}")


def between(before: dt.date, after: dt.date) -> When:
    """Some day after the one and up to the other."""
    return some_day(before + ONE_DAY, after)


@lru_cache(maxsize=1 << 16)
def seen_on(day: dt.date) -> When:
    """A state seen on a day, whose beginning is not told."""
    return When(None, day, f"..{day}")


def unknown_start(end: When | None, known: dt.date | None) -> When:
    """When something was so that began nobody says when: on the day a file tells of, or on its last day."""
    if known is not None and (end is None or end.day > known):
        return seen_on(known)
    if end is not None:
        return seen_on(end.day - ONE_DAY)
    raise ValueError("neither a beginning nor an end is told; give --known DAY, the day the file tells of")
