"""How long browsers may keep the files of the front end."""

from pathlib import Path

import pytest
from django.test import Client

BUILT = Path(__file__).resolve().parents[2] / "frontend" / "static" / "workbench"


def kept_by_browsers(client: Client, path: str) -> str:
    answer = client.get(f"/static/{path}")
    assert answer.status_code == 200, path
    return str(answer["Cache-Control"])


@pytest.mark.parametrize("ending", ["js", "css", "woff2"])
def test_what_is_named_by_its_content_is_kept_for_ever(client: Client, ending: str) -> None:
    files = sorted((BUILT / "assets").glob(f"*.{ending}"))
    assert files
    for file in files:
        assert "immutable" in kept_by_browsers(client, f"workbench/assets/{file.name}"), file.name


def test_what_keeps_its_name_is_asked_for_again(client: Client) -> None:
    assert "immutable" not in kept_by_browsers(client, "workbench/embed.js")
