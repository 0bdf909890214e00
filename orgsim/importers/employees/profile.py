"""Profiles: how the columns of a personnel system are called and what its words mean, as data files.

A profile is plain YAML, read as strictly as a ledger: what is unknown or misspelled is a problem with its place.
Packaged ones lie in `orgsim/importers/profiles`; a user's own may extend them.  Nothing here reads tables.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs

from orgsim.errors import Location, OrgsimError, Problem, UserError, did_you_mean, shown
from orgsim.events import REASONS
from orgsim.importers.cells import Dates
from orgsim.model import BODIES
from orgsim.reading.compose import Broken, Composer, Mapping, Sequence, decode

FORMAT = "employees/1"
FOLDER = Path(__file__).parent.parent / "profiles"
PREFIX = "employees-"
DEFAULT = "generic"
MOST_HEADERS = 5

FIELDS = (
    "id",
    "other_id",
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "from",
    "to",
    "sequence",
    "hired",
    "left",
    "reason",
    "status",
    "manager",
    "manager_id",
    "manager_name",
    "position",
    "title",
    "level",
    "fte",
    "contract",
)
"""What a column can mean; the columns of units are told apart under `units`."""
STATUSES = ("gone", "leave")


@attrs.frozen
class UnitColumn:
    """One level of the hierarchy of units: its kind, the headers of its column."""

    kind: str
    columns: tuple[str, ...]
    drop_parentheses: bool = False
    """Whether a name ends in something in parentheses that is not part of it, such as who leads the unit."""


@attrs.frozen(kw_only=True)
class Profile:
    """How one system writes its table of employees."""

    title: str = "a table"
    headers: int = 1
    date_formats: tuple[str, ...] = ()
    end_inclusive: bool = False
    leavers_hint: str | None = None
    """Where leavers may have been left out, when a table has none."""
    columns: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    units: tuple[UnitColumn, ...] = ()
    blanks: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    """For a meaning, the texts that say nothing."""
    tops: tuple[str, ...] = ()
    """In the columns of managers, the texts that say that there is no manager."""
    status: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    reasons: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    contractors: tuple[str, ...] = ()
    employees: tuple[str, ...] = ()


def packaged() -> list[str]:
    """The names of the profiles that come with the package."""
    return sorted(path.stem.removeprefix(PREFIX) for path in FOLDER.glob(f"{PREFIX}*.yaml"))


def find_profile(name: str | None) -> Profile:
    """A packaged profile by name, or one of the user's own by path."""
    if name is None or name in packaged():
        return read_profile(FOLDER / f"{PREFIX}{name or DEFAULT}.yaml")
    path = Path(name)
    if not path.exists() and path.suffix not in (".yaml", ".yml"):
        hint = did_you_mean(name, packaged()) or f"the profiles are {', '.join(packaged())}; or give the path of a file"
        raise UserError(f"there is no profile {name!r}; {hint}")
    return read_profile(path)


def read_profile(path: Path) -> Profile:
    """Read a profile strictly; raises `OrgsimError` with every problem."""
    text = decode(path.read_bytes(), str(path))
    if isinstance(text, Problem):
        raise OrgsimError([text])
    composer = Composer(text, str(path))
    reader = _Reader(composer)
    given: dict[str, Any] = {}
    for key, node in composer.pairs():
        if isinstance(node, Broken):
            continue
        read = _KEYS.get(key.value)
        if read is None:
            reader.tell(key, "unknown-key", f"{shown(key.value)} is no key of a profile", _meant(key.value, _KEYS))
        elif node is None:
            reader.tell(key, "wrong-shape", f"{key.value!r} has no items here", "remove it")
        else:
            given[key.value] = read(reader, node)
    if not composer.problems and "orgsim" not in given:
        place = Location(str(path), 1, 1)
        composer.problems.append(Problem(place, "missing-key", "'orgsim' is missing", f"begin with 'orgsim: {FORMAT}'"))
    if composer.problems:
        raise OrgsimError(composer.problems)
    given.pop("orgsim")
    base: Profile = given.pop("extends", Profile())
    for name in ("columns", "blanks", "status", "reasons"):
        if name in given:
            given[name] = {**getattr(base, name), **given[name]}
    return attrs.evolve(base, **given)


def _meant(word: str, known: Iterable[str]) -> str:
    words = list(known)
    return did_you_mean(word, words) or f"the keys are {', '.join(words)}"


class _Reader:
    """Turns nodes into the values of a profile, telling what does not fit."""

    def __init__(self, composer: Composer) -> None:
        self.composer = composer

    def tell(self, node: Any, rule: str, message: str, hint: str) -> None:
        self.composer.tell(node.start_mark, rule, message, hint)

    def text(self, node: Any) -> str:
        if isinstance(node, Mapping | Sequence):
            self.tell(node, "wrong-shape", "one text is meant here", "write it on one line")
        elif not isinstance(node, Broken):
            if node.value or node.style:
                return str(node.value)
            self.tell(node, "empty-value", "there is no value here", "write one, or remove the key")
        return ""

    def texts(self, node: Any) -> tuple[str, ...]:
        """A list, or one text for a list of one."""
        if not isinstance(node, Sequence):
            return (self.text(node),)
        return tuple(self.text(item) for item in node.items)

    def yes_no(self, node: Any) -> bool:
        text = self.text(node)
        if text not in ("true", "false"):
            self.tell(node, "bad-yes-no", f"{shown(text)} is neither true nor false", "write true or false")
        return text == "true"

    def table(self, node: Any, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Lists of texts by one of the known words."""
        found: dict[str, tuple[str, ...]] = {}
        if not isinstance(node, Mapping):
            self.tell(node, "wrong-shape", "keys with lists are meant here", "write KEY: [TEXT, ...]")
            return found
        for name, (key, value) in node.items.items():
            if name not in known:
                self.tell(key, "unknown-key", f"{shown(name)} is not known here", _meant(name, known))
            elif not isinstance(value, Broken):
                found[name] = self.texts(value)
        return found

    def form(self, node: Any) -> str:
        text = self.text(node)
        if text != FORMAT:
            self.tell(
                node, "bad-format", f"{shown(text)} is no profile of employee tables", f"write 'orgsim: {FORMAT}'"
            )
        return text

    def base(self, node: Any) -> Profile:
        name = self.text(node)
        if name in packaged():
            return read_profile(FOLDER / f"{PREFIX}{name}.yaml")
        self.tell(node, "unknown-profile", f"there is no packaged profile {shown(name)}", _meant(name, packaged()))
        return Profile()

    def headers(self, node: Any) -> int:
        text = self.text(node)
        if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= MOST_HEADERS and len(text) == 1:
            return int(text)
        hint = f"write a number from 1 to {MOST_HEADERS}"
        self.tell(node, "bad-number", f"{shown(text)} is no number of header rows", hint)
        return 1

    def formats(self, node: Any) -> tuple[str, ...]:
        found = self.texts(node)
        for text in found:
            try:
                Dates(text)
            except UserError as error:
                self.tell(node, "bad-date-format", str(error), "write for example '%d/%m/%Y'")
        return found

    def units(self, node: Any) -> tuple[UnitColumn, ...]:
        if not isinstance(node, Sequence):
            self.tell(
                node,
                "wrong-shape",
                "a list is meant here, the highest unit first",
                "write - {kind: ..., columns: [...]}",
            )
            return ()
        return tuple(unit for item in node.items if (unit := self.unit(item)) is not None)

    def unit(self, node: Any) -> UnitColumn | None:
        if not isinstance(node, Mapping):
            self.tell(node, "wrong-shape", "keys are meant here", "write {kind: department, columns: [Department]}")
            return None
        known = {"kind": self.kind, "columns": self.texts, "drop_parentheses": self.yes_no}
        given: dict[str, Any] = {}
        for name, (key, value) in node.items.items():
            if name not in known:
                self.tell(key, "unknown-key", f"{shown(name)} is not known here", _meant(name, known))
            else:
                given[name] = known[name](value)
        for name in ("kind", "columns"):
            if name not in node.items:
                self.tell(
                    node, "missing-key", f"{name!r} is missing", "write {kind: department, columns: [Department]}"
                )
                return None
        return UnitColumn(**given)

    def kind(self, node: Any) -> str:
        text = self.text(node)
        plain = text.replace("-", "")
        if text in BODIES or not (plain.isascii() and plain.isalnum() and plain.islower() and plain[0].isalpha()):
            hint = "write for example division, department or team"
            self.tell(node, "bad-word", f"{shown(text)} is no kind of unit that employs people", hint)
        return text


_KEYS: dict[str, Callable[[_Reader, Any], Any]] = {
    "orgsim": _Reader.form,
    "extends": _Reader.base,
    "title": _Reader.text,
    "headers": _Reader.headers,
    "date_formats": _Reader.formats,
    "end_inclusive": _Reader.yes_no,
    "leavers_hint": _Reader.text,
    "columns": lambda reader, node: reader.table(node, FIELDS),
    "units": _Reader.units,
    "blanks": lambda reader, node: reader.table(node, (*FIELDS, "units")),
    "tops": _Reader.texts,
    "status": lambda reader, node: reader.table(node, STATUSES),
    "reasons": lambda reader, node: reader.table(node, REASONS),
    "contractors": _Reader.texts,
    "employees": _Reader.texts,
}
