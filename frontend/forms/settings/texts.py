"""How a campaign is put, once for each of its languages: title, question, summary, instructions."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.reading import direction_of, read_tag
from campaigns.languages import languages_of
from campaigns.models import Campaign
from frontend.templatetags.curating import language_label

TEXTS = ("title", "prompt", "summary", "instructions")


def named_languages(campaign: Campaign | None) -> list[tuple[str, str]]:
    """The languages in which a campaign is written, each with its name for the reader."""
    return [(code, language_label(code)) for code in languages_of(campaign)]


class TextFields(forms.Form):
    """The fields come with the languages of the campaign: `offer_texts()` adds them."""

    written_languages = forms.CharField(
        label=_("Languages"), required=False, max_length=400,
        help_text=_(
            "As tags with commas between them: en, fr, de, ar. Readers are shown the one that fits them best, "
            "and the first if none does. A new one has its fields here as soon as you have saved."
        ),
    )  # fmt: skip
    _written: list[tuple[str, str]]

    def offer_texts(self, campaign: Campaign | None) -> None:
        self._written = named_languages(campaign)
        for code, name in self._written:
            self._add_texts(code, name, required=code == self._written[0][0])

    def _add_texts(self, code: str, name: str, *, required: bool) -> None:
        said = {"language": name}
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Title (%(language)s)") % said, max_length=120, required=required,
            widget=forms.TextInput(attrs={"lang": code, "dir": direction_of(code)}),
        )  # fmt: skip
        self.fields[f"prompt_{code}"] = forms.CharField(
            label=_("Question (%(language)s)") % said, max_length=200, required=required,
            widget=forms.TextInput(attrs={"lang": code, "dir": direction_of(code)}),
            help_text=_("What people are asked, in one sentence."),
        )  # fmt: skip
        self.fields[f"summary_{code}"] = forms.CharField(
            label=_("Summary (%(language)s)") % said, max_length=400, required=False,
            widget=forms.Textarea(attrs={"rows": 2, "lang": code, "dir": direction_of(code)}),
            help_text=_("One or two sentences that invite people."),
        )  # fmt: skip
        self.fields[f"instructions_{code}"] = forms.CharField(
            label=_("Instructions (%(language)s)") % said, required=False, max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 8, "lang": code, "dir": direction_of(code)}),
            help_text=_("Markdown; shown beside the image."),
        )  # fmt: skip

    def texts(self) -> list[dict[str, Any]]:
        """For each language its name and its fields, as the page groups them."""
        return [
            {"code": code, "name": name, "fields": [self[f"{text}_{code}"] for text in TEXTS]}
            for code, name in self._written
        ]

    def clean_written_languages(self) -> list[str]:
        given = [one for one in re.split(r"[\s,;]+", self.cleaned_data["written_languages"]) if one]
        found = []
        for one in given:
            tag = read_tag(one)
            if tag is None:
                raise forms.ValidationError(_("“%(tag)s” is no tag of a language."), params={"tag": one})
            found.append(tag)
        return list(dict.fromkeys(found))

    def given_languages(self, campaign: Campaign | None) -> list[str]:
        """What is to be kept: those of the site, as long as nobody has named others."""
        given: list[str] = self.cleaned_data["written_languages"]
        return list(campaign.languages if campaign else []) if given == languages_of(campaign) else given

    def given_texts(self) -> dict[str, dict[str, str]]:
        """Each text by language, without those left empty."""
        data = self.cleaned_data
        return {
            name: {code: data[f"{name}_{code}"] for code, _name in self._written if data[f"{name}_{code}"]}
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
    languages = languages_of(campaign)
    found = {f"{name}_{code}": texts[name].get(code, "") for name in TEXTS for code in languages}
    return {**found, "written_languages": ", ".join(languages)}
