"""Pages say which way their lines run."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "direction"), [("he", "rtl"), ("fr", "ltr")])
def test_the_direction_is_that_of_the_language(
    client: Client, settings, language: str, direction: str
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("he", "Hebrew")]
    page = client.get("/campaigns/", headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}" dir="{direction}"' in page
