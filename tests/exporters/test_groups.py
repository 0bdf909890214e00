"""Headcount in groups: nothing hidden can be found again, by whoever knows the rules and can count."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim import exporters
from orgsim.dates import When
from orgsim.errors import UserError
from orgsim.events import Appoint, CreatePost, Depart, Event, Hire, OpenUnit
from orgsim.exporters.groups import Shown, counted, suppressed
from orgsim.ledger import Ledger

Numbers = Mapping[tuple[str, ...], Sequence[int]]
cells = st.dictionaries(
    st.tuples(st.sampled_from("abcdef")), st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=1
)


def published(numbers: Numbers, shown: Shown) -> tuple[object, ...]:
    """All that a reader of the export sees."""
    total = tuple(sum(column) for column in zip(*numbers.values(), strict=True)) if shown.total else None
    return tuple((cell, tuple(numbers[cell]) if cell in shown.cells else None) for cell in sorted(numbers)), total


# ------------------------------------------------------------------------------------------------------------- the rule


@given(cells, st.sampled_from([3, 5, 10]))
def test_any_two_published_numbers_of_a_group_differ_by_nothing_or_by_many(numbers: Numbers, least: int) -> None:
    """Of a group, of the total, and of what the total leaves for the hidden: no number and no difference is small."""
    shown = suppressed(numbers, least)
    series = [list(numbers[cell]) for cell in shown.cells]
    hidden = [cell for cell in numbers if cell not in shown.cells]
    if shown.total:
        series.append([sum(column) for column in zip(*numbers.values(), strict=True)])
        if hidden:
            rest = [sum(column) for column in zip(*(numbers[cell] for cell in hidden), strict=True)]
            assert len(hidden) > 1
            assert min(rest) >= least * len(hidden)
            series.append(rest)
    for told in series:
        assert all(number == 0 or number >= least for number in told)
        assert all(a == b or abs(a - b) >= least for a, b in combinations(told, 2))


def tables_of(groups: int, dates: int, most: int) -> Iterator[dict[tuple[str, ...], tuple[int, ...]]]:
    """Every table of so many groups and dates with at most so many people on a date; no group is always empty."""
    for values in product(range(most + 1), repeat=groups * dates):
        found: dict[tuple[str, ...], tuple[int, ...]] = {
            (name,): values[at * dates : (at + 1) * dates] for at, name in enumerate("abcdef"[:groups])
        }
        if all(map(any, found.values())) and all(sum(column) <= most for column in zip(*found.values(), strict=True)):
            yield found


@pytest.mark.parametrize(
    ("groups", "dates", "most"),
    [(3, 1, 20), (4, 1, 14), (2, 2, 12), pytest.param(3, 2, 11, marks=pytest.mark.slow)],
)
def test_who_knows_the_rule_and_tries_every_table_finds_no_hidden_number(groups: int, dates: int, most: int) -> None:
    """Of all tables that would be published in the same way, at least two differ in every hidden number.

    The solver knows the totals, that numbers are not negative, and the very rule by which groups are hidden.
    """
    alike: dict[tuple[object, ...], list[Numbers]] = defaultdict(list)
    partly = 0
    for numbers in tables_of(groups, dates, most):
        shown = suppressed(numbers, 3)
        alike[published(numbers, shown)].append(numbers)
        partly += shown.total and 0 < len(shown.cells) < groups
    assert partly or groups == 2 or dates == 2, "nothing is looked at"
    for (told, total), found in ((key, found) for key, found in alike.items() if key[1] is not None):
        for cell, values in told:  # type: ignore[attr-defined]
            if values is None:
                for at in range(dates):
                    assert len({numbers[cell][at] for numbers in found}) > 1, (total, told)


def test_the_solver_bites() -> None:
    """Hiding only the small group leaves a number that the total gives away."""

    def naive(numbers: Numbers) -> Shown:
        return Shown(frozenset(cell for cell, told in numbers.items() if min(told) >= 3), total=True)

    alike: dict[tuple[object, ...], int] = defaultdict(int)
    for numbers in tables_of(3, 1, 14):
        shown = naive(numbers)
        if len(shown.cells) == 2:
            alike[published(numbers, shown)] += 1
    assert set(alike.values()) == {1}


def test_large_groups_are_shown_with_their_total() -> None:
    """Nothing is hidden that need not be."""
    numbers: Numbers = {("a",): [10, 20, 20], ("b",): [0, 30, 50], ("c",): [7, 7, 7]}
    assert suppressed(numbers, 5) == Shown(frozenset(numbers), total=True)


def test_a_second_group_is_hidden_beside_a_small_one() -> None:
    """With one small group, the next in size is hidden too, and the total may be told."""
    assert suppressed({("a",): [40], ("b",): [20], ("c",): [2]}, 5) == Shown(frozenset({("a",)}), total=True)


def test_one_hire_between_two_dates_hides_the_group_on_both() -> None:
    """A difference of one person is a group of one."""
    numbers: Numbers = {("a",): [40, 41], ("b",): [20, 20], ("c",): [30, 30]}
    assert suppressed(numbers, 5) == Shown(frozenset({("b",), ("c",)}), total=False)


# ----------------------------------------------------------------------------------------------------------- the export


def company() -> Ledger:
    """Twelve in sales, six in research of whom one leaves, two contractors; everybody employed by acme."""
    on = When.on(dt.date(2024, 1, 1))
    events: list[Event] = [OpenUnit(date=on, unit="acme", name="Acme", unit_kind="organization")]
    for unit, people in (("sales", 12), ("research", 6)):
        events += [
            OpenUnit(date=on, unit=unit, name=unit, unit_kind="team", parent="acme"),
            CreatePost(date=on, post=f"{unit}-rep", title="Rep", unit=unit, seats="any", level="L1"),
        ]
        for number in range(people):
            person = f"{unit}{number}"
            contract = "contractor" if (unit, number) in (("sales", 0), ("sales", 1)) else "employee"
            events += [
                Hire(date=on, person=person, organization="acme", contract=contract),
                Appoint(date=on, person=person, post=f"{unit}-rep"),
            ]
    events.append(Depart(date=When.on(dt.date(2024, 6, 1)), person="research0", organization="acme"))
    return Ledger(events)


def rows_of(ledger: Ledger, *, end: dt.date = dt.date(2024, 12, 31), **options: object) -> list[dict[str, str]]:
    """The rows of the export."""
    made = exporters.Options(end=end, **options)  # type: ignore[arg-type]
    (content,) = exporters.dump("groups", ledger, made).values()
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_export_shows_what_may_be_shown() -> None:
    """On one date: ten employees in sales, six in research, contractors left out, and their total."""
    rows = rows_of(company())
    assert [(r["date"], r["unit"], r["total"], r["headcount"], r["hidden"]) for r in rows] == [
        ("2024-01-01", "research", "false", "6", "false"),
        ("2024-01-01", "sales", "false", "10", "false"),
        ("2024-01-01", "", "true", "16", "false"),
    ]


def test_a_departure_between_the_dates_hides_the_group_and_the_total() -> None:
    """One person left research: neither it nor the total is told, on any date of the period."""
    rows = rows_of(company(), every="quarter")
    told = {(row["unit"], row["headcount"], row["hidden"]) for row in rows}
    assert told == {("research", "", "true"), ("sales", "10", "false"), ("", "", "true")}
    assert len(rows) == 4 * 3


def test_groups_can_be_levels_and_contracts() -> None:
    """By contract, contractors are counted too: two of them are hidden, and the employees with them."""
    rows = rows_of(company(), group_by=("level", "contract"))
    assert [(r["level"], r["contract"], r["headcount"]) for r in rows] == [
        ("L1", "contractor", ""),
        ("L1", "employee", ""),
        ("", "", "18"),
    ]


def test_groups_of_employees_add_up_to_the_headcount() -> None:
    """What is counted, before anything is hidden, is the headcount of the chart."""
    ledger = company()
    dates = [dt.date(2024, 1, 1), dt.date(2024, 7, 1)]
    found = counted(ledger, dates, ("unit",))
    assert [sum(column) for column in zip(*found.values(), strict=True)] == [
        ledger.chart(date).headcount() for date in dates
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"min_group": 2}, "hides nobody"),
        ({"group_by": ("units",)}, "did you mean 'unit'"),
        ({"start": dt.date(2030, 1, 1)}, "must begin before it ends"),
        ({"end": dt.date(9000, 1, 1)}, "more than 1000 dates"),
    ],
)
def test_what_cannot_be_grouped_is_refused(options: dict[str, object], said: str) -> None:
    """A group too small to hide anybody, an unknown group, a period without days or without end."""
    with pytest.raises(UserError, match=said):
        rows_of(company(), **options)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="the ledger is empty"):
        rows_of(Ledger([]))
