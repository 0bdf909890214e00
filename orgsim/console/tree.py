"""The org chart as a tree in the terminal: who reports to whom, with gaps, acting, leave and dotted lines visible."""

from collections.abc import Iterable, Sequence

from rich.text import Text
from rich.tree import Tree

from orgsim import hierarchy
from orgsim.chart import OrgChart
from orgsim.console.terminal import safe, styled
from orgsim.model import Appointment, Person, Post, Unit

MAX_LINES = 400
"""How many posts are drawn; what is below is counted instead."""


def chart_trees(chart: OrgChart, organization: str | None = None, *, full: bool = False) -> list[Tree]:
    """One tree for each organization, or for the one given."""
    drawings = [Drawing(chart, unit, MAX_LINES if not full else 10**9) for unit in organizations(chart, organization)]
    trees = [drawing.tree() for drawing in drawings if drawing.found.posts or organization is not None]
    empty = [safe(drawing.unit.name) for drawing in drawings if not drawing.found.posts and organization is None]
    return trees + ([Tree(Text(f"without people or posts: {', '.join(empty)}", style="dim"))] if empty else [])


def organizations(chart: OrgChart, named: str | None) -> Sequence[Unit]:
    """Every organization, or the one named."""
    return chart.organizations if named is None else (hierarchy.find_organization(chart, named),)


class Drawing:
    """One organization being drawn."""

    def __init__(self, chart: OrgChart, unit: Unit, room: int) -> None:
        self.chart, self.unit, self.room = chart, unit, room
        self.found = hierarchy.hierarchy(chart, unit.id)

    def tree(self) -> Tree:
        """The tree of the organization."""
        tree = Tree(self._title(), guide_style="dim")
        found = self.found
        bodies = [post for post in found.unknown if self._in_body(post)]
        for unit in self._units_of(bodies):
            node = tree.add(styled(unit.name, "bold"))
            self._add(node, [post for post in bodies if post.unit == unit.id])
        self._add(tree, found.tops)
        others = [post for post in found.unknown if post not in bodies]
        leaders = [post for post in others if post.id in found.below]
        loose = [post for post in others if post.id not in found.below]
        if leaders or loose:
            node = tree.add(Text("whom they report to is not known", style="dim italic")) if found.tops else tree
            self._add(node, leaders)
            self._add_loose(node, loose)
        return tree

    def _title(self) -> Text:
        people = self.chart.headcount(self.unit.id)
        posts, vacant = self.found.counted
        text = styled(self.unit.name, "bold")
        text.append(f"  {people} employed · {posts} post{'s' * (posts != 1)} · {vacant} vacant", style="dim")
        return text

    def _in_body(self, post: Post) -> bool:
        unit = self.chart.get(post.unit)
        return isinstance(unit, Unit) and unit.is_body

    def _units_of(self, posts: Iterable[Post]) -> list[Unit]:
        return [self.chart.unit(id_) for id_ in dict.fromkeys(post.unit for post in posts)]

    def _add_loose(self, node: Tree, posts: list[Post]) -> None:
        """Posts with no line in or out, by unit."""
        here = [post for post in posts if post.unit == self.unit.id]
        self._add(node, here)
        for unit in self._units_of(post for post in posts if post.unit != self.unit.id):
            branch = node.add(styled(unit.name, "dim"))
            self._add(branch, [post for post in posts if post.unit == unit.id])

    def _add(self, node: Tree, posts: Sequence[Post]) -> None:
        for at, post in enumerate(posts):
            if self.room <= 0:
                left = sum(1 + self._size(other) for other in posts[at:])
                node.add(Text(f"… {left} more posts; --full shows them", style="dim"))
                return
            self.room -= 1
            branch = node.add(self._post(post))
            self._add(branch, self.found.below.get(post.id, ()))

    def _size(self, post: Post) -> int:
        waiting, count = list(self.found.below.get(post.id, ())), 0
        while waiting:
            count += 1
            waiting += self.found.below.get(waiting.pop().id, ())
        return count

    # ------------------------------------------------------------------------------------------------------ one post

    def _post(self, post: Post) -> Text:
        text = Text()
        if post.personal is None:
            text.append(safe(post.title), style="bold" if post.critical else "")
            text.append("  ")
        names = [self._holder(post, holder) for holder in post.holders]
        if hierarchy.is_empty(post):
            names.insert(0, self._vacancy(post))
        text.append(Text("\n  ").join([Text(), *names]) if len(names) > 1 else names[0] if names else Text("nobody"))
        text.append(self._notes(post))
        return text

    def _vacancy(self, post: Post) -> Text:
        text = Text("VACANT", style="bold red")
        if post.vacated is not None:
            text.append(f" {post.vacated.date.since}", style="red")
            certainty = self.chart.vacancy_certainty(post)
            text.append(f" ({certainty})" if certainty != "stated" else "", style="yellow")
        return text

    def _holder(self, post: Post, holder: Appointment) -> Text:
        if holder.person is None:
            who = "somebody" if holder.seats == 1 else f"{holder.seats} people"
            return Text(f"{who}, not named", style="italic")
        person = self.chart.get(holder.person)
        text = styled(person.name if isinstance(person, Person) else holder.person, "cyan")
        if holder.acting:
            text.append(" (acting)", style="magenta")
        if isinstance(person, Person) and person.leave is not None:
            certainty = self.chart.certainty(person.leave.event)
            sure = f", {certainty}" if certainty != "stated" else ""
            text.append(f" (on leave {person.leave.since.since}{sure})", style="yellow")
        if post.personal is None:
            text.append(f" {holder.since.since}", style="dim")
        certainty = self.chart.holding_certainty(post, holder)
        if certainty != "stated":
            text.append(f" [{certainty}]", style="yellow")
        return text

    def _notes(self, post: Post) -> Text:
        above = hierarchy.outside(self.chart, post)
        notes = [f"reports to {safe(hierarchy.called(self.chart, above))}"] if above is not None else []
        dotted = (hierarchy.called(self.chart, line.to) for line in post.lines if line.dotted)
        notes += [f"dotted line to {safe(name)}" for name in dotted]
        return Text(f"  · {' · '.join(notes)}" if notes else "", style="dim")
