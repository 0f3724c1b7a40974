"""Models measured in the classes of a grouping: of the release's own, of another, and of what lies in none."""

from collections.abc import Callable

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from campaigns.actions.evaluations import evaluate_run
from campaigns.compared import compare
from campaigns.models import Campaign, Evaluation, PredictionRun
from problems import Conflict, Invalid
from taxonomy.actions.editing import merge_concepts
from taxonomy.actions.groupings import save_grouping
from taxonomy.models import Concept, Grouping, Vocabulary
from tests.campaigns.conftest import make_vocabulary
from tests.campaigns.evaluations import evaluated, pages_of, run_on_three_pages, run_that_said, three_pages
from tests.campaigns.outcomes import ONE, TWO
from work.models import Job

pytestmark = pytest.mark.django_db(transaction=True)  # a release is written in a transaction of its own
Clef = Callable[[str], Concept]


@pytest.fixture
def grouped(vocabulary: Vocabulary, owner: User, clef: Clef) -> Callable[..., Grouping]:
    """A grouping of these clefs."""
    owner.is_superuser = True
    owner.save()

    def make(*names: str) -> Grouping:
        classes = [clef(name).pk for name in names]
        return save_grouping(
            vocabulary, title={"en": ", ".join(names)}, rule={"kind": "chosen"}, classes=classes, by=owner
        )

    return make


@pytest.fixture
def run(campaign: Campaign, owner: User, clef: Clef) -> PredictionRun:
    return run_on_three_pages(campaign, owner, clef)


def counts(evaluation: Evaluation) -> dict[str, tuple[int, int, int]]:
    figures = evaluation.figures
    return {
        figures["labels"][row["label"]]["id"]: (row["tp"], row["fp"], row["fn"]) for row in figures["classes"]
    }


def test_in_the_classes_of_a_grouping(
    campaign: Campaign, run: PredictionRun, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    release = three_pages(campaign, owner, clef)
    whole = evaluated(run, release, owner, score=0.5, grouping=grouped("top"))
    assert counts(whole) == {str(clef("top").pk): (2, 1, 1)}
    assert whole.figures["labels"][0]["labels"], "a class that nobody named has its label all the same"
    assert whole.figures["ceiling"]["value"] == pytest.approx(1.0), "all drew the same places"
    two = evaluated(run, release, owner, score=0.5, grouping=grouped("top", "F"))
    assert counts(two) == {str(clef("F").pk): (1, 1, 1), str(clef("top").pk): (0, 1, 1)}
    with pytest.raises(Conflict):
        compare(whole, two)


def test_what_no_class_takes_in_is_a_class_of_its_own(
    campaign: Campaign, run: PredictionRun, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    release = three_pages(campaign, owner, clef)
    found = counts(evaluated(run, release, owner, score=0.5, grouping=grouped("F")))
    assert found == {str(clef("F").pk): (1, 1, 1), "outside": (0, 1, 1)}


def test_a_grouped_release_is_measured_in_its_own_classes(
    campaign: Campaign, run: PredictionRun, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    grouping = grouped("F")
    release = three_pages(campaign, owner, clef, grouping=grouping)
    grouping.delete()
    found = counts(evaluated(run, release, owner, score=0.5))
    assert found == {str(clef("F").pk): (1, 1, 1), "outside": (0, 1, 1)}


def test_a_class_that_was_merged_away_since(
    campaign: Campaign, run: PredictionRun, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    release = three_pages(campaign, owner, clef, grouping=grouped("F", "C"))
    merge_concepts([clef("F")], clef("G"), by=owner)
    found = counts(evaluated(run, release, owner, score=0.5))
    assert found[str(clef("G").pk)][:2] == (1, 1)


def test_two_concepts_of_one_class_are_one_thing(
    campaign: Campaign, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    release = three_pages(campaign, owner, clef)
    one, _two, three, _four = pages_of(campaign)
    run = run_that_said(
        campaign,
        owner,
        [(one, ONE, clef("F"), 0.9), (one, TWO, clef("G"), 0.9), (three, ONE, clef("F"), 0.9)],
    )
    first = run.layer.annotations.order_by("pk").first()
    first.concept_links.create(concept=clef("G"), position=1)
    assert counts(evaluated(run, release, owner, score=0.5))[str(clef("G").pk)] == (1, 1, 0)
    assert counts(evaluated(run, release, owner, score=0.5, grouping=grouped("top"))) == {
        str(clef("top").pk): (3, 0, 0)
    }
    assert counts(evaluated(run, release, owner, score=0.5, class_aware=False)) == {"anything": (3, 0, 0)}


def test_a_grouping_of_another_vocabulary_is_refused(
    campaign: Campaign, run: PredictionRun, owner: User, clef: Clef, grouped: Callable[..., Grouping]
) -> None:
    release = three_pages(campaign, owner, clef)
    other = make_vocabulary("others")
    strange = Grouping.objects.create(vocabulary=other, title={"en": "Strange"})
    with pytest.raises(Invalid, match="vocabulary"):
        evaluate_run(run, release, by=owner, grouping=strange)


def test_over_rest_and_on_pages(
    campaign: Campaign,
    run: PredictionRun,
    owner: User,
    clef: Clef,
    grouped: Callable[..., Grouping],
    client: Client,
) -> None:
    release, grouping = three_pages(campaign, owner, clef), grouped("top")
    api = APIClient()
    api.force_authenticate(owner)
    asked = {"run": str(run.pk), "grouping": str(grouping.pk)}
    answered = api.post(f"/api/v1/releases/{release.pk}/evaluations/", asked, format="json")
    assert answered.data["parameters"]["grouping"]["classes"] == [str(clef("top").pk)]
    again = api.post(f"/api/v1/releases/{release.pk}/evaluations/", asked, format="json")
    assert again.data["id"] == answered.data["id"]
    evaluation = evaluated(run, release, owner, grouping=grouping)
    run.job = Job.objects.create(kind="campaigns.predict", subject=str(run.pk), state=Job.State.DONE)
    run.save()
    client.force_login(owner)
    page = client.get(f"/evaluations/{evaluation.pk}/").content.decode()
    assert "1 class of the grouping" in page
    form = {"run": str(run.pk), "release": str(release.pk)}
    offered = client.get(f"/releases/{release.pk}/").content.decode()
    assert f'<option value="{grouping.pk}">' in offered
    sent = client.post("/evaluations/", {**form, "classes": str(grouping.pk)})
    assert sent.headers["Location"] == f"/evaluations/{evaluation.pk}/"
    assert client.post("/evaluations/", {**form, "classes": "wrong"}).status_code == 422
    places = client.post("/evaluations/", {**form, "classes": "places"}).headers["Location"]
    assert Evaluation.objects.get(pk=places.split("/")[2]).parameters["class_aware"] is False
    changed = save_grouping(
        grouping.vocabulary,
        title={"en": "Two"},
        rule={"kind": "chosen"},
        classes=[clef("F").pk],
        by=owner,
        existing=grouping,
    )
    assert evaluate_run(run, release, by=owner, grouping=changed).pk != evaluation.pk, (
        "another state is another question"
    )
