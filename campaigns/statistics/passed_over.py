"""Which tasks people pass over: skipped, or taken and left until the time was over."""

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.slow_tasks import BY_TASK, COLUMNS, NAMES
from campaigns.statistics.table import Table

TABLE = Table(
    name="passed-over",
    title=_("Tasks that are passed over"),
    says=_("The tasks that most people skipped, or left until their time was over."),
    columns=COLUMNS,
    sql=BY_TASK.format(**NAMES, only="skipped + abandoned > 0"),
    order="skipped + abandoned DESC, source, canvas, task",
)
