"""The tree of a campaign's concepts over REST: level by level, with decided examples, in as many statements however large."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions.gold import mark_gold
from campaigns.models import Campaign
from taxonomy.actions import rebuild_tree
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, make_concept
from tests.campaigns.outcomes import ONE, answer, decide_everything, located, merge, task_at

Clef = Callable[[str], Concept]


def browse(client: APIClient, **asked: Any) -> dict[str, Any]:
    response = client.get(reverse("api-concept-tree", args=["clefs"]), {"lang": "en", **asked})
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


def test_a_level_at_a_time(campaign: Campaign, api: APIClient, clef: Clef) -> None:
    (top,) = browse(api)["items"]
    assert (top["label"], top["children"], top["path"], top["examples"]) == ("clef", 3, [], [])
    below = browse(api, parent=top["id"])
    assert [one["label"] for one in below["items"]] == ["G clef", "F clef", "C clef"]
    assert below["items"][0]["ancestors"] == [top["id"]]
    assert [one["label"] for one in browse(api, parent=top["id"], lang="fr")["items"]][1] == "clef de fa"
    way = browse(api, of=str(clef("F").pk))["items"]
    assert [one["label"] for one in way] == ["clef", "F clef"]


def test_of_a_branch_only_what_stands_below_it(
    make_campaign: CampaignMaker, api: APIClient, clef: Clef
) -> None:
    make_campaign(branch=clef("top"))
    items = browse(api)["items"]
    assert next((one["label"], one["path"], one["ancestors"]) for one in items) == ("G clef", [], [])
    missing = api.get(reverse("api-concept-tree", args=["clefs"]), {"of": str(clef("top").pk)})
    assert missing.status_code == 404


@pytest.mark.parametrize("name", ["parent", "of"])
def test_what_is_no_concept_is_refused(campaign: Campaign, api: APIClient, name: str) -> None:
    response = api.get(reverse("api-concept-tree", args=["clefs"]), {name: "x\x00"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, f"/{name}")


def test_examples_are_what_was_decided_and_no_known_answer(
    make_campaign: CampaignMaker, api: APIClient, owner: User, clef: Clef
) -> None:
    campaign = make_campaign(overlap=1)
    answer(campaign, {number: [located([(ONE, clef("F"))])] for number in range(3)})
    merge(campaign)
    of = {"of": str(clef("F").pk)}
    assert browse(api, **of)["items"][1]["examples"] == [], "nothing has been decided"
    decide_everything(campaign, owner)
    assert len(browse(api, **of)["items"][1]["examples"]) == 3
    mark_gold(campaign, [task_at(campaign, 0).pk], by=owner)
    assert len(browse(api, **of)["items"][1]["examples"]) == 2


def test_as_many_statements_for_a_hundred_as_for_one(campaign: Campaign, api: APIClient, clef: Clef) -> None:
    def counted(parent: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            browse(api, parent=parent)
        return len(statements)

    top = clef("top")
    few = counted(str(top.pk))
    for number in range(120):
        make_concept(
            campaign.vocabulary, top, f"N{number}", (f"Sign {number:03}", f"Signe {number:03}"), number + 5
        )
    rebuild_tree(campaign.vocabulary)
    assert counted(str(top.pk)) == few
    level = browse(api, parent=str(top.pk))
    assert (len(level["items"]), level["total"]) == (100, 123)
    assert len(browse(api, parent=str(top.pk), offset=100)["items"]) == 23
