"""What was only expected, and whether anything tells that it came about."""

import datetime as dt

import pytest

from orgsim.columns.files.opening import columns_from
from orgsim.reading.reader import read_texts
from orgsim.story import why

COMPANY = """\
orgsim: ledger/1
organization: acme
people:
  ann: {name: Ann}
  bob: {name: Bob}
events:
- {date: 2020-01-01, event: open-unit, unit: acme}
- {date: 2020-01-01, event: open-unit, unit: beta}
- {date: 2020-01-01, event: create-post, post: head}
- {date: 2020-01-01, event: hire, person: ann}
- {date: 2020-01-01, event: hire, person: ann, organization: beta}
- {date: 2020-01-01, event: hire, person: bob}
- {date: 2020-01-01, event: appoint, person: bob, post: head}
"""
COMES = "- {date: 2020-05-01, event: hire, person: eve, name: Eve, "
EXPECTED = "known: 2020-04-01, certainty: expected"
BACK = "- {date: 2020-03-01, event: start-leave, person: ann}\n- {date: 2020-05-01, event: end-leave, person: ann, "
LEAVES = "- {date: 2020-05-01, event: depart, person: bob, "


@pytest.mark.parametrize(
    ("announced", "then", "left"),
    [
        pytest.param(BACK, "", ["end-leave"], id="back from leave, and nothing more is told"),
        pytest.param(BACK, "event: expect, person: ann, on_leave: false", [], id="seen back"),
        pytest.param(BACK, "event: expect, person: ann, employer: acme", ["end-leave"], id="seen, and not where"),
        pytest.param(BACK, "event: start-leave, person: ann", [], id="away again, so back before"),
        pytest.param(
            BACK, "event: expect, person: ann, on_leave: false, certainty: expected", ["end-leave"], id="expected twice"
        ),
        pytest.param(LEAVES, "event: expect, post: head, vacant: true", ["depart"], id="the post is empty, somehow"),
        pytest.param(LEAVES, "event: expect, person: bob, employer: none", [], id="seen gone"),
        pytest.param(LEAVES, "event: hire, person: bob", [], id="hired again, so gone before"),
        pytest.param(COMES, "event: change-employment, person: eve, fte: 0.5", [], id="works less, so came before"),
        pytest.param(LEAVES, "event: hire, person: bob, organization: beta", ["depart"], id="hired elsewhere"),
        pytest.param(
            "- {date: 2020-05-01, event: appoint, person: ann, post: head, acting: true, ",
            "event: expect, post: head, holder: ann, acting: true",
            [],
            id="seen in the post",
        ),
        pytest.param(
            "- {date: 2020-05-01, event: appoint, person: ann, post: head, acting: true, ",
            "event: depart, person: ann, organization: beta",
            ["appoint"],
            id="gone from elsewhere",
        ),
    ],
)
def test_what_was_expected_stays_so_until_something_tells_it(announced: str, then: str, left: list[str]) -> None:
    """It counts from its day on, and is told as only expected until an assertion or a later event confirms it."""
    text = COMPANY + announced + EXPECTED + "}\n" + (f"- {{date: 2020-07-01, {then}}}\n" if then else "")
    ledger = read_texts([("expected.yaml", text.encode())])
    event = [announced.rpartition("event: ")[2].partition(",")[0]]
    for book in (ledger, columns_from(ledger.events, ledger.people)):
        days = [(2020, 4, 30), (2020, 5, 1), (2020, 6, 30), (2020, 7, 1)]
        found = [[e.kind for e in book.outstanding(dt.date(*day))] for day in days]
        assert found == [[], event, event, left]
        assert book.outstanding(dt.date(2020, 5, 1), dt.date(2020, 3, 31)) == ()


@pytest.mark.parametrize(
    ("then", "certainty"),
    [
        pytest.param("", "expected", id="nobody looked"),
        pytest.param("event: expect, post: head, vacant: true", "stated", id="seen vacant"),
        pytest.param("event: expect, post: head, vacant: true, certainty: inferred", "inferred", id="vacant, it seems"),
        pytest.param("event: depart, person: bob, reason: death, disputes: gone", "disputed", id="another account"),
    ],
)
def test_a_vacancy_is_as_sure_as_what_tells_it_best(then: str, certainty: str) -> None:
    """The chart and the evidence agree."""
    leaves = LEAVES + "id: gone, " + EXPECTED + "}\n"
    text = COMPANY + leaves + (f"- {{date: 2020-07-01, {then}}}\n" if then else "")
    chart = read_texts([("vacant.yaml", text.encode())]).chart(dt.date(2020, 7, 1))
    assert chart.vacancy_certainty(chart.post("head")) == certainty
    (told,) = (evidence for evidence in why(chart, "head") if evidence.statement.startswith("is vacant"))
    assert told.certainty == certainty
