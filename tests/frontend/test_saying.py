"""What the viewer shows of an annotation that says something in words."""

import pytest

from frontend.saying import words_shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"type": "TextualBody", "value": "<p>An <b>F</b> clef,</p><p>doubtful &amp; late</p>"}, "An F clef, doubtful & late"),
        ([{"type": "TextualBody", "value": "lettrine"}, {"type": "TextualBody", "value": "lettrine"}], "lettrine"),
        ([{"type": "TextualBody", "value": "a"}, {"type": "TextualBody", "value": "b"}], "a · b"),
        ({"id": "https://example.org/concept", "type": "SpecificResource"}, ""),
        ({"type": "TextualBody", "value": "long " * 100}, ("long " * 32)[:159] + "…"),
    ],
)  # fmt: skip
def test_its_texts_in_one_line_without_markup(body, shown):
    assert words_shown({"type": "Annotation", "body": body}) == shown
