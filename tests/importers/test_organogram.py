"""UK government organograms: senior posts and junior counts, one snapshot after the other."""

import csv
import datetime as dt
import gzip
import math
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgsim.chart import OrgChart
from orgsim.events import AbolishPost, ChangeEmployment, Depart, Hire
from orgsim.importers import Imported, Options, load
from orgsim.importers.tabular import ImportProblem
from orgsim.metrics import headcount
from orgsim.model import Post

DAY = dt.date.fromisoformat
SENIOR = (
    '"Post Unique Reference","Name","Grade (or equivalent)","Job Title","Parent Department","Organisation","Unit",'
    '"Contact Phone","Reports to Senior Post","FTE","","Professional/Occupational Group"\n'
)
JUNIOR = (
    '"Parent Department","Organisation","Unit","Reporting Senior Post","Grade","Generic Job Title",'
    '"Number of Posts in FTE","Professional/Occupational Group"\n'
)


def senior(
    ref: str, name: str, above: str, *, title: str = "Director", unit: str = "", fte: str = "1", grade: str = "SCS1"
) -> str:
    """A row of a senior post."""
    return ",".join(
        f'"{cell}"' for cell in (ref, name, grade, title, "", "The Office", unit, "", above, fte, "", "Policy")
    )


def junior(above: str, fte: str, title: str = "Clerk", grade: str = "AO") -> str:
    """A row of junior posts."""
    return ",".join(f'"{cell}"' for cell in ("", "The Office", "Mail", above, grade, title, fte, "Policy"))


def organogram(folder: Path, files: dict[str, list[str]], options: Options | None = None) -> Imported:
    """Import files written here: by day and kind, the rows."""
    paths = []
    for name, rows in files.items():
        path = folder / f"the_office-{name}.csv"
        path.write_text((SENIOR if "senior" in name else JUNIOR) + "".join(f"{row}\n" for row in rows), "utf-8")
        paths.append(path)
    imported = load("organogram", paths, options)
    imported.ledger()
    return imported


def told(imported: Imported, kind: str) -> list[str]:
    """The remarks of a kind."""
    return [remark.message for remark in imported.report.of(kind)]


def one(folder: Path, *rows: str) -> tuple[Imported, OrgChart]:
    """Import one snapshot of senior posts; the chart of its day."""
    imported = organogram(folder, {"2011-03-31-senior": list(rows)})
    return imported, imported.ledger().chart(DAY("2011-03-31"))


def test_a_row_is_a_post_with_its_line(tmp_path: Path) -> None:
    """Its reference is its id, its grade the level; XX is the top."""
    _, chart = one(
        tmp_path,
        senior("0A1", "Ada Rossi", "XX", title="Head"),
        senior("7", "Ben Okafor", "0A1", unit="Mail", fte="0.8"),
    )
    head, mail = chart.post("the_office.0A1"), chart.post("the_office.7")
    assert (head.title, head.level, head.unit, head.line and head.line.to) == ("Head", "SCS1", "the_office", "none")
    assert (mail.unit, mail.line and mail.line.to) == ("the-office-mail", "the_office.0A1")
    assert chart.unit("the_office").name == "The Office"
    ben = chart.person("ben-okafor")
    assert [job.fte for job in ben.employments] == [0.8]


def test_a_share_of_a_full_time_job_changes_between_two_organograms(tmp_path: Path) -> None:
    """By hand: half a job, then two posts with 0.5 and 0.3, then nothing told, then a whole one; a return is a hire."""
    ada = senior("1", "Ada Rossi", "XX", fte="0.9")
    ben = [senior("2", "Ben Okafor", "1", fte="0.5")]
    two = [senior("2", "Ben Okafor", "1", fte="0.5"), senior("3", "Ben Okafor", "1", fte="0.3")]
    untold, whole = [senior("2", "Ben Okafor", "1", fte="")], [senior("2", "Ben Okafor", "1", fte="1")]
    days = [f"{year}-{day}" for year in (2011, 2012, 2013) for day in ("03-31", "09-30")]
    rows = zip(days, [ben, two, untold, whole, [], ben], strict=True)
    imported = organogram(tmp_path, {f"{day}-senior": [ada, *more] for day, more in rows})
    found = headcount(imported.ledger(), [DAY(day) for day in days])
    assert [row.fte for row in found] == pytest.approx([1.4, 1.7, 1.7, 1.9, 0.9, 1.4])
    changes = [event for event in imported.events if isinstance(event, ChangeEmployment)]
    assert [(str(e.date), str(e.known), e.fte, [ref.line for ref in e.source]) for e in changes] == [
        ("2011-04-01..2011-09-30", "2011-09-30", 0.8, [3, 4]),
        ("2012-04-01..2012-09-30", "2012-09-30", 1, [3]),
    ]
    assert [event.fte for event in imported.events if isinstance(event, Hire)] == [0.9, 0.5, 0.5]
    assert told(imported, "refused") == []


def test_what_stands_in_place_of_a_name(tmp_path: Path) -> None:
    """Vacant is a vacancy, N/D somebody not named, blank not known, eliminated no post."""
    imported, chart = one(
        tmp_path,
        senior("1", "Ada Rossi", "XX"),
        senior("2", "'Vacant'", "1"),
        senior("3", "n/d", "1"),
        senior("4", "", "1"),
        senior("5", "Eliminated'", "1"),
        senior("6", "Head of Mail", "1"),
    )
    holders = {post.id[-1]: [h.holder or h.person for h in post.holders] for post in chart.posts}
    assert holders == {"1": ["ada-rossi"], "2": [], "3": ["unnamed"], "4": ["unknown"], "6": ["unnamed"]}
    assert told(imported, "guessed") == ["'Head of Mail' is no name: somebody holds the post, and is not named"]


def test_a_shared_post_has_two_seats(tmp_path: Path) -> None:
    """Two names in a cell, or two rows of one reference; a row that says the same again is one."""
    imported, chart = one(
        tmp_path,
        senior("1", "Collins, Rory/Peto, Richard", "XX"),
        senior("2", "Ada Rossi", "1", fte="0.5"),
        senior("2", "Ben Okafor", "1", fte="0.5"),
        senior("3", "Cleo Martin", "1"),
        senior("3", "Cleo Martin", "1"),
    )
    assert {post.id[-1]: (post.seats, len(post.holders)) for post in chart.posts} == {
        "1": (2, 2),
        "2": (2, 2),
        "3": (1, 1),
    }
    assert told(imported, "guessed") == ["'Collins, Rory/Peto, Richard' is taken for 2 people who share the post"]
    assert "the row says again what row 5 says" in told(imported, "mended")
    assert "2 rows have the reference '2': a post with 2 seats" in told(imported, "flagged")


def test_different_posts_of_one_reference_are_kept_apart(tmp_path: Path) -> None:
    """Whoever reports to that reference has an unknown manager."""
    imported, chart = one(
        tmp_path,
        senior("1", "Ada Rossi", "XX", title="Head"),
        senior("0", "Ben Okafor", "1", title="Mail"),
        senior("0", "Cleo Martin", "1", title="Sea"),
        senior("2", "Dina Petrova", "0"),
    )
    assert sorted(post.title for post in chart.posts) == ["Director", "Head", "Mail", "Sea"]
    assert chart.post("the_office.2").line is None
    text = "\n".join(told(imported, "flagged"))
    assert "2 different posts have the reference '0'" in text
    assert "'0', which several posts are called" in text


def test_lines_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    """Dangling, circular, to oneself, to an eliminated post, not told: unknown, never a top."""
    imported, chart = one(
        tmp_path,
        senior("1", "Ada Rossi", "XX"),
        senior("A2", "Ben Okafor", "99"),
        senior("3", "Cleo Martin", "3"),
        senior("4", "Dina Petrova", "5"),
        senior("5", "Emil Novak", "4"),
        senior("6", "Eliminated", "1"),
        senior("7", "Finn Olsen", "6"),
        senior("8", "Gita Rao", ""),
        senior("9", "Hugo Lind", "a2"),
    )
    lines = {post.id.partition(".")[2]: post.line.to if post.line else None for post in chart.posts}
    assert lines == {"1": "none", "9": "the_office.A2", **dict.fromkeys(["A2", "3", "4", "5", "7", "8"])}
    text = "\n".join(told(imported, "flagged"))
    for part in (
        "'99', which is no post",
        "reports to itself",
        "in a circle",
        "'6', which is eliminated",
        "is not told",
    ):
        assert part in text, part
    assert "it reports to 'a2', which is 'A2'" in told(imported, "mended")


def test_tops_are_counted(tmp_path: Path) -> None:
    """An organogram has one top; others are flagged."""
    imported, _ = one(tmp_path, senior("1", "Ada Rossi", "XX"), senior("2", "Ben Okafor", "xx"))
    assert told(imported, "flagged") == ["2011-03-31: 2 posts are at the top: '1', '2'"]


def test_junior_staff_are_posts_held_by_people_not_named(tmp_path: Path) -> None:
    """As many as full-time equivalents make at least; fractions and rows that say the same are told."""
    rows = [
        junior("1", "1.5"),
        junior("1", "0.7"),
        junior("1", "3", "Cook"),
        junior("9", "1", "Mate"),
        junior("1", "many"),
    ]
    files = {"2011-03-31-senior": [senior("1", "Ada Rossi", "XX")], "2011-03-31-junior": rows}
    imported = organogram(tmp_path, files)
    chart = imported.ledger().chart(DAY("2011-03-31"))
    posts = {post.title: post for post in chart.posts if post.level == "AO"}
    assert {title: [h.seats for h in post.holders] for title, post in posts.items()} == {
        "Clerk": [3],
        "Cook": [3],
        "Mate": [1],
    }
    assert posts["Clerk"].line is not None
    assert posts["Clerk"].line.to == "the_office.1"
    assert posts["Mate"].line is None
    assert chart.headcount() == 1
    assert "2.2 full-time equivalents are at least 3 people" in told(imported, "mended")
    assert "'many' is no number of posts" in told(imported, "refused")
    assert "it reports to '9', which is no post" in told(imported, "flagged")


def test_changes_lie_between_the_snapshots(tmp_path: Path) -> None:
    """What differs happened between two snapshots, and is known since the later one."""
    first = [senior("1", "Ada Rossi", "XX"), senior("2", "Ben Okafor", "1"), senior("3", "Cleo Martin", "2")]
    later = [senior("1", "Ben Okafor", "XX"), senior("2", "Vacant", "1", title="Mail"), senior("4", "Ada Rossi", "2")]
    imported = organogram(tmp_path, {"2011-09-30-senior": later, "2011-03-31-senior": first})
    ledger = imported.ledger()
    changed = [event for event in ledger.events if event.date.day > DAY("2011-03-31")]
    assert {str(event.date) for event in changed} == {"2011-04-01..2011-09-30"}
    assert {event.known for event in changed} == {DAY("2011-09-30")}
    assert {str(event.date) for event in ledger.events} - {str(changed[0].date)} == {"..2011-03-31"}
    before, after = ledger.chart(DAY("2011-03-31")), ledger.chart(DAY("2011-09-30"))
    assert {p.id[-1]: [h.person for h in p.holders] for p in before.posts} == {
        "1": ["ada-rossi"],
        "2": ["ben-okafor"],
        "3": ["cleo-martin"],
    }
    assert {p.id[-1]: [h.person for h in p.holders] for p in after.posts} == {
        "1": ["ben-okafor"],
        "2": [],
        "4": ["ada-rossi"],
    }
    assert after.post("the_office.2").title == "Mail"
    assert [event.person for event in ledger.events if isinstance(event, Depart)] == ["cleo-martin"]
    assert len([event for event in ledger.events if event.kind == "hire"]) == 3


def test_a_whole_branch_may_go(tmp_path: Path) -> None:
    """Posts that report to each other are abolished from the bottom up."""
    first = [senior("1", "Ada Rossi", "XX"), senior("2", "B O", "1"), senior("3", "C M", "2"), senior("4", "D P", "3")]
    imported = organogram(tmp_path, {"2011-03-31-senior": first, "2011-09-30-senior": first[:1]})
    gone = [event.post for event in imported.events if isinstance(event, AbolishPost)]
    assert gone == ["the_office.4", "the_office.3", "the_office.2"]
    assert any("far fewer" in line for line in told(imported, "flagged"))


def test_a_header_without_rows_is_no_snapshot(tmp_path: Path) -> None:
    """An empty file is no mass departure."""
    first = [senior("1", "Ada Rossi", "XX")]
    imported = organogram(tmp_path, {"2011-03-31-senior": first, "2011-09-30-senior": []})
    assert imported.ledger().chart(DAY("2012-01-01")).headcount() == 1
    assert told(imported, "flagged") == ["there is a header and no row: no snapshot is taken from it"]


def test_a_missing_file_is_no_mass_departure(tmp_path: Path) -> None:
    """Without junior posts of a day, those before are kept; without senior ones, the day is left out."""
    top = [senior("1", "Ada Rossi", "XX")]
    files = {
        "2011-03-31-senior": top,
        "2011-03-31-junior": [junior("1", "3")],
        "2011-09-30-senior": top,
        "2012-03-31-junior": [junior("1", "5")],
    }
    imported = organogram(tmp_path, files)
    chart = imported.ledger().chart(DAY("2012-12-31"))
    assert {post.title: [holder.seats for holder in post.holders] for post in chart.posts} == {
        "Director": [1],
        "Clerk": [3],
    }
    assert any("no junior ones; kept as before" in line for line in told(imported, "flagged"))
    assert any("no senior ones; they are left out" in line for line in told(imported, "refused"))


def test_the_same_snapshot_twice_is_read_once(tmp_path: Path) -> None:
    """From the file given first."""
    row = senior("1", "Ada Rossi", "XX")
    imported = organogram(tmp_path, {"2011-03-31-senior": [row], "2011-03-31-senior-corrected": [row]})
    assert len([e for e in imported.events if e.kind == "create-post"]) == 1
    assert "are in the_office-2011-03-31-senior.csv too" in told(imported, "refused")[0]


def test_columns_not_read_are_told_where_they_hold_something(tmp_path: Path) -> None:
    """Blanked columns are not worth a word."""
    row = '"1","Ada Rossi","SCS1","Head","","The Office","","020 7","XX","1","","Policy"'
    imported, _ = one(tmp_path, row)
    assert [str(r) for r in imported.report.of("refused")] == [
        "the_office-2011-03-31-senior.csv:1 [Contact Phone]: refused: the column is not read, in 1 rows"
    ]


def test_lost_characters_and_blanks_are_told(tmp_path: Path) -> None:
    """A replacement character stays, and is flagged; a double blank is one."""
    imported, _ = one(tmp_path, senior("1", "Ada\N{NO-BREAK SPACE} Rossi", "XX", title="Head \ufffd Mail"))
    assert told(imported, "flagged") == ["'Head \ufffd Mail' has lost a character"]
    assert len(told(imported, "mended")) == 1
    assert imported.people[0].name == "Ada Rossi"


def test_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    """Two names with one slug get ids of their own, whatever comes first."""
    rows = [senior("1", "Åsa Berg", "XX"), senior("2", "Asa Berg", "1"), senior("a/b c", "Ben Okafor", "1")]
    first, _ = one(tmp_path, *rows)
    second, _ = one(tmp_path, *rows[::-1])
    assert {(p.id, p.name) for p in first.people} == {(p.id, p.name) for p in second.people}
    assert len({p.id for p in first.people}) == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x-2011-03-31-senior.csv", b"", "the file is empty"),
        ("x-2011-03-31-senior.csv", b"a,b\n1,2\n", "this is no organogram"),
        ("x-2011-02-30-senior.csv", SENIOR.encode() + senior("1", "Ada", "XX").encode(), "2011-02-30"),
        ("organogram.csv", SENIOR.encode() + senior("1", "Ada", "XX").encode(), "name the file BODY"),
        ("x-2011-03-31-senior.csv", SENIOR.encode() + b'"1","Ada', "not CSV"),
        ("x-2011-03-31-senior.csv.gz", b"no gzip", "not gzip"),
        ("x-2011-03-31-senior.csv.gz", gzip.compress(SENIOR.encode() * 9)[:-20], "not gzip"),
        ("x-2011-03-31-senior.csv", SENIOR.encode() + b'"\x00"\n', "NUL"),
    ],
)
def test_files_that_are_none_end_in_a_place(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """A file that cannot be read at all is told with its place and a remedy."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportProblem, match=message):
        load("organogram", [path])


@pytest.mark.parametrize(("limit", "most"), [("MAX_UNPACKED", 10_000), ("MAX_UNPACKED_LINES", 1000)])
def test_a_packed_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    """A packed file is read line by line, and only so far: few bytes may be very many rows."""
    monkeypatch.setattr(f"orgsim.importers.tabular.{limit}", most)
    path = tmp_path / "x-2011-03-31-senior.csv.gz"
    path.write_bytes(gzip.compress(SENIOR.encode() + b'"1"\n' * 10_000))
    with pytest.raises(ImportProblem, match="unpacks to more than"):
        load("organogram", [path])


def test_the_user_can_say_whose_and_when(tmp_path: Path) -> None:
    """Where the name of the file does not."""
    path = tmp_path / "organogram.csv"
    path.write_text(SENIOR + senior("1", "Ada Rossi", "XX") + "\n", "utf-8")
    imported = load("organogram", [path], Options(organization="office", known=DAY("2011-03-31")))
    assert imported.ledger().chart(DAY("2011-03-31")).headcount("office") == 1


REFS = st.sampled_from(["1", "2", "3", "A", "a", "none", "é", "x y", "XX", "", "0"])
NAMES = st.sampled_from(
    ["Ada Rossi", "Ben Okafor", "Vacant", "N/D", "", "Eliminated", "A B/C D", "Head of Mail", "\u200b"]
)
TITLES = st.sampled_from(["Director", "Clerk", ""])
SENIORS = st.lists(
    st.tuples(REFS, NAMES, REFS, TITLES, TITLES, st.sampled_from(["1", "0.5", "", "7", "x"])), max_size=6
)
JUNIORS = st.lists(st.tuples(REFS, st.sampled_from(["1", "0.4", "0", "", "1e9", "999999999"]), TITLES), max_size=4)


@given(seniors=st.lists(st.tuples(SENIORS, JUNIORS), min_size=1, max_size=3))
def test_any_organogram_gives_a_ledger(
    tmp_path_factory: pytest.TempPathFactory,
    seniors: list[tuple[list[tuple[str, str, str, str, str, str]], list[tuple[str, str, str]]]],
) -> None:
    """Whatever snapshots say, what is taken over holds together."""
    files: dict[str, list[str]] = {}
    for at, (above, below) in enumerate(seniors):
        rows = [senior(ref, name, up, title=title, unit=unit, fte=fte) for ref, name, up, title, unit, fte in above]
        files[f"201{at}-03-31-senior"] = rows
        files[f"201{at}-03-31-junior"] = [junior(up, fte, title) for up, fte, title in below]
    organogram(tmp_path_factory.mktemp("any"), files)


# --------------------------------------------------------------------------------------------------------------- data

Rows = list[dict[str, str]]
ODD = {"Head of Adaptation", "Head of Corporate Services", "CE UKTI BIS funded post", "ND"}
"""Names in the cleaned table that are none."""


def raw(path: Path) -> Rows:
    """The rows of a file, packed or not, with nothing of ours."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def counted(rows: Rows) -> tuple[set[str], dict[str, str | None], Counter[str], dict[str, int]]:
    """Of one organogram: vacant references, lines, spans, and depths below the top; counted on the rows."""
    there: dict[str, Rows] = defaultdict(list)
    for row in rows:
        if "eliminated" not in row["name"].casefold():
            there[row["post_ref"]].append(row)
    empty = {"vacant", "'vacant'", "vacant'", "vacant post", "vacancy"}
    vacant = {ref for ref, same in there.items() if all(row["name"].casefold() in empty for row in same)}
    lines: dict[str, str | None] = {}
    for ref, same in there.items():
        up = same[0]["reports_to"]
        alike = [other for other in there if other.casefold() == up.casefold()]
        up = up if up in there or len(alike) != 1 else alike[0]  # the same reference in other letters
        lines[ref] = up if up == "XX" or (up in there and up != ref) else None
    spans = Counter(up for up in lines.values() if up is not None)
    depths: dict[str, int] = {}
    for ref in lines:
        at: str | None = ref
        steps = 0
        while at is not None and at != "XX":
            at, steps = lines[at], steps + 1
        if at == "XX":
            depths[ref] = steps
    return vacant, lines, spans, depths


def ref_of(post: Post, by_line: dict[int, str]) -> str | None:
    """The reference of a senior post, told by the row that its first event cites."""
    source = post.events[0].source[0]
    return by_line[source.line] if source.id == "senior-give" and source.line is not None else None


@pytest.fixture(scope="module")
def cleaned(data_folder: Path) -> tuple[Imported, Rows, Rows]:
    """The cleaned tables of all bodies, imported; and their rows."""
    folder = data_folder / "uk-organograms"
    paths = [folder / "senior_give.csv", folder / "junior_give.csv.gz"]
    return load("organogram", paths), raw(paths[0]), raw(paths[1])


@pytest.mark.data
@pytest.mark.slow
def test_vacancies_spans_and_depths_equal_a_direct_count(cleaned: tuple[Imported, Rows, Rows]) -> None:
    """Of every body and snapshot, counted on the rows of the table."""
    imported, seniors, juniors = cleaned
    ledger = imported.ledger()
    by_line = {at: row["post_ref"] for at, row in enumerate(seniors, 2)}
    groups: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in seniors:
        groups[row["org"], row["snapshot"]].append(row)
    staff: dict[tuple[str, str], dict[tuple[str, ...], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for row in juniors:
        key = (row["reports_to"], row["unit"], row["grade"], row["job_title"], row["profession"])
        staff[row["org"], row["snapshot"]][key] += Fraction(row["posts_fte"])
    assert (
        len(seniors) + len(juniors)
        == sum(imported.report.read[f"{kind} rows"] for kind in ("senior", "junior"))
        == 33956
    )
    assert len({org for org, _ in groups}) == imported.report.read["bodies"] == 72
    charts = {day: ledger.chart(DAY(day)) for day in {day for _, day in groups}}
    posts: dict[tuple[str, str], list[Post]] = defaultdict(list)
    for day, chart in charts.items():
        for post in chart.posts:
            posts[chart.unit(post.unit).parent or post.unit, day].append(post)
    for (org, day), rows in groups.items():
        vacant, lines, spans, depths = counted(rows)
        found = {post.id: post for post in posts[org, day]}
        refs = {id_: ref for id_, post in found.items() if (ref := ref_of(post, by_line)) is not None}
        ups = {ref: found[id_].line for id_, ref in refs.items()}
        ours = {ref: None if up is None else "XX" if up.to == "none" else refs[up.to] for ref, up in ups.items()}
        assert ours == lines
        assert {refs[id_] for id_, post in found.items() if post.vacant and id_ in refs} == vacant
        assert Counter(up for up in ours.values() if up is not None) == spans
        chart = charts[day]
        for id_, ref in refs.items():
            assert (ref in depths) == (chart.post(id_).line is not None and _top(found, id_))
            if ref in depths:
                assert _depth(found, id_) == depths[ref]
        people = Counter[str | None]()
        for id_, post in found.items():
            if id_ not in refs:
                people[refs[post.line.to] if post.line else None] += sum(holder.seats for holder in post.holders)
        expected = Counter[str | None]()
        for (above, *_), fte in staff[org, day].items():
            expected[above if above in lines else None] += math.ceil(fte)
        assert people == expected


@pytest.mark.data
@pytest.mark.slow
def test_the_shares_of_full_time_jobs_equal_a_direct_sum(cleaned: tuple[Imported, Rows, Rows]) -> None:
    """Of every body and snapshot, summed on the rows of the table, at most a whole one; and so changed as often."""
    imported, seniors, _ = cleaned
    ledger = imported.ledger()
    rows = {(r["org"], r["snapshot"], r["post_ref"], r["name"], r["fte"]) for r in seniors if r["status"] == "named"}
    sums: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for org, day, _, names, fte in rows:
        for name in names.split("/"):
            sums[org, day][name] += Fraction(fte)
    days = {org: sorted({day for body, day in sums if body == org}) for org, _ in sums}
    for (org, day), shares in sums.items():
        found = {p.name: job.fte for p in ledger.chart(DAY(day)).people if (job := p.employment(org)) is not None}
        named = {name: share for name, share in shares.items() if name not in ODD and "not directly" not in name}
        assert found == {name: float(min(Fraction(1), share)) for name, share in named.items()}
    changed = Counter(
        min(Fraction(1), sums[org, after][name]) != min(Fraction(1), sums[org, before][name])
        for org in days
        for before, after in pairwise(days[org])
        for name in sums[org, before].keys() & sums[org, after].keys()
    )
    assert changed[True] == sum(isinstance(event, ChangeEmployment) for event in imported.events) == 11


def _depth(posts: dict[str, Post], id_: str) -> int:
    line = posts[id_].line
    return 1 if line is None or line.to == "none" else 1 + _depth(posts, line.to)


def _top(posts: dict[str, Post], id_: str) -> bool:
    line = posts[id_].line
    return line is not None and (line.to == "none" or _top(posts, line.to))


@pytest.mark.data
@pytest.mark.slow
def test_the_defects_of_the_tables_are_told(cleaned: tuple[Imported, Rows, Rows]) -> None:
    """Repeated references, dangling lines, circles, tops, shared posts, lost characters: as many as there are."""
    imported, seniors, _ = cleaned
    flagged, guessed = told(imported, "flagged"), told(imported, "guessed")
    by_body: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in seniors:
        by_body[row["org"], row["snapshot"]].append(row)
    there = {key: {row["post_ref"] for row in rows} for key, rows in by_body.items()}
    dangling = sum(row["reports_to"] not in {*there[row["org"], row["snapshot"]], "XX"} for row in seniors)
    other_letters = [line for line in told(imported, "mended") if "which is 'D" in line]
    assert sum("which is no post" in line for line in flagged) + len(other_letters) == dangling == 8
    assert sum("reports to itself" in line for line in flagged) == 2
    tops = (sum(up == "XX" for up in counted(rows)[1].values()) for rows in by_body.values())
    assert sum("at the top" in line for line in flagged) == sum(top != 1 for top in tops) > 2
    assert sum("share the post" in line for line in guessed) == 2
    assert imported.report.read["senior posts eliminated"] == sum(row["status"] == "eliminated" for row in seniors)
    named = {(row["org"], part) for row in seniors if row["status"] == "named" for part in row["name"].split("/")}
    assert len(imported.people) == len({n for n in named if n[1] not in ODD and "not directly" not in n[1]})


@pytest.mark.data
@pytest.mark.slow
def test_the_files_as_served_say_the_same(data_folder: Path) -> None:
    """Raw files with 16 bodies import by themselves, and hold whom the cleaned table names."""
    folder = data_folder / "uk-organograms"
    paths = sorted((folder / "raw").glob("*.csv"))
    imported = load("organogram", paths)
    ledger = imported.ledger()
    assert imported.report.read["bodies"] == 16
    for path in paths:
        if not path.name.endswith("senior.csv"):
            continue
        body, day = path.name[:-22], path.name[-21:-11]
        names = {row["Name"] for row in raw(path)}
        chart = ledger.chart(DAY(day))
        ours = {person.name for person in chart.people if person.employment(body)}
        skipped = {"CE UKTI BIS funded post"}
        words = ("n/d", "nd", "", "vacant", "eliminated", "vacancy", "vacant post")
        assert ours == {n for n in names if n.strip("'").casefold() not in words} - skipped
