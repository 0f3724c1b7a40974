"""Keys to one layer for programs that cannot send a header: made, listed and ended by who may write there."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.actions import create_token, revoke_bound_token
from accounts.models import ApiToken, Scope, User
from accounts.roles import verbs_of
from annotation.models import Layer
from annotation.permissions import key_place, place_layer, require_writable, visible_layers
from problems import Invalid

# Days for which a key can be valid; it stands in addresses, which are copied and logged, so it always ends.
VALID_DAYS = (30, 90, 365)


def make_layer_key(layer: Layer, *, by: User, name: str, days: int) -> tuple[ApiToken, str]:
    """A key that writes into this layer in one's name, and its secret, which is never shown again.

    Whoever calls has fetched the layer with `contribute`. Raises `Refused` for a layer that is not written by
    hand, `Invalid` for a blank name or another number of days than `VALID_DAYS`.
    """
    require_writable(layer)
    if days not in VALID_DAYS:
        raise Invalid("Choose how long the key is valid.", pointer="/days", code="bad-days")
    return create_token(
        by=by,
        name=name,
        scopes=[Scope.READ, Scope.WRITE],
        expires_at=timezone.now() + timedelta(days=days),
        bound_to=key_place(layer.pk),
    )


def layer_keys(layer: Layer, *, reader: User) -> QuerySet[ApiToken]:
    """The keys of a layer that are in force: one's own, and everybody's for who manages the layer."""
    keys = ApiToken.objects.filter(
        bound_to=key_place(layer.pk), revoked_at=None, expires_at__gt=timezone.now()
    )
    if "manage" not in verbs_of(reader, layer):
        keys = keys.filter(user=reader)
    return keys.select_related("user")


def layers_of_keys(tokens: Iterable[ApiToken], *, reader: User) -> dict[int, Layer]:
    """Token id → the layer that it is bound to, for those whose layer the reader may see; one query."""
    places = {key_place(layer.pk): layer for layer in _bound(tokens, reader)}
    return {token.pk: places[token.bound_to] for token in tokens if token.bound_to in places}


def _bound(tokens: Iterable[ApiToken], reader: User) -> QuerySet[Layer]:
    ids = {pk for token in tokens if (pk := place_layer(token.bound_to))}
    return visible_layers(reader).filter(pk__in=ids)


def end_layer_key(layer: Layer, key_id: int, *, by: User) -> None:
    """End one's own key, or as who manages the layer anybody's; harmless to repeat."""
    manages = "manage" in verbs_of(by, layer)
    revoke_bound_token(key_id, bound_to=key_place(layer.pk), of=None if manages else by)
