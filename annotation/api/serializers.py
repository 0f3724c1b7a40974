"""Manifests, canvases, imports and layers as programs see them."""

from typing import Any, cast
from uuid import UUID

from rest_framework import serializers

from annotation.actions.annotation_layers import layers_of
from annotation.addresses import layer_uri, manifest_uri
from annotation.cropping import content_state_of
from annotation.models import Canvas, Layer, Manifest, SourceImport
from annotation.queries import crop_url
from taxonomy.models import Vocabulary
from taxonomy.permissions import visible_vocabularies
from work.api.serializers import JobSerializer


class ManifestSerializer(serializers.ModelSerializer[Manifest]):
    canvases = serializers.IntegerField(source="canvas_count", read_only=True)
    published_as = serializers.SerializerMethodField(
        help_text="The manifest with our annotation pages linked."
    )

    class Meta:
        model = Manifest
        fields = [
            "id", "uri", "presentation_version", "label", "summary", "rights", "required_statement",
            "provider", "homepage", "is_public", "canvases", "published_as", "created_at", "modified_at",
        ]  # fmt: skip

    def get_published_as(self, manifest: Manifest) -> str:
        return manifest_uri(manifest.pk)


class ManifestUpdate(serializers.Serializer[object]):
    is_public = serializers.BooleanField(
        help_text="Whether everybody may see it, or only those with a role on it or in a campaign over it."
    )


class CanvasSerializer(serializers.ModelSerializer[Canvas]):
    thumbnail = serializers.SerializerMethodField()
    content_state = serializers.SerializerMethodField(
        help_text="Behind `?iiif-content=` it opens the canvas in any viewer that knows IIIF Content State."
    )

    class Meta:
        model = Canvas
        fields = [
            "id", "uri", "position", "label", "width", "height", "image_service", "image_service_version",
            "image_url", "image_width", "image_height", "thumbnail", "content_state",
        ]  # fmt: skip

    def get_thumbnail(self, canvas: Canvas) -> str:
        return crop_url(canvas, None)

    def get_content_state(self, canvas: Canvas) -> str:
        return content_state_of(canvas)


class CropSerializer(serializers.Serializer[object]):
    """One picture of a region; where it is not cut out, the address is of the whole image with `#xywh=`."""

    name = serializers.ChoiceField(
        choices=["thumbnail", "small", "large", "full", "largest", "whole", "wanted"]
    )
    url = serializers.CharField()
    width = serializers.IntegerField(allow_null=True, help_text="Pixels.")
    height = serializers.IntegerField(allow_null=True, help_text="Pixels.")
    cut = serializers.BooleanField()


class CropNoteSerializer(serializers.Serializer[object]):
    code = serializers.CharField()
    detail = serializers.CharField()


class CropsSerializer(serializers.Serializer[object]):
    """The pictures of a region of a canvas, smallest first, and what had to be done to the region."""

    canvas = serializers.UUIDField()
    xywh = serializers.ListField(
        child=serializers.FloatField(), allow_null=True, help_text="Canvas units; null for the whole canvas."
    )
    pixels = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="The same on the image."
    )
    sizes = CropSerializer(many=True)
    notes = CropNoteSerializer(many=True)
    content_state = serializers.CharField()


class LayerSerializer(serializers.ModelSerializer[Layer]):
    uri = serializers.SerializerMethodField()
    vocabulary = serializers.SerializerMethodField(
        help_text="Where people choose their labels; null for free words, and for one that the caller may not see."
    )

    class Meta:
        model = Layer
        fields = ["id", "uri", "label", "kind", "is_public", "vocabulary", "created_at", "modified_at"]

    def get_uri(self, layer: Layer) -> str:
        return layer_uri(layer.pk)

    def get_vocabulary(self, layer: Layer) -> str | None:
        """One query at most, however many layers there are: only for vocabularies that are not public."""
        found: Vocabulary | None = layer.vocabulary
        if found is None:
            return None
        return found.slug if found.is_public or found.pk in self._seen() else None

    def _seen(self) -> frozenset[int]:
        context = cast("dict[str, Any]", self.context)  # one for all layers of a list
        if "vocabularies" not in context:
            rows = visible_vocabularies(context["request"].user).order_by()
            context["vocabularies"] = frozenset(rows.values_list("pk", flat=True))
        seen: frozenset[int] = context["vocabularies"]
        return seen


class SourceImportSerializer(serializers.ModelSerializer[SourceImport]):
    job = JobSerializer(read_only=True, allow_null=True)
    layers = serializers.SerializerMethodField(help_text="Layers of the annotations that it brought.")

    class Meta:
        model = SourceImport
        fields = ["id", "kind", "url", "title", "manifest", "collection", "layers", "job", "created_at"]

    def get_layers(self, source: SourceImport) -> list[UUID]:
        if source.kind != SourceImport.Kind.ANNOTATIONS:
            return []
        return list(layers_of(source).values_list("pk", flat=True))


class ImportRequest(serializers.Serializer[object]):
    """Exactly one of `url`, `file`, `images`, `annotations` and `annotations_url`."""

    url = serializers.CharField(
        required=False,
        max_length=2000,
        help_text="Address of a manifest, a collection or an activity stream.",
    )
    file = serializers.FileField(required=False, help_text="A manifest or collection as a JSON file.")
    images = serializers.ListField(child=serializers.FileField(), required=False, max_length=200)
    title = serializers.CharField(
        required=False, max_length=300, default="", help_text="For images: of the set."
    )
    rights = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    annotations = serializers.FileField(
        required=False, help_text="Annotations as a JSON file: W3C, Open Annotation, a Mirador 2 dump."
    )
    annotations_url = serializers.CharField(
        required=False, max_length=2000, help_text="Address of annotations; pages that it links are followed."
    )
    label = serializers.CharField(  # type: ignore[assignment]  # a declared field is no attribute at run time
        required=False,
        allow_blank=True,
        max_length=300,
        default="",
        help_text="For annotations: of the layer.",
    )
    addresses = serializers.ChoiceField(
        choices=["pseudonyms", "keep"],
        required=False,
        default="pseudonyms",
        help_text="For annotations: what becomes of e-mail addresses of annotators.",
    )
    is_public = serializers.BooleanField(
        required=False, default=False, help_text="For annotations: whether everybody may read the layer."
    )
