"""Addresses of jobs."""

from django.urls import path

from work.api import views

urlpatterns = [
    path("jobs/<uuid:job_id>/", views.JobView.as_view(), name="api-job"),
    path("jobs/<uuid:job_id>/stop/", views.JobStopView.as_view(), name="api-job-stop"),
    path("jobs/<uuid:job_id>/resume/", views.JobResumeView.as_view(), name="api-job-resume"),
]
