"""An answer is changed until somebody has decided: exactly once, and nothing of what was said before is lost."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role, grant
from annotation.models import Annotation
from campaigns.actions import (
    Amendment,
    Submission,
    amend,
    claim,
    close_campaign,
    join_campaign,
    pause_campaign,
    submit,
)
from campaigns.actions.consensus import tasks_to_merge
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.sweeping import accept_agreeing
from campaigns.api.outcomes.review import one_review
from campaigns.figures import agreement_of, origins_of
from campaigns.models import (
    Assignment,
    Campaign,
    Contribution,
    ContributionRevision,
    ContributionShape,
    Participant,
    Task,
)
from campaigns.permissions import get_contribution_for
from campaigns.reviewing import review_queue
from problems import Conflict, Invalid, Missing, Unauthenticated
from taxonomy.actions.editing import merge_concepts
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, in_threads, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, task_at
from tests.campaigns.test_rescaled import double
from work.models import Job

Clef = Callable[[str], Concept]


@pytest.fixture
def carl(campaign: Campaign, contributor: User) -> Participant:
    return join_campaign(campaign, user=contributor)


def take(campaign: Campaign, person: Participant) -> Assignment:
    given = claim(campaign, person).assignment
    assert given is not None
    return Assignment.objects.select_related("task__campaign__vocabulary", "participant__user").get(
        pk=given.pk
    )


def own(contribution_id: UUID) -> Contribution:
    """The contribution as its gate gives it."""
    row = Contribution.objects.select_related("participant__user").get(pk=contribution_id)
    who = row.participant
    return get_contribution_for(who.user, contribution_id, visitor=who.visitor)  # type: ignore[arg-type]


def change(submission: Submission, answer: dict[str, Any], *, based_on: int = 1, **more: Any) -> Any:
    """Amend what was handed in as `submission`."""
    amended = Submission(id=more.pop("id", uuid4()), answer=answer, **more)
    return amend(own(submission.id), Amendment(amended, based_on))


def redrawn(submission: Submission, index: int, **changes: Any) -> dict[str, Any]:
    """The answer with one of its shapes changed."""
    shapes = [dict(shape) for shape in submission.answer["shapes"]]
    shapes[index] |= changes
    return {**submission.answer, "shapes": shapes}


# --- what becomes of answer, annotations and origins ---


def test_the_new_answer_stands_and_the_earlier_one_is_kept(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    said = boxes((10, 20, 30, 40), (100, 200, 30, 40), concept=clef("F"))
    submit(take(campaign, carl), said)
    before = Contribution.objects.get()
    first, second = (UUID(shape["id"]) for shape in said.answer["shapes"])
    third = {**said.answer["shapes"][0], "id": str(uuid4()), "box": [300, 300, 30, 40]}
    new = redrawn(said, 0, concepts=[str(clef("G").pk)])
    done = change(said, {**new, "shapes": [new["shapes"][0], third]}, time_spent_s=3.0, locale="fr")
    assert done.is_new
    now = Contribution.objects.get()
    assert (now.revision, now.counts, now.digest) == (2, before.counts, before.digest)
    assert [shape["id"] for shape in now.answer["shapes"]] == [str(first), third["id"]]
    assert now.submitted_at == before.submitted_at
    assert now.amended_at is not None
    assert (now.time_spent_s, now.locale) == (3.0, "fr")
    # The earlier answer, with the versions of its annotations.
    kept = ContributionRevision.objects.get()
    assert (kept.revision, kept.answer) == (1, before.answer)
    assert (kept.canvas_size, kept.stood_since) == ([1000.0, 1400.0], before.submitted_at)
    assert sorted(kept.shapes, key=lambda one: str(one["id"])) == sorted(
        (
            {"id": str(pk), "revision": 1, "origin": "drawn", "prediction": None, "iou": None}
            for pk in (first, second)
        ),
        key=lambda one: str(one["id"]),
    )
    # The annotations: one changed, one withdrawn, one new; each with its own history.
    changed, gone = Annotation.objects.get(pk=first), Annotation.objects.get(pk=second)
    assert (changed.revision, changed.deleted_at) == (2, None)
    assert [link.concept for link in changed.concept_links.all()] == [clef("G")]
    earlier = changed.revisions.get()
    assert (earlier.revision, earlier.by) == (1, carl.user)
    assert clef("F").uri in str(earlier.document["body"])
    assert changed.document["created"] == earlier.document["created"]
    assert "modified" in changed.document
    assert gone.deleted_at is not None
    assert gone.revisions.count() == 1
    assert set(ContributionShape.objects.values_list("annotation", flat=True)) == {first, UUID(third["id"])}


def test_what_does_not_change_keeps_its_revision(campaign: Campaign, carl: Participant, clef: Clef) -> None:
    said = boxes((10, 20, 30, 40), (100, 200, 30, 40), concept=clef("F"))
    submit(take(campaign, carl), said)
    change(said, redrawn(said, 1, box=[101, 200, 30, 40]))
    first, second = Annotation.objects.order_by("x")
    assert (first.revision, second.revision) == (1, 2)
    assert "modified" not in first.document
    assert second.box == (101, 200, 30, 40)


def test_a_withdrawn_box_comes_back_under_its_id(campaign: Campaign, carl: Participant, clef: Clef) -> None:
    said = boxes((10, 20, 30, 40), concept=clef("F"))
    submit(take(campaign, carl), said)
    change(said, {"nothing_here": True})
    assert Annotation.objects.get().deleted_at is not None
    assert Contribution.objects.get().nothing_here
    change(said, dict(said.answer), based_on=2)
    back = Annotation.objects.get()
    assert (back.deleted_at, back.revision) == (None, 3)
    assert ContributionShape.objects.get().annotation == back
    assert not Contribution.objects.get().nothing_here


def test_a_tag_is_chosen_anew(make_campaign: CampaignMaker, contributor: User, clef: Clef) -> None:
    campaign = make_campaign(question_kind="tag", question={"prompt": {"en": "Which clef?"}})
    said = Submission(id=uuid4(), answer={"concepts": [str(clef("C").pk)]})
    submit(take(campaign, join_campaign(campaign, user=contributor)), said)
    change(said, {"concepts": [str(clef("G").pk)]})
    tag = Annotation.objects.get()
    assert [link.concept for link in tag.concept_links.all()] == [clef("G")]
    assert tag.revision == 2


def test_the_first_request_sent_again_is_still_known(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    assignment, said = take(campaign, carl), boxes((10, 20, 30, 40), concept=clef("F"))
    submit(assignment, said)
    change(said, {"nothing_here": True})
    assert not submit(assignment, said).is_new
    assert Contribution.objects.get().nothing_here


def test_a_concept_merged_away_meanwhile_still_counts_as_its_heir(
    campaign: Campaign, carl: Participant, clef: Clef, owner: User
) -> None:
    said = boxes((10, 20, 30, 40), (100, 200, 30, 40), concept=clef("G"))
    submit(take(campaign, carl), said)
    grant(owner, campaign.vocabulary, Role.OWNER)
    merge_concepts([clef("G")], clef("F"), by=owner)
    change(said, redrawn(said, 0, box=[11, 20, 30, 40]))
    for row in Annotation.objects.all():
        (link,) = row.concept_links.all()
        assert (link.concept, link.said) == (clef("F"), clef("G"))
    assert sorted(Annotation.objects.values_list("revision", flat=True)) == [1, 2]


def test_a_change_drawn_on_the_smaller_canvas_is_moved_along(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    said = boxes((10, 20, 30, 40), (100, 200, 30, 40), concept=clef("G"))
    submit(take(campaign, carl), said)
    double(campaign)
    new = redrawn(said, 0, concepts=[str(clef("F").pk)])
    change(said, new, canvas_size=(1000, 1400))
    assert {row.box for row in Annotation.objects.all()} == {(20, 40, 60, 80), (200, 400, 60, 80)}
    assert ContributionRevision.objects.get().canvas_size == [2000, 2800]
    # One was scaled and changed, the other only scaled.
    assert sorted(Annotation.objects.values_list("revision", flat=True)) == [2, 3]


def test_an_anonymous_visitor_amends(campaign: Campaign, clef: Clef) -> None:
    campaign.allows_anonymous = True
    campaign.save()
    said = boxes((10, 20, 30, 40), concept=clef("F"))
    submit(take(campaign, join_campaign(campaign, visitor="v" * 64)), said)
    change(said, redrawn(said, 0, box=[11, 20, 30, 40]))
    row = Annotation.objects.get()
    assert row.revisions.get().by is None
    assert row.created_by is None


def test_a_wrong_answer_changes_nothing(campaign: Campaign, carl: Participant, clef: Clef) -> None:
    said = boxes((10, 20, 30, 40), concept=clef("F"))
    submit(take(campaign, carl), said)
    with pytest.raises(Invalid) as refused:
        change(said, redrawn(said, 0, box=[990, 20, 30, 40]))
    assert refused.value.code == "box-outside-canvas"
    assert (Contribution.objects.get().revision, Annotation.objects.get().revision) == (1, 1)
    assert not ContributionRevision.objects.exists()


def test_the_id_of_anothers_annotation_cannot_be_taken(
    campaign: Campaign, carl: Participant, clef: Clef, stranger: User
) -> None:
    mine, theirs = (boxes((10, 20, 30, 40), concept=clef("F")) for _number in range(2))
    submit(take(campaign, carl), mine)
    submit(take(campaign, join_campaign(campaign, user=stranger)), theirs)
    with pytest.raises(Conflict) as refused:
        change(mine, redrawn(mine, 0, id=theirs.answer["shapes"][0]["id"]))
    assert refused.value.faults[0].pointer == "/shapes/0/id"


def test_an_earlier_answer_never_changes(campaign: Campaign, carl: Participant) -> None:
    said = nothing_here()
    submit(take(campaign, carl), said)
    change(said, {"nothing_here": True, "comment": "torn"})
    with pytest.raises(DatabaseError, match="can no longer be changed"), transaction.atomic():
        ContributionRevision.objects.update(answer={})
    assert ContributionRevision.objects.get().answer["comment"] == ""


# --- when it may be done, and how often ---


def test_a_retry_changes_nothing_and_another_content_is_a_conflict(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    said, pk = boxes((10, 20, 30, 40), concept=clef("F")), uuid4()
    submit(take(campaign, carl), said)
    new = redrawn(said, 0, box=[11, 20, 30, 40])
    assert change(said, new, id=pk).is_new
    assert not change(said, new, id=pk).is_new
    assert Contribution.objects.get().revision == 2
    with pytest.raises(Conflict) as refused:
        change(said, {"nothing_here": True}, id=pk)
    assert refused.value.code == "id-used"
    # A retry is known though others have been made since.
    change(said, {"nothing_here": True}, based_on=2)
    assert not change(said, new, id=pk).is_new
    assert Contribution.objects.get().revision == 3


def test_of_two_tabs_the_second_learns_of_the_first(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    said = boxes((10, 20, 30, 40), concept=clef("F"))
    submit(take(campaign, carl), said)
    change(said, redrawn(said, 0, concepts=[str(clef("G").pk)]))
    with pytest.raises(Conflict) as refused:
        change(said, {"nothing_here": True})
    assert refused.value.code == "changed-meanwhile"
    assert refused.value.as_json()["revision"] == 2
    assert Contribution.objects.get().revision == 2


def test_a_closed_campaign_takes_no_amendment_a_paused_one_does(
    campaign: Campaign, carl: Participant, owner: User
) -> None:
    said = nothing_here()
    submit(take(campaign, carl), said)
    pause_campaign(campaign, by=owner)
    assert change(said, {"nothing_here": True, "comment": "torn"}).is_new
    close_campaign(campaign, by=owner)
    with pytest.raises(Conflict) as refused:
        change(said, {"nothing_here": True}, based_on=2)
    assert refused.value.code == "campaign-closed"


def test_ones_own_only(campaign: Campaign, carl: Participant, stranger: User) -> None:
    said = nothing_here()
    submit(take(campaign, carl), said)
    with pytest.raises(Missing):
        get_contribution_for(stranger, said.id)
    with pytest.raises(Unauthenticated):
        get_contribution_for(None, said.id, visitor="v" * 64)  # type: ignore[arg-type]


def test_however_many_boxes_the_statements_are_as_many(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    counts = []
    for many in (2, 20):
        drawn = [(10 + 40 * number, 20, 30, 40) for number in range(many)]
        said = boxes(*drawn, concept=clef("F"))
        submit(take(campaign, carl), said)
        shapes = [{**shape, "concepts": [str(clef("G").pk)]} for shape in said.answer["shapes"][1:]]
        contribution = own(said.id)
        new = Submission(id=uuid4(), answer={**said.answer, "shapes": shapes})
        with CaptureQueriesContext(
            connection,
        ) as caught:
            amend(contribution, Amendment(new, 1))
        counts.append(len(caught))
    assert counts[0] == counts[1] < 32


# --- what follows from it ---


def three_said(campaign: Campaign, clef: Clef) -> list[Submission]:
    """Three people draw the same clef; the answers are merged."""
    said = [located([(moved(ONE, step), clef("F"))]) for step in (0, 2, 4)]
    answer(campaign, {0: said})
    merge(campaign)
    return said


def test_a_retired_task_is_merged_anew(campaign: Campaign, clef: Clef) -> None:
    said = three_said(campaign, clef)
    assert tasks_to_merge(campaign).count() == 0
    assert agreement_of(campaign).value == pytest.approx(1)
    change(said[0], {"nothing_here": True})
    assert list(tasks_to_merge(campaign)) == [task_at(campaign)]
    assert Job.objects.filter(kind="campaigns.consensus", state=Job.State.QUEUED).count() == 1
    assert agreement_of(campaign).value == pytest.approx(1 / 3)
    assert origins_of(campaign)["drawn"] == 2
    merge(campaign)
    item = task_at(campaign).consensus.items.get()
    assert (item.support, item.seen) == (2, 3)
    assert tasks_to_merge(campaign).count() == 0
    assert Contribution.objects.filter(counts=True).count() == 3


def test_nobody_decides_on_a_merge_that_is_made_anew(campaign: Campaign, clef: Clef, owner: User) -> None:
    said = three_said(campaign, clef)
    task = task_at(campaign)
    judgements = [Judgement("accepted", item=item.pk) for item in task.consensus.items.all()]
    change(said[0], redrawn(said[0], 0, concepts=[str(clef("G").pk)]))
    with pytest.raises(Conflict) as refused:
        decide(campaign, task.pk, judgements, request=uuid4(), by=owner)
    assert refused.value.code == "stale-item"
    assert not review_queue(campaign).exists()
    assert accept_agreeing(campaign, at_most=1, by=owner) == 0
    merge(campaign)
    accept_all(campaign, task_at(campaign), owner)
    assert task_at(campaign).state == Task.State.DECIDED


def test_a_merge_is_shown_without_what_was_withdrawn(campaign: Campaign, owner: User, clef: Clef) -> None:
    said = three_said(campaign, clef)
    change(said[0], {"nothing_here": True})
    (item,) = one_review(campaign, task_at(campaign).pk, by=owner)["items"]
    assert len(item["members"]) == 2


def test_what_does_not_count_is_amended_without_a_merge(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    late = take(campaign, carl)
    Assignment.objects.update(expires_at="2020-01-01T00:00Z")
    three_said(campaign, clef)
    said = nothing_here()
    assert not submit(late, said).counts
    change(said, {"nothing_here": True, "comment": "torn"})
    assert not Contribution.objects.get(pk=said.id).counts
    assert tasks_to_merge(campaign).count() == 0


def test_a_decided_task_stays_as_it_is(campaign: Campaign, clef: Clef, owner: User) -> None:
    said = three_said(campaign, clef)
    accept_all(campaign, task_at(campaign), owner)
    with pytest.raises(Conflict) as refused:
        change(said[0], {"nothing_here": True})
    assert refused.value.code == "decided"
    assert "has been decided" in str(refused.value.detail)
    assert Contribution.objects.get(pk=said[0].id).revision == 1


# --- at the same moment ---


@pytest.mark.django_db(transaction=True)
def test_16_senders_of_one_amendment_make_one_revision(
    campaign: Campaign, carl: Participant, clef: Clef
) -> None:
    said, pk = boxes((10, 20, 30, 40), concept=clef("F")), uuid4()
    submit(take(campaign, carl), said)
    new = redrawn(said, 0, box=[11, 20, 30, 40])
    done = in_threads(16, lambda _number: change(said, new, id=pk).is_new)
    assert sum(done) == 1
    assert Contribution.objects.get().revision == 2
    assert (ContributionRevision.objects.count(), Annotation.objects.get().revision) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_of_eight_tabs_one_wins(campaign: Campaign, carl: Participant) -> None:
    said = nothing_here()
    submit(take(campaign, carl), said)

    def send(number: int) -> str:
        try:
            change(said, {"nothing_here": True, "comment": f"from tab {number}"})
        except Conflict as conflict:
            return conflict.code
        return "won"

    assert sorted(in_threads(8, send)) == ["changed-meanwhile"] * 7 + ["won"]
    assert Contribution.objects.get().revision == 2


@pytest.mark.django_db(transaction=True)
def test_an_amendment_and_a_decision_never_both_pass(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    """Whoever comes second is refused: nothing is decided on an answer that was not seen."""
    campaign = make_campaign(pages=6, overlap=1)
    said = {position: [located([(ONE, clef("F"))])] for position in range(6)}
    answer(campaign, said)
    merge(campaign)

    def work(number: int) -> str:
        position, deciding = divmod(number, 2)
        try:
            if deciding:
                accept_all(campaign, task_at(campaign, position), owner)
            else:
                change(said[position][0], {"nothing_here": True})
        except Conflict as conflict:
            return conflict.code
        return "passed"

    results = in_threads(12, work)
    for amended, decided in zip(results[::2], results[1::2], strict=True):
        assert (amended, decided) in {("passed", "stale-item"), ("decided", "passed")}
    for position in range(6):
        decided = task_at(campaign, position).state == Task.State.DECIDED
        assert Contribution.objects.get(pk=said[position][0].id).revision == (1 if decided else 2)


@pytest.mark.django_db(transaction=True)
def test_amendments_and_the_answers_of_others_do_not_meet(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=1, overlap=4)
    everybody = [join_campaign(campaign, visitor=f"{number}" * 64) for number in range(4)]
    leases = [take(campaign, person) for person in everybody]
    first = located([(ONE, clef("F"))])
    submit(leases[0], first)

    def work(number: int) -> None:
        if number:
            submit(leases[number], located([(moved(ONE, number), clef("F"))]))
        else:
            change(first, {**located([(TWO, clef("G"))]).answer})

    in_threads(4, work)
    task = task_at(campaign)
    assert task.state == Task.State.RETIRED
    assert Contribution.objects.filter(counts=True).count() == 4
    merge(campaign)
    supports = sorted(task_at(campaign).consensus.items.values_list("support", flat=True))
    assert supports == [1, 3]
