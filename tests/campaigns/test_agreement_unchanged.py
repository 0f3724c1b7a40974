"""A release takes the report of agreement that was made last where nothing has changed, and makes its own otherwise."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.utils import timezone

from accounts.models import User
from campaigns import snapshot
from campaigns.actions import configure_campaign
from campaigns.actions.agreeing import write_agreement
from campaigns.agreement_report import unnamed_report
from campaigns.agreement_stored import unchanged_report
from campaigns.models import AgreementReport, Campaign, Contribution, Release
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import accept_all, answer, merge, released, tagged, task_at

Clef = Callable[[str], Concept]


@pytest.fixture
def tags(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    campaign = make_campaign(question_kind="tag", slug="hands", question={"prompt": {"en": "Which?"}})
    f, g = clef("F"), clef("G")
    answer(campaign, {page: [tagged(f), tagged(f if page else g), tagged(f)] for page in range(3)})
    merge(campaign)
    return campaign


def made(campaign: Campaign) -> AgreementReport:
    return write_agreement(AgreementReport.objects.create(campaign=campaign).pk)


def plain(report: Any) -> dict[str, Any]:
    """Without when it was computed, and as JSON gives it back."""
    body = dict(orjson.loads(orjson.dumps(report)))
    return {name: value for name, value in body.items() if name not in ("computed_at", "unit_count")}


def test_what_stands_is_what_would_be_computed(tags: Campaign) -> None:
    assert unchanged_report(tags, None) is None
    made(tags)
    found = unchanged_report(tags, None)
    assert found is not None
    assert plain(found) == plain(unnamed_report(tags))


def test_whatever_changes_has_it_made_anew(tags: Campaign, owner: User) -> None:
    row = made(tags)
    one = Contribution.objects.filter(task__campaign=tags).order_by("pk").first()
    assert one is not None
    at = one.submitted_at
    Contribution.objects.filter(pk=one.pk).update(submitted_at=timezone.now())
    assert unchanged_report(tags, None) is None
    Contribution.objects.filter(pk=one.pk).update(submitted_at=at)
    assert unchanged_report(tags, None) is not None
    # One that counts no more, as when somebody is erased, leaves no later date behind.
    Contribution.objects.filter(pk=one.pk).update(counts=False)
    assert unchanged_report(tags, None) is None
    Contribution.objects.filter(pk=one.pk).update(counts=True)
    AgreementReport.objects.filter(pk=row.pk).update(report={**row.report, "software": "Rubricator 0"})
    assert unchanged_report(tags, None) is None
    AgreementReport.objects.filter(pk=row.pk).update(report=row.report)
    configure_campaign(tags, {"title": {"en": "Other"}}, by=owner)
    tags.refresh_from_db()
    assert unchanged_report(tags, None) is None


@pytest.mark.django_db(transaction=True)
def test_a_release_takes_it(tags: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    accept_all(tags, task_at(tags, 1), owner)
    row = made(tags)

    def refused(*_args: object) -> dict[str, Any]:
        raise AssertionError("It was computed again.")

    monkeypatch.setattr(snapshot, "unnamed_report", refused)
    release: Release = released(tags, owner)
    with release.files.get(format="agreement").content.open("rb") as content:
        report = orjson.loads(content.read())
    assert report["computed_at"] == row.report["computed_at"]
    assert len(report["units"]) == 3
    assert {one["id"] for one in report["people"]} == {"P1", "P2", "P3"}
