"""What was said, and where, as a Django app."""

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    name = "annotation"
