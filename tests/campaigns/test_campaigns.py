"""A campaign’s life, who may do what in it, and where its tasks come from."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role, role_of, verbs_of
from annotation.models import Canvas, Layer
from campaigns.actions import (
    assign_role,
    choose_canvases,
    claim,
    close_campaign,
    configure_campaign,
    create_campaign,
    join_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
    submit,
)
from campaigns.models import Campaign, CampaignVersion, Task
from campaigns.permissions import decide, get_campaign_for, visible_campaigns
from campaigns.queries import progress_of, totals_of
from problems import Conflict, Invalid, Missing, Refused, Unauthenticated
from taxonomy.models import Concept, Vocabulary
from tests.campaigns.conftest import SETTINGS, CampaignMaker, make_manifest, make_vocabulary, nothing_here

VISITOR = AnonymousUser()


# --- made and configured --------------------------------------------------------------------------


def test_a_new_campaign_is_a_draft_with_four_layers_of_its_maker(
    make_campaign: CampaignMaker, owner: User
) -> None:
    campaign = make_campaign(pages=0, open_it=False)
    assert campaign.status == Campaign.Status.DRAFT
    layers = [
        campaign.contributions_layer,
        campaign.consensus_layer,
        campaign.decisions_layer,
        campaign.ground_truth_layer,
    ]
    assert [layer.kind for layer in layers] == ["contributions", "consensus", "decisions", "ground-truth"]
    assert [layer.is_public for layer in layers] == [False, False, False, True]
    assert all(role_of(owner, row) == Role.OWNER for row in (campaign, *layers))
    version = CampaignVersion.objects.get()
    assert version.version == 1
    assert version.configuration["question"]["many"] is False
    assert version.configuration["vocabulary"] == "clefs"


def test_only_curators_make_campaigns(stranger: User, vocabulary: Vocabulary) -> None:
    with pytest.raises(Refused):
        create_campaign(by=stranger, slug="mine", vocabulary=vocabulary, **SETTINGS)


@pytest.mark.parametrize(
    ("settings", "pointer"),
    [
        ({"question_kind": "guess"}, "/question_kind"),
        ({"question": {"colour": "red"}}, "/question/colour"),
        ({"question": {"prompt": "Where?"}}, "/question/prompt"),
        ({"overlap": 0}, "/overlap"),
        ({"lease_minutes": 0}, "/lease_minutes"),
        ({"title": {"en": " "}}, "/title"),
        ({"slug": "Two words"}, "/slug"),
        ({"status": "open"}, "/status"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    make_campaign: CampaignMaker, settings: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make_campaign(pages=0, open_it=False, **settings)
    assert refused.value.faults[0].pointer == pointer
    assert Campaign.objects.count() == Layer.objects.count() == 0


def test_a_branch_is_part_of_the_vocabulary(make_campaign: CampaignMaker) -> None:
    foreign = make_vocabulary("others").concepts.get(notation="top")
    with pytest.raises(Invalid, match="branch"):
        make_campaign(branch=foreign)


def test_a_slug_is_taken_once(campaign: Campaign, make_campaign: CampaignMaker) -> None:
    with pytest.raises(Conflict) as refused:
        make_campaign()
    assert refused.value.code == "slug-taken"


def test_every_change_is_a_version_and_no_change_is_none(campaign: Campaign, owner: User) -> None:
    changed = configure_campaign(campaign, {"overlap": 5, "title": campaign.title}, by=owner)
    assert (changed.overlap, changed.config_version) == (5, 2)
    same = configure_campaign(changed, {"overlap": 5, "question": SETTINGS["question"]}, by=owner)
    assert same.config_version == 2
    assert [row.configuration["overlap"] for row in CampaignVersion.objects.all()] == [3, 5]


def test_what_answers_settle_stays(campaign: Campaign, owner: User, contributor: User) -> None:
    lease = claim(campaign, join_campaign(campaign, user=contributor)).assignment
    assert lease is not None
    submit(lease, nothing_here())
    for change in ({"question_kind": "tag", "question": {}}, {"vocabulary": make_vocabulary("others")}):
        with pytest.raises(Conflict) as refused:
            configure_campaign(campaign, change, by=owner)
        assert refused.value.code == "settled-by-answers"
    campaign.refresh_from_db()
    assert campaign.question_kind == "locate"


def test_hiding_a_campaign_hides_its_ground_truth(campaign: Campaign, owner: User) -> None:
    configure_campaign(campaign, {"is_public": False}, by=owner)
    assert not Layer.objects.get(pk=campaign.ground_truth_layer_id).is_public


# --- life cycle -----------------------------------------------------------------------------------


def test_a_campaign_that_is_not_ready_says_everything_that_is_missing(
    make_campaign: CampaignMaker, owner: User, clef: Callable[[str], Concept]
) -> None:
    campaign = make_campaign(pages=0, open_it=False, question={}, branch=clef("G"))
    with pytest.raises(Conflict) as refused:
        open_campaign(campaign, by=owner)
    assert [fault.code for fault in refused.value.faults] == ["no-prompt", "no-concepts", "no-tasks"]
    assert "Choose the canvases" in str(refused.value)


def test_a_campaign_lives(make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign(open_it=False)
    for too_early in (pause_campaign, close_campaign, reopen_campaign):
        with pytest.raises(Conflict):
            too_early(campaign, by=owner)
    statuses = []
    for step in (open_campaign, open_campaign, pause_campaign, pause_campaign, open_campaign, close_campaign):
        campaign = step(campaign, by=owner)
        statuses.append(campaign.status)
    assert statuses == ["open", "open", "paused", "paused", "open", "closed"]
    assert campaign.opened_at is not None
    assert campaign.closed_at is not None
    opened_at = campaign.opened_at
    with pytest.raises(Conflict):
        pause_campaign(campaign, by=owner)
    campaign = reopen_campaign(campaign, by=owner)
    assert (campaign.status, campaign.opened_at, campaign.closed_at) == ("open", opened_at, None)


# --- canvases -------------------------------------------------------------------------------------


def test_canvases_are_appended_in_order_and_never_twice(make_campaign: CampaignMaker, owner: User) -> None:
    campaign = make_campaign(pages=0, open_it=False)
    first, second = make_manifest(3, owner), make_manifest(2, owner)
    chosen = list(first.canvases.order_by("-position").values_list("pk", flat=True)[:2])
    assert choose_canvases(campaign, canvases=[*chosen, *chosen], by=owner) == 2
    assert choose_canvases(campaign, manifests=[second.pk, first.pk], by=owner) == 3
    assert choose_canvases(campaign, manifests=[second.pk, first.pk], by=owner) == 0
    tasks = Task.objects.order_by("position").values_list("position", "canvas__manifest", "canvas__position")
    assert list(tasks) == [
        (0, first.pk, 2), (1, first.pk, 1), (2, second.pk, 0), (3, second.pk, 1), (4, first.pk, 0)
    ]  # fmt: skip
    campaign.refresh_from_db()
    assert campaign.cover_id == chosen[0]


def test_only_what_one_may_see_can_be_chosen(
    make_campaign: CampaignMaker, owner: User, manager: User
) -> None:
    campaign = make_campaign(pages=0, open_it=False)
    hidden = make_manifest(1, manager, is_public=False)
    canvas = Canvas.objects.get(manifest=hidden)
    for wrong in ({"manifests": [hidden.pk]}, {"canvases": [canvas.pk]}, {"canvases": [uuid4()]}):
        with pytest.raises(Invalid) as refused:
            choose_canvases(campaign, **wrong, by=owner)
        assert refused.value.faults[0].pointer in {"/manifests/0", "/canvases/0"}
    with pytest.raises(Invalid):
        choose_canvases(campaign, by=owner)
    assert Task.objects.count() == 0


def test_ten_thousand_canvases_take_few_statements(
    make_campaign: CampaignMaker,
    owner: User,
    django_assert_max_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    campaign = make_campaign(pages=0, open_it=False)
    manifest = make_manifest(10_000, owner)
    with django_assert_max_num_queries(12):
        assert choose_canvases(campaign, manifests=[manifest.pk], by=owner) == 10_000
    assert Task.objects.filter(position=9_999).count() == 1


# --- who may --------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_those_with_a_role(
    make_campaign: CampaignMaker, owner: User, observer: User
) -> None:
    campaign = make_campaign(open_it=False)
    assign_role(campaign, observer, Role.OBSERVER, by=owner)
    assert list(visible_campaigns(observer)) == [campaign]
    assert get_campaign_for(observer, "clefs", "view") == campaign
    with pytest.raises(Missing):
        get_campaign_for(VISITOR, "clefs", "view")
    assert not visible_campaigns(VISITOR).exists()


def test_a_public_open_campaign_takes_everybody_who_signs_in(
    make_campaign: CampaignMaker, owner: User, stranger: User
) -> None:
    make_campaign()
    assert get_campaign_for(stranger, "clefs", "contribute")
    with pytest.raises(Unauthenticated):
        get_campaign_for(VISITOR, "clefs", "contribute")
    make_campaign("anybody", allows_anonymous=True)
    assert get_campaign_for(VISITOR, "anybody", "contribute")
    for verb in ("review", "manage", "own"):
        with pytest.raises(Refused):
            get_campaign_for(stranger, "clefs", verb)


def test_a_hidden_campaign_takes_its_contributors(
    make_campaign: CampaignMaker, owner: User, contributor: User, observer: User, stranger: User
) -> None:
    campaign = make_campaign(is_public=False)
    assign_role(campaign, contributor, Role.CONTRIBUTOR, by=owner)
    assign_role(campaign, observer, Role.OBSERVER, by=owner)
    assert get_campaign_for(contributor, "clefs", "contribute")
    with pytest.raises(Refused, match="not among its contributors"):
        get_campaign_for(observer, "clefs", "contribute")
    with pytest.raises(Missing):
        get_campaign_for(stranger, "clefs", "contribute")


def test_a_refusal_says_in_which_state_the_campaign_is(
    make_campaign: CampaignMaker, owner: User, contributor: User
) -> None:
    campaign = make_campaign(open_it=False)
    assign_role(campaign, contributor, Role.CONTRIBUTOR, by=owner)
    codes = []
    for step in (None, open_campaign, pause_campaign, open_campaign, close_campaign):
        if step:
            campaign = step(campaign, by=owner)
        try:
            get_campaign_for(contributor, "clefs", "contribute")
            codes.append("may")
        except Refused as refused:
            codes.append(refused.code)
        assert get_campaign_for(contributor, "clefs", "join")
    assert codes == ["campaign-draft", "may", "campaign-paused", "may", "campaign-closed"]
    assert decide(contributor, campaign, "contribute").reason.startswith("This campaign is closed")


def test_the_gate_costs_one_query(
    campaign: Campaign,
    stranger: User,
    owner: User,
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    for person, verb in ((stranger, "contribute"), (owner, "manage"), (VISITOR, "view")):
        with django_assert_num_queries(1):
            assert get_campaign_for(person, "clefs", verb).vocabulary.slug == "clefs"


def test_a_superuser_may_everything(make_campaign: CampaignMaker, person: Callable[..., User]) -> None:
    make_campaign(open_it=False, is_public=False)
    root = person("root", is_superuser=True)
    for verb in ("view", "join", "review", "manage", "own"):
        assert get_campaign_for(root, "clefs", verb)


def test_roles_reach_the_layers(campaign: Campaign, owner: User, reviewer: User) -> None:
    layers = (campaign.contributions_layer, campaign.consensus_layer, campaign.ground_truth_layer)
    expected = {
        Role.OBSERVER: [set(), set(), {"view"}],
        Role.CONTRIBUTOR: [set(), set(), {"view"}],
        Role.REVIEWER: [{"view"}] * 3,
        Role.MANAGER: [{"view", "contribute", "manage"}] * 3,
        Role.OWNER: [{"view", "contribute", "manage", "own"}] * 3,
        None: [set()] * 3,
    }
    for role, verbs in expected.items():
        assign_role(campaign, reviewer, role, by=owner)
        assert role_of(reviewer, campaign) == role
        assert [verbs_of(reviewer, layer) for layer in layers] == verbs


def test_a_campaign_keeps_an_owner(campaign: Campaign, owner: User, manager: User) -> None:
    with pytest.raises(Conflict) as refused:
        assign_role(campaign, owner, Role.MANAGER, by=owner)
    assert refused.value.code == "last-owner"
    assign_role(campaign, manager, Role.OWNER, by=owner)
    assign_role(campaign, owner, None, by=manager)
    assert role_of(owner, campaign) is None


# --- progress -------------------------------------------------------------------------------------


def test_progress(
    campaign: Campaign, make_campaign: CampaignMaker, contributor: User, stranger: User
) -> None:
    empty = make_campaign("empty", pages=0, open_it=False)
    carl, stan = join_campaign(campaign, user=contributor), join_campaign(campaign, user=stranger)
    for person in (carl, carl, stan):
        lease = claim(campaign, person).assignment
        assert lease is not None
        submit(lease, nothing_here())
    Task.objects.filter(position=3).update(state=Task.State.DECIDED)
    progress = progress_of(campaign, carl)
    assert (progress.tasks, progress.retired, progress.contributions, progress.mine) == (4, 1, 3, 2)
    assert progress_of(campaign).mine == 0
    totals = totals_of([campaign, empty])
    assert (totals[campaign.pk].tasks, totals[campaign.pk].contributions) == (4, 3)
    assert (totals[empty.pk].tasks, totals[empty.pk].contributions) == (0, 0)
