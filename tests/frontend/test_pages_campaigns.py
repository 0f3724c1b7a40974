"""The pages that make a campaign: its settings, its images, its people, the steps of its life."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Manifest
from campaigns.actions import pause_campaign
from campaigns.models import Campaign, Task
from frontend.forms.campaigns import CampaignForm
from frontend.forms.canvases import CanvasesForm
from frontend.forms.problems import show_on
from problems import Invalid
from problems.problem import Fault
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker, make_manifest, make_vocabulary
from tests.campaigns.outcomes import decide_everything
from tests.frontend.curating import GOOD, answered
from tests.frontend.pages import browser, faults, text, value_of


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"overlap": "0"}, "overlap"),
        ({"overlap": "many"}, "overlap"),
        ({"title_en": ""}, "title_en"),
        ({"prompt_en": ""}, "prompt_en"),
        ({"vocabulary": "999999"}, "vocabulary"),
        ({"vocabulary": "²"}, "vocabulary"),
        ({"vocabulary": "9" * 40}, "vocabulary"),
        ({"branch": str(uuid4())}, "branch"),
        ({"question_kind": "dream"}, "question_kind"),
        ({"rights": "mine"}, "rights"),
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "clefs"}, "slug"),
        ({"lease_minutes": "1"}, "lease_minutes"),
    ],
)
def test_a_bad_setting_is_refused_beside_its_field(
    desk: Client, campaign: Campaign, change: dict[str, str], field: str
) -> None:
    sent = {**GOOD, "vocabulary": str(campaign.vocabulary_id), "summary_fr": "Un résumé <b>", **change}
    response = desk.post(reverse("campaign-new"), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    assert value_of(response, "title_fr") == "Dessinez chaque silence"
    assert value_of(response, "summary_fr") == "Un résumé <b>"
    assert Campaign.objects.count() == 1


def test_a_draft_is_made_and_its_settings_come_back(desk: Client, clef: Callable[[str], Concept]) -> None:
    vocabulary = Vocabulary.objects.get()
    branch = clef("top")
    sent = {
        **GOOD,
        "vocabulary": vocabulary.pk,
        "branch": str(branch.pk),
        "many": "on",
        "instructions_en": "*Look.*",
    }
    response = desk.post(reverse("campaign-new"), sent)
    assert response["Location"] == reverse("campaign-canvases", args=["draw-every-rest"])
    made = Campaign.objects.get()
    assert (made.branch, made.overlap, made.lease_minutes, made.allows_anonymous) == (branch, 3, 30, False)
    assert made.title == {"en": "Draw every rest", "fr": "Dessinez chaque silence"}
    assert (made.question["many"], made.question["required_label"]) == (True, True)
    form = CampaignForm(person=made.created_by, campaign=made)
    same = {name: form[name].value() for name in form.fields}
    again = {
        name: "on" if value is True else value for name, value in same.items() if value not in (False, None)
    }
    assert desk.post(reverse("campaign-edit", args=[made.slug]), again).status_code == 302
    made.refresh_from_db()
    assert made.config_version == 1, "nothing has changed"


def test_what_answers_have_settled_is_refused_beside_its_field(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User
) -> None:
    answered(campaign, clef)
    other = make_vocabulary("others")
    form = CampaignForm(person=owner, campaign=campaign)
    sent = {**{name: form[name].value() or "" for name in form.fields}, "vocabulary": other.pk, "branch": "",
            "rights": GOOD["rights"]}  # fmt: skip
    response = desk.post(
        reverse("campaign-edit", args=["clefs"]), {k: v for k, v in sent.items() if v is not False}
    )
    assert response.status_code == 422
    assert "People have answered already" in faults(response)["vocabulary"]


def test_branches_of_the_chosen_vocabulary_come_by_htmx(desk: Client, vocabulary: Vocabulary) -> None:
    address = f"{reverse('campaign-new')}?vocabulary={vocabulary.pk}"
    part = desk.get(address, headers={"HX-Request": "true"})
    assert 'id="branch"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert "clef" in text(part)
    assert "clef" not in text(desk.get(reverse("campaign-new"), headers={"HX-Request": "true"}))


def test_branches_of_a_private_vocabulary_stay_private(stranger: User, vocabulary: Vocabulary) -> None:
    Vocabulary.objects.update(is_public=False)
    User.objects.filter(pk=stranger.pk).update(is_curator=True)
    stranger.refresh_from_db()
    address = f"{reverse('campaign-new')}?vocabulary={vocabulary.pk}"
    assert "clef" not in text(browser(stranger).get(address, headers={"HX-Request": "true"}))


def test_pointers_of_problems_lead_to_fields(owner: User) -> None:
    form = CampaignForm({}, person=owner)
    form.is_valid()
    form.errors.clear()
    pointers = ("/overlap", "/title", "/question/prompt", "/question/prompt/fr", "/question/many", "/cover")
    show_on(form, Invalid("Mend these.", faults=tuple(Fault(pointer, pointer) for pointer in pointers)))
    places = {error: field for field, errors in form.errors.items() for error in errors}
    assert places == {
        "/overlap": "overlap", "/title": "title_en", "/question/prompt": "prompt_en",
        "/question/prompt/fr": "prompt_fr", "/question/many": "many", "/cover": "__all__",
    }  # fmt: skip


def test_somebody_unknown_gets_no_role(desk: Client, campaign: Campaign) -> None:
    response = desk.post(
        reverse("campaign-people", args=["clefs"]), {"who": "nobody\x00", "role": "reviewer"}
    )
    assert response.status_code == 422
    assert list(faults(response)) == ["who"]


def test_roles_are_given_and_taken(desk: Client, campaign: Campaign, stranger: User, owner: User) -> None:
    address = reverse("campaign-people", args=["clefs"])
    assert desk.post(address, {"who": "STAN@example.org", "role": "reviewer"}).status_code == 302
    assert browser(stranger).get(reverse("campaign-review", args=["clefs"])).status_code == 200
    assert "stan" in text(desk.get(address))
    assert desk.post(address, {"who": "stan", "role": "none"}).status_code == 302
    assert browser(stranger).get(reverse("campaign-review", args=["clefs"])).status_code == 403
    response = desk.post(address, {"who": "olga", "role": "none"})
    assert response.status_code == 422
    assert "needs an owner" in text(response)


def test_nothing_chosen_adds_nothing(desk: Client, make_campaign: CampaignMaker, owner: User) -> None:
    make_campaign("draft", pages=0, open_it=False)
    make_manifest(1, owner)
    response = desk.post(reverse("campaign-canvases", args=["draft"]), {})
    assert response.status_code == 422
    assert "Choose at least one source." in text(response)
    assert not Task.objects.exists()


def test_a_source_that_is_not_visible_cannot_be_chosen(
    desk: Client, make_campaign: CampaignMaker, manager: User
) -> None:
    make_campaign("draft", pages=0, open_it=False)
    hidden = make_manifest(1, manager, is_public=False)
    for value in (str(hidden.pk), "not-an-id"):
        response = desk.post(reverse("campaign-canvases", args=["draft"]), {"manifests": [value]})
        assert response.status_code == 422
    assert not Task.objects.exists()


def test_chosen_sources_become_tasks(desk: Client, make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign("draft", pages=0, open_it=False)
    manifest = make_manifest(3, owner)
    address = reverse("campaign-canvases", args=["draft"])
    assert "3 images" in text(desk.get(address))
    response = desk.post(address, {"manifests": [str(manifest.pk)]}, follow=True)
    assert "3 images were added." in text(response)
    assert campaign.tasks.count() == 3
    assert "all in the campaign" in text(desk.get(address))


def test_sources_are_found_by_their_title(campaign: Campaign, owner: User) -> None:
    for number in range(CanvasesForm.MOST_OFFERED + 2):
        Manifest.objects.create(
            uri=f"https://example.org/{number}", label={"fr": [f"Été {number}"]}, document={}
        )
    assert CanvasesForm(person=owner, campaign=campaign).has_more
    found = CanvasesForm(person=owner, campaign=campaign, q="été 61")
    assert [str(label) for _value, label in found.fields["manifests"].choices] == ["Été 61"]
    assert not found.has_more


def test_an_empty_draft_says_what_is_missing(desk: Client, make_campaign: CampaignMaker) -> None:
    make_campaign("draft", pages=0, open_it=False)
    dashboard = desk.get(reverse("campaign-dashboard", args=["draft"]))
    assert 'data-next="prepare"' in dashboard.content.decode()
    assert "Choose the canvases that people will see." in text(dashboard)
    assert 'name="step"' not in dashboard.content.decode()
    says = {
        "campaign-canvases": "No sources yet",
        "campaign-people": "Nobody has taken part yet",
        "campaign-predictions": "No model has looked yet",
        "campaign-releases": "No release yet",
    }
    for route, sentence in says.items():
        assert sentence in text(desk.get(reverse(route, args=["draft"])))


def next_of(client: Client, slug: str) -> str:
    html = client.get(reverse("campaign-dashboard", args=[slug])).content.decode()
    found = re.search(r'data-next="(\w+)"', html)
    assert found
    assert html.count("button--primary") <= 1
    return found[1]


def test_the_next_thing_to_do(
    desk: Client, make_campaign: CampaignMaker, clef: Callable[[str], Concept], owner: User
) -> None:
    campaign = make_campaign("clefs", pages=2, open_it=False)
    assert next_of(desk, "clefs") == "open"
    step = reverse("campaign-step", args=["clefs"])
    assert desk.post(step, {"step": "open"}).status_code == 302
    campaign.refresh_from_db()
    assert next_of(desk, "clefs") == "invite"
    desk.post(step, {"step": "pause"})
    assert next_of(desk, "clefs") == "resume"
    desk.post(step, {"step": "open"})
    answered(campaign, clef)
    assert next_of(desk, "clefs") == "review"
    decide_everything(campaign, owner)
    assert next_of(desk, "clefs") == "release"
    desk.post(step, {"step": "close"})
    campaign.refresh_from_db()
    assert campaign.status == "closed"
    desk.post(step, {"step": "reopen"})
    campaign.refresh_from_db()
    assert campaign.status == "open"


def test_a_step_that_cannot_be_taken_says_why(desk: Client, make_campaign: CampaignMaker) -> None:
    campaign = make_campaign("draft", pages=0, open_it=False)
    step = reverse("campaign-step", args=["draft"])
    page = desk.post(step, {"step": "open"}, follow=True)
    assert "Choose the canvases that people will see." in text(page)
    assert desk.post(step, {"step": "explode"}).status_code == 422
    campaign.refresh_from_db()
    assert campaign.status == "draft"


def test_a_closed_campaign_without_answers_waits_for_nothing(
    desk: Client, campaign: Campaign, owner: User
) -> None:
    pause_campaign(campaign, by=owner)
    desk.post(reverse("campaign-step", args=["clefs"]), {"step": "close"})
    assert next_of(desk, "clefs") == "wait"
