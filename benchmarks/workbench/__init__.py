"""The workbench measured: what is on the stage beside Annotorious, a sitting, and pages by Lighthouse."""

from typing import Any


def measure() -> dict[str, Any]:
    """What `python -m benchmarks workbench` prints."""
    from benchmarks.workbench.whole import measure as whole  # noqa: PLC0415 - needs Django, `layers` does not

    return whole()
