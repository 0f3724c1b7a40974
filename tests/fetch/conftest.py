"""Servers on loopback, an answer for each path."""

from collections.abc import Iterator

import pytest

from tests.fetch.servers import Canary, serving


@pytest.fixture
def canary() -> Iterator[Canary]:
    with serving(Canary()) as server:
        yield server


@pytest.fixture
def other() -> Iterator[Canary]:
    with serving(Canary()) as server:
        yield server
