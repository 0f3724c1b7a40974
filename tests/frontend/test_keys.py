"""The page of addresses for viewers: made, shown once, listed, revoked; refused where there is nothing to write."""

import re

import pytest
from django.test import Client

from accounts.models import ApiToken
from accounts.roles import Role, grant
from annotation.actions.keys import make_layer_key
from annotation.models import Layer
from tests.annotation.conftest import make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def layer(owner):
    return make_layer(owner)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_an_address_is_shown_once_and_works_until_it_is_revoked(layer, owner):
    desk, url = signed_in(owner), f"/layers/{layer.pk}/keys/"
    made = desk.post(url, {"name": "Mirador", "days": "90"})
    assert "no-store" in made["Cache-Control"]
    address = re.search(r'data-testid="address">([^<]+)<', made.content.decode())[1]
    path = address.removeprefix("http://localhost:8000")
    assert path.startswith(f"/sas/{layer.pk}/rub_")
    assert Client().get(f"{path}/search?uri=x").json() == []
    again = desk.get(url).content.decode()
    assert "Mirador" in again
    assert path.split("/")[3] not in again
    desk.post(f"{url}{ApiToken.objects.get().pk}/revoke/")
    assert Client().get(f"{path}/search?uri=x").status_code == 401
    assert "Revoke Mirador" not in desk.get(url).content.decode()


@pytest.mark.parametrize("fields", [{"name": "x"}, {"name": "x", "days": "7"}, {"name": " ", "days": "30"}])
def test_what_is_missing_is_said(layer, owner, fields):
    assert signed_in(owner).post(f"/layers/{layer.pk}/keys/", fields).status_code == 422
    assert ApiToken.objects.count() == 0


def test_a_contributor_sees_only_their_own(layer, owner, contributor):
    grant(contributor, layer, Role.CONTRIBUTOR)
    key, _secret = make_layer_key(layer, by=owner, name="Olga's desk", days=30)
    page = signed_in(contributor)
    assert "desk" not in page.get(f"/layers/{layer.pk}/keys/").content.decode()
    assert page.post(f"/layers/{layer.pk}/keys/{key.pk}/revoke/").status_code == 404
    assert "desk" in signed_in(owner).get(f"/layers/{layer.pk}/keys/").content.decode()


def test_a_layer_that_is_not_written_by_hand_has_no_form(layer, owner):
    Layer.objects.update(kind="ground-truth")
    desk, url = signed_in(owner), f"/layers/{layer.pk}/keys/"
    assert 'name="days"' not in desk.get(url).content.decode()
    assert desk.post(url, {"name": "x", "days": "30"}).status_code == 422
    assert ApiToken.objects.count() == 0


def test_the_same_queries_however_many_keys(layer, owner, django_assert_num_queries):
    desk, url = signed_in(owner), f"/layers/{layer.pk}/keys/"
    for count in (1, 20):
        for number in range(count):
            make_layer_key(layer, by=owner, name=f"k{number}", days=30)
        with django_assert_num_queries(5):
            desk.get(url)


def test_the_list_of_tokens_says_what_a_key_is_bound_to(layer, owner, stranger):
    make_layer_key(layer, by=owner, name="Mirador", days=30)
    page = signed_in(owner).get("/me/tokens/").content.decode()
    assert f'<a href="/layers/{layer.pk}/keys/">Notes</a>' in page
    assert signed_in(owner).get("/api/v1/tokens/").json()[0]["bound_to"] == f"layer:{layer.pk}"
    ApiToken.objects.update(user=stranger)
    hidden = signed_in(stranger).get("/me/tokens/").content.decode()
    assert "only in a layer that you no longer see" in hidden
    assert str(layer.pk) not in hidden
