"""Campaigns that people have worked in: answers by position, merged, decided, released."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from accounts.models import User
from campaigns.actions import Submission, claim, join_campaign, submit
from campaigns.actions.consensus import request_consensus
from campaigns.actions.releases import start_release, write_release
from campaigns.actions.review import decide
from campaigns.actions.rulings import Judgement
from campaigns.models import Campaign, Participant, Release, Task
from campaigns.reviewing import review_queue
from taxonomy.models import Concept
from work.actions import run_job
from work.models import Job

Box = tuple[float, float, float, float]
Shapes = Sequence[tuple[Box, Concept | None]]  # one person's boxes on one page; none is “nothing here”
ONE: Box = (100, 100, 40, 80)
TWO: Box = (100, 400, 40, 80)


def moved(box: Box, by: float) -> Box:
    return (box[0] + by, box[1] + by, box[2], box[3])


def located(shapes: Shapes) -> Submission:
    drawn = [
        {"id": str(uuid4()), "box": list(box), "concepts": [str(concept.pk)] if concept else []}
        for box, concept in shapes
    ]
    return Submission(uuid4(), {"nothing_here": not drawn, "shapes": drawn})


def tagged(*concepts: Concept) -> Submission:
    return Submission(uuid4(), {"nothing_here": not concepts, "concepts": [str(one.pk) for one in concepts]})


def answer(campaign: Campaign, answers: Mapping[int, Sequence[Submission]]) -> list[Participant]:
    """Let people answer: `answers[position][number of the person]`."""
    people = [
        join_campaign(campaign, visitor=uuid4().hex)
        for _number in range(max(len(row) for row in answers.values()))
    ]
    for number, person in enumerate(people):
        while (given := claim(campaign, person).assignment) is not None:
            row = answers.get(given.task.position, ())
            if number < len(row):
                submit(given, row[number])
    return people


def merge(campaign: Campaign) -> Job:
    """Merge what waits, as the worker would."""
    job = request_consensus(campaign)
    run_job(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def task_at(campaign: Campaign, position: int = 0) -> Task:
    return Task.objects.get(campaign=campaign, position=position)


def accept_all(campaign: Campaign, task: Task, by: User, **kwargs: Any) -> Task:
    judgements = [Judgement("accepted", item=item.pk) for item in task.consensus.items.all()]
    return decide(campaign, task.pk, judgements, request=uuid4(), by=by, **kwargs)


def decide_everything(campaign: Campaign, by: User) -> int:
    tasks = list(review_queue(campaign))
    for task in tasks:
        accept_all(campaign, task, by)
    return len(tasks)


def released(campaign: Campaign, by: User, **values: Any) -> Release:
    release = start_release(campaign, **{"note": "", "rights": "", "is_public": True, "by": by, **values})
    return write_release(release.pk)
