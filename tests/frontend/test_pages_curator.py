"""The curator's pages: who may see them, what bad input comes to, how many queries they take, what they show."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from annotation.models import Canvas, Manifest, SourceImport
from campaigns.actions import assign_role, pause_campaign
from campaigns.actions.predictions import create_predictor, start_run
from campaigns.actions.review import accept_agreeing
from campaigns.models import Campaign, CampaignUserObjectPermission, PredictionRun, Task
from frontend.forms.campaigns import CampaignForm
from frontend.forms.canvases import CanvasesForm
from frontend.forms.problems import show_on
from problems import Invalid
from problems.problem import Fault
from taxonomy.models import Concept, Label, Vocabulary, VocabularyImport
from tests.campaigns.conftest import make_manifest, make_vocabulary
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, moved, tagged
from work.actions import run_job
from work.models import Job, JobLine

CampaignMaker = Callable[..., Campaign]
OWNER, MANAGER, REVIEWER, CONTRIBUTOR, OBSERVER, STRANGER, VISITOR = range(7)


@pytest.fixture
def cast(
    campaign: Campaign,
    owner: User,
    manager: User,
    reviewer: User,
    contributor: User,
    observer: User,
    stranger: User,
) -> list[Client]:
    """A browser for each of the cast, in the order of their names above."""
    roles = {
        manager: Role.MANAGER, reviewer: Role.REVIEWER, contributor: Role.CONTRIBUTOR, observer: Role.OBSERVER,
    }  # fmt: skip
    for user, role in roles.items():
        assign_role(campaign, user, role, by=owner)
    people = [owner, manager, reviewer, contributor, observer, stranger]
    return [*(browser(user) for user in people), Client()]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(owner: User) -> Client:
    """The browser of Olga, who owns the campaign."""
    return browser(owner)


def text(response: Any) -> str:
    """The visible words of a page."""
    html = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def value_of(response: Any, name: str) -> str | None:
    """What stands in the field of this name."""
    html = response.content.decode()
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    if area:
        return unescape(area[1])
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    found = re.search(r'value="([^"]*)"', field[0]) if field else None
    return unescape(found[1]) if found else None


def faults(response: Any) -> dict[str, str]:
    """The fault that stands beside each field, by the field's name."""
    found = {}
    for block in re.split(r'<div class="field"|<fieldset', response.content.decode())[1:]:
        name, error = re.search(r'name="(\w+)"', block), re.search(r'<p class="error">(.*?)</p>', block)
        if name and error:
            found[name[1]] = unescape(error[1])
    return found


def queries(client: Client, address: str) -> int:
    client.get(address)  # sessions and caches are warm
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def answered(campaign: Campaign, clef: Callable[[str], Concept], *, people: int = 3) -> None:
    """On every page the people draw a G clef at slightly different places; the last of them sees an F clef too."""
    g, f = clef("G"), clef("F")
    rows = {}
    for position in range(campaign.tasks.count()):
        boxes = [[(moved(ONE, number), g)] for number in range(people)]
        boxes[-1].append((TWO, f))
        rows[position] = [located(shapes) for shapes in boxes]
    answer(campaign, rows)
    merge(campaign)


# --- who may --------------------------------------------------------------------------------------

# Status by role: owner, manager, reviewer, contributor, observer, stranger, visitor.
OPEN_TO = {
    "campaign-dashboard": (200, 200, 200, 403, 403, 403, 401),
    "campaign-review": (200, 200, 200, 403, 403, 403, 401),
    "campaign-edit": (200, 200, 403, 403, 403, 403, 401),
    "campaign-canvases": (200, 200, 403, 403, 403, 403, 401),
    "campaign-people": (200, 200, 403, 403, 403, 403, 401),
    "campaign-predictions": (200, 200, 403, 403, 403, 403, 401),
    "campaign-releases": (200, 200, 403, 403, 403, 403, 401),
}
FOR_CURATORS = ("campaign-new", "source-import", "vocabulary-import")
FOR_ALL = ("source-list", "vocabulary-list")


def status_of(response: Any) -> int:
    """Visitors are led to the sign-in page; that counts as 401."""
    if response.status_code == 302 and "login" in response["Location"]:
        return 401
    return int(response.status_code)


@pytest.mark.parametrize("route", OPEN_TO)
def test_pages_of_a_campaign_open_by_role(cast: list[Client], route: str) -> None:
    address = reverse(route, args=["clefs"])
    assert tuple(status_of(client.get(address)) for client in cast) == OPEN_TO[route]


@pytest.mark.parametrize("route", FOR_CURATORS)
def test_only_curators_bring_things_in(cast: list[Client], route: str) -> None:
    assert [status_of(client.get(reverse(route))) for client in cast] == [200, 200, 403, 403, 403, 403, 401]


@pytest.mark.parametrize("route", FOR_ALL)
def test_what_is_public_everybody_sees(cast: list[Client], route: str) -> None:
    assert [status_of(client.get(reverse(route))) for client in cast] == [200] * 7


def test_a_draft_is_invisible_to_others(make_campaign: CampaignMaker, stranger: User) -> None:
    make_campaign("draft", open_it=False)
    for route in OPEN_TO:
        assert browser(stranger).get(reverse(route, args=["draft"])).status_code == 404


@pytest.mark.parametrize(
    ("route", "data", "statuses"),
    [
        ("campaign-step", {"step": "pause"}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-consensus", {}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-accept", {}, (302, 302, 302, 403, 403, 403, 401)),
        ("campaign-shown-run", {"run": ""}, (302, 302, 403, 403, 403, 403, 401)),
        ("campaign-people", {"who": "stan", "role": "reviewer"}, (302, 403, 403, 403, 403, 403, 401)),
    ],
)
def test_writing_needs_the_role(
    cast: list[Client], route: str, data: dict[str, str], statuses: tuple[int, ...]
) -> None:
    address = reverse(route, args=["clefs"])
    assert tuple(status_of(client.post(address, data)) for client in cast) == statuses


def test_a_manager_cannot_make_himself_an_owner(
    cast: list[Client], campaign: Campaign, manager: User
) -> None:
    response = cast[MANAGER].post(
        reverse("campaign-people", args=["clefs"]), {"who": "marc", "role": "owner"}
    )
    assert response.status_code == 403
    grants = CampaignUserObjectPermission.objects.filter(content_object=campaign, user=manager)
    assert "own_campaign" not in grants.values_list("permission__codename", flat=True)
    assert "Give the role" not in text(cast[MANAGER].get(reverse("campaign-people", args=["clefs"])))


def test_an_import_is_its_owners_business(desk: Client, manager: User, owner: User) -> None:
    source = SourceImport.objects.create(kind="url", url="https://example.org/m.json", created_by=owner)
    record = VocabularyImport.objects.create(slug="clefs", format="csv", created_by=owner)
    for route, pk in (("source-import-progress", source.pk), ("vocabulary-import-progress", record.pk)):
        address = reverse(route, args=[pk])
        assert desk.get(address).status_code == 200
        assert browser(manager).get(address).status_code == 404
        assert status_of(Client().get(address)) == 401


def test_a_private_source_is_seen_by_its_owner_alone(desk: Client, owner: User, manager: User) -> None:
    manifest = make_manifest(1, owner, is_public=False)
    canvas = manifest.canvases.get()
    assign = {"source": [manifest.pk], "canvas": [manifest.pk, canvas.pk]}
    for route, arguments in assign.items():
        assert browser(manager).get(reverse(route, args=arguments)).status_code == 404
    assert str(manifest.pk) not in browser(manager).get(reverse("source-list")).content.decode()


# --- bad input stands beside its field, and what was typed stays ----------------------------------

GOOD = {
    "question_kind": "locate", "order": "sequential", "order_seed": "1",
    "overlap": "3", "lease_minutes": "30", "is_public": "on", "required_label": "on",
    "rights": "https://creativecommons.org/publicdomain/zero/1.0/", "title_en": "Draw every rest",
    "prompt_en": "Draw a box around every rest.", "title_fr": "Dessinez chaque silence",
}  # fmt: skip


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


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "url", "url": "gallica"}, "url"),
        ({"kind": "url", "url": ""}, "url"),
        ({"kind": "images", "title": "Shelf"}, "images"),
        ({"kind": "file"}, "file"),
    ],
)
def test_a_bad_source_is_refused_beside_its_field(desk: Client, sent: dict[str, str], field: str) -> None:
    response = desk.post(reverse("source-import"), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    if "title" in sent:
        assert value_of(response, "title") == "Shelf"
    assert not SourceImport.objects.exists()


def test_an_image_that_cannot_be_read_is_named(desk: Client) -> None:
    good, bad = SimpleUploadedFile("a.png", b"x"), SimpleUploadedFile("notes.doc", b"x")
    response = desk.post(
        reverse("source-import"), {"kind": "images", "title": "Shelf", "images": [good, bad]}
    )
    assert response.status_code == 422
    assert "notes.doc" in faults(response)["images"]
    assert not SourceImport.objects.exists()


def test_an_unknown_way_of_importing_shows_the_page(desk: Client) -> None:
    assert desk.post(reverse("source-import"), {"kind": "telepathy"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [("words.xls", b"x", "file"), ("words.csv", b"", "file")],
)
def test_a_bad_vocabulary_file_is_refused_beside_its_field(
    desk: Client, name: str, content: bytes, field: str
) -> None:
    sent = {"file": SimpleUploadedFile(name, content), "title_fr": "Mots"}
    response = desk.post(reverse("vocabulary-import"), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    assert value_of(response, "title_fr") == "Mots"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "match_template", "examples": "0", "threshold": "0.7"}, "examples"),
        ({"kind": "match_template", "examples": "3", "threshold": "7"}, "threshold"),
        ({"kind": "http", "name": "Model", "url": "nowhere"}, "url"),
        ({"kind": "http", "name": "Model", "url": "https://model.example/", "labels": "gClef = Z"}, "labels"),
    ],
)
def test_a_bad_predictor_is_refused_beside_its_field(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], sent: dict[str, str], field: str
) -> None:
    answered(campaign, clef)
    response = desk.post(reverse("campaign-predictions", args=["clefs"]), sent)
    assert response.status_code == 422
    assert list(faults(response)) == [field]
    assert not PredictionRun.objects.exists()


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


# --- the number of queries does not grow ----------------------------------------------------------


def test_campaign_pages_take_as_many_queries_for_much_as_for_little(
    make_campaign: CampaignMaker, desk: Client, clef: Callable[[str], Concept], owner: User
) -> None:
    small, large = make_campaign("small", pages=2), make_campaign("large", pages=12)
    answered(small, clef)
    answered(large, clef)
    for campaign in (small, large):
        accept_agreeing(campaign, at_most=1, by=owner)
    for name in [*OPEN_TO, "campaign-preview"]:
        few, many = (queries(desk, reverse(name, args=[slug])) for slug in ("small", "large"))
        assert few == many, name


def test_runs_are_listed_in_as_many_queries(make_campaign: CampaignMaker, desk: Client, owner: User) -> None:
    small, large = make_campaign("small"), make_campaign("large")
    settings = {"url": "https://model.example/", "labels": []}
    for campaign, count in ((small, 1), (large, 7)):
        for _number in range(count):
            model = create_predictor(
                campaign, kind="http", name="M", version="", configuration=settings, by=owner
            )
            start_run(model, by=owner)
    few, many = (queries(desk, reverse("campaign-predictions", args=[slug])) for slug in ("small", "large"))
    assert few == many


def test_lists_take_as_many_queries_for_much_as_for_little(desk: Client, owner: User, clef: Any) -> None:
    def counts(manifest: Manifest) -> list[int]:
        canvas = manifest.canvases.order_by("position").last()
        assert canvas is not None
        addresses = [
            reverse("source-list"), reverse("vocabulary-list"), reverse("source", args=[manifest.pk]),
            reverse("canvas", args=[manifest.pk, canvas.pk]), reverse("vocabulary", args=["clefs"]),
            f"{reverse('vocabulary', args=['clefs'])}?q=cl", reverse("concept", args=["clefs", clef("G").pk]),
            reverse("concept-children", args=["clefs", clef("top").pk]),
        ]  # fmt: skip
        return [queries(desk, address) for address in addresses]

    few = counts(make_manifest(2, owner))
    for number in range(6):
        make_vocabulary(f"more-{number}")
        make_manifest(3, owner)
    top = clef("top")
    for number in range(20):
        more = Concept.objects.create(
            vocabulary=top.vocabulary, uri=f"https://example.org/x/{number}", parent=top, ancestors=[top.pk]
        )
        Label.objects.create(
            concept=more, kind="pref", language="en", text=f"X {number}", folded=f"x {number}"
        )
    many = counts(make_manifest(60, owner))
    assert many == few


# --- empty pages say what to do -------------------------------------------------------------------


def test_empty_shelves(desk: Client, stranger: User) -> None:
    for client, says in ((desk, "It takes a minute."), (browser(stranger), "Curators bring images in")):
        assert says in text(client.get(reverse("source-list")))
    for client, says in ((desk, "one label a line"), (browser(stranger), "Curators bring vocabularies in")):
        assert says in text(client.get(reverse("vocabulary-list")))
    assert "There is no vocabulary yet." in text(desk.get(reverse("campaign-new")))


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


def test_a_source_without_canvases(desk: Client, owner: User) -> None:
    assert "No images in this source" in text(desk.get(reverse("source", args=[make_manifest(0, owner).pk])))


def test_an_empty_vocabulary(desk: Client, db: None) -> None:
    Vocabulary.objects.create(slug="bare", uri="https://example.org/bare", title={"fr": "Nu"})
    page = desk.get(reverse("vocabulary", args=["bare"]))
    assert "No concepts yet" in text(page)
    assert "Nu" in text(page), "the only title there is"


# --- what to do next, and the steps of a campaign -------------------------------------------------


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


# --- the dashboard's numbers are the API's --------------------------------------------------------


def figure(response: Any, name: str) -> str | None:
    found = re.search(rf'data-figure="{name}">([^<]*)<', response.content.decode())
    return found[1].strip() if found else None


def test_the_figures_on_boxes_are_those_of_the_api(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User
) -> None:
    answered(campaign, clef)
    accept_agreeing(campaign, at_most=1, by=owner)
    api = desk.get(reverse("api-figures", args=["clefs"])).json()
    page = desk.get(reverse("campaign-dashboard", args=["clefs"]))
    assert figure(page, "value") == f"{api['value']:.2f}"
    assert figure(page, "mean_iou") == f"{api['mean_iou']:.2f}"
    assert f"{api['interval']['low']:.2f} to {api['interval']['high']:.2f}" in text(page)
    assert figure(page, "retired") == str(api["states"]["retired"] + api["states"]["decided"])
    for state in ("open", "retired", "decided"):
        assert page.context["states"][state] == api["states"][state]
    progress = desk.get(reverse("api-campaign-detail", args=["clefs"])).json()["progress"]
    assert figure(page, "contributions") == str(progress["contributions"]) == "12"
    assert figure(page, "ground_truth") == str(page.context["ground_truth"])
    assert "F1" in text(page)


def test_the_figures_on_tags_are_those_of_the_api(
    desk: Client, make_campaign: CampaignMaker, clef: Callable[[str], Concept]
) -> None:
    campaign = make_campaign("hands", pages=4, question_kind="tag")
    g, f = clef("G"), clef("F")
    answer(
        campaign,
        {n: [tagged(g), tagged(g), tagged(f if n == 3 else g)] for n in range(3)} | {3: [tagged(f)] * 0},
    )
    api = desk.get(reverse("api-figures", args=["hands"])).json()
    page = desk.get(reverse("campaign-dashboard", args=["hands"]))
    assert figure(page, "percent") == f"{round(api['percent'] * 100)}%"
    assert api["coefficient"] == "alpha"


def test_a_figure_is_rounded_not_cut(
    desk: Client, make_campaign: CampaignMaker, clef: Callable[[str], Concept]
) -> None:
    """Two of three pairs agree: 67 %, not 66 %."""
    campaign = make_campaign("hands", pages=3, question_kind="tag", overlap=2)
    g, f = clef("G"), clef("F")
    answers = {0: [(g,), (g,)], 1: [(f,), (f,)], 2: [(g,), (f,)]}
    answer(campaign, {n: [tagged(*one) for one in row] for n, row in answers.items()})
    page = desk.get(reverse("campaign-dashboard", args=["hands"]))
    assert figure(page, "percent") == "67%"
    french = desk.get(reverse("campaign-dashboard", args=["hands"]), headers={"Accept-Language": "fr"})
    assert figure(french, "percent") == "67\u202f%"
    assert not re.search(r'\s(x|y|x1|x2|cx|width|height|value)="-?\d+,\d', french.content.decode()), (
        "a comma in SVG"
    )


def test_charts_have_their_numbers_in_tables(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept]
) -> None:
    answered(campaign, clef)
    page = desk.get(reverse("campaign-dashboard", args=["clefs"]))
    html = page.content.decode()
    assert sum(count for _span, count in page.context["disagreement"]) == 4
    assert sum(count for _day, count in page.context["days"]) == 12
    assert {row.label: row.contributions for row in page.context["concepts"]} == {"G clef": 12, "F clef": 4}
    assert {row["part"].name: row["part"].value for row in page.context["origins"]} == {
        "drawn": 16, "copied": 0, "accepted": 0, "edited": 0,
    }  # fmt: skip
    assert [pair["figures"].canvases for pair in page.context["pairs"]] == [4, 4, 4]
    assert len(page.context["participants"]) == page.context["people_count"] == 3
    assert html.count('role="img"') == html.count("<title id=") == 6


def test_undisputed_tasks_are_accepted_together(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept]
) -> None:
    g = clef("G")
    answer(
        campaign, {n: [located([(ONE, g)])] * 0 + [located([(ONE, g)]) for _ in range(3)] for n in range(4)}
    )
    merge(campaign)
    page = desk.get(reverse("campaign-review", args=["clefs"]))
    assert "Accept 4 undisputed images" in text(page)
    after = desk.post(reverse("campaign-accept", args=["clefs"]), follow=True)
    assert "4 tasks were accepted." in text(after)
    assert "undisputed" not in text(after)


def test_the_review_is_told_where_it_is(desk: Client, campaign: Campaign) -> None:
    html = desk.get(
        reverse("campaign-review", args=["clefs"]), headers={"Accept-Language": "fr"}
    ).content.decode()
    element = re.search(r"<rubricator-review[^>]*>", html)
    assert element
    assert 'api="/api/v1/campaigns/clefs/"' in element[0]
    assert 'lang="fr"' in element[0]
    assert 'home-url="/campaigns/clefs/dashboard/"' in element[0]


# --- predictions, releases ------------------------------------------------------------------------


def test_the_run_shown_is_chosen(desk: Client, make_campaign: CampaignMaker, owner: User) -> None:
    campaign, other = make_campaign("clefs"), make_campaign("others")
    runs = []
    for one in (campaign, other):
        settings = {"url": "https://model.example/", "labels": []}
        model = create_predictor(one, kind="http", name="Eye", version="2", configuration=settings, by=owner)
        runs.append(start_run(model, by=owner))
    address = reverse("campaign-shown-run", args=["clefs"])
    desk.post(address, {"run": str(runs[0].pk)})
    campaign.refresh_from_db()
    assert campaign.shown_run == runs[0]
    assert "shown to contributors" in text(desk.get(reverse("campaign-predictions", args=["clefs"])))
    desk.post(address, {"run": str(runs[1].pk)})
    campaign.refresh_from_db()
    assert campaign.shown_run == runs[0], "the run of another campaign is none of this one's"


def test_a_run_can_be_stopped_and_resumed_from_its_page(
    desk: Client, campaign: Campaign, owner: User, manager: User
) -> None:
    settings = {"url": "https://model.example/", "labels": []}
    model = create_predictor(campaign, kind="http", name="Eye", version="", configuration=settings, by=owner)
    run = start_run(model, by=owner)
    address = reverse("campaign-predictions", args=["clefs"])
    assert reverse("job-stop", args=[run.job_id]) in desk.get(address).content.decode()
    desk.post(reverse("job-stop", args=[run.job_id]), {"next": address})
    assert reverse("job-resume", args=[run.job_id]) in desk.get(address).content.decode()
    assign_role(campaign, manager, Role.MANAGER, by=owner)
    html = browser(manager).get(address).content.decode()
    assert "Stopped" in html
    assert reverse("job-resume", args=[run.job_id]) not in html, "only who asked for it"


def test_a_release_is_made_from_what_is_decided(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User
) -> None:
    address = reverse("campaign-releases", args=["clefs"])
    early = desk.post(address, {"note": "Too soon", "rights": GOOD["rights"], "is_public": "on"})
    assert early.status_code == 422
    assert value_of(early, "note") == "Too soon"
    assert "Nothing has been decided yet" in text(early)
    answered(campaign, clef)
    decide_everything(campaign, owner)
    made = desk.post(address, {"note": "First", "rights": GOOD["rights"]})
    release = campaign.releases.get()
    assert made["Location"] == reverse("release", args=[release.pk])
    assert (release.number, release.note, release.is_public) == (1, "First", False)
    assert "Release 1" in text(desk.get(address))


# --- sources --------------------------------------------------------------------------------------


def finish(job: Job) -> Job:
    run_job(str(job.pk))
    job.refresh_from_db()
    return job


def test_an_import_shows_its_report_faults_first(desk: Client) -> None:
    canvas = {"id": "https://example.org/c/1", "type": "Canvas", "width": 10, "height": 10, "items": []}
    document = {
        "@context": "http://iiif.io/api/presentation/3/context.json", "id": "https://example.org/m",
        "type": "Manifest", "label": {"en": ["Faulty"]}, "items": [canvas, {**canvas, "id": "https://example.org/c/2", "width": 0}],
    }  # fmt: skip
    file = SimpleUploadedFile("m.json", json.dumps(document).encode())
    response = desk.post(reverse("source-import"), {"kind": "file", "file": file})
    source = SourceImport.objects.get()
    address = reverse("source-import-progress", args=[source.pk])
    assert response["Location"] == address
    waiting = desk.get(address)
    assert 'data-job-state="queued"' in waiting.content.decode()
    assert f'hx-get="{reverse("job-progress", args=[source.job_id])}"' in waiting.content.decode()
    assert source.job is not None
    finish(source.job)
    JobLine.objects.create(
        job=source.job, severity="error", sentence="Added last", place="https://example.org/c/9"
    )
    done = desk.get(address)
    assert 'data-job-state="done"' in done.content.decode()
    severities = [line.severity for line in done.context["report"]]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert done.context["errors"] == severities.count("error") >= 1
    assert "https://example.org/c/9" in text(done)
    assert "Faulty" in text(done)


def test_a_failed_import_says_why_and_offers_another_way(desk: Client) -> None:
    desk.post(reverse("source-import"), {"kind": "file", "file": SimpleUploadedFile("m.json", b"<html>")})
    source = SourceImport.objects.get()
    assert source.job is not None
    assert finish(source.job).state == "failed"
    page = desk.get(reverse("source-import-progress", args=[source.pk]))
    assert source.job.error in text(page)
    assert "Try another way" in text(page)


def test_three_institutions_are_offered_and_one_click_imports(desk: Client) -> None:
    page = desk.get(reverse("source-import"))
    urls = re.findall(r'<input type="hidden" name="url" value="([^"]+)"', page.content.decode())
    assert len(urls) == 3
    desk.post(reverse("source-import"), {"kind": "url", "url": urls[0]})
    assert SourceImport.objects.get().url == urls[0]


def test_a_contact_sheet_has_pages(desk: Client, owner: User) -> None:
    manifest = make_manifest(50, owner)
    first = desk.get(reverse("source", args=[manifest.pk]))
    second = desk.get(reverse("source", args=[manifest.pk]), {"page": 2})
    assert first.content.decode().count("<figcaption>") == 48
    assert second.content.decode().count("<figcaption>") == 2
    assert "A gradual" in text(first)


def canvas_data(response: Any) -> dict[str, Any]:
    found = re.search(r'<script id="canvas-data"[^>]*>(.*?)</script>', response.content.decode(), re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def test_a_canvas_shows_the_layers_one_may_see(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, stranger: User
) -> None:
    answered(campaign, clef)
    decide_everything(campaign, owner)
    canvas = Canvas.objects.get(position=1)
    address = reverse("canvas", args=[canvas.manifest_id, canvas.pk])
    mine, theirs = desk.get(address), browser(stranger).get(address)
    kinds = [row["layer"].kind for row in mine.context["layers"]]
    assert sorted(kinds) == ["consensus", "contributions", "decisions", "ground-truth"]
    assert [row["layer"].kind for row in theirs.context["layers"]] == ["ground-truth"]
    data = canvas_data(mine)
    assert data["canvas"]["id"] == str(canvas.pk)
    drawn = {layer["id"]: layer["shapes"] for layer in data["layers"]}
    assert len(drawn[str(campaign.contributions_layer_id)]) == 4
    assert drawn[str(campaign.ground_truth_layer_id)][0]["concepts"][0]["label"] == "G clef"
    assert len(drawn[str(campaign.ground_truth_layer_id)][0]["box"]) == 4
    assert [layer["id"] for layer in canvas_data(theirs)["layers"]] == [str(campaign.ground_truth_layer_id)]
    html = mine.content.decode()
    for row in mine.context["layers"]:
        assert row["page"] in html
        assert row["collection"] in html
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_a_canvas_of_another_manifest_is_not_here(desk: Client, owner: User) -> None:
    one, other = make_manifest(1, owner), make_manifest(1, owner)
    assert desk.get(reverse("canvas", args=[one.pk, other.canvases.get().pk])).status_code == 404


def test_what_a_source_says_of_itself_cannot_script(desk: Client, owner: User) -> None:
    manifest = make_manifest(1, owner)
    evil = "<script>alert(1)</script>"
    manifest.label, manifest.metadata = (
        {"en": [evil]},
        [{"label": {"en": [evil]}, "value": {"en": [f"{evil}<b>x</b>"]}}],
    )
    manifest.required_statement = {"label": {"en": ["By"]}, "value": {"en": [evil]}}
    manifest.save()
    Canvas.objects.filter(manifest=manifest).update(label={"none": [evil]})
    canvas = manifest.canvases.get()
    for address in (reverse("source", args=[manifest.pk]), reverse("canvas", args=[manifest.pk, canvas.pk])):
        assert evil not in desk.get(address).content.decode()


# --- vocabularies ---------------------------------------------------------------------------------


def test_the_tree_opens_branch_by_branch(
    desk: Client, vocabulary: Vocabulary, clef: Callable[[str], Concept]
) -> None:
    page = desk.get(reverse("vocabulary", args=["clefs"]))
    assert text(page).count("G clef") == 1, "one root is opened at once"
    branch = desk.get(
        reverse("concept-children", args=["clefs", clef("top").pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in branch.content.decode()
    assert [clef_ for clef_ in ("G clef", "F clef", "C clef") if clef_ in text(branch)] == [
        "G clef",
        "F clef",
        "C clef",
    ]
    Concept.objects.filter(notation="C").update(status="deprecated")
    assert "C clef" not in text(desk.get(reverse("concept-children", args=["clefs", clef("top").pk])))


def test_a_search_answers_htmx_with_its_part_only(desk: Client, vocabulary: Vocabulary) -> None:
    address = reverse("vocabulary", args=["clefs"])
    part = desk.get(address, {"q": "SOL"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "G clef" in text(part)
    assert "clef de sol" in text(part), "what has matched is said"
    assert "HX-Request" in part["Vary"]
    back = desk.get(
        address, {"q": "SOL"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in back.content.decode()
    assert "No label or synonym begins with “zzz”." in text(desk.get(address, {"q": "zzz"}))


@pytest.mark.parametrize("q", ["\x00", "'", "<script>", "%", "\\", "é" * 500, "  "])
def test_odd_searches_are_answered(desk: Client, vocabulary: Vocabulary, q: str) -> None:
    page = desk.get(reverse("vocabulary", args=["clefs"]), {"q": q})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_a_concept_shows_its_labels_its_place_and_where_it_was_seen(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, stranger: User
) -> None:
    answered(campaign, clef)
    decide_everything(campaign, owner)
    address = reverse("concept", args=["clefs", clef("G").pk])
    page = desk.get(address)
    assert "clef de sol" in text(page)
    assert page.context["seen"] == 4
    for example in page.context["examples"]:
        x, y, w, h = example["around"]
        canvas, (bx, by, bw, bh) = example["annotation"].canvas, example["annotation"].box
        assert 0 <= x <= bx
        assert 0 <= y <= by
        assert bx + bw <= x + w <= canvas.width
        assert by + bh <= y + h <= canvas.height
    assert 'aria-current="page"' in page.content.decode()
    campaign.ground_truth_layer.is_public = False
    campaign.ground_truth_layer.save()
    assert browser(stranger).get(address).context["seen"] == 0


def test_a_concept_of_another_vocabulary_is_not_here(desk: Client, vocabulary: Vocabulary) -> None:
    other = make_vocabulary("others")
    concept = other.concepts.get(notation="G")
    assert desk.get(reverse("concept", args=["clefs", concept.pk])).status_code == 404
    children = desk.get(reverse("concept-children", args=["clefs", other.concepts.get(notation="top").pk]))
    assert "clef" not in text(children)


def test_a_vocabulary_is_brought_in_from_its_page(desk: Client) -> None:
    file = SimpleUploadedFile("marks.csv", b"label@en,parent\nMark,\nStamp,Mark\n")
    response = desk.post(reverse("vocabulary-import"), {"file": file, "title_en": "Marks"})
    record = VocabularyImport.objects.get()
    assert response["Location"] == reverse("vocabulary-import-progress", args=[record.pk])
    assert record.job is not None
    assert finish(record.job).state == "done"
    page = desk.get(response["Location"])
    assert 'data-job-state="done"' in page.content.decode()
    assert "Stamp" in text(page)
    assert not Vocabulary.objects.filter(slug="marks").exists()
    desk.post(reverse("vocabulary-import-apply", args=[record.pk]))
    record.refresh_from_db()
    assert finish(record.job).state == "done"
    page = desk.get(response["Location"])
    assert reverse("vocabulary", args=["marks"]) in page.content.decode()
    assert "Stamp" in text(desk.get(reverse("vocabulary", args=["marks"])))


def test_a_vocabulary_of_somebody_else_is_not_overwritten(desk: Client, vocabulary: Vocabulary) -> None:
    file = SimpleUploadedFile("clefs.csv", b"label@en\nMine\n")
    response = desk.post(reverse("vocabulary-import"), {"file": file, "slug": "clefs"})
    assert response.status_code == 422
    assert value_of(response, "slug") == "clefs"
    assert not VocabularyImport.objects.exists()


def references(html: str) -> set[str]:
    """The ids that labels and descriptions name."""
    found = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html)
    return {name for names in found for name in names.split()}


@pytest.mark.parametrize("route", FOR_CURATORS)
def test_faults_are_tied_to_their_fields(desk: Client, vocabulary: Vocabulary, route: str) -> None:
    html = desk.post(reverse(route), {"kind": "images", "overlap": "0", "slug": "!"}).content.decode()
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    assert any(name.endswith("_error") for name in ids)
    assert references(html) <= ids


# --- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_no_page_has_inline_script_or_style(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, language: str
) -> None:
    answered(campaign, clef)
    canvas = Canvas.objects.first()
    assert canvas is not None
    addresses = [reverse(route, args=["clefs"]) for route in OPEN_TO]
    addresses += [reverse(route) for route in (*FOR_CURATORS, *FOR_ALL)]
    addresses += [
        reverse("source", args=[canvas.manifest_id]), reverse("canvas", args=[canvas.manifest_id, canvas.pk]),
        reverse("vocabulary", args=["clefs"]), reverse("concept", args=["clefs", clef("G").pk]),
    ]  # fmt: skip
    for address in addresses:
        response = desk.get(address, headers={"Accept-Language": language})
        html = response.content.decode()
        assert response.status_code == 200, address
        assert f'<html lang="{language}"' in html
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html), address
        scripts = re.findall(r"<script(?![^>]*src=)([^>]*)>", html)
        assert all("application/json" in attributes for attributes in scripts), address
        assert html.count("<h1") == 1 or "rubricator-review" in html, address
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), (address, sorted(name for name in ids if ids.count(name) > 1))
        assert references(html) <= set(ids), address
