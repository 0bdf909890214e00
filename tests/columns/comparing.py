"""A ledger in columns asked beside the same ledger in its small form: every question, and where the answers differ."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs

from orgsim import lookups, metrics
from orgsim.columns import excerpt
from orgsim.columns.chart import ColumnarChart
from orgsim.columns.counts import flows, measures, shape
from orgsim.columns.days.moment import Moment
from orgsim.columns.lazyindex import number_of
from orgsim.columns.ledger import ColumnarLedger
from orgsim.columns.rows.table import ABSENT, NONE
from orgsim.differences import diff
from orgsim.ledger import Ledger
from orgsim.model import Person, Post
from orgsim.story import history

Day = dt.date
Known = dt.date | None
Answer = tuple[Any, ...]
"""A question, the small form's answer, and that of the columns."""


def few(days: list[Day], count: int) -> list[Day]:
    """About so many of some days, the first and the last among them."""
    return sorted({*days[:: max(1, len(days) // count)], *days[-1:]})


def dates(ledger: Ledger) -> tuple[list[Day], list[Known]]:
    """Days on which something happens, and known dates: none, and some."""
    happens = sorted({event.date.day for event in ledger.events})
    known = sorted({event.known for event in ledger.events})
    return happens, [None, *few(known, 3)]


def wrong(answers: Iterator[Answer]) -> list[str]:
    """The first questions answered differently."""
    found: list[str] = []
    for question, small, large in answers:
        if small != large:
            found.append(f"{question}: {large!r}, not {small!r}")
            break
    return found


def name(moment: Moment, number: Any) -> str | None:
    """The id of a number in a column."""
    return None if number == ABSENT else "none" if number == NONE else moment.name(int(number))


# ------------------------------------------------------------------------------------------------------------ charts


def charts(ledger: Ledger, columns: ColumnarLedger) -> Iterator[Answer]:
    """Charts on days, as known on days."""
    happens, known = dates(ledger)
    for at in few(happens, 5):
        for learned in known:
            where = f"at {at}, known {learned}"
            small, large = ledger.chart(at, learned), columns.chart(at, learned)
            for question, one, other in chart(small, large):
                yield f"{question} {where}", one, other


def posts(small: Any) -> dict[str, tuple[str | None, str | None]]:
    """Of each post that is not personal, who answers for it and where it reports."""
    found = [post for post in small.posts if post.personal is None]
    return {post.id: (small.holder(post.id), post.line.to if post.line else None) for post in found}


def chart(small: Any, large: ColumnarChart) -> Iterator[Answer]:
    """One chart."""
    for question in ("people", "posts", "units", "organizations", "vacancies", "on_leave"):
        yield question, *(sorted(getattr(one, question), key=lambda noun: noun.id) for one in (small, large))
    yield "nouns", small.nouns(), large.nouns()
    yield "acting", *(sorted(one.acting, key=str) for one in (small, large))
    yield "headcount", small.headcount(), large.headcount()
    whole, moment = large.whole, large.moment
    rows = zip(whole.post.tolist(), whole.holder.tolist(), whole.to.tolist(), strict=True)
    columns = {name(moment, post): (name(moment, holder), name(moment, to)) for post, holder, to in rows}
    yield "whole", posts(small), columns
    for unit in small.units:
        yield f"headcount of {unit.id}", small.headcount(unit.id), large.headcount(unit.id)
    for post in small.posts:
        yield from of_post(small, large, post)
    for person in small.people:
        yield from of_person(small, large, person)


def of_post(small: Any, large: ColumnarChart, post: Post) -> Iterator[Answer]:
    """A post: what columns say of it, and what is asked of the chart."""
    moment, id_ = large.moment, post.id
    number = number_of(moment, id_)
    yield f"is there {id_}", True, number is not None
    if number is None:
        return
    above = lookups.manager_post(small, post)
    level = int(moment.dense("level")[number])
    said = [
        (post.unit, name(moment, moment.unit[number])),
        (post.line.to if post.line else None, name(moment, moment.solid[number])),
        (lookups.answering(small, post), name(moment, moment.answer[number])),
        (above.id if above else None, name(moment, moment.boss[number])),
        (post.taken, int(moment.taken[number])),
        (0 if post.seats == "any" else post.seats, int(moment.seats[number])),
        (post.critical, bool(moment.dense("critical")[number] == 1)),
        (post.heads, name(moment, moment.dense("heads")[number])),
        (post.level, moment.table.texts[level] if level != ABSENT else None),
        (small.layer(id_), int(moment.above[0][number])),
    ]
    yield f"columns of {id_}", *([pair[side] for pair in said] for side in (0, 1))
    for question in ("chain", "holders", "holder", "span", "manager_post"):
        yield f"{question} of {id_}", getattr(small, question)(id_), getattr(large, question)(id_)
    for dotted in (False, True):
        reports = (sorted(below.id for below in one.reports(id_, dotted=dotted)) for one in (small, large))
        yield f"reports of {id_}", *reports


def of_person(small: Any, large: ColumnarChart, person: Person) -> Iterator[Answer]:
    """A person."""
    moment, id_ = large.moment, person.id
    number = number_of(moment, id_)
    posts = lookups.by_rank(small, person)
    yield f"primary post of {id_}", posts[0].id if posts else None, name(moment, moment.primary[number])
    yield f"manager of {id_} in columns", small.manager(id_), name(moment, moment.manager[number])
    for question in ("manager", "accountable_manager", "posts_of", "chain", "person"):
        yield f"{question} of {id_}", getattr(small, question)(id_), getattr(large, question)(id_)
    yield f"names above {id_}", tuple(post.id for post in small.chain(id_)), large.chain_ids(id_)


# ------------------------------------------------------------------------------------------------------- differences


def differences(ledger: Ledger, columns: ColumnarLedger) -> Iterator[Answer]:
    """Differences between days, and between known days."""
    happens, known = dates(ledger)
    some = few(happens, 3)
    for at in some:
        for learned in known:
            pairs = [((at, None), (other, learned)) for other in some] + [((at, learned), (some[-1], None))]
            for before, after in pairs:
                yield from difference(ledger, columns, before, after)


def difference(
    ledger: Ledger, columns: ColumnarLedger, before: tuple[Day, Known], after: tuple[Day, Known]
) -> Iterator[Answer]:
    """One difference: as values, and counted in columns."""
    small = diff(ledger.chart(*before), ledger.chart(*after))
    large = columns.diff(columns.chart(*before), columns.chart(*after))
    where = f"from {before} to {after}"
    yield f"changes {where}", *(sorted(map(str, one.changes)) for one in (small, large))
    yield f"when {where}", small.when, large.when
    for name in ("undecided", "outstanding"):
        yield f"{name} {where}", getattr(ledger, name)(*before), getattr(columns, name)(*before)
    counts = Counter((change.kind, change.subject) for change in small.changes if change.kind != "restated")
    found = Counter((one.kind, large.name(int(number))) for one in large.found for number in one.subject)
    yield f"columns {where}", counts, found
    old, new = (posts(ledger.chart(*side)) for side in (before, after))
    odd = {id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_)}
    yield f"posts {where}", odd, {large.name(int(number)) for number in large.posts}


# ----------------------------------------------------------------------------------------------------------- metrics


def counted(ledger: Ledger, columns: ColumnarLedger) -> Iterator[Answer]:
    """Everything that is counted over time."""
    happens, known = dates(ledger)
    days = few(happens, 4)
    windows = [(days[0], days[-1]), (days[len(days) // 2], days[-1] + dt.timedelta(days=1))]
    for learned in known[:3]:
        for unit in (None, *ledger.index.unit_ids[:4]):
            for question, small, large in of_unit(ledger, columns, days, unit, learned):
                yield f"{question} of {unit}, known {learned}", small, large
            for window in windows:
                for question, small, large in flowing(ledger, columns, window, unit, learned):
                    yield f"{question} of {unit} in {window}, known {learned}", small, large
        for window in windows:
            yield from gaps(ledger, columns, window, learned)
        yield from by_unit(ledger, columns, days, learned)
        for day in days:
            yield from shapes(ledger.chart(day, learned), columns.moment(day, learned))


def of_unit(
    ledger: Ledger, columns: ColumnarLedger, days: list[Day], unit: str | None, known: Known
) -> Iterator[Answer]:
    """Measures on days."""
    yield (
        "headcount",
        metrics.headcount(ledger, days, unit, known=known),
        measures.headcount(columns, days, unit, known=known),
    )
    for measure in metrics.MEASURES:
        small = metrics.series(ledger, measure, days, unit, known)
        yield measure, small, measures.series(columns, measure, days, unit, known)


def flowing(
    ledger: Ledger, columns: ColumnarLedger, window: tuple[Day, Day], unit: str | None, known: Known
) -> Iterator[Answer]:
    """The bridge, turnover and averages of a period."""
    whole = metrics.bridge(ledger, *window, unit, known)
    bridge = flows.bridge(columns, *window, unit, known)
    yield "bridge", {key: getattr(whole, key) for key in attrs.asdict(bridge)}, attrs.asdict(bridge)
    yield "footing", True, bridge.foots
    for way in ("daily", "monthly"):
        small = metrics.turnover(ledger, *window, unit, known=known, convention=way)
        yield f"turnover ({way})", small, flows.turnover(columns, *window, unit, known=known, convention=way)
    small_mean = metrics.average_headcount(ledger, *window, unit, known=known)
    yield "average", small_mean, measures.average_headcount(columns, *window, unit, known=known)


def gaps(ledger: Ledger, columns: ColumnarLedger, window: tuple[Day, Day], known: Known) -> Iterator[Answer]:
    """The gaps of the critical posts, and of a few others."""
    some = ledger.index.post_ids[:3]
    for posts in (None, some):
        small, large = (
            metrics.gaps(ledger, *window, posts, known=known),
            excerpt.gaps_of(columns, *window, posts, known),
        )
        yield f"gaps in {window}, known {known}", *(sorted(one, key=lambda post: post.post) for one in (small, large))


def by_unit(ledger: Ledger, columns: ColumnarLedger, days: list[Day], known: Known) -> Iterator[Answer]:
    """The headcount of every unit."""
    small = metrics.headcount_by_unit(ledger, days, known=known)
    large = measures.headcounts_by_unit(columns, days, known)
    table = columns.table
    for at in range(table.first_other - table.first_unit):
        unit = table.ids[table.first_unit + at]
        if unit in small:
            yield f"headcount by unit {unit}", [row.headcount for row in small[unit]], large[:, at].tolist()


def shapes(small: Any, moment: Moment) -> Iterator[Answer]:
    """Spans, layers and tenure of a day."""
    for vacancies in (True, False):
        spans, span_counts = metrics.spans(small, vacancies=vacancies), shape.spans(moment, vacancies=vacancies)
        names = ("tops", "unknown", "headless", "members")
        yield "spans", spans.distribution, span_counts.distribution
        yield "without", *({key: getattr(one, key) for key in names} for one in (_lengths(spans, names), span_counts))
        layers, layer_counts = metrics.layers(small, vacancies=vacancies), shape.layers(moment, vacancies=vacancies)
        yield "layers", layers.distribution, layer_counts.distribution
        yield "layers not known", layers.unknown, layer_counts.unknown
        yield "members", len(layers.members), layer_counts.members
    tenures = metrics.tenure(small)
    yield "tenure", metrics.summarize(tenures.in_organization), shape.tenure_in_organization(moment)
    yield "tenure in post", metrics.summarize(tenures.in_post), shape.tenure_in_post(moment)


class _lengths:  # noqa: N801 - a small record
    """The lengths of some lists of a value."""

    def __init__(self, value: Any, names: tuple[str, ...]) -> None:
        self.__dict__.update({key: len(getattr(value, key)) for key in names})


def histories(ledger: Ledger, columns: ColumnarLedger) -> Iterator[Answer]:
    """The history of every id."""
    _, known = dates(ledger)
    for learned in known[:3]:
        for id_ in ledger.index.ids:
            small, large = history(ledger, id_, learned), columns.history(id_, learned)
            yield f"history of {id_}, known {learned}", small, large
