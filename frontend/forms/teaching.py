"""Forms of what a campaign teaches: a step of its tutorial, and a question with its answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.reading import direction_of
from campaigns.models import Campaign
from campaigns.teaching import LONGEST
from frontend.forms.settings.texts import named_languages


class _Texts(forms.Form):
    """Texts in each language of the campaign; `TEXTS`: name → (label, rows)."""

    TEXTS: dict[str, tuple[Any, int]] = {}

    def __init__(
        self, *args: Any, campaign: Campaign, entry: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        self._written = named_languages(campaign)
        for code, name in self._written:
            for text, (label, rows) in self.TEXTS.items():
                self.fields[f"{text}_{code}"] = forms.CharField(
                    label=label % {"language": name}, required=False, max_length=LONGEST,
                    initial=(entry or {}).get(text, {}).get(code, ""),
                    widget=forms.Textarea(attrs={"rows": rows, "lang": code, "dir": direction_of(code)}),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for text in self.TEXTS:
            names = [f"{text}_{code}" for code, _name in self._written]
            if not any(data.get(name, "").strip() for name in names):
                self.add_error(names[0], _("Write a text in at least one language."))
        return data

    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, with the languages that the page does not show as they were."""
        said = {}
        for text in self.TEXTS:
            before = (self.entry or {}).get(text, {})
            shown = {code: self.cleaned_data[f"{text}_{code}"] for code, _name in self._written}
            said[text] = {**before, **shown}
        return said


class StepForm(_Texts):
    """A step: its texts, and how much of its image is shown once it has one with boxes."""

    TEXTS = {"text": (_("Text (%(language)s)"), 5)}
    shown = forms.ChoiceField(
        label=_("Picture"),
        choices=[("whole", _("The whole image")), ("close", _("The part around the boxes"))],
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, campaign: Campaign, entry: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, campaign=campaign, entry=entry, **kwargs)
        example = (entry or {}).get("example") or {}
        if not example.get("shapes"):
            del self.fields["shown"]
        else:
            self.fields["shown"].initial = "close" if (entry or {}).get("region") else "whole"
            self.order_fields([*[name for name in self.fields if name != "shown"], "shown"])


class QuestionForm(_Texts):
    TEXTS = {"question": (_("Question (%(language)s)"), 2), "answer": (_("Answer (%(language)s)"), 4)}


class AnnouncementForm(_Texts):
    TEXTS = {"title": (_("Title (%(language)s)"), 1), "text": (_("Text (%(language)s)"), 7)}
