"""People join a campaign under a pseudonym of that campaign."""

import random

from accounts.models import User
from campaigns.models import Campaign, Participant

# Words of the scriptorium that English and French readers both know, for those who gave no name.
NAMES = (
    "Arabesque", "Azur", "Cartouche", "Codex", "Colophon", "Folio", "Grimoire", "Indigo", "Iris", "Lapis",
    "Lynx", "Magenta", "Miniature", "Motif", "Onyx", "Palette", "Pigment", "Plume", "Quill", "Recto",
    "Rosette", "Signet", "Sphinx", "Stylet", "Verso", "Vignette", "Volute",
)  # fmt: skip
TRIES = 40


def find_participant(
    campaign: Campaign, *, user: User | None = None, visitor: str = ""
) -> Participant | None:
    """Somebody's participation, if they have joined; one query."""
    if user is not None:
        return Participant.objects.filter(campaign=campaign, user=user).first()
    return Participant.objects.filter(campaign=campaign, visitor=visitor).first() if visitor else None


def join_campaign(
    campaign: Campaign, *, user: User | None = None, visitor: str = "", is_simulated: bool = False
) -> Participant:
    """Somebody's participation, made at their first visit; the caller has been through the gate with `join`.

    Either a user, under their public name, or a visitor (SHA-256 of the cookie's secret) under a made-up one.
    """
    for attempt in range(TRIES):
        found = find_participant(campaign, user=user, visitor=visitor)
        if found is not None:
            return found
        name = name_for(user, attempt)
        # A name that is taken, or the same person joining on another connection, inserts nothing.
        Participant.objects.bulk_create(
            [
                Participant(
                    campaign=campaign, user=user, visitor="" if user else visitor, pseudonym=name,
                    is_simulated=is_simulated,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    raise RuntimeError("no free pseudonym was found")


def name_for(user: User | None, attempt: int) -> str:
    if user is None:
        return f"{random.choice(NAMES)} {random.randrange(2, 100 * 4 ** min(attempt, 10))}"
    name = user.public_name[:50]
    if attempt == 0:
        return name
    return f"{name} {attempt + 1 if attempt < 10 else random.randrange(10, 100_000)}"
