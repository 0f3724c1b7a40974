"""The door for a campaign's long work: consensus, predictions, releases, evaluations."""

import logging

from celery import shared_task
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from campaigns.actions.consensus import compute_consensus, shard_of, tasks_to_merge
from campaigns.actions.evaluations import write_evaluation
from campaigns.actions.invitations import send_waiting
from campaigns.actions.life import settle_schedules
from campaigns.actions.ordering import KIND as ORDERING
from campaigns.actions.ordering import order_tasks
from campaigns.actions.predictions import run_predictor
from campaigns.actions.releases import write_release
from campaigns.actions.reliability import fitted_for, is_outgrown, learn_reliability
from campaigns.actions.splits import relink_split
from campaigns.actions.vocabularies import tasks_to_follow
from campaigns.documents import ConceptNames
from campaigns.grouped import campaign_tree
from campaigns.models import Campaign, Task
from work.actions import request_job_once
from work.registry import does
from work.runner import Runner

log = logging.getLogger(__name__)


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


@does("campaigns.consensus")
def compute_missing(runner: Runner) -> None:
    """Merge every task that enough people have seen; one that cannot be merged never stops the others."""
    campaign = Campaign.objects.select_related("vocabulary", "branch").get(pk=runner.subject)
    if is_outgrown(campaign) and (model := learn_reliability(campaign)) is not None:
        runner.say(f"How reliable people are was learnt from {model.contributions} contributions.")
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


def _merge_all(campaign: Campaign, rows: QuerySet[Task], runner: Runner) -> None:
    tasks = list(rows.only("pk"))
    names, tree = ConceptNames.of_campaign(campaign), campaign_tree(campaign)
    fitted = fitted_for(campaign)
    runner.expect(len(tasks))
    for task in tasks:
        try:
            compute_consensus(task, names=names, tree=tree, fitted=fitted)
        except (ValueError, LookupError, DatabaseError):
            log.exception("the answers to task %s could not be merged", task.pk)
            runner.say("The answers to this task could not be merged.", severity="error", place=str(task.pk))
        runner.advance()


@does("campaigns.predict")
def predict(runner: Runner) -> None:
    """Ask a model about the canvases that still wait."""
    run_predictor(runner.subject, runner)


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


@does("campaigns.invite")
def send_invitations(runner: Runner) -> None:
    """Send the invitations that wait."""
    send_waiting(runner.subject, runner)
