"""Fills an empty Rubricator with a living example, by the same actions that people use.

Every step looks at what is there and does what is missing, so that a demonstration that was interrupted,
however and wherever, is completed by running it again.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from annotation.actions.sources import import_images
from annotation.models import Canvas, Manifest, SourceImport
from campaigns.actions import (
    Submission,
    assign_role,
    choose_canvases,
    choose_shown,
    claim,
    configure_campaign,
    create_campaign,
    join_campaign,
    open_campaign,
    submit,
)
from campaigns.actions.agreeing import request_agreement
from campaigns.actions.consensus import request_consensus, tasks_to_merge
from campaigns.actions.predictors import best_examples, create_predictor, start_run
from campaigns.actions.releases import start_release
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.demo.cast import Volunteer, assemble
from campaigns.models import (
    AgreementReport,
    Campaign,
    ConsensusItem,
    Contribution,
    PredictionRun,
    Release,
    Task,
)
from campaigns.reviewing import review_queue
from taxonomy.actions import start_vocabulary_import
from taxonomy.models import Concept, Vocabulary, VocabularyImport
from work.actions import resume_job, run_job
from work.models import Job

CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
SPAN = timedelta(days=14)  # the simulated past
DEAD_AFTER = timedelta(seconds=15)  # of silence: every image of an import is a heartbeat
LEFT_EASY = 3  # tasks on which all agree, for whoever tries “accept what agrees”
DEMO_LOCK = 0x5275_6264  # advisory lock: one demonstration is made at a time
Say = Callable[[str], None]
Answerer = Callable[[Canvas, float, Random], dict[str, Any]]


@dataclass
class Demonstration:
    """What is being set up; `say` reports to the terminal."""

    say: Say
    page_count: int = 60
    seed: int = 1455
    rng: Random = field(init=False)
    people: dict[str, User] = field(init=False)
    volunteers: list[tuple[User, Volunteer]] = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)
        self.people, self.volunteers = assemble()

    @property
    def curator(self) -> User:
        return self.people["curator"]

    def vocabulary(
        self, name: str, content: bytes, title: Mapping[str, str], *, suffix: str = "csv"
    ) -> Vocabulary:
        """The vocabulary of this name, imported if it is not there yet."""
        found = Vocabulary.objects.filter(slug=name, concepts__isnull=False).first()
        if found:
            return found
        record = VocabularyImport.objects.filter(
            slug=name, created_by=self.curator, job__isnull=False
        ).first()
        if record is None:
            file = SimpleUploadedFile(f"{name}.{suffix}", content)
            record = start_vocabulary_import(file, slug=name, title=title, by=self.curator, apply=True)
        finish(record.job)
        return Vocabulary.objects.get(slug=name)

    def source(self, title: str, rights: str, files: Sequence[tuple[str, bytes]]) -> Manifest:
        """The manifest of this title, made of these images if it is not there yet."""
        mine = SourceImport.objects.filter(title=title, created_by=self.curator, job__isnull=False)
        source = mine.order_by("created_at").first()
        if source is None:
            images = [SimpleUploadedFile(name, content) for name, content in files]
            source = import_images(images, title=title, rights=rights, by=self.curator)
        finish(source.job)
        source.refresh_from_db()
        if source.manifest is None:
            raise RuntimeError(f"The images of “{title}” could not be imported.")
        return source.manifest

    def campaign(self, slug: str, manifests: Iterable[Manifest], **values: Any) -> Campaign:
        """An open campaign with its tasks and roles; the engineer may run models in it."""
        campaign = Campaign.objects.filter(slug=slug).first()
        if campaign is None:
            campaign = create_campaign(by=self.curator, slug=slug, **values)
        if campaign.status == Campaign.Status.DRAFT:
            choose_canvases(campaign, manifests=[manifest.pk for manifest in manifests], by=self.curator)
            assign_role(campaign, self.people["engineer"], Role.MANAGER, by=self.curator)
            campaign = open_campaign(campaign, by=self.curator)
        return campaign

    def judging(self, slug: str, run: PredictionRun, **values: Any) -> Campaign:
        """An open campaign that asks whether what a run found is right; the run is finished first."""
        finish(run.job)
        campaign = Campaign.objects.filter(slug=slug).first()
        if campaign is None:
            campaign = create_campaign(by=self.curator, slug=slug, **values)
        if campaign.status == Campaign.Status.DRAFT and choose_shown(
            campaign, layers=[run.layer_id], by=self.curator
        ):
            campaign = open_campaign(campaign, by=self.curator)
        return campaign

    def work(self, campaign: Campaign, answer: Answerer, *, contributions: int) -> None:
        """Let the simulated volunteers claim and hand in until so many contributions are there."""
        there = [
            (join_campaign(campaign, user=user, is_simulated=True), volunteer)
            for user, volunteer in self.volunteers
        ]
        done = Contribution.objects.filter(task__campaign=campaign).count()
        while done < contributions and there and campaign.status == Campaign.Status.OPEN:
            eagerness = [volunteer.eagerness for _participant, volunteer in there]
            participant, volunteer = self.rng.choices(there, eagerness)[0]
            claimed = claim(campaign, participant).assignment
            if claimed is None:
                there.remove((participant, volunteer))
                continue
            given = answer(claimed.task.canvas, volunteer.skill, self.rng)
            seconds = round(self.rng.lognormvariate(3.2, 0.5), 1)
            device = self.rng.choice(["desktop", "desktop", "phone", "tablet"])
            locale = self.rng.choice(["en", "fr"])
            submission = Submission(uuid4(), given, time_spent_s=seconds, locale=locale, device=device)
            with transaction.atomic():
                kept = submit(claimed, submission)
                moment = timezone.now() - SPAN * (1 - (done + self.rng.random()) / contributions) ** 1.25
                Contribution.objects.filter(pk=kept.id).update(submitted_at=moment)
            done += 1

    def decide(self, campaign: Campaign, *, count: int) -> None:
        """Merge what has been seen enough, and let the curator decide the less disputed tasks.

        What most people gave with one label is accepted and the rest rejected; the disputed tasks wait
        for whoever tries the review.
        """
        if tasks_to_merge(campaign).exists():
            finish(request_consensus(campaign, by=self.curator))
        missing = max(0, count - campaign.tasks.filter(state=Task.State.DECIDED).count())
        easiest_first = list(review_queue(campaign, by=self.curator).reverse())
        left = max(0, min(LEFT_EASY, len(easiest_first) - missing))
        for task in easiest_first[left : left + missing]:
            items = task.consensus.items.prefetch_related("annotation__concept_links")
            judgements = [
                Judgement("accepted" if _clear(item) else "rejected", item=item.pk) for item in items
            ]
            decide(campaign, task.pk, judgements, request=uuid4(), by=self.curator)
        for job in Job.objects.filter(kind="campaigns.weigh", subject=str(campaign.pk)).exclude(
            state=Job.State.DONE
        ):
            finish(job)
        decided = campaign.tasks.filter(state=Task.State.DECIDED).count()
        self.say(f"  {decided} tasks of “{campaign.slug}” are decided")

    def release(self, campaign: Campaign, note: str) -> Release:
        """The first release of a campaign, written."""
        release = campaign.releases.order_by("number").first()
        if release is None:
            release = start_release(
                campaign, note=note, rights=campaign.rights, is_public=True, by=self.curator
            )
        if release.finished_at is None:
            finish(release.job)
        release.refresh_from_db()
        return release

    def agreement(self, campaign: Campaign) -> AgreementReport:
        """How alike people answered, computed."""
        row = AgreementReport.objects.filter(campaign=campaign, grouping=None).first()
        if row is None:
            row = request_agreement(campaign, by=self.curator)
        if row.as_of is None and row.job:
            finish(row.job)
        row.refresh_from_db()
        return row

    def model_run(self, campaign: Campaign) -> PredictionRun:
        """*Find more like this*, left to the worker; its predictions are shown to newcomers."""
        found = PredictionRun.objects.of(campaign).first()
        if found:
            return found
        examples = [str(pk) for pk in best_examples(campaign, per_concept=2)]
        engineer = self.people["engineer"]
        with transaction.atomic():
            predictor = create_predictor(
                campaign,
                kind="match_template",
                name="Find more like this",
                version="1",
                configuration={"threshold": 0.72, "scales": [0.8, 1.0], "examples": examples},
                by=engineer,
            )
            run = start_run(predictor, by=engineer)
            configure_campaign(campaign, {"shown_run": run}, by=self.curator)
        return run


def _clear(item: ConsensusItem) -> bool:
    return 2 * item.support > item.seen and bool(item.annotation.concept_links.all())


def finish(job: Job | None) -> None:
    """Do the job here and now, unless a worker has already taken it; then wait for the row, not for luck.

    A job that a demonstration before this one died over is taken over, a failed one is tried again.
    """
    if job is None:
        raise RuntimeError("There is no job to finish.")
    job.refresh_from_db()
    if job.state in {Job.State.FAILED, Job.State.STOPPED}:
        resume_job(job)
    while True:
        run_job(str(job.pk))
        job.refresh_from_db()
        if job.is_finished:
            break
        silent = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt)
        silent.filter(heartbeat_at__lt=timezone.now() - DEAD_AFTER).update(state=Job.State.QUEUED)
        time.sleep(0.2)
    if job.state != Job.State.DONE:
        raise RuntimeError(f"{job.kind}: {job.error}")


def concepts(vocabulary: Vocabulary) -> dict[str, str]:
    """Notation → id."""
    rows = Concept.objects.filter(vocabulary=vocabulary).values_list("pk", "notation")
    return {notation: str(pk) for pk, notation in rows}


def shapes(drawn: Sequence[tuple[tuple[float, float, float, float], str]]) -> dict[str, Any]:
    """An answer to a *locate* question."""
    return {
        "nothing_here": not drawn,
        "shapes": [
            {
                "id": str(uuid4()),
                "box": [round(value, 2) for value in box],
                "concepts": [concept],
                "origin": "drawn",
            }
            for box, concept in drawn
        ],
    }


def open_tasks() -> int:
    """How many tasks wait for somebody."""
    return Task.objects.filter(state=Task.State.OPEN, campaign__status=Campaign.Status.OPEN).count()


def one_at_a_time() -> None:
    """Wait until no other process makes the demonstration; held until this process's connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [DEMO_LOCK])
