"""Layers of one's own over REST: who makes, sees, changes, shares and deletes them."""

import pytest

from accounts.roles import Role, grant
from annotation.models import Annotation, AnnotationRevision, Layer
from annotation.queries import people_of, role_on
from campaigns.actions import create_campaign
from taxonomy.models import Vocabulary
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import SETTINGS, make_vocabulary

pytestmark = pytest.mark.django_db
URL = "/api/v1/layers/"


def test_anybody_with_a_login_makes_a_layer_of_their_own(api, contributor):
    assert api.post(URL, {"label": {"en": "Mine"}}).status_code == 401
    api.force_authenticate(contributor)
    made = api.post(URL, {"label": {"en": " Mine ", "de": "Meine", "fr": ""}})
    assert made.status_code == 201
    assert made.json()["label"] == {"en": "Mine", "de": "Meine"}
    layer = Layer.objects.get()
    assert (layer.kind, layer.is_public, layer.created_by) == ("personal", False, contributor)
    assert role_on(contributor, layer) == Role.OWNER
    assert made["Location"] == made.json()["uri"]
    assert made.json()["role"] == "owner"
    assert api.get(f"/w3c/{layer.pk}/").status_code == 200


def test_only_curators_publish(api, owner, contributor):
    api.force_authenticate(contributor)
    assert api.post(URL, {"label": {"en": "Mine"}, "is_public": True}).status_code == 403
    assert not Layer.objects.exists()
    made = api.post(URL, {"label": {"en": "Mine"}}).json()
    assert api.patch(f"{URL}{made['id']}/", {"is_public": True}).status_code == 403
    api.force_authenticate(owner)
    assert api.post(URL, {"label": {"en": "Ours"}, "is_public": True}).json()["is_public"] is True


@pytest.mark.parametrize(
    ("label", "pointer"),
    [
        ({}, "/label"),
        ({"en": " "}, "/label"),
        ({"not a language": "x"}, "/label"),
        ({"en": "x" * 301}, "/label/en"),
        ({"en": ["x"]}, "/label/en"),
        ("x", "/label"),
        (None, "/label"),
    ],
)
def test_a_label_that_is_none_is_refused_at_its_place(api, owner, label, pointer):
    api.force_authenticate(owner)
    response = api.post(URL, {"label": label})
    assert response.status_code == 422
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


def test_a_layer_is_renamed_and_published_by_who_manages_it(api, owner, manager, contributor):
    layer = make_layer(owner)
    grant(manager, layer, Role.MANAGER)
    grant(contributor, layer, Role.CONTRIBUTOR)
    url = f"{URL}{layer.pk}/"
    api.force_authenticate(contributor)
    assert api.patch(url, {"label": {"en": "x"}}).status_code == 403
    api.force_authenticate(manager)
    changed = api.patch(url, {"label": {"en": "Other"}, "is_public": True}).json()
    assert (changed["label"], changed["is_public"]) == ({"en": "Other"}, True)
    assert api.patch(url, {}).json()["label"] == {"en": "Other"}
    assert api.delete(url).status_code == 403


def test_people_are_given_roles_by_owners(api, owner, manager, contributor, stranger):
    layer = make_layer(owner)
    url = f"{URL}{layer.pk}/people/"
    api.force_authenticate(owner)
    assert api.put(f"{url}carl/", {"role": "contributor"}).json() == {
        "username": "carl",
        "role": "contributor",
    }
    assert api.put(f"{url}MARC/", {"role": "manager"}).status_code == 200
    assert api.put(f"{url}nobody/", {"role": "manager"}).status_code == 404
    for wrong in ("reviewer", "king", None):
        assert api.put(f"{url}carl/", {"role": wrong}).status_code == 422
    assert api.get(url).json() == [
        {"username": "carl", "role": "contributor"},
        {"username": "marc", "role": "manager"},
        {"username": "olga", "role": "owner"},
    ]
    api.force_authenticate(contributor)
    assert api.get(f"{URL}{layer.pk}/").json()["role"] == "contributor"
    api.force_authenticate(manager)
    assert api.get(url).status_code == 200
    assert api.put(f"{url}stan/", {"role": "owner"}).status_code == 403
    api.force_authenticate(contributor)
    assert api.get(url).status_code == 403
    api.force_authenticate(stranger)
    assert api.get(url).status_code == 404
    api.force_authenticate(owner)
    assert api.delete(f"{url}carl/").status_code == 204
    assert api.delete(f"{url}carl/").status_code == 204, "harmless to repeat"
    assert role_on(contributor, layer) is None


def test_a_layer_keeps_an_owner(api, owner, manager):
    layer = make_layer(owner)
    url = f"{URL}{layer.pk}/people/"
    api.force_authenticate(owner)
    assert api.delete(f"{url}olga/").json()["code"] == "last-owner"
    assert api.put(f"{url}olga/", {"role": "observer"}).status_code == 409
    api.put(f"{url}marc/", {"role": "owner"})
    assert api.delete(f"{url}olga/").status_code == 204
    assert people_of(layer) == [("marc", Role.OWNER)]


def test_a_deleted_layer_is_gone_with_all_it_said(api, owner, manifest):
    layer, other = make_layer(owner), make_layer(owner)
    (annotation, *_rest) = annotate(layer, manifest.canvases.first(), 5)
    annotate(other, manifest.canvases.first())
    AnnotationRevision.objects.create(annotation=annotation, revision=1, document={})
    api.force_authenticate(owner)
    assert api.delete(f"{URL}{layer.pk}/").status_code == 204
    assert api.get(f"{URL}{layer.pk}/").status_code == 404
    assert set(Annotation.objects.values_list("layer", flat=True)) == {other.pk}
    assert not AnnotationRevision.objects.exists()


@pytest.mark.parametrize("kind", ["contributions", "predictions", "consensus", "ground-truth"])
def test_what_belongs_to_a_campaign_is_changed_there(api, owner, kind):
    layer = make_layer(owner)
    Layer.objects.update(kind=kind)
    api.force_authenticate(owner)
    url = f"{URL}{layer.pk}/"
    for response in (
        api.patch(url, {"is_public": True}),
        api.delete(url),
        api.put(f"{url}people/olga/", {"role": "owner"}),
    ):
        assert response.status_code == 403
        assert response.json()["detail"].endswith(".")


def test_a_layer_that_a_campaign_works_with_is_not_deleted(api, owner):
    """Were its kind ever that of a layer of one's own, the database would still hold it."""
    campaign = create_campaign(by=owner, slug="clefs", **{**SETTINGS, "vocabulary": make_vocabulary("clefs")})
    layer = campaign.ground_truth_layer
    Layer.objects.filter(pk=layer.pk).update(kind="personal")
    grant(owner, layer, Role.OWNER)
    api.force_authenticate(owner)
    response = api.delete(f"{URL}{layer.pk}/")
    assert (response.status_code, response.json()["code"]) == (409, "in-use")
    assert Layer.objects.filter(pk=layer.pk).exists()


def test_the_list_takes_the_same_queries_however_long(api, owner, django_assert_num_queries):
    api.force_authenticate(owner)
    for _ in range(2):
        for _ in range(10):
            make_layer(owner)
        with django_assert_num_queries(2):
            assert api.get(URL).status_code == 200


def test_a_layer_says_where_its_labels_are_chosen(api, owner, stranger, clefs):
    api.force_authenticate(owner)
    made = api.post(URL, {"label": {"en": "Clefs"}, "vocabulary": clefs.slug}).json()
    assert made["vocabulary"] == clefs.slug
    url = f"{URL}{made['id']}/"
    assert api.patch(url, {"label": {"en": "Other"}}).json()["vocabulary"] == clefs.slug
    assert api.patch(url, {"vocabulary": None}).json()["vocabulary"] is None
    assert api.patch(url, {"vocabulary": "no-such"}).status_code == 404
    assert api.patch(url, {"vocabulary": "no such"}).status_code == 422


def test_a_vocabulary_that_one_may_not_see_is_not_named(api, owner, stranger, django_assert_num_queries):
    hidden = make_vocabulary("secret-project")
    Vocabulary.objects.filter(pk=hidden.pk).update(is_public=False)
    layers = [make_layer(owner, is_public=True, vocabulary=hidden) for _ in range(3)]
    assert api.get(f"{URL}{layers[0].pk}/").json()["vocabulary"] is None
    api.force_authenticate(stranger)
    assert api.get(f"{URL}{layers[0].pk}/").json()["vocabulary"] is None
    with django_assert_num_queries(3):
        found = api.get(URL).json()["results"]
    assert [one["vocabulary"] for one in found] == [None] * 3
    grant(owner, hidden, Role.OWNER)
    api.force_authenticate(owner)
    assert {one["vocabulary"] for one in api.get(URL).json()["results"]} == {"secret-project"}
