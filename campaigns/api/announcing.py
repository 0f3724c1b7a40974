"""Announcements over REST: read by everybody, written and published by those who run a campaign, asked for by mail."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from campaigns.actions.announcing import (
    publish_announcement,
    remove_announcement,
    subscribe,
    unsubscribe,
    write_announcement,
)
from campaigns.api.serializers.values import LanguageMap
from campaigns.instructions import render_languages
from campaigns.models import Announcement, Campaign, Subscription
from campaigns.permissions import decide, get_campaign_for
from problems import Missing

MOST_SHOWN = 100


class AnnouncementSerializer(serializers.ModelSerializer[Announcement]):
    """`published_at` is null while it is a draft, which only those who run the campaign see."""

    title = LanguageMap()
    text = LanguageMap(help_text="Markdown by language.")
    text_html = serializers.SerializerMethodField(help_text="Safe HTML by language.")

    class Meta:
        model = Announcement
        fields = ["id", "title", "text", "text_html", "created_at", "published_at"]

    def get_text_html(self, row: Announcement) -> dict[str, str]:
        return render_languages(row.text)


class AnnouncementsSerializer(serializers.Serializer[object]):
    items = AnnouncementSerializer(many=True, help_text=f"The latest {MOST_SHOWN}, the latest first.")


class AnnouncementRequest(serializers.Serializer[object]):
    title = LanguageMap()
    text = LanguageMap(help_text="Markdown by language.")


class PublishRequest(serializers.Serializer[object]):
    mail = serializers.BooleanField(default=False, help_text="Send it to those who asked for mail.")


class PublishedSerializer(serializers.Serializer[object]):
    mails = serializers.IntegerField(help_text="How many are on their way; 0 when it was published before.")


class SubscriptionSerializer(serializers.Serializer[object]):
    subscribed = serializers.BooleanField()


class AnnouncementsView(APIView):
    @extend_schema(operation_id="announcement_list", responses=AnnouncementsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What the campaign has told its people; with drafts for those who run it."""
        rows = _seen(request, get_campaign_for(request.user, slug, "view"))[:MOST_SHOWN]
        return Response(AnnouncementsSerializer({"items": rows}).data)


class AnnouncementView(APIView):
    @extend_schema(operation_id="announcement_retrieve", responses=AnnouncementSerializer)
    def get(self, request: Request, slug: str, announcement_id: UUID) -> Response:
        """One announcement."""
        rows = _seen(request, get_campaign_for(request.user, slug, "view"))
        row = rows.filter(pk=announcement_id).first()
        if row is None:
            raise Missing(_("The campaign has no such announcement."))
        return Response(AnnouncementSerializer(row).data)

    @extend_schema(
        operation_id="announcement_write", request=AnnouncementRequest, responses=AnnouncementSerializer
    )
    def put(self, request: Request, slug: str, announcement_id: UUID) -> Response:
        """Keep a draft under an id made by the client; what is published stands as it went out."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = AnnouncementRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        row = write_announcement(campaign, announcement_id, **data, by=require_user(request.user))
        return Response(AnnouncementSerializer(row).data)

    @extend_schema(operation_id="announcement_remove", responses={204: None})
    def delete(self, request: Request, slug: str, announcement_id: UUID) -> Response:
        """Take it away; mails that have not left do not leave."""
        remove_announcement(get_campaign_for(request.user, slug, "manage"), announcement_id)
        return Response(status=204)


class PublishView(APIView):
    @extend_schema(operation_id="announcement_publish", request=PublishRequest, responses=PublishedSerializer)
    def post(self, request: Request, slug: str, announcement_id: UUID) -> Response:
        """Show it on the campaign's page and, if asked, mail it; once, however often this is sent."""
        campaign = get_campaign_for(request.user, slug, "manage")
        form = PublishRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        by = require_user(request.user)
        return Response({"mails": publish_announcement(campaign, announcement_id, mail=data["mail"], by=by)})


class SubscriptionView(APIView):
    """Whether the caller gets the announcements of a campaign by e-mail."""

    @extend_schema(operation_id="subscription_retrieve", responses=SubscriptionSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Whether the caller has asked for them."""
        campaign = get_campaign_for(request.user, slug, "view")
        asked = Subscription.objects.filter(campaign=campaign, user=require_user(request.user))
        return Response({"subscribed": asked.exists()})

    @extend_schema(operation_id="subscription_ask", request=None, responses=SubscriptionSerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Ask for them; needs a confirmed address."""
        subscribe(get_campaign_for(request.user, slug, "view"), by=require_user(request.user))
        return Response({"subscribed": True})

    @extend_schema(operation_id="subscription_end", responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Ask for them no longer."""
        unsubscribe(get_campaign_for(request.user, slug, "view").pk, require_user(request.user).pk)
        return Response(status=204)


def _seen(request: Request, campaign: Campaign) -> QuerySet[Announcement]:
    rows = campaign.announcements.all()
    if decide(request.user, campaign, "manage").allowed:
        return rows
    return rows.filter(published_at__isnull=False).order_by("-published_at", "id")
