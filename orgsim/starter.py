"""Files that come with orgsim: the packaged stories, and the starter that `orgsim init` writes."""

import json
from pathlib import Path

from orgsim.files import write_whole
from orgsim.schema import ledger_schema

STARTER = """\
# yaml-language-server: $schema=ledger.schema.json
# A ledger says what happened, when it took effect, since when it is known, and who says so.
# Check it with:   orgsim check ledger.yaml
# Look at it with: orgsim replay ledger.yaml --at 2024-03-01
orgsim: ledger/1
organization: acme            # the default for the events of this file

sources:
  minutes: {title: Minutes of the board, published: 2024-02-01}

people:
  ada: {name: Ada Rossi, aliases: [A. Rossi]}
  ben: {name: Ben Okafor}

events:
# The organization, its posts, and who reports to whom.
- {date: 2023-01-01, event: open-unit, unit: acme, name: Acme}
- {date: 2023-01-01, event: create-post, post: ceo, title: Chief Executive, reports_to: none, critical: true}
- {date: 2023-01-01, event: create-post, post: cto, title: Chief Technology Officer, reports_to: ceo, critical: true}

# People join, and take posts.
- {date: 2023-01-01, event: hire, person: ada}
- {date: 2023-01-01, event: appoint, person: ada, post: ceo}
- {date: 2023-04, event: hire, person: ben}                      # some day in April: in force from the first
- {date: 2023-04, event: appoint, person: ben, post: cto}

# Ben leaves on 1 February (his first day away); Ada covers for him. We learned it from the minutes.
- {date: 2024-02-01, event: depart, person: ben, reason: resignation, source: minutes}
- {date: 2024-02-01, event: appoint, person: ada, post: cto, acting: true, source: {id: minutes, line: 12}}
"""


def write_starter(folder: Path) -> list[Path]:
    """Write `ledger.yaml` and `ledger.schema.json` into a folder; never over a file that is there."""
    files = {"ledger.yaml": STARTER, "ledger.schema.json": json.dumps(ledger_schema(), indent=2) + "\n"}
    for name in files:
        if (folder / name).exists():
            raise FileExistsError(17, "there is such a file already; nothing was written", str(folder / name))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(folder / name, text)
    return [folder / name for name in files]


def packaged(name: str) -> Path:
    """A folder that comes with orgsim, `seeds` or `scenarios`: inside the package, or beside it in a checkout."""
    here = Path(__file__).parent
    inside = here / "_data" / name
    return inside if inside.is_dir() else here.parent / name
