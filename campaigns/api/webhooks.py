"""Webhooks over REST: made with a secret that is shown once, changed, tried, and the log of their messages."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.webhooks import (
    change_webhook,
    deliver_again,
    make_webhook,
    ping_webhook,
    remove_webhook,
)
from campaigns.models import Webhook, WebhookDelivery
from campaigns.permissions import get_campaign_for, get_webhook_for


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """A webhook without its secret, which is shown when it is made and never again."""

    events = serializers.ListField(child=serializers.ChoiceField(choices=Webhook.Event.values))

    class Meta:
        model = Webhook
        fields = [
            "id", "url", "events", "is_on", "failures", "failing_since", "rests_until", "off_at", "off_because",
            "arrived_at", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewWebhookSerializer(WebhookSerializer):
    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookRequest(serializers.Serializer[object]):
    url = serializers.CharField(max_length=2000, help_text="Where messages are sent by POST; https.")
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20)


class WebhookChange(serializers.Serializer[object]):
    url = serializers.CharField(max_length=2000, required=False)
    events = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    is_on = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A message: its id is the `webhook-id` after `msg_`, without hyphens."""

    class Meta:
        model = WebhookDelivery
        fields = [
            "id", "event", "payload", "state", "attempts", "due_at", "arrived_at", "error", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class WebhooksView(APIView):
    @extend_schema(operation_id="webhook_list", responses=WebhookSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """The webhooks of a campaign that the caller runs."""
        campaign = get_campaign_for(request.user, slug, "manage")
        return Response(WebhookSerializer(campaign.webhooks.all(), many=True).data)

    @extend_schema(
        operation_id="webhook_create", request=WebhookRequest, responses={201: NewWebhookSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """A new webhook; its secret is in this answer and can never be read again."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = WebhookRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        webhook = make_webhook(
            campaign, url=data["url"], events=data["events"], by=require_user(request.user)
        )
        return Response(NewWebhookSerializer(webhook).data, status=201)


class WebhookView(APIView):
    @extend_schema(operation_id="webhook_retrieve", responses=WebhookSerializer)
    def get(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """One webhook, and how it stands with it."""
        return Response(WebhookSerializer(get_webhook_for(request.user, slug, webhook_id)).data)

    @extend_schema(operation_id="webhook_change", request=WebhookChange, responses=WebhookSerializer)
    def patch(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Another address, other events, off, or on again."""
        webhook = get_webhook_for(request.user, slug, webhook_id)
        form = WebhookChange(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        changed = change_webhook(webhook, data, by=require_user(request.user))
        return Response(WebhookSerializer(changed).data)

    @extend_schema(operation_id="webhook_remove", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Remove it, with the log of its messages."""
        remove_webhook(get_webhook_for(request.user, slug, webhook_id))
        return Response(status=204)


class WebhookPingView(APIView):
    @extend_schema(operation_id="webhook_ping", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, slug: str, webhook_id: UUID) -> Response:
        """Send a message that tells nothing; the log says whether it arrived."""
        delivery = ping_webhook(get_webhook_for(request.user, slug, webhook_id))
        return Response(DeliverySerializer(delivery).data, status=202)


class DeliveriesView(ListAPIView[WebhookDelivery]):
    serializer_class = DeliverySerializer

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return WebhookDelivery.objects.none()
        webhook = get_webhook_for(self.request.user, self.kwargs["slug"], self.kwargs["webhook_id"])
        return webhook.deliveries.order_by("-created_at", "-id")

    @extend_schema(operation_id="webhook_deliveries")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The messages to a webhook, the newest first; those that have ended are kept for 30 days."""
        return self.list(request, *args, **kwargs)


class DeliverAgainView(APIView):
    @extend_schema(operation_id="webhook_deliver_again", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, slug: str, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Send a message once more, under the same id."""
        delivery = deliver_again(get_webhook_for(request.user, slug, webhook_id), delivery_id)
        return Response(DeliverySerializer(delivery).data, status=202)
