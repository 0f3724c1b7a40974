"""How reliable people are, by numbers computed by hand; what is flagged; both arms of suggestions."""

from collections.abc import Callable
from hashlib import md5

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from annotation.models import Layer
from campaigns.actions import claim, configure_campaign, submit
from campaigns.arms import arms_of
from campaigns.figures import concept_counts
from campaigns.models import Campaign, Contribution, Participant, PredictionRun, Predictor
from campaigns.quality.people import hasty, share, uniform
from campaigns.skills import skills_of
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, answer, located, merge, tagged
from tests.campaigns.test_gold import answer_known, make_seeded

Clef = Callable[[str], Concept]
People = Callable[[Campaign, int], list[Participant]]
TAG = {"question_kind": "tag", "question": {"prompt": {"en": "Which clef?"}}}


def test_on_known_answers_a_score_is_part_of_a_right_answer(
    make_campaign: CampaignMaker, clef: Clef, owner: User, people: People
) -> None:
    campaign = make_seeded(make_campaign, clef, owner)
    (ann,) = people(campaign, 1)
    answer_known(campaign, ann, lambda: located([(ONE, clef("F"))]))  # 1
    answer_known(campaign, ann, lambda: located([(ONE, clef("F")), (TWO, clef("G"))]))  # 2 · 1 / 3
    answer_known(campaign, ann, lambda: located([(ONE, clef("G"))]))  # 0
    skill = skills_of(campaign, [ann.pk], "en")[ann.pk]
    assert skill.gold.of == 3
    assert skill.gold.value == pytest.approx((1 + 2 / 3 + 0.5) / 4)  # Beta(½ + 5/3, ½ + 4/3)
    assert skill.gold.interval.low < skill.gold.value < skill.gold.interval.high
    by_label = {row.label: row for row in skill.concepts}
    assert by_label["F clef"].gold == share(2, 1)
    assert by_label["G clef"].gold.value is None  # no known G was ever shown
    before = {row.label: row.contributions for row in concept_counts(campaign, "en")}
    assert before == {"F clef": 8}  # four pages, two people; known answers are not counted


def test_beside_the_vote_of_the_others_on_labels(make_campaign: CampaignMaker, clef: Clef) -> None:
    """Three people on three pages: F F F, F F G, G F F. Of whoever is judged the two others must agree."""
    campaign = make_campaign(pages=3, overlap=3, **TAG)
    said = ["FFF", "FFG", "GFF"]
    ann, bob, cleo = answer(campaign, {at: [tagged(clef(one)) for one in row] for at, row in enumerate(said)})
    skills = skills_of(campaign, [ann.pk, bob.pk, cleo.pk], "en")
    assert skills[ann.pk].others == share(1, 1)  # page 1 right, page 3 wrong; on page 2 the others differ
    assert skills[bob.pk].others == share(1, 0)
    assert skills[cleo.pk].others == share(1, 1)
    (row,) = skills[ann.pk].concepts
    assert (row.label, row.others, row.gold.of) == ("F clef", share(1, 1), 0)


def test_beside_the_others_on_boxes(make_campaign: CampaignMaker, clef: Clef) -> None:
    """All three draw ONE; only Ann draws TWO, which the others did not see."""
    campaign = make_campaign(pages=1, overlap=3)
    f = clef("F")
    ann, bob, cleo = answer(
        campaign, {0: [located([(ONE, f), (TWO, f)]), located([(ONE, f)]), located([(ONE, clef("G"))])]}
    )
    merge(campaign)
    skills = skills_of(campaign, [ann.pk, bob.pk, cleo.pk], "en")
    assert skills[ann.pk].others == share(0, 1)  # TWO; on ONE the others say F and G
    assert skills[cleo.pk].others == share(0, 1)  # ONE is F to both others; nobody misses TWO with her
    assert skills[bob.pk].others.value is None


def test_a_constant_number_of_queries(make_campaign: CampaignMaker, clef: Clef, people: People) -> None:
    campaign = make_campaign(pages=2, overlap=4, **TAG)
    everybody = answer(campaign, {at: [tagged(clef(one)) for one in "FFFG"] for at in range(2)})
    counts = []
    for some in (everybody[:1], everybody):
        with CaptureQueriesContext(connection) as queries:
            skills_of(campaign, [one.pk for one in some], "en")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_haste_is_a_tenth_of_what_is_usual() -> None:
    usual = {name: [30.0] * 5 for name in "abc"}
    assert hasty({**usual, "d": [2.9] * 5}).keys() == {"d"}
    assert hasty({**usual, "d": [3.0] * 5}) == {}  # not below
    assert hasty({**usual, "d": [0.1] * 4}) == {}  # too few to say
    assert hasty({"a": [30.0] * 5, "d": [0.1] * 5}) == {}  # too few people


def test_uniform_work_is_flagged_where_others_differ() -> None:
    others = [("x", task, task % 3) for task in range(12)]
    same = [("y", task, 0) for task in range(12)]
    found = uniform([*others, *same])
    assert found.keys() == {"y"}
    assert (found["y"].run, found["y"].differ) == (12, pytest.approx(8 / 12))
    assert uniform([*others[:9], *same[:9]]) == {}  # not ten in a row
    assert uniform([("x", task, 0) for task in range(12)] + same) == {}  # everybody says so


def test_flags_stand_beside_people_over_rest(
    make_campaign: CampaignMaker, clef: Clef, api: APIClient, owner: User
) -> None:
    campaign = make_campaign(pages=12, overlap=4, **TAG)
    said = {at: [*(tagged(clef("FGC"[at % 3])) for _ in range(3)), tagged(clef("F"))] for at in range(12)}
    *careful, fast = answer(campaign, said)
    Contribution.objects.filter(participant__in=careful).update(time_spent_s=30)
    Contribution.objects.filter(participant=fast).update(time_spent_s=1)
    api.force_authenticate(owner)
    rows = api.get(reverse("api-campaign-participants", args=["clefs"])).json()["results"]
    flags = {row["id"]: row["skill"]["flags"] for row in rows}
    assert [flag["code"] for flag in flags[str(fast.pk)]] == ["hasty", "uniform"]
    assert flags[str(fast.pk)][0]["sentence"] == ("Takes 1.0 s for an image where people usually take 30 s.")
    assert all(flags[str(one.pk)] == [] for one in careful)
    assert Contribution.objects.filter(participant=fast, counts=True).count() == 12


# --- with suggestions and without -----------------------------------------------------------------


@pytest.fixture
def halves(make_campaign: CampaignMaker, owner: User) -> Campaign:
    """Twenty pages, one person each, half of them blind."""
    campaign = make_campaign(pages=20, overlap=1)
    predictor = Predictor.objects.create(
        campaign=campaign, kind="match_template", name="Find more", version="1"
    )
    layer = Layer.objects.create(kind=Layer.Kind.PREDICTIONS, label={}, created_by=owner)
    run = PredictionRun.objects.create(predictor=predictor, layer=layer)
    return configure_campaign(campaign, {"shown_run": run, "blind_share": 0.5}, by=owner)


def blind(task_id: object) -> bool:
    return int(md5(f"blind{task_id}".encode()).hexdigest()[:8], 16) / 2**32 < 0.5


def test_the_arm_follows_from_the_task(halves: Campaign, people: People, owner: User) -> None:
    (ann,) = people(halves, 1)
    while (lease := claim(halves, ann).assignment) is not None:
        assert (lease.predictions_shown_id is None) == blind(lease.task_id)
        submit(lease, nothing_here())
    shown, without = arms_of(halves)
    assert (shown.name, without.name) == ("with", "without")
    tasks = [blind(pk) for pk in halves.tasks.values_list("pk", flat=True)]
    assert (shown.tasks, without.tasks) == (tasks.count(False), tasks.count(True))


@pytest.mark.parametrize(("part", "seen"), [(0.0, {False}), (1.0, {True})])
def test_all_or_none(halves: Campaign, people: People, owner: User, part: float, seen: set[bool]) -> None:
    campaign = configure_campaign(halves, {"blind_share": part}, by=owner)
    (ann,) = people(campaign, 1)
    leases = [claim(campaign, ann).assignment for _ in range(10)]
    assert {lease.predictions_shown_id is None for lease in leases if lease} == seen
    assert arms_of(campaign) != []  # what was dealt before stays comparable
    campaign.versions.filter(configuration__blind_share=0.5).delete()
    assert arms_of(campaign) == []


def test_both_arms_over_rest(
    halves: Campaign, people: People, clef: Clef, api: APIClient, owner: User
) -> None:
    (ann,) = people(halves, 1)
    while (lease := claim(halves, ann).assignment) is not None:
        submit(lease, located([(ONE, clef("F"))]))
    api.force_authenticate(owner)
    shown, without = api.get(reverse("api-figures", args=["clefs"])).json()["arms"]
    assert shown["annotations"] == shown["contributions"]
    assert (shown["accepted"], shown["coincide"]) == (0, 0)
    assert (without["accepted"], without["coincide"], without["score"]) == (None, 0, None)
