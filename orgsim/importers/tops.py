"""The post that may be the top: where no file says who is at the top, an import leaves it unknown, and names it."""

from collections.abc import Mapping

from orgsim.errors import shown


def only_top(there: set[str], above: Mapping[str, str]) -> str | None:
    """The one post of those there that has none above, if all others lead to it; lines are without circles."""
    tops = there - above.keys()
    lead = len(tops) == 1 and len(there) > 1 and there.issuperset(above.values())
    return next(iter(tops)) if lead else None


def remark(post: str) -> str:
    """What to say of the post with this id."""
    return (
        f"no manager is told, and all others report to {shown(post)}, directly or not; what is above it stays unknown, "
        "and so do layers: if it is the top, add 'reports_to: none' to the event that creates it"
    )
