"""What somebody did in campaigns, as files to take along; nothing in them tells which answers were known."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import (
    CHUNK,
    Part,
    account_parts,
    addresses_of,
    json_part,
    roles_on,
    table_part,
)
from annotation.models import Annotation
from annotation.personal import annotation_parts
from campaigns.actions.leaving import participations
from campaigns.disguise import state_of
from campaigns.models import (
    BulkReview,
    Campaign,
    Certificate,
    Comment,
    Contribution,
    ContributionRevision,
    Decision,
    Draft,
    Evaluation,
    Invitation,
    KeptRuling,
    LayerSearch,
    Opinion,
    Participant,
    Report,
    ReviewDraft,
    SimilarSearch,
    Subscription,
    TeamMember,
)
from campaigns.own_work import OwnWork, own_work, with_tasks
from campaigns.quality.people import Share
from campaigns.quality.verdicts import Outcome, Said
from campaigns.questions.parts import concepts_in
from campaigns.skills import skills_of
from taxonomy.personal import vocabulary_parts
from taxonomy.queries import labels_in
from work.personal import work_parts

AT_ONCE = 200
ANSWERS = (
    "campaign",
    "canvas",
    "submitted_at",
    "state",
    "labels",
    "nothing_here",
    "agreement",
    "comment",
    "id",
)
DECISIONS = ("task__campaign__slug", "task", "verdict", "reason", "at", "superseded_at")
CERTIFIED = ("name", "orcid", "figures", "made_at", "withdrawn_at", "code")
INVITED = ("campaign__slug", "email", "role", "language", "state", "created_at", "accepted_at")
T = TypeVar("T")


def parts_of(user: User, language: str) -> Iterator[Part]:
    """Every file of somebody's data, those of the rooms below first."""
    mine = participations(user)
    drawn = Annotation.objects.filter(contribution_shape__contribution__participant__in=mine)
    yield from account_parts(user)
    yield from work_parts(user)
    yield from vocabulary_parts(user)
    yield from annotation_parts(user, also=drawn)
    yield from _campaign_parts(user, mine, language)


def _campaign_parts(user: User, mine: QuerySet[Participant], language: str) -> Iterator[Part]:
    answers = Contribution.objects.filter(participant__in=mine).order_by("submitted_at", "pk")
    yield json_part(
        "participations.json",
        _("Where you took part, under which name, and how reliable your answers are reckoned there."),
        (_participation(one, language) for one in mine.select_related("campaign").order_by("created_at")),
    )
    yield json_part(
        "answers.json",
        _("Every answer that you handed in, whole, and what became of it."),
        (_answer(one, labels) for one, labels in _worked(answers, language)),
    )
    yield table_part(
        "answers.csv",
        _("The same as a table, for a spreadsheet."),
        ANSWERS,
        (_answer_row(one, labels) for one, labels in _worked(answers, language)),
    )
    searches = SimilarSearch.objects.filter(assignment__participant__in=mine).order_by("created_at")
    yield table_part(
        "searches.csv",
        _("What you had more of looked for while you drew."),
        ("campaign", "canvas", "at", "box"),
        searches.values_list(
            "assignment__task__campaign__slug", "assignment__task__canvas__uri", "created_at", "box"
        ).iterator(chunk_size=CHUNK),
    )
    together = LayerSearch.objects.filter(by=user).order_by("created_at")
    yield table_part(
        "searches-together.csv",
        _("What you had more of looked for on canvases that people annotate together, as far as it is kept."),
        ("layer", "canvas", "at", "box"),
        together.values_list("layer", "canvas__uri", "created_at", "box").iterator(chunk_size=CHUNK),
    )
    yield json_part(
        "answers-before.json", _("What your answers said before you changed them."), _revisions(answers)
    )
    yield json_part("drafts.json", _("What you have begun and not handed in yet."), _drafts(mine))
    yield table_part(
        "comments.csv",
        _("What you wrote beside your answers."),
        ("campaign", "canvas", "at", "comment"),
        answers.exclude(comment="")
        .values_list("task__campaign__slug", "task__canvas__uri", "submitted_at", "comment")
        .iterator(chunk_size=CHUNK),
    )
    decisions = Decision.objects.filter(by=user).order_by("at").values_list(*DECISIONS)
    yield table_part(
        "decisions.csv",
        _("What you decided as a reviewer, and why."),
        ("campaign", "task", "verdict", "reason", "at", "superseded_at"),
        decisions.iterator(chunk_size=CHUNK),
    )
    yield json_part(
        "review-drafts.json",
        _("What you have begun to decide as a reviewer and not saved yet."),
        ReviewDraft.objects.filter(by=user)
        .order_by("changed_at")
        .values("task__campaign__slug", "task", "changed_at", "body")
        .iterator(chunk_size=CHUNK),
    )
    yield table_part(
        "discussion.csv",
        _("What you said in discussions, and what you reported."),
        ("campaign", "canvas", "at", "kind", "text", "hidden_because"),
        _discussion(mine),
    )
    yield json_part(
        "campaigns.json",
        _("Your roles in campaigns, your certificates, and invitations to you."),
        _roles(user),
    )


def _drafts(mine: QuerySet[Participant]) -> Iterator[dict[str, Any]]:
    begun = Draft.objects.filter(assignment__participant__in=mine).order_by("changed_at")
    place = ("assignment__task__campaign__slug", "assignment__task__canvas__uri")
    rows = begun.values_list(*place, "changed_at", "based_on", "assignment__contribution", "body")
    for campaign, canvas, at, revision, answer, body in rows.iterator(chunk_size=CHUNK):
        changes = {"answer": answer, "revision": revision} if revision else None
        yield {"campaign": campaign, "canvas": canvas, "changed_at": at, "changes": changes, "draft": body}


def _discussion(mine: QuerySet[Participant]) -> Iterator[Sequence[object]]:
    columns = ("campaign__slug", "task__canvas__uri", "created_at", "text")
    said = Comment.objects.filter(participant__in=mine, deleted_at=None).order_by("created_at")
    for *row, why in said.values_list(*columns, "hidden_reason").iterator(chunk_size=CHUNK):
        yield (*row[:3], "comment", row[3], why)
    told = Report.objects.filter(participant__in=mine).order_by("created_at")
    for row in told.values_list(*columns).iterator(chunk_size=CHUNK):
        yield (*row[:3], "report", row[3], "")


def _roles(user: User) -> dict[str, Any]:
    roles = roles_on(Campaign, user)
    campaigns = Campaign.objects.in_bulk([pk for pk, _role in roles])
    invited = Q(accepted_by=user)
    for address in addresses_of(user):
        invited |= Q(email__iexact=address)
    return {
        "roles": [{"campaign": campaigns[pk].slug, "role": role} for pk, role in roles],
        "started": list(Campaign.objects.filter(created_by=user).values_list("slug", flat=True)),
        "certificates": list(Certificate.objects.filter(user=user).values(*CERTIFIED)),
        "invitations": list(Invitation.objects.filter(invited).values(*INVITED)),
        "news_by_mail": list(Subscription.objects.filter(user=user).values("campaign__slug", "created_at")),
        "teams": list(
            TeamMember.objects.filter(participant__in=participations(user)).values(
                "team__campaign__slug", "team__name"
            )
        ),
        "opinions": list(
            Opinion.objects.filter(by=user).values("task__campaign__slug", "task", "said", "at")
        ),
        "bulk_reviews": list(
            BulkReview.objects.filter(by=user).values("campaign__slug", "verdict", "reason", "at")
        ),
        "kept_rulings": list(
            KeptRuling.objects.filter(by=user).values(
                "item__consensus__task", "item", "verdict", "concept", "reason", "at"
            )
        ),
    }


def _participation(one: Participant, language: str) -> dict[str, Any]:
    return {
        "campaign": one.campaign.slug,
        "title": one.campaign.title,
        "name": one.pseudonym,
        "since": one.created_at,
        **_test_of(one),
        "reliability": _reliability(one, language),
        "measured_against_releases": _measured(one),
    }


def _test_of(one: Participant) -> dict[str, Any]:
    """When it was passed, and when the answers fell below: that moment would tell which answer was known."""
    is_secret = _is_secret(one.campaign)
    return {
        "passed_the_test_at": None if is_secret and one.campaign.requalify else one.qualified_at,
        "fell_below_at": None if is_secret else one.lapsed_at,
    }


def _is_secret(campaign: Campaign) -> bool:
    """Whether which answers are known must not be guessed from figures."""
    is_over = campaign.status in {Campaign.Status.CLOSED, Campaign.Status.ARCHIVED}
    return campaign.uses_gold and not campaign.gold_feedback and not is_over


def _measured(one: Participant) -> list[dict[str, Any]] | None:
    """Evaluations of this person, by their chief figures; as long a secret as how reliable they are."""
    if _is_secret(one.campaign):
        return None
    rows = Evaluation.objects.filter(participant=one, finished_at__isnull=False)
    columns = ("release__campaign__slug", "release__number", "parameters", "finished_at", "figures__overall")
    return [
        {"campaign": campaign, "release": number, "parameters": parameters, "at": at, "figures": figures}
        for campaign, number, parameters, at, figures in rows.values_list(*columns)
    ]


def _reliability(one: Participant, language: str) -> dict[str, Any] | None:
    """As the curators see it; of a campaign whose known answers are a secret still, not before it ends."""
    campaign = one.campaign
    is_over = campaign.status in {Campaign.Status.CLOSED, Campaign.Status.ARCHIVED}
    if _is_secret(campaign):
        return None
    skill = skills_of(campaign, [one.pk], language)[one.pk]
    return {
        "on_known_answers": _share(skill.gold),
        "beside_others": _share(skill.others),
        "by_label": [
            {"label": row.label, "on_known_answers": _share(row.gold), "beside_others": _share(row.others)}
            for row in skill.concepts
        ],
        "remarks": [flag.sentence for flag in skill.flags] if is_over else [],
    }


def _share(share: Share) -> dict[str, Any]:
    return {"mean": share.value, "interval": share.interval, "of": share.of}


# --- answers ----------------------------------------------------------------------------------------


def _chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    walk = iter(rows)
    while chunk := list(islice(walk, size)):
        yield chunk


def _worked(answers: QuerySet[Contribution], language: str) -> Iterator[tuple[OwnWork, dict[UUID, str]]]:
    """The answers in batches, with what became of them and the labels of what they name."""
    for rows in _chunks(with_tasks(answers).iterator(chunk_size=AT_ONCE), AT_ONCE):
        works = own_work(rows)
        labels = labels_in({pk for one in works for pk in _named(one)}, language)
        for one in works:
            yield one, labels


def _named(one: OwnWork) -> Iterator[UUID]:
    yield from map(UUID, _concepts(one))
    for outcome in one.verdict.outcomes if one.verdict else ():
        for side in (outcome.mine, outcome.truth):
            yield from (UUID(pk) for pk in (side.concepts if side else ()))


def _concepts(one: OwnWork) -> list[str]:
    return concepts_in(one.contribution.answer)


def _answer(one: OwnWork, labels: dict[UUID, str]) -> dict[str, Any]:
    row = one.contribution
    return {
        "id": row.pk,
        "campaign": row.task.campaign.slug,
        "manifest": row.task.canvas.manifest.uri,
        "canvas": row.task.canvas.uri,
        "region": row.task.region,
        "submitted_at": row.submitted_at,
        "amended_at": row.amended_at,
        "revision": row.revision,
        # As one's own work shows it: an answer that was known counts nowhere, and must not be told by that.
        "counted": row.counts or row.assignment.seeded,
        "state": state_of(row),
        "answer": row.answer,
        "labels": {pk: labels.get(UUID(pk), "?") for pk in _concepts(one)},
        "seconds": row.time_spent_s,
        "language": row.locale,
        "device": row.device,
        "predictions_shown": row.predictions_shown_id is not None,
        "campaign_version": row.campaign_version,
        "vocabulary_version": row.vocabulary_version,
        "verdict": one.verdict
        and {
            "agreement": one.verdict.agreement,
            "decided_at": one.verdict.decided_at,
            "outcomes": [_outcome(outcome, labels) for outcome in one.verdict.outcomes],
        },
    }


def _outcome(outcome: Outcome, labels: dict[UUID, str]) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "mine": _side(outcome.mine, labels),
        "truth": _side(outcome.truth, labels),
        "reason": outcome.reason,
    }


def _side(said: Said | None, labels: dict[UUID, str]) -> dict[str, Any] | None:
    if said is None:
        return None
    text = {"text": said.text.value} if said.text else {}
    return {"box": said.box, "labels": [labels.get(UUID(pk), "?") for pk in said.concepts], **text}


def _answer_row(one: OwnWork, labels: dict[UUID, str]) -> Sequence[object]:
    row = one.contribution
    return (
        row.task.campaign.slug,
        row.task.canvas.uri,
        row.submitted_at.isoformat(),
        state_of(row),
        "; ".join(labels.get(UUID(pk), "?") for pk in _concepts(one)),
        row.nothing_here,
        one.verdict.agreement if one.verdict else None,
        row.comment,
        row.pk,
    )


def _revisions(answers: QuerySet[Contribution]) -> Iterator[dict[str, Any]]:
    rows = ContributionRevision.objects.filter(contribution__in=answers.order_by())
    names = ("contribution", "revision", "answer", "stood_since", "ended_at")
    yield from rows.order_by("ended_at").values(*names).iterator(chunk_size=CHUNK)
