"""The page as a file: the same every time, closed to everything but its own script and style, and safe to write."""

import base64
import datetime as dt
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from orgsim import GapBar, Ledger, Outlook, read, write_page
from orgsim.cli import cli
from orgsim.metrics.covering import HELD, runs
from orgsim.metrics.history import History
from orgsim.metrics.spells import FOREVER
from orgsim.model import Post
from orgsim.page.contents import contents, leading_posts
from tests.page.conftest import STORY

PARTS = Path(__file__).parents[2] / "orgsim" / "page" / "parts"
FORBIDDEN = {
    "parsing texts as markup": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|setHTML",
    "running texts": r"\beval\b|\bFunction\(|setTimeout\(\s*[\"'`]|javascript:",
    "talking to others": r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\b|https?://(?!www\.w3\.org/2000/svg)",
    "keeping things": r"localStorage|sessionStorage|indexedDB|document\.cookie",
    "styles as text": r"setAttribute\(\s*[\"']style|\bstyle=|cssText",
}


def breaches(text: str) -> list[str]:
    """What a script does that no script of the page may do."""
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text)]


def test_the_same_ledger_gives_the_same_page(story: Ledger, story_page: str) -> None:
    """Written again, and from the ledger read again, the page has the same bytes."""
    assert write_page(story) == story_page
    assert write_page(read(STORY)) == story_page


def test_the_page_names_no_folder(story_page: str) -> None:
    """Lines of the ledger are told with the name of their file; where it lay is nobody's business."""
    assert str(STORY.parent) not in story_page
    assert "20-november-2023.yaml:" in story_page


def test_the_policy_lets_only_the_page_itself_run(story_page: str) -> None:
    """The policy allows the one script and the one style by their hashes, data: images, and nothing else."""
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', story_page)
    scripts = re.findall(r"<script>(.*?)</script>", story_page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", story_page, re.DOTALL)
    script, style = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for (text,) in (scripts, styles))
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert story_page.count("<script") == 2
    assert not re.search(r"<[^>]* (on\w+|style)=", story_page.partition('<script type="application/json"')[0])


@pytest.mark.parametrize("part", sorted(PARTS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_make_elements_and_nothing_else(part: Path) -> None:
    """No script parses or runs texts, talks to anybody, keeps anything, or closes its own element."""
    text = part.read_text(encoding="utf-8")
    assert breaches(text) == []
    assert "</script" not in text


@pytest.mark.parametrize(
    "text", ["a.innerHTML = b", "eval(a)", "fetch('x')", "a.setAttribute('style', b)", "localStorage.a = 1"]
)
def test_the_guard_of_scripts_bites(text: str) -> None:
    """A script that does what none may do is noticed."""
    assert len(breaches(text)) == 1


def test_the_strip_is_the_gaps(story: Ledger) -> None:
    """As known on every day, the stretches of each leading post are those from which gaps are counted."""
    found = contents(story)
    facts, days = found["facts"]["cover"], [dt.date.fromisoformat(day) for day in found["days"]]
    names = ("subject", "value", "since", "until", "seen", "unseen")
    rows = list(zip(*(facts[name] for name in names), strict=True))
    for known in sorted({event.known for event in story.events}):
        at = days.index(known)
        for id_ in leading_posts(story):
            told = sorted(
                (days[since], days[until] if until < len(days) else None, *facts["values"][value])
                for subject, value, since, until, seen, unseen in rows
                if found["ids"][subject] == id_ and seen <= at < unseen
            )
            assert told == sorted(covered(story, id_, known, found["ids"])), (id_, known)


def covered(story: Ledger, id_: str, known: dt.date, ids: list[str]) -> list[tuple[Any, ...]]:
    """The stretches of a post by the metrics, cut where its holders change."""
    history = History(story, known)
    stretches: list[tuple[int, int, tuple[Any, ...]]] = []
    for run in runs(history, id_):
        for start, end, post in history.spells(id_, Post):
            first, last = max(start, run.start), min(end, run.end)
            if first >= last:
                continue
            who = [held for held in post.holders if held.acting == (run.state != HELD)]
            people = tuple(ids.index(held.person) for held in who if held.person)
            value = (run.state, people, sum(held.seats for held in who if not held.person))
            if stretches and stretches[-1][1] == first and stretches[-1][2] == value:
                stretches[-1] = (stretches[-1][0], last, value)
            else:
                stretches.append((first, last, value))
    day = dt.date.fromordinal
    return [(day(first), None if last == FOREVER else day(last), *value) for first, last, value in stretches]


def test_posts_lead_where_none_is_critical() -> None:
    """A ledger that calls no post critical has the tops and the heads of units in its strip."""
    plain = "".join(
        f"- {{date: 2024-01-01, event: {event}}}\n"
        for event in (
            "open-unit, unit: acme",
            "open-unit, unit: lab, parent: acme",
            "create-post, post: top, reports_to: none",
            "create-post, post: head, heads: lab, reports_to: top",
            "create-post, post: hand, reports_to: head",
        )
    )
    from orgsim import read_texts

    ledger = read_texts([("l.yaml", f"orgsim: ledger/1\norganization: acme\nevents:\n{plain}".encode())])
    assert leading_posts(ledger) == ["top", "head"]


def test_the_command_writes_a_page(tmp_path: Path, story_page: str) -> None:
    """`orgsim page` writes the page, and never over a file that is there unless told to."""
    out = tmp_path / "org.html"
    done = CliRunner().invoke(cli, ["page", str(STORY), "-o", str(out)])
    assert (done.exit_code, done.output) == (0, f"wrote {out}\n")
    assert out.read_text(encoding="utf-8") == story_page
    again = CliRunner().invoke(cli, ["page", str(STORY), "-o", str(out)])
    assert isinstance(again.exception, FileExistsError)
    assert CliRunner().invoke(cli, ["page", str(STORY), "-o", str(out), "--force"]).exit_code == 0


BAD_OUTLOOKS: dict[str, dict[str, Any]] = {
    "no dates": {"dates": (), "quantiles": ((0.5, ()),)},
    "dates go back": {"dates": (dt.date(2024, 2, 1), dt.date(2024, 1, 1)), "quantiles": ((0.5, (1, 2)),)},
    "a value is missing": {"quantiles": ((0.5, ()),)},
    "probabilities go back": {"quantiles": ((0.9, (1,)), (0.1, (2,)))},
    "a probability of one": {"quantiles": ((1, (1,)),)},
    "quantiles cross": {"quantiles": ((0.1, (2,)), (0.9, (1,)))},
    "no quantiles": {"quantiles": ()},
}


@pytest.mark.parametrize("wrong", BAD_OUTLOOKS.values(), ids=BAD_OUTLOOKS.keys())
def test_an_outlook_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    """Dates, probabilities and values of a fan must fit together."""
    with pytest.raises(ValueError, match=r"outlook|quantile"):
        Outlook(**{"title": "t", "measure": "m", "dates": (dt.date(2024, 1, 1),), **wrong})


@pytest.mark.parametrize(
    "bar", [(10, 10, 0.5, 0.4, 0.6), (-1, 5, 0.5, 0.4, 0.6), (0, 5, 0.5, 0.6, 0.7), (0, 5, 2, 0, 3)]
)
def test_a_bar_that_contradicts_itself_is_refused(bar: tuple[int, int, float, float, float]) -> None:
    """A bar is a stretch of days, with a share inside its interval."""
    with pytest.raises(ValueError, match=r"stretch|share"):
        GapBar(*bar)


def test_the_data_reads_back(story: Ledger, story_page: str) -> None:
    """What is embedded in the page is what Python computed."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', story_page, re.DOTALL)
    assert json.loads(data) == json.loads(json.dumps(contents(story)))
