"""Settings of a campaign are refused where they do not go together: how votes weigh, and its course."""

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.quality.labels.fitted import MOST_LABELS, TREE_MODELS
from campaigns.questions import KINDS
from problems import Invalid
from taxonomy.queries import concepts_of


def check_weighing(campaign: Campaign) -> None:
    """Refuse a model that is not made for the question."""
    if campaign.weighing not in Campaign.Weighing.values:
        raise Invalid(_("There is no such way to weigh votes."), pointer="/weighing", code="unknown-weighing")
    if campaign.weighing == Campaign.Weighing.ALIKE:
        return
    if campaign.question_kind in KINDS and campaign.traits.says in ("texts", "steps"):
        raise Invalid(
            _("Models of reliability weigh labels; of texts everybody's vote counts alike.")
            if campaign.traits.says == "texts"
            else _("In a sequence everybody's vote counts alike."),
            pointer="/weighing",
            code="weighing-of-texts",
        )
    _check_weighing_on_tree(campaign)
    if campaign.weighing == Campaign.Weighing.DAWID_SKENE:
        count = concepts_of(campaign.vocabulary, campaign.branch).count()
        if count > MOST_LABELS - 2:
            raise Invalid(
                _(
                    "With %(count)d concepts nobody meets most pairs. Weigh votes by how often people are right."
                )
                % {"count": count},
                pointer="/weighing",
                code="too-many-labels",
            )


def _check_weighing_on_tree(campaign: Campaign) -> None:
    """The models of the tree are for questions on the tree, and no others are."""
    on_tree = bool(campaign.question.get("coarser_counts"))
    if on_tree != (campaign.weighing in TREE_MODELS):
        raise Invalid(
            _(
                "Where people may be as specific as they are sure, votes count alike or by a model of the tree."
            )
            if on_tree
            else _(
                "The models of the tree are for questions where people may be as specific as they are sure."
            ),
            pointer="/weighing",
            code="weighing-on-a-tree" if on_tree else "no-tree-to-weigh-on",
        )
    if on_tree and campaign.question.get("many"):
        raise Invalid(
            _("The models of the tree are for one label a thing; here several may be given."),
            pointer="/weighing",
            code="weighing-many-on-a-tree",
        )


def check_course(campaign: Campaign) -> None:
    """Refuse a pilot, times and an order that make no sense."""
    if campaign.pilot_size is not None and campaign.pilot_size < 1:
        raise Invalid(_("A pilot has at least one image."), pointer="/pilot_size", code="bad-pilot-size")
    if campaign.opens_at and campaign.closes_at and campaign.closes_at <= campaign.opens_at:
        raise Invalid(_("The end comes after the beginning."), pointer="/closes_at", code="ends-too-early")
    if campaign.order not in Campaign.Order.values:
        raise Invalid(_("There is no such order."), pointer="/order", code="unknown-order")
    run = campaign.order_run
    if run is not None and run.predictor.campaign_id != campaign.pk:
        raise Invalid(_("The run belongs to another campaign."), pointer="/order_run", code="foreign-run")
    if campaign.order == Campaign.Order.UNCERTAIN and run is None:
        raise Invalid(
            _("Choose the run whose confidence tells what is uncertain."), pointer="/order_run", code="no-run"
        )
