"""Have the report of agreement made: asked for by who may review, computed by a job, kept until it is made anew."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.agreement_report import unnamed_report
from campaigns.agreement_units import apart
from campaigns.models import AgreementReport, Campaign
from campaigns.permissions import get_campaign_for
from taxonomy.models import Grouping
from work.actions import request_job
from work.runner import Runner

KIND = "campaigns.agreement"


def request_agreement(campaign: Campaign, grouping: Grouping | None = None, *, by: User) -> AgreementReport:
    """The report, being made anew; while one is being made that one. Raises `Refused` to who may not review."""
    get_campaign_for(by, campaign.slug, "review")
    with transaction.atomic():
        row, _new = AgreementReport.objects.select_for_update(of=("self",)).get_or_create(
            campaign=campaign, grouping=grouping
        )
        if row.job is None or row.job.is_finished:
            row.job = request_job(KIND, row.pk, by=by, queue="compute")
            row.save(update_fields=["job"])
    return row


def write_agreement(report_id: UUID | str, runner: Runner | None = None) -> AgreementReport:
    """Compute it from the answers that count now; harmless to repeat."""
    row = AgreementReport.objects.select_related("campaign__vocabulary", "grouping").get(pk=report_id)
    if runner:
        runner.expect(1)
    # Read before the answers: whatever comes in meanwhile counts as newer than the report.
    row.as_of = timezone.now()
    row.report, row.units = apart(unnamed_report(row.campaign, row.grouping))
    if runner:
        runner.job.done += 1
        runner.check()  # first: whoever has lost the work to another does not write over what that one found later
    row.save(update_fields=["report", "units", "as_of"])
    return row
