"""Who may look and take part, and for how long an image is somebody's, in the fields of a form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign

PEOPLE = ("lease_minutes", "allows_anonymous", "is_public")


class PeopleFields(forms.Form):
    """Each field is the setting of its name."""

    lease_minutes = forms.IntegerField(
        label=_("Minutes for one image"), min_value=5, max_value=24 * 60, initial=30,
        help_text=_("An image that was taken and not handed in goes to somebody else after this time."),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("Everybody may see it once it is open"), required=False, initial=True,
        help_text=_("Otherwise only the people you give a role."),
    )  # fmt: skip
    allows_anonymous = forms.BooleanField(
        label=_("Visitors may contribute without signing in"), required=False,
        help_text=_("More hands, and nobody to ask back."),
    )  # fmt: skip


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    return {name: getattr(campaign, name) for name in PEOPLE}
