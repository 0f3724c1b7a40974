"""What a model has learnt of the people of a campaign: kept, so that each task is merged by it as answers come in."""

from django.db import models

from campaigns.models.campaign import Campaign


class ReliabilityModel(models.Model):
    """A fitted model of `campaigns.quality.labels.fitted`; the newest takes the place of the one before."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="reliability")
    method = models.CharField(max_length=20)
    state = models.JSONField(help_text="What the model knows, by participant and concept.")
    edges = models.JSONField(
        default=dict,
        help_text="Where places are merged by the mean: how exactly each draws each edge of a box.",
    )
    contributions = models.PositiveIntegerField(help_text="How many there were to learn from.")
    fitted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.method} of {self.campaign_id}"
