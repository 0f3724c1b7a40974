"""What was said, and where, as a Django app."""

from importlib import import_module

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    name = "annotation"

    def ready(self) -> None:
        """Listen to the vocabularies: annotations hang on concepts."""
        import_module("annotation.receivers")
