"""API tokens: shown once, kept as digests, limited by scope and time, ended at once, good at every door."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.actions import create_token, revoke_token
from accounts.models import ApiToken, digest_of
from problems import Invalid, Missing
from tests.annotation.conftest import make_layer

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens/"


def test_the_secret_is_shown_once_and_never_kept(api, contributor):
    api.force_authenticate(contributor)
    made = api.post(TOKENS, {"name": "notebook", "scopes": ["read"]})
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("rub_")
    assert len(secret) > 40
    row = ApiToken.objects.values().get()
    assert row["digest"] == digest_of(secret)
    assert secret not in str(row)
    assert secret not in api.get(TOKENS).content.decode()


def test_a_token_speaks_for_its_owner(contributor, key):
    _token, client = key(contributor)
    assert client.get("/api/v1/me/").json()["username"] == "carl"


@pytest.mark.parametrize("header", ["Bearer rub_wrong", "Bearer", "Bearer ", "bearer x y", "Bearer \xff"])
def test_an_unknown_token_is_401_even_where_everybody_may_read(header):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header)
    for url in ("/api/v1/me/", "/api/v1/vocabularies/", "/w3c/context.json"):
        response = client.get(url)
        assert response.status_code == 401
        assert response["WWW-Authenticate"] == "Bearer"
        assert response.json()["code"] == "not-signed-in"


def test_another_scheme_is_nobody():
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Basic YTpi")
    assert client.get("/api/v1/me/").status_code == 401
    assert client.get("/api/v1/vocabularies/").status_code == 200


def test_ended_expired_and_orphaned_tokens_are_refused(contributor, key, time_machine_at):
    now = timezone.now()
    revoked, first = key(contributor)
    _dated, second = key(contributor, expires_at=now + timedelta(days=1))
    _other, third = key(contributor)
    assert [client.get("/api/v1/me/").status_code for client in (first, second, third)] == [200, 200, 200]
    revoke_token(revoked.pk, by=contributor)
    revoke_token(revoked.pk, by=contributor)
    with time_machine_at(now + timedelta(days=1, seconds=1)):
        assert [client.get("/api/v1/me/").status_code for client in (first, second, third)] == [401, 401, 200]
    contributor.is_active = False
    contributor.save()
    assert third.get("/api/v1/me/").status_code == 401


def test_scopes_limit_what_a_token_may_do(owner, key):
    _token, reader = key(owner, "read")
    assert reader.get("/api/v1/me/").status_code == 200
    refused = reader.post("/api/v1/imports/", {"url": "https://example.org/m"})
    assert (refused.status_code, refused.json()["code"]) == (403, "refused")
    assert "scope" in refused.json()["detail"]
    _token, writer = key(owner, "write")
    assert writer.get("/api/v1/me/").status_code == 403
    assert writer.post("/api/v1/imports/", {"url": "https://example.org/m"}).status_code == 202


def test_a_token_makes_no_tokens_but_may_end_itself(contributor, key):
    token, client = key(contributor)
    assert client.post(TOKENS, {"name": "child", "scopes": ["write"]}).status_code == 403
    assert client.delete(f"{TOKENS}{token.pk}/").status_code == 204
    assert client.get("/api/v1/me/").status_code == 401


def test_nobody_ends_the_token_of_another(api, contributor, stranger, key):
    token, client = key(contributor)
    api.force_authenticate(stranger)
    assert api.delete(f"{TOKENS}{token.pk}/").status_code == 404
    assert api.delete(f"{TOKENS}99999999999999999999/").status_code == 404
    with pytest.raises(Missing):
        revoke_token(token.pk, by=stranger)
    assert client.get("/api/v1/me/").status_code == 200
    assert api.get(TOKENS).json() == []


def test_last_use_is_noted_but_not_at_every_request(
    contributor, key, django_assert_num_queries, time_machine_at
):
    token, client = key(contributor)
    with django_assert_num_queries(2):
        client.get("/api/v1/me/")
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    with django_assert_num_queries(1):
        client.get("/api/v1/me/")
    with time_machine_at(first + timedelta(minutes=6)):
        client.get("/api/v1/me/")
    token.refresh_from_db()
    assert token.last_used_at > first


def test_a_token_opens_private_layers_and_manifests(owner, stranger, key):
    layer = make_layer(owner)
    assert key(owner, "read")[1].get(f"/w3c/{layer.pk}/").status_code == 200
    assert key(stranger)[1].get(f"/w3c/{layer.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"scopes": ["all"]}, "/scopes"),
        ({"scopes": []}, "/scopes"),
        ({"name": "  "}, "/name"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "/expires_at"),
    ],
)
def test_what_is_no_token_is_refused(contributor, fields, pointer):
    with pytest.raises(Invalid) as refusal:
        create_token(**{"by": contributor, "name": "n", "scopes": ["read"], **fields})
    assert refusal.value.faults[0].pointer == pointer
