"""Forms that say what becomes tasks: whole sources, the boxes of a layer, annotations that are to be judged."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Person
from annotation.models import Annotation, Canvas, Layer, Manifest
from annotation.permissions import visible_layers, visible_manifests
from campaigns.actions import Wanted
from campaigns.models import Campaign
from frontend.forms.concepts import indented
from frontend.forms.fields import PercentField
from frontend.templatetags.rubricator import lang
from taxonomy.queries import concepts_of


class CanvasesForm(forms.Form):
    """Whole manifests, the newest first or those whose title has the words of `q`."""

    MOST_OFFERED = 60

    manifests = forms.ModelMultipleChoiceField(
        label=_("Sources"), queryset=Manifest.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Every image of the chosen sources becomes a task. Images already in the campaign stay once."
        ),
        error_messages={"required": _("Choose at least one source.")},
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, campaign: Campaign, q: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = visible_manifests(person).defer("document", "metadata")
        offered = (
            visible.annotate(words=Cast("label", TextField())).filter(words__icontains=q) if q else visible
        )
        keys = list(offered.values_list("pk", flat=True)[: self.MOST_OFFERED + 1])
        self.has_more = len(keys) > self.MOST_OFFERED
        sent = self.data.getlist("manifests") if self.is_bound else []  # type: ignore[attr-defined]
        keys = [*keys[: self.MOST_OFFERED], *(pk for pk in sent if _is_uuid(pk))]
        first = Prefetch("canvases", queryset=Canvas.objects.filter(position=0), to_attr="first_canvases")
        tasks = Count("canvases__tasks", filter=Q(canvases__tasks__campaign=campaign), distinct=True)
        shown = visible.filter(pk__in=keys).prefetch_related(first)
        self.fields["manifests"].queryset = shown.annotate(  # type: ignore[attr-defined]
            canvas_count=Count("canvases", distinct=True), task_count=tasks
        )
        self.fields["manifests"].label_from_instance = lambda manifest: lang(manifest.label) or manifest.uri  # type: ignore[attr-defined]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class RegionsForm(forms.Form):
    """The boxes of a layer: each becomes a region to look at."""

    layer = forms.ModelChoiceField(
        label=_("Layer"), queryset=Layer.objects.none(),
        help_text=_("Every box in it becomes a task: people see the image with this region marked."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = Annotation.objects.filter(layer=OuterRef("pk"), w__gt=0, h__gt=0, deleted_at=None)
        others = visible_layers(person).exclude(kind__in=[Layer.Kind.CONTRIBUTIONS, Layer.Kind.DECISIONS])
        self.fields["layer"].queryset = others.filter(Exists(boxes)).order_by("-created_at")  # type: ignore[attr-defined]
        self.fields["layer"].label_from_instance = lambda layer: lang(layer.label) or str(layer.pk)  # type: ignore[attr-defined]


class ShownForm(RegionsForm):
    """The annotations of a layer that people are to judge."""

    concept = forms.ChoiceField(
        label=_("Label"), required=False, help_text=_("Only those with this label or a narrower one.")
    )
    least = PercentField(
        label=_("Least confidence"), most=100, help_text=_("In per cent; only what a model has said has one.")
    )
    most = PercentField(label=_("Most confidence"), most=100)

    def __init__(self, *args: Any, person: Person, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        layer: Any = self.fields["layer"]
        layer.help_text = _("Every annotation in it is shown once, to be accepted, corrected or rejected.")
        language = (get_language() or "en").split("-")[0]
        offered = indented(concepts_of(campaign.vocabulary, campaign.branch), language)
        self.fields["concept"].choices = [("", _("Any")), *offered]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Which annotations, as the action takes it."""
        data = self.cleaned_data
        return Wanted((UUID(data["concept"]),) if data["concept"] else (), data["least"], data["most"])
