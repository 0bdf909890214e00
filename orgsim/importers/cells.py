"""What cells of a table mean: dates, ends of spells, yes and no, reasons.

Nothing is guessed: a date that could be read in two ways is a problem, a word that is not known is said so.
"""

import datetime as dt
import re
import unicodedata
from functools import lru_cache

from orgsim.dates import When, parse_when
from orgsim.errors import UserError, shown
from orgsim.importers.report import ImportReport, Place, Remark
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
_WAYS = ("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d")
"""In what order a day may be written; with another separator likewise."""
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,6}))?( ?%)?")
_PERCENT = 100
_OVERTIME = 2
"""More than twice a full-time job is a percentage, or hours."""
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


def share_of(text: str, *, percent: bool) -> tuple[float | None, str]:
    """A share of a full-time job, `percent` if its column says so; None for what is none, with what to write."""
    remedy = "a share is more than 0 and at most 1: write 0.8 or 80%"
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None, remedy
    number = float(f"{match[1]}.{match[2] or 0}")
    if match[3] or percent:
        number /= _PERCENT
    if 0 < number <= 1 and (share := round(number, 6)):
        return share, ""
    if number > _OVERTIME and "%" not in text:
        remedy = f"write a percentage as {shown(text + '%')}, and hours as their share of a full week"
    return None, remedy


def reason_of(text: str, told: dict[str, str] | None = None) -> str | None:
    """The reason of a departure that a word stands for; None for a word that is not known."""
    word = folded(text)
    return {**_REASON, **{folded(key): value for key, value in (told or {}).items()}}.get(word)


class Dates:
    """How the dates of a file are read: as ISO writes them, or in the format that the user gives."""

    def __init__(self, date_format: str | None) -> None:
        """Refuse a format that cannot be one, or that leaves out the year, the month or the day."""
        self.date_format = date_format
        self.fits = 0
        """How many dates were read by the format."""
        self.unlike: str | None = None
        """The first text that is no date, neither by the format nor as ISO writes it."""
        if date_format is not None:
            day = dt.datetime(2024, 5, 17)  # noqa: DTZ001 - civil dates
            try:
                read = dt.datetime.strptime(day.strftime(date_format), date_format)  # noqa: DTZ007 - civil dates
            except (ValueError, re.error) as error:
                message = f"{shown(date_format)} is no date format: {error}; write for example %d/%m/%Y"
                raise UserError(message) from None
            if read.date() != day.date():
                message = "a date needs its year (%Y), month (%m) and day (%d); write for example %d/%m/%Y"
                raise UserError(f"{shown(date_format)} is no date format: {message}")

    def read(self, text: str, place: Place) -> When:
        """A date; raises ValueError for what is none, and ImportProblem for what could be two."""
        if self.date_format is not None:
            try:
                when = When.on(dt.datetime.strptime(text, self.date_format).date())  # noqa: DTZ007 - civil dates
            except (ValueError, OverflowError):
                pass
            else:
                self.fits += 1
                return when
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
            if self.date_format is not None:
                self.unlike = self.unlike or text
                message = f"{shown(text)} is not a date written {self.date_format}, nor YYYY-MM-DD"
                raise ValueError(message) from None
            message = f"{shown(text)} is not written YYYY-MM-DD"
            ways = _ways(text)
            if len(ways) > 1:
                hint = f"give --date-format, for example {ways[0]} or {ways[1]}"
                raise ImportProblem(place, f"{message}, and could be read in more than one way", hint) from None
            if ways:  # others of the table may be ambiguous, so that the user has to say it once
                raise ImportProblem(place, f"{message}, but {ways[0]}", f"give --date-format {ways[0]}") from None
            raise

    def tell(self, report: ImportReport, place: Place) -> None:
        """Say in the first place that the format of the user fits no date, where that is so."""
        if self.unlike is not None and not self.fits:
            message = f"--date-format {self.date_format} fits no date of the table, such as {shown(self.unlike)}"
            report.remarks.insert(0, Remark("refused", place, message))

    def read_end(self, text: str, place: Place, *, inclusive: bool) -> When | None:
        """The first day on which it no longer holds; None for an end far in the future, which is none."""
        when = self.read(text, place)
        if when.last.year >= NO_END:
            return None
        return day_after(when) if inclusive else when


def _ways(text: str) -> list[str]:
    """The formats by which a text is a date; none for what is no date, or one as ISO writes it."""
    like = _LIKE_A_DATE.fullmatch(text)
    if like is None or _ISO.fullmatch(text):
        return []
    found = []
    for way in _WAYS:
        format_ = way.replace("/", like[1])
        try:
            dt.datetime.strptime(text, format_)  # noqa: DTZ007 - civil dates
        except ValueError:
            continue
        found.append(format_)
    return found


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
