"""Acting cover: who steps in while a post is vacant, and for how long at most."""

from collections.abc import Iterator

from orgsim.scenario.model import Plan
from orgsim.simulate.kernel import ACTING_BEGINS, ACTING_ENDS
from orgsim.simulate.run import Run
from orgsim.simulate.state import PersonState, PostState, Vacancy

_NO_PLAN = Plan()


class ActingCover:
    """Looks for cover when a vacancy opens, and ends it when its time is over."""

    def __init__(self, run: Run) -> None:
        """Watch vacancies, if the scenario has acting cover."""
        self.run = run
        succession = run.scenario.succession
        self.plans = succession.plans if succession is not None else {}
        rule = succession.acting if succession is not None else None
        if rule is not None:
            self.rule = rule
            run.opened.append(self.opened)
            run.uncovered.append(self.look)
            run.acted.append(self.limit)

    def opened(self, vacancy: Vacancy) -> None:
        """Let acting begin soon, where nobody holds the post or acts for it."""
        post = vacancy.post
        if post.facts.match(self.rule.where) and not post.held:
            if post.acted:
                self.limit(vacancy)
            else:
                self.look(vacancy)

    def look(self, vacancy: Vacancy) -> None:
        """Let acting begin in `after` days."""
        if not vacancy.over and vacancy.post.facts.match(self.rule.where):
            self.run.calendar.after(self.rule.after, ACTING_BEGINS, vacancy.post.rank, self._begin, vacancy)

    def limit(self, vacancy: Vacancy) -> None:
        """Whoever acts already goes on; the clock began with the appointment."""
        matches = vacancy.post.facts.match(self.rule.where)
        if matches and vacancy.acting_since is not None and self.rule.at_most is not None:
            left = max(0.0, vacancy.acting_since + self.rule.at_most - self.run.now)
            self.run.calendar.after(left, ACTING_ENDS, vacancy.post.rank, self._over, vacancy)

    def _begin(self, vacancy: Vacancy) -> None:
        post = vacancy.post
        if vacancy.ended is not None or vacancy.over or post.held or post.acted:
            return
        person = next((who for who in self._candidates(post) if self._may_act(who, post)), None)
        if person is None:
            return
        now = self.run.now
        self.run.act(person, post)
        vacancy.acting.append([person.id, now, None])
        if vacancy.acting_since is None:
            vacancy.acting_since = now
            if self.rule.at_most is not None and post.facts.match(self.rule.where):
                self.run.calendar.after(self.rule.at_most, ACTING_ENDS, post.rank, self._over, vacancy)

    def _over(self, vacancy: Vacancy) -> None:
        if vacancy.ended is None:
            vacancy.over = True
            self.run.release_actors(vacancy.post)

    def _may_act(self, person: PersonState, post: PostState) -> bool:
        return person.employed and not person.leave and len(person.acting) < self.rule.span and post not in person.posts

    def _candidates(self, post: PostState) -> Iterator[PersonState]:
        plan, people = self.plans.get(post.id, _NO_PLAN), self.run.people
        for kind in self.rule.candidates:
            if kind == "emergency":
                named = (plan.emergency,) if plan.emergency is not None else ()
                yield from (people[who] for who in named if who in people)
            elif kind == "successors":
                yield from (people[s.person] for s in plan.successors if s.person in people)
            elif kind == "deputy":
                yield from sorted(direct_reports(post), key=lambda who: (who.hired, who.id))
            else:
                yield from managers(self.run, post)


def direct_reports(post: PostState) -> list[PersonState]:
    """The people whose primary or personal post reports to a post."""
    return [who for below in post.reports for who in (*below.holders, *below.actors) if who.node is below]


def managers(run: Run, post: PostState) -> Iterator[PersonState]:
    """The first substantive holder who is not on leave, of the first post above that has such."""
    seen = {post}
    above = post.boss
    while above is not None and above not in seen:
        seen.add(above)
        ours = run.scenario.organization in above.facts.units
        present = [who for who in run.holders_of(above) if not who.leave] if ours else []
        if present:
            yield present[0]
            return
        above = above.boss
