"""The page of a release's people: everybody measured against it, side by side; for who runs the campaign."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from campaigns.actions.evaluating_people import evaluate_people
from campaigns.api.outcomes.people_measured import basis_asked, release_with_people
from campaigns.grouped import get_grouping
from campaigns.people_measured import MOST_PEOPLE, people_measured, row_of
from campaigns.questions import get_kind
from frontend.charts import WIDE
from frontend.views.evaluations import PLACES, as_uuid
from taxonomy.models import Grouping

MOST_LANES = 20


@require_http_methods(["GET", "POST"])
def release_people(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Everybody against the release; posting has them measured in the background."""
    release = release_with_people(request, release_id)
    if request.method == "POST":
        basis, classes = basis_asked(request.POST.get("basis", "")), request.POST.get("classes", "")
        grouping = None
        if classes not in {"", PLACES}:
            grouping = get_grouping(release.campaign.vocabulary, as_uuid(classes, "/classes"))
        by = require_user(request.user)
        found = evaluate_people(release, by=by, class_aware=classes != PLACES, grouping=grouping, basis=basis)
        sentence = ngettext("%d person is being measured.", "%d people are being measured.", len(found))
        messages.success(request, sentence % len(found) if found else _("Nobody has answered about it."))
        return redirect(f"{reverse('release-people', args=[release.pk])}?basis={basis}")
    basis = basis_asked(request.GET.get("basis", ""))
    evaluations = list(people_measured(release, basis))
    rows = [
        {**row_of(one), "state_label": one.job.get_state_display() if one.job else _("Not computed")}
        for one in evaluations
    ]
    context: dict[str, Any] = {
        "section": "releases", "release": release, "campaign": release.campaign, "basis": basis, "rows": rows,
        "waiting": sum(row["finished_at"] is None for row in rows),
        "lanes": _lanes(rows), "most": MOST_PEOPLE,
        "places": get_kind(release.campaign.question_kind).TRAITS.released_as == "boxes",
        "parameters": evaluations[0].parameters if evaluations else None,
        "groupings": list(Grouping.objects.filter(vocabulary=release.campaign.vocabulary_id)),
    }  # fmt: skip
    return render(request, "evaluations/people.html", context)


def _lanes(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """F1 of each person with its interval on one axis, the best first."""
    told = [row for row in rows if row["f1"] is not None][:MOST_LANES]
    if not told:
        return None
    left, wide = 200.0, WIDE - 200 - 60

    def x(value: float) -> float:
        return round(left + wide * value, 1)

    lanes = [
        {
            **row, "y": 30.0 * number + 16, "x": x(row["f1"]),
            "low_x": x(row["interval"]["low"]) if row["interval"] else None,
            "high_x": x(row["interval"]["high"]) if row["interval"] else None,
        }
        for number, row in enumerate(told)
    ]  # fmt: skip
    return {
        "rows": lanes,
        "left": left,
        "height": 30.0 * len(lanes) + 40,
        "floor": 30.0 * len(lanes) + 8,
        "ticks": [{"value": value, "x": x(value)} for value in (0.0, 0.25, 0.5, 0.75, 1.0)],
    }
