"""Reads and writes the services by which somebody gets to see a protected image: Authentication 1.0 and
Authorization Flow 2.0.
"""

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args

from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list, identifier, kind_of
from annotation.iiif.texts import language_map
from annotation.iiif.values import AccessService, AuthValue, LanguageMap

AUTH_CONTEXT = "http://iiif.io/api/auth/2/context.json"
Profile = Literal["active", "kiosk", "external"]

# Authentication 1.0 §2.1; 0.9 differs in the address only. A click on “I accept” is a window like a login.
_FIRST = re.compile(r"http://iiif\.io/api/auth/[01]/(login|clickthrough|kiosk|external|token|logout)")
_PROFILES: dict[str, Profile] = {
    "login": "active",
    "clickthrough": "active",
    "kiosk": "kiosk",
    "external": "external",
}
_NAMES_BACK = {"active": "login", "kiosk": "kiosk", "external": "external"}


def read_auth(services: Any, findings: Findings, pointer: str) -> AuthValue | None:
    """What the `service` of an image or image service asks of who wants to see it; None: nothing.

    Where both versions are offered the newer one counts. Services that cannot be used are reported.
    """
    items = [findings.whole_service(item) for item in as_list(services) if isinstance(item, dict)]
    for item in items:
        if kind_of(item) == "AuthProbeService2":
            return _second(item, findings, pointer)
    access = tuple(
        service
        for item in items
        if _first_profile(item) in _PROFILES
        if (service := _first(item, findings, pointer))
    )
    return AuthValue(version=1, access=access) if access else None


def _second(item: dict[str, Any], findings: Findings, pointer: str) -> AuthValue | None:
    """Authorization Flow 2.0 §5.1: a probe service with its access services."""
    probe = _address(item)
    if probe is None:
        findings.warn(pointer, "The probe service has no address; nobody can be let in by it.")
        return None
    access = tuple(_access_services(item, findings, pointer))
    if not access:
        findings.warn(pointer, "The probe service names no access service with a token service.")
        return None
    return AuthValue(
        version=2,
        probe=probe,
        access=access,
        heading=language_map(item.get("errorHeading"), findings, f"{pointer}/errorHeading"),
        note=language_map(item.get("errorNote"), findings, f"{pointer}/errorNote"),
    )


def _access_services(probe: dict[str, Any], findings: Findings, pointer: str) -> Iterator[AccessService]:
    for item in as_list(probe.get("service")):
        if not isinstance(item, dict) or kind_of(item) != "AuthAccessService2":
            continue
        inner = {kind_of(one): one for one in as_list(item.get("service")) if isinstance(one, dict)}
        token = _address(inner.get("AuthAccessTokenService2"))
        profile: Any = item.get("profile")
        # §3.1: what `external` gives as its address must be ignored.
        url = None if profile == "external" else _address(item)
        if token is None or profile not in get_args(Profile) or (profile != "external" and url is None):
            findings.warn(pointer, "An access service lacks its profile, address or token service.")
            continue
        logout = inner.get("AuthLogoutService2", {})
        yield AccessService(
            profile=profile,
            token=token,
            url=url,
            logout=_address(logout),
            label=language_map(item.get("label"), findings, f"{pointer}/label"),
            heading=language_map(item.get("heading"), findings, f"{pointer}/heading"),
            note=language_map(item.get("note"), findings, f"{pointer}/note"),
            confirm=language_map(item.get("confirmLabel"), findings, f"{pointer}/confirmLabel"),
            logout_label=language_map(logout.get("label"), findings, f"{pointer}/label"),
        )


def _address(service: Any) -> str | None:
    address = identifier(service)
    return address if address and address.startswith(("http://", "https://")) else None


def _first_profile(item: dict[str, Any]) -> str:
    for said in as_list(item.get("profile")):
        if isinstance(said, str) and (match := _FIRST.fullmatch(said)):
            return match[1]
    return ""


def _first(item: dict[str, Any], findings: Findings, pointer: str) -> AccessService | None:
    """Authentication 1.0 §2.2: an access cookie service with its token service."""
    inner = {_first_profile(one): one for one in as_list(item.get("service")) if isinstance(one, dict)}
    profile = _PROFILES[_first_profile(item)]
    token = _address(inner.get("token"))
    url = None if profile == "external" else _address(item)
    if token is None or (profile != "external" and url is None):
        findings.warn(pointer, "An authentication service lacks its address or its token service.")
        return None
    logout = inner.get("logout", {})
    return AccessService(
        profile=profile,
        token=token,
        url=url,
        logout=_address(logout),
        label=language_map(item.get("label"), findings, f"{pointer}/label"),
        heading=language_map(item.get("header"), findings, f"{pointer}/header"),
        note=language_map(item.get("description"), findings, f"{pointer}/description"),
        confirm=language_map(item.get("confirmLabel"), findings, f"{pointer}/confirmLabel"),
        logout_label=language_map(logout.get("label"), findings, f"{pointer}/label"),
    )


def auth_services(value: AuthValue) -> list[dict[str, Any]]:
    """The value as the `service` of an image service: one probe service (2.0), or the cookie services (1.0)."""
    if value.version == 1:
        return [_written_first(access) for access in value.access]
    return [
        {
            "id": value.probe,
            "type": "AuthProbeService2",
            **_said({"errorHeading": value.heading, "errorNote": value.note}),
            "service": [_written_second(access) for access in value.access],
        }
    ]


def _written_second(access: AccessService) -> dict[str, Any]:
    texts = {
        "label": access.label,
        "heading": access.heading,
        "note": access.note,
        "confirmLabel": access.confirm,
    }
    services: list[dict[str, Any]] = [{"id": access.token, "type": "AuthAccessTokenService2"}]
    if access.logout:
        label = _said({"label": access.logout_label})
        services.append({"id": access.logout, "type": "AuthLogoutService2", **label})
    return {
        **({"id": access.url} if access.url else {}),
        "type": "AuthAccessService2",
        "profile": access.profile,
        **_said(texts),
        "service": services,
    }


def _written_first(access: AccessService) -> dict[str, Any]:
    base = "http://iiif.io/api/auth/1"
    texts = {
        "label": access.label,
        "header": access.heading,
        "description": access.note,
        "confirmLabel": access.confirm,
    }
    services = [{"@id": access.token, "@type": "AuthTokenService1", "profile": f"{base}/token"}]
    if access.logout:
        label = _first_text(access.logout_label)
        service = {"@id": access.logout, "@type": "AuthLogoutService1", "profile": f"{base}/logout"}
        services.append({**service, **({"label": label} if label else {})})
    return {
        "@context": f"{base}/context.json",
        "@id": access.url or access.token,
        "@type": "AuthCookieService1",
        "profile": f"{base}/{_NAMES_BACK[access.profile]}",
        **{key: _first_text(text) for key, text in texts.items() if _first_text(text)},
        "service": services,
    }


def _said(texts: dict[str, LanguageMap]) -> dict[str, LanguageMap]:
    return {key: text for key, text in texts.items() if text}


def _first_text(texts: LanguageMap) -> str:
    return next((" ".join(values) for values in texts.values() if values), "")
