"""How allauth makes accounts here: the public name starts as the username."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        user.language = (get_language() or "en").split("-")[0]
        saved: User = super().save_user(request, user, form, commit)
        return saved
