"""V15, V16: Little's law and conservation hold in every replication to the last bit, with everything switched on."""

import attrs
import pytest

from orgsim.simulate.replication import Replication
from tests.theory.books import check_causes, check_conservation, check_little
from tests.theory.conftest import Told
from tests.theory.judging import Equality
from tests.theory.rich import rich
from tests.theory.worlds import replications

COUNT = 10


@pytest.fixture(scope="module")
def futures() -> list[Replication]:
    """Some replications of the organization with everything switched on."""
    return list(replications(rich(), COUNT))


def test_rich_enough(futures: list[Replication]) -> None:
    """The organization is rich: every kind of row, cause and end of a vacancy is there, and somebody acts."""
    verbs = {row[1] for found in futures for row in found.rows}
    assert verbs == {"hire", "depart", "appoint", "act", "vacate", "create-post", "event"}
    vacancies = [vacancy for found in futures for vacancy in found.vacancies]
    assert {v.cause for v in vacancies} == {"start", "departure", "promotion", "created", "planned"}
    assert {v.how for v in vacancies} == {"promoted", "hired", "planned", "abolished", None}
    assert {reason for found in futures for reason in found.exits} == {
        "resignation", "dismissal", "retirement", "layoff",
    }  # fmt: skip


def test_conservation(futures: list[Replication], told: Told) -> None:
    """At every instant people in less out are the staff, and each seat is held by one person or vacant."""
    for found in futures:
        check_conservation(found)
    told(Equality("V16", "people in less out, seats held and vacant, at every instant", f"{COUNT} replications"))


def test_causes(futures: list[Replication], told: Told) -> None:
    """Every vacancy has one cause, and belongs to one cascade that begins with something else than a promotion."""
    for found in futures:
        check_causes(found)
    told(Equality("V16", "causes of vacancies, and their cascades", f"{COUNT} replications"))


def test_little(futures: list[Replication], told: Told) -> None:
    """The days of vacant seats are the days of waiting, pathwise."""
    for found in futures:
        check_little(found)
    told(Equality("V15", "days of vacant seats, days of waiting", f"{COUNT} replications"))


def test_ledgers(futures: list[Replication]) -> None:
    """The replay of a future counts the same people and vacancies as the books."""
    for found in futures[:3]:
        chart = found.ledger().chart(found.world.scenario.end)
        staff = sum(person.counted for person in found.world.people) + sum(change for _, change in found.staff)
        assert chart.headcount("acme") == staff


def test_books_bite(futures: list[Replication]) -> None:
    """The books refuse a row that is missing, and a vacancy too many."""
    found = futures[0]
    at = next(i for i, row in enumerate(found.rows) if row[1] == "appoint" and row[0] > 0.0)
    with pytest.raises(AssertionError):
        check_conservation(attrs.evolve(found, written=lambda: [*found.rows[:at], *found.rows[at + 1 :]]))
    with pytest.raises(AssertionError):
        check_little(attrs.evolve(found, vacancies=found.vacancies[1:]))
    with pytest.raises(AssertionError):
        check_causes(attrs.evolve(found, vacancies=(*found.vacancies, found.vacancies[-1])))
