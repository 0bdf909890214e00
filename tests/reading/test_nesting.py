"""Deep nesting cannot crash the interpreter, nor keep it busy; a process of its own, so that a crash is a failure."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import json, sys, time
import yaml
from orgsim.errors import OrgsimError
from orgsim.reading import compose
from orgsim.reading.reader import read_texts

loader, times, *texts = json.load(sys.stdin)
if loader == "python":
    compose._Loader = yaml.SafeLoader
for head, part in texts:
    data = (head + part * times).encode()
    started = time.process_time()
    try:
        read_texts([("f.yaml", data)])
    except OrgsimError as error:
        rules = sorted({problem.rule for problem in error.problems})
        print(json.dumps([part, time.process_time() - started, rules]), flush=True)
"""

PARTS = (
    "[",
    "{",
    "- ",
    "? ",
    "{a: ",
    "[{",
    "{[",
    "[[a]: ",
    "? - ",
    "- ? ",
    "a: {",
    "'a': [",
    "[\n",
    "{a: [b, ",
    '{"a":{',
)
HEADS = ("", "orgsim: ledger/1\nevents:\n- ", "orgsim: ledger/1\nevents:\n- {a: ", "orgsim: ledger/1\npeople: ")
SYNTAX = {"too-deep", "wrong-shape", "bad-key", "yaml-syntax", "unknown-key", "missing-key"}


def run(loader: str, times: int, *texts: tuple[str, str]) -> list[tuple[str, float, set[str]]]:
    """For each text the seconds it takes to be refused, and the rules it breaks; all in one process."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([loader, times, *texts]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{done.returncode} after {answers[-1:]}: {done.stderr[-500:]}"
    assert len(answers) == len(texts)
    return [(part, seconds, set(rules)) for part, seconds, rules in answers]


@pytest.mark.parametrize("head", HEADS)
def test_deep_nesting_is_refused_at_once(head: str) -> None:
    """A hundred thousand levels of any kind are refused in less than a second, wherever they stand."""
    for part, seconds, rules in run("libyaml", 100_000, *((head, part) for part in PARTS)):
        assert seconds < 1, part
        assert rules <= SYNTAX, part
        assert rules & {"too-deep", "wrong-shape", "yaml-syntax"}, part


def test_fifty_kilobytes_of_dashes_are_refused_at_once() -> None:
    """What crashes the interpreter when it is composed to a tree is a problem with a place here."""
    [(_, seconds, rules)] = run("libyaml", 6250, ("orgsim: ledger/1\nevents:\n", "- - - - "))
    assert seconds < 1
    assert rules == {"too-deep"}


def test_deep_nesting_is_refused_without_libyaml_too() -> None:
    """The slower parser meets the same limit."""
    head = HEADS[1]
    for part, seconds, rules in run("python", 20_000, *((head, part) for part in ("[", "{", "- ", "? ", "{a: "))):
        assert seconds < 5, part
        assert "too-deep" in rules, part
