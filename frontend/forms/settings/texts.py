"""How a campaign is put, once for each language of the site: title, question, summary, instructions."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign

LANGUAGES = [code for code, _name in settings.LANGUAGES]
TEXTS = ("title", "prompt", "summary", "instructions")


class TextFields(forms.Form):
    """The fields come with the languages of the site: `offer_texts()` adds them."""

    def offer_texts(self) -> None:
        for code, name in settings.LANGUAGES:
            self._add_texts(code, str(name))

    def _add_texts(self, code: str, name: str) -> None:
        required = code == settings.LANGUAGE_CODE
        said = {"language": name}
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Title (%(language)s)") % said, max_length=120, required=required,
            widget=forms.TextInput(attrs={"lang": code}),
        )  # fmt: skip
        self.fields[f"prompt_{code}"] = forms.CharField(
            label=_("Question (%(language)s)") % said, max_length=200, required=required,
            widget=forms.TextInput(attrs={"lang": code}),
            help_text=_("What people are asked, in one sentence."),
        )  # fmt: skip
        self.fields[f"summary_{code}"] = forms.CharField(
            label=_("Summary (%(language)s)") % said, max_length=400, required=False,
            widget=forms.Textarea(attrs={"rows": 2, "lang": code}),
            help_text=_("One or two sentences that invite people."),
        )  # fmt: skip
        self.fields[f"instructions_{code}"] = forms.CharField(
            label=_("Instructions (%(language)s)") % said, required=False, max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 8, "lang": code}),
            help_text=_("Markdown; shown beside the image."),
        )  # fmt: skip

    def texts(self) -> list[dict[str, Any]]:
        """For each language its name and its fields, as the page groups them."""
        return [
            {"code": code, "name": name, "fields": [self[f"{text}_{code}"] for text in TEXTS]}
            for code, name in settings.LANGUAGES
        ]

    def given_texts(self) -> dict[str, dict[str, str]]:
        """Each text by language, without those left empty."""
        data = self.cleaned_data
        return {
            name: {code: data[f"{name}_{code}"] for code in LANGUAGES if data[f"{name}_{code}"]}
            for name in TEXTS
        }


def fields_of(campaign: Campaign) -> dict[str, Any]:
    """The texts of a campaign, as the page shows them."""
    texts = {
        "title": campaign.title,
        "summary": campaign.summary,
        "instructions": campaign.instructions,
        "prompt": campaign.question.get("prompt", {}),
    }
    return {f"{name}_{code}": texts[name].get(code, "") for name in TEXTS for code in LANGUAGES}
