"""Forms of what a campaign teaches: a step of its tutorial, and a question with its answer."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from campaigns.teaching import LONGEST


class _Texts(forms.Form):
    """Texts in every language of the site; `TEXTS`: name → (label, rows)."""

    TEXTS: dict[str, tuple[Any, int]] = {}

    def __init__(self, *args: Any, entry: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entry = entry
        for code, name in settings.LANGUAGES:
            for text, (label, rows) in self.TEXTS.items():
                self.fields[f"{text}_{code}"] = forms.CharField(
                    label=label % {"language": name}, required=False, max_length=LONGEST,
                    initial=(entry or {}).get(text, {}).get(code, ""),
                    widget=forms.Textarea(attrs={"rows": rows, "lang": code}),
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for text in self.TEXTS:
            names = [f"{text}_{code}" for code, _name in settings.LANGUAGES]
            if not any(data.get(name, "").strip() for name in names):
                self.add_error(names[0], _("Write a text in at least one language."))
        return data

    def texts(self) -> dict[str, dict[str, str]]:
        """What was written, with the languages that the page does not show as they were."""
        said = {}
        for text in self.TEXTS:
            before = (self.entry or {}).get(text, {})
            shown = {code: self.cleaned_data[f"{text}_{code}"] for code, _name in settings.LANGUAGES}
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

    def __init__(self, *args: Any, entry: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, entry=entry, **kwargs)
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
