"""The pages about when enough people have seen an image: what a change would do, other rules, one put into force."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign, Task
from campaigns.simulated import RuleOf
from frontend.forms.campaigns import CampaignForm
from frontend.forms.enough import query_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import answer, tagged

AGREE = {"rule": "agreement", "people": 2, "likeness": 0.8}
PAGE, EDIT = "/campaigns/clefs/rules/", "/campaigns/clefs/edit/"


@pytest.fixture
def answered(make_campaign: CampaignMaker, clef: Callable[[str], Concept]) -> Campaign:
    """Two alike and one apart on a page that is done; two alike on one that waits for a third."""
    campaign = make_campaign(pages=3, overlap=3, question_kind="tag")
    g, f = clef("G"), clef("F")
    answer(campaign, {0: [tagged(g), tagged(g), tagged(f)], 1: [tagged(g), tagged(g)]})
    return campaign


def words(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def settings_of(campaign: Campaign, **changes: object) -> dict[str, object]:
    """The form of settings as a browser sends it."""
    form = CampaignForm(person=campaign.created_by, campaign=campaign)
    licence = {"rights": "https://creativecommons.org/publicdomain/zero/1.0/"}
    values = {name: form[name].value() for name in form.fields} | licence | changes
    return {
        name: "on" if value is True else value for name, value in values.items() if value not in (False, None)
    }


def test_usual_rules_are_tried_on_the_answers(desk: Client, answered: Campaign) -> None:
    page = desk.get(PAGE)
    said = words(page.content)
    assert "5 answers to 2 images" in said
    assert "3 people in force" in said
    assert "3 people, fewer once 2 agree by 80% 4 20% 0 (0%)" in said
    assert said.count("in force") == 1


def test_a_rule_is_chosen_looked_at_and_used(desk: Client, answered: Campaign) -> None:
    chosen = desk.get(f"{PAGE}?{query_of(RuleOf(3, [AGREE]))}")
    assert "1 image would be seen by enough people at once. 1 would still wait for people." in words(
        chosen.content
    )
    hidden = dict(re.findall(rb'<input type="hidden" name="(\w+)" value="([^"]*)"', chosen.content))
    sent = {name.decode(): value.decode() for name, value in hidden.items()}
    used = desk.post(PAGE, sent)
    assert used.headers["Location"] == reverse("campaign-dashboard", args=["clefs"])
    answered.refresh_from_db()
    assert (answered.overlap, answered.retirement) == (3, [AGREE])
    assert list(answered.tasks.values_list("state", flat=True)) == ["retired", "retired", "open"]


def test_a_rule_of_ones_own_stands_in_the_table(desk: Client, answered: Campaign) -> None:
    rule = RuleOf(3, [{"rule": "posterior", "people": 3, "certainty": 0.675, "accuracy": 0.8}])
    page = words(desk.get(f"{PAGE}?{query_of(rule)}").content)
    assert page.count("3 people, fewer once it is 67.5% certain after 3 or more") == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"overlap": "0"}, "overlap"),
        ({"overlap": "many"}, "overlap"),
        ({"overlap": "3", "stops_agreeing": "on", "agreeing_people": "4"}, "agreeing_people"),
        ({"overlap": "3", "stops_certain": "on", "certain_share": "100"}, "certain_share"),
        ({"overlap": "3", "stops_nothing": "on", "nothing_people": "-1"}, "nothing_people"),
        ({}, "overlap"),
    ],
    ids=str,
)
def test_a_bad_rule_is_refused_beside_its_field(
    desk: Client, answered: Campaign, sent: dict[str, str], field: str
) -> None:
    if sent:
        assert desk.get(PAGE, sent).status_code == 422
    response = desk.post(PAGE, sent)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    answered.refresh_from_db()
    assert answered.config_version == 1


def test_without_answers_the_page_says_so(desk: Client, campaign: Campaign) -> None:
    assert "As soon as people have answered" in words(desk.get(PAGE).content)


def test_the_settings_tell_what_they_would_change(desk: Client, answered: Campaign) -> None:
    sent = settings_of(answered, stops_agreeing=True, preview="1")
    for headers in ({}, {"HX-Request": "true"}):
        page = desk.post(EDIT, sent, headers=headers)
        assert (page.status_code, page.templates[0].name) == (200, "campaigns/edit.html")
        assert "1 image would be seen by enough people at once." in words(page.content)
    answered.refresh_from_db()
    assert answered.config_version == 1
    nothing = desk.post(EDIT, settings_of(answered, preview="1"))
    assert "nothing would change. 2 would still wait" in words(nothing.content)
    wrong = desk.post(EDIT, settings_of(answered, stops_agreeing=True, agreeing_people=4, preview="1"))
    assert "So many people never see an image." in words(wrong.content)


def test_a_larger_overlap_opens_images_again(desk: Client, answered: Campaign) -> None:
    page = desk.post(EDIT, settings_of(answered, overlap=4, preview="1"))
    assert "1 image would open again. 3 would still wait for people." in words(page.content)
    assert Task.objects.filter(state=Task.State.RETIRED).count() == 1


def test_settings_keep_what_they_do_not_show(desk: Client, answered: Campaign) -> None:
    """How often people are right is set over REST; saving the page leaves it."""
    rule = [
        {"rule": "posterior", "people": 2, "certainty": 0.9, "accuracy": 0.7},
        {**AGREE, "likeness": 0.123456},
    ]
    answered.retirement = rule
    answered.save()
    saved = desk.post(EDIT, settings_of(answered))
    assert saved.status_code == 302
    answered.refresh_from_db()
    by_rule = {one["rule"]: one for one in answered.retirement}
    assert by_rule == {one["rule"]: one for one in rule}


def test_a_new_campaign_has_its_rule(desk: Client, answered: Campaign) -> None:
    sent = settings_of(answered, slug="again", stops_nothing=True)
    assert desk.post("/campaigns/new/", sent).status_code == 302
    assert Campaign.objects.get(slug="again").retirement == [{"rule": "nothing_here", "people": 2}]
