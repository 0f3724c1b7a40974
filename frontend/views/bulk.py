"""The page on which many images are decided at once, and on which that is taken back."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import require_user
from campaigns.actions.bulk import foresee, start_bulk, undo_bulk
from campaigns.api.outcomes.bulk import sample_as_json
from campaigns.permissions import get_campaign_for
from frontend.forms.bulk import BulkForm
from frontend.forms.problems import show_on
from frontend.preloading import texts_ahead
from frontend.views.campaigns import place_of
from problems import Problem

MOST_SHOWN = 20
MEANT = ("verdict", "concept", "labelled", "support", "disagreement", "participant")


@require_http_methods(["GET", "POST"])
def campaign_bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """What would be decided, with some of the pictures; then the decision, and those made before."""
    campaign = get_campaign_for(request.user, slug, "review")
    by, language = require_user(request.user), (get_language() or "en").split("-")[0]
    asked = request.POST if request.method == "POST" else request.GET
    form = BulkForm(asked or None, campaign=campaign, language=language)
    foreseen, sample = None, []
    if form.is_valid():
        data = form.cleaned_data
        try:
            if request.method == "POST":
                start_bulk(
                    campaign,
                    form.sieve(),
                    request=data["id"] or uuid4(),
                    verdict=data["verdict"],
                    concept=data["concept"].pk if data["concept"] else None,
                    reason=data["reason"],
                    by=by,
                )
                return redirect("campaign-bulk", campaign.slug)
            foreseen = foresee(campaign, form.sieve(), data["verdict"], by=by)
            sample = sample_as_json(foreseen.sample)
        except Problem as problem:
            show_on(form, problem)
    form.fields["reason"].required = True  # to decide; to foresee it is not asked for
    context = {
        **place_of(request, campaign, "review"),
        "form": form,
        "foreseen": foreseen,
        "sample": sample,
        "fresh_id": asked.get("id") or uuid4(),
        "kept": [(name, asked.get(name, "")) for name in MEANT],
        "done": campaign.bulk_reviews.select_related("job", "undo_job", "by", "concept")[:MOST_SHOWN],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/bulk.html", context, status=status)


@require_GET
@texts_ahead
def campaign_crops(request: HttpRequest, slug: str) -> HttpResponse:
    """All that people said to be one thing, as a wall of pictures; which, the address says and the script reads."""
    campaign = get_campaign_for(request.user, slug, "review")
    return render(request, "campaigns/crops.html", place_of(request, campaign, "review"))


@require_POST
def campaign_bulk_undo(request: HttpRequest, slug: str, bulk_id: UUID) -> HttpResponse:
    """Take one of these actions back."""
    campaign = get_campaign_for(request.user, slug, "review")
    undo_bulk(campaign, bulk_id, by=require_user(request.user))
    messages.success(request, _("It is being taken back; what was decided anew since stays."))
    return redirect("campaign-bulk", campaign.slug)
