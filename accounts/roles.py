"""Roles on one object, as named sets of permissions kept in guardian's direct-foreign-key tables."""

from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from accounts.models import User
from problems import Missing, Refused, Unauthenticated

Person: TypeAlias = User | AnonymousUser
Aggregate = TypeVar("Aggregate", bound=models.Model)


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    REVIEWER = "reviewer", _("Reviewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    TRANSLATOR = "translator", _("Translator")
    OBSERVER = "observer", _("Observer")


# What each role may do; an object's model declares which of these verbs it knows.
VERBS: dict[Role, tuple[str, ...]] = {
    Role.OBSERVER: ("view",),
    Role.TRANSLATOR: ("view", "translate"),
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


def grant(holder: User | Group, target: models.Model, role: Role) -> None:
    """Give a person, or everybody in a group, this role on the object, in place of any other."""
    codenames = [f"{verb}_{target._meta.model_name}" for verb in VERBS[role]]
    name, grants = _grants(holder, target)
    with transaction.atomic():
        revoke(holder, target)
        permissions = Permission.objects.filter(
            codename__in=codenames, content_type__app_label=target._meta.app_label
        )
        grants._default_manager.bulk_create(
            [
                grants(permission=permission, content_object=target, **{name: holder})
                for permission in permissions
            ],
            ignore_conflicts=True,
        )


def revoke(holder: User | Group, target: models.Model) -> None:
    """Take every role on the object away."""
    name, grants = _grants(holder, target)
    grants._default_manager.filter(content_object=target, **{name: holder}).delete()


def _grants(holder: User | Group, target: models.Model) -> tuple[str, Any]:
    """The column and the table that keep what this kind of holder may do with the object."""
    if isinstance(holder, User):
        return "user", get_user_obj_perms_model(target)
    grants = _of_groups(target)
    if grants is None:
        raise TypeError(f"groups have no roles on a {target._meta.model_name}")
    return "group", grants


def _of_groups(target: Any) -> Any:
    """The table of the grants of groups on this kind of object; None where only persons have roles."""
    grants: Any = get_group_obj_perms_model(target)
    return None if grants.objects.is_generic() else grants


def verbs_of(person: Person, target: models.Model) -> frozenset[str]:
    """What the person may do with the object by a grant, their own or of a group; one query."""
    if not isinstance(person, User):
        return frozenset()
    if person.is_superuser:
        return frozenset(VERBS[Role.OWNER])
    rows = get_user_obj_perms_model(target)._default_manager.filter(user=person, content_object=target)
    codenames = rows.values_list("permission__codename", flat=True)
    of_groups = _of_groups(target)
    if of_groups is not None:
        more = of_groups._default_manager.filter(group__user=person, content_object=target)
        codenames = codenames.union(more.values_list("permission__codename", flat=True))
    return frozenset(codename.split("_", 1)[0] for codename in codenames)


def role_of(person: Person, target: models.Model) -> Role | None:
    """The strongest role whose verbs (of those the object knows) the person holds."""
    known = {codename.split("_", 1)[0] for codename, _name in target._meta.permissions}
    return strongest_role(verbs_of(person, target), known)


def strongest_role(held: frozenset[str] | set[str], known: set[str]) -> Role | None:
    """The strongest role that these verbs make up, on an object that knows the verbs `known`."""
    for role in Role:
        unknown_here = role == Role.TRANSLATOR and "translate" not in known
        if held and not unknown_here and (set(VERBS[role]) & known) <= held:
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
    wanted: Any = {"content_object": OuterRef("pk"), "permission__codename": f"view_{model._meta.model_name}"}
    mine = Q(Exists(grants._default_manager.filter(user=person, **wanted)))
    of_groups = _of_groups(model)
    if of_groups is not None:
        mine |= Q(Exists(of_groups._default_manager.filter(group__user=person, **wanted)))
    return rows.filter(public | mine)


def allow(person: Person, target: Aggregate, verb: str, *, visible: bool, decision: Decision) -> Aggregate:
    """The one gate's last step: the object, or 404 if invisible, 401 or 403 with the reason if refused."""
    if not visible:
        raise Missing("There is nothing at this address, or you may not see it.")
    if decision.allowed:
        return target
    if not isinstance(person, User):
        raise Unauthenticated("Sign in to do this.", headers={"WWW-Authenticate": "Bearer"})
    raise Refused(decision.reason or f"Your role does not include the permission to {verb} this.")
