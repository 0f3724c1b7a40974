"""How places are merged, checked against the rest of a campaign's settings when it is written."""

from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.questions.merging import questions_in, rule_of
from problems import Invalid


def check_merging(campaign: Campaign) -> None:
    """Refuse to ask that more people drew a place than see an image. Raises `Invalid`."""
    for _step, where, question in questions_in(campaign.question):
        least = rule_of(question).least
        if least is not None and least > campaign.overlap:
            raise Invalid(
                _("No more than %(overlap)d people see an image, so %(least)d cannot have drawn a place.")
                % {"overlap": campaign.overlap, "least": least},
                pointer=f"/question{where}/at_least",
                code="more-than-overlap",
            )
