"""Gaps, vacancies and series on ledgers small enough to count by hand."""

import pytest

from orgsim import metrics
from tests.metrics.making import day, ledger_of

START = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: create-post, post: ceo, unit: acme, critical: true, title: Chief}
- {date: 2023-01-01, event: hire, person: ann}
- {date: 2023-01-01, event: appoint, person: ann, post: ceo}
- {date: 2023-01-01, event: hire, person: bea}
"""
GAP = """
- {id: leaves, date: 2024-02-01, event: depart, person: ann}
- {date: 2024-02-11, event: appoint, person: bea, post: ceo, acting: true}
- {date: 2024-03-01, event: vacate, person: bea, post: ceo}
- {id: comes, date: 2024-03-11, event: hire, person: cid}
- {id: takes, date: 2024-03-11, event: appoint, person: cid, post: ceo, certainty: reported}
"""
Y2024 = (day("2024-01-01"), day("2025-01-01"))


def days(row: metrics.PostGaps) -> tuple[int, int, int, int]:
    """Held, acting, uncovered and unknown days."""
    return row.held_days, row.acting_days, row.uncovered_days, row.unknown_days


def only(ledger_events: str, start: str = "2024-01-01", end: str = "2025-01-01") -> metrics.PostGaps:
    """The gaps of the only critical post."""
    (row,) = metrics.gaps(ledger_of(ledger_events), day(start), day(end))
    return row


# ------------------------------------------------------------------ gaps


def test_a_gap_with_acting_cover() -> None:
    """Empty 1-10 Feb (10 days), Bea acts 11-29 Feb (19, a leap year), empty 1-10 March (10): 39 of 366 days."""
    row = only(START + GAP)
    assert (row.post, row.title) == ("ceo", "Chief")
    assert days(row) == (366 - 39, 19, 20, 0)
    assert (row.gap_days, row.open_days) == (39, 366)
    (gap,) = row.gaps
    assert (gap.start, gap.end, gap.days) == (day("2024-02-01"), day("2024-03-11"), 39)
    assert (gap.acting_days, gap.uncovered_days) == (19, 20)
    assert gap.acting == (metrics.Cover("bea", None, day("2024-02-11"), day("2024-03-01")),)
    assert (gap.began_before, gap.open_at_end) == (False, False)
    assert (gap.opening and gap.opening.id, gap.opening_certainty) == ("leaves", "stated")
    assert (gap.closing and gap.closing.id, gap.closing_certainty) == ("takes", "reported")


def test_a_gap_cut_by_the_period() -> None:
    """Of a gap from February to March, a period sees its part, and says what was cut; two periods make the whole."""
    row = only(START + GAP, "2024-02-06", "2024-02-21")
    assert days(row) == (0, 10, 5, 0)
    (gap,) = row.gaps
    assert (gap.start, gap.end) == (day("2024-02-06"), day("2024-02-21"))
    assert (gap.began_before, gap.open_at_end, gap.closing) == (True, True, None)
    assert gap.acting == (metrics.Cover("bea", None, day("2024-02-11"), day("2024-02-21")),)
    assert gap.opening is not None
    rest = only(START + GAP, "2024-02-21", "2024-12-31")
    assert row.gap_days + rest.gap_days + 5 == 39


def test_a_gap_that_ends_with_the_period_is_over() -> None:
    """A post filled on the last day's morrow was empty until the end, and is not open then."""
    row = only(START + GAP, "2024-02-01", "2024-03-11")
    (gap,) = row.gaps
    assert (gap.began_before, gap.open_at_end, gap.days) == (False, False, 39)


def test_a_gap_that_never_ended() -> None:
    """Nobody follows Ann: the gap is open at the end, from February on."""
    row = only(START + "- {date: 2024-02-01, event: depart, person: ann}\n")
    assert days(row) == (31, 0, 335, 0)
    assert row.gaps[0].open_at_end


def test_a_post_created_and_abolished_in_the_period() -> None:
    """A post open for the ten days of 1-10 May, never held: ten uncovered days from its creation to its end."""
    row = only(
        """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {id: new, date: 2024-05-01, event: create-post, post: coo, critical: true}
- {id: end, date: 2024-05-11, event: abolish-post, post: coo}
"""
    )
    assert days(row) == (0, 0, 10, 0)
    (gap,) = row.gaps
    assert (gap.opening and gap.opening.id, gap.closing and gap.closing.id) == ("new", "end")
    assert not gap.open_at_end


def test_a_post_seen_to_be_abolished() -> None:
    """Seen abolished on 11 May, since when is not told: the days after the last word on it, 6 May, are unknown."""
    text = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2024-05-01, event: create-post, post: coo, critical: true}
- {id: end, date: ..2024-05-11, event: abolish-post, post: coo}
"""
    assert days(only(text)) == (0, 0, 0, 10)
    seen = only(text + "- {date: 2024-05-06, event: expect, post: coo, vacant: true}\n")
    assert days(seen) == (0, 0, 6, 4)
    assert seen.gaps[0].closing is not None
    assert seen.gaps[0].closing.id == "end"


def test_a_post_created_again_is_another_gap() -> None:
    """Abolished and created again on one day, an empty post is two gaps of ten and five days."""
    row = only(
        """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2024-05-01, event: create-post, post: coo, critical: true}
- {date: 2024-05-11, event: abolish-post, post: coo}
- {date: 2024-05-11, event: create-post, post: coo, critical: true}
- {date: 2024-05-16, event: abolish-post, post: coo}
"""
    )
    assert [gap.days for gap in row.gaps] == [10, 5]


def test_days_before_a_state_seen_are_unknown() -> None:
    """Ann left on 1 Feb, and Cid is seen as CEO on 11 March, since when is not told: 39 unknown days, no gap."""
    seen = START + GAP.replace("date: 2024-03-11, event: appoint", "date: ..2024-03-11, event: appoint")
    without_cover = "\n".join(line for line in seen.splitlines() if "bea, post" not in line)
    row = only(without_cover)
    assert days(row) == (366 - 39, 0, 0, 39)
    assert (row.gap_days, row.gaps) == (0, ())


def test_what_is_told_of_an_unknown_stretch_counts() -> None:
    """Seen vacant on 20 Feb, then Cid since unknown on 11 March: 20 days of gap, then 19 unknown ones."""
    row = only(
        START
        + """
- {date: 2024-02-01, event: depart, person: ann}
- {date: 2024-02-20, event: expect, post: ceo, vacant: true}
- {date: 2024-03-11, event: hire, person: cid}
- {id: takes, date: ..2024-03-11, event: appoint, person: cid, post: ceo}
"""
    )
    assert days(row) == (366 - 39, 0, 20, 19)
    (gap,) = row.gaps
    assert (gap.start, gap.end, gap.open_at_end) == (day("2024-02-01"), day("2024-02-21"), False)
    assert gap.closing is not None
    assert gap.closing.id == "takes"


def test_acting_days_are_told_before_an_unknown_beginning() -> None:
    """Bea acts from 11 Feb to the end of the month; Cid is seen on 11 March: only the ten days between are not told."""
    row = only(START + GAP.replace("date: 2024-03-11, event: appoint", "date: ..2024-03-11, event: appoint"))
    assert days(row) == (366 - 39, 19, 10, 10)
    assert [(gap.start, gap.end) for gap in row.gaps] == [(day("2024-02-01"), day("2024-03-01"))]


def test_a_post_older_than_its_first_mention() -> None:
    """A post seen on 1 May, and its first holder on 11 May: who held it in between, if anybody, is not told."""
    text = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: hire, person: ann}
- {date: ..2024-05-01, event: create-post, post: coo, critical: true}
- {date: 2024-05-11, event: appoint, person: ann, post: coo}
"""
    assert days(only(text)) == (235, 0, 0, 10)
    assert days(only(text.replace("..2024", "2024"))) == (235, 0, 10, 0)


def test_a_post_first_seen_vacant() -> None:
    """A post seen on 1 May, seen vacant on 6 May, held from 11 May: five unknown days, five of gap."""
    row = only(
        """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: hire, person: ann}
- {date: ..2024-05-01, event: create-post, post: coo, critical: true}
- {id: seen, date: 2024-05-06, event: expect, post: coo, vacant: true}
- {date: 2024-05-11, event: appoint, person: ann, post: coo}
"""
    )
    assert days(row) == (235, 0, 5, 5)
    (gap,) = row.gaps
    assert (gap.opening and gap.opening.id, gap.began_before) == ("seen", False)


def test_a_post_of_which_nothing_is_told() -> None:
    """A post seen once, with no holder ever: unknown to the end."""
    text = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: ..2024-05-01, event: create-post, post: coo, critical: true}
"""
    assert days(only(text)) == (0, 0, 0, 245)


def test_acting_as_the_first_evidence() -> None:
    """A post seen on 1 May is covered by Ann from 11 May: unknown, then acting, by her appointment."""
    row = only(
        """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: hire, person: ann}
- {date: ..2024-05-01, event: create-post, post: coo, critical: true}
- {id: acts, date: 2024-05-11, event: appoint, person: ann, post: coo, acting: true}
- {date: 2024-05-21, event: vacate, person: ann, post: coo}
- {date: 2024-05-31, event: appoint, person: ann, post: coo}
"""
    )
    assert days(row) == (215, 10, 10, 10)
    (gap,) = row.gaps
    assert (gap.opening and gap.opening.id, gap.days) == ("acts", 20)


def test_unnamed_holders_and_people_on_leave_hold_a_post() -> None:
    """Somebody not named takes over at once; a holder on leave still holds the post: no gap."""
    assert days(
        only(
            START
            + """
- {date: 2024-02-01, event: start-leave, person: ann}
- {date: 2024-03-01, event: depart, person: ann}
- {date: 2024-03-01, event: appoint, holder: unknown, post: ceo}
"""
        )
    ) == (366, 0, 0, 0)


def test_an_unnamed_person_may_act() -> None:
    """Whoever acts need not be named: acting days, with the ledger's word for the person."""
    row = only(
        START
        + """
- {date: 2024-12-01, event: depart, person: ann}
- {date: 2024-12-11, event: appoint, holder: unnamed, post: ceo, acting: true}
"""
    )
    assert days(row) == (335, 21, 10, 0)
    assert row.gaps[0].acting == (metrics.Cover(None, "unnamed", day("2024-12-11"), day("2025-01-01")),)


def test_a_handover_from_whoever_acted() -> None:
    """Bea goes on acting for ten days beside Cid: the gap ends with Cid's appointment, and Bea's cover with it."""
    handover = GAP.replace("date: 2024-03-01, event: vacate", "date: 2024-03-21, event: vacate")
    row = only(START + handover)
    assert days(row) == (366 - 39, 29, 10, 0)
    (gap,) = row.gaps
    assert gap.closing is not None
    assert gap.closing.id == "takes"
    assert gap.acting[0].end == day("2024-03-11")


def test_a_claim_that_a_post_is_vacant_tells_nothing_before_it_counts() -> None:
    """A rival claim of vacancy is no evidence, nor is one that is not known yet: the days stay unknown."""
    text = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {id: made, date: ..2024-05-01, event: create-post, post: coo, critical: true}
- {date: 2024-05-06, event: expect, post: coo, vacant: true, disputes: made}
- {date: 2024-12-22, known: 2025-03-01, event: expect, post: coo, vacant: true}
"""
    ledger = ledger_of(text)
    assert [days(row) for row in metrics.gaps(ledger, *Y2024)] == [(0, 0, 10, 235)]
    assert [days(row) for row in metrics.gaps(ledger, *Y2024, known=day("2025-02-28"))] == [(0, 0, 0, 245)]


def test_several_seats() -> None:
    """Two co-heads: with one gone the post is held; with both gone it is a gap, since the second."""
    row = only(
        """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: create-post, post: ceo, critical: true, seats: 2}
- {date: 2023-01-01, event: hire, person: ann}
- {date: 2023-01-01, event: hire, person: bea}
- {date: 2023-01-01, event: appoint, person: ann, post: ceo}
- {date: 2023-01-01, event: appoint, person: bea, post: ceo}
- {date: 2024-02-01, event: vacate, person: ann, post: ceo}
- {id: second, date: 2024-12-22, event: vacate, person: bea, post: ceo}
"""
    )
    assert days(row) == (356, 0, 10, 0)
    assert row.gaps[0].opening is not None
    assert row.gaps[0].opening.id == "second"


def test_only_days_on_which_a_post_is_critical() -> None:
    """Critical from 1 Nov on, empty from 1 Feb on: 61 days; asked for by name, 335."""
    text = START.replace("critical: true, ", "") + (
        "- {date: 2024-02-01, event: depart, person: ann}\n"
        "- {date: 2024-11-01, event: change-post, post: ceo, critical: true}\n"
    )
    row = only(text)
    assert days(row) == (0, 0, 61, 0)
    assert row.gaps[0].began_before
    (row,) = metrics.gaps(ledger_of(text), *Y2024, ["ceo"])
    assert days(row) == (31, 0, 335, 0)
    assert metrics.gaps(ledger_of(text), day("2024-01-01"), day("2024-11-01")) == ()


def test_the_certainty_of_a_disputed_departure() -> None:
    """A rival account of the departure that opened a gap makes its beginning disputed, once it is known."""
    text = START + GAP + ("- {date: 2024-02-20, known: 2024-05-01, event: depart, person: ann, disputes: leaves}\n")
    (row,) = metrics.gaps(ledger_of(text), *Y2024)
    assert row.gaps[0].opening_certainty == "disputed"
    (row,) = metrics.gaps(ledger_of(text), *Y2024, known=day("2024-04-30"))
    assert row.gaps[0].opening_certainty == "stated"


def test_gaps_as_known_then() -> None:
    """As long as Cid's appointment is not known, the gap goes on."""
    text = (START + GAP).replace("event: appoint, person: cid", "known: 2024-04-01, event: appoint, person: cid")
    (row,) = metrics.gaps(ledger_of(text), *Y2024, known=day("2024-03-31"))
    assert row.gaps[0].open_at_end
    assert days(row) == (31, 19, 366 - 31 - 19, 0)


def test_gaps_of_no_days_and_of_unknown_posts() -> None:
    """No days, no gaps; a post the ledger never creates is a mistake, with a hint."""
    ledger = ledger_of(START + GAP)
    never = day("2024-02-05")
    assert metrics.gaps(ledger, never, never) == ()
    (row,) = metrics.gaps(ledger, never, never, ["ceo"])
    assert (days(row), row.gaps) == ((0, 0, 0, 0), ())
    with pytest.raises(KeyError, match="no post 'coe'; did you mean 'ceo'"):
        metrics.gaps(ledger, *Y2024, ["coe"])
    with pytest.raises(ValueError, match="before it begins"):
        metrics.gaps(ledger, Y2024[1], Y2024[0])


# ------------------------------------------------------------------ vacancies

SEATS = """
- {date: 2023-01-01, event: open-unit, unit: acme}
- {date: 2023-01-01, event: open-unit, unit: shop, parent: acme}
- {date: 2023-01-01, event: create-post, post: ceo, critical: true}
- {date: 2023-01-01, event: create-post, post: clerk, unit: shop, seats: 5}
- {date: 2023-01-01, event: create-post, post: helper, unit: shop, seats: any}
- {date: 2023-01-01, event: hire, person: ann}
- {date: 2023-01-01, event: hire, person: bea}
- {date: 2023-01-01, event: appoint, person: ann, post: ceo, acting: true}
- {date: 2023-01-01, event: appoint, holder: unnamed, seats: 3, post: clerk}
- {date: 2024-02-29, event: appoint, person: bea, post: clerk}
- {date: 2024-03-01, event: start-leave, person: bea}
"""


def test_vacancy_rate() -> None:
    """Of 1 + 5 seats, 3 are held by unnamed clerks, then 4 with Bea, on leave or not; acting Ann takes none."""
    ledger = ledger_of(SEATS)
    dates = [day("2024-02-28"), day("2024-02-29"), day("2024-03-01")]
    rows = metrics.vacancy_rate(ledger, dates)
    assert [(row.vacant, row.seats, row.rate) for row in rows] == [(3, 6, 0.5), (2, 6, 2 / 6), (2, 6, 2 / 6)]
    rows = metrics.vacancy_rate(ledger, dates, "shop")
    assert [(row.vacant, row.seats) for row in rows] == [(2, 5), (1, 5), (1, 5)]


def test_vacancy_rate_without_seats() -> None:
    """Before there are posts there is no rate; posts without a number of seats make none either."""
    ledger = ledger_of(SEATS + "- {date: 2025-01-01, event: abolish-post, post: helper}\n")
    assert metrics.vacancy_rate(ledger, [day("2020-01-01")])[0].rate is None
    assert metrics.series(ledger, "vacancy_rate", [day("2020-01-01"), day("2024-01-01")]).values == (None, 0.5)
    with pytest.raises(KeyError, match="no unit 'shp'; did you mean 'shop'"):
        metrics.vacancy_rate(ledger, [], "shp")


# ------------------------------------------------------------------ series


@pytest.mark.parametrize(
    ("measure", "everything", "shop"),
    [
        ("headcount", (2, 2), (0, 1)),
        ("fte", (2, 2), (0, 1)),
        ("vacancies", (1, 1), (0, 0)),
        ("vacancy_rate", (3 / 6, 2 / 6), (2 / 5, 1 / 5)),
        ("acting", (1, 1), (0, 0)),
        ("on_leave", (0, 1), (0, 1)),
        ("uncovered", (0, 0), (0, 0)),
        ("posts", (3, 3), (2, 2)),
        ("units", (2, 2), (1, 1)),
    ],
)
def test_every_measure(measure: str, everything: tuple[float, ...], shop: tuple[float, ...]) -> None:
    """Each measure before and after Bea becomes a clerk and goes on leave, for everything and for the shop."""
    ledger = ledger_of(SEATS)
    dates = [day("2024-02-28"), day("2024-03-01")]
    found = metrics.series(ledger, measure, dates)
    assert (found.measure, found.unit, found.known, found.dates) == (measure, None, None, tuple(dates))
    assert found.values == everything
    assert metrics.series(ledger, measure, dates, "shop").values == shop


def test_all_measures_are_tested() -> None:
    """The table above has a row for every measure there is."""
    marks = test_every_measure.pytestmark  # type: ignore[attr-defined]
    assert [row[0] for row in marks[0].args[1]] == list(metrics.MEASURES)


def test_uncovered_posts() -> None:
    """The CEO's post is uncovered where nobody holds it or acts, as known then; unknown days do not count."""
    ledger = ledger_of(START + GAP)
    dates = [day("2024-01-31"), day("2024-02-01"), day("2024-02-11"), day("2024-03-01"), day("2024-03-11")]
    assert metrics.series(ledger, "uncovered", dates).values == (0, 1, 0, 1, 0)
    seen = START + GAP.replace("date: 2024-03-11, event: appoint", "date: ..2024-03-11, event: appoint")
    assert metrics.series(ledger_of(seen), "uncovered", dates).values == (0, 1, 0, 0, 0)


def test_measures_and_units_that_are_not_there() -> None:
    """A mistake in a name is told with what was meant."""
    ledger = ledger_of(SEATS)
    with pytest.raises(ValueError, match="no measure 'head_count'; did you mean 'headcount'"):
        metrics.series(ledger, "head_count", [])
    with pytest.raises(ValueError, match="no measure 'xyz'; the measures are headcount, fte"):
        metrics.series(ledger, "xyz", [])
    for measure in metrics.MEASURES:
        with pytest.raises(KeyError, match="no unit 'shp'"):
            metrics.series(ledger, measure, [], "shp")
