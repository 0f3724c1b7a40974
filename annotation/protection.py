"""How somebody gets to see an image that is not public: our services of IIIF Authorization Flow 2.0."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.addresses import access_uri, image_service_uri, logout_uri, probe_uri, token_uri
from annotation.iiif import AccessService, AuthValue, LanguageMap
from annotation.iiif.authorization import AUTH_CONTEXT
from annotation.models import StoredImage
from annotation.passes import TOKEN_S, NoProof, sign_pass, sign_token
from problems import Problem


def auth_of(image: StoredImage, *, version: int = 3) -> AuthValue | None:
    """What the image asks of who wants to see it: nothing (None) as long as its manifest is public."""
    if image.canvas is None or image.canvas.manifest.is_public:
        return None
    return protecting(image.pk, version=version)


def protecting(image_id: UUID, *, version: int = 3) -> AuthValue:
    """The services of a protected image; `version` is that of the image service they stand in."""
    access = AccessService(
        profile="active",
        url=access_uri(),
        token=token_uri(),
        logout=logout_uri(),
        label=said(_("Sign in to Rubricator (%(site)s)"), site=settings.SITE_URL),
        heading=said(_("This image is not public")),
        note=said(_("Sign in to Rubricator and let this viewer show you what you may see there.")),
        confirm=said(_("Sign in")),
        logout_label=said(_("Sign out of Rubricator (%(site)s)"), site=settings.SITE_URL),
    )
    return AuthValue(
        version=2,
        probe=probe_uri(image_id, version=version),
        access=(access,),
        heading=said(_("You may not see this image")),
        note=said(_("Sign in as somebody who may, or ask the person who brought it in.")),
    )


def probe_result(
    image_id: UUID, *, version: int, refused: Problem | None, user: User | None
) -> dict[str, Any]:
    """§5.2: what asking for the image would come to.

    For whom a token speaks it is a redirect: to an image service whose address carries a pass, because a page
    of another site cannot send our session with its images.
    """
    result: dict[str, Any] = {"@context": AUTH_CONTEXT, "type": "AuthProbeResult2"}
    if refused is not None:
        heading, note = said(_("You may not see this image")), {translation.get_language(): [str(refused)]}
        return {**result, "status": refused.status, "heading": heading, "note": note}
    if user is None:
        return {**result, "status": 200}
    base = image_service_uri(image_id, version=version, admitted=sign_pass(user, image_id))
    profile = "level2" if version == 3 else "http://iiif.io/api/image/2/level2.json"
    location = {"id": base, "type": f"ImageService{version}", "profile": profile}
    return {**result, "status": 302, "location": location}


def token_message(user: User, message_id: str) -> dict[str, Any]:
    """§4.4: what the frame posts to the viewer."""
    return {
        "@context": AUTH_CONTEXT,
        "type": "AuthAccessToken2",
        "messageId": message_id,
        "accessToken": sign_token(user),
        "expiresIn": TOKEN_S,
    }


def token_error(reason: NoProof, message_id: str) -> dict[str, Any]:
    """§4.5: what the frame posts when it has no token to give."""
    notes = {
        "invalidRequest": _("The viewer did not say which message it waits for."),
        "invalidOrigin": _("You have not let this viewer show you images from here."),
        "expiredAspect": _("It is some time ago that you signed in here. Sign in again."),
    }
    return {
        "@context": AUTH_CONTEXT,
        "type": "AuthAccessTokenError2",
        "messageId": message_id,
        "profile": reason.profile,
        "heading": said(_("The viewer was not let in")),
        "note": said(notes.get(reason.profile, _("You are not signed in here."))),
    }


def said(text: str | Promise, **parts: str) -> LanguageMap:
    """A sentence of ours in every language that the site speaks."""
    texts: LanguageMap = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = [str(text) % parts if parts else str(text)]
    return texts
