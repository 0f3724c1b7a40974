"""Addresses of what comes out of campaigns."""

from django.urls import path

from campaigns.api.outcomes import (
    agreement,
    bulk,
    crops,
    decisions,
    evaluated_images,
    evaluations,
    figures,
    pair_groups,
    people_measured,
    predictions,
    releases,
    review_drafts,
    triangulation,
)

urlpatterns = [
    path("campaigns/<slug:slug>/review/next/", decisions.ReviewNextView.as_view(), name="api-review-next"),
    path(
        "campaigns/<slug:slug>/review/<uuid:task_id>/draft/",
        review_drafts.ReviewDraftView.as_view(),
        name="api-review-draft",
    ),
    path("campaigns/<slug:slug>/decisions/", decisions.DecisionsView.as_view(), name="api-decisions"),
    path(
        "campaigns/<slug:slug>/decisions/<uuid:request_id>/",
        decisions.DecisionView.as_view(),
        name="api-decision",
    ),
    path(
        "campaigns/<slug:slug>/decisions/accept/",
        decisions.AcceptAgreeingView.as_view(),
        name="api-accept-agreeing",
    ),
    path("campaigns/<slug:slug>/decisions/bulk/", bulk.BulkReviewsView.as_view(), name="api-bulk-reviews"),
    path(
        "campaigns/<slug:slug>/decisions/bulk/preview/",
        bulk.BulkPreviewView.as_view(),
        name="api-bulk-preview",
    ),
    path(
        "campaigns/<slug:slug>/decisions/bulk/<uuid:bulk_id>/",
        bulk.BulkReviewView.as_view(),
        name="api-bulk-review",
    ),
    path("campaigns/<slug:slug>/crops/", crops.CropsView.as_view(), name="api-crops"),
    path("campaigns/<slug:slug>/crops/concepts/", crops.CropConceptsView.as_view(), name="api-crop-concepts"),
    path("campaigns/<slug:slug>/crops/rulings/", crops.SortView.as_view(), name="api-crop-rulings"),
    path("campaigns/<slug:slug>/consensus/", figures.ConsensusView.as_view(), name="api-consensus"),
    path("campaigns/<slug:slug>/forecast/", figures.ForecastView.as_view(), name="api-forecast"),
    path("campaigns/<slug:slug>/figures/", figures.FiguresView.as_view(), name="api-figures"),
    path("campaigns/<slug:slug>/agreement/", agreement.AgreementView.as_view(), name="api-agreement"),
    path(
        "campaigns/<slug:slug>/agreement/<slug:table>.csv",
        agreement.AgreementTableView.as_view(),
        name="api-agreement-table",
    ),
    path(
        "campaigns/<slug:slug>/triangulation/",
        triangulation.TriangulationView.as_view(),
        name="api-triangulation",
    ),
    path(
        "campaigns/<slug:slug>/pairs/groups/",
        pair_groups.PairGroupsView.as_view(),
        name="api-pair-groups",
    ),
    path("campaigns/<slug:slug>/runs/", predictions.RunsView.as_view(), name="api-runs"),
    path(
        "campaigns/<slug:slug>/releases/",
        releases.CampaignReleasesView.as_view(),
        name="api-campaign-releases",
    ),
    path("releases/", releases.ReleasesView.as_view(), name="api-release-list"),
    path("releases/<uuid:release_id>/", releases.ReleaseView.as_view(), name="api-release"),
    path(
        "releases/<uuid:release_id>/manifest/",
        releases.ReleaseManifestView.as_view(),
        name="api-release-manifest",
    ),
    path(
        "releases/<uuid:release_id>/files/<str:name>",
        releases.ReleaseFileView.as_view(),
        name="api-release-file",
    ),
    path(
        "releases/<uuid:release_id>/evaluations/",
        evaluations.ReleaseEvaluationsView.as_view(),
        name="api-release-evaluations",
    ),
    path(
        "releases/<uuid:release_id>/people/",
        people_measured.ReleasePeopleView.as_view(),
        name="api-release-people",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/images/",
        evaluated_images.EvaluationImagesView.as_view(),
        name="api-evaluation-images",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/differences/",
        evaluated_images.EvaluationDifferencesView.as_view(),
        name="api-evaluation-differences",
    ),
    path("evaluations/<uuid:evaluation_id>/", evaluations.EvaluationView.as_view(), name="api-evaluation"),
    path(
        "evaluations/<uuid:evaluation_id>/cells/",
        evaluations.EvaluationCellsView.as_view(),
        name="api-evaluation-cells",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/compare/",
        evaluations.EvaluationCompareView.as_view(),
        name="api-evaluation-compare",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/tables/<slug:table>.csv",
        evaluations.EvaluationTableView.as_view(),
        name="api-evaluation-table",
    ),
]
