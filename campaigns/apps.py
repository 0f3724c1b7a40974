"""Who was asked, and how well it went, as a Django app."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        """Hear when the space of a canvas is scaled: tasks, answers and figures have places in it."""
        from annotation.signals import canvas_rescaled  # noqa: PLC0415 - models are ready only now
        from campaigns.actions.rescaling import follow_canvases  # noqa: PLC0415

        canvas_rescaled.connect(follow_canvases, dispatch_uid="campaigns")
