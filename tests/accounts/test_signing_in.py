"""Signing in by name or e-mail, signing up, lost passwords, languages, sessions with CSRF, lockout."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def sign_in(client, login, password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


def who(client):
    response = client.get("/api/v1/me/")
    return response.json()["username"] if response.status_code == 200 else None


@pytest.mark.parametrize("login", ["carl", "CARL", "carl@example.org", "Carl@Example.Org"])
def test_people_sign_in_by_name_or_address_in_any_case(contributor, login):
    client = Client()
    assert sign_in(client, login).status_code == 302
    assert who(client) == "carl"


@pytest.mark.parametrize(
    ("login", "password"), [("carl", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\x00b", PASSWORD)]
)
def test_a_wrong_password_lets_nobody_in(contributor, login, password):
    client = Client()
    assert sign_in(client, login, password).status_code == 200
    assert who(client) is None


def test_who_has_no_right_to_be_here_any_more_does_not_come_in(contributor):
    client = Client()
    sign_in(client, "carl")
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    assert who(client) is None
    sign_in(Client(), "carl")
    assert who(client) is None


def sign_up(client, **fields):
    known = {"email": "nora@example.org", "username": "nora", "password1": "a quiet evening 7", **fields}
    return client.post("/accounts/signup/", {**known, "password2": known["password1"]})


def test_somebody_new_signs_up_in_the_language_they_read(client):
    response = client.post(
        "/accounts/signup/",
        {"email": "nora@example.org", "username": "nora", "password1": "a quiet evening 7"},
        headers={"Accept-Language": "fr"},
    )
    assert response.status_code == 302
    nora = User.objects.get()
    assert (nora.username, nora.language, nora.is_curator, nora.is_superuser) == ("nora", "fr", False, False)
    assert nora.public_name == "nora"
    assert who(client) == "nora"


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "CARL"},
        {"password1": "short"},
        {"password1": "password1234"},
        {"email": "no address"},
        {"username": ""},
    ],
)
def test_what_is_no_account_is_refused(client, contributor, fields):
    assert sign_up(client, **fields).status_code == 200
    assert User.objects.count() == 1


def test_a_known_address_makes_no_second_account_and_says_nothing(client, contributor):
    sign_up(client, email="CARL@example.org")
    assert User.objects.count() == 1


def test_the_database_knows_each_name_and_address_once(contributor):
    for fields in ({"username": "CARL"}, {"username": "x", "email": "CARL@EXAMPLE.ORG"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(**fields)
    User.objects.create_user(username="a")
    User.objects.create_user(username="b")


def test_a_lost_password_is_set_anew_by_mail(client, contributor):
    assert client.get("/accounts/password/reset/").status_code == 200
    assert client.post("/accounts/password/reset/", {"email": "carl@example.org"}).status_code == 302
    link = re.search(r"https?://\S+/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]
    page = client.get("/" + link.split("/", 3)[3])
    assert page.status_code == 302
    new = "another long sentence"
    assert client.post(page["Location"], {"password1": new, "password2": new}).status_code == 302
    other = Client()
    sign_in(other, "carl", new)
    assert who(other) == "carl"


def test_an_unknown_address_is_answered_alike(client, contributor):
    known = client.post("/accounts/password/reset/", {"email": "carl@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_signing_out_needs_a_click(client, contributor):
    sign_in(client, "carl")
    client.get("/accounts/logout/")
    assert who(client) == "carl"
    client.post("/accounts/logout/")
    assert who(client) is None


def test_the_language_is_the_browsers_choice_then_the_persons(client, contributor):
    User.objects.filter(pk=contributor.pk).update(language="fr")
    assert client.get("/accounts/login/")["Content-Language"] == "en"
    sign_in(client, "carl")
    assert client.get("/accounts/password/reset/")["Content-Language"] == "fr"
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == 302
    assert client.get("/accounts/password/reset/")["Content-Language"] == "en"


def test_a_session_needs_its_csrf_token_to_write(contributor):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(contributor)
    body = {"name": "n", "scopes": ["read"]}
    refused = client.post("/api/v1/tokens/", body)
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    client.get("/accounts/password/reset/")
    token = client.cookies["csrftoken"].value
    assert client.post("/api/v1/tokens/", body, headers={"X-CSRFToken": token}).status_code == 201


def test_too_many_wrong_passwords_lock_the_name_by_either_spelling(contributor, stranger, settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 4
    for login in ("carl", "CARL", "carl@example.org", "carl"):
        sign_in(Client(), login, "wrong")
    client = Client()
    locked = sign_in(client, "carl")
    assert locked.status_code in {403, 429}
    assert who(client) is None
    sign_in(client, "stan")
    assert who(client) == "stan", "others come in from the same address"
