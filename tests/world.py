"""One private specimen of everything that has an address, with the whole cast in their roles around it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import orjson
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.actions import add_members, create_token, make_group
from accounts.models import User, digest_of
from accounts.roles import Role, grant
from annotation.actions.changes import Change, record_changes
from annotation.actions.keys import make_layer_key
from annotation.images import convert
from annotation.models import (
    Canvas,
    Layer,
    Manifest,
    SourceChange,
    SourceCollection,
    SourceImport,
    StoredImage,
)
from campaigns.actions import (
    Submission,
    assign_role,
    choose_canvases,
    create_campaign,
    join_campaign,
    open_campaign,
    submit,
)
from campaigns.actions.announcing import leaving_token
from campaigns.actions.links import make_link
from campaigns.actions.teaching import keep_entry
from campaigns.actions.webhooks import make_webhook, ping_webhook
from campaigns.agreement_report import agreement_report, unnamed_report, without_names
from campaigns.models import (
    AgreementReport,
    Announcement,
    Assignment,
    Campaign,
    Certificate,
    Comment,
    Evaluation,
    Invitation,
    LayerSearch,
    PersonalExport,
    PriorityTable,
    Release,
    ReleaseFile,
    Report,
    SimilarSearch,
    Team,
)
from campaigns.quality.evaluation import predicted_boxes, report_on_boxes, true_boxes
from taxonomy.actions import freeze_vocabulary
from taxonomy.actions.groupings import save_grouping
from taxonomy.actions.proposals import propose_concept
from taxonomy.models import MatchCandidate, Vocabulary, VocabularyImport
from tests.annotation.conftest import annotate, make_layer
from tests.campaigns.conftest import SETTINGS, make_manifest, make_vocabulary
from tests.campaigns.evaluations import run_that_said
from tests.cast import CAST, make_member
from work.models import Job

ROLES = (*CAST, "visitor")


@dataclass(frozen=True)
class World:
    """The people, and what to put into the parameters of an address."""

    people: dict[str, User]
    campaign: Campaign
    vocabulary: Vocabulary
    parameters: dict[str, object]

    def arguments(self, pattern: str, names: list[str]) -> dict[str, object]:
        """The arguments of a route: a slug means a vocabulary below `vocab…`, else a campaign."""
        slug = self.vocabulary.slug if "vocab" in pattern else self.campaign.slug
        known = {**self.parameters, "slug": slug}
        if "vocabularies/imports" in pattern:
            known["import_id"] = self.parameters["vocabulary_import_id"]
        if "statistics" in pattern or "watch" in pattern:
            known["table"] = "people"
        if "vocab" in pattern:
            known |= {"name": "turtle", "number": self.parameters["vocabulary_number"]}
        return {name: known[name] for name in names}


def build() -> World:
    """Olga owns everything; the others have their roles in the campaign only."""
    people = {role: make_member(role) for role in CAST}
    owner = people["owner"]
    vocabulary = make_vocabulary("private-words")
    Vocabulary.objects.update(is_public=False)
    grant(owner, vocabulary, Role.OWNER)
    manifest = make_manifest(3, owner, is_public=False)
    grant(owner, manifest, Role.OWNER)
    canvas = manifest.canvases.get(position=0)
    image = _image(owner, manifest, manifest.canvases.get(position=1))
    layer = make_layer(owner)
    (annotation,) = annotate(layer, canvas)
    campaign = _campaign(people, vocabulary, manifest)
    release = _release(campaign, owner)
    link, secret = make_link(campaign, name="A class", by=owner)
    webhook = make_webhook(campaign, url="https://example.org/told", events=["task.retired"], by=owner)
    # One secret is put into every address that has one: here it opens a team as well.
    team = Team.objects.create(campaign=campaign, name="Quills", digest=digest_of(secret))
    group = make_group(by=owner, title="A class")
    add_members(group, [people["observer"].username])
    invitation = Invitation.objects.create(
        campaign=campaign, email="new@example.org", role="observer", language="fr"
    )
    return World(
        people=people,
        campaign=campaign,
        vocabulary=vocabulary,
        parameters={
            "manifest_id": manifest.pk,
            "canvas_id": canvas.pk,
            "task_id": campaign.tasks.order_by("position")[0].pk,
            "step_id": campaign.tutorial[0]["id"],
            "team_id": team.pk,
            "table_id": PriorityTable.objects.create(campaign=campaign, name="order.csv", state="ready").pk,
            "announcement_id": Announcement.objects.create(
                campaign=campaign, title={"en": "News"}, text={"en": "Much."}
            ).pk,
            "comment_id": Comment.objects.create(
                id=uuid4(),
                campaign=campaign,
                participant=join_campaign(campaign, user=people["contributor"]),
                text="Hm.",
            ).pk,
            "report_id": Report.objects.create(
                campaign=campaign, task=campaign.tasks.order_by("position")[1], reason="image"
            ).pk,
            "token": leaving_token(campaign.pk, people["contributor"].pk),
            "batch": uuid4(),
            "request_id": uuid4(),
            "bulk_id": uuid4(),
            "image_id": image.pk,
            "parameters": "full/50,/0/default.jpg",
            "admitted": "no-pass",
            "layer_id": layer.pk,
            "username": people["contributor"].username,
            "annotation_id": annotation.pk,
            "concept_id": vocabulary.concepts.first().pk,
            "import_id": image.source_id,
            "vocabulary_import_id": _vocabulary_import(owner).pk,
            "job_id": Job.objects.create(
                kind="work.nothing", subject="x", requested_by=owner, state="failed"
            ).pk,
            "token_id": create_token(by=owner, name="script", scopes=["read"])[0].pk,
            "key_id": make_layer_key(layer, by=owner, name="Mirador", days=30)[0].pk,
            "assignment_id": (assignment := _assignment(campaign, people["contributor"])).pk,
            "search_id": _search(assignment, layer, canvas),
            "contribution_id": _contribution(campaign, people["contributor"]),
            "release_id": release.pk,
            "participant_id": campaign.participants.order_by("created_at")[0].pk,
            "evaluation_id": _evaluation(campaign, release, owner).pk,
            "export_id": PersonalExport.objects.create(
                user=owner,
                content="exports/none.zip",
                finished_at=timezone.now(),
                expires_at=timezone.now() + timedelta(days=1),
            ).pk,
            "certificate_id": (certificate := _certificate(owner)).pk,
            "code": certificate.code,
            "link_id": link.pk,
            "webhook_id": webhook.pk,
            "delivery_id": ping_webhook(webhook).pk,
            "secret": secret,
            "invitation_id": invitation.pk,
            "group_id": group.pk,
            "table": "classes",
            "collection_id": _following(owner).pk,
            "change_id": SourceChange.objects.get().pk,
            "number": 0,
            "name": "boxes.csv",
            "version": vocabulary.version,
            "proposal_id": propose_concept(
                vocabulary, id=uuid4(), label="missed", language="en", by=owner
            ).pk,
            "candidate_id": MatchCandidate.objects.create(
                vocabulary=vocabulary,
                concept=vocabulary.concepts.first(),
                authority="wikidata",
                place=0,
                uri="http://www.wikidata.org/entity/Q1",
                label="clef",
                asked="clef",
            ).pk,
            "vocabulary_number": freeze_vocabulary(vocabulary, by=owner).number,
            "grouping_id": save_grouping(
                vocabulary,
                title={"en": "All"},
                rule={"kind": "depth", "depth": 0},
                classes=[vocabulary.concepts.first().pk],
                by=owner,
            ).pk,
            "part": 1,
            "uidb36": "1",
            "key": "no-such-key",
            "pk": uuid4(),
        },
    )


def _image(owner: User, manifest: Manifest, canvas: Canvas) -> StoredImage:
    """An upload, with the one pyramid of the run: to convert it again would only cost time."""
    pyramid = Path(settings.DATA) / "pyramids" / "world.tif"
    if not pyramid.exists():
        pyramid.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (60, 40), "white").save(pyramid.with_suffix(".png"))
        convert(pyramid.with_suffix(".png"), pyramid)
    source = SourceImport.objects.create(kind="images", title="Upload", created_by=owner, manifest=manifest)
    return StoredImage.objects.create(
        source=source,
        canvas=canvas,
        name="page.png",
        state="ready",
        pyramid="pyramids/world.tif",
        width=60,
        height=40,
    )


def _following(owner: User) -> SourceCollection:
    """A collection that the owner follows, with a member that has left it."""
    collection = SourceCollection.objects.create(
        kind="collection", uri="https://example.org/c", created_by=owner
    )
    collection.members.create(kind="collection", uri=collection.uri)
    change = Change("members-removed", collection.uri, None, {"count": 1, "uris": ["https://example.org/m"]})
    record_changes([change], follower=owner, collection=collection)
    return collection


def _vocabulary_import(owner: User) -> VocabularyImport:
    return VocabularyImport.objects.create(slug="private-words", format="csv", created_by=owner)


def _campaign(people: dict[str, User], vocabulary: Vocabulary, manifest: Manifest) -> Campaign:
    owner = people["owner"]
    campaign = create_campaign(by=owner, slug="private", vocabulary=vocabulary, is_public=False, **SETTINGS)
    choose_canvases(campaign, manifests=[manifest.pk], by=owner)
    for role in ("manager", "reviewer", "contributor", "observer"):
        assign_role(campaign, people[role], Role(role), by=owner)
    step = {"id": str(uuid4()), "text": {"en": "Look."}, "canvas": None, "region": None, "example": None}
    keep_entry(campaign, "tutorial", step, by=owner)
    return open_campaign(campaign, by=owner)


def _assignment(campaign: Campaign, contributor: User) -> Assignment:
    return Assignment.objects.create(
        task=campaign.tasks.first(),
        participant=join_campaign(campaign, user=contributor),
        expires_at=timezone.now() + timedelta(hours=1),
    )


def _contribution(campaign: Campaign, contributor: User) -> UUID:
    """Something that the contributor has handed in."""
    assignment = Assignment.objects.create(
        task=campaign.tasks.last(),
        participant=join_campaign(campaign, user=contributor),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return submit(assignment, Submission(id=uuid4(), answer={"nothing_here": True})).id


def _release(campaign: Campaign, owner: User) -> Release:
    release = Release.objects.create(
        campaign=campaign, number=1, is_public=False, created_by=owner, manifest={"counts": {}}
    )
    ReleaseFile.objects.create(
        release=release, format="csv", name="boxes.csv", media_type="text/csv", size=4, sha256="0" * 64,
        content=ContentFile(b"a,b\n", "boxes.csv"),
    )  # fmt: skip
    AgreementReport.objects.create(campaign=campaign, report=unnamed_report(campaign), as_of=timezone.now())
    report = orjson.dumps(without_names(agreement_report(campaign, "en")))
    ReleaseFile.objects.create(
        release=release, format="agreement", name="agreement.json", media_type="application/json",
        size=len(report), sha256="0" * 64, content=ContentFile(report, "agreement.json"),
    )  # fmt: skip
    release.finished_at = timezone.now()
    release.save()
    return release


def _certificate(owner: User) -> Certificate:
    """Of somebody who looked at an image in the campaign of the world."""
    return Certificate.objects.create(
        user=owner,
        name="Olga",
        figures={
            "images": 1, "seconds": 60, "days": 1, "decided": 0, "judged": 0, "agreement": None,
            "first_on": "2026-01-01", "last_on": "2026-01-02", "campaigns": [{"en": "Draw every clef"}],
        },
    )  # fmt: skip


def _evaluation(campaign: Campaign, release: Release, owner: User) -> Evaluation:
    """Of a model that found nothing, against a release in which nothing is true."""
    figures = report_on_boxes(
        true_boxes([], [], [], []), predicted_boxes([], [], [], [], []), canvases=3
    ).figures
    return Evaluation.objects.create(
        run=run_that_said(campaign, owner, []), release=release, created_by=owner, finished_at=timezone.now(),
        parameters={"iou": 0.5, "class_aware": True, "score": None}, canvas_count=3,
        figures={
            **figures, "labels": [], "ceiling": None, "leakage": {"examples": [], "shown": [], "unasked": []},
            "counts": {"canvases": 3, "truths": 0, "predictions": 0, "elsewhere": 0, "other_shape": 0, "unscored": 0},
            "truth": {"file": "boxes.csv", "sha256": "0" * 64},
        },
    )  # fmt: skip


def _search(assignment: Assignment, layer: Layer, canvas: Canvas) -> UUID:
    """One id for both: what was looked for on a task, and on a canvas that people share."""
    pk = uuid4()
    SimilarSearch.objects.create(id=pk, assignment=assignment, box=[1, 1, 9, 9])
    LayerSearch.objects.create(id=pk, layer=layer, canvas=canvas, by=layer.created_by, box=[1, 1, 9, 9])
    return pk
