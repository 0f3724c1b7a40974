"""The field guide of a campaign: how to tell its things apart, to search, to print."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from campaigns.guide import guide_entries
from campaigns.permissions import decide, get_campaign_for
from frontend.views.campaigns import language
from taxonomy.queries import concepts_of, search_concepts, show

A_PAGE, MOST_FOUND, MOST_PRINTED = 40, 100, 400


@require_GET
def campaign_guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The concepts that the campaign offers, in the order of the vocabulary or those found."""
    campaign = get_campaign_for(request.user, slug, "view")
    q = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "q": q,
        "contribute": decide(request.user, campaign, "contribute"),
    }
    if q:
        found, total = search_concepts(campaign.vocabulary, campaign.branch, q, language(), MOST_FOUND)
        context |= {"total": total, "entries": guide_entries(campaign, found, language())}
    else:
        concepts = concepts_of(campaign.vocabulary, campaign.branch).order_by("preorder")
        size = MOST_PRINTED if "all" in request.GET else A_PAGE
        page = Paginator(concepts, size).get_page(request.GET.get("page"))
        shown = show(page.object_list, language())
        context |= {
            "page": page,
            "total": page.paginator.count,
            "entries": guide_entries(campaign, shown, language()),
        }
    return render(request, "campaigns/guide.html", context)
