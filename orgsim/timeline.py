"""The state of every person, post and unit as a timeline: which value since which step.

A *step* is the place of an event in the order in which events apply.  A step reads nouns as they were before it and
writes new ones.  Because each noun keeps its readers, an event that becomes known late re-runs only the steps that
could see the difference.  Nothing here knows what events do.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

from orgsim.collector import paused
from orgsim.index import Index
from orgsim.model import Noun, Person, Post, Unit
from orgsim.tracks import BEFORE_ALL, Differing, Kind, Shown, Track, Versions, is_shown

PATIENCE = 8
"""How often all nouns of a kind are looked up one by one before they are kept, which costs as much."""


class Window:
    """What can be asked for nouns by id."""

    __slots__ = ()

    def get(self, id_: str) -> Noun | None:
        """The noun of that id, or None."""
        raise NotImplementedError

    def person(self, id_: str) -> Person | None:
        """The person of that id, or None."""
        noun = self.get(id_)
        return noun if isinstance(noun, Person) else None

    def post(self, id_: str) -> Post | None:
        """The post of that id, open or abolished, or None."""
        noun = self.get(id_)
        return noun if isinstance(noun, Post) else None

    def unit(self, id_: str) -> Unit | None:
        """The unit of that id, open or closed, or None."""
        noun = self.get(id_)
        return noun if isinstance(noun, Unit) else None


class State(Window):
    """What one step sees and writes; rules and replay know the ledger only through it."""

    __slots__ = ("index", "lines_changed", "step", "tracks", "writes")

    def __init__(self, index: Index, tracks: dict[str, Track]) -> None:
        """A window on the tracks, to be pointed at one step after another by a timeline."""
        self.index = index
        self.tracks = tracks
        self.begin(BEFORE_ALL)

    def begin(self, step: int) -> None:
        """Point at a step; nothing is written yet."""
        self.step = step
        self.writes: dict[str, Noun] = {}
        self.lines_changed: list[str] = []

    def get(self, id_: str) -> Noun | None:
        """The noun of that id just before this step, with what this step wrote itself."""
        if id_ in self.writes:
            return self.writes[id_]
        track = self.tracks.get(id_)
        return track.values[-1] if track is not None else None  # steps run in order, so the last is the one before

    def before(self, id_: str) -> Noun | None:
        """The noun of that id just before this step, whatever this step wrote."""
        track = self.tracks.get(id_)
        return track.before(self.step) if track is not None else None

    def put(self, noun: Noun) -> None:
        """Write a noun, from this step on."""
        self.writes[noun.id] = noun


class NotingState(State):
    """A state for steps that run in any order and again: who reads what is noted."""

    __slots__ = ("reads", "turn")

    def __init__(self, index: Index, tracks: dict[str, Track]) -> None:
        """Nothing is read yet."""
        self.turn = 0
        super().__init__(index, tracks)

    def begin(self, step: int) -> None:
        """Point at a step; nothing is read or written yet."""
        super().begin(step)
        self.turn += 1  # counts runs, not steps, so that a step that runs again notes its reads again
        self.reads: list[Track] = []

    def get(self, id_: str) -> Noun | None:
        """The noun of that id just before this step, with what this step wrote itself."""
        if id_ in self.writes:
            return self.writes[id_]
        track = self.tracks.get(id_)
        if track is None:
            track = self.tracks[id_] = Track([], [])
        if track.last_read != self.turn:
            track.last_read = self.turn
            self.reads.append(track)
        steps = track.steps
        if steps and steps[-1] < self.step:  # nearly always; `before` says the same for every case
            return track.values[-1]
        return track.before(self.step)


class Timeline:
    """All tracks, made by steps that run in order, each once."""

    def __init__(self, index: Index, people: Iterable[Person] = (), order: Sequence[object] = ()) -> None:
        """Start with the people declared, who are there before the first event; `order` is what each step is."""
        self.tracks: dict[str, Track] = {}
        self.order = order
        self._versions: Versions | None = None
        self._shown: dict[type[Any], Shown[Any]] = {}
        self._asked: Counter[type[Any]] = Counter()
        self.state = State(index, self.tracks)
        for person in people:
            self.tracks[person.id] = Track([BEFORE_ALL], [person])

    def commit(self, step: int, writes: dict[str, Noun]) -> None:
        """Keep what a step wrote."""
        tracks = self.tracks
        for id_, noun in writes.items():
            track = tracks.get(id_)
            if track is None:
                tracks[id_] = Track([step], [noun])
            else:
                track.steps.append(step)
                track.values.append(noun)

    def versions(self, id_: str, until: int) -> Iterator[tuple[object, Noun | None]]:
        """Every version of a noun before a step, with what its own step is; None of one declared."""
        track = self.tracks.get(id_)
        for step, noun in zip(track.steps, track.values, strict=True) if track is not None else ():
            if step >= until:
                break
            yield (self.order[step] if step >= 0 else None), noun

    def shown(self, kind: type[Kind], ids: list[str], step: int) -> tuple[Kind, ...]:
        """All nouns of one kind, those of some ids, that a chart shows just before a step, in the order of the ids.

        To be asked when all steps have run, and of each kind with the same ids.
        """
        self._asked[kind] += 1
        if self._asked[kind] > PATIENCE and kind not in self._shown:
            with paused():
                self._shown[kind] = Shown(self.tracks, ids, kind)
        found: Shown[Kind] | None = self._shown.get(kind)
        if found is not None:
            return found.before(step)
        nouns = (track.before(step) for track in map(self.tracks.get, ids) if track is not None)
        return tuple([noun for noun in nouns if isinstance(noun, kind) and is_shown(noun)])

    def changed_between(self, first: int, last: int) -> Differing:
        """What the steps from `first` up to, not including, `last` change: by id, what it was and what it became.

        In the order of the index.  To be asked when all steps have run.
        """
        if self._versions is None:
            with paused():
                self._versions = Versions(self.tracks, list(self.state.index.ids))
        return self._versions.differing(first, last)


class WakingTimeline(Timeline):
    """All tracks, made by steps that run in any order; a change runs the later steps again that could see it."""

    def __init__(self, index: Index, people: Iterable[Person] = (), order: Sequence[object] = ()) -> None:
        """The calendar is empty."""
        super().__init__(index, people, order)
        self.state: NotingState = NotingState(index, self.tracks)
        self.written: dict[int, dict[str, Noun]] = {}
        self._due: list[int] = []
        self._queued: set[int] = set()

    def queue_all(self, steps: Iterable[int]) -> None:
        """Put steps on an empty calendar."""
        self._queued = set(steps)
        self._due = sorted(self._queued)  # a sorted list is a heap

    def queue(self, step: int) -> None:
        """Put a step on the calendar, once."""
        if step not in self._queued:
            self._queued.add(step)
            heappush(self._due, step)

    def next_step(self) -> int | None:
        """Take the earliest step off the calendar, or None when all have run."""
        if not self._due:
            return None
        step = heappop(self._due)
        self._queued.discard(step)
        return step

    def commit(self, step: int, writes: dict[str, Noun]) -> None:
        """Keep what a step read and wrote; put every later step that could see a difference on the calendar."""
        for track in self.state.reads:
            readers = track.readers
            if readers is None:
                track.readers = [step]
            elif readers[-1] < step:
                readers.append(step)
            elif readers[-1] != step and readers[bisect_left(readers, step)] != step:
                insort(readers, step)
        before = self.written.get(step)
        if before:
            for id_ in before.keys() - writes.keys():
                self._erase(id_, step)
            writes_changed = {id_: noun for id_, noun in writes.items() if before.get(id_) != noun}
        else:
            writes_changed = writes
        for id_, noun in writes_changed.items():
            self._write(id_, step, noun)
        if writes:
            self.written[step] = writes
        elif before:
            del self.written[step]

    def _write(self, id_: str, step: int, noun: Noun) -> None:
        track = self.tracks.get(id_)
        if track is None:
            track = self.tracks[id_] = Track([], [])
        steps = track.steps
        if not steps or steps[-1] < step:
            steps.append(step)
            track.values.append(noun)
        else:
            at = bisect_left(steps, step)
            if steps[at] == step:
                track.values[at] = noun
            else:
                steps.insert(at, step)
                track.values.insert(at, noun)
        self._wake(track, step)

    def _erase(self, id_: str, step: int) -> None:
        track = self.tracks[id_]
        at = bisect_left(track.steps, step)
        del track.steps[at], track.values[at]
        self._wake(track, step)

    def _wake(self, track: Track, step: int) -> None:
        """Queue the readers that saw the version now changed: those up to the next version."""
        readers = track.readers
        if readers is None or readers[-1] <= step:
            return
        at = bisect_right(track.steps, step)
        until = track.steps[at] if at < len(track.steps) else readers[-1]
        for reader in readers[bisect_right(readers, step) : bisect_right(readers, until)]:
            self.queue(reader)
