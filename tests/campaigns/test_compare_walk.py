"""A kind of question walks through many rooms: no page and no address of a campaign that compares fails for anybody."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.roles import Role
from campaigns.actions import assign_role
from campaigns.models import Release, Task
from tests.campaigns.journey import Journey
from tests.campaigns.pairs import initials
from tests.campaigns.test_compare import COMPARE, ids, pair

# What makes no sense of pairs, and says so.
REFUSED = {
    "campaign-triangulation": "of pairs of regions only people speak here",
    "api-triangulation": "of pairs of regions only people speak here",
}
# What is asked for with something more, and says what.
ASKS_FOR_MORE = {"api-crops"}


def names(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """The names of the addresses below a campaign, each with what it needs beside the slug."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from names(one, route)
        elif isinstance(one, URLPattern) and "campaigns/<slug:slug>" in route and one.name:
            yield one.name, frozenset(one.pattern.converters) - {"slug"}


@pytest.mark.django_db(transaction=True)
def test_every_page_and_address_of_a_campaign(
    owner: User, reviewer: User, contributor: User, client: Client
) -> None:
    journey = Journey(owner, "hands")
    journey.make(**COMPARE, overlap=2)
    layer, _regions = initials(owner)
    pair(journey, layer)
    assign_role(journey.campaign, reviewer, Role.REVIEWER, by=owner)
    assign_role(journey.campaign, contributor, Role.CONTRIBUTOR, by=owner)
    journey.open()
    said = {name: {"concepts": [pk]} for name, pk in ids(journey).items()}
    same, different, unsure = said["same"], said["different"], said["unsure"]
    journey.answer([[same, different, same, unsure], [same, same, same, unsure]])
    journey.merge()
    shown = journey.call("get", "api-review-next")["task"]["id"]
    assert journey.judge({shown: said["likely"]["concepts"][0]}) == 4
    journey.call("post", "api-gold", {"clearest": 1}, status=201)
    journey.release()
    task, participant = Task.objects.first(), journey.campaign.participants.first()
    assert task is not None
    assert participant is not None
    known = {"task_id": task.pk, "table": "people", "participant_id": participant.pk}
    seen: dict[str, list[int]] = {}
    for person in (owner, reviewer, contributor, None):
        client.logout()
        if person:
            client.force_login(person)
        for name, needs in names():
            if not needs <= known.keys():
                continue
            address = reverse(name, kwargs={"slug": "hands", **{one: known[one] for one in needs}})
            answer = client.get(address)
            status = answer.status_code
            assert status < 500, (name, person)
            seen.setdefault(name, []).append(status)
            if person == owner and name in REFUSED:
                assert status == 409, name
                assert REFUSED[name] in answer.content.decode()
            elif person == owner:
                wanted = {422} if name in ASKS_FOR_MORE else {200, 204, 302, 404, 405}
                assert status in wanted, (name, status)
    assert {"campaign-pairs", "campaign-pair-groups", "campaign-agreement", "campaign-gold"} <= seen.keys()
    assert seen["campaign-pairs"] == [200, 403, 403, 302]
    assert seen["campaign-pair-groups"][:3] == [200, 200, 403]
    assert len(seen) > 60
    # What a person takes along of their own, and what a model would be asked.
    client.force_login(owner)
    assert client.get(reverse("my-work")).status_code == 200
    refused = journey.call("post", "api-runs", {"kind": "http", "name": "m", "configuration": {}}, status=409)
    assert refused["code"] == "pairs-not-predicted"
    release = Release.objects.get()
    told = release.manifest
    assert [row["format"] for row in told["left_out"]] == ["coco", "csv"]
    assert told["counts"]["pairs"] == 4
