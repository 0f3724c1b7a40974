"""Review, figures, runs and releases over REST: who may, what is said, and no input is a fault of ours."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions import create_token
from accounts.models import User
from accounts.roles import Role
from annotation.iiif.contentstate import read_content_state
from annotation.models import Annotation
from campaigns.actions import assign_role
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.actions.releases import start_release
from campaigns.models import Campaign, Decision, PredictionRun, Release
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge, released, task_at

Clef = Callable[[str], Concept]


@pytest.fixture
def merged(campaign: Campaign, clef: Clef) -> Campaign:
    """Page 0: one clear and one disputed box; page 1: nothing; page 2: one clear box."""
    f, g, c = clef("F"), clef("G"), clef("C")
    answer(
        campaign,
        {
            0: [located([(ONE, f), (TWO, other)]) for other in (f, g, c)],
            1: [nothing_here() for _person in range(3)],
            2: [located([(ONE, f)]) for _person in range(3)],
        },
    )
    merge(campaign)
    return campaign


@pytest.fixture
def olga(owner: User) -> APIClient:
    return signed_in(owner)


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def url(name: str, campaign: Campaign) -> str:
    return reverse(name, args=[campaign.slug])


# --- review ---------------------------------------------------------------------------------------


def test_the_next_task_shows_everybody(merged: Campaign, olga: APIClient, clef: Clef) -> None:
    shown = olga.get(url("api-review-next", merged)).json()
    assert shown["task"]["canvas"]["uri"] == task_at(merged).canvas.uri
    assert (shown["remaining"], len(shown["people"])) == (3, 3)
    disputed, clear = shown["items"]
    assert disputed["concepts"] == []
    assert {vote["label"] for vote in disputed["votes"]} == {"F clef", "G clef", "C clef"}
    (place,) = read_content_state(disputed["content_state"])
    assert place.uri == shown["task"]["canvas"]["uri"]
    assert list(place.box(1, 1).xywh) == pytest.approx(disputed["box"])
    assert disputed["crop"].startswith(shown["task"]["canvas"]["image"]["service"])
    assert (clear["box"], clear["support"], clear["seen"], clear["decision"]) == (list(ONE), 3, 3, None)
    assert clear["concepts"] == [{"id": str(clef("F").pk), "label": "F clef"}]
    assert {member["participant"] for member in clear["members"]} == set(shown["people"])
    french = olga.get(url("api-review-next", merged), headers={"Accept-Language": "fr"}).json()
    assert french["items"][1]["concepts"][0]["label"] == "clef de fa"


def test_skipping_goes_through_the_queue_and_begins_anew(merged: Campaign, olga: APIClient) -> None:
    seen = [
        olga.get(url("api-review-next", merged), {"skip": skip}).json()["task"]["id"] for skip in range(4)
    ]
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]


@pytest.mark.parametrize("query", [{"skip": "x"}, {"skip": "-1"}, {"skip": "1" * 40}, {"task": "x"}])
def test_a_wish_that_cannot_be_read(merged: Campaign, olga: APIClient, query: dict[str, str]) -> None:
    response = olga.get(url("api-review-next", merged), query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{next(iter(query))}"


def test_nothing_waits(campaign: Campaign, olga: APIClient) -> None:
    shown = olga.get(url("api-review-next", campaign)).json()
    nothing = {"task": None, "disagreement": None, "retirement": None, "why": None, "standing": None}
    assert shown == {**nothing, "items": [], "people": [], "remaining": 0, "own": 0, "second": 0}


def decision(campaign: Campaign, client: APIClient, **changes: Any) -> dict[str, Any]:
    """What accepts all of the first task but the disputed item, which becomes a G."""
    shown = client.get(url("api-review-next", campaign)).json()
    disputed, clear = shown["items"]
    vote = next(vote for vote in disputed["votes"] if vote["label"] == "G clef")
    items = [
        {"id": clear["id"], "verdict": "accepted", "box": clear["box"], "concepts": [], "reason": ""},
        {"id": disputed["id"], "verdict": "corrected", "box": disputed["box"], "concepts": [vote["concept"]]},
    ]
    return {"id": str(uuid4()), "task": shown["task"]["id"], "items": items, **changes}


def test_deciding(merged: Campaign, olga: APIClient) -> None:
    body = decision(merged, olga)
    answers = [olga.post(url("api-decisions", merged), body) for _time in range(2)]
    assert [response.status_code for response in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["remaining"] == 2
    assert Decision.objects.count() == 2
    again = olga.post(url("api-decisions", merged), {**body, "id": str(uuid4())})
    assert (again.status_code, again.json()["code"]) == (409, "already-decided")
    shown = olga.get(url("api-review-next", merged), {"task": body["task"]}).json()
    assert [item["decision"]["verdict"] for item in shown["items"]] == ["corrected", "accepted"]
    assert shown["items"][0]["decision"]["concepts"][0]["label"] == "G clef"
    replaced = olga.post(url("api-decisions", merged), {**body, "id": str(uuid4()), "supersede": True})
    assert replaced.status_code == 201
    assert Decision.objects.filter(superseded_at=None).count() == 2


def test_deciding_that_nothing_is_there(merged: Campaign, olga: APIClient) -> None:
    task = task_at(merged, 1)
    body = {"id": str(uuid4()), "task": str(task.pk), "items": []}
    assert olga.post(url("api-decisions", merged), body).status_code == 201
    assert Decision.objects.get().verdict == "nothing"


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"id": "x"}, 422, "/id"),
        ({"task": str(uuid4())}, 404, None),
        ({"items": [{"id": str(uuid4()), "verdict": "accepted"}]}, 409, "/items/0/id"),
        ({"items": []}, 422, "/items"),
        ({"items": [{"verdict": "liked"}]}, 422, "/items/0/verdict"),
        ({"items": [{"verdict": "added", "box": [1, 2, 3]}]}, 422, "/items/0/box"),
        ({"items": [{"verdict": "added", "box": [1, 2, 3, 1e400]}]}, 400, None),
        ({"items": [{"verdict": "added", "box": [1, 2, 3, "NaN"]}]}, 422, None),
        ({"items": 7}, 422, "/items"),
        ({"items": [7]}, 422, "/items/0"),
        ({"supersede": "maybe"}, 422, "/supersede"),
    ],
)
def test_decisions_that_cannot_be_taken(
    merged: Campaign, olga: APIClient, change: dict[str, Any], status: int, pointer: str | None
) -> None:
    body = decision(merged, olga, **change)
    if status == 400:
        raw = '{"id": "%s", "items": [{"verdict": "added", "box": [1, 2, 3, 1e400]}]}' % uuid4()  # noqa: UP031
        response = olga.post(url("api-decisions", merged), raw, content_type="application/json")
        assert 400 <= response.status_code < 500
        return
    response = olga.post(url("api-decisions", merged), body)
    assert response.status_code == status, response.content
    if pointer:
        assert response.json()["errors"][0]["pointer"] == pointer
    assert not Decision.objects.exists()


def test_accepting_what_agrees(merged: Campaign, olga: APIClient) -> None:
    assert olga.post(url("api-accept-agreeing", merged), {"at_most": 2}).status_code == 422
    accepted = olga.post(url("api-accept-agreeing", merged), {"at_most": 0.2})
    assert accepted.json() == {"accepted": 2, "remaining": 1}


def test_merging_is_queued_once(merged: Campaign, olga: APIClient) -> None:
    first, second = (olga.post(url("api-consensus", merged)) for _time in range(2))
    assert (first.status_code, first.json()["kind"]) == (202, "campaigns.consensus")
    assert first.json()["id"] == second.json()["id"]


def test_figures(merged: Campaign, olga: APIClient) -> None:
    figures = olga.get(url("api-figures", merged)).json()
    assert (figures["coefficient"], figures["people"], figures["canvases"]) == ("F1@0.5", 3, 3)
    assert figures["states"] == {"open": 1, "retired": 3, "aside": 0, "decided": 0}


@pytest.mark.parametrize("boxes", [1, 20])
def test_queries_of_the_next_task_do_not_grow(
    make_campaign: CampaignMaker,
    owner: User,
    clef: Clef,
    boxes: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    campaign, f, client = make_campaign(pages=1), clef("F"), signed_in(owner)
    answer(
        campaign, {0: [located([((9, 9 + 60 * row, 40, 50), f) for row in range(boxes)]) for _p in range(3)]}
    )
    merge(campaign)
    with django_assert_max_num_queries(16):
        assert len(client.get(url("api-review-next", campaign)).json()["items"]) == boxes


# --- runs -----------------------------------------------------------------------------------------


def test_a_run_is_queued(merged: Campaign, olga: APIClient, clef: Clef) -> None:
    example = Annotation.objects.filter(layer=merged.consensus_layer, concept_links__isnull=False).first()
    assert example is not None
    body = {"kind": "match_template", "name": "More", "configuration": {"examples": [str(example.pk)]}}
    response = olga.post(url("api-runs", merged), body)
    assert response.status_code == 202, response.content
    assert response.json()["job"]["state"] == "queued"
    assert PredictionRun.objects.get().batches.count() == 4
    listed = olga.get(url("api-runs", merged)).json()
    assert [row["id"] for row in listed] == [response.json()["id"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "magic"}, "/kind"),
        ({"name": " "}, "/name"),
        ({"configuration": {"url": "ftp://x"}}, "/configuration"),
        ({"configuration": {"url": "https://example.org/", "examples": []}}, "/configuration"),
        ({"label_map": {"a/b": str(uuid4())}}, "/label_map/a~1b"),
        ({"label_map": {"a": "x"}}, "/label_map/a"),
        ({"kind": "match_template", "configuration": {}}, "/configuration/examples"),
        ({"kind": "match_template", "configuration": {"examples": ["x"]}}, "/configuration/examples/0"),
        (
            {"kind": "match_template", "configuration": {"examples": [str(uuid4())]}},
            "/configuration/examples/0",
        ),
        ({"kind": "match_template", "configuration": {"examples": 7}}, "/configuration/examples"),
    ],
)
def test_runs_that_cannot_be_started(
    merged: Campaign, olga: APIClient, change: dict[str, Any], pointer: str
) -> None:
    body = {
        "kind": "http",
        "name": "Model",
        "configuration": {"url": "https://example.org/predict"},
        **change,
    }
    response = olga.post(url("api-runs", merged), body)
    assert response.status_code == 422, response.content
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not PredictionRun.objects.exists()


@pytest.mark.parametrize("count", [1, 6])
def test_queries_of_the_runs_do_not_grow(
    merged: Campaign,
    olga: APIClient,
    owner: User,
    count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for _number in range(count):
        configuration = {"url": "https://example.org/predict"}
        start_run(
            create_predictor(merged, kind="http", name="M", configuration=configuration, by=owner), by=owner
        )
    with django_assert_max_num_queries(3):
        assert len(olga.get(url("api-runs", merged)).json()) == count


# --- releases -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_release_with_a_token(merged: Campaign, olga: APIClient, owner: User, reviewer: User) -> None:
    assert olga.post(url("api-campaign-releases", merged), {}).json()["code"] == "no-ground-truth"
    assert olga.post(url("api-accept-agreeing", merged), {"at_most": 1}).json()["accepted"] == 2
    made = olga.post(url("api-campaign-releases", merged), {"note": "First", "is_public": False})
    assert (made.status_code, made.json()["number"], made.json()["finished_at"]) == (202, 1, None)
    unfinished = made.json()["id"]
    address = reverse("api-release-manifest", args=[unfinished])
    assert olga.get(address).json()["code"] == "not-finished"
    release = released(merged, owner, is_public=False)
    assign_role(merged, reviewer, Role.REVIEWER, by=owner)
    _token, secret = create_token(by=reviewer, name="script", scopes=["read"])
    script = APIClient(headers={"Authorization": f"Bearer {secret}"})
    shown = script.get(reverse("api-release", args=[release.pk])).json()
    assert shown["counts"]["annotations"] == 1
    assert [row["id"] for row in script.get(reverse("api-release-list")).json()["results"]] == [
        str(release.pk),
        unfinished,
    ]
    manifest = script.get(reverse("api-release-manifest", args=[release.pk])).json()
    for described in manifest["files"]:
        address = reverse("api-release-file", args=[release.pk, described["name"]])
        response = script.get(address, headers={"Accept": "text/csv"})
        raw = b"".join(response.streaming_content)
        assert hashlib.sha256(raw).hexdigest() == described["sha256"]
        assert response["Content-Type"] == described["media_type"]
        assert (response["Content-Length"], len(raw)) == (str(described["size"]), described["size"])
        assert response["ETag"] == f'"{described["sha256"]}"'
        assert described["name"] in response["Content-Disposition"]
        assert response["Cache-Control"].startswith("private")
    refused = script.post(url("api-campaign-releases", merged), {})
    assert refused.status_code == 403


@pytest.fixture
def public(merged: Campaign, owner: User, transactional_db: None) -> Release:
    decide = signed_in(owner).post(url("api-accept-agreeing", merged), {"at_most": 1})
    assert decide.json()["accepted"] == 2
    return released(merged, owner)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_ranges_and_versions(public: Release, api: APIClient) -> None:
    file = public.files.get(format="csv")
    address = reverse("api-release-file", args=[public.pk, file.name])
    whole = body_of(api.get(address))
    assert len(whole) == file.size > 100
    etag = f'"{file.sha256}"'

    def ask(**headers: str) -> Any:
        return api.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    same = ask(If_None_Match=f'"other", W/{etag}')
    assert (same.status_code, same["ETag"], same.content) == (304, etag, b"")
    for wish, first, last in (
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, file.size - 1),
        ("bytes=-7", file.size - 7, file.size - 1),
        (f"bytes=5-{file.size * 9}", 5, file.size - 1),
        (f"bytes=-{file.size * 9}", 0, file.size - 1),
    ):
        part = ask(Range=wish)
        assert part.status_code == 206, wish
        assert part["Content-Range"] == f"bytes {first}-{last}/{file.size}"
        assert body_of(part) == whole[first : last + 1]
    for wish in (f"bytes={file.size}-", "bytes=-0", "bytes=9-3"):
        none = ask(Range=wish)
        assert (none.status_code, none["Content-Range"]) == (416, f"bytes */{file.size}")
    for headers in (
        {"Range": "bytes=0-1,4-5"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=0-1", "If_Range": '"old"'},
    ):
        assert (ask(**headers).status_code, body_of(ask(**headers))) == (200, whole)
    assert body_of(ask(Range="bytes=0-1", If_Range=etag)) == whole[:2]
    head = api.head(address)
    assert (head.status_code, head["Content-Length"], head["Accept-Ranges"]) == (200, str(file.size), "bytes")
    assert "immutable" in head["Cache-Control"]


def test_what_is_not_there(public: Release, api: APIClient) -> None:
    for name in ("../../secret-key", "nothing.json", "%00"):
        response = api.get(f"/api/v1/releases/{public.pk}/files/{name}")
        assert response.status_code == 404
    assert api.get(reverse("api-release", args=[uuid4()])).status_code == 404


def test_private_and_unfinished_releases_are_invisible(
    public: Release, owner: User, api: APIClient, stranger: User, contributor: User
) -> None:
    campaign = public.campaign
    assign_role(campaign, contributor, Role.CONTRIBUTOR, by=owner)
    hidden = [
        released(campaign, owner, is_public=False),
        start_release(campaign, note="", rights="", is_public=True, by=owner),
    ]
    for client in (api, signed_in(stranger), signed_in(contributor)):
        for address in (reverse("api-release-list"), url("api-campaign-releases", campaign)):
            assert [row["id"] for row in client.get(address).json()["results"]] == [str(public.pk)]
        for release in hidden:
            assert client.get(reverse("api-release", args=[release.pk])).status_code == 404
            assert client.get(reverse("api-release-manifest", args=[release.pk])).status_code == 404
            assert (
                client.get(reverse("api-release-file", args=[release.pk, "clefs-v2.csv"])).status_code == 404
            )
    assert len(signed_in(owner).get(reverse("api-release-list")).json()["results"]) == 3


@pytest.mark.parametrize("is_public", [True, False])
def test_a_release_is_as_public_as_its_campaign(merged: Campaign, olga: APIClient, is_public: bool) -> None:
    olga.post(url("api-accept-agreeing", merged), {"at_most": 1})
    Campaign.objects.filter(pk=merged.pk).update(is_public=is_public)
    assert olga.post(url("api-campaign-releases", merged), {}).json()["is_public"] is is_public


def test_queries_of_the_list_do_not_grow(
    public: Release, owner: User, api: APIClient, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _number in range(4):
        released(public.campaign, owner)
    with django_assert_max_num_queries(4):
        assert len(api.get(reverse("api-release-list")).json()["results"]) == 5


# --- who may --------------------------------------------------------------------------------------

READS = ["api-review-next", "api-figures"]
WHO = ["owner", "manager", "reviewer", "contributor", "observer", "stranger", "visitor"]
REVIEWS = dict(zip(WHO, [200, 200, 200, 403, 403, 403, 401], strict=True))
MANAGES = dict(zip(WHO, [200, 200, 403, 403, 403, 403, 401], strict=True))


@pytest.fixture
def clients(
    merged: Campaign,
    owner: User,
    manager: User,
    reviewer: User,
    contributor: User,
    observer: User,
    stranger: User,
) -> dict[str, APIClient]:
    for user, role in ((manager, Role.MANAGER), (reviewer, Role.REVIEWER), (contributor, Role.CONTRIBUTOR)):
        assign_role(merged, user, role, by=owner)
    assign_role(merged, observer, Role.OBSERVER, by=owner)
    people = {"owner": owner, "manager": manager, "reviewer": reviewer, "contributor": contributor}
    people |= {"observer": observer, "stranger": stranger}
    return {**{name: signed_in(user) for name, user in people.items()}, "visitor": APIClient()}


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("api-review-next", "get", REVIEWS),
        ("api-figures", "get", REVIEWS),
        ("api-decisions", "post", {**REVIEWS, "owner": 422, "manager": 422, "reviewer": 422}),
        ("api-accept-agreeing", "post", {**REVIEWS, "owner": 422, "manager": 422, "reviewer": 422}),
        ("api-consensus", "post", {**MANAGES, "owner": 202, "manager": 202}),
        ("api-runs", "get", MANAGES),
        ("api-runs", "post", {**MANAGES, "owner": 422, "manager": 422}),
        ("api-campaign-releases", "get", dict.fromkeys(WHO, 200)),
        ("api-campaign-releases", "post", {**MANAGES, "owner": 409, "manager": 409}),
        ("api-release-list", "get", dict.fromkeys(WHO, 200)),
    ],
)
def test_who_may(
    merged: Campaign, clients: dict[str, APIClient], name: str, method: str, expected: dict[str, int]
) -> None:
    address = reverse(name) if name == "api-release-list" else url(name, merged)
    found = {who: getattr(client, method)(address).status_code for who, client in clients.items()}
    assert found == expected


def test_nobody_learns_of_a_private_campaign(merged: Campaign, clients: dict[str, APIClient]) -> None:
    Campaign.objects.filter(pk=merged.pk).update(is_public=False)
    for name in (*READS, "api-runs", "api-campaign-releases"):
        for who in ("stranger", "visitor"):
            assert clients[who].get(url(name, merged)).status_code == 404, (name, who)
