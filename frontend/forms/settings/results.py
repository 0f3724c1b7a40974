"""Under which licence the results of a campaign will stand, in the fields of a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from frontend.forms.releases import LICENCES


class ResultsFields(forms.Form):
    """A licence is chosen by somebody: none is taken over, and none set, in silence."""

    rights = forms.ChoiceField(label=_("Licence of the results"), choices=LICENCES)

    campaign: Campaign | None = None

    def offer_rights(self) -> None:
        """A licence set elsewhere stays among the choices; none is chosen in silence where none was."""
        if self.campaign is None:
            return
        kept = self.campaign.rights
        if kept not in dict(LICENCES):
            offered = [(kept, kept or _("Not chosen yet")), *LICENCES]
            self.fields["rights"].choices = offered  # type: ignore[attr-defined]


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    return {"rights": campaign.rights}


def fields_of_template(template: Campaign) -> dict[str, Any]:
    """The same where another campaign is begun from it."""
    return fields_of(template) if template.rights in dict(LICENCES) else {}
