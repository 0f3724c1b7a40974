"""Boxes, polygons and SVG outlines in canvas space: the one place where a region becomes numbers."""

from annotation.geometry.box import Box, FragmentError, GeometryError, clean_number
from annotation.geometry.clipping import area_within
from annotation.geometry.crossing import first_crossing
from annotation.geometry.overlap import as_array, iou, iou_matrix
from annotation.geometry.polygon import Polygon
from annotation.geometry.svg import SvgError, SvgOutline, SvgShape, parse_svg

__all__ = [
    "Box",
    "FragmentError",
    "GeometryError",
    "Polygon",
    "SvgError",
    "SvgOutline",
    "SvgShape",
    "area_within",
    "as_array",
    "clean_number",
    "first_crossing",
    "iou",
    "iou_matrix",
    "parse_svg",
]
