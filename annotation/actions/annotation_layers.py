"""Which layer an annotation from outside belongs to: that of its collection, its manifest or file, its model."""

import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.roles import Role, grant
from annotation.actions.annotation_pages import Group, Survey, machine_behind
from annotation.actions.manifests import first_text
from annotation.iiif.findings import Findings
from annotation.iiif.texts import language_map
from annotation.import_folder import Choices
from annotation.models import Layer, SourceImport
from annotation.webanno import Found

# Its index holds 2,700 bytes; what is longer is named by a digest.
_LONGEST_URI_BYTES = 1500


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a layer the same one at the next import, before there is a row of it."""

    source_uri: str
    kind: str


def base_of(source: SourceImport) -> str:
    """What the layers of an import are known by: the manifest, the address, or the name of the file."""
    return source.url or f"file:{quote(source.title or str(source.pk))}"


def layers_of(source: SourceImport) -> QuerySet[Layer]:
    """The layers that this import, or an earlier one of the same source, has filled."""
    layers = Layer.objects.filter(created_by=source.created_by, manifest=source.manifest_id)
    base = base_of(source)
    if source.manifest_id:
        return layers.exclude(source_uri="")
    return layers.filter(Q(source_uri=_fitting(base)) | Q(source_uri__startswith=f"{base}#"))


class Layers:
    """The layers that one import fills; each is made when its first annotation is there."""

    def __init__(self, source: SourceImport, choices: Choices, survey: Survey) -> None:
        self._source = source
        self._choices = choices
        self._groups = survey.groups
        self._rows: dict[Identity, Layer] = {}

    def identity_of(self, found: Found) -> Identity:
        """The collection's layer; a list made by models alone has one for each of its models."""
        collection = found.page.collection or ""
        group = self._groups.get(collection, Group(is_by_machines=False))
        machine = machine_behind(found) if group.is_by_machines else None
        parts = [base_of(self._source)]
        parts += [f"collection={collection}"] if collection else []
        parts += [f"model={quote(machine)}"] if machine else []
        kind = Layer.Kind.PREDICTIONS if machine else Layer.Kind.IMPORTED
        return Identity(_fitting("#".join(parts)), kind)

    def existing(self, identity: Identity) -> Layer | None:
        """The layer, if an earlier import or batch has made it."""
        if identity not in self._rows:
            row = Layer.objects.filter(
                created_by=self._source.created_by,
                manifest=self._source.manifest_id,
                source_uri=identity.source_uri,
            ).first()
            if row is None:
                return None
            self._rows[identity] = row
        return self._rows[identity]

    def layer(self, identity: Identity, found: Found) -> Layer:
        """The layer, made now if need be."""
        row = self.existing(identity)
        if row is None:
            row, created = Layer.objects.get_or_create(
                created_by=self._source.created_by,
                manifest=self._source.manifest,
                source_uri=identity.source_uri,
                defaults={
                    "kind": identity.kind,
                    "label": self._label(found, identity),
                    "is_public": self._choices.is_public,
                },
            )
            if created:
                grant(self._source.created_by, row, Role.OWNER)
            self._rows[identity] = row
        return row

    def pseudonym(self, identity: Identity, address: str) -> str:
        """The same word for the same address in a layer, from which the address cannot be guessed."""
        facts = f"{self._source.created_by_id}\n{self._source.manifest_id}\n{identity.source_uri}\n{address}"
        digest = hmac.new(settings.SECRET_KEY.encode(), facts.encode("utf-8", "replace"), sha256)
        return f"annotator-{digest.hexdigest()[:12]}"

    def _label(self, found: Found, identity: Identity) -> dict[str, str]:
        collection = self._groups.get(found.page.collection or "", Group()).label
        label = _texts(collection) or self._named()
        if identity.kind == Layer.Kind.PREDICTIONS:
            label = {key: f"{text} · {machine_behind(found)}"[:500] for key, text in label.items()}
        return label

    def _named(self) -> dict[str, str]:
        if self._choices.label:
            return {"none": self._choices.label}
        manifest = self._source.manifest
        if manifest is None:
            return {"none": self._source.title or self._source.url}
        title = first_text(manifest.label) or manifest.uri
        french = first_text(manifest.label, "fr") or manifest.uri
        return {"en": f"Annotations of {title}"[:500], "fr": f"Annotations de {french}"[:500]}


def _texts(label: Any) -> dict[str, str]:
    texts = language_map(label, Findings(None), "") if label else {}
    return {language: " ".join(values)[:500] for language, values in texts.items()}


def _fitting(uri: str) -> str:
    raw = uri.encode("utf-8", "replace")
    return uri if len(raw) <= _LONGEST_URI_BYTES else f"urn:sha256:{sha256(raw).hexdigest()}"
