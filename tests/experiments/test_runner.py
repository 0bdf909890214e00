"""Every replication gets done, once, whatever workers do: on a pool that misbehaves as a seed tells it to."""

from collections import Counter
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, CancelledError, Future
from typing import Any

import pytest

from orgsim.errors import UserError
from orgsim.experiments.chunks import Order, Part, pack, run_chunk
from orgsim.experiments.columns import digest, join
from orgsim.experiments.runner import Poisoned, Runner, Span
from tests.experiments import toy

COUNT = 60


class Sim:
    """A pool in one thread, whose workers are late, do things twice, drop results, and die, as a seed decides.

    No replication meets with such bad luck twice while it is alone: that would be taken for guilt.  Replications in
    `deadly` kill the worker that runs them.  The pool checks that it is used as pools may be.
    """

    workers = 3

    def __init__(self, seed: int, load: bytes, *, calm: bool = False, deadly: Collection[tuple[str, int]] = ()) -> None:
        """`calm` pools do nothing wrong of themselves."""
        self.luck = toy.shuffled(seed)
        self.mischief = 0.0 if calm else self.luck.choice([0.05, 0.2, 0.5])
        self.load, self.deadly = load, deadly
        self.queue: list[tuple[Future[Part], Callable[[], Part], set[tuple[str, int]]]] = []
        self.broken = False
        self.renewed = 0
        self.unlucky: set[tuple[str, int]] = set()
        self.ran: Counter[tuple[str, int]] = Counter()

    def start(self) -> None:
        """Nothing to do."""

    def submit(self, order: Order, variant: str, lo: int, hi: int) -> "Future[Part]":
        """Put a chunk into the queue; a broken pool refuses, though perhaps a little late."""
        if self.broken:
            raise BrokenExecutor("submitted to a broken pool")
        future: Future[Part] = Future()
        self.queue.append((
            future, lambda: run_chunk(order, variant, lo, hi, self.load), {(variant, k) for k in range(lo, hi)}
        ))  # fmt: skip
        if self.luck.random() < self.mischief / 10 and not self._spared({(variant, k) for k in range(lo, hi)}):
            self._break()
        return future

    def _spared(self, span: set[tuple[str, int]]) -> bool:
        spared = len(span) == 1 and span <= self.unlucky
        self.unlucky |= span if len(span) == 1 else set()
        return spared

    def wait(self, futures: "Collection[Future[Part]]") -> "Collection[Future[Part]]":
        """Run some of the queue, in any order."""
        assert futures, "nobody waits for nothing"
        self.luck.shuffle(self.queue)
        for _ in range(self.luck.randint(0, len(self.queue))):
            future, work, span = self.queue.pop()
            if future.cancelled():
                continue
            self._run(future, work, span)
            if self.broken:
                break
        return [future for future in futures if future.done()]

    def _run(self, future: "Future[Part]", work: Callable[[], Part], span: set[tuple[str, int]]) -> None:
        fate = self.luck.random() if self.mischief else 1.0
        if fate < self.mischief * 2 / 3 and self._spared(span):
            fate = 1.0
        if span & set(self.deadly) or fate < self.mischief / 3:
            self.queue.append((future, work, span))
            self._break()
        elif fate < self.mischief * 2 / 3:
            work()
            future.set_exception(CancelledError())  # done, and the result is lost
        else:
            if fate < self.mischief:
                work()  # done twice
            self.ran.update(span)
            future.set_result(work())

    def _break(self) -> None:
        self.broken = True
        for future, _, _ in self.queue:
            if not future.done():
                future.set_exception(BrokenExecutor("a worker died"))
        self.queue.clear()

    def lost(self, error: BaseException) -> bool:
        """A dropped result."""
        return isinstance(error, CancelledError)

    def renew(self) -> None:
        """New workers, only for a broken pool."""
        assert self.broken, "a pool that works is not made anew"
        assert self.renewed < 3000, "this does not end"
        self.broken = False
        self.renewed += 1

    def close(self) -> None:
        """Nothing to do."""


def orders(*variants: str) -> dict[str, Order]:
    """The same world for each variant."""
    return {variant: Order("sim") for variant in variants}


def world(story: str = "") -> bytes:
    """A packed toy world."""
    return pack(toy.MODEL, toy.compile_world(toy.scenario(story)))


def run(pool: Sim, chunk: int | None = None) -> tuple[Runner, dict[str, list[Part]]]:
    """Run two variants of a toy world."""
    from orgsim.experiments import chunks

    chunks._UNPACKED.__dict__.clear()
    parts: dict[str, list[Part]] = {"a": [], "b": []}
    runner = Runner(pool, orders("a", "b"), lambda part: parts[part.variant].append(part), chunk)
    runner.run([Span("a", 0, COUNT), Span("b", 0, COUNT // 2), Span("b", COUNT // 2, COUNT)])
    return runner, parts


@pytest.fixture(scope="module")
def expected() -> str:
    """The digest, from a pool that does nothing wrong."""
    return digest({name: join(parts) for name, parts in run(Sim(0, world(), calm=True))[1].items()})


def mischief(seed: int, expected: str) -> None:
    """Run with a seed's mischief, and compare."""
    pool = Sim(seed, world())
    runner, parts = run(pool, pool.luck.choice([None, 1, 3, 16, 250]))
    assert digest({name: join(found) for name, found in parts.items()}) == expected, f"seed {seed}"
    assert runner.poisoned == []


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_mischief_changes_nothing(first: int, expected: str) -> None:
    """Late, lost, repeated chunks and dead workers leave the same digest; a failing seed is named."""
    for seed in range(first, first + 20):
        mischief(seed, expected)


@pytest.mark.slow
def test_ten_thousand_seeds_of_mischief(expected: str) -> None:
    """The same for many more seeds."""
    for seed in range(1000, 11_000):
        mischief(seed, expected)


@pytest.mark.parametrize("chunk", [None, 1, 7, 250])
def test_a_replication_that_kills_is_found(chunk: int | None) -> None:
    """It is told by its number, after a second chance; all others are done, once, and nobody else is blamed."""
    pool = Sim(1, world(), calm=True, deadly=[("b", 17), ("a", 59)])
    runner, parts = run(pool, chunk)
    assert sorted(runner.poisoned, key=lambda one: one.variant) == [Poisoned("a", 59), Poisoned("b", 17)]
    done = Counter((part.variant, k) for found in parts.values() for part in found for k in range(part.lo, part.hi))
    assert set(done.values()) == {1}
    assert len(done) == 2 * COUNT - 2
    assert pool.renewed <= 2 * (3 + 8), "looking for it takes halving, not trying one after the other"


@pytest.mark.parametrize("chunk", [None, 1, 7, 250])
def test_a_replication_that_raises_is_found(chunk: int | None) -> None:
    """It is tried again, then told with its error; all others are done, once."""
    runner, parts = run(Sim(1, world("raise=33"), calm=True), chunk)
    found = {(one.variant, one.replication): one.error for one in runner.poisoned}
    assert found == dict.fromkeys([("a", 33), ("b", 33)], "ZeroDivisionError: nothing goes into 33")
    assert all("in simulate" in (one.trace or "") for one in runner.poisoned)
    done = Counter((part.variant, k) for found in parts.values() for part in found for k in range(part.lo, part.hi))
    assert set(done.values()) == {1}
    assert len(done) == 2 * COUNT - 2


def test_when_everything_kills_it_stops_soon() -> None:
    """Three poisoned replications are no accident; the rest is not tried."""
    pool = Sim(1, world(), calm=True, deadly=[("a", k) for k in range(COUNT)] + [("b", k) for k in range(COUNT)])
    runner, _ = run(pool)
    assert len(runner.poisoned) == 3
    assert pool.renewed < 20


def test_an_error_of_the_pool_is_not_hidden() -> None:
    """What is neither a lost worker nor a replication that raises goes to the caller; what is done is kept."""

    class Wrong(Sim):
        def _run(self, future: "Future[Part]", work: Any, span: set[tuple[str, int]]) -> None:
            if ("a", 5) in span:
                future.set_exception(UserError("another version"))
            else:
                super()._run(future, work, span)

    parts: list[Part] = []
    with pytest.raises(UserError, match="another version"):
        Runner(Wrong(1, world(), calm=True), orders("a"), parts.append, 2).run([Span("a", 0, COUNT)])
    assert parts


def test_chunks_take_about_two_seconds() -> None:
    """Chunks grow with the speed that was measured, and shrink where too few are left for all workers."""
    runner = Runner(Sim(1, b""), {}, lambda _: None)
    runner._todo.append(Span("a", 0, 100_000))
    assert runner._size() == 1
    runner._done, runner._seconds = 10, 0.1
    assert runner._size() == 200
    runner._todo[0] = Span("a", 0, 600)
    assert runner._size() == 51
    runner._done, runner._seconds = 1, 30.0
    assert runner._size() == 1
