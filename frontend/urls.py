"""Addresses of the pages."""

from django.urls import path

from frontend.views import campaigns, following, health, jobs, me, outcomes, public, sources, vocabularies

urlpatterns = [
    path("", public.home, name="home"),
    path("healthz", health.health, name="health"),
    path("about/", public.about, name="about"),
    path("privacy/", public.privacy, name="privacy"),
    path("campaigns/", campaigns.campaign_list, name="campaign-list"),
    path("campaigns/new/", campaigns.campaign_new, name="campaign-new"),
    path("campaigns/<slug:slug>/", campaigns.campaign_detail, name="campaign"),
    path("campaigns/<slug:slug>/work/", campaigns.campaign_work, name="campaign-work"),
    path("campaigns/<slug:slug>/edit/", campaigns.campaign_edit, name="campaign-edit"),
    path("campaigns/<slug:slug>/canvases/", campaigns.campaign_canvases, name="campaign-canvases"),
    path("campaigns/<slug:slug>/preview/", campaigns.campaign_preview, name="campaign-preview"),
    path("campaigns/<slug:slug>/step/", campaigns.campaign_step, name="campaign-step"),
    path("campaigns/<slug:slug>/people/", campaigns.campaign_people, name="campaign-people"),
    path("campaigns/<slug:slug>/dashboard/", outcomes.campaign_dashboard, name="campaign-dashboard"),
    path("campaigns/<slug:slug>/consensus/", outcomes.campaign_consensus, name="campaign-consensus"),
    path("campaigns/<slug:slug>/review/", outcomes.campaign_review, name="campaign-review"),
    path("campaigns/<slug:slug>/review/accept/", outcomes.campaign_accept, name="campaign-accept"),
    path("campaigns/<slug:slug>/predictions/", outcomes.campaign_predictions, name="campaign-predictions"),
    path("campaigns/<slug:slug>/predictions/shown/", outcomes.campaign_shown_run, name="campaign-shown-run"),
    path("campaigns/<slug:slug>/releases/", outcomes.campaign_releases, name="campaign-releases"),
    path("releases/", outcomes.release_list, name="release-list"),
    path("releases/<uuid:release_id>/", outcomes.release_detail, name="release"),
    path("releases/<uuid:release_id>/files/<str:name>", outcomes.release_file, name="release-file"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources/import/", sources.source_import, name="source-import"),
    path("sources/imports/<uuid:import_id>/", sources.source_import_progress, name="source-import-progress"),
    path("sources/collections/<uuid:collection_id>/", following.collection_detail, name="collection"),
    path(
        "sources/collections/<uuid:collection_id>/follow/",
        following.collection_follow,
        name="collection-follow",
    ),
    path(
        "sources/collections/<uuid:collection_id>/crawl/", following.collection_crawl, name="collection-crawl"
    ),
    path("sources/changes/", following.change_list, name="change-list"),
    path("sources/changes/<uuid:change_id>/resolve/", following.change_resolve, name="change-resolve"),
    path("sources/<uuid:manifest_id>/watch/", following.source_watch, name="source-watch"),
    path("sources/<uuid:manifest_id>/", sources.source_detail, name="source"),
    path("sources/<uuid:manifest_id>/canvases/<uuid:canvas_id>/", sources.canvas_detail, name="canvas"),
    path("vocabularies/", vocabularies.vocabulary_list, name="vocabulary-list"),
    path("vocabularies/import/", vocabularies.vocabulary_import, name="vocabulary-import"),
    path(
        "vocabularies/imports/<uuid:import_id>/",
        vocabularies.vocabulary_import_progress,
        name="vocabulary-import-progress",
    ),
    path("vocab/<slug:slug>/", vocabularies.vocabulary_detail, name="vocabulary"),
    path("vocab/<slug:slug>/<uuid:concept_id>/", vocabularies.concept_detail, name="concept"),
    path(
        "vocab/<slug:slug>/<uuid:concept_id>/children/",
        vocabularies.concept_children,
        name="concept-children",
    ),
    path("me/", me.profile, name="profile"),
    path("me/tokens/", me.token_list, name="token-list"),
    path("me/tokens/<int:token_id>/revoke/", me.token_revoke, name="token-revoke"),
    path("jobs/<uuid:job_id>/", jobs.job_progress, name="job-progress"),
    path("jobs/<uuid:job_id>/stop/", jobs.job_stop, name="job-stop"),
    path("jobs/<uuid:job_id>/resume/", jobs.job_resume, name="job-resume"),
]
