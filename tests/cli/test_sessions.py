"""The command as a person meets it: what it prints, what it exits with, and that no traceback ever comes out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.blessing import Golden

COMPANY = """\
orgsim: ledger/1
organization: acme
sources: {memo: {title: A memo, published: 2024-03-01}}
people:
  ada: {name: Ada Rossi, aliases: [A. Rossi]}
  ben: {name: Ben Okafor}
  王: {name: 王秀英}
events:
- {date: 2023, event: open-unit, unit: acme, name: Acme}
"""
LEDGER = (
    COMPANY.replace("  王: {name: 王秀英}", "  wang: {name: 王秀英}")
    + """\
- {date: 2023, event: open-unit, unit: board, kind: board, parent: acme, name: Board}
- {date: 2023, event: create-post, post: director, title: Director, unit: board, seats: 3}
- {date: 2023, event: create-post, post: ceo, title: Chief Executive, reports_to: board, critical: true}
- {date: 2023, event: create-post, post: cto, title: Chief Technology Officer, reports_to: ceo, critical: true}
- {date: 2023, event: create-post, post: dev, title: Developer, reports_to: cto, seats: any}
- {date: 2023, event: hire, person: ada}
- {date: 2023, event: appoint, person: ada, post: ceo}
- {date: 2023, event: appoint, person: ada, post: director}
- {date: 2023, event: appoint, holder: unnamed, seats: 2, post: director}
- {date: 2023-04..2023-06, event: hire, person: ben}
- {date: 2023-04..2023-06, event: appoint, person: ben, post: cto, id: ben-cto}
- {date: ..2023-09-01, event: hire, person: wang}
- {date: ..2023-09-01, event: appoint, person: wang, post: dev}
- {date: 2023-10-01, event: report, person: wang, to: ceo, line: dotted}
- {date: 2023-11-01, event: start-leave, person: wang, reason: parental}
- {date: 2024-02-01, known: 2024-03-01, event: depart, person: ben, reason: resignation, source: {id: memo, line: 3}}
- {date: 2024-02-01, known: 2024-03-01, event: appoint, person: ada, post: cto, acting: true, source: memo}
- {date: 2024-02-10, known: 2024-03-02, event: depart, person: ben, disputes: ben-cto, source: memo}
"""
)


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A folder with a small ledger, `acme.yaml`."""
    (tmp_path / "acme.yaml").write_text(LEDGER, encoding="utf-8")
    return tmp_path


def orgsim(folder: Path, *words: str, **extra: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder, in a plain terminal of 100 columns."""
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "orgsim", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False, **extra)


def session(folder: Path, *lines: str) -> str:
    """What a terminal shows after a few commands, exit codes that are not 0 included."""
    shown = []
    for line in lines:
        done = orgsim(folder, *line.split())
        assert "Traceback" not in done.stderr
        shown.append(f"$ orgsim {line}\n{done.stdout}{done.stderr}")
        shown += [f"(exit {done.returncode})\n"] if done.returncode else []
    return "\n".join(shown)


def test_a_post_that_reports_to_another_organization_is_drawn_in_its_own(tmp_path: Path) -> None:
    """It stands at the top with whoever reports to it, and says to whom it reports."""
    lines = (
        "open-unit, unit: beta, name: Beta",
        "create-post, post: ceo, title: Chief, reports_to: none",
        "create-post, post: head, title: Head, unit: beta, reports_to: ceo",
        "create-post, post: dev, title: Developer, unit: beta, reports_to: head",
    )
    text = COMPANY + "".join(f"- {{date: 2023, event: {line}}}\n" for line in lines)
    (tmp_path / "two.yaml").write_text(text.replace("  王: {name: 王秀英}\n", ""), encoding="utf-8")
    drawn = orgsim(tmp_path, "replay", "two.yaml", "--at", "2023-12-31", "--organization", "beta").stdout
    assert drawn.splitlines()[1:] == [
        "Beta  0 employed · 2 posts · 2 vacant",
        "└── Head  VACANT  · reports to Chief",
        "    └── Developer  VACANT",
    ]


LATER = """\
orgsim: ledger/1
organization: acme
sources:
  early: {title: A letter, published: 2024-02-01}
  late: {title: A book, published: 2024-06-01}
people:
  ada: {name: Ada Rossi}
events:
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2024-01-15, known: 2024-02-01, event: hire, person: ada,
   source: [{id: late, quote: on the 15th}, {id: early, quote: her new job}]}
"""


def test_a_document_that_nobody_could_read_yet_is_marked(tmp_path: Path) -> None:
    """A fact known by a letter may have its date from a book published later; the letter's words are told then."""
    (tmp_path / "later.yaml").write_text(LATER, encoding="utf-8")
    for command in (("history",), ("why", "--at", "2024-03-01")):
        then, now = (
            " ".join(orgsim(tmp_path, command[0], "later.yaml", "ada", *command[1:], *known).stdout.split())
            for known in (("--known", "2024-03-01"), ())
        )
        assert "late (2024-06-01, published later); early (2024-02-01) “her new job”" in then
        assert "late (2024-06-01); early (2024-02-01) “on the 15th”" in now


SESSIONS = {
    "replay": (
        "check acme.yaml",
        "replay acme.yaml --at 2023-12-31",
        "replay acme.yaml --at 2024-02-15",
        "replay acme.yaml --at 2024-02-15 --known 2024-02-15",
        "replay acme.yaml --at 2022-12-31",
        "replay acme.yaml --at 2024-02-15 --json",
    ),
    "questions": (
        "find acme.yaml ROSSI",
        "find acme.yaml 秀",
        "history acme.yaml ben",
        "why acme.yaml cto --at 2024-03-05",
        "why acme.yaml wang --at 2024-03-05",
        "diff acme.yaml 2023-03-01 2024-03-01",
        "diff acme.yaml --at 2024-02-15 --known 2024-02-15 2024-03-01",
        "diff acme.yaml 2024-03-01 2024-03-01",
        "metrics acme.yaml --from 2023-01-01 --to 2024-03-01 --every quarter",
    ),
    "mistakes": (
        "replay acme.yam --at 2023-12-31",
        "replay acme.yaml --at 2023-02-30",
        "history acme.yaml bne",
        "why acme.yaml cto --at 2022-01-01",
        "find acme.yaml zzz",
        "diff acme.yaml 2023-01-01",
        "metrics acme.yaml --from 2024-01-01 --to 2024-01-01",
        "metrics acme.yaml --unit nowhere",
        "replay acme.yaml --at 2023-12-31 --organization acne",
        "reply acme.yaml",
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_the_command_prints_this(company: Path, golden: Golden, name: str) -> None:
    """Whole sessions, read by a person before they were blessed."""
    golden(f"{name}.txt", session(company, *SESSIONS[name]))


@pytest.mark.parametrize("name", SESSIONS)
def test_no_session_depends_on_the_day_or_the_zone(company: Path, name: str) -> None:
    """The same sessions far away give the same text."""
    there = {"TZ": "Pacific/Apia", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    first = session(company, *SESSIONS[name][:2])
    saved = {key: os.environ.get(key) for key in there}
    os.environ.update(there)
    try:
        assert session(company, *SESSIONS[name][:2]) == first
    finally:
        for key, value in saved.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})


def test_json_is_json(company: Path) -> None:
    """With --json, every command that prints data prints one JSON value and nothing else."""
    for words in (
        "find acme.yaml ada",
        "replay acme.yaml --at 2024-01-01",
        "diff acme.yaml 2023-01-01 2024-01-01",
        "history acme.yaml ada",
        "why acme.yaml ada --at 2024-01-01",
        "metrics acme.yaml --from 2023-01-01 --to 2024-01-01",
    ):
        done = orgsim(company, *words.split(), "--json")
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)
    assert json.loads(orgsim(company, "check", "acme.yaml", "--format", "json").stdout) == []
    done = orgsim(company, "find", "acme.yaml", "zzz", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (1, []), "found nothing, as without --json"


def test_bad_data_is_exit_1_on_stderr_for_every_command(company: Path) -> None:
    """A ledger with problems stops every command the same way: located problems on stderr, nothing on stdout."""
    (company / "bad.yaml").write_text(COMPANY, encoding="utf-8")
    for words in ("check", "replay", "metrics"):
        done = orgsim(company, words, "bad.yaml")
        assert (done.returncode, done.stdout) == (1, "")
        assert "bad.yaml:7:3: error:" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_read_is_exit_4(company: Path) -> None:
    """No such file, a folder without ledgers, a file in place of a folder."""
    assert orgsim(company, "check", "nothing.yaml").returncode == 4
    (company / "empty").mkdir()
    done = orgsim(company, "check", "empty")
    assert done.returncode == 1
    assert "no .yaml file" in done.stderr


def test_output_that_cannot_be_written_is_exit_4(company: Path) -> None:
    """A full disk is told in a sentence."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "orgsim", "replay", "acme.yaml", "--at", "2024-01-01", "--json"]
        done = subprocess.run(command, cwd=company, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 4
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error(company: Path) -> None:
    """`orgsim ... | head` ends quietly."""
    command = f"{sys.executable} -m orgsim replay acme.yaml --at 2024-01-01 --json | head -n 1"
    done = subprocess.run(["/bin/bash", "-c", command], cwd=company, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_the_terminal_gets_no_control_characters_from_data(company: Path) -> None:
    """Markup, escapes and direction marks in names reach the terminal as harmless text."""
    hostile = LEDGER.replace("Ada Rossi", '"[bold]Ada[/bold] [/x] $x$"').replace("Ben Okafor", '"Ben \\u200fאבג"')
    (company / "hostile.yaml").write_text(hostile, encoding="utf-8")
    done = orgsim(company, "replay", "hostile.yaml", "--at", "2024-01-01")
    assert done.returncode == 0, done.stderr
    assert "[bold]Ada[/bold] [/x] $x$" in done.stdout
    assert "\x1b" not in done.stdout


def test_init_writes_a_ledger_that_checks_and_never_overwrites(tmp_path: Path) -> None:
    """`orgsim init` gives a starter that is fine, with its schema, and refuses to write over it."""
    done = orgsim(tmp_path, "init", "new")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["ledger.schema.json", "ledger.yaml"]
    assert orgsim(tmp_path, "check", "new/ledger.yaml").stderr == ""
    assert "acting" in orgsim(tmp_path, "replay", "new/ledger.yaml", "--at", "2024-03-01").stdout
    (tmp_path / "new" / "ledger.yaml").write_text("mine", encoding="utf-8")
    again = orgsim(tmp_path, "init", "new")
    assert again.returncode == 4
    assert (tmp_path / "new" / "ledger.yaml").read_text(encoding="utf-8") == "mine"


def test_a_bug_of_ours_is_told_as_one(company: Path) -> None:
    """What nobody foresaw ends in a sentence and exit code 70; the traceback is there for who asks."""
    patch = "import orgsim.cli as c, sys; c.history.print_json = lambda _: 1 / 0; sys.argv[1:] = ['schema']; c.main()"
    done = subprocess.run([sys.executable, "-c", patch], cwd=company, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "this is a bug in orgsim: ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    asked = {**os.environ, "ORGSIM_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", patch], cwd=company, capture_output=True, text=True, env=asked, check=False
    )
    assert "Traceback" in done.stderr
