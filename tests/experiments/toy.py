"""A world in a few lines, to test experiments without the engine: keyed luck, some measures, and ways to go wrong.

What a scenario does is written in its story, as `key=value` words.
"""

import datetime as dt
import hashlib
import math
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any

import attrs

from orgsim.dates import parse_when
from orgsim.events import Hire, OpenUnit
from orgsim.experiments.model import Model
from orgsim.ledger import Ledger
from orgsim.scenario.model import Precision, Scenario


def scenario(story: str = "", *, replications: int | Precision = 20, seed: int = 1, **more: Any) -> Scenario:
    """A scenario whose story says what its world does."""
    opened = OpenUnit(date=parse_when("2024-01-01"), unit="acme", name="Acme")
    return Scenario(
        title="A toy",
        ledger=Ledger((opened,)),
        organization="acme",
        start=dt.date(2024, 1, 1),
        end=dt.date(2025, 1, 1),
        levels=(story,),  # the story of a scenario changes no event, and so does not tell it from others
        replications=replications,
        seed=seed,
        **more,
    )


@attrs.frozen
class World:
    """What the words say."""

    seed: int
    words: dict[str, str]

    def word(self, key: str, default: float = 0.0) -> float:
        """A number among the words."""
        return float(self.words.get(key, default))


@attrs.frozen
class Replication:
    """Some numbers of one replication."""

    k: int
    normal: float
    other: float

    def ledger(self) -> Ledger:
        """A ledger of its own for each replication."""
        first = parse_when("2024-01-01")
        unit = OpenUnit(date=first, unit="acme", name="Acme")
        return Ledger((unit, Hire(date=first, person=f"p{self.k}", organization="acme")))


def compile_world(scenario: Scenario) -> World:
    """The words of the story."""
    words = dict(word.split("=", 1) for word in scenario.levels[0].split())
    return World(scenario.seed, words)


def simulate(world: World, k: int) -> Replication:
    """Two numbers that depend on the seed and on k only; on the way, whatever the words ask for."""
    if "sleep" in world.words:
        time.sleep(world.word("sleep"))
    if world.words.get("raise") == str(k):
        raise ZeroDivisionError(f"nothing goes into {k}")
    if world.words.get("kill") == str(k):
        os.kill(os.getpid(), signal.SIGKILL)
    if world.words.get("killonce", "").startswith(f"{k}:"):
        _once(Path(world.words["killonce"].partition(":")[2]), lambda: os.kill(os.getpid(), signal.SIGKILL))
    if "trace" in world.words:
        with Path(world.words["trace"]).open("a", encoding="utf-8") as file:
            file.write(f"{k} {os.getpid()}\n")
    return Replication(k, _normal(world.seed, k, "a"), _normal(world.seed, k, "b"))


def _once(path: Path, act: Any) -> None:
    """Act if nobody has before."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return
    act()


def _normal(seed: int, k: int, purpose: str) -> float:
    drawn = hashlib.blake2b(f"{seed} {k} {purpose}".encode(), digest_size=8).digest()
    return NormalDist().inv_cdf((int.from_bytes(drawn, "big") + 0.5) / 2**64)


def measure(world: World, replication: Replication) -> dict[str, float]:
    """Measures with a mean, a spread, a noise of their own; one that is missing now and then; a series."""
    mean, spread, noise = world.word("mean", 100), world.word("spread", 10), world.word("noise")
    value = mean + spread * replication.normal + noise * replication.other
    found = {"gap_days/ceo": value, "departures": float(round(value / 10)), "odd": -0.0}
    found["time_to_fill"] = value if replication.k % 3 else math.nan
    found |= {f"headcount@2024-0{month}-01": value + month for month in (1, 2, 3)}
    return found


def costs(world: World, replication: Replication) -> dict[str, float]:
    """A measure of money."""
    return {"cost": measure(world, replication)["gap_days/ceo"]}


def rows(k: int, _: World, replication: Replication) -> Iterator[tuple[Any, ...]]:
    """As many rows as the number of the replication has divisors up to 3."""
    for number in (1, 2, 3):
        if k % number == 0:
            yield k, "ceo", number, "start", 0, replication.normal, None, None, None, None, "a b", 1.5, None


MODEL = Model(compile_world, simulate, measure, rows)


def shuffled(seed: int) -> random.Random:
    """A source of mischief."""
    return random.Random(seed)  # noqa: S311 - for tests
