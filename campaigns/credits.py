"""Who wishes to be credited for a release: people with an ORCID iD, by their own choice, as long as it stands."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.orcid import ADDRESS
from annotation.addresses import absolute
from campaigns.models import Contribution, Decision, Release


def credited_for(release: Release) -> QuerySet[User]:
    """Those who had handed in or decided something when it was released, and let themselves be named; one query.

    Read anew each time: the release itself never changes, and nobody's name is sealed into it by this.
    """
    until = release.finished_at or release.created_at
    answers = Contribution.objects.filter(
        participant__user=OuterRef("pk"), task__campaign=release.campaign_id, submitted_at__lte=until
    )
    decisions = Decision.objects.filter(by=OuterRef("pk"), task__campaign=release.campaign_id, at__lte=until)
    named = User.objects.filter(is_credited=True, is_active=True).exclude(orcid="")
    return named.filter(Q(Exists(answers)) | Q(Exists(decisions))).order_by("pseudonym", "username")


def credits_of(release: Release, *, address: str) -> dict[str, Any]:
    """The credits as JSON-LD (schema.org): a Dataset and its creators, each with their iD."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": absolute(address),
        "version": release.number,
        "creator": [
            {
                "@type": "Person",
                "@id": f"{ADDRESS}{person.orcid}",
                "name": person.public_name,
                "identifier": {
                    "@type": "PropertyValue",
                    "propertyID": "https://registry.identifiers.org/registry/orcid",
                    "value": person.orcid,
                    "url": f"{ADDRESS}{person.orcid}",
                },
            }
            for person in credited_for(release)
        ],
    }
