"""The form that says which images are decided together, and how."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.actions.bulk import VERDICTS
from campaigns.models import Campaign, Decision, Participant
from campaigns.sifting import Sieve
from frontend.forms.concepts import indented
from frontend.forms.fields import PercentField
from taxonomy.models import Concept
from taxonomy.queries import concepts_of

MOST_OFFERED = 500
WORDS = {
    Decision.Verdict.ACCEPTED: _("Accept"),
    Decision.Verdict.REJECTED: _("Reject"),
    Decision.Verdict.CORRECTED: _("Give another label"),
}


class ConceptField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Concepts of the campaign, indented as in its vocabulary."""

    def offer(self, campaign: Campaign, language: str) -> None:
        names = indented(concepts_of(campaign.vocabulary, campaign.branch), language)
        self.queryset = Concept.objects.filter(pk__in=[key for key, _label in names])
        self.choices = [("", self.empty_label), *names]


class BulkForm(forms.Form):
    """Sent by GET it foresees; by POST, with `id` and `reason`, it decides."""

    verdict = forms.ChoiceField(
        label=_("Decision"), choices=[(verdict, WORDS[verdict]) for verdict in VERDICTS],
        widget=forms.RadioSelect, initial=Decision.Verdict.ACCEPTED,
    )  # fmt: skip
    concept = ConceptField(
        label=_("The other label"), queryset=Concept.objects.none(), required=False, empty_label=_("None"),
        help_text=_("Only where another label is given."),
    )  # fmt: skip
    labelled = ConceptField(
        label=_("Labelled"), queryset=Concept.objects.none(), required=False, empty_label=_("Whatever label"),
        help_text=_("Or with a label below it."),
    )  # fmt: skip
    support = PercentField(
        label=_("Given by at least"), most=100, help_text=_("In per cent of those who saw the image.")
    )
    disagreement = PercentField(
        label=_("Disagreement of at most"), most=100, help_text=_("In per cent; 0: all say the same.")
    )
    participant = forms.ModelChoiceField(
        label=_("With an answer of"), queryset=Participant.objects.none(), required=False,
        empty_label=_("Whoever"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, help_text=_("It stands with every decision.")
    )
    id = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args: Any, campaign: Campaign, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concept"].offer(campaign, language)  # type: ignore[attr-defined]
        self.fields["labelled"].offer(campaign, language)  # type: ignore[attr-defined]
        people = Participant.objects.filter(campaign=campaign, merged_into=None).order_by("pseudonym")
        self.fields["participant"].queryset = people[:MOST_OFFERED]  # type: ignore[attr-defined]

    def sieve(self) -> Sieve:
        data = self.cleaned_data
        return Sieve(
            concept=data["labelled"].pk if data["labelled"] else None,
            support=data["support"],
            disagreement=data["disagreement"],
            participant=data["participant"].pk if data["participant"] else None,
        )
