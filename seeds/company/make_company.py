"""Make the synthetic company of the scenarios: `python seeds/company/make_company.py` writes ledger.yaml beside it.

1,000 posts on five levels in six divisions, one person each, as of 1 January 2025.  Everything is made up: titles,
ages (which go to scenarios/company/ages.yaml), and how long people have been there.  The same every time.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from orgsim.laws import LognormalDuration
from orgsim.simulate.draws import Luck

START = dt.date(2025, 1, 1)
DIVISIONS = {
    "technology": ("Technology", 8),
    "operations": ("Operations", 7),
    "sales": ("Sales", 6),
    "product": ("Product", 4),
    "finance": ("Finance", 3),
    "people": ("People", 2),
}  # the number of directors
MANAGERS = 5  # under each director
PEOPLE = 1000
TENURE = {"chief": 2400, "executive": 1900, "director": 1700, "manager": 1500, "staff": 1100}  # median days
AGE = {"chief": 58, "executive": 54, "director": 50, "manager": 44, "staff": 37}  # mean years
LUCK = Luck(2025, 0)


def posts() -> Iterator[tuple[str, str, str, str, str | None]]:
    """Every post from the top down: id, title, unit, level, and whom it reports to."""
    yield "chief", "Chief Executive Officer", "acme", "chief", None
    teams = []
    for unit, (name, directors) in DIVISIONS.items():
        head = f"{unit}/head"
        yield head, f"Head of {name}", unit, "executive", "chief"
        for d in range(1, directors + 1):
            director = f"{unit}/director-{d}"
            yield director, f"Director {d}, {name}", unit, "director", head
            for m in range(1, MANAGERS + 1):
                manager = f"{director}/manager-{m}"
                yield manager, f"Manager {d}.{m}, {name}", unit, "manager", director
                teams.append((unit, name, manager, f"{d}.{m}"))
    left = PEOPLE - 1 - len(DIVISIONS) - len(teams) - len(teams) // MANAGERS
    for number in range(left):
        unit, name, manager, place = teams[number % len(teams)]
        seat = number // len(teams) + 1
        yield f"{manager}/{seat}", f"Staff {place}.{seat}, {name}", unit, "staff", manager


def main() -> None:
    """Write both files."""
    rows = list(posts())
    lines = [
        "# Made by make_company.py; nobody in it is real.",
        "orgsim: ledger/1",
        "organization: acme",
        "events:",
        "- {date: 1990-01-01, event: open-unit, unit: acme, name: Acme}",
    ]
    lines += [
        f"- {{date: 1990-01-01, event: open-unit, unit: {unit}, name: {name}, kind: division, parent: acme}}"
        for unit, (name, _) in DIVISIONS.items()
    ]
    hired = {id_: hire_date(id_, level) for id_, _, _, level, _ in rows}
    for id_, title, unit, level, boss in rows:
        extra = f", reports_to: {boss or 'none'}, level: {level}"
        extra += ", critical: true" if level in ("chief", "executive") else ""
        extra += f", heads: {unit}" if level in ("chief", "executive") else ""
        lines.append(f"- {{date: 1990-01-01, event: create-post, post: {id_}, title: '{title}', unit: {unit}{extra}}}")
    births = [
        "# Made by seeds/company/make_company.py: when everybody was born; nobody in it is real.",
        "orgsim: scenario/1",
        "extends: base.yaml",
        "people:",
    ]
    numbers = {id_: number for number, (id_, *_) in enumerate(rows, 1)}
    for id_, *_ in sorted(rows, key=lambda row: hired[row[0]]):
        person = f"p-{numbers[id_]:04}"
        when = hired[id_]
        lines.append(f"- {{date: {when}, event: hire, person: {person}, name: 'Employee {numbers[id_]:04}'}}")
        lines.append(f"- {{date: {when}, event: appoint, person: {person}, post: {id_}}}")
    for id_, _, _, level, _ in rows:
        births.append(f"  p-{numbers[id_]:04}: {{born: {birth_date(id_, level, hired[id_])}}}")
    folder = Path(__file__).parent
    (folder / "ledger.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    ages = folder.parents[1] / "scenarios" / "company" / "ages.yaml"
    ages.write_text("\n".join(births) + "\n", "utf-8")


def hire_date(post: str, level: str) -> dt.date:
    """When the holder was hired: the median depends on the level, and nobody has been there for 35 years."""
    days = LognormalDuration(TENURE[level], 0.9).quantile(LUCK.uniform(post, "tenure"))
    return START - dt.timedelta(days=int(min(days, 34 * 365)) + 1)


def birth_date(post: str, level: str, hired: dt.date) -> dt.date:
    """When the holder was born: older on higher levels, and at least 20 when hired."""
    years = AGE[level] + 18 * (LUCK.uniform(post, "age") + LUCK.uniform(post, "age", 1) - 1)
    return min(START - dt.timedelta(days=int(years * 365.25)), hired - dt.timedelta(days=20 * 365 + 5))


if __name__ == "__main__":
    main()
