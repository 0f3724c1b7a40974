"""The error shape as a Django app."""

from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "problems"
