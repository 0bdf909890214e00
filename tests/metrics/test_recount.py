"""Metrics against a naive recount: one chart for every day, and the definitions read off it word by word."""

import datetime as dt
from collections.abc import Callable
from functools import cache

import pytest

from orgsim import metrics
from orgsim.chart import OrgChart
from orgsim.events import CloseUnit, Depart, Expect
from orgsim.ledger import Ledger
from orgsim.lookups import is_within, root_of
from orgsim.model import Employment, Person, Post, Unit
from tests.metrics.making import DAYS, FIRST, days_of, made_up

SEEDS = range(14)
START, END = FIRST + dt.timedelta(20), FIRST + dt.timedelta(DAYS - 20)
ONE_DAY = dt.timedelta(1)
KNOWN = (None, FIRST + dt.timedelta(60))

story = cache(made_up)


def units(seed: int) -> list[str | None]:
    """Everything, and every unit of a story."""
    return [None, *story(seed).index.unit_ids]


@cache
def chart_of(seed: int, day: dt.date, known: dt.date | None) -> OrgChart:
    """A chart, made once."""
    return story(seed).chart(day, known)


def charts(seed: int, known: dt.date | None) -> list[OrgChart]:
    """A chart for every day of the period."""
    return [chart_of(seed, day, known) for day in days_of(START, END)]


def is_open(chart: OrgChart, unit: str) -> bool:
    """Whether a unit is open."""
    noun = chart.get(unit)
    return isinstance(noun, Unit) and noun.open


def job_in(chart: OrgChart, person: Person, unit: str | None) -> list[Employment]:
    """The employments by which a person belongs to a unit."""
    if unit is None:
        return list(person.employments)
    if not is_open(chart, unit):
        return []
    job = person.employment(root_of(chart, unit))
    if job is None:
        return []
    if chart.unit(unit).parent is not None and not is_within(chart, chart.posts_of(person.id)[0].unit, unit):
        return []
    return [job]


def lies_in(chart: OrgChart, post: Post, unit: str | None) -> bool:
    """Whether a post lies in a unit or below it."""
    return unit is None or is_within(chart, post.unit, unit)


def is_member(chart: OrgChart, id_: str, unit: str | None) -> bool:
    """Whether a person counts in the headcount of a unit."""
    noun = chart.get(id_)
    return isinstance(noun, Person) and any(job.contract == "employee" for job in job_in(chart, noun, unit))


def counted(chart: OrgChart, unit: str | None) -> metrics.Headcount:
    """The headcount of a chart, by hand."""
    jobs = {person.id: job_in(chart, person, unit) for person in chart.people}
    employed = {id_: [job for job in mine if job.contract == "employee"] for id_, mine in jobs.items()}
    return metrics.Headcount(
        at=chart.at,
        headcount=sum(bool(mine) for mine in employed.values()),
        fte=sum(job.fte for mine in employed.values() for job in mine),
        contractors=sum(bool(jobs[id_]) and not employed[id_] for id_ in jobs),
        unnamed=sum(h.seats for p in chart.posts if lies_in(chart, p, unit) for h in p.holders if h.person is None),
    )


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("seed", SEEDS)
def test_headcount(seed: int, known: dt.date | None) -> None:
    """The headcount of each day is what the chart of that day says, and what counting it by hand says."""
    for unit in units(seed):
        rows = metrics.headcount(story(seed), days_of(START, END), unit, known=known)
        for chart, row in zip(charts(seed, known), rows, strict=True):
            by_hand = counted(chart, unit)
            assert row.fte == pytest.approx(by_hand.fte)
            assert (row.at, row.headcount, row.contractors, row.unnamed) == (
                chart.at,
                by_hand.headcount,
                by_hand.contractors,
                by_hand.unnamed,
            )
            if unit is None or is_open(chart, unit):
                assert row.headcount == chart.headcount(unit)
            else:
                assert row.headcount == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_headcount_by_unit(seed: int) -> None:
    """The headcount by unit has every unit ever opened, each as when asked for alone."""
    dates = list(days_of(START, END))
    for unit, rows in metrics.headcount_by_unit(story(seed), dates).items():
        assert rows == metrics.headcount(story(seed), dates, unit)


@pytest.mark.parametrize("seed", SEEDS)
def test_average_headcount(seed: int) -> None:
    """The average headcount is the mean of all days, or of the last days of the months."""
    for unit in units(seed):
        by_day = {chart.at: counted(chart, unit).headcount for chart in charts(seed, None)}
        ends = [at for at in by_day if (at + ONE_DAY).day == 1 or at + ONE_DAY == END]
        daily = metrics.average_headcount(story(seed), START, END, unit)
        monthly = metrics.average_headcount(story(seed), START, END, unit, convention="monthly")
        assert daily == pytest.approx(sum(by_day.values()) / len(by_day))
        assert monthly == pytest.approx(sum(by_day[at] for at in ends) / len(ends))


# ------------------------------------------------------------------ the bridge


def merged(ledger: Ledger, unit: str, day: dt.date, known: dt.date | None) -> str:
    """The unit that has, at the end of a day, what a unit had before it."""
    for event in ledger.events:
        if isinstance(event, CloseUnit) and event.date.day == day and ledger.sees(event, known):
            unit = event.into or unit if event.unit == unit else unit
    return unit


def departed(ledger: Ledger, before: OrgChart, id_: str, unit: str | None, known: dt.date | None) -> list[Depart]:
    """The departures of a person on the day after a chart, from the organization of a unit."""
    return [
        event
        for job in before.person(id_).employments
        if job.contract == "employee" and unit in (None, job.organization)
        for event in ledger.events
        if isinstance(event, Depart) and (event.person, event.organization) == (id_, job.organization)
        if event.date.day == before.at + ONE_DAY and ledger.sees(event, known)
    ]


def lines_of(ledger: Ledger, before: OrgChart, after: OrgChart, id_: str, unit: str | None) -> list[str]:
    """The lines of the bridge that a person adds one to between the charts of two days."""
    was, is_ = is_member(before, id_, unit), is_member(after, id_, unit)
    known, day = after.known, after.at
    employers = [
        {job.organization: job for job in noun.employments if job.contract == "employee"}
        if isinstance(noun := chart.get(id_), Person)
        else {}
        for chart in (before, after)
    ]
    if unit is not None and root_of(after, unit) != unit:
        home = root_of(after, unit)
        kept = {root_of(after, merged(ledger, employer, day, known)) for employer in employers[0]}
        if home in kept and home in employers[1]:
            posts = before.posts_of(id_)
            would = merged(ledger, posts[0].unit, day, known) if posts else ""
            if posts and posts[0].personal:
                would = root_of(after, would)
            between = is_within(after, would, unit)
            restructured = {(True, False): ["restructured_out"], (False, True): ["restructured_in"]}
            moved = {(True, False): ["moves_out"], (False, True): ["moves_in"]}
            return restructured.get((was, between), []) + moved.get((between, is_), [])
    if was and not is_:
        gone = departed(ledger, before, id_, None if unit is None else root_of(before, unit), known)
        return ["departures" if gone else "restructured_out"]
    if is_ and not was:
        hired = [
            job
            for organization, job in employers[1].items()
            if (unit is None or organization == root_of(after, unit)) and job.event.date.day == day
        ]
        seen = hired and all(job.event.date.first is None for job in hired)
        return ["first_seen" if seen else "hires" if hired else "restructured_in"]
    return []


LINES = ("hires", "first_seen", "moves_in", "restructured_in", "departures", "moves_out", "restructured_out")


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("seed", SEEDS)
def test_bridge(seed: int, known: dt.date | None) -> None:
    """The flows of the bridge are those of every two days in a row."""
    ledger = story(seed)
    for unit in units(seed):
        expected = [
            (after.at, id_, line)
            for after in charts(seed, known)
            for id_ in ledger.index.person_ids
            for line in lines_of(ledger, chart_of(seed, after.at - ONE_DAY, known), after, id_, unit)
        ]
        found = metrics.bridge(ledger, START, END, unit, known=known)
        assert sorted((flow.day, flow.person, flow.line) for flow in found.flows) == sorted(expected)
        for line in LINES:
            assert getattr(found, line) == sum(flow[2] == line for flow in expected)


@pytest.mark.parametrize("seed", range(40))
def test_bridge_foots(seed: int) -> None:
    """Opening and flows make the closing, which the charts say too; the closing opens the next period."""
    ledger = story(seed)
    middle = FIRST + dt.timedelta(DAYS // 2)
    for unit in units(seed):
        for known in KNOWN:
            one = metrics.bridge(ledger, START, middle, unit, known=known)
            two = metrics.bridge(ledger, middle, END, unit, known=known)
            whole = metrics.bridge(ledger, START, END, unit, known=known)
            assert one.foots
            assert two.foots
            assert whole.foots
            assert one.closing == two.opening
            assert whole.flows == (*one.flows, *two.flows)
            before, last = (counted(chart_of(seed, day - ONE_DAY, known), unit) for day in (START, END))
            assert (whole.opening, whole.closing) == (before.headcount, last.headcount)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_organization_has_no_moves(seed: int) -> None:
    """Nobody moves into or out of an organization: they are hired, depart, or are merged."""
    for unit in (None, "acme"):
        found = metrics.bridge(story(seed), START, END, unit)
        assert (found.moves_in, found.moves_out) == (0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_turnover(seed: int) -> None:
    """Turnover counts the departures of the bridge by the reasons in the ledger."""
    ledger = story(seed)
    for unit in units(seed):
        left = [
            departed(ledger, before, id_, None if unit is None else root_of(before, unit), None)[-1]
            for after in charts(seed, None)
            for before in [chart_of(seed, after.at - ONE_DAY, None)]
            for id_ in ledger.index.person_ids
            if "departures" in lines_of(ledger, before, after, id_, unit)
        ]
        found = metrics.turnover(ledger, START, END, unit)
        assert found.departures == len(left)
        assert dict(found.by_reason) == {
            reason: sum(event.reason == reason for event in left) for reason, _ in found.by_reason
        }
        assert found.regretted == sum(event.regretted is True for event in left)
        assert found.regret_unknown == sum(event.regretted is None for event in left)
        assert found.average == metrics.average_headcount(ledger, START, END, unit)
        assert found.departures == (
            found.voluntary + found.retirements + found.involuntary + found.other + found.unknown
        )


# ------------------------------------------------------------------ gaps


def holders_tell(chart: OrgChart, id_: str) -> str:
    """The state of a post as its holders tell it."""
    noun = chart.get(id_)
    if not isinstance(noun, Post) or not noun.open:
        return "closed"
    if any(not holder.acting for holder in noun.holders):
        return "held"
    return "acting" if noun.holders else "empty"


def state_of(seed: int, id_: str, day: dt.date, known: dt.date | None) -> str:
    """The state of a post on a day, looking at the days before and after it where nobody holds it."""
    state = holders_tell(chart_of(seed, day, known), id_)
    if state != "empty":
        return state
    life = chart_of(seed, day, known).post(id_).events[0]
    ledger = story(seed)

    def same(at: dt.date) -> str:
        noun = chart_of(seed, at, known).get(id_)
        same_life = isinstance(noun, Post) and noun.open and noun.events[0] is life
        return holders_tell(chart_of(seed, at, known), id_) if same_life else "closed"

    first = last = day
    while same(first - ONE_DAY) == "empty":
        first -= ONE_DAY
    while last < dt.date(2025, 1, 1) and same(last + ONE_DAY) == "empty":
        last += ONE_DAY
    asserted = [
        event.date.day
        for event in ledger.events
        if isinstance(event, Expect) and event.post == id_ and event.vacant and ledger.sees(event, known)
        if first <= event.date.day <= last
    ]
    if same(first - ONE_DAY) == "closed" and life.date.is_open and all(at > day for at in asserted):
        return "unknown"
    if same(last + ONE_DAY) in ("held", "acting"):
        holders = chart_of(seed, last + ONE_DAY, known).post(id_).holders
        begun = [holder.since for holder in holders if holder.since.day == last + ONE_DAY]
        if any(since.is_open for since in begun) and all(at < day for at in asserted):
            return "unknown"
    end = chart_of(seed, last + ONE_DAY, known).get(id_)
    if isinstance(end, Post) and not end.open and end.events[0] is life and end.events[-1].date.is_open:
        return "unknown" if all(at < day for at in asserted) else "uncovered"
    return "uncovered"


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("seed", SEEDS)
def test_gaps(seed: int, known: dt.date | None) -> None:
    """The days of a post by state are those of every day, and the gaps hold exactly its gap days."""
    ledger = story(seed)
    every = list(days_of(START, END))
    posts = [id_ for id_ in ledger.index.post_ids if id_ not in ledger.index.personal]
    for named in (True, False):
        found = {row.post: row for row in metrics.gaps(ledger, START, END, posts if named else None, known=known)}
        for id_ in posts if named else ledger.index.post_ids:
            nouns = {day: chart_of(seed, day, known).get(id_) for day in every}
            days = [
                day for day, noun in nouns.items() if named or (isinstance(noun, Post) and noun.open and noun.critical)
            ]
            if not named and not days:
                assert id_ not in found
                continue
            states = {day: state_of(seed, id_, day, known) for day in days}
            row = found[id_]
            told = {
                "held": row.held_days,
                "acting": row.acting_days,
                "uncovered": row.uncovered_days,
                "unknown": row.unknown_days,
            }
            assert told == {state: sum(s == state for s in states.values()) for state in told}
            in_gaps = [day for gap in row.gaps for day in days_of(gap.start, gap.end)]
            assert in_gaps == [day for day, state in states.items() if state in ("acting", "uncovered")]
            assert row.gap_days == sum(gap.days for gap in row.gaps)
            for gap in row.gaps:
                assert gap.days == gap.acting_days + gap.uncovered_days
                acted = {day for cover in gap.acting for day in days_of(cover.start, cover.end)}
                assert len(acted) == gap.acting_days
                for cover in gap.acting:
                    for day in days_of(cover.start, cover.end):
                        holders = chart_of(seed, day, known).post(id_).holders
                        assert any((h.person, h.holder) == (cover.person, cover.holder) for h in holders)


# ------------------------------------------------------------------ seats, and all measures


def vacancy(chart: OrgChart, unit: str | None) -> tuple[int, int]:
    """Vacant seats and seats of a chart, by hand."""
    posts = [p for p in chart.posts if p.personal is None and lies_in(chart, p, unit)]
    limited = [(post.seats, post.taken) for post in posts if post.seats != "any"]
    return sum(seats - taken for seats, taken in limited), sum(seats for seats, _ in limited)


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("seed", SEEDS)
def test_vacancy_rate(seed: int, known: dt.date | None) -> None:
    """The vacant seats of each day are those of its chart."""
    for unit in units(seed):
        rows = metrics.vacancy_rate(story(seed), days_of(START, END), unit, known=known)
        for chart, row in zip(charts(seed, known), rows, strict=True):
            vacant, seats = vacancy(chart, unit)
            assert (row.at, row.vacant, row.seats) == (chart.at, vacant, seats)
            assert row.rate == (vacant / seats if seats else None)


def uncovered(chart: OrgChart, unit: str | None, seed: int) -> int:
    """The critical posts nobody covers, by hand."""
    return sum(
        post.critical and lies_in(chart, post, unit) and state_of(seed, post.id, chart.at, chart.known) == "uncovered"
        for post in chart.posts
    )


def rate_of(chart: OrgChart, unit: str | None, _seed: int) -> float | None:
    """The vacancy rate, by hand."""
    vacant, seats = vacancy(chart, unit)
    return vacant / seats if seats else None


BY_HAND: dict[str, Callable[[OrgChart, str | None, int], float | None]] = {
    "headcount": lambda chart, unit, _: counted(chart, unit).headcount,
    "fte": lambda chart, unit, _: counted(chart, unit).fte,
    "vacancies": lambda chart, unit, _: sum(p.personal is None and lies_in(chart, p, unit) for p in chart.vacancies),
    "vacancy_rate": rate_of,
    "acting": lambda chart, unit, _: sum(lies_in(chart, post, unit) for post, _ in chart.acting),
    "on_leave": lambda chart, unit, _: sum(is_member(chart, person.id, unit) for person in chart.on_leave),
    "uncovered": uncovered,
    "posts": lambda chart, unit, _: sum(p.personal is None and lies_in(chart, p, unit) for p in chart.posts),
    "units": lambda chart, unit, _: sum(unit is None or is_within(chart, u.id, unit) for u in chart.units),
}


@pytest.mark.parametrize("measure", metrics.MEASURES)
@pytest.mark.parametrize("seed", SEEDS)
def test_series(seed: int, measure: str) -> None:
    """Each measure is on each date what its chart says when counted by hand."""
    days = sorted({*days_of(START, END)} - {START + dt.timedelta(3)}, key=lambda day: (day.day, day))
    for known in KNOWN:
        for unit in units(seed):
            found = metrics.series(story(seed), measure, days, unit, known=known)
            by_hand = [BY_HAND[measure](chart_of(seed, day, known), unit, seed) for day in days]
            assert found.dates == tuple(days)
            assert found.values == tuple(pytest.approx(value) for value in by_hand)


def test_the_made_up_ledgers_are_rich() -> None:
    """The recounts prove something only if what trips counting happens: each of these does, several times."""
    flows: dict[str, int] = dict.fromkeys(LINES, 0)
    states = dict.fromkeys(("held_days", "acting_days", "uncovered_days", "unknown_days"), 0)
    for seed in SEEDS:
        for unit in units(seed):
            bridge = metrics.bridge(story(seed), START, END, unit)
            for line in LINES:
                flows[line] += getattr(bridge, line)
        for row in metrics.gaps(story(seed), START, END):
            for state in states:
                states[state] += getattr(row, state)
    assert min(flows.values()) >= 4, flows
    assert min(states.values()) >= 50, states
