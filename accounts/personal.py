"""What we keep about a person, as files to take along: how such a file is written, and this room's own ones."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt, AccessLog
from django.utils.translation import gettext as _
from guardian.utils import get_user_obj_perms_model

from accounts.models import ApiToken, User
from accounts.roles import strongest_role

CHUNK = 500
# What Excel, LibreOffice or Google Sheets may take as the beginning of a formula, also in full width.
_RISKY = tuple("=+-@\t\r\n \uff1d\uff0b\uff0d\uff20\u00a0\ufeff")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of somebody's data: its name, in a sentence what is in it, and its bytes, made as they are read."""

    name: str
    about: str
    pieces: Iterable[bytes]


def json_part(name: str, about: str, content: Any) -> Part:
    """A JSON file of a value; of an iterator, an array that is written row by row."""
    return Part(name, about, _array(content) if isinstance(content, Iterator) else [_dump(content)])


def table_part(name: str, about: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Part:
    """A table for spreadsheets (UTF-8 with byte-order mark); no cell can run as a formula."""
    return Part(name, about, _table(columns, rows))


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


def _array(rows: Iterator[Any]) -> Iterator[bytes]:
    before = b"["
    for row in rows:
        yield before + b"\n" + orjson.dumps(row, default=str)
        before = b","
    yield b"\n]\n" if before == b"," else b"[]\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    yield "\ufeff".encode()
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()
    yield line.getvalue().encode()


def _safe(cell: object) -> object:
    """The cell, with an apostrophe in front if a spreadsheet could run it (OWASP, CSV injection)."""
    if cell is None or isinstance(cell, (int, float)):
        return "" if cell is None else cell
    text = str(cell)
    return "'" + text if text.startswith(_RISKY) else text


def addresses_of(user: User) -> list[str]:
    """Every e-mail address of the person, in lower case."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({address.lower() for address in (user.email, *known) if address})


def names_of(user: User) -> list[str]:
    """What the person may have signed in with, as it is and in lower case."""
    return [*dict.fromkeys((user.username, user.username.lower())), *addresses_of(user)]


def roles_on(model: Any, user: User) -> list[tuple[Any, str]]:
    """The primary keys of the rows on which the person has a role of their own, and which; two queries."""
    grants: Any = get_user_obj_perms_model(model)
    held: dict[Any, set[str]] = {}
    rows = grants.objects.filter(user=user).order_by("content_object_id")
    for pk, codename in rows.values_list("content_object_id", "permission__codename"):
        held.setdefault(pk, set()).add(codename.split("_", 1)[0])
    known = {codename.split("_", 1)[0] for codename, _name in model._meta.permissions}
    return [(pk, str(strongest_role(verbs, known) or "")) for pk, verbs in held.items()]


def account_parts(user: User) -> Iterator[Part]:
    """The account itself, and when somebody signed in to it."""
    yield json_part(
        "account.json", _("Your account, its addresses, groups and access for programs."), _account(user)
    )
    yield table_part(
        "sign-ins.csv",
        _("When somebody signed in to your account, or tried to, and from which network address."),
        ("at", "what", "network_address", "browser", "signed_out_at"),
        _sign_ins(user),
    )


def _account(user: User) -> Mapping[str, Any]:
    return {
        "username": user.username,
        "public_name": user.pseudonym,
        "email": user.email,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "language": user.language,
        "joined_at": user.date_joined,
        "last_signed_in_at": user.last_login,
        "is_curator": user.is_curator,
        "orcid": user.orcid,
        "is_credited": user.is_credited,
        "groups": list(
            user.groups.filter(people_group__isnull=False).values_list("people_group__title", flat=True)
        ),
        "looks_after_groups": list(user.people_groups.values_list("title", flat=True)),
        "tokens": [_token(token) for token in user.api_tokens.all()],
    }


def _token(token: ApiToken) -> Mapping[str, Any]:
    return {
        "name": token.name,
        "scopes": token.scopes,
        "only_for": token.bound_to,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "last_used_at": token.last_used_at,
        "revoked_at": token.revoked_at,
    }


def _sign_ins(user: User) -> Iterator[Sequence[object]]:
    rows = AccessLog.objects.filter(username__in=names_of(user)).order_by("attempt_time")
    for one in rows.iterator(chunk_size=CHUNK):
        yield (one.attempt_time.isoformat(), "signed in", one.ip_address, one.user_agent, one.logout_time)
    for one in AccessAttempt.objects.filter(username__in=names_of(user)).order_by("attempt_time"):
        yield (one.attempt_time.isoformat(), "wrong password", one.ip_address, one.user_agent, None)
