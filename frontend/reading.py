"""Which languages a page of a campaign offers to read it in, and which one it shows."""

from dataclasses import dataclass

from campaigns.languages import reading_language, written_in
from campaigns.models import Campaign


@dataclass(frozen=True, slots=True)
class Reading:
    offered: list[str]
    shown: str


def reading_of(campaign: Campaign) -> Reading:
    return Reading(written_in(campaign), reading_language(campaign))
