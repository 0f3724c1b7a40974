"""Average precision of two runs compared: by a job, paired, kept, and refused where it would say nothing."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from annotation.models import Annotation
from campaigns.actions.comparing import compare_runs
from campaigns.models import Campaign, Evaluation, RunComparison
from problems import Conflict
from taxonomy.models import Concept
from tests.campaigns.evaluations import (
    evaluated,
    pages_of,
    run_on_three_pages,
    run_that_said,
    three_pages,
)
from tests.campaigns.outcomes import ONE, TWO
from work.actions import run_job

pytestmark = pytest.mark.django_db(transaction=True)
Clef = Callable[[str], Concept]


@pytest.fixture
def both(campaign: Campaign, owner: User, clef: Clef) -> tuple[Evaluation, Evaluation]:
    """A run that finds everything, and one that takes G for F and misses."""
    release = three_pages(campaign, owner, clef)
    one, _two, three, _four = pages_of(campaign)
    f, g = clef("F"), clef("G")
    best = run_that_said(
        campaign, owner, [(one, ONE, f, 0.9), (one, TWO, g, 0.8), (three, ONE, f, 0.7)], name="Best"
    )
    return evaluated(best, release, owner), evaluated(
        run_on_three_pages(campaign, owner, clef), release, owner
    )


def made(first: Evaluation, second: Evaluation, by: User) -> RunComparison:
    row = compare_runs(first, second, by=by)
    assert row.job is not None
    run_job(str(row.job.pk))
    row.refresh_from_db()
    return row


def test_the_difference_is_that_of_the_two(both: tuple[Evaluation, Evaluation], owner: User) -> None:
    row = made(*both, owner)
    first, second = (one.figures["coco"] for one in both)
    for key, name in (("ap", "AP"), ("ap50", "AP50")):
        found = row.figures[key]
        assert (found["first"], found["second"]) == pytest.approx((first[name], second[name]))
        assert found["difference"] == pytest.approx(first[name] - second[name])
        assert found["interval"]["low"] <= found["difference"] <= found["interval"]["high"]
        assert 0.25 <= found["p_value"] <= 1  # three images cannot be surer than that
    back = made(both[1], both[0], owner)
    assert back.figures["ap"]["difference"] == pytest.approx(-row.figures["ap"]["difference"])
    assert back.figures["ap"]["p_value"] == row.figures["ap"]["p_value"]


def test_it_is_made_once(both: tuple[Evaluation, Evaluation], owner: User) -> None:
    row = made(*both, owner)
    again = compare_runs(*both, by=owner)
    assert (again.pk, again.job_id) == (row.pk, row.job_id)


def test_with_itself_or_another_measure_it_is_refused(
    both: tuple[Evaluation, Evaluation], owner: User
) -> None:
    with pytest.raises(Conflict):
        compare_runs(both[0], both[0], by=owner)
    other = evaluated(both[1].run, both[1].release, owner, iou=0.7)
    with pytest.raises(Conflict):
        compare_runs(both[0], other, by=owner)


def test_predictions_that_changed_since_are_not_compared(
    both: tuple[Evaluation, Evaluation], owner: User
) -> None:
    first = Annotation.objects.filter(layer=both[0].run.layer).first()
    assert first is not None
    first.revision += 1
    first.save()
    row = compare_runs(*both, by=owner)
    assert row.job is not None
    run_job(str(row.job.pk))
    row.job.refresh_from_db()
    assert row.job.state == "failed"
    assert "Evaluate it anew" in row.job.error


def test_on_the_page_and_over_rest(both: tuple[Evaluation, Evaluation], owner: User, client: Client) -> None:
    client.force_login(owner)
    first, second = both
    page = f"/evaluations/{first.pk}/?with={second.pk}"
    assert "Compare average precision too" in client.get(page).content.decode()
    asked = client.post(f"/evaluations/{first.pk}/compare/", {"with": str(second.pk)})
    assert asked.status_code == 302
    row = RunComparison.objects.get()
    assert "ap-compared" not in client.get(page).content.decode()
    run_job(str(row.job_id))
    shown = client.get(page).content.decode()
    assert "ap-compared" in shown
    assert "Compare average precision too" not in shown
    body = client.get(f"/api/v1/evaluations/{first.pk}/compare/?with={second.pk}").json()
    assert body["average_precision"]["ap"]["first"] == pytest.approx(first.figures["coco"]["AP"])
    over = client.post(f"/api/v1/evaluations/{first.pk}/compare/?with={second.pk}")
    assert (over.status_code, over.json()["id"]) == (202, str(row.job_id))
