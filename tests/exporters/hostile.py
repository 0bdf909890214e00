"""Names that have broken software, and ledgers full of them."""

import datetime as dt

from orgsim.dates import When
from orgsim.events import Appoint, CreatePost, Event, Hire, OpenUnit, Report
from orgsim.ledger import Ledger

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><svg onload=alert(1)>",
    "<b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "]]><!--",
    "&lt;b&gt; &amp; &#60;",
    "#quot;",
    "#lt;#35;",
    "%%{init: {'securityLevel': 'loose'}}%%",
    "%% comment",
    "click n1 call alert()",
    'x"] --> n1[("y',
    'n2 -> n1 [label="x"]; }',
    "end",
    "graph",
    "subgraph x",
    "style n1 fill:#f00",
    "`code` **bold** _it_ ~~s~~",
    '"quoted"',
    "'single'",
    "back\\slash\\",
    "\\N \\G \\n \\l",
    '\\"',
    "{x|y|<p>z}",
    "a -- b --> c",
    "$x_i^2$ \\frac{1}{2}",
    "A$AP ${HOME} $(id)",
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(A1)",
    "+49 30 1234",
    "-1",
    "\uff1dcmd|' /C calc'!A0",
    "'=1+1",
    "محمد بن سلمان",
    "יעל כהן",
    "👩‍💻 Ada 🏳️‍🌈",
    "e" + "\u0301" * 60,
    "マーク・チェン",
    "Robert'); DROP TABLE people;--",
    "1. list",
    "- [a, b]: #c",
    "NULL",
    "nan",
    "../../etc/passwd",
    "CON",
    "x" * 1000,
    "a,b;c|d",
)


def ledger_of(names: list[str] | tuple[str, ...]) -> Ledger:
    """A chain of posts: each is called, and held by somebody called, as the next name says, and reports to the last."""
    on = When.on(dt.date(2024, 1, 1))
    events: list[Event] = [OpenUnit(date=on, unit="acme", name=names[0], unit_kind="organization")]
    for number, name in enumerate(names, 1):
        above = f"post{number - 1}" if number > 1 else "none"
        events += [
            Hire(date=on, person=f"person{number}", organization="acme", name=name),
            CreatePost(date=on, post=f"post{number}", title=name, unit="acme", reports_to=above),
            Appoint(date=on, person=f"person{number}", post=f"post{number}"),
        ]
        if number > 2:
            events.append(Report(date=on, post=f"post{number}", to="post1", line="dotted"))
    return Ledger(events)
