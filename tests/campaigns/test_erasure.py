"""Erasing an account: nothing in any table leads to the person, what others rely on stays, and all of it is told before."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.actions import add_members, create_token, erase_account, foresee_erasure, make_group
from accounts.models import User
from accounts.roles import Role, grant, role_of
from accounts.signals import BLOCKS, Wishes
from annotation.actions.layers import create_layer
from annotation.models import Annotation, AnnotationRevision, Layer, SourceImport, StoredImage
from campaigns.actions import Amendment, Submission, amend, assign_role, claim, join_campaign, submit
from campaigns.actions.leaving import erase_visitor
from campaigns.actions.personal_exports import request_export, write_export
from campaigns.models import (
    Assignment,
    Campaign,
    Contribution,
    ContributionRevision,
    Decision,
    Invitation,
    Participant,
    PersonalExport,
    Release,
)
from campaigns.personal import parts_of
from problems import Conflict, Invalid
from taxonomy.models import Concept
from tests.annotation.conftest import annotate
from tests.campaigns.conftest import CampaignMaker, nothing_here
from tests.campaigns.outcomes import ONE, TWO, accept_all, located, merge, released, task_at
from tests.world import build

Clef = Callable[[str], Concept]
LEAVE = Wishes(keep_comments=False)


def tables_naming(text: str) -> list[str]:
    """Every table with a row in which this stands, in whatever column and case."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {connection.ops.quote_name(table)} row WHERE row::text ILIKE %s",
                [f"%{text}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def columns_leading_to(pk: int) -> list[str]:
    """Every foreign key, also of tables between two others, that holds this user."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is User and not field.many_to_many
        if model._base_manager.filter(**{field.name: pk}).exists()
    ]


def sessions_of(pk: int) -> int:
    return sum(one.get_decoded().get("_auth_user_id") == str(pk) for one in Session.objects.all())


def with_comment(submission: Submission, comment: str) -> Submission:
    return replace(submission, answer={**submission.answer, "comment": comment})


def hand_in(campaign: Campaign, user: User, submission: Submission) -> Contribution:
    given = claim(campaign, join_campaign(campaign, user=user)).assignment
    assert given is not None
    return Contribution.objects.get(pk=submit(given, submission).id)


@pytest.fixture
def carl(campaign: Campaign, contributor: User, owner: User, clef: Clef) -> User:
    """Carl, who has done everything that somebody without a role can do."""
    done = hand_in(campaign, contributor, with_comment(located([(ONE, clef("F"))]), "Carl saw a blot"))
    changed = located([(ONE, clef("G")), (TWO, clef("F"))])
    done = Contribution.objects.select_related("assignment__task__campaign__vocabulary").get(pk=done.pk)
    amend(done, Amendment(with_comment(replace(changed, id=uuid4()), "Carl looked again"), 1))
    claim(campaign, join_campaign(campaign, user=contributor))  # and does not finish it
    layer = create_layer(by=contributor, label={"en": "Carl's notes"})
    annotate(layer, campaign.tasks.all()[0].canvas)
    others = create_layer(by=owner, label={"en": "Shared"})
    (mine,) = annotate(others, campaign.tasks.all()[0].canvas)
    named = {**mine.document, "creator": {"type": "Person", "name": "CARL"}}
    Annotation.objects.filter(pk=mine.pk).update(created_by=contributor, document=named)
    AnnotationRevision.objects.create(annotation=mine, revision=7, document=named, by=contributor)
    create_token(by=contributor, name="Carl's script", scopes=["read"])
    add_members(make_group(by=owner, title="A class"), ["carl"])
    EmailAddress.objects.create(user=contributor, email="carl@example.org", primary=True, verified=True)
    Invitation.objects.create(campaign=campaign, email="Carl@example.org", role="observer", language="fr")
    for model in (AccessLog, AccessAttempt):
        fields: dict[str, Any] = {"failures_since_start": 1} if model is AccessAttempt else {}
        model.objects.create(
            username="carl", ip_address="192.0.2.7", user_agent="x", http_accept="", **fields
        )
    write_export(request_export(contributor).pk, parts_of)
    return contributor


def test_nothing_in_any_table_leads_to_who_has_left(
    campaign: Campaign, carl: User, clef: Clef, client: Client
) -> None:
    client.force_login(carl)
    pk = carl.pk
    assert sessions_of(pk) == 1
    assert len(tables_naming("carl")) >= 8
    assert columns_leading_to(pk)
    erase_account(carl, LEAVE)
    assert tables_naming("carl") == []
    assert columns_leading_to(pk) == []
    assert sessions_of(pk) == 0
    assert not PersonalExport.objects.exists()
    # The science stays.
    (left,) = Contribution.objects.all()
    assert [shape["concepts"] for shape in left.answer["shapes"]] == [
        [str(clef("G").pk)],
        [str(clef("F").pk)],
    ]
    assert left.answer["comment"] == ""
    assert ContributionRevision.objects.get().answer["comment"] == ""
    person = Participant.objects.get()
    drawn = Annotation.objects.filter(layer=campaign.contributions_layer, deleted_at=None)
    assert {one.document["creator"]["nickname"] for one in drawn} == {person.pseudonym}
    assert {one.document["creator"]["id"] for one in drawn} == {f"urn:uuid:{person.pk}"}
    assert not Assignment.objects.filter(state="live").exists()


def test_comments_stay_if_one_wishes(campaign: Campaign, contributor: User) -> None:
    done = hand_in(campaign, contributor, with_comment(nothing_here(), "a blot"))
    erase_account(contributor, Wishes(keep_comments=True))
    done.refresh_from_db()
    assert (done.comment, done.answer["comment"]) == ("a blot", "a blot")


def test_a_curator_leaves_what_others_rely_on(db: None) -> None:
    """Everything that Olga of the world has, once somebody else owns the campaign."""
    world = build()
    olga, marc = world.people["owner"], world.people["manager"]
    with pytest.raises(Conflict) as refused:
        erase_account(olga, LEAVE)
    assert "“Draw every clef”" in refused.value.detail
    assert User.objects.filter(pk=olga.pk).exists()
    assign_role(world.campaign, marc, Role.OWNER, by=olga)
    pk, images = olga.pk, StoredImage.objects.count()
    erase_account(olga, replace(LEAVE, heir=marc))
    assert columns_leading_to(pk) == []
    assert tables_naming("olga") == []
    assert not SourceImport.objects.exists()
    assert StoredImage.objects.count() == images
    assert role_of(marc, world.vocabulary) == Role.OWNER
    assert role_of(marc, StoredImage.objects.get().canvas.manifest) == Role.OWNER
    assert role_of(marc, Layer.objects.get(pk=world.parameters["layer_id"])) == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_a_reviewer_leaves_decisions_without_a_name(
    make_campaign: CampaignMaker, clef: Clef, owner: User, reviewer: User, contributor: User
) -> None:
    campaign = make_campaign(pages=1, overlap=1)
    hand_in(campaign, contributor, located([(ONE, clef("F"))]))
    merge(campaign)
    accept_all(campaign, task_at(campaign), reviewer)
    release = released(campaign, reviewer)
    assert any("“Rosa”" in fate.sentence for fate in foresee_erasure(reviewer))
    erase_account(reviewer, LEAVE)
    # What is finished stays as it was released, and says so beforehand; no other row names her.
    assert tables_naming("rosa") == [Release._meta.db_table]
    assert Decision.objects.get().by is None
    truth = Annotation.objects.get(layer=campaign.ground_truth_layer)
    assert truth.document["creator"]["nickname"] not in ("", "Rosa")
    release.refresh_from_db()
    assert release.created_by is None


def test_who_took_a_visit_over_is_no_longer_told_by_what_is_left_of_it(
    campaign: Campaign, contributor: User
) -> None:
    own = join_campaign(campaign, user=contributor)
    left = join_campaign(campaign, visitor="v" * 64)
    Participant.objects.filter(pk=left.pk).update(merged_into=own, visitor="")
    before = left.pseudonym
    erase_account(contributor, LEAVE)
    left.refresh_from_db()
    assert (left.user, left.merged_into_id) == (None, own.pk)
    assert left.pseudonym != before


def test_layers_are_deleted_or_handed_over(contributor: User, stranger: User, owner: User) -> None:
    shared = create_layer(by=contributor, label={"en": "Shared"})
    grant(owner, shared, Role.OWNER)
    mine = create_layer(by=contributor, label={"en": "Mine"})
    erase_account(contributor, replace(LEAVE, heir=stranger))
    assert role_of(stranger, mine) == Role.OWNER
    assert role_of(stranger, shared) is None
    erase_account(stranger, LEAVE)
    assert list(Layer.objects.filter(kind="personal")) == [shared]


def test_two_who_leave_may_have_imported_the_same_file(contributor: User, stranger: User) -> None:
    for user in (contributor, stranger):
        Layer.objects.create(kind="imported", source_uri="file:notes.json", created_by=user)
        erase_account(user, LEAVE)
    assert Layer.objects.filter(kind="imported", created_by=None).count() == 2


def test_an_heir_is_somebody_else_with_an_open_account(contributor: User, stranger: User) -> None:
    stranger.is_active = False
    stranger.save()
    for heir in (contributor, stranger):
        with pytest.raises(Invalid) as refused:
            erase_account(contributor, Wishes(heir=heir))
        assert refused.value.pointer == "/heir"
    assert User.objects.filter(pk=contributor.pk).exists()


# --- pages and REST -------------------------------------------------------------------------------


def test_the_page_says_what_goes_and_asks_for_the_password(
    client: Client, campaign: Campaign, carl: User
) -> None:
    client.force_login(carl)
    address = reverse("account-erase")
    shown = client.get(address).content.decode()
    for sentence in ("1 token goes", "1 answer that you handed in stays", "1 layer of your own is deleted"):
        assert sentence in shown
    said = {"comments": "delete", "password": "wrong"}
    refused = client.post(address, said)
    assert refused.status_code == 422
    assert "The password is not right." in refused.content.decode()
    assert User.objects.filter(pk=carl.pk).exists()
    unknown = client.post(address, {**said, "password": "correct horse battery", "heir": "nobody"})
    assert "Nobody here has this name." in unknown.content.decode()
    gone = client.post(address, {**said, "password": "correct horse battery"}, follow=True)
    assert "Your account is erased." in gone.content.decode()
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(username="carl").exists()


def test_who_has_no_password_says_the_user_name(client: Client, contributor: User) -> None:
    contributor.set_unusable_password()
    contributor.save()
    client.force_login(contributor)
    address = reverse("account-erase")
    assert "Your user name" in client.get(address).content.decode()
    assert client.post(address, {"comments": "keep", "password": "somebody"}).status_code == 422
    assert client.post(address, {"comments": "keep", "password": "carl"}).status_code == 302


def test_an_owner_is_led_to_the_people_of_the_campaign(
    client: Client, campaign: Campaign, owner: User
) -> None:
    client.force_login(owner)
    shown = client.get(reverse("account-erase")).content.decode()
    assert reverse("campaign-people", args=[campaign.slug]) in shown
    assert 'name="password"' not in shown
    assert [fate.kind for fate in foresee_erasure(owner)].count(BLOCKS) == 1


def test_over_rest(api: APIClient, contributor: User) -> None:
    address = reverse("api-me")
    _token, secret = create_token(by=contributor, name="script", scopes=["read", "write"])
    said = {"password": "correct horse battery"}
    assert api.delete(address, said, headers={"Authorization": f"Bearer {secret}"}).status_code == 403
    client = Client()
    client.force_login(contributor)
    send: Any = {"content_type": "application/json"}
    wrong = client.delete(address, {"password": "no"}, **send)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/password")
    assert client.delete(address, said, **send).status_code == 204
    assert not User.objects.filter(username="carl").exists()


# --- visitors -------------------------------------------------------------------------------------


def test_a_visitor_is_forgotten_by_the_cookie(make_campaign: CampaignMaker, client: Client) -> None:
    campaign = make_campaign(allows_anonymous=True)
    claimed = client.post(
        reverse("api-assignment-claim", args=[campaign.slug]), content_type="application/json"
    )
    assert claimed.status_code == 200
    person = Participant.objects.get()
    given = Assignment.objects.get()
    submit(given, with_comment(nothing_here(), "my house is number 7"))
    page = reverse("visit-erase")
    assert person.pseudonym in client.get(page).content.decode()
    assert client.post(page, {"comments": "delete"}).status_code == 302
    assert client.cookies["visitor"].value == ""
    person.refresh_from_db()
    assert person.visitor == ""
    assert tables_naming("my house is number 7") == []
    assert Contribution.objects.count() == 1
    assert "nobody has taken part" in client.get(page).content.decode()


def test_a_visitor_is_forgotten_over_rest_and_again(make_campaign: CampaignMaker, client: Client) -> None:
    campaign = make_campaign(allows_anonymous=True)
    client.post(reverse("api-assignment-claim", args=[campaign.slug]), content_type="application/json")
    for _again in range(2):
        assert client.delete(reverse("api-visits")).status_code == 204
    assert Participant.objects.get().visitor == ""
    assert not Assignment.objects.filter(state="live").exists()
    assert erase_visitor("", keep_comments=True) == 0


def test_it_takes_no_more_queries_for_many_answers(
    make_campaign: CampaignMaker, contributor: User, stranger: User
) -> None:
    campaign = make_campaign(pages=12)
    counts = []
    for user, answers in ((contributor, 1), (stranger, 9)):
        for _number in range(answers):
            hand_in(campaign, user, nothing_here())
        with CaptureQueriesContext(connection) as queries:
            erase_account(user, LEAVE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_of_an_earlier_answer_nothing_but_the_comment_may_go(campaign: Campaign, carl: User) -> None:
    earlier = ContributionRevision.objects.get()
    ContributionRevision.objects.update(answer={**earlier.answer, "comment": ""})
    for changed in ({"comment": "other"}, {"comment": "", "shapes": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContributionRevision.objects.update(answer={**earlier.answer, **changed})
