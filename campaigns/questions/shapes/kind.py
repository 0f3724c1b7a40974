"""The shape that every kind of shape has, so that a question asks for any of them without knowing which."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Protocol

from campaigns.quality import Consensus, Rule
from campaigns.questions.kind import Region, Said, Size
from taxonomy.tree import Tree

# A shape of an answer in its normal form: `box`, and `points` where it is no box.
Drawn = dict[str, Any]


class ShapeKind(Protocol):
    """One kind of shape: a module with these names satisfies it."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """Stable name in the settings of a question and in the API."""

    @property
    def LABEL(self) -> str:  # noqa: N802
        """What a curator chooses in a list; English, the key of its translation."""

    @property
    def METHODS(self) -> tuple[str, str]:  # noqa: N802
        """How shapes are merged, without and with a tree of labels."""

    @property
    def WORDS(self) -> tuple[str, str]:  # noqa: N802
        """One and several of them, in sentences."""

    @property
    def GEOMETRIES(self) -> Sequence[str]:  # noqa: N802
        """How their places may be merged, the default first."""

    @property
    def FIELDS(self) -> frozenset[str]:  # noqa: N802
        """What of a shape says where it is."""

    def read(self, shape: Mapping[str, Any], where: str, size: Size) -> Drawn:
        """Where the shape is, in its normal form. Raises AnswerError."""

    def check(self, drawn: Drawn, where: str, size: Size, region: Region | None) -> None:
        """That it lies on its canvas and, as far as asked, within the region. Raises AnswerError."""

    def key(self, drawn: Drawn) -> Hashable:
        """Equal for shapes on the same place, however they were drawn."""

    def pairs(self, a: Sequence[Drawn], b: Sequence[Drawn]) -> list[tuple[int, int]]:
        """Which shape of one answer means the same as which of another, one to one."""

    def merge(self, said: Said, *, rule: Rule, many: bool, tree: Tree[str] | None) -> list[Consensus]:
        """The shapes of all on the same place together."""
