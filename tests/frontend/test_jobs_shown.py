"""A job as a person waits for it: how far, how long, and why it stands still."""

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from work.models import Job


def shown(**facts: Any) -> str:
    job = Job(kind="taxonomy.import", subject="x", **facts)
    with override("en"):
        return " ".join(
            render_to_string(
                "components/job.html", {"job": job, "job_url": "/job/", "title": "Import"}
            ).split()
        )


def test_what_runs_says_how_far_it_is_and_how_long_the_rest_takes() -> None:
    started = timezone.now() - timedelta(minutes=2)

    assert "300 of 1200 · about 6 minutes left" in shown(
        state="running", done=300, total=1200, started_at=started
    )
    assert "1190 of 1200 · less than a minute left" in shown(
        state="running", done=1190, total=1200, started_at=started
    )
    assert "left" not in shown(state="running", done=0, total=None, started_at=started)
    stopping = shown(
        state="running", done=300, total=1200, started_at=started, stop_requested_at=timezone.now()
    )
    assert "300 of 1200<" in stopping


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"state": "queued"}, "It waits for its turn"),
        ({"state": "running", "attempt": 2}, "goes on from there"),
        ({"state": "stopped", "done": 3, "total": 9}, "Stopped at 3 of 9."),
        ({"state": "failed", "error": "The model said 42."}, "The model said 42."),
    ],
)
def test_what_does_not_go_on_says_why(facts: dict[str, Any], sentence: str) -> None:
    assert sentence in shown(**facts)


def test_what_asks_by_itself_holds_the_words_for_when_nothing_comes_back() -> None:
    assert shown(state="running").count("data-silent") == 2
    assert "data-silent" not in shown(state="done")
