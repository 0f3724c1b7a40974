"""The form of how votes weigh."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign


class WeighingForm(forms.Form):
    """One choice; a button may ask instead that what is chosen be learnt anew."""

    weighing = forms.ChoiceField(
        label=_("How votes weigh when labels are merged"), choices=Campaign.Weighing.choices, required=False,
        help_text=_(
            "With few answers a person the models come near to the plain vote. Places "
            "are merged as the settings say; a mean listens to whoever draws exactly."
        ),
    )  # fmt: skip

    def clean_weighing(self) -> str:
        return str(self.cleaned_data["weighing"] or Campaign.Weighing.ALIKE)
