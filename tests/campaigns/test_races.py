"""Two at the same moment, deterministically: one is held in the middle of what it does until the others wait for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actions import erase_account
from accounts.models import User
from accounts.roles import Role, role_of
from accounts.signals import Wishes
from annotation.models import Annotation, Canvas
from annotation.signals import RescaledCanvas
from campaigns.actions import (
    adopt_visits,
    assign_role,
    claim,
    configure_campaign,
    join_campaign,
    personal_exports,
    submit,
    telling,
)
from campaigns.actions.bulk import run_bulk, run_undo, start_bulk, undo_bulk
from campaigns.actions.contributions import Submission
from campaigns.actions.discussing import delete_comment, edit_comment, write_comment
from campaigns.actions.gold import mark_gold
from campaigns.actions.leaving import erase_visitor
from campaigns.actions.life import settle_schedules
from campaigns.actions.links import follow_link, make_link
from campaigns.actions.personal_exports import forget_stray_files
from campaigns.actions.rescaling import follow_canvases
from campaigns.actions.teams import found_team, join_team, leave_team
from campaigns.actions.webhooks import remove_webhook
from campaigns.actions.weighing import weigh_concepts
from campaigns.models import (
    Assignment,
    BulkReview,
    Campaign,
    Comment,
    ConceptWeight,
    Contribution,
    Participant,
    Task,
    TaskConsensus,
    Team,
    TeamMember,
    Webhook,
    WebhookDelivery,
)
from campaigns.sifting import Sieve
from problems import Conflict, Invalid, Missing
from taxonomy.models import Concept
from tests.campaigns.conftest import CampaignMaker, boxes, in_threads, make_vocabulary, nothing_here
from tests.campaigns.outcomes import ONE, accept_all, answer, located, merge, task_at
from tests.campaigns.test_review_bulk import sweep, waiting
from tests.races import at_once
from work.models import Job
from work.runner import Runner

__all__ = ["waiting"]
pytestmark = pytest.mark.django_db(transaction=True)
Clef = Callable[[str], Concept]
People = Callable[[Campaign, int], list[Participant]]
VISITOR = "v" * 64


def lease(campaign: Campaign, **who: Any) -> Assignment:
    given = claim(campaign, join_campaign(campaign, **who)).assignment
    assert given is not None
    return given


def drawn(concept: Concept) -> tuple[Submission, UUID]:
    """An answer with one box, and the id of the annotation that it becomes."""
    said = boxes(ONE, concept=concept)
    return said, UUID(said.answer["shapes"][0]["id"])


def take_id(campaign: Campaign, pk: UUID) -> None:
    """Who writes an annotation with this id waits in the middle of what it does."""
    Annotation.objects.create(
        id=pk, layer_id=campaign.contributions_layer_id, document={}, motivations=[], words=""
    )


# --- what is asked of the people ------------------------------------------------------------------


def test_an_answer_on_its_way_settles_what_is_asked(campaign: Campaign, owner: User) -> None:
    given = lease(campaign, visitor=VISITOR)
    other = make_vocabulary("signs")
    (refused,) = at_once(
        lambda: submit(given, nothing_here()),
        lambda: configure_campaign(campaign, {"vocabulary": other}, by=owner),
    )
    assert isinstance(refused, Conflict)
    assert refused.code == "settled-by-answers"


def test_an_answer_is_judged_by_what_is_asked_when_it_is_kept(
    campaign: Campaign, owner: User, clef: Clef
) -> None:
    given, (said, _pk) = lease(campaign, visitor=VISITOR), drawn(clef("F"))
    points = {"prompt": {"en": "Mark every clef."}, "shapes": "point"}
    (refused,) = at_once(
        lambda: configure_campaign(campaign, {"question": points}, by=owner), lambda: submit(given, said)
    )
    assert isinstance(refused, Invalid), "it drew a box where points are asked for"
    assert not Contribution.objects.exists()


def test_two_configure_while_the_vocabulary_changes(make_campaign: CampaignMaker, owner: User) -> None:
    campaign, other = make_campaign(open_it=False), make_vocabulary("signs")
    (changed,) = at_once(
        lambda: configure_campaign(campaign, {"vocabulary": other}, by=owner),
        lambda: configure_campaign(campaign, {"overlap": 5}, by=owner),
    )
    assert (changed.overlap, changed.vocabulary, changed.config_version) == (5, other, 3)


def test_an_hour_that_is_moved_while_it_strikes(campaign: Campaign, owner: User) -> None:
    now = timezone.now()
    Campaign.objects.update(closes_at=now - timedelta(seconds=1))
    (changed,) = at_once(
        lambda: configure_campaign(campaign, {"closes_at": now + timedelta(days=7)}, by=owner),
        settle_schedules,
    )
    campaign.refresh_from_db()
    assert (changed, campaign.status) == (0, "open")
    Campaign.objects.update(closes_at=now - timedelta(seconds=1))
    assert settle_schedules() == 1


# --- the queue ------------------------------------------------------------------------------------


def test_who_is_being_taken_over_is_given_nothing_more(campaign: Campaign, contributor: User) -> None:
    lease(campaign, user=contributor)
    both = lease(campaign, visitor=VISITOR).task_id
    visit = Participant.objects.get(visitor=VISITOR)
    (given,) = at_once(lambda: adopt_visits(contributor, VISITOR), lambda: claim(campaign, visit))
    assert given.assignment is None
    assert list(Assignment.objects.filter(participant=visit).values_list("task", flat=True)) == [both]
    assert claim(campaign, Participant.objects.get(user=contributor)).assignment is not None


@pytest.mark.parametrize("how", ["a visitor", "an account"])
def test_who_leaves_while_an_answer_is_on_its_way(
    campaign: Campaign, contributor: User, clef: Clef, how: str
) -> None:
    who: dict[str, Any] = {"visitor": VISITOR} if how == "a visitor" else {"user": contributor}
    given, (said, shape) = lease(campaign, **who), drawn(clef("F"))

    def leave() -> Any:
        if how == "a visitor":
            return erase_visitor(VISITOR, keep_comments=False)
        return erase_account(contributor, Wishes())

    kept, _left = results = at_once(
        lambda: take_id(campaign, shape), lambda: submit(given, said), leave, keep=False
    )
    assert not [one for one in results if isinstance(one, Exception)], "they must not wait for each other"
    assert kept.is_new
    assert not Participant.objects.exclude(visitor="", user=None).exists()
    assert not User.objects.filter(pk=contributor.pk).exists() or how == "a visitor"


def test_tasks_are_locked_in_one_order(campaign: Campaign, contributor: User, owner: User) -> None:
    """Known answers, taking over, configuring and rescaling: none waits for a task while it holds one behind it."""
    for _task in range(2):
        lease(campaign, visitor=VISITOR)
    held = list(Task.objects.filter(assignments__isnull=False).order_by("pk").values_list("pk", flat=True))
    last = Task.objects.aggregate(last=Max("position"))["last"]
    for place, pk in enumerate(reversed(held), 1):  # by their positions they come the other way round
        Task.objects.filter(pk=pk).update(position=last + place)
    canvases = [
        RescaledCanvas(pk, uri, 2.0, 2.0)
        for pk, uri in Canvas.objects.filter(tasks__in=held).values_list("pk", "uri")
    ]

    def hold_first() -> None:
        Task.objects.select_for_update(no_key=True).get(pk=held[0])

    for work in (
        lambda: adopt_visits(contributor, VISITOR),
        lambda: configure_campaign(campaign, {"overlap": 4}, by=owner),
    ):
        rescaled, done = at_once(hold_first, lambda: _in_one(lambda: follow_canvases(None, canvases)), work)
        assert not isinstance(rescaled, Exception), rescaled
        assert not isinstance(done, Exception), done


def _in_one(work: Callable[[], Any]) -> Any:
    with transaction.atomic():
        return work()


# --- the review -----------------------------------------------------------------------------------


def test_one_request_for_many_sent_twice(waiting: Campaign, owner: User) -> None:
    request, results = uuid4(), list[BulkReview]()

    def ask() -> BulkReview:
        said: dict[str, Any] = {"verdict": "accepted", "concept": None, "reason": "All alike."}
        return start_bulk(waiting, Sieve(), request=request, by=owner, **said)

    (again,) = at_once(lambda: results.append(ask()), ask)
    assert (again, again.job) == (results[0], results[0].job)
    assert Job.objects.filter(kind="campaigns.bulk").count() == 1


def test_many_at_once_wait_for_who_holds_an_image(waiting: Campaign, owner: User) -> None:
    said: dict[str, Any] = {"verdict": "accepted", "concept": None, "reason": "All alike."}
    bulk = start_bulk(waiting, Sieve(), request=uuid4(), by=owner, **said)
    held = Task.objects.filter(state=Task.State.RETIRED).order_by("position")[2]

    def hold() -> None:
        Task.objects.select_for_update(no_key=True).get(pk=held.pk)

    (done,) = at_once(hold, lambda: run_bulk(str(bulk.pk), Runner(_running(bulk.job))))
    assert (done.foreseen, done.decided) == (4, 4)


def test_undoing_waits_for_who_holds_an_image(waiting: Campaign, owner: User) -> None:
    bulk = undo_bulk(waiting, sweep(waiting, Sieve(), owner).pk, by=owner)
    assert bulk.undo_job is not None
    held = Task.objects.filter(state=Task.State.DECIDED).order_by("position")[2]

    def hold() -> None:
        Task.objects.select_for_update(no_key=True).get(pk=held.pk)

    (done,) = at_once(hold, lambda: run_undo(str(bulk.pk), Runner(_running(bulk.undo_job))))
    assert (done.decided, done.taken_back, done.kept) == (4, 4, 0)
    assert not Task.objects.filter(state=Task.State.DECIDED).exists()


def test_what_becomes_a_known_answer_while_it_is_undone_stays(waiting: Campaign, owner: User) -> None:
    bulk = undo_bulk(waiting, sweep(waiting, Sieve(), owner).pk, by=owner)
    known = Task.objects.filter(state=Task.State.DECIDED).order_by("position")[1]
    (done,) = at_once(
        lambda: mark_gold(waiting, [known.pk], by=owner),
        lambda: run_undo(str(bulk.pk), Runner(_running(bulk.undo_job))),
    )
    assert (done.taken_back, done.kept) == (3, 1)
    assert list(Task.objects.filter(state=Task.State.DECIDED)) == [known]


def _running(job: Job | None) -> Job:
    assert job is not None
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING)
    job.refresh_from_db()
    return job


def test_what_is_decided_while_it_is_weighed_waits_no_more(
    make_campaign: CampaignMaker, clef: Clef, owner: User
) -> None:
    campaign = make_campaign(pages=2)
    answer(campaign, {at: [located([(ONE, clef("F"))]) for _person in range(3)] for at in (0, 1)})
    merge(campaign)
    ConceptWeight.objects.all().delete()
    TaskConsensus.objects.update(impact=0.125)
    first, second = task_at(campaign, 0), task_at(campaign, 1)
    before = merged_of(first)
    (moved,) = at_once(lambda: accept_all(campaign, first, owner), lambda: weigh_concepts(campaign))
    assert moved == 1
    assert before.priority is not None
    assert merged_of(first).priority is None, "nobody is asked about it again"
    assert merged_of(second).impact != 0.125


def merged_of(task: Task) -> TaskConsensus:
    return TaskConsensus.objects.get(task=task)


# --- people ---------------------------------------------------------------------------------------


def test_words_that_were_taken_back_do_not_come_back(campaign: Campaign, contributor: User) -> None:
    said = write_comment(campaign, uuid4(), "A secret.", task=None, by=contributor)
    (refused,) = at_once(
        lambda: delete_comment(campaign, said.pk, by=contributor),
        lambda: edit_comment(campaign, said.pk, "Another secret.", by=contributor),
    )
    assert isinstance(refused, Missing)
    assert Comment.objects.get().text == ""


def test_the_last_one_leaves_a_team_while_somebody_comes(
    campaign: Campaign, contributor: User, stranger: User
) -> None:
    team, secret = found_team(campaign, "The gluers", by=contributor)
    (refused,) = at_once(
        lambda: leave_team(campaign, by=contributor), lambda: join_team(campaign, secret, by=stranger)
    )
    assert isinstance(refused, Missing)
    team, secret = found_team(campaign, "The binders", by=contributor)
    at_once(lambda: join_team(campaign, secret, by=stranger), lambda: leave_team(campaign, by=contributor))
    assert list(TeamMember.objects.values_list("team", "participant__user")) == [(team.pk, stranger.pk)]


def test_the_last_two_leave_a_team(campaign: Campaign, contributor: User, stranger: User) -> None:
    _team, secret = found_team(campaign, "The gluers", by=contributor)
    join_team(campaign, secret, by=stranger)
    at_once(lambda: leave_team(campaign, by=contributor), lambda: leave_team(campaign, by=stranger))
    assert not Team.objects.exists()


def test_of_two_owners_who_leave_one_stays(campaign: Campaign, owner: User, manager: User) -> None:
    assign_role(campaign, manager, Role.OWNER, by=owner)
    (refused,) = at_once(lambda: erase_account(owner, Wishes()), lambda: erase_account(manager, Wishes()))
    assert isinstance(refused, Conflict)
    assert refused.code == "sole-owner"
    assert role_of(manager, campaign) == Role.OWNER


def test_of_two_roles_at_once_the_one_that_allows_more_stays(
    campaign: Campaign, owner: User, stranger: User
) -> None:
    link, _secret = make_link(campaign, name="A class", by=owner)
    at_once(
        lambda: assign_role(campaign, stranger, Role.REVIEWER, by=owner),
        lambda: follow_link(link.pk, by=stranger),
    )
    assert role_of(stranger, campaign) == Role.REVIEWER


def test_a_webhook_is_removed_while_an_answer_is_told_to_it(
    make_campaign: CampaignMaker, owner: User
) -> None:
    campaign = make_campaign(overlap=1)
    webhook = Webhook.objects.create(
        campaign=campaign, url="https://example.org/", events=["task.retired"], secret="x", created_by=owner,
        told_until=timezone.now(),
    )  # fmt: skip
    given = lease(campaign, visitor=VISITOR)
    (kept,) = at_once(lambda: remove_webhook(webhook), lambda: submit(given, nothing_here()))
    assert kept.counts


def test_an_answer_that_takes_long_to_be_kept_is_told_all_the_same(
    campaign: Campaign, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock looks while it is being kept; what it has passed by it never looks at again."""
    monkeypatch.setattr(telling, "SETTLED_AFTER", timedelta())
    Webhook.objects.create(
        campaign=campaign, url="https://example.org/", events=["contribution.submitted"], secret="x",
        told_until=timezone.now() - timedelta(hours=1), created_by=owner,
    )  # fmt: skip
    given = lease(campaign, visitor=VISITOR)
    with transaction.atomic():
        submit(given, nothing_here())
        assert in_threads(1, lambda _number: telling.tell_of_contributions()) == [0]
    monkeypatch.setattr(telling, "A_MINUTE", timedelta())
    assert telling.tell_of_contributions() == 1
    assert WebhookDelivery.objects.get().payload["data"]["contributions"][0]["counted"]


def test_a_file_that_nobody_knows_goes_after_a_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = uuid4().hex  # what other tests have written is none of it
    monkeypatch.setattr(personal_exports, "FOLDER", folder)
    name = default_storage.save(f"{folder}/left-behind.zip", ContentFile(b"somebody's data"))
    assert forget_stray_files(timezone.now()) == 0
    assert forget_stray_files(timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert not default_storage.exists(name)
