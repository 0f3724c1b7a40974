"""Comments and reports: nobody is told others' words before their own answer; what is wrong reaches a curator."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import claim, join_campaign, submit
from campaigns.actions.discussing import (
    delete_comment,
    edit_comment,
    hide_comment,
    report_comment,
    write_comment,
)
from campaigns.actions.life import archive_campaign, close_campaign
from campaigns.discussion import comments_seen, standing_of, threads_seen
from campaigns.models import Campaign, Comment, Participant, Report, Task
from problems import Conflict, Invalid, Missing, Refused
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.test_gold import make_seeded
from tests.cast import Maker

Clef = Callable[[str], Concept]


def hand_in(campaign: Campaign, user: User) -> Task:
    """Answer the next task."""
    lease = claim(campaign, join_campaign(campaign, user=user)).assignment
    assert lease is not None
    submit(lease, nothing_here())
    return lease.task


def seen(campaign: Campaign, task: Task | None, user: User) -> list[str]:
    participant = Participant.objects.filter(campaign=campaign, user=user).first()
    standing = standing_of(user, campaign, task, participant)
    return [row.text for row in comments_seen(campaign, task, standing, participant)]


def test_others_are_heard_after_ones_own_answer(
    campaign: Campaign, api: APIClient, contributor: User, stranger: User, reviewer: User, owner: User
) -> None:
    task = hand_in(campaign, contributor)
    write_comment(campaign, uuid4(), "I am not *sure*.", task=task, by=contributor)
    address = f"/api/v1/campaigns/clefs/comments/?task={task.pk}"
    api.force_authenticate(stranger)
    assert api.get(address).json() == {"opened": False, "comments": []}
    with pytest.raises(Refused) as refused:
        write_comment(campaign, uuid4(), "It is an F.", task=task, by=stranger)
    assert refused.value.code == "answer-first"
    assert hand_in(campaign, stranger).pk == task.pk
    read = api.get(address).json()
    assert read["opened"] is True
    (said,) = read["comments"]
    assert (said["author"], said["mine"], said["runs_campaign"]) == ("Carl", False, False)
    assert said["text_html"] == "<p>I am not <em>sure</em>.</p>\n"
    write_comment(campaign, uuid4(), "An F.", task=task, by=stranger)
    assert seen(campaign, task, owner) == ["I am not *sure*.", "An F."]
    assert seen(campaign, task, reviewer) == []  # no role in this campaign


def test_a_retry_says_it_once(campaign: Campaign, api: APIClient, contributor: User, stranger: User) -> None:
    api.force_authenticate(contributor)
    body = {"id": str(uuid4()), "text": "Hello."}
    for _twice in range(2):
        assert api.post("/api/v1/campaigns/clefs/comments/", body, format="json").status_code == 201
    assert Comment.objects.count() == 1
    other = api.post("/api/v1/campaigns/clefs/comments/", {**body, "text": "Else."}, format="json")
    assert other.status_code == 409
    with pytest.raises(Conflict):
        write_comment(campaign, Comment.objects.get().pk, "Hello.", task=None, by=stranger)
    for bad in (
        {},
        {"id": "x", "text": "a"},
        {"id": str(uuid4()), "text": " "},
        {"id": str(uuid4()), "text": 3.5, "task": "x"},
    ):
        assert api.post("/api/v1/campaigns/clefs/comments/", bad, format="json").status_code == 422
    gone = api.post("/api/v1/campaigns/clefs/comments/", {**body, "task": str(uuid4())}, format="json")
    assert gone.status_code == 404
    assert api.get("/api/v1/campaigns/clefs/comments/?task=x").status_code == 400
    api.force_authenticate(None)
    assert api.post("/api/v1/campaigns/clefs/comments/", body, format="json").status_code == 401


def test_the_thread_of_a_known_answer_does_not_tell(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_seeded(make_campaign, clef, owner)
    known = campaign.tasks.get(position=0)
    write_comment(campaign, uuid4(), "Decided long ago: an F.", task=known, by=owner)
    participant = join_campaign(campaign, user=contributor)
    while (lease := claim(campaign, participant).assignment) is not None:
        submit(lease, nothing_here())
    assert participant.assignments.get(task=known).seeded
    assert seen(campaign, known, contributor) == []
    assert known not in threads_seen(contributor, campaign, participant)
    write_comment(campaign, uuid4(), "Is it an F?", task=known, by=contributor)
    write_comment(campaign, uuid4(), "It is.", task=known, by=owner)
    assert seen(campaign, known, contributor) == ["Is it an F?", "It is."]
    close_campaign(campaign, by=owner)
    campaign.refresh_from_db()
    assert len(seen(campaign, known, contributor)) == 3


def test_ones_own_words_are_changed_and_taken_back(
    campaign: Campaign, contributor: User, stranger: User
) -> None:
    row = write_comment(campaign, uuid4(), "Helo.", task=None, by=contributor)
    edited = edit_comment(campaign, row.pk, "Hello.", by=contributor)
    assert edited.edited_at is not None
    with pytest.raises(Missing):
        edit_comment(campaign, row.pk, "Bye.", by=stranger)
    with pytest.raises(Missing):
        delete_comment(campaign, row.pk, by=stranger)
    with pytest.raises(Invalid):
        edit_comment(campaign, row.pk, "", by=contributor)
    delete_comment(campaign, row.pk, by=contributor)
    row.refresh_from_db()
    assert row.text == ""
    assert seen(campaign, None, contributor) == []


def test_what_is_hidden_is_told_its_author_with_the_reason(
    campaign: Campaign, client: Client, contributor: User, stranger: User, owner: User
) -> None:
    row = write_comment(campaign, uuid4(), "Rude words.", task=None, by=contributor)
    hide_comment(campaign, row.pk, "Be kind.", by=owner)
    assert seen(campaign, None, stranger) == []
    assert seen(campaign, None, owner) == seen(campaign, None, contributor) == ["Rude words."]
    client.force_login(contributor)
    page = client.get(reverse("campaign-discussion", args=["clefs"])).content.decode()
    assert "Hidden from others: Be kind." in page
    hide_comment(campaign, row.pk, "", by=owner)
    assert seen(campaign, None, stranger) == ["Rude words."]


def test_something_wrong_is_reported_once_and_settled(
    make_campaign: CampaignMaker, api: APIClient, client: Client, owner: User
) -> None:
    campaign = make_campaign(allows_anonymous=True)
    claimed = api.post("/api/v1/campaigns/clefs/assignments/", {}, format="json").json()
    task = claimed["assignment"]["task"]["id"]
    body: dict[str, Any] = {"id": str(uuid4()), "task": task, "reason": "foreign", "text": "A cover."}
    told = [api.post("/api/v1/campaigns/clefs/reports/", body, format="json") for _twice in range(2)]
    assert [answer.status_code for answer in told] == [201, 201]
    again = api.post("/api/v1/campaigns/clefs/reports/", {**body, "id": str(uuid4())}, format="json")
    assert again.json()["id"] == body["id"]  # nobody has looked yet
    assert Report.objects.count() == 1
    other = campaign.tasks.exclude(pk=task).first()
    assert other is not None
    refused = api.post("/api/v1/campaigns/clefs/reports/", {**body, "task": str(other.pk)}, format="json")
    assert refused.status_code == 403
    refusable: list[Any] = [{**body, "reason": "x"}, {**body, "task": "x"}, []]
    for bad in refusable:
        assert api.post("/api/v1/campaigns/clefs/reports/", bad, format="json").status_code in (400, 422)
    comment = {"id": str(uuid4()), "text": "Anonymous."}
    assert api.post("/api/v1/campaigns/clefs/comments/", comment, format="json").status_code == 401
    client.force_login(owner)
    assert "1 report waits" in client.get(reverse("campaign-dashboard", args=["clefs"])).content.decode()
    page = client.get(reverse("report-list", args=["clefs"])).content.decode()
    assert "A cover." in page
    assert "The image does not belong here" in page
    client.post(reverse("report-list", args=["clefs"]), {"id": body["id"], "answer": "Taken out."})
    row = Report.objects.get()
    assert (row.answer, row.resolved_by) == ("Taken out.", owner)
    assert (
        "Taken out." in client.get(reverse("report-list", args=["clefs"]), {"settled": ""}).content.decode()
    )
    api.force_authenticate(owner)
    assert api.get("/api/v1/campaigns/clefs/reports/").json()["results"] == []
    assert len(api.get("/api/v1/campaigns/clefs/reports/?settled=true").json()["results"]) == 1


def test_a_comment_is_reported_by_who_may_read_it(
    campaign: Campaign, contributor: User, stranger: User
) -> None:
    task = hand_in(campaign, contributor)
    row = write_comment(campaign, uuid4(), "Rude words.", task=task, by=contributor)
    with pytest.raises(Missing):
        report_comment(campaign, uuid4(), row.pk, reason="rude", text="", by=stranger)
    hand_in(campaign, stranger)
    report_comment(campaign, uuid4(), row.pk, reason="rude", text="", by=stranger)
    assert Report.objects.get().comment == row


def test_the_pages_take_as_many_statements_for_many_as_for_few(
    campaign: Campaign, client: Client, person: Maker
) -> None:
    client.force_login(person("zoe"))
    counts = []
    for number in range(2):
        for index in range(1 + 3 * number):
            write_comment(campaign, uuid4(), "x", task=None, by=person(f"p{number}{index}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("campaign-discussion", args=["clefs"])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_people_talk_on_pages(campaign: Campaign, client: Client, contributor: User, owner: User) -> None:
    client.force_login(contributor)
    task = hand_in(campaign, contributor)
    thread = reverse("task-discussion", args=["clefs", task.pk])
    client.post(thread, {"text": "<script>alert(1)</script> **Hm**."})
    page = client.get(thread).content.decode()
    assert "<strong>Hm</strong>" in page
    assert "<script>alert" not in page
    assert thread in client.get(reverse("campaign-discussion", args=["clefs"])).content.decode()
    assert thread in client.get(reverse("my-work")).content.decode()
    row = Comment.objects.get()
    change = reverse("comment-change", args=["clefs", row.pk])
    client.post(change, {"wants": "edit", "text": "Better."})
    assert client.post(change, {"wants": "hide", "text": "x"}).status_code == 403
    client.force_login(owner)
    client.post(change, {"wants": "hide", "text": " "})
    row.refresh_from_db()
    assert (row.text, row.hidden_at) == ("Better.", None)
    client.post(change, {"wants": "hide", "text": "Off topic."})
    row.refresh_from_db()
    assert (row.hidden_reason, row.hidden_by) == ("Off topic.", owner)


def test_what_is_put_away_is_silent(campaign: Campaign, owner: User, contributor: User) -> None:
    close_campaign(campaign, by=owner)
    campaign.refresh_from_db()
    write_comment(campaign, uuid4(), "Thanks to all.", task=None, by=contributor)
    archive_campaign(campaign, by=owner)
    campaign.refresh_from_db()
    with pytest.raises(Conflict):
        write_comment(campaign, uuid4(), "Too late.", task=None, by=contributor)
