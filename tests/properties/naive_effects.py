"""What happens in the naive ledger: the effect of each event, one after the other.

Written from `docs/reference/ledger.md` alone; part of `tests.oracle`.
"""

from orgsim import events as ev
from tests.properties.naive_facts import Holding, Line, Person, Post, Unit
from tests.properties.naive_rules import Judge


class State(Judge):
    """What is true after some events; it changes with each."""

    def apply(self, event: ev.Event) -> None:
        """Do what a legal event does."""
        match event:
            case ev.OpenUnit():
                self.units[event.unit] = Unit(event.name or event.unit, event.unit_kind or "", event.parent)
                self.closed.discard(event.unit)
            case ev.ChangeUnit():
                unit = self.units[event.unit]
                unit.name, unit.kind = event.name or unit.name, event.unit_kind or unit.kind
                unit.parent = event.parent or unit.parent
            case ev.CloseUnit():
                self.close(event)
            case ev.CreatePost():
                self.posts[event.post] = Post(
                    unit=event.unit,
                    title=event.title or event.post,
                    created=event.date.day,
                    seats=event.seats,
                    level=event.level,
                    critical=event.critical,
                    heads=event.heads,
                )
                self.abolished.discard(event.post)
                if event.reports_to is not None:
                    self.draw(event.post, event.reports_to)
            case ev.ChangePost():
                self.change_post(event)
            case ev.AbolishPost():
                del self.posts[event.post]
                self.abolished.add(event.post)
            case ev.Hire():
                person = self.people.setdefault(event.person, Person(event.name or event.person))
                person.name = event.name or person.name
                person.jobs[event.organization] = (event.contract, event.date.day, event.fte)
                self.give_personal(event.person, event.organization, event)
            case ev.Depart():
                self.depart(event)
            case ev.ChangeEmployment():
                jobs = self.people[event.person].jobs
                jobs[event.organization] = (*jobs[event.organization][:2], event.fte)
            case ev.ChangePerson():
                self.people[event.person].name = event.name
            case ev.Appoint():
                self.appoint(event)
            case ev.Vacate():
                self.vacate(event)
            case ev.Report():
                self.report(event)
            case ev.StartLeave() | ev.EndLeave():
                self.people[event.person].on_leave = isinstance(event, ev.StartLeave)
            case _:
                pass
        self.close_left()
        for owned in self.posts.values():
            if owned.personal:
                owned.title = self.people[owned.personal].name

    def change_post(self, event: ev.ChangePost) -> None:
        """Everything given replaces what was."""
        post = self.posts[event.post]
        post.title = event.title or post.title
        post.unit = event.unit or post.unit
        post.seats = event.seats or post.seats
        post.level = event.level or post.level
        post.critical = post.critical if event.critical is None else event.critical
        if event.heads is not None:
            post.heads = None if event.heads == "none" else event.heads
        if event.reports_to is not None:
            self.draw(event.post, event.reports_to)

    def depart(self, event: ev.Depart) -> None:
        """End the employment, and every holding in the organization except on bodies."""
        person = self.people[event.person]
        del person.jobs[event.organization]
        if not person.jobs:
            person.on_leave = False
        for id_ in self.held(event.person, event.organization):
            post = self.posts[id_]
            if post.personal or not self.is_body(post.unit):
                post.holders[:] = [h for h in post.holders if h.person != event.person]

    def appoint(self, event: ev.Appoint) -> None:
        """Seat somebody; a personal post closes, or is kept beside an acting post if it has lines."""
        confirmed = None if event.person is None else self.holding(event.post, event.person)
        if confirmed is not None:
            self.turn += 1
            confirmed.acting, confirmed.event = False, event
            if event.primary:
                confirmed.primary, confirmed.marked = True, self.turn
        else:
            how = {"holder": event.holder, "acting": event.acting, "primary": event.primary, "seats": event.seats}
            self.seat(event.post, event, event.person, **how)
        organization = self.organization(event.post)
        personal = f"{event.person}/{organization}"
        if event.person is None or self.is_body(self.posts[event.post].unit) or personal not in self.posts:
            return
        if event.acting and (self.posts[personal].lines or self.reported_to(personal)):
            return
        self.follow(personal, event.post)

    def vacate(self, event: ev.Vacate) -> None:
        """End a holding; an employee without another post has a personal one again."""
        holders = self.posts[event.post].holders
        holders[:] = [h for h in holders if (h.person, h.holder) != (event.person, event.holder)]
        if event.person is not None:
            self.give_personal(event.person, self.organization(event.post), event)

    def report(self, event: ev.Report) -> None:
        """Draw or end a line."""
        post, to, _ = self.line_of(event)
        lines, dotted = self.posts[post].lines, event.line == "dotted"
        if to == "unknown":
            lines[:] = [line for line in lines if line.dotted]
        elif event.end:
            lines[:] = [line for line in lines if (line.to, line.dotted) != (to, dotted)]
        else:
            self.draw(post, to, dotted=dotted)

    def close(self, event: ev.CloseUnit) -> None:
        """Close a unit; what it has moves to the other, with the employees to the organization of that."""
        unit, into = event.unit, event.into
        if into is not None:
            target = self.root(into)
            for person in self.people.values():
                if unit in person.jobs:
                    job = person.jobs.pop(unit)
                    person.jobs.setdefault(target, job)
            self.move(unit, into, target)
        gone = self.units.pop(unit)
        self.closed.add(unit)
        for post in self.posts.values():
            if post.heads == unit:
                post.heads = None
        if into is not None and gone.parent is None:
            for id_ in list(self.people):
                self.tidy_personal(id_, self.root(into))

    def move(self, unit: str, into: str, target: str) -> None:
        """Move posts, units and lines; personal posts take the name of their new organization."""
        for other in self.units.values():
            if other.parent == unit:
                other.parent = into
        for id_, post in list(self.posts.items()):
            if post.unit == unit and post.personal:
                new = f"{post.personal}/{target}"
                post.unit = target
                if new in self.posts:
                    if not self.posts[new].holders:
                        self.posts[new].holders = post.holders
                    self.follow(id_, new)
                else:
                    self.posts[new] = post
                    for other_post in self.posts.values():
                        for line in other_post.lines:
                            line.to = new if line.to == id_ else line.to
                    del self.posts[id_]
                    self.abolished.add(id_)
            elif post.unit == unit:
                post.unit = into
        for post in self.posts.values():
            for line in list(post.lines):
                if line.to == unit and any(m.to == into and m.dotted == line.dotted for m in post.lines):
                    post.lines.remove(line)
                elif line.to == unit:
                    line.to = into

    def tidy_personal(self, person: str, organization: str) -> None:
        """After a merger, a personal post is not needed beside another post."""
        personal = f"{person}/{organization}"
        ordinary = self.ordinary(person, organization)
        if personal in self.posts and ordinary and self.holding(personal, person):
            firm = [id_ for id_ in ordinary if self.rank(person, id_) == 0]
            if firm:
                self.follow(personal, firm[0])

    def seat(self, post: str, event: ev.Event, person: str | None, **how: object) -> None:
        """Add a holder."""
        self.turn += 1
        given: dict[str, object] = {"holder": None, "acting": False, "primary": False, "seats": 1, **how}
        self.posts[post].holders.append(Holding(person=person, turn=self.turn, marked=self.turn, event=event, **given))  # type: ignore[arg-type]

    def ordinary(self, person: str, organization: str) -> list[str]:
        """The posts for which an employee needs no personal post."""
        return [
            id_
            for id_ in self.held(person, organization)
            if not self.posts[id_].personal and not self.is_body(self.posts[id_].unit)
        ]

    def give_personal(self, person: str, organization: str, event: ev.Event) -> None:
        """An employee who holds no post of the organization has a personal post."""
        id_ = f"{person}/{organization}"
        if organization not in self.people[person].jobs or self.ordinary(person, organization):
            return
        if id_ not in self.posts:
            self.posts[id_] = Post(unit=organization, title="", created=event.date.day, personal=person)
            self.abolished.discard(id_)
        if self.holding(id_, person) is None:
            self.seat(id_, event, person)

    def follow(self, old: str, new: str) -> None:
        """Close a post, and let its lines follow to another, where that has none of its own."""
        before, after = self.posts.pop(old), self.posts[new]
        self.abolished.add(old)
        for id_, other in self.posts.items():
            for line in list(other.lines):
                if line.to == old:
                    twice = any(m.to == new and m.dotted == line.dotted for m in other.lines)
                    if id_ == new or twice:
                        other.lines.remove(line)
                    else:
                        line.to = new
        for line in before.lines:
            if line.to == new:
                continue
            if line.dotted:
                if not any(m.dotted and m.to == line.to for m in after.lines):
                    after.lines.append(line)
            elif self.solid(new) is None:
                after.lines.append(line)

    def close_left(self) -> None:
        """Close the personal posts of people who departed, once nobody reports to them."""
        again = True
        while again:
            again = False
            for id_, post in list(self.posts.items()):
                if post.personal and not post.holders and not self.reported_to(id_):
                    del self.posts[id_]
                    self.abolished.add(id_)
                    again = True

    def draw(self, post: str, to: str, *, dotted: bool = False) -> None:
        """Draw a line; a solid one replaces the solid one, a dotted one that to the same end."""
        lines = self.posts[post].lines
        lines[:] = [m for m in lines if m.dotted != dotted or (dotted and m.to != to)]
        lines.append(Line(to, dotted))
