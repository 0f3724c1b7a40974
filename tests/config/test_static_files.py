"""A file that a new build took away is answered as what it is: not there."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpResponseNotFound
from django.test import RequestFactory

from config.static_files import StaticFiles


@pytest.fixture
def static_files(tmp_path: Path, settings: LazySettings) -> StaticFiles:
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    (tmp_path / "page-1a2b3c4d.js").write_text("one")
    return StaticFiles(lambda _request: HttpResponseNotFound("not there"))


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_file_is_served(static_files: StaticFiles, method: str) -> None:
    request = getattr(RequestFactory(), method)("/static/page-1a2b3c4d.js")

    assert static_files(request).status_code == 200


def test_what_a_build_took_away_is_not_there(static_files: StaticFiles, tmp_path: Path) -> None:
    (tmp_path / "page-1a2b3c4d.js").unlink()

    answer = static_files(RequestFactory().get("/static/page-1a2b3c4d.js"))

    assert (answer.status_code, answer.content) == (404, b"not there")
    assert "Cache-Control" not in answer
