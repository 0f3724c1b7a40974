"""The cast of every test, and the real material that tests read."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.cast import api, contributor, manager, observer, owner, person, reviewer, stranger
from tests.tables import tables

__all__ = ["api", "contributor", "manager", "observer", "owner", "person", "reviewer", "stranger"]

# A busy machine is slow at drawing examples; that says nothing about what is tested.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: looking for garbage in it again and again finds none."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The database of a worker is a copy of the one that was migrated for all."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = tables()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English, whatever language the one before it has left behind."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real manifests, vocabularies and images; a test without it says so."""
    folder = Path(settings.SAMPLES)
    if not folder.is_dir():
        message = f"The samples are not at {folder}; set RUBRICATOR_SAMPLES."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
