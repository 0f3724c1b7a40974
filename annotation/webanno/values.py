"""What an annotation says, as frozen values, next to the document that says it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from annotation.geometry import Box, SvgOutline

Severity = Literal["error", "warning"]
BodyKind = Literal["text", "tag", "concept", "resource"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a JSON pointer (RFC 6901) into the document as received, and a sentence.

    An error makes the annotation unacceptable; a warning does not.
    """

    pointer: str
    sentence: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Body:
    """One thing that is said.

    `text` is a comment or transcription, `tag` a word used as a label, `concept` a URI used as a label (with
    its word in `text` when the document gives one), `resource` any other thing, by `uri`.
    """

    kind: BodyKind
    text: str | None = None
    uri: str | None = None
    language: str | None = None
    media_type: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What it is said about: a canvas or image by URI, and the region as `box`, `svg` or `point`.

    They count in units of the canvas; in pixels of the image where the source is one, or `in_image` says so.
    `kind` is the type that the source is given, such as “Canvas” or “Image”.
    """

    source: str
    manifest: str | None = None
    box: Box | None = None
    svg: SvgOutline | None = None
    point: tuple[float, float] | None = None
    kind: str | None = None
    in_image: bool = False


@dataclass(frozen=True, slots=True)
class Agent:
    """Who or what made it: a person, an organisation, a program."""

    uri: str | None = None
    kind: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ModelResult:
    """A model's answer found in the text for people: label, confidence 0–1, model, service."""

    label: str
    confidence: float | None = None
    model: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """An annotation read: its values, and `document`, the same annotation losslessly as W3C JSON.

    An annotation with errors among its `problems` is read as far as it goes.
    """

    id: str | None
    motivations: tuple[str, ...]
    bodies: tuple[Body, ...]
    targets: tuple[Target, ...]
    creator: Agent | None
    generator: Agent | None
    created: str | None
    document: dict[str, Any] = field(repr=False)
    model_results: tuple[ModelResult, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def target(self) -> Target | None:
        """The first target."""
        return self.targets[0] if self.targets else None

    @property
    def concepts(self) -> tuple[str, ...]:
        """URIs of the concepts it uses, each once, in order."""
        return tuple(dict.fromkeys(body.uri for body in self.bodies if body.kind == "concept" and body.uri))

    @property
    def tags(self) -> tuple[str, ...]:
        """The words it uses as labels, each once, in order."""
        return tuple(dict.fromkeys(body.text for body in self.bodies if body.kind == "tag" and body.text))

    @property
    def is_acceptable(self) -> bool:
        """Whether no problem is an error."""
        return all(problem.severity != "error" for problem in self.problems)
