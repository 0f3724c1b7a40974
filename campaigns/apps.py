"""Who was asked, and how well it went, as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """Connect what the annotation room leaves open to the rooms above it."""
        from annotation.permissions import also_show_images  # noqa: PLC0415 models are there only now
        from campaigns.showing import images_of_campaigns  # noqa: PLC0415

        also_show_images(images_of_campaigns)
