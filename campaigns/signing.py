"""Signatures of webhook messages, as https://www.standardwebhooks.com says, and how long to wait after a failure."""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

PREFIX = "whsec_"
SECRET_BYTES = 32
FIRST_WAIT_S, GROWTH, LONGEST_WAIT_S = 10.0, 4.0, 6 * 3600.0
JITTER = 0.2
GIVE_UP_AFTER = timedelta(days=1)


def new_secret() -> str:
    """A secret as both sides write it down."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp_s: int, body: bytes) -> str:
    """The value of `webhook-signature`: HMAC-SHA256 over id, seconds since 1970 and body, with dots between."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def wait_s(failures: int, chance: float) -> float:
    """Seconds until the next attempt after so many failures: 10, 40, 160… up to six hours, a fifth more or less.

    `chance` from 0 to 1 says where in that span, so that many messages do not come back at one moment.
    """
    grown = FIRST_WAIT_S * GROWTH ** min(max(failures, 1) - 1, 20)
    return min(grown, LONGEST_WAIT_S) * (1 - JITTER + 2 * JITTER * chance)
