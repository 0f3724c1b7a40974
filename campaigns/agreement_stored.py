"""The report of agreement as it was computed last, with its names, and how much has come in since."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.agreement_report import named_report, stands
from campaigns.agreement_units import together
from campaigns.models import AgreementReport, Campaign, Contribution, ContributionRevision
from problems import Missing
from taxonomy.models import Grouping

MOST_COUNTED = 1000  # more answers than this are told as “more than”: no page counts them all


@dataclass(frozen=True, slots=True)
class Since:
    """`answers` that came in or were changed since the report, at most `MOST_COUNTED`; `settings`: these changed."""

    answers: int
    settings: bool

    @property
    def is_more(self) -> bool:
        return self.answers >= MOST_COUNTED


def stored_report(campaign: Campaign, grouping: Grouping | None) -> AgreementReport | None:
    """The row with its job, whether it is computed yet or not; one query. Its `units` are read when asked for."""
    rows = AgreementReport.objects.select_related("job").defer("units")
    return rows.filter(campaign=campaign, grouping=grouping).first()


def report_of(
    campaign: Campaign, grouping: Grouping | None, language: str
) -> tuple[AgreementReport, dict[str, Any]]:
    """The stored report with names, and `as_of` and what came `since`. Raises `Missing` before one was made."""
    row = stored_report(campaign, grouping)
    if row is None or row.as_of is None:
        raise Missing(_("No report of agreement has been made yet. Have one made, then look again."))
    since = since_then(campaign, row)
    return row, {
        **named_report(campaign, row.report, language),
        "as_of": row.as_of.isoformat(timespec="seconds"),
        "since": {"answers": since.answers, "at_least": since.is_more, "settings": since.settings},
    }


def unchanged_report(campaign: Campaign, grouping: Grouping | None) -> dict[str, Any] | None:
    """The stored report with all its tasks, where one computed now would say the same; else None. A few queries."""
    row = AgreementReport.objects.filter(campaign=campaign, grouping=grouping).first()
    if row is None or row.as_of is None or not row.units:
        return None
    if grouping is not None and grouping.modified_at > row.as_of:
        return None
    since = since_then(campaign, row)
    if since.answers or since.settings or not stands(campaign, row.report, grouping):
        return None
    return together(row.report, row.units)


def since_then(campaign: Campaign, row: AgreementReport) -> Since:
    """What has changed since the report was computed; two queries that stop counting at some number."""
    if row.as_of is None:
        return Since(0, settings=False)
    added = Contribution.objects.filter(
        participant__campaign=campaign, counts=True, submitted_at__gt=row.as_of
    )
    changed = ContributionRevision.objects.filter(
        contribution__participant__campaign=campaign, ended_at__gt=row.as_of
    )
    count = sum(rows.order_by()[:MOST_COUNTED].count() for rows in (added, changed))
    said = row.report
    settings = (said["configuration_version"], said["vocabulary"]["version"]) != (
        campaign.config_version,
        campaign.vocabulary.version,
    )
    return Since(min(count, MOST_COUNTED), settings)
