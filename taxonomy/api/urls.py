"""Addresses of vocabularies in the API."""

from django.urls import path

from taxonomy.api import editing, imports, matching, proposals, published, views

urlpatterns = [
    path("vocabularies/", views.VocabularyListView.as_view(), name="api-vocabulary-list"),
    path("vocabularies/imports/", imports.VocabularyImportsView.as_view(), name="api-vocabulary-imports"),
    path(
        "vocabularies/imports/<uuid:import_id>/",
        imports.VocabularyImportView.as_view(),
        name="api-vocabulary-import",
    ),
    path(
        "vocabularies/imports/<uuid:import_id>/findings/",
        imports.ImportFindingsView.as_view(),
        name="api-vocabulary-import-findings",
    ),
    path(
        "vocabularies/imports/<uuid:import_id>/apply/",
        imports.ImportApplyView.as_view(),
        name="api-vocabulary-import-apply",
    ),
    path(
        "vocabularies/imports/<uuid:import_id>/discard/",
        imports.ImportDiscardView.as_view(),
        name="api-vocabulary-import-discard",
    ),
    path(
        "vocabularies/<slug:slug>/update/",
        imports.VocabularyUpdateView.as_view(),
        name="api-vocabulary-update",
    ),
    path("vocabularies/<slug:slug>/", views.VocabularyView.as_view(), name="api-vocabulary-detail"),
    path(
        "vocabularies/<slug:slug>/export/<str:name>",
        published.VocabularyExportView.as_view(),
        name="api-vocabulary-export",
    ),
    path(
        "vocabularies/<slug:slug>/versions/",
        published.VersionListView.as_view(),
        name="api-vocabulary-versions",
    ),
    path(
        "vocabularies/<slug:slug>/versions/<int:number>/",
        published.VersionFileView.as_view(),
        name="api-vocabulary-version",
    ),
    path("vocabularies/<slug:slug>/changes/", editing.ChangesView.as_view(), name="api-vocabulary-changes"),
    path(
        "vocabularies/<slug:slug>/changes/<int:version>/undo/",
        editing.UndoView.as_view(),
        name="api-vocabulary-undo",
    ),
    path(
        "vocabularies/<slug:slug>/foresight/",
        editing.ForesightView.as_view(),
        name="api-vocabulary-foresight",
    ),
    path(
        "vocabularies/<slug:slug>/collections/",
        views.VocabularyCollectionsView.as_view(),
        name="api-vocabulary-collections",
    ),
    path("vocabularies/<slug:slug>/proposals/", proposals.ProposalsView.as_view(), name="api-proposals"),
    path(
        "vocabularies/<slug:slug>/proposals/<uuid:proposal_id>/answer/",
        proposals.ProposalAnswerView.as_view(),
        name="api-proposal-answer",
    ),
    path(
        "vocabularies/<slug:slug>/concepts/",
        views.VocabularyConceptsView.as_view(),
        name="api-vocabulary-concepts",
    ),
    path(
        "vocabularies/<slug:slug>/concepts/<uuid:concept_id>/",
        views.ConceptView.as_view(),
        name="api-concept-detail",
    ),
    path(
        "vocabularies/<slug:slug>/concepts/<uuid:concept_id>/candidates/",
        matching.LookUpView.as_view(),
        name="api-concept-candidates",
    ),
    path("vocabularies/<slug:slug>/match/", matching.MatchView.as_view(), name="api-vocabulary-match"),
    path("vocabularies/<slug:slug>/candidates/", matching.CandidatesView.as_view(), name="api-candidates"),
    path(
        "vocabularies/<slug:slug>/candidates/<uuid:candidate_id>/answer/",
        matching.CandidateAnswerView.as_view(),
        name="api-candidate-answer",
    ),
]
