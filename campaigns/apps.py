"""Who was asked, and how well it went, as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"
