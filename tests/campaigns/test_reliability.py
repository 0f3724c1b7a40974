"""Votes weighed by a model of reliability: learnt, kept, used for every task, explained, and taken back."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from campaigns import jobs
from campaigns.actions import configure_campaign
from campaigns.actions.consensus import method_of, shard_of, tasks_to_merge
from campaigns.actions.reliability import fitted_for, is_outgrown, learn_anew, learn_reliability
from campaigns.models import Campaign, ConsensusItem, Participant, ReliabilityModel
from campaigns.reliability import weighed
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, tagged, task_at
from work.actions import run_job
from work.models import Job

Clef = Callable[[str], Concept]
PAGES = 20


def guess(page: int, person: int) -> bool:
    """What somebody says who does not look: as likely the one as the other, each for themselves."""
    return random.Random(f"1 {person} {page}").random() < 0.5


@pytest.fixture
def crowd(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """Two who are always right, and three who guess."""
    campaign = make_campaign(
        question_kind="tag", slug="hands", question={"prompt": {"en": "Which?"}}, pages=PAGES, overlap=5
    )
    f, g = clef("F"), clef("G")
    truth = [f if page % 2 else g for page in range(PAGES)]
    answers: dict[int, list[Any]] = {}
    for page, true in enumerate(truth):
        guessed = [f if guess(page, n) else g for n in range(3)]
        answers[page] = [tagged(true), tagged(true), *map(tagged, guessed)]
    answer(campaign, answers)
    return campaign


def outvoted(page: int) -> bool:
    """Whether all three who guess are wrong on this page."""
    return all(guess(page, n) != bool(page % 2) for n in range(3))


OUTVOTED = [page for page in range(PAGES) if outvoted(page)]


def labels(campaign: Campaign) -> dict[int, tuple[str, ...]]:
    rows = ConsensusItem.objects.filter(consensus__campaign=campaign)
    return {
        item.consensus.task.position: tuple(
            item.annotation.concept_links.values_list("concept__notation", flat=True)
        )
        for item in rows.select_related("consensus__task", "annotation")
    }


def weigh(campaign: Campaign, by: User, how: str) -> Campaign:
    return configure_campaign(campaign, {"weighing": how}, by=by)


@pytest.mark.parametrize("how", ["one-coin", "dawid-skene", "glad"])
def test_the_reliable_are_believed(crowd: Campaign, owner: User, clef: Clef, how: str) -> None:
    merge(crowd)
    plain = labels(crowd)
    names = (clef("G").notation, clef("F").notation)
    assert len(OUTVOTED) > 1
    assert {page for page in range(PAGES) if plain[page] != (names[page % 2],)} == set(OUTVOTED)
    crowd = weigh(crowd, owner, how)
    merge(crowd)
    assert labels(crowd) == {page: (names[page % 2],) for page in range(PAGES)}
    item = ConsensusItem.objects.filter(
        consensus__task__position=OUTVOTED[0], consensus__campaign=crowd
    ).get()
    assert item.posterior[0][1] > 0.5
    assert item.posterior[0][0] == str(item.annotation.concept_links.get().concept_id)
    assert item.annotation.document["rubricator:posterior"] == item.posterior
    assert item.consensus.method == method_of(crowd)
    assert how in item.consensus.method


def test_whoever_is_right_weighs_more(crowd: Campaign, owner: User) -> None:
    crowd = weigh(crowd, owner, "one-coin")
    merge(crowd)
    found = weighed(crowd)
    assert found.contributions == PAGES * 5
    assert len(found.people) == 5
    best, second, *rest = found.people
    assert min(best.accuracy, second.accuracy) > 0.8 > max(one.accuracy for one in rest)
    assert best.weight > 2 * max(one.weight for one in rest) >= 0


def test_what_is_decided_stays_and_votes_count_alike_again(crowd: Campaign, owner: User) -> None:
    merge(crowd)
    plain = labels(crowd)
    crowd = weigh(crowd, owner, "one-coin")
    merge(crowd)
    decide_everything(crowd, owner)
    decided = labels(crowd)
    crowd = weigh(crowd, owner, "alike")
    merge(crowd)
    assert labels(crowd) == decided != plain
    assert fitted_for(crowd) is None


def test_the_same_answers_give_the_same_annotations(crowd: Campaign, owner: User) -> None:
    crowd = weigh(crowd, owner, "one-coin")
    merge(crowd)
    before = set(ConsensusItem.objects.values_list("pk", flat=True))
    run_job(str(learn_anew(crowd, by=owner).pk))
    assert set(ConsensusItem.objects.values_list("pk", flat=True)) == before
    assert not tasks_to_merge(crowd).exists()


def test_it_is_learnt_again_when_there_is_more_to_learn_from(crowd: Campaign, owner: User) -> None:
    assert not is_outgrown(crowd)
    crowd = weigh(crowd, owner, "one-coin")
    assert is_outgrown(crowd)
    learn_reliability(crowd)
    assert not is_outgrown(crowd)
    ReliabilityModel.objects.update(contributions=PAGES * 5 // 2)
    assert is_outgrown(crowd)


def test_boxes_are_named_by_the_reliable_and_stay_where_they_are(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    f, g = clef("F"), clef("G")
    campaign = make_campaign(pages=PAGES, overlap=5, slug="boxes")
    answers: dict[int, list[Any]] = {}
    for page in range(PAGES):
        true = f if page % 2 else g
        guessed = [f if guess(page, n) else g for n in range(3)]
        answers[page] = [
            *(located([(ONE, true), (TWO, true)]) for _n in range(2)),
            *(located([(ONE, one), (TWO, one)]) for one in guessed),
        ]
    answer(campaign, answers)
    merge(campaign)
    before = {item.annotation.box for item in items_of(campaign, OUTVOTED[0])}
    campaign = weigh(campaign, owner, "one-coin")
    merge(campaign)
    items = items_of(campaign, OUTVOTED[0])
    assert {item.annotation.box for item in items} == before
    assert {item.annotation.concept_links.get().concept for item in items} == {f if OUTVOTED[0] % 2 else g}
    found = dict(items[0].posterior)
    assert sum(found.values()) == pytest.approx(1, abs=0.01)


def items_of(campaign: Campaign, page: int) -> list[ConsensusItem]:
    rows = ConsensusItem.objects.filter(consensus__task=task_at(campaign, page))
    return list(rows.select_related("annotation"))


def test_several_labels_are_each_weighed(make_campaign: CampaignMaker, clef: Clef, owner: User) -> None:
    f, g = clef("F"), clef("G")
    question = {"prompt": {"en": "?"}, "many": True}
    campaign = make_campaign(question_kind="tag", slug="many", question=question, pages=PAGES, overlap=5)
    answers: dict[int, list[Any]] = {}
    for page in range(PAGES):
        good = [f, g] if page % 2 else [g]
        guessed = [
            [one for one, wanted in ((f, guess(page, n)), (g, guess(page, n + 9))) if wanted]
            for n in range(3)
        ]
        answers[page] = [*(tagged(*good) for _n in range(2)), *(tagged(*some) for some in guessed)]
    answer(campaign, answers)
    campaign = weigh(campaign, owner, "one-coin")
    merge(campaign)
    for page in range(PAGES):
        named = {
            concept
            for item in items_of(campaign, page)
            for concept in item.annotation.concept_links.values_list("concept_id", flat=True)
        }
        assert named == ({f.pk, g.pk} if page % 2 else {g.pk})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weighing": "best"}, "unknown-weighing"),
        ({"weighing": "one-coin", "question": {"coarser_counts": True}}, "weighing-on-a-tree"),
        ({"weighing": "tree-coin"}, "no-tree-to-weigh-on"),
        ({"weighing": "tree-dawid-skene"}, "no-tree-to-weigh-on"),
        ({"weighing": "dawid-skene", "question": {"coarser_counts": True}}, "weighing-on-a-tree"),
        (
            {"weighing": "tree-coin", "question": {"coarser_counts": True, "many": True}},
            "weighing-many-on-a-tree",
        ),
    ],
)
def test_settings_that_make_no_sense(
    campaign: Campaign, owner: User, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        configure_campaign(campaign, changes, by=owner)
    assert caught.value.code == code


def test_nothing_to_learn(campaign: Campaign, owner: User) -> None:
    with pytest.raises(Conflict, match="alike"):
        learn_anew(campaign, by=owner)
    campaign = weigh(campaign, owner, "one-coin")
    assert learn_reliability(campaign) is None
    assert weighed(campaign).people == ()


def test_over_rest(crowd: Campaign, owner: User, client: Client) -> None:
    client.force_login(owner)
    address = reverse("api-reliability", args=[crowd.slug])
    assert client.get(address).json()["people"] == []
    assert client.post(address).status_code == 409
    changed = client.patch(
        reverse("api-campaign-detail", args=[crowd.slug]),
        json.dumps({"weighing": "one-coin"}),
        "application/json",
    )
    assert changed.json()["weighing"] == "one-coin"
    merge(crowd)
    found = client.get(address).json()
    assert found["contributions"] == PAGES * 5
    assert {row["pseudonym"] for row in found["people"]} == set(
        Participant.objects.filter(campaign=crowd).values_list("pseudonym", flat=True)
    )
    assert client.post(address).status_code == 202


def test_many_tasks_are_shared_among_workers(
    crowd: Campaign, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(jobs, "SHARD", 8)
    merge(crowd)
    parts = list(Job.objects.filter(kind="campaigns.consensus-shard").order_by("pk"))
    assert {part.subject for part in parts} == {f"{crowd.pk} 1 3", f"{crowd.pk} 2 3"}
    left = tasks_to_merge(crowd)
    assert left.count() == PAGES - len(range(0, PAGES, 3))
    for part in parts:
        run_job(str(part.pk))
        run_job(str(part.pk))
    assert not tasks_to_merge(crowd).exists()
    assert len(labels(crowd)) == PAGES


def test_parts_are_whole_and_apart(crowd: Campaign) -> None:
    tasks = tasks_to_merge(crowd)
    parts = [set(shard_of(tasks, number, 5).values_list("pk", flat=True)) for number in range(5)]
    assert set.union(*parts) == set(tasks.values_list("pk", flat=True))
    assert sum(map(len, parts)) == PAGES
