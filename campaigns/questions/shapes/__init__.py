"""What people may draw: one file per kind of shape, one line each in the registry."""

from campaigns.questions.shapes import box, point, polygon
from campaigns.questions.shapes.kind import Drawn, ShapeKind

SHAPES: dict[str, ShapeKind] = {box.NAME: box, polygon.NAME: polygon, point.NAME: point}
DEFAULT = box.NAME


def shape_kind(config: object) -> ShapeKind:
    """The kind of shape that a question of these settings asks for; the default for settings from before."""
    name = config.get("shapes", DEFAULT) if isinstance(config, dict) else DEFAULT
    return SHAPES.get(name, box)


__all__ = ["DEFAULT", "SHAPES", "Drawn", "ShapeKind", "shape_kind"]
