"""The volunteer’s side over REST, exactly as the workbench relies on it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from annotation.cropping import content_state_of
from annotation.models import Annotation, Layer
from annotation.queries import crop_url
from campaigns.actions import close_campaign, configure_campaign, pause_campaign
from campaigns.api.visitors import COOKIE
from campaigns.instructions import render_markdown
from campaigns.models import Assignment, Campaign, Contribution, Participant, PredictionRun, Predictor, Task
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker

Clef = Callable[[str], Concept]


@pytest.fixture
def carl(api: APIClient, contributor: User) -> APIClient:
    api.force_authenticate(contributor)
    return api


def claim(client: APIClient, slug: str = "clefs", **body: Any) -> dict[str, Any]:
    response = client.post(reverse("api-assignment-claim", args=[slug]), body, format="json")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def answer_to(claimed: dict[str, Any], *, concept: Concept | None = None, **more: Any) -> dict[str, Any]:
    shapes = [] if concept is None else [
        {"id": str(uuid4()), "box": [10, 20, 30, 40], "concepts": [str(concept.pk)], "origin": "drawn", "prediction": None}
    ]  # fmt: skip
    return {
        "id": str(uuid4()), "assignment": claimed["assignment"]["id"], "nothing_here": concept is None,
        "shapes": shapes, "concepts": [], "rejected_predictions": [], "comment": "", "time_spent_s": 4.5,
        "locale": "fr", "device": "desktop", **more,
    }  # fmt: skip


def submit(client: APIClient, body: Any, slug: str = "clefs") -> Any:
    return client.post(reverse("api-contribution-submit", args=[slug]), body, format="json")


def test_a_campaign_as_a_volunteer_meets_it(make_campaign: CampaignMaker, api: APIClient, clef: Clef) -> None:
    make_campaign(branch=clef("top"), instructions={"en": "# How\n\nDraw **tightly**."})
    body = api.get(reverse("api-campaign-detail", args=["clefs"])).json()
    assert body == {
        "slug": "clefs",
        "languages": ["en", "fr"],
        "language": "en",
        "title": {"en": "Draw every clef", "fr": "Dessinez chaque clef"},
        "summary": {},
        "status": "open",
        "question": {
            "kind": "locate",
            "draws": True,
            "judges": False,
            "pairs": False,
            "takes_nothing": True,
            "answers": [],
            "shapes": "box",
            "prompt": {"en": "Draw a box around every clef."},
            "many": False,
            "required_label": True,
            "show": "one",
            "grid": 1,
            "may_correct": True,
            "certainty": False,
            "writes": False,
            "languages": [],
            "max_length": 1000,
            "multiline": False,
            "purpose": "describing",
            "steps": [],
        },
        "instructions_html": {"en": "<h2>How</h2>\n<p>Draw <strong>tightly</strong>.</p>\n"},
        "tutorial": {"steps": 0, "seen": False},
        "vocabulary": {"slug": "clefs", "branch": str(clef("top").pk), "count": 3},
        "overlap": 3,
        "shows_predictions": False,
        "progress": {"tasks": 4, "retired": 0, "contributions": 0, "mine": 0},
    }


def test_concepts_are_found_in_every_language(
    make_campaign: CampaignMaker, api: APIClient, clef: Clef
) -> None:
    make_campaign(branch=clef("top"))
    address = reverse("api-campaign-concepts", args=["clefs"])
    body = api.get(address, {"q": "clef d ut", "lang": "en"}).json()
    assert body["total"] == 1
    (found,) = body["items"]
    assert found["id"] == str(clef("C").pk)
    assert (found["label"], found["matched"], found["path"]) == ("C clef", "clef d’ut", ["clef"])
    assert set(found) >= {"uri", "notation", "scope_note"}
    everything = api.get(address, {"lang": "fr", "limit": 2}).json()
    assert [item["label"] for item in everything["items"]] == ["clef de sol", "clef de fa"]
    assert everything["total"] == 3
    assert api.get(address, {"limit": "many"}).status_code == 400


def test_a_task_as_the_workbench_gets_it(campaign: Campaign, carl: APIClient) -> None:
    body = claim(carl)
    task = Task.objects.select_related("canvas__manifest").get(position=0)
    canvas = task.canvas
    assert set(body) == {"assignment", "reason", "retry_after_s", "progress"}
    assert (body["reason"], body["retry_after_s"]) == (None, None)
    assignment = body["assignment"]
    assert set(assignment) == {"id", "expires_at", "task", "predictions", "neighbours", "finds_similar"}
    assert assignment["predictions"] == []
    assert assignment["task"] == {
        "id": str(task.pk),
        "canvas": {
            "id": str(canvas.pk),
            "uri": canvas.uri,
            "label": {"none": ["1"]},
            "width": 1000.0,
            "height": 1400.0,
            "image": {
                "service": canvas.image_service,
                "version": 3,
                "url": None,
                "width": 2000,
                "height": 2800,
                "auth": None,
            },
            "images": [
                {
                    "place": None,
                    "choices": [
                        {
                            "service": canvas.image_service,
                            "version": 3,
                            "url": None,
                            "width": 2000,
                            "height": 2800,
                            "auth": None,
                            "label": {},
                            "part": None,
                            "rotation": None,
                        }
                    ],
                }
            ],
            "scale": None,
            "manifest": {
                "id": str(canvas.manifest_id),
                "label": {"en": ["A gradual"]},
                "rights": "http://creativecommons.org/publicdomain/zero/1.0/",
                "required_statement": None,
            },
            "content_state": content_state_of(canvas),
        },
        "region": None,
        "crop": crop_url(canvas, None),
        "about": None,
        "beside": None,
        "left": None,
    }


def test_one_claims_ahead_and_resumes(campaign: Campaign, carl: APIClient) -> None:
    first, second = claim(carl), claim(carl)
    assert first["assignment"]["task"]["id"] != second["assignment"]["task"]["id"]
    assert claim(carl, resume=True)["assignment"]["id"] == first["assignment"]["id"]


def test_work_is_handed_in_once(campaign: Campaign, carl: APIClient, clef: Clef) -> None:
    body = answer_to(claim(carl), concept=clef("F"))
    first, again = submit(carl, body), submit(carl, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert set(first.json()) == {"id", "assignment", "submitted_at", "counted", "progress", "feedback"}
    assert first.json()["id"] == body["id"]
    assert first.json()["counted"] is True
    assert first.json()["progress"] == {"tasks": 4, "retired": 0, "contributions": 1, "mine": 1}
    other = submit(carl, {**body, "comment": "changed"})
    assert other.status_code == 409
    assert other["Content-Type"] == "application/problem+json"
    assert other.json()["code"] == "id-used"
    third = submit(carl, {**body, "id": str(uuid4())})
    assert (third.status_code, third.json()["existing"]) == (409, body["id"])


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (
            {
                "shapes": [
                    {
                        "id": "00000000-0000-4000-8000-000000000001",
                        "box": [990, 0, 20, 20],
                        "concepts": [],
                        "origin": "drawn",
                    }
                ],
                "nothing_here": False,
            },
            "/shapes/0/concepts",
        ),
        ({"shapes": "many"}, "/shapes"),
        ({"shapes": [7], "nothing_here": False}, "/shapes/0"),
        (
            {"shapes": [{"prediction": {"id": 1}, "concepts": {"a": 1}, "id": 3}], "nothing_here": False},
            "/shapes/0",
        ),
        ({"nothing_here": "yes"}, "/nothing_here"),
        ({"nothing_here": False}, "/shapes"),
        ({"comment": {"a": 1}}, "/comment"),
        ({"concepts": [None]}, "/concepts"),
        ({"rejected_predictions": [str(uuid4())]}, "/rejected_predictions/0"),
        ({"id": "seven"}, "/id"),
        ({"id": 7.5}, "/id"),
        ({"assignment": None}, "/assignment"),
        ({"time_spent_s": -1}, "/time_spent_s"),
        ({"time_spent_s": "nan"}, "/time_spent_s"),
        ({"time_spent_s": "1e999"}, "/time_spent_s"),
        ({"device": "toaster"}, "/device"),
        ({"locale": "a" * 13}, "/locale"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_place(
    campaign: Campaign, carl: APIClient, change: dict[str, Any], pointer: str
) -> None:
    response = submit(carl, {**answer_to(claim(carl)), **change})
    assert response.status_code == 422, response.content
    assert response.json()["errors"][0]["pointer"].startswith(pointer)
    assert Contribution.objects.count() == 0


@pytest.mark.parametrize("body", [[], "text", 7, None, [{"id": 1}]])
def test_a_body_that_is_no_object_is_refused(campaign: Campaign, carl: APIClient, body: object) -> None:
    for name in ("api-contribution-submit", "api-assignment-claim"):
        response = carl.post(reverse(name, args=["clefs"]), body, format="json")
        assert response.status_code in {200, 400, 422}
        assert response.status_code != 200 or (name == "api-assignment-claim" and not body)


def test_a_lease_is_renewed_released_and_skipped_by_its_holder_only(
    campaign: Campaign, carl: APIClient, stranger: User
) -> None:
    pk = claim(carl)["assignment"]["id"]
    other = APIClient()
    for step, expected in (("renew", 200), ("release", 204), ("skip", 204)):
        address = reverse(f"api-assignment-{step}", args=[pk])
        assert other.post(address).status_code == 401
        other.force_authenticate(stranger)
        assert other.post(address).status_code == 404
        other.force_authenticate(None)
        response = carl.post(address)
        assert response.status_code == expected
        assert step != "renew" or set(response.json()) == {"expires_at"}
    assert Assignment.objects.get().state == "skipped"


def test_work_on_anothers_lease_is_not_taken(campaign: Campaign, carl: APIClient, stranger: User) -> None:
    body = answer_to(claim(carl))
    other = APIClient()
    assert submit(other, body).status_code == 401
    other.force_authenticate(stranger)
    assert submit(other, body).status_code == 404
    assert submit(carl, body, slug="elsewhere").status_code == 404


def test_a_queue_that_is_dry_says_when_to_come_back(
    make_campaign: CampaignMaker, carl: APIClient, stranger: User
) -> None:
    make_campaign(pages=1, overlap=1)
    other = APIClient()
    other.force_authenticate(stranger)
    mine = claim(carl)
    response = other.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json")
    body = response.json()
    assert (body["assignment"], body["reason"]) == (None, "all_leased")
    assert response["Retry-After"] == str(body["retry_after_s"])
    assert submit(carl, answer_to(mine)).status_code == 201
    assert claim(other)["reason"] == "nothing_left"


def test_a_paused_campaign_says_so_and_takes_in_what_is_under_way(
    campaign: Campaign, carl: APIClient, owner: User
) -> None:
    mine = claim(carl)
    pause_campaign(campaign, by=owner)
    assert claim(carl)["reason"] == "campaign_not_open"
    assert submit(carl, answer_to(mine)).json()["counted"] is True
    other = claim_after_reopening(campaign, carl, owner)
    close_campaign(campaign, by=owner)
    assert submit(carl, answer_to(other)).json()["counted"] is False


def claim_after_reopening(campaign: Campaign, client: APIClient, owner: User) -> dict[str, Any]:
    Campaign.objects.update(status=Campaign.Status.OPEN)
    return claim(client)


def test_late_work_survives_the_campaign_being_hidden(
    campaign: Campaign, carl: APIClient, owner: User
) -> None:
    mine = claim(carl)
    configure_campaign(campaign, {"is_public": False}, by=owner)
    assert carl.get(reverse("api-campaign-detail", args=["clefs"])).status_code == 404
    assert submit(carl, answer_to(mine)).status_code == 201


# --- visitors -------------------------------------------------------------------------------------


def test_visitors_work_where_the_campaign_allows(make_campaign: CampaignMaker, api: APIClient) -> None:
    make_campaign(allows_anonymous=True)
    mine = claim(api)
    cookie = api.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    visitor = Participant.objects.get()
    assert visitor.user is None
    assert len(visitor.visitor) == 64
    assert visitor.visitor not in cookie.value
    assert claim(api, resume=True)["assignment"]["id"] == mine["assignment"]["id"]
    done = submit(api, answer_to(mine))
    assert done.status_code == 201
    assert done.json()["progress"]["mine"] == 1
    assert api.get(reverse("api-campaign-detail", args=["clefs"])).json()["progress"]["mine"] == 1
    assert Participant.objects.count() == 1


def test_a_forged_cookie_is_nobody(make_campaign: CampaignMaker, api: APIClient) -> None:
    make_campaign(allows_anonymous=True)
    mine = claim(api)
    secret = api.cookies[COOKIE].value.split(":")[0]
    for forged in (secret, f"{secret}:x:y", "", "::"):
        other = APIClient()
        other.cookies[COOKIE] = forged
        assert submit(other, answer_to(mine)).status_code == 401
        assert claim(other)["progress"]["mine"] == 0
    assert Contribution.objects.count() == 0


def test_a_visitor_who_signs_in_can_still_hand_in(
    make_campaign: CampaignMaker, api: APIClient, contributor: User
) -> None:
    make_campaign(allows_anonymous=True)
    mine = claim(api)
    api.force_authenticate(contributor)
    assert submit(api, answer_to(mine)).status_code == 201


def test_visitors_are_asked_to_sign_in_elsewhere(campaign: Campaign, api: APIClient) -> None:
    response = api.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json")
    assert response.status_code == 401
    assert COOKIE not in response.cookies
    assert Participant.objects.count() == 0


# --- instructions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/pixel.png">',
        "![pixel](https://evil.example/pixel.png)",
        "[a](//evil.example)",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](https:///evil.example)",
        '<a href="//evil.example" onclick="x()" style="x" class="x">a</a>',
        '<p style="position:fixed">x</p><iframe src="x"></iframe>',
        "<svg><a xlink:href='javascript:x'>a</a></svg>",
    ],
)
def test_instructions_bring_nothing_harmful(text: str) -> None:
    found = _Elements()
    found.feed(render_markdown(text))
    assert found.tags <= {"p", "a"}
    assert found.attributes <= {"rel"}
    assert found.rels <= {"noopener noreferrer nofollow"}


class _Elements(HTMLParser):
    """The tags and attributes that a browser would find."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.rels: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.rels |= {value for name, value in attrs if name == "rel"}


@pytest.mark.parametrize(
    "text", ["[a](/\\\\evil.example)", "[a](/&#9;/evil.example)", "[a](/%2F/evil.example)"]
)
def test_a_path_stays_on_the_site(text: str) -> None:
    """What could be read as another host is percent-encoded, and so a path of ours."""
    (address,) = re.findall(r'href="([^"]*)"', render_markdown(text))
    assert re.match(r"/%", address)


def test_instructions_keep_what_helps() -> None:
    html = render_markdown(
        "# One\n\n#### Four\n\n- a\n- *b*\n\n[out](https://example.org/a?b=c#d) [in](/guide#x) [there](#y)\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert "<h2>One</h2>" in html
    assert "<h4>Four</h4>" in html
    assert "<li><em>b</em></li>" in html
    assert '<a href="https://example.org/a?b=c#d" rel="noopener noreferrer nofollow">out</a>' in html
    assert '<a href="/guide#x"' in html
    assert '<a href="#y"' in html
    assert "<td>1</td>" in html


# --- what it costs --------------------------------------------------------------------------------


@contextmanager
def statements(expected: int) -> Iterator[None]:
    """Exactly so many statements, BEGIN and COMMIT not counted."""
    with CaptureQueriesContext(connection) as captured:
        yield
    sent = [query["sql"] for query in captured.captured_queries if query["sql"] not in {"BEGIN", "COMMIT"}]
    assert len(sent) == expected, "\n\n".join(sent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("pages", "counting"), [(10, 1), (2000, 0)])
def test_the_cycle_takes_few_statements_whatever_the_size(
    make_campaign: CampaignMaker,
    contributor: User,
    owner: User,
    clef: Clef,
    pages: int,
    counting: int,
) -> None:
    """Three to get a task and one for its predictions, five to hand it in; one more for session and user.

    In a small campaign the progress is counted each time, by one more. Whose answer is the last one of its task asks for the consensus as well.
    """
    campaign = make_campaign(pages=pages, overlap=3)
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS)
    predictor = Predictor.objects.create(campaign=campaign, kind="http", name="clefs")
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    configure_campaign(campaign, {"shown_run": run}, by=owner)
    for task in Task.objects.filter(position__lt=4):
        Annotation.objects.bulk_create(
            Annotation(layer=layer, canvas_id=task.canvas_id, document={}, x=1, y=1, w=9, h=9)
            for _ in range(50)
        )
    client = APIClient()
    client.force_authenticate(contributor)
    claim(client)  # joins
    with statements(4 + counting):
        mine = claim(client)
    assert len(mine["assignment"]["predictions"]) == 50
    assert all("/" in one["crop"] for one in mine["assignment"]["predictions"])
    body = answer_to(mine, concept=clef("F"))
    with statements(5 + counting):
        kept = submit(client, body)
    assert kept.status_code == 201
    assert kept.json()["progress"]["mine"] == 1
    assert kept.json()["progress"]["tasks"] == pages
    with statements(4):
        again = submit(client, body)
    assert again.status_code == 200
    assert again.json()["progress"]["mine"] == 1
    with statements(4):
        assert claim(client, resume=True)["assignment"]
    with statements(4):
        client.get(reverse("api-campaign-detail", args=["clefs"]))


@pytest.mark.django_db(transaction=True)
def test_signed_in_by_a_session_it_takes_one_statement_more(
    make_campaign: CampaignMaker, contributor: User, clef: Clef
) -> None:
    make_campaign(pages=10, overlap=3)
    client = APIClient()
    client.force_login(contributor)
    claim(client)  # joins
    with statements(5):
        mine = claim(client)
    body = answer_to(mine, concept=clef("F"))
    with statements(7):
        assert submit(client, body).status_code == 201
