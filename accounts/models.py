"""People, their API tokens, and nothing about what they did."""

import secrets
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody with a login; in public only the pseudonym is shown."""

    first_name = None  # type: ignore[assignment]  # names are not asked for
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), blank=True)
    pseudonym = models.CharField(_("public name"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    is_curator = models.BooleanField(
        default=False, help_text="May import sources and start vocabularies and campaigns."
    )
    orcid = models.CharField(max_length=19, blank=True, default="", help_text="ORCID iD with its hyphens.")
    is_credited = models.BooleanField(
        default=False, help_text="Wishes to be named, with the ORCID iD, in the credits of releases."
    )
    is_simulated = models.BooleanField(default=False, help_text="A simulated person of the demonstration.")

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            models.UniqueConstraint(
                Lower("email"), name="user_email_any_case", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        return self.pseudonym or self.username

    def get_full_name(self) -> str:
        return self.public_name

    def get_short_name(self) -> str:
        return self.public_name


class Scope(models.TextChoices):
    READ = "read", _("Read what I may see")
    WRITE = "write", _("Change what I may change")


def digest_of(secret: str) -> str:
    """SHA-256 of a token, hex: tokens are random and long, so a slow hash would add nothing."""
    return sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A token as it is shown once: `rub_` and 43 random characters."""
    return f"rub_{secrets.token_urlsafe(32)}"


class ApiToken(models.Model):
    """A key for programs; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope))
    bound_to = models.CharField(
        max_length=80, blank=True, default="", help_text="The one thing it is good for; empty for everything."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            # The keys of one thing, on its page.
            models.Index(fields=["bound_to"], name="token_bound_to", condition=~models.Q(bound_to="")),
        ]

    def __str__(self) -> str:
        return self.name

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class PeopleGroup(models.Model):
    """A group of people by name, such as a class, that is given a role at once; its members may change."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Roles hang on Django's group, as guardian's tables want it; its own name is of no use and holds our id.
    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="people_group")
    title = models.CharField(_("name"), max_length=80)
    created_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="people_groups", help_text="Who looks after it."
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title", "created_at"]

    def __str__(self) -> str:
        return self.title
