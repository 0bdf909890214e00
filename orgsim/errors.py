"""What can be wrong with a ledger, as data: one value, one exception.

A `Problem` says where, which rule, what, and what to do about it.  Everything a user's file can do wrong ends
as problems inside one `OrgsimError`.  A wrong *call* of the Python API raises `ValueError` or `TypeError`.
"""

import difflib
from collections.abc import Iterable

import attrs


@attrs.frozen(order=True)
class Location:
    """A place in a file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int
    end_line: int | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        """`file:line:column`, which terminals and editors make clickable."""
        return f"{self.file}:{self.line}:{self.column}"


@attrs.frozen
class Problem:
    """One thing that is wrong: where, the name of the rule it breaks, a sentence, and a remedy.

    `related` are other places that matter ("held since ..."); `where` is None for events made in Python.
    """

    where: Location | None
    rule: str
    message: str
    hint: str | None = None
    related: tuple[Location, ...] = ()

    def __str__(self) -> str:
        """The problem in one line, and its hint in a second."""
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}error: {self.message} [{self.rule}]{hint}"


class OrgsimError(Exception):
    """All problems of a ledger at once, in the order of their places; `str()` prints them all."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort the problems by place; problems without a place come first."""
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=_place))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Every problem, one after the other."""
        return "\n".join(str(problem) for problem in self.problems)


class UserError(Exception):
    """Something a user asked for cannot be done; `str()` says what and what to do, `exit_code` how a command ends."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        """2 for a wrong call, 1 for data that does not fit, 4 for a file."""
        super().__init__(message)
        self.exit_code = exit_code


class MissingExtraError(ImportError):
    """A library that is not installed by default is needed: the extra that brings it."""

    def __init__(self, extra: str) -> None:
        """Say how to get it."""
        super().__init__(f"this needs more than is installed: pip install 'orgsim[{extra}]'")
        self.extra = extra


class UnknownIdError(KeyError):
    """A question about a person, post or unit that is not there; `str()` is the sentence."""

    def __str__(self) -> str:
        """The sentence without the quotes `KeyError` puts around it."""
        return str(self.args[0])


def unknown_key(where: Location | None, what: str, word: str, keys: Iterable[str]) -> Problem:
    """A key is one of those that its place knows, so that a slip of the pen is not taken for silence."""
    hint = closest(word, keys, "keys")
    return Problem(where, "unknown-key", f"{what} has no key {shown(word)}", hint)


def missing_key(where: Location | None, what: str, key: str, also: str = "") -> Problem:
    """Every kind of event has keys it cannot do without."""
    hint = f"add '{key}: ...'{', ' + also if also else ''}"
    return Problem(where, "missing-key", f"{what} needs the key {key!r}", hint)


def unknown_kind(where: Location | None, word: str, kinds: Iterable[str]) -> Problem:
    """There are seventeen kinds of event, which the table of events lists."""
    hint = closest(word, kinds, "kinds")
    return Problem(where, "unknown-event-kind", f"there is no kind of event {shown(word)}", hint)


def _place(problem: Problem) -> tuple[str, int, int]:
    where = problem.where
    return (where.file, where.line, where.column) if where else ("", 0, 0)


MANY = 2000
SHOWN = 40


def shown(text: str) -> str:
    """A text in quotes, cut where it is long."""
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 3] + "...")


def closest(word: str, known: Iterable[str], called: str) -> str:
    """A hint naming the closest known words, or all of them when nothing is close; `called` is what they are."""
    words = list(known)
    return did_you_mean(word, words) or f"the {called} are {', '.join(words)}"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint naming the closest known words, or None when nothing is close."""
    words = list(known)
    if len(words) > MANY:  # comparing takes about a microsecond each: of many, only the likely ones
        words = [other for other in words if other[:2] == word[:2] and abs(len(other) - len(word)) <= 2][:MANY]  # noqa: PLR2004
    # 200 characters are more than any id anybody types; difflib is quadratic in the length.
    close = difflib.get_close_matches(word[:200], words, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(repr(c) for c in close)}?" if close else None
