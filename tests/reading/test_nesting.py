"""Deep nesting cannot crash the interpreter, nor keep it busy; a process of its own, so that a crash is a failure."""

import subprocess
import sys
import textwrap

import pytest

SCRIPT = """
import sys, time
import yaml
from orgsim.errors import OrgsimError
from orgsim.reading import compose
from orgsim.reading.reader import read_texts

if sys.argv[1] == "python":
    compose._Loader = yaml.SafeLoader
head, part, times, tail = (arg.encode().decode("unicode_escape").encode() for arg in sys.argv[2:6])
data = head + part * int(times) + tail
started = time.process_time()
try:
    read_texts([("f.yaml", data)])
except OrgsimError as error:
    print(time.process_time() - started, *{problem.rule for problem in error.problems})
"""

DEEP = [
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
    "[\\n",
    "{a: [b, ",
    '{"a":{',
    "- - - - ",
]


def run(loader: str, *parts: str) -> tuple[float, set[str]]:
    """The seconds a file takes to be refused, and the rules it breaks."""
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), loader, *parts]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    seconds, *rules = done.stdout.split()
    return float(seconds), set(rules)


@pytest.mark.parametrize("part", DEEP)
@pytest.mark.parametrize("head", ["", "orgsim: ledger/1\\nevents:\\n- "])
def test_deep_nesting_is_refused_at_once(head: str, part: str) -> None:
    """A hundred thousand levels of any kind are refused in less than a second."""
    seconds, rules = run("libyaml", head, part, "100000", "")
    assert seconds < 1
    assert rules & {"too-deep", "wrong-shape", "yaml-syntax"}


def test_fifty_kilobytes_of_dashes_are_refused_at_once() -> None:
    """What crashes the interpreter when it is composed to a tree is a problem with a place here."""
    seconds, rules = run("libyaml", "orgsim: ledger/1\\nevents:\\n", "- - - - ", "6250", "x\\n")
    assert seconds < 1
    assert rules == {"too-deep"}


@pytest.mark.parametrize("part", ["[", "{", "- ", "? ", "{a: "])
def test_deep_nesting_is_refused_without_libyaml_too(part: str) -> None:
    """The slower parser meets the same limit."""
    seconds, rules = run("python", "orgsim: ledger/1\\nevents:\\n- ", part, "20000", "")
    assert seconds < 5
    assert "too-deep" in rules
