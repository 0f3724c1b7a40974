"""Reads what is left of a request once its answer stands: servers close a connection on which something is unread.

A refusal looks at no content. Whoever was told so and asks again on the same connection would find it broken.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

MOST_READ = 2**20  # what is longer is not worth the wait: the sender notices that it is not taken
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def reading_to_the_end(application: Application) -> Application:
    """The same application, which leaves no short request unread."""

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = application(environ, start_response)
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and 0 < int(length) <= MOST_READ:
            with suppress(OSError):  # whoever sent it has gone
                environ["wsgi.input"].read()
        return answer

    return answered
