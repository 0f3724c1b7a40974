"""The life of a campaign: pilot, schedule, archive; and what a change of its course does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import (
    archive_campaign,
    choose_canvases,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    open_campaign,
    pause_campaign,
    renew,
    restore_campaign,
    start_pilot,
    submit,
)
from campaigns.actions.life import settle_schedules
from campaigns.foresight import foresee
from campaigns.models import Assignment, Campaign, Contribution, Participant
from campaigns.queries import outlook_for, pilot_of
from problems import Conflict, Invalid
from tests.campaigns.conftest import CampaignMaker, in_threads, make_manifest, nothing_here

People = Callable[[Campaign, int], list[Participant]]
PAST, FUTURE = timedelta(hours=-1), timedelta(hours=1)


def positions(campaign: Campaign, person: Participant) -> list[int]:
    """Everything that somebody is given now, by position."""
    taken = []
    while (lease := claim(campaign, person).assignment) is not None:
        taken.append(lease.task.position)
    return taken


def test_a_pilot_offers_the_first_images_only(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    campaign = start_pilot(make_campaign(pages=5, open_it=False, pilot_size=2, overlap=1), by=owner)
    ann, bob = people(campaign, 2)
    assert positions(campaign, ann) == [0, 1]
    assert claim(campaign, bob).reason == "all_leased"
    for lease in Assignment.objects.select_related("task__campaign__vocabulary", "participant"):
        assert submit(lease, nothing_here()).counts, "pilot work counts"
    assert claim(campaign, bob).reason == "nothing_left"
    assert not outlook_for(campaign, bob).left
    pilot = pilot_of(campaign)
    assert (pilot.tasks, pilot.retired) == (2, 2)  # type: ignore[union-attr]
    campaign = open_campaign(campaign, by=owner)
    assert (campaign.status, pilot_of(campaign)) == ("open", None)
    assert positions(campaign, bob) == [2, 3, 4]


def test_a_lease_is_not_given_on_what_a_stale_request_believes(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    """Somebody read the campaign while it was open for all; the database knows better."""
    campaign = start_pilot(make_campaign(pages=3, open_it=False, pilot_size=1), by=owner)
    (ann,) = people(campaign, 1)
    believed = Campaign.objects.get(pk=campaign.pk)
    believed.status = "open"
    assert positions(believed, ann) == [0]


@pytest.mark.django_db(transaction=True)
def test_the_limit_of_a_pilot_is_exact_for_many_at_once(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    campaign = start_pilot(make_campaign(pages=9, open_it=False, pilot_size=3, overlap=8), by=owner)
    everybody = people(campaign, 8)
    given = in_threads(8, lambda number: sorted(positions(campaign, everybody[number])))
    assert given == [[0, 1, 2]] * 8


def test_a_pilot_grows_with_its_number_and_with_what_is_added(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    campaign = start_pilot(make_campaign(pages=2, open_it=False, pilot_size=3), by=owner)
    choose_canvases(campaign, manifests=[make_manifest(5, owner).pk], by=owner)
    campaign.refresh_from_db()
    (ann,) = people(campaign, 1)
    assert positions(campaign, ann) == [0, 1, 2]
    assert foresee(campaign, {"pilot_size": 5}) == ["2 more images are offered at once."]
    assert foresee(campaign, {"pilot_size": 1}) == [
        "2 images are no longer offered; the answers to them stay."
    ]
    campaign = configure_campaign(campaign, {"pilot_size": 5}, by=owner)
    assert positions(campaign, ann) == [3, 4]


def test_a_paused_pilot_goes_on_and_others_begin_none(make_campaign: CampaignMaker, owner: User) -> None:
    campaign = start_pilot(make_campaign(pages=3, open_it=False, pilot_size=1), by=owner)
    paused = pause_campaign(campaign, by=owner)
    assert start_pilot(paused, by=owner).status == "pilot"
    opened = open_campaign(campaign, by=owner)
    with pytest.raises(Conflict):
        start_pilot(opened, by=owner)
    with pytest.raises(Conflict, match="how many images"):
        start_pilot(make_campaign("other", open_it=False), by=owner)


def test_the_end_holds_with_no_worker_running(campaign: Campaign, people: People) -> None:
    ann, bob = people(campaign, 2)
    lease = claim(campaign, ann).assignment
    assert lease is not None
    Campaign.objects.update(closes_at=timezone.now() + PAST)
    assert claim(campaign, bob).assignment is None, "nor to a request that read the row before"
    campaign.refresh_from_db()
    assert (campaign.status, claim(campaign, bob).reason) == ("open", "campaign_not_open")
    assert not submit(lease, nothing_here()).counts
    assert Contribution.objects.count() == 1


def test_what_is_due_is_opened_and_closed(make_campaign: CampaignMaker, owner: User) -> None:
    due = make_campaign("due", open_it=False, opens_at=timezone.now() + PAST)
    pilot = make_campaign("pilot", open_it=False, opens_at=timezone.now() + PAST, pilot_size=1)
    later = make_campaign("later", open_it=False, opens_at=timezone.now() + FUTURE)
    unready = make_campaign("unready", open_it=False, pages=0, opens_at=timezone.now() + PAST)
    over = make_campaign("over")
    Campaign.objects.filter(pk=over.pk).update(closes_at=timezone.now() + PAST)
    assert settle_schedules() == 3
    assert settle_schedules() == 0
    statuses = dict(Campaign.objects.values_list("slug", "status"))
    assert statuses == {
        "due": "open", "pilot": "pilot", "later": "draft", "unready": "draft", "over": "closed"
    }  # fmt: skip
    for one in (due, pilot, later, unready, over):
        one.refresh_from_db()
    assert (due.opens_at, later.opens_at is None, over.closed_at is None) == (None, False, False)
    with pytest.raises(Conflict, match="has passed"):
        open_campaign(over, by=owner)
    configure_campaign(over, {"closes_at": None}, by=owner)
    assert open_campaign(over, by=owner).status == "open"


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"pilot_size": 0}, "/pilot_size"),
        ({"order": "backwards"}, "/order"),
        ({"order": "uncertain"}, "/order_run"),
    ],
    ids=["pilot", "order", "run"],
)
def test_a_course_that_makes_no_sense_is_refused(
    campaign: Campaign, owner: User, settings: dict[str, object], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        configure_campaign(campaign, settings, by=owner)
    assert refused.value.faults[0].pointer == pointer


def test_it_ends_after_it_begins(campaign: Campaign, owner: User) -> None:
    with pytest.raises(Invalid):
        configure_campaign(
            campaign, {"opens_at": timezone.now() + FUTURE, "closes_at": timezone.now() + PAST}, by=owner
        )


def test_an_archived_campaign_is_read_and_brought_back(
    campaign: Campaign, people: People, owner: User, api: APIClient, client: Client
) -> None:
    (ann,) = people(campaign, 1)
    lease = claim(campaign, ann).assignment
    assert lease is not None
    with pytest.raises(Conflict, match="Close the campaign first"):
        archive_campaign(campaign, by=owner)
    archived = archive_campaign(close_campaign(campaign, by=owner), by=owner)
    assert claim(archived, ann).reason == "campaign_not_open"
    assert not submit(lease, nothing_here()).counts
    for change in (
        lambda: configure_campaign(campaign, {"overlap": 5}, by=owner),
        lambda: open_campaign(campaign, by=owner),
        lambda: choose_canvases(campaign, manifests=[make_manifest(1, owner).pk], by=owner),
    ):
        with pytest.raises(Conflict, match="archived"):
            change()
    api.force_authenticate(owner)
    client.force_login(owner)
    assert api.get("/api/v1/campaigns/").json()["count"] == 0
    assert api.get("/api/v1/campaigns/?archived=true").json()["results"][0]["status"] == "archived"
    assert "Draw every clef" not in client.get("/campaigns/").content.decode()
    assert "Draw every clef" in client.get("/campaigns/?archived").content.decode()
    assert "Bring it back" in client.get("/campaigns/clefs/dashboard/").content.decode()
    assert restore_campaign(archived, by=owner).status == "closed"


def test_over_rest(make_campaign: CampaignMaker, owner: User, api: APIClient) -> None:
    make_campaign(pages=3, open_it=False)
    api.force_authenticate(owner)
    address = "/api/v1/campaigns/clefs/"
    assert api.patch(address, {"pilot_size": 2, "closes_at": "2100-01-01T00:00Z"}).status_code == 200
    steps = ("pilot", "pause", "pilot", "open", "close", "archive", "restore")
    said = [api.post(f"{address}{step}/").json()["status"] for step in steps]
    assert said == ["pilot", "paused", "pilot", "open", "closed", "archived", "closed"]
    told = api.get(f"{address}definition/").json()
    assert (told["pilot_size"], told["closes_at"][:10]) == (2, "2100-01-01")
    assert api.put("/api/v1/campaigns/again/definition/", told).status_code == 201
    assert Campaign.objects.get(slug="again").pilot_size == 2


def form_of(campaign: Campaign) -> dict[str, object]:
    return {
        "question_kind": "locate", "vocabulary": campaign.vocabulary_id, "overlap": 3, "lease_minutes": 30,
        "is_public": "on", "required_label": "on", "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
        "order": "sequential", "order_seed": 1,
        "title_en": "Draw every clef", "prompt_en": "Draw a box around every clef.",
    }  # fmt: skip


def test_the_page_shows_what_a_change_will_do_before_it_is_done(
    campaign: Campaign, owner: User, client: Client
) -> None:
    client.force_login(owner)
    data = {**form_of(campaign), "closes_at": "2100-01-01T10:00"}
    shown = client.post("/campaigns/clefs/edit/", data)
    assert shown.status_code == 422
    assert "Nothing is given out after" in shown.content.decode()
    campaign.refresh_from_db()
    assert campaign.closes_at is None
    key = shown.context["foreseen_key"]
    assert client.post("/campaigns/clefs/edit/", {**data, "foreseen": "old"}).status_code == 422
    assert client.post("/campaigns/clefs/edit/", {**data, "foreseen": key}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.closes_at is not None
    assert client.post("/campaigns/clefs/edit/", data).status_code == 302, "nothing changes any more"


def test_the_pilot_on_the_dashboard(make_campaign: CampaignMaker, owner: User, client: Client) -> None:
    campaign = make_campaign(pages=3, open_it=False, pilot_size=2)
    client.force_login(owner)
    assert "Start the pilot with 2 images" in client.get("/campaigns/clefs/dashboard/").content.decode()
    assert client.post("/campaigns/clefs/step/", {"step": "pilot"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == "pilot"
    page = client.get("/campaigns/clefs/dashboard/").content.decode()
    assert "0 of its 2 images" in page
    assert "Go on with all" in page


def test_a_claim_takes_as_many_statements_as_ever(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    campaign = start_pilot(
        make_campaign(pages=3, open_it=False, pilot_size=2, closes_at=timezone.now() + FUTURE), by=owner
    )
    (ann,) = people(campaign, 1)
    with CaptureQueriesContext(connection) as seen:
        lease = claim(campaign, ann).assignment
    assert lease is not None
    assert len([one for one in seen if "SAVEPOINT" not in one["sql"]]) == 2
    assert renew(lease) > timezone.now()
    assert join_campaign(campaign, visitor="v" * 32)
