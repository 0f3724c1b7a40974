"""Every page and route of a campaign opens, whatever kind of question it asks and however far it is."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import User
from tests.campaigns.conftest import make_manifest
from tests.campaigns.journey import Journey
from tests.campaigns.test_describe import DESCRIBE, wrote
from tests.campaigns.test_sequence import asked_of, begin, drawn, flag, words

# An address with nothing to find out but which campaign it is of; what streams without end is left out.
LEFT_OUT = {"api-campaign-pulse-stream"}


def routes(patterns: Any = None, before: str = "") -> list[str]:
    """The addresses of a campaign that take its name and nothing else."""
    found = []
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += routes(one.url_patterns, here)
        elif one.name not in LEFT_OUT and "campaigns/<slug:slug>/" in here and here.count("<") == 1:
            found.append("/" + here.replace("<slug:slug>", "{slug}"))
    return found


def walk(slug: str, *people: User) -> dict[str, list[int]]:
    """Every address opened by each person: the statuses by address."""
    answers: dict[str, list[int]] = {}
    for person in people:
        client = Client()
        client.force_login(person)
        for route in routes():
            response = client.get(route.format(slug=slug))
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[arg-type]
            answers.setdefault(route, []).append(response.status_code)
    return answers


def broken(answers: dict[str, list[int]]) -> dict[str, list[int]]:
    return {route: found for route, found in answers.items() if any(status >= 500 for status in found)}


def test_there_is_much_to_walk() -> None:
    assert len(routes()) > 60


def decide_all(journey: Journey) -> None:
    """Accept what stands, reject the rest."""
    while (found := journey.call("get", "api-review-next"))["task"]:
        items = [
            {"id": item["id"], "verdict": "accepted" if _stands(item) else "rejected"}
            for item in found["items"]
        ]
        body = {"id": str(uuid4()), "task": found["task"]["id"], "items": items}
        journey.call("post", "api-decisions", body, status=201)


def _stands(item: Any) -> bool:
    return not item["moot"] and bool(item["text"] or item["concepts"])


@pytest.mark.django_db(transaction=True)
def test_a_campaign_that_asks_for_texts(owner: User, contributor: User) -> None:
    journey = Journey(owner, "lines")
    journey.make(**DESCRIBE, overlap=2)
    assert broken(walk("lines", owner)) == {}, "as a draft"
    journey.call("post", "api-campaign-canvases", {"manifests": [str(make_manifest(3, owner).pk)]})
    journey.open()
    rows = [[wrote("Kyrie"), wrote("Gloria")], [wrote("Kyrie"), {"nothing_here": True}]]
    journey.answer(rows)
    journey.merge()
    assert broken(walk("lines", owner, contributor)) == {}, "while people work"
    decide_all(journey)
    journey.call("post", "api-gold", {"clearest": 1}, status=201)
    journey.release()
    answers = walk("lines", owner)
    assert broken(answers) == {}
    assert sum(found == [200] for found in answers.values()) > 40


@pytest.mark.django_db(transaction=True)
def test_a_campaign_of_several_questions(owner: User, contributor: User) -> None:
    journey = Journey(owner, "paper")
    vocabulary = begin(journey, owner, pages=3, overlap=2)
    assert broken(walk("paper", owner)) == {}, "before anybody answered"
    flags, clef = asked_of(journey)["watermark"], vocabulary.concepts.get(notation="G")
    no = {"steps": {"watermark": flag(flags["no"])}}

    def full(text: str) -> dict[str, Any]:
        return {"steps": {"watermark": flag(flags["yes"]), "where": drawn(clef), "words": words(text)}}

    journey.answer([[full("Kyrie"), no], [full("Kyrie"), no]])
    journey.merge()
    assert broken(walk("paper", owner, contributor)) == {}, "while people work"
    decide_all(journey)
    journey.call("post", "api-gold", {"clearest": 1}, status=201)
    journey.release()
    answers = walk("paper", owner)
    assert broken(answers) == {}
    assert sum(found == [200] for found in answers.values()) > 40
    person = journey.campaign.participants.exclude(user=None).first()
    client = Client()
    client.force_login(person.user)
    for address in ("/me/work/", "/me/", f"/campaigns/paper/people/{person.pk}/"):
        assert client.get(address).status_code < 500, address
    client.force_login(owner)
    assert client.get(f"/campaigns/paper/people/{person.pk}/").status_code == 200
