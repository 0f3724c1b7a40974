"""No input gives a 500: what cannot be read or kept is refused in the one error shape."""

import json

import pytest
from django.db import IntegrityError, OperationalError, connection
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db
URL = "/api/v1/tokens/"


def post(api: APIClient, raw: bytes):
    return api.generic("POST", URL, raw, content_type="application/json")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "not-json"),
        (b'{"name": NaN}', "not-json"),
        (b'{"name": "\\ud800", "scopes": ["read"]}', "not-json"),
        (b'{"name": "a\\u0000b", "scopes": ["read"]}', "nul-character"),
        (b'{"name": ' + b"[" * 1100 + b"]" * 1100 + b"}", "too-deep"),
        (b'{"name": ' + b"[" * 150 + b"]" * 150 + b"}", "too-deep"),
        (b"\xff\xfe", "not-json"),
    ],
)
def test_unreadable_json_is_refused(api, contributor, raw, code):
    api.force_authenticate(contributor)
    response = post(api, raw)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == code
    assert problem["type"] == f"/problems/{code}"
    assert problem["detail"].endswith(".")


def test_too_large_is_413(api, contributor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    api.force_authenticate(contributor)
    response = post(api, json.dumps({"name": "x" * 2000}).encode())
    assert response.status_code == 413
    assert response.json()["code"] == "too-large"


def test_field_faults_have_pointers(api, contributor):
    api.force_authenticate(contributor)
    response = post(api, b'{"name": [], "scopes": "all"}')
    assert response.status_code == 422
    assert {error["pointer"] for error in response.json()["errors"]} >= {"/name", "/scopes"}


def test_unknown_address_is_a_problem_for_programs(api):
    response = api.get("/api/v1/nothing-here/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_wrong_method_and_media_type(api, contributor):
    api.force_authenticate(contributor)
    refused = api.put(URL, {})
    assert (refused.status_code, refused.json()["title"]) == (405, "This cannot be done here")
    response = api.generic("POST", URL, b"a=1", content_type="text/plain")
    assert response.status_code == 415
    assert response.json()["title"]


@pytest.mark.parametrize("address", [URL, "/campaigns/"])
def test_a_clash_that_nobody_foresaw_is_no_fault_of_the_server(api, contributor, address):
    def clashes(*_statement):
        raise IntegrityError("violates foreign key constraint")

    api.force_authenticate(contributor)
    with connection.execute_wrapper(clashes):
        response = api.get(address)
    assert response.status_code == 409
    assert b"Nothing was kept; send it again." in response.content


@pytest.mark.parametrize("address", [URL, "/campaigns/"])
def test_a_database_that_does_not_answer_is_a_moment_to_wait(api, contributor, address):
    """A page for people, problem+json for programs; both say when to come back."""

    def does_not_answer(*_statement):
        raise OperationalError("connection refused")

    api.force_authenticate(contributor)
    with connection.execute_wrapper(does_not_answer):
        response = api.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    is_program = address == URL
    assert response["Content-Type"].startswith("application/problem+json" if is_program else "text/html")
    assert b"Send this again in a moment" in response.content
