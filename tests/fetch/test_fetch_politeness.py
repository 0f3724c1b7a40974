"""Busy hosts are waited for, none is asked by too many at once."""

from http.server import BaseHTTPRequestHandler

import pytest
from django.core.cache.backends.locmem import LocMemCache

from fetch import BadStatus, Client, FetchError, HostBusy
from fetch.politeness import InCache, InMemory, Politeness, own_wait_s, retry_after_s
from tests.fetch.servers import JSON, Canary, client
from tests.fetch.test_fetch import PAGE


class Clock:
    def __init__(self) -> None:
        self.time_s = 1_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time_s += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "cache"])
def manners(request: pytest.FixtureRequest, clock: Clock) -> Politeness:
    if request.param == "memory":
        return InMemory(places=2, now=clock.now)
    cache = LocMemCache(f"manners-{id(clock)}", {})
    cache.clear()
    return InCache(cache, places=2, now=clock.now)


def in_turn(canary: Canary, *statuses: int, **headers: str) -> None:
    """Answer with these statuses one after the other, the last for ever."""
    left = list(statuses)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        status = left.pop(0) if len(left) > 1 else left[0]
        handler.send_response(status)
        for name, value in headers.items() if status != 200 else ():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(b"{}")

    canary.script["/"] = answer


def polite(canary: Canary, manners: Politeness, clock: Clock) -> Client:
    return client(canary.authority, politeness=manners, sleep=clock.sleep, now=clock.now)


def test_a_busy_host_is_asked_again_when_it_wishes(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 429, 503, 200, Retry_After="7")
    found = polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert found.body == b"{}"
    assert clock.slept == pytest.approx([7, 7])


def test_without_a_wish_the_wait_doubles(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 503)
    with pytest.raises(HostBusy) as busy:
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert clock.slept == pytest.approx([1, 2])
    assert busy.value.retry_after_s == 4
    assert len(canary.seen) == 3


def test_a_long_wish_is_passed_on_and_holds_for_everybody(
    canary: Canary, manners: Politeness, clock: Clock
) -> None:
    in_turn(canary, 429, 200, Retry_After="3600")
    asking = polite(canary, manners, clock)
    for _ in range(2):
        with pytest.raises(HostBusy) as busy:
            asking.fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
        assert busy.value.retry_after_s == 3600
    assert len(canary.seen) == 1
    clock.time_s += 3600
    assert asking.fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30).body == b"{}"


def test_a_post_is_never_repeated(canary: Canary, manners: Politeness, clock: Clock) -> None:
    in_turn(canary, 503, 200, Retry_After="1")
    with pytest.raises(HostBusy):
        polite(canary, manners, clock).fetch(
            canary.url(), accept=JSON, max_bytes=9, timeout_s=30, method="POST", json={}
        )
    assert len(canary.seen) == 1


def test_a_shaky_answer_is_asked_for_again_and_then_told(
    canary: Canary, manners: Politeness, clock: Clock
) -> None:
    in_turn(canary, 502)
    with pytest.raises(BadStatus) as failed:
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30)
    assert failed.value.status == 502
    assert len(canary.seen) == 3


def test_places_are_few_and_come_back(manners: Politeness) -> None:
    first, second = manners.claim("h", lease_s=60), manners.claim("h", lease_s=60)
    assert None not in (first, second)
    assert first != second
    assert manners.claim("h", lease_s=60) is None
    assert manners.claim("other", lease_s=60) is not None
    manners.release("h", str(first))
    assert manners.claim("h", lease_s=60) is not None
    manners.release("h", str(first))  # twice is harmless
    assert manners.claim("h", lease_s=60) is None


def test_a_lost_place_frees_itself(clock: Clock) -> None:
    manners = InMemory(places=1, now=clock.now)
    assert manners.claim("h", lease_s=60)
    clock.time_s += 61
    assert manners.claim("h", lease_s=60)


def test_success_is_forgiveness(manners: Politeness) -> None:
    assert [manners.refused("h", retry_after_s=None) for _ in range(3)] == [1, 2, 4]
    manners.answered("h")
    assert manners.refused("h", retry_after_s=None) == 1
    assert own_wait_s(1_000) == 300


def test_every_place_is_given_back_whatever_happens(canary: Canary) -> None:
    manners = InMemory(places=1)
    asking = client(canary.authority, politeness=manners)
    canary.says("/404", status=404)
    canary.says("/302", status=302, Location="/302")
    canary.says("/big", body=b"x" * 1_000)
    canary.says("/html", body=PAGE)
    for path in ("/404", "/302", "/big", "/html", "/404"):
        with pytest.raises(FetchError):
            asking.fetch(canary.url(path), accept=JSON, max_bytes=100, timeout_s=5)
    assert manners.claim(canary.authority, lease_s=1) is not None


def test_a_full_house_is_waited_for(canary: Canary, clock: Clock) -> None:
    manners = InMemory(places=1, now=clock.now)
    canary.says("/", body=b"{}")
    manners.claim(canary.authority, lease_s=1.0)
    assert (
        polite(canary, manners, clock).fetch(canary.url(), accept=JSON, max_bytes=9, timeout_s=30).body
        == b"{}"
    )
    assert sum(clock.slept) == pytest.approx(1.0, abs=0.3)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0),
        ("120", 120),
        ("999999999", 86_400),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, now=10.0) == seconds
