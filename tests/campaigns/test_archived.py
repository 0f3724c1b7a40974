"""What has been put away is only read: every verb that changes a campaign, and whether it still may."""

import ast
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User, digest_of
from accounts.roles import Role
from campaigns.actions import (
    archive_campaign,
    assign_role,
    choose_canvases,
    choose_layers,
    choose_regions,
    claim,
    close_campaign,
    configure_campaign,
    join_campaign,
    open_campaign,
    pause_campaign,
    reopen_campaign,
    restore_campaign,
    start_pilot,
    submit,
)
from campaigns.actions.announcing import publish_announcement, write_announcement
from campaigns.actions.bulk import undo_bulk
from campaigns.actions.choosing import choose_tasks
from campaigns.actions.consensus import request_consensus
from campaigns.actions.definitions import offer_as_template
from campaigns.actions.discussing import (
    delete_comment,
    edit_comment,
    hide_comment,
    report_comment,
    report_task,
    resolve_report,
    write_comment,
)
from campaigns.actions.drafting import DraftChange
from campaigns.actions.gold import mark_clearest, mark_gold, withdraw_gold
from campaigns.actions.invitations import accept, invite, send_again, withdraw
from campaigns.actions.links import follow_link, make_link, revoke_link
from campaigns.actions.pairing import choose_listed, choose_pairs
from campaigns.actions.predictors import create_predictor, start_run
from campaigns.actions.prioritising import apply_priorities, bring_priorities, undo_priorities
from campaigns.actions.releases import start_release
from campaigns.actions.reliability import learn_anew
from campaigns.actions.review import decide
from campaigns.actions.review_drafts import drop_review_draft, keep_review_draft, read_review_draft
from campaigns.actions.setting_aside import leave_out, put_back
from campaigns.actions.similar import ask_for_similar
from campaigns.actions.sorting import rule_on_items
from campaigns.actions.sweeping import accept_agreeing
from campaigns.actions.teams import found_team, join_team, keep_out, leave_team, renew_link
from campaigns.actions.texts import write_texts
from campaigns.actions.undoing import take_back
from campaigns.actions.webhooks import make_webhook
from campaigns.models import Assignment, Campaign, Invitation, JoinLink, Predictor, Task
from problems import Conflict
from tests.campaigns.conftest import make_manifest, nothing_here

Act = Callable[["Away"], object]


@dataclass
class Away:
    """A campaign that has been put away, with what was there before, and who tries what."""

    campaign: Campaign
    task: Task
    lease: Assignment
    link: JoinLink
    invitation: Invitation
    predictor: Predictor
    owner: User
    stranger: User


@pytest.fixture
def away(campaign: Campaign, owner: User, stranger: User, contributor: User) -> Away:
    lease = claim(campaign, join_campaign(campaign, user=contributor)).assignment
    assert lease is not None
    link, _secret = make_link(campaign, name="A class", by=owner)
    invite(campaign, ["new@example.org"], role=Role.OBSERVER, language="en", by=owner)
    predictor = Predictor.objects.create(campaign=campaign, kind="http", name="A model", configuration={})
    archive_campaign(close_campaign(campaign, by=owner), by=owner)
    return Away(
        campaign=Campaign.objects.get(pk=campaign.pk),
        task=campaign.tasks.all()[0],
        lease=lease,
        link=link,
        invitation=Invitation.objects.get(),
        predictor=Predictor.objects.get(pk=predictor.pk),
        owner=owner,
        stranger=stranger,
    )


def _settings(at: Away, **changes: Any) -> object:
    return configure_campaign(at.campaign, changes, by=at.owner)


REFUSED: dict[str, Act] = {
    "configure_campaign": lambda at: _settings(at, overlap=5),
    "write_texts": lambda at: write_texts(at.campaign, {"title": {"en": "Other"}}, by=at.owner),
    "open_campaign": lambda at: open_campaign(at.campaign, by=at.owner),
    "reopen_campaign": lambda at: reopen_campaign(at.campaign, by=at.owner),
    "start_pilot": lambda at: start_pilot(at.campaign, by=at.owner),
    "pause_campaign": lambda at: pause_campaign(at.campaign, by=at.owner),
    "close_campaign": lambda at: close_campaign(at.campaign, by=at.owner),
    "choose_canvases": lambda at: choose_canvases(
        at.campaign, manifests=[make_manifest(1, at.owner).pk], by=at.owner
    ),
    "choose_layers": lambda at: choose_layers(
        at.campaign, by=at.owner, layers=[at.campaign.contributions_layer_id]
    ),
    "choose_regions": lambda at: choose_regions(
        at.campaign, by=at.owner, layers=[at.campaign.contributions_layer_id]
    ),
    "decide": lambda at: decide(at.campaign, at.task.pk, [], request=uuid4(), by=at.owner),
    "keep_review_draft": lambda at: keep_review_draft(
        at.campaign, at.task.pk, DraftChange(1, "here", {}), by=at.owner
    ),
    "accept_agreeing": lambda at: accept_agreeing(at.campaign, at_most=0.1, by=at.owner),
    "request_consensus": lambda at: request_consensus(at.campaign, by=at.owner),
    "mark_gold": lambda at: mark_gold(at.campaign, [at.task.pk], by=at.owner),
    "mark_clearest": lambda at: mark_clearest(at.campaign, 1, by=at.owner),
    "withdraw_gold": lambda at: withdraw_gold(at.campaign, tasks=[at.task.pk], by=at.owner),
    "create_predictor": lambda at: create_predictor(
        at.campaign, kind="http", name="Other", configuration={"url": "https://example.org"}, by=at.owner
    ),
    "start_run": lambda at: start_run(at.predictor, by=at.owner),
    "start_release": lambda at: start_release(at.campaign, note="", rights="", is_public=True, by=at.owner),
    "make_link": lambda at: make_link(at.campaign, name="Other", by=at.owner),
    "follow_link": lambda at: follow_link(at.link.pk, by=at.stranger),
    "invite": lambda at: invite(
        at.campaign, ["more@example.org"], role=Role.OBSERVER, language="en", by=at.owner
    ),
    "send_again": lambda at: send_again(at.campaign, at.invitation.pk, by=at.owner),
    "choose_pairs": lambda at: choose_pairs(at.campaign, {"by": "chance", "layers": []}, by=at.owner),
    "choose_listed": lambda at: choose_listed(at.campaign, "", by=at.owner),
    "choose_tasks": lambda at: choose_tasks(at.campaign, {"of": "canvases"}, by=at.owner),
    "bring_priorities": lambda at: bring_priorities(
        at.campaign, io.BytesIO(b"moon,1"), name="order.csv", pk=uuid4(), by=at.owner
    ),
    "apply_priorities": lambda at: apply_priorities(at.campaign, uuid4(), by=at.owner),
    "undo_priorities": lambda at: undo_priorities(at.campaign, uuid4(), by=at.owner),
    "found_team": lambda at: found_team(at.campaign, "Quills", by=at.owner),
    "join_team": lambda at: join_team(at.campaign, "no secret", by=at.owner),
    "leave_team": lambda at: leave_team(at.campaign, by=at.owner),
    "renew_link": lambda at: renew_link(at.campaign, uuid4(), by=at.owner),
    "write_comment": lambda at: write_comment(at.campaign, uuid4(), "Hm.", task=None, by=at.owner),
    "edit_comment": lambda at: edit_comment(at.campaign, uuid4(), "Hm.", by=at.owner),
    "delete_comment": lambda at: delete_comment(at.campaign, uuid4(), by=at.owner),
    "hide_comment": lambda at: hide_comment(at.campaign, uuid4(), "Rude.", by=at.owner),
    "report_comment": lambda at: report_comment(
        at.campaign, uuid4(), uuid4(), reason="other", text="", by=at.owner
    ),
    "report_task": lambda at: report_task(
        at.campaign, uuid4(), at.task, reason="other", text="", participant=at.lease.participant, by=None
    ),
    "resolve_report": lambda at: resolve_report(at.campaign, uuid4(), "Done.", by=at.owner),
    "put_back": lambda at: put_back(at.campaign, at.task.pk, answer="", by=at.owner),
    "leave_out": lambda at: leave_out(at.campaign, at.task.pk, answer="", by=at.owner),
    "undo_bulk": lambda at: undo_bulk(at.campaign, uuid4(), by=at.owner),
    "rule_on_items": lambda at: rule_on_items(
        at.campaign, [uuid4()], request=uuid4(), verdict="accepted", concept=None, reason="", by=at.owner
    ),
    "take_back": lambda at: take_back(at.campaign, uuid4(), by=at.owner),
    "learn_anew": lambda at: learn_anew(at.campaign, by=at.owner),
    "make_webhook": lambda at: make_webhook(
        at.campaign, url="https://example.org/told", events=["task.retired"], by=at.owner
    ),
    "write_announcement": lambda at: write_announcement(
        at.campaign, uuid4(), title={"en": "News"}, text={"en": "Much."}, by=at.owner
    ),
    "publish_announcement": lambda at: publish_announcement(at.campaign, uuid4(), mail=False, by=at.owner),
    "ask_for_similar": lambda at: ask_for_similar(at.lease, pk=uuid4(), box=[1, 1, 9, 9], concepts=[]),
    "offer_as_template": lambda at: offer_as_template(at.campaign, offered=True),
}
# Late work is kept, doors are closed, and who may read it is not a part of it.
ALLOWED: dict[str, Act] = {
    # What nobody can go on with may be read, and go.
    "read_review_draft": lambda at: read_review_draft(at.campaign, at.task.pk, by=at.owner),
    "drop_review_draft": lambda at: drop_review_draft(at.campaign, at.task.pk, by=at.owner),
    "submit": lambda at: submit(at.lease, nothing_here()),
    "revoke_link": lambda at: revoke_link(at.campaign, at.link.pk),
    "withdraw": lambda at: withdraw(at.campaign, at.invitation.pk),
    "assign_role": lambda at: assign_role(at.campaign, at.stranger, Role.OWNER, by=at.owner),
    "keep_out": lambda at: keep_out(at.campaign, hidden=True, by=at.owner),
    "archive_campaign": lambda at: archive_campaign(at.campaign, by=at.owner),
    "restore_campaign": lambda at: restore_campaign(at.campaign, by=at.owner),
}
# Tried elsewhere, or not about one campaign: making it, leases and what frees them, and what follows by itself.
ELSEWHERE = {
    "accept", "amend", "assign_group_role", "campaign_from", "claim", "copy_campaign", "create_campaign",
    "ask_about_split", "choose_annotated", "settle_added", "join_campaign", "release", "renew", "retire", "skip",
    # Asked in the background, or read.
    "check_regions", "check_shown", "follow_examples", "foresee", "is_large", "request_weighing", "settle_answers", "settle_steps", "settle_words",
    "subscribe",
    # They end in `configure_campaign`, or begin as the other ways to choose tasks.
    "choose_shown", "drop_entry", "keep_entry", "move_entry", "set_picture", "write_questions", "write_tutorial",
    "start_bulk", "adopt_visits", "erase_visitor", "evaluate_run", "evaluate_participant", "evaluate_people", "compare_runs", "request_agreement", "request_export", "request_ordering",
}  # fmt: skip


@pytest.mark.parametrize("verb", REFUSED)
def test_it_is_refused(verb: str, away: Away) -> None:
    before = Campaign.objects.filter(pk=away.campaign.pk).values().get()
    with pytest.raises(Conflict) as refused:
        REFUSED[verb](away)
    assert refused.value.code == "campaign-archived"
    assert Campaign.objects.filter(pk=away.campaign.pk).values().get() == before


@pytest.mark.parametrize("verb", ALLOWED)
def test_it_is_done(verb: str, away: Away) -> None:
    ALLOWED[verb](away)


def test_an_invitation_waits_until_the_campaign_is_back(away: Away) -> None:
    secret = "rub_secret"
    Invitation.objects.update(
        state="sent", digest=digest_of(secret), expires_at=timezone.now() + timedelta(days=1)
    )
    with pytest.raises(Conflict) as refused:
        accept(away.invitation.pk, secret, by=away.stranger)
    assert refused.value.code == "campaign-archived"
    restore_campaign(away.campaign, by=away.owner)
    assert accept(away.invitation.pk, secret, by=away.stranger) == away.campaign


def test_every_verb_about_a_campaign_is_in_a_table() -> None:
    """A new verb in `campaigns/actions/` that somebody (`by`) does to a campaign has to say what it does here."""
    known = {*REFUSED, *ALLOWED, *ELSEWHERE}
    found = {
        node.name
        for path in (Path(settings.ROOT) / "campaigns" / "actions").glob("*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if any(one.arg == "by" for one in node.args.kwonlyargs)
        if {one.arg for one in node.args.args} & {"campaign", "predictor", "link_id", "invitation_id"}
    }
    assert sorted(found - known) == []
    assert found >= {"decide", "mark_gold", "start_run", "start_release"}
