"""Groupings in use: class tables, agreement and releases under them, over REST and on pages."""

import csv
import io
import json

import pytest

from campaigns.figures import agreement_of
from campaigns.grouped import classes_for
from campaigns.models import Campaign
from campaigns.quality.kinship import likeness
from taxonomy.actions.editing import merge_concepts
from taxonomy.actions.groupings import save_grouping
from taxonomy.tree import Tree
from tests.campaigns.outcomes import ONE, TWO, answer, decide_everything, located, merge, released, tagged

pytestmark = pytest.mark.django_db


@pytest.fixture
def grouping(vocabulary, owner, clef):
    """“F” by itself, everything else below “clef”."""
    owner.is_superuser = True
    owner.save()
    classes = [clef("top").pk, clef("F").pk]
    return save_grouping(vocabulary, title={"en": "Two"}, rule={"kind": "chosen"}, classes=classes, by=owner)


def test_the_class_of_a_concept_follows_merges(grouping, clef, owner, django_assert_max_num_queries):
    wanted = [clef(name).pk for name in "GFC"]
    with django_assert_max_num_queries(6):
        homes = classes_for(grouping, wanted)
    assert [homes[pk] for pk in wanted] == [clef("top").pk, clef("F").pk, clef("top").pk]
    merge_concepts([clef("G")], clef("F"), by=owner)
    assert classes_for(grouping, wanted)[clef("G").pk] == clef("F").pk


def test_agreement_under_a_grouping(grouping, make_campaign, clef):
    campaign = make_campaign(pages=2, overlap=2, question_kind="tag")
    answer(campaign, {0: [tagged(clef("G")), tagged(clef("C"))], 1: [tagged(clef("F")), tagged(clef("F"))]})
    assert agreement_of(campaign).labels.percent == 0.5
    assert agreement_of(campaign, grouping).labels.percent == 1.0


def test_boxes_match_within_a_class(grouping, make_campaign, clef, api, owner):
    campaign = make_campaign(pages=1, overlap=2)
    answer(campaign, {0: [
        located([(ONE, clef("G")), (TWO, clef("G"))]), located([(ONE, clef("C")), (TWO, clef("F"))])
    ]})  # fmt: skip
    assert agreement_of(campaign).value == 1.0
    assert agreement_of(campaign, grouping).value == 0.5
    api.force_authenticate(owner)
    body = api.get(f"/api/v1/campaigns/clefs/figures/?grouping={grouping.pk}").json()
    assert (body["coefficient"], body["value"]) == ("F1@0.5, same class", 0.5)


def test_a_coarser_answer_agrees_in_part(make_campaign, clef):
    strict = make_campaign(pages=2, overlap=2, question_kind="tag")
    answer(strict, {0: [tagged(clef("G")), tagged(clef("F"))], 1: [tagged(clef("C"))] * 1})
    apart = agreement_of(strict).labels.alpha
    Campaign.objects.update(question={**strict.question, "coarser_counts": True})
    near = agreement_of(Campaign.objects.get()).labels.alpha
    assert near is not None
    assert apart is not None
    tree = Tree({"animal": None, "bird": "animal", "kingfisher": "bird", "boat": None})
    alike = likeness(tree)
    assert alike(["bird"], ["kingfisher"]) == pytest.approx(0.8)
    assert alike(["kingfisher"], ["kingfisher"]) == 1
    assert alike(["boat"], ["kingfisher"]) == alike([], ["bird"]) == 0
    assert alike([], []) == 1
    assert alike(["bird", "boat"], ["boat"]) == pytest.approx(2 / 3)


@pytest.mark.django_db(transaction=True)
def test_a_release_under_a_grouping(grouping, make_campaign, clef, owner):
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("G")), (TWO, clef("F"))])]})
    merge(campaign)
    decide_everything(campaign, owner)
    release = released(campaign, owner, grouping=grouping)
    files = {file.format: file.content.read() for file in release.files.all()}
    coco = json.loads(files["coco"])
    assert [row["name"] for row in coco["categories"]] == ["clef", "F clef"]
    assert coco["categories"][1]["supercategory"] == "clef"
    assert [one["concepts"][0]["name"] for one in coco["annotations"]] == ["G clef", "F clef"]
    assert coco["info"]["grouping"]["id"] == str(grouping.pk)
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert [(row["category_name"], row["original_name"]) for row in rows] == [
        ("clef", "G clef"), ("F clef", "F clef"),
    ]  # fmt: skip
    told = release.manifest["grouping"]
    assert [(row["label"], row["count"]) for row in told["classes"]] == [("clef", 1), ("F clef", 1)]
    assert (told["vocabulary_version"], told["outside"]) == (1, 0)
    grouping.delete()
    release.refresh_from_db()
    assert release.manifest["grouping"] == told


def test_over_rest(grouping, make_campaign, clef, owner, api, django_assert_max_num_queries):
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("G")), (TWO, clef("F"))])]})
    api.force_authenticate(owner)
    base = "/api/v1/vocabularies/clefs/groupings/"
    with django_assert_max_num_queries(6):
        assert [row["title"] for row in api.get(base).json()] == [{"en": "Two"}]
    body = {"rule": {"kind": "at-least", "least": 2}, "layer": str(campaign.contributions_layer_id)}
    table = api.post(base + "preview/", body, format="json").json()
    assert [(row["label"], row["total"]) for row in table["classes"]] == [("clef", 2)]
    narrow = {"rule": {"kind": "chosen", "concepts": [str(clef("F").pk)]}, "layer": body["layer"]}
    table = api.post(base + "preview/", narrow, format="json").json()
    assert (table["covered"], table["uncovered"]) == (1, 1)
    made = api.post(base, {**body, "title": {"en": "Two at least"}}, format="json")
    assert (made.status_code, made.json()["classes"]) == (201, [str(clef("top").pk)])
    one = f"{base}{made.json()['id']}/"
    assert api.put(one, {**narrow, "title": {"fr": "Une"}}, format="json").json()["title"] == {"fr": "Une"}
    assert api.get(one + "table/").json()["uncovered"] == 0
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    assert api.post(base + "preview/", {"rule": {"kind": "x"}}, format="json").status_code == 422


def test_on_pages(grouping, make_campaign, clef, owner, client):
    campaign = make_campaign(pages=1, overlap=1)
    answer(campaign, {0: [located([(ONE, clef("G")), (TWO, clef("F"))])]})
    merge(campaign)
    decide_everything(campaign, owner)
    client.force_login(owner)
    page = client.get(f"/vocab/clefs/groupings/{grouping.pk}/").content.decode()
    assert "Annotations in a class: 2. In none: 0." in page
    table = client.get(f"/vocab/clefs/groupings/{grouping.pk}/classes.csv").content.decode("utf-8-sig")
    assert [row["count"] for row in csv.DictReader(io.StringIO(table))] == ["1", "1"]
    asked = {"kind": "chosen", "concepts": [str(clef("F").pk)], "campaign": "clefs", "title_en": "One"}
    assert "In none: 1." in client.get("/vocab/clefs/groupings/new/", asked).content.decode()
    assert client.post("/vocab/clefs/groupings/new/", asked).status_code == 302
    assert client.get(f"/campaigns/clefs/dashboard/?grouping={grouping.pk}").status_code == 200
