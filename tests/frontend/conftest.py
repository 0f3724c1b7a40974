"""Pages are tested on the small campaigns of tests/campaigns, by Olga where nobody else is named."""

import pytest
from django.test import Client

from accounts.models import User
from tests.campaigns.conftest import campaign, clef, make_campaign, people, vocabulary
from tests.frontend.pages import browser

__all__ = ["campaign", "clef", "make_campaign", "people", "vocabulary"]


@pytest.fixture
def desk(owner: User) -> Client:
    """The browser of Olga, who owns the campaign."""
    return browser(owner)
