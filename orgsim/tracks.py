"""The versions of nouns, and what is gathered from all of them so that whole charts are found and compared quickly.

A *step* is the place of an event in the order in which events apply.
"""

from bisect import bisect_left, bisect_right
from collections.abc import ItemsView, Iterable, Iterator, Mapping
from itertools import compress, repeat
from operator import itemgetter, ne
from typing import Generic, TypeVar

from orgsim.model import Noun, Person

Kind = TypeVar("Kind", bound=Noun)
BEFORE_ALL = -1
LEAST = 64
"""Of no fewer writes all nouns that are shown are kept; else of as many as there are nouns, so that they take no more
memory than the writes."""
OFTEN = 8
"""How many times more often the numbers of all versions are kept, which are small."""
FEW = 64
"""Up to how many versions are compared one with the other; of more, each is looked up by its hash."""


def is_shown(noun: Noun) -> bool:
    """Whether a chart shows a noun: an open post or unit, and whoever is employed or holds a post."""
    return bool(noun.employments or noun.posts) if isinstance(noun, Person) else noun.open


class Track:
    """The versions of one noun: `values[i]` holds from step `steps[i]`; and the steps that have read it."""

    __slots__ = ("last_read", "readers", "steps", "values")

    def __init__(self, steps: list[int], values: list[Noun | None]) -> None:
        """Nobody has read it yet."""
        self.steps = steps
        self.values = values
        self.readers: list[int] | None = None
        self.last_read = BEFORE_ALL - 1

    def before(self, step: int) -> Noun | None:
        """The value that holds just before a step."""
        steps = self.steps
        if not steps:
            return None
        if steps[-1] < step:
            return self.values[-1]
        at = bisect_left(steps, step)
        return self.values[at - 1] if at else None


Pair = tuple[Noun | None, Noun | None]
"""What something was, and what it is; None where it is not there."""


class Differing(Mapping[str, Pair]):
    """What differs, by id and in the order of the index: which ids is known, what was and is looked up when asked."""

    __slots__ = ("_is", "_pairs", "_places", "_versions", "_was")

    def __init__(self, versions: "Versions", places: list[int], was: "Numbers", is_: "Numbers") -> None:
        """The places of the ids, and of each the number of what was and of what is."""
        self._versions, self._places, self._was, self._is = versions, places, was, is_
        self._pairs: dict[str, Pair] | None = None

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return map(self._versions.ids.__getitem__, self._places)

    def __getitem__(self, id_: str) -> Pair:
        return self.pairs[id_]

    def __repr__(self) -> str:
        """As a dictionary."""
        return repr(self.pairs)

    def items(self) -> ItemsView[str, Pair]:
        """Every id with what was and what is."""
        return self.pairs.items()

    def backwards(self) -> "Differing":
        """The same from the new to the old."""
        return Differing(self._versions, self._places, self._is, self._was)

    @property
    def pairs(self) -> dict[str, Pair]:
        """The same as a dictionary, made once."""
        if self._pairs is None:
            values, was, is_ = self._versions.values, self._was, self._is
            pairs = [(values[place][was[place]], values[place][is_[place]]) for place in self._places]
            self._pairs = dict(zip(self, pairs, strict=True))
        return self._pairs


Numbers = dict[int, int] | list[int]
"""The number of a version for each place, or for some."""


class Versions:
    """Every version of every noun, numbered: 0 before there is any, and equal ones alike.

    `places` are those of the ids in the index.  Every write is there in the order of its step, with the number of
    what it replaced and of what it wrote; after every so many writes, the numbers for all places are kept.
    """

    __slots__ = ("_kept", "_places", "_replaced", "_spacing", "_steps", "_written", "ids", "values")

    def __init__(self, tracks: dict[str, Track], ids: list[str]) -> None:
        """Gather the tracks of some ids."""
        self.ids = ids
        self.values: list[list[Noun | None]] = []
        rows: list[tuple[int, int, int, int]] = []
        for place, id_ in enumerate(ids):
            track = tracks.get(id_)
            values = track.values if track is not None else []
            self.values.append([None, *values])
            if track is not None and values:
                numbers = _numbers(values)
                rows += zip(track.steps, repeat(place), [0, *numbers], numbers, strict=False)
        rows.sort(key=itemgetter(0))
        self._steps, self._places, self._replaced, self._written = (
            [row[column] for row in rows] for column in range(4)
        )
        self._spacing = max(LEAST, len(ids) // OFTEN)
        self._kept = [[0] * len(ids)]
        for end in range(self._spacing, len(rows) + 1, self._spacing):
            self._kept.append(self._numbers(end))

    def _numbers(self, end: int) -> list[int]:
        """The numbers for all places after so many writes."""
        at = min(end // self._spacing, len(self._kept) - 1)
        numbers = self._kept[at].copy()
        since = slice(at * self._spacing, end)
        for place, number in zip(self._places[since], self._written[since], strict=True):
            numbers[place] = number
        return numbers

    def differing(self, first: int, last: int) -> Differing:
        """What the steps from `first` up to, not including, `last` change."""
        start, end = bisect_left(self._steps, first), bisect_left(self._steps, last)
        if end - start >= self._spacing:
            before, after = self._numbers(start), self._numbers(end)
            return Differing(self, list(compress(range(len(before)), map(ne, before, after))), before, after)
        places, replaced = self._places[start:end], self._replaced[start:end]
        # of what was written several times, dictionaries keep what comes last: read backwards, what came first
        was = dict(zip(reversed(places), reversed(replaced), strict=True))
        is_ = dict(zip(places, self._written[start:end], strict=True))
        return Differing(self, sorted([place for place, number in is_.items() if number != was[place]]), was, is_)


def _numbers(values: list[Noun | None]) -> list[int]:
    """Of each version of a noun, its number: that of the first which is equal."""
    if len(values) <= FEW:
        return [values.index(value) + 1 for value in values]
    first: dict[Noun | None, int] = {}
    return [first.setdefault(value, number) for number, value in enumerate(values, 1)]


class Shown(Generic[Kind]):
    """The nouns of one kind that charts show: every write of them, and all of them after every so many writes."""

    __slots__ = ("kept", "marks", "nouns", "places", "steps")

    def __init__(self, tracks: dict[str, Track], ids: Iterable[str], kind: type[Kind]) -> None:
        """Gather the tracks of some ids; what is no noun of the kind, or not shown, counts as not there."""
        rows = [
            (step, place, noun if isinstance(noun, kind) and is_shown(noun) else None)
            for place, id_ in enumerate(ids)
            if (track := tracks.get(id_)) is not None
            for step, noun in zip(track.steps, track.values, strict=True)
        ]
        rows.sort(key=itemgetter(0))
        self.steps = [step for step, _, _ in rows]
        self.places = [place for _, place, _ in rows]
        self.nouns = [noun for _, _, noun in rows]
        self.marks: list[int] = [0]
        self.kept: list[dict[int, Kind | None]] = [{}]
        while (end := self.marks[-1] + max(len(self.kept[-1]), LEAST)) <= len(rows):
            state = self._with(self.kept[-1], self.marks[-1], end)
            self.marks.append(end)
            self.kept.append({place: noun for place, noun in state.items() if noun is not None})

    def _with(self, state: dict[int, Kind | None], start: int, end: int) -> dict[int, Kind | None]:
        return state | dict(zip(self.places[start:end], self.nouns[start:end], strict=True))

    def before(self, step: int) -> tuple[Kind, ...]:
        """All that is shown just before a step, in the order of the ids."""
        end = bisect_left(self.steps, step)
        mark = bisect_right(self.marks, end) - 1
        state = self._with(self.kept[mark], self.marks[mark], end)
        return tuple([noun for place in sorted(state) if (noun := state[place]) is not None])
