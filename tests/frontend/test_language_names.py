"""What languages are called on pages, in the reader's own."""

import pytest
from django.utils.translation import override

from frontend.templatetags.curating import language_label


@pytest.mark.parametrize(
    ("tag", "english", "french"),
    [("de-AT", "German", "allemand"), ("zh", "Chinese", "chinois"), ("la", "Latin", "latin"), ("xx-q", "xx-q", "xx-q")],
)  # fmt: skip
def test_languages_have_names_also_those_of_old_books(tag: str, english: str, french: str) -> None:
    assert language_label(tag) == english
    with override("fr"):
        assert language_label(tag) == french
