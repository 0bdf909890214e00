"""The engine does what a second engine does, written plainly from the contract: the same rows, to the last bit."""

import attrs
from hypothesis import given
from hypothesis import strategies as st

from orgsim.ledger import Ledger
from orgsim.scenario.model import Scenario
from orgsim.simulate.engine import compile_world, simulate
from tests.simulate.oracle import replay
from tests.simulate.oracle_vacancies import Vacancy
from tests.simulate.strategies import scenarios

Told = tuple[object, ...]


def told(vacancy: Vacancy) -> Told:
    """A vacancy as a record of the engine has it."""
    v = vacancy
    acting = tuple((cover.person, cover.began, cover.ended) for cover in v.cover)
    record = (v.post, v.number, v.opened, v.cascade, v.cause, v.ended, v.how, v.person, v.asked, v.accepted)
    return (*record, acting)


def compare(scenario: Scenario, replication: int) -> None:
    """Both engines tell the same."""
    rows, vacancies, missed = replay(scenario, replication)
    found = simulate(compile_world(scenario), replication)
    for ours, theirs in zip(found.rows, rows, strict=False):
        assert ours == theirs
    assert len(found.rows) == len(rows)
    by_post = sorted(vacancies, key=lambda v: (v.post, v.number))
    records = sorted(found.vacancies, key=lambda v: (v.post, v.number))
    assert [attrs.astuple(record, recurse=False) for record in records] == [told(v) for v in by_post]
    assert found.missed == missed


@given(scenarios(), st.integers(0, 5))
def test_two_engines_tell_the_same(scenario: Scenario, replication: int) -> None:
    """Every row, vacancy and miss of the engine is one of the oracle, at the same time to the last bit."""
    compare(scenario, replication)


@given(scenarios(), st.integers(0, 5))
def test_a_future_is_a_ledger(scenario: Scenario, replication: int) -> None:
    """Whatever is simulated is a legal ledger, proven at every date on which something became known."""
    ledger = simulate(compile_world(scenario), replication).ledger()
    assert isinstance(ledger, Ledger)
