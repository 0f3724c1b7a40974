"""What stands in many of the shapes: texts by language, boxes, points, numbers, concepts, written texts."""

import math
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LANGUAGES = "By language: `en`, `fr`, …"


class LanguageMap(serializers.DictField):
    """`{"en": "…", "fr": "…"}`, a text each."""

    child = serializers.CharField(allow_blank=True, max_length=50_000)


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
)
class IIIFLanguageMap(serializers.JSONField):
    """A language map as in IIIF: each language has a list of texts."""


@extend_schema_field({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
class BoxField(serializers.JSONField):
    """`[x, y, w, h]` in canvas units, origin top left."""


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    }
)
class PointsField(serializers.JSONField):
    """`[[x, y], …]` in canvas units: the corners of an outline, or one point."""


POINTS = "The corners of an outline within the box, or the one point in its middle; empty for a box."


class FiniteFloatField(serializers.FloatField):
    """A number that is one: neither infinite nor NaN."""

    def to_internal_value(self, data: Any) -> float:
        number = super().to_internal_value(data)
        if not math.isfinite(number):
            self.fail("invalid")
        return number


class TextSerializer(serializers.Serializer[object]):
    """Something written."""

    value = serializers.CharField(help_text="NFC, without white space around it; at most 5,000 characters.")
    language = serializers.CharField(help_text="BCP 47.")


class PredictedConceptSerializer(serializers.Serializer[object]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
