"""Which e-mail addresses people have shown to be theirs, as allauth keeps it."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from accounts.models import User


def with_verified_address(people: QuerySet[User]) -> QuerySet[User]:
    """Those whose address is verified: only they are written to without having asked for that very mail."""
    own = EmailAddress.objects.annotate(lowered=Lower("email")).filter(
        user=OuterRef("pk"), verified=True, lowered=Lower(OuterRef("email"))
    )
    return people.exclude(email="").filter(Exists(own))


def has_verified_address(user: User) -> bool:
    return with_verified_address(User.objects.filter(pk=user.pk)).exists()
