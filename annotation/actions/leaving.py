"""Somebody leaves: their own layers are deleted or handed over, what others rely on stays without their name."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.personal import names_of, roles_on
from accounts.roles import Role, grant
from accounts.signals import GOES, STAYS, Fate, Wishes
from annotation.actions.layers import delete_layer
from annotation.models import (
    Annotation,
    AnnotationRevision,
    Layer,
    LayerUserObjectPermission,
    Manifest,
    SourceCollection,
    SourceImport,
    StoredImage,
)
from problems import Conflict
from work.actions import stop_job
from work.models import Job

_UNFINISHED = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING)


# Who may do what in these follows from the campaign.
_OF_CAMPAIGNS = (
    Layer.Kind.CONTRIBUTIONS,
    Layer.Kind.CONSENSUS,
    Layer.Kind.DECISIONS,
    Layer.Kind.GROUND_TRUTH,
)


def own_layers(user: User) -> QuerySet[Layer]:
    """The layers outside campaigns that nobody but the person owns."""
    owners = LayerUserObjectPermission.objects.filter(
        content_object=OuterRef("pk"), permission__codename="own_layer"
    )
    return Layer.objects.filter(Exists(owners.filter(user=user)), ~Exists(owners.exclude(user=user))).exclude(
        kind__in=_OF_CAMPAIGNS
    )


def owns_something(user: User) -> bool:
    """Whether there is a layer or source that could be handed over."""
    return own_layers(user).exists() or bool(_owned(user))


def foresee_leaving(user: User) -> list[Fate]:
    layers = own_layers(user).filter(kind=Layer.Kind.PERSONAL).count()
    sources = len(_owned(user))
    fates = []
    if layers:
        sentence = ngettext(
            "%(count)d layer of your own is deleted with its annotations, or handed over if you name somebody.",
            "%(count)d layers of your own are deleted with their annotations, or handed over if you name somebody.",
            layers,
        )
        fates.append(Fate(GOES, sentence % {"count": layers}))
    if SourceCollection.objects.filter(created_by=user).exists():
        fates.append(Fate(GOES, _("The collections that you follow are no longer followed for you.")))
    if sources:
        sentence = ngettext(
            "%(count)d source that you brought in stays, with its images, since campaigns may ask about it.",
            "%(count)d sources that you brought in stay, with their images, since campaigns may ask about them.",
            sources,
        )
        fates.append(Fate(STAYS, sentence % {"count": sources}))
    return fates


def leave_layers_and_sources(user: User, wishes: Wishes) -> None:
    """Within the transaction in which the account goes; a layer that a campaign works with stays."""
    _stop_work(user)
    for layer in own_layers(user):
        if wishes.heir is not None:
            grant(wishes.heir, layer, Role.OWNER)
        elif layer.kind == Layer.Kind.PERSONAL:
            _delete(layer, user)
    if wishes.heir is not None:
        for manifest in Manifest.objects.filter(pk__in=_owned(user)).defer("document", "metadata"):
            grant(wishes.heir, manifest, Role.OWNER)
    # Images that stand on a canvas stay; the record of their upload names a person and goes.
    StoredImage.objects.filter(source__created_by=user, canvas__isnull=False).update(source=None)
    _let_go(user)
    _unname(user, names_of(user))


def _stop_work(user: User) -> None:
    imports = Q(source_import__in=SourceImport.objects.filter(created_by=user))
    crawls = Q(pk__in=SourceCollection.objects.filter(created_by=user).values("job"))
    for job in Job.objects.filter(_UNFINISHED, imports | crawls):
        stop_job(job)


def _delete(layer: Layer, user: User) -> None:
    try:
        delete_layer(layer, by=user)
    except Conflict:
        return  # something of a campaign stands on it; it stays, without anybody's name


def _owned(user: User) -> list[UUID]:
    return [pk for pk, role in roles_on(Manifest, user) if role == Role.OWNER]


def _let_go(user: User) -> None:
    """Two people who leave may have had the same file: as nobody's it would be the same layer twice."""
    nobodys = Layer.objects.filter(
        created_by=None, manifest=OuterRef("manifest"), source_uri=OuterRef("source_uri")
    )
    without = Layer.objects.filter(created_by=None, manifest=None, source_uri=OuterRef("source_uri"))
    mine = Layer.objects.filter(created_by=user).exclude(source_uri="")
    mine.filter(Exists(nobodys) | Q(Exists(without), manifest=None)).update(source_uri="")


def _unname(user: User, names: Sequence[str]) -> None:
    """Take the person's own name out of what they wrote in layers of others, now and before; others' names stay.

    Names in what campaigns write are the business of the room above, which has been told before this one.
    """
    called = [*names, user.public_name.lower()]
    said = Annotation.objects.filter(created_by=user, document__has_key="creator").exclude(
        layer__kind__in=_OF_CAMPAIGNS
    )
    for row in said.only("pk", "document").iterator(chunk_size=500):
        if _names_one_of(row.document["creator"], called):
            rest = {key: value for key, value in row.document.items() if key != "creator"}
            Annotation.objects.filter(pk=row.pk).update(
                document=rest, revision=F("revision") + 1, modified_at=Now()
            )
    before = AnnotationRevision.objects.filter(
        Q(annotation__created_by=user) | Q(by=user), document__has_key="creator"
    )
    for revision in before.only("pk", "document").iterator(chunk_size=500):
        if _names_one_of(revision.document["creator"], called):
            rest = {key: value for key, value in revision.document.items() if key != "creator"}
            AnnotationRevision.objects.filter(pk=revision.pk).update(document=rest)


def _names_one_of(creator: object, called: Sequence[str]) -> bool:
    """Whether a W3C agent (or several, or an id) is called so, in any of its properties."""
    if isinstance(creator, list):
        return any(_names_one_of(one, called) for one in creator)
    if isinstance(creator, dict):
        return any(_names_one_of(value, called) for value in creator.values())
    text = str(creator).lower().removeprefix("mailto:")
    return text in called
