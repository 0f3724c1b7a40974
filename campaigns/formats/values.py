"""What a release is, as frozen values that every format writes from: no database, no files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from annotation.geometry import Box
from annotation.iiif.image import image_url
from campaigns.quality.texts import Text

Labels = Mapping[str, str]
LanguageMap = Mapping[str, list[str]]
T = TypeVar("T")


class Again(Generic[T]):
    """Rows to go through several times, fetched anew each time: `Again(lambda: query.iterator())`."""

    def __init__(self, rows: Callable[[], Iterable[T]]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[T]:
        return iter(self._rows())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedConcept:
    """A concept of the vocabulary; `parent` is the id of the broader one, `labels` language → label."""

    id: str
    uri: str
    labels: Labels
    notation: str = ""
    parent: str | None = None

    def name(self, language: str = "en") -> str:
        """The label in this language, else the first there is, else the notation or URI."""
        return self.labels.get(language) or next(iter(self.labels.values()), "") or self.notation or self.uri


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedCanvas:
    """A canvas that was decided on, also when nothing is on it; sizes in canvas units and image pixels."""

    id: str
    uri: str
    manifest: str
    label: LanguageMap
    width: float
    height: float
    image_url: str = ""
    image_service: str = ""
    image_service_version: int | None = None
    image_width: int | None = None
    image_height: int | None = None

    def name(self) -> str:
        """The label in whatever language comes first."""
        return next((text for texts in self.label.values() for text in texts), "")

    def crop_url(self, box: Box | None) -> str:
        """The IIIF address of a region (None: the whole); without a service that of the image, or “”."""
        if not self.image_service:
            return "" if box else self.image_url
        pixels = (self.image_width, self.image_height)
        return image_url(
            self.image_service,
            self.image_service_version or 2,
            region=box,
            canvas_size=(self.width, self.height),
            image_size=(pixels[0], pixels[1]) if pixels[0] and pixels[1] else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedBeside:
    """The other region of a pair: its annotation, and where it is; `box` None for a whole canvas."""

    annotation: str
    canvas: ReleasedCanvas
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedItem:
    """One annotation of the ground truth.

    `box` in canvas space, None for a tag on the whole canvas and for a point. `points`: the corners of an outline
    within the box, or one point. `support` of the `seen` people gave it (both 0
    for what a curator added). `decided_by`: who decided, as a public pseudonym, or “consensus”. `status`: how
    (accepted, corrected, added…). `document`: the W3C annotation as it is published. `text`: what was written.
    `step`: of a sequence the question that it answers.
    Of a pair `about` is the annotation on `box`, `beside` the other one, `agreement` that of the people, 0 to 1.
    """

    annotation: str
    canvas: str
    box: Box | None
    concepts: tuple[str, ...]
    support: int
    seen: int
    decided_by: str
    status: str
    document: Mapping[str, Any]
    points: tuple[tuple[float, float], ...] = ()
    about: str = ""
    beside: ReleasedBeside | None = None
    agreement: float | None = None
    text: Text | None = None
    step: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether it stands somewhere on its canvas, and not on all of it."""
        return self.box is not None or bool(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundTruth:
    """A release to be written.

    `canvases` and `items` are gone through more than once, so they must begin anew each time: a list, or
    `Again`. `items` come in the order of `canvases`, all of one canvas together: then pages stream.
    `concepts` fit in memory. `uri` is the address of the release, `rights` that of its licence, `title` the
    campaign's, `contexts` those of the JSON-LD contexts that explain extension properties of the documents.
    `grouping`: None, or `id`, `title`, `rule`, `vocabulary_version`, `classes` (ids of concepts) and `members`
    (concept → its class, without those of none); then categories are the classes.
    `agreement`: the report of agreement between people, without their names. `pairs`: its items are pairs of regions.
    `writes`: people wrote texts. `steps`: the names of the questions, where several were asked in sequence.
    """

    campaign: str
    title: Labels
    number: int
    uri: str
    rights: str
    created_at: datetime
    concepts: Iterable[ReleasedConcept]
    canvases: Iterable[ReleasedCanvas]
    items: Iterable[ReleasedItem]
    note: str = ""
    contexts: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    grouping: Mapping[str, Any] | None = None
    agreement: Mapping[str, Any] = field(default_factory=dict)
    pairs: bool = False
    writes: bool = False
    steps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("concepts", "canvases", "items"):
            if isinstance(getattr(self, name), Iterator):
                raise TypeError(f"“{name}” can be read once only; give a list, or wrap it in Again.")
        if self.created_at.tzinfo is None:
            raise ValueError("The time of a release needs its time zone.")

    def heading(self) -> str:
        """“Clefs, release 3”."""
        title = self.title.get("en") or next(iter(self.title.values()), "") or self.campaign
        return f"{title}, release {self.number}"


def by_canvas(release: GroundTruth) -> Iterator[tuple[ReleasedCanvas, list[ReleasedItem]]]:
    """Each canvas with its items, also when it has none. Raises ValueError for items in another order."""
    items = iter(release.items)
    item = next(items, None)
    for canvas in release.canvases:
        here: list[ReleasedItem] = []
        while item is not None and item.canvas == canvas.id:
            here.append(item)
            item = next(items, None)
        yield canvas, here
    if item is not None:
        raise ValueError(
            f"Annotation {item.annotation} does not come in the order of the canvases of the release."
        )
