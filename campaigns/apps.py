"""Who was asked, and how well it went, as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """Connect what the annotation room leaves open to the rooms above it."""
        import_module("campaigns.receivers")
