"""Addresses of campaigns in the API."""

from django.urls import path

from campaigns.api import curating, definitions, gold, groupings, own, reliability, retirement, views, visits

urlpatterns = [
    path("campaigns/", curating.CampaignsView.as_view(), name="api-campaign-list"),
    path("campaigns/<slug:slug>/", views.CampaignView.as_view(), name="api-campaign-detail"),
    path(
        "campaigns/<slug:slug>/definition/",
        definitions.DefinitionView.as_view(),
        name="api-campaign-definition",
    ),
    path("campaigns/<slug:slug>/copy/", definitions.CopyView.as_view(), name="api-campaign-copy"),
    path("campaigns/<slug:slug>/open/", curating.OpenView.as_view(), name="api-campaign-open"),
    path("campaigns/<slug:slug>/pause/", curating.PauseView.as_view(), name="api-campaign-pause"),
    path("campaigns/<slug:slug>/close/", curating.CloseView.as_view(), name="api-campaign-close"),
    path("campaigns/<slug:slug>/pilot/", curating.PilotView.as_view(), name="api-campaign-pilot"),
    path("campaigns/<slug:slug>/archive/", curating.ArchiveView.as_view(), name="api-campaign-archive"),
    path("campaigns/<slug:slug>/restore/", curating.RestoreView.as_view(), name="api-campaign-restore"),
    path("campaigns/<slug:slug>/canvases/", curating.CanvasesView.as_view(), name="api-campaign-canvases"),
    path("campaigns/<slug:slug>/preview/", curating.PreviewView.as_view(), name="api-campaign-preview"),
    path(
        "campaigns/<slug:slug>/retirement/preview/",
        retirement.RetirementPreviewView.as_view(),
        name="api-retirement-preview",
    ),
    path("campaigns/<slug:slug>/simulate/", retirement.SimulateView.as_view(), name="api-simulate"),
    path(
        "campaigns/<slug:slug>/participants/",
        curating.ParticipantsView.as_view(),
        name="api-campaign-participants",
    ),
    path("campaigns/<slug:slug>/reliability/", reliability.ReliabilityView.as_view(), name="api-reliability"),
    path(
        "campaigns/<slug:slug>/participants/<uuid:participant_id>/",
        curating.ParticipantView.as_view(),
        name="api-campaign-participant",
    ),
    path("campaigns/<slug:slug>/gold/", gold.GoldListView.as_view(), name="api-gold"),
    path("campaigns/<slug:slug>/gold/<uuid:task_id>/", gold.GoldView.as_view(), name="api-gold-task"),
    path(
        "campaigns/<slug:slug>/gold/batches/<uuid:batch>/",
        gold.GoldBatchView.as_view(),
        name="api-gold-batch",
    ),
    path(
        "campaigns/<slug:slug>/concepts/", views.CampaignConceptsView.as_view(), name="api-campaign-concepts"
    ),
    path("campaigns/<slug:slug>/assignments/", views.AssignmentsView.as_view(), name="api-assignment-claim"),
    path(
        "campaigns/<slug:slug>/contributions/",
        views.ContributionsView.as_view(),
        name="api-contribution-submit",
    ),
    path(
        "campaigns/<slug:slug>/contributions/mine/",
        own.OwnContributionsView.as_view(),
        name="api-contribution-mine",
    ),
    path("contributions/<uuid:contribution_id>/", own.OwnContributionView.as_view(), name="api-contribution"),
    path("me/visits/", visits.VisitsView.as_view(), name="api-visits"),
    path("me/visits/adopt/", visits.AdoptVisitsView.as_view(), name="api-visits-adopt"),
    path("assignments/<uuid:assignment_id>/renew/", views.RenewView.as_view(), name="api-assignment-renew"),
    path(
        "assignments/<uuid:assignment_id>/release/",
        views.ReleaseView.as_view(),
        name="api-assignment-release",
    ),
    path("assignments/<uuid:assignment_id>/skip/", views.SkipView.as_view(), name="api-assignment-skip"),
    path("vocabularies/<slug:slug>/groupings/", groupings.GroupingsView.as_view(), name="api-groupings"),
    path(
        "vocabularies/<slug:slug>/groupings/preview/",
        groupings.GroupingPreviewView.as_view(),
        name="api-grouping-preview",
    ),
    path(
        "vocabularies/<slug:slug>/groupings/<uuid:grouping_id>/",
        groupings.GroupingView.as_view(),
        name="api-grouping",
    ),
    path(
        "vocabularies/<slug:slug>/groupings/<uuid:grouping_id>/table/",
        groupings.ClassTableView.as_view(),
        name="api-grouping-table",
    ),
    path(
        "vocabularies/<slug:slug>/changes/<int:version>/ask/",
        groupings.AskAboutSplitView.as_view(),
        name="api-vocabulary-ask",
    ),
]
