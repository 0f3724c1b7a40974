"""What tests read off a page: its words, what stands in its fields, the faults beside them, what it asks of the database."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User


def browser(user: User | None = None) -> Client:
    """Of this person; of a visitor where nobody is named."""
    client = Client()
    if user:
        client.force_login(user)
    return client


def text(response: Any) -> str:
    """The visible words of a page."""
    html = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def value_of(response: Any, name: str) -> str | None:
    """What stands in the field of this name."""
    html = response.content.decode()
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    if area:
        return unescape(area[1])
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    found = re.search(r'value="([^"]*)"', field[0]) if field else None
    return unescape(found[1]) if found else None


def faults(response: Any) -> dict[str, str]:
    """The fault that stands beside each field, by the field's name."""
    found = {}
    for block in re.split(r'<div class="field"|<fieldset', response.content.decode())[1:]:
        name, error = re.search(r'name="(\w+)"', block), re.search(r'<p class="error">(.*?)</p>', block)
        if name and error:
            found[name[1]] = unescape(error[1])
    return found


def references(html: str) -> set[str]:
    """The ids that labels and descriptions name."""
    found = re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', html)
    return {name for names in found for name in names.split()}


def queries(client: Client, address: str) -> int:
    client.get(address)  # sessions and caches are warm
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def status_of(response: Any) -> int:
    """Visitors are led to the sign-in page; that counts as 401."""
    if response.status_code == 302 and "login" in response["Location"]:
        return 401
    return int(response.status_code)


class Page(HTMLParser):
    """The links, headings and visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.links, self.text = html, [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())

    def link(self, testid: str) -> str | None:
        return next((link["href"] for link in self.links if link.get("data-testid") == testid), None)


def page(client: Client, address: str, *, status: int = 200, language: str = "en") -> Page:
    response = client.get(address, headers={"Accept-Language": language})
    assert response.status_code == status, response.content.decode()[:2000]
    html = response.content.decode()
    assert f'<html lang="{language}"' in html
    assert not re.search(r"<script(?![^>]*src=)[^>]*>(?!\s*</script>)", html), "an inline script"
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html), "an inline style or handler"
    return Page(html)
