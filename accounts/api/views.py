"""One's own API tokens over REST."""

from typing import Any

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import (
    confirm_by_password,
    create_token,
    erase_account,
    find_person,
    revoke_token,
)
from accounts.models import ApiToken, Scope, User
from accounts.permissions import require_user
from accounts.signals import Wishes
from problems import Invalid, Refused


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "bound_to",
        ]
        extra_kwargs = {
            "bound_to": {
                "help_text": "The only thing it opens, such as `layer:…`; empty for a token of the API."
            }
        }


class TokenRequest(serializers.Serializer[object]):
    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), allow_empty=False)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class NewTokenSerializer(TokenSerializer):
    secret = serializers.CharField(help_text="Shown this once; only its digest is kept.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "secret"]


class MeSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["username", "email", "pseudonym", "language", "is_curator", "orcid", "is_credited"]


class LeaveRequest(serializers.Serializer[object]):
    password = serializers.CharField(max_length=4096, trim_whitespace=False)
    keep_comments = serializers.BooleanField(
        default=True, help_text="Whether what was written beside answers stays, without a name."
    )
    heir = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=254,
        help_text="User name or address of somebody who is given one's layers, sources and vocabularies.",
    )  # fmt: skip


class MeView(APIView):
    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who the caller is."""
        return Response(MeSerializer(require_user(request.user)).data)

    @extend_schema(operation_id="me_erase", request=LeaveRequest, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Erase one's account, for good; 409 names the campaigns that only the caller owns.

        What was handed in stays under made-up names that lead to nobody.
        """
        user = require_user(request.user)
        if isinstance(request.auth, ApiToken):
            raise Refused("A token cannot erase an account. Sign in on the site and do it on your page.")
        form = LeaveRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        confirm_by_password(user, data["password"], request=request._request)
        erase_account(user, Wishes(keep_comments=data["keep_comments"], heir=_heir(data["heir"])))
        logout(request._request)
        return Response(status=204)


def _heir(who: str) -> User | None:
    if not who.strip():
        return None
    heir = find_person(who)
    if heir is None:
        raise Invalid("Nobody here has this name.", pointer="/heir", code="unknown-person")
    return heir


class TokensView(APIView):
    @extend_schema(operation_id="token_list", responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """One's tokens, without their secrets."""
        return Response(TokenSerializer(require_user(request.user).api_tokens.all(), many=True).data)

    @extend_schema(operation_id="token_create", request=TokenRequest, responses={201: NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """A new token; the answer is the only place where its secret is ever shown."""
        user = require_user(request.user)
        if isinstance(request.auth, ApiToken):
            # A token that leaked must not outlive its own end by making another.
            raise Refused("A token cannot make tokens. Sign in on the site and make one on your page.")
        form = TokenRequest(data=request.data)
        form.is_valid(raise_exception=True)
        data: Any = form.validated_data
        token, secret = create_token(by=user, **data)
        return Response({**TokenSerializer(token).data, "secret": secret}, status=201)


class TokenView(APIView):
    @extend_schema(operation_id="token_revoke", responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """End a token."""
        revoke_token(token_id, by=require_user(request.user))
        return Response(status=204)
