"""Teams by link, accepted work, leaderboard and goals: what stands is counted, never what was merely handed in."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.accepted import accepted_items, goals_of, people_ranked, teams_ranked
from campaigns.actions import configure_campaign, join_campaign
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.teams import found_team, join_team, leave_team, renew_link
from campaigns.models import Campaign, Team, TeamMember
from problems import Conflict, Invalid, Missing
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, task_at
from tests.cast import Maker

Clef = Callable[[str], Concept]


@pytest.fixture(autouse=True)
def _fresh(db: None) -> None:
    cache.clear()


def counted(campaign: Campaign) -> list[int]:
    cache.clear()
    return sorted(accepted_items(campaign).values())


def test_what_stands_is_counted(make_campaign: CampaignMaker, clef: Clef, owner: User) -> None:
    campaign = make_campaign(pages=3, overlap=3)
    both = located([(ONE, clef("F")), (TWO, clef("G"))])
    said = [both, located([(moved(ONE, 1), clef("F"))]), located([])]
    people = answer(campaign, {0: said, 1: [located([]), located([]), located([(ONE, clef("F"))])]})
    assert counted(campaign) == [1, 1]  # not merged: marks are worth nothing yet; two of three saw nothing
    merge(campaign)
    cache.clear()
    # ONE: two of three; TWO: one of three; the second page: two of three saw nothing.
    assert accepted_items(campaign) == {people[0].pk: 2, people[1].pk: 2}
    accept_all(campaign, task_at(campaign, 0), owner)
    assert counted(campaign) == [2, 3]  # the curator kept TWO as well
    items = list(task_at(campaign, 1).consensus.items.all())
    decide(
        campaign, task_at(campaign, 1).pk, [Judgement("accepted", item=item.pk) for item in items],
        request=uuid4(), by=owner,
    )  # fmt: skip
    cache.clear()
    assert accepted_items(campaign) == {people[0].pk: 2, people[1].pk: 1, people[2].pk: 1}


def test_a_corrected_label_counts_for_who_said_it(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    people = answer(campaign, {0: [located([(ONE, clef("F"))]), located([(ONE, clef("G"))])]})
    merge(campaign)
    (item,) = task_at(campaign, 0).consensus.items.all()
    judged = [Judgement("corrected", item=item.pk, box=ONE, concepts=(clef("G").pk,), reason="two dots")]
    decide(campaign, task_at(campaign, 0).pk, judged, request=uuid4(), by=owner)
    cache.clear()
    assert accepted_items(campaign) == {people[1].pk: 1}


def test_a_leaderboard_names_who_wants_it_and_equals_share_a_place(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=1, overlap=3)
    people = answer(campaign, {0: [located([(ONE, clef("F"))]) for _one in range(3)]})
    merge(campaign)
    ranks = people_ranked(campaign, people[0])
    assert [(rank.place, rank.items) for rank in ranks] == [(1, 1)] * 3
    assert [rank.is_mine for rank in ranks].count(True) == 1
    people[1].hides_rank = True
    people[1].save()
    assert people[1].pseudonym not in [rank.name for rank in people_ranked(campaign, None)]


def test_a_team_is_founded_joined_by_link_and_left(
    campaign: Campaign, contributor: User, stranger: User
) -> None:
    team, secret = found_team(campaign, " The  quills ", by=contributor)
    assert team.name == "The quills"
    with pytest.raises(Conflict):
        found_team(campaign, "The quills", by=stranger)
    assert not TeamMember.objects.filter(participant__user=stranger).exists()
    for _twice in range(2):
        join_team(campaign, secret, by=stranger)
    assert team.members.count() == 2
    other = renew_link(campaign, team.pk, by=stranger)
    with pytest.raises(Missing):
        join_team(campaign, secret, by=contributor)
    leave_team(campaign, by=stranger)
    with pytest.raises(Missing):
        renew_link(campaign, team.pk, by=stranger)
    found_team(campaign, "Reeds", by=stranger)
    join_team(campaign, other, by=stranger)  # out of the other one, which is gone
    assert [row.name for row in Team.objects.all()] == ["The quills"]
    leave_team(campaign, by=stranger)
    leave_team(campaign, by=contributor)
    assert not Team.objects.exists()
    with pytest.raises(Invalid):
        found_team(campaign, " ", by=contributor)


def test_the_work_of_all_counts_for_the_team(make_campaign: CampaignMaker, clef: Clef, person: Maker) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    people = answer(campaign, {0: [located([(ONE, clef("F"))]) for _one in range(2)]})
    merge(campaign)
    user = person("tess")
    people[0].user, people[0].visitor, people[0].hides_rank = user, "", True
    people[0].save()
    found_team(campaign, "Quills", by=user)
    (rank,) = teams_ranked(campaign, people[0])
    assert (rank.name, rank.items, rank.is_mine) == ("Quills", 1, True)
    assert teams_ranked(campaign, people[1])[0].is_mine is False


def test_goals_are_told_on_the_page(
    make_campaign: CampaignMaker, clef: Clef, owner: User, client: Client
) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _one in range(2)]})
    merge(campaign)
    campaign = configure_campaign(campaign, {"goals": [{"count": 2, "on": "2030-01-31"}]}, by=owner)
    (goal,) = goals_of(campaign)
    assert (goal.done, goal.reached) == (2, True)
    page = client.get("/campaigns/clefs/").content.decode()
    assert "Accepted by Jan. 31, 2030" in page
    assert "The goal is reached. Thank you." in page
    for bad in (
        [{"count": 0, "on": "2030-01-31"}],
        [{"count": 1, "on": "soon"}],
        [3],
        "x",
        [{"count": 1}] * 6,
    ):
        with pytest.raises(Invalid):
            configure_campaign(campaign, {"goals": bad}, by=owner)


def test_pages_of_a_team(
    campaign: Campaign, client: Client, contributor: User, stranger: User, owner: User
) -> None:
    address = reverse("team-list", args=["clefs"])
    client.force_login(contributor)
    page = client.post(address, {"wants": "found", "name": "Quills"})
    link = page.context["address"]
    assert "Leaderboard and goal" not in page.content.decode()
    client.force_login(stranger)
    door = link[link.index("/campaigns/") :]
    assert "Quills" in client.get(door).content.decode()
    assert not TeamMember.objects.filter(participant__user=stranger).exists()
    client.post(door)
    assert TeamMember.objects.filter(participant__user=stranger).exists()
    assert "Stan" in client.get(address).content.decode()
    assert client.post(address, {"wants": "goal"}).status_code == 403
    client.force_login(owner)
    assert client.post(address, {"wants": "found", "name": ""}).status_code == 422
    assert client.post(address, {"wants": "goal", "count": "5"}).status_code == 422
    client.post(address, {"wants": "goal", "shows_leaderboard": "on", "count": "5", "on": "2030-01-31"})
    campaign.refresh_from_db()
    assert campaign.shows_leaderboard
    assert campaign.goals == [{"count": 5, "on": "2030-01-31"}]
    assert "Quills" in client.get(address).content.decode()
    join_campaign(campaign, user=owner)
    client.post(address, {"wants": "hide"})
    assert campaign.participants.get(user=owner).hides_rank
