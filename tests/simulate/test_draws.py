"""Luck is a function of its key: the same everywhere, uniform, and independent of neighbors."""

import hashlib
import itertools

import numpy as np
import pytest
from scipy import stats

from orgsim.simulate.draws import Luck, identity, philox4x32

MANY = 20_000
NAMES = [f"post/{i}" for i in range(MANY)]
IDENTITIES = np.array([identity(name) for name in NAMES], np.uint64)
LEAST_P = 1e-4  # a fixed seed: no flakes, and far from what a bad generator does

# The known answers that the Random123 library tests itself with: counter, key, block.
KNOWN = {
    "zeros": ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    "ones": ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    "pi": (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
}


def chi_square(u: np.ndarray, cells: int = 100) -> float:
    """The p-value of numbers being spread evenly over as many cells."""
    counts, _ = np.histogram(u, cells, (0.0, 1.0))
    return float(stats.chisquare(counts).pvalue)


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN.values(), ids=KNOWN.keys())
def test_philox_gives_the_known_answers(counter: tuple[int, ...], key: tuple[int, int], block: tuple[int, ...]) -> None:
    """Our Philox-4x32-10 is the one of Random123, alone and in a column."""
    assert tuple(philox4x32(np.array(counter, np.uint64), key).tolist()) == block
    column = philox4x32(np.array([counter, (1, 2, 3, 4), counter], np.uint64).T, key)
    assert tuple(column[:, 2].tolist()) == block
    assert tuple(column[:, 1].tolist()) != block


@pytest.mark.parametrize("ordinal", [0, 1, 4096 * 7 + 3, 2**32 - 1])
def test_columns_have_the_bits_of_scalars(ordinal: int) -> None:
    """A column of numbers is made of exactly those that one gets one by one."""
    luck = Luck(-7, 12)
    column = luck.uniforms(IDENTITIES[:5000], "attrition/resignation", ordinal)
    assert column.tolist() == [luck.uniform(name, "attrition/resignation", ordinal) for name in NAMES[:5000]]


def little(text: str, size: int) -> int:
    """The BLAKE2b digest of a text as a number, the lowest byte first."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=size).digest(), "little")


def test_numbers_are_made_as_written() -> None:
    """A number is the middle of the 2^-52 told apart by the first bits of the block of its key and counter.

    So it is never 0 nor 1, and the same with another version and on another machine.
    """
    luck, name = Luck(3, 4), little("ceo", 8)
    assert identity("ceo") == name
    key, counter = little("3 4", 8), [name & 0xFFFFFFFF, name >> 32, 9, little("accept", 4)]
    high, low, _, _ = philox4x32(np.array(counter, np.uint64), (key & 0xFFFFFFFF, key >> 32)).tolist()
    assert luck.uniform("ceo", "accept", 9) == (((high << 32 | low) >> 12) + 0.5) / 2**52


def test_numbers_are_uniform() -> None:
    """Over entities, ordinals, replications, seeds and purposes, numbers are spread evenly."""
    columns = {
        "entities": Luck(1, 0).uniforms(IDENTITIES, "decide"),
        "ordinals": np.array([Luck(1, 0).uniform("ceo", "decide", i) for i in range(MANY)]),
        "replications": np.array([Luck(1, i).uniform("ceo", "decide") for i in range(MANY)]),
        "seeds": np.array([Luck(i, 0).uniform("ceo", "decide") for i in range(MANY)]),
        "purposes": np.array([Luck(1, 0).uniform("ceo", f"stage/{i}") for i in range(MANY)]),
    }
    for name, u in columns.items():
        assert chi_square(u) > LEAST_P, name
        assert stats.kstest(u, "uniform").pvalue > LEAST_P, name
        # Neighbors in the row know nothing of each other.
        cells = np.histogram2d(u[:-1], u[1:], 10, ((0, 1), (0, 1)))[0].ravel()
        assert stats.chisquare(cells).pvalue > LEAST_P, name


def test_keys_that_differ_in_one_place_are_independent() -> None:
    """Another seed, replication, purpose or ordinal gives the same entities luck that has nothing to do with it."""
    columns = [
        Luck(1, 0).uniforms(IDENTITIES, "decide"),
        Luck(2, 0).uniforms(IDENTITIES, "decide"),
        Luck(1, 1).uniforms(IDENTITIES, "decide"),
        Luck(1, 0).uniforms(IDENTITIES, "accept"),
        Luck(1, 0).uniforms(IDENTITIES, "decide", 1),
        Luck(11, 0).uniforms(IDENTITIES, "decide"),  # "1 10" and "11 0" are two keys
        Luck(1, 10).uniforms(IDENTITIES, "decide"),
    ]
    for a, b in itertools.combinations(columns, 2):
        assert (a != b).all()
        cells = np.histogram2d(a, b, 10, ((0, 1), (0, 1)))[0].ravel()
        assert stats.chisquare(cells).pvalue > LEAST_P
        assert abs(np.corrcoef(a, b)[0, 1]) < 4 / MANY**0.5


def test_an_empty_column() -> None:
    """Nobody needs no luck."""
    assert Luck(1, 0).uniforms(IDENTITIES[:0], "decide").tolist() == []
