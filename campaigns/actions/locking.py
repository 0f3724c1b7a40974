"""A campaign is held while it is changed, so that changes follow each other."""

from campaigns.models import Campaign


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign's row as it is now, held until the transaction ends: changes follow each other."""
    rows = Campaign.objects.select_for_update(of=("self",), no_key=True).select_related("vocabulary")
    return rows.get(pk=campaign.pk)
