"""Who may see, join, review and run a campaign, and in one sentence why not."""

from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.kept_select import KeptSelect
from accounts.models import User
from accounts.roles import VERBS, Decision, Person, Role, allow, verbs_of, visible_to
from campaigns.models import (
    Assignment,
    Campaign,
    CampaignGroupObjectPermission,
    CampaignUserObjectPermission,
    Contribution,
    Evaluation,
    Participant,
    PersonalExport,
    PredictionRun,
    Release,
    Webhook,
)
from problems import Conflict, Gone, Missing, Refused, Unauthenticated

# A draft is the business of those who have a role in it, even where the campaign will be public.
PUBLIC = Q(is_public=True) & ~Q(status=Campaign.Status.DRAFT)


def visible_campaigns(person: Person) -> QuerySet[Campaign]:
    """The campaigns that the person may see: public ones that have been opened, and those with a role."""
    return visible_to(person, Campaign.objects.all(), public=PUBLIC)


def in_lists(campaigns: QuerySet[Campaign], *, archived: bool = False) -> QuerySet[Campaign]:
    """Those that lists show: without the archived ones, or these alone."""
    put_away = Q(status=Campaign.Status.ARCHIVED)
    return campaigns.filter(put_away if archived else ~put_away)


def get_campaign_for(person: Person, slug: str, verb: str) -> Campaign:
    """The one gate to a campaign, with its vocabulary; one query.

    `view`; `join` (may take part as far as the role goes); `contribute` (may take part, and the campaign is
    open right now); `translate` (may write its texts); `review`, `manage`, `own`. Raises `Missing`
    where the campaign is invisible, `Unauthenticated` or `Refused` with the reason where it is not.
    """
    if isinstance(person, User) and not person.is_superuser:
        campaign = _CAMPAIGN_OF_USER.first(slug=slug, user=person.pk)
    else:
        campaign = _CAMPAIGN.first(slug=slug)
    if campaign is None:
        raise Missing(_("There is no campaign at this address, or you may not see it."))
    return _admitted(person, campaign, verb)


def get_part_for(person: Person, slug: str, *, visitor: str = "") -> tuple[Campaign, Participant | None]:
    """The gate to a campaign with `join`, and one's participation, if one has joined: then one query.

    Without an account one is known by `visitor`, the SHA-256 of the cookie's secret.
    """
    part = None
    if isinstance(person, User):
        part = _PART_OF_USER.first(slug=slug, user=person.pk)
    elif visitor:
        part = _PART_OF_VISITOR.first(slug=slug, visitor=visitor)
    if part is None:
        return get_campaign_for(person, slug, "join"), None
    campaign: Any = part.campaign
    if isinstance(person, User):
        row: Any = part
        campaign.held, campaign.held_by_groups = row.held, row.held_by_groups
    return _admitted(person, campaign, "join"), part


def _admitted(person: Person, campaign: Campaign, verb: str) -> Campaign:
    held = verbs_held(person, campaign)
    visible = "view" in held or (campaign.is_public and campaign.status != Campaign.Status.DRAFT)
    decision = decide(person, campaign, "join" if verb == "contribute" else verb)
    allow(person, campaign, verb, visible=visible, decision=decision)
    if verb == "contribute" and not campaign.is_running:
        raise Refused(why_not_open(campaign), code=f"campaign-{_said_status(campaign)}")
    return campaign


def _held_by(user: int, campaign: str = "pk") -> dict[str, ArraySubquery]:
    """What the user may do by a grant of their own, and by those of the groups they are in."""
    own = CampaignUserObjectPermission.objects.filter(content_object=OuterRef(campaign), user=user)
    of_groups = CampaignGroupObjectPermission.objects.filter(
        content_object=OuterRef(campaign), group__user=user
    )
    return {
        "held": ArraySubquery(own.values("permission__codename")),
        "held_by_groups": ArraySubquery(of_groups.values("permission__codename")),
    }


def _campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("vocabulary")


def _parts(slug: str) -> QuerySet[Participant]:
    rows = Participant.objects.select_related("campaign__vocabulary").filter(campaign__slug=slug)
    return rows.defer("created_at", *_read_elsewhere("campaign"))


def _read_elsewhere(campaign: str) -> list[str]:
    """What pages say of a campaign and its vocabulary, and nobody needs who takes a task or hands one in."""
    texts = (
        "summary",
        "instructions",
        "tutorial",
        "faq",
        "goals",
        "rights",
        "target_on",
        "created_at",
        "modified_at",
    )
    of_vocabulary = ("title", "description", "licence", "source", "extra", "created_at", "modified_at")
    return [
        *(f"{campaign}__{name}" for name in texts),
        *(f"{campaign}__vocabulary__{name}" for name in of_vocabulary),
    ]


_CAMPAIGN = KeptSelect(lambda slug: _campaigns().filter(slug=slug), slug=str)
_CAMPAIGN_OF_USER = KeptSelect(
    lambda slug, user: _campaigns().filter(slug=slug).annotate(**_held_by(user)), slug=str, user=int
)
_PART_OF_USER = KeptSelect(
    lambda slug, user: _parts(slug).filter(user=user).annotate(**_held_by(user, "campaign")),
    slug=str,
    user=int,
)
_PART_OF_VISITOR = KeptSelect(
    lambda slug, visitor: _parts(slug).filter(visitor=visitor), slug=str, visitor=str
)


def verbs_held(person: Person, campaign: Campaign) -> frozenset[str]:
    """What the person may do by an explicit role; no query for a campaign that came through the gate."""
    granted: Any = getattr(campaign, "held", None)
    if isinstance(person, User) and person.is_superuser:
        return frozenset(VERBS[Role.OWNER])
    if not isinstance(person, User):
        return frozenset()
    if granted is None:
        return verbs_of(person, campaign)
    codenames = [*granted, *getattr(campaign, "held_by_groups", ())]
    return frozenset(codename.split("_", 1)[0] for codename in codenames)


def decide(person: Person, campaign: Campaign, verb: str) -> Decision:
    """Whether the person may, and why not; the verbs are those of `get_campaign_for`."""
    held = verbs_held(person, campaign)
    public = campaign.is_public and campaign.status != Campaign.Status.DRAFT
    match verb:
        case "view":
            return Decision("view" in held or public, _("You have no role in this campaign."))
        case "join":
            return _decide_join(person, campaign, held)
        case "contribute":
            decision = _decide_join(person, campaign, held)
            if decision.allowed and not campaign.is_running:
                return Decision(allowed=False, reason=why_not_open(campaign))
            return decision
        case "translate":
            # Who runs a campaign writes its texts; the grants of managers do not name this by itself.
            return Decision(
                bool({"translate", "manage"} & held), _("Only its translators and the people who run it may.")
            )
        case "review":
            return Decision("review" in held, _("Only reviewers of this campaign may do this."))
        case "manage":
            return Decision("manage" in held, _("Only the people who run this campaign may do this."))
    return Decision(verb in held, _("Only the owners of this campaign may do this."))


def _decide_join(person: Person, campaign: Campaign, held: frozenset[str]) -> Decision:
    if "contribute" in held or (
        campaign.is_public and (isinstance(person, User) or campaign.allows_anonymous)
    ):
        return Decision(allowed=True)
    if not isinstance(person, User):
        return Decision(allowed=False, reason=_("Sign in to contribute to this campaign."))
    return Decision(
        allowed=False,
        reason=_(
            "You may look at this campaign but are not among its contributors. Ask its owner to add you."
        ),
    )


def _said_status(campaign: Campaign) -> str:
    """Its status; “closed” once its time is over, though nobody has written that down yet."""
    over = campaign.status in {Campaign.Status.OPEN, Campaign.Status.PILOT} and not campaign.is_running
    return Campaign.Status.CLOSED if over else campaign.status


def refuse_archived(campaign: Campaign) -> None:
    """What has been put away is only read."""
    if campaign.status == Campaign.Status.ARCHIVED:
        raise Conflict(
            _("This campaign is archived. Bring it back before you change anything."),
            code="campaign-archived",
        )


# Who runs a campaign lets people in up to this role; to make somebody a manager or an owner is the owners' business.
GIVEN_BY_MANAGERS = (Role.REVIEWER, Role.CONTRIBUTOR, Role.TRANSLATOR, Role.OBSERVER)


def require_may_give(person: Person, campaign: Campaign, role: Role) -> None:
    """Refuse to let somebody in with a role that the person may not give; they run the campaign."""
    if role in GIVEN_BY_MANAGERS or "own" in verbs_held(person, campaign):
        return
    raise Refused(_("Only the owners of this campaign may give this role."))


def why_not_open(campaign: Campaign) -> str:
    """The sentence for somebody who would like to contribute just now; empty while the campaign is open."""
    match _said_status(campaign):
        case Campaign.Status.DRAFT:
            return _("This campaign is still being prepared.")
        case Campaign.Status.PAUSED:
            return _("This campaign is paused. Come back later.")
        case Campaign.Status.CLOSED | Campaign.Status.ARCHIVED:
            return _("This campaign is closed. Thank you to everybody who took part.")
    return ""


def get_assignment_for(
    person: Person, assignment_id: UUID | str, *, visitor: str = "", slug: str | None = None
) -> Assignment:
    """The one gate to a lease: one's own, as a user or as a visitor (SHA-256 of the cookie's secret).

    What somebody was given they may hand in, whatever became of the campaign since: late work is kept,
    and so is what was left behind when a visitor's work was taken over.
    Comes with task, campaign, vocabulary, canvas, manifest and participant; one query.
    """
    values: dict[str, Any] = {"pk": UUID(str(assignment_id))}
    if isinstance(person, User):
        values["user"] = person.pk
    if visitor:
        values["visitor"] = visitor
    found = _lease_kept(frozenset(values)).first(**values) if len(values) > 1 else None
    if found is None or (slug and found.task.campaign.slug != slug):
        _refuse_unrecognised(person)
        raise Missing(_("You have been given no such task."))
    return found


@cache
def _lease_kept(names: frozenset[str]) -> KeptSelect[Assignment]:
    """The select of somebody's lease, for those by whom it may be: a user, a visitor, or both."""
    kinds: dict[str, type] = {"pk": UUID, "user": int, "visitor": str}
    return KeptSelect(_lease_of, **{name: kinds[name] for name in sorted(names)})


def _lease_of(pk: UUID, user: int | None = None, visitor: str = "") -> QuerySet[Assignment]:
    mine = Q(participant__visitor=visitor) if visitor else Q()
    if user is not None:
        mine |= Q(participant__user=user) | Q(participant__merged_into__user=user)
    # In no order: by the key it would cost two milliseconds over so many columns.
    rows = Assignment.objects.filter(mine, pk=pk)
    manifest = ("document", "metadata", "summary", "provider", "homepage", "created_at", "modified_at")
    return rows.select_related("participant", "task__campaign__vocabulary", "task__canvas__manifest").defer(
        "participant__created_at",
        "task__canvas__extra",
        *(f"task__canvas__manifest__{name}" for name in manifest),
        *_read_elsewhere("task__campaign"),
    )


def own_assignments(person: Person, *, visitor: str = "") -> QuerySet[Assignment]:
    """The leases that the person was ever given, as `get_assignment_for` knows them."""
    if not visitor:
        _refuse_unrecognised(person)
    mine = Q(participant__visitor=visitor) if visitor else Q()
    if isinstance(person, User):
        mine |= Q(participant__user=person) | Q(participant__merged_into__user=person)
    return Assignment.objects.filter(mine)


def _by_oneself(person: Person, visitor: str) -> Q:
    """A condition on rows with a `participant`: oneself, as a user or as the visitor of this browser."""
    mine = Q(pk__in=[])
    if isinstance(person, User):
        mine |= Q(participant__user=person)
    if visitor:
        mine |= Q(participant__visitor=visitor)
    return mine


def _refuse_unrecognised(person: Person) -> None:
    if not isinstance(person, User):
        raise Unauthenticated(
            _("We do not recognise you. Sign in again; what you have drawn is kept on your device."),
            headers={"WWW-Authenticate": "Bearer"},
        )


def own_contributions(person: Person, *, visitor: str = "") -> QuerySet[Contribution]:
    """What the person has handed in, as a user or as a visitor of this browser, newest first."""
    return Contribution.objects.filter(_by_oneself(person, visitor)).order_by("-submitted_at", "-pk")


def get_contribution_for(person: Person, contribution_id: UUID | str, *, visitor: str = "") -> Contribution:
    """The one gate to what was handed in: one's own, whatever became of the campaign since; one query.

    Comes with assignment, task, campaign, vocabulary, canvas, manifest and participant.
    """
    rows = own_contributions(person, visitor=visitor).select_related(
        "assignment__task__campaign__vocabulary",
        "assignment__task__canvas__manifest",
        "assignment__participant__user",
    )
    contribution = (
        rows.defer(
            "assignment__task__canvas__manifest__document", "assignment__task__canvas__manifest__metadata"
        )
        .filter(pk=contribution_id)
        .first()
    )
    if contribution is None:
        _refuse_unrecognised(person)
        raise Missing(_("You have handed in nothing under this address."))
    contribution.participant = contribution.assignment.participant
    return contribution


def get_webhook_for(person: Person, slug: str, webhook_id: UUID | str) -> Webhook:
    """The one gate to a webhook, for those who run its campaign; two queries."""
    campaign = get_campaign_for(person, slug, "manage")
    webhook = Webhook.objects.filter(pk=webhook_id, campaign=campaign).first()
    if webhook is None:
        raise Missing(_("The campaign has no such webhook."))
    webhook.campaign = campaign
    return webhook


def visible_releases(person: Person) -> QuerySet[Release]:
    """Finished public releases, and all those of campaigns that the person runs or reviews."""
    public = Q(is_public=True, finished_at__isnull=False)
    if not isinstance(person, User):
        return Release.objects.filter(public)
    if person.is_superuser:
        return Release.objects.all()
    return Release.objects.filter(public | Q(campaign__in=_campaigns_with(person, "review_campaign")))


def _campaigns_with(user: User, codename: str) -> QuerySet[Campaign, Any]:
    """The ids of the campaigns on which the user holds this permission, by themselves or by a group."""
    own = CampaignUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), user=user, permission__codename=codename
    )
    of_groups = CampaignGroupObjectPermission.objects.filter(
        content_object=OuterRef("pk"), group__user=user, permission__codename=codename
    )
    return Campaign.objects.filter(Exists(own) | Exists(of_groups)).order_by().values("pk")


def get_release_for(person: Person, release_id: UUID | str) -> Release:
    """The one gate to a release: to see it is to be allowed to download it."""
    rows = visible_releases(person).select_related("campaign", "job", "created_by").prefetch_related("files")
    release = rows.filter(pk=release_id).first()
    if release is None:
        raise Missing(_("There is no release at this address, or you may not see it."))
    return release


def manageable_runs(person: Person) -> QuerySet[PredictionRun]:
    """The runs of models in campaigns that the person runs."""
    return _runs_by(person, "manage_campaign")


def _runs_by(person: Person, codename: str) -> QuerySet[PredictionRun]:
    if not isinstance(person, User):
        return PredictionRun.objects.none()
    if person.is_superuser:
        return PredictionRun.objects.filter(predictor__assists=False)
    return PredictionRun.objects.filter(
        predictor__assists=False, predictor__campaign__in=_campaigns_with(person, codename)
    )


def visible_evaluations(person: Person) -> QuerySet[Evaluation]:
    """Evaluations against releases that the person may see: of models in campaigns that they run or review, of people
    in campaigns that they run."""
    if not isinstance(person, User):
        return Evaluation.objects.none()
    runs = _runs_by(person, "review_campaign")
    releases = visible_releases(person)
    return Evaluation.objects.filter(
        Q(run__in=runs.order_by().values("pk"))
        | Q(participant__in=manageable_participants(person).order_by().values("pk")),
        release__in=releases.order_by().values("pk"),
    )


def manageable_participants(person: Person) -> QuerySet[Participant]:
    """Who took part in campaigns that the person runs."""
    if not isinstance(person, User):
        return Participant.objects.none()
    people = Participant.objects.filter(merged_into=None)
    if person.is_superuser:
        return people
    return people.filter(campaign__in=_campaigns_with(person, "manage_campaign"))


def get_evaluation_for(person: Person, evaluation_id: UUID | str) -> Evaluation:
    """The one gate to an evaluation, with run or participant, release and job; one query."""
    rows = visible_evaluations(person).select_related(
        "run__predictor__campaign", "participant__campaign", "release__campaign", "job"
    )
    evaluation = rows.filter(pk=evaluation_id).first()
    if evaluation is None:
        raise Missing(_("There is no evaluation at this address, or you may not see it."))
    return evaluation


def get_export_for(person: Person, export_id: UUID | str) -> PersonalExport:
    """The one gate to an export of somebody's data: theirs alone, whoever runs the site; with its job.

    Raises `Conflict` while it is being written, and `Gone` when its time is over.
    """
    rows = PersonalExport.objects.select_related("job")
    export = rows.filter(pk=export_id, user=person).first() if isinstance(person, User) else None
    if export is None:
        raise Missing(_("There is no such export of yours."))
    if export.finished_at is None or export.expires_at is None:
        raise Conflict(_("This export is still being written. Look again in a moment."), code="not-finished")
    if export.expires_at <= timezone.now():
        raise Gone(_("The time of this export is over. Ask for a new one."))
    return export
