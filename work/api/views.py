"""Watch, stop and resume long work over REST."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from work.actions import resume_job, stop_job
from work.api.serializers import JobSerializer
from work.permissions import get_job_for


class JobView(APIView):
    @extend_schema(operation_id="job_retrieve", responses=JobSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:
        """State, progress and log of one job."""
        return Response(JobSerializer(get_job_for(request.user, job_id)).data)


class JobStopView(APIView):
    @extend_schema(operation_id="job_stop", request=None, responses={202: JobSerializer})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Ask the job to stop at its next step; what is done is kept."""
        job = get_job_for(request.user, job_id)
        stop_job(job)
        job.refresh_from_db()
        return Response(JobSerializer(job).data, status=202)


class JobResumeView(APIView):
    @extend_schema(operation_id="job_resume", request=None, responses={202: JobSerializer})
    def post(self, request: Request, job_id: UUID) -> Response:
        """Take a stopped or failed job up again where it stopped."""
        job = get_job_for(request.user, job_id)
        resume_job(job)
        job.refresh_from_db()
        return Response(JobSerializer(job).data, status=202)
