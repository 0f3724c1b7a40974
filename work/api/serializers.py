"""A job as programs see it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from work.models import Job, JobLine


class JobLineSerializer(serializers.ModelSerializer[JobLine]):
    class Meta:
        model = JobLine
        fields = ["at", "severity", "sentence", "place", "pointer"]


class JobSerializer(serializers.ModelSerializer[Job]):
    share = serializers.FloatField(read_only=True, allow_null=True, help_text="Progress from 0 to 1.")
    eta_s = serializers.SerializerMethodField(help_text="Seconds left at the pace so far.")
    is_stopping = serializers.BooleanField(read_only=True)
    lines = serializers.SerializerMethodField(help_text="The last 200 log lines.")

    class Meta:
        model = Job
        fields = [
            "id", "kind", "subject", "state", "is_stopping", "done", "total", "share", "eta_s", "error",
            "attempt", "created_at", "started_at", "finished_at", "lines",
        ]  # fmt: skip

    def get_eta_s(self, job: Job) -> float | None:
        return job.eta.total_seconds() if job.eta else None

    @extend_schema_field(JobLineSerializer(many=True))
    def get_lines(self, job: Job) -> list[dict[str, object]]:
        lines = reversed(job.lines.order_by("-id")[:200])
        return list(JobLineSerializer(list(lines), many=True).data)


class JobStateSerializer(JobSerializer):
    """A job in a list: how far it is, without its log."""

    class Meta(JobSerializer.Meta):
        fields = [name for name in JobSerializer.Meta.fields if name != "lines"]

    lines = None  # type: ignore[assignment]  # takes the inherited field away
