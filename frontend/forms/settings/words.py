"""The words that people may give, in the fields of a form: a vocabulary, or a branch of it."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Person
from campaigns.models import Campaign
from campaigns.questions import KINDS
from frontend.forms.concepts import indented
from taxonomy.models import Concept, Vocabulary
from taxonomy.permissions import visible_vocabularies
from taxonomy.queries import concepts_of


class WordsFields(forms.Form):
    """Which vocabularies there are depends on who asks: `offer_words()` says it."""

    vocabulary = forms.ModelChoiceField(
        label=_("Vocabulary"), queryset=Vocabulary.objects.none(), empty_label=_("Choose one"), required=False,
        help_text=_("The words that people may give."),
    )  # fmt: skip
    branch = forms.ChoiceField(
        label=_("Branch"), required=False, help_text=_("Only concepts below this one are offered.")
    )

    campaign: Campaign | None = None

    def offer_words(self, person: Person) -> None:
        """What this person sees, and the branches of the one that is chosen."""
        vocabularies = visible_vocabularies(person)
        if self.campaign:  # its own stays among the choices, whoever may see it by now
            own = Q(pk=self.campaign.vocabulary_id) | Q(pk__in=vocabularies.values("pk"))
            vocabularies = Vocabulary.objects.filter(own)
        self.fields["vocabulary"].queryset = vocabularies  # type: ignore[attr-defined]
        self.fields["vocabulary"].label_from_instance = _title  # type: ignore[attr-defined]
        offered = _branches(vocabularies, self["vocabulary"].value())
        self.fields["branch"].choices = [("", _("The whole vocabulary")), *offered]  # type: ignore[attr-defined]

    def clean_branch(self) -> Concept | None:
        chosen = self.cleaned_data["branch"]
        return Concept.objects.get(pk=chosen) if chosen else None

    def clean(self) -> dict[str, Any]:
        """A vocabulary is needed where the question brings no answers of its own."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._brings_answers() and not data.get("vocabulary") and "vocabulary" not in self.errors:
            self.add_error("vocabulary", forms.Field.default_error_messages["required"])
        return data

    def _brings_answers(self) -> bool:
        """Whether a vocabulary may be left out: a sequence is put together on a page of its own."""
        kind = KINDS.get(self.cleaned_data.get("question_kind", ""))
        asks_later = (
            kind is not None and kind.TRAITS.says == "steps" and not self.cleaned_data.get("vocabulary")
        )
        return bool(kind and kind.TRAITS.own_words) or asks_later

    def words(self) -> dict[str, Any]:
        """The vocabulary and its branch, unless the question brings its own."""
        if self._brings_answers():
            return {}
        return {name: self.cleaned_data[name] for name in ("vocabulary", "branch")}


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The same of a campaign, as the page shows them."""
    return {"vocabulary": campaign.vocabulary_id, "branch": str(campaign.branch_id or "")}


def _branches(vocabularies: QuerySet[Vocabulary], chosen: object) -> list[tuple[str, str]]:
    """Concepts of the chosen vocabulary that have narrower ones, indented as in the tree."""
    key = chosen.pk if isinstance(chosen, Vocabulary) else str(chosen or "")
    if not str(key).isdecimal() or len(str(key)) > 18:
        return []
    vocabulary = vocabularies.filter(pk=int(key)).first()
    if vocabulary is None:
        return []
    with_narrower = Concept.objects.filter(parent=OuterRef("pk"))
    return indented(concepts_of(vocabulary).filter(Exists(with_narrower)), _language())


def _title(vocabulary: Vocabulary) -> str:
    return vocabulary.title.get(_language()) or next(iter(vocabulary.title.values()), vocabulary.slug)


def _language() -> str:
    return (get_language() or "en").split("-")[0]
