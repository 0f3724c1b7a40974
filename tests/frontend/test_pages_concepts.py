"""The pages of a vocabulary that is read: its tree, its search, a concept and where it was seen."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import make_vocabulary
from tests.campaigns.outcomes import decide_everything
from tests.frontend.curating import answered
from tests.frontend.pages import browser, text


def test_an_empty_vocabulary(desk: Client, db: None) -> None:
    Vocabulary.objects.create(slug="bare", uri="https://example.org/bare", title={"fr": "Nu"})
    page = desk.get(reverse("vocabulary", args=["bare"]))
    assert "No concepts yet" in text(page)
    assert "Nu" in text(page), "the only title there is"


def test_the_tree_opens_branch_by_branch(
    desk: Client, vocabulary: Vocabulary, clef: Callable[[str], Concept]
) -> None:
    page = desk.get(reverse("vocabulary", args=["clefs"]))
    assert text(page).count("G clef") == 1, "one root is opened at once"
    branch = desk.get(
        reverse("concept-children", args=["clefs", clef("top").pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in branch.content.decode()
    assert [clef_ for clef_ in ("G clef", "F clef", "C clef") if clef_ in text(branch)] == [
        "G clef",
        "F clef",
        "C clef",
    ]
    Concept.objects.filter(notation="C").update(status="deprecated")
    assert "C clef" not in text(desk.get(reverse("concept-children", args=["clefs", clef("top").pk])))


def test_a_search_answers_htmx_with_its_part_only(desk: Client, vocabulary: Vocabulary) -> None:
    address = reverse("vocabulary", args=["clefs"])
    part = desk.get(address, {"q": "SOL"}, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "G clef" in text(part)
    assert "clef de sol" in text(part), "what has matched is said"
    assert "HX-Request" in part["Vary"]
    back = desk.get(
        address, {"q": "SOL"}, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in back.content.decode()
    assert "No label or synonym begins with “zzz”." in text(desk.get(address, {"q": "zzz"}))


@pytest.mark.parametrize("q", ["\x00", "'", "<script>", "%", "\\", "é" * 500, "  "])
def test_odd_searches_are_answered(desk: Client, vocabulary: Vocabulary, q: str) -> None:
    page = desk.get(reverse("vocabulary", args=["clefs"]), {"q": q})
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()


def test_a_concept_shows_its_labels_its_place_and_where_it_was_seen(
    desk: Client, campaign: Campaign, clef: Callable[[str], Concept], owner: User, stranger: User
) -> None:
    answered(campaign, clef)
    decide_everything(campaign, owner)
    address = reverse("concept", args=["clefs", clef("G").pk])
    page = desk.get(address)
    assert "clef de sol" in text(page)
    assert page.context["seen"] == 4
    for example in page.context["examples"]:
        x, y, w, h = example["around"]
        canvas, (bx, by, bw, bh) = example["annotation"].canvas, example["annotation"].box
        assert 0 <= x <= bx
        assert 0 <= y <= by
        assert bx + bw <= x + w <= canvas.width
        assert by + bh <= y + h <= canvas.height
    assert 'aria-current="page"' in page.content.decode()
    campaign.ground_truth_layer.is_public = False
    campaign.ground_truth_layer.save()
    assert browser(stranger).get(address).context["seen"] == 0


def test_a_concept_of_another_vocabulary_is_not_here(desk: Client, vocabulary: Vocabulary) -> None:
    other = make_vocabulary("others")
    concept = other.concepts.get(notation="G")
    assert desk.get(reverse("concept", args=["clefs", concept.pk])).status_code == 404
    children = desk.get(reverse("concept-children", args=["clefs", other.concepts.get(notation="top").pk]))
    assert "clef" not in text(children)
