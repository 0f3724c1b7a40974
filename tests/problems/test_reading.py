"""What is read by a serializer that is kept says the same as by a new one, right or wrong."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from problems.reading import read


class Envelope(serializers.Serializer[object]):
    id = serializers.UUIDField()
    size = serializers.ListField(child=serializers.FloatField(), max_length=2, default=None)


@pytest.mark.parametrize(
    "sent", [None, [], "text", {}, {"id": "x"}, {"id": 1, "size": ["a", 2]}, {"size": [1, 2, 3]}]
)
def test_what_is_wrong_is_said_as_ever(sent: Any) -> None:
    form = Envelope(data=sent)
    assert not form.is_valid()
    with pytest.raises(ValidationError) as refused:
        read(Envelope, sent)
    assert refused.value.detail == form.errors


def test_nothing_is_carried_over_between_readings() -> None:
    one, other = (f"{digit * 8}-1111-4111-8111-111111111111" for digit in "12")

    def look(number: int) -> bool:
        sent = {"id": one, "size": [number]} if number % 2 else {"id": other}
        found = read(Envelope, sent)
        return str(found["id"]) == sent["id"] and found["size"] == sent.get("size")

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(400)))
