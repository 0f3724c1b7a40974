"""Roles on one object, as named sets of permissions kept in guardian's direct-foreign-key tables."""

from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from django.contrib.auth.models import AnonymousUser, Permission
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.utils import get_user_obj_perms_model

from accounts.models import User
from problems import Missing, Refused, Unauthenticated

Person: TypeAlias = User | AnonymousUser
Aggregate = TypeVar("Aggregate", bound=models.Model)


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    REVIEWER = "reviewer", _("Reviewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    OBSERVER = "observer", _("Observer")


# What each role may do; an object's model declares which of these verbs it knows.
VERBS: dict[Role, tuple[str, ...]] = {
    Role.OBSERVER: ("view",),
    Role.CONTRIBUTOR: ("view", "contribute"),
    Role.REVIEWER: ("view", "contribute", "review"),
    Role.MANAGER: ("view", "contribute", "review", "manage"),
    Role.OWNER: ("view", "contribute", "review", "manage", "own"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something is allowed, and in one sentence why not."""

    allowed: bool
    reason: str = ""


def grant(user: User, target: models.Model, role: Role) -> None:
    """Give a person this role on the object, in place of any other; harmless to repeat."""
    grants = get_user_obj_perms_model(target)
    codenames = [f"{verb}_{target._meta.model_name}" for verb in VERBS[role]]
    with transaction.atomic():
        revoke(user, target)
        permissions = Permission.objects.filter(
            codename__in=codenames, content_type__app_label=target._meta.app_label
        )
        grants._default_manager.bulk_create(
            [grants(user=user, permission=permission, content_object=target) for permission in permissions],
            ignore_conflicts=True,
        )


def revoke(user: User, target: models.Model) -> None:
    """Take every role on the object away."""
    get_user_obj_perms_model(target)._default_manager.filter(user=user, content_object=target).delete()


def verbs_of(person: Person, target: models.Model) -> frozenset[str]:
    """What the person may do with the object by an explicit grant; one query."""
    if not isinstance(person, User):
        return frozenset()
    if person.is_superuser:
        return frozenset(VERBS[Role.OWNER])
    rows = get_user_obj_perms_model(target)._default_manager.filter(user=person, content_object=target)
    return frozenset(
        codename.split("_", 1)[0] for codename in rows.values_list("permission__codename", flat=True)
    )


def role_of(person: Person, target: models.Model) -> Role | None:
    """The strongest role whose verbs (of those the object knows) the person holds."""
    held = verbs_of(person, target)
    known = {codename.split("_", 1)[0] for codename, _name in target._meta.permissions}
    for role in (Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.CONTRIBUTOR, Role.OBSERVER):
        if held and (set(VERBS[role]) & known) <= held:
            return role
    return None


def visible_to(person: Person, rows: QuerySet[Aggregate], *, public: Q) -> QuerySet[Aggregate]:
    """The rows that are public or on which the person holds `view`; one query, no join that multiplies."""
    if isinstance(person, User) and person.is_superuser:
        return rows
    if not isinstance(person, User):
        return rows.filter(public)
    model: Any = rows.model  # guardian takes a class as well as a row, and says so nowhere
    grants: Any = get_user_obj_perms_model(model)
    mine = grants._default_manager.filter(
        content_object=OuterRef("pk"), user=person, permission__codename=f"view_{rows.model._meta.model_name}"
    )
    return rows.filter(public | Exists(mine))


def allow(person: Person, target: Aggregate, verb: str, *, visible: bool, decision: Decision) -> Aggregate:
    """The one gate's last step: the object, or 404 if invisible, 401 or 403 with the reason if refused."""
    if not visible:
        raise Missing("There is nothing at this address, or you may not see it.")
    if decision.allowed:
        return target
    if not isinstance(person, User):
        raise Unauthenticated("Sign in to do this.", headers={"WWW-Authenticate": "Bearer"})
    raise Refused(decision.reason or f"Your role does not include the permission to {verb} this.")
