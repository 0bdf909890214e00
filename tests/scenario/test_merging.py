"""Files beneath and variants: what is joined, what is replaced, and where problems are told."""

import shutil
from pathlib import Path

import pytest

from orgsim.errors import OrgsimError
from orgsim.laws import Constant, ExponentialDuration, LognormalDuration
from orgsim.reading.scenario import read_scenario, read_variants
from orgsim.scenario.model import Hiring, Scenario, Where
from tests.scenario.files import write

BASE = """\
attrition: {resignation: {rules: [{where: {level: executive}, hazard: 5 % / y}, {hazard: 15 % / y}]}}
hiring:
  approve_in: 7 d
  stages:
  - {id: search, takes: {lognormal: {median: 35 d, p90: 75 d}}, recruiter: true}
  - {id: notice, takes: 30 d}
  recruiters: [{id: one, count: 2, where: {unit: sales}}, {id: two, count: 3}]
levels: [executive, staff]
"""


def over(folder: Path, body: str) -> Scenario:
    """A scenario that extends the base with this body."""
    write(folder, BASE, "beneath.yaml")
    return read_scenario(write(folder, body, head="orgsim: scenario/1\nextends: beneath.yaml\n"))


def hiring(folder: Path, body: str) -> Hiring:
    """Its hiring."""
    found = over(folder, f"hiring: {body}\n").hiring
    assert found is not None
    return found


def test_what_is_not_said_stays(tmp_path: Path) -> None:
    """A file that says nothing more is the base."""
    found = over(tmp_path, "")
    assert found.title == "A test"
    assert found.hiring is not None
    assert len(found.hiring.stages) == 2


def test_things_with_an_id_join(tmp_path: Path) -> None:
    """The same id joins, another is added, in the order of the base."""
    found = hiring(tmp_path, "{stages: [{id: offer, takes: 5 d}, {id: search, recruiter: false}]}")
    assert [(s.id, s.recruiter) for s in found.stages] == [("search", False), ("notice", False), ("offer", False)]
    assert found.stages[0].takes == LognormalDuration(35, found.stages[0].takes.sigma)  # type: ignore[attr-defined]
    assert found.approve_in == Constant(7)


def test_laws_and_conditions_are_replaced_whole(tmp_path: Path) -> None:
    """Half a law or half a condition of the base would be another one."""
    found = hiring(
        tmp_path, "{stages: [{id: search, takes: {exponential: 40 d}}], recruiters: [{id: one, where: {level: staff}}]}"
    )
    assert found.stages[0].takes == ExponentialDuration(40)
    assert found.recruiters[0].where == Where(levels=("staff",))
    assert found.recruiters[0].count == 2


def test_other_lists_are_replaced(tmp_path: Path) -> None:
    """Rules have no ids, so the file says them all."""
    found = over(
        tmp_path, "attrition: {resignation: {rules: [{hazard: 1 % / y}]}}\nlevels: [chief, executive, staff]\n"
    )
    assert len(found.attrition[0].rules) == 1
    assert found.levels == ("chief", "executive", "staff")


def test_none_takes_away_and_an_empty_list_empties(tmp_path: Path) -> None:
    """A mapping or list of the base can be taken away."""
    assert over(tmp_path, "hiring: none\n").hiring is None
    assert hiring(tmp_path, "{recruiters: []}").recruiters == ()
    assert hiring(tmp_path, "{recruiters: none}").recruiters == ()


def test_a_file_may_extend_one_that_extends(tmp_path: Path) -> None:
    """The nearest file decides; names of files are relative to the file in which they stand."""
    (tmp_path / "deep").mkdir()
    write(tmp_path / "deep", BASE, "beneath.yaml")
    write(
        tmp_path / "deep", "title: Middle\nseed: 5\n", "middle.yaml", head="orgsim: scenario/1\nextends: beneath.yaml\n"
    )
    top = write(tmp_path, "title: Top\n", head="orgsim: scenario/1\nextends: deep/middle.yaml\n")
    found = read_scenario(top)
    assert (found.title, found.seed, found.ledger.events != ()) == ("Top", 5, True)


def test_a_problem_is_told_in_the_file_that_says_it(tmp_path: Path) -> None:
    """Whether a thing is of the base or not, its place is where it is written."""
    write(tmp_path, "seed: x\n", "beneath.yaml")
    path = write(tmp_path, "levels: x\n", head="orgsim: scenario/1\nextends: beneath.yaml\n")
    with pytest.raises(OrgsimError) as error:
        read_scenario(path)
    places = [(Path(p.where.file).name, p.where.line) for p in error.value.problems if p.where is not None]
    assert places == [("beneath.yaml", 6), ("scenario.yaml", 3)]


# ---------------------------------------------------------------------------------------------------------- variants


def test_a_variant_is_a_whole_scenario(tmp_path: Path) -> None:
    """A variant joins the scenario as a file joins the one beneath."""
    path = write(tmp_path, f"{BASE}variants:\n  quick: {{title: Quick, hiring: {{approve_in: 1 d}}}}\n  same: {{}}\n")
    found = read_variants(path)
    assert list(found) == ["quick", "same"]
    quick = found["quick"]
    assert (quick.title, quick.variant, quick.seed) == ("Quick", "quick", 0)
    assert quick.hiring is not None
    assert quick.hiring.approve_in == Constant(1)
    assert read_scenario(path, "quick") == quick
    assert read_scenario(path).variant is None


def test_problems_of_a_variant_name_it(tmp_path: Path) -> None:
    """What is wrong in the scenario itself is told once, what is wrong only in a variant with its name."""
    body = """\
        shocks: [{id: x, date: 2025-03-01, post: nobody}]
        variants:
          one: {shocks: [{id: y, date: 2025-03-01, post: cto, probability: 0 %}]}
          two: {seed: 1, hiring: {stages: [{id: s, takes: 5}]}}
          three: {hiring: none}
          four: 5
        """
    with pytest.raises(OrgsimError) as error:
        read_scenario(write(tmp_path, body))
    assert [(p.rule, p.message.partition(":")[0]) for p in error.value.problems] == [
        ("no-such-post", "there is no post 'nobody' on 2025-01-01"),
        ("bad-share", "in the variant 'one'"),
        ("unknown-key", "a variant has no key 'seed'"),
        ("bad-duration", "in the variant 'two'"),
        ("wrong-shape", "in the variant 'three'"),
        ("wrong-shape", "one value does not fit here"),
    ]


def test_problems_of_the_scenario_are_not_put_down_to_a_variant(tmp_path: Path) -> None:
    """Also where a variant gets farther than the scenario itself, and finds what that would have found."""
    body = """\
        events: [{date: 2030-01-01, event: abolish-post, post: cto}]
        shocks: [{id: x, date: 2031-03-01, post: cto}]
        variants:
          other: {events: [], growth: [{id: g, add: 1, like: cto, from: 2024-01-01}]}
        """
    with pytest.raises(OrgsimError) as error:
        read_scenario(write(tmp_path, body))
    places = {p.where.line: p.message.startswith("in the variant 'other': ") for p in error.value.problems if p.where}
    first = min(places)
    assert places == {first: False, first + 1: False, first + 3: True}


def test_a_variant_that_cannot_happen_is_told(tmp_path: Path) -> None:
    """Each variant is proven with what it plans."""
    body = """\
        variants:
          fine: {}
          close: {events: [{date: 2025-03-01, event: abolish-post, post: cto}]}
        """
    with pytest.raises(OrgsimError) as error:
        read_scenario(write(tmp_path, body))
    (problem,) = error.value.problems
    assert problem.rule == "post-is-held"
    assert problem.message.startswith("in the variant 'close': ")


# ------------------------------------------------------------------------------------------------------------ digest


def digest(folder: Path) -> str:
    """The digest of the example in a folder."""
    return read_scenario(folder / "exit.yaml").digest


def test_the_digest_is_of_the_content_and_not_of_the_place(tmp_path: Path) -> None:
    """Moving the folder changes nothing; a single character in any of the files does."""
    here, there = tmp_path / "here", tmp_path / "there" / "deep"
    here.mkdir()
    write(here, "")
    shutil.copytree(here, there)
    before = digest(here)
    assert len(before) == 64
    assert digest(there) == before
    for name in ("exit.yaml", "base.yaml", "offers.csv", "ledger.yaml"):
        file = there / name
        text = file.read_text("utf-8")
        file.write_text(text + "# a remark\n", "utf-8")
        assert digest(there) != before, name
        file.write_text(text, "utf-8")
    (there / "small.yaml").unlink()  # no part of it
    assert digest(there) == before
