"""What the pages say of rules for when enough people have seen an image: a table of them, and what a change does."""

from typing import Any

from campaigns.enough import foresee_rule, read_retirement
from campaigns.models import Campaign
from campaigns.reasons import rule_in_words
from campaigns.rules.outcome import has_outcome
from campaigns.simulated import RuleOf, Simulation, Tried, simulate, standard_rules
from frontend.forms.campaigns import CampaignForm
from frontend.forms.enough import query_of
from frontend.forms.problems import show_on
from problems import Problem


def tried_rules(campaign: Campaign, chosen: RuleOf | None) -> dict[str, Any]:
    """The table of rules; none where nobody has answered, or where answers are not merged."""
    rules = list(standard_rules(campaign))
    if chosen and chosen not in rules:
        rules.insert(1, chosen)
    if not has_outcome(campaign.question_kind):
        return {"rows": []}
    found = simulate(campaign, rules)
    return {"found": found, "rows": [_row(one, found, campaign, chosen) for one in found.tried]}


def _row(one: Tried, found: Simulation, campaign: Campaign, chosen: RuleOf | None) -> dict[str, Any]:
    return {
        "tried": one,
        "words": rule_in_words(one.rule.overlap, one.rule.retirement),
        "is_present": one.rule == RuleOf(campaign.overlap, campaign.retirement),
        "is_chosen": one.rule == chosen,
        "saved": 1 - one.answers / found.answers if found.answers else None,
        "other": one.other / found.tasks if found.tasks else None,
        "query": query_of(one.rule),
    }


def preview_of(campaign: Campaign, form: CampaignForm) -> dict[str, Any]:
    """What the rule in a form of settings would do, or what stands in its way."""
    if form.is_valid():
        overlap = form.cleaned_data["overlap"]
        try:
            rule = read_retirement(
                form.conditions(), overlap=overlap, question_kind=form.cleaned_data["question_kind"]
            )
            return {"foreseen": foresee_rule(campaign, rule, overlap)}
        except Problem as problem:
            show_on(form, problem)
    return {"in_the_way": [error for errors in form.errors.values() for error in errors]}
