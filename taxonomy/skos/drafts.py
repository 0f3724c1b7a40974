"""A concept while a file is being read: what one place of it says, with links still as words."""

from dataclasses import dataclass, field

from taxonomy.skos.values import LabelKind, NoteValue


@dataclass(slots=True)
class Draft:
    """A concept as one row tells it; its links are still words.

    `extra` are properties that a vocabulary keeps without using them, as (IRI, text).
    `is_named_by_label`: its code is no identity, since the tools that made it number afresh.
    """

    line: int
    uri: str = ""
    notation: str = ""
    key: str = ""
    labels: list[tuple[LabelKind, str, str]] = field(default_factory=list)
    notes: list[NoteValue] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    matches: list[tuple[str, str]] = field(default_factory=list)
    replaced_by: list[str] = field(default_factory=list)
    extra: list[tuple[str, str]] = field(default_factory=list)
    deprecated: bool = False
    is_named_by_label: bool = False
    above: "Draft | None" = None
    also_above: list["Draft"] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The first preferred label, else whatever names the concept."""
        preferred = (text for kind, _, text in self.labels if kind == "pref")
        return next(preferred, self.notation or self.key or self.uri)
