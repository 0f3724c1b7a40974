"""On the page of the steps a curator says which labels a step waits for, and of which branch its own labels are."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from campaigns.models import Campaign
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import make_vocabulary
from tests.campaigns.journey import Journey

PAGE = "/campaigns/paper/steps/"


@pytest.fixture
def words(owner: User) -> Vocabulary:
    vocabulary = make_vocabulary("clefs")
    vocabulary.is_public = True
    vocabulary.save()
    return vocabulary


@pytest.fixture
def client_of(owner: User, words: Vocabulary) -> Client:
    what = {
        "name": "what",
        "kind": "tag",
        "question": {"prompt": {"en": "Which sign?", "fr": "Quel signe ?"}},
    }
    question = {"prompt": {"en": "Look"}, "steps": [what]}
    Journey(owner, "paper").make(question_kind="sequence", question=question, vocabulary="clefs")
    client = Client()
    client.force_login(owner)
    return client


def pk(words: Vocabulary, notation: str) -> str:
    return str(words.concepts.get(notation=notation).pk)


def send(client: Client, wants: str = "keep", **fields: Any) -> Any:
    said = {"name": "where", "kind": "locate", "prompt_en": "Where?", "shapes": "box", "required_label": "on"}
    return client.post(PAGE, {"wants": wants, **said, **fields})


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Campaign.objects.get(slug="paper").question["steps"]
    return found


@pytest.mark.django_db
def test_labels_and_a_branch_are_picked_and_said_in_sentences(client_of: Client, words: Vocabulary) -> None:
    wanted = [pk(words, "F"), pk(words, "C")]
    kept = send(client_of, condition="what:concepts", condition_concepts=wanted, branch=pk(words, "top"))
    assert kept.status_code == 302
    assert steps()[1]["condition"] == {"step": "what", "concepts": wanted}
    assert steps()[1]["branch"] == pk(words, "top")
    page = client_of.get(f"{PAGE}?step=where").content.decode()
    asked = (
        "Asked if “Which sign?” was answered with “F clef” or “C clef”, or with something below one of these."
    )
    assert asked in page
    assert "Its labels are those below “clef”." in page
    for one in wanted:
        assert f'name="condition_concepts" value="{one}" checked' in page
    assert f'name="branch" value="{pk(words, "top")}" checked' in page
    french = client_of.get(PAGE, headers={"Accept-Language": "fr"}).content.decode()
    assert "Quel signe ?" in french
    assert "«\u202fclef de fa\u202f» ou «\u202fclef d’ut\u202f»" in french

    # Taken back as it was given: neither is kept where it is not asked for.
    assert send(client_of, of="where", condition="what:something", branch="").status_code == 302
    assert steps()[1]["condition"] == {"step": "what", "something": True}
    assert steps()[1]["branch"] is None


@pytest.mark.django_db
def test_without_a_script_what_is_typed_is_looked_up_and_nothing_lost(
    client_of: Client, words: Vocabulary
) -> None:
    typed: dict[str, Any] = {
        "condition": "what:concepts",
        "condition_concepts": [pk(words, "G")],
        "condition_concepts_q": "fa",
    }
    for wants in ("find", "keep"):  # the button, or the Enter key
        found = send(client_of, wants, prompt_fr="Où ?", **typed)
        assert found.status_code == 200
        page = found.content.decode()
        assert f'name="condition_concepts" value="{pk(words, "G")}" checked' in page
        assert f'name="condition_concepts" value="{pk(words, "F")}">' in page
        assert "Nothing is kept yet" in page
        assert 'value="Où ?"' in page
        assert len(steps()) == 1
    both = [pk(words, "G"), pk(words, "F")]
    sent: dict[str, Any] = {**typed, "condition_concepts": both, "condition_concepts_for": "fa"}
    assert send(client_of, **sent).status_code == 302
    assert steps()[1]["condition"]["concepts"] == both


@pytest.mark.django_db
def test_with_a_script_only_the_found_labels_are_sent(client_of: Client, words: Vocabulary) -> None:
    query = {"find": "condition_concepts", "condition_concepts_q": "ut", "condition_concepts": pk(words, "G")}
    part = client_of.get(PAGE, query, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "1 more concept begins with “ut”." in part
    assert f'value="{pk(words, "C")}">' in part
    assert f'value="{pk(words, "G")}" checked' in part
    branch = client_of.get(PAGE, {"find": "branch", "branch_q": "clef"}).content.decode()
    assert pk(words, "top") in branch
    assert pk(words, "G") not in branch, "nothing stands below it"
    assert client_of.get(PAGE, {"find": "moon"}).status_code == 400
    odd = {"find": "branch", "branch_q": "\x00<b>", "branch": "not-a-uuid"}
    assert "&lt;b&gt;" in client_of.get(PAGE, odd).content.decode()


@pytest.mark.django_db
def test_what_cannot_be_is_said_beside_its_field(client_of: Client, words: Vocabulary) -> None:
    other = Concept.objects.get(pk=pk(make_vocabulary("other"), "G"))
    many = [pk(words, "F"), pk(words, "C")]
    for fields, sentence in (
        ({"condition": "what:concepts"}, "Pick at least one label."),
        ({"condition": "what:concepts", "condition_concepts": [str(other.pk)]}, "not part of the vocabulary"),
        ({"condition": "what:concepts", "condition_concepts": ["moon"]}, "not part of the vocabulary"),
        ({"branch": str(other.pk)}, "not part of the vocabulary"),
        ({"branch": pk(words, "G")}, "Nothing stands below it"),
        ({"branch": many}, "These are too many"),
    ):
        refused = send(client_of, **fields)
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    assert len(steps()) == 1


@pytest.mark.django_db
def test_labels_are_offered_only_after_a_step_that_gives_some(owner: User, client_of: Client) -> None:
    assert "what:concepts" in client_of.get(PAGE).content.decode()
    first = client_of.get(f"{PAGE}?step=what").content.decode()
    assert "condition_concepts" not in first
    Journey(owner, "plain").make(question_kind="sequence", question={"prompt": {"en": "Look"}, "steps": []})
    assert 'name="branch"' not in client_of.get(reverse("campaign-steps", args=["plain"])).content.decode()
