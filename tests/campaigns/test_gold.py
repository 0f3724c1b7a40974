"""Known answers: marked, given out unseen among the others, scored, never counted, followed by what changes them."""

from collections.abc import Callable
from hashlib import md5
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role, grant
from annotation.signals import RescaledCanvas
from campaigns.actions import (
    Amendment,
    amend,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    renew,
    submit,
)
from campaigns.actions.gold import mark_clearest, mark_gold, withdraw_gold
from campaigns.actions.rescaling import follow_canvases
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.vocabularies import foresee
from campaigns.disguise import state_of
from campaigns.figures import agreement_of
from campaigns.known import gold_candidates
from campaigns.models import (
    Assignment,
    Campaign,
    Contribution,
    Gold,
    GoldScore,
    Participant,
    Task,
    TaskConsensus,
)
from campaigns.own_work import OwnWork, own_work, with_tasks
from campaigns.queries import progress_of
from problems import Conflict, Invalid
from taxonomy.actions.editing import merge_concepts
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, moved, task_at

Clef = Callable[[str], Concept]
People = Callable[[Campaign, int], list[Participant]]
PAGES, KNOWN = 24, 4


@pytest.fixture
def seeded(make_campaign: CampaignMaker, clef: Clef, owner: User) -> Campaign:
    """Two people each; the first four pages hold an F at ONE and are known; half of all tasks are to be known ones."""
    return make_seeded(make_campaign, clef, owner)


def make_seeded(make_campaign: CampaignMaker, clef: Clef, owner: User, **settings: Any) -> Campaign:
    campaign = make_campaign(pages=PAGES, overlap=2)
    answer(campaign, {at: [located([(ONE, clef("F"))]) for _person in range(2)] for at in range(KNOWN)})
    Assignment.objects.filter(state="live").update(state="released")  # what they only looked at
    merge(campaign)
    assert decide_everything(campaign, owner) == KNOWN
    mark_clearest(campaign, KNOWN, by=owner)
    return configure_campaign(campaign, {"gold_share": 0.5, **settings}, by=owner)


def somebody_meeting_both(campaign: Campaign, people: People, *, within: int) -> Participant:
    """Somebody whose turns up to the last of `within` give known answers and others: one in a few hundred has none."""
    while True:
        (person,) = people(campaign, 1)
        if len({is_known_answer_due(person, number) for number in range(within)}) == 2:
            return person


def is_known_answer_due(person: Participant, number: int) -> bool:
    """The turn that a hash below the share gives, computed again here in Python."""
    return int(md5(f"{person.pk}:{number}".encode()).hexdigest()[:8], 16) / 2**32 < 0.5


def answer_known(campaign: Campaign, person: Participant, said: Callable[[], Any]) -> Contribution:
    """Let the person work until a known answer was due, and answer that one."""
    while (lease := claim(campaign, person).assignment) is not None:
        done = submit(lease, said() if lease.seeded else nothing_here())
        if lease.seeded:
            return Contribution.objects.get(pk=done.id)
    raise AssertionError("no known answer was due")


# --- marking --------------------------------------------------------------------------------------


def test_the_clearest_decided_tasks_become_known_answers(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=3, overlap=2)
    same, other = [located([(ONE, clef("F"))]) for _ in range(2)], located([(moved(ONE, 8), clef("F"))])
    answer(campaign, {0: [located([(ONE, clef("F"))]), other], 1: same, 2: [nothing_here(), nothing_here()]})
    merge(campaign)
    decide_everything(campaign, owner)
    assert [task.position for task in gold_candidates(campaign)] == [1, 2, 0]
    marked = mark_clearest(campaign, 2, by=owner)
    assert {gold.task.position for gold in marked} == {1, 2}
    by_place = {gold.task.position: gold.answer for gold in Gold.objects.all()}
    assert by_place[2] == {"nothing_here": True, "shapes": [], "rejected_predictions": [], "comment": ""}
    (shape,) = by_place[1]["shapes"]
    assert (shape["box"], shape["concepts"]) == (list(ONE), [str(clef("F").pk)])
    assert len({gold.batch for gold in marked}) == 1
    assert mark_clearest(campaign, 2, by=owner) != []  # the third one
    assert mark_clearest(campaign, 2, by=owner) == []  # none is left


def test_only_decided_tasks_of_the_campaign_are_marked(campaign: Campaign, owner: User) -> None:
    with pytest.raises(Invalid) as refused:
        mark_gold(campaign, [task_at(campaign).pk], by=owner)
    assert (refused.value.code, refused.value.pointer) == ("not-decided", "/tasks/0")


def test_marking_takes_as_many_statements_for_one_as_for_many(seeded: Campaign, owner: User) -> None:
    withdraw_gold(seeded, tasks=list(seeded.tasks.values_list("pk", flat=True)), by=owner)
    counts = []
    for number in (1, 3):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(mark_clearest(seeded, number, by=owner)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_one_action_marked_is_taken_back_by_one(seeded: Campaign, owner: User) -> None:
    batch = Gold.objects.values_list("batch", flat=True).distinct().get()
    assert withdraw_gold(seeded, batch=batch, by=owner) == KNOWN
    assert withdraw_gold(seeded, batch=batch, by=owner) == 0
    person = join_campaign(seeded, visitor="x")
    given = [claim(seeded, person).assignment for _ in range(8)]
    assert not any(lease.seeded for lease in given if lease)
    assert len(mark_clearest(seeded, KNOWN, by=owner)) == KNOWN  # and back


# --- giving out -----------------------------------------------------------------------------------


def test_a_known_answer_is_due_by_person_and_number_and_not_by_luck(seeded: Campaign, people: People) -> None:
    for person in people(seeded, 3):
        for number in range(12):
            unseen = KNOWN - person.assignments.filter(seeded=True).count()
            lease = claim(seeded, person).assignment
            assert lease is not None
            assert lease.seeded == (is_known_answer_due(person, number) and unseen > 0)
            if number % 3 == 0:  # given back and asked again, the turn is the same
                Assignment.objects.filter(pk=lease.pk).update(state="released")
                again = claim(seeded, person).assignment
                assert again is not None
                assert again.seeded == lease.seeded
                lease = again
            resumed = claim(seeded, person, resume=True).assignment
            assert resumed is not None
            assert resumed.pk == lease.pk
            submit(lease, nothing_here())


def test_nobody_is_given_a_known_answer_twice_or_one_they_made_themselves(seeded: Campaign) -> None:
    maker = Participant.objects.filter(contributions__task__gold__isnull=False).first()
    assert maker is not None
    maker.refresh_from_db()
    while (lease := claim(seeded, maker).assignment) is not None:
        assert not lease.seeded
        submit(lease, nothing_here())
    ann = join_campaign(seeded, visitor="ann")
    seen = []
    while (lease := claim(seeded, ann).assignment) is not None:
        seen.append(lease.task_id)
        submit(lease, nothing_here())
    assert len(seen) == len(set(seen)) == PAGES


def test_known_answers_alone_keep_nobody(seeded: Campaign, people: People) -> None:
    for person in people(seeded, 2):
        while (lease := claim(seeded, person).assignment) is not None:
            submit(lease, nothing_here())
    late = join_campaign(seeded, visitor="late")
    assert Gold.objects.filter(withdrawn_at=None).count() == KNOWN
    given = claim(seeded, late)
    assert (given.assignment, given.reason) == (None, "nothing_left")


def test_a_usual_claim_takes_the_statements_that_it_took(seeded: Campaign, people: People) -> None:
    person = somebody_meeting_both(seeded, people, within=10)
    counts: dict[bool, set[int]] = {False: set(), True: set()}
    for _number in range(10):
        with CaptureQueriesContext(connection) as queries:
            lease = claim(seeded, person).assignment
        assert lease is not None
        own = [q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]
        counts[lease.seeded].add(len(own))
        submit(lease, nothing_here())
    assert counts == {False: {2}, True: {3}}


def test_a_lease_on_a_known_answer_is_renewed_whenever(seeded: Campaign, people: People) -> None:
    (person,) = people(seeded, 1)
    while (lease := claim(seeded, person).assignment) is not None and not lease.seeded:
        submit(lease, nothing_here())
    assert lease is not None
    Assignment.objects.filter(pk=lease.pk).update(expires_at=lease.created_at)
    assert renew(lease) > lease.created_at


@pytest.mark.django_db(transaction=True)
def test_12_people_at_once_count_nothing_twice(
    make_campaign: CampaignMaker, clef: Clef, owner: User, people: People
) -> None:
    campaign = make_seeded(make_campaign, clef, owner)
    everybody = people(campaign, 12)

    def work(number: int) -> str | None:
        while (given := claim(campaign, everybody[number])).reason != "nothing_left":
            if given.assignment is not None:
                submit(given.assignment, nothing_here())
        return given.reason

    assert set(in_threads(12, work)) == {"nothing_left"}
    counted = Contribution.objects.filter(task__campaign=campaign, counts=True)
    assert counted.count() == PAGES * 2
    assert not counted.filter(assignment__seeded=True).exists()
    known = Contribution.objects.filter(assignment__seeded=True)
    assert known.count() == GoldScore.objects.count() > 0
    assert campaign.tasks.filter(state=Task.State.DECIDED).count() == KNOWN


# --- never recognisable ---------------------------------------------------------------------------


def shape_of(value: Any, place: str = "") -> dict[str, str]:
    """Every key of a document with the type of its value."""
    if isinstance(value, dict):
        inner = [shape_of(one, f"{place}/{name}") for name, one in value.items()]
        return {name: kind for part in inner for name, kind in part.items()} | {place: "object"}
    if isinstance(value, list):
        inner = [shape_of(one, f"{place}/*") for one in value]
        return {name: kind for part in inner for name, kind in part.items()} | {place: "list"}
    return {place: type(value).__name__}


def values_of(value: Any, place: str = "") -> dict[str, Any]:
    """Every place of a document with what stands there; a list of plain values is one of them."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        value = {str(number): one for number, one in enumerate(value)}
    if isinstance(value, dict):
        return {k: v for name, one in value.items() for k, v in values_of(one, f"{place}/{name}").items()}
    return {place: value}


# What differs from task to task for everybody, and what counts up.
OWN = {"id", "uri", "expires_at", "submitted_at", "assignment", "service", "crop", "content_state", "none"}


def test_what_is_received_does_not_tell(seeded: Campaign, api: APIClient, contributor: User) -> None:
    api.force_authenticate(contributor)
    claims: dict[bool, list[Any]] = {False: [], True: []}
    receipts: dict[bool, list[Any]] = {False: [], True: []}
    before = 0
    for _number in range(12):
        claimed = api.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json").json()
        lease = Assignment.objects.get(pk=claimed["assignment"]["id"])
        body = {"id": str(uuid4()), "assignment": str(lease.pk), "nothing_here": True, "shapes": []}
        renewed = api.post(reverse("api-assignment-renew", args=[lease.pk]), format="json")
        receipt = api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json")
        again = api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json")
        assert (renewed.status_code, receipt.status_code, again.status_code) == (200, 201, 200)
        assert again.json()["counted"] is True
        progress = receipt.json()["progress"]
        assert progress["contributions"] == claimed["progress"]["contributions"] + 1
        assert progress["mine"] == claimed["progress"]["mine"] + 1 == before + 1
        before = progress["mine"]
        claims[lease.seeded].append(claimed)
        receipts[lease.seeded].append(receipt.json())
    for usual, known in (claims.values(), receipts.values()):
        assert usual
        assert known
        assert {str(shape_of(one)) for one in usual} == {str(shape_of(one)) for one in known}
        for place in values_of(usual[0]):
            if place.rsplit("/", 1)[-1] in OWN or "/progress/" in place:
                continue
            seen = [{repr(values_of(one)[place]) for one in group} for group in (usual, known)]
            assert seen[0] == seen[1], place


def test_what_becomes_of_it_does_not_tell_either(seeded: Campaign, people: People, clef: Clef) -> None:
    """It waits like any other, may be amended like any other, and is scored anew; closing tells everything."""
    (person,) = people(seeded, 1)
    known = answer_known(seeded, person, nothing_here)

    def look() -> list[OwnWork]:
        return own_work(list(with_tasks(Contribution.objects.filter(participant=person)).order_by("pk")))

    told = {(state_of(one.contribution), one.obstacle, one.verdict) for one in look()}
    assert told == {("open", None, None)}
    assert known.task.state == Task.State.DECIDED
    assert GoldScore.objects.get(contribution=known).score == 0
    amend(known, Amendment(located([(ONE, clef("F"))]), known.revision))
    assert GoldScore.objects.get(contribution=known).score == 1
    assert not Contribution.objects.get(pk=known.pk).counts
    close_campaign(seeded, by=seeded.created_by)
    (verdict,) = (one.verdict for one in look() if one.contribution.pk == known.pk)
    assert verdict is not None
    assert verdict.agreement == 1


def test_where_it_has_been_told_it_stands(seeded: Campaign, people: People, owner: User) -> None:
    campaign = configure_campaign(seeded, {"gold_feedback": True}, by=owner)
    (person,) = people(campaign, 1)
    known = answer_known(campaign, person, nothing_here)
    with pytest.raises(Conflict, match="decided"):
        amend(known, Amendment(nothing_here(), known.revision))


def test_the_ground_truth_is_not_public_while_answers_are_known(seeded: Campaign, owner: User) -> None:
    seeded.ground_truth_layer.refresh_from_db()
    assert not seeded.ground_truth_layer.is_public
    configure_campaign(seeded, {"gold_share": 0.0}, by=owner)
    seeded.ground_truth_layer.refresh_from_db()
    assert seeded.ground_truth_layer.is_public


def test_after_closing_a_known_answer_comes_as_late_as_any(
    seeded: Campaign, people: People, owner: User
) -> None:
    person = somebody_meeting_both(seeded, people, within=8)
    leases = [claim(seeded, person).assignment for _ in range(8)]
    assert {lease.seeded for lease in leases if lease} == {True, False}
    close_campaign(seeded, by=owner)
    for lease in leases:
        assert lease is not None
        lease.task.campaign.refresh_from_db()
        done = submit(lease, nothing_here())
        assert not done.looks_counted(lease.task.campaign)


# --- scored, never counted ------------------------------------------------------------------------


def test_scores_by_concept_and_nothing_of_it_counts(seeded: Campaign, people: People, clef: Clef) -> None:
    figures, progress = agreement_of(seeded).as_json(), progress_of(seeded)
    (ann,) = people(seeded, 1)
    right, wrong = str(clef("F").pk), str(clef("G").pk)
    said = [
        (lambda: located([(ONE, clef("F"))]), 1.0, {right: [1, 0, 0]}),
        (lambda: located([(ONE, clef("F")), (TWO, clef("G"))]), 2 / 3, {right: [1, 0, 0], wrong: [0, 0, 1]}),
        (lambda: located([(ONE, clef("G"))]), 0.0, {right: [0, 1, 0], wrong: [0, 0, 1]}),
        (nothing_here, 0.0, {right: [0, 1, 0]}),
    ]
    for say, score, concepts in said:
        done = answer_known(seeded, ann, say)
        assert (done.counts, done.gold_score.score) == (False, pytest.approx(score))
        assert done.gold_score.concepts == concepts
    known = Contribution.objects.filter(assignment__seeded=True)
    assert known.count() == KNOWN
    for task in seeded.tasks.filter(gold__isnull=False):
        assert task.state == Task.State.DECIDED
        assert TaskConsensus.objects.get(task=task).seen == 2
    assert agreement_of(seeded).as_json() == figures
    assert progress_of(seeded).retired == progress.retired


def test_a_changed_decision_changes_the_known_answer_and_the_scores(
    seeded: Campaign, people: People, clef: Clef, owner: User
) -> None:
    (ann,) = people(seeded, 1)
    done = answer_known(seeded, ann, lambda: located([(ONE, clef("G"))]))
    assert done.gold_score.score == 0
    (item,) = done.task.consensus.items.all()
    corrected = Judgement("corrected", item=item.pk, box=ONE, concepts=(clef("G").pk,))
    decide(seeded, done.task_id, [corrected], request=uuid4(), by=owner, supersede=True)
    done.gold_score.refresh_from_db()
    assert done.gold_score.score == 1
    assert Gold.objects.get(task=done.task).answer["shapes"][0]["concepts"] == [str(clef("G").pk)]


def test_concepts_that_become_one_are_one_in_known_answers(
    seeded: Campaign, people: People, clef: Clef, owner: User
) -> None:
    (ann,) = people(seeded, 1)
    grant(owner, seeded.vocabulary, Role.MANAGER)
    touched = {one.kind: one.count for one in foresee(seeded.vocabulary, "merge", [clef("F").pk])}
    assert touched["gold"] == KNOWN
    merge_concepts([clef("F")], clef("G"), by=owner)
    done = answer_known(seeded, ann, lambda: located([(ONE, clef("G"))]))
    assert done.gold_score.score == 1
    assert done.gold_score.concepts == {str(clef("G").pk): [1, 0, 0]}


def test_a_scaled_canvas_scales_its_known_answer(seeded: Campaign) -> None:
    gold = Gold.objects.select_related("task").order_by("pk")[0]
    follow_canvases(None, [RescaledCanvas(gold.task.canvas_id, "", 2, 3)])
    gold.refresh_from_db()
    x, y, w, h = ONE
    assert gold.answer["shapes"][0]["box"] == [2 * x, 3 * y, 2 * w, 3 * h]


def test_near_answers_on_the_tree_score_in_part(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    question = {"prompt": {"en": "Which clef?"}, "coarser_counts": True}
    campaign = make_seeded(lambda **more: make_campaign(question=question, **more), clef, owner)
    done = answer_known(campaign, join_campaign(campaign, visitor="a"), lambda: located([(ONE, clef("top"))]))
    assert 0 < done.gold_score.score < 1


# --- told afterwards, or not ----------------------------------------------------------------------


@pytest.mark.parametrize("told", [False, True])
def test_the_known_answer_is_told_where_the_campaign_wants_it(
    seeded: Campaign, api: APIClient, contributor: User, owner: User, clef: Clef, told: bool
) -> None:
    configure_campaign(seeded, {"gold_feedback": told}, by=owner)
    api.force_authenticate(contributor)
    found = []
    for _number in range(12):
        claimed = api.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json").json()
        body = {
            "id": str(uuid4()),
            "assignment": claimed["assignment"]["id"],
            "nothing_here": True,
            "shapes": [],
        }
        receipt = api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json").json()
        again = api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json").json()
        assert receipt["feedback"] == again["feedback"]
        if Assignment.objects.get(pk=claimed["assignment"]["id"]).seeded:
            found.append(receipt["feedback"])
        else:
            assert receipt["feedback"] is None
    assert found
    if not told:
        assert found == [None] * len(found)
        return
    assert found[0]["score"] == 0
    assert "differs from yours" in found[0]["sentence"]
    (shape,) = found[0]["shapes"]
    assert shape["box"] == list(ONE)
    assert shape["concepts"] == [{"id": str(clef("F").pk), "label": "F clef"}]


# --- over REST ------------------------------------------------------------------------------------


def test_marked_listed_and_taken_back_over_rest(seeded: Campaign, api: APIClient, owner: User) -> None:
    api.force_authenticate(owner)
    address = reverse("api-gold", args=["clefs"])
    rows = api.get(address).json()["results"]
    assert len(rows) == KNOWN
    one = rows[0]["task"]
    assert api.delete(reverse("api-gold-task", args=["clefs", one])).status_code == 204
    assert len(api.get(address).json()["results"]) == KNOWN - 1
    marked = api.post(address, {"tasks": [one]}, format="json")
    assert (marked.status_code, marked.json()["tasks"]) == (201, [one])
    assert api.delete(reverse("api-gold-batch", args=["clefs", marked.json()["batch"]])).status_code == 204
    assert api.post(address, {"clearest": 5}, format="json").json()["tasks"] == [one]
    for body in ({}, {"tasks": [one], "clearest": 1}):
        assert api.post(address, body, format="json").status_code == 422
