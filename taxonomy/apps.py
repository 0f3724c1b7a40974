"""What can be said, as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "taxonomy"

    def ready(self) -> None:
        """Listen to the room of people: somebody may leave."""
        import_module("taxonomy.receivers")
