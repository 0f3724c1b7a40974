"""Reads what was sent by serializers that are built once: to build one anew takes longer than to read with it."""

from functools import cache
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer


def read(kind: type[Serializer[Any]], sent: Any) -> Any:
    """The validated values. Raises `ValidationError` with what is wrong and where."""
    try:
        return _built(kind).run_validation(sent)
    except ValidationError:
        form = kind(data=sent)
        form.is_valid(raise_exception=True)
        return form.validated_data


@cache
def _built(kind: type[Serializer[Any]]) -> Serializer[Any]:
    """Reading changes nothing in a serializer, so that all threads read with the same."""
    return kind()
