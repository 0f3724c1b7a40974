"""The rule by which a stream is read backwards: which changes still matter, and when to stop."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from annotation.discovery.values import Activity, Page

GOING = frozenset({"Delete", "Remove", "Move"})


@dataclass(frozen=True, slots=True)
class Step:
    """What one page asks for: changes to apply (newest first), and how to go on.

    `is_over` says that everything older is known already; `only_going` that of older changes only those count
    by which something goes (Delete, Remove, Move), because a Refresh was met.
    """

    activities: tuple[Activity, ...]
    is_over: bool
    only_going: bool


def apply_page(
    page: Page,
    *,
    seen: Container[str],
    since: datetime | None,
    last_id: str = "",
    only_going: bool = False,
) -> Step:
    """One page by the processing algorithm of Change Discovery 1.0 (“Page Algorithm”), newest change first.

    `seen` are the URIs met on newer pages: only the newest change of a thing counts. `since` is the time of the
    newest change of the walk before (None: there was none), `last_id` that change's own id, which stops streams
    without times. A change at exactly `since` is met again: another may have come in the same second.
    """
    found: list[Activity] = []
    met: set[str] = set()
    for activity in reversed(page.activities):
        if (activity.at and since and activity.at < since) or (last_id and activity.id == last_id):
            return Step(tuple(found), is_over=True, only_going=only_going)
        if activity.kind == "Refresh":
            if since is None and not last_id:
                # A first reading has now met everything that there is: what is older is repeated above.
                return Step(tuple(found), is_over=True, only_going=only_going)
            only_going = True
            continue
        if only_going and activity.kind not in GOING:
            continue
        if activity.uri in met or activity.uri in seen:
            continue
        met.add(activity.uri)
        found.append(activity)
    return Step(tuple(found), is_over=not page.prev, only_going=only_going)
