"""The posts of a series of snapshots: who holds each, since when it is there, what it is called, whom it reports to.

A post is known by its own key, or, where entries hold none, it is the entry itself.  A post with a key is there from
the first time that somebody holds it or reports to it to the last; in between it may be vacant.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import attrs

from orgsim.errors import shown
from orgsim.importers.cells import yes_no
from orgsim.importers.naming import slug, tidy
from orgsim.importers.report import ImportReport
from orgsim.importers.snapshots_people import People
from orgsim.importers.snapshots_profile import Profile
from orgsim.importers.snapshots_series import Moment, Span, Stretch
from orgsim.importers.snapshots_spans import pieces, union, within

TOP = "none"
POST, OWN = "post:", "own:"


@attrs.define(eq=False)
class Holding:
    """An entry as the holder of a post (or a row for a vacant one): what the entry says, made out."""

    stretch: Stretch
    person: str
    post: str
    unit: str
    acting: bool
    above: str | None
    """`none`, or the key of the post it reports to; None where that is not told, or is told by `manager`."""
    manager: str | None

    @property
    def rank(self) -> tuple[bool, dt.date, str]:
        """Who speaks for a post: holders before acting ones, then the earlier, then by key."""
        return self.acting, self.stretch.span.first, self.stretch.key


@attrs.define(eq=False)
class Post:
    """All that is told of a post: its holders, and who reports to it by its key."""

    key: str
    holdings: list[Holding] = attrs.field(factory=list)
    below: list[Stretch] = attrs.field(factory=list)
    spans: list[Span] = attrs.field(factory=list)


class Posts:
    """Every post by key, and the holdings of every person."""

    def __init__(self, entries: Sequence[Stretch], people: People, profile: Profile, report: ImportReport) -> None:
        """Make out who holds and reports to what."""
        self.people, self.profile, self.report = people, profile, report
        self.posts: dict[str, Post] = {}
        self.of_person: dict[str, list[Holding]] = {}
        self._told = {POST + text for entry in entries if (text := entry.get("post"))}
        self._slugs = {slug(key): key.removeprefix(POST) for key in sorted(self._told)}
        self._said: set[tuple[str, str]] = set()
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Stretch) -> None:
        person, text = self.people.of(entry.record), entry.get("post")
        if not person and not text:
            self.report.refused(entry.record.place, "the row names neither a person nor a post")
            return
        post = POST + text if text else OWN + entry.key
        unit = entry.get("unit")
        holding = Holding(entry, person, post, unit, self._acting(entry), self._above(entry, post), None)
        if holding.above is None:
            holding.manager = self._manager(entry, person)
        self.posts.setdefault(post, Post(post)).holdings.append(holding)
        if person:
            self.of_person.setdefault(person, []).append(holding)
        if holding.above not in (None, TOP):
            self.posts.setdefault(holding.above, Post(holding.above)).below.append(entry)

    def _say(self, kind: str, entry: Stretch, field: str, message: str) -> None:
        """Say something of an entry once, however often it says the same."""
        if (entry.key, message) not in self._said:
            self._said.add((entry.key, message))
            getattr(self.report, kind)(entry.record.at(field), message)

    def _acting(self, entry: Stretch) -> bool:
        told = entry.get("acting")
        if told:
            acting = yes_no(told)
            if acting is None:
                self._say("flagged", entry, "acting", f"{shown(told)} is neither yes nor no; read as no")
            return bool(acting)
        words = "".join(c if c.isalnum() else " " for c in entry.get("title").casefold()).split()
        if found := [word for word in self.profile.acting_words if word in words]:
            self._say("guessed", entry, "title", f"{shown(entry.get('title'))} is acting, for the word {found[0]!r}")
        return bool(found)

    def _above(self, entry: Stretch, post: str) -> str | None:
        text = entry.get("reports_to")
        if not text or text == TOP:
            return TOP if text else None
        above = POST + text
        if above == post:
            self._say("flagged", entry, "reports_to", f"{shown(text)} would report to itself; its manager is unknown")
            return None
        if above in self._told:
            return above
        like = self._slugs.get(slug(POST + text))
        hint = f"; is {like!r} meant?" if like is not None else ""
        message = f"{shown(text)} is no post that anybody ever holds{hint} The manager is unknown"
        self._say("flagged", entry, "reports_to", message if hint else message.replace(" The", "; the"))
        return None

    def _manager(self, entry: Stretch, person: str) -> str | None:
        text = entry.get("manager") or entry.get("manager_name")
        if not text or entry.get("manager") == TOP:
            return None
        field = "manager" if entry.get("manager") else "manager_name"
        manager = self.people.manager(entry.record)
        if manager is None:
            self._say(
                "flagged", entry, field, f"{shown(text)} is nobody in these files, or several; the manager is unknown"
            )
        elif manager == person:
            self._say("flagged", entry, field, "reports to themselves; the manager is unknown")
            return None
        return manager

    # ---------------------------------------------------------------------------------------------------------- spans

    def settle(self, told_units: Mapping[str, list[Span]]) -> None:
        """Work out when each post is there."""
        for post in self.posts.values():
            held = union(holding.stretch.span for holding in post.holdings)
            named = union([*held, *(s.span for s in post.below)])
            if post.key.startswith(POST):
                named = self._bridged(post, named, told_units)
                self._say_doubly_held(post)
                self._say_vacant(post, held)
            post.spans = named

    def _bridged(self, post: Post, named: list[Span], told_units: Mapping[str, list[Span]]) -> list[Span]:
        """One span over gaps in which nobody names a post: it is vacant, unless its unit is gone."""
        found = named[:1]
        for item in named[1:]:
            before = found[-1]
            last = max(
                (h for h in post.holdings if h.stretch.span.first < item.first),
                key=lambda h: h.stretch.span.first,
                default=None,
            )
            told = told_units.get(last.unit) if last is not None else None
            if told is not None and not any(s.first <= before.until and item.first <= s.until for s in told):
                found.append(item)
                continue
            message = (
                f"nobody holds {_name(post)} or reports to it from {before.until} to {item.first}: taken as vacant"
            )
            self.report.guessed((last or post.holdings[0]).stretch.record.at("post"), message)
            found[-1] = Span(before.start, item.end)
        return found

    def _say_doubly_held(self, post: Post) -> None:
        if self.profile.seats is not None:
            return
        holders = {id(h.stretch): h for h in post.holdings if h.person}
        stretches = [h.stretch for h in holders.values()]
        for part, active in pieces(stretches, union(s.span for s in stretches)):
            held = sorted((holders[id(s)] for s in active), key=lambda h: h.stretch.key)
            if len(held) > 1:
                until = f"to {part.until}" if part.end is not None else "on"
                names = [f"{h.person.partition(':')[2]}{' (acting)' if h.acting else ''}" for h in held]
                seats = len({h.person for h in held if not h.acting})
                why = f": it has {seats} seats for that time" if seats > 1 else ""
                why = ", who holds it once" if len({h.person for h in held}) == 1 else why
                message = f"{_name(post)} is held by {' and '.join(names)} from {part.first} {until}{why}"
                self.report.flagged(max(active, key=lambda s: s.span.first).record.at("post"), message)

    def _say_vacant(self, post: Post, held: list[Span]) -> None:
        turns = [moment for span in held for moment in span.moments]
        for part, active in pieces(post.below, union(s.span for s in post.below), turns):
            if active and not within(part.first, held):
                until = f"from {part.first} to {part.until}" if part.end is not None else f"from {part.first} on"
                many = f"{len(active)} entries report" if len(active) > 1 else "1 entry reports"
                message = f"{many} to {_name(post)}, which nobody holds {until}: the post is vacant"
                self.report.flagged(active[0].record.at("reports_to"), message)

    # ---------------------------------------------------------------------------------------------------------- lines

    def seat_of(self, person: str, day: dt.date) -> str | None:
        """The post that stands for a person on a day: the first one held, acting ones last."""
        held = [h for h in self.of_person.get(person, ()) if h.stretch.span.covers(day)]
        return min(held, key=lambda h: h.rank).post if held else None

    def moments_of(self, post: Post) -> Iterable[Moment]:
        """When the posts of the managers of a post may change."""
        managers = {h.manager for h in post.holdings if h.manager is not None}
        for manager in sorted(managers):
            for holding in self.of_person.get(manager, ()):
                yield from holding.stretch.span.moments

    def values(self, post: Post) -> "list[tuple[Span, dict[str, object], Holding | None]]":
        """What a post is called, where it belongs and how many seats it has, over time."""
        by_stretch = {id(h.stretch): h for h in post.holdings}
        found: list[tuple[Span, dict[str, object], Holding | None]] = []
        now: dict[str, object] = {}
        substantive: set[str] = set()
        for part, active in pieces([h.stretch for h in post.holdings], post.spans):
            holders = sorted((by_stretch[id(s)] for s in active), key=lambda h: h.rank)
            told = next((h for h in holders if not h.acting), None)
            speaker = told or next(iter(holders), None)
            value = dict(now)
            if speaker is not None:
                if told is not None or not substantive:
                    title = tidy(speaker.stretch.get("title"))
                    value["title"] = title or value.get("title")
                    value["level"] = tidy(speaker.stretch.get("level")) or value.get("level")
                    substantive |= {"told"} if told is not None else set()
                value["unit"] = speaker.unit or value.get("unit")
            if self.profile.seats is None:
                value["seats"] = max(1, len({h.person for h in holders if h.person and not h.acting}))
            found.append((part, value, speaker))
            now = value
        return found

    def above(self, post: Post) -> "list[tuple[Span, str, bool, Holding]]":
        """What a post reports to over time: `none` or a key; whether a holder says so; and who said so last."""
        by_stretch = {id(h.stretch): h for h in post.holdings}
        found: list[tuple[Span, str, bool, Holding]] = []
        last: tuple[str, Holding] | None = None
        for part, active in pieces([h.stretch for h in post.holdings], post.spans, self.moments_of(post)):
            holders = sorted((by_stretch[id(s)] for s in active), key=lambda h: h.rank)
            awaited = any(self._awaited(h, part.first) for h in holders)
            if holders and not awaited:
                told = ((self._seat_above(h, part.first), h) for h in holders)
                last = next(((to, h) for to, h in told if to is not None and to != post.key), None)
            if last is None:
                continue
            to, told_by, told_now = *last, bool(holders) and not awaited
            if found and found[-1][0].until == part.first and found[-1][1:3] == (to, told_now):
                found[-1] = (Span(found[-1][0].start, part.end), *found[-1][1:])
            else:
                found.append((part, to, told_now, told_by))
        return found

    def _awaited(self, holding: Holding, day: dt.date) -> bool:
        """Whether the manager a row tells was hired after a day, and by the day on which the row was seen to be so."""
        seen = holding.stretch.span.start.when.last
        if holding.manager is None or day >= seen:
            return False
        return self.seat_of(holding.manager, day) is None and self.seat_of(holding.manager, seen) is not None

    def _seat_above(self, holding: Holding, day: dt.date) -> str | None:
        if holding.above is not None or holding.manager is None:
            return TOP if holding.stretch.get("manager") == TOP else holding.above
        seat = self.seat_of(holding.manager, day)
        if seat is None:
            who = shown(holding.manager.partition(":")[2])
            message = f"the manager {who} is not there on {day}; from then on the manager is unknown"
            self._say("flagged", holding.stretch, "manager", message)
        return seat


def _name(post: Post) -> str:
    return shown(post.key.partition(":")[2])
