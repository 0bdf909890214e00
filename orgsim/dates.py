"""Dates as people write them: a day, a month, a year, a range, or a state whose beginning is not told.

Whole days only.  `When` keeps the text as written beside the bounds it stands for, so nothing is made sharper
than its source.  Nothing here knows what happens on a date.
"""

import datetime as dt
import re
from functools import lru_cache

import attrs

FIRST_YEAR, LAST_YEAR, MONTHS = 1, 9998, 12

_WHEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@attrs.frozen(order=False)
class When:
    """When something takes effect: bounds in days, and the words of the source.

    `first` is None for a state seen on a day whose beginning is not told (`..2023-11-20`).
    `last` is the last day it can have begun.  It is in force from `day`.
    """

    first: dt.date | None
    last: dt.date
    text: str
    day: dt.date = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Settle the day from which it counts: the first possible day, or the day the state was seen."""
        object.__setattr__(self, "day", self.last if self.first is None else self.first)

    @property
    def is_open(self) -> bool:
        """True when the beginning is not told."""
        return self.first is None

    @property
    def is_exact(self) -> bool:
        """True when it names one day."""
        return self.first == self.last

    def __str__(self) -> str:
        """The text as written."""
        return self.text

    @property
    def words(self) -> str:
        """The text for a sentence: `2024-05`, `between 2018 and 2024-09-24`, `by 2023-11-20`."""
        first, dots, last = self.text.partition("..")
        if not dots:
            return self.text
        return f"between {first} and {last}" if first else f"by {last}"

    @property
    def since(self) -> str:
        """Since when something is so, for a sentence; of a state seen, that its beginning is not told."""
        if self.is_open:
            return f"since unknown (seen {self.text[2:]})"
        first, dots, last = self.text.partition("..")
        return f"since some day from {first} to {last}" if dots else f"since {first}"

    @classmethod
    def on(cls, day: dt.date) -> "When":
        """The given day, exactly."""
        return cls(day, day, day.isoformat())


@lru_cache(maxsize=8192)
def parse_day(text: str) -> dt.date:
    """A calendar day written `2024-09-25`; anything else raises ValueError with a sentence."""
    match = _WHEN.fullmatch(text)
    if match is None or match[3] is None:
        raise ValueError(f"{text!r} is not a day; write it as YYYY-MM-DD")
    return _bounds(text)[0]


@lru_cache(maxsize=8192)
def parse_when(text: str) -> When:
    """A day, month, year, range (`A..B`) or open range (`..B`); anything else raises ValueError with a sentence."""
    head, dots, tail = text.partition("..")
    if not dots:
        first, last = _bounds(text)
        return When(first, last, text)
    if not tail:
        raise ValueError(f"{text!r} has no end; write a range as 2023-11-17..2023-11-20, or ..2023-11-20")
    last = _bounds(tail)[1]
    if not head:
        return When(None, last, text)
    first = _bounds(head)[0]
    if first > last:
        raise ValueError(f"{text!r} ends before it begins")
    return When(first, last, text)


def _bounds(text: str) -> tuple[dt.date, dt.date]:
    match = _WHEN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date; write YYYY-MM-DD, YYYY-MM, YYYY or a range")
    year, month, day = int(match[1]), match[2], match[3]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{text!r} is out of range; years go from {FIRST_YEAR:04} to {LAST_YEAR}")
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not 1 <= int(month) <= MONTHS:
        raise ValueError(f"{text!r} is not a date: there is no month {month}")
    first = dt.date(year, int(month), 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    if day is None:
        return first, last
    if not 1 <= int(day) <= last.day:
        raise ValueError(f"{text!r} is not a date: {year:04}-{month} has {last.day} days")
    exact = first.replace(day=int(day))
    return exact, exact
