"""The page of rules for when enough people have seen an image: tried on the answers so far, and put into force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import require_user
from campaigns.actions import configure_campaign
from campaigns.enough import foresee_rule, read_retirement
from campaigns.permissions import get_campaign_for
from campaigns.reasons import rule_in_words
from campaigns.simulated import RuleOf
from frontend.enough import tried_rules
from frontend.forms.enough import TryForm, sent_of
from frontend.forms.problems import show_on
from frontend.views.campaigns import place_of
from problems import Problem


@require_http_methods(["GET", "POST"])
def campaign_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Usual rules, and one of the reader's own, beside the one in force; a POST puts it into force."""
    campaign = get_campaign_for(request.user, slug, "manage")
    sent = request.POST if request.method == "POST" else request.GET if "overlap" in request.GET else None
    form = TryForm(sent, campaign=campaign)
    chosen = _chosen(form)
    if request.method == "POST" and chosen:
        by = require_user(request.user)
        configure_campaign(campaign, {"overlap": chosen.overlap, "retirement": chosen.retirement}, by=by)
        messages.success(request, _("The rule is in force."))
        return redirect("campaign-dashboard", campaign.slug)
    context = {**place_of(request, campaign, "edit"), "form": form, **tried_rules(campaign, chosen)}
    if chosen:
        context |= {
            "chosen": rule_in_words(chosen.overlap, chosen.retirement),
            "sent": sent_of(chosen),
            "foreseen": foresee_rule(campaign, chosen.retirement, chosen.overlap),
        }
    return render(request, "campaigns/rules.html", context, status=422 if form.errors else 200)


def _chosen(form: TryForm) -> RuleOf | None:
    """The rule of the form in its normal form; what stands in its way is said on the form."""
    if not form.is_bound or not form.is_valid() or form.campaign is None:
        return None
    rule, kind = form.rule(), form.campaign.question_kind
    try:
        return RuleOf(
            rule.overlap, read_retirement(rule.retirement, overlap=rule.overlap, question_kind=kind)
        )
    except Problem as problem:
        show_on(form, problem)
        return None
