"""Reports of agreement: computed by a job, kept, and read by whoever asks until somebody has one made anew."""

from uuid import uuid4

from django.db import models

from campaigns.models.campaign import Campaign
from taxonomy.models import Grouping
from work.models import Job


class AgreementReport(models.Model):
    """The newest report of a campaign, as labels were said or under the classes of a grouping.

    `report` names people, concepts and tasks by their ids: names are looked up when it is read, so that it keeps
    nobody's pseudonym, and speaks every language.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="agreement_reports")
    grouping = models.ForeignKey(Grouping, null=True, on_delete=models.CASCADE, related_name="+")
    report = models.JSONField(default=dict, help_text="As docs/quality.md says, without names.")
    units = models.JSONField(
        default=dict,
        help_text="Every task by step, the least agreed on first; the report has the first of them.",
    )
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    as_of = models.DateTimeField(null=True, help_text="When the answers were read; null: not computed yet.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "grouping"], name="one_agreement_report", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"agreement in {self.campaign_id}"
