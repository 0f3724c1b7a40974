"""What a refusal leaves unread would break the connection under the next request."""

from io import BytesIO
from typing import Any

import pytest

from config.wsgi import application
from problems.unread import MOST_READ, reading_to_the_end


class Gone(BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


def refusing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    return [b"no"]


def asked(content: BytesIO, length: str) -> dict[str, Any]:
    return {"wsgi.input": content, "CONTENT_LENGTH": length}


def test_what_is_left_is_read_and_the_answer_stays() -> None:
    content = BytesIO(b"{}" * 50)
    assert list(reading_to_the_end(refusing)(asked(content, "100"), None)) == [b"no"]
    assert content.tell() == 100


@pytest.mark.parametrize("length", ["", "0", "many", "-1", str(MOST_READ + 1)])
def test_what_is_not_there_or_too_long_is_left(length: str) -> None:
    content = BytesIO(b"{}")
    reading_to_the_end(refusing)(asked(content, length), None)
    assert content.tell() == 0


def test_who_has_gone_changes_nothing() -> None:
    assert list(reading_to_the_end(refusing)(asked(Gone(), "5"), None)) == [b"no"]


@pytest.mark.django_db
def test_our_door_reads_what_a_refusal_does_not_look_at() -> None:
    content, told = BytesIO(b"x" * 40), list[str]()
    environ = {
        **asked(content, "40"), "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/nothing-here/", "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "CONTENT_TYPE": "application/json", "wsgi.url_scheme": "http",
    }  # fmt: skip
    answer: Any = application(environ, lambda status, headers: told.append(status))
    answer.close()
    assert told == ["404 Not Found"]
    assert content.tell() == 40
