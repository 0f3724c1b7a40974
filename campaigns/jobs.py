"""The door for a campaign's long work: consensus, predictions, releases, evaluations, messages to webhooks."""

import logging
from uuid import UUID

from celery import shared_task
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.actions.agreeing import KIND as AGREEMENT
from campaigns.actions.agreeing import write_agreement
from campaigns.actions.alike import KIND as ALIKE
from campaigns.actions.alike import find_alike
from campaigns.actions.announcing import KIND as ANNOUNCING
from campaigns.actions.announcing import send_announcement
from campaigns.actions.bulk import run_bulk, run_undo
from campaigns.actions.choosing import KIND as CHOOSING
from campaigns.actions.choosing import make_chosen
from campaigns.actions.comparing import KIND as COMPARING
from campaigns.actions.comparing import write_comparison
from campaigns.actions.consensus import compute_consensus, shard_of, tasks_to_merge
from campaigns.actions.delivering import deliver_due, look_after_webhooks
from campaigns.actions.drafting import forget_old_drafts
from campaigns.actions.evaluations import write_evaluation
from campaigns.actions.invitations import send_waiting
from campaigns.actions.life import settle_schedules
from campaigns.actions.ordering import KIND as ORDERING
from campaigns.actions.ordering import order_tasks
from campaigns.actions.personal_exports import KIND as PERSONAL_EXPORT
from campaigns.actions.personal_exports import forget_old_exports, forget_stray_files, write_export
from campaigns.actions.predictions import run_predictor
from campaigns.actions.prioritising import KIND as PRIORITIES
from campaigns.actions.prioritising import carry_out
from campaigns.actions.releases import write_release
from campaigns.actions.reliability import fitted_for, is_outgrown, learn_reliability
from campaigns.actions.review_drafts import forget_old_review_drafts
from campaigns.actions.similar import KIND as SIMILAR
from campaigns.actions.similar import find_similar
from campaigns.actions.splits import relink_split
from campaigns.actions.vocabularies import tasks_to_follow
from campaigns.actions.weighing import weigh_concepts
from campaigns.documents import ConceptNames
from campaigns.edges import edges_for
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Task
from campaigns.personal import parts_of
from problems import Conflict
from work.actions import request_job_once
from work.registry import does
from work.runner import Runner

log = logging.getLogger(__name__)


WEBHOOK_LOCK = 0x5275_6274  # advisory lock: one look at the webhooks at a time
SENDING_LOCK = 0x5275_6275  # with a hash of its id: one sender a webhook


@shared_task(name="campaigns.webhooks", expires=30)
def look_after() -> None:
    """Gather what webhooks are to be told, and have sent what is due; also what a dead worker left behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WEBHOOK_LOCK])
        (locked,) = cursor.fetchone()
        if not locked:
            return
        try:
            for webhook_id in look_after_webhooks():
                send_messages.apply_async(args=(str(webhook_id),), queue="fetch")
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [WEBHOOK_LOCK])


@shared_task(name="campaigns.deliver", expires=60)
def send_messages(webhook_id: str) -> None:
    """Send what is due to one webhook."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [SENDING_LOCK, webhook_id])
        (locked,) = cursor.fetchone()
        if not locked:
            return
        try:
            deliver_due(UUID(webhook_id))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [SENDING_LOCK, webhook_id])


# So many tasks are one worker's; what is more is shared among so many jobs at most.
SHARD, MOST_SHARDS = 2000, 8
SCHEDULE_LOCK = 0x5275_6273  # advisory lock: one look at the clock at a time, however many beats run


@shared_task(name="campaigns.schedule", expires=50)
def settle_campaigns() -> None:
    """Open and close the campaigns whose time has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SCHEDULE_LOCK])
        (locked,) = cursor.fetchone()
        if not locked:
            return
        try:
            settle_schedules()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEDULE_LOCK])


@does(ORDERING)
def put_in_order(runner: Runner) -> None:
    """Move the open tasks of a campaign to the order that it asks for."""
    count = order_tasks(runner.subject, runner)
    runner.say(f"{count} tasks were put in order.")


@does(CHOOSING)
def make_tasks(runner: Runner) -> None:
    """Make a task for each place that a choice has found."""
    count = make_chosen(runner.subject, runner)
    runner.say(f"{count} tasks were added.")


@does("campaigns.consensus")
def compute_missing(runner: Runner) -> None:
    """Merge every task that enough people have seen; one that cannot be merged never stops the others."""
    campaign = Campaign.objects.select_related("vocabulary", "branch").get(pk=runner.subject)
    try:
        if is_outgrown(campaign) and (model := learn_reliability(campaign)) is not None:
            runner.say(f"How reliable people are was learnt from {model.contributions} contributions.")
    except Conflict as problem:  # what was learnt before, or the plain vote, must do
        runner.say(str(problem.detail), severity="error")
    tasks = tasks_to_merge(campaign)
    shards = min(MOST_SHARDS, max(1, -(-tasks.count() // SHARD)))
    for number in range(1, shards):
        subject = f"{campaign.pk} {number} {shards}"
        request_job_once("campaigns.consensus-shard", subject, by=runner.job.requested_by, queue="compute")
    _merge_all(campaign, shard_of(tasks, 0, shards), runner)


@does("campaigns.consensus-shard")
def compute_shard(runner: Runner) -> None:
    """Merge every so manieth of the waiting tasks, so that many workers do it side by side."""
    pk, number, shards = map(int, runner.subject.split())
    campaign = Campaign.objects.select_related("vocabulary", "branch").get(pk=pk)
    _merge_all(campaign, shard_of(tasks_to_merge(campaign), number, shards), runner)


@does("campaigns.follow")
def follow_vocabulary(runner: Runner) -> None:
    """Merge the answers anew whose concepts have become one, or several again."""
    campaign = Campaign.objects.select_related("vocabulary", "branch").get(pk=runner.subject)
    _merge_all(campaign, tasks_to_follow(campaign), runner)


@does("campaigns.relink")
def relink(runner: Runner) -> None:
    """What was said with a concept that was split counts as the part that people have decided on."""
    campaign = Campaign.objects.select_related("asks_about").get(pk=runner.subject)
    count = relink_split(campaign)
    runner.say(f"{count} annotations count as a part of the concept that was split.")


@does("campaigns.weigh")
def weigh(runner: Runner) -> None:
    """Put what waits for a decision in order: by disagreement, and by what a decision is worth."""
    count = weigh_concepts(Campaign.objects.get(pk=runner.subject))
    runner.say(f"{count} concepts were weighed anew.")


@does("campaigns.bulk")
def decide_many(runner: Runner) -> None:
    """Decide what a reviewer meant by one action."""
    bulk = run_bulk(runner.subject, runner)
    runner.say(f"{bulk.decided} of {bulk.foreseen} tasks were decided.")


@does("campaigns.bulk-undo")
def take_many_back(runner: Runner) -> None:
    """Take one action on many tasks back."""
    bulk = run_undo(runner.subject, runner)
    runner.say(f"{bulk.taken_back} tasks wait again; {bulk.kept} stay as they were decided since.")


def _merge_all(campaign: Campaign, rows: QuerySet[Task], runner: Runner) -> None:
    tasks = list(rows.only("pk"))
    names, tree = ConceptNames.of_campaign(campaign), campaign_tree(campaign)
    fitted, edges = fitted_for(campaign), edges_for(campaign)
    runner.expect(len(tasks))
    for task in tasks:
        try:
            compute_consensus(task, names=names, tree=tree, fitted=fitted, edges=edges)
        except (ValueError, LookupError, DatabaseError):
            log.exception("the answers to task %s could not be merged", task.pk)
            runner.say("The answers to this task could not be merged.", severity="error", place=str(task.pk))
        runner.advance()
    if tasks:
        weigh_concepts(campaign)


@does("campaigns.predict")
def predict(runner: Runner) -> None:
    """Ask a model about the canvases that still wait."""
    run_predictor(runner.subject, runner)


@does(SIMILAR)
def look_for_similar(runner: Runner) -> None:
    """Look for more like a box that somebody has just drawn."""
    count = find_similar(runner.subject, runner)
    runner.say(f"{count} places were found.")


@does(ALIKE)
def look_for_alike(runner: Runner) -> None:
    """Look for more like a box that somebody has drawn on a canvas that people share."""
    count = find_alike(runner.subject, runner)
    runner.say(f"{count} places were found.")


@does("campaigns.release")
def release(runner: Runner) -> None:
    """Write a release's files."""
    written = write_release(runner.subject, runner)
    counts = written.manifest["counts"]
    runner.say(f"{counts['annotations']} annotations on {counts['canvases']} canvases were released.")


@does("campaigns.evaluate")
def evaluate(runner: Runner) -> None:
    """Compare what a model predicted with a release."""
    write_evaluation(runner.subject, runner)


@does(COMPARING)
def compare_runs_of(runner: Runner) -> None:
    """Tell whether one run's average precision is greater than another's."""
    write_comparison(runner.subject, runner)


@does(AGREEMENT)
def report_agreement(runner: Runner) -> None:
    """Put the report of agreement together."""
    write_agreement(runner.subject, runner)


@does(PRIORITIES)
def set_priorities(runner: Runner) -> None:
    """Read a table of priorities, give them to the tasks, or take them back."""
    table = carry_out(runner.subject, runner)
    runner.say(f"{table.matched} tasks have a priority in the table; {table.aside} lines were laid aside.")


@does("campaigns.invite")
def send_invitations(runner: Runner) -> None:
    """Send the invitations that wait."""
    send_waiting(runner.subject, runner)


@does(PERSONAL_EXPORT)
def export_person(runner: Runner) -> None:
    """Put somebody's data together for them."""
    write_export(runner.subject, parts_of, runner)


@shared_task(name="campaigns.forget-exports", expires=3000)
def forget_exports() -> None:
    """Delete the exports whose week is over, and the drafts that nobody will go on with."""
    forget_old_exports(timezone.now())
    forget_stray_files(timezone.now())
    forget_old_drafts()
    forget_old_review_drafts()


@does(ANNOUNCING)
def announce(runner: Runner) -> None:
    """Mail an announcement to those who still wait for it."""
    send_announcement(runner.subject, runner)
