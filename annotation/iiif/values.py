"""What a manifest or collection says, as frozen values that no longer depend on the version it was written
in.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from annotation.geometry import Box

LanguageMap = dict[str, list[str]]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a document.

    `canvas` is the URI of the canvas it concerns (None: the document as a whole), `pointer` a JSON pointer
    (RFC 6901) into the document as received. An error costs something (a canvas, an image); a warning does
    not.
    """

    canvas: str | None
    pointer: str
    sentence: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A row of metadata, or the required statement."""

    label: LanguageMap
    value: LanguageMap


@dataclass(frozen=True, slots=True)
class LinkValue:
    """Something outside that belongs to the resource: another form of it, data about it, a page, a whole it
    is part of.

    `kind` is the type in the words of Presentation 3 (“Text”, “Dataset”, “Manifest”…).
    """

    uri: str
    kind: str
    label: LanguageMap = field(default_factory=dict)
    media_type: str | None = None
    profile: str | None = None
    language: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessService:
    """A way to be let in: a page to open (`active`, `kiosk`; its address is `url`), or none (`external`).

    `token` and `logout` are addresses. The texts are shown to the person who is asked.
    """

    profile: Literal["active", "kiosk", "external"]
    token: str
    url: str | None = None
    logout: str | None = None
    label: LanguageMap = field(default_factory=dict)
    heading: LanguageMap = field(default_factory=dict)
    note: LanguageMap = field(default_factory=dict)
    confirm: LanguageMap = field(default_factory=dict)
    logout_label: LanguageMap = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuthValue:
    """How somebody gets to see a protected image: by IIIF Authentication 1.0 or Authorization Flow 2.0.

    `probe` is the address that tells whether one may (2.0 only; 1.0 asks the info.json itself); `heading` and
    `note` are said to who may not.
    """

    version: int
    access: tuple[AccessService, ...]
    probe: str | None = None
    heading: LanguageMap = field(default_factory=dict)
    note: LanguageMap = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageService:
    """A IIIF image service: base URL without a slash at its end, major version 1–3, profile as written."""

    url: str
    version: int
    profile: str | None = None
    width: int | None = None
    height: int | None = None
    auth: AuthValue | None = None


@dataclass(frozen=True, slots=True)
class PhysicalScale:
    """How large something really is: `factor` × a length in its own units is a length in `units`."""

    factor: float
    units: str


@dataclass(frozen=True, slots=True)
class ImageValue:
    """One image that can be shown on a canvas.

    `width` and `height` are the image's own pixels, where the document says so. `placed` is the part of the
    canvas it covers (canvas units; None: all of it), `taken` the part of the image that is used (image
    pixels; None: all). `scale` is per pixel of the whole image.
    """

    url: str | None
    service: ImageService | None = None
    width: int | None = None
    height: int | None = None
    label: LanguageMap = field(default_factory=dict)
    media_type: str | None = None
    placed: Box | None = None
    taken: Box | None = None
    auth: AuthValue | None = None
    rotation: float | None = None
    scale: PhysicalScale | None = None


@dataclass(frozen=True, slots=True)
class ProviderValue:
    """An institution that contributed to the resource; `homepage` and `logo` are the first of their lists."""

    uri: str | None
    label: LanguageMap
    homepage: str | None = None
    logo: str | None = None
    homepages: tuple[LinkValue, ...] = ()
    logos: tuple[ImageValue, ...] = ()
    see_also: tuple[LinkValue, ...] = ()


@dataclass(frozen=True, slots=True)
class PaintingValue:
    """One painting annotation: its image, or the images to choose from.

    `document` is the annotation as received when it shows something else (video, sound, text); it then has no
    options. `target` is its target as received where that says more than a rectangle (a time, a point).
    """

    options: tuple[ImageValue, ...] = ()
    document: dict[str, Any] | None = None
    target: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What every resource may say of itself (Presentation 3.0 §3), named as there.

    `thumbnail` and `homepage` are the addresses of the first of `thumbnails` and `homepages`. `services` are
    those that are no image service, and `nav_place` is GeoJSON, both as received.
    """

    summary: LanguageMap = field(default_factory=dict)
    metadata: tuple[LabelledValue, ...] = ()
    rights: str | None = None
    required_statement: LabelledValue | None = None
    provider: tuple[ProviderValue, ...] = ()
    homepage: str | None = None
    homepages: tuple[LinkValue, ...] = ()
    rendering: tuple[LinkValue, ...] = ()
    see_also: tuple[LinkValue, ...] = ()
    part_of: tuple[LinkValue, ...] = ()
    thumbnail: str | None = None
    thumbnails: tuple[ImageValue, ...] = ()
    behavior: tuple[str, ...] = ()
    nav_date: str | None = None
    nav_place: dict[str, Any] | None = None
    services: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotationPageReference:
    """A page (or P2 list) of annotations: by address, or embedded as received when `document` is there."""

    uri: str | None
    label: LanguageMap = field(default_factory=dict)
    document: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class CanvasReference:
    """A canvas pointed to, or a part of it: by a media fragment (`xywh=…`, `t=…`) or another selector as
    received.
    """

    uri: str
    fragment: str | None = None
    selector: Any = None


@dataclass(frozen=True, slots=True)
class RangeReference:
    """A range that stands in another document."""

    uri: str
    label: LanguageMap = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RangeValue(Described):
    """A node of the table of contents, with what it holds in order.

    The top of a Presentation 2 document keeps its hint as the behavior “top”. `supplementary` is the
    annotation collection (version 2: layer) that goes with the range.
    """

    uri: str
    label: LanguageMap
    items: tuple["RangeValue | RangeReference | CanvasReference", ...] = ()
    viewing_direction: str | None = None
    start: CanvasReference | None = None
    supplementary: LinkValue | None = None
    annotations: tuple[AnnotationPageReference, ...] = ()


@dataclass(frozen=True, slots=True)
class CanvasValue(Described):
    """A canvas in reading order.

    `width` and `height` are canvas units; None when neither the canvas nor its image tells them (then an
    error says so, and the image service's info.json may). `image` is what to show first; `choices` all
    alternatives when the canvas offers several (multispectral, flap up and down); `images` all that are
    painted side by side when the canvas is composed of several, otherwise empty. `paintings` is everything on
    the canvas in order, other media too. `duration` is in seconds, for canvases in time. `placeholder` is
    shown before the content is there, `accompanying` beside content that has nothing to see. `scale` is per
    canvas unit, whether the canvas, its image or the manifest says it.
    """

    uri: str
    position: int
    label: LanguageMap
    width: float | None
    height: float | None
    image: ImageValue | None = None
    choices: tuple[ImageValue, ...] = ()
    images: tuple[ImageValue, ...] = ()
    annotations: tuple[AnnotationPageReference, ...] = ()
    paintings: tuple[PaintingValue, ...] = ()
    duration: float | None = None
    placeholder: "CanvasValue | None" = None
    accompanying: "CanvasValue | None" = None
    scale: PhysicalScale | None = None

    @property
    def image_service(self) -> ImageService | None:
        """The service of the first image."""
        return self.image.service if self.image else None

    @property
    def auth(self) -> AuthValue | None:
        """What the first image asks of who wants to see it, whether its service or the image itself says so."""
        service = self.image_service
        return (service.auth if service else None) or (self.image.auth if self.image else None)

    @property
    def image_url(self) -> str | None:
        """The address of the first image as a whole."""
        return self.image.url if self.image else None

    @property
    def image_width(self) -> int | None:
        """Pixels of the first image, where known."""
        return self.image.width if self.image else None

    @property
    def image_height(self) -> int | None:
        """Pixels of the first image, where known."""
        return self.image.height if self.image else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestValue(Described):
    """A manifest, whatever Presentation version it came in; `version` is 1, 2, 3 (or 4, read as 3).

    `contexts` are those of extensions, `shared_services` what version 3 lists once in `services`,
    `structures` the ranges at the top of the table of contents.
    """

    uri: str
    version: int
    label: LanguageMap
    logo: str | None = None
    viewing_direction: str | None = None
    canvases: tuple[CanvasValue, ...] = ()
    annotations: tuple[AnnotationPageReference, ...] = ()
    structures: tuple[RangeValue, ...] = ()
    start: CanvasReference | None = None
    placeholder: CanvasValue | None = None
    accompanying: CanvasValue | None = None
    shared_services: tuple[dict[str, Any], ...] = ()
    contexts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberValue:
    """A manifest or collection listed by a collection; `document` when it is embedded whole."""

    uri: str
    kind: Literal["manifest", "collection"]
    label: LanguageMap
    thumbnail: str | None = None
    document: dict[str, Any] | None = None
    nav_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionValue(Described):
    """A collection; a paged one (Presentation 2.1) has `first` or `next` and perhaps `total`, the number of
    members on all pages.
    """

    uri: str
    version: int
    label: LanguageMap
    viewing_direction: str | None = None
    members: tuple[MemberValue, ...] = ()
    first: str | None = None
    next: str | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class ManifestReading:
    """A manifest with what was wrong in it."""

    manifest: ManifestValue
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionReading:
    """A collection with what was wrong in it."""

    collection: CollectionValue
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotationPageReading:
    """A page or list of annotations, each as received (annotation.webanno reads them), W3C or Open
    Annotation.
    """

    uri: str | None
    version: int
    label: LanguageMap
    annotations: tuple[dict[str, Any], ...] = ()
    next: str | None = None
    problems: tuple[Problem, ...] = ()
