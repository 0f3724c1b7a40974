"""The page of priorities: a table is brought, looked at, applied and taken back, with plain forms alone."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from campaigns.models import Campaign, PriorityTable

PAGE = "/campaigns/clefs/priorities/"


@pytest.fixture
def olga(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def bring(client: Client, text: str, **fields: Any) -> Any:
    file = SimpleUploadedFile("order.csv", text.encode(), "text/csv")
    return client.post(PAGE, {"wants": "bring", "id": str(uuid4()), "file": file, **fields}, follow=True)


@pytest.mark.django_db
def test_from_the_file_to_the_order_and_back(campaign: Campaign, olga: Client) -> None:
    assert "All tasks with their priority now" in olga.get(PAGE).content.decode()
    task = campaign.tasks.order_by("position").last()
    assert task is not None
    page = bring(olga, f"{task.canvas.uri},10\n<b>moon</b>,1\n").content.decode()
    assert "&lt;b&gt;moon&lt;/b&gt;" in page
    assert "No task of this campaign has this id or address." in page
    assert "Set 1 priority" in page
    assert "in another order" in page
    table = PriorityTable.objects.get()
    applied = olga.post(
        PAGE, {"wants": "apply", "table": table.pk, "order": "1"}, follow=True
    ).content.decode()
    assert "1 task has its priority." in applied
    assert "in another order" not in applied
    task.refresh_from_db()
    assert task.priority == 10
    undone = olga.post(PAGE, {"wants": "undo", "table": table.pk}, follow=True).content.decode()
    assert "again what they were before" in undone
    assert "Taken back" in undone


@pytest.mark.django_db
def test_what_cannot_be_is_said(campaign: Campaign, olga: Client) -> None:
    assert bring(olga, "").status_code == 422
    assert olga.post(PAGE, {"wants": "bring", "id": str(uuid4())}).status_code == 422
    assert "No line of the table names a task" in bring(olga, "moon,1").content.decode()
    table = PriorityTable.objects.get()
    refused = olga.post(PAGE, {"wants": "undo", "table": table.pk}, follow=True).content.decode()
    assert "have not been applied" in refused
    assert olga.post(PAGE, {"wants": "burn", "table": table.pk}).status_code == 400
    for odd in ("moon", uuid4()):
        assert olga.post(PAGE, {"wants": "apply", "table": odd}).status_code == 404
    assert olga.get(PAGE, {"table": "moon"}).status_code == 200
