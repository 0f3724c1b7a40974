"""Long work made visible, as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WorkConfig(AppConfig):
    name = "work"

    def ready(self) -> None:
        """Every room's `jobs.py` registers the kinds of work it does."""
        autodiscover_modules("jobs")
