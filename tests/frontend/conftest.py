"""Pages are tested on the small campaigns of tests/campaigns."""

from tests.campaigns.conftest import campaign, clef, make_campaign, people, vocabulary

__all__ = ["campaign", "clef", "make_campaign", "people", "vocabulary"]
