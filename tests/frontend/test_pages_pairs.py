"""The pages of pairs: made by form and by table; and any two canvases beside each other."""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.models import Task
from tests.campaigns.conftest import make_manifest
from tests.campaigns.journey import Journey
from tests.campaigns.pairs import initials
from tests.campaigns.test_compare import COMPARE


def test_pairs_are_made_by_form_and_by_table(owner: User, client: Client) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE)
    layer, (a, b, c, _d) = initials(owner)
    client.force_login(owner)
    page = reverse("campaign-pairs", args=["hands"])
    assert client.get(reverse("campaign-canvases", args=["hands"])).headers["Location"] == page
    refused = client.post(page, {"by": "chance", "most": 2})
    assert refused.status_code == 422
    assert "Choose at least one layer." in refused.content.decode()
    made = client.post(page, {"by": "chance", "most": 2, "layers": [str(layer.pk)]})
    assert made.status_code == 302
    assert Task.objects.count() == 2
    Task.objects.all().delete()
    table = SimpleUploadedFile("pairs.csv", f"{a.pk};{b.pk}\n{a.pk};{a.pk}\n".encode())
    told = client.post(page, {"file": table, "table": ""}).content.decode()
    assert Task.objects.count() == 1
    assert "Row 2:" in told
    assert client.post(page, {"table": f"{b.pk},{c.pk}"}).status_code == 302
    assert client.post(page, {"table": ""}).status_code == 422
    assert client.post(page, {"table": "\x00,\x00"}).status_code == 422


def test_another_set_of_answers_is_made_with_the_settings(owner: User, client: Client) -> None:
    client.force_login(owner)
    body = {
        "title_en": "Objects", "prompt_en": "Same object?", "question_kind": "compare", "asks": "object",
        "overlap": 2, "lease_minutes": 30, "order": "sequential", "order_seed": 1, "is_public": "on",
        "rights": "https://creativecommons.org/publicdomain/zero/1.0/",
    }  # fmt: skip
    answer = client.post(reverse("campaign-new"), body)
    assert answer.status_code == 302, re.findall(r'class="error">([^<]*)', answer.content.decode())
    journey = Journey(owner, "objects")
    assert set(journey.campaign.question["answers"]) == {"same", "part", "kin", "different", "unsure"}
    answer = client.post(reverse("campaign-edit", args=["objects"]), {**body, "asks": "hand"})
    assert answer.status_code == 302, re.findall(r'class="error">([^<]*)', answer.content.decode())
    assert set(journey.campaign.question["answers"]) == {"same", "likely", "different", "unsure"}


def test_any_two_canvases_stand_beside_each_other(owner: User, stranger: User, client: Client) -> None:
    manifest, hidden = make_manifest(2, owner), make_manifest(1, stranger, is_public=False)
    first, second = manifest.canvases.order_by("position")
    secret = hidden.canvases.get()
    client.force_login(owner)
    page = reverse("canvas", args=[manifest.pk, first.pk])
    alone = client.get(page).content.decode()
    assert "<rubricator-viewer" in alone
    assert "Put beside another canvas" in alone
    other = reverse("canvas", args=[manifest.pk, second.pk])
    for asked in (str(second.pk), second.uri, f"https://here.example.org{other}", f"{second.uri}/"):
        shown = client.get(page, {"beside": asked, "xywh": "10,20,30,40"})
        assert shown.status_code == 200, asked
        found = re.search(r'id="beside-data"[^>]*>(.*?)</script>', shown.content.decode())
        assert found
        pair = json.loads(found[1])
        assert pair["second"]["canvas"]["id"] == str(second.pk)
        assert pair["first"]["region"] == [10, 20, 30, 40]
    for asked in (str(secret.pk), secret.uri, "nonsense", "\x00'", "https://example.org/none"):
        refused = client.get(page, {"beside": asked})
        assert refused.status_code == 404 if asked.strip("\x00") else 200
        assert "There is no such canvas here, or you may not see it." in refused.content.decode()
        assert "<rubricator-viewer" in refused.content.decode()
