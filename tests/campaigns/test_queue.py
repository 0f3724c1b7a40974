"""The queue of tasks, one request at a time: who is given what, and why nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from campaigns.actions import (
    assignments,
    claim,
    configure_campaign,
    join_campaign,
    pause_campaign,
    release,
    renew,
    skip,
    submit,
)
from campaigns.models import Assignment, Campaign, Contribution, Participant, Task
from problems import Conflict
from tests.campaigns.conftest import CampaignMaker, nothing_here
from work.models import Job

People = Callable[[Campaign, int], list[Participant]]


def expire(assignment: Assignment) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def take(campaign: Campaign, person: Participant) -> Assignment:
    given = claim(campaign, person).assignment
    assert given is not None
    return given


def test_tasks_come_in_order_and_never_twice(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    positions = []
    for _ in range(4):
        assignment = take(campaign, ann)
        positions.append(assignment.task.position)
        assert submit(assignment, nothing_here()).counts
    assert positions == [0, 1, 2, 3]
    done = claim(campaign, ann)
    assert (done.assignment, done.reason, done.retry_after_s) == (None, "nothing_left", None)


def test_a_second_claim_gives_another_task(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    assert take(campaign, ann).task_id != take(campaign, ann).task_id


def test_resume_gives_back_what_is_held(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    first = take(campaign, ann)
    take(campaign, ann)
    resumed = claim(campaign, ann, resume=True).assignment
    assert resumed is not None
    assert resumed.pk == first.pk
    assert resumed.task.canvas.manifest.label == {"en": ["A gradual"]}
    submit(first, nothing_here())
    resumed = claim(campaign, ann, resume=True).assignment
    assert resumed is not None
    assert resumed.task.position == 1


def test_no_more_live_leases_than_the_overlap(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=2)
    ann, bob, cleo = people(campaign, 3)
    take(campaign, ann)
    take(campaign, bob)
    waiting = claim(campaign, cleo)
    assert waiting.assignment is None
    assert waiting.reason == "all_leased"
    assert waiting.retry_after_s is not None
    assert 1 < waiting.retry_after_s <= 60


def test_nothing_left_only_when_true(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=2, overlap=1)
    ann, bob = people(campaign, 2)
    submit(take(campaign, ann), nothing_here())
    held = take(campaign, ann)
    assert claim(campaign, bob).reason == "all_leased"  # ann may give it back
    assert claim(campaign, ann).reason == "nothing_left"  # beyond the one she holds
    submit(held, nothing_here())
    assert claim(campaign, bob).reason == "nothing_left"


def test_an_expired_lease_frees_itself(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    ann, bob = people(campaign, 2)
    expire(take(campaign, ann))
    assert take(campaign, bob).task.position == 0


def test_late_work_is_kept_and_counts_while_there_is_room(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    (ann,) = people(campaign, 1)
    late = take(campaign, ann)
    expire(late)
    assert submit(late, nothing_here()).counts
    assert Task.objects.get().state == Task.State.RETIRED


def test_late_work_does_not_take_the_place_of_a_live_lease(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    ann, bob = people(campaign, 2)
    late = take(campaign, ann)
    expire(late)
    held = take(campaign, bob)
    assert not submit(late, nothing_here()).counts
    assert submit(held, nothing_here()).counts
    assert sorted(Contribution.objects.values_list("counts", flat=True)) == [False, True]


def test_ones_own_expired_lease_is_offered_again(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    (ann,) = people(campaign, 1)
    first = take(campaign, ann)
    expire(first)
    assert claim(campaign, ann, resume=True).assignment == first
    assert Assignment.objects.get().expires_at > timezone.now()


def test_skipped_is_never_offered_again_and_released_is(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    skipped, released = take(campaign, ann), take(campaign, ann)
    skip(skipped)
    skip(skipped)
    release(released)
    release(released)
    positions = [take(campaign, ann).task.position for _ in range(3)]
    assert sorted(positions) == [1, 2, 3]
    assert claim(campaign, ann).reason == "nothing_left"


def test_skipping_makes_room_for_others(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    ann, bob = people(campaign, 2)
    skip(take(campaign, ann))
    assert take(campaign, bob)


def test_handed_in_work_can_be_neither_released_nor_skipped(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    assignment = take(campaign, ann)
    submit(assignment, nothing_here())
    for end in (release, skip):
        with pytest.raises(Conflict):
            end(assignment)


def test_released_work_can_still_be_handed_in(campaign: Campaign, people: People) -> None:
    (ann,) = people(campaign, 1)
    assignment = take(campaign, ann)
    release(assignment)
    assert submit(assignment, nothing_here()).counts
    assert assignment.task_id not in {take(campaign, ann).task_id for _ in range(3)}


def test_renewing_prolongs(make_campaign: CampaignMaker, people: People) -> None:
    campaign = make_campaign(pages=1, overlap=1, lease_minutes=10)
    ann, bob = people(campaign, 2)
    assignment = take(campaign, ann)
    Assignment.objects.update(expires_at=timezone.now() + timedelta(seconds=20))
    assert renew(assignment) > timezone.now() + timedelta(minutes=9)
    expire(assignment)
    assert renew(assignment) > timezone.now()  # nobody has taken it up
    expire(assignment)
    take(campaign, bob)
    with pytest.raises(Conflict, match="others have taken it up"):
        renew(assignment)


def test_the_task_is_retired_by_the_last_counted_contribution(
    make_campaign: CampaignMaker, people: People
) -> None:
    campaign = make_campaign(pages=1, overlap=3)
    states = []
    for person in people(campaign, 3):
        submit(take(campaign, person), nothing_here())
        states.append(Task.objects.get().state)
    assert states == ["open", "open", "retired"]
    assert Task.objects.get().retired_at is not None
    job = Job.objects.get()
    assert (job.kind, job.subject) == ("campaigns.consensus", str(campaign.pk))


def test_a_paused_campaign_gives_nothing_out_but_takes_in(
    campaign: Campaign, people: People, owner: User
) -> None:
    (ann,) = people(campaign, 1)
    assignment = take(campaign, ann)
    paused = pause_campaign(campaign, by=owner)
    assert claim(paused, ann).reason == "campaign_not_open"
    assert claim(campaign, ann).assignment is None  # nor to a request that read the row before
    assert submit(assignment, nothing_here()).counts


def test_a_person_who_skipped_early_tasks_comes_back_to_what_was_freed(
    campaign: Campaign, people: People
) -> None:
    """Behind the cursor nothing is forgotten."""
    ann, *others = people(campaign, 4)
    leases = [take(campaign, other) for other in others]  # all on task 0, which is full now
    assert {lease.task.position for lease in leases} == {0}
    assert [take(campaign, ann).task.position for _ in range(3)] == [1, 2, 3]
    assert claim(campaign, ann).reason == "all_leased"
    release(leases[0])
    assert take(campaign, ann).task.position == 0


def test_a_smaller_overlap_retires_and_a_larger_one_opens_again(
    make_campaign: CampaignMaker, people: People, owner: User
) -> None:
    campaign = make_campaign(pages=2, overlap=3)
    for person in people(campaign, 2):
        submit(take(campaign, person), nothing_here())
    campaign = configure_campaign(campaign, {"overlap": 2}, by=owner)
    assert list(Task.objects.order_by("position").values_list("state", flat=True)) == ["retired", "open"]
    campaign = configure_campaign(campaign, {"overlap": 3}, by=owner)
    assert set(Task.objects.values_list("state", "retired_at")) == {("open", None)}
    (cleo,) = people(campaign, 1)
    assert take(campaign, cleo).task.position == 0


def test_a_task_leased_meanwhile_on_another_connection_is_not_given_again(
    campaign: Campaign, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the search saw may be a moment old: the insert has the last word, and the claim tries again."""
    ann, *others = people(campaign, 4)
    mine = take(campaign, ann)
    search, stale = assignments._lock_next, [mine.task]
    monkeypatch.setattr(
        assignments, "_lock_next", lambda *args, **kwargs: stale.pop() if stale else search(*args, **kwargs)
    )
    assert take(campaign, ann).task.position == 1  # she holds it already
    for other in others[:2]:
        assert take(campaign, other).task == mine.task
    stale.append(mine.task)
    assert take(campaign, others[2]).task.position == 1  # it is full
    assert Assignment.objects.filter(task=mine.task).count() == 3
    assert Assignment.objects.get(pk=mine.pk).expires_at == mine.expires_at


def test_pseudonyms_are_unique_in_a_campaign(
    campaign: Campaign, owner: User, person: Callable[..., User]
) -> None:
    namesake = person("other", pseudonym="Olga")
    names = [join_campaign(campaign, user=user).pseudonym for user in (owner, namesake)]
    assert names == ["Olga", "Olga 2"]
    assert join_campaign(campaign, user=namesake).pseudonym == "Olga 2"
    visitor = join_campaign(campaign, visitor="a" * 64)
    assert join_campaign(campaign, visitor="a" * 64) == visitor
    word, number = visitor.pseudonym.split(" ")
    assert word.isalpha()
    assert number.isdigit()
