"""Sessions in the database, as Django keeps them; every request reads one, and whose it is in the same statement."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.utils import timezone

from accounts.kept_select import KeptSelect
from accounts.models import User

_SESSION = KeptSelect(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime
)
_WITH_OWNER = KeptSelect(
    lambda key, now, user: User.objects.filter(pk=user).annotate(
        session=Subquery(Session.objects.filter(session_key=key, expire_date__gt=now).values("session_data"))
    ),
    key=str,
    now=datetime,
    user=int,
)
# Whose a session was when it was read last: what to ask for along with it, never what is believed.
_guesses: dict[str, int] = {}
MOST_GUESSES = 10_000


def _content(signed: str) -> dict[str, Any]:
    """What a session holds; the signature of the same text is checked once a process."""
    content: dict[str, Any] = json.loads(_checked(signed))
    return content


@lru_cache(MOST_GUESSES)
def _checked(signed: str) -> str:
    return json.dumps(SessionStore().decode(signed))


class SessionStore(DatabaseSessions):
    owner: User | None = None  # as the database has them, where they came along with the session

    def load(self) -> dict[str, Any]:
        guess = _guesses.get(self.session_key or "")
        found: Any = guess and _WITH_OWNER.first(key=self.session_key, now=timezone.now(), user=guess)
        data = _content(found.session) if found and found.session else super().load()
        self.owner = found if found and data.get(SESSION_KEY) == str(found.pk) else None
        self._guess_again(data)
        return data

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's
        super().save(must_create=must_create)
        self._guess_again(dict(self.items()))

    def _guess_again(self, data: dict[str, Any]) -> None:
        user = str(data.get(SESSION_KEY, ""))
        if self.session_key and user.isdigit():
            if len(_guesses) >= MOST_GUESSES:
                _guesses.clear()
            _guesses[self.session_key] = int(user)

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
