"""The form of a webhook: where to, and about what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Webhook


class WebhookForm(forms.Form):
    url = forms.CharField(
        label=_("Address"), max_length=2000, widget=forms.URLInput,
        help_text=_("Messages are sent there by POST, as JSON. It begins with https://."),
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("What to tell"), choices=Webhook.Event.choices, widget=forms.CheckboxSelectMultiple,
        initial=[Webhook.Event.RELEASED.value],
    )  # fmt: skip
