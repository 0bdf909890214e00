"""Ledger files, right and wrong, made from a source of chance: as text, and as an editor sees them.

An editor reads YAML 1.2, so plain scalars are typed by its core schema here; our own reader has no part in it.
"""

import json
import re
from collections.abc import Sequence
from random import Random
from typing import Any

import attrs

from orgsim.events import CLASSES, EXPECTED, Event, SourceRef
from orgsim.model import Person, Source
from orgsim.values import key_of


@attrs.frozen
class Scalar:
    """A scalar as it is written."""

    text: str
    quoted: bool = False

    def written(self) -> str:
        """In YAML."""
        return json.dumps(self.text, ensure_ascii=False) if self.quoted else self.text

    def seen(self) -> Any:
        """By an editor."""
        return self.text if self.quoted else core(self.text)


Node = Scalar | list[Any] | dict[str, Any]


def core(text: str) -> Any:
    """A plain scalar by the core schema of YAML 1.2."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch("0o[0-7]+", text):
        return int(text, 0)
    if re.fullmatch("0x[0-9a-fA-F]+", text):
        return int(text, 0)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    if re.fullmatch(r"[-+]?\.(inf|Inf|INF)", text):
        return float(text.replace(".", ""))
    return float("nan") if text in (".nan", ".NaN", ".NAN") else text


def written(node: Node) -> str:
    """A node in YAML, on one line."""
    if isinstance(node, Scalar):
        return node.written()
    if isinstance(node, list):
        return f"[{', '.join(map(written, node))}]"
    return "{" + ", ".join(f"{key}: {written(value)}" for key, value in node.items()) + "}"


def seen(node: Node) -> Any:
    """A node as an editor sees it."""
    if isinstance(node, Scalar):
        return node.seen()
    return list(map(seen, node)) if isinstance(node, list) else {key: seen(value) for key, value in node.items()}


def text_of(document: dict[str, Node]) -> str:
    """A whole file: each key and each event on a line of its own."""
    lines = []
    for key, value in document.items():
        if key == "events" and isinstance(value, list) and value:
            lines += ["events:", *(f"- {written(item)}" for item in value)]
        else:
            lines.append(f"{key}: {written(value)}")
    return "\n".join(lines) + "\n"


# ----------------------------------------------------------------------------------------------------------- values

IDS = ("acme", "a/b-c_d.e", "0", "2024", "1.5", "1e3", "true", "NO", "012", "0x10", "a" * 200)
NO_IDS = ("Acme Europe", "-a", ".5", "é", "a" * 201, "+1", "-1", "a:b", "any")
DAYS = ("2024-02-29", "2000-02-29", "1999-12-31", "0001-01-01", "9998-12-31", "2023-04-30")
NO_DAYS = ("2023-02-29", "1900-02-29", "2023-04-31", "2024-13-01", "2024-1-1", "0000-01-01", "9999-01-01", "2024-02-00")
WHENS = (*DAYS, "2024-02", "2024", "0999", "..2024-02-29", "2023..2024-03", "2024..2024", "..2024")
NO_WHENS = (
    *NO_DAYS,
    "2024..",
    "2025..2024",
    "0000",
    "0",
    "9999",
    "99",
    "2024-00",
    "..",
    "2024...2025",
    "yesterday",
    "20240101",
)
VALUES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "id": (IDS, (*NO_IDS, "none", "unknown", "unnamed")),
    "id-or-none": ((*IDS, "none"), (*NO_IDS, "unnamed")),
    "id-or-unnamed": ((*IDS, "unknown", "unnamed"), (*NO_IDS, "none")),
    "word": (("team", "board", "b-2", "true", "none"), ("Team", "2b", "-b", "a_b", "é", "True", "a" * 201)),
    "text": (("words", "2024", "1.5", "true", " x ", "x\ny", ".nan", "-1"), ("", "  ", "\n")),
    "name": (("Ada Lovelace", "語", "2024", "0x10", "false", "x" * 1000), ("", " ", "a\tb", "a\nb", "a\n", "x" * 1001)),
    "day": (DAYS, (*NO_DAYS, "2024", "2024-02", "..2024-02-29", "2024-02-29\n")),
    "when": (WHENS, (*NO_WHENS, "2024-02-29\n")),
    "yes-no": (("true", "True", "TRUE", "false", "False", "FALSE"), ("yes", "no", "on", "1", "0", "tRUE")),
    "count": (("0", "7", "012", "999999999"), ("-1", "1.5", "1000000000", "many", "0x10", "1e3", "+1", "7\n")),
    "positive": (("1", "7", "012", "999999999"), ("0", "00", "-1", "1.5", "1000000000", "any", "0o7")),
    "seats": (("1", "7", "any", "012"), ("0", "00", "-1", "1.5", "all", "Any", "1000000000")),
    "fraction": (
        ("1", "0.5", ".5", "01.0", "0.000000001"),
        ("0", "0.0", "1.5", "-0.5", "1e-1", "0.1234567890"),
    ),
    "choice": ((), ("", "other?", "true", "1")),
}
# Plain scalars that YAML would not read as one word of a flow mapping are quoted.
PLAIN = re.compile(r"[A-Za-z0-9.+~_语語é/-]+(?: [A-Za-z]+)*")
NULLS = ("~", "null", "Null", "NULL", "")


def scalar(text: str, rng: Random) -> Scalar:
    """A text, plain or in quotes where both are possible."""
    plain = PLAIN.fullmatch(text) is not None and text not in ("-", ".") and not text.startswith(("- ", "--"))
    return Scalar(text, quoted=not plain or rng.random() < 0.2)


def right(field: "attrs.Attribute[Any]", rng: Random) -> Node:
    """A value that a field takes."""
    type_ = field.metadata["type"]
    if type_ in ("sources", "names"):
        one = citation if type_ == "sources" else (lambda r: scalar(r.choice(VALUES["name"][0]), r))
        return one(rng) if rng.random() < 0.5 else [one(rng) for _ in range(rng.randint(1, 3))]
    if type_ == "id-or-none" and field.metadata.get("unknown"):
        return scalar(rng.choice(("none", "unknown") if rng.random() < 0.4 else IDS), rng)
    return scalar(rng.choice(field.metadata["options"] if type_ == "choice" else VALUES[type_][0]), rng)


def wrong(field: "attrs.Attribute[Any]", rng: Random) -> Node:
    """A value that a field is not likely to take."""
    type_ = field.metadata["type"]
    if rng.random() < 0.15:
        return Scalar(rng.choice(NULLS))
    if rng.random() < 0.25:
        shapes: list[Node] = [[], {}, [scalar("x", rng)], {"x": scalar("y", rng)}, [[scalar("x", rng)]]]
        return rng.choice(shapes)
    if type_ in ("sources", "names"):
        bad = scalar(rng.choice(VALUES["id" if type_ == "sources" else "name"][1]), rng)
        wrongs: list[Node] = [
            bad,
            [],
            [bad],
            [right(field, rng)],
            {"id": bad},
            {"line": Scalar("0"), "id": Scalar("a")},
        ]
        return rng.choice(wrongs)
    return scalar(rng.choice(VALUES[type_][1]), rng)


def citation(rng: Random) -> Node:
    """A source, by its id or with a place in it."""
    return scalar(rng.choice(IDS), rng) if rng.random() < 0.5 else mapping(SourceRef, ["id"], rng)


def mapping(cls: type[Any], keys: Sequence[str], rng: Random, others: float = 0.15) -> dict[str, Node]:
    """The keys named, and some of the other keys of a class, with values it takes."""
    fields = {key_of(field): field for field in attrs.fields(cls) if "type" in field.metadata}
    more = [key for key in fields if key not in keys and rng.random() < others]
    return {key: right(fields[key], rng) for key in (*keys, *more) if key in fields}


# ----------------------------------------------------------------------------------------------------------- events


def event(cls: type[Event], rng: Random) -> dict[str, Node]:
    """An event of a kind, right unless keys that exclude each other meet by chance."""
    required = [key_of(f) for f in attrs.fields(cls) if "type" in f.metadata and f.default is attrs.NOTHING]
    together = _TOGETHER.get(cls.kind)
    keys = [*required, *(together(rng) if together else ())]
    own = {"person", "holder", "post", "unit", *(name for names in EXPECTED.values() for name in names), "acting"}
    found = mapping(cls, keys, rng)
    if together and rng.random() < 0.9:
        found = {key: value for key, value in found.items() if key in keys or key not in own}
    items = [("event", Scalar(cls.kind)), *found.items()]
    rng.shuffle(items)
    return dict(items)


def _expected(rng: Random) -> list[str]:
    subject = rng.choice(list(EXPECTED))
    names = [name for name in EXPECTED[subject] if rng.random() < 0.6] or [EXPECTED[subject][0]]
    return [subject, *names, *(["acting"] if "holder" in names and rng.random() < 0.5 else [])]


_TOGETHER: dict[str, Any] = {
    "appoint": lambda rng: [rng.choice(["person", "holder"])],
    "vacate": lambda rng: [rng.choice(["person", "holder"])],
    "report": lambda rng: [rng.choice(["post", "person"]), *(["line", "end"] if rng.random() < 0.5 else [])],
    "expect": _expected,
}


def document(rng: Random, cls: type[Event] | None = None) -> dict[str, Node]:
    """A file with a few things in it, one of which may have been spoiled in one or two places."""
    found: dict[str, Node] = {"orgsim": Scalar("ledger/1")}
    if rng.random() < 0.7:
        found["organization"] = scalar(rng.choice(IDS), rng)
    if rng.random() < 0.3:
        found["people"] = {rng.choice(IDS): mapping(Person, ["name"], rng, 0.5) for _ in range(2)}
    if rng.random() < 0.3:
        found["sources"] = {rng.choice(IDS): mapping(Source, [], rng, 0.5) for _ in range(2)}
    found["events"] = [event(cls or rng.choice(CLASSES), rng)]
    for _ in range(rng.choice([0, 0, 1, 1, 1, 2])):
        spoil(found, rng)
    return found


def spoil(found: dict[str, Node], rng: Random) -> None:
    """Do one thing to a file that may be wrong."""
    events = found.get("events")
    if rng.random() < 0.15:
        spoil_header(found, rng)
    elif isinstance(events, list) and events and isinstance(events[0], dict) and events[0]:
        _spoil_event(events, events[0], rng)


def spoil_header(found: dict[str, Node], rng: Random) -> None:
    """Do one thing to what stands above the events."""
    wrongs: list[Any] = [Scalar("ledger/2"), Scalar("none"), Scalar("~"), [], [Scalar("x")], {"x y": {}}]
    wrongs += [{"any": {"name": Scalar("Ada")}}, {"a": Scalar("b")}, {"a": {"nmae": Scalar("b"), "name": Scalar("b")}}]
    key = rng.choice(["orgsim", "organization", "people", "sources", "events", "peple"])
    if key != "events" and rng.random() < 0.3:
        found.pop(key, None)
    else:
        events = found.pop("events", [])
        found[key] = rng.choice(wrongs)
        found.setdefault("events", events)


def _spoil_event(events: list[Any], spoiled: dict[str, Node], rng: Random) -> None:
    cls = next((cls for cls in CLASSES if spoiled.get("event") == Scalar(cls.kind)), CLASSES[0])
    fields = {key_of(field): field for field in attrs.fields(cls) if "type" in field.metadata}
    key = rng.choice(list(spoiled))
    how = rng.choice(["wrong", "wrong", "wrong", "drop", "misspell", "more", "kind", "shape"])
    if how == "wrong" and key in fields:
        spoiled[key] = wrong(fields[key], rng)
    elif how == "drop":
        del spoiled[key]
    elif how == "misspell":
        spoiled[key[::-1]] = spoiled.pop(key)
    elif how == "more":
        spoiled.update(mapping(cls, [rng.choice(list(fields))], rng, 0))
    elif how == "kind":
        spoiled["event"] = Scalar(rng.choice([*(cls.kind for cls in CLASSES), "fire", "~"]))
    elif how == "shape":
        events[0] = rng.choice([[], [spoiled], Scalar("x"), Scalar("~"), {}])
