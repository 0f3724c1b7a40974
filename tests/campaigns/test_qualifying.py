"""Before the first other task: known answers, how many, how well, and when to try again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions import Submission, claim, configure_campaign, join_campaign, skip, submit
from campaigns.actions.seeding import DAY_S, Standing
from campaigns.models import Campaign, Contribution, Participant
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, located
from tests.campaigns.test_gold import Clef, make_seeded


@pytest.fixture
def strict(make_campaign: CampaignMaker, clef: Clef, owner: User) -> Campaign:
    """Two of the four known answers come first, three quarters of them right; afterwards none are seeded."""
    return make_seeded(make_campaign, clef, owner, gold_share=0.0, qualify_count=2, qualify_share=0.75)


def test_who_passes_goes_on_to_the_usual_tasks(strict: Campaign, clef: Clef) -> None:
    ann = join_campaign(strict, visitor="ann")
    for _number in range(2):
        lease = claim(strict, ann).assignment
        assert lease is not None
        assert lease.seeded
        submit(lease, located([(ONE, clef("F"))]))
    lease = claim(strict, ann).assignment
    assert lease is not None
    assert not lease.seeded
    ann.refresh_from_db()
    assert ann.qualified_at is not None
    with CaptureQueriesContext(connection) as queries:
        claim(strict, ann)
    assert len([q for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]]) == 2


def test_who_fails_may_try_again_after_a_day_with_what_is_left(strict: Campaign, clef: Clef) -> None:
    bob = join_campaign(strict, visitor="bob")
    said: list[Submission] = [located([(ONE, clef("F"))]), nothing_here()]
    for submission in said:
        lease = claim(strict, bob).assignment
        assert lease is not None
        submit(lease, submission)
    refused = claim(strict, bob)
    assert (refused.assignment, refused.reason) == (None, "not_qualified")
    assert refused.retry_after_s is not None
    assert DAY_S - 60 < refused.retry_after_s <= DAY_S
    Contribution.objects.filter(participant=bob).update(submitted_at=timezone.now() - timedelta(days=1))
    for _number in range(2):
        lease = claim(strict, bob).assignment
        assert lease is not None
        assert lease.seeded
        submit(lease, nothing_here())
    refused = claim(strict, bob)
    assert (refused.reason, refused.retry_after_s) == ("not_qualified", None)  # no known answer is left


def test_nobody_looks_past_the_last_one_in_hand(strict: Campaign) -> None:
    """The workbench asks for the next task while this one is on the table: what is in hand decides first."""
    cleo = join_campaign(strict, visitor="cleo")
    assert all(claim(strict, cleo).assignment for _ in range(2))
    given = claim(strict, cleo)
    assert (given.assignment, given.reason, given.retry_after_s) == (None, "all_leased", 2)


def test_who_has_worked_before_is_not_asked(strict: Campaign, owner: User) -> None:
    configure_campaign(strict, {"qualify_count": 0}, by=owner)
    campaign = configure_campaign(strict, {"gold_share": 0.0}, by=owner)
    dan = join_campaign(campaign, visitor="dan")
    lease = claim(campaign, dan).assignment
    assert lease is not None
    submit(lease, nothing_here())
    campaign = configure_campaign(strict, {"qualify_count": 2}, by=owner)
    lease = claim(campaign, dan).assignment
    assert lease is not None
    assert not lease.seeded


def test_skipping_is_no_way_around(strict: Campaign) -> None:
    eve = join_campaign(strict, visitor="eve")
    for _number in range(4):
        lease = claim(strict, eve).assignment
        assert lease is not None
        assert lease.seeded
        skip(lease)
    assert claim(strict, eve).reason == "not_qualified"
    assert Participant.objects.get(pk=eve.pk).qualified_at is None


def test_an_anonymous_visitor_is_told_over_rest(
    make_campaign: CampaignMaker, clef: Clef, owner: User, api: APIClient
) -> None:
    make_seeded(
        lambda **more: make_campaign(allows_anonymous=True, **more),
        clef,
        owner,
        qualify_count=1,
        qualify_share=1.0,
    )
    address = reverse("api-assignment-claim", args=["clefs"])
    claimed = api.post(address, {}, format="json").json()
    body = {
        "id": "0b0c7f6e-52a4-4b1e-8d8c-0c4f8a5b7a11",
        "assignment": claimed["assignment"]["id"],
        "nothing_here": True,
    }
    assert (
        api.post(reverse("api-contribution-submit", args=["clefs"]), body, format="json").status_code == 201
    )
    refused = api.post(address, {}, format="json")
    assert refused.json()["reason"] == "not_qualified"
    assert int(refused["Retry-After"]) > DAY_S - 60


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (Standing((), 0, worked=False, live=0, unseen=0), "passed"),
        (Standing((), 0, worked=False, live=0, unseen=5), "ask"),
        (Standing((0.0,) * 9, 0, worked=True, live=0, unseen=0), "passed"),
        (Standing((0.5,), 0, worked=False, live=1, unseen=5), "ask"),
        (Standing((0.5,), 0, worked=False, live=2, unseen=5), "pending"),
        (Standing((0.9, 0.8, 0.7), 0, worked=False, live=0, unseen=5), "passed"),
        (Standing((0.9, 0.8, 0.6), 0, worked=False, live=0, unseen=5), "failed"),
        (Standing((0.9, 0.8, 0.6), DAY_S, worked=False, live=0, unseen=5), "ask"),
        (Standing((0.9, 0.9, 0.6, 0.0), 0, worked=False, live=0, unseen=5), "passed"),
        (Standing((0.9,), 0, worked=False, live=0, unseen=0), "passed"),
        (Standing((0.1,), 0, worked=False, live=0, unseen=0), "failed"),
        (Standing((0.1,), 0, worked=False, live=1, unseen=0), "pending"),
        (Standing((0.9,), 0, worked=False, live=0, unseen=0, skipped=1), "failed"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_steps(standing: Standing, step: str) -> None:
    """Three known answers, of which the mean must be 0.8."""
    assert standing.step(3, 0.8) == step
