"""The names of all rules, read from the sources: whoever makes a problem names its rule in place."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from attrs import frozen

PACKAGE = Path(__file__).parents[2] / "orgsim"
PLACES = {
    "BadEventError": 0,
    "BadValueError": 0,
    "Problem": 1,
    "Refusal": 0,
    "_dated": 1,
    "KeysError": 0,
    "at.tell": 1,
    "walker.tell": 1,
    "self._tell": 1,
    "self.tell": 1,
}
"""Which argument of a call names the rule."""
PASSED_ON = frozenset(["error.rule", "refusal.rule", "rule"])
"""Expressions that pass on a rule named elsewhere."""


@frozen
class Naming:
    """A place in the sources that names a rule."""

    rule: str
    module: str
    line: int
    function: str


def namings(text: str, module: str) -> Iterator[Naming]:
    """Every place in a module that names a rule; a name that is not written there is an error."""
    yield from _walk(ast.parse(text), module, "")


def _walk(node: ast.AST, module: str, function: str) -> Iterator[Naming]:
    if isinstance(node, ast.FunctionDef):
        function = node.name
    if isinstance(node, ast.Call):
        yield from _of_call(node, module, function)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, module, function)


def _of_call(call: ast.Call, module: str, function: str) -> Iterator[Naming]:
    called = ast.unparse(call.func)
    place = PLACES.get(called)
    if place is None:
        return
    named = [word.value for word in call.keywords if word.arg == "rule"] or call.args[place : place + 1]
    if len(named) == 1 and isinstance(named[0], ast.Constant) and isinstance(named[0].value, str):
        yield Naming(named[0].value, module, call.lineno, function)
    elif not named or ast.unparse(named[0]) not in PASSED_ON:
        raise AssertionError(f"{module}:{call.lineno}: the rule is not named here: {ast.unparse(call)}")


SCENARIO_READER = "reading/scenario"


def all_namings() -> list[Naming]:
    """Every place in the package that names a rule; other formats than ours have reports, not rules."""
    found: list[Naming] = []
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.parts[len(PACKAGE.parts)] in ("exporters", "importers"):
            continue
        text = file.read_text("utf-8")
        if any(f"{called}(" in text for called in PLACES):
            found += namings(text, file.relative_to(PACKAGE).as_posix())
    return found


@cache
def docstrings() -> dict[str, str]:
    """The docstring of every function at the top of a module, by its name."""
    trees = [ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))]
    functions = [node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_docstring(node) or "" for node in functions}


def rules() -> dict[str, list[Naming]]:
    """Where each rule of ledgers is named, by rule."""
    return _by_rule(naming for naming in all_namings() if not naming.module.startswith(SCENARIO_READER))


def scenario_rules() -> dict[str, list[Naming]]:
    """Where each rule that only scenarios can break is named, by rule."""
    found = _by_rule(naming for naming in all_namings() if naming.module.startswith(SCENARIO_READER))
    of_ledgers = rules()
    return {rule: named for rule, named in found.items() if rule not in of_ledgers}


def _by_rule(namings: Iterable[Naming]) -> dict[str, list[Naming]]:
    found: dict[str, list[Naming]] = {}
    for naming in namings:
        found.setdefault(naming.rule, []).append(naming)
    return dict(sorted(found.items()))
