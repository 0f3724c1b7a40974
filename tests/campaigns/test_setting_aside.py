"""Tasks that people report: set aside by a rule, put back or left out by who reviews, exact however it is raced."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from accounts.roles import Role, grant
from campaigns.actions import claim, configure_campaign, join_campaign, skip, submit
from campaigns.actions.discussing import report_task, resolve_report
from campaigns.actions.setting_aside import leave_out, put_back
from campaigns.actions.visits import adopt_visits
from campaigns.enough import foresee_rule
from campaigns.models import Assignment, Campaign, Contribution, Participant, Report, Retirement, Task
from campaigns.reasons import reason_of, rule_in_words
from campaigns.simulated import RuleOf, simulate
from problems import Conflict
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.outcomes import answer, task_at

FLAGGED = {"rule": "flagged", "people": 2}
NOTHING = {"rule": "nothing_here", "people": 2}
People = Callable[[Campaign, int], list[Participant]]


@pytest.fixture
def flagging(make_campaign: CampaignMaker) -> Campaign:
    return make_campaign(pages=3, overlap=3, retirement=[FLAGGED])


def report(campaign: Campaign, person: Participant, position: int = 0) -> Report:
    """Somebody who was given a page reports it, and keeps it in hand."""
    task = task_at(campaign, position)
    Assignment.objects.get_or_create(
        task=task, participant=person, defaults={"expires_at": "2099-01-01T00:00Z"}
    )
    return report_task(campaign, uuid4(), task, reason="image", text="Black", participant=person, by=None)


def state(campaign: Campaign, position: int = 0) -> str:
    return task_at(campaign, position).state


def test_the_second_report_sets_it_aside(flagging: Campaign, people: People) -> None:
    one, two, three, *_ = people(flagging, 4)
    first = report(flagging, one)
    assert report(flagging, one).pk == first.pk, "the same person once more"
    assert state(flagging) == Task.State.OPEN
    second = report(flagging, two)
    assert state(flagging) == Task.State.ASIDE
    row = Retirement.objects.get()
    assert (row.rule, row.parameters, row.campaign_version) == ("flagged", {"people": 2}, 1)
    assert (row.contributions, row.reports) == ([], sorted([str(first.pk), str(second.pk)]))
    assert row.figures == {"reports": 2, "answers": 0}
    assert reason_of(row) == "2 people have reported it."
    given = claim(flagging, three).assignment
    assert given is not None
    assert given.task.position == 1, "nobody is given it"


def test_who_holds_it_may_still_hand_in_and_it_does_not_count(flagging: Campaign, people: People) -> None:
    one, two, three = people(flagging, 3)
    lease = claim(flagging, three).assignment
    assert lease is not None
    report(flagging, one)
    report(flagging, two)
    lease = Assignment.objects.select_related("task__campaign__vocabulary", "participant").get(pk=lease.pk)
    assert not submit(lease, nothing_here()).counts


def test_without_the_rule_reports_only_wait(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=3, retirement=[NOTHING])
    for person in people(campaign, 3):
        report(campaign, person)
    assert state(campaign) == Task.State.OPEN


def test_put_back_its_reports_do_not_count_again(flagging: Campaign, people: People, owner: User) -> None:
    one, two, three, four = people(flagging, 4)
    report(flagging, one)
    report(flagging, two)
    put_back(flagging, task_at(flagging).pk, answer="It loads again.", by=owner)
    assert state(flagging) == Task.State.OPEN
    assert Retirement.objects.get().superseded_at is not None
    assert set(Report.objects.values_list("answer", "resolved_by")) == {("It loads again.", owner.pk)}
    put_back(flagging, task_at(flagging).pk, answer="Again.", by=owner)
    report(flagging, three)
    assert state(flagging) == Task.State.OPEN, "one of the new ones is not enough"
    report(flagging, four)
    assert state(flagging) == Task.State.ASIDE


def test_put_back_it_may_have_been_seen_by_enough(flagging: Campaign, people: People, owner: User) -> None:
    answer(flagging, {0: [nothing_here() for _ in range(3)]})
    assert state(flagging) == Task.State.RETIRED
    for person in people(flagging, 2):
        report(flagging, person)
    assert state(flagging) == Task.State.ASIDE
    assert Retirement.objects.filter(superseded_at=None).get().rule == "flagged"
    put_back(flagging, task_at(flagging).pk, answer="", by=owner)
    assert state(flagging) == Task.State.RETIRED
    assert Retirement.objects.filter(superseded_at=None).get().rule == "fixed"


def test_an_answered_report_counts_no_more(flagging: Campaign, people: People, owner: User) -> None:
    one, two = people(flagging, 2)
    report(flagging, one)
    second = report(flagging, two)
    resolve_report(flagging, second.pk, "A black page is a page.", by=owner)
    assert state(flagging) == Task.State.OPEN


def test_left_out_stays_whatever_the_rule_becomes(flagging: Campaign, people: People, owner: User) -> None:
    one, two = people(flagging, 2)
    report(flagging, one)
    report(flagging, two)
    report(flagging, one, 1)
    report(flagging, two, 1)
    task = leave_out(flagging, task_at(flagging).pk, answer="Not ours.", by=owner)
    leave_out(flagging, task.pk, answer="Twice.", by=owner)
    row = Retirement.objects.get(task=task)
    assert row.left_out_by == owner
    assert reason_of(row) == "2 people have reported it. It was left out."
    configure_campaign(flagging, {"retirement": []}, by=owner)
    assert [state(flagging, place) for place in (0, 1)] == [Task.State.ASIDE, Task.State.OPEN]
    put_back(flagging, task.pk, answer="", by=owner)
    assert state(flagging) == Task.State.OPEN


def test_one_report_is_enough_for_who_reviews(flagging: Campaign, people: People, owner: User) -> None:
    with pytest.raises(Conflict, match="Nobody"):
        leave_out(flagging, task_at(flagging).pk, answer="", by=owner)
    report(flagging, people(flagging, 1)[0])
    assert leave_out(flagging, task_at(flagging).pk, answer="", by=owner).state == Task.State.ASIDE
    assert Retirement.objects.get().parameters == {"people": 1}


def test_a_changed_rule_is_foreseen_and_settles(flagging: Campaign, people: People, owner: User) -> None:
    everybody = people(flagging, 3)
    for person in everybody[:2]:
        report(flagging, person)
    for person in everybody:
        report(flagging, person, 1)
    three = [{**FLAGGED, "people": 3}]
    change = foresee_rule(flagging, three, 3)
    assert (change.reopen, change.set_aside, change.aside, change.open) == (1, 0, 1, 2)
    configure_campaign(flagging, {"retirement": three}, by=owner)
    assert [state(flagging, place) for place in range(3)] == ["open", "aside", "open"]
    assert foresee_rule(flagging, [FLAGGED], 3).set_aside == 1
    configure_campaign(flagging, {"retirement": [FLAGGED]}, by=owner)
    assert state(flagging) == Task.State.ASIDE


def test_a_visitor_who_signs_in_is_the_same_person(
    flagging: Campaign, people: People, contributor: User
) -> None:
    (visit,) = people(flagging, 1)
    visit.visitor = "0" * 64
    visit.save()
    own = join_campaign(flagging, user=contributor)
    report(flagging, visit)
    report(flagging, own)
    assert state(flagging) == Task.State.ASIDE
    visit.refresh_from_db()
    adopt_visits(contributor, visit.visitor)
    assert state(flagging) == Task.State.OPEN


def test_the_usual_answer_costs_no_statement_more(make_campaign: CampaignMaker, people: People) -> None:
    def statements(campaign: Campaign) -> int:
        given = claim(campaign, people(campaign, 1)[0]).assignment
        assert given is not None
        lease = Assignment.objects.select_related("task__campaign__vocabulary", "participant").get(
            pk=given.pk
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            submit(lease, nothing_here())
        return len(asked)

    plain, flagging = make_campaign(pages=1, overlap=3), make_campaign("flags", pages=1, retirement=[FLAGGED])
    assert statements(flagging) == statements(plain)


def test_the_simulator_says_what_it_would_set_aside(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=3, overlap=3)
    answer(campaign, {0: [nothing_here() for _ in range(2)]})
    for person in people(campaign, 2):
        report(campaign, person)
        report(campaign, person, 1)
    plain, flagged = simulate(campaign, [RuleOf(3, []), RuleOf(3, [FLAGGED])]).tried
    assert (plain.set_aside, plain.waiting) == (0, 2)
    assert (flagged.set_aside, flagged.waiting, flagged.other) == (2, 0, 0)
    assert rule_in_words(3, [FLAGGED]) == "3 people, fewer once 2 have reported the image"


def test_over_rest(flagging: Campaign, people: People, contributor: User) -> None:
    for person in people(flagging, 2):
        report(flagging, person)
    grant(contributor, flagging, Role.REVIEWER)
    client = APIClient()
    client.force_authenticate(contributor)
    root = "/api/v1/campaigns/clefs/"
    (shown,) = client.get(f"{root}aside/").json()["results"]
    assert shown["retirement"]["sentence"] == "2 people have reported it."
    assert [one["text"] for one in shown["reports"]] == ["Black", "Black"]
    where = f"{root}aside/{shown['task']['id']}/"
    assert client.post(where, {"verdict": "up"}).status_code == 422
    assert client.post(where, {"verdict": "out", "answer": "Gone."}).json()["state"] == "aside"
    assert client.get(f"{root}aside/").json()["results"] == []
    (left,) = client.get(f"{root}aside/?left_out=true").json()["results"]
    assert left["left_out_at"]
    assert client.post(where, {"verdict": "back"}).json()["state"] == "open"
    waiting = report(flagging, people(flagging, 1)[0], 1)
    settled = client.post(f"{root}reports/{waiting.pk}/", {"answer": "Seen."}).json()
    assert (settled["answer"], bool(settled["resolved_at"])) == ("Seen.", True)


def test_the_list_costs_the_same_however_long(flagging: Campaign, people: People, owner: User) -> None:
    client = APIClient()
    client.force_authenticate(owner)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/api/v1/campaigns/clefs/aside/").status_code == 200
        return len(asked)

    both = people(flagging, 2)
    for person in both:
        report(flagging, person)
    cost()
    before = cost()
    for place in (1, 2):
        for person in both:
            report(flagging, person, place)
    assert cost() == before


# --- races ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_reports_at_the_same_moment_see_each_other(make_campaign: CampaignMaker, people: People) -> None:
    """Sixteen people, two a page, all at once: every page is set aside once, with exactly two reports or more."""
    campaign = make_campaign(pages=8, overlap=3, retirement=[FLAGGED])
    everybody = people(campaign, 16)
    in_threads(16, lambda number: report(campaign, everybody[number], number % 8).pk)
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.ASIDE}
    assert [len(row.reports) for row in Retirement.objects.filter(superseded_at=None)] == [2] * 8


@pytest.mark.django_db(transaction=True)
def test_reports_and_a_changing_rule(make_campaign: CampaignMaker, people: People, owner: User) -> None:
    """However a new rule, answers and reports fall together, the state is what the rule says of what is there."""
    campaign = make_campaign(pages=4, overlap=2)
    everybody = people(campaign, 12)

    def work(number: int) -> Any:
        if number == 12:
            return configure_campaign(campaign, {"retirement": [FLAGGED]}, by=owner).pk
        if number < 8:
            return report(Campaign.objects.get(pk=campaign.pk), everybody[number], number % 4).pk
        lease = claim(campaign, everybody[number]).assignment
        return lease and submit(lease, nothing_here()).id

    in_threads(13, work)
    assert set(Task.objects.values_list("state", flat=True)) == {Task.State.ASIDE}
    assert Retirement.objects.filter(superseded_at=None, rule="flagged").count() == 4
    assert Contribution.objects.count() <= 4


@pytest.mark.django_db(transaction=True)
def test_skipping_does_not_undo_a_report(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1, retirement=[FLAGGED])
    for person in people(campaign, 2):
        lease = claim(campaign, person).assignment
        assert lease is not None
        report(campaign, person)
        skip(lease)
    assert state(campaign) == Task.State.ASIDE
