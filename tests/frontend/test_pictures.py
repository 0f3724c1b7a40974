"""Addresses of pictures as pages ask for them."""

from annotation.models import Canvas
from frontend.templatetags.rubricator import crops

SERVICE = "https://images.example/iiif/leaf"


def leaf(**facts: object) -> Canvas:
    known = {"width": 3000, "height": 4000, "image_width": 3000, "image_height": 4000}
    served = {
        "image_service": SERVICE,
        "image_service_version": 3,
        "image_url": "https://images.example/leaf.jpg",
    }
    return Canvas(**{**known, **served, **facts})


def test_a_browser_is_offered_the_same_picture_in_several_sizes() -> None:
    assert crops(leaf(), 400, 1000) == (
        f"{SERVICE}/full/300,/0/default.jpg 300w, {SERVICE}/full/750,/0/default.jpg 750w"
    )


def test_where_there_is_only_one_picture_there_is_no_choice() -> None:
    assert crops(leaf(image_service=""), 400, 1000) == ""
    assert crops(leaf(extra={"auth": [{}]}), 400, 1000) == ""
    assert crops(leaf(width=0, height=0), 400, 1000) == ""
    assert crops(None, 400, 1000) == ""
