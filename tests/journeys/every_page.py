"""Where every page of the house is, with one specimen of everything behind it: for a browser that looks at them all."""

import json
import sys

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.test_access import ROWS, routes
from tests.world import World, build

# What is behind the doors only for a moment, or is somebody else's page.
NOT_OURS = {"api-docs", "account_logout"}
HOST = "127.0.0.1"
REFUSED = ("campaign-new", "campaign", "vocabulary", "source")


def tell() -> None:
    """Make the world and print as JSON: the pages of its owner, of a visitor, what refuses a stranger, and the sessions."""
    with transaction.atomic():
        world = build()
    people = {
        "owner": _signed_in(world, "owner"),
        "visitor": Client(SERVER_NAME=HOST),
        "stranger": _signed_in(world, "stranger"),
    }
    pages = {role: _pages(world, client) for role, client in people.items() if role != "stranger"}
    pages["visitor"] = [path for path in pages["visitor"] if path not in pages["owner"]]
    pages["stranger"] = [*(_address(world, name) for name in REFUSED), "/no/such/page/"]
    sessions = {
        role: client.cookies["sessionid"].value if role != "visitor" else ""
        for role, client in people.items()
    }
    sys.stdout.write(json.dumps({"pages": pages, "sessions": sessions}) + "\n")


def _signed_in(world: World, role: str) -> Client:
    client = Client(SERVER_NAME=HOST)
    client.force_login(world.people[role])
    session: SessionBase = client.session
    session.save()
    return client


def _address(world: World, name: str) -> str:
    pattern, known = next((pattern, known) for route, pattern, known in routes() if route == name)
    return reverse(name, kwargs=world.arguments(pattern, list(dict.fromkeys(known))))


def _pages(world: World, client: Client) -> list[str]:
    """What answers this person with a page of ours, each once."""
    found = []
    for method, name, *_expected in ROWS:
        if method != "GET" or name in NOT_OURS or name.startswith(("api-", "iiif-image", "w3c-")):
            continue
        with transaction.atomic():
            answer = client.get(_address(world, name), headers={"accept": "text/html"})
            transaction.set_rollback(True)
        if answer.status_code == 200 and b"<html" in getattr(
            answer, "content", b""
        ):  # no part that htmx puts in
            found.append(_address(world, name))
    return list(dict.fromkeys(found))
