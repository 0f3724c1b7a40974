"""My work: every answer with what became of it, the way to change it, and what it comes to."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.actions import Submission, claim, close_campaign, join_campaign, submit
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.models import Campaign, Contribution
from frontend.my_work import _said, duration
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, located, merge, task_at
from tests.frontend.pages import page, queries

Clef = Callable[[str], Concept]
ADDRESS = reverse("my-work")


@pytest.fixture
def carl(client: Client, contributor: User) -> Client:
    client.force_login(contributor)
    return client


def hand_in(campaign: Campaign, user: User, submission: Submission) -> UUID:
    given = claim(campaign, join_campaign(campaign, user=user)).assignment
    assert given is not None
    return submit(given, submission).id


def test_whoever_has_done_nothing_is_led_to_a_campaign(carl: Client) -> None:
    shown = page(carl, ADDRESS)
    assert "Nothing handed in yet" in shown.words
    assert reverse("campaign-list") in {link.get("href") for link in shown.links}


def test_an_answer_is_shown_and_can_be_changed(
    carl: Client, campaign: Campaign, clef: Clef, contributor: User
) -> None:
    pk = hand_in(campaign, contributor, located([(ONE, clef("F")), (TWO, clef("F"))]))
    shown = page(carl, ADDRESS)
    assert "2 × F clef" in shown.words
    assert "Others are still asked" in shown.words
    assert shown.html.count('<rect data-side="mine"') == 2
    change = f"{reverse('campaign-work', args=[campaign.slug])}?contribution={pk}"
    assert change in {link.get("href") for link in shown.links}
    assert f'contribution="{pk}"' in page(carl, change).html
    assert "contribution=" not in page(carl, f"{change}nonsense").html.split("<rubricator-workbench")[1]
    french = page(carl, ADDRESS, language="fr").words
    assert "2 × clef de fa" in french
    assert "D’autres sont encore interrogés" in french


def test_corrections_are_told_with_their_reasons(
    carl: Client, make_campaign: CampaignMaker, clef: Clef, contributor: User, owner: User
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    hand_in(campaign, contributor, located([(ONE, clef("F")), (TWO, clef("F"))]))
    merge(campaign)
    first, second = sorted(
        task_at(campaign).consensus.items.select_related("annotation"), key=lambda item: item.annotation.y
    )
    judgements = [
        Judgement("corrected", item=first.pk, concepts=(clef("G").pk,), reason="It curls <around> the line."),
        Judgement("rejected", item=second.pk),
        Judgement("added", box=(500, 500, 50, 80), concepts=(clef("C").pk,)),
    ]
    decide(campaign, task_at(campaign).pk, judgements, request=uuid4(), by=owner)
    shown = page(carl, ADDRESS)
    assert "Decided, with corrections" in shown.words
    assert "0 of 2 stood." in shown.words
    assert "<del>F clef</del> → <ins>G clef</ins>" in shown.html
    assert "It curls &lt;around&gt; the line." in shown.html
    assert "missed: C clef" in shown.words
    assert shown.html.count('<rect data-side="truth"') == 2
    assert "Change it" not in shown.words


def test_what_stood_is_said_so(
    carl: Client, make_campaign: CampaignMaker, contributor: User, owner: User
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    hand_in(campaign, contributor, nothing_here())
    merge(campaign)
    decide(campaign, task_at(campaign).pk, [], request=uuid4(), by=owner)
    shown = page(carl, ADDRESS)
    assert "All of it stood." in shown.words
    assert "100%" in shown.words


def test_a_closed_campaign_says_that_nothing_changes_any_more(
    carl: Client, campaign: Campaign, contributor: User, owner: User
) -> None:
    hand_in(campaign, contributor, nothing_here())
    close_campaign(campaign, by=owner)
    shown = page(carl, ADDRESS)
    assert "This campaign is closed, so your answer stands." in shown.words
    assert "Change it" not in shown.words


def test_answers_are_chosen_by_campaign_and_state(
    carl: Client, make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    first = make_campaign(title={"en": "The first"})
    second = make_campaign("second", title={"en": "The second"}, pages=1, overlap=1)
    hand_in(first, contributor, located([(ONE, clef("F"))]))
    hand_in(second, contributor, located([(ONE, clef("G"))]))

    def cards(query: str) -> list[bool]:
        html = page(carl, f"{ADDRESS}{query}").html.split('data-testid="work-cards"')[1].split("</ul>")[0]
        return ["<h3>F clef</h3>" in html, "<h3>G clef</h3>" in html]

    assert cards("") == [True, True]
    assert cards("?campaign=second") == [False, True]
    assert cards("?state=open") == [True, False]
    assert cards("?state=decided") == [False, False]
    assert cards("?campaign=unknown&state=odd&page=x") == [True, True]


def test_a_page_takes_as_many_queries_whatever_it_holds(
    carl: Client, make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    campaign = make_campaign(pages=8)
    hand_in(campaign, contributor, located([(ONE, clef("F"))]))
    before = queries(carl, ADDRESS)
    for _page in range(7):
        hand_in(campaign, contributor, located([(ONE, clef("F")), (TWO, clef("G"))]))
    assert queries(carl, ADDRESS) == before < 30
    assert Contribution.objects.count() == 8


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min"), (12, "1 min"), (59 * 60, "59 min"), (3600, "1 h 00"), (3725, "1 h 02")],
)
def test_time_is_said_in_hours_and_minutes(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_marks_of_direction_turn_nothing_but_the_text_they_stand_in() -> None:
    answer = {"nothing_here": False, "texts": [{"value": "abc\u202edef", "language": "en"}]}
    assert _said(answer, {}) == "“\u2068abc\u202edef\u2069”"
