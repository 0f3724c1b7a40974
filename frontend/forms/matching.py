"""Forms for looking concepts up at authorities: one concept, or every one of a vocabulary."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.templatetags.curating import language_label
from taxonomy.actions.lookups import LONGEST_QUESTION
from taxonomy.lookups import authorities


class _AuthorityForm(forms.Form):
    authority = forms.ChoiceField(label=_("Where to look"))
    language = forms.ChoiceField(label=_("Language of the label"))

    def __init__(self, *args: object, languages: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through
        known = [(name, one.label) for name, one in authorities().items()]
        self.fields["authority"].choices = known  # type: ignore[attr-defined]  # a ChoiceField
        said = [(tag, language_label(tag)) for tag in languages]
        self.fields["language"].choices = said  # type: ignore[attr-defined]  # a ChoiceField


class LookUpForm(_AuthorityForm):
    """What to look up, where, and in which language."""

    q = forms.CharField(label=_("What to look up"), max_length=LONGEST_QUESTION)
    field_order = ("q", "authority", "language")


class MatchForm(_AuthorityForm):
    """Which authority to ask about every concept, with labels in which language."""
