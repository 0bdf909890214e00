"""Ledgers to measure with: an invented company that hires, appoints, reorganizes and loses people for ten years.

Run as a script, it writes one: `python bench/ledgers.py EVENTS FILE [SHARE_RECORDED_LATE]`.
"""

import datetime as dt
import random
import sys
from pathlib import Path

START, DAYS = dt.date(2014, 1, 2), 3600
SPAN = 7


class Company:
    """Writes its events as it goes, one line of YAML each."""

    def __init__(self, seed: int, late: float) -> None:
        """`late` is the share of departures and reports that become known up to 90 days later."""
        self.random = random.Random(seed)  # noqa: S311 - nothing secret
        self.late = late
        self.lines: list[str] = []
        self.posts: list[str] = []
        self.free: list[str] = []
        self.held: list[tuple[str, str]] = []
        self.people = 0

    def write(self, day: dt.date, event: str, known: dt.date | None = None) -> None:
        """One event with its source, every seventh in block style."""
        knows = f", known: {known}" if known else ""
        source = f"source: {{id: hr, line: {len(self.lines) + 1}}}"
        if len(self.lines) % 7:
            self.lines.append(f"- {{date: {day}{knows}, {event}, {source}}}")
        else:
            fields = f"date: {day}{knows}, {event}".split(", ")
            self.lines.append("- " + "\n  ".join([*fields, source]))

    def learned(self, day: dt.date) -> dt.date | None:
        """None when recorded on the day."""
        if self.random.random() >= self.late:
            return None
        return day + dt.timedelta(days=self.random.randint(1, 90))

    def create(self, day: dt.date) -> None:
        """A post under one that exists."""
        post, unit = f"post-{len(self.posts)}", f"unit-{self.random.randrange(20)}"
        to = self.posts[(len(self.posts) - 1) // SPAN] if self.posts else "none"
        title = f"title: Engineer {len(self.posts)}"
        self.write(day, f"event: create-post, post: {post}, {title}, unit: {unit}, reports_to: {to}")
        self.posts.append(post)
        self.free.append(post)

    def fill(self, day: dt.date) -> None:
        """Somebody is hired into a vacancy."""
        post = self.free.pop(self.random.randrange(len(self.free)))
        person = f"person-{self.people}"
        self.people += 1
        self.write(day, f"event: hire, person: {person}, name: Person {self.people}")
        self.write(day, f"event: appoint, person: {person}, post: {post}")
        self.held.append((person, post))

    def leave(self, day: dt.date) -> None:
        """Somebody leaves; a post whose vacancy is not known at once is not filled again."""
        person, post = self.held.pop(self.random.randrange(len(self.held)))
        known = self.learned(day)
        self.write(day, f"event: depart, person: {person}, reason: resignation", known)
        if known is None:
            self.free.append(post)

    def move(self, day: dt.date) -> None:
        """A post gets another manager, always an older post, so that no circle arises."""
        at = self.random.randrange(SPAN + 2, len(self.posts))
        to = self.posts[(at - 1) // SPAN - self.random.randint(0, 1)]
        self.write(day, f"event: report, post: {self.posts[at]}, to: {to}", self.learned(day))


def ledger_text(events: int, late: float = 0.0, seed: int = 1) -> str:
    """The text of a ledger with about this many events."""
    company = Company(seed, late)
    first = START - dt.timedelta(days=1)
    company.write(first, "event: open-unit, unit: acme, name: Acme")
    for unit in range(20):
        company.write(first, f"event: open-unit, unit: unit-{unit}, name: Unit {unit}, parent: acme")
    for _ in range(20):
        company.create(START)
    for day in range(1, DAYS):
        while len(company.lines) < events * day / DAYS:
            date, luck = START + dt.timedelta(days=day), company.random.random()
            if luck < 0.25 or (luck < 0.65 and not company.free):
                company.create(date)
            elif luck < 0.65:
                company.fill(date)
            elif luck < 0.8 and len(company.held) > 30:
                company.leave(date)
            else:
                company.move(date)
    head = "orgsim: ledger/1\norganization: acme\nsources:\n  hr: {title: Personnel files}\nevents:\n"
    return head + "\n".join(company.lines) + "\n"


if __name__ == "__main__" and len(sys.argv) > 2:
    Path(sys.argv[2]).write_text(ledger_text(int(sys.argv[1]), float((*sys.argv, "0")[3])), encoding="utf-8")
