"""Layers of people's own: made, renamed, published, shared and deleted."""

import re
from collections.abc import Mapping
from types import EllipsisType
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.roles import Role, grant, revoke
from annotation.models import Annotation, Layer, LayerUserObjectPermission
from annotation.permissions import require_own_kind
from problems import Conflict, Invalid, Refused
from problems.problem import Fault
from taxonomy.models import Vocabulary

# What a layer knows: nobody reviews in it.
ROLES = (Role.OBSERVER, Role.CONTRIBUTOR, Role.MANAGER, Role.OWNER)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|none")
LONGEST_LABEL = 300
MOST_LANGUAGES = 40
AT_ONCE = 2_000


def create_layer(
    *, by: User, label: Mapping[str, Any], is_public: bool = False, vocabulary: Vocabulary | None = None
) -> Layer:
    """A personal layer, whose maker owns it. Raises `Invalid` (no label), `Refused` (only curators publish).

    `vocabulary` is where people choose their labels; whoever calls has fetched it with `view`.
    """
    _require_publisher(by, is_public=is_public)
    label = _checked_label(label)
    with transaction.atomic():
        layer = Layer.objects.create(
            kind=Layer.Kind.PERSONAL, label=label, is_public=is_public, vocabulary=vocabulary, created_by=by
        )
        grant(by, layer, Role.OWNER)
    return layer


def change_layer(
    layer: Layer,
    *,
    by: User,
    label: Mapping[str, Any] | None = None,
    is_public: bool | None = None,
    vocabulary: Vocabulary | EllipsisType | None = ...,
) -> Layer:
    """Give the layer another label, or another public (None leaves it), or another vocabulary (None: free words).

    Raises what `create_layer` raises, and `Refused` for what belongs to a campaign.
    """
    require_own_kind(layer)
    changed = ["modified_at"]  # nothing else is written: somebody may be changing that
    if is_public is not None and is_public != layer.is_public:
        _require_publisher(by, is_public=is_public)
        layer.is_public = is_public
        changed.append("is_public")
    if label is not None:
        layer.label = _checked_label(label)
        changed.append("label")
    if not isinstance(vocabulary, EllipsisType):
        layer.vocabulary = vocabulary
        changed.append("vocabulary")
    layer.save(update_fields=changed)
    return layer


def delete_layer(layer: Layer, *, by: User) -> None:
    """Delete the layer with all its annotations and their history; whoever calls has fetched it with `own`.

    Raises `Refused` for what belongs to a campaign, and `Conflict` while something else stands on it.
    """
    require_own_kind(layer)
    try:
        with transaction.atomic():
            while batch := list(
                Annotation.objects.filter(layer=layer).values_list("pk", flat=True)[:AT_ONCE]
            ):
                Annotation.objects.filter(pk__in=batch).delete()
            layer.delete()
    except ProtectedError as error:
        raise Conflict(
            "A campaign works with annotations of this layer, so it cannot be deleted.", code="in-use"
        ) from error


def give_role(layer: Layer, user: User, role: Role | None, *, by: User) -> None:
    """Give somebody a role on the layer, in place of any other, or take it away; harmless to repeat.

    Whoever calls has fetched the layer with `own`. Raises `Conflict` when nobody would own it any more.
    """
    require_own_kind(layer)
    if role is not None and role not in ROLES:
        raise Invalid(
            "A layer has observers, contributors, managers and owners.", pointer="/role", code="unknown-role"
        )
    with transaction.atomic():
        Layer.objects.select_for_update().get(pk=layer.pk)
        if role != Role.OWNER:
            _keep_an_owner(layer, user)
        if role is None:
            revoke(user, layer)
        else:
            grant(user, layer, role)


def _keep_an_owner(layer: Layer, user: User) -> None:
    owners = LayerUserObjectPermission.objects.filter(
        content_object=layer, permission__codename="own_layer"
    ).values_list("user_id", flat=True)
    if set(owners) == {user.pk}:
        raise Conflict("A layer needs an owner. Make somebody else an owner first.", code="last-owner")


def _require_publisher(by: User, *, is_public: bool) -> None:
    if is_public and not (by.is_curator or by.is_superuser):
        raise Refused("Only curators may show a layer to everybody. Ask one to publish it for you.")


def _checked_label(label: Mapping[str, Any]) -> dict[str, str]:
    """Language → text, at least one; texts are trimmed and empty ones left out."""
    faults = []
    for language, text in label.items():
        if not _LANGUAGE.fullmatch(language):
            faults.append(
                Fault("/label", "A language is a tag such as “en” or “pt-BR”, or “none”.", "bad-language")
            )
        elif not isinstance(text, str) or len(text) > LONGEST_LABEL:
            faults.append(
                Fault(f"/label/{language}", "A label is a text of at most 300 characters.", "bad-label")
            )
    said = {language: str(text).strip() for language, text in label.items() if str(text).strip()}
    if not said or len(label) > MOST_LANGUAGES:
        faults.append(Fault("/label", "Name the layer in at least one language.", "no-label"))
    if faults:
        raise Invalid("The layer cannot be named so.", code="bad-label", faults=faults)
    return said
