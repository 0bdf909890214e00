"""A history of stretches made into events: everything gets its id, and goes to the draft in an order of its own."""

from collections.abc import Mapping, Sequence

import attrs

from orgsim.errors import shown
from orgsim.events import Event
from orgsim.importers import tops
from orgsim.importers.cells import seen_on
from orgsim.importers.draft import Draft
from orgsim.importers.naming import Ids, slug
from orgsim.importers.report import ImportReport, Place
from orgsim.importers.snapshots_jobs import Jobs
from orgsim.importers.snapshots_lines import Line, clipped, uncircled
from orgsim.importers.snapshots_people import KEYED, People, named
from orgsim.importers.snapshots_posts import OWN, POST, TOP, Holding, Post, Posts
from orgsim.importers.snapshots_profile import Profile
from orgsim.importers.snapshots_series import Moment, Span, Stretch
from orgsim.importers.snapshots_spans import Files, common, pieces, union
from orgsim.importers.snapshots_units import ROOT, Unit, Units
from orgsim.importers.tabular import ImportProblem
from orgsim.model import BODIES, Person


@attrs.frozen(eq=False)
class History:
    """What was read: stretches of entries, units and links, who is who, and where to tell what is done."""

    entries: Sequence[Stretch]
    jobs: Jobs | None
    """When people are employed; None where members need no employment."""
    units: Sequence[Stretch]
    links: Sequence[Stretch]
    people: People
    profile: Profile
    organization: str
    ids: Ids
    files: Sequence[str]
    name: str
    """The name of the first file."""
    report: ImportReport


def drafted(history: History) -> tuple[list[Event], list[Person]]:
    """The events of a history, and the people in it."""
    return _Drafting(history).events()


def _dotted(text: str) -> str:
    """A key of several parts as an id: each part is kept, or made a slug of its own."""
    parts = [part if part.replace("-", "").replace("_", "").isalnum() else slug(part) for part in text.split(".")]
    return ".".join(filter(None, parts))


class _Drafting:
    """One history on its way to events."""

    def __init__(self, history: History) -> None:
        self.h, self.draft, self.files = history, Draft(), Files(history.files)
        report = history.report
        self.units = Units(history.units, history.entries, report)
        self.posts = Posts(history.entries, history.people, history.profile, report)
        self.posts.settle(self.units.told_spans())
        self._want_ids()

    def events(self) -> tuple[list[Event], list[Person]]:
        posts = [self.posts.posts[key] for key in sorted(self.posts.posts) if self.posts.posts[key].spans]
        values = {post.key: self.posts.values(post) for post in posts}
        self._open_units(values)
        for post in posts:
            for part, value, told in values[post.key]:
                where: dict[str, object] = {**value, "unit": self._unit_id(str(value.get("unit") or ""))}
                self.draft.post(self._post_id(post.key), self.files.spell(part, where, self._teller(post, told)))
        for person, holdings in sorted(self.posts.of_person.items()):
            self._person(person, holdings)
        if self.h.jobs is not None:
            self.h.jobs.tally.tell()
        self._lines(posts)
        self._links({post.key: post.spans for post in posts})
        by_person = {key: [h.stretch for h in held] for key, held in self.posts.of_person.items()}
        naming = named(by_person, self.h.ids, dict(enumerate(self.h.files)), self.h.report)
        events = [*self.draft.events(), *naming.events]
        for what, count in (("people", len(naming.people)), ("posts", len(posts)), ("units", len(self.units.units))):
            self.h.report.count(what, count)
        return sorted(events, key=lambda event: event.date.day), naming.people

    def _why(self) -> str:
        """What was said of the first row that could not be taken."""
        remarks = self.h.report.of("refused")
        return f"the first reason is: {remarks[0]}" if remarks else "look at the profile"

    # ------------------------------------------------------------------------------------------------------------ ids

    def _want_ids(self) -> None:
        ids, entries = self.h.ids, sorted(self.h.entries, key=lambda s: s.key)
        place = next((s.record.place for s in (*entries, *self.h.units)), Place(self.h.name))
        ids.want("organization", (ROOT,), self.h.organization, place, given=True)
        self.h.people.want((entry.record for entry in entries), ids)
        for key, unit in sorted(self.units.units.items()):
            given = bool(unit.told) or any(s.get("unit_name") for told in unit.parents.values() for s in told)
            text = _dotted(self.units.labels[key]) if given else self.units.labels[key]
            ids.want("unit", (key,), text, unit.first.record.place if unit.first else place, given=given)
        for key, post in sorted(self.posts.posts.items()):
            told = next((h.stretch for h in post.holdings), None) or post.below[0]
            text, given = _dotted(key.removeprefix(POST)), True
            if key.startswith(OWN):
                person = post.holdings[0].person
                given = bool(told.get("entry")) or person.startswith(KEYED)
                text = told.get("entry") or f"{person.partition(':')[2]}.post"
            ids.want("post", (key,), text, told.record.place, given=given)
        ids.settle(self.h.report)

    def _post_id(self, key: str) -> str:
        return self.h.ids.of("post", (key,))

    def _unit_id(self, text: str) -> str:
        key = Units.key(text)
        return self.h.ids.of("unit", (key,)) if key else self.h.ids.of("organization", (ROOT,))

    @staticmethod
    def _teller(post: Post, told: Holding | None) -> Stretch | None:
        """Who tells of a post while nobody holds it: whoever reports to it."""
        return told.stretch if told is not None else next(iter(post.below), None)

    # ---------------------------------------------------------------------------------------------------------- units

    def _open_units(self, values: "dict[str, list[tuple[Span, dict[str, object], Holding | None]]]") -> None:
        used: dict[str, list[Span]] = {}
        for parts in values.values():
            for part, value, _ in parts:
                used.setdefault(Units.key(str(value.get("unit") or "")), []).append(part)
        self.units.settle({key: union(spans) for key, spans in used.items()})
        whole = union([*used.get(ROOT, ()), *(s for unit in self.units.units.values() for s in unit.spans)])
        if not whole:
            raise ImportProblem(
                Place(self.h.name), "there is nothing in the files that a ledger could hold", self._why()
            )
        first = min(
            [*self.h.entries, *self.h.units], key=lambda s: (s.span.first, s.record.place.file, s.record.place.row or 0)
        )
        root = self.h.ids.of("organization", (ROOT,))
        always = Span(self._beginning(whole[0].start), None)
        self.draft.unit(root, self.files.spell(always, {"name": self.h.organization}, first))
        for unit in self.units.units.values():
            for part, called, above, told in unit.values:
                inside = {**self._kind(unit, called), "parent": self._unit_id(above)}
                self.draft.unit(self.h.ids.of("unit", (unit.key,)), self.files.spell(part, inside, told))

    def _beginning(self, seen: Moment) -> Moment:
        """Since when the organization is there: it was, when the first of those seen was hired."""
        jobs = self.h.jobs.of.values() if self.h.jobs is not None else ()
        first = min((job.start for of_person in jobs for job in of_person), key=lambda m: m.day, default=seen)
        return attrs.evolve(first, when=seen_on(first.day)) if first.day < seen.day else seen

    def _kind(self, unit: Unit, value: Mapping[str, str | None]) -> Mapping[str, str | None]:
        """Where nobody is employed, what has members is a committee."""
        if self.h.profile.employed or value.get("unit_kind") in BODIES or unit.told:
            return value
        return {**value, "unit_kind": "committee"}

    # --------------------------------------------------------------------------------------------------------- people

    def _person(self, person: str, holdings: Sequence[Holding]) -> None:
        id_ = self.h.ids.of("person", (person,))
        root = self.h.ids.of("organization", (ROOT,))
        by_stretch = {id(h.stretch): h for h in holdings}
        stretches = [h.stretch for h in sorted(holdings, key=lambda h: h.rank)]
        if self.h.jobs is not None:
            for job in self.h.jobs.of[person]:
                told = min((s for s in stretches if common(s.span, [job.span])), key=lambda s: (s.span.first, s.key))
                self.draft.employed(id_, root, self.files.spell(Span(job.start, job.span.end), {}, told))
                for part, fte, by in self.h.jobs.shares(job, stretches):
                    self.draft.share(id_, root, self.files.spell(part, fte, by))
        for post in sorted({h.post for h in holdings}):
            held = [h.stretch for h in holdings if h.post == post]
            for part, active in pieces(held, union(s.span for s in held)):
                acting = all(by_stretch[id(s)].acting for s in active)
                told = min(active, key=lambda s: by_stretch[id(s)].rank)
                self.draft.holds(id_, self._post_id(post), self.files.spell(part, {"acting": acting}, told))

    # ---------------------------------------------------------------------------------------------------------- lines

    def _lines(self, posts: Sequence[Post]) -> None:
        open_ = {post.key: post.spans for post in posts}
        lines = [Line(post.key, to, part, told, by) for post in posts for part, to, told, by in self.posts.above(post)]
        names = {post.key: repr(self._post_id(post.key)) for post in posts}
        drawn = uncircled(clipped(lines, open_), names, self.h.report)
        self._mention_top(posts, drawn)
        for line in drawn:
            to = TOP if line.to == TOP else self._post_id(line.to)
            self.draft.reports(self._post_id(line.post), self.files.spell(line.span, to, line.stretch))

    def _mention_top(self, posts: Sequence[Post], lines: Sequence[Line]) -> None:
        """An empty cell never makes a top; where only one post can be it, say how to make it one."""
        there = {post.key: post for post in posts if post.spans[-1].end is None}
        above = {line.post: line.to for line in lines if line.span.end is None}
        top = there.get(tops.only_top(set(there), above) or "")
        if top is None or not top.holdings or any(line.post == top.key for line in lines):
            return
        record = top.holdings[-1].stretch.record
        if not any(h.stretch.get(field) for h in top.holdings for field in ("manager", "manager_name", "reports_to")):
            self.h.report.flagged(record.at("manager"), tops.remark(self._post_id(top.key)))

    def _links(self, open_: dict[str, list[Span]]) -> None:
        """Dotted lines from a post to a unit, named by its id or its name."""
        for link in self.h.links:
            post, text = POST + link.get("post"), link.get("unit") or link.get("name")
            targets = self._named_units(link, text)
            if post not in open_ or not targets:
                what = f"post {shown(link.get('post'))}" if post not in open_ else f"unit called {shown(text)}"
                self.h.report.refused(link.record.place, f"there is no {what} at that time; the line is left out")
                continue
            if len(targets) > 1:
                self.h.report.refused(
                    link.record.place, f"{shown(text)} is the name of several units; the line is left out"
                )
                continue
            unit = targets[0]
            parts = [part for one in common(link.span, open_[post]) for part in common(one, unit.spans)]
            if parts != [link.span]:
                when = ", ".join(f"{p.first} to {p.until}" if p.end else f"{p.first} on" for p in parts) or "never"
                message = f"both ends of the line to {shown(text)} are there only from {when}"
                getattr(self.h.report, "mended" if parts else "refused")(link.record.place, message)
            for part in parts:
                ids = self._post_id(post), self.h.ids.of("unit", (unit.key,))
                self.draft.dotted_line(*ids, self.files.spell(part, True, link))  # noqa: FBT003 - only that it is

    def _named_units(self, link: Stretch, text: str) -> list[Unit]:
        among = link.record.table.among
        if link.get("unit"):
            return [unit for unit in self.units.units.values() if unit.key == Units.key(text)]
        return [
            unit
            for unit in self.units.units.values()
            if unit.key.startswith(among)
            and (not among or set(unit.parents) == {ROOT})
            and common(link.span, unit.spans)
            and any(
                Units.key(told.get("name")) == Units.key(text) and common(link.span, [told.span]) for told in unit.told
            )
        ]
