"""Reads what manifests and collections say about themselves: label, summary, metadata, rights, provider."""

import re
from dataclasses import dataclass
from typing import Any

from annotation.iiif.findings import Findings
from annotation.iiif.shapes import as_list, first_address, identifier
from annotation.iiif.texts import check_markup, labelled_values, language_map
from annotation.iiif.values import LabelledValue, LanguageMap, ProviderValue

_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class Description:
    """The descriptive properties that manifests and collections share."""

    label: LanguageMap
    summary: LanguageMap
    metadata: tuple[LabelledValue, ...]
    rights: str | None
    required_statement: LabelledValue | None
    provider: tuple[ProviderValue, ...]
    homepage: str | None
    thumbnail: str | None


def describe(node: dict[str, Any], findings: Findings) -> Description:
    """Version 3 names first, then those of version 2 (`description`, `license`, `attribution`, `related`)."""
    key = "summary" if "summary" in node else "description"
    summary = language_map(node.get(key), findings, f"/{key}")
    check_markup(summary, findings, f"/{key}")
    return Description(
        label=language_map(node.get("label"), findings, "/label"),
        summary=summary,
        metadata=labelled_values(node.get("metadata"), findings, "/metadata"),
        rights=_rights(node, findings),
        required_statement=_required_statement(node, findings),
        provider=_providers(node, findings),
        homepage=first_address(node.get("homepage") or node.get("related")),
        thumbnail=first_address(node.get("thumbnail")),
    )


def _rights(node: dict[str, Any], findings: Findings) -> str | None:
    key = "rights" if "rights" in node else "license"
    for value in as_list(node.get(key)):
        text = identifier(value) or ""
        match = _ADDRESS.search(text)
        if match is None:
            findings.warn(f"/{key}", "The rights are not the address of a licence; they are left out.")
            continue
        if match[0] != text:
            findings.warn(f"/{key}", "The rights are a text; the address in it is taken.")
        return match[0]
    return None


def _required_statement(node: dict[str, Any], findings: Findings) -> LabelledValue | None:
    statement = node.get("requiredStatement")
    if isinstance(statement, dict):
        value = language_map(statement.get("value"), findings, "/requiredStatement/value")
        check_markup(value, findings, "/requiredStatement/value")
        return LabelledValue(
            language_map(statement.get("label"), findings, "/requiredStatement/label"), value
        )
    value = language_map(node.get("attribution"), findings, "/attribution")
    check_markup(value, findings, "/attribution")
    return LabelledValue({"en": ["Attribution"], "fr": ["Mention obligatoire"]}, value) if value else None


def _providers(node: dict[str, Any], findings: Findings) -> tuple[ProviderValue, ...]:
    providers = []
    for index, agent in enumerate(as_list(node.get("provider"))):
        if not isinstance(agent, dict):
            findings.warn(f"/provider/{index}", "The provider is not an object; it is left out.")
            continue
        label = language_map(agent.get("label"), findings, f"/provider/{index}/label")
        logo, homepage = first_address(agent.get("logo")), first_address(agent.get("homepage"))
        providers.append(ProviderValue(identifier(agent), label, homepage, logo))
    return tuple(providers)
