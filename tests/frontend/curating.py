"""What tests of the curator's pages begin with: which there are, a form that is right, a campaign with answers."""

from collections.abc import Callable

from campaigns.models import Campaign
from taxonomy.models import Concept
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge, moved
from work.actions import run_job
from work.models import Job

# Status by role: owner, manager, reviewer, contributor, observer, stranger, visitor.
OPEN_TO = {
    "campaign-dashboard": (200, 200, 200, 403, 403, 403, 401),
    "campaign-review": (200, 200, 200, 403, 403, 403, 401),
    "campaign-edit": (200, 200, 403, 403, 403, 403, 401),
    "campaign-canvases": (200, 200, 403, 403, 403, 403, 401),
    "campaign-people": (200, 200, 403, 403, 403, 403, 401),
    "campaign-predictions": (200, 200, 403, 403, 403, 403, 401),
    "campaign-releases": (200, 200, 403, 403, 403, 403, 401),
}
FOR_CURATORS = ("campaign-new", "source-import", "vocabulary-import")
FOR_ALL = ("source-list", "vocabulary-list")
GOOD = {
    "question_kind": "locate", "order": "sequential", "order_seed": "1",
    "overlap": "3", "lease_minutes": "30", "is_public": "on", "required_label": "on",
    "rights": "https://creativecommons.org/publicdomain/zero/1.0/", "title_en": "Draw every rest",
    "prompt_en": "Draw a box around every rest.", "title_fr": "Dessinez chaque silence",
}  # fmt: skip


def answered(campaign: Campaign, clef: Callable[[str], Concept], *, people: int = 3) -> None:
    """On every page the people draw a G clef at slightly different places; the last of them sees an F clef too."""
    g, f = clef("G"), clef("F")
    rows = {}
    for position in range(campaign.tasks.count()):
        boxes = [[(moved(ONE, number), g)] for number in range(people)]
        boxes[-1].append((TWO, f))
        rows[position] = [located(shapes) for shapes in boxes]
    answer(campaign, rows)
    merge(campaign)


def finish(job: Job) -> Job:
    run_job(str(job.pk))
    job.refresh_from_db()
    return job
