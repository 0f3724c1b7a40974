"""IIIF Content Search 2.0 and 1.0 with autocomplete: in a manifest, on a canvas, or in everything."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from annotation.addresses import completion_uri, context_uri, manifest_uri, search_uri
from annotation.api.negotiation import OpenView
from annotation.finding import Found, Scope, completions, matching, with_quotes
from annotation.iiif import searchresults
from annotation.iiif.searchrequest import (
    COMPLETION_PARAMETERS,
    SEARCH_PARAMETERS,
    SearchRequest,
    SearchRequestError,
    read_search,
)
from annotation.iiif.searchresults import FoundTerm, Paging
from annotation.models import Annotation
from annotation.permissions import get_manifest_for
from annotation.queries import as_document, fragment_of
from annotation.webanno import PREFIX, to_oa
from problems import Malformed, Missing
from problems.api import whole_number

PAGE_SIZE = 50

NARROWING = [
    OpenApiParameter("motivation", str, description="Motivations, with spaces between; any of them."),
    OpenApiParameter("date", str, description="Ranges like 2026-01-01T00:00:00Z/2026-12-31T23:59:59Z."),
    OpenApiParameter("user", str, description="URIs of creators, with spaces between; any of them."),
]
SEARCH = [
    OpenApiParameter(
        "q", str, description='Words, "phrases", beginnings like clef*, URIs; all of them must be there.'
    ),
    *NARROWING,
    OpenApiParameter("page", int, description="Counted from 1."),
]
COMPLETION = [
    OpenApiParameter("q", str, required=True, description="What has been typed so far."),
    *NARROWING,
    OpenApiParameter("min", int, description="How often a term must occur."),
]


class ContentSearch(OpenView):
    """What search and autocomplete of both versions share."""

    version = 2
    known = SEARCH_PARAMETERS

    def read(self, request: Request) -> SearchRequest:
        try:
            return read_search(request.query_params, self.known)
        except SearchRequestError as error:
            code = f"bad-{error.parameter}"
            raise Malformed(str(error), pointer=f"/{error.parameter}", code=code) from error

    def scope(self, request: Request, manifest_id: UUID | None, canvas_id: UUID | None = None) -> Scope:
        """Where to look, through the gate of the manifest."""
        if manifest_id is None:
            return Scope(request.user)
        manifest = get_manifest_for(request.user, manifest_id, "view")
        if canvas_id is None:
            return Scope(request.user, manifest)
        canvas = manifest.canvases.filter(pk=canvas_id).first()
        if canvas is None:
            raise Missing("The manifest has no such canvas.")
        return Scope(request.user, manifest, canvas)

    def address(self, base: str, request: Request, **changed: object) -> str:
        """The address with the parameters that count, and those that are given here."""
        said = {
            name: value
            for name, value in request.query_params.items()
            if name in self.known and name != "page" and value
        }
        query = urlencode({**said, **changed})
        return f"{base}?{query}" if query else base


class SearchView(ContentSearch):
    media_type = f'application/ld+json;profile="{searchresults.CONTEXT_2}"'

    @extend_schema(parameters=SEARCH, responses=OpenApiTypes.OBJECT)
    def get(
        self, request: Request, manifest_id: UUID | None = None, canvas_id: UUID | None = None
    ) -> HttpResponse:
        """Annotations that say something, or name a concept that is called so in any language."""
        scope = self.scope(request, manifest_id, canvas_id)
        wanted = self.read(request)
        rows = matching(scope, wanted)
        total = rows.order_by().count()
        base = search_uri(manifest_id, canvas_id, version=self.version)
        paging = self.paging(base, request, total)
        found = with_quotes(rows[paging.start : paging.start + PAGE_SIZE], wanted.terms)
        page = self.address(base, request, page=paging.start // PAGE_SIZE + 1)
        return self.answer(self.document(page, found, paging, wanted, everywhere=manifest_id is None))

    def paging(self, base: str, request: Request, total: int) -> Paging:
        last = max(1, -(-total // PAGE_SIZE))
        number = whole_number(request.query_params, "page", default=1, least=1, most=last)

        def page(at: int) -> str | None:
            return self.address(base, request, page=at) if 1 <= at <= last else None

        return Paging(
            whole=self.address(base, request),
            total=total,
            start=(number - 1) * PAGE_SIZE,
            first=page(1) or "",
            last=page(last) or "",
            next=page(number + 1),
            previous=page(number - 1),
        )

    def document(
        self, uri: str, found: list[Found], paging: Paging, wanted: SearchRequest, *, everywhere: bool
    ) -> dict[str, Any]:
        items = [_placed(one) if everywhere else as_document(one.annotation) for one in found]
        ours = any(key.startswith(f"{PREFIX}:") for item in items for key in item)
        return searchresults.results_2(
            uri,
            items,
            paging=paging,
            matches=[match for one in found for match in one.matches()] if wanted.terms else None,
            ignored=wanted.ignored,
            extra_contexts=[context_uri()] if ours else [],
        )


class SearchView1(SearchView):
    version = 1
    media_type = f'application/ld+json;profile="{searchresults.CONTEXT_1}"'

    @extend_schema(parameters=SEARCH, responses=OpenApiTypes.OBJECT)
    def get(
        self, request: Request, manifest_id: UUID | None = None, canvas_id: UUID | None = None
    ) -> HttpResponse:
        """The same as version 1.0: a list of Open Annotation with hits."""
        return super().get(request, manifest_id, canvas_id)

    def document(
        self, uri: str, found: list[Found], paging: Paging, wanted: SearchRequest, *, everywhere: bool
    ) -> dict[str, Any]:
        resources = [
            searchresults.plain_on(
                to_oa(_placed(one, old=True) if everywhere else as_document(one.annotation)),
                _fragment(one.annotation),
            )
            for one in found
        ]
        return searchresults.results_1(
            uri,
            resources,
            paging=paging,
            matches=[match for one in found for match in one.matches()] if wanted.terms else None,
            ignored=wanted.ignored,
        )


class CompletionView(ContentSearch):
    known = COMPLETION_PARAMETERS
    media_type = f'application/ld+json;profile="{searchresults.CONTEXT_2}"'

    @extend_schema(parameters=COMPLETION, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, manifest_id: UUID | None = None) -> HttpResponse:
        """Words and labels with which the annotations can be searched, beginning as typed."""
        scope = self.scope(request, manifest_id)
        wanted = self.read(request)
        if not wanted.q:
            raise Malformed("Say in `q` how the terms shall begin.", pointer="/q", code="bad-q")
        least = whole_number(_nonempty(request.query_params), "min", default=1, least=1, most=10**9)
        uri = self.address(completion_uri(manifest_id, version=self.version), request)
        return self.answer(
            self.document(uri, completions(scope, wanted, least=least), wanted, request, manifest_id)
        )

    def document(
        self,
        uri: str,
        terms: list[FoundTerm],
        wanted: SearchRequest,
        request: Request,
        manifest_id: UUID | None,
    ) -> dict[str, Any]:
        return searchresults.terms_2(uri, terms, ignored=wanted.ignored)


class CompletionView1(CompletionView):
    version = 1
    media_type = f'application/ld+json;profile="{searchresults.CONTEXT_1}"'

    @extend_schema(parameters=COMPLETION, responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, manifest_id: UUID | None = None) -> HttpResponse:
        """The same as version 1.0: each term with its count and the address that searches for it."""
        return super().get(request, manifest_id)

    def document(
        self,
        uri: str,
        terms: list[FoundTerm],
        wanted: SearchRequest,
        request: Request,
        manifest_id: UUID | None,
    ) -> dict[str, Any]:
        base = search_uri(manifest_id, version=1)
        said = {
            name: value for name, value in request.query_params.items() if name in SEARCH_PARAMETERS and value
        }
        linked = [(term, f"{base}?{urlencode({**said, 'q': term.value})}") for term in terms]
        return searchresults.terms_1(uri, linked, ignored=wanted.ignored)


def _nonempty(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _fragment(annotation: Annotation) -> str:
    """Where it stands on its canvas; "" when it is about the whole."""
    return fragment_of(annotation, annotation.canvas) if annotation.canvas else ""


def _placed(one: Found, *, old: bool = False) -> dict[str, Any]:
    """The annotation with the manifest in which its canvas can be found, for who has not loaded it."""
    canvas = one.annotation.canvas
    document = as_document(one.annotation)
    if canvas is None:
        return document
    label = searchresults.label_1(canvas.manifest.label) if old else canvas.manifest.label
    return searchresults.within(document, canvas.uri, manifest_uri(canvas.manifest_id), label)
