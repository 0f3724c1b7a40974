"""Webhooks: what is told when, in which form, to a real receiver that fails, comes back, and is told again."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from campaigns import jobs
from campaigns.actions import (
    archive_campaign,
    assign_role,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    pause_campaign,
    submit,
)
from campaigns.actions.delivering import deliver_due, due_webhooks, look_after_webhooks
from campaigns.actions.telling import tell_of_contributions
from campaigns.actions.undoing import take_back
from campaigns.actions.webhooks import deliver_again, make_webhook, ping_webhook
from campaigns.models import Campaign, Contribution, Decision, Webhook, WebhookDelivery
from campaigns.signing import new_secret, signature, wait_s
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.outcomes import ONE, accept_all, answer, located, merge, released, task_at

EVERYTHING = list(Webhook.Event.values)
ADDRESS = "/api/v1/campaigns/clefs/webhooks/"


class Receiver:
    """A web server on loopback that keeps what it is sent, and answers what it is told to (200 after that)."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                status = receiver.answers.pop(0) if receiver.answers else 200
                self.send_response(status)
                if status in {302, 307}:
                    self.send_header("Location", f"{receiver.url}elsewhere")
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", "6")
                self.end_headers()
                self.wfile.write(b"<html>")

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    found = Receiver()
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = ["127.0.0.1"]
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def webhook(campaign: Campaign, receiver: Receiver, owner: User) -> Webhook:
    return make_webhook(campaign, url=receiver.url, events=EVERYTHING, by=owner)


def told(webhook: Webhook) -> list[tuple[str, dict[str, Any]]]:
    rows = WebhookDelivery.objects.filter(webhook=webhook).order_by("created_at")
    return [(row.event, row.payload["data"]) for row in rows]


def let_time_pass(webhook: Webhook) -> None:
    """So that all that rests is due."""
    now = timezone.now()
    WebhookDelivery.objects.filter(webhook=webhook, state="waiting").update(due_at=now)
    Webhook.objects.filter(pk=webhook.pk).update(rests_until=None)


def hand_in(campaign: Campaign) -> None:
    given = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
    assert given is not None
    submit(given, nothing_here())


# --- what is told ---------------------------------------------------------------------------------


def test_a_task_that_enough_people_have_seen(campaign: Campaign, webhook: Webhook) -> None:
    for _person in range(3):
        hand_in(campaign)
    ((event, data),) = told(webhook)
    assert event == "task.retired"
    assert data == {"campaign": "clefs", "tasks": [{"id": str(task_at(campaign).pk), "rule": "fixed"}]}


def test_tasks_that_a_changed_rule_retires(campaign: Campaign, webhook: Webhook, owner: User) -> None:
    answer(campaign, {0: [nothing_here(), nothing_here()], 1: [nothing_here(), nothing_here()]})
    configure_campaign(campaign, {"overlap": 2}, by=owner)
    ((event, data),) = told(webhook)
    assert event == "task.retired"
    assert {task["id"] for task in data["tasks"]} == {str(task_at(campaign, at).pk) for at in (0, 1)}


@pytest.mark.parametrize("listens", [False, True])
def test_handing_in_takes_no_more_statements(
    campaign: Campaign, receiver: Receiver, owner: User, listens: bool
) -> None:
    if listens:
        make_webhook(campaign, url=receiver.url, events=EVERYTHING, by=owner)
    counts = []
    for _person in range(3):
        given = claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment
        assert given is not None
        with CaptureQueriesContext(connection) as queries:
            submit(given, nothing_here())
        counts.append(sum("webhook" in query["sql"] for query in queries))
    assert counts == [0, 0, 1]  # within the one that keeps the answer, where that is the last
    assert WebhookDelivery.objects.count() == listens


@pytest.mark.django_db(transaction=True)
def test_decisions_releases_and_the_course(
    make_campaign: CampaignMaker, receiver: Receiver, owner: User, clef: Callable[[str], Concept]
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    merge(campaign)
    webhook = make_webhook(campaign, url=receiver.url, events=EVERYTHING, by=owner)
    accept_all(campaign, task_at(campaign), owner)
    release = released(campaign, owner)
    pause_campaign(campaign, by=owner)
    close_campaign(campaign, by=owner)
    close_campaign(campaign, by=owner)  # changes nothing
    assert [event for event, _data in told(webhook)] == [
        "task.decided", "release.published", "campaign.status", "campaign.status",
    ]  # fmt: skip
    decided, published, paused, closed = (data for _event, data in told(webhook))
    assert decided["tasks"] == [{"id": str(task_at(campaign).pk)}]
    assert (published["release"], published["number"]) == (str(release.pk), 1)
    assert (paused["before"], paused["status"], closed["status"]) == ("open", "paused", "closed")


def test_tasks_that_wait_again(campaign: Campaign, webhook: Webhook, owner: User) -> None:
    answer(campaign, {0: [nothing_here(), nothing_here()], 1: [nothing_here() for _person in range(3)]})
    configure_campaign(campaign, {"overlap": 2}, by=owner)
    merge(campaign)
    WebhookDelivery.objects.all().delete()
    configure_campaign(campaign, {"overlap": 3}, by=owner)
    ((event, data),) = told(webhook)
    assert (event, data["tasks"]) == ("task.reopened", [{"id": str(task_at(campaign).pk), "state": "open"}])
    WebhookDelivery.objects.all().delete()
    accept_all(campaign, task_at(campaign, 1), owner)
    decision = Decision.objects.get(task=task_at(campaign, 1))
    for _twice in range(2):
        take_back(campaign, decision.request, by=owner)
    (_decided, (event, data)) = told(webhook)
    assert event == "task.reopened"
    assert data["tasks"] == [{"id": str(task_at(campaign, 1).pk), "state": "retired"}]


def test_only_what_it_listens_to_and_only_of_its_campaign(
    campaign: Campaign, make_campaign: CampaignMaker, receiver: Receiver, owner: User
) -> None:
    other = make_campaign("other")
    webhook = make_webhook(campaign, url=receiver.url, events=["task.retired"], by=owner)
    pause_campaign(campaign, by=owner)
    pause_campaign(other, by=owner)
    assert told(webhook) == []


def test_what_is_undone_is_not_told(campaign: Campaign, webhook: Webhook, owner: User) -> None:
    with transaction.atomic():
        pause_campaign(campaign, by=owner)
        transaction.set_rollback(True)
    assert told(webhook) == []


def test_contributions_come_together(campaign: Campaign, webhook: Webhook) -> None:
    for _person in range(2):
        hand_in(campaign)
    assert tell_of_contributions() == 0  # the minute is not over
    long_ago = timezone.now() - timedelta(minutes=5)
    Contribution.objects.update(submitted_at=long_ago)
    Webhook.objects.update(told_until=long_ago - timedelta(seconds=1))
    assert tell_of_contributions() == 1
    assert tell_of_contributions() == 0
    ((event, data),) = told(webhook)
    assert event == "contribution.submitted"
    assert {one["id"] for one in data["contributions"]} == {
        str(pk) for pk in Contribution.objects.values_list("pk", flat=True)
    }
    assert data["contributions"][0].keys() == {"id", "task", "participant", "submitted_at", "counted"}


def test_no_contribution_is_left_out_of_large_batches(
    campaign: Campaign, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.actions.telling.MOST_IN_A_BATCH", 2)
    answer(campaign, {at: [nothing_here() for _person in range(3)] for at in range(3)})
    moment = timezone.now() - timedelta(minutes=10)
    for number, pk in enumerate(Contribution.objects.values_list("pk", flat=True)):
        # Three have the same moment.
        Contribution.objects.filter(pk=pk).update(submitted_at=moment + timedelta(seconds=max(number, 3)))
    Webhook.objects.update(told_until=moment - timedelta(seconds=1))
    while tell_of_contributions():
        pass
    batches = [data["contributions"] for event, data in told(webhook) if event == "contribution.submitted"]
    ids = [one["id"] for batch in batches for one in batch]
    assert sorted(ids) == sorted(str(pk) for pk in Contribution.objects.values_list("pk", flat=True))


# --- how it is sent -------------------------------------------------------------------------------


def test_a_message_is_signed(webhook: Webhook, receiver: Receiver) -> None:
    delivery = ping_webhook(webhook)
    assert deliver_due(webhook.pk) == 1
    ((headers, body),) = receiver.got
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == f"msg_{delivery.pk.hex}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    message = json.loads(body)
    assert (message["type"], message["data"]) == ("webhook.ping", {"campaign": "clefs"})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("arrived", 1, "")
    webhook.refresh_from_db()
    assert webhook.arrived_at is not None


def test_the_signature_of_the_specification() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks (its libraries' tests)."""
    said = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_waits_grow_up_to_six_hours() -> None:
    assert [round(wait_s(failures, 0.5)) for failures in (1, 2, 3, 8, 50)] == [10, 40, 160, 21600, 21600]
    assert (round(wait_s(1, 0), 1), round(wait_s(1, 1), 1)) == (8.0, 12.0)
    assert len({new_secret() for _time in range(20)}) == 20


def test_a_failure_is_tried_again_with_the_same_id(webhook: Webhook, receiver: Receiver) -> None:
    delivery = ping_webhook(webhook)
    receiver.answers = [500, 404]
    for failures in (1, 2):
        assert deliver_due(webhook.pk) == 0
        delivery.refresh_from_db()
        webhook.refresh_from_db()
        assert (delivery.state, delivery.attempts, webhook.failures) == ("waiting", failures, failures)
        assert delivery.due_at > timezone.now()
        assert deliver_due(webhook.pk) == 0  # it rests
        assert len(receiver.got) == failures
        let_time_pass(webhook)
    assert "404" in delivery.error
    assert deliver_due(webhook.pk) == 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since, webhook.rests_until) == (0, None, None)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert len({body for _headers, body in receiver.got}) == 1


def test_one_that_fails_holds_up_the_others_only_for_a_while(webhook: Webhook, receiver: Receiver) -> None:
    for _time in range(3):
        ping_webhook(webhook)
    receiver.answers = [500]
    assert deliver_due(webhook.pk) == 0
    assert due_webhooks() == []
    Webhook.objects.update(rests_until=timezone.now())
    assert due_webhooks() == [webhook.pk]
    assert deliver_due(webhook.pk) == 2


def test_given_up_after_a_day_and_sent_again_by_hand(webhook: Webhook, receiver: Receiver) -> None:
    delivery = ping_webhook(webhook)
    WebhookDelivery.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    receiver.answers = [500]
    deliver_due(webhook.pk)
    delivery.refresh_from_db()
    assert delivery.state == "dead"
    let_time_pass(webhook)
    assert (due_webhooks(), deliver_due(webhook.pk)) == ([], 0)
    deliver_again(webhook, delivery.pk)
    assert deliver_due(webhook.pk) == 1
    first, second = (headers["webhook-id"] for headers, _body in receiver.got)
    assert first == second


def test_what_a_dead_sender_had_in_hand_is_found(webhook: Webhook, receiver: Receiver) -> None:
    delivery = ping_webhook(webhook)
    with connection.cursor() as cursor:  # claimed, and the sender dies
        cursor.execute(
            "UPDATE campaigns_webhookdelivery SET attempts = 1, due_at = now() - interval '1 second'"
        )
    assert look_after_webhooks() == [webhook.pk]
    jobs.send_messages(str(webhook.pk))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, len(receiver.got)) == ("arrived", 2, 1)


def test_one_that_keeps_failing_is_switched_off(
    webhook: Webhook, campaign: Campaign, receiver: Receiver, owner: User, api: APIClient, client: Client
) -> None:
    delivery = ping_webhook(webhook)
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3, minutes=1))
    receiver.answers = [500]
    deliver_due(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_on
    assert "500" in webhook.off_because
    pause_campaign(campaign, by=owner)
    assert told(webhook) == [("webhook.ping", {"campaign": "clefs"})]  # it is told nothing meanwhile
    let_time_pass(webhook)
    assert (due_webhooks(), deliver_due(webhook.pk)) == ([], 0)
    with pytest.raises(Conflict):
        ping_webhook(webhook)
    client.force_login(owner)
    for page in ("watch", "dashboard"):
        assert (
            "was switched off because it kept failing"
            in client.get(f"/campaigns/clefs/{page}/").content.decode()
        )
    api.force_authenticate(owner)
    assert api.patch(f"{ADDRESS}{webhook.pk}/", {"is_on": True}).json()["off_at"] is None
    assert deliver_due(webhook.pk) == 1
    delivery.refresh_from_db()
    assert delivery.state == "arrived"
    assert "kept failing" not in client.get("/campaigns/clefs/watch/").content.decode()


def test_who_says_gone_is_told_no_more(webhook: Webhook, receiver: Receiver) -> None:
    ping_webhook(webhook)
    receiver.answers = [410]
    deliver_due(webhook.pk)
    webhook.refresh_from_db()
    assert not webhook.is_on


def test_a_message_goes_nowhere_else(webhook: Webhook, receiver: Receiver, settings: Any) -> None:
    ping_webhook(webhook)
    receiver.answers = [307]
    assert deliver_due(webhook.pk) == 0
    assert len(receiver.got) == 1
    let_time_pass(webhook)
    settings.RUBRICATOR_ALLOWED_HOSTS_PRIVATE = []
    assert deliver_due(webhook.pk) == 0
    assert len(receiver.got) == 1
    assert "private or reserved" in WebhookDelivery.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_message_once(
    make_campaign: CampaignMaker, receiver: Receiver, owner: User
) -> None:
    webhook = make_webhook(make_campaign(), url=receiver.url, events=EVERYTHING, by=owner)
    for _time in range(12):
        ping_webhook(webhook)
    assert sum(in_threads(3, lambda _number: deliver_due(webhook.pk))) == 12
    ids = [headers["webhook-id"] for headers, _body in receiver.got]
    assert len(set(ids)) == len(ids) == 12


def test_old_messages_are_forgotten(webhook: Webhook, receiver: Receiver) -> None:
    for _time in range(2):
        ping_webhook(webhook)
    deliver_due(webhook.pk)
    kept = ping_webhook(webhook)
    WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    look_after_webhooks()
    assert list(WebhookDelivery.objects.values_list("pk", flat=True)) == [kept.pk]


# --- who makes them -------------------------------------------------------------------------------


def test_over_rest(campaign: Campaign, receiver: Receiver, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    made = api.post(ADDRESS, {"url": receiver.url, "events": ["task.retired"]})
    assert made.status_code == 201
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made.json()["secret"])
    (listed,) = api.get(ADDRESS).json()
    assert "secret" not in listed
    address = f"{ADDRESS}{listed['id']}/"
    assert api.patch(address, {"events": EVERYTHING}).json()["events"] == EVERYTHING
    assert api.post(f"{address}ping/").status_code == 202
    deliver_due(listed["id"])
    (delivery,) = api.get(f"{address}deliveries/").json()["results"]
    assert (delivery["event"], delivery["state"]) == ("webhook.ping", "arrived")
    assert api.post(f"{address}deliveries/{delivery['id']}/again/").json()["state"] == "waiting"
    assert api.post(f"{address}deliveries/{uuid4()}/again/").status_code == 404
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "pointer", "code"),
    [
        ({"url": "http://example.org/", "events": ["task.retired"]}, "/url", "not-https"),
        ({"url": "ftp://example.org/", "events": ["task.retired"]}, "/url", "scheme-refused"),
        ({"url": "https://a b", "events": ["task.retired"]}, "/url", "url-malformed"),
        ({"url": "https://me:secret@example.org/", "events": ["task.retired"]}, "/url", "credentials-in-url"),
        ({"url": "https://example.org/", "events": ["task.eaten"]}, "/events", "unknown-event"),
        ({"url": "https://example.org/", "events": []}, "/events", "no-event"),
    ],
)
def test_what_cannot_be_a_webhook(
    campaign: Campaign, owner: User, api: APIClient, sent: dict[str, Any], pointer: str, code: str
) -> None:
    api.force_authenticate(owner)
    refused = api.post(ADDRESS, sent)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_limits(campaign: Campaign, make_campaign: CampaignMaker, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    sent = {"url": "https://example.org/", "events": ["task.retired"]}
    made = [api.post(ADDRESS, sent) for _time in range(11)]
    assert [one.status_code for one in made] == [201] * 10 + [409]
    other = make_campaign("other")
    assert api.get(f"/api/v1/campaigns/other/webhooks/{made[0].json()['id']}/").status_code == 404
    close_campaign(other, by=owner)
    archive_campaign(other, by=owner)
    assert api.post("/api/v1/campaigns/other/webhooks/", sent).json()["code"] == "campaign-archived"


def test_only_who_runs_the_campaign(
    campaign: Campaign, webhook: Webhook, owner: User, reviewer: User, api: APIClient
) -> None:
    assign_role(campaign, reviewer, Role.REVIEWER, by=owner)
    api.force_authenticate(reviewer)
    for address in (ADDRESS, f"{ADDRESS}{webhook.pk}/", f"{ADDRESS}{webhook.pk}/deliveries/"):
        assert api.get(address).status_code == 403


def test_on_the_pages(campaign: Campaign, receiver: Receiver, owner: User, client: Client) -> None:
    client.force_login(owner)
    page = "/campaigns/clefs/webhooks/"
    assert "Nobody is told yet" in client.get(page).content.decode()
    refused = client.post(page, {"url": "http://example.org/", "events": ["task.retired"]})
    assert refused.status_code == 422
    assert "begin with https://" in refused.content.decode()
    made = client.post(page, {"url": receiver.url, "events": ["task.retired"]})
    webhook = Webhook.objects.get()
    assert webhook.secret in made.content.decode()
    assert webhook.secret not in client.get(page).content.decode()
    own = f"{page}{webhook.pk}/"
    assert webhook.secret not in client.get(own).content.decode()
    client.post(f"{own}step/", {"step": "ping"})
    receiver.answers = [500]
    deliver_due(webhook.pk)
    shown = client.get(own).content.decode()
    assert "answered 500" in shown
    assert "failing for" in shown
    let_time_pass(webhook)
    deliver_due(webhook.pk)
    delivery = WebhookDelivery.objects.get()
    assert "Arrived" in client.get(own).content.decode()
    client.post(f"{own}deliveries/{delivery.pk}/again/")
    assert deliver_due(webhook.pk) == 1
    client.post(own, {"url": receiver.url, "events": ["task.decided", "campaign.status"]})
    client.post(f"{own}step/", {"step": "off"})
    webhook.refresh_from_db()
    assert (webhook.events, webhook.is_on) == (["task.decided", "campaign.status"], False)
    client.post(f"{own}step/", {"step": "on"})
    webhook.refresh_from_db()
    assert webhook.is_on
    assert client.post(f"{own}step/", {"step": "remove"}).headers["Location"] == page
    assert not Webhook.objects.exists()
