"""Tasks that stop early: decided under their lock, with their reason; settled, foreseen and shown when the rule changes."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role, grant
from campaigns.actions import Submission, claim, configure_campaign, join_campaign, submit
from campaigns.enough import foresee_rule, read_retirement
from campaigns.models import Assignment, Campaign, Contribution, Retirement, Task
from campaigns.reasons import reason_of, rule_in_words
from problems import Invalid
from taxonomy.actions.editing import merge_concepts
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, answer, located, merge, moved, tagged, task_at
from work.models import Job

Clef = Callable[[str], Concept]
AGREE = {"rule": "agreement", "people": 2, "likeness": 0.8}
CERTAIN = {"rule": "posterior", "people": 2, "certainty": 0.95, "accuracy": 0.8}
NOTHING = {"rule": "nothing_here", "people": 2}
CAP = "fixed"


def leases(campaign: Campaign, count: int) -> list[Assignment]:
    """So many people hold the first task."""
    given = [claim(campaign, join_campaign(campaign, visitor=uuid4().hex)).assignment for _ in range(count)]
    rows = Assignment.objects.select_related("task__campaign__vocabulary", "participant")
    return [rows.get(pk=one.pk) for one in given if one is not None]


def hand_in(campaign: Campaign, *answers: Submission) -> list[bool]:
    """One answer a person to the first task, one after the other; whether each counted."""
    return [
        submit(lease, said).counts
        for lease, said in zip(leases(campaign, len(answers)), answers, strict=True)
    ]


def reasons(**wanted: Any) -> list[tuple[str, dict[str, Any], int]]:
    rows = Retirement.objects.filter(**wanted).order_by("task__position", "at")
    return [(row.rule, row.parameters, len(row.contributions)) for row in rows]


# --- a task stops ---------------------------------------------------------------------------------


def test_two_who_agree_are_enough_and_what_comes_later_is_kept(
    make_campaign: CampaignMaker, clef: Clef
) -> None:
    campaign = make_campaign(pages=1, overlap=5, retirement=[{"rule": "agreement", "people": 2}])
    answers = [boxes(ONE, concept=clef("G")), nothing_here(), boxes(moved(ONE, 2), concept=clef("G"))]
    assert hand_in(campaign, *answers, nothing_here()) == [True, True, True, False]
    task = task_at(campaign)
    assert task.state == Task.State.RETIRED
    row = Retirement.objects.get()
    numbers = {"people": 2, "likeness": 0.8}
    assert (row.rule, row.parameters, row.campaign_version) == ("agreement", numbers, 1)
    assert sorted(row.contributions) == sorted(str(answers[place].id) for place in (0, 2))
    assert row.figures == {"answers": 3, "alike": 2, "likeness": 1.0}
    assert row.superseded_at is None
    assert Job.objects.filter(kind="campaigns.consensus").count() == 1
    assert Contribution.objects.count() == 4


def test_the_cap_has_its_reason_too(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    said = [nothing_here(), nothing_here()]
    hand_in(campaign, *said)
    row = Retirement.objects.get()
    assert (row.rule, row.parameters, row.figures) == (CAP, {"people": 2}, {"answers": 2})
    assert row.contributions == sorted(str(one.id) for one in said)


@pytest.mark.parametrize(
    ("rule", "answers", "reason"),
    [
        (NOTHING, ["", "G", ""], "2 of 3 people said “nothing here”."),
        (CERTAIN, ["G", "G"], "After 2 answers what they say together is 98.4% certain."),
        (CERTAIN, ["G", "F", "G", "G"], "After 4 answers what they say together is 99.5% certain."),
        (AGREE, ["G", "F", "G"], "2 of 3 people agree; no two of them by less than 100%."),
        (AGREE, ["G", "F", "C", "", "top"], "5 people have answered."),
    ],
)
def test_every_reason_is_a_sentence(
    make_campaign: CampaignMaker, clef: Clef, rule: dict[str, Any], answers: Sequence[str], reason: str
) -> None:
    """Four clefs and “nothing” are five answers to tell apart: two of two are certain by 256 / 260."""
    campaign = make_campaign(pages=1, overlap=5, question_kind="tag", retirement=[rule])
    said = [tagged(*([clef(one)] if one else [])) for one in answers]
    assert hand_in(campaign, *said) == [True] * len(said)
    assert task_at(campaign).state == Task.State.RETIRED
    assert reason_of(Retirement.objects.get()) == reason


def test_reasons_and_rules_in_french() -> None:
    row = Retirement(rule="posterior", parameters=CERTAIN, figures={"answers": 2, "certainty": 0.9999})
    with translation.override("fr"):
        assert "99,9\u202f%" in reason_of(row), "what is not certain is never called so"
        assert rule_in_words(5, [AGREE, NOTHING]) == (
            "5 personnes, moins dès que 2 s’accordent à 80\u202f%, ou 2 disent «\u00a0rien ici\u00a0»"
        )
    assert rule_in_words(1, []) == "1 person"


def test_on_a_tree_a_broader_answer_agrees_in_part(make_campaign: CampaignMaker, clef: Clef) -> None:
    """A G clef is a clef: 2 · 1 / (1 + 2) = 2/3; below the branch the tree begins anew."""
    question = {"prompt": {"en": "Which?"}, "coarser_counts": True}
    rule = [{"rule": "agreement", "people": 2, "likeness": 0.6}]
    campaign = make_campaign(pages=1, overlap=5, question_kind="tag", question=question, retirement=rule)
    assert hand_in(campaign, tagged(clef("G")), tagged(clef("F")), tagged(clef("top"))) == [True] * 3
    row = Retirement.objects.get()
    assert row.figures["likeness"] == pytest.approx(2 / 3, abs=1e-6)


def test_a_concept_that_was_merged_away_counts_as_its_heir(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    question = {"prompt": {"en": "Which?"}, "coarser_counts": True}
    campaign = make_campaign(pages=1, overlap=5, question_kind="tag", question=question, retirement=[AGREE])
    first, second = leases(campaign, 2)
    submit(first, tagged(clef("G")))
    grant(owner, campaign.vocabulary, Role.OWNER)
    merge_concepts([clef("G")], clef("F"), by=owner)
    submit(second, tagged(clef("F")))
    assert [row[0] for row in reasons()] == ["agreement"]


def test_one_reason_in_force_a_task(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    hand_in(campaign, nothing_here())
    row = Retirement.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Retirement.objects.create(task=row.task, rule=CAP, campaign_version=1)


def test_stopping_early_costs_one_statement(make_campaign: CampaignMaker, clef: Clef) -> None:
    def cost(lease: Assignment) -> int:
        with CaptureQueriesContext(connection) as sent:
            submit(lease, boxes(TWO, concept=clef("G")))
        return len(sent)

    fixed = make_campaign("fixed", pages=1, overlap=5)
    early = make_campaign("early", pages=1, overlap=5, retirement=[{**CERTAIN, "people": 3}])
    usual = cost(leases(fixed, 1)[0])
    first, second, third = leases(early, 3)
    submit(first, nothing_here())
    assert cost(second) == usual, "fewer than three have answered: there is nothing to ask"
    assert cost(third) == usual + 1


# --- the rule changes -----------------------------------------------------------------------------


@pytest.fixture
def running(make_campaign: CampaignMaker, clef: Clef) -> Campaign:
    """Two of five have answered each of four tasks: alike, apart, nothing, and the fourth by one person only."""
    campaign = make_campaign(pages=4, overlap=5, question_kind="tag")
    g, f = tagged(clef("G")), tagged(clef("F"))
    rows = {0: [g, tagged(clef("G"))], 1: [tagged(clef("G")), f], 2: [tagged(), tagged()], 3: [tagged()]}
    answer(campaign, rows)
    Assignment.objects.filter(state=Assignment.State.LIVE).update(state=Assignment.State.RELEASED)
    return campaign


def states(campaign: Campaign) -> str:
    """A letter a task."""
    return "".join(state[0] for state in campaign.tasks.order_by("position").values_list("state", flat=True))


def test_a_changed_rule_settles_every_undecided_task(running: Campaign, owner: User) -> None:
    assert states(running) == "oooo"
    running = configure_campaign(running, {"retirement": [NOTHING]}, by=owner)
    assert states(running) == "ooro"
    running = configure_campaign(running, {"retirement": [AGREE]}, by=owner)
    assert states(running) == "roro"
    assert [row[0] for row in reasons(superseded_at=None)] == ["agreement", "nothing_here"]
    running = configure_campaign(running, {"overlap": 2}, by=owner)
    assert states(running) == "rrro"
    running = configure_campaign(running, {"overlap": 5, "retirement": []}, by=owner)
    assert states(running) == "oooo"
    assert (reasons(superseded_at=None), len(reasons())) == ([], 3)
    versions = Retirement.objects.order_by("campaign_version").values_list("campaign_version", flat=True)
    assert list(versions) == [2, 3, 4]


def test_what_is_decided_stays(running: Campaign, owner: User) -> None:
    configure_campaign(running, {"overlap": 2}, by=owner)
    merge(running)
    accept_all(running, task_at(running), owner)
    configure_campaign(running, {"overlap": 5}, by=owner)
    assert states(running) == "dooo"
    assert Retirement.objects.get(task=task_at(running)).superseded_at is None


def test_another_question_judges_anew_and_another_prompt_does_not(
    running: Campaign, owner: User, clef: Clef, django_assert_max_num_queries: Any
) -> None:
    """G and “clef” agree once a broader answer contradicts nobody."""
    rule = [{**AGREE, "likeness": 0.6}]
    Contribution.objects.filter(task__position=1, answer__concepts=[str(clef("F").pk)]).update(
        answer={**tagged(clef("top")).answer, "rejected_predictions": [], "comment": ""}
    )
    running = configure_campaign(running, {"retirement": rule}, by=owner)
    assert states(running) == "roro"
    question = {**running.question, "coarser_counts": True}
    running = configure_campaign(running, {"question": question}, by=owner)
    assert states(running) == "rrro"
    with django_assert_max_num_queries(12):
        configure_campaign(running, {"question": {**question, "prompt": {"en": "Which one?"}}}, by=owner)


def test_a_task_that_opens_again_is_given_out_again(running: Campaign, owner: User) -> None:
    person = join_campaign(running, visitor=uuid4().hex)
    running = configure_campaign(running, {"retirement": [AGREE]}, by=owner)
    given = claim(running, person).assignment
    assert given is not None
    assert given.task.position == 1, "the first has been seen by enough people"
    running = configure_campaign(running, {"retirement": []}, by=owner)
    seen = set()
    while (one := claim(running, person).assignment) is not None:
        seen.add(one.task.position)
    assert seen == {0, 2, 3}


def test_a_rule_is_part_of_the_configuration(running: Campaign, owner: User) -> None:
    same = configure_campaign(running, {"retirement": []}, by=owner)
    assert same.config_version == 1
    changed = configure_campaign(running, {"retirement": [{"rule": "posterior"}]}, by=owner)
    assert (changed.config_version, changed.retirement) == (2, [CERTAIN])
    assert changed.versions.get(version=2).configuration["retirement"] == [CERTAIN]


def test_what_makes_no_sense_is_refused_and_changes_nothing(running: Campaign, owner: User) -> None:
    for change, pointer in (
        ({"retirement": [{"rule": "agreement", "people": 6}]}, "/retirement/0/people"),
        ({"retirement": "agreement"}, "/retirement"),
        ({"retirement": [{"rule": "luck"}]}, "/retirement/0/rule"),
    ):
        with pytest.raises(Invalid) as refused:
            configure_campaign(running, change, by=owner)
        assert refused.value.faults[0].pointer == pointer
    configure_campaign(running, {"retirement": [{**AGREE, "people": 4}]}, by=owner)
    with pytest.raises(Invalid) as refused:
        configure_campaign(running, {"overlap": 3}, by=owner)
    assert refused.value.faults[0].code == "more-than-overlap"


# --- foreseen, over REST --------------------------------------------------------------------------


@pytest.fixture
def olga(api: APIClient, owner: User) -> APIClient:
    api.force_authenticate(owner)
    return api


@pytest.mark.parametrize(
    "rule", [{"retirement": [AGREE]}, {"overlap": 2}, {"retirement": [NOTHING]}, {}], ids=str
)
def test_a_change_does_what_was_foreseen(
    olga: APIClient, running: Campaign, owner: User, rule: dict[str, Any]
) -> None:
    configure_campaign(running, {"overlap": 1}, by=owner)
    wanted = {"overlap": 5, **rule}
    said = olga.post("/api/v1/campaigns/clefs/retirement/preview/", wanted, format="json")
    before = states(running)
    assert before == "rrrr"
    assert said.status_code == 200, said.content
    changed = olga.patch("/api/v1/campaigns/clefs/", wanted, format="json").json()
    after = states(running)
    assert said.json() == {
        "retire": 0,
        "reopen": sum(was != now for was, now in zip(before, after, strict=True)),
        "set_aside": 0,
        "retired": after.count("r"),
        "open": after.count("o"),
        "aside": 0,
    }
    assert changed["retirement"] == rule.get("retirement", [])


def test_what_is_foreseen_changes_nothing(running: Campaign) -> None:
    rule = read_retirement([AGREE], overlap=5, question_kind="tag")
    change = foresee_rule(running, rule, 5)
    assert (change.retire, change.reopen, change.retired, change.open) == (2, 0, 2, 2)
    assert (states(running), reasons()) == ("oooo", [])


@pytest.mark.parametrize("name", ["retirement/preview/", "simulate/"])
def test_a_bad_rule_is_refused_over_rest(olga: APIClient, running: Campaign, name: str) -> None:
    rule = {"retirement": [{"rule": "agreement", "people": 9}]}
    sent = {"rules": [rule]} if name == "simulate/" else rule
    answer = olga.post(f"/api/v1/campaigns/clefs/{name}", sent, format="json")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "more-than-overlap"


def test_the_review_says_why_a_task_stopped(olga: APIClient, running: Campaign, owner: User) -> None:
    configure_campaign(running, {"retirement": [AGREE]}, by=owner)
    merge(running)
    task = task_at(running)
    shown = olga.get(f"/api/v1/campaigns/clefs/review/next/?task={task.pk}").json()["retirement"]
    assert shown["sentence"] == "2 of 2 people agree; no two of them by less than 100%."
    assert (shown["rule"], shown["parameters"]) == ("agreement", {"people": 2.0, "likeness": 0.8})
    assert {UUID(pk) for pk in shown["contributions"]} == set(task.contributions.values_list("pk", flat=True))
    configure_campaign(running, {"retirement": []}, by=owner)
    again = olga.get(f"/api/v1/campaigns/clefs/review/next/?task={task.pk}").json()
    assert again["retirement"] is None, "it is open again"


def test_a_definition_takes_the_rule_along(olga: APIClient, running: Campaign, owner: User) -> None:
    configure_campaign(running, {"retirement": [AGREE, NOTHING]}, by=owner)
    told = olga.get("/api/v1/campaigns/clefs/definition/").json()
    assert told["retirement"] == [AGREE, NOTHING]
    made = olga.put("/api/v1/campaigns/again/definition/", told, format="json")
    assert made.json()["retirement"] == [AGREE, NOTHING]
    del told["retirement"]
    plain = olga.put("/api/v1/campaigns/older/definition/", told, format="json")
    assert plain.json()["retirement"] == [], "definitions from before there were rules"


def test_boxes_are_judged_as_the_question_compares_them(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign("boxes", pages=1, overlap=4)
    f, g = clef("F"), clef("G")
    hand_in(campaign, located([(ONE, f), (TWO, g)]), located([(moved(ONE, 1), f), (TWO, g)]))
    campaign = configure_campaign(
        campaign, {"retirement": [{"rule": "posterior", "certainty": 0.9}]}, by=owner
    )
    assert reasons()[0][0] == "posterior"
    # There with 16 / 17, and named alike by both among four: r = 0.8 · 3 / 0.2 = 12.
    assert Retirement.objects.get().figures["certainty"] == pytest.approx((16 / 17) * (144 / 147), abs=1e-6)


def test_tasks_retired_before_there_were_rules_have_their_reason(make_campaign: CampaignMaker) -> None:
    campaign = make_campaign(pages=2, overlap=2)
    said = [nothing_here(), nothing_here()]
    hand_in(campaign, *said)
    written = Retirement.objects.values("rule", "parameters", "campaign_version", "contributions", "figures")
    expected = list(written)
    Retirement.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(import_module("campaigns.migrations.0006_retirement").RECALL)
    assert list(written.all()) == expected
    assert Retirement.objects.get().at == task_at(campaign).retired_at
