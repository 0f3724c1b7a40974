"""What people see where there is no page: never an empty screen."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FORM = "/campaigns/clefs/step/"


def test_the_address_of_a_form_that_is_opened_as_a_page_says_so(client: Client) -> None:
    refused = client.get(FORM)
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert "only takes what a form sends" in refused.content.decode()
    french = client.get(FORM, headers={"Accept-Language": "fr"}).content.decode()
    assert "Cela ne peut pas se faire ici" in french
    assert "Cette adresse ne reçoit que ce qu’un formulaire envoie" in french


def test_a_program_is_answered_as_before(client: Client) -> None:
    refused = client.get("/iiif/auth/logout-of-nobody")
    assert refused["Content-Type"] == "application/problem+json"
