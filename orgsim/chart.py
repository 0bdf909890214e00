"""An org chart: what is true on a date, as known on a date.

A chart is an immutable view: it keeps no copy, and looks each noun up when asked.
"""

import datetime as dt
from collections.abc import Callable, Iterator

import attrs

from orgsim import lookups
from orgsim.display import shown
from orgsim.errors import UnknownIdError, did_you_mean
from orgsim.events import Event, Expect
from orgsim.index import Index
from orgsim.model import Appointment, Noun, Person, Post, ReportingLine, Unit
from orgsim.timeline import Timeline
from orgsim.tracks import Kind, is_shown

SUREST_FIRST = ("stated", "reported", "inferred", "expected")
GetNoun = Callable[[str], Noun | None]


@attrs.frozen(eq=False, repr=False)
class OrgChart:
    """Who holds which post and who reports to whom on the date `at`, with what was known on `known` (None: all).

    People, posts and units are asked for by id; one that is not there on that date raises `UnknownIdError`.
    """

    at: dt.date
    known: dt.date | None
    index: Index
    get: GetNoun
    sees: Callable[[Event], bool]
    view: tuple[Timeline, int] | None = attrs.field(default=None, kw_only=True)
    """The timeline looked at, and the first step not seen; None for a chart that is no plain view of one."""

    def __repr__(self) -> str:
        """One line: the dates and the size."""
        known = f", known {self.known}" if self.known else ""
        return f"<OrgChart at {self.at}{known}: {len(self.people)} people, {len(self.posts)} posts>"

    def _repr_html_(self) -> str | None:
        """For notebooks: nested lists that fold."""
        return shown("chart.html", self)

    def _repr_svg_(self) -> str | None:
        """For notebooks: the picture."""
        return shown("chart.svg", self)

    # ------------------------------------------------------------------------------------------------------- nouns

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone employed or holding a post."""
        return self._shown(Person, self.index.person_ids)

    @property
    def posts(self) -> tuple[Post, ...]:
        """Every open post."""
        return self._shown(Post, self.index.post_ids)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every open unit, organizations included."""
        return self._shown(Unit, self.index.unit_ids)

    def _shown(self, kind: type[Kind], ids: list[str]) -> tuple[Kind, ...]:
        if self.view is not None:
            timeline, step = self.view
            return timeline.shown(kind, ids, step)
        return tuple(noun for noun in map(self.get, ids) if isinstance(noun, kind) and is_shown(noun))

    @property
    def organizations(self) -> tuple[Unit, ...]:
        """The open units without a parent."""
        return tuple(unit for unit in self.units if unit.parent is None)

    def person(self, id_: str) -> Person:
        """The person of that id, employed or not."""
        noun = self.get(id_)
        if isinstance(noun, Person):
            return noun
        raise self._missing("person", id_, self.index.person_ids)

    def post(self, id_: str) -> Post:
        """The open post of that id."""
        noun = self.get(id_)
        if isinstance(noun, Post) and noun.open:
            return noun
        raise self._missing("open post", id_, self.index.post_ids)

    def unit(self, id_: str) -> Unit:
        """The open unit of that id."""
        noun = self.get(id_)
        if isinstance(noun, Unit) and noun.open:
            return noun
        raise self._missing("open unit", id_, self.index.unit_ids)

    def _missing(self, what: str, id_: str, known: list[str]) -> UnknownIdError:
        hint = did_you_mean(id_, known) if id_ not in known else None
        return UnknownIdError(f"there is no {what} {id_!r} on {self.at}" + (f"; {hint}" if hint else ""))

    def written(self, id_: str) -> Iterator[tuple[Event | None, Noun | None]]:
        """Every version of a noun up to this date, with the event that made it (None: declared), if it is known."""
        timeline, step = self.view if self.view is not None else (None, 0)
        for item, noun in timeline.versions(id_, step) if timeline is not None else ():
            yield (item if isinstance(item, Event) else None), noun

    def nouns(self) -> dict[str, Noun]:
        """Every noun the ledger knows on this date, gone or not, by id."""
        found = ((id_, self.get(id_)) for id_ in self.index.ids)
        return {id_: noun for id_, noun in found if noun is not None}

    # ----------------------------------------------------------------------------------------------- who holds what

    def holders(self, post: str) -> tuple[Appointment, ...]:
        """Everybody who holds a post, substantively or acting, in order of appointment."""
        return self.post(post).holders

    def holder(self, post: str) -> str | None:
        """Who answers for a post: its substantive holder, or whoever acts; None in a gap or where not named."""
        return lookups.answering(self, self.post(post))

    def posts_of(self, person: str) -> tuple[Post, ...]:
        """The posts a person holds, the primary one first."""
        return tuple(lookups.by_rank(self, self.person(person)))

    @property
    def vacancies(self) -> tuple[Post, ...]:
        """Open posts without a substantive holder; acting cover does not fill a post, `seats: any` has no vacancy."""
        return tuple(p for p in self.posts if p.vacant and p.seats != "any")

    @property
    def acting(self) -> tuple[tuple[Post, Appointment], ...]:
        """Every acting appointment, with its post."""
        return tuple((p, h) for p in self.posts for h in p.holders if h.acting)

    @property
    def on_leave(self) -> tuple[Person, ...]:
        """Everyone on leave."""
        return tuple(p for p in self.people if p.leave is not None)

    # ---------------------------------------------------------------------------------------------- who reports to whom

    def manager_post(self, post: str) -> Post | None:
        """The post another reports to; None when not known, a stated top, or a unit without a head."""
        return lookups.manager_post(self, self.post(post))

    def manager(self, person: str) -> str | None:
        """Who a person reports to, through the primary post; None in a gap, at the top, or when not known."""
        return lookups.manager_of(self, self.person(person))

    def accountable_manager(self, person: str) -> str | None:
        """The first person up the chain: in a gap, whoever answers for the next post above that is held."""
        above = (lookups.answering(self, post) for post in self.chain(person))
        return next((id_ for id_ in above if id_ is not None and id_ != person), None)

    def chain(self, id_: str) -> tuple[Post, ...]:
        """The posts above a person's primary post, or above a post, from the next one up to the top."""
        return tuple(self._up(id_))

    def _up(self, id_: str) -> Iterator[Post]:
        noun = self.get(id_)
        if isinstance(noun, Person):
            posts = lookups.by_rank(self, noun)
            at = posts[0] if posts else None
        else:
            at = self.post(id_)
        while at is not None:
            at = lookups.manager_post(self, at)
            if at is not None:
                yield at

    def reports(self, id_: str, *, dotted: bool = False) -> tuple[Post, ...]:
        """The open posts that report to a post, or to any post of a person; with `dotted`, those with a dotted line."""
        noun = self.get(id_)
        posts = lookups.by_rank(self, noun) if isinstance(noun, Person) else [self.post(id_)]
        found: dict[str, Post] = {}
        for post in posts:
            ends = [post.id]
            if post.heads is not None and lookups.heads(self, post.heads)[:1] == [post]:
                ends.append(post.heads)
            for end in ends:
                for below in lookups.reporters(self, end):
                    if any(line.to == end and line.dotted == dotted for line in below.lines):
                        found[below.id] = below
        return tuple(found.values())

    # ------------------------------------------------------------------------------------------------------ counts

    def headcount(self, unit: str | None = None) -> int:
        """Employees, on leave included, each once; of one unit with all below it, or of all organizations."""
        if unit is not None:
            return lookups.headcount(self, self.unit(unit).id)
        return sum(any(e.contract == "employee" for e in person.employments) for person in self.people)

    def span(self, post: str) -> int:
        """Span of control: how many posts report to a post by a solid line, vacant ones included."""
        return len(self.reports(post))

    def layer(self, post: str) -> int:
        """How many posts are above a post."""
        return len(self.chain(post))

    # ---------------------------------------------------------------------------------------------------- evidence

    def certainty(self, event: Event) -> str:
        """How sure a fact made by an event is: as its source says, or `disputed` if a rival account is known."""
        rivals = self.index.disputes.get(event.id, ()) if event.id is not None else ()
        return "disputed" if any(self.sees(rival) for rival in rivals) else event.certainty

    def holding_certainty(self, post: Post, holder: Appointment) -> str:
        """How sure it is that somebody holds a post.

        Disputed while the last evidence is; else as sure as the surest evidence that is not disputed.  What rests only
        on an expected fact (a post still to be created, a person still to be hired) is expected.
        """
        found = [self.certainty(event) for event in self.evidence(post, holder)]
        if found[-1] == "disputed":
            return "disputed"
        certainty = min((c for c in found if c in SUREST_FIRST), key=SUREST_FIRST.index)
        if len(found) > 1:
            return certainty
        person = self.get(holder.person) if holder.person is not None else None
        resting = list(post.events)
        if isinstance(person, Person):
            employment = person.employment(lookups.organization_of(self, post))
            resting += [employment.event] if employment is not None else []
        return "expected" if any(event.certainty == "expected" for event in resting) else certainty

    def vacancy_certainty(self, post: Post) -> str:
        """How sure it is that a post is vacant: as the event that emptied it, or as the surest assertion since."""
        if post.vacated is None:
            return "stated"
        since = post.vacated.date.day
        seen = [e for e in self.expectations(post.id) if e.vacant and e.date.day >= since]
        found = [self.certainty(event) for event in (post.vacated, *seen)]
        sure = [certainty for certainty in found if certainty in SUREST_FIRST]
        return found[-1] if found[-1] == "disputed" or not sure else min(sure, key=SUREST_FIRST.index)

    def last_evidence(self, post: Post, holder: Appointment) -> dt.date:
        """The last day for which a source says that somebody holds a post."""
        return max(event.date.day for event in self.evidence(post, holder))

    def expectations(self, *ids: str) -> list[Expect]:
        """The assertions about any of the ids that are known, up to this date, in order."""
        found = {id(e): e for id_ in ids for e in self.index.expectations.get(id_, ()) if e.date.day <= self.at}
        return sorted((e for e in found.values() if self.sees(e)), key=lambda e: e.date.day)

    def evidence(self, post: Post, holder: Appointment) -> list[Event]:
        """What says that somebody holds a post: the appointment, and later assertions that name post and holder."""
        who = holder.person or holder.holder
        later = [e for e in self.expectations(post.id) if e.holder == who and e.date.day >= holder.event.date.day]
        return [holder.event, *later]

    def line_status(self, line: ReportingLine | None) -> str:
        """`stated`, `none` for a stated top, or `unknown` when no line is known."""
        return "unknown" if line is None else "none" if line.to == "none" else "stated"
