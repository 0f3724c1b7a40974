"""One's own data: whole, one's own alone, silent about known answers, and gone after a week."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from axes.models import AccessLog
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import User
from annotation.models import Annotation
from campaigns.actions import claim, close_campaign, join_campaign, submit
from campaigns.actions.personal_exports import forget_old_exports, request_export
from campaigns.certificates import make_certificate
from campaigns.models import Campaign, Contribution, Invitation, Participant, PersonalExport
from taxonomy.models import Concept
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, answer, decide_everything, located, merge
from tests.campaigns.test_gold import answer_known, make_seeded
from work.actions import run_job
from work.models import Job

Clef = Callable[[str], Concept]


def exported(user: User) -> dict[str, bytes]:
    """The files of somebody's data, as the worker writes them."""
    export = request_export(user)
    assert export.job is not None
    run_job(str(export.job.pk))
    export.refresh_from_db()
    export.job.refresh_from_db()
    assert export.job.state == Job.State.DONE, export.job.error
    with default_storage.open(str(export.content.name), "rb") as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def hand_in(campaign: Campaign, user: User, submission: Any) -> Contribution:
    given = claim(campaign, join_campaign(campaign, user=user)).assignment
    assert given is not None
    return Contribution.objects.get(pk=submit(given, submission).id)


def test_everything_is_in_it(campaign: Campaign, contributor: User, stranger: User, clef: Clef) -> None:
    said = located([(ONE, clef("F"))])
    said = replace(said, answer={**said.answer, "comment": "=cmd() a blot"})
    mine = hand_in(campaign, contributor, said)
    theirs = hand_in(campaign, stranger, nothing_here())
    layer = make_layer(contributor)
    (own,) = annotate(layer, campaign.tasks.all()[0].canvas)
    Annotation.objects.filter(pk=own.pk).update(created_by=contributor)
    create_token(by=contributor, name="my script", scopes=["read"])
    Invitation.objects.create(campaign=campaign, email="CARL@example.org", role="observer", language="fr")
    Invitation.objects.create(campaign=campaign, email="other@example.org", role="observer", language="fr")
    for name in ("carl", "stan"):
        AccessLog.objects.create(
            username=name, ip_address="192.0.2.7", user_agent="A browser", http_accept=""
        )
    make_certificate(contributor, slug="", name="Carl Clef", with_orcid=False)

    files = exported(contributor)
    account = json.loads(files["account.json"])
    assert (account["username"], account["email"]) == ("carl", "carl@example.org")
    assert [token["name"] for token in account["tokens"]] == ["my script"]
    assert [row["network_address"] for row in table(files["sign-ins.csv"])] == ["192.0.2.7"]
    (answered,) = json.loads(files["answers.json"])
    assert answered["id"] == str(mine.pk)
    assert answered["labels"] == {str(clef("F").pk): "F clef"}
    assert table(files["answers.csv"])[0]["labels"] == "F clef"
    assert table(files["comments.csv"])[0]["comment"] == "'=cmd() a blot"
    (took_part,) = json.loads(files["participations.json"])
    assert (took_part["campaign"], took_part["name"]) == ("clefs", "Carl")
    items = json.loads(files["annotations.jsonld"])["items"]
    drawn = answered["answer"]["shapes"][0]["id"]
    assert {item["id"].rsplit("/", 1)[1] for item in items} == {str(own.pk), drawn}
    assert [row["email"] for row in json.loads(files["campaigns.json"])["invitations"]] == [
        "CARL@example.org"
    ]
    assert [row["name"] for row in json.loads(files["campaigns.json"])["certificates"]] == ["Carl Clef"]
    everything = b"".join(files.values())
    assert str(theirs.pk).encode() not in everything
    assert b"Stan" not in everything
    assert {line for line in files["README.txt"].decode().split("\n") if line in files} == set(files) - {
        "README.txt"
    }


def test_the_explanation_speaks_the_language_in_which_it_was_asked_for(contributor: User) -> None:
    with translation.override("fr"):
        export = request_export(contributor)
    assert export.language == "fr"


def test_who_has_done_nothing_gets_empty_files(stranger: User) -> None:
    files = exported(stranger)
    assert json.loads(files["answers.json"]) == []
    assert table(files["answers.csv"]) == []
    assert json.loads(files["annotations.jsonld"])["items"] == []


def test_known_answers_are_not_told_before_the_campaign_ends(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_seeded(make_campaign, clef, owner)
    known = answer_known(campaign, join_campaign(campaign, user=contributor), nothing_here)
    assert not known.counts
    seeded = 1
    while hand_in(campaign, contributor, nothing_here()).assignment.seeded:
        seeded += 1
    files = exported(contributor)
    rows = {row["id"]: row for row in json.loads(files["answers.json"])}
    others = [row for pk, row in rows.items() if pk != str(known.pk)]
    told = {
        name: value for name, value in rows[str(known.pk)].items() if name in ("counted", "state", "verdict")
    }
    assert others
    assert rows[str(known.pk)]["verdict"] is None
    assert all({name: row[name] for name in told} == told for row in others)
    assert json.loads(files["participations.json"])[0]["reliability"] is None

    close_campaign(campaign, by=owner)
    files = exported(contributor)
    rows = {row["id"]: row for row in json.loads(files["answers.json"])}
    assert rows[str(known.pk)]["state"] == "decided"
    reliability = json.loads(files["participations.json"])[0]["reliability"]
    assert reliability["on_known_answers"]["of"] == seeded


def test_what_was_decided_is_told(
    make_campaign: CampaignMaker, clef: Clef, owner: User, contributor: User
) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    hand_in(campaign, contributor, located([(ONE, clef("F"))]))
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    merge(campaign)
    decide_everything(campaign, owner)
    (row,) = json.loads(exported(contributor)["answers.json"])
    assert (row["state"], row["verdict"]["agreement"]) == ("decided", 1.0)
    assert [one["kind"] for one in row["verdict"]["outcomes"]] == ["stood"]
    assert len(table(exported(owner)["decisions.csv"])) == 1


def test_what_was_left_of_a_visit_is_among_it(campaign: Campaign, contributor: User) -> None:
    visit = join_campaign(campaign, visitor="v" * 64)
    given = claim(campaign, visit).assignment
    assert given is not None
    submit(given, nothing_here())
    own = join_campaign(campaign, user=contributor)
    Participant.objects.filter(pk=visit.pk).update(merged_into=own, visitor="")
    assert len(json.loads(exported(contributor)["answers.json"])) == 1


def test_one_is_written_at_a_time_and_one_is_kept(contributor: User) -> None:
    first = request_export(contributor)
    assert request_export(contributor).pk == first.pk
    exported(contributor)
    first.refresh_from_db()
    second = request_export(contributor)
    assert second.pk != first.pk
    assert list(PersonalExport.objects.filter(user=contributor)) == [second]


@pytest.mark.django_db(transaction=True)
def test_after_a_week_it_is_gone(contributor: User) -> None:
    exported(contributor)
    export = PersonalExport.objects.get()
    client = Client()
    client.force_login(contributor)
    address = reverse("my-data-file", args=[export.pk])
    fetched: Any = client.get(address)
    assert fetched["Cache-Control"] == "private, no-store"
    assert b"".join(fetched.streaming_content)[:2] == b"PK"
    name = str(export.content.name)
    assert forget_old_exports(timezone.now()) == 0
    PersonalExport.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 410  # whether a worker lives or not
    assert forget_old_exports(timezone.now()) == 1
    assert not default_storage.exists(name)
    assert client.get(address).status_code == 404


def test_it_is_ones_own_alone(api: APIClient, contributor: User, stranger: User) -> None:
    exported(contributor)
    export = PersonalExport.objects.get()
    address = reverse("api-export-file", args=[export.pk])
    api.force_authenticate(stranger)
    assert api.get(address).status_code == 404
    stranger.is_superuser = True
    stranger.save()
    assert api.get(address).status_code == 404
    api.force_authenticate(contributor)
    assert api.get(address).status_code == 200
    assert api.get(reverse("api-export-file", args=[uuid4()])).status_code == 404
    listed = api.get(reverse("api-exports")).json()
    assert [(row["state"], row["size"] > 0) for row in listed] == [("done", True)]


def test_asked_for_over_rest(api: APIClient, contributor: User) -> None:
    api.force_authenticate(contributor)
    asked = api.post(reverse("api-exports"))
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    assert api.get(reverse("api-export-file", args=[asked.json()["id"]])).status_code == 409


def test_an_export_that_was_deleted_meanwhile_is_not_written(contributor: User) -> None:
    export = request_export(contributor)
    assert export.job is not None
    PersonalExport.objects.all().delete()
    run_job(str(export.job.pk))
    export.job.refresh_from_db()
    assert export.job.state == Job.State.FAILED
    assert not default_storage.exists(f"exports/{export.pk}.zip")


def test_it_takes_as_many_queries_however_many_answers_there_are(
    make_campaign: CampaignMaker, contributor: User
) -> None:
    campaign = make_campaign(pages=12)
    counts = []
    for more in (2, 9):
        for _number in range(more):
            hand_in(campaign, contributor, nothing_here())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            exported(contributor)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2  # the earlier export, which goes


def test_the_page_asks_shows_and_offers(client: Client, contributor: User) -> None:
    client.force_login(contributor)
    address = reverse("my-data")
    assert "Put my data together" in client.get(address).content.decode()
    assert client.post(address)["Location"] == address
    waiting = client.get(address).content.decode()
    assert "Putting your data together" in waiting
    assert "Put my data together</button>" not in waiting
    exported(contributor)
    shown = client.get(address).content.decode()
    assert reverse("my-data-file", args=[PersonalExport.objects.get().pk]) in shown
    assert "Put it together anew" in shown
