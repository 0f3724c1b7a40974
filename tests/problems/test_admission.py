"""Too many requests at once: some work, some wait in line, the rest are told when to come back."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Semaphore
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from problems import admission
from problems.admission import Admission

AT_WORK, IN_LINE = 2, 3


class Slow:
    """A view that waits until it is told to go on."""

    def __init__(self) -> None:
        self.entered, self.go_on = Semaphore(0), Event()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.entered.release()
        assert self.go_on.wait(60)
        if request.path == "/api/broken/":
            raise LookupError
        return HttpResponse("done")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(20) as pool:
        yield pool


@pytest.fixture
def slow(pool: ThreadPoolExecutor) -> Iterator[Slow]:
    """Let go before the pool ends, which waits for whoever is still inside."""
    view = Slow()
    yield view
    view.go_on.set()


@pytest.fixture
def door(settings: Any, slow: Slow) -> Admission:
    settings.PLACES_AT_WORK, settings.PLACES_IN_LINE = AT_WORK, IN_LINE
    return Admission(slow)


def ask(door: Admission, path: str = "/api/v1/me/") -> HttpResponse:
    return door(RequestFactory().get(path))


def test_who_finds_no_place_is_told_when_to_come_back(
    door: Admission, slow: Slow, pool: ThreadPoolExecutor
) -> None:
    asked: list[Future[HttpResponse]] = [pool.submit(ask, door) for _ in range(20)]
    for _ in range(AT_WORK):
        assert slow.entered.acquire(timeout=60)
    turned_away = []
    while len(turned_away) < 20 - AT_WORK - IN_LINE:
        turned_away = [one.result() for one in asked if one.done()]
    for response in turned_away:
        assert response.status_code == 503
        assert response["Retry-After"] == str(admission.RETRY_AFTER_S)
        assert response["Content-Type"] == "application/problem+json"
        assert b"too-busy" in response.content
    slow.go_on.set()
    statuses = [one.result(60).status_code for one in asked]
    assert (statuses.count(200), statuses.count(503)) == (AT_WORK + IN_LINE, 20 - AT_WORK - IN_LINE)


def test_a_place_becomes_free_when_the_answer_is_given_or_fails(door: Admission, slow: Slow) -> None:
    slow.go_on.set()
    for _ in range(AT_WORK + IN_LINE + 1):
        assert ask(door).status_code == 200
        with pytest.raises(LookupError):
            ask(door, "/api/broken/")


def test_who_waits_too_long_is_turned_away(
    door: Admission, slow: Slow, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WAIT_S", 0.01)
    for _ in range(AT_WORK):
        pool.submit(ask, door)
        assert slow.entered.acquire(timeout=60)
    assert ask(door).status_code == 503


def test_pictures_and_pages_are_let_through(door: Admission, slow: Slow, pool: ThreadPoolExecutor) -> None:
    asked = [pool.submit(ask, door, "/iiif/image/x/full/max/0/default.jpg") for _ in range(10)]
    for _ in asked:
        assert slow.entered.acquire(timeout=60)
    slow.go_on.set()
    assert {one.result(60).status_code for one in asked} == {200}


def test_the_house_has_it_and_threads_enough_to_say_so(settings: Any) -> None:
    from config.embedded.house import WEB_THREADS

    assert "problems.admission.Admission" in settings.MIDDLEWARE
    assert settings.PLACES_AT_WORK + settings.PLACES_IN_LINE < WEB_THREADS
