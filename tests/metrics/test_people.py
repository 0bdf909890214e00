"""Headcount, bridge and turnover on ledgers small enough to count by hand."""

import pytest

from orgsim import metrics
from orgsim.events import REASONS
from tests.metrics.making import day, ledger_of

UNITS = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: open-unit, unit: sales, parent: acme}
- {date: 2023-01-01, event: open-unit, unit: labs, parent: acme}
- {date: 2023-01-01, event: open-unit, unit: field, parent: sales}
"""
PEOPLE = """
- {date: 2023-01-01, event: create-post, post: seller, unit: field, seats: any}
- {date: 2023-01-01, event: create-post, post: chemist, unit: labs, seats: any}
- {date: 2023-01-01, event: hire, person: ann}
- {date: 2023-01-01, event: appoint, person: ann, post: seller}
- {date: 2023-01-01, event: hire, person: bea, fte: 0.5}
- {date: 2023-01-01, event: appoint, person: bea, post: seller}
- {date: 2023-01-01, event: hire, person: cid, contract: contractor}
- {date: 2023-01-01, event: appoint, person: cid, post: seller}
"""
Y2024 = (day("2024-01-01"), day("2025-01-01"))
LINES = (
    *("opening", "hires", "first_seen", "moves_in", "restructured_in"),
    *("departures", "moves_out", "restructured_out", "closing"),
)


def lines(bridge: metrics.Bridge) -> dict[str, int]:
    """The lines of a bridge that are not zero."""
    assert bridge.foots
    return {line: number for line in LINES if (number := getattr(bridge, line))}


# ------------------------------------------------------------------ headcount


def test_heads_fte_contractors_and_the_unnamed_are_apart() -> None:
    """Ann and half-time Bea are 2 heads and 1.5 FTE; contractor Cid and three unnamed sellers are neither."""
    ledger = ledger_of(
        UNITS + PEOPLE + "- {date: 2024-02-29, event: appoint, holder: unnamed, seats: 3, post: seller}\n"
    )
    before, leap = metrics.headcount(ledger, [day("2024-02-28"), day("2024-02-29")], "sales")
    assert before == metrics.Headcount(day("2024-02-28"), 2, 1.5, 1, 0)
    assert leap == metrics.Headcount(day("2024-02-29"), 2, 1.5, 1, 3)


def test_leave_counts_and_the_last_day_does() -> None:
    """Bea is counted while on leave, and Ann until the day before she departs."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2024-01-10, event: start-leave, person: bea}
- {date: 2024-02-01, event: depart, person: ann}
"""
    )
    rows = metrics.headcount(ledger, [day("2024-01-31"), day("2024-02-01")])
    assert [row.headcount for row in rows] == [2, 1]


def test_two_employers_make_one_head() -> None:
    """Ann works half for each of two organizations: one head and one full-time job over all, one head in each."""
    ledger = ledger_of(
        UNITS
        + """
- {date: 2023-01-01, event: open-unit, unit: bolt}
- {date: 2024-01-01, event: hire, person: ann, fte: 0.5}
- {date: 2024-01-01, event: hire, person: ann, organization: bolt, fte: 0.5}
"""
    )
    counts = metrics.headcount_by_unit(ledger, [day("2024-06-01")])
    assert metrics.headcount(ledger, [day("2024-06-01")])[0] == metrics.Headcount(day("2024-06-01"), 1, 1.0, 0, 0)
    assert {unit: (row.headcount, row.fte) for unit, (row,) in counts.items()} == {
        "acme": (1, 0.5),
        "sales": (0, 0),
        "labs": (0, 0),
        "field": (0, 0),
        "bolt": (1, 0.5),
    }


def test_a_contractor_elsewhere_is_counted_once() -> None:
    """Ann is an employee of one organization and a contractor of another: over all, an employee."""
    ledger = ledger_of(
        UNITS
        + """
- {date: 2023-01-01, event: open-unit, unit: bolt}
- {date: 2024-01-01, event: hire, person: ann}
- {date: 2024-01-01, event: hire, person: ann, organization: bolt, contract: contractor}
"""
    )
    (row,) = metrics.headcount(ledger, [day("2024-06-01")])
    assert (row.headcount, row.contractors) == (1, 0)
    (row,) = metrics.headcount(ledger, [day("2024-06-01")], "bolt")
    assert (row.headcount, row.contractors) == (0, 1)


def test_a_unit_that_is_not_open_has_nobody() -> None:
    """Before it opens, a unit has no people; a unit the ledger never opens is a mistake, with a hint."""
    ledger = ledger_of(UNITS + PEOPLE)
    assert metrics.headcount(ledger, [day("2020-01-01")], "sales")[0].headcount == 0
    with pytest.raises(KeyError, match="no unit 'sale'; did you mean 'sales'"):
        metrics.headcount(ledger, [day("2024-01-01")], "sale")
    with pytest.raises(KeyError, match="no unit 'ann'"):
        metrics.headcount(ledger, [], "ann")


def test_headcount_as_known_then() -> None:
    """A hire of January that became known in March counts in January only with what was known from March on."""
    ledger = ledger_of(UNITS + "- {date: 2024-01-01, known: 2024-03-01, event: hire, person: ann}\n")
    at = [day("2024-02-01")]
    told = [
        metrics.headcount(ledger, at, known=known)[0].headcount
        for known in (day("2024-02-29"), day("2024-03-01"), None)
    ]
    assert told == [0, 1, 1]


def test_average_headcount() -> None:
    """Ann all of leap year 2024, Bea until 1 July (182 days): (366 + 182) / 366; at month ends (12 + 6) / 12."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-07-01, event: depart, person: bea}\n")
    assert metrics.average_headcount(ledger, *Y2024) == (366 + 182) / 366
    assert metrics.average_headcount(ledger, *Y2024, convention="monthly") == 18 / 12
    assert metrics.average_headcount(ledger, day("2024-06-15"), day("2024-07-15"), convention="monthly") == 1.5
    assert metrics.average_headcount(ledger, day("2024-06-15"), day("2024-06-15")) is None
    assert metrics.average_headcount(ledger, day("2024-06-15"), day("2024-06-15"), convention="monthly") is None
    with pytest.raises(ValueError, match="no convention 'weekly'"):
        metrics.average_headcount(ledger, *Y2024, convention="weekly")


def test_month_ends_until_the_last_month_there_is() -> None:
    """The monthly average reaches the end of the calendar."""
    ledger = ledger_of(UNITS + PEOPLE)
    found = metrics.average_headcount(ledger, day("9999-11-15"), day("9999-12-31"), convention="monthly")
    assert found == 2


# ------------------------------------------------------------------ the bridge

CHANGES = """
- {date: 2024-01-01, event: hire, person: dan}
- {date: 2024-01-01, event: appoint, person: dan, post: seller}
- {date: 2024-03-01, event: vacate, person: ann, post: seller}
- {date: 2024-03-01, event: appoint, person: ann, post: chemist}
- {date: 2024-05-01, event: depart, person: bea, reason: resignation, regretted: true}
- {date: 2025-01-01, event: hire, person: eve}
"""


def test_the_bridge_of_a_year() -> None:
    """Two at the end of 2023, Dan hired on the first day, Bea left: 2 + 1 - 1 = 2; Ann's move is none for acme."""
    ledger = ledger_of(UNITS + PEOPLE + CHANGES)
    for unit in ("acme", None):
        assert lines(metrics.bridge(ledger, *Y2024, unit)) == {"opening": 2, "hires": 1, "departures": 1, "closing": 2}


def test_moves_are_between_units_that_do_not_hold_each_other() -> None:
    """Ann moves from the field to the labs: out of the field and of sales above it, into the labs."""
    ledger = ledger_of(UNITS + PEOPLE + CHANGES)
    sales = {"opening": 2, "hires": 1, "departures": 1, "moves_out": 1, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "sales")) == sales
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == sales
    labs = metrics.bridge(ledger, *Y2024, "labs")
    assert lines(labs) == {"moves_in": 1, "closing": 1}
    assert labs.flows == (metrics.Flow(day("2024-03-01"), "ann", "moves_in"),)


def test_a_move_within_a_unit_is_none() -> None:
    """Dan goes from a post in sales itself to one in the field below: no flow of sales."""
    ledger = ledger_of(
        UNITS
        + """
- {date: 2023-01-01, event: create-post, post: head, unit: sales}
- {date: 2023-01-01, event: create-post, post: agent, unit: field}
- {date: 2023-01-01, event: hire, person: dan}
- {date: 2023-01-01, event: appoint, person: dan, post: head}
- {date: 2024-03-01, event: vacate, person: dan, post: head}
- {date: 2024-03-01, event: appoint, person: dan, post: agent}
"""
    )
    assert lines(metrics.bridge(ledger, *Y2024, "sales")) == {"opening": 1, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == {"moves_in": 1, "closing": 1}


def test_a_unit_that_moves_takes_its_people_along() -> None:
    """The field moves from sales to the labs with Ann and Bea: restructured, nobody moved; the field has no flow."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-06-01, event: change-unit, unit: field, parent: labs}\n")
    assert lines(metrics.bridge(ledger, *Y2024, "sales")) == {"opening": 2, "restructured_out": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"restructured_in": 2, "closing": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == {"opening": 2, "closing": 2}
    assert metrics.turnover(ledger, *Y2024, "sales").departures == 0


def test_a_unit_that_merges_takes_its_people_along() -> None:
    """Sales merges into the labs: its two people are restructured out of sales and into the labs."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-06-01, event: close-unit, unit: sales, into: labs}\n")
    assert lines(metrics.bridge(ledger, *Y2024, "sales")) == {"opening": 2, "restructured_out": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"restructured_in": 2, "closing": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == {"opening": 2, "closing": 2}


def test_the_people_of_a_merged_unit_itself() -> None:
    """The field merges into the labs with Ann and Bea in its own posts: restructured out of it and out of sales."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-06-01, event: close-unit, unit: field, into: labs}\n")
    for unit in ("field", "sales"):
        assert lines(metrics.bridge(ledger, *Y2024, unit)) == {"opening": 2, "restructured_out": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"restructured_in": 2, "closing": 2}


def test_who_leaves_a_unit_on_the_day_of_its_merger() -> None:
    """The field merges into the labs, and Ann takes a post in sales that day: into the labs, and out again."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2023-01-01, event: create-post, post: head, unit: sales}
- {date: 2024-06-01, event: vacate, person: ann, post: seller}
- {date: 2024-06-01, event: appoint, person: ann, post: head}
- {date: 2024-06-01, event: close-unit, unit: field, into: labs}
"""
    )
    labs = {"restructured_in": 2, "moves_out": 1, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == labs
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == {"opening": 2, "restructured_out": 2}


def test_a_merger_that_is_only_claimed_moves_nobody() -> None:
    """A rival account says that the field was merged the day its post went to the labs: the holders moved."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {id: moved, date: 2024-06-01, event: change-post, post: seller, unit: labs}
- {date: 2024-06-01, event: close-unit, unit: field, into: labs, disputes: moved}
"""
    )
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"moves_in": 2, "closing": 2}


def test_structure_changes_before_people_do() -> None:
    """On the day the field moves under the labs, Ann changes to a post in sales: she was restructured, then moved."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2023-01-01, event: create-post, post: head, unit: sales}
- {date: 2024-06-01, event: vacate, person: ann, post: seller}
- {date: 2024-06-01, event: appoint, person: ann, post: head}
- {date: 2024-06-01, event: change-unit, unit: field, parent: labs}
"""
    )
    sales = {"opening": 2, "moves_in": 1, "restructured_out": 2, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "sales")) == sales
    labs = {"restructured_in": 2, "moves_out": 1, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == labs


def test_a_post_that_moves_is_a_move_of_its_holder() -> None:
    """One post, not its unit, goes to the labs: that is a decision about its holder."""
    ledger = ledger_of(
        UNITS
        + """
- {date: 2023-01-01, event: create-post, post: agent, unit: field}
- {date: 2023-01-01, event: hire, person: dan}
- {date: 2023-01-01, event: appoint, person: dan, post: agent}
- {date: 2024-03-01, event: change-post, post: agent, unit: labs}
"""
    )
    assert lines(metrics.bridge(ledger, *Y2024, "field")) == {"opening": 1, "moves_out": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"moves_in": 1, "closing": 1}


MERGER = """
- {date: 2023-01-01, event: open-unit, unit: bolt}
- {date: 2023-01-01, event: hire, person: uma, organization: bolt}
- {date: 2023-01-01, event: hire, person: vic, organization: bolt}
- {date: 2024-06-01, event: depart, person: vic, organization: bolt}
"""


@pytest.mark.parametrize("into", ["acme", "labs"])
def test_organizations_that_merge(into: str) -> None:
    """Bolt merges into acme or a unit of it: Uma is restructured in, Vic, who leaves that day, departs from bolt."""
    ledger = ledger_of(
        UNITS + PEOPLE + MERGER + f"- {{date: 2024-06-01, event: close-unit, unit: bolt, into: {into}}}\n"
    )
    bolt = {"opening": 2, "departures": 1, "restructured_out": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "bolt")) == bolt
    assert lines(metrics.bridge(ledger, *Y2024, "acme")) == {"opening": 2, "restructured_in": 1, "closing": 3}
    assert lines(metrics.bridge(ledger, *Y2024)) == {"opening": 4, "departures": 1, "closing": 3}
    # Uma has no post but her own, which belongs to acme itself.
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {}


def test_a_unit_that_changes_employer_keeps_its_people() -> None:
    """Bolt's shop comes to acme with the merger: the shop sees no flow, the labs get it restructured in."""
    ledger = ledger_of(
        UNITS
        + MERGER
        + """
- {date: 2023-01-01, event: open-unit, unit: shop, parent: bolt}
- {date: 2023-01-01, event: create-post, post: clerk, unit: shop}
- {date: 2023-01-01, event: appoint, person: uma, post: clerk}
- {date: 2024-06-01, event: close-unit, unit: bolt, into: labs}
"""
    )
    assert lines(metrics.bridge(ledger, *Y2024, "shop")) == {"opening": 1, "closing": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "labs")) == {"restructured_in": 1, "closing": 1}


def test_an_employer_merged_into_the_other_one() -> None:
    """Ann works for acme and bolt; when bolt merges into acme she leaves bolt by that, and nobody else anything."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2023-01-01, event: open-unit, unit: bolt}
- {date: 2023-01-01, event: hire, person: ann, organization: bolt}
- {date: 2024-06-01, event: close-unit, unit: bolt, into: acme}
"""
    )
    assert lines(metrics.bridge(ledger, *Y2024, "bolt")) == {"opening": 1, "restructured_out": 1}
    assert lines(metrics.bridge(ledger, *Y2024, "acme")) == {"opening": 2, "closing": 2}
    assert metrics.turnover(ledger, *Y2024).departures == 0


def test_somebody_rehired_in_the_period() -> None:
    """Ann leaves in March and is back in May: a departure and a hire."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2024-03-01, event: depart, person: ann}
- {date: 2024-05-01, event: hire, person: ann}
"""
    )
    found = {"opening": 2, "hires": 1, "departures": 1, "closing": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "acme")) == found


def test_another_contract_on_the_same_day_is_no_departure() -> None:
    """A ledger says that Ann now works half-time by letting her depart and hiring her: she never left."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2024-03-01, event: depart, person: ann, reason: other}
- {date: 2024-03-01, event: hire, person: ann, fte: 0.5}
- {date: 2024-03-01, event: appoint, person: ann, post: seller}
"""
    )
    for unit in ("acme", "field", None):
        assert lines(metrics.bridge(ledger, *Y2024, unit)) == {"opening": 2, "closing": 2}
        assert metrics.turnover(ledger, *Y2024, unit).departures == 0
    assert [row.fte for row in metrics.headcount(ledger, Y2024)] == [1.5, 1.0]


def test_employees_who_become_contractors_depart() -> None:
    """Contractors are no headcount: becoming one is a departure, ceasing to be one a hire."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {date: 2024-03-01, event: depart, person: ann, reason: end-of-term}
- {date: 2024-03-01, event: hire, person: ann, contract: contractor}
- {date: 2024-04-01, event: depart, person: cid}
- {date: 2024-04-01, event: hire, person: cid}
"""
    )
    found = {"opening": 2, "hires": 1, "departures": 1, "closing": 2}
    assert lines(metrics.bridge(ledger, *Y2024, "acme")) == found
    assert metrics.turnover(ledger, *Y2024).count("end-of-term") == 1


def test_bridges_of_no_days_and_of_no_people() -> None:
    """A period without days changes nothing; an end before the start is a mistake of the caller."""
    ledger = ledger_of(UNITS + PEOPLE + CHANGES)
    start, end = Y2024
    assert lines(metrics.bridge(ledger, start, start)) == {"opening": 2, "closing": 2}
    assert lines(metrics.bridge(ledger, day("2000-01-01"), day("2001-01-01"))) == {}
    with pytest.raises(ValueError, match="before it begins"):
        metrics.bridge(ledger, end, start)
    with pytest.raises(KeyError, match="no unit 'nowhere'"):
        metrics.bridge(ledger, start, end, "nowhere")


def test_the_bridge_as_known_then() -> None:
    """A departure of May that became known in July is none for whoever asks with what was known in June."""
    ledger = ledger_of(
        UNITS + PEOPLE + "- {date: 2024-05-01, known: 2024-07-01, event: depart, person: ann, reason: dismissal}\n"
    )
    assert lines(metrics.bridge(ledger, *Y2024, known=day("2024-06-30"))) == {"opening": 2, "closing": 2}
    assert metrics.turnover(ledger, *Y2024, known=day("2024-06-30")).departures == 0
    assert metrics.turnover(ledger, *Y2024, known=day("2024-07-01")).involuntary == 1


# ------------------------------------------------------------------ turnover


def test_turnover_of_a_year() -> None:
    """Ann the whole leap year, Bea 121 days of it: average 487 / 366; one departure, 366 / 487 of that."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-05-01, event: depart, person: bea, reason: resignation}\n")
    found = metrics.turnover(ledger, *Y2024)
    assert (found.departures, found.voluntary, found.average) == (1, 1, 487 / 366)
    assert found.rate() == pytest.approx(366 / 487)
    assert found.annualized() == pytest.approx(366 / 487 * 365.25 / 366)
    assert found.rate(found.involuntary) == 0


def test_turnover_of_a_month_annualized() -> None:
    """In April, 30 days, one of two leaves on the 16th: average 45 / 30, rate 30 / 45, a year of that 365.25 / 45."""
    ledger = ledger_of(UNITS + PEOPLE + "- {date: 2024-04-16, event: depart, person: bea, reason: layoff}\n")
    found = metrics.turnover(ledger, day("2024-04-01"), day("2024-05-01"))
    assert found.average == 1.5
    assert found.rate() == pytest.approx(30 / 45)
    assert found.annualized() == pytest.approx(365.25 / 45)
    monthly = metrics.turnover(ledger, day("2024-04-01"), day("2024-05-01"), convention="monthly")
    assert (monthly.average, monthly.rate(), monthly.convention) == (1, 1, "monthly")


def test_turnover_by_reason() -> None:
    """One departure for each reason: the kinds do not overlap and make up all of them; one regretted, one not."""
    hires = "".join(f"- {{date: 2023-01-01, event: hire, person: p-{reason}}}\n" for reason in REASONS)
    regret = {"resignation": ", regretted: true", "dismissal": ", regretted: false"}
    departs = "".join(
        f"- {{date: 2024-02-29, event: depart, person: p-{reason}, reason: {reason}{regret.get(reason, '')}}}\n"
        for reason in REASONS
    )
    found = metrics.turnover(ledger_of(UNITS + hires + departs), *Y2024)
    assert set(found.by_reason) == {(reason, 1) for reason in REASONS}
    kinds = (found.voluntary, found.retirements, found.involuntary, found.other, found.unknown)
    assert kinds == (1, 1, 2, 3, 1)
    assert sum(kinds) == found.departures == 8
    assert (found.regretted, found.not_regretted, found.regret_unknown) == (1, 1, 6)


def test_turnover_of_nobody_is_undefined() -> None:
    """Where nobody was, or in no days, there is no rate."""
    ledger = ledger_of(UNITS + PEOPLE)
    empty = metrics.turnover(ledger, *Y2024, "labs")
    assert (empty.departures, empty.average, empty.rate(), empty.annualized()) == (0, 0, None, None)
    short = metrics.turnover(ledger, Y2024[0], Y2024[0])
    assert (short.average, short.rate(), short.annualized()) == (None, None, None)


def test_internal_moves_are_no_turnover() -> None:
    """Ann's move out of sales is no departure of sales; Bea's departure is."""
    ledger = ledger_of(UNITS + PEOPLE + CHANGES)
    found = metrics.turnover(ledger, *Y2024, "sales")
    assert (found.departures, found.voluntary, found.regretted) == (1, 1, 1)


def test_the_reason_is_that_of_the_account_that_counts() -> None:
    """Ann's departure was first told as a resignation; a rival account of it and a retracted one do not count."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {id: told, date: 2024-02-01, known: 2024-04-01, event: depart, person: ann, reason: resignation}
- {id: wrong, date: 2024-02-01, event: depart, person: ann, reason: layoff}
- {date: 2024-02-01, event: depart, person: ann, reason: dismissal, disputes: told}
- {known: 2024-04-01, event: retract, of: wrong}
"""
    )
    assert metrics.turnover(ledger, *Y2024).voluntary == 1
    then = metrics.turnover(ledger, *Y2024, known=day("2024-03-31"))
    assert (then.departures, then.count("layoff")) == (1, 1)


def test_rival_accounts_and_retracted_departures_do_not_count() -> None:
    """A departure that is only disputed, or turned out not to be, is none."""
    ledger = ledger_of(
        UNITS
        + PEOPLE
        + """
- {id: stays, date: 2024-02-01, event: start-leave, person: ann}
- {date: 2024-02-01, event: depart, person: ann, disputes: stays, reason: death}
- {id: gone, date: 2024-03-01, event: depart, person: bea, reason: death}
- {known: 2024-04-01, event: retract, of: gone}
"""
    )
    assert metrics.turnover(ledger, *Y2024).departures == 0
    assert metrics.turnover(ledger, *Y2024, known=day("2024-03-31")).departures == 1
