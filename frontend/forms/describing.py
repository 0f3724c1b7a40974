"""What a curator sets where people write a short text: in which languages, how long, what for."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.questions import ConfigError
from campaigns.questions.describe import MOST_CHARACTERS, validate_config

PURPOSE_LABELS = [
    ("describing", _("It describes what one sees")),
    ("supplementing", _("It is read off the image: a title, a line, a caption")),
]
# A field of the page → the setting.
SETTINGS = {
    "purpose": "purpose",
    "languages": "languages",
    "max_length": "max_length",
    "multiline": "multiline",
    "required_text": "required",
}


class DescribingFields(forms.Form):
    """The fields, and `describing()`, which gives them as settings of the question."""

    purpose = forms.ChoiceField(
        label=_("What the text is"), choices=PURPOSE_LABELS, required=False, initial="describing",
        widget=forms.RadioSelect,
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Languages"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Codes with spaces between, such as “la fr”. Left empty, people name any."),
    )  # fmt: skip
    max_length = forms.IntegerField(
        label=_("Most characters"), min_value=1, max_value=MOST_CHARACTERS, required=False, initial=1000
    )
    multiline = forms.BooleanField(label=_("A text may have several lines"), required=False)
    required_text = forms.BooleanField(
        label=_("There is always something to write"), required=False,
        help_text=_("Then “nothing here” is not offered."),
    )  # fmt: skip

    def clean_languages(self) -> list[str]:
        """The tags in their usual case."""
        tags = re.split(r"[\s,;]+", self.cleaned_data["languages"].strip())
        try:
            read: list[str] = validate_config({"languages": [tag for tag in tags if tag]})["languages"]
        except ConfigError as error:
            raise forms.ValidationError(
                _("Write languages as their codes, each once, such as en, fr or la.")
            ) from error
        return read

    def describing(self) -> dict[str, Any]:
        """What was chosen, by the names of the settings; what was left empty keeps its default."""
        given = {setting: self.cleaned_data.get(field) for field, setting in SETTINGS.items()}
        return {name: value for name, value in given.items() if value not in ("", None)}

    @staticmethod
    def initial_of(question: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as the page shows them."""
        shown = {field: question[setting] for field, setting in SETTINGS.items() if setting in question}
        if "languages" in shown:
            shown["languages"] = " ".join(shown["languages"])
        return shown
