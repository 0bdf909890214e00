"""The tree of a large chart in the terminal: whoever belongs to an organization is in its tree, shown or counted."""

import datetime as dt
import io

from rich.console import Console

from orgsim.columns.ledger import ColumnarLedger
from orgsim.console.folding import trees_of
from orgsim.dates import When
from orgsim.events import CreatePost, Event, OpenUnit
from orgsim.ledger import Ledger

DAY = dt.date(2024, 1, 1)
ON = When.on(DAY)


def drawn(ledger: Ledger, organization: str) -> str:
    """The tree of an organization, as it is printed for a large chart."""
    console = Console(file=io.StringIO(), width=120)
    for tree in trees_of(ColumnarLedger.of(ledger).chart(DAY), organization):
        console.print(tree)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def company(*events: Event) -> Ledger:
    """Two organizations, one of them a subsidiary whose head reports to the chief of the other."""
    return Ledger((
        OpenUnit(date=ON, unit="acme"),
        OpenUnit(date=ON, unit="lab"),
        CreatePost(date=ON, post="ceo", unit="acme", reports_to="none", title="Chief"),
        CreatePost(date=ON, post="head", unit="lab", reports_to="ceo", title="Head of the lab"),
        CreatePost(date=ON, post="aide", unit="lab", reports_to="head", title="Aide"),
        *events,
    ))  # fmt: skip


def test_who_reports_to_another_organization_stands_at_the_top() -> None:
    """The head of the subsidiary is in its tree, with whoever reports to them; it says whom they report to."""
    lab, acme = drawn(company(), "lab"), drawn(company(), "acme")
    assert lab.index("Head of the lab") < lab.index("Aide")
    assert "reports to Chief" in lab
    assert "Chief" in acme
    assert "Head of the lab" not in acme


def test_what_is_folded_is_counted() -> None:
    """Of five hundred posts below one, some are shown and the others counted, as many as there are."""
    many = (CreatePost(date=ON, post=f"p{n}", unit="lab", reports_to="aide", title=f"Post {n}") for n in range(500))
    text = drawn(company(*many), "lab")
    shown = sum(line.strip().lstrip("│├└─ ").startswith("Post ") for line in text.splitlines())
    left = next(int(word) for word in text.split("…")[-1].replace(",", "").split() if word.isdigit())
    assert shown + left == 500
