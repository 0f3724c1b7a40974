"""Decisions are W3C annotations: who may read the consensus reads what was made of it, and why."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.addresses import annotation_uri
from annotation.models import Annotation
from annotation.webanno import validate
from campaigns.actions import assign_role
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.models import Campaign, Decision, Task
from taxonomy.models import Concept
from tests.campaigns.conftest import nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, task_at

Clef = Callable[[str], Concept]
FAR = (700, 900, 40, 80)


@pytest.fixture
def decided(campaign: Campaign, owner: User, clef: Clef) -> Task:
    """One item accepted, one corrected with a reason, one added."""
    f, g = clef("F"), clef("G")
    answer(campaign, {0: [located([(ONE, f), (TWO, f)]) for _person in range(3)]})
    merge(campaign)
    task = task_at(campaign)
    one, two = sorted(task.consensus.items.select_related("annotation"), key=lambda item: item.annotation.y)
    judgements = [
        Judgement("accepted", item=one.pk),
        Judgement("corrected", item=two.pk, concepts=(g.pk,), reason="The dots are missing."),
        Judgement("added", box=FAR, concepts=(g.pk,)),
    ]
    decide(campaign, task.pk, judgements, request=uuid4(), by=owner)
    return task


def said(verdict: str) -> tuple[Decision, Annotation]:
    decision = Decision.objects.get(verdict=verdict, superseded_at=None)
    return decision, Annotation.objects.get(pk=decision.pk)


def test_accepting_assesses_the_merged_annotation_and_its_place(decided: Task) -> None:
    decision, row = said("accepted")
    assert (row.layer, row.motivations, row.box) == (decided.campaign.decisions_layer, ["assessing"], ONE)
    place, judged = row.document["target"]
    assert judged == annotation_uri(decision.judged)
    assert place["source"]["id"] == decided.canvas.uri
    assert place["selector"]["value"] == "xywh=100,100,40,80"
    assert [(body["purpose"], body["value"]) for body in row.document["body"]] == [("assessing", "accepted")]
    assert row.document["creator"]["nickname"] == "Olga"


def test_changing_what_others_said_moderates_with_a_reason(decided: Task) -> None:
    _decision, row = said("corrected")
    assert row.motivations == ["moderating"]
    assert [(body["purpose"], body["value"]) for body in row.document["body"]] == [
        ("moderating", "corrected"),
        ("commenting", "The dots are missing."),
    ]
    _decision, added = said("added")
    assert (added.motivations, added.box) == (["moderating"], FAR)
    assert isinstance(added.document["target"], dict)  # nobody had said anything there


def test_they_are_valid_annotations(decided: Task) -> None:
    for row in Annotation.objects.filter(layer=decided.campaign.decisions_layer):
        assert validate({**row.document, "id": annotation_uri(row)}) == []


def test_that_nothing_is_here_is_said_of_the_canvas(campaign: Campaign, owner: User) -> None:
    answer(campaign, {0: [nothing_here() for _person in range(3)]})
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    _decision, row = said("nothing")
    assert (row.motivations, row.box) == (["assessing"], None)


def test_a_later_decision_takes_it_away_and_keeps_it_on_record(decided: Task, owner: User) -> None:
    before = {row.pk for row in Annotation.objects.filter(layer=decided.campaign.decisions_layer)}
    accept_all(decided.campaign, decided, owner, supersede=True)
    layer = decided.campaign.decisions_layer
    assert (
        set(Annotation.objects.filter(layer=layer, deleted_at__isnull=False).values_list("pk", flat=True))
        == before
    )
    assert Annotation.objects.filter(layer=layer, deleted_at=None).count() == 2
    assert Decision.objects.filter(pk__in=before).count() == 3


def test_it_is_served_as_the_consensus_is(
    decided: Task, owner: User, reviewer: User, contributor: User, api: APIClient
) -> None:
    campaign = decided.campaign
    for person, role in ((reviewer, Role.REVIEWER), (contributor, Role.CONTRIBUTOR)):
        assign_role(campaign, person, role, by=owner)
    layer, canvas = campaign.decisions_layer_id, decided.canvas_id
    addresses = (f"/w3c/{layer}/", f"/iiif/annotations/{layer}/{canvas}")
    for person, status in ((owner, 200), (reviewer, 200), (contributor, 404), (None, 404)):
        api.force_authenticate(person)
        assert [api.get(address).status_code for address in addresses] == [status] * 2
    api.force_authenticate(reviewer)
    page = api.get(addresses[1]).json()
    assert sorted(item["motivation"] for item in page["items"]) == ["assessing", "moderating", "moderating"]
    refused = api.post(addresses[0], page["items"][0], format="json")
    assert refused.status_code == 403  # filled by the campaign alone
