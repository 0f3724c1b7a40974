"""Decisions: once, on what is there, by the question's own rules, and never silently over another's."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions.consensus import compute_consensus
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.actions.sweeping import accept_agreeing
from campaigns.documents import ConceptNames
from campaigns.models import Campaign, ConsensusItem, Decision, Task
from campaigns.quality import Rule
from campaigns.reviewing import agreeing_tasks, review_queue
from problems import Conflict, Invalid, Missing
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, in_threads, make_vocabulary, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge, tagged, task_at

Clef = Callable[[str], Concept]
FAR = (700, 900, 40, 80)
TAG: dict[str, Any] = {"question_kind": "tag", "question": {"prompt": {"en": "Which clef?"}}}


@pytest.fixture
def merged(campaign: Campaign, clef: Clef) -> Task:
    """A task with two items, top first: ONE (all three said F) and TWO (F, G and C: undecided)."""
    answer(campaign, {0: [located([(ONE, clef("F")), (TWO, clef(other))]) for other in ("F", "G", "C")]})
    merge(campaign)
    return task_at(campaign)


def items_of(task: Task) -> list[ConsensusItem]:
    return sorted(task.consensus.items.select_related("annotation"), key=lambda item: item.annotation.y or 0)


def truth(campaign: Campaign) -> list[tuple[object, ...]]:
    rows = Annotation.objects.filter(layer=campaign.ground_truth_layer, deleted_at=None).order_by("y")
    return [(row.box, [link.concept.notation for link in row.concept_links.all()]) for row in rows]


def judge(task: Task, *judgements: Judgement, by: User, request: UUID | None = None, **kwargs: Any) -> Task:
    return decide(task.campaign, task.pk, judgements, request=request or uuid4(), by=by, **kwargs)


def test_every_verdict(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    judge(
        merged,
        Judgement(
            "accepted", item=one.pk, box=(1, 1, 1, 1), concepts=(clef("C").pk,)
        ),  # what it says is not read
        Judgement("corrected", item=two.pk, box=(110, 410, 40, 80), concepts=(clef("G").pk,), reason="a G"),
        Judgement("added", box=FAR, concepts=(clef("C").pk,)),
        by=owner,
    )
    assert truth(merged.campaign) == [(ONE, ["F"]), ((110, 410, 40, 80), ["G"]), (FAR, ["C"])]
    rows = {row.verdict: row for row in Decision.objects.select_related("result")}
    assert rows["accepted"].judged_id == one.annotation_id
    assert rows["corrected"].reason == "a G"
    assert rows["added"].judged is None
    document = rows["corrected"].result.document
    assert document["rubricator:decision"] == "corrected"
    assert document["rubricator:derivedFrom"] == [f"urn:uuid:{two.annotation_id}"]
    assert document["creator"] == {"type": "Person", "nickname": "Olga"}
    merged.refresh_from_db()
    assert (merged.state, merged.decided_at is None) == (Task.State.DECIDED, False)
    assert review_queue(merged.campaign).count() == 0


def test_a_correction_without_a_box_keeps_it(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    judge(
        merged,
        Judgement("rejected", item=one.pk),
        Judgement("corrected", item=two.pk, concepts=(clef("G").pk,)),
        by=owner,
    )
    assert truth(merged.campaign) == [(TWO, ["G"])]


def test_nothing_is_here(merged: Task, owner: User) -> None:
    judge(merged, *(Judgement("rejected", item=item.pk) for item in items_of(merged)), by=owner)
    assert truth(merged.campaign) == []
    assert sorted(Decision.objects.values_list("verdict", flat=True)) == ["nothing", "rejected", "rejected"]


def test_a_task_without_items(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(campaign, {position: [nothing_here() for _person in range(3)] for position in (0, 1)})
    merge(campaign)
    request = uuid4()
    for _time in range(2):
        judge(task_at(campaign), by=owner, request=request)
    assert Decision.objects.get().verdict == "nothing"
    judge(task_at(campaign, 1), Judgement("added", box=ONE, concepts=(clef("F").pk,)), by=owner)
    assert truth(campaign) == [(ONE, ["F"])]


def test_the_same_request_again_changes_nothing(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    judgements = [
        Judgement("accepted", item=one.pk),
        Judgement("corrected", item=two.pk, box=TWO, concepts=(clef("G").pk,)),
    ]
    request = uuid4()
    judge(merged, *judgements, by=owner, request=request)
    before = list(Decision.objects.order_by("pk").values())
    judge(merged, *judgements, by=owner, request=request)
    judge(merged, *judgements, by=owner, request=request, supersede=True)
    assert list(Decision.objects.order_by("pk").values()) == before
    with pytest.raises(Conflict) as refused:
        judge(
            merged, *(Judgement("rejected", item=item.pk) for item in (one, two)), by=owner, request=request
        )
    assert refused.value.code == "id-used"


def test_an_id_used_for_another_task(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(campaign, {position: [located([(ONE, clef("F"))]) for _person in range(3)] for position in (0, 1)})
    merge(campaign)
    first, second = task_at(campaign, 0), task_at(campaign, 1)
    request = uuid4()
    judge(first, Judgement("accepted", item=items_of(first)[0].pk), by=owner, request=request)
    with pytest.raises(Conflict):
        judge(second, Judgement("accepted", item=items_of(second)[0].pk), by=owner, request=request)
    assert Annotation.objects.filter(layer=campaign.ground_truth_layer).count() == 1


def test_superseding_keeps_the_record(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    first = uuid4()
    judgements = [Judgement("accepted", item=one.pk), Judgement("rejected", item=two.pk)]
    judge(merged, *judgements, by=owner, request=first)
    with pytest.raises(Conflict) as refused:
        judge(merged, *judgements, by=owner)
    assert refused.value.code == "already-decided"
    judge(
        merged,
        Judgement("rejected", item=one.pk),
        Judgement("corrected", item=two.pk, concepts=(clef("G").pk,)),
        by=owner,
        supersede=True,
    )
    assert truth(merged.campaign) == [(TWO, ["G"])]
    old = Decision.objects.filter(request=first)
    assert old.filter(superseded_at=None).count() == 0
    gone = old.get(verdict="accepted").result
    assert gone.deleted_at is not None
    judge(merged, *judgements, by=owner, request=first)  # a late retry of the first one
    assert truth(merged.campaign) == [(TWO, ["G"])]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"verdict": "liked"}, "/items/0/verdict", "unknown-verdict"),
        ({"verdict": "corrected", "box": (990, 0, 40, 40)}, "/items/0/box", "box-outside-canvas"),
        ({"verdict": "corrected", "box": (0, 0, 0, 40)}, "/items/0/box", "box-without-area"),
        ({"verdict": "corrected", "box": (float("nan"), 0, 9, 40)}, "/items/0/box/0", "not-finite"),
        ({"verdict": "corrected", "concepts": ()}, "/items/0/concepts", "label-missing"),
        ({"verdict": "corrected", "concepts": (UUID(int=7),)}, "/items/0/concepts/0", "unknown-concept"),
        ({"verdict": "added"}, "/items/0/id", "which-item"),
        ({"item": None}, "/items/0/id", "which-item"),
    ],
)
def test_what_the_question_refuses(
    merged: Task, owner: User, clef: Clef, change: dict[str, Any], pointer: str, code: str
) -> None:
    one, two = items_of(merged)
    said = {"verdict": "accepted", "item": one.pk, "box": ONE, "concepts": (clef("F").pk,), **change}
    with pytest.raises(Invalid) as refused:
        judge(merged, Judgement(**said), Judgement("rejected", item=two.pk), by=owner)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]
    assert not Decision.objects.exists()


def test_two_labels_where_one_is_asked_for(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    both = (clef("F").pk, clef("G").pk)
    with pytest.raises(Invalid) as refused:
        judge(
            merged,
            Judgement("rejected", item=one.pk),
            Judgement("corrected", item=two.pk, concepts=both),
            by=owner,
        )
    assert refused.value.faults[0].pointer == "/items/1/concepts"


def test_a_concept_of_another_vocabulary(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    foreign = make_vocabulary("others").concepts.get(notation="F")
    with pytest.raises(Invalid) as refused:
        judge(
            merged,
            Judgement("rejected", item=one.pk),
            Judgement("corrected", item=two.pk, concepts=(foreign.pk,)),
            by=owner,
        )
    assert refused.value.code == "unknown-concept"


def test_an_added_box_is_needed_and_may_not_be_there_twice(merged: Task, owner: User, clef: Clef) -> None:
    one, two = items_of(merged)
    rest = [Judgement("accepted", item=one.pk), Judgement("rejected", item=two.pk)]
    with pytest.raises(Invalid) as refused:
        judge(merged, *rest, Judgement("added", concepts=(clef("F").pk,)), by=owner)
    assert refused.value.faults[0].pointer == "/items/2/box"
    with pytest.raises(Invalid) as refused:
        judge(merged, *rest, Judgement("added", box=ONE, concepts=(clef("F").pk,)), by=owner)
    assert (refused.value.faults[0].pointer, refused.value.code) == ("/items/2", "duplicate-box")


def test_every_item_once(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    with pytest.raises(Invalid) as refused:
        judge(merged, Judgement("accepted", item=one.pk), by=owner)
    assert (refused.value.faults[0].pointer, refused.value.code) == ("/items", "undecided")
    with pytest.raises(Invalid) as refused:
        judge(merged, *[Judgement("accepted", item=one.pk)] * 2, Judgement("rejected", item=two.pk), by=owner)
    assert refused.value.faults[0].pointer == "/items/1/id"


def test_an_undecided_label_cannot_be_accepted(merged: Task, owner: User) -> None:
    one, two = items_of(merged)
    with pytest.raises(Invalid) as refused:
        judge(merged, Judgement("accepted", item=one.pk), Judgement("accepted", item=two.pk), by=owner)
    assert (refused.value.faults[0].pointer, refused.value.code) == ("/items/1/verdict", "label-undecided")


def test_items_that_are_no_longer_there(merged: Task, owner: User) -> None:
    judgements = [Judgement("rejected", item=item.pk) for item in items_of(merged)]
    compute_consensus(merged, names=ConceptNames.of_campaign(merged.campaign), rule=Rule(class_aware=True))
    with pytest.raises(Conflict) as refused:
        judge(merged, *judgements, by=owner)
    assert refused.value.code == "stale-item"


def test_items_merged_again_to_the_same_are_still_there(merged: Task, owner: User) -> None:
    judgements = [Judgement("rejected", item=item.pk) for item in items_of(merged)]
    compute_consensus(merged, names=ConceptNames.of_campaign(merged.campaign))
    judge(merged, *judgements, by=owner)
    assert Decision.objects.count() == 3


def test_tasks_that_cannot_be_decided(campaign: Campaign, make_campaign: CampaignMaker, owner: User) -> None:
    with pytest.raises(Conflict) as refused:
        judge(task_at(campaign), by=owner)
    assert refused.value.code == "no-consensus"
    other = make_campaign("other", pages=1)
    with pytest.raises(Missing):
        decide(campaign, task_at(other).pk, [], request=uuid4(), by=owner)


def test_one_tag_only(make_campaign: CampaignMaker, owner: User, clef: Clef) -> None:
    campaign = make_campaign(pages=2, **TAG)
    f, g, c = clef("F"), clef("G"), clef("C")
    answer(campaign, {0: [tagged(f), tagged(f), tagged(g)], 1: [tagged(f), tagged(g), tagged(c)]})
    merge(campaign)
    clear, disputed = task_at(campaign, 0), task_at(campaign, 1)
    (item,) = items_of(clear)
    with pytest.raises(Invalid) as refused:
        judge(clear, Judgement("accepted", item=item.pk), Judgement("added", concepts=(g.pk,)), by=owner)
    assert refused.value.code == "too-many-labels"
    with pytest.raises(Invalid) as refused:
        judge(clear, Judgement("corrected", item=item.pk), by=owner)
    assert refused.value.faults[0].pointer == "/items/0/concepts"
    judge(clear, Judgement("accepted", item=item.pk), by=owner)
    (item,) = items_of(disputed)
    judge(disputed, Judgement("corrected", item=item.pk, box=ONE, concepts=(c.pk,)), by=owner)
    assert sorted(truth(campaign), key=str) == [(None, ["C"]), (None, ["F"])]


def test_the_most_disputed_comes_first(campaign: Campaign, clef: Clef) -> None:
    rows: dict[int, Sequence[Any]] = {
        0: [located([(ONE, clef("F"))]) for _person in range(3)],
        1: [located([(ONE, clef("F"))]), nothing_here(), nothing_here()],
        2: [located([(ONE, clef("F"))]), located([(ONE, clef("F"))]), located([(ONE, clef("G"))])],
    }
    answer(campaign, rows)
    merge(campaign)
    queue = list(review_queue(campaign))
    assert queue[-1].position == 0
    values = [task.consensus.disagreement for task in queue]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("count", [1, 25])
def test_queries_do_not_grow_with_the_items(
    make_campaign: CampaignMaker,
    owner: User,
    clef: Clef,
    count: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    campaign = make_campaign(pages=1)
    f = clef("F")
    answer(
        campaign,
        {0: [located([((100, 10 + 50 * row, 40, 40), f) for row in range(count)]) for _p in range(3)]},
    )
    merge(campaign)
    task, corrected = task_at(campaign), (clef("G").pk,)
    judgements = [Judgement("corrected", item=item.pk, concepts=corrected) for item in items_of(task)]
    with django_assert_max_num_queries(29):
        judge(task, *judgements, by=owner)


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once(campaign: Campaign, owner: User, reviewer: User, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _person in range(3)]})
    merge(campaign)
    task, people = task_at(campaign), [owner, reviewer]
    (item,) = items_of(task)

    def work(number: int) -> str:
        try:
            judge(task, Judgement("accepted", item=item.pk), by=people[number])
        except Conflict as conflict:
            return conflict.code
        return "decided"

    assert sorted(in_threads(2, work)) == ["already-decided", "decided"]
    assert truth(campaign) == [(ONE, ["F"])]
    assert Decision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_request_on_two_connections(campaign: Campaign, owner: User, clef: Clef) -> None:
    answer(campaign, {0: [located([(ONE, clef("F"))]) for _person in range(3)]})
    merge(campaign)
    task, request = task_at(campaign), uuid4()
    (item,) = items_of(task)
    in_threads(4, lambda _number: judge(task, Judgement("accepted", item=item.pk), by=owner, request=request))
    assert Decision.objects.count() == 1


# --- many at once ---------------------------------------------------------------------------------


@pytest.fixture
def agreeing(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """Six tasks: 0–2 the same box from all, 3 nothing from all, 4 one dissenter, 5 three labels."""
    campaign = make_campaign(pages=6)
    f, g, c = clef("F"), clef("G"), clef("C")
    same = [located([(ONE, f)]) for _person in range(3)]
    rows: dict[int, Sequence[Any]] = {
        position: [located([(ONE, f)]) for _person in same] for position in range(3)
    }
    rows[3] = [nothing_here() for _person in range(3)]
    rows[4] = [located([(ONE, f)]), located([(ONE, f)]), nothing_here()]
    rows[5] = [located([(ONE, f)]), located([(ONE, g)]), located([(ONE, c)])]
    answer(campaign, rows)
    merge(campaign)
    return campaign


@pytest.mark.parametrize(
    ("at_most", "expected"), [(0.0, [0, 1, 2, 3]), (0.7, [0, 1, 2, 3, 4]), (1.0, [0, 1, 2, 3, 4])]
)
def test_the_preview_is_the_effect(
    agreeing: Campaign, owner: User, at_most: float, expected: list[int]
) -> None:
    preview = sorted(agreeing_tasks(agreeing, at_most=at_most).values_list("position", flat=True))
    assert preview == expected
    assert accept_agreeing(agreeing, at_most=at_most, by=owner) == len(expected)
    decided = agreeing.tasks.filter(state=Task.State.DECIDED).order_by("position")
    assert list(decided.values_list("position", flat=True)) == expected
    assert accept_agreeing(agreeing, at_most=at_most, by=owner) == 0
    assert Decision.objects.filter(verdict="nothing").count() == 1


@pytest.mark.parametrize("at_most", [-0.1, 1.1, float("nan")])
def test_a_limit_out_of_range(agreeing: Campaign, owner: User, at_most: float) -> None:
    with pytest.raises(Invalid):
        accept_agreeing(agreeing, at_most=at_most, by=owner)


def test_one_bad_task_does_not_sink_the_rest(agreeing: Campaign, owner: User) -> None:
    bad = task_at(agreeing, 1)
    (item,) = items_of(bad)
    Annotation.objects.filter(pk=item.annotation_id).update(
        x=5000
    )  # leaves its canvas: no answer to the question
    worse = task_at(agreeing, 2)
    (item,) = items_of(worse)
    Annotation.objects.filter(pk=item.annotation_id).update(w=0)
    assert accept_agreeing(agreeing, at_most=0, by=owner) == 2
    waiting = review_queue(agreeing).values_list("position", flat=True)
    assert set(waiting) >= {1, 2}


def test_accepting_many_takes_few_queries(
    agreeing: Campaign, owner: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(21):
        assert accept_agreeing(agreeing, at_most=0.7, by=owner) == 5


@pytest.mark.django_db(transaction=True)
def test_accepting_many_at_once_on_two_connections(agreeing: Campaign, owner: User) -> None:
    counts = in_threads(2, lambda _number: accept_agreeing(agreeing, at_most=0.7, by=owner))
    assert sum(counts) <= 5
    assert sum(counts) + accept_agreeing(agreeing, at_most=0.7, by=owner) == 5
    assert Annotation.objects.filter(layer=agreeing.ground_truth_layer).count() == 4
