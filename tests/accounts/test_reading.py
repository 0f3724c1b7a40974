"""In which language somebody reads: what is chosen, what the browser accepts, and the best of what is offered."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from accounts.reading import (
    COOKIE,
    ReadingLanguages,
    best_language,
    best_text,
    direction_of,
    read_tag,
    wanted_languages,
)


def wishes(
    path: str = "/", *, site: str = "en", cookies: dict[str, str] | None = None, **headers: str
) -> list[str]:
    found: list[str] = []

    def view(_request: object) -> HttpResponse:
        found.extend(wanted_languages())
        return HttpResponse()

    request = RequestFactory(headers=headers).get(path)
    request.COOKIES.update(cookies or {})
    with translation.override(site):
        ReadingLanguages(view)(request)
    return found


def test_what_is_wished_is_chosen_or_accepted() -> None:
    assert wishes() == []
    assert wishes(accept_language="de-AT, fr;q=0.5, *;q=0.1") == ["de-at", "fr"]
    assert wishes("/?read=AR", accept_language="de") == ["ar", "de"]
    assert wishes(cookies={COOKIE: "la"}, accept_language="de") == ["la", "de"]
    assert wishes(cookies={COOKIE: "<script>"}, accept_language="de") == ["de"]
    assert wishes(cookies={"django_language": "fr"}, site="fr", accept_language="de") == ["fr", "de"]


def test_a_choice_is_kept_and_nothing_else_is() -> None:
    answer = ReadingLanguages(lambda _request: HttpResponse())
    assert answer(RequestFactory().get("/?read=zh-hant")).cookies[COOKIE].value == "zh-Hant"
    assert COOKIE not in answer(RequestFactory().get("/?read=no+tag")).cookies
    assert COOKIE not in answer(RequestFactory().get("/")).cookies


def test_wishes_end_with_their_request_and_a_mail_has_its_own_language() -> None:
    wishes("/?read=ar")
    with translation.override("fr"):
        assert wanted_languages() == ("fr",)

    def view(_request: object) -> HttpResponse:
        with translation.override("fr"):
            assert best_text({"en": "Hello", "fr": "Bonjour"}) == ("fr", "Bonjour")
        return HttpResponse()

    with translation.override("en"):
        ReadingLanguages(view)(RequestFactory().get("/?read=en"))


@pytest.mark.parametrize(
    ("site", "offered", "otherwise", "best"),
    [
        ("fr", ["en", "fr", "de"], None, "fr"),
        ("fr", ["fr-CA", "en"], None, "fr-CA"),
        ("pt-br", ["pt", "en"], None, "pt"),
        ("fr", ["de", "es"], "es", "es"),
        ("fr", ["de", "en"], None, "en"),
        ("fr", ["de"], "la", "de"),
        ("fr", [], None, None),
    ],
)
def test_the_best_of_what_is_offered(
    site: str, offered: list[str], otherwise: str | None, best: str | None
) -> None:
    with translation.override(site):
        assert best_language(offered, otherwise) == best


def test_tags_and_directions() -> None:
    assert [read_tag(one) for one in ("EN", "pt-br", "zh-hant-tw", "x", "a b", "e" * 36, 7)] == [
        "en", "pt-BR", "zh-Hant-TW", None, None, None, None,
    ]  # fmt: skip
    tags = ("ar", "he-IL", "az-Arab", "ar-Latn", "de")
    assert [direction_of(one) for one in tags] == ["rtl", "rtl", "rtl", "ltr", "ltr"]
