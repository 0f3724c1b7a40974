"""The wiring as a Django app, so that its management commands are found."""

from django.apps import AppConfig

from config.database import lookups


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"

    def ready(self) -> None:
        lookups.register()
