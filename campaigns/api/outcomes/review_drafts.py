"""What a reviewer has begun to decide over REST: kept while one decides, fetched to go on elsewhere."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.drafting import DraftChange, as_json
from campaigns.actions.review_drafts import drop_review_draft, keep_review_draft, read_review_draft
from campaigns.api.drafting import IS_KEPT, NO_DRAFT, DraftRequest, DraftSerializer
from campaigns.permissions import get_campaign_for
from problems.reading import read


class ReviewDraftView(APIView):
    @extend_schema(operation_id="review_draft_retrieve", responses={200: DraftSerializer, 204: NO_DRAFT})
    def get(self, request: Request, slug: str, task_id: UUID) -> Response:
        """What one has begun to decide about a task, in this browser or another."""
        campaign = get_campaign_for(request.user, slug, "review")
        draft = read_review_draft(campaign, task_id, by=require_user(request.user))
        return Response(status=204) if draft is None else Response(as_json(draft))

    @extend_schema(operation_id="review_draft_keep", request=DraftRequest, responses={204: IS_KEPT})
    def put(self, request: Request, slug: str, task_id: UUID) -> Response:
        """Keep what one has begun to decide, until it is decided. It counts for nothing, and nobody else sees it.

        409 `draft-overtaken` tells in `present` what stands, when it was changed in another browser meanwhile.
        """
        campaign = get_campaign_for(request.user, slug, "review")
        data: Any = read(DraftRequest, request.data)
        sent: Any = request.data
        change = DraftChange(data["sequence"], data["writer"], sent["body"])
        keep_review_draft(campaign, task_id, change, by=require_user(request.user))
        return Response(status=204)

    @extend_schema(operation_id="review_draft_drop", responses={204: None})
    def delete(self, request: Request, slug: str, task_id: UUID) -> Response:
        """Nothing is begun any more."""
        campaign = get_campaign_for(request.user, slug, "review")
        drop_review_draft(campaign, task_id, by=require_user(request.user))
        return Response(status=204)
