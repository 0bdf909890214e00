"""Orders: who assumes, continues and relinquishes, replayed day after day."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.events import Appoint, Depart, Vacate
from orgsim.importers import Imported, Options, load
from orgsim.importers.tabular import ImportProblem
from tests.importers.agreement import (
    Key,
    by_year,
    cause_table,
    causes,
    days,
    key_of,
    merged,
    of_ledger,
    ordinal,
    published,
    rows,
    share,
    table,
)

DAY = dt.date.fromisoformat
GOVERNMENT = Options(organization="government")
HEADER = "date,order_id,verb,officer_id,officer,post_id,department,role\n"
PAGE = Path(__file__).parents[2] / "docs" / "guides" / "import-orders.md"


def orders(folder: Path, postings: str, lists: str = "", options: Options = GOVERNMENT) -> Imported:
    """Import postings written here; `lists` names the orders that are full lists."""
    path = folder / "postings.csv"
    path.write_bytes((HEADER + postings).encode())
    paths = [path]
    if lists:
        named = sorted({line.split(",")[1] for line in postings.splitlines()})
        told = [f"{order},{'Council of Ministers' if order in lists.split() else 'Change'}\n" for order in named]
        (folder / "orders.csv").write_text("order_id,category\n" + "".join(told), "utf-8")
        paths.insert(0, folder / "orders.csv")
    imported = load("orders", paths, options)
    imported.ledger()
    return imported


def told(imported: Imported, kind: str) -> list[str]:
    """The remarks of a kind, as lines."""
    return [str(remark) for remark in imported.report.of(kind)]


def spells(imported: Imported) -> list[tuple[str, str, str, str]]:
    """Who held which post from when to when."""
    found = []
    ledger = imported.ledger()
    for person in imported.people:
        for post in ledger.index.posts_of_person.get(person.id, ()):
            start: Appoint | None = None
            for event in ledger.events:
                if isinstance(event, Appoint) and (event.person, event.post) == (person.id, post):
                    start = event
                elif (
                    start is not None
                    and isinstance(event, Vacate | Depart)
                    and event.person == person.id
                    and getattr(event, "post", post) == post
                ):
                    found.append((person.id, post, str(start.date), str(event.date)))
                    start = None
            if start is not None:
                found.append((person.id, post, str(start.date), ""))
    return sorted(found)


def test_assuming_and_relinquishing_are_events(tmp_path: Path) -> None:
    """Each posting is an event of its day, and cites its row."""
    imported = orders(
        tmp_path,
        "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2001-01-01,o2,relinquishes,Q1,Ada,fin,Finance,Minister\n"
        "2001-01-01,o2,assumes,Q1,Ada,home,Home,Minister\n",
    )
    assert spells(imported) == [
        ("Q1", "finance-minister", "2000-01-01", "2001-01-01"),
        ("Q1", "home-minister", "2001-01-01", ""),
    ]
    (left,) = [event for event in imported.events if isinstance(event, Vacate)]
    assert left.source[0].line == 3
    assert imported.ledger().chart(DAY("2000-06-01")).headcount() == 1


def test_continuing_what_nobody_assumed_is_a_state_seen(tmp_path: Path) -> None:
    """The post is held from that day on, since when is not told, and that is said."""
    imported = orders(tmp_path, "2000-01-01,o1,continues,Q1,Ada,fin,Finance,Minister\n")
    assert spells(imported) == [("Q1", "finance-minister", "..2000-01-01", "")]
    assert told(imported, "mended") == [
        "postings.csv:2: mended: continues what nobody assumed: held from this day on, since when is not told"
    ]


def test_relinquishing_what_is_not_held_is_refused(tmp_path: Path) -> None:
    """Nothing is invented; if the same office is held in another role, that is meant."""
    lines = (
        "2000-01-01,o1,relinquishes,Q1,Ada,fin,Finance,Minister\n2000-02-01,o2,assumes,Q1,Ada,fin,Finance,Deputy\n"
        "2000-03-01,o3,relinquishes,Q1,Ada,fin,Finance,Minister\n"
    )
    imported = orders(tmp_path, lines)
    assert spells(imported) == [("Q1", "finance-deputy", "2000-02-01", "2000-03-01")]
    assert "postings.csv:2: refused: relinquishes what is not held" in told(imported, "refused")
    assert told(imported, "mended") == [
        "postings.csv:4: mended: relinquishes in another role than held; the one held ends"
    ]


def test_a_role_that_is_not_told_is_the_one_held(tmp_path: Path) -> None:
    """A posting without a role is no second post."""
    lines = "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-03-01,o2,continues,Q1,Ada,fin,Finance,\n"
    imported = orders(tmp_path, lines)
    assert spells(imported) == [("Q1", "finance-minister", "2000-01-01", "")]
    assert "postings.csv:3: mended: the role is not told; taken for the one held" in told(imported, "mended")


LIST = (
    "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-01-01,o1,assumes,Q2,Ben,home,Home,Minister\n"
    "2000-01-01,o1,assumes,Q3,Cleo,law,Law,Minister\n2000-01-01,o1,assumes,Q4,Dina,sea,Sea,Minister\n"
)


def test_whoever_is_not_on_a_full_list_has_left(tmp_path: Path) -> None:
    """The end is inferred, and cites the list."""
    lines = LIST + "".join(
        f"2001-01-01,o2,continues,Q{at},,{post},X,Minister\n" for at, post in [(1, "fin"), (2, "home")]
    )
    imported = orders(tmp_path, lines.replace("X,", "Finance,", 1).replace("X,", "Home,", 1), "o2")
    ends = {person: end for person, _, _, end in spells(imported)}
    assert ends == {"Q1": "", "Q2": "", "Q3": "2001-01-01", "Q4": "2001-01-01"}
    assert {e.certainty for e in imported.events if e.kind == "depart"} == {"inferred"}
    assert len(told(imported, "guessed")) == 2


def test_a_short_full_list_is_a_partial_one(tmp_path: Path) -> None:
    """A list that names few of those in office is no mass departure; it is full for those it names."""
    lines = LIST + "2001-01-01,o2,assumes,Q1,Ada,home,Home,Minister\n"
    imported = orders(tmp_path, lines, "o2")
    ends = {(person, post): end for person, post, _, end in spells(imported)}
    assert ends["Q1", "finance-minister"] == "2001-01-01"
    assert {end for (person, _), end in ends.items() if person != "Q1"} == {""}
    assert "names 1 of about 4" in told(imported, "flagged")[0]


def test_two_full_lists_of_a_day_are_one(tmp_path: Path) -> None:
    """Neither ends what the other names."""
    lines = LIST + "".join(
        f"2001-01-01,o{number},continues,Q{at},,{post},{unit},Minister\n"
        for number, at, post, unit in [(2, 1, "fin", "Finance"), (2, 2, "home", "Home"), (3, 3, "law", "Law")]
    )
    ends = {person: end for person, _, _, end in spells(orders(tmp_path, lines, "o2 o3"))}
    assert ends == {"Q1": "", "Q2": "", "Q3": "", "Q4": "2001-01-01"}


def test_contradictions_of_a_day_are_told(tmp_path: Path) -> None:
    """Of one order, giving up counts; against another order of the day, holding on does."""
    lines = (
        "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-01-01,o1,assumes,Q2,Ben,home,Home,Minister\n"
        "2001-01-01,o2,continues,Q1,Ada,fin,Finance,Minister\n2001-01-01,o2,relinquishes,Q1,Ada,fin,Finance,Minister\n"
        "2001-01-01,o2,continues,Q2,Ben,home,Home,Minister\n2001-01-01,o3,relinquishes,Q2,Ben,home,Home,Minister\n"
    )
    imported = orders(tmp_path, lines)
    assert {person: end for person, _, _, end in spells(imported)} == {"Q1": "2001-01-01", "Q2": ""}
    assert len(told(imported, "refused")) == 2


def test_a_day_of_nothing_is_refused(tmp_path: Path) -> None:
    """What is assumed and given up on one day is no day in office."""
    lines = (
        "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-01-01,o1,continues,Q2,Ben,home,Home,Minister\n"
        "2000-01-01,o2,relinquishes,Q1,Ada,fin,Finance,Minister\n"
    )
    assert len(spells(orders(tmp_path, lines))) == 2
    assert any("goes on" in line for line in told(orders(tmp_path, lines), "refused"))


def test_names_are_written_in_many_ways(tmp_path: Path) -> None:
    """One id is one person, by the commonest name; the others are aliases."""
    lines = "".join(
        f"200{at}-01-01,o{at},continues,Q1,{name},fin,Finance,Minister\n"
        for at, name in enumerate(("Ada", "Adah", "Ada", ""))
    )
    imported = orders(tmp_path, lines)
    assert [(p.id, p.name, p.aliases) for p in imported.people] == [("Q1", "Ada", ("Adah",))]


def test_the_tables_are_held_against_each_other(tmp_path: Path) -> None:
    """Counts, dates and orders that do not fit are told."""
    (tmp_path / "postings.csv").write_text(
        HEADER + "2000-01-01,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-01-02,o9,assumes,Q1,Ada,x,X,Minister\n",
        "utf-8",
    )
    (tmp_path / "orders.csv").write_text(
        "date,order_id,category,postings\n2000-01-03,o1,C,2\n2000-01-03,o1,C,2\n", "utf-8"
    )
    imported = load("orders", [tmp_path / "orders.csv", tmp_path / "postings.csv"], GOVERNMENT)
    text = "\n".join(told(imported, "flagged") + told(imported, "refused"))
    for part in ("is there twice", "the order is of 2000-01-03", "not in the table of orders", "2 postings, and 1"):
        assert part in text


def test_a_table_without_rows_is_told_once(tmp_path: Path) -> None:
    """It has a header only, so it is neither postings nor orders."""
    for name, row in (("one.csv", "2000-01-01,assumes,Ann,ceo\n"), ("two.csv", "")):
        (tmp_path / name).write_text(f"date,verb,person,post\n{row}", encoding="utf-8")
    imported = load("orders", [tmp_path / "one.csv", tmp_path / "two.csv"], GOVERNMENT)
    assert told(imported, "flagged") == ["two.csv:1: flagged: there is no row"]


def test_rows_that_say_nothing_are_refused(tmp_path: Path) -> None:
    """A verb, somebody, something and a day."""
    lines = (
        "2000-01-01,o1,dances,Q1,Ada,fin,Finance,Minister\n2000-01-01,o1,assumes,,,fin,Finance,Minister\n"
        "2000-01-01,o1,assumes,Q1,Ada,,,\n2000,o1,assumes,Q1,Ada,fin,Finance,Minister\n2000-01-01,o1,assumes,Q1,Ada,a,A,B\n"
    )
    assert [line.split(":")[1] for line in told(orders(tmp_path, lines), "refused")] == ["2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("a,b\n1,2\n", GOVERNMENT, "no column says the order"),
        (HEADER, GOVERNMENT, "no posting"),
        (HEADER + "01/02/2024,o,assumes,Q1,A,f,F,M\n", GOVERNMENT, "--date-format"),
        (HEADER + "2000-01-01,o,assumes,Q1,A,f,F,M\n", Options(), "--organization"),
        ("verb,who\nassumes,Ada\n", GOVERNMENT, "no column says the date"),
        (HEADER + '"2000-01-01,o\n', GOVERNMENT, "not CSV"),
    ],
)
def test_files_that_are_none_end_in_a_place(tmp_path: Path, content: str, options: Options, message: str) -> None:
    """A file that cannot be read at all is told with its place and a remedy."""
    path = tmp_path / "postings.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(ImportProblem, match=message):
        load("orders", [path], options)


ROWS = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["o1", "o2", "o3"]),
        st.sampled_from(["assumes", "continues", "relinquishes"]),
        st.integers(1, 3),
        st.sampled_from(["fin", "home", ""]),
        st.sampled_from(["Minister", "Deputy", ""]),
    ),
    max_size=14,
)


@given(found=ROWS, full=st.sampled_from(["", "o2", "o1 o3"]))
def test_any_orders_give_a_ledger(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[int, str, str, int, str, str]], full: str
) -> None:
    """Whatever orders say, what is taken over holds together."""
    first = "2000-01-01,o1,assumes,Q9,Zoe,sea,Sea,Minister\n"
    lines = [
        f"2000-01-0{day},{o},{verb},Q{who},P{who},{post},{post},{role}\n" for day, o, verb, who, post, role in found
    ]
    orders(tmp_path_factory.mktemp("any"), first + "".join(lines), full)


# --------------------------------------------------------------------------------------------------------------- data


def naive(folder: Path) -> dict[Key, set[int]]:
    """The orders read plainly: a set of who holds what, changed by each posting; full lists clear it."""
    full = {row["order_id"] for row in rows(folder / "orders.csv") if row["category"] == "Council of Ministers"}
    by_day: dict[str, list[dict[str, str]]] = {}
    for row in rows(folder / "postings.csv"):
        by_day.setdefault(row["date"], []).append(row)
    now: dict[Key, int] = {}
    found: dict[Key, set[int]] = {}

    def close(key: Key, day: int) -> None:
        found.setdefault(key, set()).update(range(now.pop(key), day))

    for day, postings in sorted(by_day.items()):
        said = {key_of(row) for row in postings if row["verb"] != "relinquishes"}
        gone = {key_of(row) for row in postings if row["verb"] == "relinquishes"} - said
        listed = {row["officer_id"] for row in postings if row["order_id"] in full}
        if len(listed) * 2 >= len({key[0] for key in now}):
            gone |= set(now) - said if listed else set()
        for key in gone & set(now):
            close(key, ordinal(day))
        for key in said - set(now):
            now[key] = ordinal(day)
    for key in list(now):
        close(key, ordinal("1999-12-31") + 1)
    return found


@pytest.mark.data
def test_the_orders_agree_with_the_published_tenures(data_folder: Path) -> None:
    """The share of person-post-days that agrees is at least that of a plain reading, and told by year and cause."""
    folder = data_folder / "india-ministers"
    paths = [folder / "orders.csv", folder / "postings.csv"]
    imported = load("orders", paths, Options(organization="government-of-india"))
    ours = of_ledger(imported, rows(folder / "postings.csv"))
    theirs = published(folder / "tenures.csv")
    found = by_year(days(ours), days(theirs))
    plain = share(by_year(naive(folder), days(theirs)))
    assert 0.84 < plain < share(found)
    assert round(share(found), 3) >= 0.884
    why = causes(ours, theirs)
    total = sum(either for _, either in found.values())
    assert sum(why.values()) == total - sum(both for both, _ in found.values())
    page = PAGE.read_text("utf-8")
    assert table(found) in page, table(found)
    assert cause_table(why, total) in page, cause_table(why, total)
    assert f"both have {share(found):.1%}" in page
    assert f"it would be {plain:.1%}" in page
    same = len(merged(ours) & merged(theirs))
    assert f"{same:,} of {len(merged(theirs)):,} tenures" in page, same
    assert Counter(remark.kind for remark in imported.report.remarks)["refused"] > 100


@pytest.mark.data
def test_whom_the_orders_name_is_in_office_on_that_day(data_folder: Path) -> None:
    """On the day of a large full list, those in office are those it names and those other orders of the day name."""
    folder = data_folder / "india-ministers"
    imported = load("orders", [folder / "orders.csv", folder / "postings.csv"], Options(organization="india"))
    ledger = imported.ledger()
    postings = rows(folder / "postings.csv")
    lists = [
        row
        for row in rows(folder / "orders.csv")
        if row["category"] == "Council of Ministers" and int(row["details"]) >= 40
    ]
    assert len(lists) > 100
    for row in lists:
        today = [p for p in postings if p["date"] == row["date"]]
        gone = {(p["order_id"], *key_of(p)) for p in today if p["verb"] == "relinquishes"}
        named = {
            p["officer_id"] or p["officer"].casefold()
            for p in today
            if p["verb"] != "relinquishes" and (p["order_id"], *key_of(p)) not in gone
        }
        assert {person.id for person in ledger.chart(DAY(row["date"])).people} == named
