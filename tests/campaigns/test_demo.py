"""The demonstration: made by the actions people use, complete after any interruption, never twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from annotation.models import Canvas, Manifest, SourceImport, StoredImage
from campaigns.actions.consensus import tasks_to_merge
from campaigns.actions.releases import verify_release
from campaigns.demo import manuscripts, score_book, seed
from campaigns.demo.seed import Demonstration
from campaigns.figures import agreement_of
from campaigns.models import (
    AgreementReport,
    Campaign,
    Contribution,
    Participant,
    Prediction,
    PredictionRun,
    Predictor,
    Release,
    Task,
)
from taxonomy.models import Vocabulary
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = 6


def make() -> None:
    call_command("demo", pages=PAGES, no_samples=True)


def counts() -> dict[str, int]:
    models: list[Any] = [
        Manifest,
        SourceImport,
        Canvas,
        StoredImage,
        Vocabulary,
        Campaign,
        Participant,
        Contribution,
    ]
    found = {model.__name__: model.objects.count() for model in [*models, Release, Predictor, PredictionRun]}
    return {**found, "Task": Task.objects.filter(about=None).count()}


COMPLETE = {
    "Manifest": 1, "SourceImport": 1, "Canvas": PAGES, "StoredImage": PAGES, "Vocabulary": 2, "Campaign": 3,
    "Task": 2 * PAGES, "Participant": 24, "Contribution": 12 + 9, "Release": 1, "Predictor": 1, "PredictionRun": 1,
}  # fmt: skip


def test_a_living_platform_and_again(capsys: pytest.CaptureFixture[str]) -> None:
    make()
    assert counts() == COMPLETE
    clefs = Campaign.objects.get(slug="clefs")
    assert (clefs.status, clefs.is_simulated, clefs.allows_anonymous) == ("open", True, True)
    assert clefs.shown_run == PredictionRun.objects.get()
    assert clefs.tasks.filter(state=Task.State.OPEN).exists()
    assert not Participant.objects.filter(is_simulated=False).exists()
    release = Release.objects.get()
    assert release.manifest["counts"]["annotations"] > 0
    assert verify_release(release) == []
    assert AgreementReport.objects.exclude(as_of=None).count() == 2
    assert 0.5 < (agreement_of(clefs).value or 0) <= 1
    days = Contribution.objects.filter(task__campaign=clefs).dates("submitted_at", "day")
    assert len(days) >= 3
    # What the model found is put to people.
    assert Job.objects.get(kind="campaigns.predict").state == Job.State.DONE
    right = Campaign.objects.get(slug="right")
    assert (right.status, right.tasks.exists()) == ("open", True)
    assert right.tasks.count() == Prediction.objects.filter(run__predictor__campaign=clefs).count()
    assert "sign in" in capsys.readouterr().out.lower()
    before = list(Contribution.objects.order_by("pk").values_list("pk", "submitted_at"))
    make()
    assert counts() == COMPLETE
    assert list(Contribution.objects.order_by("pk").values_list("pk", "submitted_at")) == before
    assert "already here" in capsys.readouterr().out


class Killed(BaseException):
    """As a process that is killed: nothing catches it."""


def dying(function: Callable[..., Any], after: int) -> Callable[..., Any]:
    """The function, which the process does not survive when it is called once more."""
    calls = []

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > after:
            raise Killed
        return function(*args, **kwargs)

    return call


def test_complete_after_any_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed again and again, each time a little later, and then run to its end."""
    monkeypatch.setattr(seed, "DEAD_AFTER", seed.timedelta(0))
    for owner, name, after in (
        (seed, "start_vocabulary_import", 1),
        (seed, "run_job", 1),
        ("annotation.jobs", "convert", 2),
        (seed, "choose_canvases", 0),
        (seed, "open_campaign", 0),
        (seed, "submit", 5),
        (seed, "submit", 10),
        ("campaigns.jobs", "compute_consensus", 1),
        (seed, "decide", 1),
        ("campaigns.actions.releases", "_write", 1),
        (seed, "start_run", 0),
        (seed, "configure_campaign", 0),
        (seed, "choose_shown", 0),
    ):
        with monkeypatch.context() as patch:
            place = f"{owner}.{name}" if isinstance(owner, str) else f"{owner.__name__}.{name}"
            module, _dot, attribute = place.rpartition(".")
            real = getattr(__import__(module, fromlist=[attribute]), attribute)
            patch.setattr(place, dying(real, after))
            with pytest.raises(Killed):
                make()
    make()
    assert counts() == COMPLETE
    assert verify_release(Release.objects.get()) == []
    # A merge that a dead process held is the sweeper's, and finds nothing left to do.
    mine = Job.objects.exclude(kind__in=["campaigns.predict", "campaigns.consensus"])
    assert not mine.exclude(state=Job.State.DONE).exists()
    assert not any(tasks_to_merge(campaign).exists() for campaign in Campaign.objects.all())


def test_real_pages(samples: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = manuscripts.read_coco

    def few(folder: Path) -> Any:
        coco = real(folder)
        images = coco["images"][:4]
        kept = {row["id"] for row in images}
        rows = [row for row in coco["annotations"] if row["image_id"] in kept]
        return {**coco, "images": images, "annotations": rows}

    monkeypatch.setattr(manuscripts, "DECIDED", 2)
    monkeypatch.setattr(manuscripts, "CONTRIBUTIONS", 9)
    monkeypatch.setattr(manuscripts, "read_coco", few)
    demo = Demonstration(say=lambda _line: None, page_count=PAGES)
    for _time in range(2):
        manuscripts.seed_samples(demo)
    campaign = Campaign.objects.get(slug="zones")
    assert campaign.tasks.count() == 4
    assert Contribution.objects.filter(task__campaign=campaign).count() == 9
    assert Vocabulary.objects.filter(slug="iconclass-animals").exists()
    assert score_book.DATA == manuscripts.DATA
