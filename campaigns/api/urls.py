"""Addresses of campaigns in the API."""

from django.urls import path

from campaigns.api import (
    alike,
    announcing,
    aside,
    batches,
    browsing,
    certificates,
    choosing,
    contribution_rows,
    curating,
    definitions,
    discussing,
    drafting,
    gold,
    groupings,
    guide,
    own,
    personal,
    prioritising,
    reliability,
    retirement,
    similar,
    statistics,
    teaching,
    teams,
    views,
    visits,
    ways_in,
    webhooks,
)

urlpatterns = [
    # Addresses are tried in turn, and these two are asked for at every image.
    path("campaigns/<slug:slug>/assignments/", views.AssignmentsView.as_view(), name="api-assignment-claim"),
    path(
        "campaigns/<slug:slug>/contributions/",
        views.ContributionsView.as_view(),
        name="api-contribution-submit",
    ),
    path("campaigns/", curating.CampaignsView.as_view(), name="api-campaign-list"),
    path("campaigns/<slug:slug>/", views.CampaignView.as_view(), name="api-campaign-detail"),
    path(
        "campaigns/<slug:slug>/definition/",
        definitions.DefinitionView.as_view(),
        name="api-campaign-definition",
    ),
    path("campaigns/<slug:slug>/template/", definitions.TemplateView.as_view(), name="api-campaign-template"),
    path("templates/", definitions.TemplatesView.as_view(), name="api-template-list"),
    path("campaigns/<slug:slug>/copy/", definitions.CopyView.as_view(), name="api-campaign-copy"),
    path("campaigns/<slug:slug>/open/", curating.OpenView.as_view(), name="api-campaign-open"),
    path("campaigns/<slug:slug>/pause/", curating.PauseView.as_view(), name="api-campaign-pause"),
    path("campaigns/<slug:slug>/close/", curating.CloseView.as_view(), name="api-campaign-close"),
    path("campaigns/<slug:slug>/pilot/", curating.PilotView.as_view(), name="api-campaign-pilot"),
    path("campaigns/<slug:slug>/archive/", curating.ArchiveView.as_view(), name="api-campaign-archive"),
    path("campaigns/<slug:slug>/restore/", curating.RestoreView.as_view(), name="api-campaign-restore"),
    path("campaigns/<slug:slug>/canvases/", curating.CanvasesView.as_view(), name="api-campaign-canvases"),
    path("campaigns/<slug:slug>/choices/", choosing.ChoicesView.as_view(), name="api-choices"),
    path(
        "campaigns/<slug:slug>/choices/preview/",
        choosing.ChoicePreviewView.as_view(),
        name="api-choice-preview",
    ),
    path(
        "campaigns/<slug:slug>/priorities/", prioritising.PriorityTablesView.as_view(), name="api-priorities"
    ),
    path(
        "campaigns/<slug:slug>/priorities.csv",
        prioritising.PrioritiesCsvView.as_view(),
        name="api-priorities-csv",
    ),
    path(
        "campaigns/<slug:slug>/priorities/<uuid:table_id>/",
        prioritising.PriorityTableView.as_view(),
        name="api-priority-table",
    ),
    path(
        "campaigns/<slug:slug>/priorities/<uuid:table_id>/apply/",
        prioritising.PrioritiesApplyView.as_view(),
        name="api-priorities-apply",
    ),
    path(
        "campaigns/<slug:slug>/priorities/<uuid:table_id>/undo/",
        prioritising.PrioritiesUndoView.as_view(),
        name="api-priorities-undo",
    ),
    path(
        "campaigns/<slug:slug>/priorities/<uuid:table_id>/aside/",
        prioritising.LinesAsideView.as_view(),
        name="api-priorities-aside",
    ),
    path(
        "campaigns/<slug:slug>/priorities/<uuid:table_id>/aside.csv",
        prioritising.LinesAsideCsvView.as_view(),
        name="api-priorities-aside-csv",
    ),
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
    path("campaigns/<slug:slug>/statistics/", statistics.StatisticsView.as_view(), name="api-statistics"),
    path(
        "campaigns/<slug:slug>/statistics/<slug:table>/",
        statistics.StatisticsTableView.as_view(),
        name="api-statistics-table",
    ),
    path(
        "campaigns/<slug:slug>/statistics/<slug:table>.csv",
        statistics.StatisticsFileView.as_view(),
        name="api-statistics-file",
    ),
    path("campaigns/<slug:slug>/webhooks/", webhooks.WebhooksView.as_view(), name="api-webhooks"),
    path(
        "campaigns/<slug:slug>/webhooks/<uuid:webhook_id>/",
        webhooks.WebhookView.as_view(),
        name="api-webhook",
    ),
    path(
        "campaigns/<slug:slug>/webhooks/<uuid:webhook_id>/ping/",
        webhooks.WebhookPingView.as_view(),
        name="api-webhook-ping",
    ),
    path(
        "campaigns/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/",
        webhooks.DeliveriesView.as_view(),
        name="api-webhook-deliveries",
    ),
    path(
        "campaigns/<slug:slug>/webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/again/",
        webhooks.DeliverAgainView.as_view(),
        name="api-webhook-deliver-again",
    ),
    path("campaigns/<slug:slug>/links/", ways_in.LinksView.as_view(), name="api-links"),
    path("campaigns/<slug:slug>/links/<uuid:link_id>/", ways_in.LinkView.as_view(), name="api-link"),
    path("campaigns/<slug:slug>/invitations/", ways_in.InvitationsView.as_view(), name="api-invitations"),
    path(
        "campaigns/<slug:slug>/invitations/<uuid:invitation_id>/",
        ways_in.InvitationView.as_view(),
        name="api-invitation",
    ),
    path(
        "campaigns/<slug:slug>/invitations/<uuid:invitation_id>/send/",
        ways_in.SendAgainView.as_view(),
        name="api-invitation-send",
    ),
    path("campaigns/<slug:slug>/roles/", ways_in.RolesView.as_view(), name="api-roles"),
    path("campaigns/<slug:slug>/roles/<str:username>/", ways_in.RoleView.as_view(), name="api-role"),
    path("campaigns/<slug:slug>/groups/", ways_in.GroupRolesView.as_view(), name="api-group-roles"),
    path(
        "campaigns/<slug:slug>/groups/<uuid:group_id>/",
        ways_in.GroupRoleView.as_view(),
        name="api-group-role",
    ),
    path("campaigns/<slug:slug>/tutorial/", teaching.TutorialView.as_view(), name="api-tutorial"),
    path(
        "campaigns/<slug:slug>/tutorial/seen/", teaching.TutorialSeenView.as_view(), name="api-tutorial-seen"
    ),
    path("campaigns/<slug:slug>/comments/", discussing.CommentsView.as_view(), name="api-comments"),
    path("campaigns/<slug:slug>/reports/", discussing.ReportsView.as_view(), name="api-reports"),
    path("campaigns/<slug:slug>/reports/<uuid:report_id>/", aside.ReportView.as_view(), name="api-report"),
    path("campaigns/<slug:slug>/aside/", aside.AsideView.as_view(), name="api-aside"),
    path("campaigns/<slug:slug>/aside/<uuid:task_id>/", aside.AsideTaskView.as_view(), name="api-aside-task"),
    path(
        "campaigns/<slug:slug>/announcements/",
        announcing.AnnouncementsView.as_view(),
        name="api-announcements",
    ),
    path(
        "campaigns/<slug:slug>/announcements/<uuid:announcement_id>/",
        announcing.AnnouncementView.as_view(),
        name="api-announcement",
    ),
    path(
        "campaigns/<slug:slug>/announcements/<uuid:announcement_id>/publish/",
        announcing.PublishView.as_view(),
        name="api-announcement-publish",
    ),
    path(
        "campaigns/<slug:slug>/subscription/", announcing.SubscriptionView.as_view(), name="api-subscription"
    ),
    path("campaigns/<slug:slug>/guide/", guide.GuideView.as_view(), name="api-guide"),
    path("campaigns/<slug:slug>/leaderboard/", teams.LeaderboardView.as_view(), name="api-leaderboard"),
    path("campaigns/<slug:slug>/teams/", teams.TeamsView.as_view(), name="api-teams"),
    path("campaigns/<slug:slug>/teams/join/", teams.JoinTeamView.as_view(), name="api-team-join"),
    path("campaigns/<slug:slug>/teams/mine/", teams.OwnTeamView.as_view(), name="api-own-team"),
    path(
        "campaigns/<slug:slug>/teams/<uuid:team_id>/link/", teams.TeamLinkView.as_view(), name="api-team-link"
    ),
    path("campaigns/<slug:slug>/faq/", teaching.QuestionsView.as_view(), name="api-faq"),
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
    path("campaigns/<slug:slug>/concepts/tree/", browsing.ConceptTreeView.as_view(), name="api-concept-tree"),
    path("campaigns/<slug:slug>/claims/", batches.ClaimsView.as_view(), name="api-claims"),
    path(
        "campaigns/<slug:slug>/contributions/batch/",
        batches.ContributionBatchView.as_view(),
        name="api-contribution-batch",
    ),
    path(
        "campaigns/<slug:slug>/contributions.csv",
        contribution_rows.ContributionsCsvView.as_view(),
        name="api-contributions-csv",
    ),
    path(
        "campaigns/<slug:slug>/contributions.jsonl",
        contribution_rows.ContributionsLinesView.as_view(),
        name="api-contributions-lines",
    ),
    path(
        "campaigns/<slug:slug>/contributions/mine/",
        own.OwnContributionsView.as_view(),
        name="api-contribution-mine",
    ),
    path("contributions/<uuid:contribution_id>/", own.OwnContributionView.as_view(), name="api-contribution"),
    path("me/exports/", personal.PersonalExportsView.as_view(), name="api-exports"),
    path(
        "me/exports/<uuid:export_id>/file/",
        personal.PersonalExportFileView.as_view(),
        name="api-export-file",
    ),
    path("me/certificates/", certificates.CertificatesView.as_view(), name="api-certificates"),
    path(
        "me/certificates/<uuid:certificate_id>/",
        certificates.OwnCertificateView.as_view(),
        name="api-own-certificate",
    ),
    path("certificates/<str:code>/", certificates.CertificateView.as_view(), name="api-certificate"),
    path(
        "releases/<uuid:release_id>/credits/",
        certificates.ReleaseCreditsView.as_view(),
        name="api-release-credits",
    ),
    path("me/visits/", visits.VisitsView.as_view(), name="api-visits"),
    path("me/visits/adopt/", visits.AdoptVisitsView.as_view(), name="api-visits-adopt"),
    path("assignments/<uuid:assignment_id>/renew/", views.RenewView.as_view(), name="api-assignment-renew"),
    path(
        "assignments/<uuid:assignment_id>/release/",
        views.ReleaseView.as_view(),
        name="api-assignment-release",
    ),
    path("assignments/drafts/", drafting.DraftsView.as_view(), name="api-drafts"),
    path(
        "contributions/<uuid:contribution_id>/draft/", drafting.ChangeView.as_view(), name="api-change-draft"
    ),
    path("assignments/<uuid:assignment_id>/draft/", drafting.DraftView.as_view(), name="api-draft"),
    path("assignments/<uuid:assignment_id>/skip/", views.SkipView.as_view(), name="api-assignment-skip"),
    path("assignments/<uuid:assignment_id>/similar/", similar.SimilarView.as_view(), name="api-similar"),
    path(
        "assignments/<uuid:assignment_id>/similar/<uuid:search_id>/",
        similar.SimilarSearchView.as_view(),
        name="api-similar-search",
    ),
    path(
        "layers/<uuid:layer_id>/canvases/<uuid:canvas_id>/similar/",
        alike.AlikeView.as_view(),
        name="api-alike",
    ),
    path(
        "layers/<uuid:layer_id>/canvases/<uuid:canvas_id>/similar/<uuid:search_id>/",
        alike.AlikeSearchView.as_view(),
        name="api-alike-search",
    ),
    path(
        "layers/<uuid:layer_id>/concepts/tree/",
        browsing.LayerConceptTreeView.as_view(),
        name="api-layer-concept-tree",
    ),
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
