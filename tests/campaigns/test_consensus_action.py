"""The merge: the same answers give the same rows, in any order, and decided truth stays."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions import claim, configure_campaign, join_campaign, submit
from campaigns.actions.consensus import compute_consensus, request_consensus, tasks_to_merge
from campaigns.documents import ConceptNames
from campaigns.grouped import campaign_tree
from campaigns.models import (
    Assignment,
    Campaign,
    ConsensusItem,
    ConsensusMember,
    Contribution,
    Decision,
    Task,
    TaskConsensus,
)
from campaigns.quality import Rule
from taxonomy.actions.tree import rebuild_tree
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import CampaignMaker, in_threads, make_concept, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, tagged, task_at
from work.actions import run_job, sweep
from work.models import Job

Clef = Callable[[str], Concept]
TAG: dict[str, Any] = {"question_kind": "tag", "question": {"prompt": {"en": "Which clef?"}}}


def get_assignment(pk: UUID) -> Assignment:
    return Assignment.objects.select_related(
        "task__campaign__vocabulary", "task__canvas__manifest", "participant"
    ).get(pk=pk)


def everything() -> list[tuple[object, ...]]:
    """Each row of the merge, down to its times."""
    return [
        *TaskConsensus.objects.order_by("pk").values_list(
            "pk", "contributions", "seen", "agreement", "disagreement"
        ),
        *ConsensusItem.objects.order_by("pk").values_list(
            "pk", "annotation", "votes", "support", "seen", "spread"
        ),
        *ConsensusMember.objects.order_by("pk").values_list("pk", "item", "annotation"),
        *Annotation.objects.order_by("pk").values_list(
            "pk", "document", "x", "y", "w", "h", "deleted_at", "modified_at"
        ),
    ]


def test_three_people_become_one(campaign: Campaign, clef: Clef) -> None:
    answers = [located([(moved(ONE, step), clef("F")), (TWO, clef("G"))]) for step in (0, 2, 4)]
    answer(campaign, {0: answers})
    merge(campaign)
    consensus = task_at(campaign).consensus
    first, second = sorted(consensus.items.all(), key=lambda item: item.annotation.y or 0)
    assert first.annotation.box == moved(ONE, 2)
    assert (first.support, first.seen, first.members.count()) == (3, 3, 3)
    assert first.votes == [{"concept": str(clef("F").pk), "count": 3}]
    assert [link.concept for link in first.annotation.concept_links.all()] == [clef("F")]
    assert second.disagreement == 0
    assert consensus.disagreement == first.disagreement
    assert consensus.agreement == pytest.approx(1.0)
    document = first.annotation.document
    assert document["rubricator:method"] == consensus.method
    assert document["rubricator:support"] == 1
    assert len(document["rubricator:derivedFrom"]) == 3
    assert first.annotation.layer == campaign.consensus_layer
    assert first.annotation.vocabulary_version == 1


def test_the_same_answers_change_nothing(campaign: Campaign, clef: Clef) -> None:
    answer(campaign, {0: [located([(moved(ONE, step), clef("F"))]) for step in (0, 2, 4)]})
    merge(campaign)
    before = everything()
    names = ConceptNames.of_campaign(campaign)
    for _time in range(2):
        compute_consensus(task_at(campaign), names=names)
    assert everything() == before
    assert tasks_to_merge(campaign).count() == 0


def test_the_order_of_the_answers_does_not_matter(campaign: Campaign, clef: Clef) -> None:
    rows = [located([(moved(ONE, step), clef(which))]) for step, which in ((0, "F"), (3, "G"), (6, "F"))]
    answer(campaign, {0: rows})
    merge(campaign)
    before = everything()
    moments = list(Contribution.objects.order_by("submitted_at").values_list("pk", "submitted_at"))
    for (pk, _was), (_pk, moment) in zip(moments, reversed(moments), strict=True):
        Contribution.objects.filter(pk=pk).update(submitted_at=moment)
    compute_consensus(task_at(campaign), names=ConceptNames.of_campaign(campaign))
    assert everything() == before


def test_what_no_longer_follows_is_withdrawn_and_can_come_back(campaign: Campaign, clef: Clef) -> None:
    rows = [located([(ONE, clef("F"))]), located([(ONE, clef("G"))]), located([(TWO, clef("C"))])]
    answer(campaign, {0: rows})
    merge(campaign)
    task, names = task_at(campaign), ConceptNames.of_campaign(campaign)
    before = set(ConsensusItem.objects.values_list("pk", flat=True))
    compute_consensus(task, names=names, rule=Rule(class_aware=True))
    now = set(ConsensusItem.objects.values_list("pk", flat=True))
    assert len(now) == 3
    assert not now & before
    live = Annotation.objects.filter(layer=campaign.consensus_layer, deleted_at=None)
    assert set(live.values_list("pk", flat=True)) == now
    assert Annotation.objects.filter(pk__in=before, deleted_at__isnull=False).count() == len(before)
    compute_consensus(task, names=names)
    assert (
        set(live.values_list("pk", flat=True))
        == before
        == set(ConsensusItem.objects.values_list("pk", flat=True))
    )


def test_boxes_without_labels(make_campaign: CampaignMaker) -> None:
    question = {"prompt": {"en": "Draw"}, "required_label": False}
    campaign = make_campaign(pages=1, question=question)
    answer(campaign, {0: [located([(moved(ONE, step), None)]) for step in range(3)]})
    merge(campaign)
    item = ConsensusItem.objects.get()
    assert item.votes == []
    assert item.annotation.document["body"] == []
    assert item.support == 3


def test_one_answer_is_its_own_consensus(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("F"))])]})
    merge(campaign)
    item = ConsensusItem.objects.get()
    assert (item.support, item.seen, item.spread, item.disagreement) == (1, 1, None, 0)
    assert TaskConsensus.objects.get().agreement is None


def test_nobody_drew_anything(campaign: Campaign) -> None:
    answer(campaign, {0: [nothing_here() for _person in range(3)]})
    merge(campaign)
    consensus = TaskConsensus.objects.get()
    assert consensus.items.count() == 0
    assert (consensus.seen, consensus.agreement, consensus.disagreement) == (3, 1.0, 0)


def test_a_task_nobody_has_answered_has_no_consensus(campaign: Campaign) -> None:
    assert compute_consensus(task_at(campaign), names=ConceptNames.of_campaign(campaign)) is None


def test_one_tag_by_majority(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=3, **TAG)
    f, g = clef("F"), clef("G")
    answer(
        campaign,
        {
            0: [tagged(f), tagged(f), tagged(g)],
            1: [tagged(f), tagged(g), tagged()],
            2: [tagged(), tagged(), tagged()],
        },
    )
    merge(campaign)
    clear = task_at(campaign, 0).consensus.items.get()
    assert [link.concept for link in clear.annotation.concept_links.all()] == [f]
    assert (clear.support, clear.seen, clear.members.count()) == (2, 3, 2)
    disputed = task_at(campaign, 1).consensus.items.get()
    assert not disputed.annotation.concept_links.exists()
    assert {vote["count"] for vote in disputed.votes} == {1}
    assert task_at(campaign, 2).consensus.items.count() == 0
    assert task_at(campaign, 1).consensus.disagreement > task_at(campaign, 0).consensus.disagreement


def test_several_tags_are_items_of_their_own(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(
        pages=1, question_kind="tag", question={"prompt": {"en": "Which?"}, "many": True}
    )
    f, g, c = clef("F"), clef("G"), clef("C")
    answer(campaign, {0: [tagged(f, g), tagged(f), tagged(g, c)]})
    merge(campaign)
    support = {
        item.votes[0]["concept"]: (item.support, item.annotation.concept_links.exists())
        for item in ConsensusItem.objects.all()
    }
    assert support == {str(f.pk): (2, True), str(g.pk): (2, True), str(c.pk): (1, False)}


def test_a_region_is_the_box_of_its_tag(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(pages=1, overlap=1, **TAG)
    Task.objects.update(region_x=10, region_y=20, region_w=300, region_h=400)
    answer(campaign, {0: [tagged(clef("F"))]})
    merge(campaign)
    assert ConsensusItem.objects.get().annotation.box == (10, 20, 300, 400)


def test_decided_truth_survives_a_new_merge(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(
        campaign, {0: [located([(ONE, clef("F"))]), located([(ONE, clef("F"))]), located([(TWO, clef("F"))])]}
    )
    merge(campaign)
    task = task_at(campaign)
    accept_all(campaign, task, owner)
    truth = list(Annotation.objects.filter(layer=campaign.ground_truth_layer).values_list("pk", "deleted_at"))
    compute_consensus(
        task, names=ConceptNames.of_campaign(campaign), rule=Rule(threshold=0.9, class_aware=True)
    )
    after = Annotation.objects.filter(layer=campaign.ground_truth_layer).values_list("pk", "deleted_at")
    assert sorted(after) == sorted(truth)
    assert {pk for _pk, deleted in truth for pk in [deleted]} == {None}
    assert Decision.objects.filter(superseded_at=None).count() == 2
    assert Task.objects.get(pk=task.pk).state == Task.State.DECIDED
    assert merge(campaign).total == 0


def test_more_people_than_before_make_the_merge_stale(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _person in range(3)]})
    merge(campaign)
    campaign = configure_campaign(campaign, {"overlap": 4}, by=owner)
    assert task_at(campaign).state == Task.State.OPEN
    late = join_campaign(campaign, visitor=uuid4().hex)
    given = claim(campaign, late).assignment
    assert given is not None
    submit(given, located([(TWO, clef("G"))]))
    assert list(tasks_to_merge(campaign)) == [task_at(campaign)]
    merge(campaign)
    consensus = TaskConsensus.objects.get()
    assert (consensus.seen, consensus.items.count()) == (4, 2)


def test_a_concept_that_is_no_longer_offered_is_still_merged(campaign: Campaign, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _person in range(3)]})
    Concept.objects.filter(pk=clef("F").pk).update(status=Concept.Status.DEPRECATED)
    Campaign.objects.filter(pk=campaign.pk).update(branch=clef("G"))
    assert merge(campaign).lines.count() == 0
    assert ConsensusItem.objects.get().annotation.document["body"][0]["source"] == clef("F").uri


def test_one_task_that_cannot_be_merged_does_not_stop_the_others(campaign: Campaign, clef: Clef) -> None:
    answer(
        campaign, {position: [located([(ONE, clef("F"))]) for _person in range(3)] for position in (0, 1, 2)}
    )
    Task.objects.filter(position=1).update(retired_at=None)
    broken = Contribution.objects.filter(task__position=1).first()
    assert broken is not None
    Contribution.objects.filter(pk=broken.pk).update(
        answer={"nothing_here": False}
    )  # no “shapes”: not comparable
    job = merge(campaign)
    assert TaskConsensus.objects.count() == 2
    line = job.lines.get()
    assert (line.severity, line.place) == ("error", str(broken.task_id))


def test_queries_do_not_grow_with_the_answers(
    make_campaign: CampaignMaker, clef: Clef, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=2)
    few = [located([(ONE, clef("F"))]) for _person in range(3)]
    many = [located([((100, 20 + 60 * row, 40, 50), clef("F")) for row in range(20)]) for _person in range(3)]
    answer(campaign, {0: few, 1: many})
    names = ConceptNames.of_campaign(campaign)
    for position in (0, 1):
        with django_assert_max_num_queries(25):
            compute_consensus(task_at(campaign, position), names=names)


# --- asked for when a task is retired -------------------------------------------------------------


def test_the_last_answer_asks_for_the_merge(
    make_campaign: CampaignMaker, clef: Clef, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    person = join_campaign(campaign, visitor=uuid4().hex)
    given, last = claim(campaign, person).assignment, located([(ONE, clef("F"))])
    assert given is not None
    first = get_assignment(given.pk)
    # Handing in takes eight statements (its savepoint included); asking for the merge four more.
    with django_assert_max_num_queries(12):
        submit(first, last)
    job = Job.objects.get(kind="campaigns.consensus")
    assert (job.subject, job.queue, job.state) == (str(campaign.pk), "compute", Job.State.QUEUED)
    second = claim(campaign, person).assignment
    assert second is not None
    submit(second, nothing_here())
    assert Job.objects.count() == 1  # the waiting one will see both


@pytest.mark.django_db(transaction=True)
def test_a_running_merge_is_not_relied_upon(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    job = request_consensus(campaign)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    assert request_consensus(campaign).pk != job.pk


@pytest.mark.django_db(transaction=True)
def test_a_waiting_merge_cannot_begin_before_the_answer_is_there(make_campaign: CampaignMaker) -> None:
    """The job is locked by whoever relies on it; run too early, it would not see the task."""
    campaign = make_campaign(pages=1, overlap=1)
    job = request_consensus(campaign)
    relied, run = threading.Event(), threading.Event()

    def rely() -> None:
        try:
            with transaction.atomic():
                assert request_consensus(campaign).pk == job.pk
                relied.set()
                assert run.wait(60)
                Task.objects.update(state=Task.State.RETIRED)
        finally:
            connection.close()

    thread = threading.Thread(target=rely)
    thread.start()
    assert relied.wait(60)
    runner = threading.Thread(target=lambda: (run_job(str(job.pk)), connection.close()))
    runner.start()
    runner.join(0.3)
    run.set()
    thread.join()
    runner.join()
    job.refresh_from_db()
    if job.state == Job.State.QUEUED:  # passed over while it was locked: announced again by the sweeper
        Job.objects.update(sent_at=None, created_at="2020-01-01T00:00Z")
        assert sweep() == 1
        run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE


@pytest.mark.django_db(transaction=True)
def test_no_task_is_forgotten_while_jobs_and_answers_race(
    make_campaign: CampaignMaker, people: Callable[..., Any]
) -> None:
    campaign = make_campaign(pages=60, overlap=1)
    everybody = people(campaign, 6)
    done = threading.Event()

    def worker() -> None:
        try:
            while True:
                last = done.is_set()
                for pk in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
                    run_job(str(pk))
                if last:
                    return
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _number in range(2)]
    for thread in workers:
        thread.start()

    def volunteer(number: int) -> None:
        while (given := claim(campaign, everybody[number]).assignment) is not None:
            submit(given, nothing_here())

    in_threads(6, volunteer)
    done.set()
    for thread in workers:
        thread.join()
    for pk in Job.objects.filter(state=Job.State.QUEUED).values_list("pk", flat=True):
        run_job(str(pk))
    assert Task.objects.filter(state=Task.State.RETIRED).count() == 60
    assert TaskConsensus.objects.count() == 60
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_a_coarser_answer_is_no_contradiction(
    make_campaign: CampaignMaker, clef: Clef, vocabulary: Vocabulary, owner: User
) -> None:
    make_concept(vocabulary, clef("G"), "G1", ("French clef", "clef"), 0)
    make_concept(vocabulary, clef("G"), "G2", ("Treble clef", "clef"), 1)
    rebuild_tree(vocabulary)
    campaign = make_campaign(
        pages=3, overlap=3, question={"prompt": {"en": "Which?"}, "coarser_counts": True}
    )
    answer(campaign, {
        0: [located([(ONE, clef(name))]) for name in ("G1", "G1", "G")],
        1: [located([(ONE, clef(name))]) for name in ("G1", "G2", "G")],
        2: [located([(ONE, clef(name))]) for name in ("G1", "F", "C")],
    })  # fmt: skip
    merge(campaign)
    found = {
        item.consensus.task.position: (item.annotation.concept_links.all(), item.consensus)
        for item in ConsensusItem.objects.select_related("consensus__task").all()
    }
    assert [[str(link.concept) for link in links] for links, _ in found.values()] == [
        [str(clef("G1"))],
        [str(clef("G"))],
        [],
    ]
    agreement = [consensus.agreement for _links, consensus in found.values()]
    assert agreement[0] > agreement[1] > agreement[2]
    assert "lowest label" in found[0][1].method
    question = {"prompt": {"en": "Which?"}, "coarser_counts": False}
    configure_campaign(campaign, {"question": question}, by=owner)
    assert Job.objects.filter(kind="campaigns.consensus", state=Job.State.QUEUED).count() == 1
    campaign = Campaign.objects.get()
    assert tasks_to_merge(campaign).count() == 3
    merge(campaign)
    assert tasks_to_merge(campaign).count() == 0
    assert {consensus.method for consensus in TaskConsensus.objects.all()} == {
        "complete-link boxes, majority labels, 1"
    }


def test_merging_on_a_tree_costs_one_look_at_it(make_campaign: CampaignMaker, clef: Clef) -> None:
    campaign = make_campaign(
        pages=4, overlap=2, question={"prompt": {"en": "Which?"}, "coarser_counts": True}
    )
    answer(campaign, {page: [located([(ONE, clef("G"))]), located([(ONE, clef("F"))])] for page in range(4)})
    names, tree = ConceptNames.of_campaign(campaign), campaign_tree(campaign)
    with CaptureQueriesContext(connection) as seen:
        for task in campaign.tasks.all():
            compute_consensus(task, names=names, tree=tree)
    assert not [
        query for query in seen.captured_queries if 'BY "taxonomy_concept"."preorder"' in query["sql"]
    ]
