"""What layers hold becomes tasks: the same ones at once or by a worker, none twice, some sources at a time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from annotation.actions.annotations import NewAnnotation, add_annotations
from annotation.geometry import Box
from annotation.models import Layer, Manifest
from campaigns.actions import Wanted, choose_layers, choosing_layers, create_campaign
from campaigns.models import Campaign
from problems import Conflict, Invalid
from taxonomy.models import Concept, Vocabulary
from tests.annotation.conftest import make_layer
from tests.campaigns.conftest import SETTINGS, make_manifest
from work.actions import resume_job, run_job, stop_job
from work.models import Job
from work.runner import Runner

pytestmark = pytest.mark.django_db
SOURCES, PAGES = 3, 2
Make = Callable[[str], Campaign]


@pytest.fixture
def layer(owner: User, clef: Callable[[str], Concept]) -> Layer:
    """Two boxes on each of six pages of three sources, as sure as they are far down the page."""
    made = make_layer(owner)
    canvases = [page for _source in range(SOURCES) for page in make_manifest(PAGES, owner).canvases.all()]
    add_annotations([
        NewAnnotation(
            id=UUID(int=10 * number + place), layer=made, canvas=canvas, document={}, motivations=("tagging",),
            box=Box(10, 10 + 400 * place, 30, 40), concept_ids=(clef("G").pk,), confidence=0.3 + 0.4 * place,
        )
        for number, canvas in enumerate(canvases) for place in (0, 1)
    ])  # fmt: skip
    return made


@pytest.fixture
def make(owner: User, vocabulary: Vocabulary) -> Make:
    def of_kind(kind: str) -> Campaign:
        settings: dict[str, Any] = {
            **SETTINGS,
            "question_kind": kind,
            "question": {"prompt": {"en": "What is it?"}},
        }
        return create_campaign(by=owner, slug=kind, vocabulary=vocabulary, overlap=1, **settings)

    return of_kind


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers stand for large ones: a source is a batch."""
    monkeypatch.setattr(choosing_layers, "AT_ONCE", 4)
    monkeypatch.setattr(choosing_layers, "A_BATCH", 3)


def asked(campaign: Campaign) -> list[tuple[int, Any, Any]]:
    """Where each task stands, and what it is about."""
    return list(campaign.tasks.order_by("position").values_list("position", "about", "region_y"))


@pytest.mark.parametrize("kind", ["tag", "identify", "verify"])
def test_by_a_worker_they_are_the_same_as_at_once(kind: str, make: Make, layer: Layer, owner: User) -> None:
    campaign = make(kind)
    at_once = choose_layers(campaign, by=owner, layers=[layer.pk])
    assert (at_once.added, at_once.job) == (12, None)
    assert at_once.finished_at is not None
    expected = asked(campaign)
    campaign.tasks.all().delete()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(choosing_layers, "AT_ONCE", 4)
        patched.setattr(choosing_layers, "A_BATCH", 3)
        choice = choose_layers(campaign, by=owner, layers=[layer.pk])
        assert choice.job is not None
        assert not campaign.tasks.exists()
        run_job(str(choice.job.pk))
        choice.refresh_from_db()
        assert (choice.added, choice.finished_at is not None) == (12, True)
        assert asked(campaign) == expected
        again = choose_layers(campaign, by=owner, layers=[layer.pk])
        assert again.job is not None
        run_job(str(again.job.pk))
    assert campaign.tasks.count() == 12


@pytest.mark.usefixtures("few_at_once")
def test_a_worker_that_is_stopped_goes_on_where_it_was(
    make: Make, layer: Layer, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = make("verify")
    job = choose_layers(campaign, by=owner, layers=[layer.pk]).job
    assert job is not None
    advance = Runner.advance

    def stopped_early(self: Runner, steps: int = 1) -> None:
        advance(self, steps)
        stop_job(self.job)
        self.check()

    with monkeypatch.context() as patched:
        patched.setattr(Runner, "advance", stopped_early)
        run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.done, job.total, campaign.tasks.count()) == ("stopped", 4, 12, 4)
    resume_job(job)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert (job.state, campaign.tasks.count(), campaign.choices.get().added) == ("done", 12, 12)
    assert [position for position, _about, _y in asked(campaign)] == list(range(12))


@pytest.mark.usefixtures("few_at_once")
def test_a_worker_keeps_to_what_was_wanted(make: Make, layer: Layer, owner: User) -> None:
    campaign = make("verify")
    job = choose_layers(campaign, by=owner, layers=[layer.pk], wanted=Wanted(least=0.5)).job
    assert job is not None
    run_job(str(job.pk))
    assert {y for _position, _about, y in asked(campaign)} == {410}
    assert campaign.tasks.count() == 6


@pytest.mark.usefixtures("few_at_once")
def test_what_makes_no_sense_is_refused_before_a_job_is_made(
    make: Make, layer: Layer, owner: User, manager: User
) -> None:
    judging, asking = make("verify"), make("identify")
    for campaign in (judging, asking):
        with pytest.raises(Invalid):
            choose_layers(campaign, by=manager, layers=[layer.pk])
    with pytest.raises(Invalid):
        choose_layers(judging, by=owner, layers=[layer.pk], wanted=Wanted(least=2))
    Campaign.objects.update(status="closed")
    with pytest.raises(Conflict):
        choose_layers(asking, by=owner, layers=[layer.pk])
    assert not Job.objects.filter(kind=choosing_layers.KIND).exists()


@pytest.mark.usefixtures("few_at_once")
def test_layers_beside_manifests_are_made_by_a_job_too(
    make: Make, layer: Layer, owner: User, api: APIClient
) -> None:
    manifests = [str(pk) for pk in Manifest.objects.values_list("pk", flat=True)]
    both = {"layers": [str(layer.pk)], "manifests": manifests}
    api.force_authenticate(owner)
    for kind in ("identify", "verify"):
        make(kind)
        refused = api.post(f"/api/v1/campaigns/{kind}/canvases/", both)
        assert refused.status_code == 409
    assert not Job.objects.filter(kind=choosing_layers.KIND).exists()
    campaign = make("locate")
    response = api.post("/api/v1/campaigns/locate/canvases/", both)
    assert response.status_code == 202
    whole = response.json()["added"]
    assert whole == campaign.tasks.count() > 0
    assert all(task.region is None for task in campaign.tasks.all()), "the regions are left to the job"
    run_job(response.json()["job"])
    assert campaign.tasks.count() > whole


@pytest.mark.usefixtures("few_at_once")
@pytest.mark.parametrize("kind", ["identify", "verify"])
def test_over_rest_and_on_the_page_a_job_is_told(
    kind: str, make: Make, layer: Layer, owner: User, api: APIClient, client: Client
) -> None:
    campaign = make(kind)
    api.force_authenticate(owner)
    response = api.post(f"/api/v1/campaigns/{kind}/canvases/", {"layers": [str(layer.pk)]})
    assert response.status_code == 202
    assert response.json() == {"added": 0, "tasks": 0, "job": str(campaign.choices.get().job_id)}
    client.force_login(owner)
    sent = client.post(f"/campaigns/{kind}/canvases/", {"layer": str(layer.pk)})
    assert (sent.status_code, sent["Location"]) == (302, f"/campaigns/{kind}/choices/")
    assert campaign.choices.count() == 2
    page = client.get(sent["Location"])
    assert page.status_code == 200
    assert page.context["job"] is not None
