"""Certificates over REST: one's own, made and withdrawn; and anybody's by its address."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import require_user
from annotation.addresses import absolute
from campaigns.certificates import get_certificate, make_certificate, withdraw_certificate
from campaigns.credits import credits_of
from campaigns.models import Certificate
from campaigns.permissions import get_release_for


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    address = serializers.SerializerMethodField(help_text="Where anybody can check it.")

    class Meta:
        model = Certificate
        fields = ["name", "orcid", "figures", "made_at", "address"]

    def get_address(self, certificate: Certificate) -> str:
        return absolute(reverse("certificate", args=[certificate.code]))


class OwnCertificateSerializer(CertificateSerializer):
    campaign = serializers.SlugField(source="campaign.slug", default=None, allow_null=True, read_only=True)

    class Meta(CertificateSerializer.Meta):
        fields = ["id", "campaign", *CertificateSerializer.Meta.fields, "withdrawn_at"]


class CertificateRequest(serializers.Serializer[object]):
    campaign = serializers.CharField(
        default="", allow_blank=True, max_length=60, help_text="Its slug; empty for all campaigns together."
    )
    name = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=120,
        help_text="As one is to be called; empty: one's public name.",
    )
    with_orcid = serializers.BooleanField(default=False)


class CertificatesView(APIView):
    @extend_schema(operation_id="certificate_list", responses=OwnCertificateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """One's certificates, newest first."""
        mine = require_user(request.user).certificates.select_related("campaign")
        return Response(OwnCertificateSerializer(mine, many=True).data)

    @extend_schema(
        operation_id="certificate_create",
        request=CertificateRequest,
        responses={201: OwnCertificateSerializer},
    )
    def post(self, request: Request) -> Response:
        """Write down what one has done as it stands now; anybody with the address may read it."""
        user = require_user(request.user)
        form = CertificateRequest(data=request.data)
        form.is_valid(raise_exception=True)
        said: Any = form.validated_data
        made = make_certificate(user, slug=said["campaign"], name=said["name"], with_orcid=said["with_orcid"])
        return Response(OwnCertificateSerializer(made).data, status=201)


class OwnCertificateView(APIView):
    @extend_schema(operation_id="certificate_withdraw", responses={204: None})
    def delete(self, request: Request, certificate_id: UUID) -> Response:
        """Withdraw one of one's certificates; its address says so from then on."""
        withdraw_certificate(require_user(request.user), certificate_id)
        return Response(status=204)


class CertificateView(APIView):
    @extend_schema(operation_id="certificate_retrieve", responses=CertificateSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A certificate by the secret in its address; 410 once it was withdrawn."""
        return Response(CertificateSerializer(get_certificate(code)).data)


class ReleaseCreditsView(APIView):
    @extend_schema(operation_id="release_credits", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, release_id: UUID) -> Response:
        """Who wishes to be credited, with their ORCID iDs, as schema.org JSON-LD; read anew each time."""
        release = get_release_for(request.user, release_id)
        address = reverse("release", args=[release.pk])
        return Response(credits_of(release, address=address), content_type="application/ld+json")
