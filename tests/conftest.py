"""The cast of every test, and the real material that tests read."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import api, contributor, manager, observer, owner, person, reviewer, stranger

__all__ = ["api", "contributor", "manager", "observer", "owner", "person", "reviewer", "stranger"]


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
