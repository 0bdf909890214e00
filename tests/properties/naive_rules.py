"""What may happen in the naive ledger: the rules that refuse an event.

Written from `docs/reference/ledger.md` alone; part of `tests.oracle`.
"""

from orgsim import events as ev
from tests.properties.naive_facts import BODIES, Facts

BODY_RULE = "body-has-members"


class Judge(Facts):
    """What is true at a moment, and what may happen next."""

    def reported_to(self, post: str) -> bool:
        """Whether any other post has a line to a post, solid or dotted."""
        return any(line.to == post for id_, other in self.posts.items() if id_ != post for line in other.lines)

    def against(self, event: ev.Event) -> set[str]:
        """The rules that refuse an event, as far as they can be told apart; empty if it is legal."""
        match event:
            case ev.OpenUnit():
                return self.bad_name(event.unit, "unit") | self.bad_unit(event.parent)
            case ev.ChangeUnit():
                return self.bad_unit(event.unit) or self.bad_move(event)
            case ev.CloseUnit():
                return self.bad_unit(event.unit) or self.bad_close(event)
            case ev.CreatePost():
                bad = self.bad_name(event.post, "post") | self.bad_unit(event.unit) | self.bad_unit(event.heads)
                return bad | self.bad_target(event.post, event.reports_to)
            case ev.ChangePost():
                return self.bad_post(event.post) or self.bad_change(event)
            case ev.AbolishPost():
                return self.bad_post(event.post) or self.bad_abolish(event.post)
            case ev.Hire():
                return self.bad_hire(event)
            case ev.Depart() | ev.ChangeEmployment():
                return self.bad_person(event.person) or self.bad_unit(event.organization) | (
                    set() if event.organization in self.people[event.person].jobs else {"not-employed"}
                )
            case ev.ChangePerson():
                return self.bad_person(event.person)
            case ev.Appoint():
                return self.bad_post(event.post) | self.bad_person(event.person) or self.bad_appoint(event)
            case ev.Vacate():
                return self.bad_post(event.post) | self.bad_person(event.person) or self.bad_vacate(event)
            case ev.Report():
                return self.bad_report(event)
            case ev.StartLeave() | ev.EndLeave():
                return self.bad_person(event.person) or self.bad_leave(event)
            case ev.Expect():
                bad = set() if event.post is None else self.bad_post(event.post)
                return bad | self.bad_person(event.person) | self.bad_unit(event.unit)
            case _:
                return set()

    def bad_name(self, id_: str, what: str) -> set[str]:
        """An id can be given once."""
        same, others = (self.posts, self.closed) if what == "post" else (self.units, self.abolished)
        bad = {f"{what}-exists"} if id_ in same else set()
        if id_ in self.posts and self.posts[id_].personal:
            bad |= {"id-is-taken"}
        taken = id_ in self.people or id_ in self.posts or id_ in self.units or id_ in others
        return bad | ({"id-is-taken"} if id_ in self.personal or (taken and not bad) else set())

    def bad_unit(self, unit: str | None) -> set[str]:
        """A unit must be open."""
        if unit is None or unit in self.units:
            return set()
        return {"unit-is-closed"} if unit in self.closed else {"unknown-unit"}

    def bad_post(self, post: str) -> set[str]:
        """A post must be open."""
        if post in self.posts:
            return set()
        return {"post-is-abolished"} if post in self.abolished else {"unknown-post"}

    def bad_person(self, person: str | None) -> set[str]:
        """A person must be known."""
        return set() if person is None or person in self.people else {"unknown-person"}

    def bad_target(self, post: str, to: str | None) -> set[str]:
        """The other end of a line must be an open post or unit, and another one."""
        if to in (None, "none") or to in self.posts or to in self.units:
            return {"reports-to-itself"} if to == post else set()
        if to == post:
            return {"reports-to-itself", "unknown-target"}
        return (
            {"post-is-abolished"}
            if to in self.abolished
            else {"unit-is-closed"}
            if to in self.closed
            else {"unknown-target"}
        )

    def bad_move(self, event: ev.ChangeUnit) -> set[str]:
        """A unit stays in its organization, and out of itself; with members, it stays a body or none."""
        bad = self.bad_unit(event.parent)
        body = (event.unit_kind or self.units[event.unit].kind) in BODIES
        held = any(post.holders for post in self.posts.values() if post.unit == event.unit)
        if body != self.is_body(event.unit) and (held or self.staffed(event.unit)):
            bad |= {BODY_RULE}
        if event.parent is None or bad:
            return bad
        if self.lies_in(event.parent, event.unit):
            bad |= {"unit-in-itself"}
        if self.units[event.unit].parent is None or self.root(event.unit) != self.root(event.parent):
            bad |= {"crosses-organizations"}
        return bad

    def staffed(self, organization: str) -> bool:
        """Whether anybody is employed by an organization."""
        return any(organization in person.jobs for person in self.people.values())

    def bad_close(self, event: ev.CloseUnit) -> set[str]:
        """A unit that closes is empty, or merged into another of its organization."""
        unit, into = event.unit, event.into
        units = [id_ for id_, other in self.units.items() if other.parent == unit]
        posts = [id_ for id_, post in self.posts.items() if post.unit == unit]
        if into is None:
            lines = any(line.to == unit for post in self.posts.values() for line in post.lines)
            return {"unit-not-empty"} if units or posts or lines or self.staffed(unit) else set()
        if bad := self.bad_unit(into):
            return bad
        if self.lies_in(into, unit):
            return {"unit-in-itself"}
        crosses = self.root(unit) != self.root(into) and self.units[unit].parent is not None
        held = any(self.posts[id_].holders for id_ in posts)
        bad = {"crosses-organizations"} if crosses else set()
        if self.units[unit].parent is None and self.is_body(self.root(into)):
            bad |= {"not-an-organization"}
        arriving = [f"{id_}/{self.root(into)}" for id_, person in self.people.items() if unit in person.jobs]
        if any(id_ in self.posts and not self.posts[id_].personal for id_ in arriving):
            bad |= {"id-is-taken"}
        return bad | ({BODY_RULE} if held and self.is_body(unit) != self.is_body(into) else set())

    def bad_change(self, event: ev.ChangePost) -> set[str]:
        """A held post stays in its organization, with seats for all."""
        post = self.posts[event.post]
        heads = None if event.heads == "none" else event.heads
        bad = self.bad_unit(event.unit) | self.bad_unit(heads) | self.bad_target(event.post, event.reports_to)
        if post.personal and (event.title or event.unit or event.seats):
            bad |= {"personal-post"}
        if isinstance(event.seats, int) and event.seats < self.taken(event.post):
            bad |= {"seats-below-holders"}
        if event.unit in self.units and post.holders:
            if self.root(event.unit) != self.root(post.unit):
                bad |= {"crosses-organizations"}
            if self.is_body(event.unit) != self.is_body(post.unit):
                bad |= {BODY_RULE}
        return bad

    def bad_abolish(self, post: str) -> set[str]:
        """A post that goes has no holders, and nobody reports to it."""
        bad = {"personal-post"} if self.posts[post].personal else set()
        if self.posts[post].holders:
            bad |= {"post-is-held"}
        return bad | ({"post-has-reports"} if self.reported_to(post) else set())

    def bad_hire(self, event: ev.Hire) -> set[str]:
        """An organization employs a person once."""
        bad = self.bad_unit(event.organization)
        if not bad and (self.units[event.organization].parent is not None or self.is_body(event.organization)):
            bad = {"not-an-organization"}
        if event.person in {*self.posts, *self.units, *self.closed, *self.abolished}:
            bad |= {"id-is-taken"}
        if event.person in self.people and event.organization in self.people[event.person].jobs:
            bad |= {"already-employed"}
        return bad

    def bad_appoint(self, event: ev.Appoint) -> set[str]:
        """A seat is given to an employee who does not hold it."""
        post = self.posts[event.post]
        bad = {"personal-post"} if post.personal else set()
        if event.person is not None:
            needs = not self.is_body(post.unit)
            if needs and self.organization(event.post) not in self.people[event.person].jobs:
                bad |= {"not-employed"}
            holding = self.holding(event.post, event.person)
            if holding is not None and (event.acting or not holding.acting):
                bad |= {"already-holds"}
        if not event.acting and isinstance(post.seats, int) and self.taken(event.post) + event.seats > post.seats:
            bad |= {"post-is-full"}
        return bad

    def bad_vacate(self, event: ev.Vacate) -> set[str]:
        """Only who holds a post can give it up."""
        post = self.posts[event.post]
        bad = {"personal-post"} if post.personal else set()
        if not any(h.person == event.person and h.holder == event.holder for h in post.holders):
            bad |= {"does-not-hold"}
        return bad

    def line_of(self, event: ev.Report) -> tuple[str, str, set[str]]:
        """Both ends of a line, resolved on the day, and what refuses it."""
        post, bad = event.post, set[str]()
        if event.organization is not None and event.organization not in self.opened:
            bad = {"unknown-unit"}
        if post is None:
            assert event.person is not None
            if self.bad_person(event.person):
                return "", "", bad | {"unknown-person"}
            post, rule = self.resolve(event.person, event.organization)
            if post is None:
                return "", "", bad | {rule or ""}
        elif self.bad_post(post):
            return "", "", bad | self.bad_post(post)
        to = event.to
        if to in self.people:
            found, rule = self.resolve(to, self.organization(post))
            if found is None:
                return post, to, bad | {rule or ""}
            to = found
        if to == "unknown":
            return post, to, bad
        return post, to, bad | self.bad_target(post, to)

    def bad_report(self, event: ev.Report) -> set[str]:
        """A line has two ends, and can end only if it is there."""
        post, to, bad = self.line_of(event)
        if bad or not event.end:
            return bad
        lines = self.posts[post].lines
        there = any(line.to == to and line.dotted == (event.line == "dotted") for line in lines)
        return set() if there else {"no-such-line"}

    def bad_leave(self, event: ev.StartLeave | ev.EndLeave) -> set[str]:
        """Who is employed goes on leave, who is on leave comes back."""
        person = self.people[event.person]
        bad = set() if person.jobs else {"not-employed"}
        if isinstance(event, ev.StartLeave):
            return bad | ({"already-on-leave"} if person.on_leave else set())
        return bad | (set() if person.on_leave else {"not-on-leave"})
