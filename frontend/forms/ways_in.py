"""Forms of the ways into a campaign: links, invitations, groups; and of its texts for translators."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import PeopleGroup
from accounts.reading import direction_of
from accounts.roles import Role
from campaigns.actions.texts import texts_of
from campaigns.models import Campaign
from campaigns.permissions import GIVEN_BY_MANAGERS
from frontend.forms.settings.texts import named_languages

LARGEST_UPLOAD = 2**20


def _offered(roles: tuple[Role, ...]) -> list[tuple[str, Any]]:
    return [(role.value, role.label) for role in roles]


class LinkForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the link"), max_length=80,
        help_text=_("By which you recognise it, such as “Class of Mrs Noll”."),
    )  # fmt: skip


class InvitationsForm(forms.Form):
    """Addresses that are pasted, or a table that is uploaded."""

    emails = forms.CharField(
        label=_("E-mail addresses"), required=False, max_length=LARGEST_UPLOAD,
        widget=forms.Textarea(attrs={"rows": 5}), help_text=_("One a line."),
    )  # fmt: skip
    table = forms.FileField(
        label=_("Or a CSV table"), required=False, help_text=_("The first address of each line is taken.")
    )
    role = forms.ChoiceField(label=_("Role"), initial=Role.CONTRIBUTOR)
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES,
        help_text=_("Who has an account here is written to in its language."),
    )  # fmt: skip

    def __init__(self, *args: Any, owns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = (Role.MANAGER, *GIVEN_BY_MANAGERS) if owns else GIVEN_BY_MANAGERS
        self.fields["role"].choices = _offered(roles)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("table")
        if upload is not None and upload.size > LARGEST_UPLOAD:
            self.add_error("table", _("The table is too large; one megabyte is read at most."))
        elif not data.get("emails", "").strip() and upload is None:
            self.add_error("emails", _("Paste addresses, or choose a table."))
        return data

    def text(self) -> str:
        """What is to be read: the table, if there is one, after what was pasted."""
        upload = self.cleaned_data["table"]
        pasted: str = self.cleaned_data["emails"]
        read = upload.read().decode("utf-8", errors="replace") if upload else ""
        return f"{pasted}\n{read}" if pasted.strip() and read else pasted or read


class GroupRoleForm(forms.Form):
    group = forms.ModelChoiceField(label=_("Group"), queryset=PeopleGroup.objects.none())
    role = forms.ChoiceField(label=_("Role"), initial=Role.CONTRIBUTOR)

    def __init__(self, *args: Any, groups: Any, owns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        roles = (Role.MANAGER, *GIVEN_BY_MANAGERS) if owns else GIVEN_BY_MANAGERS
        self.fields["role"].choices = _offered(roles)  # type: ignore[attr-defined]


class GroupForm(forms.Form):
    title = forms.CharField(label=_("Name of the group"), max_length=80)


class MembersForm(forms.Form):
    members = forms.CharField(
        label=_("User names or e-mail addresses"), max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One a line."),
    )  # fmt: skip


_LABELS = {
    "title": _("Title (%(language)s)"),
    "prompt": _("Question (%(language)s)"),
    "summary": _("Summary (%(language)s)"),
    "instructions": _("Instructions (%(language)s)"),
}


class TextsForm(forms.Form):
    """Every text of a campaign in each of its languages."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = texts_of(campaign)
        self._written = named_languages(campaign)
        for code, name in self._written:
            for text, label in _LABELS.items():
                rows = {"instructions": 10, "summary": 3}.get(text, 2)
                self.fields[f"{text}_{code}"] = forms.CharField(
                    label=label % {"language": name}, required=False, max_length=20_000,
                    initial=kept[text].get(code, ""),
                    widget=forms.Textarea(attrs={"rows": rows, "lang": code, "dir": direction_of(code)}),
                )  # fmt: skip

    def by_language(self) -> list[dict[str, Any]]:
        """For each language its name and its fields, as the page sets them side by side."""
        return [
            {"code": code, "name": name, "fields": [self[f"{text}_{code}"] for text in _LABELS]}
            for code, name in self._written
        ]

    def changes(self) -> dict[str, dict[str, str]]:
        """What was changed: text → language → what it says now."""
        changed: dict[str, dict[str, str]] = {}
        for field in self.changed_data:
            text, code = field.rsplit("_", 1)
            changed.setdefault(text, {})[code] = self.cleaned_data[field]
        return changed
