"""How much was done in each hour, for whoever looks on while it happens."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.table import Column, Kind, Table
from campaigns.statistics.throughput import BY_TIME, DONE

TABLE = Table(
    name="hours",
    title=_("Work by hour"),
    says=_(
        "Tasks given out, contributions and people in each hour in which anything happened, the newest first."
    ),
    columns=(Column("hour", Kind.TIME, _("Hour")), *DONE),
    sql=BY_TIME.format(unit="hour", shown="at AT TIME ZONE %(zone)s"),
    order="hour DESC",
)
