"""Forms of layers: a new one, its name and public, and who may do what in it."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from annotation.actions.layers import LONGEST_LABEL, ROLES
from annotation.models import Layer
from frontend.templatetags.rubricator import lang
from taxonomy.models import Vocabulary
from taxonomy.permissions import visible_vocabularies

NO_ROLE = "none"


class LayerForm(forms.Form):
    """The name in each language of the site, and whether everybody may read it."""

    label_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_LABEL, required=False)
    label_fr = forms.CharField(label=_("Name in French"), max_length=LONGEST_LABEL, required=False)
    vocabulary = forms.ModelChoiceField(
        Vocabulary.objects.none(), label=_("Labels from"), required=False, empty_label=_("Free words only"),
        help_text=_("The vocabulary from which people choose when they annotate together."),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("Everybody may read it"), required=False,
        help_text=_("Its annotations then appear in every viewer that opens our manifests."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: User, layer: Layer | None = None, **kwargs: Any) -> None:
        if layer is not None:
            languages = {f"label_{code}": layer.label.get(code, "") for code, _name in settings.LANGUAGES}
            kept = {"is_public": layer.is_public, "vocabulary": layer.vocabulary_id}
            kwargs["initial"] = {**languages, **kept}
        super().__init__(*args, **kwargs)
        # One that was chosen by somebody who sees more stays in the list.
        own = Q(pk__in=visible_vocabularies(person).values("pk")) | Q(pk=layer and layer.vocabulary_id)
        offered: Any = self.fields["vocabulary"]
        offered.queryset = Vocabulary.objects.filter(own)
        offered.label_from_instance = lambda one: lang(one.title) or one.slug
        self.others = {} if layer is None else {
            code: text for code, text in layer.label.items() if f"label_{code}" not in self.fields
        }  # fmt: skip
        if not (person.is_curator or person.is_superuser):
            del self.fields["is_public"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"label_{code}") for code, _name in settings.LANGUAGES):
            raise forms.ValidationError(_("Name it in one language at least."))
        return data

    def values(self) -> dict[str, Any]:
        """What the actions take; names in languages that the form does not show are kept."""
        data = self.cleaned_data
        label = {code: data[f"label_{code}"] for code, _name in settings.LANGUAGES}
        said: dict[str, Any] = {"label": {**self.others, **label}, "vocabulary": data["vocabulary"]}
        return {**said, "is_public": data["is_public"]} if "is_public" in data else said


class LayerPersonForm(forms.Form):
    """Give somebody a role on the layer, or take it away."""

    who = forms.CharField(label=_("User name or e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"), initial=Role.CONTRIBUTOR,
        choices=[*((role.value, role.label) for role in ROLES), (NO_ROLE, _("No role"))],
    )  # fmt: skip

    def clean_role(self) -> Role | None:
        role = self.cleaned_data["role"]
        return None if role == NO_ROLE else Role(role)

    def clean_who(self) -> User:
        who = self.cleaned_data["who"].strip().replace("\x00", "")
        found = User.objects.filter(username__iexact=who).first()
        user = found or User.objects.filter(email__iexact=who).first()
        if user is None:
            raise forms.ValidationError(_("Nobody with this name or address has an account here yet."))
        return user
