"""Falling below on known answers while working: when, what comes then, and that nothing handed in is lost."""

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import Amendment, Submission, amend, claim, configure_campaign, join_campaign, submit
from campaigns.actions.gold import withdraw_gold
from campaigns.actions.scoring import score_again
from campaigns.actions.seeding import DAY_S
from campaigns.actions.visits import adopt_visits
from campaigns.models import Assignment, Campaign, Contribution, Gold, Participant
from campaigns.personal import _participation
from campaigns.skills import skills_of
from problems import Invalid
from tests.campaigns.conftest import CampaignMaker, in_threads, nothing_here
from tests.campaigns.outcomes import ONE, located
from tests.campaigns.test_gold import Clef, make_seeded

Right = Callable[[], Submission]


@pytest.fixture
def right(clef: Clef) -> Right:
    return lambda: located([(ONE, clef("F"))])


@pytest.fixture
def strict(make_campaign: CampaignMaker, clef: Clef, owner: User) -> Campaign:
    """One of the four known answers comes first, half of the other tasks are known ones; who falls below is asked anew."""
    return make_seeded(make_campaign, clef, owner, qualify_count=1, qualify_share=0.75, requalify=True)


def newcomer(campaign: Campaign, right: Right, *, passing: int = 1) -> Participant:
    """Somebody who has passed and done another task."""
    person = join_campaign(campaign, visitor="ann")
    for _number in range(passing):
        known(campaign, person, right())
    usual(campaign, person)
    person.refresh_from_db()
    assert person.qualified_at is not None
    return person


def given(campaign: Campaign, person: Participant, *, share: float) -> Assignment:
    """What comes next when such a share of the tasks are known ones."""
    sharing = copy(campaign)
    sharing.gold_share = share
    lease = claim(sharing, person).assignment
    assert lease is not None
    return lease


def known(campaign: Campaign, person: Participant, said: Submission) -> Contribution:
    """A known answer, answered."""
    lease = given(campaign, person, share=1.1)
    assert lease.seeded
    return Contribution.objects.get(pk=submit(lease, said).id)


def usual(campaign: Campaign, person: Participant) -> Contribution:
    """Another task, handed in."""
    lease = given(campaign, person, share=0)
    assert not lease.seeded
    return Contribution.objects.get(pk=submit(lease, nothing_here()).id)


def lapse(campaign: Campaign, person: Participant) -> Contribution:
    done = known(campaign, person, nothing_here())
    person.refresh_from_db()
    return done


def test_who_falls_below_passes_anew(strict: Campaign, right: Right) -> None:
    ann = newcomer(strict, right)
    before = set(Contribution.objects.filter(counts=True).values_list("pk", flat=True))
    lapse(strict, ann)
    assert ann.qualified_at is None
    assert ann.lapsed_at is not None
    lease = given(strict, ann, share=0)
    assert lease.seeded, "at once, and nothing else until it is passed"
    assert (claim(strict, ann).assignment, claim(strict, ann).reason) == (None, "all_leased")
    submit(lease, right())
    usual(strict, ann)
    passed = Participant.objects.get(pk=ann.pk)
    assert passed.qualified_at is not None
    assert passed.qualified_at > ann.lapsed_at == passed.lapsed_at
    kept = Contribution.objects.filter(counts=True).values_list("pk", flat=True)
    assert before <= set(kept), "what was handed in counts as it did"


def test_a_failed_try_waits_for_a_day(strict: Campaign, right: Right) -> None:
    ann = newcomer(strict, right)
    lapse(strict, ann)
    known(strict, ann, nothing_here())
    refused = claim(strict, ann)
    assert (refused.assignment, refused.reason) == (None, "not_qualified")
    assert refused.retry_after_s is not None
    assert DAY_S - 60 < refused.retry_after_s <= DAY_S
    yesterday = timezone.now() - timedelta(days=1)
    Contribution.objects.filter(participant=ann).update(submitted_at=yesterday)
    known(strict, ann, right())
    usual(strict, ann)


def test_as_many_of_the_newest_as_a_try_has_are_judged(strict: Campaign, owner: User, right: Right) -> None:
    campaign = configure_campaign(strict, {"qualify_count": 2}, by=owner)
    ann = newcomer(campaign, right, passing=2)
    lapse(campaign, ann)
    assert ann.qualified_at is not None, "one is no try, and those before passing are judged already"
    lapse(campaign, ann)
    assert ann.qualified_at is None


def test_another_known_answer_is_judged_at_once(strict: Campaign, right: Right) -> None:
    ann = newcomer(strict, right)
    done = known(strict, ann, right())
    ann.refresh_from_db()
    assert ann.qualified_at is not None
    gold = Gold.objects.get(task=done.task_id)
    gold.answer = {**gold.answer, "nothing_here": True, "shapes": []}
    gold.save()
    score_again(strict, [gold])
    ann.refresh_from_db()
    assert (ann.qualified_at, ann.lapsed_at is None) == (None, False)


def test_a_mean_that_is_enough_lets_nobody_lapse(strict: Campaign, owner: User, right: Right) -> None:
    campaign = configure_campaign(strict, {"qualify_count": 2, "qualify_share": 0.5}, by=owner)
    ann = newcomer(campaign, right, passing=2)
    lapse(campaign, ann)
    known(campaign, ann, right())
    ann.refresh_from_db()
    assert (ann.qualified_at is None, ann.lapsed_at) == (False, None)


def test_where_none_is_left_nobody_is_locked_out(strict: Campaign, owner: User, right: Right) -> None:
    ann = newcomer(strict, right)
    seen = Assignment.objects.filter(participant=ann, seeded=True).values("task")
    unseen = Gold.objects.exclude(task__in=seen).values_list("task", flat=True)
    withdraw_gold(strict, tasks=list(unseen)[1:], by=owner)
    lapse(strict, ann)
    assert ann.qualified_at is None
    usual(strict, ann)
    ann.refresh_from_db()
    assert ann.qualified_at is not None


def test_nobody_lapses_where_it_is_off_and_turning_it_off_lets_everybody_in(
    strict: Campaign, owner: User, right: Right
) -> None:
    ann = newcomer(strict, right)
    lapse(strict, ann)
    campaign = configure_campaign(strict, {"requalify": False}, by=owner)
    usual(campaign, ann)
    ann.refresh_from_db()
    assert ann.qualified_at is not None
    lapsed_at = ann.lapsed_at
    lapse(campaign, ann)
    assert (ann.qualified_at is None, ann.lapsed_at) == (False, lapsed_at)


def test_a_retry_changes_nothing(strict: Campaign, right: Right) -> None:
    ann = newcomer(strict, right)
    said = nothing_here()
    done = known(strict, ann, said)
    ann.refresh_from_db()
    known(strict, ann, right())
    usual(strict, ann)
    ann.refresh_from_db()
    passed_at, lapsed_at = ann.qualified_at, ann.lapsed_at
    assert passed_at is not None
    assert not submit(done.assignment, said).is_new
    ann.refresh_from_db()
    assert (ann.qualified_at, ann.lapsed_at) == (passed_at, lapsed_at)


def test_an_amended_answer_is_judged_too(strict: Campaign, right: Right) -> None:
    ann = newcomer(strict, right)
    done = known(strict, ann, right())
    amend(done, Amendment(nothing_here(), based_on=1))
    ann.refresh_from_db()
    assert (ann.qualified_at, ann.lapsed_at is None) == (None, False)


@pytest.mark.django_db(transaction=True)
def test_two_that_come_in_at_once_are_judged_together(
    make_campaign: CampaignMaker, clef: Clef, owner: User, right: Right
) -> None:
    campaign = make_seeded(make_campaign, clef, owner, qualify_count=2, qualify_share=0.75, requalify=True)
    ann = newcomer(campaign, right, passing=2)
    held = [given(campaign, ann, share=1.1) for _number in range(2)]
    in_threads(2, lambda number: submit(held[number], nothing_here()))
    ann.refresh_from_db()
    assert (ann.qualified_at, ann.lapsed_at is None) == (None, False)


def test_only_known_answers_take_more_statements(strict: Campaign, owner: User, right: Right) -> None:
    ann = newcomer(strict, right)
    counts = []
    for requalify in (True, False):
        campaign = configure_campaign(strict, {"requalify": requalify}, by=owner)
        for share in (0, 1.1):
            lease = given(campaign, ann, share=share)
            with CaptureQueriesContext(connection) as queries:
                submit(lease, right())
            counts.append(len(queries))
    assert [a - b for a, b in zip(counts[:2], counts[2:], strict=True)] == [0, 2]


# --- merged with an account -----------------------------------------------------------------------

DAYS = [datetime(2030, 1, day, tzinfo=timezone.get_default_timezone()) for day in range(5)[1:]]
FIRST, SECOND, THIRD, FOURTH = DAYS
Facts = tuple[datetime | None, datetime | None]  # passed and lapsed


@pytest.mark.parametrize(
    ("visit", "own", "merged"),
    [
        ((None, SECOND), (FIRST, None), (None, SECOND)),
        ((None, FIRST), (SECOND, None), (SECOND, FIRST)),
        ((FIRST, None), (None, SECOND), (None, SECOND)),
        ((FIRST, None), (FOURTH, THIRD), (FOURTH, THIRD)),
        ((None, FIRST), (None, SECOND), (None, SECOND)),
        ((FIRST, None), (SECOND, None), (FIRST, None)),
        ((None, None), (None, FIRST), (None, FIRST)),
    ],
)
def test_the_newer_fact_stands_when_a_visit_is_taken_over(
    strict: Campaign, contributor: User, visit: Facts, own: Facts, merged: Facts
) -> None:
    visitor, user = "v" * 64, join_campaign(strict, user=contributor)
    guest = join_campaign(strict, visitor=visitor)
    for person, (passed, lapsed) in ((guest, visit), (user, own)):
        Participant.objects.filter(pk=person.pk).update(qualified_at=passed, lapsed_at=lapsed)
    adopt_visits(contributor, visitor)
    user.refresh_from_db()
    assert (user.qualified_at, user.lapsed_at) == merged


# --- what is told, and to whom --------------------------------------------------------------------


def test_the_curator_sees_who_lapsed_and_when(
    strict: Campaign, owner: User, right: Right, api: APIClient
) -> None:
    ann = newcomer(strict, right)
    lapse(strict, ann)
    Participant.objects.filter(pk=ann.pk).update(lapsed_at=FIRST)
    api.force_authenticate(owner)
    address = reverse("api-campaign-participants", args=["clefs"])
    rows = {row["id"]: row for row in api.get(address).json()["results"]}
    told = "Fell below what is asked on known answers on Jan. 1, 2030; not passed anew so far."
    assert rows[str(ann.pk)]["skill"]["flags"] == [{"code": "lapsed", "sentence": told}]
    Participant.objects.filter(pk=ann.pk).update(qualified_at=SECOND)
    (flag,) = skills_of(strict, [ann.pk], "en")[ann.pk].flags
    assert flag.sentence.endswith("on Jan. 1, 2030; passed anew on Jan. 2, 2030.")
    with override("fr"):
        (flag,) = skills_of(strict, [ann.pk], "fr")[ann.pk].flags
    assert flag.sentence == (
        "Sous le seuil des réponses connues le 1 janvier 2030\u202f; réussies à nouveau le 2 janvier 2030."
    )


def test_an_export_tells_it_when_it_gives_nothing_away(strict: Campaign, owner: User, right: Right) -> None:
    ann = newcomer(strict, right)
    Participant.objects.filter(pk=ann.pk).update(lapsed_at=FIRST)
    told = _participation(Participant.objects.get(pk=ann.pk), "en")
    assert (told["passed_the_test_at"], told["fell_below_at"]) == (None, None)
    configure_campaign(strict, {"gold_feedback": True}, by=owner)
    told = _participation(Participant.objects.get(pk=ann.pk), "en")
    assert (told["passed_the_test_at"], told["fell_below_at"]) == (ann.qualified_at, FIRST)


def test_the_volunteer_is_told_nothing_by_the_answer_that_lapses(
    make_campaign: CampaignMaker, clef: Clef, owner: User, api: APIClient
) -> None:
    """Over REST every receipt, and every task before and after, has the same fields."""
    strict = make_seeded(
        lambda **more: make_campaign(allows_anonymous=True, **more),
        clef,
        owner,
        qualify_count=1,
        qualify_share=0.0,
        requalify=True,
    )
    receipts, given, lapsed = set(), set(), False
    for number in range(12):
        claimed = api.post(reverse("api-assignment-claim", args=["clefs"]), {}, format="json").json()
        if claimed["assignment"] is None:
            break
        given.add((frozenset(claimed), frozenset(claimed["assignment"])))
        if number == 1:
            configure_campaign(strict, {"qualify_share": 0.75}, by=owner)
        body = {
            "id": f"0b0c7f6e-52a4-4b1e-8d8c-0c4f8a5b7a{number:02d}",
            "assignment": claimed["assignment"]["id"],
            "nothing_here": True,
        }
        receipt = api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json")
        receipts.add((receipt.status_code, frozenset(receipt.json()), receipt.json()["counted"]))
        lapsed = lapsed or Participant.objects.filter(lapsed_at__isnull=False).exists()
    assert lapsed
    assert (len(receipts), len(given)) == (1, 1)


# --- the setting ----------------------------------------------------------------------------------


@pytest.mark.parametrize("without", ["gold_share", "qualify_count"])
def test_it_needs_known_answers_before_and_among_the_images(
    strict: Campaign, owner: User, without: str
) -> None:
    with pytest.raises(Invalid) as refused:
        configure_campaign(strict, {without: 0}, by=owner)
    assert (refused.value.code, refused.value.pointer) == ("no-known-answers", "/requalify")


def test_it_is_set_over_rest(strict: Campaign, owner: User, api: APIClient) -> None:
    api.force_authenticate(owner)
    address = reverse("api-campaign-detail", args=["clefs"])
    off = api.patch(address, {"requalify": False}, format="json")
    assert (off.status_code, off.json()["requalify"]) == (200, False)
    refused = api.patch(address, {"requalify": True, "gold_share": 0}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/requalify")
    assert api.patch(address, {"requalify": "x"}, format="json").status_code == 422
