"""The forms that make pairs: of the regions of layers, or those of a table."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models import Layer
from annotation.permissions import visible_layers
from campaigns.pairing import MOST_PAIRS, regions
from frontend.templatetags.rubricator import lang

BY = [
    ("label", _("Regions with the same label")),
    ("chance", _("Any two, drawn by chance")),
    ("alike", _("Each region beside those that look most like it")),
]
MOST_BYTES = 5_000_000


class PairsForm(forms.Form):
    """`query()` is what `campaigns.pairing.PairsWanted` reads."""

    layers = forms.ModelMultipleChoiceField(
        label=_("Layers"), queryset=Layer.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_("Their boxes, and annotations of whole images, are compared with each other."),
        error_messages={"required": _("Choose at least one layer.")},
    )  # fmt: skip
    by = forms.ChoiceField(
        label=_("Which stand beside each other"), choices=BY, widget=forms.RadioSelect, initial="label"
    )
    most = forms.IntegerField(
        label=_("Pairs at most"), min_value=1, max_value=MOST_PAIRS, initial=100, required=False,
        help_text=_("With the same label: of each label. Drawn by chance: of all."),
    )  # fmt: skip
    each = forms.IntegerField(
        label=_("How many beside each region"), min_value=1, max_value=20, initial=3, required=False,
        help_text=_("Where they look alike; the most alike pairs come first."),
    )  # fmt: skip
    across = forms.BooleanField(
        label=_("Only regions of two different sources"), required=False,
        help_text=_("So that two pages of the same manuscript are not compared."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = regions().filter(layer=OuterRef("pk"))
        others = visible_layers(person).exclude(kind__in=[Layer.Kind.CONTRIBUTIONS, Layer.Kind.DECISIONS])
        layers: Any = self.fields["layers"]
        layers.queryset = others.filter(Exists(there)).order_by("-created_at")
        layers.label_from_instance = lambda layer: lang(layer.label) or str(layer.pk)

    def query(self) -> dict[str, Any]:
        """What was asked for, as JSON."""
        data = self.cleaned_data
        given = {name: data[name] for name in ("by", "most", "each", "across") if data[name] is not None}
        return {**given, "layers": [str(layer.pk) for layer in data["layers"]]}


class TableForm(forms.Form):
    """A table of pairs, as a file or pasted."""

    table = forms.CharField(
        label=_("Pairs, one a line"), required=False, max_length=MOST_BYTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "mono"}),
        help_text=_("Two ids or addresses of annotations, with a comma, a semicolon or a tab between."),
    )  # fmt: skip
    file = forms.FileField(label=_("Or a CSV file"), required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large: 5 MB at most."))
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("table") or "").strip() and not data.get("file") and not self.errors:
            self.add_error("table", _("Paste some pairs, or choose a file."))
        return data

    def text(self) -> str:
        """Both together; what is no UTF-8 is read as Latin 1, which any bytes are."""
        file = self.cleaned_data.get("file")
        if not file:
            return str(self.cleaned_data["table"])
        raw: bytes = file.read()
        try:
            return raw.decode("utf-8-sig").replace("\x00", "")
        except UnicodeDecodeError:
            return raw.decode("latin-1").replace("\x00", "")
