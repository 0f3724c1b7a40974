"""The shapes of a canvas as it is looked at: its images, how large things are, whose it is."""

from rest_framework import serializers

from campaigns.api.serializers.values import BoxField, IIIFLanguageMap


class ImageSerializer(serializers.Serializer[object]):
    service = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    auth = serializers.JSONField(
        allow_null=True, help_text="The login that the institution asks for: `AuthValue` of annotation.iiif."
    )


class ImageChoiceSerializer(ImageSerializer):
    label = IIIFLanguageMap()  # type: ignore[assignment]
    part = BoxField(allow_null=True, help_text="What of the image is used, in its pixels; null for all.")
    rotation = serializers.FloatField(allow_null=True, help_text="Degrees clockwise.")


class PaintedImageSerializer(serializers.Serializer[object]):
    place = BoxField(allow_null=True, help_text="Where on the canvas; null for all of it.")
    choices = ImageChoiceSerializer(many=True, help_text="What it may be, the default first.")


class ScaleSerializer(serializers.Serializer[object]):
    factor = serializers.FloatField(help_text="Real length of one canvas unit.")
    units = serializers.ChoiceField(choices=["mm", "cm", "in"])


class StatementSerializer(serializers.Serializer[object]):
    label = IIIFLanguageMap()  # type: ignore[assignment]
    value = IIIFLanguageMap()


class ShownManifestSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = IIIFLanguageMap()  # type: ignore[assignment]
    rights = serializers.CharField(allow_null=True)
    required_statement = StatementSerializer(allow_null=True)


class ShownCanvasSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    uri = serializers.CharField()
    label = IIIFLanguageMap()  # type: ignore[assignment]
    width = serializers.FloatField()
    height = serializers.FloatField()
    image = ImageSerializer(help_text="The one that stands for the canvas.")
    images = PaintedImageSerializer(many=True, help_text="All that is painted, in order.")
    scale = ScaleSerializer(allow_null=True, help_text="Where the manifest says how large things are.")
    manifest = ShownManifestSerializer()
    content_state = serializers.CharField(
        help_text="Behind `?iiif-content=` it opens the canvas in a viewer."
    )
