"""Who a session belongs to; every request asks, so the select is written once."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.kept_select import KeptSelect
from accounts.models import User

_USER = KeptSelect(lambda pk: User.objects.filter(pk=pk), pk=int)


class AccountBackend(AuthenticationBackend):  # type: ignore[misc] # allauth has no types
    """Signs in by name or e-mail and password, like the one of allauth."""

    def get_user(self, user_id: int) -> User | None:
        user = _USER.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
