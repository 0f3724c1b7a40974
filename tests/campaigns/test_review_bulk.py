"""Many at once: what was foreseen is what is decided, with a reason, and it is taken back as one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role
from annotation.models import Annotation
from campaigns.actions import assign_role
from campaigns.actions.bulk import foresee, start_bulk, undo_bulk
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.models import BulkReview, Campaign, Decision, Participant, Task
from campaigns.reviewing import review_queue
from campaigns.sifting import Sieve
from problems import Conflict, Invalid, Missing, Refused
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, task_at
from work.actions import run_job
from work.models import Job

Clef = Callable[[str], Concept]


@pytest.fixture
def waiting(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """0 and 1: F from all three; 2: F from two of them; 3: F and G from all; 4: nothing; 5: no label agreed on."""
    campaign = make_campaign(pages=6)
    f, g, c = clef("F"), clef("G"), clef("C")
    rows: dict[int, list[Any]] = {at: [located([(ONE, f)]) for _p in range(3)] for at in (0, 1)}
    rows[2] = [located([(ONE, f)]), located([(ONE, f)]), nothing_here()]
    rows[3] = [located([(ONE, f), (TWO, g)]) for _p in range(3)]
    rows[4] = [nothing_here() for _p in range(3)]
    rows[5] = [located([(ONE, one)]) for one in (f, g, c)]
    answer(campaign, rows)
    merge(campaign)
    return campaign


def done(job: Job | None) -> None:
    assert job is not None
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error


def sweep(campaign: Campaign, sieve: Sieve, by: User, verdict: str = "accepted", **values: Any) -> BulkReview:
    """Ask for it and let it be done."""
    said = {"request": uuid4(), "concept": None, "reason": "All alike.", **values}
    bulk = start_bulk(campaign, sieve, verdict=verdict, by=by, **said)
    done(bulk.job)
    bulk.refresh_from_db()
    return bulk


def decided(campaign: Campaign) -> list[int]:
    rows = campaign.tasks.filter(state=Task.State.DECIDED).order_by("position")
    return list(rows.values_list("position", flat=True))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, [0, 1, 2, 3]),
        ({"support": 1.0}, [0, 1, 3]),
        ({"disagreement": 0.0}, [0, 1, 3]),
        ({"concept": "F"}, [0, 1, 2]),
        ({"concept": "top"}, [0, 1, 2, 3]),
        ({"concept": "G"}, []),
        ({"participant": 2, "concept": "F"}, [0, 1]),
    ],
)
def test_what_is_foreseen_is_what_is_decided(
    waiting: Campaign, owner: User, clef: Clef, wanted: dict[str, Any], expected: list[int]
) -> None:
    if "concept" in wanted:
        wanted = {**wanted, "concept": clef(wanted["concept"]).pk}
    if "participant" in wanted:
        people = list(Participant.objects.order_by("created_at"))
        wanted = {**wanted, "participant": people[wanted["participant"]].pk}
    found = foresee(waiting, Sieve(**wanted), "accepted", by=owner)
    assert found.tasks == len(expected)
    if not expected:
        with pytest.raises(Invalid):
            sweep(waiting, Sieve(**wanted), owner)
        return
    bulk = sweep(waiting, Sieve(**wanted), owner)
    assert decided(waiting) == expected
    assert (bulk.foreseen, bulk.decided) == (len(expected), len(expected))
    assert set(Decision.objects.values_list("reason", "bulk")) == {("All alike.", bulk.pk)}


def test_mixed_ones_are_counted_and_left(waiting: Campaign, owner: User, clef: Clef) -> None:
    found = foresee(waiting, Sieve(concept=clef("F").pk), "accepted", by=owner)
    assert (found.tasks, found.items, found.mixed, len(found.sample)) == (3, 3, 1, 3)


def test_rejecting_and_relabelling(waiting: Campaign, owner: User, clef: Clef) -> None:
    g = clef("G")
    sweep(waiting, Sieve(concept=clef("F").pk, support=1.0), owner, "corrected", concept=g.pk)
    truth = Annotation.objects.filter(layer=waiting.ground_truth_layer, deleted_at=None)
    assert [[link.concept for link in row.concept_links.all()] for row in truth] == [[g], [g]]
    sweep(waiting, Sieve(), owner, "rejected")
    assert decided(waiting) == [0, 1, 2, 3, 5]
    assert truth.count() == 2


def test_ones_own_are_left_out(waiting: Campaign, owner: User) -> None:
    Participant.objects.order_by("created_at").update(user=None)
    first = Participant.objects.order_by("created_at").first()
    first.user, first.visitor = owner, ""
    first.save()
    assert foresee(waiting, Sieve(), "accepted", by=owner).tasks == 0


def test_the_same_id_again_is_the_same_action(waiting: Campaign, owner: User) -> None:
    pk = uuid4()
    first = sweep(waiting, Sieve(support=1.0), owner, request=pk)
    again = start_bulk(
        waiting,
        Sieve(support=1.0),
        request=pk,
        verdict="accepted",
        concept=None,
        reason="All alike.",
        by=owner,
    )
    assert again == first
    assert Job.objects.filter(kind="campaigns.bulk").count() == 1
    with pytest.raises(Conflict) as refused:
        start_bulk(
            waiting, Sieve(), request=pk, verdict="accepted", concept=None, reason="All alike.", by=owner
        )
    assert refused.value.code == "id-used"


@pytest.mark.parametrize(
    ("sieve", "values", "code"),
    [
        ({}, {"reason": " "}, "no-reason"),
        ({}, {"verdict": "added"}, "unknown-verdict"),
        ({}, {"verdict": "corrected"}, "label-missing"),
        ({"support": 1.5}, {}, "out-of-range"),
        ({"participant": UUID(int=4)}, {}, "unknown-person"),
    ],
)
def test_what_is_refused(
    waiting: Campaign, owner: User, sieve: dict[str, Any], values: dict[str, Any], code: str
) -> None:
    said = {"request": uuid4(), "verdict": "accepted", "concept": None, "reason": "Because.", **values}
    with pytest.raises(Invalid) as refused:
        start_bulk(waiting, Sieve(**sieve), by=owner, **said)
    assert refused.value.code == code
    assert not BulkReview.objects.exists()


def test_taken_back_as_one_but_for_what_was_decided_since(waiting: Campaign, owner: User) -> None:
    bulk = sweep(waiting, Sieve(support=1.0), owner)
    task = task_at(waiting, 1)
    (item,) = task.consensus.items.all()
    rejected = [Judgement("rejected", item=item.pk, reason="Look again.")]
    decide(waiting, task.pk, rejected, request=uuid4(), by=owner, supersede=True)
    for _time in range(2):
        bulk = undo_bulk(waiting, bulk.pk, by=owner)
    done(bulk.undo_job)
    bulk.refresh_from_db()
    assert (bulk.decided, bulk.taken_back, bulk.kept) == (3, 2, 1)
    assert decided(waiting) == [1]
    assert not Annotation.objects.filter(layer=waiting.ground_truth_layer, deleted_at=None).exists()
    assert review_queue(waiting).count() == 5
    assert Job.objects.filter(kind="campaigns.bulk-undo").count() == 1


def test_taken_back_before_it_began_it_decides_nothing(waiting: Campaign, owner: User) -> None:
    bulk = start_bulk(
        waiting, Sieve(), request=uuid4(), verdict="accepted", concept=None, reason="All.", by=owner
    )
    undone = undo_bulk(waiting, bulk.pk, by=owner)
    done(bulk.job)
    done(undone.undo_job)
    assert decided(waiting) == []


def test_what_was_merged_since_it_was_asked_for_waits(waiting: Campaign, owner: User) -> None:
    bulk = start_bulk(
        waiting, Sieve(), request=uuid4(), verdict="accepted", concept=None, reason="All.", by=owner
    )
    task_at(waiting, 0).consensus.save()  # as merged anew
    done(bulk.job)
    assert decided(waiting) == [1, 2, 3]


def test_only_ones_own_or_for_who_runs_the_campaign(
    waiting: Campaign, owner: User, reviewer: User, manager: User
) -> None:
    for person, role in ((reviewer, Role.REVIEWER), (manager, Role.MANAGER)):
        assign_role(waiting, person, role, by=owner)
    bulk = sweep(waiting, Sieve(), owner)
    with pytest.raises(Refused):
        undo_bulk(waiting, bulk.pk, by=reviewer)
    assert undo_bulk(waiting, bulk.pk, by=manager).undone_at is not None
    with pytest.raises(Missing):
        undo_bulk(waiting, uuid4(), by=manager)


def test_over_rest(waiting: Campaign, owner: User, clef: Clef, api: APIClient) -> None:
    api.force_authenticate(owner)
    address = f"/api/v1/campaigns/{waiting.slug}/decisions/bulk/"
    wanted = {"concept": str(clef("F").pk), "support": 1}
    foreseen = api.post(f"{address}preview/", {"wanted": wanted}, format="json").json()
    assert (foreseen["tasks"], len(foreseen["sample"])) == (2, 2)
    assert foreseen["sample"][0]["concepts"][0]["label"] == "F clef"
    pk = str(uuid4())
    body = {"id": pk, "verdict": "accepted", "wanted": wanted, "reason": "All alike."}
    assert api.post(address, body, format="json").status_code == 202
    done(BulkReview.objects.get().job)
    shown = api.get(f"{address}{pk}/").json()
    assert (shown["decided"], shown["wanted"]["support"], shown["job"]["state"]) == (2, 1, "done")
    assert [one["id"] for one in api.get(address).json()] == [pk]
    assert api.delete(f"{address}{pk}/").status_code == 202


def test_the_page_foresees_decides_and_takes_back(waiting: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    address = f"/campaigns/{waiting.slug}/review/many/"
    assert client.get(address).status_code == 200
    page = client.get(address, {"verdict": "accepted", "support": "100"}).content.decode()
    assert "3 images are meant" in page
    assert page.count("crops__one") == 4
    sent = {"verdict": "accepted", "support": "100", "id": str(uuid4())}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert client.post(address, {**sent, "reason": "All alike."}).status_code == 302
    bulk = BulkReview.objects.get()
    done(bulk.job)
    assert "3 of 3" in client.get(address).content.decode()
    assert client.post(f"{address}{bulk.pk}/undo/").status_code == 302
    bulk.refresh_from_db()
    done(bulk.undo_job)
    assert "3 wait again, 0 stay" in client.get(address).content.decode()


@pytest.mark.parametrize("pages", [2, 6])
def test_the_preview_takes_as_many_queries_however_many_there_are(
    make_campaign: CampaignMaker,
    owner: User,
    clef: Clef,
    pages: int,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    campaign = make_campaign(pages=pages)
    answer(campaign, {at: [located([(ONE, clef("F"))]) for _p in range(3)] for at in range(pages)})
    merge(campaign)
    with django_assert_num_queries(5):
        foresee(campaign, Sieve(support=0.5), "accepted", by=owner)


def test_one_by_one_still_works_beside_it(waiting: Campaign, owner: User) -> None:
    accept_all(waiting, task_at(waiting, 0), owner)
    assert sweep(waiting, Sieve(support=1.0), owner).decided == 2
