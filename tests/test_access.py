"""Who may do what: every route × every role, around one private specimen of everything."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.world import ROLES, World, build

# What the API is sent; without an entry an empty document, which who may write is told is `422`.
BODIES: dict[str, dict[str, object]] = {}

TABLE = """
"""

# Static files and what others made for machines of theirs have no roles.
WITHOUT_ROLES = {"static", "jsi18n"}

ROWS = [line.split() for line in TABLE.splitlines() if line.strip() and not line.startswith("#")]


def routes() -> Iterator[tuple[str, str, list[str]]]:
    """Name, pattern and parameters of every route."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str, list[str]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            else:
                yield pattern.name or "", before + str(pattern.pattern), _parameters(pattern)

    return walk(get_resolver().url_patterns, "")


def _parameters(pattern: URLPattern) -> list[str]:
    return [*pattern.pattern.converters, *getattr(pattern.pattern.regex, "groupindex", {})]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """Made once for the whole table; every request is undone, and at the end so is the world."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield build()
        transaction.set_rollback(True)


def status_of(world: World, role: str, method: str, name: str) -> int:
    """What the server answers this person; what the request changed is undone."""
    pattern, parameters = next((pattern, known) for route, pattern, known in routes() if route == name)
    url = reverse(name, kwargs=world.arguments(pattern, list(dict.fromkeys(parameters))))
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        if role != "visitor":
            client.force_login(world.people[role])
        if pattern.startswith("api/"):
            response = client.generic(method, url, "{}", content_type="application/json")
        else:
            response = client.generic(method, url, "", content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_every_role_gets_what_the_table_says(world: World, row: list[str]) -> None:
    method, name, *expected = row
    found = [str(status_of(world, role, method, name)) for role in ROLES]
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_every_route_is_in_the_table() -> None:
    named = {row[1] for row in ROWS}
    missing = sorted(f"{name} {pattern}" for name, pattern, _known in routes() if name not in named | WITHOUT_ROLES)
    assert missing == [], "add a line for every method of these to TABLE"


def test_the_table_names_only_routes() -> None:
    assert sorted({row[1] for row in ROWS} - {name for name, _pattern, _known in routes()}) == []
